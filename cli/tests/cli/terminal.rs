//! Colours and widths.

use crate::world::{World, outcome};

const ESCAPE: char = '\u{1b}';

#[test]
fn a_pipe_gets_no_colours() {
    let outcome = World::with("orchard").run("orchard", ["dump", "--all"]);
    assert!(!outcome.stdout.contains(ESCAPE) && !outcome.stderr.contains(ESCAPE), "{outcome:?}");
}

#[test]
fn colours_can_be_forced_and_no_color_forbids_them() {
    let world = World::with("orchard");
    let run = |variables: &[(&str, &str)]| {
        outcome(world.command("orchard", ["tree", "yearly"]).envs(variables.iter().copied())).stdout
    };
    assert!(run(&[("CLICOLOR_FORCE", "1")]).contains(ESCAPE));
    assert!(!run(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains(ESCAPE));
}

#[test]
fn json_is_never_coloured() {
    let world = World::with("orchard");
    let mut command = world.command("orchard", ["dump", "--all", "--format", "json"]);
    assert!(!outcome(command.env("CLICOLOR_FORCE", "1")).stdout.contains(ESCAPE));
}

#[test]
fn a_table_fits_a_narrow_terminal() {
    let world = World::with("orchard");
    let narrow = outcome(world.command("orchard", ["dump", "--all"]).env("COLUMNS", "60"));
    for line in narrow.stdout.lines() {
        assert!(line.chars().count() <= 60, "{} columns: {line}", line.chars().count());
    }
    insta::assert_snapshot!(narrow.shown(&world));
}

#[test]
fn a_pipe_gets_a_line_a_function() {
    let outcome = World::with("orchard").run("orchard", ["dump", "--all"]);
    let line = outcome.stdout.lines().find(|line| line.contains("Weigh>::weight")).expect("the method is listed");
    assert!(line.contains("src/trees.rs:"), "{line}");
}
