//! From the start of a process to its first hit, with a million small records on disk:
//! `cargo bench -p rememo --bench open`. `REMEMO_RECORDS` says how many.
//!
//! Each start is a process of its own, this program again. Files are in the system's cache, as they are for who iterates.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rememo::record::{Digest, Metadata, Record};
use rememo::store::{DiskOptions, DiskStore, Store};

fn key(n: u64) -> Digest {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    key[24..].copy_from_slice(&n.to_be_bytes());
    key
}

fn record(n: u64) -> Record {
    let mut about = Metadata::default();
    about.function = "package 0.1.0 lib package::module::function".into();
    about.key = key(n);
    about.codec = "messagepack 1".into();
    Record { about, value: vec![n as u8; 100] }
}

fn main() {
    let records: u64 = env::var("REMEMO_RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    if let Ok(folder) = env::var("REMEMO_BENCH_OPEN") {
        let started = Instant::now();
        let store = DiskStore::new(&folder, DiskOptions::default());
        let found = store.get(&key(records / 2)).expect("it reads").expect("a hit");
        let first = started.elapsed();
        assert_eq!(found, record(records / 2));
        let started = Instant::now();
        for n in 0..1000 {
            assert!(store.get(&key(n * 997 % records)).expect("it reads").is_some());
        }
        println!("{} {}", first.as_micros(), started.elapsed().as_nanos() / 1000);
        // As a program does whose cache is a static.
        std::process::exit(0);
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary directory");
    // Filled in memory where there is some, then copied: a million files are no fun for a disk, and aren't what is measured.
    let memory = Path::new("/dev/shm");
    let filled = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    let filled = filled.expect("a temporary directory");
    fill(filled.path(), records);
    copy(filled.path(), folder.path());
    drop(filled);
    let mut firsts: Vec<u64> = Vec::new();
    for _ in 0..7 {
        let output = Command::new(env::current_exe().expect("this program"))
            .env("REMEMO_BENCH_OPEN", folder.path())
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut words = said.split_whitespace().map(|word| word.parse::<u64>().expect("a number"));
        let (first, more) = (words.next().expect("two numbers"), words.next().expect("two numbers"));
        println!("first hit after {:.1} ms, then {:.1} us each", first as f64 / 1000.0, more as f64 / 1000.0);
        firsts.push(first);
    }
    firsts.sort_unstable();
    println!("{records} records: first hit after {:.1} ms, the median (limit 500, aim 100)", firsts[3] as f64 / 1000.0);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("it can be made");
    for entry in fs::read_dir(from).expect("it can be listed").flatten() {
        let (kind, target) = (entry.file_type().expect("a kind"), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_file() {
            fs::copy(entry.path(), target).expect("it can be copied");
        }
    }
}

fn fill(folder: &Path, records: u64) {
    let store = DiskStore::new(folder, DiskOptions::default());
    let started = Instant::now();
    for n in 0..records {
        if n == 1 {
            assert!(store.get(&key(0)).expect("it reads").is_some());
            assert!(store.get(&key(n)).expect("it reads").is_none());
        }
        store.put(&record(n)).expect("it is stored");
    }
    store.sync().expect("it is on disk");
    drop(store);
    let store = DiskStore::new(folder, DiskOptions::default());
    let usage = store.disk_usage();
    println!(
        "{records} records put in {:.1} s, {} MB on disk",
        started.elapsed().as_secs_f64(),
        usage.all() / 1_000_000
    );
}
