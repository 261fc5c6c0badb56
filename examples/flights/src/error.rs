//! What can go wrong in the pipeline: always with the file, the line and what stood there.

use std::path::PathBuf;

/// Why a step has no result. Errors are not cached: the next run tries again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file can't be read.
    #[error("{}: {source}", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file isn't gzipped CSV.
    #[error("{}: {source}", .file.display())]
    Csv {
        /// The file.
        file: PathBuf,
        /// What the reader said; it names the line.
        source: csv::Error,
    },
    /// A table lacks a column.
    #[error("{}: there is no column `{column}`", .file.display())]
    NoColumn {
        /// The file.
        file: PathBuf,
        /// The column that is missing.
        column: String,
    },
    /// A field doesn't hold what its column should.
    #[error("{}:{line}: column `{column}` can't be {text:?}", .file.display())]
    Field {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The field's column.
        column: String,
        /// What the field holds.
        text: String,
    },
    /// A point in time isn't written as `2013-01-31T05:00:00Z`.
    #[error("{text:?} is not an hour such as 2013-01-31T05:00:00Z")]
    Hour {
        /// What was found.
        text: String,
    },
    /// No row is left to compute something from.
    #[error("{step} has no rows to work on")]
    Empty {
        /// The step that needs rows.
        step: &'static str,
    },
}
