//! Any byte of a small directory flipped, any file cut off at every 64th byte, one at a time: never a wrong value, never a
//! panic, and the directory heals and says what was lost.
//!
//! `cargo test` does some of each file. All of it, in an hour or so:
//!
//! ```text
//! REMEMO_DAMAGE=all cargo test --release -p rememo --test damage -- --nocapture
//! ```
//!
//! The cases are done by other processes, this test binary again, so that what hangs or aborts is seen for what it is.

mod folders;

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use folders::{copy, files};
use rememo::record::{Digest, Metadata, Record};
use rememo::store::{DiskOptions, DiskStore, Manifest, Store};

const TASK: &str = "REMEMO_TEST_DAMAGE_TASK";
const FOLDER: &str = "REMEMO_TEST_DAMAGE_FOLDER";

const RECORDS: u64 = 24;
const LARGE: u64 = 2;

fn mix(mut n: u64) -> u64 {
    n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn key(n: u64) -> Digest {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&mix(n).to_be_bytes());
    key[24..].copy_from_slice(&n.to_be_bytes());
    key
}

fn record(n: u64) -> Record {
    let mut about = Metadata::default();
    about.function = "f".into();
    about.key = key(n);
    about.codec = "test".into();
    let size = if n < LARGE { 17_000 } else { 40 + n };
    Record { about, value: (0..size).map(|i| mix(n.wrapping_mul(1_000_003) + i) as u8).collect() }
}

fn open(folder: &Path) -> DiskStore {
    DiskStore::new(folder.join(".rememo"), DiskOptions::default())
}

/// Most of them merged, two large ones in files, some still in the spool, and a manifest.
fn fill(folder: &Path) {
    {
        let store = open(folder);
        (0..RECORDS - 4).for_each(|n| store.put(&record(n)).unwrap());
        assert!(store.get(&key(1_000_000)).unwrap().is_none());
        store.sync().unwrap();
        store.put_manifest(&manifest()).unwrap();
    }
    // Nobody looks, so nobody merges.
    let store = open(folder);
    (RECORDS - 4..RECORDS).for_each(|n| store.put(&record(n)).unwrap());
}

fn manifest() -> Manifest {
    Manifest::new("f", [7; 32], 5, "ab\tfn\tpackage::f\tsrc/lib.rs\t3\n")
}

/// What is done to a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Flip(usize),
    Cut(usize),
}

impl Damage {
    fn apply(self, bytes: &mut Vec<u8>) {
        match self {
            Damage::Flip(at) => bytes[at] ^= 1 << (at % 8),
            Damage::Cut(at) => bytes.truncate(at),
        }
    }
}

/// One case; what is wrong with it, if anything.
fn check(original: &Path, file: &Path, damage: Damage) -> Result<(), String> {
    let folder = tempfile::tempdir_in(original.parent().unwrap()).unwrap();
    copy(original, folder.path());
    let damaged = folder.path().join(file);
    let mut bytes = fs::read(&damaged).unwrap();
    damage.apply(&mut bytes);
    fs::write(&damaged, bytes).unwrap();
    let failed = |what: String| Err(format!("{} {damage:?}: {what}", file.display()));
    {
        let store = open(folder.path());
        let mut absent = 0;
        for n in 0..RECORDS {
            match store.get(&key(n)) {
                Ok(None) => absent += 1,
                Ok(Some(found)) if found == record(n) => {}
                Ok(Some(_)) => return failed(format!("a wrong value of {n}")),
                Err(e) => return failed(format!("get {n}: {e}")),
            }
        }
        if let Ok(Some(found)) = store.manifest("f", &[7; 32])
            && found != manifest()
        {
            return failed("a wrong manifest".into());
        }
        if let Err(e) = store.sync() {
            return failed(format!("sync: {e}"));
        }
        if store.lost() < absent {
            return failed(format!("{absent} are absent, {} reported", store.lost()));
        }
        for n in 0..RECORDS {
            if let Err(e) = store.put(&record(n)) {
                return failed(format!("put {n}: {e}"));
            }
        }
    }
    let store = open(folder.path());
    for n in 0..RECORDS {
        if !matches!(store.get(&key(n)), Ok(Some(found)) if found == record(n)) {
            return failed(format!("{n} is not healed"));
        }
    }
    Ok(())
}

