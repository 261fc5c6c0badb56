//! Answers to cfg predicates: of the target, and of the subject's features.
//!
//! Only what is certain is answered. `test`, `debug_assertions`, `panic`, what RUSTFLAGS or a build script set: unknown, so
//! that the compiler answers where the subject asks. (`CARGO_CFG_PANIC` says `unwind` in a profile that aborts; tried.)

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::process::Command;

use rememo_analyzer::project::Cfg;

use crate::error::ProjectError;
use crate::metadata::Manifest;

const NAMES: [&str; 2] = ["unix", "windows"];
const KEYS: [&str; 10] = [
    "target_abi",
    "target_arch",
    "target_endian",
    "target_env",
    "target_family",
    "target_feature",
    "target_has_atomic",
    "target_os",
    "target_pointer_width",
    "target_vendor",
];

/// What is known of the target.
#[derive(Debug, Clone, Default)]
pub struct TargetCfg(Cfg);

impl TargetCfg {
    /// What cargo tells a build script through `CARGO_CFG_*`.
    pub fn from_env(var: impl Fn(&str) -> Option<String>) -> TargetCfg {
        let var = |name: &str| var(&format!("CARGO_CFG_{}", name.to_uppercase()));
        let mut cfg = Cfg::default();
        for name in NAMES {
            cfg.names.insert(name.to_owned(), var(name).is_some());
        }
        for key in KEYS {
            let values = var(key).map(|v| v.split(',').map(str::to_owned).collect()).unwrap_or_default();
            cfg.values.insert(key.to_owned(), values);
        }
        TargetCfg(cfg)
    }

    /// What `rustc --print cfg` says, for a target or for the host.
    ///
    /// # Errors
    /// [`ProjectError::Compiler`], if the compiler does not start or does not know the target.
    // Inline: only the command line calls it, so that no build script compiles it.
    #[inline]
    pub fn from_rustc(rustc: &OsStr, target: Option<&str>, rustflags: &[String]) -> Result<TargetCfg, ProjectError> {
        let mut command = Command::new(rustc);
        command.args(["--print", "cfg"]).args(rustflags);
        if let Some(target) = target {
            command.args(["--target", target]);
        }
        let failed = |why: String| ProjectError::Compiler { message: format!("`rustc --print cfg`: {why}") };
        let output = command.output().map_err(|e| failed(e.to_string()))?;
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let mut cfg = Cfg::default();
        for name in NAMES {
            cfg.names.insert(name.to_owned(), text.lines().any(|line| line == name));
        }
        for key in KEYS {
            let value = |line: &str| Some(line.strip_prefix(key)?.strip_prefix("=\"")?.strip_suffix('"')?.to_owned());
            cfg.values.insert(key.to_owned(), text.lines().filter_map(value).collect());
        }
        Ok(TargetCfg(cfg))
    }

    /// The target's features, `,` between them.
    pub fn target_features(&self) -> String {
        self.0.values.get("target_feature").map(|v| v.join(",")).unwrap_or_default()
    }

    /// Answers for a package whose features are unknown.
    pub(crate) fn without_features(&self) -> Cfg {
        self.0.clone()
    }

    /// Answers for the subject.
    pub(crate) fn with_features(&self, active: Option<&BTreeSet<String>>) -> Cfg {
        let mut cfg = self.0.clone();
        if let Some(active) = active {
            cfg.values.insert("feature".to_owned(), active.iter().cloned().collect());
        }
        cfg
    }
}

/// Which features of the subject are on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Features {
    /// As cargo told a build script: `CARGO_CFG_FEATURE`, or before cargo 1.85 the names in `CARGO_FEATURE_*`.
    FromCargo {
        /// `CARGO_CFG_FEATURE`.
        listed: Option<String>,
        /// What follows `CARGO_FEATURE_` in the variables that are set.
        mangled: BTreeSet<String>,
    },
    /// As asked on a command line.
    Asked {
        /// `--features`, split.
        features: Vec<String>,
        /// `--all-features`.
        all: bool,
        /// `--no-default-features`.
        no_default: bool,
    },
}

impl Features {
    /// What cargo tells a build script.
    pub fn from_env(vars: impl IntoIterator<Item = (String, String)>) -> Features {
        let (mut listed, mut mangled) = (None, BTreeSet::new());
        for (name, value) in vars {
            if name == "CARGO_CFG_FEATURE" {
                listed = Some(value);
            } else if let Some(name) = name.strip_prefix("CARGO_FEATURE_") {
                mangled.insert(name.to_owned());
            }
        }
        Features::FromCargo { listed, mangled }
    }

