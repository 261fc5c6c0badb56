//! What every store must do, shown on each of them, and what only a store on disk can get wrong.

mod folders;

use std::fs;
use std::path::{Path, PathBuf};

use folders::{copy, files};
use rememo::record::{Digest, Input, Metadata, Record};
use rememo::store::{Claim, Clear, DiskOptions, DiskStore, Durability, Manifest, MemoryStore, Store, StoreError};

fn key(n: u64) -> Digest {
    let mut key = [0; 32];
    // The first byte chooses folders and locks: spread it.
    key[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    key[24..].copy_from_slice(&n.to_be_bytes());
    key
}

fn record(n: u64, size: usize) -> Record {
    let mut about = Metadata::default();
    about.function = format!("package 0.1.0 lib package::f{}", n % 3);
    about.key = key(n);
    about.created = 1_700_000_000_000 + n;
    about.codec = "raw".into();
    Record { about, value: (0..size).map(|i| (i as u64 ^ n.wrapping_mul(31)) as u8).collect() }
}

/// Small, on the edge of what the index takes, and large.
const SIZES: [usize; 6] = [0, 1, 1000, 16_000, 16_384, 300_000];

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join(".rememo")
    }

    fn store(&self) -> DiskStore {
        DiskStore::new(self.path(), DiskOptions::default())
    }

    fn v1(&self, name: &str) -> PathBuf {
        self.path().join("v1").join(name)
    }
}

fn entries(store: &dyn Store) -> Vec<(Digest, u64)> {
    let mut found = Vec::new();
    store.entries(&mut |entry| found.push((entry.about.key, entry.value_bytes))).unwrap();
    found.sort();
    found
}

fn every_store(check: impl Fn(&dyn Store)) {
    check(&MemoryStore::new());
    let folder = Folder::new();
    check(&folder.store());
    let folder = Folder::new();
    check(&DiskStore::new(folder.path(), DiskOptions::default().durability(Durability::Disk)));
    // One that owns its index from the start, and one whose index another has.
    let folder = Folder::new();
    let owner = folder.store();
    owner.put(&record(999, 1)).unwrap();
    assert!(owner.get(&key(998)).unwrap().is_none());
    owner.clear(&Clear::All).unwrap();
    check(&owner);
    owner.clear(&Clear::All).unwrap();
    check(&folder.store());
}

#[test]
fn a_record_that_was_put_is_got() {
    every_store(|store| {
        for (n, size) in SIZES.into_iter().enumerate() {
            assert_eq!(store.get(&key(n as u64)).unwrap(), None);
            store.put(&record(n as u64, size)).unwrap();
            assert_eq!(store.get(&key(n as u64)).unwrap(), Some(record(n as u64, size)));
        }
        store.sync().unwrap();
        for (n, size) in SIZES.into_iter().enumerate() {
            assert_eq!(store.get(&key(n as u64)).unwrap(), Some(record(n as u64, size)), "after sync");
        }
    });
}

#[test]
fn the_record_put_last_under_a_key_is_got_whatever_their_sizes() {
    every_store(|store| {
        for sizes in [[10, 300_000], [300_000, 10], [10, 20], [300_000, 400_000]] {
            for size in sizes {
                store.put(&record(7, size)).unwrap();
                assert_eq!(store.get(&key(7)).unwrap().unwrap().value.len(), size);
            }
            store.sync().unwrap();
            assert_eq!(store.get(&key(7)).unwrap().unwrap().value.len(), sizes[1]);
        }
    });
}

#[test]
fn a_removed_record_is_gone() {
    every_store(|store| {
        for size in [10, 300_000] {
            assert!(!store.remove(&key(5)).unwrap());
            store.put(&record(5, size)).unwrap();
            assert!(store.remove(&key(5)).unwrap());
            assert_eq!(store.get(&key(5)).unwrap(), None);
            store.put(&record(5, size)).unwrap();
            store.sync().unwrap();
            assert!(store.remove(&key(5)).unwrap());
            store.sync().unwrap();
            assert_eq!(store.get(&key(5)).unwrap(), None);
        }
    });
}

