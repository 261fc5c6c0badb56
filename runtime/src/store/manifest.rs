//! What a function reached under one fingerprint, kept so that a later run can tell what changed.
//!
//! A file each, written once: any process can read them. They explain; nothing is ever looked up by them.

use std::cmp::Reverse;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::xxh3_128;

use super::directory::{self, Directory, hex};
use super::{Durability, StoreError};
use crate::record::Digest;

const MAGIC: &str = "rememo manifest 1";

/// The items that a function reaches under one fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// The function, as in [`Metadata::function`](crate::record::Metadata::function).
    pub function: String,
    /// Its fingerprint.
    pub fingerprint: Digest,
    /// When it was first seen, in Unix milliseconds.
    pub created: u64,
    /// A line for each item, as `rememo_table::manifest_items` reads them.
    pub items: String,
}

impl Manifest {
    /// A manifest.
    pub fn new(function: impl Into<String>, fingerprint: Digest, created: u64, items: impl Into<String>) -> Self {
        Manifest { function: function.into(), fingerprint, created, items: items.into() }
    }

    /// A checksum, then the fields, each on a line; the function's may hold anything, so its length goes first.
    pub(super) fn to_text(&self) -> String {
        let content = format!(
            "{}\n{}\n{}\n{}\n{}",
            hex(&self.fingerprint),
            self.created,
            self.function.len(),
            self.function,
            self.items
        );
        format!("{MAGIC}\n{:032x}\n{content}", xxh3_128(content.as_bytes()))
    }

    pub(super) fn from_text(text: &str) -> Option<Self> {
        let (checksum, content) = text.strip_prefix(MAGIC)?.strip_prefix('\n')?.split_once('\n')?;
        if u128::from_str_radix(checksum, 16).ok()? != xxh3_128(content.as_bytes()) {
            return None;
        }
        let (fingerprint, content) = content.split_once('\n')?;
        let (created, content) = content.split_once('\n')?;
        let (len, content) = content.split_once('\n')?;
        let (function, items) = content.split_at_checked(len.parse().ok()?)?;
        Some(Manifest {
            function: function.to_owned(),
            fingerprint: directory::key_of(fingerprint.as_ref())?,
            created: created.parse().ok()?,
            items: items.strip_prefix('\n')?.to_owned(),
        })
    }
}

/// A folder for each function, a file for each fingerprint.
fn folder(directory: &Directory, function: &str) -> PathBuf {
    directory.manifests.join(&hex(&Sha256::digest(function))[..32])
}

pub(super) fn write(directory: &Directory, manifest: &Manifest, durability: Durability) -> Result<(), StoreError> {
    let path = folder(directory, &manifest.function).join(hex(&manifest.fingerprint));
    if path.exists() {
        return Ok(());
    }
    directory.publish(&path, manifest.to_text().as_bytes(), durability)
}

pub(super) fn read(
    directory: &Directory,
    function: &str,
    fingerprint: &Digest,
) -> Result<Option<Manifest>, StoreError> {
    read_file(folder(directory, function).join(hex(fingerprint)))
}

/// One that doesn't read is absent, and removed so that it can be written again.
fn read_file(path: PathBuf) -> Result<Option<Manifest>, StoreError> {
    let Some(bytes) = directory::read(&path)? else { return Ok(None) };
    let manifest = String::from_utf8(bytes).ok().and_then(|text| Manifest::from_text(&text));
    if manifest.is_none() {
        directory::remove(&path)?;
    }
    Ok(manifest)
}

pub(super) fn all(directory: &Directory, function: Option<&str>) -> Result<Vec<Manifest>, StoreError> {
    let folders = match function {
        Some(function) => vec![folder(directory, function)],
        None => directory::list(&directory.manifests)?,
    };
    let mut found = Vec::new();
    for folder in folders {
        for path in directory::list(&folder)? {
            found.extend(read_file(path)?);
        }
    }
    found.sort_by_key(|manifest: &Manifest| Reverse(manifest.created));
    Ok(found)
}
