//! Bad sources are reported with file and line. Nothing panics, hangs or takes memory without bound.
//!
//! Each analysis runs on a thread with the stack of an ordinary one (2 MiB), under a watchdog.

use std::collections::BTreeMap;
use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rememo_analyzer::report::{Analysis, Problem, ProblemKind, WidenedKind};
use rememo_analyzer::source::NoSummaries;
use rememo_analyzer::{Roots, analyze};
use rememo_tests::scenario::testdata;
use rememo_tests::state::State;

/// What any test's analysis may take in an unoptimized build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

const STACK: usize = 2 << 20;

fn state(files: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> State {
    let files: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(path, content)| (path.to_owned(), content)).collect();
    State { files, edition: 2021, ..State::default() }
}

fn fixture(name: &str) -> Vec<u8> {
    let path = testdata().join("bad-input").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Analyzes all functions, then the cached ones.
#[track_caller]
fn analyze_safely(state: State) -> Analysis {
    within_patience(move || {
        let project = state.project();
        analyze(&project, &state, &Roots::All, &NoSummaries);
        analyze(&project, &state, &Roots::Cached, &NoSummaries)
    })
}

#[track_caller]
fn within_patience(run: impl FnOnce() -> Analysis + Send + 'static) -> Analysis {
    let (sender, receiver) = mpsc::channel();
    // A closed channel means that the watchdog gave up.
    let run = move || drop(sender.send(run()));
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread");
    match receiver.recv_timeout(PATIENCE) {
        Ok(analysis) => {
            thread.join().expect("the analyzer doesn't panic");
            analysis
        }
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("the analyzer hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => panic!("the analyzer panicked: {:?}", thread.join().err()),
    }
}

#[track_caller]
fn problem(analysis: &Analysis, kind: ProblemKind) -> &Problem {
    let found = analysis.problems.iter().find(|problem| problem.kind == kind);
    found.unwrap_or_else(|| panic!("no {kind:?} among {:#?}", analysis.problems))
}

#[track_caller]
fn assert_widened(analysis: &Analysis, function: &str) {
    let found = analysis.functions.iter().find(|found| found.name == function);
    let found = found.unwrap_or_else(|| panic!("{function} is not among {:?}", paths(analysis)));
    assert!(!found.widened.is_empty(), "{function} is not widened");
}

fn paths(analysis: &Analysis) -> Vec<&str> {
    analysis.functions.iter().map(|function| function.path.as_str()).collect()
}

/// A cached function around an expression.
fn around(expression: &str) -> Vec<u8> {
    format!("#[rememo::cached]\npub fn deep() -> u32 {{\n    {expression}\n}}\n").into_bytes()
}

#[test]
fn a_file_that_does_not_parse_is_reported_with_its_line() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("does-not-parse.rs"))]));
    let problem = problem(&analysis, ProblemKind::Syntax);
    assert_eq!((problem.file.as_str(), problem.line), ("src/lib.rs", 6));
    assert!(!problem.message.is_empty());
}

#[test]
fn unbalanced_braces_are_reported() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("unbalanced.rs"))]));
    let problem = problem(&analysis, ProblemKind::Syntax);
    assert_eq!(problem.file, "src/lib.rs");
    assert!(problem.line > 0, "{problem:?}");
}

#[test]
fn a_module_that_does_not_parse_widens_those_who_may_reach_it() {
    let lib = "mod broken;\n#[rememo::cached]\npub fn through() -> u32 { broken::value() }\n";
    let analysis = analyze_safely(state([("src/lib.rs", lib.into()), ("src/broken.rs", fixture("does-not-parse.rs"))]));
    assert_eq!(problem(&analysis, ProblemKind::Syntax).file, "src/broken.rs");
    assert_widened(&analysis, "through");
}

#[test]
fn an_edit_of_a_file_that_does_not_parse_is_never_missed() {
    let lib = "mod broken;\n#[rememo::cached]\npub fn through() -> u32 { broken::value() }\n";
    let with = |broken: &str| {
        let analysis = analyze_safely(state([("src/lib.rs", lib.into()), ("src/broken.rs", broken.into())]));
        let function = analysis.functions.into_iter().find(|function| function.name == "through");
        let function = function.expect("the function is found");
        let opaque = function.widened.iter().any(|widened| widened.kind == WidenedKind::Opaque);
        (function.source, opaque)
    };
    let (before, opaque) = with("pub fn value() -> u32 { let = 1; }");
    let (after, _) = with("pub fn value() -> u32 { let = 2; }");
    assert!(opaque || before != after);
}

#[test]
fn a_missing_module_is_reported_where_it_is_declared() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("missing-module.rs"))]));
    let problem = problem(&analysis, ProblemKind::Missing);
    assert!(format!("{} {}", problem.file, problem.message).contains("absent"), "{problem:?}");
    assert_eq!((problem.file.as_str(), problem.line), ("src/lib.rs", 9));
    assert_widened(&analysis, "uses_absent");
}

