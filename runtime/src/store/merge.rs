//! Merging: how what was published gets into the index, and the thread that does it.
//!
//! The order is everything: claim, insert, flush, fsync, note the count, and only then unlink. Whatever kills the process
//! in between leaves files that the next owner merges again.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use super::disk::Shared;
use super::index::{Index, IndexError};
use super::spool::{self, Slot};
use super::{Clear, StoreError, blobs, directory, locks};
use crate::clock::millis;
use crate::record::Digest;

/// A pass starts when so many files wait, or the first has waited so long.
const FILES: usize = 256;
const DELAY: Duration = Duration::from_millis(500);

/// Files are flushed and unlinked in batches, so that a long pass makes progress that lasts.
const BATCH: usize = 4096;

/// Counts what waits, and wakes the merger.
#[derive(Debug, Default)]
pub(super) struct Bell {
    state: Mutex<Waiting>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    files: usize,
    since: Option<Instant>,
    stop: bool,
}

impl Bell {
    fn state(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more file waits.
    pub(super) fn ring(&self) {
        let mut state = self.state();
        state.files += 1;
        if state.since.is_none() {
            state.since = Some(Instant::now());
            self.rung.notify_one();
        } else if state.files == FILES {
            self.rung.notify_one();
        }
    }

    /// A pass starts that sees all that waits.
    pub(super) fn hush(&self) {
        let mut state = self.state();
        state.files = 0;
        state.since = None;
    }

    fn stop(&self) {
        self.state().stop = true;
        self.rung.notify_one();
    }

    /// Waits for work; tells whether to go on after it.
    fn wait(&self) -> bool {
        let mut state = self.state();
        loop {
            if state.stop || state.files >= FILES {
                break;
            }
            state = match state.since.map(|since| DELAY.saturating_sub(since.elapsed())) {
                Some(left) if left.is_zero() => break,
                Some(left) => self.rung.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
                None => self.rung.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
        !state.stop
    }
}

/// The thread that merges while this process owns the index.
#[derive(Debug)]
pub(super) struct Merger {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    process: u32,
}

impl Merger {
    pub(super) fn start(shared: &Arc<Shared>) -> Option<Self> {
        let worker = Arc::clone(shared);
        let thread = thread::Builder::new().name("rememo-merge".into()).spawn(move || run(&worker)).ok()?;
        Some(Merger { shared: Arc::clone(shared), thread: Some(thread), process: std::process::id() })
    }
}

impl Drop for Merger {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // A forked child has no such thread to wait for.
            std::mem::forget(self.thread.take());
            return;
        }
        self.shared.bell.stop();
        if let Some(thread) = self.thread.take() {
            // A panic in it was caught or is no concern of a cache's user.
            let _ = thread.join();
        }
    }
}

fn run(shared: &Arc<Shared>) {
    shared.directory.sweep();
    locks::sweep(&shared.directory);
    let mut go_on = true;
    let mut first = true;
    while go_on {
        // The first pass is for what other processes left.
        if !std::mem::take(&mut first) {
            go_on = shared.bell.wait();
        }
        if let Err(e) = shared.merge() {
            tracing::warn!(target: "rememo", error = %e, "merging into the index failed; records stay in the spool");
        }
        if let Err(e) = shared.keep_limits(millis(SystemTime::now())) {
            tracing::warn!(target: "rememo", error = %e, "evicting failed");
        }
    }
}

/// Reports what sled lost, and finds the large records again if it lost all.
fn check_losses(shared: &Shared, index: &Index) -> Result<u64, IndexError> {
    let directory = &shared.directory;
    if index.fresh {
        let mut found = 0;
        let _ = blobs::each(directory, |about, len| {
            let pointer = spool::pointer(&about, len);
            let _order = shared.stripe(&about.key);
            if let Ok(None) = index.get(&about.key, |_| ()) {
                found += u64::from(index.insert(&about.key, &pointer).is_ok());
            }
        });
        tracing::debug!(target: "rememo", found, "large records are in the new index");
    }
    let clears = spool::clears(directory).is_ok_and(|clears| !clears.is_empty());
    let lost = index.lost((!clears).then(|| spool::removals(directory)).as_ref())?;
    directory.note_lost(lost);
    if lost > 0 {
        let path = directory.sled.display();
        tracing::warn!(target: "rememo", lost, %path, "the index lost records; they will be computed again");
    }
    Ok(lost)
}

/// One pass over all that waits. The caller makes sure that there is only one at a time.
pub(super) fn pass(shared: &Shared, index: &Index) -> Result<(), PassError> {
    let directory = &shared.directory;
    if !index.is_in_place() {
        return Err(PassError::Replaced);
    }
    let lost = if index.is_first_pass() { check_losses(shared, index)? } else { 0 };
    let mut batch = Batch { shared, index, files: Vec::new(), changed: lost > 0 };
    // What an owner that was killed had claimed is older than anything in the spool.
    for key in spool::keys(&directory.merging)? {
        let _order = shared.stripe(&key);
        batch.take(&key, spool::path(&directory.merging, &key))?;
    }
    for (path, function) in spool::clears(directory)? {
        clear(index, function.as_deref().map_or(Clear::All, Clear::Function))?;
        batch.files.push(path);
        batch.changed = true;
    }
    for key in spool::keys(&directory.spool)? {
        let order = shared.stripe(&key);
        if let Some(path) = spool::claim(directory, &key) {
            batch.take(&key, path)?;
        }
        drop(order);
        if batch.files.len() >= BATCH {
            batch.finish()?;
        }
    }
    batch.changed |= index.counts_are_old();
    batch.finish()
}

/// Takes records out of the index.
pub(super) fn clear(index: &Index, which: Clear<'_>) -> Result<(), IndexError> {
    let mut keys = HashSet::new();
    index.each(|key, bytes| {
        let covered = match Slot::read(key, bytes) {
            Slot::Here(about, _) | Slot::Elsewhere(about, _) => which.covers(&about.function),
            Slot::Gone | Slot::Damaged(_) => true,
        };
        if covered {
            keys.insert(*key);
        }
        true
    })?;
    keys.iter().try_for_each(|key| index.remove(key).map(|_| ()))
}

struct Batch<'a> {
    shared: &'a Shared,
    index: &'a Index,
    files: Vec<PathBuf>,
    changed: bool,
}

