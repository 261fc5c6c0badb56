//! `cargo rememo check`

use std::io::{self, BufWriter, Write};

use rememo_analyzer::Roots;

use crate::args::{Check, Format};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{check, problems};
use crate::survey::Survey;

/// Prints what functions read besides their arguments, and where they are widened.
///
/// # Errors
/// What [`Survey::with_inputs`] and [`Survey::keep_only`] say, or that the output can't be written.
pub(crate) fn run(args: &Check) -> Result<ExitCode, Error> {
    let all = args.all || !args.root.is_empty();
    let mut survey = Survey::with_inputs(&args.project, &if all { Roots::All } else { Roots::Cached })?;
    if !args.root.is_empty() {
        survey.keep_only(&args.root)?;
    }
    let catalog = Catalog::new(&survey);
    match args.format {
        Format::Json => {
            let mut out = BufWriter::new(io::stdout().lock());
            check::json(&mut out, &survey.name, &catalog)?;
            out.flush()?;
        }
        Format::Text => {
            let mut out = BufWriter::new(anstream::stdout().lock());
            check::text(&mut out, &survey.name, &catalog, all)?;
            out.flush()?;
        }
    }
    let undeclared = catalog.functions.iter().any(|f| f.function.inputs.iter().any(|input| input.declared.is_none()));
    Ok(match problems::print(survey.problems())? {
        ExitCode::Success if undeclared => ExitCode::Undeclared,
        code => code,
    })
}
