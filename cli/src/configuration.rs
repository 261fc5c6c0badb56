//! The configuration field of a fingerprint, as the command line gives it: what a build would compile in for the same
//! features, target and profile.

use std::path::Path;

use rememo_analyzer::report::Function;
use rememo_analyzer::source::Digest;
use rememo_table::Configuration;
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::profile::{self, Checks};

/// The settings of one package.
#[derive(Debug)]
pub(crate) struct Settings {
    fixed: Vec<(String, String)>,
    checks: Checks,
}

impl Settings {
    /// For a package under a profile.
    ///
    /// # Errors
    /// [`Error::UnknownProfile`].
    pub(crate) fn new(root_manifest: &Path, profile: &str, package: &str) -> Result<Settings, Error> {
        Ok(Settings { fixed: Vec::new(), checks: profile::checks(root_manifest, profile, package)? })
    }

    /// Source and configuration of a function in one digest.
    pub(crate) fn fingerprint(&self, function: &Function) -> Digest {
        let checks = self.checks;
        // What only the compiler knows: the profile says some of it, and the rest isn't set in an ordinary build.
        let answer = |predicate: &str, known: Option<bool>| match predicate {
            "debug_assertions" => known.unwrap_or(checks.debug_assertions),
            _ => known.unwrap_or(false),
        };
        let environment: Vec<(&str, Option<String>)> = function
            .envs
            .iter()
            .map(|(name, known)| (name.as_str(), known.clone().or_else(|| std::env::var(name).ok())))
            .collect();
        let configuration = Configuration::new(
            self.fixed.iter().map(|(name, value)| (name.as_str(), value.as_str())),
            function.cfgs.iter().map(|(predicate, known)| (predicate.as_str(), answer(predicate, *known))),
            environment.iter().map(|(name, value)| (*name, value.as_deref())),
            checks.debug_assertions,
            checks.overflow_checks,
        );
        let mut hasher = Sha256::new();
        hasher.update(function.source.0);
        hasher.update(configuration.bytes());
        Digest(hasher.finalize().into())
    }
}
