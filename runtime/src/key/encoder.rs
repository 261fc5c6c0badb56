//! Where encoded values go: 39 bytes on the stack, beyond that a buffer that empties itself into SHA-256.
//!
//! Never hands out the bytes before they are complete, and never lets a caller write a byte without its tag.

use sha2::{Digest as _, Sha256};

use super::{CacheKey, INLINE, Key, KeyError, WORDS, tag};

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
    /// The first bytes, the lowest of each word first. Kept in words, not bytes, so that encoding a few numbers happens
    /// in registers: bytes written one way and read another make the processor wait.
    head: [u64; WORDS],
    /// How many bytes of `head` are written; `SPILLED` once `more` holds them all.
    len: usize,
    more: Option<Box<More>>,
}

/// What doesn't fit into the head.
#[derive(Debug, Default)]
struct More {
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
    #[inline(always)]
    pub fn new() -> Self {
        KeyEncoder { head: [0; WORDS], len: 0, more: None }
    }

    /// Collects the bytes of a part, to be sorted among its like.
    pub(super) fn part() -> Self {
        let more = More { raw: true, ..More::default() };
        KeyEncoder { head: [0; WORDS], len: SPILLED, more: Some(Box::new(more)) }
    }

    /// How many bytes the part has so far.
    pub(super) fn part_len(&self) -> usize {
        self.more.as_ref().map_or(0, |more| more.tail.len())
    }

    /// The bytes of a part.
    pub(super) fn into_part(self) -> Vec<u8> {
        self.more.map_or_else(Vec::new, |more| more.tail)
    }

    /// The finished key.
    #[inline(always)]
    pub fn finish(self) -> Key {
        match self.more {
            None => Key::inline(self.head, self.len),
            Some(more) => more.finish(),
        }
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
    #[inline(always)]
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
        self.bytes(&bytes);
    }

    /// Writes a tag and a number of so many bytes, whose others are zero. What `array` does, in registers.
    #[inline(always)]
    pub(super) fn number(&mut self, tag: u8, value: u64, width: usize) {
        if self.len.saturating_add(1 + width) > INLINE {
            self.spill(&[tag]);
            return self.spill(&value.to_le_bytes()[..width]);
        }
        self.push(u64::from(tag), 1);
        self.push(value, width);
    }

    /// Writes bytes.
    #[inline(always)]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        // `SPILLED` leaves no room either.
        if self.len.saturating_add(bytes.len()) > INLINE {
            return self.spill(bytes);
        }
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.push(u64::from_le_bytes(*chunk), 8);
        }
        if !rest.is_empty() {
            let mut chunk = [0; 8];
            chunk[..rest.len()].copy_from_slice(rest);
            self.push(u64::from_le_bytes(chunk), rest.len());
        }
    }

    /// Writes the lowest so many bytes of `value`, whose others are zero, where there is room.
    #[inline(always)]
    fn push(&mut self, value: u64, bytes: usize) {
        let (word, shift) = (self.len / 8, self.len % 8 * 8);
        if let Some(first) = self.head.get_mut(word) {
            *first |= value << shift;
        }
        if shift + bytes * 8 > 64
            && let Some(second) = self.head.get_mut(word + 1)
        {
            *second |= value >> (64 - shift);
        }
        self.len += bytes;
    }

    #[cold]
    #[inline(never)]
    fn spill(&mut self, bytes: &[u8]) {
        let more = self.more.get_or_insert_default();
        if self.len < SPILLED {
            more.tail.reserve(INLINE + bytes.len().clamp(256, BUFFER));
            let head: Vec<u8> = self.head.iter().flat_map(|word| word.to_le_bytes()).collect();
            more.tail.extend_from_slice(&head[..self.len.min(head.len())]);
            self.len = SPILLED;
        }
        more.write(bytes);
    }
}

impl More {
    fn write(&mut self, bytes: &[u8]) {
        if self.raw || self.tail.len() + bytes.len() <= BUFFER {
            self.tail.extend_from_slice(bytes);
            return;
        }
        let hash = self.hash.get_or_insert_default();
        hash.update(&self.tail);
        self.tail.clear();
        if bytes.len() >= BUFFER { hash.update(bytes) } else { self.tail.extend_from_slice(bytes) }
    }

    #[cold]
    fn finish(self) -> Key {
        let mut hash = self.hash.unwrap_or_default();
        hash.update(&self.tail);
        Key::digested(hash.finalize().into())
    }
}
