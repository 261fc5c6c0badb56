//! Which features of external packages are on for sure: those that the subject's manifest leads to in every build of it.
//!
//! Others may be on because somebody else asks for them, so nothing here may say that a feature is off.

use std::collections::{BTreeMap, BTreeSet};

/// A package, as far as features go.
#[derive(Debug, Default)]
pub(crate) struct Featured {
    /// What each feature turns on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) lines: Vec<Line>,
}

/// A line of its manifest that names another package.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    /// What the manifest calls it.
    pub(crate) key: String,
    /// The package, if that is known.
    pub(crate) to: Option<usize>,
    pub(crate) optional: bool,
    pub(crate) dev: bool,
    /// Whether it counts on every target that this build may be for.
    pub(crate) certain: bool,
    /// Features asked for, `default` among them.
    pub(crate) features: Vec<String>,
}

/// The features of each package that are on for sure; nothing of a package that may not be needed at all.
pub(crate) fn certain(
    packages: &[Featured],
    subject: usize,
    active: &BTreeSet<String>,
) -> Vec<Option<BTreeSet<String>>> {
    let mut found = followed(packages, subject, active, false);
    // What only tests need is there only where they are compiled.
    let tested = followed(packages, subject, active, true);
    for (found, tested) in found.iter_mut().zip(tested) {
        if found.is_none() {
            *found = tested;
        }
    }
    found
}

fn followed(
    packages: &[Featured],
    subject: usize,
    active: &BTreeSet<String>,
    dev: bool,
) -> Vec<Option<BTreeSet<String>>> {
    let mut on: Vec<Option<BTreeSet<String>>> = packages.iter().map(|_| None).collect();
    if let Some(of) = on.get_mut(subject) {
        *of = Some(active.clone());
    }
    let mut open = vec![subject];
    while let Some(at) = open.pop() {
        let (Some(package), Some(known)) = (packages.get(at), on.get(at).cloned().flatten()) else { continue };
        for line in package.lines.iter().filter(|line| line.certain && (!line.dev || dev && at == subject)) {
            let Some(to) = line.to.filter(|to| *to < packages.len()) else { continue };
            if line.optional && !package.turns_on(line, &known) {
                continue;
            }
            let before = on[to].as_ref().map(BTreeSet::len);
            let after = on[to].get_or_insert_default();
            for feature in line.features.iter().cloned().chain(package.asks(line, &known)) {
                packages[to].add(feature, after);
            }
            if before != Some(after.len()) {
                open.push(to);
            }
        }
    }
    on
}

impl Featured {
    /// Whether features that are on turn an optional dependency on.
    fn turns_on(&self, line: &Line, on: &BTreeSet<String>) -> bool {
        let implied = on.iter().filter_map(|feature| self.features.get(feature)).flatten();
        let mut texts = implied.map(String::as_str);
        on.contains(&line.key) && self.is_implicit(&line.key)
            || texts.any(|text| {
                text.strip_prefix("dep:") == Some(&line.key)
                    || text.split_once('/').is_some_and(|(key, _)| key == line.key)
            })
    }

    /// Whether an optional dependency is a feature of that name: no feature calls it by `dep:`.
    fn is_implicit(&self, key: &str) -> bool {
        self.lines.iter().any(|line| line.optional && line.key == key)
            && !self.features.values().flatten().any(|text| text.strip_prefix("dep:") == Some(key))
    }

    /// The features of a dependency that features which are on ask for: `key/feature`, `key?/feature`.
    fn asks(&self, line: &Line, on: &BTreeSet<String>) -> Vec<String> {
        let implied = on.iter().filter_map(|feature| self.features.get(feature)).flatten();
        let asked = implied.filter_map(|text| {
            let (key, feature) = text.split_once('/')?;
            (key.trim_end_matches('?') == line.key).then(|| feature.to_owned())
        });
        asked.collect()
    }

    /// Turns a feature on, and those that come with it.
    fn add(&self, feature: String, on: &mut BTreeSet<String>) {
        let mut open = vec![feature];
        while let Some(next) = open.pop() {
            let implied = self.features.get(&next);
            if (implied.is_some() || self.is_implicit(&next)) && on.insert(next) {
                for text in implied.into_iter().flatten() {
                    match text.split_once('/') {
                        // It turns on the dependency, and the feature that is called like it.
                        Some((key, _)) if !key.ends_with('?') => open.push(key.to_owned()),
                        Some(_) => {}
                        None => open.push(text.clone()),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfg::set;

    fn named(features: &[&str]) -> BTreeSet<String> {
        set(features.iter().map(|feature| (*feature).to_owned()))
    }

    fn package(features: &[(&str, &[&str])], lines: &[Line]) -> Featured {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let features = features.iter().map(|(name, on)| ((*name).to_owned(), owned(on))).collect();
        Featured { features, lines: lines.to_vec() }
    }

    fn line(key: &str, to: usize, features: &[&str]) -> Line {
        let features = named(features).into_iter().collect();
        Line { key: key.to_owned(), to: Some(to), certain: true, features, ..Line::default() }
    }

    #[test]
    fn a_line_turns_on_what_it_asks_for_and_what_comes_with_it() {
        let packages = [
            package(&[], &[line("a", 1, &["default"])]),
            package(&[("default", &["std"]), ("std", &["b/std", "c?/std"]), ("more", &[])], &[line("b", 2, &[])]),
            package(&[("std", &["alloc"]), ("alloc", &[]), ("other", &[])], &[]),
        ];
        let found = certain(&packages, 0, &BTreeSet::new());
        assert_eq!(found[1], Some(named(&["default", "std"])));
        assert_eq!(found[2], Some(named(&["std", "alloc"])));
    }

    #[test]
    fn an_optional_dependency_counts_if_something_turns_it_on() {
        let optional = |line: Line| Line { optional: true, ..line };
        let of = |features: &[(&str, &[&str])], active: &[&str]| {
            let packages = [package(features, &[optional(line("a", 1, &["x"]))]), package(&[("x", &[])], &[])];
            certain(&packages, 0, &named(active))[1].clone()
        };
        assert_eq!(of(&[("with", &["dep:a"])], &[]), None);
        assert_eq!(of(&[("with", &["dep:a"])], &["with"]), Some(named(&["x"])));
        assert_eq!(of(&[("with", &["a/y"])], &["with"]), Some(named(&["x"])));
        assert_eq!(of(&[("with", &["a?/y"])], &["with"]), None);
        assert_eq!(of(&[], &["a"]), Some(named(&["x"])));
    }

    #[test]
    fn what_tests_ask_of_a_package_is_off_where_there_are_none() {
        let dev = |line: Line| Line { dev: true, ..line };
        let lines = [line("a", 1, &[]), dev(line("a", 1, &["x"])), dev(line("b", 2, &["x"]))];
        let packages = [package(&[], &lines), package(&[("x", &[])], &[]), package(&[("x", &[])], &[])];
        let found = certain(&packages, 0, &BTreeSet::new());
        assert_eq!(found, [Some(BTreeSet::new()), Some(BTreeSet::new()), Some(named(&["x"]))]);
    }

    #[test]
    fn a_line_for_some_targets_alone_turns_nothing_on() {
        let packages = [package(&[], &[Line { certain: false, ..line("a", 1, &["x"]) }]), package(&[("x", &[])], &[])];
        assert_eq!(certain(&packages, 0, &BTreeSet::new())[1], None);
    }
}
