//! What can keep the oracle from an answer. It stops: a crate that isn't looked at proves nothing.

use std::path::PathBuf;

/// Why a crate of the corpus could not be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OracleError {
    /// A file could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The corpus' list could not be read.
    #[error("{path}: {message}", path = path.display())]
    List {
        /// The list.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// Cargo failed.
    #[error("`cargo {command}` failed:\n{stderr}")]
    Cargo {
        /// Its arguments.
        command: String,
        /// What it printed.
        stderr: String,
    },
    /// Cargo's metadata could not be read.
    #[error(transparent)]
    Metadata(#[from] cargo_metadata::Error),
    /// The analysis could not find the package.
    #[error(transparent)]
    Project(#[from] rememo_build::ProjectError),
    /// Nothing was compiled.
    #[error("{path}: nothing was compiled", path = path.display())]
    Nothing {
        /// Where notes would be.
        path: PathBuf,
    },
    /// The compiler's notes could not be read.
    #[error("{path}: {source}", path = path.display())]
    Unit {
        /// The note.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
}

impl OracleError {
    /// For `map_err` beside a path.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> OracleError {
        let path = path.into();
        move |source| OracleError::File { path, source }
    }
}
