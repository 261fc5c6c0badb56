//! `cargo run --release -p rememo-oracle`: the compiler as oracle over the whole corpus.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use rememo_oracle::compare::{Comparison, Subject};
use rememo_oracle::corpus::Entry;
use rememo_oracle::error::OracleError;
use rememo_oracle::linked::Linked;
use rememo_oracle::{causes, compile, corpus, join, print};

/// Compares what the analysis reaches with what compiled code reaches, over published crates.
#[derive(Debug, Parser)]
struct Arguments {
    /// Entries of the corpus to look at; all of them if none is named.
    entries: Vec<String>,
    /// Only the entries that are small enough for every run of the tests.
    #[arg(long)]
    quick: bool,
    /// Compare with what an earlier run compiled: for work on the analysis.
    #[arg(long)]
    compiled: bool,
    /// How many missed pairs, functions without an item and wasted functions to print per crate.
    #[arg(long, default_value_t = 10)]
    list: usize,
    /// How compiled code comes from a function to an item: the paths of both, as this prints them.
    #[arg(long, num_args = 2, value_names = ["FUNCTION", "ITEM"])]
    explain: Option<Vec<String>>,
    /// Rank what makes our sets larger than the compiler's: so many causes per crate.
    #[arg(long, default_value_t = 0)]
    causes: usize,
    /// Where crates are laid out and built.
    #[arg(long)]
    dir: Option<PathBuf>,
}

fn main() -> ExitCode {
    if let Some(code) = compile::in_place_of_compiler() {
        return code;
    }
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether nothing was missed.
fn run(arguments: &Arguments) -> Result<bool, OracleError> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let list = repository.join("testdata/corpus");
    let dir = arguments.dir.clone().unwrap_or_else(|| repository.join("target/oracle"));
    std::fs::create_dir_all(&dir).map_err(OracleError::file(&dir))?;
    let dir = dir.canonicalize().map_err(OracleError::file(&dir))?;
    let wrapper = std::env::current_exe().map_err(OracleError::file("."))?;
    let corpus = corpus::Corpus::read(&list)?;
    let unpacked = corpus::fetch(&list)?;
    let mut rows = Vec::new();
    let mut failed = false;
    for entry in &corpus.entry {
        let named = arguments.entries.is_empty() || arguments.entries.contains(&entry.name);
        if !named || (arguments.quick && !entry.quick) {
            continue;
        }
        eprintln!("{}: {} ({})", entry.name, entry.style, entry.packages.join(", "));
        // One that can't be built must not hide what the others show.
        match look_at(arguments, entry, &list, &unpacked, &dir, &wrapper) {
            Ok(found) => rows.extend(found),
            Err(error) => {
                eprintln!("error: {}: {error}", entry.name);
                failed = true;
            }
        }
    }
    if arguments.explain.is_none() {
        println!("{}", print::table(&rows));
    }
    Ok(!failed
        && rows.iter().all(|(_, it)| it.missed.is_empty() && it.generic_missed.is_empty() && it.unplaced.is_empty()))
}

fn look_at(
    arguments: &Arguments,
    entry: &Entry,
    list: &Path,
    unpacked: &BTreeMap<String, PathBuf>,
    dir: &Path,
    wrapper: &Path,
) -> Result<Vec<(String, Comparison)>, OracleError> {
    let mut rows = Vec::new();
    let laid = entry.lay(list, unpacked, &dir.join("crates"))?;
    if !arguments.compiled {
        compile::build(entry, &laid, &dir.join("build"), wrapper)?;
    }
    let units = compile::units(&laid)?;
    let linked = Linked::read(&units)?;
    for analyzed in entry.analyses(&laid, &units, arguments.causes > 0)? {
        let joined = join::join(&analyzed, &linked, &units);
        let subject = Subject::new(&analyzed, &linked, &joined);
        if let Some([root, item]) = arguments.explain.as_deref() {
            for line in subject.explain(root, item).unwrap_or_default() {
                println!("{line}");
            }
            continue;
        }
        let comparison = subject.compare();
        if arguments.causes > 0 {
            let causes = causes::rank(&subject, &analyzed.analysis);
            let all: usize = causes.kinds.iter().map(|(_, count)| count).sum();
            let share = |count: usize| format!("{count:>9} {:>5.1} %", 100.0 * count as f64 / all.max(1) as f64);
            eprintln!("  {all} wasted pairs, by what was asked for:");
            causes.kinds.iter().take(arguments.causes).for_each(|(what, count)| eprintln!("{}  {what}", share(*count)));
            eprintln!("  and by the step that left the compiler's way:");
            causes.steps.iter().take(arguments.causes).for_each(|(what, count)| eprintln!("{}  {what}", share(*count)));
        }
        let shown = |what: &str, lines: &mut dyn Iterator<Item = String>| {
            for line in lines.take(arguments.list) {
                eprintln!("  {what}: {line}");
            }
        };
        shown(
            "no item",
            &mut comparison.unplaced.iter().map(|it| format!("{} {} {:?}", it.path, it.at, it.candidates)),
        );
        shown("missed", &mut comparison.missed.iter().map(|it| format!("{} -> {}", it.root, it.item)));
        shown("missed, generic", &mut comparison.generic_missed.iter().map(|it| format!("{} -> {}", it.root, it.item)));
        shown("missed, opaque", &mut comparison.opaque.iter().map(|it| format!("{} -> {}", it.root, it.item)));
        shown("wasted", &mut comparison.wasted.iter().map(|(path, count)| format!("{path} by {count}")));
        let name = match entry.packages.len() {
            1 => entry.name.clone(),
            _ => format!("{}/{}", entry.name, analyzed.package),
        };
        rows.push((name, comparison));
    }
    Ok(rows)
}
