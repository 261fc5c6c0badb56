//! Archives: the records of a store, or of some functions, in one file that stands for itself.
//!
//! ```text
//! "rememo archive 1\n"
//! items: a letter, a length of 8 bytes (most significant first), so many bytes
//!   r  a record      m  a manifest, as its text
//!   e  the end: the number of items before it, and XXH3-128 of all bytes before this item
//! ```
//! Every record has its own checksum besides. Nothing in an archive is believed: lengths allocate nothing before the bytes
//! are there.

use std::fmt;
use std::io::{self, Read, Write};

use xxhash_rust::xxh3::Xxh3;

use super::{Manifest, Store, StoreError};
use crate::record::{Digest, Record, RecordError};

const MAGIC: &[u8] = b"rememo archive 1\n";
const RECORD: u8 = b'r';
const MANIFEST: u8 = b'm';
const END: u8 = b'e';

/// What went into an archive or came out of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Archived {
    /// Records that were written.
    pub records: u64,
    /// Bytes of their values.
    pub bytes: u64,
    /// Records that were there already, the same.
    pub same: u64,
    /// Records that were there with another value or another age.
    pub different: u64,
    /// Manifests.
    pub manifests: u64,
}

/// What an import does with a record that is there already and isn't the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Existing {
    /// It is an error.
    #[default]
    Refuse,
    /// It stays as it is.
    Keep,
    /// The archive's takes its place.
    Replace,
    /// Nothing is written at all: the archive is only read through, and what it would come to is counted.
    Compare,
}

/// Writes the records of the functions that `wanted` says, with their manifests.
///
/// `progress` is shown what was written so far.
///
/// ```
/// use rememo::record::{Metadata, Record};
/// use rememo::store::{Existing, MemoryStore, Store, export, import};
///
/// let (from, to) = (MemoryStore::new(), MemoryStore::new());
/// from.put(&Record { about: Metadata::default(), value: b"value".to_vec() })?;
/// let mut archive = Vec::new();
/// export(&from, &|_| true, &mut archive, &mut |_| ())?;
/// import(&mut &archive[..], &to, Existing::Refuse, &mut |_| ())?;
/// assert!(to.get(&[0; 32])?.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the store can't be read or the archive can't be written.
pub fn export(
    store: &dyn Store,
    wanted: &dyn Fn(&str) -> bool,
    to: &mut dyn Write,
    progress: &mut dyn FnMut(&Archived),
) -> Result<Archived, ArchiveError> {
    let mut keys: Vec<Digest> = Vec::new();
    store.entries(&mut |entry| keys.extend(wanted(&entry.about.function).then_some(entry.about.key)))?;
    // In the order of keys, so that the same records give the same archive.
    keys.sort_unstable();
    let mut out = Hashed { inner: to, hash: Xxh3::new() };
    out.inner_write(MAGIC)?;
    let mut done = Archived::default();
    for manifest in store.manifests(None)?.into_iter().filter(|manifest| wanted(&manifest.function)) {
        out.item(MANIFEST, manifest.to_text().as_bytes())?;
        done.manifests += 1;
    }
    for key in keys {
        // One that was evicted meanwhile, or doesn't check, isn't there.
        let Some(record) = store.get(&key)? else { continue };
        out.item(RECORD, &record.encode())?;
        done.records += 1;
        done.bytes += record.value.len() as u64;
        progress(&done);
    }
    let mut end = (done.records + done.manifests).to_be_bytes().to_vec();
    end.extend_from_slice(&out.hash.digest128().to_be_bytes());
    out.item(END, &end)?;
    out.inner.flush().map_err(ArchiveError::Write)?;
    Ok(done)
}

/// Reads an archive into a store. Records are checked one by one, and those before a damaged one stay.
///
/// # Errors
/// If this isn't an archive, if it is damaged or ends early, if a record is there already and `existing` says to refuse, or if
/// the store can't be written.
pub fn import(
    from: &mut dyn Read,
    store: &dyn Store,
    existing: Existing,
    progress: &mut dyn FnMut(&Archived),
) -> Result<Archived, ArchiveError> {
    let mut from = Hashed { inner: from, hash: Xxh3::new() };
    let mut magic = [0; MAGIC.len()];
    from.exact(&mut magic)?;
    if magic != MAGIC {
        return Err(ArchiveError::NotAnArchive);
    }
    let mut done = Archived::default();
    loop {
        let before = from.hash.digest128();
        let mut head = [0; 9];
        from.exact(&mut head)?;
        let mut length = [0; 8];
        length.copy_from_slice(&head[1..]);
        let bytes = from.item(u64::from_be_bytes(length))?;
        match head[0] {
            RECORD => {
                let record = Record::decode_owned(bytes).map_err(ArchiveError::Record)?;
                keep(&record, store, existing, &mut done)?;
                progress(&done);
            }
            MANIFEST => {
                let text = String::from_utf8(bytes).ok();
                let manifest = text.as_deref().and_then(Manifest::from_text).ok_or(ArchiveError::Manifest)?;
                done.manifests += 1;
                if existing != Existing::Compare {
                    store.put_manifest(&manifest)?;
                }
            }
            END => {
                let items = done.records + done.same + done.different + done.manifests;
                let mut end = items.to_be_bytes().to_vec();
                end.extend_from_slice(&before.to_be_bytes());
                return if bytes == end { Ok(done) } else { Err(ArchiveError::Damaged) };
            }
            _ => return Err(ArchiveError::Damaged),
        }
    }
}

