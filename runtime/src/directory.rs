//! Where the default cache lies.
//!
//! Looked for at run time and never baked in: the same binary may run from another checkout. Not under the target
//! directory, since `cargo clean` must not delete hours of results.

use std::path::{Path, PathBuf};

/// `REMEMO_DIR`, else what the builder says, else `.rememo/` in the workspace root, else the user's cache directory.
pub(crate) fn directory(configured: Option<PathBuf>) -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("REMEMO_DIR")
        .or(configured)
        .or_else(|| {
            let start = variable("CARGO_MANIFEST_DIR").or_else(|| std::env::current_dir().ok())?;
            workspace_root(&start).map(|root| root.join(".rememo"))
        })
        .or_else(|| variable("XDG_CACHE_HOME").map(|dir| dir.join("rememo")))
        .or_else(|| variable("LOCALAPPDATA").map(|dir| dir.join("rememo")))
        .or_else(|| variable("HOME").map(|dir| dir.join(".cache").join("rememo")))
        .unwrap_or_else(|| std::env::temp_dir().join("rememo"))
}

/// The outermost folder above `start` whose manifest opens a workspace; else the innermost with a manifest.
fn workspace_root(start: &Path) -> Option<PathBuf> {
    let mut root = None;
    let mut package = None;
    for dir in start.ancestors() {
        let Ok(manifest) = std::fs::read_to_string(dir.join("Cargo.toml")) else { continue };
        if package.is_none() {
            package = Some(dir);
        }
        let opens = manifest.lines().any(|line| {
            let line = line.trim_start();
            line.starts_with("[workspace]") || line.starts_with("[workspace.")
        });
        if opens {
            root = Some(dir);
        }
    }
    root.or(package).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_root_is_found_from_a_member_and_from_a_single_package() {
        let dir = std::env::temp_dir().join(format!("rememo-directory-{}", std::process::id()));
        let member = dir.join("crates/a/src");
        std::fs::create_dir_all(&member).unwrap();
        std::fs::write(dir.join("crates/a/Cargo.toml"), "[package]\n").unwrap();
        assert_eq!(workspace_root(&member), Some(dir.join("crates/a")));
        std::fs::write(dir.join("Cargo.toml"), "[workspace]\nmembers = [\"crates/*\"]\n").unwrap();
        assert_eq!(workspace_root(&member), Some(dir));
    }
}
