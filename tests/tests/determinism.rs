//! The same sources give the same report, whatever the order and whatever is remembered of an earlier analysis.

use std::collections::HashMap;

use rememo_analyzer::report::Analysis;
use rememo_analyzer::source::{Digest, LoadError, Loader, NoSummaries, Summaries};
use rememo_analyzer::{Roots, analyze, analyze_with_places};
use rememo_tests::memory::Memory;
use rememo_tests::scenario;
use rememo_tests::state::State;

/// Files in a map whose order differs from run to run.
struct Unordered(HashMap<String, Vec<u8>>);

impl Unordered {
    fn new(state: &State, reverse: bool) -> Unordered {
        let mut files: Vec<_> = state.files.iter().map(|(path, content)| (path.clone(), content.clone())).collect();
        if reverse {
            files.reverse();
        }
        Unordered(files.into_iter().collect())
    }
}

impl Loader for Unordered {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self.0.get(path).filter(|_| !path.starts_with("vendor")).cloned().ok_or(LoadError::NotFound)
    }
}

/// Gives back damaged summaries.
struct Damaged(Memory);

impl Summaries for Damaged {
    fn get(&self, key: &Digest) -> Option<Vec<u8>> {
        let mut summary = self.0.get(key)?;
        let middle = summary.len() / 2;
        if let Some(byte) = summary.get_mut(middle) {
            *byte ^= 0x20;
        }
        Some(summary)
    }

    fn put(&self, key: &Digest, summary: &[u8]) {
        self.0.put(key, summary);
    }
}

fn all(state: &State, loader: &dyn Loader, summaries: &dyn Summaries) -> Analysis {
    analyze(&state.project(), loader, &Roots::All, summaries)
}

#[track_caller]
fn assert_same(left: &Analysis, right: &Analysis, what: &str) {
    assert!(!left.functions.is_empty(), "{what}: nothing was analyzed");
    let (left, right) = (format!("{left:#?}"), format!("{right:#?}"));
    let difference = left.lines().zip(right.lines()).enumerate().find(|(_, (left, right))| left != right);
    assert!(left == right, "{what}: the reports differ at {difference:?}");
}

#[test]
fn the_order_in_which_files_are_kept_does_not_matter() {
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        let forwards = all(&scenario.before, &Unordered::new(&scenario.before, false), &NoSummaries);
        let backwards = all(&scenario.before, &Unordered::new(&scenario.before, true), &NoSummaries);
        assert_same(&forwards, &backwards, &scenario.name);
    }
}

#[test]
fn who_asks_where_tokens_were_written_gets_the_same_fingerprints() {
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        let loader = Unordered::new(&scenario.before, false);
        let plain = all(&scenario.before, &loader, &NoSummaries);
        let placed = analyze_with_places(&scenario.before.project(), &loader, &Roots::All, &NoSummaries);
        let of = |analysis: &Analysis| -> Vec<(String, String)> {
            let all = analysis.functions.iter();
            all.map(|function| (function.path.clone(), format!("{:?}", function.source))).collect()
        };
        assert_eq!(of(&plain), of(&placed), "{}", scenario.name);
    }
}

#[test]
fn the_order_of_packages_that_are_not_subjects_does_not_matter() {
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        let fingerprints = |state: &State, reversed: bool| {
            let mut project = state.project();
            if reversed {
                for package in &mut project.packages {
                    package.dependencies.reverse();
                }
            }
            let analysis = analyze(&project, state, &Roots::Cached, &NoSummaries);
            let of = |function: &rememo_analyzer::report::Function| (function.path.clone(), function.source);
            analysis.functions.iter().map(of).collect::<Vec<_>>()
        };
        let state = &scenario.before;
        let found = fingerprints(state, false);
        assert!(!found.is_empty(), "{}: nothing was analyzed", scenario.name);
        assert_eq!(found, fingerprints(state, true), "{}", scenario.name);
    }
}

#[test]
fn what_is_remembered_of_an_earlier_state_changes_nothing() {
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        let memory = Memory::default();
        all(&scenario.before, &scenario.before, &memory);
        for edit in &scenario.edits {
            let fresh = all(&edit.after, &edit.after, &NoSummaries);
            let warm = all(&edit.after, &edit.after, &memory);
            assert_same(&fresh, &warm, &format!("{}, after `{}`", scenario.name, edit.title));
        }
    }
}

