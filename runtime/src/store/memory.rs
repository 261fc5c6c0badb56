//! A store that forgets everything when it is dropped: for tests, and for who wants no directory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Clear, Entry, Listing, Manifest, Store, StoreError};
use crate::record::{Digest, Record};

/// Keeps records in memory.
///
/// ```
/// use rememo::record::{Metadata, Record};
/// use rememo::store::{MemoryStore, Store};
///
/// let store = MemoryStore::new();
/// let record = Record { about: Metadata::default(), value: b"value".to_vec() };
/// store.put(&record)?;
/// assert_eq!(store.get(&record.about.key)?, Some(record));
/// # Ok::<(), rememo::store::StoreError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    records: HashMap<Digest, Record>,
    manifests: HashMap<(String, Digest), Manifest>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // Nothing below panics halfway through a change, so a poisoned state is a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &Digest) -> Result<Option<Record>, StoreError> {
        Ok(self.state().records.get(key).cloned())
    }

    fn put(&self, record: &Record) -> Result<(), StoreError> {
        self.state().records.insert(record.about.key, record.clone());
        Ok(())
    }

    fn remove(&self, key: &Digest) -> Result<bool, StoreError> {
        Ok(self.state().records.remove(key).is_some())
    }

    fn touch(&self, about: &crate::record::Metadata, now: u64) {
        if let Some(record) = self.state().records.get_mut(&about.key) {
            record.about.accessed = now;
        }
    }

    fn clear(&self, which: &Clear<'_>) -> Result<(), StoreError> {
        self.state().records.retain(|_, record| !which.covers(&record.about.function));
        Ok(())
    }

    fn entries(&self, visit: &mut dyn FnMut(Entry)) -> Result<Listing, StoreError> {
        let mut listing = Listing::default();
        for record in self.state().records.values() {
            listing.add(record);
            visit(Entry::of(record));
        }
        Ok(listing)
    }

    fn put_manifest(&self, manifest: &Manifest) -> Result<(), StoreError> {
        let name = (manifest.function.clone(), manifest.fingerprint);
        self.state().manifests.entry(name).or_insert_with(|| manifest.clone());
        Ok(())
    }

    fn manifest(&self, function: &str, fingerprint: &Digest) -> Result<Option<Manifest>, StoreError> {
        Ok(self.state().manifests.get(&(function.to_owned(), *fingerprint)).cloned())
    }

    fn manifests(&self, function: Option<&str>) -> Result<Vec<Manifest>, StoreError> {
        let wanted = |m: &&Manifest| function.is_none_or(|name| name == m.function);
        let mut found: Vec<_> = self.state().manifests.values().filter(wanted).cloned().collect();
        found.sort_by_key(|m| std::cmp::Reverse(m.created));
        Ok(found)
    }

    fn location(&self) -> String {
        "memory".into()
    }
}
