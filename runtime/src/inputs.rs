//! Files as inputs: a file is what is in it, so it counts by the hash of its content.
//!
//! Hashing a large file for each call would be slow, so hashes are kept while the system says that the file is the same:
//! same inode, size, and times of change to the nanosecond, the last of them well past, since two writes may share a tick.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::record::{Digest, Input};

/// Kind of a file that the function itself declared.
pub(crate) const OWN: &str = "file";
/// Kind of a file that a cached function, called while computing, declared.
pub(crate) const INHERITED: &str = "inherited file";

/// Paths that `#[cached(files(...))]` takes: one, or a collection of them.
pub trait Files {
    /// Shows each path.
    fn each(&self, see: &mut dyn FnMut(&Path));
}

macro_rules! one_path {
    ($($ty:ty),*) => {$(
        impl Files for $ty {
            fn each(&self, see: &mut dyn FnMut(&Path)) {
                see(self.as_ref());
            }
        }
    )*};
}

one_path!(str, String, Path, PathBuf, std::ffi::OsStr, std::ffi::OsString);

impl<T: Files + ?Sized> Files for &T {
    fn each(&self, see: &mut dyn FnMut(&Path)) {
        (**self).each(see);
    }
}

impl<T: Files> Files for [T] {
    fn each(&self, see: &mut dyn FnMut(&Path)) {
        self.iter().for_each(|files| files.each(see));
    }
}

impl<T: Files, const N: usize> Files for [T; N] {
    fn each(&self, see: &mut dyn FnMut(&Path)) {
        self.as_slice().each(see);
    }
}

impl<T: Files> Files for Vec<T> {
    fn each(&self, see: &mut dyn FnMut(&Path)) {
        self.as_slice().each(see);
    }
}

impl<T: Files> Files for Option<T> {
    fn each(&self, see: &mut dyn FnMut(&Path)) {
        self.iter().for_each(|files| files.each(see));
    }
}

impl<T: Files + ?Sized> Files for Box<T> {
    fn each(&self, see: &mut dyn FnMut(&Path)) {
        (**self).each(see);
    }
}

impl<T: Files + ?Sized> Files for std::sync::Arc<T> {
    fn each(&self, see: &mut dyn FnMut(&Path)) {
        (**self).each(see);
    }
}

/// A file as it is now.
pub(crate) fn read(path: &Path) -> Result<Input, String> {
    let name = path.to_str().ok_or_else(|| format!("the path {} is not UTF-8", path.display()))?;
    match content_hash(path) {
        Ok(hash) => Ok(Input::new(OWN, name, Some(hash))),
        // A file that isn't there is a state like any other: when it appears, the result doesn't count any more.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Input::new(OWN, name, None)),
        Err(error) => Err(format!("can't read the input {name}: {error}")),
    }
}

/// Whether a file is still what it was.
pub(crate) fn is_unchanged(input: &Input) -> bool {
    matches!(input.kind.as_str(), OWN | INHERITED)
        && read(Path::new(&input.name)).is_ok_and(|now| now.hash == input.hash)
}

/// What the system says of a file's state.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg(unix)]
struct State([i64; 7]);

#[cfg(unix)]
impl State {
    fn of(metadata: &Metadata) -> Option<State> {
        use std::os::unix::fs::MetadataExt as _;
        let m = metadata;
        // `ctime` can't be set back, as `mtime` can.
        let state =
            [m.dev() as i64, m.ino() as i64, m.size() as i64, m.mtime(), m.mtime_nsec(), m.ctime(), m.ctime_nsec()];
        Some(State(state))
    }

    /// Whether a write right now would show.
    fn is_settled(&self) -> bool {
        let now = crate::clock::millis(std::time::SystemTime::now());
        let changed = self.0[5].max(self.0[3]);
        (now / 1000).checked_sub(changed.max(0) as u64).is_some_and(|seconds| seconds > 2)
    }
}

#[cfg(not(unix))]
#[derive(Clone, Copy, PartialEq, Eq)]
struct State(());

#[cfg(not(unix))]
impl State {
    fn of(_: &Metadata) -> Option<State> {
        // Times can be set at will here, so only the content tells.
        None
    }

    fn is_settled(&self) -> bool {
        false
    }
}

fn content_hash(path: &Path) -> std::io::Result<Digest> {
    static KNOWN: Mutex<Option<HashMap<PathBuf, (State, Digest)>>> = Mutex::new(None);
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut file = File::open(path)?;
    let before = State::of(&file.metadata()?);
    if let Some(state) = before
        && let Some((_, digest)) = known().as_ref().and_then(|map| map.get(path)).filter(|(kept, _)| *kept == state)
    {
        return Ok(*digest);
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    let digest: Digest = hash.finalize().into();
    let after = State::of(&file.metadata()?);
    if let Some(state) = after
        && before == after
        && state.is_settled()
    {
        known().get_or_insert_default().insert(path.to_owned(), (state, digest));
    }
    Ok(digest)
}
