//! Records, compressed values, spool files, count files, manifests and archives of arbitrary and of mutated bytes: no panic, no value that was not
//! stored, and no more memory than the bytes at hand justify.
//!
//! `cargo test` does a few seconds. Ten minutes of it:
//!
//! ```text
//! REMEMO_FUZZ_SECONDS=600 cargo test --release -p rememo --features lz4 --test fuzz -- --nocapture
//! ```
//!
//! The cases run in a process of their own, this test binary again, whose memory the system bounds.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rememo::record::{Digest, Input, Metadata, Record};
use rememo::store::{DiskOptions, DiskStore, Existing, Manifest, MemoryStore, Reading, Store, export, import};

const SECONDS: &str = "REMEMO_TEST_FUZZ_TASK";

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let n = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        n ^ (n >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn bytes(&mut self, longest: usize) -> Vec<u8> {
        (0..self.below(longest)).map(|_| self.next() as u8).collect()
    }
}

fn key(n: u64) -> Digest {
    [n as u8; 32]
}

fn record(n: u64, random: &mut Random) -> Record {
    let mut about = Metadata::default();
    about.function = "package lib package::f".into();
    about.key = key(n);
    about.codec = "raw".into();
    about.inputs = (0..random.below(4)).map(|i| Input::new("file", format!("{i}.csv"), Some(key(i as u64)))).collect();
    Record { about, value: random.bytes(300) }
}

/// Changes bytes the way damage and malice do: flips, lies about lengths, cuts, repeats.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(4) {
        let (at, len) = (random.below(bytes.len()), bytes.len());
        match random.below(7) {
            0 if len > 0 => bytes[at] ^= 1 << random.below(8),
            1 if len > 0 => bytes[at] = random.next() as u8,
            // A length field, most likely: the largest there is, or about as much.
            2 if len >= at + 4 => bytes[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, random.next() as u8]),
            3 if len >= at + 8 => bytes[at..at + 8].copy_from_slice(&(u64::MAX >> random.below(40)).to_le_bytes()),
            4 => bytes.truncate(at),
            5 => {
                let end = at + random.below(len - at);
                bytes.extend_from_within(at..end);
            }
            _ => {
                let more = random.bytes(20);
                bytes.splice(at..at, more);
            }
        }
    }
}

/// Repairs the checksums of a mutated record, so that what is behind them is reached too.
fn repair(bytes: &mut Vec<u8>) {
    use xxhash_rust::xxh3::xxh3_128;
    let Some(head) = bytes.get(10..14).map(|b| u32::from_le_bytes(b.try_into().unwrap()) as usize) else { return };
    if head.checked_add(16).is_some_and(|end| end <= bytes.len()) {
        let sum = xxh3_128(&bytes[..head]).to_le_bytes();
        bytes[head..head + 16].copy_from_slice(&sum);
        let content = bytes.len().saturating_sub(16).max(head + 16);
        bytes.truncate(content);
        let sum = xxh3_128(bytes).to_le_bytes();
        bytes.extend_from_slice(&sum);
    }
}

fn records(random: &mut Random) {
    let original = record(1, random);
    let mut bytes = if random.below(20) == 0 { random.bytes(400) } else { original.encode() };
    mutate(&mut bytes, random);
    let repaired = random.below(2) == 0;
    if repaired {
        repair(&mut bytes);
    }
    let (one, other) = (Record::decode(&bytes), Record::decode_owned(bytes.clone()));
    assert_eq!(one, other);
    if let Ok(found) = one {
        assert!(repaired || found == original, "a record that nobody wrote");
        assert_eq!(Record::decode(&found.encode()), Ok(found));
    }
}

/// Values as a checked record has them, yet not as any release wrote them.
fn values(random: &mut Random) {
    use rememo::results::{Keep, Whole};
    fn decode<T>(codec: &str, bytes: &[u8])
    where
        Whole: Keep<T>,
    {
        let mut about = Metadata::default();
        about.codec = codec.into();
        let mut reading = Reading::from(Record { about, value: bytes.to_vec() });
        drop(<Whole as Keep<T>>::decode(&mut reading));
    }
    let plain = random.bytes(200);
    let mut bytes = (plain.len() as u64).to_be_bytes().to_vec();
    bytes.extend_from_slice(&plain);
    if random.below(2) == 0 {
        mutate(&mut bytes, random);
    }
    let mut frame = lz4_flex::frame::FrameEncoder::new(Vec::new());
    frame.write_all(&bytes).unwrap();
    let mut packed = frame.finish().unwrap();
    if random.below(2) == 0 {
        mutate(&mut packed, random);
    }
    decode::<Vec<u16>>("numbers u16 1 lz4", &packed);
    decode::<String>("text 1 lz4", &packed);
    decode::<Vec<Option<String>>>("messagepack 1 lz4", &packed);
    decode::<Vec<u16>>("numbers u16 1", &bytes);
    decode::<String>("text 1", &bytes);
    decode::<Vec<Option<String>>>("messagepack 1", &bytes);
}

