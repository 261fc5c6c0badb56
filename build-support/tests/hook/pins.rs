//! Pins: which edit of Cargo.lock or of a manifest changes which.

use std::collections::BTreeMap;

use crate::fixture::Trees;

fn pins(trees: &Trees, features: &[&str]) -> BTreeMap<String, String> {
    trees
        .project_with("shop/app", features)
        .externals
        .into_iter()
        // What only another package needs, known where this machine's cargo has unpacked that, is in its user's pin.
        .filter(|e| !e.pin.is_empty())
        .map(|e| (format!("{} {}", e.name, e.version), e.pin))
        .collect()
}

/// Names of the packages whose version or pin differs.
fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let mut names: Vec<String> = before
        .iter()
        .chain(after)
        .filter(|(name, _)| before.get(*name) != after.get(*name))
        .map(|(name, _)| name.split(' ').next().unwrap_or_default().to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// What an edit of the tree changes.
fn edit(edit: impl Fn(&Trees)) -> Vec<String> {
    let trees = Trees::new();
    let before = pins(&trees, &[]);
    edit(&trees);
    changed(&before, &pins(&trees, &[]))
}

#[test]
fn a_bump_changes_its_own_pin_and_no_other() {
    assert_eq!(edit(|t| t.edit("shop/Cargo.lock", "\"0.3.9\"", "\"0.3.10\"")), ["winapi"]);
}

#[test]
fn a_bump_deep_down_changes_the_pins_of_all_that_depend_on_it() {
    assert_eq!(edit(|t| t.edit("shop/Cargo.lock", "\"2.7.0\"", "\"2.7.1\"")), ["regex"]);
}

#[test]
fn a_bump_of_a_build_dependency_changes_no_pin() {
    assert_eq!(edit(|t| t.edit("shop/Cargo.lock", "\"1.0.90\"", "\"1.0.91\"")), [""; 0]);
}

#[test]
fn one_of_two_versions_of_a_package_is_bumped_alone() {
    let trees = Trees::new();
    let before = pins(&trees, &[]);
    trees.edit("shop/Cargo.lock", "1.3.0", "1.3.1");
    let after = pins(&trees, &[]);
    assert_eq!(before.get("twin 2.0.7"), after.get("twin 2.0.7"));
    assert!(before.contains_key("twin 1.3.0") && after.contains_key("twin 1.3.1"));
}

#[test]
fn other_content_under_the_same_version_changes_the_pin() {
    let trees = Trees::new();
    let lock = trees.read("shop/Cargo.lock");
    let checksum = lock.split("name = \"winapi\"").nth(1).and_then(|rest| rest.split('"').nth(5)).expect("a checksum");
    assert_eq!(checksum.len(), 64, "{checksum}");
    assert_eq!(edit(|t| t.edit("shop/Cargo.lock", checksum, &"0".repeat(64))), ["winapi"]);
}

#[test]
fn another_registry_with_the_same_content_changes_nothing() {
    assert_eq!(edit(|t| t.edit("shop/Cargo.lock", "github.com/rust-lang", "mirror.example.org/rust-lang")), [""; 0]);
}

#[test]
fn another_commit_of_a_git_package_changes_the_pin() {
    let git = |commit: &str| {
        format!("name = \"md-5\"\nversion = \"0.10.6\"\nsource = \"git+https://example.org/md5#{commit}\"")
    };
    let trees = Trees::new();
    let lock = trees.read("shop/Cargo.lock");
    let entry = lock.split("[[package]]\n").find(|p| p.starts_with("name = \"md-5\"")).expect("an entry");
    trees.edit("shop/Cargo.lock", entry.trim_end(), &git("0123"));
    let before = pins(&trees, &[]);
    trees.edit("shop/Cargo.lock", "#0123", "#4567");
    assert_eq!(changed(&before, &pins(&trees, &[])), ["md-5"]);
}

#[test]
fn features_that_any_member_asks_for_are_part_of_the_pin() {
    assert_eq!(
        edit(|t| t.edit("shop/app/Cargo.toml", "[\"unicode\"]", "[\"unicode\", \"perf\"]")),
        [""; 0],
        "engine asks already"
    );
    assert_eq!(edit(|t| t.edit("shop/engine/Cargo.toml", "[\"perf\"]", "[\"perf-dfa\"]")), ["regex"]);
    assert_eq!(
        edit(|t| t.edit("shop/Cargo.toml", "default-features = false, ", "")),
        [""; 0],
        "engine asks for the default already"
    );
}

#[test]
fn a_feature_of_the_subject_that_asks_for_more_changes_the_pin_when_it_is_on() {
    let trees = Trees::new();
    let before = pins(&trees, &[]);
    assert_eq!(changed(&before, &pins(&trees, &["persist"])), ["serde"]);
    assert_eq!(changed(&before, &pins(&trees, &["loud-er"])), [""; 0]);
}

#[test]
fn without_a_lock_file_the_requirement_is_the_pin() {
    let trees = Trees::new();
    trees.remove("shop/Cargo.lock");
    let before = pins(&trees, &[]);
    assert!(before.contains_key("regex ^1.10") && before.contains_key("winapi ^0.3"), "{before:?}");
    trees.edit("shop/app/Cargo.toml", "winapi = \"0.3\"", "winapi = \"0.2\"");
    assert_eq!(changed(&before, &pins(&trees, &[])), ["winapi"]);
}

#[test]
fn two_copies_of_a_tree_in_two_folders_give_the_same_project() {
    let print = || format!("{:#?}", Trees::new().project_with("shop/app", &["persist"]));
    assert_eq!(print(), print());
}
