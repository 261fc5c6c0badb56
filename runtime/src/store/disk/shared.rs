//! What a store and its threads share: the index, open or not, and what each place says of a key.
//!
//! An index that fails is closed here, and set aside if it is damaged: nobody else decides that.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::record::layout;
use crate::record::{Digest, Metadata, Record};
use crate::store::directory::Directory;
use crate::store::index::{self, Index, IndexError};
use crate::store::merge::{self, Bell, PassError};
use crate::store::options::Durability;
use crate::store::reading::Reading;
use crate::store::share::{Answer, Owner};
use crate::store::spool::{self, Slot};
use crate::store::{DiskOptions, Limits, StoreError, blobs};

/// How long to leave an index alone that couldn't be opened.
const RETRY: Duration = Duration::from_secs(1);

const STRIPES: usize = 16;

/// Whoever owns the index is told after so many records, since it doesn't look for itself.
const TELL_EVERY: usize = 64;

/// What the store and its merger share.
#[derive(Debug)]
pub(in crate::store) struct Shared {
    pub(in crate::store) directory: Directory,
    pub(in crate::store) bell: Bell,
    pub(in crate::store) durability: Durability,
    pub(in crate::store) limits: Limits,
    /// Bytes and records that came into the index since they were last held against the limits.
    pub(in crate::store) grown: Mutex<(u64, u64)>,
    newer: OnceLock<Option<u32>>,
    state: RwLock<State>,
    /// Publishing a record and putting it into the index are one step, as seen by a merge of the same key.
    pub(in crate::store) stripes: [Mutex<()>; STRIPES],
    /// Held by the one pass at a time.
    pub(in crate::store) pass: Mutex<()>,
    /// Large records that only the system's cache may have.
    pub(in crate::store) unsynced: Mutex<Vec<Digest>>,
    /// That the index can't be opened was said already.
    warned: AtomicBool,
    /// The process that has the index, if this one doesn't.
    pub(in crate::store) owner: Owner,
    /// What was published since the owner was last told so.
    untold: AtomicUsize,
}

#[derive(Debug)]
enum State {
    /// Not opened, and not to be tried before then.
    Closed(Option<Instant>),
    Open(Arc<Index>),
}

pub(in crate::store) fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // What these locks guard is whole at any moment, so a panic elsewhere doesn't spoil it.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Opened {
    No,
    /// Another process has it.
    Elsewhere,
    Before,
    Now,
}

impl Shared {
    pub(in crate::store) fn new(directory: Directory, options: &DiskOptions) -> Self {
        Shared {
            directory,
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
        }
    }

    pub(in crate::store) fn stripe(&self, key: &Digest) -> MutexGuard<'_, ()> {
        locked(&self.stripes[usize::from(key[0]) % STRIPES])
    }

    /// The version of the directory's layout, if a newer release wrote it.
    pub(in crate::store) fn newer(&self) -> Option<u32> {
        *self.newer.get_or_init(|| self.directory.newer_version())
    }

    pub(in crate::store) fn open_index(&self) -> Opened {
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
    pub(in crate::store) fn grow(&self, bytes: u64) {
        let mut grown = locked(&self.grown);
        *grown = (grown.0.saturating_add(bytes), grown.1.saturating_add(1));
    }

    pub(in crate::store) fn index(&self) -> Option<Arc<Index>> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(index) if index.is_ours() => Some(Arc::clone(index)),
            _ => None,
        }
    }

    /// Does something with the index if it is open. An index that fails is closed, and set aside if it is damaged.
    pub(in crate::store) fn with_index<R>(&self, action: impl FnOnce(&Index) -> Result<R, IndexError>) -> Option<R> {
        let result = match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Open(index) if index.is_ours() => action(index),
            _ => return None,
        };
        result.map_err(|e| self.close(&e)).ok()
    }

    pub(in crate::store) fn close(&self, why: &IndexError) {
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
    pub(in crate::store) fn merge(&self) -> Result<(), StoreError> {
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
    pub(in crate::store) fn in_index(&self, key: &Digest) -> Found {
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
    pub(in crate::store) fn at_the_owner(&self, key: &Digest) -> Option<Found> {
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
    pub(in crate::store) fn touch(&self, key: &Digest, now: u64) {
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
    pub(in crate::store) fn is_guest(&self) -> bool {
        self.index().is_none() && self.directory.sled.exists()
    }

    /// Tells whoever merges that there is something to merge.
    pub(in crate::store) fn ring(&self) {
        self.bell.ring();
        if self.untold.fetch_add(1, Ordering::Relaxed) % TELL_EVERY == TELL_EVERY - 1 && self.is_guest() {
            self.owner.ring(&self.directory);
        }
    }

    pub(in crate::store) fn in_spool(&self, key: &Digest) -> Result<Found, StoreError> {
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
    pub(in crate::store) fn forget_pointer(&self, key: &Digest) {
        let _order = self.stripe(key);
        if self.directory.blob(key).exists() {
            return;
        }
        self.with_index(|index| index.remove(key));
        spool::drop_pointer(&self.directory, key);
    }

    pub(in crate::store) fn in_blobs(
        &self,
        key: &Digest,
        pointer: Option<Metadata>,
    ) -> Result<Option<Reading>, StoreError> {
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
pub(in crate::store) enum Found {
    Record(Record),
    Pointer(Metadata),
    Gone,
    Damaged(String),
    Nothing,
}
