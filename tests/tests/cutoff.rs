//! Where an analysis isn't made because the one before still holds, it says exactly what the analysis would have said.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use rememo_analyzer::project::Project;
use rememo_analyzer::report::Analysis;
use rememo_analyzer::source::NoSummaries;
use rememo_analyzer::{Renewed, Roots, Watched, analyze_since, analyze_with_inputs, same_report};
use rememo_tests::memory::Memory;
use rememo_tests::scenario;
use rememo_tests::state::{State, VENDOR};

const BY: &[u8] = b"the tests";

/// A state that was analyzed once.
struct Before {
    memory: Memory,
    kept: Vec<u8>,
    said: Said,
}

/// What an analysis says, printed, if anybody asks.
type Anew<F> = LazyCell<String, F>;

/// A report, and what tells whether it stays as it is.
struct Said {
    project: Project,
    files: BTreeMap<String, Vec<u8>>,
    report: Analysis,
    watched: Vec<Watched>,
}

impl Said {
    fn of(state: &State, renewed: Renewed) -> Said {
        Said {
            project: state.project(),
            files: state.files.clone(),
            report: renewed.analysis,
            watched: renewed.watched,
        }
    }

    /// Whether the files of `after`, one by one, leave the report as it is; if so, it must be what an analysis says, but for
    /// their hashes.
    fn stays(&self, after: &State, anew: &Anew<impl FnOnce() -> String>, memory: &Memory, what: &str) -> bool {
        // Whoever asks knows that the project is the same.
        if format!("{:?}", self.project) != format!("{:?}", after.project()) {
            return false;
        }
        let mut report = self.report.clone();
        for Watched { path, known, .. } in &self.watched {
            let (before, now) = (self.files.get(path), after.files.get(path));
            let (Some(known), Some(now)) = (known, now) else {
                if before.is_some() != now.is_some() {
                    return false;
                }
                continue;
            };
            let Some((content, renewed)) = same_report(known, now, memory) else { return false };
            assert_eq!(before == Some(now), renewed == *known, "{what}: {path}");
            let again = same_report(&renewed, now, memory).map(|(_, again)| again);
            assert_eq!(again, Some(renewed), "{what}: {path} stays as it is now");
            report.files.iter_mut().filter(|file| file.path == *path).for_each(|file| file.hash = Some(content));
        }
        assert_eq!(format!("{report:#?}"), **anew, "{what}");
        true
    }
}

impl Before {
    fn of(state: &State) -> Before {
        let memory = Memory::default();
        let first = renewed(state, None, &memory);
        assert!(first.is_made, "there was nothing before");
        let kept = first.kept.clone().expect("a first analysis keeps something");
        Before { kept, memory, said: Said::of(state, first) }
    }

    /// Whether the state after needs no analysis; if so, the answer must be that of one.
    fn holds(&self, after: &State, what: &str) -> bool {
        let renewed = renewed(after, Some(&self.kept), &self.memory);
        let anew = LazyCell::new(|| format!("{:#?}", anew(after)));
        let stays = self.said.stays(after, &anew, &self.memory, what);
        if renewed.is_made {
            assert!(!stays, "{what}: what stays as it is can be brought up to date");
            return false;
        }
        assert_eq!(format!("{:#?}", renewed.analysis), *anew, "{what}");
        let brought_up_to_date = Said::of(after, renewed);
        assert!(brought_up_to_date.stays(after, &anew, &self.memory, what), "{what}: nothing changed since");
        true
    }
}

/// What an analysis says that knows nothing of any before.
fn anew(state: &State) -> Analysis {
    let mut analysis = analyze_with_inputs(&state.project(), state, &Roots::Cached, &NoSummaries);
    analysis.items.iter_mut().for_each(|item| item.mentions.clear());
    analysis
}

fn renewed(state: &State, kept: Option<&[u8]>, memory: &Memory) -> Renewed {
    analyze_since(kept, BY, &state.project(), state, &Roots::Cached, memory, true)
}

/// The state with another text in one file.
fn with(state: &State, path: &str, text: String) -> State {
    let mut after = state.clone();
    after.files.insert(path.to_owned(), text.into_bytes());
    after
}

/// Every file of Rust code, with its text. What cargo unpacked stays as it is: other content is another version.
fn sources(state: &State) -> impl Iterator<Item = (&str, &str)> {
    let files = state.files.iter().filter(|(path, _)| path.ends_with(".rs") && !path.starts_with(VENDOR));
    files.filter_map(|(path, content)| Some((path.as_str(), std::str::from_utf8(content).ok()?)))
}

