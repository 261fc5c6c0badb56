//! What is typed, and what comes back when it can't be right.

use crate::world::World;

#[test]
fn help_lists_the_commands_and_the_exit_codes() {
    let world = World::empty();
    let outcome = world.run("", ["--help"]);
    insta::assert_snapshot!(outcome.shown(&world));
}

#[test]
fn the_program_also_runs_without_cargo_in_front() {
    let world = World::with("orchard");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-rememo"));
    let outcome = crate::world::outcome(command.args(["dump"]).current_dir(world.path("orchard")));
    assert_eq!(outcome.code, 0, "{outcome:?}");
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    let outcome = World::empty().run("", ["dump", "--recursive"]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
}

#[test]
fn all_and_root_contradict_each_other() {
    let outcome = World::empty().run("", ["dump", "--all", "--root", "main"]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
}

#[test]
fn without_a_manifest_the_error_is_cargos() {
    let world = World::empty();
    let outcome = world.run("", ["dump"]);
    assert_eq!(outcome.code, 3, "{outcome:?}");
    assert!(outcome.stderr.contains("could not find `Cargo.toml`"), "{outcome:?}");
}

#[test]
fn an_unknown_member_is_answered_with_the_members() {
    let world = World::with("grove");
    insta::assert_snapshot!(world.run("grove", ["dump", "-p", "middle"]).shown(&world));
}

#[test]
fn an_unknown_profile_is_answered_with_what_to_add() {
    let world = World::with("grove");
    insta::assert_snapshot!(world.run("grove", ["dump", "--profile", "fat"]).shown(&world));
}

#[test]
fn a_target_that_the_compiler_does_not_know_is_named() {
    let outcome = World::with("orchard").run("orchard", ["dump", "--target", "z80-unknown-cpm"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.stderr.contains("z80-unknown-cpm"), "{outcome:?}");
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let world = World::with("orchard");
    let mut command = world.command("orchard", ["dump", "--all", "--format", "json"]);
    let mut child = command.stdout(std::process::Stdio::piped()).spawn().expect("the command starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("the command ends").code(), Some(0));
}
