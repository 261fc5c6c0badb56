//! What a cargo profile says about debug assertions and overflow checks. Both change what code computes, so both are in
//! every fingerprint. Reads the `[profile]` sections of the workspace's root manifest and the variables that override them.

use std::path::Path;

use toml::{Table, Value};

use crate::error::Error;

/// The two settings that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Checks {
    /// `cfg!(debug_assertions)`.
    pub(crate) debug_assertions: bool,
    /// Whether arithmetic overflow panics.
    pub(crate) overflow_checks: bool,
}

/// The checks that `profile` sets for a workspace member.
///
/// # Errors
/// [`Error::UnknownProfile`] if neither cargo nor the manifest defines it.
pub(crate) fn checks(manifest: &Path, profile: &str, package: &str) -> Result<Checks, Error> {
    // Cargo has read this manifest before us: what it accepted isn't broken, and a race with an editor only loses settings.
    let table = std::fs::read_to_string(manifest).ok().and_then(|text| text.parse::<Table>().ok()).unwrap_or_default();
    resolve(&table, profile, package, &|name| std::env::var(name).ok())
        .ok_or_else(|| Error::UnknownProfile { manifest: manifest.to_owned(), wanted: profile.to_owned() })
}

fn resolve(root: &Table, profile: &str, package: &str, env: &dyn Fn(&str) -> Option<String>) -> Option<Checks> {
    let profiles = root.get("profile").and_then(Value::as_table);
    let section = |name: &str| profiles.and_then(|p| p.get(name)).and_then(Value::as_table);

    // From the profile that was asked for up to the one that cargo defines.
    let mut chain = Vec::new();
    let mut name = profile;
    let mut checks = loop {
        if chain.len() > 16 {
            return None;
        }
        chain.push(name);
        match name {
            "dev" | "test" => break Checks { debug_assertions: true, overflow_checks: true },
            "release" | "bench" => break Checks { debug_assertions: false, overflow_checks: false },
            _ => name = section(name)?.get("inherits")?.as_str()?,
        }
    };
    let mut take = |table: Option<&Table>| {
        let flag = |key: &str| table.and_then(|t| t.get(key)).and_then(Value::as_bool);
        checks.debug_assertions = flag("debug-assertions").unwrap_or(checks.debug_assertions);
        checks.overflow_checks = flag("overflow-checks").unwrap_or(checks.overflow_checks);
    };
    for name in chain.iter().rev() {
        take(section(name));
        take(Some(&from_env(name, env)));
    }
    let own = |name: &str| section(name)?.get("package")?.get(package)?.as_table();
    for name in chain.iter().rev() {
        take(own(name));
    }
    Some(checks)
}

/// `CARGO_PROFILE_DEV_OVERFLOW_CHECKS=true` and the like.
fn from_env(profile: &str, env: &dyn Fn(&str) -> Option<String>) -> Table {
    let prefix = format!("CARGO_PROFILE_{}", profile.to_uppercase().replace('-', "_"));
    [("debug-assertions", "DEBUG_ASSERTIONS"), ("overflow-checks", "OVERFLOW_CHECKS")]
        .into_iter()
        .filter_map(|(key, suffix)| {
            Some((key.to_owned(), Value::Boolean(env(&format!("{prefix}_{suffix}"))?.parse().ok()?)))
        })
        .collect()
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
