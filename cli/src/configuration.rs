//! What a build with the same features, target and profile would compile in. Asks the compiler about itself and its target;
//! how all this becomes a fingerprint is the hook's business (`rememo_build`), so that both say the same.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::process::Command;

use rememo_analyzer::project::Project;
use rememo_analyzer::report::Function;
use rememo_analyzer::source::Digest;
use rememo_build::configuration::{self, Assumed, Build};
use rememo_build::{ProjectError, TargetCfg, Workspace};

use crate::args::ProjectArgs;
use crate::profile::Profile;

/// The compiler that a build would use.
#[derive(Debug)]
pub(crate) struct Compiler {
    /// Answers to cfg predicates of its target.
    pub(crate) cfg: TargetCfg,
    target: String,
    rustflags: Vec<String>,
    version: String,
}

impl Compiler {
    /// Asks the compiler that cargo would start.
    ///
    /// # Errors
    /// [`ProjectError::Compiler`] if it does not start, or does not know the target.
    pub(crate) fn ask(args: &ProjectArgs, workspace: &Workspace) -> Result<Compiler, ProjectError> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
        let asked = args.target.clone().or_else(|| std::env::var("CARGO_BUILD_TARGET").ok());
        let target = match &asked {
            Some(triple) => triple.clone(),
            None => host(&rustc)?,
        };
        let rustflags = rememo_build::rustflags(workspace.root(), &target);
        let cfg = TargetCfg::from_rustc(&rustc, asked.as_deref(), &rustflags)?;
        Ok(Compiler { cfg, target, rustflags, version: configuration::compiler(&rustc)? })
    }

    /// The configuration of one package's functions.
    pub(crate) fn settings(&self, workspace: &Workspace, profile: Profile) -> Settings {
        let build = Build {
            target: self.target.clone(),
            target_features: self.cfg.target_features(),
            rustflags: self.rustflags.clone(),
            compiler: self.version.clone(),
            profile: if profile.is_release { "release" } else { "debug" }.to_owned(),
            profile_overrides: workspace.profile_overrides().to_owned(),
            ..Build::default()
        };
        let env =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let assumed = Assumed {
            debug_assertions: profile.debug_assertions,
            overflow_checks: profile.overflow_checks,
            panic_unwinds: profile.panic_unwinds,
            env: env.collect(),
        };
        Settings { build, assumed }
    }
}

/// The triple that the compiler itself runs on.
fn host(rustc: &OsStr) -> Result<String, ProjectError> {
    let failed = |why: String| ProjectError::Compiler { message: format!("`rustc -vV`: {why}") };
    let output = Command::new(rustc).arg("-vV").output().map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).map(|triple| triple.trim().to_owned());
    host.ok_or_else(|| failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

/// The configuration of one package's functions.
#[derive(Debug)]
pub(crate) struct Settings {
    build: Build,
    assumed: Assumed,
}

impl Settings {
    /// Source and configuration of each function in one digest, in the order of `functions`.
    pub(crate) fn fingerprints(&self, project: &Project, functions: &[Function]) -> Vec<Digest> {
        let mut fixed: BTreeMap<u16, Vec<(String, String)>> = BTreeMap::new();
        let mut of = |function: &Function| {
            let edition = configuration::edition(project, function);
            let fixed = fixed.entry(edition).or_insert_with(|| self.build.fixed(edition));
            Digest(configuration::fingerprint(function, fixed, &self.assumed))
        };
        functions.iter().map(&mut of).collect()
    }
}
