//! The fingerprint that `cargo rememo dump` prints, without compiling anything, is the one that a build compiles in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::project::{Project, alone, cargo, repository, succeeds, text};

/// `cargo-rememo`, built like the tests themselves.
fn cargo_rememo() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // The folder that this test was built into: most of what it takes is there.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        let mut build = cargo();
        build.env_remove("CARGO_INCREMENTAL").env_remove("CARGO_PROFILE_DEV_DEBUG").env("CARGO_TARGET_DIR", target);
        succeeds(build.args(["build", "--quiet", "--package", "cargo-rememo"]).current_dir(repository()));
        target.join(format!("debug/cargo-rememo{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Fingerprints by function, as the program has them: from lines `fingerprint NAME Some("HEX")`.
fn compiled_in(project: &Project, arguments: &[&str]) -> BTreeMap<String, String> {
    let _alone = alone();
    let output = succeeds(project.cargo(["run", "--quiet"]).args(arguments));
    let lines = text(&output.stdout);
    let lines = lines.lines().filter_map(|line| line.strip_prefix("fingerprint ")?.split_once(' '));
    lines
        .map(|(name, value)| {
            let hex = value.strip_prefix("Some(\"").and_then(|rest| rest.strip_suffix("\")"));
            (name.to_owned(), hex.unwrap_or_else(|| panic!("{name} has no fingerprint: {value}")).to_owned())
        })
        .collect()
}

/// What `cargo rememo` prints in a project.
fn rememo(project: &Project, arguments: &[&str]) -> String {
    let mut command: Command = cargo();
    // Only the environment counts of what cargo is given.
    let mut rememo = Command::new(cargo_rememo());
    for (name, value) in command.env("REMEMO_DIR", project.cache()).get_envs() {
        match value {
            Some(value) => rememo.env(name, value),
            None => rememo.env_remove(name),
        };
    }
    rememo.arg("rememo").args(arguments).current_dir(project.root());
    text(&succeeds(&mut rememo).stdout)
}

/// Fingerprints as `cargo rememo dump` prints them: each path may have several, one a target.
fn dumped(project: &Project, arguments: &[&str]) -> BTreeMap<String, Vec<String>> {
    let output = rememo(project, &[&["dump", "--format", "json"], arguments].concat());
    let json: Value = serde_json::from_str(&output).expect("JSON");
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for function in json["functions"].as_array().expect("functions") {
        let field = |name: &str| function[name].as_str().expect("text").to_owned();
        all.entry(field("path")).or_default().push(field("fingerprint"));
    }
    all
}

#[track_caller]
fn agree(project: &Project, arguments: &[&str], dump_arguments: &[&str], count: usize) {
    let (compiled, dumped) = (compiled_in(project, arguments), dumped(project, dump_arguments));
    assert_eq!(compiled.len(), count, "{compiled:?}");
    for (name, fingerprint) in &compiled {
        assert!(dumped[name].contains(fingerprint), "{name}: compiled in {fingerprint}, dumped {:?}", dumped[name]);
    }
}

#[test]
fn of_functions_that_reach_another_package() {
    agree(&Project::new("warehouse"), &[], &[], 3);
}

#[test]
fn of_functions_that_ask_for_features_and_profiles() {
    let project = Project::new("forecast");
    agree(&project, &[], &[], 3);
    agree(&project, &["--features", "wind"], &["--features", "wind"], 3);
    agree(&project, &["--release"], &["--profile", "release"], 3);
}

#[test]
fn of_a_library_and_a_program_with_functions_of_one_path() {
    let project = Project::new("atlas");
    let compiled = compiled_in(&project, &[]);
    let dumped = dumped(&project, &[]);
    let mut compiled: Vec<_> = compiled.into_values().collect();
    compiled.sort();
    let mut areas: Vec<String> =
        dumped.into_iter().filter(|(path, _)| path.ends_with("::area")).flat_map(|(_, all)| all).collect();
    areas.sort();
    assert_eq!(compiled, areas);
}

#[test]
fn of_functions_that_reach_registry_packages_are_recognized_in_what_is_stored() {
    let project = Project::new("brewery");
    project.run_with(&["-p", "kettle"], &[]);
    let current = |name: &str| {
        let list = rememo(&project, &["ls"]);
        let line = list.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name} in {list}"));
        line.contains("current")
    };
    assert!(current("kettle::ferment") && current("kettle::stir"));
    let why = rememo(&project, &["why", "kettle::ferment"]);
    assert!(why.contains("up to date"), "{why}");

    project.edit("kettle/src/lib.rs", "100 + yeast", "200 + yeast");
    assert!(!current("kettle::ferment") && current("kettle::stir"));
    let why = rememo(&project, &["why", "kettle::ferment"]);
    assert!(!why.contains("up to date") && why.contains("kettle::ferment") && !why.contains("features of"), "{why}");
}
