//! How long the analysis of all functions of published crates takes, beside parsing the same files with syn and doing
//! nothing else. Fails if it takes more than [`LIMIT`] times as long for any of them.
//!
//! `cargo bench -p cargo-rememo`

#[path = "../tests/cli/registry.rs"]
mod registry;

use std::process::{Command, ExitCode};

use registry::{PUBLISHED, unpacked};

/// How many times the parse the analysis may take.
const LIMIT: f64 = 6.0;
/// The best of so many runs counts: the machine does other things too.
const RUNS: usize = 3;

fn main() -> ExitCode {
    println!("{:14}  {:>10}  {:>12}  {:>6}", "crate", "parse ms", "analysis ms", "ratio");
    let (mut parses, mut analyses, mut is_over) = (0.0, 0.0, false);
    for (name, _) in PUBLISHED {
        let best = (0..RUNS).map(|_| measured(name)).min_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
        let Some((parse, analysis)) = best else { continue };
        println!("{name:14}  {parse:>10.1}  {analysis:>12.1}  {:>6.2}", analysis / parse);
        is_over |= analysis / parse > LIMIT;
        parses += parse;
        analyses += analysis;
    }
    println!("{:14}  {parses:>10.1}  {analyses:>12.1}  {:>6.2}", "all", analyses / parses);
    if is_over {
        println!("a ratio is over {LIMIT}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Milliseconds of the parse and of the analysis.
fn measured(name: &str) -> (f64, f64) {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-rememo"))
        .args(["rememo", "dump", "--all", "--format", "json", "--timings", "--manifest-path"])
        .arg(unpacked(name).join("Cargo.toml"))
        .output()
        .expect("the command starts");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {text}");
    let figure = |word: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(word)).unwrap_or_else(|| panic!("{word}: {text}"));
        let first = line.split_whitespace().next().expect("a figure");
        first.parse::<f64>().unwrap_or_else(|_| panic!("{word} is followed by a figure: {line}"))
    };
    (figure("parse"), figure("analysis"))
}
