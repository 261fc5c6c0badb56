//! A record whose value is still to be read: from a file into its place, so that a large one is never there twice.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};

use xxhash_rust::xxh3::Xxh3;

use crate::codec::CodecError;
use crate::pages;
use crate::record::layout::{CHECKSUM, is_checksum};
use crate::record::{Metadata, Record};

/// How much is hashed while it is still in the processor's cache.
const PORTION: usize = 256 << 10;

/// What is read in one piece, if a decoder needs it in one piece.
const ONE_PIECE: u64 = 1 << 20;

/// A record whose value is still to be read. Nothing of the value is to be believed before it was read to its end.
pub struct Reading {
    /// What is known about it.
    pub about: Metadata,
    length: u64,
    value: Value,
}

enum Value {
    Here(Vec<u8>),
    File(Box<Rest>),
    /// It was read.
    Taken,
}

/// What follows in a file, and the hash of what stood before.
struct Rest {
    file: File,
    /// Where the value begins.
    at: u64,
    hash: Xxh3,
}

impl From<Record> for Reading {
    fn from(record: Record) -> Self {
        Reading { about: record.about, length: record.value.len() as u64, value: Value::Here(record.value) }
    }
}

impl Reading {
    /// The value is what comes at `at` in the file, whose length was checked.
    pub(super) fn of_file(about: Metadata, length: u64, file: File, at: u64, hash: Xxh3) -> Self {
        Reading { about, length, value: Value::File(Box::new(Rest { file, at, hash })) }
    }

    /// Bytes of the value.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads the value into a buffer that is as long. It can be read once.
    ///
    /// # Errors
    /// If it can't be read, or isn't what was written.
    pub fn read(&mut self, to: &mut [u8]) -> io::Result<()> {
        if to.len() as u64 != self.length {
            return Err(changed());
        }
        match std::mem::replace(&mut self.value, Value::Taken) {
            Value::Here(bytes) => to.copy_from_slice(&bytes),
            Value::File(rest) => rest.read(to)?,
            Value::Taken => return Err(taken()),
        }
        Ok(())
    }

    /// Shows the value to a decoder that reads bit by bit. A large one is checked first: no decoder is shown what isn't what
    /// was written.
    ///
    /// # Errors
    /// If it can't be read, or isn't what was written.
    pub(crate) fn decode<T>(
        &mut self,
        whole: impl FnOnce(&[u8]) -> Result<T, CodecError>,
        in_parts: impl FnOnce(&mut dyn Read) -> Result<T, CodecError>,
    ) -> io::Result<Result<T, CodecError>> {
        match std::mem::replace(&mut self.value, Value::Taken) {
            Value::Here(bytes) => Ok(whole(&bytes)),
            Value::File(rest) if self.length <= ONE_PIECE => Ok(whole(&rest.into_bytes(self.length)?)),
            Value::File(rest) => rest.decode(self.length, in_parts),
            Value::Taken => Err(taken()),
        }
    }

    /// The whole record.
    ///
    /// # Errors
    /// As [`read`](Reading::read).
    pub fn into_record(self) -> io::Result<Record> {
        let Reading { about, length, value } = self;
        let value = match value {
            Value::Here(value) => value,
            Value::File(rest) => rest.into_bytes(length)?,
            Value::Taken => return Err(taken()),
        };
        Ok(Record { about, value })
    }
}

impl Rest {
    fn read(mut self, to: &mut [u8]) -> io::Result<()> {
        let begin = self.at;
        self.at += to.len() as u64;
        if several::read(&self.file, begin, to, &mut self.hash)? {
            return self.end();
        }
        let mut at = begin;
        for portion in to.chunks_mut(PORTION) {
            read_at(&mut self.file, portion, at)?;
            self.hash.update(portion);
            at += portion.len() as u64;
        }
        self.end()
    }

    fn into_bytes(self, length: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        // Asked for first: memory that isn't there is an error here, and would be the end of the process below.
        Vec::<u8>::new().try_reserve_exact(length).map_err(io::Error::other)?;
        let mut value = vec![0; length];
        pages::prefer_large(&mut value);
        self.read(&mut value)?;
        Ok(value)
    }

    fn decode<T>(
        mut self,
        length: u64,
        decode: impl FnOnce(&mut dyn Read) -> Result<T, CodecError>,
    ) -> io::Result<Result<T, CodecError>> {
        let (begin, head) = (self.at, self.hash.clone());
        self.skim(length)?;
        // What was right a moment ago is hashed once more: it may be read from the disk anew.
        self.hash = head;
        self.file.seek(SeekFrom::Start(begin))?;
        let mut from = BufReader::with_capacity(PORTION, Hashing(self.file.by_ref().take(length), &mut self.hash));
        let decoded = decode(&mut from);
        io::copy(&mut from, &mut io::sink())?;
        self.end()?;
        Ok(decoded)
    }