/// Does the cases from one number to another, and tells those that are wrong.
#[test]
fn this_binary_is_also_the_other_process() {
    let (Ok(task), Ok(folder)) = (env::var(TASK), env::var(FOLDER)) else { return };
    // The engine's own panics are caught, and are not what is looked for.
    std::panic::set_hook(Box::new(|_| ()));
    let words: Vec<&str> = task.split('\t').collect();
    let [kind, file, from, to, step] = words[..] else { panic!("no task {task}") };
    let number = |word: &str| word.parse::<usize>().unwrap();
    for at in (number(from)..number(to)).step_by(number(step)) {
        let damage = if kind == "flip" { Damage::Flip(at) } else { Damage::Cut(at) };
        if let Err(what) = check(Path::new(&folder), Path::new(file), damage) {
            println!("wrong: {what}");
        }
    }
    println!("\ndone");
}

#[derive(Debug)]
struct Task {
    text: String,
    cases: usize,
}

/// The cases of one kind over one file, in portions.
fn tasks(kind: &str, file: &Path, len: usize, step: usize) -> Vec<Task> {
    const PORTION: usize = 250;
    let all = (0..len).step_by(step * PORTION);
    all.map(|from| {
        let to = len.min(from + step * PORTION);
        let text = format!("{kind}\t{}\t{from}\t{to}\t{step}", file.display());
        Task { text, cases: (to - from).div_ceil(step) }
    })
    .collect()
}

#[test]
fn no_damage_gives_a_wrong_value_or_a_panic_and_every_directory_heals() {
    if env::var_os(TASK).is_some() {
        return;
    }
    let all = env::var("REMEMO_DAMAGE").is_ok_and(|what| what == "all");
    // In memory if possible: a hundred thousand directories are written.
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() };
    let original = base.path().join("original");
    fill(&original);
    let mut open_tasks = Vec::new();
    for path in files(&original) {
        let (file, len) = (path.strip_prefix(&original).unwrap(), fs::metadata(&path).unwrap().len() as usize);
        println!("{:>8} bytes  {}", len, file.display());
        let (flips, cuts) = if all { (1, 64) } else { ((len / 24).max(1) | 1, (len / 12 / 64).max(1) * 64) };
        open_tasks.extend(tasks("flip", file, len, flips));
        open_tasks.extend(tasks("cut", file, len, cuts));
    }
    let (next, cases, wrong) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(task) = open_tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let output = Command::new(env::current_exe().unwrap())
                        .args(["this_binary_is_also_the_other_process", "--exact", "--nocapture", "--test-threads=1"])
                        .env(TASK, &task.text)
                        .env(FOLDER, &original)
                        .output()
                        .unwrap();
                    let said = String::from_utf8_lossy(&output.stdout);
                    let mut wrong = wrong.lock().unwrap();
                    wrong.extend(said.lines().filter(|line| line.starts_with("wrong")).map(str::to_owned));
                    if !said.contains("\ndone") || !output.status.success() {
                        wrong.push(format!("{task:?} ended early: {}", String::from_utf8_lossy(&output.stderr)));
                    }
                    cases.fetch_add(task.cases, Ordering::Relaxed);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{} cases, {} wrong", cases.into_inner(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_snapshot_of_the_index_that_a_killed_process_never_finished_costs_nothing() {
    for half in [&b""[..], b"half of a snapshot"] {
        let folder = tempfile::tempdir().unwrap();
        fill(folder.path());
        // As a kill leaves it: sled writes there, and renames the file when it is whole.
        let snapshot = folder.path().join(".rememo/v1/sled/snap.00000000002FFC44.generating");
        fs::write(&snapshot, half).unwrap();
        let store = open(folder.path());
        for n in 0..RECORDS {
            let found = store.get(&key(n)).unwrap();
            assert_eq!(found.map(|found| found.value), Some(record(n).value), "{n}");
        }
        assert!(!folder.path().join(".rememo/v1/damaged").exists(), "the index was whole");
        assert!(!snapshot.exists(), "it is gone");
    }
}
