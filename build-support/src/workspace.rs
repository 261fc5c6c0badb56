//! A workspace on disk: its members, the path dependencies outside it, its lock file, and what its root manifest and
//! cargo's configuration say that `cargo metadata` doesn't.
//!
//! It knows files and cargo, but no build: the same workspace is loaded by the hook and by `cargo rememo`.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Component, Path, PathBuf};

use crate::error::ProjectError;
use crate::lock::Lock;
use crate::metadata::{self, Answers, Manifest, Metadata};
use crate::toml::{self, Setting, Value};

/// A workspace, read.
pub struct Workspace {
    pub(crate) root: PathBuf,
    /// Folders that cargo writes to.
    pub(crate) output: Vec<PathBuf>,
    /// All packages on disk that may matter, the members first.
    pub(crate) manifests: Vec<Manifest>,
    /// How many of them are members.
    pub(crate) members: usize,
    pub(crate) lock: Option<Lock>,
    /// Manifests that `paths` in cargo's configuration puts in place of packages of their name and version.
    pub(crate) overrides: Vec<usize>,
    /// Settings of profiles that change single packages, as `profile.dev.package.x.overflow-checks=true`.
    pub(crate) profile_overrides: Vec<String>,
    /// Every file that was read, absolute.
    pub(crate) files: Vec<PathBuf>,
    /// What could not be looked into.
    pub(crate) notes: Vec<String>,
}

impl fmt::Debug for Workspace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").field("root", &self.root).field("notes", &self.notes).finish_non_exhaustive()
    }
}

impl Workspace {
    /// Loads the workspace of a manifest, with the cargo that is named.
    ///
    /// Never needs the network and writes nothing.
    ///
    /// # Errors
    /// [`ProjectError`], if cargo can't read the manifest.
    pub fn load(cargo: &OsStr, manifest: &Path) -> Result<Workspace, ProjectError> {
        Workspace::load_with(cargo, manifest, &mut Answers::default())
    }

    /// As [`Workspace::load`], but cargo isn't asked again what it has answered; what else it is asked is added.
    pub(crate) fn load_with(cargo: &OsStr, manifest: &Path, answers: &mut Answers) -> Result<Workspace, ProjectError> {
        let Metadata { root, output, packages } = metadata::ask(cargo, manifest, answers).answer(answers)?;
        let mut workspace = Workspace {
            members: packages.len(),
            manifests: packages,
            root,
            output,
            lock: None,
            overrides: Vec::new(),
            profile_overrides: Vec::new(),
            files: Vec::new(),
            notes: Vec::new(),
        };
        let replaced = workspace.read_settings();
        workspace.read_lock();
        workspace.follow_paths(cargo, replaced, answers);
        for manifest in &workspace.manifests {
            remember(&mut workspace.files, manifest.path.clone());
        }
        Ok(workspace)
    }

    /// Folder of the root manifest.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts what it makes of it.
    pub fn target_dir(&self) -> &Path {
        self.output.first().map_or(Path::new("target"), PathBuf::as_path)
    }

    /// Packages of the workspace: name and manifest.
    #[inline]
    pub fn members(&self) -> impl Iterator<Item = (&str, &Path)> {
        self.manifests[..self.members].iter().map(|m| (m.name.as_str(), m.path.as_path()))
    }