impl Batch<'_> {
    fn take(&mut self, key: &Digest, path: PathBuf) -> Result<(), PassError> {
        let Some(bytes) = directory::read(&path)? else { return Ok(()) };
        match Slot::read(key, &bytes) {
            Slot::Here(_, value) => {
                self.index.insert(key, &bytes)?;
                self.shared.grow(value.len() as u64);
            }
            Slot::Elsewhere(_, len) => {
                self.index.insert(key, &bytes)?;
                self.shared.grow(len);
            }
            Slot::Gone => {
                self.index.remove(key)?;
            }
            Slot::Damaged(why) => {
                self.shared.directory.note_lost(1);
                tracing::warn!(target: "rememo", path = %path.display(), why, "a damaged record is dropped");
            }
        }
        self.files.push(path);
        self.changed = true;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), PassError> {
        if !std::mem::take(&mut self.changed) {
            return Ok(());
        }
        // Counted first: what is inserted from here on may not be on the disk when the count is.
        let counts = self.index.counts()?;
        let flushed = self.index.flush();
        if !self.index.is_in_place() {
            return Err(PassError::Replaced);
        }
        flushed?;
        self.index.note_counts(&self.shared.directory, &counts);
        for path in self.files.drain(..) {
            directory::remove(&path)?;
        }
        Ok(())
    }
}

/// Why a pass stopped. Nothing is lost: what isn't unlinked is merged by a later one.
#[derive(Debug)]
pub(super) enum PassError {
    Index(IndexError),
    Store(StoreError),
    /// The directory was deleted or replaced while it was open.
    Replaced,
}

impl From<IndexError> for PassError {
    fn from(e: IndexError) -> Self {
        PassError::Index(e)
    }
}

impl From<StoreError> for PassError {
    fn from(e: StoreError) -> Self {
        PassError::Store(e)
    }
}
