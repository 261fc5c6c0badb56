//! Care of the space, archives, and stores of all kinds: what the commands of `cargo rememo` rest on.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use rememo::record::{Digest, Metadata, Record};
use rememo::store::{
    ArchiveError, Clear, Code, DiskOptions, DiskStore, Entry, Existing, Gc, Limits, Listing, LoggedStore, Manifest,
    MemoryStore, NullStore, Prune, Store, StoreError, TieredStore, check_store, export, gc, import, prune, verify,
};

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
const NOW: u64 = 1_800_000_000_000;

fn key(n: u64) -> Digest {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    key[24..].copy_from_slice(&n.to_be_bytes());
    key
}

/// Computed and last used some days ago.
fn record(n: u64, size: usize, compute_ns: u64, days: u64) -> Record {
    let mut about = Metadata::default();
    about.function = format!("package lib package::f{}", n % 2);
    about.key = key(n);
    about.codec = "raw".into();
    about.compute_ns = compute_ns;
    (about.created, about.accessed) = (NOW - days * DAY, NOW - days * DAY);
    Record { about, value: vec![n as u8; size] }
}

fn disk(folder: &Path) -> DiskStore {
    DiskStore::new(folder.join(".rememo"), DiskOptions::default())
}

fn both(check: impl Fn(&dyn Store)) {
    check(&MemoryStore::new());
    let folder = tempfile::tempdir().unwrap();
    check(&disk(folder.path()));
    // Beside a process that has the index.
    let folder = tempfile::tempdir().unwrap();
    let owner = disk(folder.path());
    owner.put(&record(999, 1, 1, 1)).unwrap();
    assert!(owner.get(&key(998)).unwrap().is_none());
    owner.clear(&Clear::All).unwrap();
    check(&disk(folder.path()));
}

fn there(store: &dyn Store, of: std::ops::Range<u64>) -> Vec<u64> {
    of.filter(|n| store.get(&key(*n)).unwrap().is_some()).collect()
}

fn count(store: &dyn Store) -> u64 {
    store.entries(&mut |_| ()).unwrap().entries
}

// ---- stores ----

#[test]
fn every_store_conforms() {
    check_store(MemoryStore::new).unwrap();
    check_store(|| TieredStore::new(MemoryStore::new(), MemoryStore::new())).unwrap();
    check_store(|| TieredStore::new(NullStore, MemoryStore::new())).unwrap();
    check_store(|| LoggedStore::new(MemoryStore::new(), |_| ())).unwrap();
    check_store(|| disk(&tempfile::tempdir().unwrap().keep())).unwrap();
    check_store(Outsider::default).unwrap();
}

/// A store as someone outside would write it.
#[derive(Default)]
struct Outsider(Mutex<HashMap<Digest, Vec<u8>>>);

impl Store for Outsider {
    fn get(&self, key: &Digest) -> Result<Option<Record>, StoreError> {
        Ok(self.0.lock().unwrap().get(key).and_then(|bytes| Record::decode(bytes).ok()))
    }

    fn put(&self, record: &Record) -> Result<(), StoreError> {
        self.0.lock().unwrap().insert(record.about.key, record.encode());
        Ok(())
    }

    fn remove(&self, key: &Digest) -> Result<bool, StoreError> {
        Ok(self.0.lock().unwrap().remove(key).is_some())
    }

    fn entries(&self, visit: &mut dyn FnMut(Entry)) -> Result<Listing, StoreError> {
        let mut listing = Listing::default();
        for record in self.0.lock().unwrap().values().filter_map(|bytes| Record::decode(bytes).ok()) {
            listing.add(&record);
            visit(Entry::of(&record));
        }
        Ok(listing)
    }

    fn location(&self) -> String {
        "outside".into()
    }
}

#[test]
fn a_store_that_forgets_is_found_out() {
    let error = check_store(|| NullStore).unwrap_err();
    assert!(error.starts_with("a record that was put is got as it was: "), "{error}");
}

#[test]
fn what_is_found_far_away_is_copied_near() {
    let (near, far) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    disk(far.path()).put(&record(1, 10, 1, 1)).unwrap();
    let tiered = TieredStore::new(disk(near.path()), disk(far.path()));
    assert!(tiered.get(&key(1)).unwrap().is_some());
    assert!(disk(near.path()).get(&key(1)).unwrap().is_some());
    // A near store that can't be written is no obstacle.
    let broken = near.path().join("file");
    fs::write(&broken, "").unwrap();
    let tiered = TieredStore::new(DiskStore::new(&broken, DiskOptions::default()), disk(far.path()));
    tiered.put(&record(2, 10, 1, 1)).unwrap();
    assert!(tiered.get(&key(2)).unwrap().is_some());
}

// ---- prune ----

