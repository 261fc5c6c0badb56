//! Workspaces made of published crates: each crate a member, as it was published but for its manifest.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml::{Table, Value};

use crate::{functions, registry};

/// Thousands of lines, and the crates that have about as many.
pub(crate) const SIZES: [(usize, &[&str]); 3] = [
    (10, &["csv"]),
    (100, &["csv", "itertools", "petgraph", "serde_json", "minijinja"]),
    (
        300,
        &[
            "csv",
            "itertools",
            "petgraph",
            "serde_json",
            "minijinja",
            "clap_builder",
            "chrono",
            "winnow",
            "taffy",
            "num-bigint",
            "regex-syntax",
        ],
    ),
];

const VERSIONS: [(&str, &str); 11] = [
    ("csv", "1.4.0"),
    ("itertools", "0.15.0"),
    ("petgraph", "0.8.3"),
    ("serde_json", "1.0.154"),
    ("minijinja", "3.0.5"),
    ("clap_builder", "4.6.7"),
    ("chrono", "0.4.45"),
    ("winnow", "1.0.5"),
    ("taffy", "0.15.1"),
    ("num-bigint", "0.4.8"),
    ("regex-syntax", "0.8.11"),
];

/// The package whose functions are cached.
pub(crate) const CACHED: &str = "with-rememo";
/// The same functions, not cached.
pub(crate) const PLAIN: &str = "without";

/// A workspace on the disk.
pub(crate) struct Workspace {
    /// Thousands of lines, about.
    pub(crate) size: usize,
    pub(crate) root: PathBuf,
    /// Folders of the published crates.
    pub(crate) libraries: Vec<PathBuf>,
}

impl Workspace {
    /// Lays a workspace out anew; what was built in it is kept.
    pub(crate) fn lay(size: usize, crates: &[&str]) -> Result<Workspace, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scale-{size}"));
        for folder in ["crates", CACHED, PLAIN] {
            if root.join(folder).exists() {
                fs::remove_dir_all(root.join(folder))?;
            }
        }
        let fetched = registry::fetch("scale", &VERSIONS);
        let mut libraries = Vec::new();
        let mut dependencies = String::from("\n[dependencies]\n");
        for name in crates {
            let into = root.join("crates").join(name);
            let from = fetched.get(*name).ok_or_else(|| format!("{name} was not fetched"))?;
            // Libraries include examples and pages in their documentation.
            copy(from, &into)?;
            fs::write(into.join("Cargo.toml"), manifest(&fs::read_to_string(from.join("Cargo.toml"))?)?)?;
            dependencies.push_str(&format!("{name} = {{ path = \"../crates/{name}\" }}\n"));
            libraries.push(into);
        }
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
        let rememo = published(&repository, &root.join("published"))?;
        let hook = format!("rememo = {{ {rememo} }}\n\n[build-dependencies]\nrememo-build = {{ {rememo} }}\n");
        package(&root.join(PLAIN), PLAIN, &dependencies, &functions::library(crates, ""))?;
        let cached = functions::library(crates, "#[rememo::cached]\n");
        package(&root.join(CACHED), CACHED, &(dependencies + &hook), &cached)?;
        let took = root.join(TOOK);
        fs::write(
            root.join(CACHED).join("build.rs"),
            format!(
                "fn main() {{
    let started = std::time::Instant::now();
    rememo_build::Hook::new().watch_package(false).run();
    let took = started.elapsed().as_secs_f64() * 1e3;
    let _ = std::fs::write({took:?}, took.to_string());
}}
"
            ),
        )?;
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"{CACHED}\", \"{PLAIN}\", \"crates/*\"]\nexclude = [\"target\", \"published\"]\n"
        );
        fs::write(root.join("Cargo.toml"), manifest)?;
        // The versions that this repository uses, as far as it uses them.
        fs::copy(repository.join("Cargo.lock"), root.join("Cargo.lock"))?;
        Ok(Workspace { size, root, libraries })
    }

    /// The file of a library that an edit is made in: of the crate in the middle, the file of middling length.
    pub(crate) fn library_file(&self) -> Result<PathBuf, Box<dyn Error>> {
        let mut files = self.files_in_the_middle()?;
        Ok(files.swap_remove(files.len() / 2).1)
    }

    /// The longest file of that crate, which some function reaches for sure.
    pub(crate) fn largest_file(&self) -> Result<PathBuf, Box<dyn Error>> {
        Ok(self.files_in_the_middle()?.pop().ok_or("a crate without files")?.1)
    }

    fn files_in_the_middle(&self) -> Result<Vec<(u64, PathBuf)>, Box<dyn Error>> {
        let mut files = Vec::new();
        sources(&self.libraries[self.libraries.len() / 2].join("src"), &mut files)?;
        files.sort();
        Ok(files)
    }

    /// How long the last hook took, in ms; it forgets.
    pub(crate) fn hook_took(&self) -> Result<f64, Box<dyn Error>> {
        let text = fs::read_to_string(self.root.join(TOOK))?;
        fs::remove_file(self.root.join(TOOK))?;
        Ok(text.parse()?)
    }
}

/// Where the build script notes how long the hook took.
const TOOK: &str = "hook-took";

/// Another text of a file: its own and one more function.
pub(crate) fn edit(path: &Path, number: usize) -> std::io::Result<()> {
    let mark = "\n// The edit.\n";
    let text = fs::read_to_string(path)?;
    let own = text.split(mark).next().unwrap_or_default();
    fs::write(path, format!("{own}{mark}#[allow(dead_code)]\nfn edited() -> usize {{\n    {number}\n}}\n"))
}