#[test]
fn clearing_one_function_keeps_the_others() {
    every_store(|store| {
        for n in 0..30 {
            store.put(&record(n, if n % 2 == 0 { 10 } else { 30_000 })).unwrap();
        }
        store.clear(&Clear::Function("package 0.1.0 lib package::f1")).unwrap();
        for n in 0..30 {
            assert_eq!(store.get(&key(n)).unwrap().is_some(), n % 3 != 1, "record {n}");
        }
        assert_eq!(entries(store).len(), 20);
        store.clear(&Clear::All).unwrap();
        assert_eq!(entries(store), []);
        store.put(&record(1, 10)).unwrap();
        assert!(store.get(&key(1)).unwrap().is_some(), "a store that was cleared takes new records");
    });
}

#[test]
fn a_listing_shows_each_record_once_with_the_size_of_its_value() {
    every_store(|store| {
        let mut expected = Vec::new();
        for (n, size) in SIZES.into_iter().enumerate() {
            store.put(&record(n as u64, size)).unwrap();
            expected.push((key(n as u64), size as u64));
        }
        expected.sort();
        assert_eq!(entries(store), expected);
        store.sync().unwrap();
        assert_eq!(entries(store), expected);
    });
}

#[test]
fn a_manifest_is_kept_once_per_function_and_fingerprint() {
    every_store(|store| {
        let manifest =
            |f: &str, print: u8, created| Manifest::new(f, [print; 32], created, "ab\tfn\tp::f\tsrc/a.rs\t3\n");
        store.put_manifest(&manifest("p f\nwith a line break", 1, 10)).unwrap();
        store.put_manifest(&manifest("p f\nwith a line break", 1, 99)).unwrap();
        store.put_manifest(&manifest("p f\nwith a line break", 2, 20)).unwrap();
        store.put_manifest(&manifest("p g", 1, 15)).unwrap();
        let found = store.manifests(Some("p f\nwith a line break")).unwrap();
        assert_eq!(found.iter().map(|m| (m.fingerprint[0], m.created)).collect::<Vec<_>>(), [(2, 20), (1, 10)]);
        assert_eq!(store.manifests(None).unwrap().len(), 3);
        assert_eq!(store.manifest("p g", &[1; 32]).unwrap(), Some(manifest("p g", 1, 15)));
        assert_eq!(store.manifest("p g", &[2; 32]).unwrap(), None);
    });
}

#[test]
fn records_with_thousands_of_inputs_are_kept_whole() {
    every_store(|store| {
        let mut record = record(3, 100);
        record.about.inputs = (0..5000).map(|n| Input::new("file", format!("data/{n}.csv"), Some(key(n)))).collect();
        store.put(&record).unwrap();
        store.sync().unwrap();
        assert_eq!(store.get(&key(3)).unwrap(), Some(record));
    });
}

#[test]
fn reading_makes_no_directory() {
    let folder = Folder::new();
    let store = folder.store();
    assert_eq!(store.get(&key(1)).unwrap(), None);
    assert!(!store.remove(&key(1)).unwrap());
    store.clear(&Clear::All).unwrap();
    store.sync().unwrap();
    assert_eq!(entries(&store), []);
    assert!(!folder.path().exists());
}

#[test]
fn the_directory_ignores_itself_for_git_and_is_tagged_as_a_cache() {
    let folder = Folder::new();
    folder.store().put(&record(1, 1)).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join(".gitignore")).unwrap(), "*\n");
    let tag = fs::read_to_string(folder.path().join("CACHEDIR.TAG")).unwrap();
    assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"), "{tag}");
}

