//! The analysis, optimized, each in a process of its own: what it takes, in time and in memory.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use rememo_analyzer::project::PackageId;
use rememo_analyzer::source::{Loader as _, NoSummaries, Summaries};
use rememo_analyzer::{Roots, analyze};
use rememo_build::{DiskLoader, DiskSummaries, Features, Subject, TargetCfg};

use crate::functions;
use crate::median;
use crate::workspace::{CACHED, Workspace, edit};

/// The first argument of a process that is to measure one analysis.
pub(crate) const CHILD: &str = "--one-analysis";
/// Of so many runs the one in the middle counts.
const RUNS: usize = 5;

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
        "lines", "MB", "files", "parse", "all", "20 roots", "edit, all", "edit, 20", "MB, all", "MB, 20 roots"
    );
    for workspace in workspaces {
        let edited = workspace.library_file()?;
        let twenty = Task::Roots(evenly(workspace)?);
        let cold = |task: &Task| measured(workspace, task, None);
        let (parse, all, few) = (cold(&Task::Parse)?, cold(&Task::All)?, cold(&twenty)?);
        assert_eq!(few.functions, functions::CACHED, "as many roots as were asked for");
        let warm = |task: &Task| measured(workspace, task, Some(&edited));
        let (all_warm, few_warm) = (warm(&Task::All)?, warm(&twenty)?);
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

/// What a process does.
enum Task {
    /// Parses all files that an analysis reads.
    Parse,
    /// Analyzes with all functions as roots.
    All,
    /// With these.
    Roots(Vec<String>),
}

/// Paths of free functions of the libraries, evenly spaced over all of them.
fn evenly(workspace: &Workspace) -> Result<Vec<String>, Box<dyn Error>> {
    let text = start(workspace, &["names"], "")?;
    let names: Vec<&str> = text.lines().collect();
    let at = |number: usize| names[number * names.len() / functions::CACHED].to_owned();
    Ok((0..functions::CACHED).map(at).collect())
}

/// The middle of several runs: with nothing known before, or with the summaries of a run before a file was edited.
fn measured(workspace: &Workspace, task: &Task, edited: Option<&Path>) -> Result<Figures, Box<dyn Error>> {
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

fn run(workspace: &Workspace, task: &Task, summaries: &str) -> Result<Figures, Box<dyn Error>> {
    let words: Vec<&str> = match task {
        Task::Parse => vec!["parse"],
        Task::All => vec!["all"],
        Task::Roots(roots) => std::iter::once("roots").chain(roots.iter().map(String::as_str)).collect(),
    };
    let text = start(workspace, &words, summaries)?;
    let figures = text.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
    let [ms, peak, rest @ ..] = figures.as_slice() else { return Err("a child prints its figures".into()) };
    let count = |at: usize| rest.get(at).map_or(0, |figure| *figure as usize);
    Ok(Figures { ms: *ms, peak: *peak, files: count(0), lines: count(1), bytes: count(2), functions: count(3) })
}

fn start(workspace: &Workspace, words: &[&str], summaries: &str) -> Result<String, Box<dyn Error>> {
    let manifest = workspace.root.join(CACHED).join("Cargo.toml");
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.arg(CHILD).arg(manifest).arg(summaries).args(words).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// What such a process does: one analysis, or one parse.
pub(crate) fn child(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [manifest, folder, task, roots @ ..] = arguments else { return Err("manifest, folder, task, roots".into()) };
    let manifest = Path::new(manifest);
    let workspace = rememo_build::Workspace::load(&rememo_build::cargo(), manifest)?;
    let cfg = TargetCfg::from_rustc("rustc".as_ref(), None, &[])?;
    let features = Features::Asked { features: Vec::new(), all: false, no_default: false };
    let mut project = workspace.project(&Subject { manifest, cfg: &cfg, features: &features, out_dir: false })?;
    // The workspace as a whole: functions of every library can be asked for.
    project.subjects = (0..project.packages.len()).map(PackageId).collect();
    let loader = DiskLoader::new(workspace.root(), None);
    let known = (!folder.is_empty()).then(|| DiskSummaries::new(Path::new(folder)));
    let summaries: &dyn Summaries = known.as_ref().map_or(&NoSummaries, |known| known);
    let roots = match task.as_str() {
        "roots" | "parse" => Roots::Paths(roots.to_vec()),
        _ => Roots::All,
    };
    let started = Instant::now();
    let analysis = analyze(&project, &loader, &roots, summaries);
    let ms = started.elapsed().as_secs_f64() * 1e3;
    let peak = peak();
    if task == "names" {
        let is_free = |path: &&str| {
            let around = path.rsplit("::").nth(1).unwrap_or_default();
            around.starts_with(char::is_lowercase) && path.chars().all(|c| c.is_alphanumeric() || "_:".contains(c))
        };
        analysis.functions.iter().map(|function| &*function.path).filter(is_free).for_each(|path| println!("{path}"));
        return Ok(());
    }
    let read = analysis.files.iter().filter(|file| file.path.ends_with(".rs") && file.hash.is_some());
    let texts = read.filter_map(|file| String::from_utf8(loader.load(&file.path).ok()?).ok()).collect::<Vec<String>>();
    let parse = Instant::now();
    if task == "parse" {
        for text in &texts {
            std::hint::black_box(syn::parse_file(text).is_ok());
        }
    }
    let ms = if task == "parse" { parse.elapsed().as_secs_f64() * 1e3 } else { ms };
    let lines: usize = texts.iter().map(|text| text.lines().count()).sum();
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{ms} {peak} {} {lines} {bytes} {}", texts.len(), analysis.functions.len());
    Ok(())
}

/// The most memory that this process had, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1e3
}
