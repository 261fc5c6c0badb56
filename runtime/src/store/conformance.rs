//! What every store must do, to be run on one of your own.

use std::collections::BTreeMap;

use super::{Clear, Store};
use crate::record::{Digest, Input, Metadata, Record};

/// Checks a store against what the cache relies on. `make` makes an empty one each time.
///
/// ```
/// use rememo::store::{MemoryStore, check_store};
///
/// check_store(|| MemoryStore::new())?;
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// The first thing that it does otherwise.
pub fn check_store<S: Store>(make: impl Fn() -> S) -> Result<(), String> {
    type Check = fn(&dyn Store) -> Result<(), String>;
    let checks: [(&str, Check); 8] = [
        ("an empty store", empty),
        ("a record that was put is got as it was", round_trip),
        ("the record put last is got, whatever the sizes", replaced),
        ("a removed record is gone", removed),
        ("clearing one function leaves the others", cleared),
        ("a listing shows each record once", listed),
        ("records with many inputs are kept whole", many_inputs),
        ("threads may use it at once", threads),
    ];
    for (what, check) in checks {
        check(&make()).map_err(|why| format!("{what}: {why}"))?;
    }
    Ok(())
}

const SIZES: [usize; 5] = [0, 1, 1000, 16_384, 300_000];

fn key(n: u64) -> Digest {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    key[24..].copy_from_slice(&n.to_be_bytes());
    key
}

fn record(n: u64, size: usize) -> Record {
    let about = Metadata {
        function: format!("package lib package::f{}", n % 3),
        fingerprint: [n as u8; 32],
        key: key(n),
        created: 1_700_000_000_000 + n,
        accessed: 1_700_000_000_000 + n,
        expires: (n % 2 == 1).then_some(1_800_000_000_000),
        compute_ns: n,
        etag: (n % 4 == 2).then(|| vec![n as u8; 3]),
        codec: "raw".into(),
        ..Metadata::default()
    };
    Record { about, value: (0..size).map(|i| (i as u64 ^ n.wrapping_mul(31)) as u8).collect() }
}

fn failed(what: &str) -> impl FnOnce(super::StoreError) -> String {
    let what = what.to_owned();
    move |error| format!("{what} failed: {error}")
}

fn expect(store: &dyn Store, n: u64, expected: Option<&Record>) -> Result<(), String> {
    let found = store.get(&key(n)).map_err(failed("get"))?;
    match (found, expected) {
        (None, None) => Ok(()),
        (Some(found), Some(expected)) if found == *expected => Ok(()),
        (Some(found), Some(_)) => Err(format!("another record than was put: {:?}", found.about)),
        (Some(_), None) => Err("a record that should not be there".into()),
        (None, Some(expected)) => Err(format!("a record of {} bytes is not there", expected.value.len())),
    }
}

fn put(store: &dyn Store, record: &Record) -> Result<(), String> {
    store.put(record).map_err(failed("put"))
}

fn empty(store: &dyn Store) -> Result<(), String> {
    expect(store, 1, None)?;
    if store.remove(&key(1)).map_err(failed("remove"))? {
        return Err("it says that it removed a record that it never had".into());
    }
    store.clear(&Clear::All).map_err(failed("clear"))?;
    store.sync().map_err(failed("sync"))
}

fn round_trip(store: &dyn Store) -> Result<(), String> {
    for (n, size) in (1..).zip(SIZES) {
        put(store, &record(n, size))?;
        expect(store, n, Some(&record(n, size)))?;
    }
    store.sync().map_err(failed("sync"))?;
    (1..).zip(SIZES).try_for_each(|(n, size)| expect(store, n, Some(&record(n, size))))
}

fn replaced(store: &dyn Store) -> Result<(), String> {
    for size in SIZES.into_iter().chain(SIZES.into_iter().rev()) {
        put(store, &record(7, size))?;
        expect(store, 7, Some(&record(7, size)))?;
    }
    Ok(())
}

fn removed(store: &dyn Store) -> Result<(), String> {
    for size in SIZES {
        put(store, &record(5, size))?;
        if !store.remove(&key(5)).map_err(failed("remove"))? {
            return Err("it says that the record wasn't there".into());
        }
        expect(store, 5, None)?;
        put(store, &record(5, size))?;
        expect(store, 5, Some(&record(5, size)))?;
    }
    Ok(())
}

fn cleared(store: &dyn Store) -> Result<(), String> {
    for n in 0..30 {
        put(store, &record(n, if n % 7 == 0 { 20_000 } else { 20 }))?;
    }
    store.clear(&Clear::Function("package lib package::f1")).map_err(failed("clear"))?;
    for n in 0..30 {
        let expected = record(n, if n % 7 == 0 { 20_000 } else { 20 });
        expect(store, n, (n % 3 != 1).then_some(&expected))?;
    }
    store.clear(&Clear::All).map_err(failed("clear"))?;
    (0..30).try_for_each(|n| expect(store, n, None))
}

fn listed(store: &dyn Store) -> Result<(), String> {
    let mut expected = BTreeMap::new();
    for (n, size) in (1..).zip(SIZES) {
        put(store, &record(n, size))?;
        expected.insert(key(n), size as u64);
    }
    put(store, &record(1, SIZES[0]))?;
    let (mut found, mut twice) = (BTreeMap::new(), false);
    let mut see = |entry: super::Entry| twice |= found.insert(entry.about.key, entry.value_bytes).is_some();
    let listing = store.entries(&mut see).map_err(failed("listing"))?;
    if twice || found != expected || listing.entries != expected.len() as u64 {
        return Err(format!("{} records were put, {} are listed", expected.len(), listing.entries));
    }
    if listing.bytes != expected.values().sum::<u64>() {
        return Err(format!("the bytes of the values don't add up: {}", listing.bytes));
    }
    Ok(())
}

fn many_inputs(store: &dyn Store) -> Result<(), String> {
    let mut record = record(3, 100);
    record.about.inputs = (0..5000).map(|n| Input::new("file", format!("data/{n}.csv"), Some(key(n)))).collect();
    put(store, &record)?;
    store.sync().map_err(failed("sync"))?;
    expect(store, 3, Some(&record))
}

fn threads(store: &dyn Store) -> Result<(), String> {
    let work = |thread: u64| -> Result<(), String> {
        for round in 0..50 {
            let (mine, shared) = (1000 * (thread + 1) + round, round % 8);
            put(store, &record(mine, 100))?;
            put(store, &record(shared, 50))?;
            expect(store, mine, Some(&record(mine, 100)))?;
            expect(store, shared, Some(&record(shared, 50)))?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|thread| scope.spawn(move || work(thread))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("it panicked".into())))
    })
}
