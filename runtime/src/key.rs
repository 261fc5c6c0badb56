//! Keys: a typed, canonical, injective encoding of arguments.
//!
//! Two calls share a record only if their arguments encode to the same bytes, so this module must never give two
//! different values one encoding. Every value starts with a tag, texts carry their length, structs, fields and
//! variants their names, maps are sorted by encoded key. What is the same value in another container (`&str` and
//! `String`, `&[T]` and `Vec<T>`, `T`, `&T` and `Box<T>`) has the same key; `u32` and `u64` have not.
//!
//! There are two ways in: [`CacheKey`], written by hand for the standard library's types, and any
//! [`serde::Serialize`] through [`encode_serde`]. Both give the same bytes for the same value, but for hash sets, which
//! serde shows as sequences in no fixed order: only [`CacheKey`] can sort them.

mod encoder;
pub mod probe;
mod serializer;
mod std_types;
mod tag;

use std::fmt;
use std::hash::{Hash, Hasher};

use sha2::{Digest as _, Sha256};

pub use encoder::KeyEncoder;
pub use serializer::{encode_serde, encode_serde_unordered};

/// A value that can be (part of) the key of a cached call.
///
/// Implemented for the standard library's types. Types that derive [`serde::Serialize`] need no implementation; write one
/// to leave something out, to be faster, or for a type that serde can't describe.
///
/// Write a fixed number of values, or put a varying number into [`KeyEncoder::group`]: else the values of two
/// neighbours in a list could run into each other.
///
/// ```
/// use rememo::{CacheKey, KeyEncoder, KeyError};
///
/// struct Model { weights: Vec<f64>, name: String }
///
/// impl CacheKey for Model {
///     fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
///         // The name is for people; the weights decide what is computed.
///         self.weights.encode(to)
///     }
/// }
/// ```
pub trait CacheKey {
    /// Writes all that tells this value from others of its type.
    ///
    /// # Errors
    /// If this value can't be encoded. The call then runs uncached, with a warning.
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError>;

    /// Writes the elements of a slice, one after the other: only a faster way to call `encode` on each.
    ///
    /// # Errors
    /// If one of them can't be encoded.
    #[doc(hidden)]
    fn encode_slice(slice: &[Self], to: &mut KeyEncoder) -> Result<(), KeyError>
    where
        Self: Sized,
    {
        slice.iter().try_for_each(|element| element.encode(to))
    }
}

/// Why a value can't be part of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The value's own `Serialize` or `CacheKey` refused, in its words.
    Refused(String),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::Refused(why) => write!(f, "an argument can't be part of a key: {why}"),
        }
    }
}

impl std::error::Error for KeyError {}

impl serde::ser::Error for KeyError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        KeyError::Refused(message.to_string())
    }
}

/// Words of a [`Key`].
const WORDS: usize = 5;

/// Bytes that fit into a [`Key`] without being hashed: the last one tells how many there are.
const INLINE: usize = WORDS * 8 - 1;

/// What the last byte of a key says when the others hold a digest.
const DIGESTED: u8 = u8::MAX;

/// The arguments of a call, encoded: the encoding itself while it is short, else its SHA-256.
///
/// Equal keys mean equal arguments. Comparing and hashing is five words' work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u64; WORDS]);

impl Key {
    #[inline(always)]
    pub(crate) fn inline(mut head: [u64; WORDS], len: usize) -> Self {
        head[WORDS - 1] |= (len as u64) << 56;
        Key(head)
    }

    pub(crate) fn digested(digest: [u8; 32]) -> Self {
        let mut words = [u64::from(DIGESTED) << 56; WORDS];
        for (word, bytes) in words.iter_mut().zip(digest.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        Key(words)
    }

    /// The key's 40 bytes.
    pub fn to_bytes(&self) -> [u8; 40] {
        let mut out = [0; 40];
        for (word, bytes) in self.0.iter().zip(out.chunks_exact_mut(8)) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        out
    }

    /// The name of a record in the stores: SHA-256 over what the function is and this key.
    ///
    /// `function` is the digest of the function's identity and its fingerprint, [`function_seed`].
    pub fn digest(&self, function: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"rememo key 1\n");
        hash.update(function);
        hash.update(self.to_bytes());
        hash.finalize().into()
    }
}

/// What [`Key::digest`] starts from: one function, with one fingerprint.
pub fn function_seed(function: &str, fingerprint: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"rememo function 1\n");
    hash.update((function.len() as u64).to_le_bytes());
    hash.update(function);
    hash.update(fingerprint);
    hash.finalize().into()
}

impl Hash for Key {
    #[inline(always)]
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Short keys are mostly zeros and long ones are digests; either way each word counts once.
        for word in self.0 {
            state.write_u64(word);
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key(")?;
        self.to_bytes().iter().try_for_each(|b| write!(f, "{b:02x}"))?;
        write!(f, ")")
    }
}
