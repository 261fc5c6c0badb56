//! A program that is built and run for real: what the commands say of the cache that it filled.

use std::path::Path;
use std::process::Command;

use crate::world::{Outcome, World, outcome};

/// A package with a cached function, its helper and the hook.
fn field() -> World {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let at = |dir: &str| repository.join(dir).display().to_string().replace('\\', "/");
    let world = World::empty();
    world.write(
        "field/Cargo.toml",
        format!(
            "[workspace]\n\n[package]\nname = \"field\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nrememo = {{ path = \"{}\" }}\n\n\
             [build-dependencies]\nrememo-build = {{ path = \"{}\" }}\n",
            at("runtime"),
            at("build-support"),
        ),
    );
    world.write("field/build.rs", "fn main() {\n    rememo_build::fingerprint();\n}\n");
    world.write(
        "field/src/main.rs",
        "mod soil;\n\n#[rememo::cached]\nfn yields(acres: u64) -> u64 {\n    soil::quality() * acres\n}\n\n\
         fn main() {\n    println!(\"{}\", yields(3) + yields(4));\n}\n",
    );
    world.write("field/src/soil.rs", "const CLAY: u64 = 5;\n\npub fn quality() -> u64 {\n    CLAY + 2\n}\n");
    world
}

/// Builds the program and runs it.
fn run(world: &World, release: bool) {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["run", "--quiet"]).args(release.then_some("--release")).current_dir(world.path("field"));
    // One target directory for all runs of this test: the dependencies are built once.
    command.env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("field"));
    for name in ["REMEMO", "REMEMO_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_MANIFEST_DIR"] {
        command.env_remove(name);
    }
    let said = outcome(&mut command);
    assert_eq!(said.code, 0, "{}", said.stderr);
}

fn says(outcome: &Outcome, text: &str) {
    assert!(
        outcome.code == 0 && outcome.stdout.contains(text),
        "{text:?} is not in\n{}{}",
        outcome.stdout,
        outcome.stderr
    );
}

#[test]
fn the_commands_agree_with_the_program_on_what_is_current_and_on_what_changed() {
    let world = field();
    run(&world, false);
    says(&world.run("field", ["ls"]), "field bin:field field::yields");
    says(&world.run("field", ["ls"]), "current");
    says(&world.run("field", ["why", "yields"]), "2 entries");
    says(&world.run("field", ["why", "yields"]), "up to date: this is the function as profile dev compiles it");

    run(&world, true);
    says(&world.run("field", ["why", "yields"]), "up to date: this is the function as profile release compiles it");

    world.edit("field/src/soil.rs", "CLAY + 2", "CLAY + 3");
    let why = world.run("field", ["why", "yields", "--profile", "dev"]);
    let told: Vec<&str> = why.stdout.lines().filter(|line| line.starts_with("  ")).map(str::trim).collect();
    let of_dev = told.iter().filter(|line| !line.starts_with("setting")).collect::<Vec<_>>();
    assert!(of_dev.iter().all(|line| **line == "changed  fn field::soil::quality  src/soil.rs:3"), "{told:#?}");
    assert!(!of_dev.is_empty(), "{why:?}");

    says(&world.run("field", ["clear", "yields"]), "removed 4 entries of field bin:field field::yields");
    says(&world.run("field", ["ls"]), "no entries");
}
