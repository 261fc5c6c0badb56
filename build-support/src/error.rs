//! Why a project could not be loaded.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What stopped a manifest from being read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProjectError {
    /// Cargo could not be started.
    Start {
        /// The manifest that was asked about.
        manifest: PathBuf,
        /// The system's words.
        error: io::Error,
    },
    /// Cargo refused the manifest.
    Cargo {
        /// The manifest that was asked about.
        manifest: PathBuf,
        /// Cargo's words.
        message: String,
    },
    /// Cargo's answer does not read.
    Answer {
        /// The manifest that was asked about.
        manifest: PathBuf,
    },
    /// The manifest has no package, only a workspace.
    NoPackage {
        /// The manifest that was asked about.
        manifest: PathBuf,
    },
    /// The compiler could not be asked about its target.
    Compiler {
        /// What was run, and what came of it.
        message: String,
    },
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProjectError::Start { manifest, error } => {
                write!(f, "{}: cargo does not start: {error}", manifest.display())
            }
            ProjectError::Cargo { manifest, message } => {
                write!(f, "{}: cargo can't read the manifest\n{message}", manifest.display())
            }
            ProjectError::Answer { manifest } => {
                write!(
                    f,
                    "{}: what cargo says of the manifest does not read; is this cargo newer than rememo?",
                    manifest.display()
                )
            }
            ProjectError::NoPackage { manifest } => write!(f, "{}: no package in this manifest", manifest.display()),
            ProjectError::Compiler { message } => write!(f, "the compiler does not tell its target: {message}"),
        }
    }
}

impl std::error::Error for ProjectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ProjectError::Start { error, .. } => Some(error),
            _ => None,
        }
    }
}