#[test]
fn a_missing_root_is_reported() {
    let mut state = state([("src/lib.rs", Vec::new())]);
    let project = state.project();
    state.files.clear();
    let analysis = analyze(&project, &state, &Roots::All, &NoSummaries);
    assert_eq!(problem(&analysis, ProblemKind::Missing).file, "src/lib.rs");
}

#[test]
fn a_missing_included_file_is_reported() {
    let lib = "#[rememo::cached]\npub fn text() -> &'static str { include_str!(\"absent.txt\") }\n";
    let analysis = analyze_safely(state([("src/lib.rs", lib.into())]));
    let problem = problem(&analysis, ProblemKind::Include);
    assert!(format!("{} {}", problem.file, problem.message).contains("absent.txt"), "{problem:?}");
    assert_eq!((problem.file.as_str(), problem.line), ("src/lib.rs", 2));
}

#[test]
fn names_that_lead_in_circles_come_to_an_end() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("cyclic-re-export.rs"))]));
    assert_eq!(paths(&analysis), ["app::lost"]);
}

#[test]
fn a_macro_that_recurses_for_ever_is_reported() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("endless-macro.rs"))]));
    let problem = problem(&analysis, ProblemKind::Recursion);
    assert_eq!(problem.file, "src/lib.rs");
    assert!(problem.line > 0, "{problem:?}");
    assert_widened(&analysis, "endless");
    assert_widened(&analysis, "in_turns");
}

#[test]
fn a_macro_that_doubles_at_each_level_is_reported() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("exploding-macro.rs"))]));
    assert_eq!(problem(&analysis, ProblemKind::Recursion).file, "src/lib.rs");
    assert_widened(&analysis, "exploding");
    assert_widened(&analysis, "growing");
}

#[test]
fn a_file_that_is_not_utf_8_is_reported() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("not-utf-8.rs"))]));
    let problem = problem(&analysis, ProblemKind::Encoding);
    assert_eq!((problem.file.as_str(), problem.line), ("src/lib.rs", 4));
}

#[test]
fn bytes_that_are_included_need_not_be_utf_8() {
    let lib = "#[rememo::cached]\npub fn bytes() -> &'static [u8] { include_bytes!(\"data.bin\") }\n";
    let analysis = analyze_safely(state([("src/lib.rs", lib.into()), ("src/data.bin", vec![0, 255, 254])]));
    assert_eq!(analysis.problems, []);
}

#[test]
fn a_file_that_is_its_own_module_comes_to_an_end() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("module-circle.rs"))]));
    assert!(!analysis.functions.is_empty());
}

#[test]
fn a_file_that_includes_itself_comes_to_an_end() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("self-including.rs"))]));
    assert!(!analysis.functions.is_empty());
}

#[test]
fn names_that_mean_nothing_are_taken_as_they_come() {
    let analysis = analyze_safely(state([("src/lib.rs", fixture("nonsense.rs"))]));
    assert_eq!(paths(&analysis), ["app::lost"]);
    assert_widened(&analysis, "lost");
}

#[test]
fn an_empty_file_has_no_functions_and_no_problems() {
    let analysis = analyze_safely(state([("src/lib.rs", Vec::new())]));
    assert!(analysis.functions.is_empty());
    assert_eq!(analysis.problems, []);
}

#[test]
fn ten_thousand_parentheses_are_survived() {
    let expression = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let analysis = analyze_safely(state([("src/lib.rs", around(&expression))]));
    assert!(!analysis.functions.is_empty() || !analysis.problems.is_empty());
}

#[test]
fn ten_thousand_blocks_references_and_signs_are_survived() {
    for (open, close) in
        [("{", "}"), ("[", "]"), ("&", ""), ("-", ""), ("!", ""), ("f(", ")"), ("|x| ", ""), ("if 1 {} else ", "{}")]
    {
        let expression = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let analysis = analyze_safely(state([("src/lib.rs", around(&expression))]));
        assert!(!analysis.functions.is_empty() || !analysis.problems.is_empty(), "{open}");
    }
}

#[test]
fn long_chains_of_operators_and_calls_are_survived() {
    for link in [" + 1", ".max(1)", "?", "[0]", " as u32", ".await"] {
        let expression = format!("1{}", link.repeat(10_000));
        let analysis = analyze_safely(state([("src/lib.rs", around(&expression))]));
        assert!(!analysis.functions.is_empty() || !analysis.problems.is_empty(), "{link}");
    }
}

