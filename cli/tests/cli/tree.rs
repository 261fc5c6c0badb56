//! `tree FN`

use crate::world::World;

#[test]
fn a_tree_shows_what_a_function_reaches() {
    let world = World::with("orchard");
    insta::assert_snapshot!(world.run("orchard", ["tree", "yearly"]).shown(&world));
}

#[test]
fn depth_cuts_the_tree() {
    let world = World::with("orchard");
    insta::assert_snapshot!(world.run("orchard", ["tree", "yearly", "--depth", "1"]).shown(&world));
}

#[test]
fn invert_shows_what_reaches_a_function() {
    let world = World::with("orchard");
    insta::assert_snapshot!(world.run("orchard", ["tree", "threshold", "--invert"]).shown(&world));
}

#[test]
fn a_tree_goes_across_packages() {
    let world = World::with("grove");
    insta::assert_snapshot!(world.run("grove", ["tree", "quadruple"]).shown(&world));
}

#[test]
fn an_ambiguous_name_is_answered_with_its_candidates() {
    let world = World::with_lib("pub mod a { pub fn f() {} }\npub mod b { pub fn f() {} }\n");
    insta::assert_snapshot!(world.run("bare", ["tree", "f"]).shown(&world));
}

#[test]
fn an_unknown_function_is_answered_with_the_nearest_names() {
    let world = World::with("orchard");
    insta::assert_snapshot!(world.run("orchard", ["tree", "threshhold"]).shown(&world));
}
