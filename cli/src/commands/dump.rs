//! `cargo rememo dump`

use std::io::{self, BufWriter, Write};

use rememo_analyzer::Roots;

use crate::args::{Dump, Format};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{json, problems, text};
use crate::survey::Survey;

/// Prints the functions that were asked for.
///
/// # Errors
/// What [`Survey::new`] and [`Survey::keep_only`] say, or that the output can't be written.
pub(crate) fn run(args: &Dump) -> Result<ExitCode, Error> {
    let all = args.all || !args.root.is_empty();
    let mut survey = Survey::new(&args.project, &if all { Roots::All } else { Roots::Cached }, &["dev"])?;
    if !args.root.is_empty() {
        survey.keep_only(&args.root)?;
    }
    let catalog = Catalog::new(&survey);
    match args.format {
        Format::Json => {
            let mut out = BufWriter::new(io::stdout().lock());
            json::print(&mut out, &survey.name, &catalog)?;
            out.flush()?;
        }
        Format::Text => {
            let mut out = BufWriter::new(anstream::stdout().lock());
            text::print(&mut out, &survey.name, &catalog, all)?;
            out.flush()?;
        }
    }
    if args.timings {
        survey.timings()?.print(&mut io::stderr().lock())?;
    }
    Ok(problems::print(survey.problems())?)
}
