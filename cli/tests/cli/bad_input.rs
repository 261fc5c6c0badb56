//! Sources and manifests that are broken: every message names file, line and cause, and the exit code says which kind.

use crate::schema;
use crate::world::{Outcome, World};

/// The dump of the package `bare`: printed whatever is wrong with its sources.
fn dump(world: &World) -> Outcome {
    let outcome = world.run("bare", ["dump", "--all", "--format", "json"]);
    assert_eq!(schema::faults(&outcome.stdout, &world.path("bare")), Vec::<String>::new());
    outcome
}

fn says(outcome: &Outcome, code: i32, place: &str, cause: &str) {
    assert_eq!(outcome.code, code, "{}", outcome.stderr);
    let line = outcome.stderr.lines().find(|line| line.contains(place));
    let line = line.unwrap_or_else(|| panic!("{place} is not named:\n{}", outcome.stderr));
    assert!(line.contains(cause), "{cause:?} is not in {line:?}");
}

#[test]
fn a_broken_manifest_is_told_with_file_line_and_cause() {
    let world = World::empty();
    world.write("bare/Cargo.toml", "[package]\nname = \"bare\nversion = \"0.1.0\"\n");
    let outcome = world.run("bare", ["dump", "--manifest-path", "Cargo.toml"]);
    assert_eq!(outcome.code, 3, "{outcome:?}");
    assert!(outcome.stderr.contains("Cargo.toml") && outcome.stderr.contains(":2:"), "{outcome:?}");
}

#[test]
fn a_manifest_without_a_package_or_members_says_what_to_add() {
    let world = World::empty();
    world.write("bare/Cargo.toml", "[workspace]\n");
    let outcome = world.run("bare", ["dump"]);
    assert_eq!(outcome.code, 3, "{outcome:?}");
    assert!(outcome.stderr.contains("add one to it, or members"), "{outcome:?}");
}

#[test]
fn a_syntax_error_is_told_and_the_rest_is_dumped() {
    let world = World::with_lib("mod broken;\npub fn whole() -> u8 { 1 }\n");
    world.write("bare/src/broken.rs", "pub fn f() {}\n\npub fn g( {}\n");
    let outcome = dump(&world);
    says(&outcome, 4, "src/broken.rs:3", "");
    assert!(outcome.stdout.contains("bare::whole"), "{}", outcome.stdout);
}

#[test]
fn a_module_without_a_file_is_told_where_it_is_declared() {
    let world = World::with_lib("pub fn whole() -> u8 { 1 }\n\nmod absent;\n");
    let outcome = dump(&world);
    says(&outcome, 4, "src/lib.rs:3", "absent");
}

#[test]
fn a_file_that_is_not_utf_8_is_told() {
    let world = World::with_lib("mod latin;\npub fn whole() -> u8 { 1 }\n");
    world.write("bare/src/latin.rs", b"// caf\xe9\npub fn f() {}\n");
    let outcome = dump(&world);
    says(&outcome, 4, "src/latin.rs", "UTF-8");
}

#[test]
fn a_macro_that_calls_itself_for_ever_ends_the_expansion_and_not_the_program() {
    let world = World::with_lib(
        "macro_rules! forever { ($($t:tt)*) => { forever!($($t)* $($t)* x) } }\npub fn whole() { forever!(x) }\n",
    );
    let outcome = dump(&world);
    says(&outcome, 4, "src/lib.rs:2", "macro");
}

#[test]
fn a_circle_of_re_exports_ends() {
    let world = World::with_lib(
        "pub mod a { pub use crate::b::*; pub use crate::b::thing; }\n\
         pub mod b { pub use crate::a::*; pub use crate::a::thing; }\n\
         pub fn whole() -> u8 { a::thing() }\n",
    );
    let outcome = dump(&world);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

#[test]
fn a_source_of_ten_megabytes_is_dealt_with() {
    let mut source = String::from("pub fn whole() -> u8 { 1 }\n");
    source.push_str("/* ");
    source.push_str(&"x".repeat(10_000_000));
    source.push_str(" */\n");
    let outcome = dump(&World::with_lib(source));
    assert!([0, 4].contains(&outcome.code), "{}", outcome.stderr);
    assert!(outcome.stdout.contains("bare::whole") || outcome.code == 4, "{}", outcome.stdout);
}

#[test]
fn source_that_nests_a_hundred_thousand_deep_is_dealt_with() {
    let depth = 100_000;
    let source = format!("pub fn whole() -> u8 {{ {}1{} }}\n", "(".repeat(depth), ")".repeat(depth));
    let outcome = dump(&World::with_lib(source));
    assert!([0, 4].contains(&outcome.code), "{}", outcome.stderr);
}

#[test]
fn text_output_tells_the_same_problems() {
    let world = World::with_lib("mod absent;\n");
    let outcome = world.run("bare", ["dump", "--all"]);
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert!(outcome.stderr.contains("src/lib.rs:1"), "{outcome:?}");
}
