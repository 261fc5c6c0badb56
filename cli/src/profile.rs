//! What a cargo profile says about debug assertions, overflow checks and panics. All of them change what code does, so
//! they are in every fingerprint. Reads the `[profile]` sections of the workspace's root manifest and the variables that
//! override them.

use std::path::Path;

use toml::{Table, Value};

use crate::error::Error;

/// The settings that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile {
    /// Whether it builds on `release`, not on `dev`.
    pub(crate) is_release: bool,
    /// `cfg!(debug_assertions)`.
    pub(crate) debug_assertions: bool,
    /// Whether arithmetic overflow panics.
    pub(crate) overflow_checks: bool,
    /// Whether a panic unwinds.
    pub(crate) panic_unwinds: bool,
}

const DEV: Profile = Profile { is_release: false, debug_assertions: true, overflow_checks: true, panic_unwinds: true };
const RELEASE: Profile =
    Profile { is_release: true, debug_assertions: false, overflow_checks: false, panic_unwinds: true };

/// What `profile` sets for a workspace member.
///
/// # Errors
/// [`Error::UnknownProfile`] if neither cargo nor the manifest defines it.
pub(crate) fn settings(manifest: &Path, profile: &str, package: &str) -> Result<Profile, Error> {
    // Cargo has read this manifest before us: what it accepted isn't broken, and a race with an editor only loses settings.
    let table = std::fs::read_to_string(manifest).ok().and_then(|text| text.parse::<Table>().ok()).unwrap_or_default();
    resolve(&table, profile, package, &|name| std::env::var(name).ok())
        .ok_or_else(|| Error::UnknownProfile { manifest: manifest.to_owned(), wanted: profile.to_owned() })
}

fn resolve(root: &Table, profile: &str, package: &str, env: &dyn Fn(&str) -> Option<String>) -> Option<Profile> {
    let profiles = root.get("profile").and_then(Value::as_table);
    let section = |name: &str| profiles.and_then(|p| p.get(name)).and_then(Value::as_table);

    // From the profile that was asked for up to the one that cargo defines.
    let mut chain = Vec::new();
    let mut name = profile;
    let mut settings = loop {
        if chain.len() > 16 {
            return None;
        }
        chain.push(name);
        match name {
            "dev" | "test" => break DEV,
            "release" | "bench" => break RELEASE,
            _ => name = section(name)?.get("inherits")?.as_str()?,
        }
    };
    let mut take = |table: Option<&Table>| {
        let flag = |key: &str| table.and_then(|t| t.get(key)).and_then(Value::as_bool);
        settings.debug_assertions = flag("debug-assertions").unwrap_or(settings.debug_assertions);
        settings.overflow_checks = flag("overflow-checks").unwrap_or(settings.overflow_checks);
        if let Some(strategy) = table.and_then(|t| t.get("panic")).and_then(Value::as_str) {
            settings.panic_unwinds = strategy == "unwind";
        }
    };
    for name in chain.iter().rev() {
        take(section(name));
        take(Some(&from_env(name, env)));
    }
    let own = |name: &str| section(name)?.get("package")?.get(package)?.as_table();
    for name in chain.iter().rev() {
        take(own(name));
    }
    Some(settings)
}

/// `CARGO_PROFILE_DEV_OVERFLOW_CHECKS=true` and the like.
fn from_env(profile: &str, env: &dyn Fn(&str) -> Option<String>) -> Table {
    let prefix = format!("CARGO_PROFILE_{}", profile.to_uppercase().replace('-', "_"));
    let mut table = Table::new();
    for (key, suffix) in [("debug-assertions", "DEBUG_ASSERTIONS"), ("overflow-checks", "OVERFLOW_CHECKS")] {
        if let Some(answer) = env(&format!("{prefix}_{suffix}")).and_then(|text| text.parse().ok()) {
            table.insert(key.to_owned(), Value::Boolean(answer));
        }
    }
    if let Some(strategy) = env(&format!("{prefix}_PANIC")) {
        table.insert("panic".to_owned(), Value::String(strategy));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(manifest: &str, profile: &str) -> Option<(bool, bool)> {
        let table = manifest.parse::<Table>().expect("a manifest of this test");
        resolve(&table, profile, "member", &|_| None).map(|c| (c.debug_assertions, c.overflow_checks))
    }

    #[test]
    fn dev_checks_and_release_does_not() {
        assert_eq!(of("", "dev"), Some((true, true)));
        assert_eq!(of("", "release"), Some((false, false)));
    }

    #[test]
    fn a_manifest_overrides_each_setting_by_itself() {
        assert_eq!(of("[profile.release]\noverflow-checks = true", "release"), Some((false, true)));
        assert_eq!(of("[profile.dev]\ndebug-assertions = false", "dev"), Some((false, true)));
    }

    #[test]
    fn an_own_profile_inherits_and_an_unknown_one_is_refused() {
        let manifest =
            "[profile.release]\noverflow-checks = true\n[profile.fat]\ninherits = \"release\"\ndebug-assertions = true";
        assert_eq!(of(manifest, "fat"), Some((true, true)));
        assert_eq!(of(manifest, "thin"), None);
        assert_eq!(of("[profile.a]\ninherits = \"b\"\n[profile.b]\ninherits = \"a\"", "a"), None);
    }

    #[test]
    fn a_profile_may_abort_on_panic() {
        let table = "[profile.release]\npanic = \"abort\"".parse::<Table>().expect("a manifest of this test");
        let unwinds = |profile: &str| resolve(&table, profile, "member", &|_| None).map(|p| p.panic_unwinds);
        assert_eq!((unwinds("release"), unwinds("dev")), (Some(false), Some(true)));
    }

    #[test]
    fn a_section_of_one_package_counts_for_that_package() {
        assert_eq!(of("[profile.dev.package.member]\noverflow-checks = false", "dev"), Some((true, false)));
        assert_eq!(of("[profile.dev.package.other]\noverflow-checks = false", "dev"), Some((true, true)));
    }

    #[test]
    fn a_variable_overrides_the_manifest() {
        let table = "[profile.dev]\noverflow-checks = true".parse::<Table>().expect("a manifest of this test");
        let env = |name: &str| (name == "CARGO_PROFILE_DEV_OVERFLOW_CHECKS").then(|| "false".to_owned());
        assert_eq!(resolve(&table, "dev", "member", &env).map(|c| c.overflow_checks), Some(false));
    }
}