#[test]
fn closing_merges_what_was_published_and_a_later_store_finds_it() {
    let folder = Folder::new();
    {
        let store = folder.store();
        for n in 0..500 {
            assert_eq!(store.get(&key(n)).unwrap(), None);
            store.put(&record(n, 50)).unwrap();
        }
    }
    assert_eq!(files(&folder.v1("spool")), [] as [PathBuf; 0]);
    assert_eq!(files(&folder.v1("merging")), [] as [PathBuf; 0]);
    let store = folder.store();
    for n in 0..500 {
        assert_eq!(store.get(&key(n)).unwrap(), Some(record(n, 50)));
    }
    assert_eq!(store.lost(), 0);
}

#[test]
fn a_second_store_on_the_directory_reads_all_that_the_first_has() {
    let folder = Folder::new();
    let owner = folder.store();
    owner.put(&record(0, 1)).unwrap();
    assert!(owner.get(&key(100)).unwrap().is_none());
    owner.put(&record(1, 300_000)).unwrap();
    owner.sync().unwrap();

    let other = folder.store();
    assert_eq!(other.get(&key(1)).unwrap(), Some(record(1, 300_000)), "large records need no index");
    assert_eq!(other.get(&key(0)).unwrap(), Some(record(0, 1)), "the owner has merged it, and answers");
    assert_eq!(other.get(&key(5)).unwrap(), None);
    assert_eq!(entries(&other), entries(&owner));
    assert_eq!(other.entries(&mut |_| {}).unwrap().hidden, None);

    other.put(&record(2, 10)).unwrap();
    assert_eq!(other.get(&key(2)).unwrap(), Some(record(2, 10)));
    assert_eq!(owner.get(&key(2)).unwrap(), Some(record(2, 10)), "what the other published, the owner sees");
    drop(owner);
    assert_eq!(other.get(&key(0)).unwrap(), Some(record(0, 1)), "the other has taken the index over");
}

#[test]
fn a_directory_of_a_newer_release_is_left_alone() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path().join("v2")).unwrap();
    let store = folder.store();
    assert_eq!(store.get(&key(1)).unwrap(), None);
    let error = store.put(&record(1, 1)).unwrap_err();
    assert!(matches!(error, StoreError::Newer { version: 2, .. }), "{error}");
    assert!(error.to_string().contains("REMEMO_DIR"), "{error}");
    assert_eq!(files(&folder.path()), [] as [PathBuf; 0]);
}

#[test]
fn a_directory_deleted_while_in_use_is_made_again() {
    let folder = Folder::new();
    let store = folder.store();
    for round in 0..3 {
        for n in 0..20 {
            assert_eq!(store.get(&key(100 * round + n)).unwrap(), None);
            store.put(&record(100 * round + n, if n % 5 == 0 { 30_000 } else { 30 })).unwrap();
        }
        if round == 1 {
            store.sync().unwrap();
        }
        // The merger may put a file there at the same moment.
        while folder.path().exists() {
            let _ = fs::remove_dir_all(folder.path());
        }
    }
    store.put(&record(1000, 10)).unwrap();
    store.sync().unwrap();
    drop(store);
    assert_eq!(folder.store().get(&key(1000)).unwrap(), Some(record(1000, 10)));
}

#[test]
fn a_path_that_is_no_directory_gives_errors_and_no_panic() {
    let folder = Folder::new();
    fs::write(folder.path(), "a file").unwrap();
    let store = folder.store();
    assert_eq!(store.get(&key(1)).unwrap(), None);
    let error = store.put(&record(1, 1)).unwrap_err();
    assert!(error.to_string().contains(".rememo"), "{error}");
}

#[test]
fn use_is_noted_by_the_hour() {
    let folder = Folder::new();
    let store = folder.store();
    for size in [10, 300_000] {
        store.put(&record(1, size)).unwrap();
        assert!(store.get(&key(2)).unwrap().is_none());
        store.sync().unwrap();
        let about = store.get(&key(1)).unwrap().unwrap().about;
        store.touch(&about, about.accessed + 60_000);
        assert_eq!(store.get(&key(1)).unwrap().unwrap().about.accessed, about.accessed);
        store.touch(&about, about.accessed + 4_000_000);
        assert_eq!(store.get(&key(1)).unwrap().unwrap().about.accessed, about.accessed + 4_000_000);
    }
}

