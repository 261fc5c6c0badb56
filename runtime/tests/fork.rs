//! A fork has its parent's memory and open files, but neither its threads nor its right to the index.

#![cfg(unix)]
#![allow(unsafe_code, reason = "nothing else forks")]

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use rememo::record::{Digest, Metadata, Record};
use rememo::store::{Claim, DiskOptions, DiskStore, Store};

fn key(n: u8) -> Digest {
    [n; 32]
}

fn record(n: u8) -> Record {
    let mut about = Metadata::default();
    about.function = "f".into();
    about.key = key(n);
    about.codec = "raw".into();
    Record { about, value: vec![n; if n.is_multiple_of(2) { 30 } else { 30_000 }] }
}

fn is_locked(path: &Path) -> bool {
    File::open(path).unwrap().try_lock().is_err()
}

/// What the child does; 0 if all of it was as it should be.
fn child(store: &DiskStore) -> i32 {
    let found = (0..10).all(|n| store.get(&key(n)).is_ok_and(|found| found == Some(record(n))));
    let stored = (10..20).all(|n| store.put(&record(n)).is_ok());
    let again = (10..20).all(|n| store.get(&key(n)).is_ok_and(|found| found == Some(record(n))));
    i32::from(!found) + 2 * i32::from(!stored) + 4 * i32::from(!again)
}

#[test]
fn a_child_reads_and_writes_and_its_end_frees_none_of_its_parents_locks() {
    let folder = tempfile::tempdir().unwrap();
    let v1 = folder.path().join("v1");
    let store = DiskStore::new(folder.path(), DiskOptions::default());
    (0..10).for_each(|n| store.put(&record(n)).unwrap());
    assert!(store.get(&key(100)).unwrap().is_none());
    store.sync().unwrap();
    let Claim::Mine(held) = store.claim(&key(50)) else { panic!("nobody else has it") };
    let claimed = std::fs::read_dir(v1.join("locks")).unwrap().flatten().next().unwrap().path();
    // The parent's threads rest, so that none of them holds a lock when the child is made.
    std::thread::sleep(Duration::from_millis(700));

    // SAFETY: the child calls the store and `_exit`. The C library makes its allocator usable in a fork, and no other thread of
    // this process is inside of the store: the only test here runs, and the merger rests.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "it forks");
    if pid == 0 {
        let status = child(&store);
        // SAFETY: ends this process at once, with no destructor run, as `fork` wants it.
        unsafe { libc::_exit(status) };
    }
    let (mut status, limit) = (0, Instant::now() + Duration::from_secs(30));
    loop {
        // SAFETY: `status` is there for it to write to.
        let ended = unsafe { libc::waitpid(pid, &mut status, libc::WNOHANG) };
        if ended == pid {
            break;
        }
        if Instant::now() > limit {
            // SAFETY: the child wasn't waited for, so the number is still its own.
            unsafe { libc::kill(pid, libc::SIGKILL) };
            panic!("the child hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(status, 0, "the child found what was there and what it stored");

    assert!(is_locked(&v1.join("lock")), "the index is still the parent's");
    assert!(is_locked(&claimed), "and so is the key");
    drop(held);
    assert!(!claimed.exists());
    store.sync().unwrap();
    (0..20).for_each(|n| assert_eq!(store.get(&key(n)).unwrap(), Some(record(n))));
    drop(store);
    let later = DiskStore::new(folder.path(), DiskOptions::default());
    (0..20).for_each(|n| assert_eq!(later.get(&key(n)).unwrap(), Some(record(n))));
    assert_eq!(later.lost(), 0);
}
