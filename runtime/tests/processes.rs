//! Several processes on one directory, and processes that end in every way there is.
//!
//! The other processes are this test binary again, told by a variable what to do.

mod folders;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use folders::{copy, files};
use rememo::record::{Digest, Metadata, Record};
use rememo::store::{Clear, DiskOptions, DiskStore, Durability, Store};

const TASK: &str = "REMEMO_TEST_TASK";
const FOLDER: &str = "REMEMO_TEST_FOLDER";

/// A number that spreads over folders and locks, and that the value's bytes follow from.
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

/// Mostly small, some of a page or so, a few large.
fn size(n: u64) -> usize {
    match mix(n) % 20 {
        0 => 200_000,
        1..4 => 9_000,
        more => 20 + more as usize,
    }
}

/// The one right value of a key: the same whenever and by whomever it is computed.
fn record(n: u64) -> Record {
    let mut about = Metadata::default();
    about.function = format!("f{}", n % 2);
    about.key = key(n);
    about.codec = "test".into();
    Record { about, value: (0..size(n) as u64).map(|i| mix(n.wrapping_mul(1_000_003) + i / 8) as u8).collect() }
}

fn store(folder: &Path) -> DiskStore {
    DiskStore::new(folder.join(".rememo"), DiskOptions::default())
}

/// Starts a process that does `task`; what it prints comes through its standard output.
fn start(folder: &Path, task: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["this_binary_is_also_the_other_process", "--exact", "--nocapture", "--test-threads=1"])
        .env(TASK, task)
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(folder: &Path, task: &str) -> String {
    let output = start(folder, task).wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

fn said(output: &str, word: &str) -> u64 {
    let line =
        output.lines().find_map(|line| line.strip_prefix(word)).unwrap_or_else(|| panic!("no {word} in: {output}"));
    line.trim().parse().unwrap()
}

/// Tells the test that the records up to this one are synced. One write each: a kill must not cut a line in two.
fn say(text: String) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

#[test]
fn this_binary_is_also_the_other_process() {
    let (Ok(task), Ok(folder)) = (env::var(TASK), env::var(FOLDER)) else {
        // Run as a test: the other process can be started and answers.
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(said(&run(folder.path(), "put 0 3 return"), "put"), 3);
        return;
    };
    static STORE: std::sync::OnceLock<DiskStore> = std::sync::OnceLock::new();
    let store = STORE.get_or_init(|| store(Path::new(&folder)));
    let words: Vec<&str> = task.split(' ').collect();
    let number = |i: usize| words[i].parse::<u64>().unwrap();
    say("\n".into());
    match words[0] {
        // Puts some records, then ends as the last word says. The store is a static: it is never dropped.
        "put" => {
            for n in number(1)..number(2) {
                let _ = store.get(&key(n)).unwrap();
                store.put(&record(n)).unwrap();
            }
            say(format!("put {}\n", number(2) - number(1)));
            match words[3] {
                "exit" => std::process::exit(7),
                "panic" => panic!("as the test asked"),
                "abort" => std::process::abort(),
                _ => {}
            }
        }
        // Puts without ever looking, so that nothing is merged.
        "publish" => (number(1)..number(2)).for_each(|n| store.put(&record(n)).unwrap()),
        // Puts without an end, and tells what is synced.
        "write" => {
            for n in number(1).. {
                assert!(store.get(&key(n)).unwrap().is_none_or(|found| found == record(n)), "a wrong value of {n}");
                store.put(&record(n)).unwrap();
                if n % 16 == 15 {
                    store.sync().unwrap();
                    say(format!("synced {n}\n"));
                }
            }
        }
        // Computes what isn't there, as a program would, and tells how much was.
        "use" => {
            let mut hits = 0;
            for n in number(1)..number(2) {
                match store.get(&key(n)).unwrap() {
                    Some(found) => {
                        assert_eq!(found, record(n), "a wrong value of {n}");
                        hits += 1;
                    }
                    None => store.put(&record(n)).unwrap(),
                }
            }
            say(format!("hits {hits}\n"));
        }
        // Puts what the disk takes.
        "full" => {
            let (mut kept, mut refused) = (0, 0);
            for n in number(1)..number(2) {
                assert!(store.get(&key(n)).unwrap().is_none_or(|found| found == record(n)));
                match store.put(&record(n)) {
                    Ok(()) => kept += 1,
                    Err(_) => refused += 1,
                }
                assert!(store.get(&key(n)).unwrap().is_none_or(|found| found == record(n)));
            }
            let _ = store.sync();
            say(format!("kept {kept}\nrefused {refused}\n"));
        }
        other => panic!("no task {other}"),
    }
}

#[test]
fn the_last_write_survives_every_end_of_the_process() {
    for end in ["return", "exit", "panic", "abort"] {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(said(&run(folder.path(), &format!("put 0 600 {end}")), "put"), 600, "{end}");
        let store = store(folder.path());
        for n in 0..600 {
            assert_eq!(store.get(&key(n)).unwrap(), Some(record(n)), "record {n} after {end}");
        }
        assert_eq!(store.lost(), 0);
    }
}

#[test]
fn a_second_run_finds_everything_the_first_computed() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(said(&run(folder.path(), "use 0 1000"), "hits"), 0);
    assert_eq!(said(&run(folder.path(), "use 0 1000"), "hits"), 1000);
    assert_eq!(said(&run(folder.path(), "use 0 1200"), "hits"), 1000);
}

