//! The spool: what processes publish and the index's owner merges. Any process can read it.
//!
//! A file is named by its key; publishing again replaces it. The owner first moves a file to `merging`, then inserts it,
//! and unlinks it only when the index is on disk: whoever looks in the spool, then in `merging`, then in the index can't
//! miss it.

use std::path::{Path, PathBuf};

use super::counts::{PARTS, part_of};
use super::directory::{self, Directory};
use super::index::INLINE_LIMIT;
use super::{Clear, Durability, StoreError};
use crate::record::layout::{self, Value};
use crate::record::{Digest, Metadata};

/// Says that a record was taken out. Shorter than any record, so it can't be taken for one.
const GONE: &[u8] = b"rememo gone\n";

/// Starts the file that tells the owner what to clear.
const CLEAR: &str = "rememo clear 1\n";

/// What the spool or the index says of a key.
#[derive(Debug)]
pub(super) enum Slot<'a> {
    /// A record with its value.
    Here(Metadata, &'a [u8]),
    /// A record whose value, of this many bytes, is in a file of its own.
    Elsewhere(Metadata, u64),
    /// It was taken out.
    Gone,
    /// It doesn't check, and why.
    Damaged(String),
}

impl<'a> Slot<'a> {
    pub(super) fn read(key: &Digest, bytes: &'a [u8]) -> Self {
        if bytes == GONE {
            return Slot::Gone;
        }
        match layout::decode(bytes) {
            Ok((about, _)) if about.key != *key => Slot::Damaged("it is another key's".into()),
            Ok((about, Value::Here(value))) => Slot::Here(about, value),
            Ok((about, Value::Elsewhere(len))) => Slot::Elsewhere(about, len),
            Err(e) => Slot::Damaged(e.to_string()),
        }
    }
}

/// The bytes that stand for a record whose value is in a file of its own. The file itself has all the inputs: where they
/// are many, the pointer leaves them out, for it must stay small.
pub(super) fn pointer(about: &Metadata, value_len: u64) -> Vec<u8> {
    let bytes = layout::encode(about, Value::Elsewhere(value_len));
    if bytes.len() <= INLINE_LIMIT {
        return bytes;
    }
    let about = Metadata { inputs: Vec::new(), inherited: Vec::new(), etag: None, ..about.clone() };
    layout::encode(&about, Value::Elsewhere(value_len))
}

pub(super) fn publish(
    directory: &Directory,
    key: &Digest,
    bytes: &[u8],
    durability: Durability,
) -> Result<(), StoreError> {
    directory.publish(&path(&directory.spool, key), bytes, durability)
}

pub(super) fn publish_gone(directory: &Directory, key: &Digest, durability: Durability) -> Result<(), StoreError> {
    publish(directory, key, GONE, durability)
}

/// What was published under a key and isn't merged yet.
pub(super) fn read(directory: &Directory, key: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
    match directory::read(&path(&directory.spool, key))? {
        Some(bytes) => Ok(Some(bytes)),
        None => directory::read(&path(&directory.merging, key)),
    }
}

/// Drops a file that doesn't check.
pub(super) fn drop_damaged(directory: &Directory, key: &Digest, why: &str) {
    for folder in [&directory.spool, &directory.merging] {
        let path = path(folder, key);
        if let Ok(true) = directory::remove(&path) {
            directory.note_lost(1);
            tracing::warn!(target: "rememo", path = %path.display(), why, "a damaged record is dropped");
        }
    }
}

/// Drops what says where a large record is.
pub(super) fn drop_pointer(directory: &Directory, key: &Digest) {
    for folder in [&directory.spool, &directory.merging] {
        let path = path(folder, key);
        if let Ok(Some(bytes)) = directory::read(&path)
            && let Slot::Elsewhere(..) = Slot::read(key, &bytes)
        {
            // If it can't be removed, it leads nowhere, as it does now.
            let _ = directory::remove(&path);
        }
    }
}

/// Moves a published file out of the way of new ones; `None` if another process did it first.
pub(super) fn claim(directory: &Directory, key: &Digest) -> Option<PathBuf> {
    let to = path(&directory.merging, key);
    std::fs::rename(path(&directory.spool, key), &to).ok().map(|()| to)
}

/// Keys with a file in one of the two folders.
pub(super) fn keys(folder: &Path) -> Result<Vec<Digest>, StoreError> {
    Ok(directory::list(folder)?.iter().filter_map(|path| directory::key_of(path)).collect())
}

/// How many notes that a record was taken out aren't merged yet: the index may lack so many of those that it had, part by part.
pub(super) fn removals(directory: &Directory) -> [u64; PARTS] {
    let mut removals = [0; PARTS];
    for folder in [&directory.spool, &directory.merging] {
        for path in directory::list(folder).unwrap_or_default() {
            if let Some(key) = directory::key_of(&path)
                && std::fs::metadata(&path).is_ok_and(|m| m.len() == GONE.len() as u64)
            {
                removals[part_of(&key)] += 1;
            }
        }
    }
    removals
}

pub(super) fn path(folder: &Path, key: &Digest) -> PathBuf {
    folder.join(directory::hex(key))
}

/// Tells the owner of the index, now or later, to clear.
pub(super) fn publish_clear(
    directory: &Directory,
    which: &Clear<'_>,
    durability: Durability,
) -> Result<PathBuf, StoreError> {
    let text = match which {
        Clear::All => format!("{CLEAR}all\n"),
        Clear::Function(function) => format!("{CLEAR}function\n{function}"),
    };
    let name = format!("clear-{}", directory::hex(&directory.unique()));
    let path = directory.spool.join(name);
    directory.publish(&path, text.as_bytes(), durability)?;
    Ok(path)
}

/// What is to be cleared: file and function, `None` for all.
pub(super) fn clears(directory: &Directory) -> Result<Vec<(PathBuf, Option<String>)>, StoreError> {
    let mut found = Vec::new();
    for path in directory::list(&directory.spool)? {
        if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("clear-")) {
            continue;
        }
        let text = directory::read(&path)?.and_then(|bytes| String::from_utf8(bytes).ok());
        // One that doesn't read clears all: losing records is safe, keeping them may not be what was asked.
        let function =
            text.as_deref().and_then(|t| t.strip_prefix(CLEAR)?.strip_prefix("function\n")).map(str::to_owned);
        found.push((path, function));
    }
    Ok(found)
}

/// Removes what is published and not yet claimed, of the functions that `covers` says.
pub(super) fn clear(directory: &Directory, covers: impl Fn(&str) -> bool) -> Result<(), StoreError> {
    for key in keys(&directory.spool)? {
        let Some(bytes) = directory::read(&path(&directory.spool, &key))? else { continue };
        let drop = match Slot::read(&key, &bytes) {
            Slot::Here(about, _) | Slot::Elsewhere(about, _) => covers(&about.function),
            Slot::Gone => false,
            Slot::Damaged(_) => true,
        };
        if drop {
            directory::remove(&path(&directory.spool, &key))?;
        }
    }
    Ok(())
}
