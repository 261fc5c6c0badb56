//! `ls`, `clear` and `why`: what they say of a cache directory.

use std::path::Path;

use rememo::record::{Digest, Metadata, Record};
use rememo::store::{DiskOptions, DiskStore, Manifest, Store};
use serde_json::Value;

use crate::world::World;

const YEARLY: &str = "orchard::harvest::yearly";
const MONTHLY: &str = "orchard::harvest::monthly";

/// A time in Unix milliseconds so long ago that its age is told in days.
const LONG_AGO: u64 = 1_700_000_000_000;

/// Stores results of a function of `orchard`, as a program compiled with `fingerprint` would.
fn put(dir: &Path, path: &str, fingerprint: Digest, count: u8) {
    let store = DiskStore::new(dir, DiskOptions::default());
    for n in 0..count {
        let mut about = Metadata::default();
        about.function = format!("orchard lib {path}");
        about.fingerprint = fingerprint;
        about.key = [fingerprint[0].wrapping_add(path.len() as u8).wrapping_mul(31).wrapping_add(n); 32];
        (about.created, about.accessed, about.compute_ns) = (LONG_AGO, LONG_AGO, 2_000_000_000);
        store.put(&Record { about, value: vec![n; 700] }).expect("a record can be stored");
    }
    store.sync().expect("the store is on disk");
}

/// The dump of `orchard` as it is now.
fn dump(world: &World) -> Value {
    serde_json::from_str(&world.run("orchard", ["dump", "--format", "json"]).stdout).expect("JSON")
}

fn function<'a>(dump: &'a Value, path: &str) -> &'a Value {
    let list = dump["functions"].as_array().expect("functions");
    list.iter().find(|f| f["path"] == path).expect("the function is cached")
}

fn fingerprint(dump: &Value, path: &str) -> Digest {
    let hex = function(dump, path)["fingerprint"].as_str().expect("hex");
    std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex"))
}

/// What a program stores of the items that a function reaches.
fn manifest(dump: &Value, path: &str) -> String {
    let mut lines = String::new();
    for id in function(dump, path)["reaches"].as_array().expect("numbers") {
        let item = &dump["items"][id.as_u64().expect("a number") as usize];
        let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let (hash, kind, path, file) = (&text("digest")[..32], text("kind"), text("path"), text("file"));
        lines.push_str(&format!("{hash}\t{kind}\t{path}\t{file}\t{}\n", item["line"]));
    }
    lines
}

/// `orchard` with entries of the code as it is, and an older one.
fn filled() -> World {
    let world = World::with("orchard");
    let dump = dump(&world);
    let dir = world.path("orchard/.rememo");
    put(&dir, MONTHLY, fingerprint(&dump, MONTHLY), 3);
    put(&dir, YEARLY, fingerprint(&dump, YEARLY), 1);
    put(&dir, YEARLY, [7; 32], 2);
    world
}

