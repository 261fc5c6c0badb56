//! Packages from a registry: cargo unites their features for what it was asked to build, and no build script is told.

use std::process::Command;

use crate::project::{Project, alone, prints, succeeds};

/// What the program does in a build of these packages, with these further arguments.
fn built(project: &Project, arguments: &[&str], env: &[(&str, &str)]) -> Vec<String> {
    let _alone = alone();
    succeeds(project.cargo(["build", "--quiet"]).args(arguments).envs(env.iter().copied()));
    prints(&succeeds(&mut project.program("kettle")))
}

/// The results that are as they were: all of them, but for what is told in full.
fn all_hit_but(told: &[&str]) -> Vec<String> {
    let mut all = ["ferment = 111 (hit)", "seal = 12 (hit)", "stir = 2 (hit)", "taste = 11 (hit)"].map(str::to_owned);
    for result in told {
        let name = result.split(' ').next();
        let place = all.iter_mut().find(|known| known.split(' ').next() == name);
        *place.expect("a result of that name") = (*result).to_owned();
    }
    all.to_vec()
}

fn all_computed() -> Vec<String> {
    all_hit_but(&[]).into_iter().map(|result| result.replace("(hit)", "(computed)")).collect()
}

#[test]
fn a_feature_that_another_member_switches_on_in_a_registry_package_is_noticed() {
    let project = Project::new("brewery");
    let (one, all) = (["-p", "kettle"], ["-p", "kettle", "-p", "cellar"]);
    assert_eq!(built(&project, &one, &[]), all_computed());
    assert_eq!(built(&project, &all, &[]), all_hit_but(&["ferment = 112 (computed)", "taste = 12 (computed)"]));
    assert_eq!(built(&project, &all, &[]), all_hit_but(&["ferment = 112 (hit)", "taste = 12 (hit)"]));
    assert_eq!(built(&project, &one, &[]), all_hit_but(&[]), "results of features that come back are still there");
}

#[test]
fn a_feature_of_what_a_registry_package_uses_itself_is_noticed() {
    let project = Project::new("brewery");
    let (one, all) = (["-p", "kettle"], ["-p", "kettle", "-p", "attic"]);
    assert_eq!(built(&project, &one, &[]), all_computed());
    assert_eq!(built(&project, &all, &[]), all_hit_but(&["ferment = 121 (computed)", "taste = 21 (computed)"]));
    assert_eq!(built(&project, &all, &[]), all_hit_but(&["ferment = 121 (hit)", "taste = 21 (hit)"]));
    let both = built(&project, &["--workspace"], &[]);
    assert_eq!(both, all_hit_but(&["ferment = 122 (computed)", "taste = 22 (computed)"]));
    assert_eq!(built(&project, &one, &[]), all_hit_but(&[]));
}

#[test]
fn a_feature_of_a_registry_package_that_is_asked_for_on_the_command_line_is_noticed() {
    let project = Project::new("brewery");
    let (off, on) = (["-p", "kettle"], ["-p", "kettle", "--features", "yeast/warm"]);
    assert_eq!(built(&project, &off, &[]), all_computed());
    assert_eq!(built(&project, &on, &[]), all_hit_but(&["ferment = 112 (computed)", "taste = 12 (computed)"]));
    assert_eq!(built(&project, &off, &[]), all_hit_but(&[]));
}

#[test]
fn a_feature_that_only_tests_switch_on_in_a_registry_package_is_noticed() {
    let project = Project::new("brewery");
    let manifest = std::fs::read_to_string(project.path("kettle/Cargo.toml")).expect("a manifest");
    let dev = "\n[dev-dependencies]\nhoney = { version = \"1\", registry = \"hops\" }\n";
    project.write("kettle/Cargo.toml", &(manifest + dev));
    let test = || project.cargo_prints(&["test", "--quiet", "-p", "kettle", "--lib", "--", "--nocapture"], &[]);
    assert_eq!(built(&project, &["-p", "kettle"], &[]), all_computed());
    assert_eq!(test(), ["ferment = 121 (computed)", "seal = 12 (hit)", "stir = 2 (hit)"]);
    assert_eq!(test(), ["ferment = 121 (hit)", "seal = 12 (hit)", "stir = 2 (hit)"]);
    assert_eq!(built(&project, &["-p", "kettle"], &[]), all_hit_but(&[]));
}

#[test]
fn programs_and_tests_with_the_same_features_share_results() {
    let project = Project::new("brewery");
    assert_eq!(built(&project, &["-p", "kettle"], &[]), all_computed());
    let test = || project.cargo_prints(&["test", "--quiet", "-p", "kettle", "--lib", "--", "--nocapture"], &[]);
    assert_eq!(test(), ["ferment = 111 (hit)", "seal = 12 (hit)", "stir = 2 (hit)"]);
}

#[test]
fn a_new_build_in_another_place_with_another_profile_keeps_what_reaches_registry_packages() {
    let project = Project::new("brewery");
    assert_eq!(built(&project, &["-p", "kettle"], &[]), all_computed());

    let _alone = alone();
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str], env: &[(&str, &str)]| {
        let mut cargo: Command = project.cargo(["run", "--quiet", "-p", "kettle"]);
        prints(&succeeds(cargo.args(arguments).env("CARGO_TARGET_DIR", elsewhere.path()).envs(env.iter().copied())))
    };
    assert_eq!(run(&[], &[]), all_hit_but(&[]), "from scratch");
    // A build from scratch compiles the library while its dependencies are still at work, a later one doesn't.
    project.edit("kettle/src/lib.rs", "//! Functions", "//! Cached functions");
    assert_eq!(run(&[], &[]), all_hit_but(&[]), "the library again");
    assert_eq!(run(&[], &[("CARGO_PROFILE_DEV_OPT_LEVEL", "1")]), all_hit_but(&[]), "optimized");
    assert_eq!(run(&[], &[("CARGO_PROFILE_DEV_DEBUG", "1")]), all_hit_but(&[]), "with debug information");
}

#[test]
fn an_edit_of_a_folder_that_stands_in_for_what_a_registry_package_uses_is_noticed() {
    let project = Project::new("brewery");
    for file in ["Cargo.toml", "src/lib.rs"] {
        let text = std::fs::read_to_string(project.path(&format!("shelf/sugar/{file}"))).expect("a file of the shelf");
        project.write(&format!("sugar/{file}"), &text);
    }
    let manifest = std::fs::read_to_string(project.path("Cargo.toml")).expect("a manifest");
    let patch = "exclude = [\"sugar\"]\n\n[patch.\"sparse+https://hops.invalid/\"]\nsugar = { path = \"sugar\" }\n";
    project.write("Cargo.toml", &(manifest + patch));
    assert_eq!(built(&project, &["-p", "kettle"], &[]), all_computed());
    assert_eq!(built(&project, &["-p", "kettle"], &[]), all_hit_but(&[]));
    project.edit("sugar/src/lib.rs", "{ 10 }", "{ 30 }");
    let changed = all_hit_but(&["ferment = 131 (computed)", "taste = 31 (computed)"]);
    assert_eq!(built(&project, &["-p", "kettle"], &[]), changed);
    assert_eq!(built(&project, &["-p", "kettle"], &[]), all_hit_but(&["ferment = 131 (hit)", "taste = 31 (hit)"]));
}
