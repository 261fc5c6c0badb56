//! `size`, `prune`, `gc`, `verify`, `export` and `import`.

use std::path::Path;

use rememo::record::{Digest, Metadata, Record};
use rememo::store::{DiskOptions, DiskStore, Store};

use crate::world::World;

const YEARLY: &str = "orchard lib orchard::harvest::yearly";
const GONE: &str = "orchard lib orchard::harvest::weekly";
const ELSEWHERE: &str = "vineyard lib vineyard::yearly";

/// A time in Unix milliseconds so long ago that no grace covers it.
const LONG_AGO: u64 = 1_700_000_000_000;

fn key(n: u8) -> Digest {
    let mut key = [n; 32];
    key[0] = n.wrapping_mul(37);
    key
}

fn record(function: &str, n: u8, size: usize) -> Record {
    let mut about = Metadata::default();
    about.function = function.into();
    about.fingerprint = [n; 32];
    about.key = key(n);
    (about.created, about.accessed) = (LONG_AGO + u64::from(n), LONG_AGO + u64::from(n));
    about.compute_ns = 1_000_000_000 * u64::from(n);
    Record { about, value: vec![n; size] }
}

fn store(dir: &Path) -> DiskStore {
    DiskStore::new(dir, DiskOptions::default())
}

/// Ten versions of a function, two of one that is gone, three of another workspace's.
fn filled() -> World {
    let world = World::with("orchard");
    let store = store(&world.path("orchard/.rememo"));
    (1..=10).for_each(|n| store.put(&record(YEARLY, n, if n == 5 { 100_000 } else { 700 })).expect("it can be stored"));
    (11..=12).for_each(|n| store.put(&record(GONE, n, 700)).expect("it can be stored"));
    (13..=15).for_each(|n| store.put(&record(ELSEWHERE, n, 700)).expect("it can be stored"));
    store.sync().expect("it is on disk");
    world
}

fn left(world: &World) -> Vec<u8> {
    let store = store(&world.path("orchard/.rememo"));
    (1..=15).filter(|n| store.get(&key(*n)).expect("the store can be read").is_some()).collect()
}

