use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=seasons.txt");
    println!("cargo::rerun-if-changed=edition.txt");
    let seasons = std::fs::read_to_string("seasons.txt").unwrap();
    let seasons: Vec<String> = seasons.lines().map(|name| format!("{name:?}")).collect();
    let path = Path::new(&std::env::var_os("OUT_DIR").unwrap()).join("seasons.rs");
    std::fs::write(path, format!("pub const SEASONS: &[&str] = &[{}];\n", seasons.join(", "))).unwrap();
    println!("cargo::rustc-env=ALMANAC_EDITION={}", std::fs::read_to_string("edition.txt").unwrap().trim());
    rememo_build::fingerprint();
}
