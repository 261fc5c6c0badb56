//! What a hit costs, beside what others' hits cost, in one run: `cargo bench -p rememo`.
//!
//! Contestants take turns, so that whatever else the machine does hits all of them alike; of each, the fastest tenth of
//! its turns counts. The last lines are the ratios that the project promises to watch.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cached::macros::concurrent_cached;
use cached::{ShardedLruCache, ShardedUnboundCache};
use rememo::codec::{Codec, MessagePack};
use rememo::key::probe::{Probe, ViaCacheKey};
use rememo::record::{Metadata, Record};
use rememo::store::{DiskOptions, DiskStore, Store};
use rememo::tier::{Budget, Tier};
use rememo::{Key, KeyEncoder};
use serde::{Deserialize, Serialize};

/// How many different arguments are asked for in turn.
const ARGUMENTS: u64 = 1024;

struct Contestant<'a> {
    name: &'a str,
    /// Does one operation for an argument.
    run: Box<dyn FnMut(u64) + 'a>,
    turns: Vec<f64>,
}

fn contestant<'a, R>(name: &'a str, mut operation: impl FnMut(u64) -> R + 'a) -> Contestant<'a> {
    Contestant { name, run: Box::new(move |n| drop(black_box(operation(black_box(n))))), turns: Vec::new() }
}

/// Nanoseconds per operation of each contestant.
fn race(title: &str, mut contestants: Vec<Contestant<'_>>) -> Vec<f64> {
    println!("\n{title}");
    for c in &mut contestants {
        (0..ARGUMENTS).for_each(&mut c.run);
    }
    // As many operations a turn as take about two milliseconds.
    let started = Instant::now();
    (0..ARGUMENTS.min(64)).for_each(&mut contestants[0].run);
    let one = started.elapsed() / ARGUMENTS.min(64) as u32;
    let operations = (Duration::from_millis(2).as_nanos() / one.as_nanos().max(1)).clamp(1, 20_000) as u64;
    let deadline = Instant::now() + Duration::from_secs(4);
    while Instant::now() < deadline || contestants[0].turns.len() < 20 {
        for c in &mut contestants {
            let started = Instant::now();
            (0..operations).for_each(|n| (c.run)(n % ARGUMENTS));
            c.turns.push(started.elapsed().as_nanos() as f64 / operations as f64);
        }
    }
    let times: Vec<f64> = contestants
        .iter_mut()
        .map(|c| {
            c.turns.sort_by(f64::total_cmp);
            c.turns[c.turns.len() / 10]
        })
        .collect();
    for (c, time) in contestants.iter().zip(&times) {
        println!("  {:<44} {:>12.1} ns", c.name, time);
    }
    times
}

fn key(a: u64, b: u64) -> Key {
    let mut to = KeyEncoder::new();
    (&&&&Probe(&a)).encode(&mut to).expect("integers have keys");
    (&&&&Probe(&b)).encode(&mut to).expect("integers have keys");
    to.finish()
}

#[concurrent_cached(max_size = 10_000)]
fn cached_add(a: u64, b: u64) -> u64 {
    a + b
}

fn memory(ratios: &mut Vec<(String, f64)>) {
    let tier = Tier::new(Budget::new(10_000, 1 << 30));
    let moka = moka::sync::Cache::<(u64, u64), u64>::new(10_000);
    let sharded = ShardedUnboundCache::<(u64, u64), u64>::builder().build().expect("it has defaults");
    let lru = ShardedLruCache::<(u64, u64), u64>::builder().max_size(10_000).build().expect("it has defaults");
    for n in 0..ARGUMENTS {
        tier.insert(key(n, 7), Arc::new(n), 8);
        moka.insert((n, 7), n);
        sharded.set((n, 7), n);
        lru.set((n, 7), n);
    }
    let times = race(
        "A hit in memory, two u64 as arguments",
        vec![
            contestant("rememo: key and memory tier", |n| tier.get_with(&key(n, 7), |value| **value)),
            contestant("cached: ShardedUnboundCache::get", |n| sharded.get(&(n, 7))),
            contestant("cached: ShardedLruCache::get", |n| lru.get(&(n, 7))),
            contestant("cached: #[concurrent_cached(max_size)]", |n| cached_add(n, 7)),
            contestant("moka: sync::Cache::get", |n| moka.get(&(n, 7))),
        ],
    );
    ratios.push(("memory tier / moka get (aim 0.5)".into(), times[0] / times[4]));
    ratios.push(("memory tier / cached's sharded get".into(), times[0] / times[1]));
    ratios.push(("memory tier / cached's sharded LRU get".into(), times[0] / times[2]));
}

#[derive(Serialize, Deserialize)]
struct Value {
    id: u64,
    name: String,
    samples: Vec<f64>,
}

fn disk(title: &str, samples: usize, entries: u64, ratios: &mut Vec<(String, f64)>) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let store = DiskStore::new(folder.path().join("rememo"), DiskOptions::default());
    let bare = sled::Config::new().path(folder.path().join("sled")).open().expect("sled opens");
    let digest = |n: u64| key(n, 7).digest(&[7; 32]);
    // A bare sled has no arguments to make keys of.
    let ready: Vec<_> = (0..entries).map(digest).collect();
    let ready = |n: u64| ready[(n % entries) as usize];
    let mut size = 0;
    for n in 0..entries {
        let value = Value {
            id: n,
            name: format!("value {n}"),
            samples: (0..samples).map(|i| (i as f64 + n as f64).sqrt()).collect(),
        };
        let bytes = MessagePack::encode(&value).expect("it encodes");
        size = bytes.len();
        bare.insert(digest(n), &*bytes).expect("sled inserts");
        let mut about = Metadata::default();
        about.function = "package 0.1.0 lib package::module::function".into();
        about.key = digest(n);
        about.codec = "messagepack 1".into();
        store.put(&Record { about, value: bytes }).expect("the store takes it");
    }
    assert!(store.get(&[0; 32]).expect("a miss").is_none());
    store.sync().expect("the store syncs");
    let decode = |bytes: &[u8]| -> Value { MessagePack::decode(bytes).expect("it decodes") };
    let times = race(
        &format!("A hit on disk, {title}: {size} bytes, {entries} records"),
        vec![
            contestant("rememo: key, store get and decode", |n| {
                decode(&store.get(&digest(n % entries)).expect("it reads").expect("a hit").value)
            }),
            contestant("bare sled get and decode", |n| decode(&bare.get(ready(n)).expect("it reads").expect("a hit"))),
            contestant("rememo: key and store get", |n| {
                store.get(&digest(n % entries)).expect("it reads").expect("a hit").value.len()
            }),
            contestant("bare sled get and copy", |n| bare.get(ready(n)).expect("it reads").expect("a hit").to_vec()),
        ],
    );
    ratios.push((format!("disk, {title}: store / bare sled, get and decode (aim 2)"), times[0] / times[1]));
    ratios.push((format!("disk, {title}: store / bare sled, get alone"), times[2] / times[3]));
}

fn main() {
    let mut ratios = Vec::new();
    memory(&mut ratios);
    disk("small", 2, 10_000, &mut ratios);
    disk("1 KiB", 112, 10_000, &mut ratios);
    disk("1 MiB", 116_500, 32, &mut ratios);
    println!("\nRatios");
    for (name, ratio) in ratios {
        println!("  {name:<60} {ratio:>6.2}");
    }
}
