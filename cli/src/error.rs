//! Why a command stops. Every error says where the trouble is and what to do about it, and knows its exit code.

use std::io;
use std::path::PathBuf;

use crate::exit_code::ExitCode;

/// A command can't go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Cargo doesn't understand a manifest, or finds none. Its own words name the file and the line.
    #[error("{}{message}", place(manifest))]
    Manifest { manifest: Option<PathBuf>, message: String },
    /// The project behind a manifest can't be loaded.
    #[error("{0}")]
    Project(#[from] rememo_build::ProjectError),
    /// `--package` names no member.
    #[error("{}: no member of this workspace is called `{wanted}`; its members are {}", manifest.display(), members.join(", "))]
    UnknownPackage { manifest: PathBuf, wanted: String, members: Vec<String> },
    /// `--profile` names none.
    #[error("{}: there is no profile `{wanted}`; use dev, release, or add [profile.{wanted}] to this manifest", manifest.display())]
    UnknownProfile { manifest: PathBuf, wanted: String },
    /// No function has that name.
    #[error("no {what} is called `{wanted}`{}", nearest_list(nearest))]
    UnknownFunction { what: &'static str, wanted: String, nearest: Vec<String> },
    /// More than one function has that name.
    #[error("`{wanted}` is the name of {} functions; write more of the path, or give --package:{}", candidates.len(), lines(candidates))]
    AmbiguousFunction { wanted: String, candidates: Vec<String> },
    /// The cache directory can't be used.
    #[error("cache directory {}: {message}", dir.display())]
    CacheDirectory { dir: PathBuf, message: String },
    /// An archive can't be read or written.
    #[error("archive {}: {message}", path.display())]
    Archive { path: PathBuf, message: String },
    /// The output can't be written.
    #[error("can't write the output: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    /// The exit code that this error leads to. A reader that went away (`| head`) is no failure.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Error::Project(rememo_build::ProjectError::Compiler { .. }) => ExitCode::Failure,
            Error::Manifest { .. }
            | Error::Project(_)
            | Error::UnknownPackage { .. }
            | Error::UnknownProfile { .. } => ExitCode::Manifest,
            Error::UnknownFunction { .. } | Error::AmbiguousFunction { .. } => ExitCode::FunctionNotFound,
            Error::CacheDirectory { .. } => ExitCode::CacheDirectory,
            Error::Archive { .. } => ExitCode::Archive,
            Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::Success,
            Error::Output(_) => ExitCode::Failure,
        }
    }

    /// Whether there is nobody left to tell.
    pub(crate) fn is_silent(&self) -> bool {
        self.exit_code() == ExitCode::Success
    }
}

fn place(manifest: &Option<PathBuf>) -> String {
    manifest.as_ref().map(|path| format!("{}: ", path.display())).unwrap_or_default()
}

fn nearest_list(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; nearest:{}", lines(nearest)) }
}

fn lines(list: &[String]) -> String {
    list.iter().map(|line| format!("\n    {line}")).collect()
}
