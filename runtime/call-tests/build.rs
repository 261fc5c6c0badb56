//! Writes a table by hand.
use std::fmt::Write as _;
use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=tests");
    let out = Path::new(&env::var_os("OUT_DIR").unwrap()).join("rememo");
    fs::create_dir_all(out.join("fn")).unwrap();
    let mut files = std::collections::BTreeMap::<String, String>::new();
    for entry in fs::read_dir("tests").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let krate = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let mut pending = false;
        for (i, line) in text.lines().enumerate() {
            pending |= line.trim_start().starts_with("#[cached") || line.trim_start().starts_with("#[rememo::cached");
            let Some(at) = line.find("fn ").filter(|_| pending) else { continue };
            pending = false;
            let name: String = line[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let (line, column) = (i + 1, at + 4);
            write!(files.entry(name.clone()).or_insert_with(|| "&[".into()),
                "Entry {{ package: \"p\", target: \"test:{krate}\", path: \"{krate}::{name}@{line}\", module: \"{krate}\", file: \"tests/{krate}.rs\", line: {line}, column: {column}, source: [{}; 32], fixed: &[], cfgs: &[], envs: &[], opaque: &[], manifest: b\"\", reaches: b\"\" }},", line % 256).unwrap();
        }
    }
    for (name, text) in files {
        fs::write(out.join("fn").join(format!("{name}.rs")), text + "]").unwrap();
    }
    fs::write(out.join("manifest"), "").unwrap();
    fs::write(out.join("sources"), "").unwrap();
    fs::write(out.join("hook"), "rememo table 1\n").unwrap();
}