#[test]
fn a_key_can_be_claimed_once_at_a_time_and_again_whatever_was_left_behind() {
    let folder = Folder::new();
    let (one, other) = (folder.store(), folder.store());
    let Claim::Mine(held) = one.claim(&key(1)) else { panic!("nobody else has it") };
    held.waits_for(&[key(2), key(3)]);
    let Claim::Taken(waits) = other.claim(&key(1)) else { panic!("it is taken") };
    assert_eq!((waits, other.claimant_waits_for(&key(1))), (vec![key(2), key(3)], vec![key(2), key(3)]));
    drop(held);
    assert_eq!(files(&folder.v1("locks")), [] as [PathBuf; 0]);
    // What kills leave: a file that was about to be removed, and others.
    let name: String = key(1).iter().map(|byte| format!("{byte:02x}")).collect();
    for left in [&b"x"[..], b"", b"c", b"cxyz", &[b'c'; 100_000]] {
        fs::write(folder.v1("locks").join(&name), left).unwrap();
        assert!(other.claimant_waits_for(&key(1)).is_empty(), "nobody has it");
        let Claim::Mine(held) = one.claim(&key(1)) else { panic!("nobody has it") };
        assert!(matches!(other.claim(&key(1)), Claim::Taken(waits) if waits.is_empty()));
        drop(held);
    }
}

/// What the first release wrote: two records in the spool, a large one, a manifest. Later ones must read it, or call
/// their layout by another number.
#[test]
fn a_directory_of_the_first_release_is_read() {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/cache-dirs/v1");
    if std::env::var_os("REMEMO_WRITE_FIXTURE").is_some() {
        write_first_release(&original);
    }
    let folder = Folder::new();
    copy(&original, &folder.v1(""));
    let store = folder.store();
    for (n, size) in [(1, 10), (2, 1000), (3, 20_000)] {
        assert_eq!(store.get(&key(n)).unwrap(), Some(record(n, size)));
    }
    let manifests = store.manifests(None).unwrap();
    assert_eq!(
        manifests,
        [Manifest::new("package 0.1.0 lib package::f1", [7; 32], 5, "ab\tfn\tpackage::f1\tsrc/lib.rs\t3\n")]
    );
}

/// The same after a merge: records in the engine's own files, a large one, a count without a checksum.
#[test]
fn an_index_of_the_first_release_is_read() {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/cache-dirs/v1-index");
    if std::env::var_os("REMEMO_WRITE_FIXTURE").is_some() {
        let folder = Folder::new();
        let store = folder.store();
        (0..40).for_each(|n| store.put(&record(n, 10 * n as usize)).unwrap());
        store.put(&record(40, 20_000)).unwrap();
        assert!(store.get(&key(1000)).unwrap().is_none());
        drop(store);
        fs::write(folder.v1("count"), "41\n").unwrap();
        for file in files(&folder.v1("")).iter().filter(|path| !path.ends_with("lock")) {
            let target = original.join(file.strip_prefix(folder.v1("")).unwrap());
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(file, target).unwrap();
        }
    }
    let folder = Folder::new();
    copy(&original, &folder.v1(""));
    let store = folder.store();
    for n in 0..40 {
        assert_eq!(store.get(&key(n)).unwrap(), Some(record(n, 10 * n as usize)));
    }
    assert_eq!(store.get(&key(40)).unwrap(), Some(record(40, 20_000)));
    store.sync().unwrap();
    assert_eq!(store.lost(), 0);
}

fn write_first_release(to: &Path) {
    let folder = Folder::new();
    let store = folder.store();
    for (n, size) in [(1, 10), (2, 1000), (3, 20_000)] {
        store.put(&record(n, size)).unwrap();
    }
    let items = "ab\tfn\tpackage::f1\tsrc/lib.rs\t3\n";
    store.put_manifest(&Manifest::new("package 0.1.0 lib package::f1", [7; 32], 5, items)).unwrap();
    copy(&folder.v1(""), to);
}
