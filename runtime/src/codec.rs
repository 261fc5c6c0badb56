//! Codecs: how a value becomes bytes and comes back.
//!
//! A record names its codec, and bytes are only ever given to the codec that wrote them. A codec must never panic on
//! bytes, whatever they are: a value that can't be decoded is a miss.

mod nil;
pub(crate) mod packed;
pub(crate) mod raw;

use std::fmt;
use std::io::{self, Read, Write};

use serde::Deserialize as _;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

pub use packed::Compression;

use crate::key::{KeyEncoder, KeyError, encode_serde, encode_serde_unordered};

/// Turns values of type `T` into bytes and back. Choose one with `#[cached(codec = ...)]`.
///
/// ```
/// use rememo::codec::{Codec, CodecError};
///
/// /// Vectors of floats as they lie in memory.
/// struct Raw;
///
/// impl Codec<Vec<f64>> for Raw {
///     const ID: &'static str = "myapp raw f64 1";
///
///     fn encode(value: &Vec<f64>) -> Result<Vec<u8>, CodecError> {
///         Ok(value.iter().flat_map(|x| x.to_le_bytes()).collect())
///     }
///
///     fn decode(bytes: &[u8]) -> Result<Vec<f64>, CodecError> {
///         let (chunks, rest) = bytes.as_chunks::<8>();
///         if !rest.is_empty() {
///             return Err(CodecError::decode("not a whole number of floats"));
///         }
///         Ok(chunks.iter().map(|x| f64::from_le_bytes(*x)).collect())
///     }
/// }
///
/// assert_eq!(Raw::decode(&Raw::encode(&vec![1.5, -0.0]).unwrap()).unwrap(), [1.5, -0.0]);
/// ```
pub trait Codec<T> {
    /// The codec's name in a record. Give it a new one when its bytes change.
    const ID: &'static str;

    /// Encodes a value.
    ///
    /// # Errors
    /// If the value can't be encoded; it is then not stored.
    fn encode(value: &T) -> Result<Vec<u8>, CodecError>;

    /// Decodes a value.
    ///
    /// # Errors
    /// If the bytes aren't an encoded `T`; that is a miss.
    fn decode(bytes: &[u8]) -> Result<T, CodecError>;

    /// Encodes a value into its place. A codec that writes bit by bit spares large values a copy of their size.
    ///
    /// # Errors
    /// As [`encode`](Codec::encode), and if they can't be written.
    fn write(value: &T, to: &mut dyn Write) -> Result<(), CodecError> {
        to.write_all(&Self::encode(value)?).map_err(CodecError::written)
    }

    /// Decodes a value from its place, up to the end. A codec that reads bit by bit spares large values a copy of their size.
    ///
    /// # Errors
    /// As [`decode`](Codec::decode), and if they can't be read.
    fn read(from: &mut dyn Read) -> Result<T, CodecError> {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map_err(CodecError::read)?;
        Self::decode(&bytes)
    }

    /// Compares two values, as `REMEMO=verify` and the round-trip check do.
    ///
    /// # Errors
    /// If one of them can't be encoded.
    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        Ok(if Self::encode(a)? == Self::encode(b)? { Comparison::Same } else { Comparison::Different })
    }
}

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comparison {
    /// They are the same.
    Same,
    /// They hold the same in another order, as two equal hash sets do.
    Reordered,
    /// They differ.
    Different,
}

/// The default codec: MessagePack with field names, which survives every shape that serde's derive can make, but for
/// `Some(None)` and `Some(())`: a value that holds one is refused.
#[derive(Debug, Clone, Copy)]
pub struct MessagePack;

impl<T: Serialize + DeserializeOwned> Codec<T> for MessagePack {
    const ID: &'static str = "messagepack 1";

    fn encode(value: &T) -> Result<Vec<u8>, CodecError> {
        nil::check(value)?;
        rmp_serde::to_vec_named(value).map_err(|e| CodecError::encode(e.to_string()))
    }

    fn decode(bytes: &[u8]) -> Result<T, CodecError> {
        let mut from = rmp_serde::Deserializer::from_read_ref(bytes);
        let value = T::deserialize(&mut from).map_err(|e| CodecError::decode(e.to_string()))?;
        // Where nothing follows, not even the next marker can be read.
        match IgnoredAny::deserialize(&mut from) {
            Err(rmp_serde::decode::Error::InvalidMarkerRead(e)) if e.kind() == io::ErrorKind::UnexpectedEof => {
                Ok(value)
            }
            _ => Err(CodecError::decode("bytes follow the value")),
        }
    }

    fn write(value: &T, mut to: &mut dyn Write) -> Result<(), CodecError> {
        nil::check(value)?;
        rmp_serde::encode::write_named(&mut to, value).map_err(|e| CodecError::encode(e.to_string()))
    }

    fn read(mut from: &mut dyn Read) -> Result<T, CodecError> {
        let value = rmp_serde::from_read(&mut from).map_err(|e| CodecError::decode(e.to_string()))?;
        match from.read(&mut [0]) {
            Ok(0) => Ok(value),
            Ok(_) => Err(CodecError::decode("bytes follow the value")),
            Err(e) => Err(CodecError::read(e)),
        }
    }

    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        let keyed = |value: &T, encode: fn(&T, &mut KeyEncoder) -> Result<(), KeyError>| {
            let mut to = KeyEncoder::new();
            encode(value, &mut to).map_err(|e| CodecError::encode(e.to_string()))?;
            Ok(to.finish())
        };
        if keyed(a, encode_serde)? == keyed(b, encode_serde)? {
            return Ok(Comparison::Same);
        }
        let same = keyed(a, encode_serde_unordered)? == keyed(b, encode_serde_unordered)?;
        Ok(if same { Comparison::Reordered } else { Comparison::Different })
    }
}

/// Encodes a value and makes sure that it comes back the same.
///
/// # Errors
/// If it can't be encoded, or decoded again, or comes back as another value ([`CodecError::NoRoundTrip`]).
pub fn encode_checked<T, C: Codec<T>>(value: &T) -> Result<Vec<u8>, CodecError> {
    let bytes = C::encode(value)?;
    let back = C::decode(&bytes).map_err(|e| CodecError::NoRoundTrip(e.to_string()))?;
    match C::compare(value, &back)? {
        Comparison::Different => Err(CodecError::NoRoundTrip("it comes back as another value".into())),
        Comparison::Same | Comparison::Reordered => Ok(bytes),
    }
}

/// Why a value can't be stored or read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodecError {
    /// The value can't be encoded.
    Encode(String),
    /// The bytes can't be decoded.
    Decode(String),
    /// The value encodes, but what is decoded from that isn't the same value.
    NoRoundTrip(String),
}

impl CodecError {
    pub(crate) fn written(error: io::Error) -> Self {
        CodecError::Encode(error.to_string())
    }

    pub(crate) fn read(error: io::Error) -> Self {
        CodecError::Decode(error.to_string())
    }

    /// The value can't be encoded, and why.
    pub fn encode(why: impl Into<String>) -> Self {
        CodecError::Encode(why.into())
    }

    /// The bytes can't be decoded, and why.
    pub fn decode(why: impl Into<String>) -> Self {
        CodecError::Decode(why.into())
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodecError::Encode(why) => write!(f, "can't encode the value: {why}"),
            CodecError::Decode(why) => write!(f, "can't decode the value: {why}"),
            CodecError::NoRoundTrip(why) => write!(f, "the value doesn't survive being stored: {why}"),
        }
    }
}

impl std::error::Error for CodecError {}
