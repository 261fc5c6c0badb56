//! Which paths cargo must watch so that the hook runs again exactly when its answer may change.
//!
//! A path that doesn't exist would make cargo rerun the script, and recompile the crate, on every build; a folder is
//! watched with all that is below it. So: existing files one by one, folders only where a new file must be seen.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rememo_analyzer::report::Analysis;

use crate::cfg::set;
use crate::loader::DiskLoader;
use crate::toml::{self, Value};
use crate::workspace::{Workspace, normal, relative};

/// Folders in which cargo looks for targets by itself, and the manifest's key that stops it.
const DISCOVERED: [(&str, &str); 4] =
    [("src/bin", "autobins"), ("examples", "autoexamples"), ("tests", "autotests"), ("benches", "autobenches")];

/// What to watch for the package in `dir`, relative to it, sorted.
pub(crate) fn watched(
    workspace: &Workspace,
    analysis: &Analysis,
    loader: &DiskLoader,
    dir: &Path,
    out_dir: &Path,
) -> BTreeSet<String> {
    let mut paths: Vec<PathBuf> = workspace.files().map(Path::to_owned).collect();
    let is_read = |path: &str| {
        // Files are sorted by path.
        let at = analysis.files.binary_search_by(|f| f.path.as_str().cmp(path));
        at.is_ok_and(|i| analysis.files[i].hash.is_some())
    };
    for file in &analysis.files {
        if loader.is_generated(&file.path) {
            continue;
        }
        let path = loader.resolve(&file.path);
        if file.hash.is_some() || path.is_file() {
            paths.push(path);
        } else if !other_layout_is_there(&file.path, &is_read) {
            paths.extend(folder_to_watch(&path, workspace, dir, out_dir));
        }
    }
    let settings = std::fs::read_to_string(dir.join("Cargo.toml")).map(|text| toml::read(&text)).unwrap_or_default();
    let off = |key: &str| {
        let no = Value::Plain("false".to_owned());
        settings.iter().any(|(k, v)| k.len() == 2 && k[0] == "package" && k[1] == key && *v == no)
    };
    for (folder, _) in DISCOVERED.iter().filter(|(_, key)| !off(key)) {
        let folder = dir.join(folder);
        // For the first program in `src/bin`, watch `src`. Above the other folders is the package itself: too much to watch.
        let parent = folder.parent().filter(|parent| *parent != dir && !folder.exists()).map(Path::to_owned);
        paths.push(parent.unwrap_or(folder));
    }
    let out_dir = normal(out_dir);
    set(paths.iter().filter(|path| path.exists() && !path.starts_with(&out_dir)).map(|path| line(dir, path)))
}

/// `foo.rs` was looked for and `foo/mod.rs` was found, or the other way round: both together don't compile.
fn other_layout_is_there(path: &str, is_read: &dyn Fn(&str) -> bool) -> bool {
    let Some(stem) = path.strip_suffix(".rs") else { return false };
    match stem.strip_suffix("/mod") {
        Some(module) => is_read(&format!("{module}.rs")),
        None => is_read(&format!("{stem}/mod.rs")),
    }
}

/// The folder in which a missing file would appear. None, if cargo writes below that folder too: then every build would
/// rerun the script. A file that the compiler misses there fails the build until it is there and something is edited.
fn folder_to_watch(path: &Path, workspace: &Workspace, dir: &Path, out_dir: &Path) -> Option<PathBuf> {
    let folder = path.ancestors().skip(1).find(|a| a.is_dir())?;
    let written = workspace.output.iter().map(PathBuf::as_path).chain([dir, &*workspace.root, out_dir]);
    let mut written = written.map(normal);
    (!written.any(|output| output.starts_with(folder))).then(|| folder.to_owned())
}

/// Everything in the package's folder, as cargo watches it if a script says nothing: for build scripts that do more than
/// call the hook and print no rule of their own.
pub(crate) fn whole_package(workspace: &Workspace, dir: &Path, out_dir: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let kept = entries.filter(|path| {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let written = workspace.output.iter().any(|output| output.starts_with(path)) || out_dir.starts_with(path);
        // A folder with a manifest is another package, a folder with cargo's tag is a target directory.
        let foreign = path.join("Cargo.toml").is_file() || path.join("CACHEDIR.TAG").is_file();
        !hidden && !written && !foreign
    });
    set(kept.map(|path| line(dir, &path)))
}

/// Whether the build script says by itself what cargo must watch, or reads nothing that cargo should watch.
pub(crate) fn script_has_rules(script: &str) -> bool {
    if script.contains("rerun-if") {
        return true;
    }
    // Comments aside, a script of the hook alone is `fn main() { rememo_build::...; }`.
    let code: String = script.lines().map(|l| l.split("//").next().unwrap_or_default()).collect();
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let body = code.strip_prefix("fnmain(){").and_then(|rest| rest.strip_suffix('}'));
    body.is_some_and(|body| body.starts_with("rememo_build::") && !body.trim_end_matches(';').contains(';'))
}

fn line(dir: &Path, path: &Path) -> String {
    let path = relative(dir, path);
    if path.is_empty() { ".".to_owned() } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_the_hook_alone_is_told_from_one_that_generates_code() {
        assert!(script_has_rules("// the hook\nfn main() {\n    rememo_build::fingerprint();\n}\n"));
        assert!(script_has_rules("fn main() { rememo_build::Hook::new().verbose(true).run() }"));
        assert!(!script_has_rules("fn main() { std::fs::read(\"a\").unwrap(); rememo_build::fingerprint(); }"));
        assert!(!script_has_rules("fn main() { rememo_build::fingerprint(); generate(); }\nfn generate() {}"));
        assert!(script_has_rules(
            "fn main() { println!(\"cargo::rerun-if-changed=a\"); rememo_build::fingerprint(); }"
        ));
    }

    #[test]
    fn only_one_layout_of_a_module_is_missed() {
        let read = |path: &str| ["src/a.rs", "src/b/mod.rs"].contains(&path);
        assert!(other_layout_is_there("src/a/mod.rs", &read));
        assert!(other_layout_is_there("src/b.rs", &read));
        assert!(!other_layout_is_there("src/c.rs", &read));
        assert!(!other_layout_is_there("src/c/mod.rs", &read));
    }
}