    /// Every file that says what the workspace is: manifests, the lock file, cargo's configuration.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(PathBuf::as_path)
    }

    /// What could not be looked into, for people.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Settings of profiles that change single packages: they can change overflow checks of a dependency alone.
    pub fn profile_overrides(&self) -> &[String] {
        &self.profile_overrides
    }

    /// Whether there is a Cargo.lock.
    pub(crate) fn has_lock(&self) -> bool {
        self.lock.is_some()
    }

    /// Root file of a package's build script.
    pub(crate) fn build_script(&self, manifest: &Path) -> Option<&Path> {
        self.manifests[self.find(manifest)?].build_script.as_deref()
    }

    /// What a manifest says of undeclared inputs.
    pub(crate) fn undeclared(&self, manifest: &Path) -> Option<&str> {
        self.manifests[self.find(manifest)?].undeclared.as_deref()
    }

    /// The package of a manifest.
    pub(crate) fn find(&self, manifest: &Path) -> Option<usize> {
        if let Some(i) = self.manifests.iter().position(|m| m.path == manifest) {
            return Some(i);
        }
        let real = manifest.canonicalize().ok()?;
        self.manifests.iter().position(|m| m.path.canonicalize().is_ok_and(|p| p == real))
    }

    /// The package in a folder.
    pub(crate) fn in_dir(&self, dir: &Path) -> Option<usize> {
        let manifest = normal(&dir.join("Cargo.toml"));
        self.manifests.iter().position(|m| m.path == manifest)
    }

    fn read_lock(&mut self) {
        let path = self.root.join("Cargo.lock");
        if let Ok(text) = std::fs::read_to_string(&path) {
            self.lock = Some(Lock::read(&text));
            remember(&mut self.files, path);
        }
    }

    /// Reads the root manifest and cargo's configuration; returns the folders that stand in for other packages.
    fn read_settings(&mut self) -> Replacements {
        let mut replaced = Replacements::default();
        let root_manifest = self.root.join("Cargo.toml");
        let configs = config_files(&self.root).into_iter().map(|path| {
            // Paths in a configuration are relative to the folder that holds `.cargo`.
            let base = path.parent().and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
            (path, base)
        });
        for (path, base) in std::iter::once((root_manifest.clone(), self.root.clone())).chain(configs) {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let is_manifest = path == root_manifest;
            remember(&mut self.files, path);
            for (key, value) in toml::read(&text) {
                let parts: Vec<&str> = key.iter().map(String::as_str).collect();
                match (parts.as_slice(), &value) {
                    (["patch", _, _, "path"] | ["replace", _, "path"], Value::Text(path)) => {
                        replaced.patches.push(normal(&base.join(path)));
                    }
                    (["paths"], list) if !is_manifest => {
                        replaced.paths.extend(list.texts().into_iter().map(|p| normal(&base.join(p))));
                    }
                    (["profile", .., "package", _, "overflow-checks" | "debug-assertions"], Value::Plain(answer)) => {
                        self.profile_overrides.push(format!("{}={answer}", parts.join(".")));
                    }
                    _ => {}
                }
            }
        }
        self.profile_overrides.sort_unstable();
        self.profile_overrides.dedup();
        replaced
    }

    /// Loads path dependencies outside the workspace, and theirs.
    fn follow_paths(&mut self, cargo: &OsStr, replaced: Replacements, said: &mut Answers) {
        let mut known: Vec<PathBuf> = self.manifests.iter().map(|m| m.path.clone()).collect();
        let mut open = Vec::new();
        for manifest in &self.manifests {
            dependencies_on_disk(manifest, true, &mut open);
        }
        for dir in replaced.patches.iter().chain(&replaced.paths) {
            remember(&mut open, dir.join("Cargo.toml"));
        }
        let mut answers: Vec<Metadata> = Vec::new();
        loop {
            open.retain(|path| !known.contains(path) && path.is_file());
            if open.is_empty() {
                break;
            }
            let unasked = |path: &&PathBuf| !answers.iter().any(|a| a.packages.iter().any(|p| p.path == **path));
            // Side by side: each costs some 20 ms, nearly all of it in another process.
            let asked: Vec<_> = open.iter().filter(unasked).map(|path| metadata::ask(cargo, path, said)).collect();
            for asked in asked {
                match asked.answer(said) {
                    Ok(answer) => answers.push(answer),
                    Err(error) => self.notes.push(error.to_string()),
                }
            }
            let mut next = Vec::new();
            for path in std::mem::take(&mut open) {
                known.push(path.clone());
                let Some((root, found)) =
                    answers.iter().find_map(|a| Some((&a.root, a.packages.iter().find(|p| p.path == path)?)))
                else {
                    continue;
                };
                // It may inherit fields from there.
                remember(&mut self.files, root.join("Cargo.toml"));
                // What a package outside the workspace needs for its own tests isn't built.
                dependencies_on_disk(found, false, &mut next);
                self.manifests.push(found.clone());
            }
            open = next;
        }
        for dir in replaced.paths {
            self.overrides.extend(self.in_dir(&dir));
        }
    }
}

