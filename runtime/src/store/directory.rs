//! The directory of a disk store: its paths, its version, and the one way a file appears in it.
//!
//! ```text
//! .gitignore, CACHEDIR.TAG
//! v1/lock         held by the process that owns the index
//! v1/socket       where the owner answers the others
//! v1/sled/        the index: small records, and pointers to large ones
//! v1/count        how many records the index held when it was last written out, by the keys' first bytes
//! v1/spool/       records that any process published and no owner has merged yet, named by their key
//! v1/merging/     those that the owner is merging right now
//! v1/blobs/ab/    large records, each in a file of its own
//! v1/manifests/   what each function reached under each fingerprint
//! v1/locks/       a locked file for each key that is being computed
//! v1/tmp/         files on their way to a place above
//! v1/damaged/     the last index that didn't read
//! ```
//! A file is written under a name in `tmp` and renamed: a reader sees a whole file or none.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use super::{Durability, LAYOUT_VERSION, StoreError};
use crate::record::Digest;

const CACHEDIR_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This directory holds results cached by rememo. It can be deleted at any time.\n";

/// A file in `tmp` that is older than this was left by a process that was killed.
const STALE: Duration = Duration::from_secs(3600);

#[derive(Debug)]
pub(super) struct Directory {
    pub(super) root: PathBuf,
    pub(super) home: PathBuf,
    pub(super) spool: PathBuf,
    pub(super) merging: PathBuf,
    pub(super) blobs: PathBuf,
    pub(super) manifests: PathBuf,
    pub(super) sled: PathBuf,
    pub(super) locks: PathBuf,
    tmp: PathBuf,
    /// Tells this process's temporary files from those of another that has the same id in another container.
    nonce: u64,
    counter: AtomicU64,
    /// Records that are known to be lost.
    lost: AtomicU64,
}

impl Directory {
    pub(super) fn new(root: &Path) -> Self {
        let home = root.join(format!("v{LAYOUT_VERSION}"));
        Directory {
            root: root.to_owned(),
            spool: home.join("spool"),
            merging: home.join("merging"),
            blobs: home.join("blobs"),
            manifests: home.join("manifests"),
            sled: home.join("sled"),
            locks: home.join("locks"),
            tmp: home.join("tmp"),
            home,
            nonce: RandomState::new().hash_one(std::process::id()),
            counter: AtomicU64::new(0),
            lost: AtomicU64::new(0),
        }
    }

    /// The highest layout version in the directory, if this release doesn't know it.
    pub(super) fn newer_version(&self) -> Option<u32> {
        let names = fs::read_dir(&self.root).ok()?.flatten().map(|entry| entry.file_name());
        names
            .filter_map(|name| name.to_str()?.strip_prefix('v')?.parse().ok())
            .filter(|&version| version > LAYOUT_VERSION)
            .max()
    }

    /// Makes the folders that aren't there.
    pub(super) fn create(&self) -> Result<(), StoreError> {
        for folder in [&self.spool, &self.merging, &self.blobs, &self.manifests, &self.locks, &self.tmp] {
            fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
        }
        for (name, text) in [(".gitignore", "*\n"), ("CACHEDIR.TAG", CACHEDIR_TAG)] {
            let path = self.root.join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(mut file) => file.write_all(text.as_bytes()).map_err(StoreError::io("write", &path))?,
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(StoreError::io("write", &path)(e)),
            }
        }
        Ok(())
    }

    /// Makes a file appear at `to`, whole.
    pub(super) fn publish(&self, to: &Path, bytes: &[u8], durability: Durability) -> Result<(), StoreError> {
        let mut file = self.temporary()?;
        file.write(bytes)?;
        file.appear(to, durability)
    }

    /// A new file without a name that anybody looks for.
    pub(super) fn temporary(&self) -> Result<Temporary, StoreError> {
        match self.try_temporary() {
            // The directory isn't there yet, or was deleted under us.
            Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                self.create()?;
                self.try_temporary()
            }
            result => result,
        }
    }

    fn try_temporary(&self) -> Result<Temporary, StoreError> {
        let path = self.tmp.join(hex(&self.unique()));
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path);
        match file {
            Ok(file) => Ok(Temporary { path, file, appeared: false }),
            Err(e) => Err(StoreError::io("write", &path)(e)),
        }
    }

    /// A name that no other process and no other call makes.
    pub(super) fn unique(&self) -> [u8; 20] {
        let mut name = [0; 20];
        name[..8].copy_from_slice(&self.nonce.to_be_bytes());
        name[8..12].copy_from_slice(&std::process::id().to_be_bytes());
        name[12..].copy_from_slice(&self.counter.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        name
    }

    /// Notes that records were there once and don't read.
    pub(super) fn note_lost(&self, lost: u64) {
        self.lost.fetch_add(lost, Ordering::Relaxed);
    }

    /// How many records are known to be lost.
    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Removes what killed processes left in `tmp`.
    pub(super) fn sweep(&self) {
        for path in list(&self.tmp).unwrap_or_default() {
            if is_stale(&path) {
                let _ = fs::remove_file(path);
            }
        }
    }

    pub(super) fn blob(&self, key: &Digest) -> PathBuf {
        let name = hex(key);
        self.blobs.join(&name[..2]).join(name)
    }
}

