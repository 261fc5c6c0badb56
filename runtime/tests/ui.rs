//! What `#[cached]` says about what it can't cache: where, why, and what to do.
//!
//! The attribute wants a table of the build hook. Cargo gives the cases no `OUT_DIR` of their own, so the one of this
//! process reaches them; for the cases with a hook, the test starts itself again with an empty table there.

use std::process::Command;

/// Set in the process that has a table.
const WITH_TABLE: &str = "REMEMO_UI_WITH_TABLE";

#[test]
fn without_the_hook_the_attribute_says_how_to_add_it() {
    if std::env::var_os(WITH_TABLE).is_none() {
        trybuild::TestCases::new().compile_fail("tests/ui-no-hook/*.rs");
    }
}

#[test]
fn what_can_not_be_cached_is_refused_where_it_is_written() {
    if std::env::var_os(WITH_TABLE).is_some() {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
        return;
    }
    let out_dir = tempfile::tempdir().unwrap();
    let table = out_dir.path().join(rememo_table::DIRECTORY);
    std::fs::create_dir_all(table.join("fn")).unwrap();
    for file in ["manifest", "sources"] {
        std::fs::write(table.join(file), "").unwrap();
    }
    std::fs::write(table.join("hook"), format!("rememo table {}\n", rememo_table::TABLE_VERSION)).unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "what_can_not_be_cached_is_refused_where_it_is_written", "--nocapture"])
        .env(WITH_TABLE, "1")
        .env("OUT_DIR", out_dir.path())
        .status()
        .unwrap();
    assert!(status.success(), "see the cases above");
}
