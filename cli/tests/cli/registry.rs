//! Published crates, unpacked and unchanged, obtained with cargo and nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The crates on which `dump --all` is tried, in fixed versions.
pub(crate) const PUBLISHED: [(&str, &str); 10] = [
    ("petgraph", "0.8.3"),
    ("toml_edit", "0.25.18"),
    ("clap_builder", "4.6.7"),
    ("chrono", "0.4.45"),
    ("rust_decimal", "1.43.0"),
    ("winnow", "1.0.5"),
    ("handlebars", "6.4.4"),
    ("itertools", "0.15.0"),
    ("regex-syntax", "0.8.11"),
    ("taffy", "0.15.1"),
];

/// The folder into which cargo unpacked a published crate. To be read, never to be written to.
pub(crate) fn unpacked(name: &str) -> PathBuf {
    static FETCHED: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    let fetched = FETCHED.get_or_init(|| fetch("published", &PUBLISHED));
    fetched.get(name).unwrap_or_else(|| panic!("{name} was not fetched")).clone()
}

/// Has cargo fetch packages, for one of that name that depends on them, and says where it unpacked each.
pub(crate) fn fetch(package: &str, wanted: &[(&str, &str)]) -> BTreeMap<String, PathBuf> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(package);
    std::fs::create_dir_all(dir.join("src")).expect("folders can be made");
    let mut manifest = String::from(
        "[workspace]\n\n[package]\nname = \"published\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n",
    );
    for (name, version) in wanted {
        manifest.push_str(&format!("{name} = \"={version}\"\n"));
    }
    std::fs::write(dir.join("Cargo.toml"), manifest).expect("files can be written");
    std::fs::write(dir.join("src/lib.rs"), "").expect("files can be written");

    // Only what this platform needs: elsewhere cargo would have to download hundreds of packages that nobody reads.
    let host = cargo(&dir, &["-vV"]).lines().find_map(|line| line.strip_prefix("host: ").map(str::to_owned));
    let host = host.expect("cargo names its host");
    cargo(&dir, &["fetch", "--target", &host]);
    let metadata = cargo(&dir, &["metadata", "--format-version", "1", "--offline", "--filter-platform", &host]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("cargo prints JSON");
    let mut found = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let text = |key: &str| package[key].as_str().expect("text").to_owned();
        let is_wanted = |(name, version): &(&str, &str)| {
            text("name") == *name && text("version").split('+').next() == Some(version)
        };
        if wanted.iter().any(is_wanted) {
            let manifest = PathBuf::from(text("manifest_path"));
            found.insert(text("name"), manifest.parent().expect("a folder").to_owned());
        }
    }
    found
}

fn cargo(dir: &Path, arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program).args(arguments).current_dir(dir).output().expect("cargo starts");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo prints text")
}
