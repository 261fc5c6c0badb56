//! The default store: a directory that any number of processes share.
//!
//! Every record is published as a file before `put` returns, so that neither a kill nor a static that is never dropped
//! loses it. The process that owns the index merges the small ones into it. Not owning it is no error: such a process
//! sees the spool and the large records, and computes what it can't see.

mod shared;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use shared::{Found, Opened};
pub(super) use shared::{Shared, locked};

use super::directory::{self, Directory};
use super::merge::{self, Merger};
use super::options::{DiskOptions, DiskUsage};
use super::outgoing::{self, Outgoing};
use super::reading::Reading;
use super::share::{Answer, Server};
use super::spool::{self, Slot};
use super::{
    Claim, Clear, Entry, Limits, Listing, Manifest, Prune, Store, StoreError, Writing, blobs, locks, manifest, prune,
};
use crate::record::layout;
use crate::record::{Digest, Metadata, Record};

/// Version of the directory's layout, and the `1` in its `v1` folder.
pub const LAYOUT_VERSION: u32 = 1;

/// Using a record more often than this isn't noted.
const TOUCH_EVERY: u64 = 60 * 60 * 1000;

/// How often to try to reach or to become the owner of the index before a record counts as absent.
const TAKEOVERS: u32 = 20;

/// Records in a directory: small ones in sled, large ones in files of their own.
///
/// Any number of processes can use one directory at once. What one of them wrote a moment ago, another may have to
/// compute again, but it never gets an error or a wrong value.
///
/// ```
/// use rememo::record::{Metadata, Record};
/// use rememo::store::{DiskOptions, DiskStore, Store};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join(".rememo");
/// let record = Record { about: Metadata::default(), value: b"value".to_vec() };
/// DiskStore::new(&path, DiskOptions::default()).put(&record)?;
///
/// let later = DiskStore::new(&path, DiskOptions::default());
/// assert_eq!(later.get(&record.about.key)?, Some(record));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct DiskStore {
    /// Dropped first: it answers from what the others still have.
    server: Mutex<Option<Server>>,
    shared: Arc<Shared>,
    merger: Mutex<Option<Merger>>,
}

impl DiskStore {
    /// A store in this directory. Nothing is opened or made until it is needed, so this can't fail.
    pub fn new(path: impl AsRef<Path>, options: DiskOptions) -> Self {
        let shared = Shared::new(Directory::new(path.as_ref()), &options);
        DiskStore { server: Mutex::default(), shared: Arc::new(shared), merger: Mutex::default() }
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.shared.directory.root
    }

    /// What the directory takes on disk.
    pub fn disk_usage(&self) -> DiskUsage {
        let directory = &self.shared.directory;
        let index = directory::size(&directory.sled);
        let spool = directory::size(&directory.spool) + directory::size(&directory.merging);
        let large = directory::size(&directory.blobs);
        let all = directory::size(&directory.root);
        DiskUsage { index, spool, large, other: all.saturating_sub(index + spool + large) }
    }

    /// How many records are known to be lost, to a damaged disk say. They are computed again.
    pub fn lost(&self) -> u64 {
        self.shared.directory.lost()
    }

    /// Opens the index if it isn't open and no other process has it. Tells whether it is open now.
    fn open_index(&self) -> Opened {
        let opened = self.shared.open_index();
        if opened == Opened::Now {
            let mut merger = locked(&self.merger);
            if merger.is_none() {
                *merger = Merger::start(&self.shared);
            }
            // A new index listens anew; the server of the one before answers nobody any more.
            if let Some(listener) = self.shared.index().and_then(|index| index.listener()) {
                let server = Server::start(&self.shared, listener);
                drop(std::mem::replace(&mut *locked(&self.server), server));
            }
            self.shared.bell.ring();
        }
        opened
    }
}

impl DiskStore {
    /// Whether there is a record; a large one isn't read.
    fn has(&self, key: &Digest) -> Result<bool, StoreError> {
        let shared = &self.shared;
        match shared.in_spool(key)? {
            Found::Gone => return Ok(false),
            Found::Record(_) | Found::Pointer(_) => return Ok(true),
            Found::Damaged(_) | Found::Nothing => {}
        }
        if shared.directory.blob(key).exists() {
            return Ok(true);
        }
        Ok(self.get(key)?.is_some())
    }
}

