//! The hook: from cargo's environment to the table, in one run of a build script.
//!
//! It never fails a build because analysis is hard, never needs the network, and writes nothing outside `OUT_DIR`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use rememo_analyzer::project::Project;
use rememo_analyzer::report::{Analysis, Function};
use rememo_analyzer::{Roots, Watched};
use rememo_table::DIRECTORY;
use sha2::{Digest as _, Sha256};

use crate::cfg::{Features, TargetCfg};
use crate::configuration::{Build, compiler};
use crate::error::ProjectError;
use crate::facts::Facts;
use crate::last::{Last, program};
use crate::loader::DiskLoader;
use crate::metadata::Answers;
use crate::project::Subject;
use crate::replay::{Before, Outcome, Trace};
use crate::rerun;
use crate::summaries::DiskSummaries;
use crate::table::{Table, opaque_reasons, sign};
use crate::undeclared::{self, Undeclared};
use crate::workspace::{Workspace, cargo, normal};

/// How many warnings of one kind are printed; the rest is counted.
const WARNINGS: usize = 5;

/// How an answer of the compiler is called among those of cargo, which are called by manifest.
const RUSTC: &str = "rustc";

/// Where summaries are, in the table's folder.
const SUMMARIES: &str = "summaries";

/// The build hook, with options. [`fingerprint`](crate::fingerprint) is `Hook::new().run()`.
///
/// ```no_run
/// // build.rs
/// fn main() {
///     rememo_build::Hook::new().share_profiles(true).run();
/// }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a hook does nothing until it is run"]
pub struct Hook {
    deny_warnings: bool,
    share_profiles: bool,
    include_opt_level: bool,
    watch_package: Option<bool>,
    verbose: bool,
}

impl Hook {
    /// The hook as [`fingerprint`](crate::fingerprint) runs it.
    pub fn new() -> Hook {
        Hook::default()
    }

    /// Fails the build where the hook would warn. For continuous integration.
    pub fn deny_warnings(mut self, yes: bool) -> Hook {
        self.deny_warnings = yes;
        self
    }

    /// Lets `dev` and `release` builds share results.
    ///
    /// Otherwise `debug_assertions` and overflow checks are part of every fingerprint. Share, if your functions compute the
    /// same in both. A function that asks for `cfg!(debug_assertions)`, itself or in what it reaches, is still told apart.
    pub fn share_profiles(mut self, yes: bool) -> Hook {
        self.share_profiles = yes;
        self
    }

    /// Makes the optimization level part of every fingerprint. For results that depend on it, as floating point with
    /// fused operations may.
    pub fn include_opt_level(mut self, yes: bool) -> Hook {
        self.include_opt_level = yes;
        self
    }

    /// Whether the script is run again when any file of the package changes, as cargo does for a script that prints no rule.
    ///
    /// The hook prints exact rules, and the first rule ends cargo's own. Left alone, the hook watches the whole package only
    /// if `build.rs` does more than call it and nowhere says `rerun-if`. Say `false`, if the libraries that your script calls
    /// print their rules (prost and tonic do).
    pub fn watch_package(mut self, yes: bool) -> Hook {
        self.watch_package = Some(yes);
        self
    }

    /// Says what was read and how long it took; `cargo build -vv` shows it.
    pub fn verbose(mut self, yes: bool) -> Hook {
        self.verbose = yes;
        self
    }

    /// Analyzes the package and writes the table.
    ///
    /// What it can't do it says as a warning of cargo: functions that aren't in the table are computed, not cached.
    pub fn run(self) {
        let started = Instant::now();
        let Some(script) = Script::from_env() else {
            eprintln!("rememo: this is no build script: OUT_DIR or CARGO_MANIFEST_DIR is not set");
            return;
        };
        let trace = Trace::new(script.dir());
        let is_documented = std::env::var_os("DOCS_RS").is_some();
        let by = self.by();
        let summaries = || DiskSummaries::new(&script.dir().join(SUMMARIES));
        let before = if is_documented { Before::Nothing } else { trace.before(&by, &summaries) };
        let answers = match before {
            Before::Again(said) if sign(&script.dir()).is_ok() => {
                print!("{said}");
                if self.verbose {
                    println!("rememo: {:.0?} in all, as nothing changed that the table shows", started.elapsed());
                }
                return;
            }
            Before::Answers(answers) => answers,
            _ => Answers::default(),
        };
        trace.forget();
        let mut warnings = Warnings::default();
        let mut ran = None;
        if is_documented {
            // A documentation build runs nothing: an empty table is enough.
            script.write(&Table::default(), &mut warnings);
        } else {
            ran = self.analyze(&script, answers, &mut warnings).unwrap_or_else(|error| {
                script.write(&Table::default(), &mut warnings);
                warnings.push(format!("nothing is cached in this build, because the package can't be read: {error}"));
                None
            });
        }
        let failed = warnings.are_errors(self.deny_warnings);
        let mut said = ran.as_ref().map(|ran| ran.rules.clone()).unwrap_or_default();
        said.push_str(&warnings.lines(self.deny_warnings));
        // One call: a line each would be a call of the system each.
        print!("{said}");
        if let Some(Ran { facts, answers, watched, sources, loader, .. }) = ran.filter(|_| !failed) {
            trace.keep(Outcome { by: &by, facts, answers, watched, sources: &sources, said: &said }, &loader);
        }
        if self.verbose {
            println!("rememo: {:.0?} in all", started.elapsed());
        }
        if failed {
            std::process::exit(1);
        }
    }

