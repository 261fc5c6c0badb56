//! The memory tier: what this process has already computed or read, bounded by entries and bytes.
//!
//! One tier per function, so that the function is no part of the key. It never blocks readers of other shards, and it
//! may drop anything at any time: what it drops is read from the store again.

mod shard;

use std::collections::hash_map::RandomState as StdRandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};
use std::thread;

use crate::Key;
use shard::Shard;

/// What an entry weighs besides its value.
const OVERHEAD: u64 = 96;

/// How much tiers may hold. Clones share the count: give one to all tiers to bound them together.
#[derive(Clone)]
pub struct Budget {
    shared: Arc<Shared>,
}

struct Shared {
    max_entries: u64,
    max_bytes: u64,
    used: Used,
    /// Who can make room.
    tiers: RwLock<Vec<Weak<dyn MakeRoom>>>,
}

#[derive(Debug, Default)]
struct Used {
    entries: AtomicU64,
    bytes: AtomicU64,
}

impl Used {
    fn add(&self, entries: u64, bytes: u64) {
        self.entries.fetch_add(entries, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn subtract(&self, entries: u64, bytes: u64) {
        self.entries.fetch_sub(entries, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// A tier, as its budget sees it.
trait MakeRoom: Send + Sync {
    fn used(&self) -> &Used;

    /// Drops one entry; tells whether there was one to drop.
    fn drop_one(&self) -> bool;
}

impl Budget {
    /// So many entries and so many bytes. An entry counts as many bytes as it was inserted with, and a few more.
    pub fn new(max_entries: u64, max_bytes: u64) -> Self {
        let tiers = RwLock::default();
        Budget { shared: Arc::new(Shared { max_entries, max_bytes, used: Used::default(), tiers }) }
    }

    /// Entries held now.
    pub fn entries(&self) -> u64 {
        self.shared.used.entries()
    }

    /// Bytes held now.
    pub fn bytes(&self) -> u64 {
        self.shared.used.bytes()
    }

    fn is_over(&self) -> Option<fn(&Used) -> u64> {
        if self.bytes() > self.shared.max_bytes {
            Some(Used::bytes)
        } else if self.entries() > self.shared.max_entries {
            Some(Used::entries)
        } else {
            None
        }
    }

    /// Drops entries of whichever tier holds most, until what is held fits.
    fn enforce(&self) {
        while let Some(measure) = self.is_over() {
            let tiers = self.shared.tiers.read().unwrap_or_else(PoisonError::into_inner);
            let largest = tiers.iter().filter_map(Weak::upgrade).max_by_key(|tier| measure(tier.used()));
            drop(tiers);
            if !largest.is_some_and(|tier| tier.drop_one()) {
                break;
            }
        }
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("entries", &self.entries()).field("bytes", &self.bytes()).finish_non_exhaustive()
    }
}

/// One function's results in memory. `E` is what the caller keeps of one: cheap to clone, an `Arc` say.
///
/// ```
/// use std::sync::Arc;
///
/// use rememo::tier::{Budget, Tier};
/// use rememo::{CacheKey, KeyEncoder};
///
/// let tier = Tier::new(Budget::new(1000, 1 << 20));
/// let mut key = KeyEncoder::new();
/// 42u64.encode(&mut key)?;
/// let key = key.finish();
/// tier.insert(key, Arc::new("result"), 6);
/// assert_eq!(tier.get(&key).as_deref(), Some(&"result"));
/// # Ok::<(), rememo::KeyError>(())
/// ```
pub struct Tier<E: Clone + Send + Sync + 'static> {
    entries: Arc<Entries<E>>,
    budget: Budget,
}

struct Entries<E> {
    shards: Box<[Padded<E>]>,
    hasher: foldhash::fast::FixedState,
    used: Used,
    total: Arc<Shared>,
    /// Where the next entry to drop is looked for.
    next: AtomicUsize,
}

/// Two shards never share a cache line: locking one must not slow the other.
#[repr(align(128))]
struct Padded<E>(RwLock<Shard<E>>);

impl<E> Padded<E> {
    fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl<E: Clone + Send + Sync + 'static> Tier<E> {
    /// An empty tier within a budget.
    pub fn new(budget: Budget) -> Self {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let shards = (threads * 8).next_power_of_two().clamp(16, 256);
        // Seeded once per tier by the system's randomness: who chooses arguments must not choose collisions.
        let seed = StdRandomState::new().hash_one(shards);
        let entries = Arc::new(Entries {
            shards: (0..shards).map(|_| Padded(RwLock::default())).collect(),
            hasher: foldhash::fast::FixedState::with_seed(seed),
            used: Used::default(),
            total: Arc::clone(&budget.shared),
            next: AtomicUsize::new(0),
        });
        let room = Arc::downgrade(&entries) as Weak<dyn MakeRoom>;
        let mut tiers = budget.shared.tiers.write().unwrap_or_else(PoisonError::into_inner);
        tiers.retain(|tier| tier.strong_count() > 0);
        tiers.push(room);
        drop(tiers);
        Tier { entries, budget }
    }

    /// The entry of a key.
    #[inline]
    pub fn get(&self, key: &Key) -> Option<E> {
        self.get_with(key, E::clone)
    }

    /// What `look` makes of the entry of a key. It runs under a lock that insertions wait for: keep it short.
    #[inline]
    pub fn get_with<R>(&self, key: &Key, look: impl FnOnce(&E) -> R) -> Option<R> {
        let hash = self.entries.hasher.hash_one(key);
        self.entries.read(hash).get(hash, key).map(look)
    }

    /// Whether an entry of so many bytes would be kept.
    pub(crate) fn takes(&self, bytes: u64) -> bool {
        bytes.saturating_add(OVERHEAD) <= self.budget.shared.max_bytes
    }

    /// Keeps an entry that weighs so many bytes, and drops others if the budget asks for it.
    pub fn insert(&self, key: Key, entry: E, bytes: u64) {
        let bytes = bytes.saturating_add(OVERHEAD);
        if bytes > self.budget.shared.max_bytes {
            // It alone would push out all others, and not fit even then.
            self.remove(&key);
            return;
        }
        let hash = self.entries.hasher.hash_one(key);
        // Counted before it can be found: who drops it at once must not count below zero.
        self.entries.count(1, bytes);
        let replaced = self.entries.write(hash).insert(hash, key, entry, bytes);
        if let Some((old, old_bytes)) = replaced {
            self.entries.discount(1, old_bytes);
            drop(old);
        }
        self.budget.enforce();
    }

    /// Drops an entry; tells whether there was one.
    pub fn remove(&self, key: &Key) -> bool {
        let hash = self.entries.hasher.hash_one(key);
        let removed = self.entries.write(hash).remove(hash, key);
        self.entries.dropped(removed)
    }

    /// Drops all entries.
    pub fn clear(&self) {
        self.entries.clear();
    }

    /// How many entries it holds.
    pub fn len(&self) -> u64 {
        self.entries.used.entries()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<E: Clone + Send + Sync + 'static> fmt::Debug for Tier<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tier").field("used", &self.entries.used).finish_non_exhaustive()
    }
}

impl<E> Entries<E> {
    #[inline]
    fn shard(&self, hash: u64) -> &RwLock<Shard<E>> {
        // The table inside a shard goes by the lowest and the highest bits: choose the shard by others.
        &self.shards[(hash >> 32) as usize & (self.shards.len() - 1)].0
    }

    /// No code of the caller's runs under these locks but `clone` and `look`, which change nothing: poison means nothing.
    #[inline]
    fn read(&self, hash: u64) -> RwLockReadGuard<'_, Shard<E>> {
        self.shard(hash).read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, hash: u64) -> RwLockWriteGuard<'_, Shard<E>> {
        self.shard(hash).write().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, entries: u64, bytes: u64) {
        self.used.add(entries, bytes);
        self.total.used.add(entries, bytes);
    }

    fn discount(&self, entries: u64, bytes: u64) {
        self.used.subtract(entries, bytes);
        self.total.used.subtract(entries, bytes);
    }

    /// The entry itself is dropped here, outside the lock.
    fn dropped(&self, removed: Option<(E, u64)>) -> bool {
        removed.inspect(|(_, bytes)| self.discount(1, *bytes)).is_some()
    }

    fn clear(&self) {
        for Padded(shard) in &self.shards {
            let emptied = std::mem::take(&mut *shard.write().unwrap_or_else(PoisonError::into_inner));
            let (entries, bytes) = emptied.weight();
            self.discount(entries, bytes);
        }
    }
}

impl<E: Send + Sync> MakeRoom for Entries<E> {
    fn used(&self) -> &Used {
        &self.used
    }

    /// From the fuller of two shards, so that none runs out of what isn't used (Azar, Broder, Karlin and Upfal, "Balanced
    /// Allocations", 1994): by turns alone, one that gets few insertions would drop what is in use.
    fn drop_one(&self) -> bool {
        let mask = self.shards.len() - 1;
        for _ in 0..self.shards.len() {
            let turn = self.next.fetch_add(1, Ordering::Relaxed);
            let other = self.hasher.hash_one(turn) as usize & mask;
            let (turn, other) = (&self.shards[turn & mask], &self.shards[other]);
            let fuller = if other.len() > turn.len() { other } else { turn };
            let evicted = fuller.0.write().unwrap_or_else(PoisonError::into_inner).evict();
            if self.dropped(evicted) {
                return true;
            }
        }
        false
    }
}

impl<E> Drop for Entries<E> {
    fn drop(&mut self) {
        self.clear();
    }
}