/// Folders that stand in for packages.
#[derive(Debug, Default)]
struct Replacements {
    /// `[patch]` and `[replace]`: the lock file shows them without a source.
    patches: Vec<PathBuf>,
    /// `paths`: the lock file doesn't show them.
    paths: Vec<PathBuf>,
}

fn dependencies_on_disk(manifest: &Manifest, dev: bool, found: &mut Vec<PathBuf>) {
    for dependency in manifest.dependencies.iter().filter(|d| dev || !d.dev) {
        if let Some(dir) = &dependency.path {
            remember(found, normal(&dir.join("Cargo.toml")));
        }
    }
}

fn remember(paths: &mut Vec<PathBuf>, path: PathBuf) {
    if !paths.contains(&path) {
        paths.push(path);
    }
}

/// Where cargo keeps what it fetched for this user.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        #[allow(deprecated, reason = "right again on every system since 1.85")]
        std::env::home_dir().map(|home| home.join(".cargo"))
    })
}

/// The configuration files that cargo reads when it is started in `dir`.
fn config_files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = dir.ancestors().map(|a| a.join(".cargo")).collect();
    folders.extend(cargo_home());
    for folder in folders {
        // The name without an ending is the old one and wins.
        if let Some(path) = ["config", "config.toml"].map(|name| folder.join(name)).into_iter().find(|p| p.is_file())
            && !found.contains(&path)
        {
            found.push(path);
        }
    }
    found
}

/// Flags that `build.rustflags` and `target.<triple>.rustflags` ask for, as cargo gives them to the compiler: from
/// `CARGO_ENCODED_RUSTFLAGS`, else `RUSTFLAGS`, else the configuration files above `dir`.
// Inline: only the command line calls it, so that no build script compiles it.
#[inline]
pub fn rustflags(dir: &Path, target: &str) -> Vec<String> {
    let words = |text: &str| text.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>();
    if let Ok(encoded) = std::env::var("CARGO_ENCODED_RUSTFLAGS") {
        return encoded.split('\u{1f}').filter(|f| !f.is_empty()).map(str::to_owned).collect();
    }
    if let Ok(flags) = std::env::var("RUSTFLAGS") {
        return words(&flags);
    }
    let (mut of_target, mut of_build) = (Vec::new(), Vec::new());
    // The file nearest to the workspace speaks last; lists of several files are joined.
    for path in config_files(dir).into_iter().rev() {
        let settings: Vec<Setting> = std::fs::read_to_string(path).map(|text| toml::read(&text)).unwrap_or_default();
        for (key, value) in settings {
            let flags = match &value {
                Value::Text(text) => words(text),
                list => list.texts().into_iter().map(str::to_owned).collect(),
            };
            match key.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["build", "rustflags"] => of_build.extend(flags),
                ["target", triple, "rustflags"] if *triple == target => of_target.extend(flags),
                _ => {}
            }
        }
    }
    if of_target.is_empty() { of_build } else { of_target }
}

/// The cargo to ask: the one that runs us, else the one in `PATH`.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A path without `.` and `..`, as cargo prints paths. Looks at no link.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// `path` as seen from `base`, with `/` between its parts; the path itself, where no way leads there (another drive).
pub(crate) fn relative(base: &Path, path: &Path) -> String {
    let (base, path) = (normal(base), normal(path));
    let (mut from, mut to) = (base.components().peekable(), path.components().peekable());
    let mut common = 0;
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
        common += 1;
    }
    if common == 0 && base.is_absolute() {
        return slashes(&path);
    }
    let mut parts = vec!["..".to_owned(); from.count()];
    parts.extend(to.map(|part| part.as_os_str().to_string_lossy().into_owned()));
    parts.join("/")
}

/// A path with `/` between its parts.
pub(crate) fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_the_workspace_root() {
        for (base, path, expected) in [
            ("/w", "/w", ""),
            ("/w", "/w/a/src/lib.rs", "a/src/lib.rs"),
            ("/w/a", "/w/b", "../b"),
            ("/w/a", "/w/a/../../x/./y", "../../x/y"),
        ] {
            assert_eq!(relative(Path::new(base), Path::new(path)), expected);
        }
    }
}
