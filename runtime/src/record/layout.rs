//! The bytes of a record.
//!
//! ```text
//! magic           8   "rememo\r\n"
//! version         u16
//! head length     u32  from the start up to the head checksum
//! value length    u64
//! value is        u8   0: here, 1: in a file of its own
//! fingerprint     32
//! key             32
//! created         u64
//! accessed        u64
//! expires         u64  0: never
//! compute_ns      u64
//! function        text
//! codec           text
//! etag            u8, then a text if 1
//! inputs          u32, then so many of: kind text, name text, u8, then 32 bytes if 1
//! inherited       u32, then so many of: function text, key 32, etag text
//! head checksum   16   XXH3-128 of all before it
//! value           if it is here
//! checksum        16   XXH3-128 of all before it
//! ```
//! Numbers are little-endian, a text is a u32 length and its bytes. The checksums guard against what disks and torn writes
//! do, not against someone who forges records: who can write the directory can write any value.

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::{Digest, InheritedEtag, Input, Metadata, RecordError};

/// Version of the layout above; another one is a miss.
pub const RECORD_VERSION: u16 = 1;

/// A head is read into memory before it is checked, so its size is bounded: a megabyte is thousands of inputs.
pub(crate) const MAX_HEAD: usize = 1 << 24;

const MAGIC: [u8; 8] = *b"rememo\r\n";
const PREFIX: usize = 8 + 2 + 4 + 8 + 1;
pub(crate) const CHECKSUM: usize = 16;

const HERE: u8 = 0;
const ELSEWHERE: u8 = 1;

/// Where a record's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// In the record.
    Here(&'a [u8]),
    /// In a file of its own, so many bytes.
    Elsewhere(u64),
}

impl Value<'_> {
    pub(crate) fn len(self) -> u64 {
        match self {
            Value::Here(bytes) => bytes.len() as u64,
            Value::Elsewhere(len) => len,
        }
    }
}

/// A whole record with its value.
pub(crate) fn whole(about: &Metadata, value: &[u8]) -> Vec<u8> {
    encode(about, Value::Here(value))
}

/// What stands before a value of so many bytes. It is as long whatever the number is.
pub(crate) fn head_of(about: &Metadata, value_len: u64) -> Vec<u8> {
    head(about, HERE, value_len, 0)
}

pub(crate) fn encode(about: &Metadata, value: Value<'_>) -> Vec<u8> {
    let (place, here) = if let Value::Here(bytes) = value { (HERE, bytes) } else { (ELSEWHERE, &[][..]) };
    let mut out = head(about, place, value.len(), here.len() + CHECKSUM);
    out.extend_from_slice(here);
    let checksum = xxh3_128(&out);
    out.extend_from_slice(&checksum.to_le_bytes());
    out
}

/// A record whose value is here in three parts, so that a large value isn't copied: what stands before it, and after.
pub(crate) fn around(about: &Metadata, value: &[u8]) -> (Vec<u8>, [u8; CHECKSUM]) {
    let before = head_of(about, value.len() as u64);
    let mut hash = Xxh3::new();
    hash.update(&before);
    hash.update(value);
    (before, hash.digest128().to_le_bytes())
}

/// The head and its checksum, with room for so many bytes more.
fn head(about: &Metadata, place: u8, value_len: u64, room: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(256 + about.function.len() + about.codec.len() + room);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&RECORD_VERSION.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&value_len.to_le_bytes());
    out.push(place);
    out.extend_from_slice(&about.fingerprint);
    out.extend_from_slice(&about.key);
    // 0 stands for "never"; what expired in 1970 has expired at 1 ms too.
    for time in [about.created, about.accessed, about.expires.map_or(0, |t| t.max(1)), about.compute_ns] {
        out.extend_from_slice(&time.to_le_bytes());
    }
    text(&mut out, about.function.as_bytes());
    text(&mut out, about.codec.as_bytes());
    out.push(about.etag.is_some() as u8);
    if let Some(etag) = &about.etag {
        text(&mut out, etag);
    }
    number(&mut out, about.inputs.len());
    for input in &about.inputs {
        text(&mut out, input.kind.as_bytes());
        text(&mut out, input.name.as_bytes());
        out.push(input.hash.is_some() as u8);
        out.extend_from_slice(input.hash.as_ref().map_or(&[][..], |hash| hash));
    }
    number(&mut out, about.inherited.len());
    for inherited in &about.inherited {
        text(&mut out, inherited.function.as_bytes());
        out.extend_from_slice(&inherited.key);
        text(&mut out, &inherited.etag);
    }
    let head = u32::try_from(out.len()).unwrap_or(u32::MAX);
    out[10..14].copy_from_slice(&head.to_le_bytes());
    let checksum = xxh3_128(&out);
    out.extend_from_slice(&checksum.to_le_bytes());
    out
}

/// No record has so long a text or so many inputs: what doesn't fit is cut to a length that won't decode.
fn number(out: &mut Vec<u8>, n: usize) {
    out.extend_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

fn text(out: &mut Vec<u8>, text: &[u8]) {
    number(out, text.len());
    out.extend_from_slice(text);
}

/// Reads a whole record, whose value may be elsewhere.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Metadata, Value<'_>), RecordError> {
    let prefix = Prefix::read(bytes)?;
    let here = if prefix.here { prefix.value_len } else { 0 };
    let length = (prefix.head_len + 2 * CHECKSUM) as u64;
    if length.checked_add(here) != Some(bytes.len() as u64) {
        return Err(RecordError::WrongLength);
    }
    let content = checked(bytes)?;
    let value = &content[prefix.head_len + CHECKSUM..];
    let about = metadata(&content[PREFIX..prefix.head_len])?;
    Ok((about, if prefix.here { Value::Here(value) } else { Value::Elsewhere(prefix.value_len) }))
}