#[test]
fn a_damaged_summary_costs_a_parse_and_nothing_else() {
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")).into_iter().take(10) {
        let damaged = Damaged(Memory::default());
        let fresh = all(&scenario.before, &scenario.before, &NoSummaries);
        all(&scenario.before, &scenario.before, &damaged);
        let again = all(&scenario.before, &scenario.before, &damaged);
        assert_same(&fresh, &again, &scenario.name);
    }
}

#[test]
fn one_function_alone_has_the_fingerprint_that_it_has_among_all() {
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        let state = &scenario.before;
        let everything = all(state, state, &NoSummaries);
        let cached = analyze(&state.project(), state, &Roots::Cached, &NoSummaries);
        assert!(!cached.functions.is_empty(), "{}: nothing was analyzed", scenario.name);
        for function in &cached.functions {
            let alone = Roots::Paths(vec![function.path.clone()]);
            let alone = analyze(&state.project(), state, &alone, &NoSummaries);
            let same = |found: &&rememo_analyzer::report::Function| found.path == function.path;
            for analysis in [&alone, &everything] {
                let found = analysis.functions.iter().find(same).map(|found| found.source);
                assert_eq!(found, Some(function.source), "{}: {}", scenario.name, function.path);
            }
        }
    }
}

/// Bounds and the associated types that they name lead to each other.
const WALKS: &[&str] = &[
    "pub trait Base { type Id: Copy; fn first(&self) -> Self::Id; }\nimpl<G: Base> Base for &G { type Id = G::Id; fn first(&self) -> G::Id { (**self).first() } }",
    "pub struct Cycle<N>(pub N);\nimpl<N> From<Cycle<N>> for String { fn from(_: Cycle<N>) -> String { String::new() } }",
    "impl<G: Base> Walk<G> where for<'a> &'a G: Base<Id = G::Id> {\n    pub fn cones(&self, at: G::Id) -> Result<G::Id, Cycle<G::Id>> { let found = self.future(at)?; Ok(found) }\n}",
    "impl<G: Base> Walk<G> where for<'a> &'a G: Base<Id = G::Id> {\n    pub fn future(&self, at: G::Id) -> Result<G::Id, Cycle<G::Id>> { Err(Cycle(at)) }\n    pub fn start(&self) -> G::Id { self.0.first() }\n}",
    "pub struct Walk<G>(pub G);\npub fn start<G>(walk: &Walk<G>) -> G::Id where G: Base, for<'a> &'a G: Base<Id = G::Id> { walk.0.first() }",
    "pub struct Graph;\nimpl Base for Graph { type Id = u32; fn first(&self) -> u32 { 1 } }\npub fn all(walk: &Walk<Graph>) -> Result<u32, String> { let found = walk.cones(walk.start())?; Ok(found) }",
];

/// Two bodies whose first type to be found out is another one.
const CAGES: &[&str] = &[
    "pub struct Cage<T>(pub T);\npub struct Cat;\npub struct Dog;\npub trait Loud {}\nimpl Loud for Dog {}",
    "pub trait Speak { fn speak(&self) -> u32; }\nimpl<T: Loud> Speak for Cage<Vec<T>> { fn speak(&self) -> u32 { 2 } }",
    "pub trait Talk { fn talk(&self) -> u32; }\nimpl<C: Speak> Talk for C { fn talk(&self) -> u32 { self.speak() } }",
    "impl Cage<Vec<Cat>> { pub fn talk(&self) -> u32 { 1 } }",
    "pub fn cats() -> u32 { let mut all = Vec::new(); all.push(Cat); let cage = Cage(all); cage.talk() }",
    "pub fn dogs() -> u32 { let mut all = Vec::new(); all.push(Dog); let cage = Cage(all); cage.talk() }",
];

#[test]
fn the_order_of_items_does_not_matter() {
    for items in [WALKS, CAGES] {
        let mut found: Vec<Vec<(String, _)>> = Vec::new();
        for turn in 0..items.len() {
            for reversed in [false, true] {
                let mut items = items.to_vec();
                items.rotate_left(turn);
                if reversed {
                    items.reverse();
                }
                let mut state = State { edition: 2021, ..State::default() };
                state.files.insert("src/lib.rs".to_owned(), items.join("\n").into());
                let analysis = all(&state, &state, &NoSummaries);
                let of = |function: &rememo_analyzer::report::Function| (function.path.clone(), function.source);
                found.push(analysis.functions.iter().map(of).collect());
            }
        }
        for other in &found[1..] {
            assert_eq!(&found[0], other);
        }
    }
}
