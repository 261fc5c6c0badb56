//! What is wrong in the sources, a line each: `file:line: cause`. Goes to stderr; what was asked for is printed all the same.

use std::io::{self, Write};

use rememo_analyzer::report::{Problem, ProblemKind};

use crate::exit_code::ExitCode;
use crate::output::style::{BAD, SOURCE};

/// Prints each problem once, and gives the exit code that they make.
///
/// An included file that is missing is a warning: published packages often leave out what only their own benchmarks include,
/// and no build of theirs needs it.
///
/// # Errors
/// If stderr can't be written.
pub(crate) fn print<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> io::Result<ExitCode> {
    let mut problems: Vec<_> = problems.into_iter().collect();
    problems.sort();
    problems.dedup();
    let mut code = ExitCode::Success;
    let mut err = anstream::stderr().lock();
    for problem in problems {
        if problem.kind == ProblemKind::Include {
            write!(err, "{SOURCE}warning{SOURCE:#}: {}", problem.file)?;
        } else {
            code = ExitCode::Sources;
            write!(err, "{BAD}error{BAD:#}: {}", problem.file)?;
        }
        if problem.line > 0 {
            write!(err, ":{}", problem.line)?;
        }
        writeln!(err, ": {}; {}", problem.message, advice(problem.kind))?;
    }
    Ok(code)
}

/// What to do about it.
fn advice(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Syntax => "fix the syntax (rustc says more); functions that may reach this file are widened",
        ProblemKind::Encoding => "save the file as UTF-8",
        ProblemKind::Missing | ProblemKind::Include => "create the file or remove what names it",
        ProblemKind::TooLarge => "split the file; it counts as a whole",
        ProblemKind::Recursion => "give the macro an end; functions that may reach it are widened",
        _ => "functions that may reach it are widened",
    }
}