    /// Reads the value for nothing but its checksum.
    fn skim(&mut self, length: u64) -> io::Result<()> {
        let mut buffer = vec![0; PORTION];
        let end = self.at + length;
        while self.at < end {
            let portion = PORTION.min(usize::try_from(end - self.at).unwrap_or(PORTION));
            read_at(&mut self.file, &mut buffer[..portion], self.at)?;
            self.hash.update(&buffer[..portion]);
            self.at += portion as u64;
        }
        self.end()
    }

    /// The checksum at the end of the file must be that of all that was read.
    fn end(&mut self) -> io::Result<()> {
        let mut checksum = [0; CHECKSUM];
        read_at(&mut self.file, &mut checksum, self.at)?;
        if is_checksum(&checksum, self.hash.digest128()) { Ok(()) } else { Err(changed()) }
    }
}

#[cfg(unix)]
fn read_at(file: &mut File, to: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, to, at)
}

#[cfg(not(unix))]
fn read_at(file: &mut File, to: &mut [u8], at: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(to)
}

/// Hashes what goes by.
struct Hashing<'a, R>(R, &'a mut Xxh3);

impl<R: Read> Read for Hashing<'_, R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(to)?;
        self.1.update(&to[..read]);
        Ok(read)
    }
}

fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the value isn't what was written")
}

fn taken() -> io::Error {
    io::Error::other("the value was read already")
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("about", &self.about).field("length", &self.length).finish_non_exhaustive()
    }
}

/// Reading by several threads at once: what takes the time is copying, and memory that is touched for the first time.
#[cfg(unix)]
mod several {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::io;
    use std::os::unix::fs::FileExt as _;
    use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
    use std::thread;

    use xxhash_rust::xxh3::Xxh3;

    use super::PORTION;

    /// From so many bytes on a thread is worth its start.
    const LARGE: usize = 8 << 20;

    /// Hashing is one thread's work at a time, and as fast as some threads read.
    const MOST: usize = 4;

    /// Portions that were read, hashed in their order by whoever brings the next.
    struct Hashed<'a> {
        hash: &'a mut Xxh3,
        next: usize,
        early: BTreeMap<usize, &'a [u8]>,
    }

    impl<'a> Hashed<'a> {
        fn take(&mut self, index: usize, portion: &'a [u8]) {
            self.early.insert(index, portion);
            while let Some(portion) = self.early.remove(&self.next) {
                self.hash.update(portion);
                self.next += 1;
            }
        }
    }

    fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
        lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fills `to` from the file and hashes it. Tells whether it did: nothing small is worth it.
    pub(super) fn read(file: &File, at: u64, to: &mut [u8], hash: &mut Xxh3) -> io::Result<bool> {
        // The system is asked once: it reads files to answer.
        static THREADS: OnceLock<usize> = OnceLock::new();
        let threads = || *THREADS.get_or_init(|| thread::available_parallelism().map_or(1, usize::from).min(MOST));
        if to.len() < LARGE || threads() < 2 {
            return Ok(false);
        }
        let portions = Mutex::new(to.chunks_mut(PORTION).enumerate());
        let hashed = Mutex::new(Hashed { hash, next: 0, early: BTreeMap::new() });
        let work = || -> io::Result<()> {
            loop {
                let next = locked(&portions).next();
                let Some((index, portion)) = next else { return Ok(()) };
                file.read_exact_at(portion, at + (index * PORTION) as u64)?;
                locked(&hashed).take(index, portion);
            }
        };
        thread::scope(|scope| {
            // Where no thread can be started, the others do its part.
            let start = |_| thread::Builder::new().name("rememo-read".into()).spawn_scoped(scope, work).ok();
            let others: Vec<_> = (1..threads()).filter_map(start).collect();
            let mine = work();
            let read =
                others.into_iter().map(|other| other.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())));
            read.fold(mine, Result::and)
        })?;
        Ok(true)
    }
}

#[cfg(not(unix))]
mod several {
    use std::fs::File;
    use std::io;

    use xxhash_rust::xxh3::Xxh3;

    /// There is no reading at a place here.
    pub(super) fn read(_: &File, _: u64, _: &mut [u8], _: &mut Xxh3) -> io::Result<bool> {
        Ok(false)
    }
}