#[test]
fn ls_lists_functions_with_their_entries() {
    let world = filled();
    let outcome = world.run("orchard", ["ls"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let line = |path: &str| {
        let line = outcome.stdout.lines().find(|line| line.contains(path)).unwrap_or_else(|| panic!("{outcome:?}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(line(MONTHLY).contains("3 2.1 KiB 6.0 s") && line(MONTHLY).ends_with(" days current"), "{}", line(MONTHLY));
    assert!(line(YEARLY).contains("3 2.1 KiB 6.0 s") && line(YEARLY).ends_with("1 current, 2 old"), "{}", line(YEARLY));
}

#[test]
fn ls_of_one_function_lists_no_other() {
    let outcome = filled().run("orchard", ["ls", "yearly"]);
    assert!(outcome.stdout.contains(YEARLY) && !outcome.stdout.contains(MONTHLY), "{outcome:?}");
}

#[test]
fn ls_of_a_function_without_entries_names_the_nearest() {
    let outcome = filled().run("orchard", ["ls", "weekly"]);
    assert_eq!(outcome.code, 5, "{outcome:?}");
    assert!(outcome.stderr.contains("no function with entries is called `weekly`"), "{outcome:?}");
}

#[test]
fn an_edit_makes_entries_old() {
    let world = filled();
    world.edit("orchard/src/trees.rs", "self.fruits / 4", "self.fruits / 5");
    let outcome = world.run("orchard", ["ls", "monthly"]);
    assert!(outcome.stdout.lines().any(|line| line.contains(MONTHLY) && line.ends_with("old")), "{outcome:?}");
}

#[test]
fn a_function_that_left_the_code_is_gone() {
    let world = filled();
    world.edit("orchard/src/harvest.rs", "monthly", "each_month");
    let outcome = world.run("orchard", ["ls", "monthly"]);
    assert!(outcome.stdout.lines().any(|line| line.contains(MONTHLY) && line.ends_with("gone")), "{outcome:?}");
}

#[test]
fn before_the_first_run_there_is_nothing() {
    let world = World::with("orchard");
    let outcome = world.run("orchard", ["ls"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stdout.contains("there is no cache directory yet"), "{outcome:?}");
    assert!(!world.path("orchard/.rememo").exists());
}

#[test]
fn a_named_directory_that_is_not_there_is_an_error() {
    let world = World::with("orchard");
    for command in [&["ls"][..], &["why", "yearly"], &["clear", "--all"]] {
        let outcome = world.run("orchard", command.iter().chain(&["--dir", "nowhere"]));
        assert_eq!(outcome.code, 6, "{outcome:?}");
        assert!(outcome.stderr.contains("nowhere: there is no such directory"), "{outcome:?}");
    }
}

#[test]
fn the_directory_may_come_from_the_environment() {
    let world = filled();
    std::fs::rename(world.path("orchard/.rememo"), world.path("elsewhere")).expect("the folder can be moved");
    let mut command = world.command("orchard", ["ls"]);
    let outcome = crate::world::outcome(command.env("REMEMO_DIR", world.path("elsewhere")));
    assert!(outcome.stdout.contains(YEARLY), "{outcome:?}");
}

#[test]
fn a_directory_can_be_listed_outside_of_any_package() {
    let world = filled();
    let outcome = world.run("", ["ls", "--dir", "orchard/.rememo"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stdout.contains(YEARLY), "{outcome:?}");
}

#[test]
fn clear_removes_the_entries_of_one_function() {
    let world = filled();
    let outcome = world.run("orchard", ["clear", "yearly"]);
    assert!(
        outcome.stdout.starts_with("removed 3 entries of orchard lib orchard::harvest::yearly, 2.1 KiB"),
        "{outcome:?}"
    );
    let left = world.run("orchard", ["ls"]).stdout;
    assert!(!left.contains(YEARLY) && left.contains(MONTHLY), "{left}");
}

#[test]
fn clear_all_removes_everything() {
    let world = filled();
    assert!(world.run("orchard", ["clear", "--all"]).stdout.starts_with("removed 6 entries, 4.1 KiB"));
    assert!(world.run("orchard", ["ls"]).stdout.starts_with("no entries in "));
}

#[test]
fn a_dry_run_removes_nothing() {
    let world = filled();
    assert!(world.run("orchard", ["clear", "--all", "--dry-run"]).stdout.starts_with("would remove 6 entries"));
    assert!(world.run("orchard", ["ls"]).stdout.contains(YEARLY));
}

#[test]
fn clear_wants_to_know_what() {
    assert_eq!(filled().run("orchard", ["clear"]).code, 2);
}

#[test]
fn why_says_when_everything_is_up_to_date() {
    let outcome = filled().run("orchard", ["why", "monthly"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stdout.contains("3 entries, 2.1 KiB") && outcome.stdout.contains("up to date"), "{outcome:?}");
}

#[test]
fn why_names_what_changed_since_the_entries_were_computed() {
    let world = World::with("orchard");
    let before = dump(&world);
    let dir = world.path("orchard/.rememo");
    let then = fingerprint(&before, YEARLY);
    put(&dir, YEARLY, then, 1);
    let store = DiskStore::new(&dir, DiskOptions::default());
    let items = manifest(&before, YEARLY);
    store.put_manifest(&Manifest::new(format!("orchard lib {YEARLY}"), then, LONG_AGO, items)).expect("it is stored");
    drop(store);

    world.edit("orchard/src/trees.rs", "self.fruits / 4", "self.fruits / heavy()");
    world.edit("orchard/src/trees.rs", "fn threshold", "fn heavy() -> u64 {\n    5\n}\n\nfn threshold");
    let outcome = world.run("orchard", ["why", "yearly"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let told: Vec<&str> = outcome.stdout.lines().map(str::trim).filter(|line| !line.starts_with("setting")).collect();
    let is_told = |start: &str, end: &str| told.iter().any(|line| line.starts_with(start) && line.ends_with(end));
    assert!(is_told("changed  fn orchard::trees::<Tree as Weigh>::weight", "src/trees.rs:26"), "{told:#?}");
    assert!(is_told("new      fn orchard::trees::heavy", "src/trees.rs:31"), "{told:#?}");
    assert!(!told.iter().any(|line| line.contains("threshold") || line.contains("prune")), "{told:#?}");
}

#[test]
fn why_of_a_function_that_never_ran_says_so() {
    let world = filled();
    world.run("orchard", ["clear", "yearly"]);
    let outcome = world.run("orchard", ["why", "yearly"]);
    assert!(outcome.stdout.contains("nothing is stored of it"), "{outcome:?}");
}

#[test]
fn why_of_a_function_that_is_not_cached_names_the_nearest() {
    let outcome = filled().run("orchard", ["why", "yeerly"]);
    assert_eq!(outcome.code, 5, "{outcome:?}");
    assert!(outcome.stderr.contains(YEARLY), "{outcome:?}");
}
