//! Claims of a directory: a locked file for each key that is being computed.
//!
//! The system lets go of a file's lock when its process dies, however it dies. A file holds what its claimant waits for, a
//! digest each. It is removed before it is unlocked, and says so: who got the lock of a removed file opens the name anew.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::claim::{Claim, Held};
use super::directory::{self, Directory};
use crate::record::Digest;

/// First byte of a file that isn't in the directory any more.
const REMOVED: u8 = b'x';
/// First byte of one that is.
const CLAIMED: u8 = b'c';

/// A file that says so many times in a row that it is removed isn't.
const STILL_THERE: u32 = 10;

/// More keys than anybody waits for at once are not told.
const MOST_WAITS: usize = 1000;

/// Tries to claim a key.
///
/// # Errors
/// If the directory can't be written, or its file system has no locks.
pub(super) fn claim(directory: &Directory, key: &Digest) -> io::Result<Claim> {
    let path = directory.locks.join(directory::hex(key));
    let mut tries = 0;
    loop {
        let mut file = match open(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                directory.create().map_err(io::Error::other)?;
                open(&path)?
            }
            opened => opened?,
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Claim::Taken(read_waits(&mut file))),
            Err(TryLockError::Error(e)) => return Err(e),
        }
        // Who wrote the note may have been killed before the file was gone: the same file time after time.
        if first_byte(&mut file)? != Some(REMOVED) || tries == STILL_THERE {
            let lock = Lock { file: Mutex::new(file), path, process: std::process::id() };
            lock.write(CLAIMED, &[])?;
            return Ok(Claim::Mine(Box::new(lock)));
        }
        tries += 1;
    }
}

/// What the claimant of a key waits for.
pub(super) fn claimant_waits_for(directory: &Directory, key: &Digest) -> Vec<Digest> {
    let Ok(mut file) = File::open(directory.locks.join(directory::hex(key))) else { return Vec::new() };
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => read_waits(&mut file),
        // It was killed, and what it waited for doesn't matter any more.
        _ => Vec::new(),
    }
}

/// Removes the files of claimants that were killed and whose keys nobody asked for again.
pub(super) fn sweep(directory: &Directory) {
    for path in directory::list(&directory.locks).unwrap_or_default() {
        if directory::is_stale(&path)
            && let Ok(file) = OpenOptions::new().read(true).write(true).open(&path)
            && file.try_lock().is_ok()
        {
            drop(Lock { file: Mutex::new(file), path, process: std::process::id() });
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

fn first_byte(file: &mut File) -> io::Result<Option<u8>> {
    let mut byte = [0];
    file.seek(SeekFrom::Start(0))?;
    Ok((file.read(&mut byte)? == 1).then_some(byte[0]))
}

/// What the claimant waits for. Read while it may be written: nonsense is a key that nobody waits for.
fn read_waits(file: &mut File) -> Vec<Digest> {
    let mut bytes = Vec::new();
    let limit = (1 + MOST_WAITS * 32) as u64;
    if Read::take(file, limit).read_to_end(&mut bytes).is_err() {
        return Vec::new();
    }
    bytes.get(1..).unwrap_or_default().as_chunks::<32>().0.to_vec()
}

#[derive(Debug)]
struct Lock {
    file: Mutex<File>,
    path: PathBuf,
    process: u32,
}

impl Lock {
    fn write(&self, state: u8, waits: &[Digest]) -> io::Result<()> {
        let mut bytes = vec![state];
        waits.iter().take(MOST_WAITS).for_each(|key| bytes.extend_from_slice(key));
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&bytes)?;
        file.set_len(bytes.len() as u64)
    }
}

impl Held for Lock {
    fn waits_for(&self, keys: &[Digest]) {
        // On a full disk nobody learns of it, and a wait that closes a circle ends by its time limit.
        let _ = self.write(CLAIMED, keys);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A forked child has the same lock, and must leave it to its parent.
        if self.process != std::process::id() {
            return;
        }
        // Where the note can't be written, the file must stay: two claimants would each lock a file of that name.
        if self.write(REMOVED, &[]).is_ok() && directory::remove(&self.path).is_err() {
            let _ = self.write(CLAIMED, &[]);
        }
        // Not by closing: a child forked meanwhile would keep it locked.
        let _ = self.file.get_mut().unwrap_or_else(PoisonError::into_inner).unlock();
    }
}
