//! A disk that is full in the middle of a run, a directory that can't be written or disappears: calls return all the same.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use rememo::{Cache, Outcome, cached};

const FOLDER: &str = "REMEMO_TEST_FULL_FOLDER";

static CURRENT: Mutex<Option<&'static Cache>> = Mutex::new(None);
static STORED: AtomicU64 = AtomicU64::new(0);
static UNSTORED: AtomicU64 = AtomicU64::new(0);
static COMPUTED: AtomicU64 = AtomicU64::new(0);

fn current() -> &'static Cache {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner).expect("a cache was chosen")
}

/// A new cache, as a new process would have, with next to nothing in memory.
fn switch(dir: &Path) -> &'static Cache {
    switch_to(Cache::builder().dir(dir))
}

fn switch_to(builder: rememo::Builder) -> &'static Cache {
    let cache: &'static Cache = Box::leak(Box::new(builder.memory(1, 1).build()));
    cache.observe(|event| {
        if let Outcome::Computed { unstored, .. } = &event.outcome {
            if unstored.is_none() { &STORED } else { &UNSTORED }.fetch_add(1, Ordering::SeqCst);
        }
    });
    *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(cache);
    cache
}

/// The tests of this file take turns, since they share the choice of cache.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    for count in [&STORED, &UNSTORED, &COMPUTED] {
        count.store(0, Ordering::SeqCst);
    }
    turn
}

fn right(n: u64) -> Vec<u64> {
    let size = if n.is_multiple_of(10) { 8_000 } else { 20 };
    (0..size).map(|i| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(i)).collect()
}

#[cached(cache = current())]
fn value(n: u64) -> Vec<u64> {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    right(n)
}

fn call(range: std::ops::Range<u64>) -> (u64, u64) {
    let before = (STORED.load(Ordering::SeqCst), UNSTORED.load(Ordering::SeqCst));
    for n in range {
        assert_eq!(value(n), right(n));
    }
    (STORED.load(Ordering::SeqCst) - before.0, UNSTORED.load(Ordering::SeqCst) - before.1)
}

/// Runs on the small disk.
#[test]
fn this_binary_also_runs_on_a_small_disk() {
    let Some(disk) = env::var_os(FOLDER).map(PathBuf::from) else { return };
    let _turn = turn();
    let cache_dir = disk.join("cache");
    switch(&cache_dir);
    let empty = call(0..200);
    assert_eq!(empty, (200, 0), "there is room at first");
    let full = call(200..1500);
    println!("while the disk fills up: {} stored, {} not", full.0, full.1);
    assert!(full.1 > 100, "the disk was meant to be full: {full:?}");
    // Over and over, with new stores, each of which opens the index where there is no room.
    for _ in 0..3 {
        switch(&cache_dir);
        call(0..400);
    }
    fs::remove_file(disk.join("ballast")).unwrap();
    std::thread::sleep(Duration::from_millis(1100));
    let again = call(2000..2100);
    println!("with room again: {} stored, {} not", again.0, again.1);
    assert_eq!(again, (100, 0));
    current().sync().unwrap();
    switch(&cache_dir);
    let before = COMPUTED.load(Ordering::SeqCst);
    assert_eq!(call(2000..2100), (0, 0), "they are found by the next");
    assert_eq!(COMPUTED.load(Ordering::SeqCst), before);
    println!("small disk: done");
}

/// On a small disk of memory in a namespace of its own, so that nothing is mounted for anybody else.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_in_the_middle_of_a_run_fails_no_call_and_recovers() {
    if env::var_os(FOLDER).is_some() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=12m tmpfs \"$0\" && head -c 8000000 /dev/zero > \"$0/ballast\" && \
                  exec \"$1\" this_binary_also_runs_on_a_small_disk --exact --nocapture";
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(folder.path())
        .arg(env::current_exe().unwrap())
        .env(FOLDER, folder.path())
        .output();
    let output = match output {
        Ok(output) if !String::from_utf8_lossy(&output.stderr).contains("unshare failed") => output,
        _ => {
            println!("this machine lets nobody mount: not shown here");
            return;
        }
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("small disk: done"), "{said}");
    said.lines().filter(|line| line.contains(" stored, ")).for_each(|line| println!("{line}"));
}

#[cfg(unix)]
#[test]
fn a_directory_that_may_only_be_read_still_answers_and_fails_no_call() {
    use std::os::unix::fs::PermissionsExt as _;
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    switch(folder.path());
    call(0..50);
    let mut folders = vec![folder.path().to_owned()];
    let mut at = 0;
    while at < folders.len() {
        let inner = fs::read_dir(&folders[at]).unwrap().flatten().map(|entry| entry.path());
        folders.extend(inner.filter(|path| path.is_dir()).collect::<Vec<_>>());
        at += 1;
    }
    let allow =
        |mode| folders.iter().for_each(|path| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap());
    allow(0o555);
    switch(folder.path());
    let began = std::time::Instant::now();
    let before = COMPUTED.load(Ordering::SeqCst);
    call(0..50);
    assert!(COMPUTED.load(Ordering::SeqCst) - before <= 50);
    call(100..150);
    println!("100 calls: {:?}", began.elapsed());
    allow(0o755);
    switch(folder.path());
    call(0..50);
    let before = COMPUTED.load(Ordering::SeqCst);
    call(0..50);
    assert_eq!(COMPUTED.load(Ordering::SeqCst), before, "once it may be written, everything is kept");
}

#[test]
fn a_directory_that_is_deleted_again_and_again_fails_no_call_and_comes_back() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("cache");
    switch(&dir);
    for round in 0..20 {
        call(round * 10..round * 10 + 30);
        while dir.exists() {
            let _ = fs::remove_dir_all(&dir);
        }
    }
    call(0..30);
    current().sync().unwrap();
    switch(&dir);
    let before = COMPUTED.load(Ordering::SeqCst);
    call(0..30);
    assert_eq!(COMPUTED.load(Ordering::SeqCst), before);
}

static DAYS: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(20_000));

#[cached(cache = current(), ttl = "10d")]
fn for_ten_days(n: u64) -> u64 {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    n
}

#[test]
fn a_clock_that_goes_backwards_costs_no_result_and_fails_no_call() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_secs(DAYS.load(Ordering::SeqCst) * 86_400);
    let computed = |day: u64| {
        DAYS.store(day, Ordering::SeqCst);
        switch_to(Cache::builder().dir(folder.path()).clock(clock));
        let before = COMPUTED.load(Ordering::SeqCst);
        assert_eq!(for_ten_days(1), 1);
        assert_eq!(value(7), right(7));
        COMPUTED.load(Ordering::SeqCst) - before
    };
    assert_eq!(computed(20_000), 2);
    assert_eq!(computed(19_000), 0, "what was computed in the future counts");
    assert_eq!(computed(0), 0, "at the beginning of time too");
    assert_eq!(computed(20_009), 0);
    assert_eq!(computed(20_011), 1, "and expires when it would have");
}

#[test]
fn a_directory_of_a_newer_release_fails_no_call_and_is_not_touched() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("v9")).unwrap();
    switch(folder.path());
    assert_eq!(call(0..20), (0, 20));
    let there: Vec<_> = fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(there, ["v9"]);
}