/// Puts what users link into a git repository and says how a manifest asks for it: what is published counts by its version.
fn published(repository: &Path, dir: &Path) -> Result<String, Box<dyn Error>> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    let manifest = fs::read_to_string(repository.join("Cargo.toml"))?;
    let (before, rest) = manifest.split_once("members = [").ok_or("members")?;
    let (_, after) = rest.split_once(']').ok_or("the end of members")?;
    let mut members = Vec::new();
    for member in ["analyzer", "build-support", "build-support/table", "runtime", "runtime/macros"] {
        copy(&repository.join(member).join("src"), &dir.join(member).join("src"))?;
        let text = fs::read_to_string(repository.join(member).join("Cargo.toml"))?;
        let library = text.split("[[").next().unwrap_or_default();
        let library = library.split("[dev-dependencies]").next().unwrap_or_default();
        fs::write(dir.join(member).join("Cargo.toml"), library)?;
        members.push(format!("{member:?}"));
    }
    let readme = repository.join("README.md");
    fs::copy(&readme, dir.join("README.md"))?;
    fs::write(dir.join("Cargo.toml"), format!("{before}members = [{}]{after}", members.join(", ")))?;
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "--all"],
        &["-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "--message", "All"],
    ] {
        let mut command = Command::new("git");
        // The same files are the same commit, so that a second run compiles nothing again.
        command.env("GIT_AUTHOR_DATE", "2000-01-01T00:00:00Z").env("GIT_COMMITTER_DATE", "2000-01-01T00:00:00Z");
        let output = command.args(arguments).current_dir(dir).output()?;
        if !output.status.success() {
            return Err(format!("git: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
    }
    Ok(format!("git = \"file://{}\"", dir.display()))
}

fn package(dir: &Path, name: &str, dependencies: &str, library: &str) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(dir.join("src"))?;
    let head = format!("[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n");
    fs::write(dir.join("Cargo.toml"), head + dependencies)?;
    fs::write(dir.join("src/lib.rs"), library)?;
    Ok(fs::write(dir.join("src/helpers.rs"), functions::HELPERS)?)
}

fn copy(from: &Path, to: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

fn sources(dir: &Path, out: &mut Vec<(u64, PathBuf)>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, out)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push((path.metadata()?.len(), path));
        }
    }
    Ok(())
}

/// The manifest of a library and nothing else: its default features and what they need.
fn manifest(text: &str) -> Result<String, Box<dyn Error>> {
    let manifest: Table = text.parse()?;
    let table = |name: &str| manifest.get(name).and_then(Value::as_table).cloned().unwrap_or_default();
    let (package, features) = (table("package"), table("features"));
    let mut sections = vec![("dependencies".to_owned(), table("dependencies"))];
    for (target, section) in &table("target") {
        let own = section.get("dependencies").and_then(Value::as_table).cloned().unwrap_or_default();
        sections.push((format!("target.{target:?}.dependencies"), own));
    }
    let dependencies: Table = sections.iter().flat_map(|(_, section)| section.clone()).collect();
    let mut on = vec!["default".to_owned()];
    let mut at = 0;
    while let Some(feature) = on.get(at).cloned() {
        let more = features.get(&feature).and_then(Value::as_array).into_iter().flatten();
        on.extend(more.filter_map(|value| Some(value.as_str()?.to_owned())));
        at += 1;
        on.dedup();
        if at > 1_000 {
            return Err("features in a circle".into());
        }
    }
    let is_on = |name: &str| {
        on.iter().any(|feature| feature == name || feature.strip_prefix("dep:") == Some(name))
            || on.iter().any(|feature| feature.split_once('/').is_some_and(|(of, _)| of == name))
    };
    let is_optional = |value: &Value| value.get("optional").and_then(Value::as_bool).unwrap_or_default();
    let is_gone = |name: &str| dependencies.get(name).is_some_and(|value| is_optional(value) && !is_on(name));
    let mut out = String::from("[package]\n");
    for targets in ["autobins", "autoexamples", "autotests", "autobenches"] {
        out.push_str(&format!("{targets} = false\n"));
    }
    for key in ["name", "version", "edition", "build", "license"] {
        if let Some(value) = package.get(key) {
            out.push_str(&format!("{key} = {}\n", inline(value)));
        }
    }
    out.push_str("\n[lib]\npath = \"src/lib.rs\"\n\n[features]\n");
    for (name, needs) in &features {
        let is_there = |need: &&Value| {
            let need = need.as_str().unwrap_or_default();
            let of = need.trim_start_matches("dep:").split(['/', '?']).next().unwrap_or_default();
            features.contains_key(need) || dependencies.contains_key(of) && !is_gone(of)
        };
        let needs = needs.as_array().into_iter().flatten().filter(is_there).cloned().collect();
        out.push_str(&format!("{name:?} = {}\n", inline(&Value::Array(needs))));
    }
    for (title, section) in &sections {
        out.push_str(&format!("\n[{title}]\n"));
        for (name, value) in section.iter().filter(|(name, _)| !is_gone(name)) {
            out.push_str(&format!("{name} = {}\n", inline(value)));
        }
    }
    if let Some(value) = manifest.get("build-dependencies") {
        return Err(format!("a build script with dependencies: {}", inline(value)).into());
    }
    Ok(out)
}

/// A value on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::Array(values) => format!("[{}]", values.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let entries: Vec<String> =
                table.iter().map(|(key, value)| format!("{key:?} = {}", inline(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Boolean(is_so) => is_so.to_string(),
        Value::Integer(number) => number.to_string(),
        other => format!("{:?}", other.as_str().unwrap_or_default()),
    }
}