#[test]
fn what_saves_least_for_its_size_and_age_goes_first() {
    both(|store| {
        // Cheap and large, dear and small, dear but long unused, of the last hour.
        store.put(&record(1, 100_000, 1_000_000, 1)).unwrap();
        store.put(&record(2, 100, 1_000_000_000, 1)).unwrap();
        store.put(&record(3, 100, 1_000_000_000, 200)).unwrap();
        store.put(&record(4, 100_000, 10, 0)).unwrap();
        let to = |entries| Prune::to(Limits { entries, bytes: 0 });
        let would = prune(store, &to(2).dry_run(true), NOW, &mut |_, _| ()).unwrap();
        assert_eq!((would.entries, would.kept, there(store, 1..5)), (2, 2, vec![1, 2, 3, 4]));
        prune(store, &to(3), NOW, &mut |_, _| ()).unwrap();
        assert_eq!(there(store, 1..5), [1, 2, 4], "three months without use weigh more than what it took");
        prune(store, &to(2), NOW, &mut |_, _| ()).unwrap();
        assert_eq!(there(store, 1..5), [2, 4]);
        prune(store, &to(1), NOW, &mut |_, _| ()).unwrap();
        assert_eq!(there(store, 1..5), [4], "the newest stays");
        prune(store, &Prune::to(Limits { entries: 0, bytes: 1 }), NOW, &mut |_, _| ()).unwrap();
        assert_eq!(there(store, 1..5), [4], "whatever its size");
    });
}

#[test]
fn a_limit_of_bytes_is_kept() {
    both(|store| {
        for n in 0..50 {
            store.put(&record(n, 10_000, 1000 * n, 2)).unwrap();
        }
        let removed = prune(store, &Prune::to(Limits { bytes: 200_000, entries: 0 }), NOW, &mut |_, _| ()).unwrap();
        assert!(removed.kept_bytes <= 200_000 && removed.kept_bytes > 150_000, "{removed:?}");
        assert_eq!(count(store), removed.kept);
        assert_eq!(removed.entries + removed.kept, 50);
    });
}

#[test]
fn a_limit_of_zero_is_none_and_deletes_nothing() {
    both(|store| {
        (0..20).for_each(|n| store.put(&record(n, 100, 1, 400)).unwrap());
        let removed = prune(store, &Prune::to(Limits { bytes: 0, entries: 0 }), NOW, &mut |_, _| ()).unwrap();
        assert_eq!((removed.entries, count(store)), (0, 20));
    });
}

#[test]
fn what_was_not_used_for_long_goes_and_a_clock_set_back_removes_nothing() {
    both(|store| {
        (0..10).for_each(|n| store.put(&record(n, 100, 1, 10 * n)).unwrap());
        let how = Prune::default().unused_for(Duration::from_millis(50 * DAY));
        assert_eq!(prune(store, &how, NOW - 500 * DAY, &mut |_, _| ()).unwrap().entries, 0);
        assert_eq!(prune(store, &how, NOW, &mut |_, _| ()).unwrap().entries, 5);
        assert_eq!(there(store, 0..10), [0, 1, 2, 3, 4]);
    });
}

#[test]
fn a_store_with_limits_keeps_them_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let options = DiskOptions::default().limits(Limits { entries: 500, bytes: 0 });
    {
        let store = DiskStore::new(folder.path().join(".rememo"), options.clone());
        for n in 0..3000 {
            assert!(store.get(&key(n)).unwrap().is_none());
            store.put(&record(n, 50, n, 2)).unwrap();
        }
    }
    let left = count(&disk(folder.path()));
    assert!((400..=525).contains(&left), "{left}");
    assert!(disk(folder.path()).get(&key(2999)).unwrap().is_some(), "what took longest to compute");
    // Zero deletes nothing.
    let store = DiskStore::new(folder.path().join(".rememo"), options.limits(Limits::default()));
    assert!(store.get(&key(1_000_000)).unwrap().is_none());
    store.sync().unwrap();
    assert_eq!(count(&store), left);
}

// ---- gc ----

fn version(n: u64, fingerprint: u8, days: u64) -> Record {
    let mut record = record(2 * n, 10, 1, days);
    record.about.fingerprint = [fingerprint; 32];
    record
}

#[test]
fn versions_that_were_used_last_stay_and_so_do_those_within_the_grace() {
    both(|store| {
        for (n, days) in [(0, 400), (1, 300), (2, 200), (3, 100), (4, 10)] {
            store.put(&version(n, n as u8, days)).unwrap();
        }
        let unknown = |_: &str, _: &Digest| Code::Unknown;
        let how = Gc::default().versions(2).grace(Duration::from_millis(250 * DAY));
        assert_eq!(gc(store, &how.clone().dry_run(true), &unknown, NOW, &mut |_, _| ()).unwrap().entries, 2);
        assert_eq!(count(store), 5);
        gc(store, &how, &unknown, NOW, &mut |_, _| ()).unwrap();
        assert_eq!(there(store, 0..10), [4, 6, 8], "two by number, one by grace");
        // Switching between two versions stays warm however long it takes.
        let how = Gc::default().versions(2).grace(Duration::ZERO);
        gc(store, &how, &unknown, NOW, &mut |_, _| ()).unwrap();
        assert_eq!(there(store, 0..10), [6, 8]);
    });
}

