//! The members of the oracle's corpus, one after the other.

use std::path::{Path, PathBuf};

use rememo_oracle::compile;
use rememo_oracle::corpus::{self, Corpus, Entry, Laid};
use rememo_oracle::error::OracleError;

use crate::error::ProofError;
use crate::subject::{Compiled, Subject};

/// Which entries to look at, and where they are laid out.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Selection {
    /// Entries of the corpus to look at; all of them if none is named.
    pub entries: Vec<String>,
    /// Only the entries that are small enough for every run of the tests.
    #[arg(long)]
    pub quick: bool,
    /// Without the entries that are set aside while rules are tuned.
    #[arg(long)]
    pub tuned: bool,
    /// Where crates are laid out: the oracle's folder, if what it compiled is to be used.
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Whether compiled code is read too.
    #[arg(skip)]
    pub with_compiled: bool,
}

/// What is done with an entry's members.
pub type Look<'a> = dyn FnMut(&Entry, &Laid, Vec<Subject>) -> Result<(), ProofError> + 'a;

impl Selection {
    /// Brings the entries and calls `look` with each. Whether all of them could be looked at.
    ///
    /// # Errors
    /// [`ProofError::Corpus`].
    pub fn each(&self, look: &mut Look<'_>) -> Result<bool, ProofError> {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let list = repository.join("testdata/corpus");
        let dir = self.dir.clone().unwrap_or_else(|| repository.join("target/oracle")).join("crates");
        std::fs::create_dir_all(&dir).map_err(OracleError::file(&dir))?;
        let dir = dir.canonicalize().map_err(OracleError::file(&dir))?;
        let unpacked = corpus::fetch(&list)?;
        let mut failed = false;
        for entry in &Corpus::read(&list)?.entry {
            let named = self.entries.is_empty() || self.entries.contains(&entry.name);
            if named && (entry.quick || !self.quick) && !(entry.held_out && self.tuned) {
                let mut one = || {
                    let laid = entry.lay(&list, &unpacked, &dir)?;
                    // With the features that the oracle compiled it with, if it did.
                    let units = compile::units(&laid).unwrap_or_default();
                    let mut subjects = Vec::new();
                    for analyzed in entry.analyses(&laid, &units, false)? {
                        let is_compiled = self.with_compiled && !units.is_empty();
                        let compiled = is_compiled.then(|| Compiled::read(&analyzed, &units)).transpose()?;
                        subjects.push(Subject::new(analyzed, compiled));
                    }
                    look(entry, &laid, subjects)
                };
                // One that can't be looked at must not hide what the others show.
                if let Err(error) = one() {
                    eprintln!("error: {}: {error}", entry.name);
                    failed = true;
                }
            }
        }
        Ok(!failed)
    }
}
