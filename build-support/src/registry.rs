//! The sources of packages from registries, which cargo has unpacked on this machine: where they are, and what their
//! manifests say that the analysis needs.
//!
//! Cargo never changes them, so nothing here is watched. It must never be needed: a package that isn't found is one of which
//! only its version is known.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rememo_analyzer::project::Cfg;

use crate::features::Line;
use crate::requirement::satisfies;
use crate::toml::{self, Setting, Value};
use crate::workspace::cargo_home;

/// How the loader's paths call the folder that a package was unpacked in: its real path is this machine's own.
pub(crate) const REGISTRY: &str = "$REGISTRY";

/// Packages that declare what is written in another language: large, and nothing in them knows a type of ours.
const INTERFACES: [&str; 9] =
    ["js-sys", "libc", "linux-raw-sys", "ntapi", "wasm-bindgen", "web-sys", "winapi", "windows", "windows-sys"];

/// The folders that cargo unpacks packages in, one for each registry.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registry {
    roots: Vec<PathBuf>,
}

/// What is read of a package's manifest.
pub(crate) struct Unpacked {
    pub(crate) edition: u16,
    /// Name of the library, as its manifest has it.
    pub(crate) lib: String,
    /// Root file of the library, relative to the package.
    pub(crate) root: String,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    dependencies: Vec<Needed>,
}

/// A dependency by its key in the manifest.
struct Needed {
    key: String,
    package: Option<String>,
    requirement: Option<String>,
    optional: bool,
    /// Whether it is one on every target that this may be.
    certain: bool,
    no_default: bool,
    features: Vec<String>,
}

impl Registry {
    /// Looks where the user's cargo unpacks.
    pub(crate) fn of_user() -> Registry {
        let found = cargo_home().and_then(|home| std::fs::read_dir(home.join("registry").join("src")).ok());
        let mut roots: Vec<PathBuf> = found.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        roots.sort_unstable();
        Registry { roots }
    }

    /// The folders that it looks in.
    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// The folder of a package; none if two registries have one of that name and version.
    pub(crate) fn folder(&self, package: &str) -> Option<PathBuf> {
        let mut found = self.roots.iter().map(|root| root.join(package)).filter(|folder| folder.is_dir());
        let one = found.next()?;
        found.next().is_none().then_some(one)
    }

    /// The manifest of a package.
    pub(crate) fn read(&self, name: &str, version: &str, cfg: &Cfg) -> Option<Unpacked> {
        if INTERFACES.contains(&name) {
            return None;
        }
        let folder = self.folder(&format!("{name}-{version}"))?;
        let text = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        Unpacked::read(&toml::read(&text), &folder, cfg)
    }
}

impl Unpacked {
    fn read(settings: &[Setting], folder: &Path, cfg: &Cfg) -> Option<Unpacked> {
        let mut found = Unpacked {
            edition: 2015,
            lib: String::new(),
            root: "src/lib.rs".to_owned(),
            features: BTreeMap::new(),
            dependencies: Vec::new(),
        };
        let mut name = String::new();
        let yes = Value::Plain("true".to_owned());
        for (key, value) in settings {
            let key: Vec<&str> = key.iter().map(String::as_str).collect();
            let text = value.text();
            match (key.as_slice(), text) {
                (["package", "name"], Some(text)) => name = text.to_owned(),
                (["package", "edition"], Some(text)) => found.edition = text.parse().unwrap_or(2015),
                (["lib", "name"], Some(text)) => found.lib = text.to_owned(),
                (["lib", "path"], Some(text)) => found.root = text.to_owned(),
                // What a macro's code does is done when it is compiled.
                (["lib", "proc-macro" | "proc_macro"], _) if *value == yes => return None,
                (["features", name], _) => {
                    let on = value.texts().into_iter().map(str::to_owned).collect();
                    found.features.insert((*name).to_owned(), on);
                }
                (["dependencies", rest @ ..], _) => found.dependency(rest, value, true),
                (["target", when, "dependencies", rest @ ..], _) if may_hold(when, cfg) => {
                    found.dependency(rest, value, must_hold(when, cfg));
                }
                _ => {}
            }
        }
        if found.lib.is_empty() {
            found.lib = name.replace('-', "_");
        }
        folder.join(&found.root).is_file().then_some(found)
    }

