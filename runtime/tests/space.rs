//! What is rewritten again and again takes no more space than once.

use rememo::record::{Metadata, Record};
use rememo::store::{DiskOptions, DiskStore, Store};

/// Bytes that nothing compresses.
fn noise(n: u8, size: usize) -> Vec<u8> {
    let mut state = u32::from(n);
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    std::iter::repeat_with(next).take(size).collect()
}

/// Others in each round, on every page.
fn record(n: u8, round: u8, noise: &[u8]) -> Record {
    let mut about = Metadata::default();
    about.function = "f".into();
    about.key = [n; 32];
    about.codec = "raw".into();
    let mut value = noise.to_vec();
    value.iter_mut().step_by(1024).for_each(|byte| *byte ^= round);
    Record { about, value }
}

/// Half a megabyte: what the engine writes at once.
const SEGMENT: u64 = 512 << 10;

fn rewritten(values: u8, size: usize, rounds: u8) -> (u64, u64) {
    let folder = tempfile::tempdir().unwrap();
    let store = DiskStore::new(folder.path(), DiskOptions::default());
    assert!(store.get(&[200; 32]).unwrap().is_none());
    let noise: Vec<Vec<u8>> = (0..values).map(|n| noise(n, size)).collect();
    let mut most = 0;
    for round in 0..rounds {
        for n in 0..values {
            store.put(&record(n, round, &noise[usize::from(n)])).unwrap();
        }
        store.sync().unwrap();
        most = most.max(store.disk_usage().all());
    }
    for n in 0..values {
        assert_eq!(store.get(&[n; 32]).unwrap(), Some(record(n, rounds - 1, &noise[usize::from(n)])));
    }
    (most, u64::from(values) * size as u64)
}

#[test]
fn fifty_values_of_a_mebibyte_rewritten_twenty_times_take_their_own_size() {
    let (most, live) = rewritten(50, 1 << 20, 20);
    println!("50 values of 1 MiB rewritten 20 times: at most {most} bytes on disk, {live} live");
    assert!(most < live * 3 / 2 + SEGMENT, "{most}");
}
