//! `cargo run --release -p rememo-proofs -- normalization`: the proofs over the whole corpus.

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rememo_proofs::corpus::Selection;
use rememo_proofs::error::ProofError;
use rememo_proofs::rewrite::Rewriting;
use rememo_proofs::{fuzz, normalization, sensitivity};

/// Proves over published crates what changes a fingerprint and what doesn't.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Rewritings that nobody can observe change no fingerprint.
    Normalization {
        #[command(flatten)]
        selection: Selection,
        /// Only this rewriting.
        #[arg(long)]
        rewriting: Vec<String>,
        /// How many changed functions to print per package and rewriting.
        #[arg(long, default_value_t = 10)]
        list: usize,
    },
    /// Mutations change the fingerprint of every function that reaches them.
    Sensitivity {
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        options: sensitivity::Options,
        /// How many stale pairs to print per package.
        #[arg(long, default_value_t = 10)]
        list: usize,
    },
    /// Arbitrary and mutated sources break nothing.
    Fuzz(fuzz::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Normalization { selection, rewriting, list } => normalization(&selection, &rewriting, list),
        Command::Sensitivity { mut selection, options, list } => {
            selection.with_compiled = true;
            sensitivity(&selection, &options, list)
        }
        Command::Fuzz(options) => match fuzz::in_place_of_child(&options) {
            Ok(Some(code)) => return code,
            Ok(None) => fuzz(options),
            Err(error) => Err(error),
        },
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether no fingerprint changed.
fn normalization(selection: &Selection, only: &[String], list: usize) -> Result<bool, ProofError> {
    let mut rows = Vec::new();
    let complete = selection.each(&mut |entry, _, subjects| {
        eprintln!("{}", entry.name);
        for subject in subjects {
            for rewriting in Rewriting::ALL {
                if !only.is_empty() && !only.iter().any(|name| name == rewriting.name()) {
                    continue;
                }
                let row = normalization::check(&subject, rewriting)?;
                for changed in row.changed.iter().take(list) {
                    eprintln!("  {} {}: {changed}", row.package, row.rewriting);
                }
                for cause in row.causes.iter().take(list) {
                    eprintln!("    because of {cause}");
                }
                rows.push(row);
            }
        }
        Ok(())
    })?;
    println!("{}", normalization::table(&rows));
    Ok(complete && rows.iter().all(|row| row.changed.is_empty()))
}

/// Whether every mutant was noticed by all that reach it.
fn sensitivity(selection: &Selection, options: &sensitivity::Options, list: usize) -> Result<bool, ProofError> {
    let mut rows = Vec::new();
    let complete = selection.each(&mut |entry, _, subjects| {
        eprintln!("{}", entry.name);
        for subject in subjects {
            let row = sensitivity::check(&subject, options);
            let made: usize = row.mutants.values().sum();
            eprintln!("  {}: {made} mutants, {} stale, {:.1} s", row.package, row.stale.len(), row.took.as_secs_f64());
            for stale in row.stale.iter().take(list) {
                eprintln!("  {}: {stale}", row.package);
            }
            rows.push(row);
        }
        Ok(())
    })?;
    println!("{}", sensitivity::table(&rows));
    Ok(complete && rows.iter().all(|row| row.stale.is_empty()))
}

/// Whether nothing broke.
fn fuzz(mut options: fuzz::Options) -> Result<bool, ProofError> {
    if options.sources.is_empty() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        options.sources = ["testdata", "analyzer", "runtime", "build-support"].map(|it| repository.join(it)).into();
    }
    let program =
        std::env::current_exe().map_err(|source| ProofError::System { what: "this program".into(), source })?;
    let outcome = fuzz::run(&options, &program)?;
    println!(
        "{} cases, of which {} parse; the slowest took {} ms; {} broke the analysis",
        outcome.cases,
        outcome.parsed,
        outcome.slowest.as_millis(),
        outcome.findings.len()
    );
    Ok(outcome.findings.is_empty())
}
