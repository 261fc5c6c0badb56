use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=days.txt");
    println!("cargo::rerun-if-changed=month.txt");
    let days = std::fs::read_to_string("days.txt").unwrap();
    let days: Vec<&str> = days.lines().collect();
    let path = Path::new(&std::env::var_os("OUT_DIR").unwrap()).join("days.rs");
    let month = std::fs::read_to_string("month.txt").unwrap();
    let made = format!(
        "pub const DAYS: &[u32] = &[{}];\n\nimpl Moon {{\n    pub fn month(&self) -> u32 {{\n        {}\n    }}\n}}\n",
        days.join(", "),
        month.trim(),
    );
    std::fs::write(path, made).unwrap();
}
