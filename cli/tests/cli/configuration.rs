//! Which features, target and profile a fingerprint is for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::world::World;

/// Fingerprints by path.
fn fingerprints(world: &World, at: &str, more: &[&str]) -> BTreeMap<String, String> {
    let outcome = world.run(at, ["dump", "--all", "--format", "json"].iter().chain(more));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let dump: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    dump["functions"]
        .as_array()
        .expect("functions")
        .iter()
        .map(|f| (text(&f["path"]), text(&f["fingerprint"])))
        .collect()
}

#[test]
fn a_feature_changes_the_functions_that_ask_for_it_and_no_others() {
    let world = World::with("orchard");
    let (without, with) = (fingerprints(&world, "orchard", &[]), fingerprints(&world, "orchard", &["-F", "graft"]));
    let changed: Vec<_> =
        without.iter().filter(|(path, f)| with[*path] != **f).map(|(path, _)| path.as_str()).collect();
    for path in ["orchard::trees::threshold", "orchard::trees::Tree::is_ripe", "orchard::harvest::monthly"] {
        assert!(changed.contains(&path), "{path} is not in {changed:?}");
    }
    for path in ["orchard::harvest::ceiling", "orchard::trees::<Tree as Weigh>::weight", "orchard::trees::Tree::new"] {
        assert!(!changed.contains(&path), "{path} is in {changed:?}");
    }
    assert_eq!(with, fingerprints(&world, "orchard", &["--all-features"]));
}

#[test]
fn dev_and_release_have_different_fingerprints() {
    let world = World::with("orchard");
    let (dev, release) =
        (fingerprints(&world, "orchard", &[]), fingerprints(&world, "orchard", &["--profile", "release"]));
    assert!(dev.iter().all(|(path, f)| release[path] != *f));
}

#[test]
fn a_setting_of_the_profile_in_the_root_manifest_counts() {
    let world = World::with("grove");
    let release = || fingerprints(&world, "grove", &["--profile", "release"]);
    let with_checks = release();
    world.edit("grove/Cargo.toml", "overflow-checks = true", "overflow-checks = false");
    let without = release();
    assert!(with_checks.iter().all(|(path, f)| without[path] != *f));
}

#[test]
fn an_own_profile_that_changes_nothing_has_the_fingerprints_of_the_one_it_inherits() {
    let world = World::with("grove");
    world.edit("grove/Cargo.toml", "[profile.release]", "[profile.fat]\ninherits = \"release\"\n\n[profile.release]");
    let of = |profile: &str| fingerprints(&world, "grove", &["--profile", profile]);
    assert_eq!(of("fat"), of("release"));
}

#[test]
fn a_comment_and_a_moved_line_change_no_fingerprint_and_an_edited_callee_does() {
    let world = World::with("orchard");
    let before = fingerprints(&world, "orchard", &[]);
    world.edit("orchard/src/trees.rs", "fn threshold", "// How ripe.\n\nfn threshold");
    assert_eq!(before, fingerprints(&world, "orchard", &[]));
    world.edit("orchard/src/trees.rs", "self.fruits / 4", "self.fruits / 5");
    let after = fingerprints(&world, "orchard", &[]);
    assert_ne!(before["orchard::harvest::yearly"], after["orchard::harvest::yearly"]);
    assert_eq!(before["orchard::harvest::ceiling"], after["orchard::harvest::ceiling"]);
}

#[test]
fn a_variable_that_code_reads_at_compile_time_is_taken_from_the_environment() {
    let world = World::with_lib("pub fn place() -> &'static str { env!(\"GREENHOUSE\") }\npub fn free() -> u8 { 1 }\n");
    let with = |value: &str| {
        let mut command = world.command("bare", ["dump", "--all", "--format", "json"]);
        let outcome = crate::world::outcome(command.env("GREENHOUSE", value));
        let dump: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
        [0, 1].map(|n| dump["functions"][n]["fingerprint"].as_str().expect("a fingerprint").to_owned())
    };
    let ([free, place], [free_too, other]) = (with("north"), with("south"));
    assert_eq!(free, free_too);
    assert_ne!(place, other);
}
