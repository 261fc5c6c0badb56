//! The default store: a directory that any number of processes share.
//!
//! Every record is published as a file before `put` returns, so that neither a kill nor a static that is never dropped
//! loses it. The process that owns the index merges the small ones into it. Not owning it is no error: such a process
//! sees the spool and the large records, and computes what it can't see.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::directory::{self, Directory};
use super::index::{self, Index, IndexError};
use super::merge::{self, Bell, Merger, PassError};
use super::options::{DiskOptions, DiskUsage, Durability};
use super::outgoing::{self, Outgoing};
use super::reading::Reading;
use super::share::{Answer, Owner, Server};
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

/// How long to leave an index alone that couldn't be opened.
const RETRY: Duration = Duration::from_secs(1);

const STRIPES: usize = 16;

/// How often to try to reach or to become the owner of the index before a record counts as absent.
const TAKEOVERS: u32 = 20;

/// Whoever owns the index is told after so many records, since it doesn't look for itself.
const TELL_EVERY: usize = 64;

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

/// What the store and its merger share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) directory: Directory,
    pub(super) bell: Bell,
    durability: Durability,
    limits: Limits,
    /// Bytes and records that came into the index since they were last held against the limits.
    grown: Mutex<(u64, u64)>,
    newer: OnceLock<Option<u32>>,
    state: RwLock<State>,
    /// Publishing a record and putting it into the index are one step, as seen by a merge of the same key.
    stripes: [Mutex<()>; STRIPES],
    /// Held by the one pass at a time.
    pass: Mutex<()>,
    /// Large records that only the system's cache may have.
    unsynced: Mutex<Vec<Digest>>,
    /// That the index can't be opened was said already.
    warned: AtomicBool,
    /// The process that has the index, if this one doesn't.
    owner: Owner,
    /// What was published since the owner was last told so.
    untold: AtomicUsize,
}

#[derive(Debug)]
enum State {
    /// Not opened, and not to be tried before then.
    Closed(Option<Instant>),
    Open(Arc<Index>),
}

pub(super) fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these locks guard is whole at any moment, so a panic elsewhere doesn't spoil it.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DiskStore {
    /// A store in this directory. Nothing is opened or made until it is needed, so this can't fail.
    pub fn new(path: impl AsRef<Path>, options: DiskOptions) -> Self {
        let shared = Shared {
            directory: Directory::new(path.as_ref()),
            bell: Bell::default(),
            durability: options.durability,
            limits: options.limits,
            grown: Mutex::new((u64::MAX, u64::MAX)),
            newer: OnceLock::new(),
            state: RwLock::new(State::Closed(None)),
            stripes: Default::default(),
            pass: Mutex::default(),
            unsynced: Mutex::default(),
            warned: AtomicBool::new(false),
            owner: Owner::default(),
            untold: AtomicUsize::new(0),
        };
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    No,
    /// Another process has it.
    Elsewhere,
    Before,
    Now,
}

