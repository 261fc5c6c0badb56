//! The index: sled, and the only module that knows it.
//!
//! sled's traps are walled in here: its errors and panics become [`IndexError`], its `flush`, which is no fsync on Linux,
//! is followed by one, and its idea of how much it holds is checked against what was there when it was last written out.
//! Values over [`INLINE_LIMIT`] must never get in: sled leaks the space of large ones.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::Durability;
use super::counts::{self, Counts, Noted, PARTS};
use super::directory::Directory;
use super::share::{self, Listener};
use crate::record::Digest;

/// Values up to this many bytes live in the index, larger ones in files of their own.
pub(super) const INLINE_LIMIT: usize = 16 << 10;

/// sled would take a gigabyte.
const CACHE_BYTES: u64 = 64 << 20;

/// After a close in this process, sled lets go of its own lock a moment later.
const LOCK_PATIENCE: (u32, Duration) = (40, Duration::from_millis(5));

#[derive(Debug)]
pub(super) enum IndexError {
    /// Another process has the lock, and answers for it.
    Taken,
    /// Another process has the engine's files all the same: there are no locks here, or a fork has them.
    Busy,
    /// It doesn't read: errors and panics that are not the file system's.
    Damaged(String),
    /// The file system refused.
    Io(io::Error),
}

impl std::fmt::Display for IndexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            IndexError::Taken | IndexError::Busy => write!(f, "another process has the index"),
            IndexError::Damaged(why) => write!(f, "the index is damaged: {why}"),
            IndexError::Io(e) => write!(f, "the index can't be used: {e}"),
        }
    }
}

#[derive(Debug)]
pub(super) struct Index {
    /// `None` only while it is dropped.
    db: Option<sled::Db>,
    data: PathBuf,
    identity: Option<u64>,
    count: PathBuf,
    counts: Counts,
    /// It panicked: its destructors can't be trusted either.
    broken: AtomicBool,
    passed: AtomicBool,
    listener: Mutex<Option<Listener>>,
    socket: PathBuf,
    /// Nothing was there before.
    pub(super) fresh: bool,
    /// A forked child has all this too, but neither the threads nor the right to touch the files.
    process: u32,
    /// Released last, when sled is gone.
    lock: File,
}

impl Index {
    /// Opens the index if no other process has it. A damaged one is moved aside and a new one made.
    pub(super) fn open(directory: &Directory) -> Result<Self, IndexError> {
        let path = directory.home.join("lock");
        let lock =
            File::options().read(true).write(true).create(true).truncate(false).open(path).map_err(IndexError::Io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(IndexError::Taken),
            // No locks on this file system: sled takes its own, and says whether it got it.
            Err(TryLockError::Error(_)) => {}
        }
        note_owner(&lock);
        // Before the engine is opened, which may take a while: who asks meanwhile waits for an answer.
        let listener = share::listen(directory);
        let opened = match open_patiently(&directory.sled) {
            // A process was killed while it wrote a snapshot: sled 0.34.7 takes what there is of it for the last one.
            Err(IndexError::Damaged(why)) => {
                match drop_unfinished_snapshots(&directory.sled).map_err(IndexError::Io)? {
                    0 => Err(IndexError::Damaged(why)),
                    _ => open_patiently(&directory.sled),
                }
            }
            opened => opened,
        };
        let (db, fresh) = match opened {
            Ok(db) => (db.0, db.1),
            Err(IndexError::Damaged(why)) => {
                tracing::warn!(target: "rememo", path = %directory.sled.display(), why, "the index is damaged: it is moved aside and rebuilt");
                set_aside(directory).map_err(IndexError::Io)?;
                (open_patiently(&directory.sled)?.0, true)
            }
            Err(e) => return Err(e),
        };
        let count = directory.home.join("count");
        let counts = Counts::new(&count, fresh);
        let data = directory.sled.join("db");
        Ok(Index {
            db: Some(db),
            identity: identity(&data),
            data,
            count,
            counts,
            broken: AtomicBool::new(false),
            passed: AtomicBool::new(false),
            listener: Mutex::new(listener),
            socket: directory.home.join("socket"),
            fresh,
            process: std::process::id(),
            lock,
        })
    }

    /// Where others ask for what is in it, to whoever takes it first.
    pub(super) fn listener(&self) -> Option<Listener> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn guarded<R>(&self, action: impl FnOnce(&sled::Db) -> sled::Result<R>) -> Result<R, IndexError> {
        let Some(db) = self.db.as_ref().filter(|_| !self.broken.load(Ordering::Relaxed)) else {
            return Err(IndexError::Damaged("it failed before".into()));
        };
        guarded(|| action(db)).inspect_err(|e| {
            if matches!(e, IndexError::Damaged(_)) {
                self.broken.store(true, Ordering::Relaxed);
            }
        })
    }

    /// Shows the bytes under a key to `look`.
    pub(super) fn get<R>(&self, key: &Digest, look: impl FnOnce(&[u8]) -> R) -> Result<Option<R>, IndexError> {
        let bytes = self.guarded(|db| db.get(key))?;
        Ok(bytes.map(|bytes| look(&bytes)))
    }

    pub(super) fn insert(&self, key: &Digest, bytes: &[u8]) -> Result<(), IndexError> {
        debug_assert!(bytes.len() <= INLINE_LIMIT + (1 << 16));
        self.counts.inserting(key);
        let replaced = self.guarded(|db| db.insert(key, bytes))?.is_some();
        if !replaced {
            self.counts.inserted(key);
        }
        Ok(())
    }

    pub(super) fn remove(&self, key: &Digest) -> Result<bool, IndexError> {
        self.counts.removing(key);
        let removed = self.guarded(|db| db.remove(key))?.is_some();
        if !removed {
            self.counts.was_not_there(key);
        }
        Ok(removed)
    }

