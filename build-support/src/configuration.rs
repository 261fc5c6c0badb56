//! The configuration field of a fingerprint: what the hook can read of it, and what only the compiler can answer.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::process::Command;

use rememo_analyzer::project::Project;
use rememo_analyzer::report::Function;
use rememo_table::{Configuration, SHARED_PROFILES};
use sha2::{Digest as _, Sha256};

use crate::error::ProjectError;
use crate::order::sort_by_text;

/// The answers that every entry asks of the compiler. Cargo tells a build script `unwind` even where the profile aborts.
const ALWAYS_ASKED: [&str; 1] = ["panic = \"unwind\""];

/// What is known of a build before the compiler runs.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// Target triple.
    pub target: String,
    /// The target's features, `,` between them.
    pub target_features: String,
    /// Flags for the compiler.
    pub rustflags: Vec<String>,
    /// The compiler, as [`compiler`] tells it.
    pub compiler: String,
    /// `debug` or `release`, as cargo's `PROFILE` says: the one that the profile builds on.
    pub profile: String,
    /// What the manifests change in the profiles of single packages.
    pub profile_overrides: Vec<String>,
    /// Optimization level, if it counts.
    pub opt_level: Option<String>,
    /// Whether profiles share their results.
    pub share_profiles: bool,
}