#[test]
fn size_says_what_the_directory_takes() {
    let outcome = filled().run("orchard", ["size"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stdout.contains("15 entries of 3 functions, 107 KiB of values"), "{outcome:?}");
    let large = outcome.stdout.lines().find(|line| line.starts_with("large results")).expect("a line");
    assert!(large.contains(" 100 KiB "), "{outcome:?}");
}

#[test]
fn prune_leaves_what_fits_and_says_what_went() {
    let world = filled();
    let dry = world.run("orchard", ["prune", "--max-bytes", "9KiB", "--dry-run"]);
    assert!(dry.stdout.starts_with("would remove 6 entries, ") && dry.stdout.contains("\n9 would stay, "), "{dry:?}");
    assert_eq!(left(&world).len(), 15);
    let outcome = world.run("orchard", ["prune", "--max-bytes", "9KiB"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stdout.starts_with("removed 6 entries, "), "{outcome:?}");
    assert_eq!(left(&world), [7, 8, 9, 10, 11, 12, 13, 14, 15], "what took longest for its size");
    world.run("orchard", ["prune", "--max-entries", "2"]);
    assert_eq!(left(&world), [14, 15]);
    world.run("orchard", ["prune", "--unused-for", "30d"]);
    assert!(left(&world).is_empty());
}

#[test]
fn prune_to_zero_is_no_limit_and_without_a_limit_it_asks_for_one() {
    let world = filled();
    assert_eq!(world.run("orchard", ["prune", "--max-bytes", "0"]).code, 0);
    assert_eq!(left(&world).len(), 15);
    assert_eq!(world.run("orchard", ["prune"]).code, 2);
    assert_eq!(world.run("orchard", ["prune", "--max-bytes", "lots"]).code, 2);
}

#[test]
fn gc_keeps_the_last_versions_and_drops_what_left_the_code() {
    let world = filled();
    let dry = world.run("orchard", ["gc", "--dry-run"]);
    assert!(dry.stdout.starts_with("would remove 9 entries"), "{dry:?}");
    let outcome = world.run("orchard", ["gc"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert_eq!(left(&world), [8, 9, 10, 13, 14, 15], "another workspace's may be in use there");
    world.run("orchard", ["gc", "--keep-versions", "1"]);
    assert_eq!(left(&world), [10, 15]);
}

#[test]
fn gc_within_the_grace_removes_nothing() {
    let world = filled();
    assert!(world.run("orchard", ["gc", "--grace", "999999d"]).stdout.starts_with("removed 0 entries"));
    assert_eq!(left(&world).len(), 15);
}

#[test]
fn verify_finds_what_is_damaged_and_drops_it() {
    let world = filled();
    let outcome = world.run("orchard", ["verify"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(outcome.stdout.starts_with("15 entries are whole, 107 KiB"), "{outcome:?}");
    let name: String = key(5).iter().map(|byte| format!("{byte:02x}")).collect();
    let blob = world.path("orchard/.rememo/v1/blobs").join(&name[..2]).join(name);
    let mut bytes = std::fs::read(&blob).expect("a file of its own");
    bytes[50_000] ^= 4;
    std::fs::write(&blob, bytes).expect("it can be written");
    let outcome = world.run("orchard", ["verify"]);
    assert_eq!(outcome.code, 8, "{outcome:?}");
    assert!(outcome.stdout.contains("1 were damaged or lost"), "{outcome:?}");
    assert_eq!(world.run("orchard", ["verify"]).code, 0, "it is dropped");
}

#[test]
fn what_is_exported_can_be_imported_elsewhere() {
    let world = filled();
    let dry = world.run("orchard", ["export", "all.rememo", "--dry-run"]);
    assert!(dry.stdout.starts_with("would export 15 entries") && !world.path("orchard/all.rememo").exists(), "{dry:?}");
    let outcome = world.run("orchard", ["export", "all.rememo"]);
    assert!(outcome.stdout.starts_with("exported 15 entries, 107 KiB, to all.rememo"), "{outcome:?}");
    let again = world.run("orchard", ["export", "all.rememo"]);
    assert_eq!(again.code, 9, "{again:?}");
    assert!(again.stderr.contains("give --force to write over it"), "{again:?}");
    assert_eq!(world.run("orchard", ["export", "all.rememo", "--force"]).code, 0);

    let dry = world.run("orchard", ["import", "all.rememo", "--dir", "../other", "--dry-run"]);
    assert!(dry.stdout.starts_with("would import 15 entries") && !world.path("other").exists(), "{dry:?}");
    let outcome = world.run("orchard", ["import", "all.rememo", "--dir", "../other"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(world.run("orchard", ["verify", "--dir", "../other"]).stdout.starts_with("15 entries are whole"));
    let again = world.run("orchard", ["import", "all.rememo", "--dir", "../other"]);
    assert!(again.stdout.contains("15 were there already"), "{again:?}");
}

#[test]
fn an_export_may_be_of_some_functions() {
    let world = filled();
    let outcome = world.run("orchard", ["export", "some.rememo", "weekly"]);
    assert!(outcome.stdout.starts_with("exported 2 entries"), "{outcome:?}");
    assert_eq!(world.run("orchard", ["export", "none.rememo", "daily"]).code, 5);
}

#[test]
fn an_import_refuses_other_results_and_damaged_archives_before_it_writes() {
    let world = filled();
    world.run("orchard", ["export", "all.rememo"]);
    store(&world.path("other")).put(&record(YEARLY, 3, 1)).expect("it can be stored");
    let refused = world.run("orchard", ["import", "all.rememo", "--dir", "../other"]);
    assert_eq!(refused.code, 9, "{refused:?}");
    assert!(refused.stderr.contains("1 of its entries are in ") && refused.stderr.contains("--replace"), "{refused:?}");
    assert!(world.run("orchard", ["verify", "--dir", "../other"]).stdout.starts_with("1 entries are whole, 1 B"));
    let kept = world.run("orchard", ["import", "all.rememo", "--dir", "../other", "--keep"]);
    assert!(
        kept.stdout.starts_with("imported 14 entries") && kept.stdout.contains("1 are there with another"),
        "{kept:?}"
    );
    let replaced = world.run("orchard", ["import", "all.rememo", "--dir", "../other", "--replace"]);
    assert!(replaced.stdout.starts_with("imported 1 entries"), "{replaced:?}");

    let mut bytes = std::fs::read(world.path("orchard/all.rememo")).expect("the archive");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(world.path("orchard/all.rememo"), bytes).expect("it can be written");
    let damaged = world.run("orchard", ["import", "all.rememo", "--dir", "../third"]);
    assert_eq!(damaged.code, 9, "{damaged:?}");
    assert!(damaged.stderr.contains("the archive is damaged"), "{damaged:?}");
    assert!(!world.path("third").exists(), "the whole archive is checked first");
}

#[test]
fn every_command_works_while_a_program_uses_the_directory() {
    let world = filled();
    // It has the index from here on.
    let program = store(&world.path("orchard/.rememo"));
    assert!(program.get(&key(1)).expect("the store can be read").is_some());
    assert!(program.get(&key(200)).expect("the store can be read").is_none());
    assert!(world.run("orchard", ["size"]).stdout.contains("15 entries"));
    assert!(world.run("orchard", ["verify"]).stdout.starts_with("15 entries are whole"));
    assert!(world.run("orchard", ["export", "all.rememo"]).stdout.starts_with("exported 15 entries"));
    assert!(world.run("orchard", ["gc"]).stdout.starts_with("removed 9 entries"));
    assert!(world.run("orchard", ["ls"]).stdout.contains("orchard::harvest::yearly"));
    assert!(world.run("orchard", ["prune", "--max-entries", "3"]).stdout.starts_with("removed 3 entries"));
    assert!(world.run("orchard", ["size"]).stdout.contains("3 entries"));
    assert!(world.run("orchard", ["clear", "--all"]).stdout.starts_with("removed 3 entries"));
    assert!(world.run("orchard", ["import", "all.rememo"]).stdout.starts_with("imported 15 entries"));
    assert!(world.run("orchard", ["size"]).stdout.contains("15 entries"));
    program.sync().expect("it is on disk");
    assert!(program.get(&key(5)).expect("the store can be read").is_some());
}
