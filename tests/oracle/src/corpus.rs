//! The corpus: published crates in fixed versions, brought by cargo, each laid out as a small workspace of its own.
//!
//! `testdata/corpus/Cargo.toml` pins them, `testdata/corpus/corpus.toml` says what each is there for and how it is built.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::Package;
use serde::Deserialize;

use crate::error::OracleError;

/// The list of what is looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corpus {
    /// What is looked at, in the order of the list.
    pub entry: Vec<Entry>,
}

/// A published crate, or several as one workspace.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its name in the table.
    pub name: String,
    /// Packages; the first is what it is named after.
    pub packages: Vec<String>,
    /// What it is there for, in a word or two.
    pub style: String,
    /// For what was written for the oracle: its folder, from that of the list.
    pub folder: Option<PathBuf>,
    /// Set aside while rules are tuned.
    #[serde(default)]
    pub held_out: bool,
    /// Small enough for every run of the tests.
    #[serde(default)]
    pub quick: bool,
    /// Arguments for cargo beside the selection of targets, such as features.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// Test targets to build; `--lib --bins --tests` if nothing is said.
    pub tests: Option<Vec<String>>,
}

/// An entry that lies on the disk.
#[derive(Debug)]
pub struct Laid {
    /// The workspace's folder.
    pub root: PathBuf,
    /// Manifests of its members.
    pub members: Vec<PathBuf>,
}

impl Corpus {
    /// Reads the list of `dir`.
    ///
    /// # Errors
    /// [`OracleError::File`], [`OracleError::List`].
    pub fn read(dir: &Path) -> Result<Corpus, OracleError> {
        let path = dir.join("corpus.toml");
        let text = fs::read_to_string(&path).map_err(OracleError::file(&path))?;
        toml::from_str(&text).map_err(|error| OracleError::List { path, message: error.to_string() })
    }
}

/// Has cargo bring all packages that `dir` pins, and says where it unpacked each.
///
/// # Errors
/// [`OracleError::Cargo`], [`OracleError::Metadata`].
pub fn fetch(dir: &Path) -> Result<BTreeMap<String, PathBuf>, OracleError> {
    let manifest = dir.join("Cargo.toml");
    let host = host()?;
    let mut command = cargo();
    command.args(["fetch", "--locked", "--target", &host, "--manifest-path"]).arg(&manifest);
    run(&mut command)?;
    // Only what this platform needs: elsewhere cargo would download hundreds of packages that nobody reads.
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(&manifest)
        .other_options(
            ["--locked", "--offline", "--filter-platform"]
                .map(str::to_owned)
                .into_iter()
                .chain([host])
                .collect::<Vec<_>>(),
        )
        .exec()?;
    let pins = metadata
        .packages
        .iter()
        .filter(|package| package.name.as_str() == "corpus")
        .flat_map(|package| &package.dependencies);
    let mut found = BTreeMap::new();
    let mut without_library = Vec::new();
    for pin in pins {
        let is_it = |package: &&Package| package.name.as_str() == pin.name && pin.req.matches(&package.version);
        match metadata.packages.iter().find(is_it).and_then(|package| package.manifest_path.parent()) {
            Some(folder) => {
                found.insert(pin.name.clone(), folder.as_std_path().to_owned());
            }
            None => without_library.push(pin),
        }
    }
    // Cargo brings a package that has only binaries, but doesn't tell where to: beside the others.
    let beside = found.values().next().and_then(|folder| folder.parent()).map(Path::to_owned).unwrap_or_default();
    for pin in without_library {
        let version = pin.req.to_string();
        found.insert(pin.name.clone(), beside.join(format!("{}-{}", pin.name, version.trim_start_matches('='))));
    }
    Ok(found)
}

impl Entry {
    /// Copies the entry's packages below `into`, as one workspace in which they find each other. What cargo unpacked stays
    /// unchanged. A copy that is as it should be is kept, so that a second build has nothing to do.
    ///
    /// # Errors
    /// [`OracleError::File`], [`OracleError::List`] for a package that isn't pinned.
    pub fn lay(&self, corpus: &Path, unpacked: &BTreeMap<String, PathBuf>, into: &Path) -> Result<Laid, OracleError> {
        let root = into.join(&self.name);
        let mut members = Vec::new();
        let mut manifest = String::from("[workspace]\nresolver = \"2\"\nmembers = [");
        let mut patch = String::from("\n[patch.crates-io]\n");
        for package in &self.packages {
            let own = self.folder.as_ref().map(|folder| corpus.join(folder));
            let from = own.as_ref().or_else(|| unpacked.get(package)).ok_or_else(|| OracleError::List {
                path: corpus.join("corpus.toml"),
                message: format!("`{package}` isn't pinned by the Cargo.toml beside this list"),
            })?;
            let folder = from.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let to = root.join(&folder);
            // A version never changes once it is published.
            if own.is_some() || !to.join("Cargo.toml").exists() {
                copy(from, &to)?;
            }
            manifest.push_str(&format!("{folder:?}, "));
            patch.push_str(&format!("{package} = {{ path = {folder:?} }}\n"));
            members.push(to.join("Cargo.toml"));
        }
        manifest.push_str("]\n");
        if self.packages.len() > 1 {
            manifest.push_str(&patch);
        }
        write(&root.join("Cargo.toml"), manifest.as_bytes())?;
        // One package's own lock file pins what it was published with; a workspace made here has one of its own.
        let lock = match self.packages.len() {
            1 => members[0].with_file_name("Cargo.lock"),
            _ => corpus.join(format!("{}.lock", self.name)),
        };
        let text = fs::read(&lock).map_err(OracleError::file(&lock))?;
        write(&root.join("Cargo.lock"), &text)?;
        Ok(Laid { root, members })
    }
}

/// Leaves a file alone that is as it should be: its time is what cargo goes by.
fn write(path: &Path, content: &[u8]) -> Result<(), OracleError> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::write(path, content).map_err(OracleError::file(path))
}

fn copy(from: &Path, to: &Path) -> Result<(), OracleError> {
    fs::create_dir_all(to).map_err(OracleError::file(to))?;
    for entry in fs::read_dir(from).map_err(OracleError::file(from))? {
        let entry = entry.map_err(OracleError::file(from))?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            let content = fs::read(entry.path()).map_err(OracleError::file(entry.path()))?;
            write(&target, &content)?;
        }
    }
    Ok(())
}

/// Cargo, as it runs us or as the path has it.
pub fn cargo() -> Command {
    Command::new(rememo_build::cargo())
}

/// Runs a command of cargo to its end.
///
/// # Errors
/// [`OracleError::Cargo`] with all that it printed to stderr.
pub fn run(command: &mut Command) -> Result<String, OracleError> {
    let output = command.output();
    let words = command_words(command);
    let output = output.map_err(|error| OracleError::Cargo { command: words.clone(), stderr: error.to_string() })?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(OracleError::Cargo { command: words, stderr });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn command_words(command: &Command) -> String {
    command.get_args().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn host() -> Result<String, OracleError> {
    let text = run(cargo().arg("-vV"))?;
    Ok(text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned())
}
