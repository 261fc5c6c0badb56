//! What can keep a proof from an answer.

use rememo_oracle::error::OracleError;

/// Why a proof could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The corpus could not be brought or analyzed.
    #[error(transparent)]
    Corpus(#[from] OracleError),
    /// `rustfmt` failed.
    #[error("rustfmt on {path}: {message}")]
    Formatter {
        /// The file.
        path: String,
        /// What it said.
        message: String,
    },
    /// A rewritten or mutated file isn't Rust any more.
    #[error("{path}:{line}: {message}")]
    NotRust {
        /// The file.
        path: String,
        /// The line.
        line: usize,
        /// What the parser said.
        message: String,
    },
    /// A process could not be run, a file not be read or written.
    #[error("{what}: {source}")]
    System {
        /// The program or the file.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl ProofError {
    /// For `map_err` beside a name.
    pub(crate) fn system(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> ProofError {
        let what = what.into();
        move |source| ProofError::System { what, source }
    }
}