/// Makes an edit in many places of every scenario's crate; says how many were made and how many needed no analysis.
fn everywhere(edits: impl Fn(&str) -> Vec<String>) -> (usize, usize) {
    let (mut made, mut held) = (0, 0);
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        let before = Before::of(&scenario.before);
        for (path, text) in sources(&scenario.before) {
            for (at, edited) in edits(text).into_iter().enumerate() {
                let what = format!("{}, {path}, edit {at}:\n{edited}", scenario.name);
                made += 1;
                held += usize::from(before.holds(&with(&scenario.before, path, edited), &what));
            }
        }
    }
    println!("{made} edits, {held} without an analysis");
    (made, held)
}

#[test]
fn every_edit_of_every_scenario_is_answered_as_if_nothing_were_known() {
    let (mut made, mut held) = (0, 0);
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        let before = Before::of(&scenario.before);
        assert!(before.holds(&scenario.before, &scenario.name), "{}: nothing changed", scenario.name);
        for edit in &scenario.edits {
            made += 1;
            held += usize::from(before.holds(&edit.after, &format!("{}, {}", scenario.name, edit.title)));
        }
    }
    println!("{made} edits, {held} without an analysis");
    assert!(held > made / 10, "many edits leave all names and types as they are: {held} of {made}");
}

#[test]
fn lines_that_only_move_need_no_analysis() {
    let (made, held) = everywhere(|text| {
        let lines: Vec<&str> = text.lines().collect();
        let places = (0..lines.len()).step_by(7);
        places.map(|at| format!("{}\n// moved\n\n{}\n", lines[..at].join("\n"), lines[at..].join("\n"))).collect()
    });
    assert!(held > made / 2, "a comment leaves all names and types as they are: {held} of {made}");
}

#[test]
fn other_numbers_make_other_fingerprints_without_an_analysis() {
    let (made, held) = everywhere(|text| {
        let digits = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
        // `u8` is no number, and `0` may be the number of a field.
        let is_alone = |at: &usize| {
            let (before, after) = (text[..*at].chars().next_back(), text[at + 1..].chars().next());
            !before.into_iter().chain(after).any(|c| c.is_alphanumeric() || c == '_' || c == '.')
        };
        digits.filter(is_alone).map(|at| format!("{}7{}", &text[..at], &text[at + 1..])).collect()
    });
    assert!(held > made / 2, "a number leaves all names and types as they are: {held} of {made}");
}

#[test]
fn a_body_that_no_cached_function_comes_to_may_become_anything() {
    let mut state = State { edition: 2021, ..State::default() };
    let cached = "mod other;\n\n#[rememo::cached]\npub fn f(x: u32) -> u32 {\n    g(x)\n}\n\nfn g(x: u32) -> u32 {\n    x + 1\n}\n";
    let other = |body: &str| format!("pub fn unused(x: u32) -> u32 {{\n    {body}\n}}\n\npub struct S;\n");
    state.files.insert("src/lib.rs".to_owned(), cached.into());
    state.files.insert("src/other.rs".to_owned(), other("x").into());
    let before = Before::of(&state);
    let edited = |path: &str, text: String| with(&state, path, text);
    assert!(before.holds(&edited("src/other.rs", other("let y = x.pow(2);\n    y.max(crate::f(3))")), "unused"));
    assert!(!before.holds(&edited("src/other.rs", other("fn inner() {}\n    inner(); x")), "an item more"));
    assert!(
        !before.holds(&edited("src/lib.rs", cached.replace("x + 1", "x - 1")), "another operator where f comes by")
    );
    assert!(before.holds(&edited("src/lib.rs", cached.replace("x + 1", "x + 2")), "another number"));
    assert!(!before.holds(&edited("src/lib.rs", cached.replace("fn g(x: u32)", "fn g(x: u64)")), "another type"));
    assert!(!before.holds(&edited("src/lib.rs", cached.replace("x + 1", "x +")), "no Rust"));
    let mut gone = state.clone();
    gone.files.remove("src/other.rs");
    assert!(!before.holds(&gone, "a file that is gone"));
}

