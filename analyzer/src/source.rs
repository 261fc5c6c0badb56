//! Where sources come from. The only door to the outside that the analyzer has.

use std::collections::BTreeMap;
use std::fmt;

/// A file's content hash, an item's hash, a fingerprint: SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Build scripts print thousands of them, unoptimized.
        let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            text.push(digit(byte >> 4));
            text.push(digit(byte & 15));
        }
        f.write_str(&text)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Tells damage of what was kept, and no more: unoptimized, SHA-256 takes as long as reading what it protects. A changed
/// word always changes it.
pub fn sum(kept: &[u8]) -> u64 {
    let (words, rest) = kept.as_chunks::<8>();
    let mut sum = kept.len() as u64;
    for word in words {
        sum = (sum.rotate_left(5) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    for byte in rest {
        sum = (sum.rotate_left(5) ^ u64::from(*byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    sum
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no such file.
    NotFound,
    /// It is there, but could not be read; the system's words.
    Unreadable(String),
}

/// Gives the analyzer its files. Paths are relative to the workspace root, with `/`, and may begin with `../`;
/// paths below a package's `out_dir` are handed over as that says.
///
/// `Sync`, because an analysis runs on a thread of its own, whose stack is large enough for deeply nested sources.
pub trait Loader: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// [`LoadError::NotFound`] if there is none, [`LoadError::Unreadable`] if the system refuses.
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError>;
}

/// Files held in memory, for tests and for tools that have their own source of files.
impl Loader for BTreeMap<String, String> {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self.get(path).map(|text| text.clone().into_bytes()).ok_or(LoadError::NotFound)
    }
}

/// Keeps what was learned of a file by its content, so that the next analysis needn't parse it again.
///
/// A store may forget anything at any time. What it gives back is checked; damage costs a parse.
pub trait Summaries: Sync {
    /// What was put under this key.
    fn get(&self, key: &Digest) -> Option<Vec<u8>>;
    /// Whether anything is kept; if not, summaries needn't be made.
    fn keeps(&self) -> bool {
        true
    }
    /// Keeps `summary` under `key`.
    fn put(&self, key: &Digest, summary: &[u8]);

    /// Where the same is kept of the files of external packages, if that is elsewhere: whoever uses a version of a package
    /// may share it.
    fn packages(&self) -> Option<&dyn Summaries> {
        None
    }
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSummaries;

impl Summaries for NoSummaries {
    fn get(&self, _: &Digest) -> Option<Vec<u8>> {
        None
    }

    fn keeps(&self) -> bool {
        false
    }

    fn put(&self, _: &Digest, _: &[u8]) {}
}