/// A file on its way to its place. It goes if it doesn't get there.
#[derive(Debug)]
pub(super) struct Temporary {
    path: PathBuf,
    file: File,
    appeared: bool,
}

impl Temporary {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.file.write_all(bytes).map_err(StoreError::io("write", &self.path))
    }

    pub(super) fn at(&mut self, position: SeekFrom) -> Result<(), StoreError> {
        self.file.seek(position).map(|_| ()).map_err(StoreError::io("write", &self.path))
    }

    /// Makes it appear, whole.
    pub(super) fn appear(mut self, to: &Path, durability: Durability) -> Result<(), StoreError> {
        match self.rename(to, durability) {
            // The folder isn't there yet, or was deleted under us.
            Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                if let Some(folder) = to.parent() {
                    fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
                }
                self.rename(to, durability)
            }
            result => result,
        }
    }

    fn rename(&mut self, to: &Path, durability: Durability) -> Result<(), StoreError> {
        if durability == Durability::Disk {
            self.file.sync_all().map_err(StoreError::io("write", &self.path))?;
        }
        fs::rename(&self.path, to).map_err(StoreError::io("write", to))?;
        self.appeared = true;
        if durability == Durability::Disk { sync_parent(to) } else { Ok(()) }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.appeared {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Whether a file is so old that whoever made it for a moment must be gone.
pub(super) fn is_stale(path: &Path) -> bool {
    let changed = fs::metadata(path).and_then(|m| m.modified()).ok();
    changed.and_then(|at| SystemTime::now().duration_since(at).ok()).is_some_and(|age| age > STALE)
}

/// Waits until the disk has a file and its name.
pub(super) fn sync_file(path: &Path) -> Result<(), StoreError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(StoreError::io("sync", path))?;
    sync_parent(path)
}

fn sync_parent(path: &Path) -> Result<(), StoreError> {
    // Only Unix lets a directory be opened and synced; elsewhere the rename is all there is.
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(StoreError::io("sync", folder))?;
    }
    Ok(())
}

/// No file that is read whole is larger, but for large records: a larger one is cut off, and doesn't check.
const LARGEST: u64 = 64 << 20;

/// Reads a file; `None` if it isn't there.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let read = || {
        let file = File::open(path)?;
        let size = file.metadata()?.len().min(LARGEST);
        let mut bytes = Vec::with_capacity(size as usize + 1);
        file.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if is_absent(&e) => Ok(None),
        Err(e) => Err(StoreError::io("read", path)(e)),
    }
}

/// Removes a file; tells whether it was there.
pub(super) fn remove(path: &Path) -> Result<bool, StoreError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(e) if is_absent(&e) => Ok(false),
        Err(e) => Err(StoreError::io("remove", path)(e)),
    }
}

/// The files of a folder; none if there is no folder.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.flatten().map(|entry| entry.path()).collect()),
        Err(e) if is_absent(&e) => Ok(Vec::new()),
        Err(e) => Err(StoreError::io("read", folder)(e)),
    }
}

/// What all files below a folder take on disk.
pub(super) fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) if metadata.is_file() => on_disk(&metadata),
        _ => 0,
    });
    sizes.sum()
}

#[cfg(unix)]
fn on_disk(metadata: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    // A file may be mostly holes.
    metadata.blocks() * 512
}

#[cfg(not(unix))]
fn on_disk(metadata: &fs::Metadata) -> u64 {
    metadata.len()
}

pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)] as char, DIGITS[usize::from(b & 15)] as char]).collect()
}

/// The key that a file is named by.
pub(super) fn key_of(path: &Path) -> Option<Digest> {
    let name = path.file_name()?.to_str()?.as_bytes();
    let mut key = [0; 32];
    if name.len() != 64 {
        return None;
    }
    for (byte, digits) in key.iter_mut().zip(name.chunks_exact(2)) {
        let digit = |d: u8| char::from(d).to_digit(16).map(|d| d as u8);
        *byte = digit(digits[0])? << 4 | digit(digits[1])?;
    }
    Some(key)
}