    /// Who runs, and what it is told besides files: what cargo says, and what cargo and its compiler are told. As a digest,
    /// since it is kept on the disk and a variable may hold a registry's token.
    fn by(&self) -> Vec<u8> {
        const NAMES: [&str; 8] = ["HOME", "HOST", "OPT_LEVEL", "OUT_DIR", "PATH", "PROFILE", "TARGET", "USERPROFILE"];
        let tells = |name: &str| {
            NAMES.contains(&name) || ["CARGO", "RUST", "__CARGO"].iter().any(|prefix| name.starts_with(prefix))
        };
        // How many jobs there are, and how cargo draws.
        let is_idle = |name: &str| name == "CARGO_MAKEFLAGS" || name.starts_with("CARGO_TERM_");
        let told =
            std::env::vars_os().filter(|(name, _)| name.to_str().is_none_or(|name| tells(name) && !is_idle(name)));
        let mut told: Vec<Vec<u8>> =
            told.map(|(name, value)| [name.into_encoded_bytes(), value.into_encoded_bytes()].join(&b'=')).collect();
        told.sort_unstable();
        let mut by = program();
        by.extend_from_slice(format!("{self:?}").as_bytes());
        by.extend_from_slice(&told.join(&0));
        Sha256::digest(by).to_vec()
    }

