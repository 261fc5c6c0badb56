//! The analyzer's door to the disk.

use std::collections::HashMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rememo_analyzer::source::{LoadError, Loader};

use crate::facts::Stamp;
use crate::registry::{REGISTRY, Registry};

/// How the loader's paths call the subject's `OUT_DIR`: its real path says where and when the build ran.
pub(crate) const OUT_DIR: &str = "$OUT_DIR";

/// Reads files below a workspace root, beside it (`../`), in `OUT_DIR`, and where cargo unpacked packages of registries.
#[derive(Debug)]
pub struct DiskLoader {
    root: PathBuf,
    out_dir: Option<PathBuf>,
    registry: Registry,
    /// Of each file that was loaded, what it was before that.
    stamps: Mutex<HashMap<String, Stamp>>,
}

/// Whether a loader's path leads to a package that cargo unpacked from a registry.
#[inline]
pub fn is_in_registry(path: &str) -> bool {
    path.strip_prefix(REGISTRY).is_some_and(|rest| rest.starts_with('/'))
}

impl DiskLoader {
    /// A loader for a workspace, and for the subject's `OUT_DIR` if there is one.
    pub fn new(root: &Path, out_dir: Option<&Path>) -> DiskLoader {
        let (root, out_dir) = (root.to_owned(), out_dir.map(Path::to_owned));
        DiskLoader { root, out_dir, registry: Registry::of_user(), stamps: Mutex::default() }
    }

    /// Where a loader's path leads.
    pub fn resolve(&self, path: &str) -> PathBuf {
        if let Some((package, rest)) =
            path.strip_prefix(REGISTRY).and_then(|path| path.strip_prefix('/')?.split_once('/'))
            && let Some(folder) = self.registry.folder(package)
        {
            return folder.join(rest);
        }
        match (path.strip_prefix(OUT_DIR), &self.out_dir) {
            (Some(rest), Some(out_dir)) => out_dir.join(rest.trim_start_matches('/')),
            // Most paths are clean, and there are hundreds.
            _ if !path.contains("./") => self.root.join(path),
            _ => crate::workspace::normal(&self.root.join(path)),
        }
    }

    /// What a file was when it was loaded, or earlier.
    pub(crate) fn stamp(&self, path: &str) -> Option<Stamp> {
        self.stamps.lock().unwrap_or_else(PoisonError::into_inner).get(path).copied()
    }

    /// Whether a loader's path is in `OUT_DIR`.
    pub(crate) fn is_generated(&self, path: &str) -> bool {
        path.starts_with(OUT_DIR)
    }
}

impl Loader for DiskLoader {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let full = self.resolve(path);
        let read = || {
            let mut file = File::open(&full)?;
            let before = file.metadata()?;
            let mut content = Vec::with_capacity(before.len() as usize);
            file.read_to_end(&mut content)?;
            Ok((content, before))
        };
        let (content, before) = read().map_err(|error: std::io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => LoadError::NotFound,
            // A folder is no file to read.
            ErrorKind::IsADirectory => LoadError::NotFound,
            _ if full.is_dir() => LoadError::NotFound,
            _ => LoadError::Unreadable(error.to_string()),
        })?;
        if let Some(stamp) = Stamp::from(&before) {
            // Of two loads the first counts: whoever compares with the second reads the file once more.
            self.stamps.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_owned()).or_insert(stamp);
        }
        Ok(content)
    }
}
