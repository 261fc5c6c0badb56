//! The analysis of an entry's members, by the same way that the hook and `cargo rememo` take.

use std::path::{Path, PathBuf};

use rememo_analyzer::project::Project;
use rememo_analyzer::report::Analysis;
use rememo_analyzer::source::NoSummaries;
use rememo_analyzer::{Roots, analyze_with_places, analyze_with_ways};
use rememo_build::{DiskLoader, Features, Subject, TargetCfg, Workspace};

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
}

impl Entry {
    /// Analyzes each member as the only subject of its own project; with the ways to what is reached if asked to.
    ///
    /// # Errors
    /// [`OracleError::Project`].
    pub fn analyses(&self, laid: &Laid, with_ways: bool) -> Result<Vec<Analyzed>, OracleError> {
        laid.members.iter().map(|manifest| self.analysis(manifest, with_ways)).collect()
    }

    fn analysis(&self, manifest: &Path, with_ways: bool) -> Result<Analyzed, OracleError> {
        let workspace = Workspace::load(&rememo_build::cargo(), manifest)?;
        let cfg = TargetCfg::from_rustc("rustc".as_ref(), None, &[])?;
        let features = self.features();
        let project = workspace.project(&Subject { manifest, cfg: &cfg, features: &features, out_dir: false })?;
        let loader = DiskLoader::new(workspace.root(), None);
        let by = if with_ways { analyze_with_ways } else { analyze_with_places };
        let analysis = by(&project, &loader, &Roots::All, &NoSummaries);
        let package = project.subjects.first().map(|id| project.packages[id.0].name.clone()).unwrap_or_default();
        Ok(Analyzed { package, project, analysis, root: workspace.root().to_owned() })
    }

    fn features(&self) -> Features {
        let mut features = Vec::new();
        let mut words = self.arguments.iter();
        while let Some(word) = words.next() {
            if word == "--features" {
                let list = words.next().map(String::as_str).unwrap_or_default();
                features.extend(list.split(',').map(str::to_owned));
            }
        }
        let has = |flag: &str| self.arguments.iter().any(|word| word == flag);
        Features::Asked { features, all: has("--all-features"), no_default: has("--no-default-features") }
    }
}
