//! A store that tells what another is asked.

use super::{Claim, Clear, Entry, Listing, Manifest, Store, StoreError};
use crate::record::{Digest, Metadata, Record};

/// Tells every request and what came of it, in a line.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use rememo::store::{LoggedStore, MemoryStore, Store};
///
/// let lines: Arc<Mutex<Vec<String>>> = Arc::default();
/// let log = Arc::clone(&lines);
/// let store = LoggedStore::new(MemoryStore::new(), move |line| log.lock().unwrap().push(line.to_owned()));
/// store.get(&[7; 32])?;
/// assert_eq!(*lines.lock().unwrap(), ["get 07070707: nothing"]);
/// # Ok::<(), rememo::store::StoreError>(())
/// ```
#[derive(Debug)]
pub struct LoggedStore<S, L> {
    store: S,
    log: L,
}

impl<S: Store, L: Fn(&str) + Send + Sync + 'static> LoggedStore<S, L> {
    /// `log` is told what `store` is asked.
    pub fn new(store: S, log: L) -> Self {
        LoggedStore { store, log }
    }

    fn tell<T>(
        &self,
        what: &str,
        result: Result<T, StoreError>,
        describe: impl FnOnce(&T) -> String,
    ) -> Result<T, StoreError> {
        match &result {
            Ok(value) => (self.log)(&format!("{what}: {}", describe(value))),
            Err(error) => (self.log)(&format!("{what}: failed: {error}")),
        }
        result
    }
}

fn short(key: &Digest) -> String {
    key[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn done(_: &()) -> String {
    "done".into()
}

impl<S: Store, L: Fn(&str) + Send + Sync + 'static> Store for LoggedStore<S, L> {
    fn get(&self, key: &Digest) -> Result<Option<Record>, StoreError> {
        self.tell(&format!("get {}", short(key)), self.store.get(key), |found| match found {
            Some(record) => format!("{} bytes of {}", record.value.len(), record.about.function),
            None => "nothing".into(),
        })
    }

    fn put(&self, record: &Record) -> Result<(), StoreError> {
        let what =
            format!("put {} ({} bytes of {})", short(&record.about.key), record.value.len(), record.about.function);
        self.tell(&what, self.store.put(record), done)
    }

    fn remove(&self, key: &Digest) -> Result<bool, StoreError> {
        let describe = |there: &bool| if *there { "it was there" } else { "it wasn't there" }.to_owned();
        self.tell(&format!("remove {}", short(key)), self.store.remove(key), describe)
    }

    fn touch(&self, about: &Metadata, now: u64) {
        self.store.touch(about, now);
    }

    fn claim(&self, key: &Digest) -> Claim {
        self.store.claim(key)
    }

    fn claimant_waits_for(&self, key: &Digest) -> Vec<Digest> {
        self.store.claimant_waits_for(key)
    }

    fn clear(&self, which: &Clear<'_>) -> Result<(), StoreError> {
        self.tell(&format!("clear {which:?}"), self.store.clear(which), done)
    }

    fn entries(&self, visit: &mut dyn FnMut(Entry)) -> Result<Listing, StoreError> {
        self.tell("list", self.store.entries(visit), |listing| format!("{} records", listing.entries))
    }

    fn put_manifest(&self, manifest: &Manifest) -> Result<(), StoreError> {
        self.tell(&format!("put manifest of {}", manifest.function), self.store.put_manifest(manifest), done)
    }

    fn manifest(&self, function: &str, fingerprint: &Digest) -> Result<Option<Manifest>, StoreError> {
        self.store.manifest(function, fingerprint)
    }

    fn manifests(&self, function: Option<&str>) -> Result<Vec<Manifest>, StoreError> {
        self.store.manifests(function)
    }

    fn sync(&self) -> Result<(), StoreError> {
        self.tell("sync", self.store.sync(), done)
    }

    fn location(&self) -> String {
        self.store.location()
    }
}