#[test]
fn code_that_is_current_stays_and_code_that_is_gone_has_the_grace_alone() {
    both(|store| {
        for (n, days) in [(0, 400), (1, 300), (2, 200), (3, 5)] {
            store.put(&version(n, n as u8, days)).unwrap();
        }
        let current = |_: &str, fingerprint: &Digest| if fingerprint[0] == 0 { Code::Current } else { Code::Gone };
        gc(store, &Gc::default(), &current, NOW, &mut |_, _| ()).unwrap();
        assert_eq!(there(store, 0..8), [0, 6]);
    });
}

// ---- verify ----

#[test]
fn verify_reads_every_record_and_drops_what_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let store = disk(folder.path());
    (0..6).for_each(|n| store.put(&record(n, if n < 2 { 40_000 } else { 40 }, 1, 1)).unwrap());
    assert_eq!(verify(&store, &mut |_, _| ()).unwrap().whole, 6);
    let name: String = key(1).iter().map(|byte| format!("{byte:02x}")).collect();
    let blob = folder.path().join(".rememo/v1/blobs").join(&name[..2]).join(&name);
    let mut bytes = fs::read(&blob).unwrap();
    bytes[30_000] ^= 1;
    fs::write(&blob, bytes).unwrap();
    let found = verify(&store, &mut |_, _| ()).unwrap();
    assert_eq!((found.whole, found.unreadable, store.lost()), (5, 1, 1));
    assert_eq!(verify(&store, &mut |_, _| ()).unwrap().unreadable, 0);
}

// ---- archives ----

fn filled() -> MemoryStore {
    let store = MemoryStore::new();
    (0..40).for_each(|n| store.put(&record(n, if n % 10 == 0 { 50_000 } else { 30 }, n, 1)).unwrap());
    store
        .put_manifest(&Manifest::new("package lib package::f0", [7; 32], 5, "ab\tfn\tp::f0\tsrc/lib.rs\t3\n"))
        .unwrap();
    store
}

fn archive(store: &dyn Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    export(store, &|_| true, &mut bytes, &mut |_| ()).unwrap();
    bytes
}

#[test]
fn an_archive_brings_everything_to_another_directory() {
    let bytes = archive(&filled());
    assert_eq!(bytes, archive(&filled()), "the same records give the same archive");
    both(|store| {
        let done = import(&mut &bytes[..], store, Existing::Refuse, &mut |_| ()).unwrap();
        assert_eq!((done.records, done.manifests, done.same), (40, 1, 0));
        for n in 0..40 {
            assert_eq!(store.get(&key(n)).unwrap(), filled().get(&key(n)).unwrap());
        }
        assert_eq!(store.manifests(None).unwrap(), filled().manifests(None).unwrap());
        assert_eq!(archive(store), bytes);
        let again = import(&mut &bytes[..], store, Existing::Refuse, &mut |_| ()).unwrap();
        assert_eq!((again.records, again.same), (0, 40));
    });
}

#[test]
fn an_archive_may_hold_some_functions_only() {
    let mut bytes = Vec::new();
    let done = export(&filled(), &|function| function.ends_with("f1"), &mut bytes, &mut |_| ()).unwrap();
    assert_eq!((done.records, done.manifests), (20, 0));
}

#[test]
fn an_import_overwrites_nothing_unless_it_is_told_to() {
    let bytes = archive(&filled());
    let store = MemoryStore::new();
    let mine = record(3, 77, 5, 5);
    store.put(&mine).unwrap();
    let would = import(&mut &bytes[..], &store, Existing::Compare, &mut |_| ()).unwrap();
    assert_eq!((would.records, would.different, count(&store)), (39, 1, 1));
    let error = import(&mut &bytes[..], &store, Existing::Refuse, &mut |_| ()).unwrap_err();
    assert!(matches!(error, ArchiveError::Exists { .. }), "{error}");
    import(&mut &bytes[..], &store, Existing::Keep, &mut |_| ()).unwrap();
    assert_eq!(store.get(&key(3)).unwrap(), Some(mine));
    import(&mut &bytes[..], &store, Existing::Replace, &mut |_| ()).unwrap();
    assert_eq!(store.get(&key(3)).unwrap(), filled().get(&key(3)).unwrap());
}

#[test]
fn a_damaged_archive_is_refused_and_gives_no_wrong_record() {
    let store = MemoryStore::new();
    (0..4).for_each(|n| store.put(&record(n, 30, n, 1)).unwrap());
    let bytes = archive(&store);
    let check = |bytes: &[u8], what: String| {
        let to = MemoryStore::new();
        assert!(import(&mut &*bytes, &to, Existing::Refuse, &mut |_| ()).is_err(), "{what}");
        for n in 0..4 {
            assert!(to.get(&key(n)).unwrap().is_none_or(|found| found == record(n, 30, n, 1)), "{what}");
        }
    };
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        check(&changed, format!("byte {at}"));
        check(&bytes[..at], format!("cut at {at}"));
    }
}