#[test]
fn deeply_nested_types_patterns_and_modules_are_survived() {
    let types = format!("type Deep = {}u8{};", "Vec<".repeat(5_000), ">".repeat(5_000));
    let pattern = format!("fn deep({}x{}: u8) {{}}", "(".repeat(5_000), ",)".repeat(5_000));
    let modules = format!("{}{}", "mod m { ".repeat(2_000), "}".repeat(2_000));
    let uses = format!("use {}x{};", "a::{".repeat(5_000), "}".repeat(5_000));
    for source in [types, pattern, modules, uses] {
        let source = format!("{source}\n#[rememo::cached]\npub fn shallow() {{}}\n");
        let analysis = analyze_safely(state([("src/lib.rs", source.into_bytes())]));
        assert!(!analysis.functions.is_empty() || !analysis.problems.is_empty());
    }
}

#[test]
fn deep_nesting_that_a_macro_hides_is_survived() {
    let depth = 10_000;
    let lib = format!(
        "macro_rules! id {{ ($e:expr) => {{ $e }}; }}\n\
         macro_rules! tokens {{ ($($t:tt)*) => {{ $($t)* }}; }}\n\
         #[rememo::cached]\npub fn deep() -> u32 {{ id!({open}1{close}) + tokens!({open}1{close}) }}\n",
        open = "(".repeat(depth),
        close = ")".repeat(depth)
    );
    let analysis = analyze_safely(state([("src/lib.rs", lib.into_bytes())]));
    assert!(!analysis.functions.is_empty() || !analysis.problems.is_empty());
}

#[test]
fn a_ten_megabyte_source_file_is_survived() {
    let mut lib = String::from("#[rememo::cached]\npub fn first() -> u32 { value_0() }\n");
    let mut number = 0;
    while lib.len() < 10 << 20 {
        lib.push_str(&format!(
            "/// Value number {number}, one of very many that some generator has written.\n\
             pub fn value_{number}() -> u32 {{\n    let table = [{number}, 1, 2, 3, 4, 5, 6, 7, 8, 9];\n    \
             // {}\n    table.iter().sum()\n}}\n",
            "x".repeat(2_000)
        ));
        number += 1;
    }
    let analysis = analyze_safely(state([("src/lib.rs", lib.into_bytes())]));
    let too_large = analysis.problems.iter().any(|problem| problem.kind == ProblemKind::TooLarge);
    assert!(too_large || paths(&analysis) == ["app::first"], "{:?}", analysis.problems);
}

#[test]
fn a_macro_with_a_huge_input_is_survived() {
    let mut lib = String::from(
        "macro_rules! table { ($($value:expr),* $(,)?) => { [$($value),*] }; }\n\
         #[rememo::cached]\npub fn sum() -> u32 { table![",
    );
    for number in 0..100_000 {
        lib.push_str(&format!("{number}, "));
    }
    lib.push_str("].iter().sum() }\n");
    let analysis = analyze_safely(state([("src/lib.rs", lib.into_bytes())]));
    assert_eq!(paths(&analysis), ["app::sum"]);
}

#[test]
fn a_macro_that_eats_its_input_token_by_token_is_survived() {
    let mut lib = String::from(
        "macro_rules! count { () => { 0 }; ($head:tt $($tail:tt)*) => { 1 + count!($($tail)*) }; }\n\
         #[rememo::cached]\npub fn counted() -> u32 { count!(",
    );
    lib.push_str(&"x ".repeat(5_000));
    lib.push_str(") }\n");
    let analysis = analyze_safely(state([("src/lib.rs", lib.into_bytes())]));
    assert_widened(&analysis, "counted");
}

#[test]
fn a_macro_pattern_that_could_match_in_very_many_ways_is_survived() {
    let lib = format!(
        "macro_rules! hard {{ ($($(a)* $(a)* $(a)*;)*) => {{ 1 }}; ($($t:tt)*) => {{ 2 }}; }}\n\
         #[rememo::cached]\npub fn hard() -> u32 {{ hard!({}b) }}\n",
        "a ".repeat(500)
    );
    let analysis = analyze_safely(state([("src/lib.rs", lib.into_bytes())]));
    assert_eq!(paths(&analysis), ["app::hard"]);
}

/// A cached function in front of so many functions that each calls the next, the last one the first.
fn ring(functions: usize) -> State {
    let mut lib = String::from("#[rememo::cached]\npub fn start() -> u32 { f0() }\n");
    for number in 0..functions {
        lib.push_str(&format!("fn f{number}() -> u32 {{ f{}() }}\n", (number + 1) % functions));
    }
    state([("src/lib.rs", lib.into_bytes())])
}

#[test]
fn a_function_that_reaches_ten_thousand_others_is_survived() {
    let state = ring(10_000);
    let analysis = within_patience(move || analyze(&state.project(), &state, &Roots::Cached, &NoSummaries));
    assert_eq!(paths(&analysis), ["app::start"]);
    assert!(analysis.functions[0].reaches.len() > 10_000, "{}", analysis.functions[0].reaches.len());
}

#[test]
fn two_thousand_functions_that_all_reach_one_another_are_survived() {
    let analysis = analyze_safely(ring(2_000));
    assert_eq!(paths(&analysis), ["app::start"]);
}