impl Shared {
    /// Removes what is over the limits. For the merger alone, between two passes.
    pub(super) fn keep_limits(self: &Arc<Self>, now: u64) -> Result<(), StoreError> {
        let Limits { bytes, entries } = self.limits;
        // To be opened by whoever has the merger, not by what is made below for a moment.
        if self.index().is_none() {
            return Ok(());
        }
        {
            // What is there is only listed when it may have become a twentieth more, and at first.
            let mut grown = locked(&self.grown);
            let much = |grown: u64, limit: u64| limit > 0 && grown >= (limit / 20).max(1);
            if !much(grown.0, bytes) && !much(grown.1, entries) {
                return Ok(());
            }
            *grown = (0, 0);
        }
        let store = DiskStore { server: Mutex::default(), shared: Arc::clone(self), merger: Mutex::default() };
        let over = prune(&store, &Prune::to(self.limits).dry_run(true), now, &mut |_, _| ())?;
        if over.entries > 0 {
            let removed = prune(&store, &Prune::to(self.limits.with_room()), now, &mut |_, _| ())?;
            tracing::info!(target: "rememo", entries = removed.entries, bytes = removed.bytes, "evicted");
        }
        Ok(())
    }
}

impl Store for DiskStore {
    fn get(&self, key: &Digest) -> Result<Option<Record>, StoreError> {
        let Some(reading) = self.open(key)? else { return Ok(None) };
        let accessed = reading.about.accessed;
        match reading.into_record() {
            Ok(record) => Ok(Some(record)),
            // Read once more from its beginning, which drops what is damaged; what was replaced meanwhile is whole.
            Err(_) => {
                let mut record = blobs::read(&self.shared.directory, key)?;
                match &mut record {
                    Some(record) => record.about.accessed = record.about.accessed.max(accessed),
                    None => self.shared.forget_pointer(key),
                }
                Ok(record)
            }
        }
    }

