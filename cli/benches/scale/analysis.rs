//! The analysis, optimized, each in a process of its own: what it takes, in time and in memory.

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use rememo_analyzer::report::Analysis;
use rememo_analyzer::source::{Digest, Loader as _, NoSummaries, Summaries};
use rememo_analyzer::{Roots, analyze};
use rememo_build::{DiskLoader, DiskSummaries, Features, Subject, TargetCfg};

use crate::functions;
use crate::median;
use crate::workspace::{CACHED, Workspace, edit};

/// The first argument of a process that is to measure one analysis.
pub(crate) const CHILD: &str = "--one-analysis";
/// Of so many runs the one in the middle counts.
const RUNS: usize = 3;

/// What one process says.
#[derive(Debug, Default)]
struct Figures {
    ms: f64,
    /// The most memory, in MB; 0 where the system doesn't tell.
    peak: f64,
    files: usize,
    lines: usize,
    bytes: usize,
    functions: usize,
}

/// Measures and prints all workspaces.
pub(crate) fn print(workspaces: &[Workspace]) -> Result<(), Box<dyn Error>> {
    println!(
        "The analysis, optimized: ms, and times `syn::parse_file` over the same files; memory: MB, and times the sources."
    );
    println!(
        "{:>7} {:>6} {:>6} {:>9} {:>15} {:>15} {:>15} {:>15} {:>14} {:>14}",
        "lines", "MB", "files", "parse", "all", "20 cached", "edit, all", "edit, 20", "MB, all", "MB, 20 cached"
    );
    for workspace in workspaces {
        let edited = workspace.library_file()?;
        let cold = |task: &str| measured(workspace, task, None);
        let (parse, all, few) = (cold("parse")?, cold("all")?, cold("cached")?);
        assert_eq!(few.functions, functions::CACHED, "as many roots as are cached");
        let warm = |task: &str| measured(workspace, task, Some(&edited));
        let (all_warm, few_warm) = (warm("all")?, warm("cached")?);
        let size = all.bytes as f64 / 1e6;
        print!("{:>7} {size:>6.2} {:>6} {:>9.1}", all.lines, all.files, parse.ms);
        for figures in [&all, &few, &all_warm, &few_warm] {
            print!(" {:>9.1} {:>5.2}", figures.ms, figures.ms / parse.ms);
        }
        for figures in [&all, &few] {
            print!(" {:>8.1} {:>5.1}", figures.peak, figures.peak / size);
        }
        println!();
    }
    println!();
    Ok(())
}

/// The middle of several runs: with nothing known before, or with the summaries of a run before a file was edited.
fn measured(workspace: &Workspace, task: &str, edited: Option<&Path>) -> Result<Figures, Box<dyn Error>> {
    let summaries = tempfile::tempdir()?;
    let folder = edited.map(|_| summaries.path().to_string_lossy().into_owned()).unwrap_or_default();
    if edited.is_some() {
        run(workspace, task, &folder)?;
    }
    let mut runs = Vec::new();
    for number in 0..RUNS {
        if let Some(file) = edited {
            edit(file, number)?;
        }
        runs.push(run(workspace, task, &folder)?);
    }
    let ms = median(runs.iter().map(|run| run.ms).collect());
    let peak = median(runs.iter().map(|run| run.peak).collect());
    Ok(Figures { ms, peak, ..runs.pop().unwrap_or_default() })
}

fn run(workspace: &Workspace, task: &str, summaries: &str) -> Result<Figures, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.arg(CHILD).arg(&workspace.root).arg(summaries).arg(task).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8(output.stdout)?;
    let figures = text.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    let [ms, peak, rest @ ..] = figures.as_slice() else { return Err("a child prints its figures".into()) };
    let count = |at: usize| rest.get(at).map_or(0, |figure| *figure as usize);
    Ok(Figures { ms: *ms, peak: *peak, files: count(0), lines: count(1), bytes: count(2), functions: count(3) })
}

/// What such a process does: it parses all files; or analyzes every member with all functions as roots, one after the other as
/// `cargo rememo dump --all` does; or one member with its cached functions as roots, as the hook does.
pub(crate) fn child(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [root, folder, task] = arguments else { return Err("workspace, summaries, task".into()) };
    let cached = Path::new(root).join(CACHED).join("Cargo.toml");
    let workspace = rememo_build::Workspace::load(&rememo_build::cargo(), &cached)?;
    let cfg = TargetCfg::from_rustc("rustc".as_ref(), None, &[])?;
    let features = Features::Asked { features: Vec::new(), all: false, no_default: false };
    let project =
        |manifest: &Path| workspace.project(&Subject { manifest, cfg: &cfg, features: &features, out_dir: false });
    let (mut projects, roots) = (vec![project(&cached)?], if task == "all" { Roots::All } else { Roots::Cached });
    if task == "all" {
        for entry in std::fs::read_dir(Path::new(root).join("crates"))? {
            projects.push(project(&entry?.path().join("Cargo.toml"))?);
        }
    }
    let loader = DiskLoader::new(workspace.root(), None);
    let known: Box<dyn Summaries> = match folder.as_str() {
        "" if task == "all" => Box::new(Kept::default()),
        "" => Box::new(NoSummaries),
        folder => Box::new(DiskSummaries::new(Path::new(folder))),
    };
    let started = Instant::now();
    let analyses: Vec<Analysis> = projects.iter().map(|project| analyze(project, &loader, &roots, &*known)).collect();
    let ms = started.elapsed().as_secs_f64() * 1e3;
    let peak = peak();
    let files = analyses.iter().flat_map(|analysis| &analysis.files).filter(|file| file.hash.is_some());
    let files: BTreeSet<&str> = files.map(|file| file.path.as_str()).filter(|path| path.ends_with(".rs")).collect();
    let texts: Vec<String> =
        files.into_iter().filter_map(|path| String::from_utf8(loader.load(path).ok()?).ok()).collect();
    let parse = Instant::now();
    if task == "parse" {
        for text in &texts {
            std::hint::black_box(syn::parse_file(text).is_ok());
        }
    }
    let ms = if task == "parse" { parse.elapsed().as_secs_f64() * 1e3 } else { ms };
    let lines: usize = texts.iter().map(|text| text.lines().count()).sum();
    let bytes: usize = texts.iter().map(String::len).sum();
    let functions: usize = analyses.iter().map(|analysis| analysis.functions.len()).sum();
    println!("{ms} {peak} {} {lines} {bytes} {functions}", texts.len());
    Ok(())
}

/// Summaries that the analyses of one process share, as the command line's do.
#[derive(Default)]
struct Kept(Mutex<HashMap<Digest, Vec<u8>>>);

impl Summaries for Kept {
    fn get(&self, key: &Digest) -> Option<Vec<u8>> {
        self.0.lock().ok()?.get(key).cloned()
    }

    fn put(&self, key: &Digest, summary: &[u8]) {
        if let Ok(mut kept) = self.0.lock() {
            kept.insert(*key, summary.to_vec());
        }
    }
}

/// The most memory that this process had, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1e3
}
