//! `dump` for people.

use crate::world::World;

#[test]
fn cached_functions_are_a_table() {
    let world = World::with("orchard");
    insta::assert_snapshot!(world.run("orchard", ["dump"]).shown(&world));
}

#[test]
fn all_functions_are_a_table_too() {
    let world = World::with("orchard");
    insta::assert_snapshot!(world.run("orchard", ["dump", "--all"]).shown(&world));
}

#[test]
fn one_function_may_be_asked_for_by_the_end_of_its_path() {
    let world = World::with("orchard");
    insta::assert_snapshot!(world.run("orchard", ["dump", "--root", "Tree::weight"]).shown(&world));
}

#[test]
fn a_package_without_cached_functions_says_how_to_go_on() {
    let world = World::with_lib("pub fn free() {}\n");
    insta::assert_snapshot!(world.run("bare", ["dump"]).shown(&world));
}

#[test]
fn a_place_that_no_source_hash_can_pin_is_marked() {
    let world = World::with_lib(
        "pub fn generated() -> u8 { include!(concat!(env!(\"OUT_DIR\"), \"/number.rs\")) }\npub fn plain() -> u8 { 1 }\n",
    );
    insta::assert_snapshot!(world.run("bare", ["dump", "--all"]).shown(&world));
}

#[test]
fn an_unknown_function_is_answered_with_the_nearest_names() {
    let world = World::with("orchard");
    insta::assert_snapshot!(world.run("orchard", ["dump", "--root", "yaerly"]).shown(&world));
}

#[test]
fn timings_name_both_times_and_their_ratio() {
    let outcome = World::with("orchard").run("orchard", ["dump", "--all", "--timings"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for word in ["files     3 (", "parse  ", "syn::parse_file", "analysis  ", "ratio  "] {
        assert!(outcome.stderr.contains(word), "{word:?} is not in {}", outcome.stderr);
    }
}
