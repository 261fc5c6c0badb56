//! Large records, each in a file of its own that is never changed, only replaced.
//!
//! A file holds the whole record: any process can read it without the index.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::StoreError;
use super::directory::{self, Directory};
use crate::record::layout::{self, decode_head, head_needs};
use crate::record::{Digest, Metadata, Record};

/// The record in a key's file. One that doesn't check is removed.
pub(super) fn read(directory: &Directory, key: &Digest) -> Result<Option<Record>, StoreError> {
    let path = directory.blob(key);
    let bytes = match File::open(&path).and_then(|file| read_whole(&file)) {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(why)) => return drop_damaged(directory, &path, &why),
        Err(e) if directory::is_absent(&e) => return Ok(None),
        Err(e) => return Err(StoreError::io("read", &path)(e)),
    };
    match Record::decode_owned(bytes) {
        Ok(record) if record.about.key == *key => Ok(Some(record)),
        Ok(_) => drop_damaged(directory, &path, "it is another key's"),
        Err(e) => drop_damaged(directory, &path, &e.to_string()),
    }
}

/// The file's bytes, if it is as long as it says: a file that grew without bounds isn't read.
fn read_whole(mut file: &File) -> io::Result<Result<Vec<u8>, String>> {
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    file.take(512).read_to_end(&mut bytes)?;
    match layout::length(&bytes) {
        Ok(said) if said == length => {}
        Ok(said) => return Ok(Err(format!("it should have {said} bytes and has {length}"))),
        Err(e) => return Ok(Err(e.to_string())),
    }
    // With a byte to spare, so that the end is found without growing once more.
    bytes.try_reserve_exact((length as usize).saturating_sub(bytes.len()) + 1).map_err(io::Error::other)?;
    file.read_to_end(&mut bytes)?;
    Ok(Ok(bytes))
}

fn drop_damaged(directory: &Directory, path: &Path, why: &str) -> Result<Option<Record>, StoreError> {
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
    file.by_ref().take(512).read_to_end(&mut bytes)?;
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
