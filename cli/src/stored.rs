//! What is in the cache directory, by function. Reads through the runtime's store and knows no file in the directory.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rememo::Cache;
use rememo::store::{Clear, DiskOptions, DiskStore, Manifest, Removed, Store, StoreError};

use crate::args::StoreArgs;
use crate::error::Error;
use crate::output::units;
use crate::select;
use crate::workspace;

/// The cache directory.
#[derive(Debug)]
pub(crate) struct Stored {
    store: DiskStore,
    dir: PathBuf,
    /// Functions by the text that identifies them, with their entries.
    pub(crate) functions: BTreeMap<String, Entries>,
    /// Why some entries can't be seen, if so.
    pub(crate) hidden: Option<String>,
}

/// The entries of one function by fingerprint.
pub(crate) type Entries = BTreeMap<[u8; 32], Sum>;

/// Entries, added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    /// How many.
    pub(crate) entries: u64,
    /// Bytes of their values.
    pub(crate) bytes: u64,
    /// When the newest was computed, in Unix milliseconds.
    pub(crate) created: u64,
    /// When the last used was used, in Unix milliseconds.
    pub(crate) accessed: u64,
    /// How long computing them took, in nanoseconds.
    pub(crate) compute_ns: u64,
}

impl Sum {
    /// Adds another.
    pub(crate) fn add(&mut self, other: &Sum) {
        self.entries += other.entries;
        self.bytes += other.bytes;
        self.created = self.created.max(other.created);
        self.accessed = self.accessed.max(other.accessed);
        self.compute_ns = self.compute_ns.saturating_add(other.compute_ns);
    }
}

/// All entries of a function in one sum.
pub(crate) fn total(entries: &Entries) -> Sum {
    let mut total = Sum::default();
    entries.values().for_each(|sum| total.add(sum));
    total
}

impl Stored {
    /// Looks into the cache directory; `None` if there is none where one is expected.
    ///
    /// # Errors
    /// [`Error::CacheDirectory`] if it can't be read, or if the one that `--dir` names isn't there; [`Error::Manifest`].
    pub(crate) fn open(args: &StoreArgs, manifest: Option<&Path>) -> Result<Option<Stored>, Error> {
        let dir = directory(args, manifest)?;
        if !dir.is_dir() {
            if args.dir.is_none() && !dir.exists() {
                return Ok(None);
            }
            let message =
                "there is no such directory; run the program that caches, or name another with --dir".to_owned();
            return Err(Error::CacheDirectory { dir, message });
        }
        Stored::look(dir).map(Some)
    }

    /// Looks into the cache directory, which may have to be made first.
    ///
    /// # Errors
    /// [`Error::CacheDirectory`] if it can't be read; [`Error::Manifest`].
    pub(crate) fn open_or_new(args: &StoreArgs, manifest: Option<&Path>) -> Result<Stored, Error> {
        Stored::look(directory(args, manifest)?)
    }

    fn look(dir: PathBuf) -> Result<Stored, Error> {
        let store = DiskStore::new(&dir, DiskOptions::default());
        let mut functions: BTreeMap<String, Entries> = BTreeMap::new();
        let listing = store.entries(&mut |entry| {
            let about = &entry.about;
            let sum = Sum {
                entries: 1,
                bytes: entry.value_bytes,
                created: about.created,
                accessed: about.accessed,
                compute_ns: about.compute_ns,
            };
            functions.entry(about.function.clone()).or_default().entry(about.fingerprint).or_default().add(&sum);
        });
        let hidden = listing.map_err(|error| failed(&dir, &error))?.hidden;
        Ok(Stored { store, dir, functions, hidden })
    }

    /// The store itself.
    pub(crate) fn store(&self) -> &DiskStore {
        &self.store
    }