impl Build {
    /// The fixed part of the configuration of functions in crates of this edition, sorted by name.
    pub fn fixed(&self, edition: u16) -> Vec<(String, String)> {
        let mut fixed = vec![
            ("compiler", self.compiler.clone()),
            ("edition", edition.to_string()),
            ("rustflags", relevant(&self.rustflags).join("\u{1f}")),
            ("target", self.target.clone()),
            ("target_feature", self.target_features.clone()),
        ];
        if !self.profile_overrides.is_empty() {
            fixed.push(("profile", self.profile.clone()));
            fixed.push(("profile_overrides", self.profile_overrides.join("; ")));
        }
        if let Some(level) = &self.opt_level {
            fixed.push(("opt_level", level.clone()));
        }
        if self.share_profiles {
            fixed.push((SHARED_PROFILES.0, SHARED_PROFILES.1.to_owned()));
        }
        sort_by_text(&mut fixed, |(name, _)| (*name).to_owned());
        fixed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Flags without those that change no code: lint levels.
fn relevant(rustflags: &[String]) -> Vec<String> {
    const LINTS: [&str; 9] = ["-A", "-W", "-D", "-F", "--allow", "--warn", "--deny", "--forbid", "--cap-lints"];
    let mut kept = Vec::new();
    let mut flags = rustflags.iter();
    while let Some(flag) = flags.next() {
        if LINTS.contains(&flag.as_str()) {
            flags.next();
        } else if !LINTS
            .iter()
            .any(|lint| flag.strip_prefix(lint).is_some_and(|rest| rest.starts_with('=') || !lint.starts_with("--")))
        {
            kept.push(flag.clone());
        }
    }
    kept
}

/// Release, commit and backend of a compiler.
///
/// # Errors
/// [`ProjectError::Compiler`], if it does not start.
pub fn compiler(rustc: &OsStr) -> Result<String, ProjectError> {
    let failed = |why: String| ProjectError::Compiler { message: format!("`rustc -vV`: {why}") };
    let output = Command::new(rustc).arg("-vV").output().map_err(|e| failed(e.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let field =
        |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("unknown").trim().to_owned();
    Ok([field("release:"), field("commit-hash:"), field("LLVM version:")].join(" "))
}

/// Edition of the crate that a function stands in.
pub fn edition(project: &Project, function: &Function) -> u16 {
    let package = &project.packages[function.package.0];
    let target = package.targets.iter().find(|t| t.label() == function.target);
    target.and_then(|t| t.edition).unwrap_or(package.edition)
}

/// The predicates that a function's entry asks of the compiler, sorted.
pub fn asked_cfgs(function: &Function) -> Vec<&str> {
    let mut asked: Vec<&str> = function.cfgs.iter().map(|(predicate, _)| predicate.as_str()).collect();
    asked.dedup();
    for predicate in ALWAYS_ASKED {
        if let Err(at) = asked.binary_search(&predicate) {
            asked.insert(at, predicate);
        }
    }
    asked
}

/// What `dump` takes the compiler's answers to be, as it compiles nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumed {
    /// `cfg!(debug_assertions)`.
    pub debug_assertions: bool,
    /// Whether overflow panics.
    pub overflow_checks: bool,
    /// Whether a panic unwinds.
    pub panic_unwinds: bool,
    /// Values of variables that the compiler would see and the analysis doesn't know.
    pub env: BTreeMap<String, String>,
}

impl Default for Assumed {
    /// Cargo's `dev` profile, and nothing else in the environment.
    fn default() -> Self {
        Assumed { debug_assertions: true, overflow_checks: true, panic_unwinds: true, env: BTreeMap::new() }
    }
}

/// The configuration that a build would compile in.
///
/// Predicates that neither the project nor `assumed` answers (`test`, a custom cfg) are taken as unset.
// Inline, as all that only the command line calls: no build script compiles it.
#[inline]
pub fn assumed<'a>(function: &'a Function, fixed: &'a [(String, String)], assumed: &'a Assumed) -> Configuration<'a> {
    let answer = |predicate: &str| match predicate {
        "debug_assertions" => assumed.debug_assertions,
        "panic = \"unwind\"" => assumed.panic_unwinds,
        "panic = \"abort\"" => !assumed.panic_unwinds,
        _ => function.cfgs.iter().any(|(name, known)| name == predicate && *known == Some(true)),
    };
    Configuration::new(
        fixed.iter().map(|(name, value)| (name.as_str(), value.as_str())),
        asked_cfgs(function).into_iter().map(|predicate| (predicate, answer(predicate))),
        function.envs.iter().map(|(name, known)| {
            (name.as_str(), known.as_deref().or_else(|| assumed.env.get(name).map(String::as_str)))
        }),
        assumed.debug_assertions,
        assumed.overflow_checks,
    )
}

/// The fingerprint that a build would compile in: source and configuration, the latter as [`assumed`] says.
#[inline]
pub fn fingerprint(function: &Function, fixed: &[(String, String)], assumed: &Assumed) -> [u8; 32] {
    final_fingerprint(&function.source.0, &self::assumed(function, fixed, assumed))
}

/// SHA-256 over the source field and the configuration's bytes.
#[inline]
pub fn final_fingerprint(source: &[u8; 32], configuration: &Configuration<'_>) -> [u8; 32] {
    Sha256::new().chain_update(source).chain_update(configuration.bytes()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> Vec<String> {
        relevant(&text.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn lint_levels_are_no_configuration_and_all_other_flags_are() {
        assert_eq!(flags("-D warnings -Ctarget-cpu=native -Wunused --cap-lints=warn"), ["-Ctarget-cpu=native"]);
        assert_eq!(flags("-C opt-level=3 --cfg fast --deny unsafe_code"), ["-C", "opt-level=3", "--cfg", "fast"]);
    }

    #[test]
    fn an_override_of_one_package_makes_the_profile_count() {
        let mut build = Build { profile: "debug".to_owned(), ..Build::default() };
        assert!(build.fixed(2024).iter().all(|(name, _)| !name.starts_with("profile")));
        build.profile_overrides.push("profile.dev.package.x.overflow-checks=false".to_owned());
        let names: Vec<_> = build.fixed(2024).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            ["compiler", "edition", "profile", "profile_overrides", "rustflags", "target", "target_feature"]
        );
    }

    #[test]
    fn shared_profiles_give_one_fingerprint_to_dev_and_release() {
        let configuration = |shared: bool, dev: bool| {
            let build = Build { share_profiles: shared, ..Build::default() };
            let fixed = build.fixed(2024);
            let fixed = fixed.iter().map(|(n, v)| (n.as_str(), v.as_str()));
            final_fingerprint(&[7; 32], &Configuration::new(fixed, [], [], dev, dev))
        };
        assert_ne!(configuration(false, true), configuration(false, false));
        assert_eq!(configuration(true, true), configuration(true, false));
        assert_ne!(configuration(true, true), configuration(false, false));
    }
}
