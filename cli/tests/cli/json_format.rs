//! `dump --format json`: the format that programs read.

use serde_json::Value;

use crate::schema;
use crate::world::World;

fn json(world: &World, at: &str, more: &[&str]) -> String {
    let outcome = world.run(at, ["dump", "--format", "json"].iter().chain(more));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    outcome.stdout
}

fn functions(json: &str) -> Vec<String> {
    let dump: Value = serde_json::from_str(json).expect("JSON");
    let list = dump["functions"].as_array().expect("functions");
    list.iter().map(|f| f["path"].as_str().expect("a path").to_owned()).collect()
}

#[test]
fn a_dump_of_a_package_is_schema_1() {
    let world = World::with("orchard");
    for more in [&[][..], &["--all"], &["--root", "yearly"]] {
        assert_eq!(schema::faults(&json(&world, "orchard", more), &world.path("orchard")), Vec::<String>::new());
    }
}

#[test]
fn a_dump_of_a_workspace_is_schema_1_and_holds_all_members() {
    let world = World::with("grove");
    let all = json(&world, "grove", &["--all"]);
    assert_eq!(schema::faults(&all, &world.path("grove")), Vec::<String>::new());
    let functions = functions(&all);
    assert_eq!(functions, ["left::twice", "right(bin)::main", "right::quadruple"]);
}

#[test]
fn without_all_only_cached_functions_are_dumped() {
    let world = World::with("orchard");
    assert_eq!(functions(&json(&world, "orchard", &[])), ["orchard::harvest::monthly", "orchard::harvest::yearly"]);
}

#[test]
fn all_dumps_every_function_with_a_body() {
    let world = World::with("orchard");
    let functions = functions(&json(&world, "orchard", &["--all"]));
    let expected = [
        "orchard::harvest::ceiling",
        "orchard::harvest::crates",
        "orchard::harvest::monthly",
        "orchard::harvest::prune",
        "orchard::harvest::yearly",
        "orchard::trees::<Tree as Weigh>::weight",
        "orchard::trees::Tree::is_ripe",
        "orchard::trees::Tree::new",
        "orchard::trees::threshold",
    ];
    assert_eq!(functions, expected);
}

#[test]
fn two_copies_of_a_tree_in_different_folders_give_the_same_bytes() {
    for (fixture, other) in [("orchard", "somewhere/else/entirely"), ("grove", "g")] {
        let world = World::with(fixture);
        crate::world::copy(&world.path(fixture), &world.path(other));
        assert_eq!(json(&world, fixture, &["--all"]), json(&world, other, &["--all"]));
    }
}

#[test]
fn an_item_that_two_members_reach_is_one_item() {
    let world = World::with("grove");
    let dump: Value = serde_json::from_str(&json(&world, "grove", &["--all"])).expect("JSON");
    let items = dump["items"].as_array().expect("items");
    assert_eq!(items.iter().filter(|item| item["path"] == "left::twice").count(), 1);
}

#[test]
fn a_member_has_the_same_fingerprints_alone_and_among_the_others() {
    let world = World::with("grove");
    let fingerprint = |json: String| {
        let dump: Value = serde_json::from_str(&json).expect("JSON");
        let functions = dump["functions"].as_array().expect("functions").clone();
        let one = functions.into_iter().find(|f| f["path"] == "right::quadruple");
        one.expect("the function is dumped")["fingerprint"].clone()
    };
    let among = fingerprint(json(&world, "grove", &["--all"]));
    assert_eq!(among, fingerprint(json(&world, "grove", &["--all", "-p", "right"])));
    assert_eq!(among, fingerprint(json(&world, "grove/right", &["--all"])));
}

#[test]
fn an_external_package_is_named_with_its_version() {
    let world = World::with("orchard");
    let dump: Value = serde_json::from_str(&json(&world, "orchard", &["--root", "is_ripe"])).expect("JSON");
    let external = dump["functions"][0]["external"].as_array().expect("external").clone();
    assert!(external.iter().any(|e| e.as_str().is_some_and(|e| e.starts_with("ripeness "))), "{external:?}");
}

#[test]
fn nothing_is_written_not_even_a_lock_file() {
    for fixture in ["orchard", "grove"] {
        let world = World::with(fixture);
        let before = world.files();
        json(&world, fixture, &["--all"]);
        assert_eq!(before, world.files());
    }
}