    fn open(&self, key: &Digest) -> Result<Option<Reading>, StoreError> {
        let shared = &self.shared;
        if shared.newer().is_some() {
            return Ok(None);
        }
        let mut pointer = match shared.in_index(key) {
            Found::Record(record) => return Ok(Some(record.into())),
            // The file is replaced as a whole and removed with the record: the spool knows nothing newer.
            Found::Pointer(about) => match shared.in_blobs(key, Some(about))? {
                Some(record) => return Ok(Some(record)),
                None => None,
            },
            _ => None,
        };
        match shared.in_spool(key)? {
            Found::Record(record) => return Ok(Some(record.into())),
            Found::Gone => return Ok(None),
            Found::Pointer(about) => pointer = Some(about),
            _ => {}
        }
        if let Some(record) = shared.in_blobs(key, pointer)? {
            return Ok(Some(record));
        }
        // Opened last: a run whose every record is fresh in the spool, or large, never needs it.
        if shared.index().is_some() {
            return Ok(None);
        }
        for _ in 0..TAKEOVERS {
            let found = match self.open_index() {
                Opened::Now | Opened::Before => Some(shared.in_index(key)),
                Opened::Elsewhere => shared.at_the_owner(key),
                Opened::No => return Ok(None),
            };
            match found {
                Some(Found::Record(record)) => return Ok(Some(record.into())),
                Some(Found::Pointer(about)) => return shared.in_blobs(key, Some(about)),
                Some(_) => return Ok(None),
                // The owner is just beginning, or has just ended.
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        shared.owner.leave_alone();
        Ok(None)
    }

    fn put(&self, record: &Record) -> Result<(), StoreError> {
        self.write(&record.into())
    }

    fn write(&self, record: &Writing<'_>) -> Result<(), StoreError> {
        let (shared, key) = (&self.shared, &record.about.key);
        if let Some(version) = shared.newer() {
            return Err(StoreError::Newer { path: shared.directory.root.clone(), version });
        }
        // Before anybody is made to wait: encoding a large value takes its time.
        let prepared = outgoing::prepare(&shared.directory, record)?;
        let _order = shared.stripe(key);
        let (slot, large) = match prepared {
            Outgoing::Small(bytes) => (bytes, false),
            Outgoing::Large(file, length) => {
                file.appear(&shared.directory.blob(key), shared.durability)?;
                locked(&shared.unsynced).push(*key);
                (spool::pointer(record.about, length), true)
            }
        };
        spool::publish(&shared.directory, key, &slot, shared.durability)?;
        if !large {
            blobs::remove(&shared.directory, key)?;
        }
        shared.with_index(|index| index.insert(key, &slot));
        shared.ring();
        Ok(())
    }

    fn remove(&self, key: &Digest) -> Result<bool, StoreError> {
        let shared = &self.shared;
        if shared.newer().is_some() || !shared.directory.home.exists() {
            return Ok(false);
        }
        let there = self.has(key)?;
        let _order = shared.stripe(key);
        spool::publish_gone(&shared.directory, key, shared.durability)?;
        blobs::remove(&shared.directory, key)?;
        shared.with_index(|index| index.remove(key));
        shared.ring();
        Ok(there)
    }

    fn touch(&self, about: &Metadata, now: u64) {
        if now.saturating_sub(about.accessed) < TOUCH_EVERY {
            return;
        }
        if self.shared.is_guest() {
            self.shared.owner.touch(&self.shared.directory, &about.key, now);
        } else {
            self.shared.touch(&about.key, now);
        }
    }

    fn claim(&self, key: &Digest) -> Claim {
        if self.shared.newer().is_some() {
            return Claim::unshared();
        }
        locks::claim(&self.shared.directory, key).unwrap_or_else(|e| {
            tracing::debug!(target: "rememo", %e, "a key can't be claimed: other processes may compute it too");
            Claim::unshared()
        })
    }

    fn claimant_waits_for(&self, key: &Digest) -> Vec<Digest> {
        locks::claimant_waits_for(&self.shared.directory, key)
    }

    fn clear(&self, which: &Clear<'_>) -> Result<(), StoreError> {
        let shared = &self.shared;
        if shared.newer().is_some() || !shared.directory.home.exists() {
            return Ok(());
        }
        self.open_index();
        {
            let _one = locked(&shared.pass);
            let _order: Vec<_> = shared.stripes.iter().map(locked).collect();
            spool::publish_clear(&shared.directory, which, shared.durability)?;
            spool::clear(&shared.directory, |function| which.covers(function))?;
            blobs::clear(&shared.directory, |function| which.covers(function), *which == Clear::All)?;
            shared.with_index(|index| merge::clear(index, *which));
        }
        if shared.is_guest() {
            shared.owner.merge(&shared.directory);
        }
        shared.merge()
    }

    fn entries(&self, visit: &mut dyn FnMut(Entry)) -> Result<Listing, StoreError> {
        let shared = &self.shared;
        let mut listing = Listing::default();
        if let Some(version) = shared.newer() {
            return Err(StoreError::Newer { path: shared.directory.root.clone(), version });
        }
        let mut show = |about: Metadata, value_bytes: u64| {
            listing.entries += 1;
            listing.bytes += value_bytes;
            visit(Entry { about, value_bytes });
        };
        let mut shown = std::collections::HashSet::new();
        if matches!(self.open_index(), Opened::Now | Opened::Before) {
            // Then the index has all, but for what others publish meanwhile and for records without a pointer.
            shared.merge()?;
        } else if shared.is_guest() {
            shared.owner.merge(&shared.directory);
        }
        let mut look = |key: &Digest, bytes: &[u8]| {
            if let Ok((about, value)) = layout::decode(bytes)
                && about.key == *key
                && shown.insert(*key)
            {
                show(about, value.len());
            }
        };
        let indexed = match shared.is_guest() {
            true => matches!(shared.owner.each(&shared.directory, &mut look), Answer::Given(())),
            false => shared
                .with_index(|index| {
                    index.each(|key, bytes| {
                        look(key, bytes);
                        true
                    })
                })
                .is_some(),
        };
        for folder in [&shared.directory.spool, &shared.directory.merging] {
            for key in spool::keys(folder)? {
                let Some(bytes) = directory::read(&spool::path(folder, &key))? else { continue };
                match Slot::read(&key, &bytes) {
                    Slot::Here(about, value) if shown.insert(key) => show(about, value.len() as u64),
                    Slot::Elsewhere(about, len) if shown.insert(key) => show(about, len),
                    Slot::Gone => {
                        shown.insert(key);
                    }
                    _ => {}
                }
            }
        }
        blobs::each(&shared.directory, |about, len| {
            if shown.insert(about.key) {
                show(about, len);
            }
        })?;
        if !indexed && shared.directory.sled.exists() {
            listing.hidden = Some("another process holds the index and doesn't say what it has merged".into());
        }
        Ok(listing)
    }

    fn put_manifest(&self, manifest: &Manifest) -> Result<(), StoreError> {
        match self.shared.newer() {
            Some(version) => Err(StoreError::Newer { path: self.shared.directory.root.clone(), version }),
            None => manifest::write(&self.shared.directory, manifest, self.shared.durability),
        }
    }

    fn manifest(&self, function: &str, fingerprint: &Digest) -> Result<Option<Manifest>, StoreError> {
        manifest::read(&self.shared.directory, function, fingerprint)
    }

    fn manifests(&self, function: Option<&str>) -> Result<Vec<Manifest>, StoreError> {
        manifest::all(&self.shared.directory, function)
    }

    fn sync(&self) -> Result<(), StoreError> {
        let shared = &self.shared;
        shared.merge()?;
        let blobs = std::mem::take(&mut *locked(&shared.unsynced)).into_iter().map(|key| shared.directory.blob(&key));
        let spooled = directory::list(&shared.directory.spool)?;
        let merging = directory::list(&shared.directory.merging)?;
        for path in blobs.chain(spooled).chain(merging) {
            match directory::sync_file(&path) {
                // Replaced, taken out or merged meanwhile: whoever did it answers for it.
                Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {}
                result => result?,
            }
        }
        Ok(())
    }

    fn location(&self) -> String {
        self.shared.directory.root.display().to_string()
    }
}