#[test]
fn four_processes_at_once_get_no_error_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<_> =
        (0..4).map(|i| start(folder.path(), &format!("use {} {}", i * 200, i * 200 + 800))).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let store = store(folder.path());
    for n in 0..1400 {
        assert_eq!(store.get(&key(n)).unwrap(), Some(record(n)), "record {n}");
    }
    assert_eq!(store.lost(), 0);
}

#[test]
fn a_process_beside_the_owner_of_the_index_finds_all_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let owner = store(folder.path());
    owner.put(&record(0)).unwrap();
    assert!(owner.get(&key(1_000_000)).unwrap().is_none());
    // It has merged its own by now, and begins no pass while the others write.
    owner.entries(&mut |_| ()).unwrap();
    assert_eq!(said(&run(folder.path(), "use 1 300"), "hits"), 0);
    assert_eq!(said(&run(folder.path(), "use 1 300"), "hits"), 299, "the spool is everybody's");
    owner.sync().unwrap();
    assert_eq!(said(&run(folder.path(), "use 1 300"), "hits"), 299, "the owner answers for what it has merged");
    for n in 0..300 {
        assert_eq!(owner.get(&key(n)).unwrap(), Some(record(n)));
    }
    let mut listed = 0;
    owner.entries(&mut |_| listed += 1).unwrap();
    assert_eq!(listed, 300);
}

#[test]
fn what_one_process_clears_stays_cleared_for_the_owner_of_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let owner = store(folder.path());
    for n in 0..100 {
        owner.put(&record(n)).unwrap();
    }
    assert!(owner.get(&key(1_000_000)).unwrap().is_none());
    owner.sync().unwrap();
    store(folder.path()).clear(&Clear::Function("f1")).unwrap();
    for n in 0..100 {
        assert_eq!(owner.get(&key(n)).unwrap().is_some(), n % 2 == 0, "record {n}");
    }
    drop(owner);
    assert_eq!(store(folder.path()).get(&key(1)).unwrap(), None);
}

