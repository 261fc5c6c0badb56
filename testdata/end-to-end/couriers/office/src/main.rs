fn main() {
    println!("an office knows {} stops", routes::stops(40));
}
