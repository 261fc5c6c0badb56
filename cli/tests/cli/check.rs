//! `check`: what cached functions read besides their arguments.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::world::{World, copy};

/// A copy of `testdata/inputs/<kind>`.
fn crate_of(kind: &str) -> World {
    let world = World::empty();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/inputs").join(kind), &world.path(kind));
    world
}

/// What the comments above the functions say, sorted: `by_a_helper: clock`.
fn expected(source: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut reads = None;
    for line in source.lines() {
        if let Some(text) = line.strip_prefix("// reads: ") {
            reads = Some(text);
        }
        let name = line.split_once("fn ").and_then(|(_, rest)| rest.split(['(', '<']).next());
        if let (Some(name), Some(text)) = (name, reads) {
            all.push(format!("{name}: {text}"));
            reads = None;
        }
    }
    all.sort();
    all
}

/// What `check` says, in the same words.
fn found(json: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(json).expect("JSON");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let of = |function: &Value| {
        let inputs = function["inputs"].as_array().expect("inputs").iter().map(|input| {
            let guess = if input["guessed"] == true { "?" } else { "" };
            let by = input["declared"].as_str().map(|by| format!(" ({by})")).unwrap_or_default();
            format!("{}{guess}{by}", text(&input["kind"]))
        });
        let mut kinds: Vec<String> = inputs.collect();
        kinds.dedup();
        let kinds = if kinds.is_empty() { "nothing".to_owned() } else { kinds.join(", ") };
        format!("{}: {kinds}", text(&function["path"]).rsplit("::").next().expect("a name"))
    };
    let mut all: Vec<String> = report["functions"].as_array().expect("functions").iter().map(of).collect();
    all.sort();
    all
}

#[test]
fn of_each_kind_what_is_read_is_found_and_what_is_not_read_is_not() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/inputs");
    let mut crates = 0;
    for entry in fs::read_dir(dir).expect("the fixtures").flatten().filter(|entry| entry.path().is_dir()) {
        let kind = entry.file_name().into_string().expect("a name");
        let world = crate_of(&kind);
        let source = fs::read_to_string(world.path(&format!("{kind}/src/lib.rs"))).expect("a source");
        let outcome = world.run(&kind, ["check", "--format", "json"]);
        assert_eq!(found(&outcome.stdout), expected(&source), "{kind}");
        assert_eq!(outcome.code, 7, "{kind}: {}", outcome.stderr);
        crates += 1;
    }
    assert_eq!(crates, 11, "ten kinds, and the ways to them");
}

#[test]
fn the_calls_that_lead_to_an_input_are_listed_by_file_and_line() {
    let world = World::with_lib(
        "mod clock;\n\n#[rememo::cached]\nfn report(n: u64) -> u64 {\n    stamp() + n\n}\n\nfn stamp() -> u64 {\n    \
         clock::now()\n}\n",
    );
    world.write("bare/src/clock.rs", "pub fn now() -> u64 {\n    std::time::Instant::now().elapsed().as_secs()\n}\n");
    let said = world.run("bare", ["check"]).stdout;
    let expected = "\
bare::report  src/lib.rs:3
  clock    Instant::elapsed
           src/lib.rs:5    bare::stamp
           src/lib.rs:9    bare::clock::now
           src/clock.rs:2  Instant::elapsed
  clock    Instant::now
           src/lib.rs:5    bare::stamp
           src/lib.rs:9    bare::clock::now
           src/clock.rs:2  Instant::now

1 of 1 function read what they don't declare
";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn nothing_undeclared_is_exit_code_0() {
    let world =
        World::with_lib("#[rememo::cached(accept(clock))]\nfn f(n: u64) -> u64 { std::time::Instant::now(); n }\n");
    let outcome = world.run("bare", ["check"]);
    assert_eq!(outcome.stdout, "0 of 1 function read what they don't declare\n1 input is declared or accepted\n");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
}

#[test]
fn any_function_can_be_asked_for_cached_or_not() {
    let world = World::with_lib("pub fn f() -> bool { std::path::Path::new(\"a\").exists() }\npub fn g() {}\n");
    assert_eq!(world.run("bare", ["check"]).code, 0, "none is cached");
    assert_eq!(world.run("bare", ["check", "--root", "g"]).code, 0);
    assert_eq!(world.run("bare", ["check", "--root", "f"]).code, 7);
    assert_eq!(world.run("bare", ["check", "--all"]).code, 7);
}

#[test]
fn a_widened_place_comes_with_the_way_out() {
    let world = World::with_lib("#[rememo::cached(key(f = 1))]\npub fn apply(f: fn(u32) -> u32) -> u32 { f(1) }\n");
    let outcome = world.run("bare", ["check"]);
    assert!(outcome.stdout.contains("opaque src/lib.rs:1: takes closures or function pointers"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("pass data, or a type with a trait, instead"), "{}", outcome.stdout);
    assert_eq!(outcome.code, 0, "a widened function recomputes too often, and never reads too little");
}

#[test]
fn packages_that_nobody_looked_into_are_named_and_known_ones_are_not() {
    let world = World::with_lib("#[rememo::cached]\nfn f(n: u64) -> u64 { csv::parse(n) + plotters::draw(n) }\n");
    world.edit(
        "bare/Cargo.toml",
        "edition = \"2024\"\n",
        "edition = \"2024\"\n[dependencies]\ncsv = \"1\"\nplotters = \"0.3\"\n",
    );
    let said = world.run("bare", ["check"]).stdout;
    assert!(said.contains("1 external package was not looked into:\n           plotters "), "{said}");
}

#[test]
fn lines_wrap_where_the_terminal_is_narrow_and_colours_follow_the_environment() {
    let world = World::with_lib("#[rememo::cached]\nfn f(n: u64) -> u64 { std::time::Instant::now(); n }\n");
    let mut narrow = world.command("bare", ["check"]);
    let said = crate::world::outcome(narrow.env("COLUMNS", "50")).stdout;
    assert!(said.lines().all(|line| line.chars().count() <= 50), "{said}");
    assert!(!said.contains('\u{1b}'), "a pipe takes no colours");
    let mut colours = world.command("bare", ["check"]);
    assert!(crate::world::outcome(colours.env("CLICOLOR_FORCE", "1")).stdout.contains('\u{1b}'));
}

#[test]
fn accepting_an_input_changes_no_fingerprint() {
    let world = World::with_lib("#[rememo::cached]\nfn f(n: u64) -> u64 { std::time::Instant::now(); n }\n");
    let before = world.run("bare", ["dump", "--format", "json"]).stdout;
    world.edit("bare/src/lib.rs", "cached]", "cached(accept(clock))]");
    assert_eq!(world.run("bare", ["dump", "--format", "json"]).stdout, before);
}
