//! The analysis of an entry's members, by the same way that the hook and `cargo rememo` take.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rememo_analyzer::project::{PackageId, Project, Target, TargetKind};
use rememo_analyzer::report::{Analysis, Function, WidenedKind};
use rememo_analyzer::source::NoSummaries;
use rememo_analyzer::{Roots, analyze_with_places, analyze_with_ways};
use rememo_build::{DiskLoader, Features, Subject, TargetCfg, Workspace};

use crate::compile::Unit;
use crate::corpus::{Entry, Laid};
use crate::error::OracleError;

/// One member's analysis, all functions as roots.
#[derive(Debug)]
pub struct Analyzed {
    /// The member's name.
    pub package: String,
    /// What was analyzed.
    pub project: Project,
    /// What came out.
    pub analysis: Analysis,
    /// The workspace's folder: files of the analysis are relative to it.
    pub root: PathBuf,
    /// Where the package's build script made files, in each of its builds.
    out_dirs: Vec<PathBuf>,
    /// Of each external package, whether a folder stands in for something that it uses.
    folders: Vec<bool>,
}

impl Analyzed {
    /// Whether the executable's content completes the function's fingerprint, by the analysis or by the hook.
    pub fn is_opaque(&self, function: &Function) -> bool {
        function.widened.iter().any(|widened| widened.kind == WidenedKind::Opaque)
            || function.external.iter().any(|id| self.folders[id.0])
    }

    /// How the analysis names a file of these packages.
    pub fn file(&self, path: &Path) -> Option<PathBuf> {
        let made = || {
            let subject = self.project.subjects.first()?;
            let name = self.project.packages[subject.0].out_dir.as_ref()?;
            let rest = self.out_dirs.iter().find_map(|dir| path.strip_prefix(dir).ok())?;
            Some(Path::new(name).join(rest))
        };
        path.strip_prefix(&self.root).map(Path::to_owned).ok().or_else(made)
    }

    /// The target of a root file, if the analysis looked at that build of it: of other packages than the subject, it sees the
    /// library as others use it.
    pub fn target(&self, root: &str, test: bool) -> Option<&Target> {
        let found = self.project.packages.iter().enumerate();
        let found = found.flat_map(|(at, package)| package.targets.iter().map(move |target| (PackageId(at), target)));
        let (package, target) = found.into_iter().find(|(_, target)| target.root == root)?;
        let is_subject = self.project.subjects.contains(&package);
        let is_read = self.analysis.files.iter().any(|file| file.path == root);
        (is_read && (is_subject || target.kind == TargetKind::Lib && !test)).then_some(target)
    }
}

impl Entry {
    /// Analyzes each member as the only subject of its own project; with the ways to what is reached if asked to.
    ///
    /// # Errors
    /// [`OracleError::Project`].
    pub fn analyses(&self, laid: &Laid, units: &[Unit], with_ways: bool) -> Result<Vec<Analyzed>, OracleError> {
        laid.members.iter().map(|manifest| self.analysis(manifest, units, with_ways)).collect()
    }

    fn analysis(&self, manifest: &Path, units: &[Unit], with_ways: bool) -> Result<Analyzed, OracleError> {
        let workspace = Workspace::load(&rememo_build::cargo(), manifest)?;
        let cfg = TargetCfg::from_rustc("rustc".as_ref(), None, &[])?;
        let features = compiled_with(manifest, units);
        // The hook of a package with a build script of its own runs in that script, and reads what it made.
        let folder = manifest.parent().unwrap_or(manifest);
        let own = units.iter().filter(|unit| unit.root.starts_with(folder));
        let out_dirs: Vec<&Path> = own.filter_map(|unit| unit.out_dir.as_deref()).collect();
        let out_dir = out_dirs.first().copied();
        let subject = Subject { manifest, cfg: &cfg, features: &features, out_dir: out_dir.is_some() };
        let project = workspace.project(&subject)?;
        let loader = DiskLoader::new(workspace.root(), out_dir);
        let by = if with_ways { analyze_with_ways } else { analyze_with_places };
        let analysis = by(&project, &loader, &Roots::All, &NoSummaries);
        let package = project.subjects.first().map(|id| project.packages[id.0].name.clone()).unwrap_or_default();
        let folders = project.externals.iter().map(|external| workspace.folder_below(external).is_some()).collect();
        Ok(Analyzed {
            package,
            project,
            analysis,
            root: workspace.root().to_owned(),
            out_dirs: out_dirs.into_iter().map(Path::to_owned).collect(),
            folders,
        })
    }
}

/// The features that a package was compiled with: in a workspace, other members may have asked for more.
fn compiled_with(manifest: &Path, units: &[Unit]) -> Features {
    let folder = manifest.parent().unwrap_or(manifest);
    let own = units.iter().filter(|unit| unit.root.starts_with(folder));
    let features: BTreeSet<String> = own.flat_map(|unit| unit.features.iter().cloned()).collect();
    Features::Asked { features: features.into_iter().collect(), all: false, no_default: true }
}
