//! Stores: where records outlive the process.
//!
//! Only the modules below this one know a storage engine. A store never makes up a record and never returns one that
//! doesn't check: what is damaged, of another version or out of reach is absent. The caller turns an error into a
//! warning and a recompute, never into an error of the user's function.

mod archive;
mod blobs;
mod care;
mod claim;
mod conformance;
mod counts;
mod directory;
mod disk;
mod index;
mod locks;
mod logged;
mod manifest;
mod memory;
mod merge;
mod null;
mod options;
mod outgoing;
mod reading;
#[cfg(unix)]
mod share;
#[cfg(not(unix))]
#[path = "store/share/none.rs"]
mod share;
mod spool;
mod tiered;
mod writing;

use std::fmt;
use std::path::{Path, PathBuf};

pub use archive::{ArchiveError, Archived, Existing, export, import};
pub use care::{Code, Gc, Limits, Prune, Removed, Verified, gc, prune, verify};
pub use claim::{Claim, Held};
pub use conformance::check_store;
pub use disk::{DiskStore, LAYOUT_VERSION};
pub use logged::LoggedStore;
pub use manifest::Manifest;
pub use memory::MemoryStore;
pub use null::NullStore;
pub use options::{DiskOptions, DiskUsage, Durability};
pub use reading::Reading;
pub use tiered::TieredStore;
pub(crate) use writing::Content;
pub use writing::Writing;

use crate::codec::CodecError;
use crate::record::{Digest, Metadata, Record};

/// A place that keeps records. Implement it to keep them somewhere else: [`Record::encode`] and [`Record::decode`]
/// turn them into bytes and back, five methods are all that is needed, and [`check_store`] tells whether they do what the
/// cache relies on.
///
/// Methods are called from many threads at once. None of them may panic on what it reads.
pub trait Store: Send + Sync + 'static {
    /// The record of this name, if it is there and whole.
    ///
    /// # Errors
    /// If the store can't be read. A record that is absent or damaged is `None`.
    fn get(&self, key: &Digest) -> Result<Option<Record>, StoreError>;

    /// Like [`get`](Store::get), but the value is still to be read, if that spares the store a copy. If reading it fails, `get` is
    /// to be asked, which drops what is damaged.
    ///
    /// # Errors
    /// As [`get`](Store::get).
    fn open(&self, key: &Digest) -> Result<Option<Reading>, StoreError> {
        Ok(self.get(key)?.map(Reading::from))
    }

    /// Keeps a record under `record.about.key`, in place of the one that may be there.
    ///
    /// When this returns, the record outlives the process.
    ///
    /// # Errors
    /// If it can't be written.
    fn put(&self, record: &Record) -> Result<(), StoreError>;

    /// Like [`put`](Store::put), but the value is still to be encoded, if that spares the store a copy of it.
    ///
    /// # Errors
    /// As [`put`](Store::put), and [`StoreError::Unencodable`] if the value can't be encoded.
    fn write(&self, record: &Writing<'_>) -> Result<(), StoreError> {
        self.put(&record.to_record()?)
    }

    /// Forgets a record; tells whether there was one.
    ///
    /// # Errors
    /// If the store can't be written.
    fn remove(&self, key: &Digest) -> Result<bool, StoreError>;

    /// Notes that a record was used. May be forgotten, and may do nothing if `now` is less than an hour after the last.
    fn touch(&self, _about: &Metadata, _now: u64) {}

    /// Claims the computation of a key among all processes that share the store. A store of one process need not care.
    fn claim(&self, _key: &Digest) -> Claim {
        Claim::unshared()
    }

    /// What the process that has claimed a key waits for itself; nothing if nobody has.
    fn claimant_waits_for(&self, _key: &Digest) -> Vec<Digest> {
        Vec::new()
    }

    /// Forgets all records of these functions, or of all.
    ///
    /// # Errors
    /// If the store can't be written.
    fn clear(&self, which: &Clear<'_>) -> Result<(), StoreError> {
        let mut keys = Vec::new();
        self.entries(&mut |entry| keys.extend(which.covers(&entry.about.function).then_some(entry.about.key)))?;
        keys.iter().try_for_each(|key| self.remove(key).map(|_| ()))
    }

    /// Shows what is known about each record, in no order. Of a large record with many inputs, these may be left out.
    ///
    /// # Errors
    /// If the store can't be read.
    fn entries(&self, visit: &mut dyn FnMut(Entry)) -> Result<Listing, StoreError>;

    /// Keeps what a function reaches, once per function and fingerprint. A store that doesn't can't tell why something is
    /// computed again.
    ///
    /// # Errors
    /// If it can't be written.
    fn put_manifest(&self, _manifest: &Manifest) -> Result<(), StoreError> {
        Ok(())
    }

    /// What a function reached when it had that fingerprint.
    ///
    /// # Errors
    /// If the store can't be read.
    fn manifest(&self, _function: &str, _fingerprint: &Digest) -> Result<Option<Manifest>, StoreError> {
        Ok(None)
    }

    /// All manifests of a function, or of all functions, newest first.
    ///
    /// # Errors
    /// If the store can't be read.
    fn manifests(&self, _function: Option<&str>) -> Result<Vec<Manifest>, StoreError> {
        Ok(Vec::new())
    }

    /// Returns when all that was put survives a loss of power.
    ///
    /// # Errors
    /// If the system doesn't confirm it.
    fn sync(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Where it is, in words for people.
    fn location(&self) -> String;
}

/// Which records to forget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clear<'a> {
    /// All.
    All,
    /// Those of one function.
    Function(&'a str),
}

impl Clear<'_> {
    /// Whether a record of `function` is meant.
    pub fn covers(&self, function: &str) -> bool {
        match self {
            Clear::All => true,
            Clear::Function(name) => *name == function,
        }
    }
}

/// One record in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// What is known about it.
    pub about: Metadata,
    /// Bytes of its value.
    pub value_bytes: u64,
}

impl Entry {
    /// What a listing shows of a record.
    pub fn of(record: &Record) -> Self {
        Entry { about: record.about.clone(), value_bytes: record.value.len() as u64 }
    }
}

/// How a listing went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listing {
    /// Records shown.
    pub entries: u64,
    /// Bytes of their values.
    pub bytes: u64,
    /// Records that are there but can't be shown, and why: another process holds the index, say.
    pub hidden: Option<String>,
}

impl Listing {
    /// Counts a record.
    pub fn add(&mut self, record: &Record) {
        self.entries += 1;
        self.bytes += record.value.len() as u64;
    }
}

/// Why a store couldn't do what it was asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// The system refused an operation on a path.
    Io {
        /// What was tried: `write`, `read`, `create`, ...
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The directory was written by a newer release.
    Newer {
        /// The directory.
        path: PathBuf,
        /// Version of its layout.
        version: u32,
    },
    /// The value can't be encoded. Nothing is wrong with the store.
    Unencodable(CodecError),
    /// Something else, in the store's words.
    Other(String),
}

impl StoreError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
        let path = path.to_owned();
        move |source| StoreError::Io { action, path, source }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Io { action, path, source } => write!(f, "can't {action} {}: {source}", path.display()),
            StoreError::Newer { path, version } => write!(
                f,
                "{} was written by a newer release (layout {version}, this release knows {LAYOUT_VERSION}); \
                 update rememo, or set REMEMO_DIR to another directory",
                path.display()
            ),
            StoreError::Unencodable(error) => error.fmt(f),
            StoreError::Other(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StoreError::Io { source, .. } => Some(source),
            StoreError::Unencodable(error) => Some(error),
            _ => None,
        }
    }
}
