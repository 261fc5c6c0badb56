fn main() {
    println!("wrap = {}", parcel::wrap(5));
}
