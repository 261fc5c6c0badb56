//! A record whose value is still to be written: from where it is into its file, so that a large one is never there twice.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Write};

use super::StoreError;
use crate::codec::CodecError;
use crate::record::{Metadata, Record};

/// Writes a value, and tells what it weighs in memory, more or less.
pub(crate) type Encode<'a> = Box<dyn Fn(&mut dyn Write) -> Result<u64, CodecError> + 'a>;

/// A value, as it will be in its record.
pub(crate) enum Content<'a> {
    /// It lies in memory just so.
    Bytes(&'a [u8]),
    /// It is encoded on the way.
    Stream(Encode<'a>),
}

/// A record whose value is still to be written.
pub struct Writing<'a> {
    /// What is known about it.
    pub about: &'a Metadata,
    content: Content<'a>,
    /// Bytes of the value before it was compressed, once they were written.
    weight: Cell<Option<u64>>,
}

impl<'a> From<&'a Record> for Writing<'a> {
    fn from(record: &'a Record) -> Self {
        Writing::new(&record.about, Content::Bytes(&record.value))
    }
}

impl<'a> Writing<'a> {
    pub(crate) fn new(about: &'a Metadata, content: Content<'a>) -> Self {
        Writing { about, content, weight: Cell::new(None) }
    }

    /// The value, if it lies in memory as it is to be written.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Stream(_) => None,
        }
    }

    /// Writes the value.
    ///
    /// # Errors
    /// If it can't be encoded, or can't be written.
    pub fn write_to(&self, to: &mut dyn Write) -> Result<(), CodecError> {
        let weight = match &self.content {
            Content::Bytes(bytes) => {
                to.write_all(bytes).map_err(CodecError::written)?;
                bytes.len() as u64
            }
            Content::Stream(write) => write(to)?,
        };
        self.weight.set(Some(weight));
        Ok(())
    }

    /// The whole record, for a store that takes it in one piece.
    ///
    /// # Errors
    /// If the value can't be encoded.
    pub fn to_record(&self) -> Result<Record, StoreError> {
        let mut value = Vec::new();
        self.write_to(&mut value).map_err(StoreError::Unencodable)?;
        Ok(Record { about: self.about.clone(), value })
    }

    /// What the value weighs. Where it wasn't written to its end, it is encoded once more to know that.
    pub(crate) fn weight(&self) -> u64 {
        match (self.weight.get(), &self.content) {
            (Some(weight), _) => weight,
            (None, Content::Bytes(bytes)) => bytes.len() as u64,
            (None, Content::Stream(write)) => write(&mut io::sink()).unwrap_or(0),
        }
    }
}

impl fmt::Debug for Writing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writing").field("about", &self.about).finish_non_exhaustive()
    }
}
