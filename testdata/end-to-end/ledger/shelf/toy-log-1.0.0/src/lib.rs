/// Says something.
pub fn log(text: &str) {
    println!("log: {text}");
}