fn archives(random: &mut Random) {
    let from = MemoryStore::new();
    let originals: Vec<Record> = (0..3).map(|n| record(n, random)).collect();
    originals.iter().for_each(|record| from.put(record).unwrap());
    from.put_manifest(&Manifest::new("f", [7; 32], 5, "ab\tfn\tp::f\tsrc/lib.rs\t3\n")).unwrap();
    let mut bytes = Vec::new();
    export(&from, &|_| true, &mut bytes, &mut |_| ()).unwrap();
    mutate(&mut bytes, random);
    let to = MemoryStore::new();
    let _ = import(&mut &bytes[..], &to, Existing::Replace, &mut |_| ());
    for n in 0..3 {
        let found = to.get(&key(n)).unwrap();
        assert!(found.is_none_or(|found| found == originals[n as usize]), "a record that nobody wrote");
    }
}

/// A directory with one of its plain files mutated, looked at by a new store.
fn directories(base: &Path, random: &mut Random) {
    let folder = tempfile::tempdir_in(base).unwrap();
    let open = || DiskStore::new(folder.path(), DiskOptions::default());
    let originals: Vec<Record> = (0..3).map(|n| record(n, random)).collect();
    originals.iter().for_each(|record| open().put(record).unwrap());
    open().put_manifest(&Manifest::new("f", [7; 32], 5, "ab\tfn\tp::f\tsrc/lib.rs\t3\n")).unwrap();
    let name: String = key(1).iter().map(|byte| format!("{byte:02x}")).collect();
    let v1 = folder.path().join("v1");
    let places = ["spool", "merging", "blobs/01", "locks"];
    let place = v1.join(places[random.below(places.len())]);
    fs::create_dir_all(&place).unwrap();
    let mut bytes = if random.below(4) == 0 { random.bytes(400) } else { originals[1].encode() };
    mutate(&mut bytes, random);
    fs::write(place.join(name), &bytes).unwrap();
    fs::write(v1.join("count"), random.bytes(40)).unwrap();
    fs::write(v1.join("spool/clear-x"), random.bytes(40)).unwrap();
    for manifest in fs::read_dir(v1.join("manifests")).unwrap().flatten() {
        for file in fs::read_dir(manifest.path()).unwrap().flatten() {
            let mut text = fs::read(file.path()).unwrap();
            mutate(&mut text, random);
            fs::write(file.path(), text).unwrap();
        }
    }
    let store = open();
    for n in [0, 1, 2] {
        let found = store.get(&key(n)).unwrap();
        assert!(found.is_none_or(|found| found == originals[n as usize]), "a record that nobody wrote");
    }
    assert!(store.manifests(None).unwrap().iter().all(|manifest| manifest.items.starts_with("ab\tfn")));
    drop(store.claim(&key(1)));
    store.sync().unwrap();
    store.put(&originals[1]).unwrap();
    assert_eq!(store.get(&key(1)).unwrap().as_ref(), Some(&originals[1]));
}

#[test]
fn this_binary_is_also_the_other_process() {
    let Ok(task) = env::var(SECONDS) else { return };
    let (seconds, seed) = task.split_once(' ').unwrap();
    let end = Instant::now() + Duration::from_secs(seconds.parse().unwrap());
    let mut seed: u64 = seed.parse().unwrap();
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() };
    let (mut cases, mut random) = (0u64, Random(0));
    while Instant::now() < end {
        seed += 1;
        random.0 = seed;
        // What fails can be done again by its seed.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            (0..200).for_each(|_| records(&mut random));
            (0..100).for_each(|_| values(&mut random));
            (0..50).for_each(|_| archives(&mut random));
            directories(base.path(), &mut random);
        }));
        assert!(done.is_ok(), "seed {seed}");
        cases += 351;
    }
    println!("\ncases {cases}");
}

#[test]
fn no_bytes_make_a_reader_panic_or_take_memory_without_bounds() {
    if env::var_os(SECONDS).is_some() {
        return;
    }
    let seconds: u64 = env::var("REMEMO_FUZZ_SECONDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3);
    let seed = if seconds > 60 { u64::from(std::process::id()) << 32 } else { 1 };
    // A length that is believed asks for far more at once.
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -v 1500000; exec \"$0\" this_binary_is_also_the_other_process --exact --nocapture"])
        .arg(env::current_exe().unwrap())
        .env(SECONDS, format!("{seconds} {seed}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let limit = Instant::now() + Duration::from_secs(seconds + 60);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > limit {
            child.kill().unwrap();
            panic!("a reader hangs");
        }
        thread::sleep(Duration::from_millis(50));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let cases = said.lines().find_map(|line| line.strip_prefix("cases ")).expect("it says how many");
    println!("{cases} cases in {seconds} s, within 1.5 GB of addresses: no panic, no record that nobody wrote");
}
