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
use rememo_table::manifest_packages;

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
    pub(crate) fn settings(&self, workspace: &Workspace, name: &str, profile: Profile) -> Settings {
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
        Settings { profile: name.to_owned(), build, assumed }
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

/// The configuration of one package's functions under one profile.
#[derive(Debug)]
pub(crate) struct Settings {
    profile: String,
    build: Build,
    assumed: Assumed,
}

/// The part of a configuration that a build script can read, as names and values.
pub(crate) type Fixed = Vec<(String, String)>;

/// What a build compiles in of one function.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Name of the profile.
    pub(crate) profile: String,
    /// Source and configuration in one digest.
    pub(crate) fingerprint: Digest,
    /// What the configuration consists of: names, and values where they are set.
    pub(crate) settings: Vec<(String, Option<String>)>,
}

impl Settings {
    /// Name of the profile.
    pub(crate) fn profile(&self) -> &str {
        &self.profile
    }

    /// The fixed part for every edition of a project's crates.
    pub(crate) fn by_edition(&self, project: &Project) -> BTreeMap<u16, Fixed> {
        let of_targets = project.packages.iter().flat_map(|p| p.targets.iter().filter_map(|t| t.edition));
        let editions = project.packages.iter().map(|p| p.edition).chain(of_targets);
        editions.map(|edition| (edition, self.build.fixed(edition))).collect()
    }

    /// Source and configuration of a function in one digest.
    pub(crate) fn fingerprint(&self, function: &Function, fixed: &Fixed) -> Digest {
        Digest(configuration::fingerprint(function, fixed, &self.assumed))
    }

    /// The same of a build whose packages from registries and git are compiled as a stored manifest says: which features
    /// they have only a build can tell.
    pub(crate) fn completed(&self, function: &Function, edition: u16, manifest: &str) -> Digest {
        let fixed = self.build.fixed(edition);
        let c = configuration::assumed(function, &fixed, &self.assumed).with_packages(manifest_packages(manifest));
        Digest(configuration::final_fingerprint(&function.source.0, &c))
    }

    /// The same, with what the configuration consists of.
    pub(crate) fn compiled(&self, function: &Function, edition: u16) -> Compiled {
        let fixed = self.build.fixed(edition);
        let c = configuration::assumed(function, &fixed, &self.assumed);
        let switches = [("debug_assertions", c.debug_assertions), ("overflow_checks", c.overflow_checks)];
        let answers = c.cfgs.iter().copied().chain(switches).map(|(name, on)| (name.to_owned(), Some(on.to_string())));
        let fixed_part = c.fixed.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
        let variables = c.envs.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned)));
        let settings = answers.chain(fixed_part).chain(variables).collect();
        let fingerprint = self.fingerprint(function, &fixed);
        Compiled { profile: self.profile.clone(), fingerprint, settings }
    }
}