    /// The features that are on, sorted; `None` if that can't be told.
    pub(crate) fn active(&self, manifest: &Manifest) -> Option<BTreeSet<String>> {
        match self {
            Features::FromCargo { listed: Some(listed), .. } => {
                Some(set(listed.split(',').filter(|f| !f.is_empty()).map(str::to_owned)))
            }
            Features::FromCargo { listed: None, mangled } => {
                let mut by_mangled = BTreeMap::new();
                for name in manifest.features.keys() {
                    if by_mangled.insert(name.to_uppercase().replace('-', "_"), name.clone()).is_some() {
                        // Two features share a variable.
                        return None;
                    }
                }
                Some(set(mangled.iter().filter_map(|m| by_mangled.get(m).cloned())))
            }
            Features::Asked { features, all, no_default } => {
                let mut open: Vec<&str> = features.iter().map(String::as_str).collect();
                if *all {
                    open.extend(manifest.features.keys().map(String::as_str));
                }
                if !no_default {
                    open.push("default");
                }
                let mut active = BTreeSet::new();
                while let Some(next) = open.pop() {
                    // `dep/feature` turns the dependency's own feature on too, where it has one; `dep?/feature` does not.
                    let name = next.split_once('/').map_or(next, |(dep, _)| dep);
                    if let Some(implied) = manifest.features.get(name)
                        && active.insert(name.to_owned())
                    {
                        open.extend(implied.iter().map(String::as_str));
                    }
                }
                Some(active)
            }
        }
    }
}

/// Collected one by one: collecting a set at once sorts a list first, which would be compiled for nothing.
pub(crate) fn set(items: impl Iterator<Item = String>) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    items.for_each(|item| {
        set.insert(item);
    });
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(features: &[(&str, &[&str])]) -> Manifest {
        let features = features.iter().map(|(n, on)| ((*n).to_owned(), on.iter().map(|s| (*s).to_owned()).collect()));
        Manifest { features: features.collect(), ..Manifest::default() }
    }

    fn asked(manifest: &Manifest, features: &[&str], all: bool, no_default: bool) -> Vec<String> {
        let features = features.iter().map(|s| (*s).to_owned()).collect();
        let active = Features::Asked { features, all, no_default }.active(manifest);
        active.expect("asked features are known").into_iter().collect()
    }

    #[test]
    fn features_asked_for_turn_on_what_they_imply() {
        let m = manifest(&[
            ("default", &["std"]),
            ("std", &["dep:log", "serde?/std"]),
            ("full", &["std", "serde/derive"]),
            ("serde", &["dep:serde"]),
        ]);
        assert_eq!(asked(&m, &[], false, false), ["default", "std"]);
        assert_eq!(asked(&m, &["full"], false, true), ["full", "serde", "std"]);
        assert_eq!(asked(&m, &[], true, true), ["default", "full", "serde", "std"]);
    }

    #[test]
    fn names_that_cargo_mangles_alike_are_unknown_unless_cargo_lists_them() {
        let m = manifest(&[("a-b", &[]), ("a_b", &[])]);
        let vars =
            |vars: &[(&str, &str)]| Features::from_env(vars.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        assert_eq!(vars(&[("CARGO_FEATURE_A_B", "1")]).active(&m), None);
        let listed = vars(&[("CARGO_FEATURE_A_B", "1"), ("CARGO_CFG_FEATURE", "a-b")]).active(&m);
        assert_eq!(listed, Some(BTreeSet::from(["a-b".to_owned()])));
        let m = manifest(&[("a-b", &[]), ("c", &[])]);
        assert_eq!(vars(&[("CARGO_FEATURE_A_B", "1")]).active(&m), Some(BTreeSet::from(["a-b".to_owned()])));
    }

    #[test]
    fn the_compiler_and_cargo_tell_a_target_alike() {
        let env = |name: &str| match name {
            "CARGO_CFG_TARGET_OS" => Some("linux".to_owned()),
            "CARGO_CFG_TARGET_HAS_ATOMIC" => Some("16,8".to_owned()),
            "CARGO_CFG_TARGET_ABI" | "CARGO_CFG_UNIX" | "CARGO_CFG_DEBUG_ASSERTIONS" => Some(String::new()),
            _ => None,
        };
        let cfg = TargetCfg::from_env(env).without_features();
        assert_eq!((cfg.names["unix"], cfg.names["windows"]), (true, false));
        assert_eq!(cfg.values["target_has_atomic"], ["16", "8"]);
        assert_eq!(cfg.values["target_abi"], [""]);
        assert!(cfg.values["target_family"].is_empty());
        assert!(!cfg.names.contains_key("debug_assertions") && !cfg.values.contains_key("panic"));
    }
}
