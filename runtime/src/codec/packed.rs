//! Values that are compressed once they are encoded: LZ4 frames, if the feature `lz4` is there.
//!
//! The codec's name says so, so that compressed and plain records lie side by side and each is read as it was written. Without
//! the feature, a compressed record is one of a codec that isn't known: a miss.

use std::io::{self, Read, Write};

use super::CodecError;

/// What follows the codec's name.
const LZ4: &str = " lz4";

/// How results are compressed before they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// LZ4, in the frames that other tools know too: fast enough not to be noticed beside most computations.
    #[cfg(feature = "lz4")]
    Lz4,
}

/// The name of a codec whose bytes are then compressed.
pub(crate) fn name(codec: &str, compression: Option<Compression>) -> String {
    match compression {
        None => codec.to_owned(),
        Some(_) => format!("{codec}{LZ4}"),
    }
}

/// The codec that a record names, and whether its bytes are compressed.
pub(crate) fn split(name: &str) -> (&str, bool) {
    name.strip_suffix(LZ4).map_or((name, false), |codec| (codec, true))
}

/// Counts what goes through it.
pub(crate) struct Counted<T> {
    pub(crate) inner: T,
    pub(crate) count: u64,
}

impl<T> Counted<T> {
    pub(crate) fn new(inner: T) -> Self {
        Counted { inner, count: 0 }
    }
}

impl<T: Write> Write for Counted<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.count += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Counted<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.count += read as u64;
        Ok(read)
    }
}

/// Compresses what `write` writes; tells how many bytes that was.
#[cfg(feature = "lz4")]
pub(crate) fn pack(
    to: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> Result<(), CodecError>,
) -> Result<u64, CodecError> {
    let mut packed = Counted::new(lz4_flex::frame::FrameEncoder::new(to));
    write(&mut packed)?;
    let count = packed.count;
    packed.inner.finish().map_err(|e| CodecError::encode(e.to_string()))?;
    Ok(count)
}

/// There is no [`Compression`] to ask for this.
#[cfg(not(feature = "lz4"))]
pub(crate) fn pack(
    to: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> Result<(), CodecError>,
) -> Result<u64, CodecError> {
    let mut plain = Counted::new(to);
    write(&mut plain)?;
    Ok(plain.count)
}

/// Shows what was compressed to `read`; tells how many bytes it took. `None` without the feature.
#[cfg(feature = "lz4")]
pub(crate) fn unpack<T>(
    from: &mut dyn Read,
    read: impl FnOnce(&mut dyn Read) -> Result<T, CodecError>,
) -> Option<Result<(T, u64), CodecError>> {
    let unpacked = Counted::new(lz4_flex::frame::FrameDecoder::new(from));
    let mut unpacked = io::BufReader::new(unpacked);
    let value = read(&mut unpacked);
    Some(value.map(|value| (value, unpacked.get_ref().count)))
}

#[cfg(not(feature = "lz4"))]
pub(crate) fn unpack<T>(
    _: &mut dyn Read,
    _: impl FnOnce(&mut dyn Read) -> Result<T, CodecError>,
) -> Option<Result<(T, u64), CodecError>> {
    None
}

/// No more than this comes out of so many bytes: LZ4 repeats at most 255 bytes for each that it reads.
pub(crate) fn most(packed: u64) -> u64 {
    packed.saturating_mul(255)
}