fn keep(record: &Record, store: &dyn Store, existing: Existing, done: &mut Archived) -> Result<(), ArchiveError> {
    let there = store.get(&record.about.key)?;
    if there.as_ref().is_some_and(|there| is_same(there, record)) {
        done.same += 1;
        return Ok(());
    }
    if there.is_some() {
        match existing {
            Existing::Refuse => return Err(ArchiveError::Exists { function: record.about.function.clone() }),
            Existing::Keep | Existing::Compare => {
                done.different += 1;
                return Ok(());
            }
            Existing::Replace => {}
        }
    }
    done.records += 1;
    done.bytes += record.value.len() as u64;
    if existing != Existing::Compare {
        store.put(record)?;
    }
    Ok(())
}

/// Whether two records differ in nothing but the time of their last use.
fn is_same(a: &Record, b: &Record) -> bool {
    let mut about = a.about.clone();
    about.accessed = b.about.accessed;
    about == b.about && a.value == b.value
}

/// Bytes on their way, and the hash of those that went by.
struct Hashed<T> {
    inner: T,
    hash: Xxh3,
}

impl Hashed<&mut dyn Write> {
    fn inner_write(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.hash.update(bytes);
        self.inner.write_all(bytes).map_err(ArchiveError::Write)
    }

    fn item(&mut self, what: u8, bytes: &[u8]) -> Result<(), ArchiveError> {
        self.inner_write(&[what])?;
        self.inner_write(&(bytes.len() as u64).to_be_bytes())?;
        self.inner_write(bytes)
    }
}

impl Hashed<&mut dyn Read> {
    fn exact(&mut self, bytes: &mut [u8]) -> Result<(), ArchiveError> {
        self.inner.read_exact(bytes).map_err(ArchiveError::read)?;
        self.hash.update(bytes);
        Ok(())
    }

    fn item(&mut self, length: u64) -> Result<Vec<u8>, ArchiveError> {
        let mut bytes = Vec::new();
        // Grows with what is there, whatever the length says.
        self.inner.take(length).read_to_end(&mut bytes).map_err(ArchiveError::read)?;
        if bytes.len() as u64 != length {
            return Err(ArchiveError::Damaged);
        }
        self.hash.update(&bytes);
        Ok(bytes)
    }
}

/// Why an archive couldn't be written or read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ArchiveError {
    /// It doesn't start as an archive does, or is of a version that this release doesn't know.
    NotAnArchive,
    /// It ends early, or its checksum is wrong.
    Damaged,
    /// A record in it doesn't check.
    Record(RecordError),
    /// A manifest in it doesn't check.
    Manifest,
    /// The store has another record under a key of the archive's.
    Exists {
        /// Whose result it is.
        function: String,
    },
    /// It can't be read.
    Read(io::Error),
    /// It can't be written.
    Write(io::Error),
    /// The store failed.
    Store(StoreError),
}

impl ArchiveError {
    fn read(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => ArchiveError::Damaged,
            _ => ArchiveError::Read(error),
        }
    }
}

impl From<StoreError> for ArchiveError {
    fn from(error: StoreError) -> Self {
        ArchiveError::Store(error)
    }
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArchiveError::NotAnArchive => f.write_str("this is no archive, or one of a newer release"),
            ArchiveError::Damaged => f.write_str("the archive is damaged or ends early"),
            ArchiveError::Record(e) => write!(f, "the archive is damaged: {e}"),
            ArchiveError::Manifest => f.write_str("the archive is damaged: a manifest doesn't read"),
            ArchiveError::Exists { function } => write!(f, "another result of {function} is there already"),
            ArchiveError::Read(e) => write!(f, "can't read the archive: {e}"),
            ArchiveError::Write(e) => write!(f, "can't write the archive: {e}"),
            ArchiveError::Store(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for ArchiveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ArchiveError::Record(e) => Some(e),
            ArchiveError::Read(e) | ArchiveError::Write(e) => Some(e),
            ArchiveError::Store(e) => Some(e),
            _ => None,
        }
    }
}
