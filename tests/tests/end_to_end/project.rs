//! A copy of a small program from `testdata/end-to-end`, built and run by the real cargo.
//!
//! Nothing here asks rememo what it did: a cached function's body prints that it runs, and `main` prints what came back.
//! All copies share one target folder, so that the packages they depend on are compiled once.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// Replaced by this repository in the manifests of fixtures.
const REPOSITORY: &str = "@REMEMO@";

/// Replaced by this repository's version.
const RELEASE: &str = "@RELEASE@";

/// The version in the manifests of fixtures, replaced by one that no other copy has: in a shared target folder cargo takes
/// two packages of one name and version for one, wherever they are.
const VERSION: &str = "version = \"0.1.0\"";

/// Programs of one name are put in one place, so building and running go together. Cargo would wait in any case.
static CARGO: Mutex<()> = Mutex::new(());

pub(crate) fn alone() -> MutexGuard<'static, ()> {
    CARGO.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the repository")
}

/// Where all copies are built.
pub(crate) fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("end-to-end")
}

/// The cargo that runs this test, in a clean environment.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What the tests are run with isn't what they are about.
    const KEPT: [&str; 3] = ["CARGO", "CARGO_HOME", "CARGO_NET_OFFLINE"];
    for (name, _) in std::env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let ours = ["CARGO", "REMEMO", "RUSTFLAGS", "RUSTDOCFLAGS", "RUSTC_W", "OUT_DIR"];
        if ours.iter().any(|start| text.starts_with(start)) && !KEPT.contains(&text) {
            command.env_remove(&name);
        }
    }
    command
        .env("CARGO_TARGET_DIR", target_dir())
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        // Release matters here for what it switches off, not for its speed.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    command
}

/// A copy of a fixture, in a folder of its own, with a cache directory of its own.
pub(crate) struct Project {
    dir: TempDir,
    version: String,
}

impl Project {
    /// A copy of `testdata/end-to-end/<fixture>`.
    pub(crate) fn new(fixture: &str) -> Project {
        let project = Project::empty();
        copy(&repository().join("testdata/end-to-end").join(fixture), &project.root(), &|text| project.filled(text));
        // The versions that this repository uses: they are in cargo's cache.
        fs::copy(repository().join("Cargo.lock"), project.path("Cargo.lock")).expect("a lock file");
        project
    }

    /// A folder with nothing in it.
    pub(crate) fn empty() -> Project {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let version = format!("0.1.{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let project = Project { dir: tempfile::tempdir().expect("a temporary folder"), version };
        fs::create_dir(project.root()).expect("a new folder");
        project
    }

    /// The folder that cargo is started in.
    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().expect("a temporary folder").join("project")
    }

    /// A file of the project.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The cache directory.
    pub(crate) fn cache(&self) -> PathBuf {
        self.root().with_file_name("cache")
    }

    /// The version that this copy's packages have.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Text of a fixture with its placeholders filled in.
    pub(crate) fn filled(&self, text: &str) -> String {
        let repository = repository().display().to_string().replace('\\', "/");
        let text = text.replace(REPOSITORY, &repository).replace(RELEASE, env!("CARGO_PKG_VERSION"));
        text.replace(VERSION, &format!("version = \"{}\"", self.version))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }

    /// Replaces text that must be there.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).expect("a file of the project");
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    /// Cargo, started in the project.
    pub(crate) fn cargo<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = cargo();
        command.args(arguments).current_dir(self.root()).env("REMEMO_DIR", self.cache());
        command
    }

    /// `cargo run`: what the program did.
    pub(crate) fn run(&self) -> Vec<String> {
        self.run_with(&[], &[])
    }

    /// `cargo run` with arguments and variables: what the program did.
    pub(crate) fn run_with(&self, arguments: &[&str], env: &[(&str, &str)]) -> Vec<String> {
        self.cargo_prints(&[&["run", "--quiet"], arguments].concat(), env)
    }

    /// Any cargo command that runs programs: what they did.
    pub(crate) fn cargo_prints(&self, arguments: &[&str], env: &[(&str, &str)]) -> Vec<String> {
        let _alone = alone();
        prints(&succeeds(self.cargo(arguments).envs(env.iter().copied())))
    }

    /// A program that was built: what it does.
    pub(crate) fn program(&self, name: &str) -> Command {
        let name = format!("debug/{name}{}", std::env::consts::EXE_SUFFIX);
        let mut command = Command::new(target_dir().join(name));
        command.current_dir(self.root()).env_remove("REMEMO").env("REMEMO_DIR", self.cache());
        command
    }
}

/// Runs a command that must succeed.
pub(crate) fn succeeds(command: &mut Command) -> Output {
    let output = command.output().expect("a program that starts");
    let shown = || format!("{command:?}\n{}{}", text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{}", shown());
    output
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a program printed, as `NAME = VALUE (computed)` or `NAME = VALUE (hit)`.
///
/// A function's body prints `NAME: computed`; `main` prints `NAME = VALUE`. Other lines don't count.
pub(crate) fn prints(output: &Output) -> Vec<String> {
    let mut computed = BTreeSet::new();
    let mut results = Vec::new();
    for line in text(&output.stdout).lines() {
        if let Some(name) = line.strip_suffix(": computed") {
            assert!(computed.insert(name.to_owned()), "{name} was computed twice for one result");
        } else if let Some((name, value)) = line.split_once(" = ") {
            let how = if computed.remove(name) { "computed" } else { "hit" };
            results.push(format!("{name} = {value} ({how})"));
        }
    }
    assert!(computed.is_empty(), "computed and not shown: {computed:?}");
    results
}

/// Copies a folder; text goes through `fill`. The files are new, also where a copy would keep its time: cargo goes by it.
fn copy(from: &Path, to: &Path, fill: &dyn Fn(&str) -> String) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("an entry of a folder");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target, fill);
            continue;
        }
        let content = fs::read(entry.path()).expect("a file of the fixture");
        match (entry.path().extension().and_then(OsStr::to_str), std::str::from_utf8(&content)) {
            (Some("toml"), Ok(text)) => fs::write(target, fill(text)),
            _ => fs::write(target, content),
        }
        .expect("a new file");
    }
}