    fn dependency(&mut self, key: &[&str], value: &Value, certain: bool) {
        let [name, field @ ..] = key else { return };
        let is_it = |needed: &Needed| needed.key == *name && needed.certain == certain;
        let at = self.dependencies.iter().position(is_it).unwrap_or_else(|| {
            self.dependencies.push(Needed {
                key: (*name).to_owned(),
                package: None,
                requirement: None,
                optional: false,
                certain,
                no_default: false,
                features: Vec::new(),
            });
            self.dependencies.len() - 1
        });
        let (needed, text) = (&mut self.dependencies[at], value.text().map(str::to_owned));
        match field {
            [] | ["version"] => needed.requirement = text,
            ["package"] => needed.package = text,
            ["optional"] => needed.optional = *value == Value::Plain("true".to_owned()),
            ["default-features" | "default_features"] => needed.no_default = *value == Value::Plain("false".to_owned()),
            ["features"] => needed.features = value.texts().into_iter().map(str::to_owned).collect(),
            _ => {}
        }
    }

    /// Its lines, each with the package that it names.
    pub(crate) fn lines(&self, to: impl Fn(&dyn Fn(&str, &str) -> bool) -> Option<usize>) -> Vec<Line> {
        let line = |needed: &Needed| {
            let mut features = needed.features.clone();
            if !needed.no_default {
                features.push("default".to_owned());
            }
            Line {
                key: needed.key.clone(),
                to: to(&|package, version| needed.is(package, version)),
                optional: needed.optional,
                dev: false,
                certain: needed.certain,
                features,
            }
        };
        self.dependencies.iter().map(line).collect()
    }

    /// The names that its code has for a package that it depends on.
    pub(crate) fn names_for(&self, package: &str, version: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for needed in self.dependencies.iter().filter(|needed| needed.is(package, version)) {
            let name = needed.key.replace('-', "_");
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

impl Needed {
    fn is(&self, package: &str, version: &str) -> bool {
        self.package.as_deref().unwrap_or(&self.key) == package
            && self.requirement.as_deref().is_none_or(|requirement| satisfies(version, requirement))
    }
}

/// Whether a dependency is one on this target, whatever isn't known.
pub(crate) fn must_hold(when: &str, cfg: &Cfg) -> bool {
    let predicate = when.trim().strip_prefix("cfg(").and_then(|rest| rest.strip_suffix(')'));
    predicate.is_some_and(|predicate| holds(predicate, cfg) == Some(true))
}

/// Whether a dependency may be one on this target: `cfg(..)`, or the name of a target, which isn't known here.
fn may_hold(when: &str, cfg: &Cfg) -> bool {
    match when.trim().strip_prefix("cfg(").and_then(|rest| rest.strip_suffix(')')) {
        Some(predicate) => holds(predicate, cfg) != Some(false),
        None => true,
    }
}

/// A predicate's answer, if it is known.
fn holds(predicate: &str, cfg: &Cfg) -> Option<bool> {
    let predicate = predicate.trim();
    let inside = |name: &str| predicate.strip_prefix(name)?.trim_start().strip_prefix('(')?.strip_suffix(')');
    if let Some(inner) = inside("not") {
        return holds(inner, cfg).map(|answer| !answer);
    }
    for (name, wins) in [("any", true), ("all", false)] {
        let Some(inner) = inside(name) else { continue };
        let answers: Vec<Option<bool>> = parts(inner).into_iter().map(|part| holds(part, cfg)).collect();
        return match () {
            () if answers.contains(&Some(wins)) => Some(wins),
            () if answers.contains(&None) => None,
            () => Some(!wins),
        };
    }
    match predicate.split_once('=') {
        Some((key, value)) => {
            let value = value.trim().trim_matches('"');
            cfg.values.get(key.trim()).map(|values| values.iter().any(|known| known == value))
        }
        None => cfg.names.get(predicate).copied(),
    }
}

/// The parts of a list, at its commas outside brackets.
fn parts(list: &str) -> Vec<&str> {
    let (mut found, mut depth, mut from) = (Vec::new(), 0usize, 0);
    for (at, c) in list.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&list[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(&list[from..]);
    found.retain(|part| !part.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_for_another_target_is_no_dependency() {
        let mut cfg = Cfg::default();
        cfg.names.extend([("unix".to_owned(), true), ("windows".to_owned(), false)]);
        cfg.values.insert("target_os".to_owned(), vec!["linux".to_owned()]);
        for (when, expected) in [
            ("cfg(windows)", false),
            ("cfg(not(windows))", true),
            ("cfg(any(unix, target_os = \"wasi\"))", true),
            ("cfg(all(unix, not(target_os = \"macos\")))", true),
            ("cfg(all(unix, target_os = \"macos\"))", false),
            ("cfg(loom)", true),
            ("x86_64-unknown-linux-gnu", true),
        ] {
            assert_eq!(may_hold(when, &cfg), expected, "{when}");
        }
    }
}
