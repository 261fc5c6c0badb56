//! Copies of the trees in `testdata/hook`, each in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};

use rememo_analyzer::project::{Package, Project};
use rememo_build::{DiskLoader, Features, Subject, TargetCfg, Workspace, cargo};
use tempfile::TempDir;

/// A copy of all trees: some reach into each other.
pub(crate) struct Trees {
    dir: TempDir,
}

impl Trees {
    pub(crate) fn new() -> Trees {
        let dir = tempfile::tempdir().expect("a temporary folder");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/hook"), dir.path());
        Trees { dir }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().canonicalize().expect("a temporary folder").join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a file of the tree")
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
        fs::write(path, text).expect("a new file");
    }

    /// Replaces text that must be there.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    pub(crate) fn remove(&self, path: &str) {
        let path = self.path(path);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("something to remove");
    }

    pub(crate) fn workspace(&self, package: &str) -> Workspace {
        let manifest = self.path(package).join("Cargo.toml");
        Workspace::load(&cargo(), &manifest).expect("a manifest that cargo reads")
    }

    /// The project of a package, as for `--features`.
    pub(crate) fn project_with(&self, package: &str, features: &[&str]) -> Project {
        let cfg = TargetCfg::from_env(|name| (name == "CARGO_CFG_TARGET_OS").then(|| "linux".to_owned()));
        let features = features.iter().map(|f| (*f).to_owned()).collect();
        let features = Features::Asked { features, all: false, no_default: false };
        let manifest = self.path(package).join("Cargo.toml");
        let subject = Subject { manifest: &manifest, cfg: &cfg, features: &features, out_dir: false };
        self.workspace(package).project(&subject).expect("a package")
    }

    pub(crate) fn project(&self, package: &str) -> Project {
        self.project_with(package, &[])
    }

    pub(crate) fn loader(&self, root: &str) -> DiskLoader {
        DiskLoader::new(&self.path(root), None)
    }
}

/// The package of a name.
pub(crate) fn package<'a>(project: &'a Project, name: &str) -> &'a Package {
    project.packages.iter().find(|p| p.name == name).unwrap_or_else(|| panic!("no package {name}"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder of testdata") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}
