//! Large records, each in a file of its own that is never changed, only replaced.
//!
//! A file holds the whole record: any process can read it without the index.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use xxhash_rust::xxh3::Xxh3;

use super::StoreError;
use super::directory::{self, Directory};
use super::reading::Reading;
use crate::record::layout::{self, decode_head, head_needs};
use crate::record::{Digest, Metadata, Record};

/// Most heads are shorter.
const START: u64 = 512;

/// The record in a key's file. One that doesn't check is removed.
pub(super) fn read(directory: &Directory, key: &Digest) -> Result<Option<Record>, StoreError> {
    let Some(reading) = open(directory, key)? else { return Ok(None) };
    let path = directory.blob(key);
    match reading.into_record() {
        Ok(record) => Ok(Some(record)),
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
            drop_damaged(directory, &path, &e.to_string())
        }
        Err(e) => Err(StoreError::io("read", &path)(e)),
    }
}

/// The record in a key's file, its head read and checked. One that doesn't check so far is removed.
pub(super) fn open(directory: &Directory, key: &Digest) -> Result<Option<Reading>, StoreError> {
    let path = directory.blob(key);
    match File::open(&path).and_then(open_file) {
        Ok(Ok(reading)) if reading.about.key == *key => Ok(Some(reading)),
        Ok(Ok(_)) => drop_damaged(directory, &path, "it is another key's"),
        Ok(Err(why)) => drop_damaged(directory, &path, &why),
        Err(e) if directory::is_absent(&e) => Ok(None),
        Err(e) => Err(StoreError::io("read", &path)(e)),
    }
}

/// A file that isn't as long as it says isn't read any further.
fn open_file(mut file: File) -> io::Result<Result<Reading, String>> {
    let length = file.metadata()?.len();
    let mut bytes = Vec::with_capacity(START as usize);
    file.by_ref().take(START).read_to_end(&mut bytes)?;
    let needs = match layout::length(&bytes).and_then(|said| Ok((said, head_needs(&bytes)?))) {
        Ok((said, needs)) if said == length => needs,
        Ok((said, _)) => return Ok(Err(format!("it should have {said} bytes and has {length}"))),
        Err(e) => return Ok(Err(e.to_string())),
    };
    if needs > bytes.len() {
        let more = (needs - bytes.len()) as u64;
        file.by_ref().take(more).read_to_end(&mut bytes)?;
    }
    // The value begins where the head ends, not where the first read did.
    bytes.truncate(needs);
    let (at, mut hash) = (bytes.len() as u64, Xxh3::new());
    hash.update(&bytes);
    Ok(decode_head(&bytes).map(|(about, len)| Reading::of_file(about, len, file, at, hash)).map_err(|e| e.to_string()))
}

fn drop_damaged<T>(directory: &Directory, path: &Path, why: &str) -> Result<Option<T>, StoreError> {
    tracing::warn!(target: "rememo", path = %path.display(), why, "a damaged record is dropped");
    if directory::remove(path)? {
        directory.note_lost(1);
    }
    Ok(None)
}

pub(super) fn remove(directory: &Directory, key: &Digest) -> Result<bool, StoreError> {
    directory::remove(&directory.blob(key))
}

/// Shows what is known about each large record, and its value's length, without reading the values.
pub(super) fn each(directory: &Directory, mut look: impl FnMut(Metadata, u64)) -> Result<(), StoreError> {
    for folder in directory::list(&directory.blobs)? {
        for path in directory::list(&folder)? {
            // One that doesn't read is left for `read`, which looks at all of it.
            if let Ok((about, len)) = head(&path)
                && Some(about.key) == directory::key_of(&path)
            {
                look(about, len);
            }
        }
    }
    Ok(())
}

fn head(path: &Path) -> io::Result<(Metadata, u64)> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(START).read_to_end(&mut bytes)?;
    let needs = head_needs(&bytes).map_err(io::Error::other)?;
    if needs > bytes.len() {
        let more = (needs - bytes.len()) as u64;
        file.take(more).read_to_end(&mut bytes)?;
    }
    decode_head(&bytes).map_err(io::Error::other)
}

/// Removes the files of all functions that `covers` says.
pub(super) fn clear(directory: &Directory, covers: impl Fn(&str) -> bool, all: bool) -> Result<(), StoreError> {
    if all {
        for folder in directory::list(&directory.blobs)? {
            for path in directory::list(&folder)? {
                directory::remove(&path)?;
            }
            // Another process may just have put a file there: then the folder stays.
            let _ = fs::remove_dir(&folder);
        }
        return Ok(());
    }
    let mut keys = Vec::new();
    each(directory, |about, _| keys.extend(covers(&about.function).then_some(about.key)))?;
    keys.iter().try_for_each(|key| remove(directory, key).map(|_| ()))
}
