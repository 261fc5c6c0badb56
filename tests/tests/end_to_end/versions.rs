//! Packages of a registry, by version.

use std::fs;

use crate::project::{Project, succeeds};

/// Writes another version into the lock file, as `cargo update --precise` does where it can ask a registry.
fn lock(project: &Project, package: &str, from: &str, to: &str) {
    let entry = |version: &str| {
        let path = project.path(&format!("shelf/{package}-{version}/.cargo-checksum.json"));
        let text = fs::read_to_string(path).expect("a package on the shelf");
        let checksum = text.split('"').rev().nth(1).expect("a checksum").to_owned();
        [format!("name = {package:?}\nversion = {version:?}\n"), format!("checksum = {checksum:?}\n")]
    };
    for (from, to) in entry(from).iter().zip(entry(to)) {
        project.edit("Cargo.lock", from, &to);
    }
}

#[test]
fn a_version_counts_for_what_reaches_the_package_and_for_nothing_else() {
    let project = Project::new("ledger");
    // The repository's lock file does not hold the two.
    succeeds(&mut project.cargo(["update", "--quiet", "--workspace"]));
    lock(&project, "toy-tax", "1.0.1", "1.0.0");
    lock(&project, "toy-log", "1.0.1", "1.0.0");
    assert_eq!(project.run(), ["total = 120 (computed)", "pieces = 36 (computed)"]);
    assert_eq!(project.run(), ["total = 120 (hit)", "pieces = 36 (hit)"]);
    lock(&project, "toy-log", "1.0.0", "1.0.1");
    assert_eq!(project.run(), ["total = 120 (hit)", "pieces = 36 (hit)"], "no cached function reaches it");
    lock(&project, "toy-tax", "1.0.0", "1.0.1");
    assert_eq!(project.run(), ["total = 125 (computed)", "pieces = 36 (hit)"]);
    lock(&project, "toy-tax", "1.0.1", "1.0.0");
    assert_eq!(project.run(), ["total = 120 (hit)", "pieces = 36 (hit)"]);
}
