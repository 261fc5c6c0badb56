fn main() {
    println!("{}", right::quadruple(1));
}
