//! Compares what the analyzer says before and after an edit with what the scenario says is right.

use std::collections::BTreeMap;
use std::fmt;

use rememo_analyzer::report::{Analysis, Function, WidenedKind};
use rememo_analyzer::source::{Digest, NoSummaries};
use rememo_analyzer::{Roots, analyze};

use crate::scenario::{Edit, Scenario};
use crate::state::State;

/// Everything that must be equal for a stored result to be used again.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fingerprint {
    source: Digest,
    cfgs: Vec<(String, bool)>,
    envs: Vec<(String, Option<String>)>,
    /// Stands for the running executable: all that can change it.
    executable: Option<State>,
}

/// How an edit turned out for one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// As the scenario says.
    Right,
    /// It had to be recomputed and would have been kept: a wrong result.
    Stale,
    /// It could have been kept and would have been recomputed: lost time.
    Wasted,
    /// The function was not found, or one was found that the scenario doesn't name.
    Unknown,
}

/// The outcome for one function and one edit.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The scenario's name.
    pub scenario: String,
    /// The edit's title.
    pub edit: String,
    /// The function as the scenario names it.
    pub function: String,
    /// Whether the scenario wants it recomputed.
    pub must_recompute: bool,
    /// How it turned out.
    pub outcome: Outcome,
    /// What the analysis says about the function's widenings after the edit, for whoever reads a failure.
    pub widened: Vec<String>,
}

impl Verdict {
    /// How `known-waste.txt` names it.
    pub fn key(&self) -> String {
        format!("{} | {} | {}", self.scenario, self.edit, self.function)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.outcome {
            Outcome::Right => "right",
            Outcome::Stale => "STALE",
            Outcome::Wasted => "wasted",
            Outcome::Unknown => "UNKNOWN FUNCTION",
        };
        write!(f, "{what}: {}", self.key())?;
        for widened in &self.widened {
            write!(f, "\n        {widened}")?;
        }
        Ok(())
    }
}

/// Analyzes the cached functions of a state.
pub fn analysis(state: &State) -> Analysis {
    analyze(&state.project(), state, &Roots::Cached, &NoSummaries)
}

/// Judges all edits of a scenario.
pub fn judge(scenario: &Scenario) -> Vec<Verdict> {
    let before = analysis(&scenario.before);
    scenario.edits.iter().flat_map(|edit| judge_edit(scenario, edit, &before)).collect()
}

fn judge_edit(scenario: &Scenario, edit: &Edit, before: &Analysis) -> Vec<Verdict> {
    let after = analysis(&edit.after);
    let old = fingerprints(before, &scenario.before);
    let new = fingerprints(&after, &edit.after);
    let mut verdicts = Vec::new();
    let mut named = Vec::new();
    let wanted = edit.recompute.iter().map(|name| (name, true)).chain(edit.keep.iter().map(|name| (name, false)));
    for (name, must_recompute) in wanted {
        let outcome = match (find(&old, name), find(&new, name)) {
            (Some((path, old)), Some((new_path, new))) => {
                named.extend([path.to_owned(), new_path.to_owned()]);
                match (old == new, must_recompute) {
                    (true, true) => Outcome::Stale,
                    (false, false) => Outcome::Wasted,
                    _ => Outcome::Right,
                }
            }
            _ => Outcome::Unknown,
        };
        let function = after.functions.iter().find(|function| is_named(&function.path, name));
        let widened = function.into_iter().flat_map(|function| &function.widened);
        verdicts.push(Verdict {
            scenario: scenario.name.clone(),
            edit: edit.title.clone(),
            function: name.clone(),
            must_recompute,
            outcome,
            widened: widened.map(|at| format!("{} widening at {}: {}", at.kind.as_str(), at.at, at.why)).collect(),
        });
    }
    for path in old.keys().chain(new.keys()).filter(|path| !named.contains(path)) {
        verdicts.push(Verdict {
            scenario: scenario.name.clone(),
            edit: edit.title.clone(),
            function: path.clone(),
            must_recompute: true,
            outcome: Outcome::Unknown,
            widened: Vec::new(),
        });
    }
    verdicts
}

fn fingerprints(analysis: &Analysis, state: &State) -> BTreeMap<String, Fingerprint> {
    analysis.functions.iter().map(|function| (function.path.clone(), fingerprint(function, state))).collect()
}

fn fingerprint(function: &Function, state: &State) -> Fingerprint {
    let opaque = function.widened.iter().any(|widened| widened.kind == WidenedKind::Opaque);
    Fingerprint {
        source: function.source,
        // The compiler answers what it is asked: known answers are not taken on trust.
        cfgs: function.cfgs.iter().map(|(predicate, _)| (predicate.clone(), state.answer(predicate))).collect(),
        envs: function.envs.iter().map(|(name, _)| (name.clone(), state.variable(name).map(str::to_owned))).collect(),
        executable: opaque.then(|| state.clone()),
    }
}

fn find<'a>(functions: &'a BTreeMap<String, Fingerprint>, name: &str) -> Option<(&'a str, &'a Fingerprint)> {
    let mut found = functions.iter().filter(|(path, _)| is_named(path, name));
    let (path, fingerprint) = found.next()?;
    found.next().is_none().then_some((path.as_str(), fingerprint))
}

fn is_named(path: &str, name: &str) -> bool {
    path == name || path.strip_suffix(name).is_some_and(|rest| rest.ends_with("::"))
}