/// How many bytes from the start [`decode_head`] needs, given the first ones.
pub(crate) fn head_needs(start: &[u8]) -> Result<usize, RecordError> {
    Ok(Prefix::read(start)?.head_len + CHECKSUM)
}

/// How long the whole record is, given its first bytes. To be compared with what is there before that is read.
pub(crate) fn length(start: &[u8]) -> Result<u64, RecordError> {
    let prefix = Prefix::read(start)?;
    let here = if prefix.here { prefix.value_len } else { 0 };
    ((prefix.head_len + 2 * CHECKSUM) as u64).checked_add(here).ok_or(RecordError::WrongLength)
}

/// A hash as it is stored.
pub(crate) fn checksum(hash: u128) -> [u8; CHECKSUM] {
    hash.to_le_bytes()
}

/// Whether a stored checksum is this one.
pub(crate) fn is_checksum(stored: &[u8; CHECKSUM], computed: u128) -> bool {
    *stored == computed.to_le_bytes()
}

/// Reads only what is known about a value, and its length. Says nothing of whether the value is whole.
pub(crate) fn decode_head(bytes: &[u8]) -> Result<(Metadata, u64), RecordError> {
    let prefix = Prefix::read(bytes)?;
    let head = bytes.get(..prefix.head_len + CHECKSUM).ok_or(RecordError::WrongLength)?;
    Ok((metadata(&checked(head)?[PREFIX..])?, prefix.value_len))
}

/// What stands before the checksum, if that is right.
fn checked(bytes: &[u8]) -> Result<&[u8], RecordError> {
    let (content, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(RecordError::WrongLength)?;
    if *checksum == xxh3_128(content).to_le_bytes() { Ok(content) } else { Err(RecordError::WrongChecksum) }
}

/// Read before any checksum: nothing here is believed beyond its bounds.
struct Prefix {
    head_len: usize,
    value_len: u64,
    here: bool,
}

impl Prefix {
    fn read(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut reader = Reader(bytes);
        if reader.array::<8>("magic").map_err(|_| RecordError::NotARecord)? != MAGIC {
            return Err(RecordError::NotARecord);
        }
        let version = u16::from_le_bytes(reader.array("version").map_err(|_| RecordError::WrongLength)?);
        if version != RECORD_VERSION {
            return Err(RecordError::UnknownVersion(version));
        }
        let head_len = reader.u32("head length").map_err(|_| RecordError::WrongLength)? as usize;
        let value_len = reader.u64("value length").map_err(|_| RecordError::WrongLength)?;
        let [place] = reader.array("value").map_err(|_| RecordError::WrongLength)?;
        if !(PREFIX..=MAX_HEAD).contains(&head_len) || place > ELSEWHERE {
            return Err(RecordError::WrongLength);
        }
        Ok(Prefix { head_len, value_len, here: place == HERE })
    }
}

/// The head's fields after the prefix.
fn metadata(fields: &[u8]) -> Result<Metadata, RecordError> {
    let mut reader = Reader(fields);
    let fingerprint = reader.array("fingerprint")?;
    let key = reader.array("key")?;
    let created = reader.u64("created time")?;
    let accessed = reader.u64("accessed time")?;
    let expires = reader.u64("expiry")?;
    let compute_ns = reader.u64("compute time")?;
    let function = reader.string("function")?;
    let codec = reader.string("codec")?;
    let etag = if reader.flag("etag")? { Some(reader.text("etag")?.to_vec()) } else { None };
    let mut inputs = Vec::new();
    for _ in 0..reader.u32("inputs")? {
        let (kind, name) = (reader.string("inputs")?, reader.string("inputs")?);
        let hash: Option<Digest> = if reader.flag("inputs")? { Some(reader.array("inputs")?) } else { None };
        inputs.push(Input { kind, name, hash });
    }
    let mut inherited = Vec::new();
    for _ in 0..reader.u32("inherited etags")? {
        inherited.push(InheritedEtag {
            function: reader.string("inherited etags")?,
            key: reader.array("inherited etags")?,
            etag: reader.text("inherited etags")?.to_vec(),
        });
    }
    if !reader.0.is_empty() {
        return Err(RecordError::Malformed("head"));
    }
    let expires = (expires != 0).then_some(expires);
    Ok(Metadata { function, fingerprint, key, created, accessed, expires, compute_ns, etag, inputs, inherited, codec })
}

/// Takes fields from the front; every method fails rather than reads past the end.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize, field: &'static str) -> Result<&'a [u8], RecordError> {
        let (taken, rest) = self.0.split_at_checked(n).ok_or(RecordError::Malformed(field))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], RecordError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(RecordError::Malformed(field))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u32(&mut self, field: &'static str) -> Result<u32, RecordError> {
        self.array(field).map(u32::from_le_bytes)
    }

    fn u64(&mut self, field: &'static str) -> Result<u64, RecordError> {
        self.array(field).map(u64::from_le_bytes)
    }

    fn flag(&mut self, field: &'static str) -> Result<bool, RecordError> {
        match self.array(field)? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(RecordError::Malformed(field)),
        }
    }

    fn text(&mut self, field: &'static str) -> Result<&'a [u8], RecordError> {
        let len = self.u32(field)?;
        self.take(usize::try_from(len).map_err(|_| RecordError::Malformed(field))?, field)
    }

    fn string(&mut self, field: &'static str) -> Result<String, RecordError> {
        let text = std::str::from_utf8(self.text(field)?).map_err(|_| RecordError::Malformed(field))?;
        Ok(text.to_owned())
    }
}
