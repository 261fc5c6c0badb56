//! Fuzzing: arbitrary and mutated sources, each analyzed in a child process, so that a panic, an overflow of the stack and a
//! hang are seen from outside.

mod generate;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use rememo_analyzer::project::{Cfg, Package, PackageId, Project, Target, TargetKind};
use rememo_analyzer::source::NoSummaries;
use rememo_analyzer::{Roots, analyze_with_inputs};

use crate::error::ProofError;
use crate::random::Random;
use generate::{Case, Seeds};

/// How long, with what, and where findings go.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// How many minutes to run.
    #[arg(long, default_value_t = 10.0)]
    pub minutes: f64,
    /// What the cases come from: another number gives other cases.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many children to run at once.
    #[arg(long, default_value_t = 2)]
    pub children: usize,
    /// A case that takes longer than this hangs.
    #[arg(long, default_value_t = 30)]
    pub seconds: u64,
    /// Folders whose `.rs` files are mutated.
    #[arg(long)]
    pub sources: Vec<PathBuf>,
    /// Where cases lie while they run, and those that broke the analysis afterwards.
    #[arg(long, default_value = "target/fuzz")]
    pub dir: PathBuf,
    /// Analyzes the cases of this seed until it is stopped: what the children do.
    #[arg(long, hide = true)]
    pub child: Option<u64>,
    /// Analyzes one case that was kept.
    #[arg(long)]
    pub replay: Option<PathBuf>,
}

/// What a run says.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Cases that were analyzed.
    pub cases: usize,
    /// Of those, such whose every file parses.
    pub parsed: usize,
    /// The longest that one took.
    pub slowest: Duration,
    /// Files with cases that broke the analysis.
    pub findings: Vec<PathBuf>,
}

/// Does a child's part, if this process is one.
///
/// # Errors
/// [`ProofError::System`].
pub fn in_place_of_child(options: &Options) -> Result<Option<ExitCode>, ProofError> {
    if let Some(file) = &options.replay {
        let text = fs::read(file).map_err(ProofError::system(file.display().to_string()))?;
        let started = Instant::now();
        analyze(&Case::read(&text));
        println!("{} ms", started.elapsed().as_millis());
        return Ok(Some(ExitCode::SUCCESS));
    }
    let Some(number) = options.child else { return Ok(None) };
    // What this program itself does with a case recurses too.
    let looking = std::thread::Builder::new().stack_size(512 << 20);
    std::thread::scope(|scope| match looking.spawn_scoped(scope, || child(options, number)) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)).map(Some),
        Err(error) => Err(ProofError::system("a thread")(error)),
    })
}

/// Analyzes case after case, and says so after each.
fn child(options: &Options, number: u64) -> Result<ExitCode, ProofError> {
    let seeds = Seeds::read(&options.sources)?;
    let current = current(&options.dir, number);
    let mut random = Random::new(number);
    let mut out = std::io::stdout().lock();
    loop {
        let case = generate::case(&seeds, &mut random);
        fs::write(&current, case.text()).map_err(ProofError::system(current.display().to_string()))?;
        let started = Instant::now();
        analyze(&case);
        let line = format!("{} {}\n", started.elapsed().as_millis(), u8::from(case.parses()));
        // The parent is gone: so is the reason to go on.
        if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

fn current(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("case-{number}.rs"))
}

/// Runs children until the time is over.
///
/// # Errors
/// [`ProofError::System`].
pub fn run(options: &Options, program: &Path) -> Result<Outcome, ProofError> {
    fs::create_dir_all(&options.dir).map_err(ProofError::system(options.dir.display().to_string()))?;
    let until = Instant::now() + Duration::from_secs_f64(options.minutes * 60.0);
    let results: Vec<Result<Outcome, ProofError>> = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..options.children.max(1))
            .map(|lane| scope.spawn(move || run_lane(options, program, lane as u64, until)))
            .collect();
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    let mut all = Outcome::default();
    for result in results {
        let outcome = result?;
        all.cases += outcome.cases;
        all.parsed += outcome.parsed;
        all.slowest = all.slowest.max(outcome.slowest);
        all.findings.extend(outcome.findings);
    }
    Ok(all)
}

/// One child after the other: a new one where the last one broke.
fn run_lane(options: &Options, program: &Path, lane: u64, until: Instant) -> Result<Outcome, ProofError> {
    let mut outcome = Outcome::default();
    let mut number = options.seed.wrapping_mul(1_000_000) + lane * 10_000;
    while Instant::now() < until {
        number += 1;
        let mut command = Command::new(program);
        command.arg("fuzz").arg("--child").arg(number.to_string()).arg("--dir").arg(&options.dir);
        for folder in &options.sources {
            command.arg("--sources").arg(folder);
        }
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(ProofError::system(program.display().to_string()))?;
        let broken = watch(&mut child, options, until, &mut outcome);
        // It may be gone already.
        let _ = child.kill();
        let status = child.wait().map_err(ProofError::system(program.display().to_string()))?;
        let current = current(&options.dir, number);
        if let Some(how) = broken {
            let kept = options.dir.join(format!("found-{number}-{how}.rs"));
            fs::rename(&current, &kept).map_err(ProofError::system(current.display().to_string()))?;
            eprintln!("{how} ({status}): {}", kept.display());
            outcome.findings.push(kept);
        } else {
            let _ = fs::remove_file(current);
        }
    }
    Ok(outcome)
}

/// Reads a child's lines until the time is over, or it says nothing more: then how it broke.
fn watch(child: &mut Child, options: &Options, until: Instant, outcome: &mut Outcome) -> Option<&'static str> {
    let (send, receive) = mpsc::channel();
    let stdout = child.stdout.take()?;
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    loop {
        match receive.recv_timeout(Duration::from_secs(options.seconds)) {
            Ok(line) => {
                let (millis, parsed) = line.split_once(' ').unwrap_or((&line, "0"));
                outcome.cases += 1;
                outcome.parsed += usize::from(parsed == "1");
                outcome.slowest = outcome.slowest.max(Duration::from_millis(millis.parse().unwrap_or_default()));
            }
            Err(RecvTimeoutError::Timeout) => return Some("hang"),
            Err(RecvTimeoutError::Disconnected) => return Some("crash"),
        }
        if Instant::now() >= until {
            return None;
        }
    }
}

fn analyze(case: &Case) {
    let target = Target { kind: TargetKind::Lib, name: "fuzzed".into(), root: "src/lib.rs".into(), edition: None };
    let mut cfg = Cfg::default();
    cfg.names.insert("unix".into(), true);
    cfg.values.insert("feature".into(), vec!["std".into()]);
    let package = Package {
        name: "fuzzed".into(),
        version: "1.0.0".into(),
        edition: case.edition,
        targets: vec![target],
        cfg,
        answered_by_compiler: true,
        external: None,
        ..Package::default()
    };
    let project = Project { packages: vec![package], subjects: vec![PackageId(0)], ..Project::default() };
    // What it says of nonsense is nobody's concern: that it ends is.
    let _ = analyze_with_inputs(&project, case, &Roots::All, &NoSummaries);
}
