//! Per-file summaries in a folder, a file each, named by key: the hook's are in `OUT_DIR/rememo/summaries/`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rememo_analyzer::source::{Digest, Summaries};

/// Summaries on disk. Losing one costs a parse, so no error is reported.
#[derive(Debug)]
pub struct DiskSummaries {
    dir: PathBuf,
    used: Mutex<BTreeSet<String>>,
}

impl DiskSummaries {
    /// Keeps summaries in a folder, which is made if need be.
    pub fn new(dir: &Path) -> DiskSummaries {
        let _ = std::fs::create_dir_all(dir);
        DiskSummaries { dir: dir.to_owned(), used: Mutex::default() }
    }

    /// Removes what wasn't used since [`DiskSummaries::new`].
    pub fn prune(&self) {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in std::fs::read_dir(&self.dir).into_iter().flatten().flatten() {
            if !entry.file_name().to_str().is_some_and(|name| used.contains(name)) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    fn path(&self, key: &Digest) -> PathBuf {
        let name = key.to_string();
        let path = self.dir.join(&name);
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
        path
    }
}

impl Summaries for DiskSummaries {
    fn get(&self, key: &Digest) -> Option<Vec<u8>> {
        std::fs::read(self.path(key)).ok()
    }

    fn put(&self, key: &Digest, summary: &[u8]) {
        let path = self.path(key);
        // A half-written file must never carry a key's name, and others may write the same.
        let unfinished = path.with_extension(format!("{}-tmp", std::process::id()));
        if std::fs::write(&unfinished, summary).is_ok() {
            let _ = std::fs::rename(&unfinished, &path);
        }
    }
}