    /// What the store answered, its errors as errors of the directory.
    ///
    /// # Errors
    /// [`Error::CacheDirectory`].
    pub(crate) fn checked<T>(&self, answer: Result<T, StoreError>) -> Result<T, Error> {
        answer.map_err(|error| failed(&self.dir, &error))
    }

    /// Returns when all is on the disk.
    ///
    /// # Errors
    /// [`Error::CacheDirectory`].
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.checked(self.store.sync())
    }

    /// Says what was removed, or would be.
    ///
    /// # Errors
    /// If the output can't be written.
    pub(crate) fn report(&self, out: &mut dyn Write, removed: &Removed, dry_run: bool) -> Result<(), Error> {
        let verb = if dry_run { "would remove" } else { "removed" };
        let entries = if removed.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", removed.entries) };
        let (bytes, took) = (units::bytes(removed.bytes), units::nanoseconds(removed.compute_ns));
        writeln!(out, "{verb} {entries}, {bytes} that took {took} to compute, from {}", self.dir.display())?;
        let stay = if dry_run { "would stay" } else { "stay" };
        writeln!(out, "{} {stay}, {}", removed.kept, units::bytes(removed.kept_bytes))?;
        Ok(())
    }

    /// Notes on stderr that some entries can't be seen, if so.
    ///
    /// # Errors
    /// If it can't be written.
    pub(crate) fn note_hidden(&self) -> Result<(), Error> {
        if let Some(why) = &self.hidden {
            writeln!(io::stderr(), "note: not all entries are seen: {why}")?;
        }
        Ok(())
    }

    /// Where it is.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The stored function that `name` names.
    ///
    /// # Errors
    /// [`Error::UnknownFunction`], [`Error::AmbiguousFunction`].
    pub(crate) fn find(&self, name: &str) -> Result<&str, Error> {
        let ids: Vec<&str> = self.functions.keys().map(String::as_str).collect();
        let paths = ids.iter().map(|id| path(id));
        Ok(ids[select::one(name, "function with entries", paths, |n| ids[n].to_owned())?])
    }

    /// What a function reached under each fingerprint that has been seen, newest first.
    ///
    /// # Errors
    /// [`Error::CacheDirectory`].
    pub(crate) fn manifests(&self, function: &str) -> Result<Vec<Manifest>, Error> {
        self.store.manifests(Some(function)).map_err(|error| failed(&self.dir, &error))
    }

    /// Removes the entries of a function, or of all.
    ///
    /// # Errors
    /// [`Error::CacheDirectory`].
    pub(crate) fn clear(&self, which: &Clear<'_>) -> Result<(), Error> {
        self.store.clear(which).and_then(|()| self.store.sync()).map_err(|error| failed(&self.dir, &error))
    }
}

fn failed(dir: &Path, error: &StoreError) -> Error {
    Error::CacheDirectory { dir: dir.to_owned(), message: error.to_string() }
}

/// Where a program of this package would look; with a manifest, where one of that manifest's workspace would.
///
/// # Errors
/// [`Error::Manifest`].
fn directory(args: &StoreArgs, manifest: Option<&Path>) -> Result<PathBuf, Error> {
    if let Some(dir) = &args.dir {
        return Ok(dir.clone());
    }
    // The runtime knows the rule; building a cache touches nothing on disk.
    let mut builder = Cache::builder();
    if let Some(manifest) = manifest {
        builder = builder.dir(workspace::root(manifest)?.join(".rememo"));
    }
    Ok(PathBuf::from(builder.build().location()))
}

/// The path in the text that identifies a function: what follows package and target.
fn path(id: &str) -> &str {
    id.splitn(3, ' ').nth(2).or_else(|| Some(id.split_once(" #")?.1)).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_follows_package_and_target() {
        assert_eq!(path("orchard lib orchard::harvest::yearly"), "orchard::harvest::yearly");
        assert_eq!(path("orchard bin:pick <Tree as Weigh>::weight"), "<Tree as Weigh>::weight");
        assert_eq!(path("orchard #mine"), "mine");
    }
}