    /// Writes the table, unless the analysis failed; says what cargo must watch.
    fn analyze(
        &self,
        script: &Script,
        mut answers: Answers,
        warnings: &mut Warnings,
    ) -> Result<Option<Ran>, ProjectError> {
        // Two processes of some 20 ms each, side by side.
        let (rustc, said) = (script.rustc.clone(), answers.get(RUSTC).and_then(|said| std::str::from_utf8(said).ok()));
        let said = said.map(str::to_owned);
        let compiler = thread::spawn(move || said.map_or_else(|| compiler(&rustc), Ok));
        let workspace = Workspace::load_with(&cargo(), &script.manifest, &mut answers);
        let compiler = compiler.join().unwrap_or_else(|_| Ok(String::new()));
        let (workspace, compiler) = (workspace?, compiler?);
        answers.keep(RUSTC, compiler.as_bytes());
        workspace.notes().iter().for_each(|note| warnings.push(note.clone()));

        let cfg = TargetCfg::from_env(var);
        let features = Features::from_env(
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))),
        );
        let subject = Subject { manifest: &script.manifest, cfg: &cfg, features: &features, out_dir: true };
        let project = workspace.project(&subject)?;
        let build = self.build(&workspace, &cfg, compiler);
        let loader = DiskLoader::new(workspace.root(), Some(&script.out_dir));
        let summaries = DiskSummaries::new(&script.dir().join(SUMMARIES));

        let undeclared = Undeclared::named(workspace.undeclared(&script.manifest)).unwrap_or_else(|unknown| {
            warnings.push(unknown);
            Undeclared::Warn
        });
        let inputs = undeclared != Undeclared::Allow;
        let started = Instant::now();
        let last = Last::read(&script.dir());
        let analyze = || {
            let (kept, by) = (last.kept.as_deref(), program());
            rememo_analyzer::analyze_since(kept, &by, &project, &loader, &Roots::Cached, &summaries, inputs)
        };
        let mut watched = None;
        let analysis = match catch_unwind(AssertUnwindSafe(analyze)) {
            Ok(renewed) => {
                if self.verbose {
                    let what =
                        if renewed.is_made { "for their analysis" } else { "as the analysis before still holds" };
                    println!("rememo: {} files, {:.0?} {what}", renewed.analysis.files.len(), started.elapsed());
                }
                if let Some(kept) = renewed.kept {
                    last.write(&kept);
                    // What the analysis before used is needed as long as it holds.
                    summaries.prune();
                }
                watched = Some(renewed.watched);
                renewed.analysis
            }
            Err(_) => {
                last.forget();
                warnings.push(
                    "nothing is cached in this build, because the analysis failed; please report it, with the output of `cargo build -vv`".to_owned(),
                );
                Analysis::default()
            }
        };

        let unpinned = unpinned(&workspace, script);
        let folders: Vec<Option<&str>> = project.externals.iter().map(|e| workspace.folder_below(e)).collect();
        let reason = |f: &Function| {
            let unpinned = unpinned.filter(|_| !f.external.is_empty()).map(str::to_owned);
            unpinned.or_else(|| {
                let id = f.external.iter().find(|id| folders[id.0].is_some())?;
                let (user, folder) = (&project.externals[id.0].name, folders[id.0]?);
                Some(format!("{user} uses {folder}, which a folder stands in for: its edits can't be seen from here"))
            })
        };
        let table = Table::new(&project, &analysis, &build, &loader, &reason);
        let is_written = script.write(&table, warnings);
        warn_of_analysis(&analysis, &reason, warnings);
        let inputs = undeclared::lines(&analysis);
        if undeclared == Undeclared::Deny {
            warnings.errors = capped(inputs, "cargo rememo check");
        } else {
            warnings.extend_capped(inputs, "cargo rememo check");
        }
        // What isn't there is looked at before anybody asks what to watch in its place.
        let programs = [cargo(), script.rustc.clone()].map(PathBuf::from);
        let mut facts = Facts::of(&workspace, &script.manifest, &programs);
        let mut rules = String::new();
        if !analysis.files.is_empty() {
            // Without a rule, cargo watches the whole package.
            rules = self.rules(script, &workspace, &project, &analysis, &loader, &mut facts);
        }
        table.written(&script.dir()).iter().for_each(|path| facts.add_written(path));
        // Of a cargo without a path nobody can tell whether it is the same one; the compiler is that of this program.
        let watched = watched.filter(|_| is_written && Path::new(&cargo()).is_absolute());
        Ok(watched.map(|watched| Ran { facts, answers, watched, sources: table.sources().to_owned(), loader, rules }))
    }

    fn build(&self, workspace: &Workspace, cfg: &TargetCfg, compiler: String) -> Build {
        let flags = var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
        Build {
            target: var("TARGET").unwrap_or_default(),
            target_features: cfg.target_features(),
            rustflags: flags.split('\u{1f}').filter(|f| !f.is_empty()).map(str::to_owned).collect(),
            compiler,
            profile: var("PROFILE").unwrap_or_default(),
            profile_overrides: workspace.profile_overrides().to_owned(),
            opt_level: self.include_opt_level.then(|| var("OPT_LEVEL").unwrap_or_default()),
            share_profiles: self.share_profiles,
        }
    }

    /// What cargo must watch, a line each.
    fn rules(
        &self,
        script: &Script,
        workspace: &Workspace,
        project: &Project,
        analysis: &Analysis,
        loader: &DiskLoader,
        facts: &mut Facts,
    ) -> String {
        let (dir, out_dir) = (script.manifest_dir(), &script.out_dir);
        let mut rules = rerun::watched(workspace, analysis, loader, dir, out_dir);
        let wide = self.watch_package.unwrap_or_else(|| {
            let source = workspace.build_script(&script.manifest).and_then(|path| std::fs::read_to_string(path).ok());
            !source.is_some_and(|text| rerun::script_has_rules(&text))
        });
        if wide {
            facts.add_folder(dir);
            rules.extend(rerun::whole_package(workspace, dir, out_dir));
        }
        if self.verbose {
            println!("rememo: {} packages, {} paths watched", project.packages.len(), rules.len());
        }
        rules.iter().map(|rule| format!("cargo::rerun-if-changed={rule}\n")).collect()
    }
}

/// What came of an analysis, for the next run.
struct Ran {
    facts: Facts,
    answers: Answers,
    watched: Vec<Watched>,
    sources: String,
    loader: DiskLoader,
    rules: String,
}

/// The build script that we are part of.
struct Script {
    manifest: PathBuf,
    out_dir: PathBuf,
    rustc: OsString,
}

impl Script {
    fn from_env() -> Option<Script> {
        Some(Script {
            manifest: PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?).join("Cargo.toml"),
            out_dir: PathBuf::from(std::env::var_os("OUT_DIR")?),
            rustc: std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()),
        })
    }

    fn manifest_dir(&self) -> &Path {
        self.manifest.parent().unwrap_or(Path::new(""))
    }

    fn dir(&self) -> PathBuf {
        self.out_dir.join(DIRECTORY)
    }

    /// Says whether the table is there.
    fn write(&self, table: &Table, warnings: &mut Warnings) -> bool {
        let written = table.write(&self.dir());
        if let Err(error) = &written {
            warnings.push(format!("the table can't be written to {}: {error}", self.dir().display()));
        }
        written.is_ok()
    }
}

