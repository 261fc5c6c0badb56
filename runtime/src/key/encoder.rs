//! Where encoded values go: 39 bytes on the stack, beyond that a buffer that empties itself into SHA-256.
//!
//! Never hands out the bytes before they are complete, and never lets a caller write a byte without its tag.

use sha2::{Digest as _, Sha256};

use super::{CacheKey, INLINE, Key, KeyError, tag};

/// The buffer is hashed away when it grows past this, so that keying a large argument doesn't copy it.
const BUFFER: usize = 4096;

/// Takes the values of a key, one after the other. See [`CacheKey`].
///
/// ```
/// use rememo::{CacheKey, KeyEncoder};
///
/// let key = |values: &dyn Fn(&mut KeyEncoder)| {
///     let mut encoder = KeyEncoder::new();
///     values(&mut encoder);
///     encoder.finish()
/// };
/// let borrowed = key(&|to| "a".encode(to).unwrap());
/// let owned = key(&|to| String::from("a").encode(to).unwrap());
/// let bytes = key(&|to| vec![97u8].encode(to).unwrap());
/// assert_eq!(borrowed, owned);
/// assert_ne!(borrowed, bytes);
/// ```
#[derive(Debug)]
pub struct KeyEncoder {
    head: [u8; INLINE + 1],
    /// How many bytes of `head` are written; `SPILLED` once `tail` holds them all.
    len: usize,
    tail: Vec<u8>,
    hash: Option<Sha256>,
    /// Keeps all bytes in `tail`, for parts that are yet to be sorted.
    raw: bool,
}

const SPILLED: usize = usize::MAX / 2;

impl Default for KeyEncoder {
    fn default() -> Self {
        Self::new()
    }
}

impl KeyEncoder {
    /// An empty key.
    #[inline]
    pub fn new() -> Self {
        KeyEncoder { head: [0; INLINE + 1], len: 0, tail: Vec::new(), hash: None, raw: false }
    }

    /// Collects the bytes of a part, to be sorted among its like.
    pub(super) fn part() -> Self {
        KeyEncoder { head: [0; INLINE + 1], len: SPILLED, tail: Vec::new(), hash: None, raw: true }
    }

    /// How many bytes the part has so far.
    pub(super) fn part_len(&self) -> usize {
        debug_assert!(self.raw);
        self.tail.len()
    }

    /// The bytes of a part.
    pub(super) fn into_part(self) -> Vec<u8> {
        debug_assert!(self.raw);
        self.tail
    }

    /// The finished key.
    #[inline]
    pub fn finish(self) -> Key {
        if self.len < SPILLED {
            return Key::inline(self.head, self.len);
        }
        let mut hash = self.hash.unwrap_or_default();
        hash.update(&self.tail);
        Key::digested(hash.finalize().into())
    }

    /// Writes a group: a varying number of values that count as one.
    ///
    /// # Errors
    /// What `values` returns.
    pub fn group(&mut self, values: impl FnOnce(&mut Self) -> Result<(), KeyError>) -> Result<(), KeyError> {
        self.array([tag::GROUP]);
        values(self)?;
        self.end();
        Ok(())
    }

    /// Writes the elements of something that has no order (a hash set, say), so that the order they come in doesn't count.
    ///
    /// # Errors
    /// If an element can't be encoded.
    pub fn unordered<T: CacheKey>(&mut self, elements: impl IntoIterator<Item = T>) -> Result<(), KeyError> {
        let mut parts = Vec::new();
        for element in elements {
            let mut part = KeyEncoder::part();
            element.encode(&mut part)?;
            parts.push(part.into_part());
        }
        self.sorted(tag::SET, parts.into_iter().map(|part| (part.len(), part)).collect());
        Ok(())
    }

    /// Ends the list that the last opening tag began.
    #[inline]
    pub(super) fn end(&mut self) {
        self.array([tag::END]);
    }

    /// Writes parts in the order of their first so many bytes; of equal ones, the order they came in.
    pub(super) fn sorted(&mut self, tag: u8, mut parts: Vec<(usize, Vec<u8>)>) {
        parts.sort_by(|(a_len, a), (b_len, b)| a[..*a_len].cmp(&b[..*b_len]));
        self.array([tag]);
        for (_, part) in parts {
            self.bytes(&part);
        }
        self.end();
    }

    /// Writes a tag and a text.
    #[inline]
    pub(super) fn text(&mut self, tag: u8, text: &[u8]) {
        if text.len() < 255 {
            self.array([tag, text.len() as u8]);
        } else {
            self.array([tag, 255]);
            self.array((text.len() as u64).to_le_bytes());
        }
        self.bytes(text);
    }

    /// Writes bytes whose number is known when compiling.
    #[inline(always)]
    pub(super) fn array<const N: usize>(&mut self, bytes: [u8; N]) {
        match self.len.checked_add(N).and_then(|end| self.head[..INLINE].get_mut(self.len..end)) {
            Some(room) => {
                room.copy_from_slice(&bytes);
                self.len += N;
            }
            None => self.spill(&bytes),
        }
    }

    /// Writes bytes.
    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        match self.head[..INLINE].get_mut(self.len..self.len.saturating_add(bytes.len())) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.len += bytes.len();
            }
            None => self.spill(bytes),
        }
    }

    #[inline(never)]
    fn spill(&mut self, bytes: &[u8]) {
        if self.len < SPILLED {
            self.tail.reserve(INLINE + bytes.len().clamp(256, BUFFER));
            self.tail.extend_from_slice(&self.head[..self.len]);
            self.len = SPILLED;
        }
        if self.raw || self.tail.len() + bytes.len() <= BUFFER {
            self.tail.extend_from_slice(bytes);
            return;
        }
        let hash = self.hash.get_or_insert_default();
        hash.update(&self.tail);
        self.tail.clear();
        if bytes.len() >= BUFFER { hash.update(bytes) } else { self.tail.extend_from_slice(bytes) }
    }
}
