//! Two stores as one: a near one, asked first, and a far one that has everything.

use std::collections::HashSet;

use super::{Claim, Clear, Entry, Listing, Manifest, Store, StoreError};
use crate::record::{Digest, Metadata, Record};

/// A near store before a far one: a local directory before one on a network drive, say. What is found far away is copied
/// near; what is put is put into both.
///
/// The far one is what counts: a near store that fails is only slower.
///
/// ```
/// use rememo::record::{Metadata, Record};
/// use rememo::store::{MemoryStore, Store, TieredStore};
///
/// let far = MemoryStore::new();
/// far.put(&Record { about: Metadata::default(), value: b"value".to_vec() })?;
/// let both = TieredStore::new(MemoryStore::new(), far);
/// assert!(both.get(&[0; 32])?.is_some());
/// # Ok::<(), rememo::store::StoreError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TieredStore<N, F> {
    near: N,
    far: F,
}

impl<N: Store, F: Store> TieredStore<N, F> {
    /// `near` before `far`.
    pub fn new(near: N, far: F) -> Self {
        TieredStore { near, far }
    }
}

fn go_on<T: Default>(near: Result<T, StoreError>) -> T {
    near.unwrap_or_else(|e| {
        tracing::warn!(target: "rememo", error = %e, "going on without the near store");
        T::default()
    })
}

impl<N: Store, F: Store> Store for TieredStore<N, F> {
    fn get(&self, key: &Digest) -> Result<Option<Record>, StoreError> {
        if let Some(record) = go_on(self.near.get(key)) {
            return Ok(Some(record));
        }
        let found = self.far.get(key)?;
        if let Some(record) = &found {
            go_on(self.near.put(record));
        }
        Ok(found)
    }

    fn put(&self, record: &Record) -> Result<(), StoreError> {
        self.far.put(record)?;
        if self.near.put(record).is_err() {
            // What may be there is older.
            go_on(self.near.remove(&record.about.key));
        }
        Ok(())
    }

    fn remove(&self, key: &Digest) -> Result<bool, StoreError> {
        // Both, and the near one's failure counts here: it would go on answering.
        let near = self.near.remove(key)?;
        Ok(self.far.remove(key)? || near)
    }

    fn touch(&self, about: &Metadata, now: u64) {
        self.near.touch(about, now);
        self.far.touch(about, now);
    }

    fn claim(&self, key: &Digest) -> Claim {
        self.far.claim(key)
    }

    fn claimant_waits_for(&self, key: &Digest) -> Vec<Digest> {
        self.far.claimant_waits_for(key)
    }

    fn clear(&self, which: &Clear<'_>) -> Result<(), StoreError> {
        self.near.clear(which)?;
        self.far.clear(which)
    }

    fn entries(&self, visit: &mut dyn FnMut(Entry)) -> Result<Listing, StoreError> {
        let mut shown = HashSet::new();
        let mut listing = self.far.entries(&mut |entry| {
            shown.insert(entry.about.key);
            visit(entry);
        })?;
        let mut add = |entry: Entry| {
            if shown.insert(entry.about.key) {
                listing.entries += 1;
                listing.bytes += entry.value_bytes;
                visit(entry);
            }
        };
        go_on(self.near.entries(&mut add));
        Ok(listing)
    }

    fn put_manifest(&self, manifest: &Manifest) -> Result<(), StoreError> {
        self.far.put_manifest(manifest)
    }

    fn manifest(&self, function: &str, fingerprint: &Digest) -> Result<Option<Manifest>, StoreError> {
        self.far.manifest(function, fingerprint)
    }

    fn manifests(&self, function: Option<&str>) -> Result<Vec<Manifest>, StoreError> {
        self.far.manifests(function)
    }

    fn sync(&self) -> Result<(), StoreError> {
        go_on(self.near.sync());
        self.far.sync()
    }

    fn location(&self) -> String {
        format!("{}, then {}", self.near.location(), self.far.location())
    }
}
