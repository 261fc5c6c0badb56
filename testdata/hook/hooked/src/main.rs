mod steps;

fn main() {
    println!("{}", steps::total());
}