/// The figure that the project promises: no wrong value, no error, nothing lost that was synced.
#[test]
fn fifty_kills_in_the_middle_of_writing_cost_nothing_that_was_synced() {
    let folder = tempfile::tempdir().unwrap();
    let mut synced: Vec<(u64, u64)> = Vec::new();
    for round in 0..50u64 {
        let first = round * 100_000;
        let mut child = start(folder.path(), &format!("write {first}"));
        // A second writer on the same directory, in every other round, is killed at the same moment.
        let mut second = (round % 2 == 0).then(|| start(folder.path(), &format!("write {}", first + 50_000)));
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (heard, hears) = std::sync::mpsc::channel();
        let reader = thread::spawn(move || {
            let synced = lines.map_while(Result::ok).filter_map(|l| l.strip_prefix("synced ")?.parse().ok());
            let mut last = None;
            for n in synced {
                last = Some(n);
                let _ = heard.send(());
            }
            last
        });
        // However slow the machine is: some records are synced, and others on their way.
        hears.recv_timeout(Duration::from_secs(30)).expect("the writer writes");
        thread::sleep(Duration::from_millis(mix(round) % 450));
        child.kill().unwrap();
        child.wait().unwrap();
        if let Some(mut second) = second.take() {
            second.kill().unwrap();
            let output = second.wait_with_output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(!stderr.contains("panicked"), "round {round}: {stderr}");
            let stdout = String::from_utf8_lossy(&output.stdout);
            if let Some(last) = stdout.lines().rev().find_map(|l| l.strip_prefix("synced ")?.parse().ok()) {
                synced.push((first + 50_000, last));
            }
        }
        let mut stderr = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut stderr).unwrap();
        assert!(!stderr.contains("panicked"), "round {round}: {stderr}");
        if let Some(last) = reader.join().unwrap() {
            synced.push((first, last));
        }
        // The newest records of this round, and a sample of all before.
        let store = store(folder.path());
        for &(first, last) in synced.iter().rev().take(2) {
            for n in first..=last {
                assert_eq!(store.get(&key(n)).unwrap(), Some(record(n)), "record {n} after round {round}");
            }
            // Those after the last sync may be there or not, but never wrong.
            for n in last + 1..last + 40 {
                assert!(store.get(&key(n)).unwrap().is_none_or(|found| found == record(n)), "a wrong value of {n}");
            }
        }
        assert_eq!(store.lost(), 0, "round {round}");
    }
    let store = store(folder.path());
    let mut checked = 0;
    for (first, last) in synced {
        for n in first..=last {
            assert_eq!(store.get(&key(n)).unwrap(), Some(record(n)), "record {n} at the end");
            checked += 1;
        }
    }
    println!("50 kills, {checked} synced records, none lost, none wrong");
    assert!(checked >= 50 * 16, "the writers hardly wrote: {checked}");
}

// ---- damage ----

/// Every record is right or absent, and what is put afterwards stays.
fn assert_heals(folder: &Path, what: &str) {
    let mut left = 0;
    {
        let store = store(folder);
        for n in 0..60 {
            let found = store.get(&key(n)).unwrap_or_else(|e| panic!("{what}: {e}"));
            assert!(found.as_ref().is_none_or(|found| *found == record(n)), "{what}: a wrong value of {n}");
            left += u64::from(found.is_some());
            store.put(&record(n)).unwrap_or_else(|e| panic!("{what}: {e}"));
        }
        store.sync().unwrap_or_else(|e| panic!("{what}: {e}"));
        store.entries(&mut |_| {}).unwrap_or_else(|e| panic!("{what}: {e}"));
    }
    let store = store(folder);
    for n in 0..60 {
        assert_eq!(store.get(&key(n)).unwrap(), Some(record(n)), "{what}, healed, {left} left before");
    }
}

fn damage_each_file(damage: impl Fn(&mut Vec<u8>), what: &str) {
    let original = tempfile::tempdir().unwrap();
    {
        let store = store(original.path());
        for n in 0..60 {
            store.put(&record(n)).unwrap();
            // Some merged, some large, some still in the spool.
            if n == 40 {
                assert!(store.get(&key(1_000_000)).unwrap().is_none());
                store.sync().unwrap();
            }
        }
    }
    run(original.path(), "publish 50 60");
    let all = files(original.path());
    assert!(
        all.iter().any(|path| path.ends_with("sled/db"))
            && all.iter().any(|path| path.to_string_lossy().contains("/spool/"))
    );
    for path in &all {
        let folder = tempfile::tempdir().unwrap();
        copy(original.path(), folder.path());
        let damaged = folder.path().join(path.strip_prefix(original.path()).unwrap());
        let mut bytes = fs::read(&damaged).unwrap();
        damage(&mut bytes);
        fs::write(&damaged, bytes).unwrap();
        assert_heals(folder.path(), &format!("{what}: {}", path.display()));
    }
}

#[test]
fn a_directory_heals_with_each_of_its_files_empty() {
    damage_each_file(Vec::clear, "empty");
}

#[test]
fn a_directory_heals_with_each_of_its_files_cut_in_half() {
    damage_each_file(|bytes| bytes.truncate(bytes.len() / 2), "cut in half");
}

#[test]
fn a_directory_heals_with_each_of_its_files_full_of_garbage() {
    damage_each_file(|bytes| bytes.iter_mut().enumerate().for_each(|(i, b)| *b = mix(i as u64) as u8), "garbage");
}