impl Shared {
    pub(super) fn stripe(&self, key: &Digest) -> MutexGuard<'_, ()> {
        locked(&self.stripes[usize::from(key[0]) % STRIPES])
    }

    /// The version of the directory's layout, if a newer release wrote it.
    fn newer(&self) -> Option<u32> {
        *self.newer.get_or_init(|| self.directory.newer_version())
    }

    fn open_index(&self) -> Opened {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(index) if index.is_ours() => return Opened::Before,
            // The parent of this fork has it.
            State::Open(_) => return Opened::Elsewhere,
            State::Closed(Some(not_before)) if Instant::now() < *not_before => return Opened::No,
            State::Closed(_) => {}
        }
        // Nothing was ever written: there is nothing to find, and reading must not make a directory.
        if !self.directory.home.exists() {
            return Opened::No;
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if let State::Open(_) = *state {
            return Opened::Before;
        }
        match Index::open(&self.directory) {
            Ok(index) => {
                *state = State::Open(Arc::new(index));
                Opened::Now
            }
            Err(e) => {
                let taken = matches!(e, IndexError::Taken);
                let answer = if taken { Opened::Elsewhere } else { Opened::No };
                match e {
                    IndexError::Taken | IndexError::Busy => {
                        tracing::debug!(target: "rememo", "another process has the index")
                    }
                    e if !self.warned.swap(true, Ordering::Relaxed) => {
                        tracing::warn!(target: "rememo", path = %self.directory.sled.display(), %e, "going on without the index")
                    }
                    _ => {}
                }
                // The lock is tried in no time, and its owner may be gone the next moment.
                *state = State::Closed((!taken).then(|| Instant::now() + RETRY));
                answer
            }
        }
    }

    /// Notes that a record came into the index.
    pub(super) fn grow(&self, bytes: u64) {
        let mut grown = locked(&self.grown);
        *grown = (grown.0.saturating_add(bytes), grown.1.saturating_add(1));
    }

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

    fn index(&self) -> Option<Arc<Index>> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(index) if index.is_ours() => Some(Arc::clone(index)),
            _ => None,
        }
    }

    /// Does something with the index if it is open. An index that fails is closed, and set aside if it is damaged.
    pub(super) fn with_index<R>(&self, action: impl FnOnce(&Index) -> Result<R, IndexError>) -> Option<R> {
        let result = match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(index) if index.is_ours() => action(index),
            _ => return None,
        };
        result.map_err(|e| self.close(&e)).ok()
    }

    fn close(&self, why: &IndexError) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let State::Open(index) = &*state else { return };
        let path = self.directory.sled.display();
        if let IndexError::Damaged(_) = why {
            tracing::warn!(target: "rememo", %path, %why, "the index is moved aside and rebuilt");
            index.abandon();
            if let Err(e) = index::set_aside(&self.directory) {
                tracing::warn!(target: "rememo", %path, %e, "the damaged index can't be moved aside");
            }
            *state = State::Closed(None);
        } else {
            tracing::warn!(target: "rememo", %path, %why, "going on without the index");
            *state = State::Closed(Some(Instant::now() + RETRY));
        }
    }

    /// Merges what was published, if this process owns the index.
    pub(super) fn merge(&self) -> Result<(), StoreError> {
        let _one = locked(&self.pass);
        self.bell.hush();
        let Some(index) = self.index() else { return Ok(()) };
        match merge::pass(self, &index) {
            Ok(()) => Ok(()),
            Err(PassError::Store(e)) => Err(e),
            Err(PassError::Index(e)) => {
                let said = StoreError::Other(e.to_string());
                self.close(&e);
                Err(said)
            }
            Err(PassError::Replaced) => {
                let gone = std::io::Error::new(std::io::ErrorKind::NotFound, "it was deleted or replaced while in use");
                self.close(&IndexError::Io(gone));
                Ok(())
            }
        }
    }

    /// A record from the index. A pointer gives what is known about a value that is elsewhere.
    fn in_index(&self, key: &Digest) -> Found {
        let look = |bytes: &[u8]| match Slot::read(key, bytes) {
            Slot::Here(about, value) => Found::Record(Record { about, value: value.to_vec() }),
            Slot::Elsewhere(about, _) => Found::Pointer(about),
            Slot::Gone => Found::Damaged("it is a note of the spool's".into()),
            Slot::Damaged(why) => Found::Damaged(why),
        };
        let found = self.with_index(|index| index.get(key, look)).flatten().unwrap_or(Found::Nothing);
        if let Found::Damaged(why) = &found {
            tracing::warn!(target: "rememo", why, "a damaged record is dropped from the index");
            self.directory.note_lost(1);
            self.with_index(|index| index.remove(key));
            return Found::Nothing;
        }
        found
    }

    /// What the process that owns the index has of a key; `None` if nobody answers.
    fn at_the_owner(&self, key: &Digest) -> Option<Found> {
        match self.owner.get(&self.directory, key) {
            Answer::Given(Some(bytes)) => Some(match Slot::read(key, &bytes) {
                Slot::Here(about, value) => Found::Record(Record { about, value: value.to_vec() }),
                Slot::Elsewhere(about, _) => Found::Pointer(about),
                // The owner drops it when it comes upon it.
                Slot::Gone | Slot::Damaged(_) => Found::Nothing,
            }),
            Answer::Given(None) | Answer::NotAsked => Some(Found::Nothing),
            Answer::Nobody => None,
        }
    }

    /// Notes a use in the index.
    pub(super) fn touch(&self, key: &Digest, now: u64) {
        let _order = self.stripe(key);
        self.with_index(|index| {
            let touched = index.get(key, |bytes| match layout::decode(bytes) {
                Ok((about, value)) => Some(layout::encode(&Metadata { accessed: now, ..about }, value)),
                Err(_) => None,
            })?;
            touched.flatten().map_or(Ok(()), |bytes| index.insert(key, &bytes))
        });
    }

    /// Whether some process has an index here, but not this one.
    fn is_guest(&self) -> bool {
        self.index().is_none() && self.directory.sled.exists()
    }

    /// Tells whoever merges that there is something to merge.
    fn ring(&self) {
        self.bell.ring();
        if self.untold.fetch_add(1, Ordering::Relaxed) % TELL_EVERY == TELL_EVERY - 1 && self.is_guest() {
            self.owner.ring(&self.directory);
        }
    }

    fn in_spool(&self, key: &Digest) -> Result<Found, StoreError> {
        let Some(bytes) = spool::read(&self.directory, key)? else { return Ok(Found::Nothing) };
        Ok(match Slot::read(key, &bytes) {
            Slot::Here(about, value) => Found::Record(Record { about, value: value.to_vec() }),
            Slot::Elsewhere(about, _) => Found::Pointer(about),
            Slot::Gone => Found::Gone,
            Slot::Damaged(why) => {
                spool::drop_damaged(&self.directory, key, &why);
                Found::Nothing
            }
        })
    }

    /// Forgets where a large record was whose file is gone. Where one comes back at the same moment, it is found without.
    fn forget_pointer(&self, key: &Digest) {
        let _order = self.stripe(key);
        if self.directory.blob(key).exists() {
            return;
        }
        self.with_index(|index| index.remove(key));
        spool::drop_pointer(&self.directory, key);
    }

    fn in_blobs(&self, key: &Digest, pointer: Option<Metadata>) -> Result<Option<Reading>, StoreError> {
        let mut record = blobs::open(&self.directory, key)?;
        match (&mut record, pointer) {
            // Only the pointer is touched when a large record is used.
            (Some(record), Some(pointer)) => {
                record.about.accessed = record.about.accessed.max(pointer.accessed);
            }
            (None, Some(_)) => self.forget_pointer(key),
            _ => {}
        }
        Ok(record)
    }
}

/// What a place says of a key.
#[derive(Debug)]
enum Found {
    Record(Record),
    Pointer(Metadata),
    Gone,
    Damaged(String),
    Nothing,
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
