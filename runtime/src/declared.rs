//! What a function's attribute declares about a call besides its arguments: a ttl, an etag, files.
//!
//! Read anew at each call, before the look-up.

use std::time::Duration;

use crate::inputs::{self, Files};
use crate::key::{KeyEncoder, KeyError};
use crate::record::Input;

/// The declarations of one call.
#[derive(Debug, Default)]
pub struct Declared {
    pub(crate) ttl: Option<Duration>,
    pub(crate) etag: Option<Vec<u8>>,
    /// Sorted, each once.
    pub(crate) files: Vec<Input>,
    /// Why the call can't be cached.
    pub(crate) failure: Option<String>,
}

impl Declared {
    /// How long a result is good for.
    pub fn ttl(&mut self, ttl: Duration) {
        self.ttl = Some(ttl);
    }

    /// The value that a result is good for.
    pub fn etag(&mut self, write: impl FnOnce(&mut KeyEncoder) -> Result<(), KeyError>) {
        let mut encoder = KeyEncoder::new();
        match write(&mut encoder) {
            Ok(()) => self.etag = Some(encoder.finish().to_bytes().to_vec()),
            Err(error) => self.failure = Some(format!("its etag: {error}")),
        }
    }

    /// Files that the function reads.
    pub fn files(&mut self, files: &(impl Files + ?Sized)) {
        files.each(&mut |path| match inputs::read(path) {
            Ok(input) => {
                if let Err(at) = self.files.binary_search(&input) {
                    self.files.insert(at, input);
                }
            }
            Err(failure) => self.failure = Some(failure),
        });
    }
}
