//! How long the analysis of all functions of published crates takes, beside parsing the same files with syn and doing
//! nothing else: first where nothing is known of the packages that a crate depends on, whose files count as well, then
//! once more where what they declare was kept. Fails if the first takes more than [`LIMIT`] times as long for any of them.
//!
//! `cargo bench -p cargo-rememo`

#[path = "../tests/cli/registry.rs"]
mod registry;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use registry::{PUBLISHED, unpacked};

/// How many times the parse the analysis may take.
const LIMIT: f64 = 6.0;
/// The best of so many runs counts: the machine does other things too.
const RUNS: usize = 3;

fn main() -> ExitCode {
    let names = ["crate", "own ms", "parse ms", "analysis ms", "ratio", "again ms", "ratio"];
    let [name, own, parse, analysis, ratio, again, other] = names;
    println!("{name:14}  {own:>8}  {parse:>8}  {analysis:>11}  {ratio:>6}  {again:>8}  {other:>6}");
    let mut sums = [0.0; 4];
    let mut is_over = false;
    for (name, _) in PUBLISHED {
        let runs = |fresh: bool| (0..RUNS).map(move |_| measured(name, fresh));
        let Some(first) = runs(true).min_by(|a, b| a.ratio().total_cmp(&b.ratio())) else { continue };
        let Some(again) = runs(false).min_by(|a, b| a.ratio().total_cmp(&b.ratio())) else { continue };
        let figures = [first.own, first.parse, first.analysis, again.analysis];
        line(name, figures);
        is_over |= first.ratio() > LIMIT;
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
    }
    line("all", sums);
    if is_over {
        println!("a ratio is over {LIMIT}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn line(name: &str, [own, parse, analysis, again]: [f64; 4]) {
    let (ratio, other) = (analysis / parse, again / own);
    println!("{name:14}  {own:>8.1}  {parse:>8.1}  {analysis:>11.1}  {ratio:>6.2}  {again:>8.1}  {other:>6.2}");
}

/// Milliseconds.
struct Measured {
    /// The parse of the crate's own files.
    own: f64,
    /// The parse of these and of what was read of other packages.
    parse: f64,
    analysis: f64,
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.analysis / self.parse
    }
}

fn measured(name: &str, fresh: bool) -> Measured {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("published-target");
    if fresh {
        let _ = std::fs::remove_dir_all(&target);
    }
    std::fs::create_dir_all(&target).expect("folders can be made");
    let output = dump(name, target).output().expect("the command starts");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {text}");
    let figure = |word: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(word))?;
        let first = line.split_whitespace().next().expect("a figure");
        Some(first.parse::<f64>().unwrap_or_else(|_| panic!("{word} is followed by a figure: {line}")))
    };
    let (Some(parse), Some(analysis)) = (figure("parse"), figure("analysis")) else {
        panic!("{name}: no figures: {text}")
    };
    Measured { own: figure("own").unwrap_or(parse), parse, analysis }
}

fn dump(name: &str, target: PathBuf) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-rememo"));
    command
        .args(["rememo", "dump", "--all", "--format", "json", "--timings", "--manifest-path"])
        .arg(unpacked(name).join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", target);
    command
}
