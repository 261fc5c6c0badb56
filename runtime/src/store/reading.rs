//! A record whose value is still to be read: from a file into its place, so that a large one is never there twice.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

use xxhash_rust::xxh3::Xxh3;

use crate::record::layout::{CHECKSUM, is_checksum};
use crate::record::{Metadata, Record};

/// How much is hashed while it is still in the processor's cache.
const PORTION: usize = 256 << 10;

/// A record whose value is still to be read. Nothing of the value is to be believed before it was read to its end.
pub struct Reading {
    /// What is known about it.
    pub about: Metadata,
    length: u64,
    value: Value,
}

enum Value {
    Here(Vec<u8>),
    /// What follows in the file, and the hash of what stood before.
    File(File, Box<Xxh3>),
}

impl From<Record> for Reading {
    fn from(record: Record) -> Self {
        Reading { about: record.about, length: record.value.len() as u64, value: Value::Here(record.value) }
    }
}

impl Reading {
    /// The value is what comes next in the file, whose length was checked.
    pub(super) fn of_file(about: Metadata, length: u64, file: File, hash: Xxh3) -> Self {
        Reading { about, length, value: Value::File(file, Box::new(hash)) }
    }

    /// Bytes of the value.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads the value into a buffer that is as long.
    ///
    /// # Errors
    /// If it can't be read, or isn't what was written.
    pub fn read(self, to: &mut [u8]) -> io::Result<()> {
        if to.len() as u64 != self.length {
            return Err(changed());
        }
        match self.value {
            Value::Here(bytes) => to.copy_from_slice(&bytes),
            Value::File(mut file, mut hash) => {
                for portion in to.chunks_mut(PORTION) {
                    file.read_exact(portion)?;
                    hash.update(portion);
                }
                end(&mut file, &hash)?;
            }
        }
        Ok(())
    }

    /// The whole record.
    ///
    /// # Errors
    /// As [`read`](Reading::read).
    pub fn into_record(self) -> io::Result<Record> {
        let Reading { about, length, value } = self;
        let (mut file, mut hash) = match value {
            Value::Here(value) => return Ok(Record { about, value }),
            Value::File(file, hash) => (file, hash),
        };
        let length = usize::try_from(length).map_err(io::Error::other)?;
        let mut value = Vec::new();
        value.try_reserve_exact(length).map_err(io::Error::other)?;
        while value.len() < length {
            let (from, portion) = (value.len(), PORTION.min(length - value.len()));
            if file.by_ref().take(portion as u64).read_to_end(&mut value)? < portion {
                return Err(changed());
            }
            hash.update(&value[from..]);
        }
        end(&mut file, &hash)?;
        Ok(Record { about, value })
    }
}

fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the value isn't what was written")
}

/// The checksum at the end of the file must be that of all that was read.
fn end(file: &mut File, hash: &Xxh3) -> io::Result<()> {
    let mut checksum = [0; CHECKSUM];
    file.read_exact(&mut checksum)?;
    if is_checksum(&checksum, hash.digest128()) { Ok(()) } else { Err(changed()) }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("about", &self.about).field("length", &self.length).finish_non_exhaustive()
    }
}