    /// Shows every key and its bytes until `look` says stop (`false`).
    pub(super) fn each(&self, mut look: impl FnMut(&Digest, &[u8]) -> bool) -> Result<(), IndexError> {
        let mut entries = self.guarded(|db| Ok(db.iter()))?;
        while let Some((key, bytes)) = self.guarded(|_| entries.next().transpose())? {
            if let Ok(key) = key.as_ref().try_into()
                && !look(key, &bytes)
            {
                break;
            }
        }
        Ok(())
    }

    fn count(&self, part: u8) -> Result<u64, IndexError> {
        self.guarded(|db| db.scan_prefix([part]).keys().try_fold(0, |count, key| key.map(|_| count + 1)))
    }

    /// How many records there are at least, where that is known.
    pub(super) fn counts(&self) -> Result<Noted, IndexError> {
        self.counts.learn(|part| self.count(part))?;
        Ok(self.counts.now())
    }

    /// How many of the records that the last owner noted aren't there, as far as a look at a part of them tells. `removals`
    /// under way may explain some; `None`: any number.
    pub(super) fn lost(&self, removals: Option<&[u64; PARTS]>) -> Result<u64, IndexError> {
        match removals {
            Some(removals) => self.counts.check(removals, |part| self.count(part)),
            None => {
                self.counts.forget();
                Ok(0)
            }
        }
    }

    /// Returns when all that was inserted is on the disk.
    pub(super) fn flush(&self) -> Result<(), IndexError> {
        self.guarded(|db| db.flush())?;
        File::open(&self.data).and_then(|file| file.sync_all()).map_err(IndexError::Io)
    }

    /// Notes how many records there were before the last flush, so that a loss is noticed later.
    pub(super) fn note_counts(&self, directory: &Directory, counts: &Noted) {
        self.counts.are_noted();
        // Only a safety net: without the note, a loss goes unnoticed, and costs a recompute either way.
        let _ = directory.publish(&self.count, counts::text(counts).as_bytes(), Durability::Process);
    }

    /// Whether records were taken out since they were counted.
    pub(super) fn counts_are_old(&self) -> bool {
        self.counts.are_old()
    }

    /// Whether this process opened it, and isn't a fork of the one that did.
    pub(super) fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }

    /// Whether the files on disk are still those that were opened, and not deleted or replaced.
    pub(super) fn is_in_place(&self) -> bool {
        identity(&self.data) == self.identity && self.data.exists()
    }

    /// Whether nothing was merged since it was opened; the next answer is no.
    pub(super) fn is_first_pass(&self) -> bool {
        !self.passed.swap(true, Ordering::Relaxed)
    }

    /// Closes the index without a word to its files, which are not to be trusted.
    pub(super) fn abandon(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        let db = self.db.take();
        if self.broken.load(Ordering::Relaxed) || !self.is_ours() {
            std::mem::forget(db);
        } else if let Err(e) = guarded(|| {
            drop(db);
            Ok(())
        }) {
            tracing::warn!(target: "rememo", %e, "closing the index failed");
        }
        if self.is_ours() {
            let _ = fs::remove_file(&self.socket);
            // Not by closing: a child forked meanwhile would keep it locked.
            let _ = self.lock.unlock();
        }
    }
}

fn guarded<R>(action: impl FnOnce() -> sled::Result<R>) -> Result<R, IndexError> {
    match catch_unwind(AssertUnwindSafe(action)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(e))) if e.to_string().contains("could not acquire lock") => Err(IndexError::Busy),
        // A cut-off file shows as an unexpected end.
        Ok(Err(sled::Error::Io(e))) if e.kind() != io::ErrorKind::UnexpectedEof => Err(IndexError::Io(e)),
        Ok(Err(e)) => Err(IndexError::Damaged(e.to_string())),
        Err(panic) => {
            let text =
                panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            Err(IndexError::Damaged(format!("sled panicked: {}", text.unwrap_or("no message"))))
        }
    }
}

fn open_patiently(path: &Path) -> Result<(sled::Db, bool), IndexError> {
    let mut tries = LOCK_PATIENCE.0;
    loop {
        // No flusher thread: we flush ourselves, and sync.
        let config = sled::Config::new().path(path).cache_capacity(CACHE_BYTES).flush_every_ms(None);
        match guarded(|| config.open()) {
            Err(IndexError::Busy) if tries > 0 => {
                tries -= 1;
                thread::sleep(LOCK_PATIENCE.1);
            }
            Err(e) => return Err(e),
            Ok(db) => {
                let fresh = !db.was_recovered();
                return Ok((db, fresh));
            }
        }
    }
}

/// Removes snapshots that were never finished, which hold nothing that the log lacks; says how many. Only where sled has just
/// looked: then no other process writes one.
fn drop_unfinished_snapshots(path: &Path) -> io::Result<usize> {
    let mut dropped = 0;
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            tracing::warn!(target: "rememo", path = %path.display(), "a snapshot of the index was never finished: it goes");
            fs::remove_file(&path)?;
            dropped += 1;
        }
    }
    Ok(dropped)
}

/// Writes who has the index into the lock file, for people and tests; nothing relies on it.
fn note_owner(mut lock: &File) {
    let _ = lock.set_len(0).and_then(|()| lock.write_all(format!("{}\n", std::process::id()).as_bytes()));
}

/// Moves a damaged index aside; the one moved before it goes.
pub(super) fn set_aside(directory: &Directory) -> io::Result<()> {
    let aside = directory.home.join("damaged");
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    fs::rename(&directory.sled, &aside)
}

/// What tells a file from another that took its name.
#[cfg(unix)]
fn identity(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|m| m.ino() ^ m.dev().rotate_left(32))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<u64> {
    None
}
