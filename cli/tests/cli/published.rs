//! `dump --all` on published crates, unpacked and unchanged.

use crate::registry::{PUBLISHED, unpacked};
use crate::schema;
use crate::world::{World, copy};

/// Dumps a crate and checks the whole of the dump.
fn dumps(name: &str) {
    let world = World::empty();
    copy(&unpacked(name), &world.path(name));
    let outcome = world.run(name, ["dump", "--all", "--format", "json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(schema::faults(&outcome.stdout, &world.path(name)), Vec::<String>::new());
    let dump: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert!(dump["functions"].as_array().is_some_and(|functions| functions.len() > 50), "{name} has functions");
}

macro_rules! dumped {
    ($($test:ident: $name:literal,)*) => {
        $(#[test] fn $test() { dumps($name); })*

        #[test]
        fn every_published_crate_of_the_list_has_its_test() {
            let tested = [$($name),*];
            assert!(PUBLISHED.iter().all(|(name, _)| tested.contains(name)) && tested.len() == PUBLISHED.len());
        }
    };
}

dumped! {
    petgraph_is_dumped: "petgraph",
    toml_edit_is_dumped: "toml_edit",
    clap_builder_is_dumped: "clap_builder",
    chrono_is_dumped: "chrono",
    rust_decimal_is_dumped: "rust_decimal",
    winnow_is_dumped: "winnow",
    handlebars_is_dumped: "handlebars",
    itertools_is_dumped: "itertools",
    regex_syntax_is_dumped: "regex-syntax",
    taffy_is_dumped: "taffy",
}
