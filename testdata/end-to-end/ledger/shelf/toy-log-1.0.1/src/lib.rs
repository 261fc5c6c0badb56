/// Says something.
pub fn log(text: &str) {
    println!("note: {text}");
}
