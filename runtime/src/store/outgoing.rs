//! A record on its way into a directory: in memory while it is small, then in a file that has no name yet.
//!
//! Never more than [`BUFFER`] of it is in memory besides the value itself.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write};

use xxhash_rust::xxh3::Xxh3;

use super::directory::{Directory, Temporary};
use super::index::INLINE_LIMIT;
use super::{StoreError, Writing};
use crate::record::layout;

/// What is written at once, and read back at once.
const BUFFER: usize = 256 << 10;

/// A record that is ready to be published.
pub(super) enum Outgoing {
    /// All of it, for the index.
    Small(Vec<u8>),
    /// A file that holds all of it, and how long the value is.
    Large(Temporary, u64),
}

/// Encodes a record.
pub(super) fn prepare(directory: &Directory, record: &Writing<'_>) -> Result<Outgoing, StoreError> {
    let room = layout::head_of(record.about, 0).len();
    let Some(value) = record.bytes() else { return encode(directory, record, room) };
    if room + value.len() + layout::CHECKSUM <= INLINE_LIMIT {
        return Ok(Outgoing::Small(layout::whole(record.about, value)));
    }
    let mut file = directory.temporary()?;
    let (before, after) = layout::around(record.about, value);
    for part in [&before[..], value, &after] {
        file.write(part)?;
    }
    Ok(Outgoing::Large(file, value.len() as u64))
}

fn encode(directory: &Directory, record: &Writing<'_>, room: usize) -> Result<Outgoing, StoreError> {
    let limit = INLINE_LIMIT.saturating_sub(room + layout::CHECKSUM);
    let mut spill = Spill { directory, room, limit, buffer: Vec::new(), file: None, length: 0, failure: None };
    let written = record.write_to(&mut spill);
    if let Some(failure) = spill.failure {
        return Err(failure);
    }
    written.map_err(StoreError::Unencodable)?;
    let Some(mut file) = spill.file else {
        return Ok(Outgoing::Small(layout::whole(record.about, &spill.buffer)));
    };
    file.write(&spill.buffer)?;
    drop(spill.buffer);
    // Only now its length is known, which the head tells, which the checksum begins with.
    file.at(SeekFrom::Start(0))?;
    file.write(&layout::head_of(record.about, spill.length))?;
    let checksum = file.checksum().map_err(StoreError::io("read", file.path()))?;
    file.write(&checksum)?;
    Ok(Outgoing::Large(file, spill.length))
}

/// Where an encoder writes: a buffer, and a file as soon as that is full.
struct Spill<'a> {
    directory: &'a Directory,
    /// Left free in the file for the head.
    room: usize,
    /// What a small value may have.
    limit: usize,
    buffer: Vec<u8>,
    file: Option<Temporary>,
    length: u64,
    /// Why the file couldn't be written, which an encoder tells in words of its own.
    failure: Option<StoreError>,
}

impl Spill<'_> {
    fn push(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.length += bytes.len() as u64;
        let most = if self.file.is_some() { BUFFER } else { self.limit };
        if self.buffer.len() + bytes.len() <= most {
            self.buffer.extend_from_slice(bytes);
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let mut file = self.directory.temporary()?;
                file.write(&vec![0; self.room])?;
                none.insert(file)
            }
        };
        file.write(&self.buffer)?;
        self.buffer.clear();
        if bytes.len() >= BUFFER {
            return file.write(bytes);
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }
}

impl Write for Spill<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes).map(|()| bytes.len()).map_err(|failure| {
            self.failure = Some(failure);
            io::Error::other("the file can't be written")
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Temporary {
    /// The checksum of all that was written. The file stands at its end afterwards.
    fn checksum(&mut self) -> io::Result<[u8; layout::CHECKSUM]> {
        let (mut hash, mut buffer) = (Xxh3::new(), vec![0; BUFFER]);
        let file = self.file();
        file.seek(SeekFrom::Start(0))?;
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(layout::checksum(hash.digest128())),
                read => hash.update(&buffer[..read]),
            }
        }
    }
}