/// Why the versions of dependencies can't be told from the lock file, if so.
///
/// A package that is compiled as somebody's dependency is resolved by the lock file of that somebody, which no build
/// script is told of.
fn unpinned(workspace: &Workspace, script: &Script) -> Option<&'static str> {
    let dir = script.manifest_dir();
    let downloaded = dir.ancestors().take_while(|a| a.starts_with(workspace.root()));
    let mut marks = downloaded.flat_map(|a| [a.join(".cargo-ok"), a.join(".cargo-checksum.json")]);
    if marks.any(|mark| mark.exists()) {
        return Some("compiled as a dependency: the versions of the packages that it uses itself can't be seen");
    }
    if !workspace.has_lock() {
        return Some("there is no Cargo.lock: the versions of the packages that it uses can't be seen");
    }
    let out_dir = script.out_dir.canonicalize().unwrap_or_else(|_| script.out_dir.clone());
    let ours = workspace.output.iter().any(|o| out_dir.starts_with(o.canonicalize().as_deref().unwrap_or(o)));
    // Cargo was told a relative folder, and was started elsewhere than we are.
    let told = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"].into_iter().filter_map(var);
    let mut relative = told.map(PathBuf::from).filter(|dir| dir.is_relative());
    let ours = ours || relative.any(|dir| out_dir.ancestors().any(|a| a.ends_with(normal(&dir))));
    (!ours).then_some(
        "built into a folder that isn't this workspace's: another Cargo.lock may rule \
         (set CARGO_TARGET_DIR or build.target-dir instead of --target-dir)",
    )
}

fn warn_of_analysis(analysis: &Analysis, reason: &dyn Fn(&Function) -> Option<String>, warnings: &mut Warnings) {
    let mut problems = BTreeSet::new();
    for problem in &analysis.problems {
        let line = if problem.line == 0 { String::new() } else { format!(":{}", problem.line) };
        problems.insert(format!("{}{line}: {}", problem.file, problem.message));
    }
    warnings.extend_capped(problems, "cargo rememo dump");
    let refused = analysis.functions.iter().flat_map(|function| &function.refused).map(|refusal| {
        let at = if refusal.at.is_empty() { String::new() } else { format!("{}: ", refusal.at) };
        format!("{at}{}; until then it is computed at every call", refusal.why)
    });
    warnings.extend_capped(refused, "cargo rememo dump");
    // One line for all functions of one reason: being opaque costs recomputing, never a wrong result.
    let mut opaque: Vec<(String, Vec<&str>)> = Vec::new();
    for function in analysis.functions.iter().filter(|f| f.cached) {
        let Some(first) = opaque_reasons(function, reason(function)).into_iter().next() else { continue };
        match opaque.iter_mut().find(|(reason, _)| *reason == first) {
            Some((_, functions)) => functions.push(&function.path),
            None => opaque.push((first, vec![&function.path])),
        }
    }
    let opaque = opaque.into_iter().map(|(reason, functions)| {
        let more = match functions.len() - 1 {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        format!(
            "{}{more}: recomputed after every rebuild that changes the program, because no source pins it: {reason} \
             (`cargo rememo tree` shows how it is reached)",
            functions[0]
        )
    });
    warnings.extend_capped(opaque, "cargo rememo dump");
}

/// What the user is told at the end of the run.
#[derive(Debug, Default)]
struct Warnings {
    list: Vec<String>,
    /// These fail the build.
    errors: Vec<String>,
}

impl Warnings {
    fn push(&mut self, warning: String) {
        if !self.list.contains(&warning) {
            self.list.push(warning);
        }
    }

    fn extend_capped(&mut self, warnings: impl IntoIterator<Item = String>, all: &str) {
        capped(warnings.into_iter().collect(), all).into_iter().for_each(|w| self.push(w));
    }

    /// Whether the build must fail.
    fn are_errors(&self, deny: bool) -> bool {
        deny && !self.list.is_empty() || !self.errors.is_empty()
    }

    /// All of them, as cargo takes them.
    fn lines(&self, deny: bool) -> String {
        let kind = if deny { "error" } else { "warning" };
        let errors = self.errors.iter().map(|error| ("error", error));
        let all = self.list.iter().map(|warning| (kind, warning)).chain(errors);
        // A line is all that cargo takes.
        let line = |said: &String| said.split_whitespace().collect::<Vec<_>>().join(" ");
        all.map(|(kind, said)| format!("cargo::{kind}=rememo: {}\n", line(said))).collect()
    }
}

/// The first lines, and where the others are listed.
fn capped(mut lines: Vec<String>, all: &str) -> Vec<String> {
    let more = lines.len().saturating_sub(WARNINGS);
    lines.truncate(WARNINGS);
    if more > 0 {
        lines.push(format!("and {more} more; `{all}` lists all"));
    }
    lines
}

fn var(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
