//! The bytes of a record.
//!
//! ```text
//! magic         8   "rememo\r\n"
//! version       u16
//! length        u64  of the whole record
//! fingerprint   32
//! key           32
//! created       u64
//! accessed      u64
//! expires       u64  0: never
//! compute_ns    u64
//! function      text
//! codec         text
//! etag          u8, then a text if 1
//! inputs        u32, then so many of: kind text, name text, u8, then 32 bytes if 1
//! inherited     u32, then so many of: function text, key 32, etag text
//! value         all between here and the trailer
//! head length   u32  from the start up to the value
//! checksum      16   XXH3-128 of all before it
//! ```
//! Numbers are little-endian, a text is a u32 length and its bytes. The checksum guards against what disks and torn writes
//! do, not against someone who forges records: who can write the directory can write any value.

use xxhash_rust::xxh3::xxh3_128;

use super::{Digest, InheritedEtag, Input, Metadata, RecordError};

/// Version of the layout above; another one is a miss.
pub const RECORD_VERSION: u16 = 1;

const MAGIC: [u8; 8] = *b"rememo\r\n";
const FIXED: usize = 8 + 2 + 8 + 32 + 32 + 8 * 4;
/// Head length and checksum.
pub(super) const TRAILER: usize = 4 + 16;

pub(super) fn encode(about: &Metadata, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(FIXED + about.function.len() + about.codec.len() + value.len() + TRAILER + 64);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&RECORD_VERSION.to_le_bytes());
    out.extend_from_slice(&[0; 8]);
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
    let head = out.len();
    out.extend_from_slice(value);
    number(&mut out, head);
    let length = (out.len() + 16) as u64;
    out[10..18].copy_from_slice(&length.to_le_bytes());
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

pub(super) fn decode(bytes: &[u8]) -> Result<(Metadata, &[u8]), RecordError> {
    check(bytes)?;
    let end = bytes.len() - TRAILER;
    let mut trailer = Reader(&bytes[end..]);
    let head = trailer.u32("length")? as usize;
    if head < FIXED || head > end {
        return Err(RecordError::Malformed("length"));
    }
    let (head, value) = bytes[..end].split_at(head);
    Ok((metadata(head)?, value))
}

/// Magic, version, length and checksum: after this, the bytes are what `encode` made.
fn check(bytes: &[u8]) -> Result<(), RecordError> {
    let mut reader = Reader(bytes);
    if reader.array::<8>("magic").map_err(|_| RecordError::NotARecord)? != MAGIC {
        return Err(RecordError::NotARecord);
    }
    let version = u16::from_le_bytes(reader.array("version").map_err(|_| RecordError::WrongLength)?);
    if version != RECORD_VERSION {
        return Err(RecordError::UnknownVersion(version));
    }
    let length = reader.u64("length").map_err(|_| RecordError::WrongLength)?;
    if length != bytes.len() as u64 || bytes.len() < FIXED + TRAILER {
        return Err(RecordError::WrongLength);
    }
    let (content, checksum) = bytes.split_at(bytes.len() - 16);
    if checksum != xxh3_128(content).to_le_bytes() {
        return Err(RecordError::WrongChecksum);
    }
    Ok(())
}

fn metadata(head: &[u8]) -> Result<Metadata, RecordError> {
    let mut reader = Reader(&head[18..]);
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
