//! What the process's exit code means. Scripts rely on these: a number is never given another meaning.

use std::process::Termination;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitCode {
    /// Everything asked for was done.
    Success = 0,
    /// Something failed that none of the others names, such as writing the output.
    Failure = 1,
    /// The command line is not understood. The number is clap's.
    Usage = 2,
    /// A manifest can't be read, or no package was found.
    Manifest = 3,
    /// Sources have problems: a syntax error, a missing module file, text that isn't UTF-8, a macro without end. What was
    /// asked for is printed all the same, widened where the problems made it necessary.
    Sources = 4,
    /// No function, or more than one, has the name that was given.
    FunctionNotFound = 5,
    /// The cache directory can't be used.
    CacheDirectory = 6,
    /// `check` found that a function reads something that it doesn't declare.
    Undeclared = 7,
    /// `verify` found entries that are damaged or lost.
    Damaged = 8,
    /// An archive can't be read or written, or holds other results than the cache directory.
    Archive = 9,
}

/// The table that `--help` prints.
pub(crate) const HELP: &str = "\
Exit codes:
  0  everything asked for was done
  1  another failure, such as writing the output
  2  the command line is not understood
  3  a manifest can't be read, or there is no package
  4  sources have problems (syntax, a missing module, ...); the output is widened
  5  no function, or more than one, has the given name
  6  the cache directory can't be used
  7  check: a function reads something that it doesn't declare
  8  verify: entries were damaged or lost
  9  an archive can't be read or written, or holds other results";

impl Termination for ExitCode {
    fn report(self) -> std::process::ExitCode {
        std::process::ExitCode::from(self as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_text_and_the_readme_list_every_exit_code() {
        for code in [
            ExitCode::Success,
            ExitCode::Failure,
            ExitCode::Usage,
            ExitCode::Manifest,
            ExitCode::Sources,
            ExitCode::FunctionNotFound,
            ExitCode::CacheDirectory,
            ExitCode::Undeclared,
            ExitCode::Damaged,
            ExitCode::Archive,
        ] {
            let (number, readme) = (code as u8, include_str!("../README.md"));
            let line = HELP.lines().find_map(|line| line.trim().strip_prefix(&format!("{number}  ")));
            let line = line.unwrap_or_else(|| panic!("{code:?} is missing"));
            assert!(
                readme.contains(&format!("\n| {number} | {line} |\n")),
                "the README says something else of {number}"
            );
        }
    }
}
