//! What the hook keeps of its last analysis, in `OUT_DIR/rememo/last`, and who made it.
//!
//! Losing it costs an analysis, so no error is reported.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What is kept of the last analysis.
#[derive(Debug)]
pub(crate) struct Last {
    path: PathBuf,
    pub(crate) kept: Option<Vec<u8>>,
}

impl Last {
    pub(crate) fn read(dir: &Path) -> Last {
        let path = dir.join("last");
        Last { kept: fs::read(&path).ok(), path }
    }

    pub(crate) fn write(&self, kept: &[u8]) {
        // A half-written file must never be taken for a whole one.
        let unfinished = self.path.with_extension(format!("{}-tmp", std::process::id()));
        let written = fs::write(&unfinished, kept).and_then(|()| fs::rename(&unfinished, &self.path));
        if written.is_err() {
            self.forget();
        }
    }

    pub(crate) fn forget(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// What tells this program from another version of it: what another made of the same sources need not be the same.
///
/// A build script is compiled anew whenever anything of it changes.
pub(crate) fn program() -> Vec<u8> {
    let mut by = env!("CARGO_PKG_VERSION").as_bytes().to_vec();
    if let Ok(metadata) = std::env::current_exe().and_then(fs::metadata) {
        by.extend_from_slice(&metadata.len().to_le_bytes());
        let changed = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        by.extend_from_slice(&changed.unwrap_or_default().as_nanos().to_le_bytes());
    }
    by
}
