//! Records: a cached value and all that must be known of it before it is believed.
//!
//! The only module that knows a record's byte layout. Decoding must never panic, never allocate more than the bytes at
//! hand justify, and never return anything but what was encoded: whatever doesn't check is an error, and the caller
//! treats it as a miss.

pub(crate) mod layout;

use std::fmt;

pub use layout::RECORD_VERSION;
use layout::Value;

/// A SHA-256 digest: a fingerprint, or the name of a record (see [`Key::digest`](crate::Key::digest)).
pub type Digest = [u8; 32];

/// A cached value with what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What is known about it.
    pub about: Metadata,
    /// The value, encoded by the codec that `about` names.
    pub value: Vec<u8>,
}

/// What a store knows about a value besides the value. Times are Unix milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Metadata {
    /// The function: package, version, target and path, as one text.
    pub function: String,
    /// The function's fingerprint when the value was computed.
    pub fingerprint: Digest,
    /// The record's name in the stores.
    pub key: Digest,
    /// When the value was computed.
    pub created: u64,
    /// When it was last used, to the hour or so.
    pub accessed: u64,
    /// From when on it doesn't count any more.
    pub expires: Option<u64>,
    /// How long computing it took, in nanoseconds: what a hit saves.
    pub compute_ns: u64,
    /// The caller's validator.
    pub etag: Option<Vec<u8>>,
    /// Run-time inputs that the value depends on, declared by the function or by cached functions it called.
    pub inputs: Vec<Input>,
    /// Validators of the cached calls made while computing it.
    pub inherited: Vec<InheritedEtag>,
    /// Name of the value's codec.
    pub codec: String,
}

/// A run-time input, as it was when the value was computed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Input {
    /// What `name` names: `file`, `directory`, `env`, ...
    pub kind: String,
    /// A path, a variable's name, ...
    pub name: String,
    /// Hash of its content; `None` if it wasn't there.
    pub hash: Option<Digest>,
}

impl Input {
    /// An input of some kind with its content's hash, `None` if it isn't there.
    pub fn new(kind: impl Into<String>, name: impl Into<String>, hash: Option<Digest>) -> Self {
        Input { kind: kind.into(), name: name.into(), hash }
    }
}

/// The validator of a cached call that the value's computation made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct InheritedEtag {
    /// The called function.
    pub function: String,
    /// Name of the called function's record.
    pub key: Digest,
    /// The validator.
    pub etag: Vec<u8>,
}

impl InheritedEtag {
    /// The validator of a call of `function`, whose record is `key`.
    pub fn new(function: impl Into<String>, key: Digest, etag: impl Into<Vec<u8>>) -> Self {
        InheritedEtag { function: function.into(), key, etag: etag.into() }
    }
}

impl Record {
    /// The record as bytes, checksum included.
    pub fn encode(&self) -> Vec<u8> {
        layout::encode(&self.about, Value::Here(&self.value))
    }

    /// Reads a record.
    ///
    /// # Errors
    /// If these aren't the bytes of a record, whole and unchanged, of a version that this release knows.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        match layout::decode(bytes)? {
            (about, Value::Here(value)) => Ok(Record { about, value: value.to_vec() }),
            (_, Value::Elsewhere(_)) => Err(RecordError::Malformed("value")),
        }
    }

    /// Reads a record out of a buffer that becomes the value, without a second allocation for a large one.
    ///
    /// # Errors
    /// As [`Record::decode`].
    pub fn decode_owned(mut bytes: Vec<u8>) -> Result<Self, RecordError> {
        let (about, len) = match layout::decode(&bytes)? {
            (about, Value::Here(value)) => (about, value.len()),
            (_, Value::Elsewhere(_)) => return Err(RecordError::Malformed("value")),
        };
        let end = bytes.len() - layout::CHECKSUM;
        bytes.truncate(end);
        bytes.drain(..end - len);
        Ok(Record { about, value: bytes })
    }
}

impl Metadata {
    /// Whether the record's own expiry has passed.
    pub fn is_expired(&self, now: u64) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

/// Why bytes aren't a record.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordError {
    /// They don't start as a record does.
    NotARecord,
    /// They are a record of a version that this release doesn't know.
    UnknownVersion(u16),
    /// They end early, or go on too long.
    WrongLength,
    /// They changed since they were written.
    WrongChecksum,
    /// They check, but a field doesn't read.
    Malformed(&'static str),
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordError::NotARecord => write!(f, "not a record"),
            RecordError::UnknownVersion(version) => write!(f, "a record of the unknown version {version}"),
            RecordError::WrongLength => write!(f, "a record of the wrong length"),
            RecordError::WrongChecksum => write!(f, "a record with a wrong checksum"),
            RecordError::Malformed(field) => write!(f, "a record whose {field} doesn't read"),
        }
    }
}

impl std::error::Error for RecordError {}