#[test]
fn a_report_stays_as_it_is_if_nothing_that_it_shows_moved_or_changed() {
    let mut state = State { edition: 2021, ..State::default() };
    let text = "pub fn first(x: u32) -> u32 {\n    x\n}\n\n#[rememo::cached]\npub fn f(x: u32) -> u32 {\n    std::env::var(\"A\").map_or(x, |a| a.len() as u32 + 1)\n}\n\npub fn last() {\n}\n";
    state.files.insert("src/lib.rs".to_owned(), text.into());
    let before = Before::of(&state);
    let stays = |text: String| {
        let after = with(&state, "src/lib.rs", text);
        let anew = LazyCell::new(|| format!("{:#?}", anew(&after)));
        before.said.stays(&after, &anew, &before.memory, "the one file")
    };
    assert!(stays(text.to_owned()), "nothing");
    assert!(stays(text.replace("    x\n", "    x * x\n")), "a body that nobody comes to");
    assert!(
        stays(text.replace("last() {\n", "last() {\n    first(3);\n")),
        "another one, with lines after all that is shown"
    );
    assert!(stays(format!("{text}// A comment.\n")), "a comment at the end");
    assert!(!stays(text.replace("    x\n", "    x\n        * x\n")), "what is below moves");
    assert!(!stays(text.replace("pub fn f(", "pub  fn f(")), "its name moves in its line");
    assert!(!stays(text.replace("1)", "2)")), "another number in it");
    assert!(!stays(text.replace("1)\n", "1)\n\n")), "its end moves");
    assert!(
        !stays(text.replace("    std::env::var(\"A\")", "    // A comment.\n    std::env::var(\"A\")")),
        "what it reads moves"
    );
    assert!(!stays(format!("{text}pub fn more() {{}}\n")), "an item more");
    assert!(!stays(text.replace("last() {", "last() {{")), "no Rust");
    let damaged = |at: usize| {
        let mut known = before.said.watched[0].known.clone().expect("a file that is there");
        known[at] ^= 1;
        same_report(&known, text.replace("x\n", "x * x\n").as_bytes(), &before.memory).is_some()
    };
    assert!((0..before.said.watched[0].known.as_ref().map_or(0, Vec::len)).all(|at| !damaged(at)), "damage is noticed");
}

#[test]
fn a_file_that_a_string_names_counts_as_soon_as_it_is_there() {
    let mut state = State { edition: 2021, ..State::default() };
    let text = "#[rememo::cached]\npub fn f() -> u32 {\n    unknown::page!(\"page.txt\")\n}\n";
    state.files.insert("src/lib.rs".to_owned(), text.into());
    let before = Before::of(&state);
    assert!(before.holds(&with(&state, "other.txt", String::new()), "a file that nobody names"));
    let after = with(&state, "page.txt", "1".to_owned());
    assert!(anew(&after).files.iter().any(|file| file.path == "page.txt"), "it is an input");
    assert!(!before.holds(&after, "the file that is named"));
}

#[test]
fn what_a_module_asks_of_the_configuration_is_seen_by_all_that_is_in_it() {
    let mut state = State { edition: 2021, ..State::default() };
    let text = "#[cfg_attr(feature = \"a\", path = \"other.rs\")]\nmod other;\n\n#[rememo::cached]\npub fn f(x: u32) -> u32 {\n    other::g(x)\n}\n";
    state.files.insert("src/lib.rs".to_owned(), text.into());
    state.files.insert("src/other.rs".to_owned(), "pub fn g(x: u32) -> u32 {\n    x + 1\n}\n".into());
    let before = Before::of(&state);
    assert!(before.holds(&with(&state, "src/lib.rs", format!("// A comment.\n{text}")), "a comment"));
    assert!(!before.holds(&with(&state, "src/lib.rs", text.replace("\"a\"", "\"b\"")), "another feature"));
    let two = text.replace("mod other", "#[cfg_attr(feature = \"c\", macro_use)]\nmod other");
    let asked = Before::of(&with(&state, "src/lib.rs", two.clone()));
    let other = with(&state, "src/lib.rs", two.replace("\"c\"", "\"d\""));
    assert!(!asked.holds(&other, "a module has no digest of its own, so all that is asked there is for all to see"));
}

#[test]
fn what_was_kept_may_be_damaged_or_another_program_s() {
    let scenario = scenario::all().unwrap_or_else(|error| panic!("{error}")).swap_remove(0);
    let state = &scenario.before;
    let before = Before::of(state);
    let another = analyze_since(
        Some(&before.kept),
        b"another version",
        &state.project(),
        state,
        &Roots::Cached,
        &before.memory,
        true,
    );
    assert!(another.is_made);
    assert!(renewed(state, Some(&before.kept), &Memory::default()).is_made.eq(&false), "no file changed");
    let whole = format!("{:?}", anew(state));
    for at in 0..before.kept.len() {
        let cut = renewed(state, Some(&before.kept[..at]), &before.memory);
        assert_eq!(format!("{:?}", cut.analysis), whole, "cut at {at}");
    }
}