#[test]
fn a_directory_heals_with_any_one_bit_of_its_index_flipped() {
    let original = tempfile::tempdir().unwrap();
    {
        let store = store(original.path());
        for n in 0..60 {
            store.put(&record(n)).unwrap();
        }
        assert!(store.get(&key(1_000_000)).unwrap().is_none());
    }
    let db = Path::new(".rememo/v1/sled/db");
    let len = fs::metadata(original.path().join(db)).unwrap().len();
    for round in 0..40 {
        let folder = tempfile::tempdir().unwrap();
        copy(original.path(), folder.path());
        let mut bytes = fs::read(folder.path().join(db)).unwrap();
        // Where there is something to damage: a fresh file is mostly zeros.
        let (at, bit) = (mix(round) % len.min(120_000), mix(round + 1000) % 8);
        bytes[at as usize] ^= 1 << bit;
        fs::write(folder.path().join(db), bytes).unwrap();
        assert_heals(folder.path(), &format!("bit {bit} of byte {at}"));
    }
}

#[test]
fn lost_records_are_noticed_and_counted() {
    let fill = |folder: &Path, count| {
        let store = store(folder);
        (0..count).for_each(|n| store.put(&record(n)).unwrap());
        assert!(store.get(&key(1_000_000)).unwrap().is_none());
        store.sync().unwrap();
    };
    // The index of an earlier day in place of today's: sled itself is content with it.
    let (folder, earlier) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(folder.path(), 500);
    fill(earlier.path(), 100);
    fs::remove_dir_all(folder.path().join(".rememo/v1/sled")).unwrap();
    copy(&earlier.path().join(".rememo/v1/sled"), &folder.path().join(".rememo/v1/sled"));
    let store = store(folder.path());
    assert!(store.get(&key(1_000_000)).unwrap().is_none());
    store.sync().unwrap();
    assert_eq!(store.lost(), 400);
}

// ---- directories that can't be written ----

/// Ends the test early, and says so, where it can't be shown: root may write anywhere.
fn may_write_anywhere(folder: &Path) -> bool {
    fs::write(folder.join("probe"), "").is_ok()
}

#[cfg(unix)]
#[test]
fn a_directory_that_may_not_be_written_is_read_and_a_write_is_a_plain_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "put 0 50 abort");
    let folders = [".rememo/v1/spool", ".rememo/v1/tmp", ".rememo/v1", ".rememo"];
    for name in folders {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o555)).unwrap();
    }
    let store = store(folder.path());
    let read_only = !may_write_anywhere(&folder.path().join(".rememo"));
    let found = (0..50).filter(|n| store.get(&key(*n)).unwrap() == Some(record(*n))).count();
    assert!(found > 0);
    if read_only {
        let error = store.put(&record(60)).unwrap_err();
        assert!(error.to_string().contains(".rememo"), "{error}");
    }
    for name in folders {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_gives_errors_and_no_wrong_value() {
    let folder = tempfile::tempdir().unwrap();
    // The shell lets no file grow over 64 KiB: writes fail as they do on a full disk.
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 64; exec \"$0\" this_binary_is_also_the_other_process --exact --nocapture",
        ])
        .arg(env::current_exe().unwrap())
        .env(TASK, "full 0 200")
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said(&text, "refused") > 0, "{text}");
    assert!(said(&text, "kept") > 0, "{text}");
    let store = store(folder.path());
    for n in 0..200 {
        assert!(store.get(&key(n)).unwrap().is_none_or(|found| found == record(n)));
        store.put(&record(n)).unwrap();
        assert_eq!(store.get(&key(n)).unwrap(), Some(record(n)));
    }
}

#[test]
fn records_of_a_durable_store_are_there_after_an_abort_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".rememo");
    let started = Instant::now();
    let store = DiskStore::new(&path, DiskOptions::default().durability(Durability::Disk));
    for n in 0..20 {
        store.put(&record(n)).unwrap();
    }
    println!("20 durable records: {:?}", started.elapsed());
    // Another store reads them while the first still has them open.
    let other = DiskStore::new(&path, DiskOptions::default());
    for n in 0..20 {
        assert_eq!(other.get(&key(n)).unwrap(), Some(record(n)));
    }
}
