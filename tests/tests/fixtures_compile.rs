//! A scenario is worth something only if rustc accepts every state of it.

use std::sync::Mutex;

use rememo_tests::compiler::Compiler;
use rememo_tests::scenario;
use rememo_tests::state::State;

#[test]
fn the_compiler_accepts_every_state_of_every_scenario() {
    let mut states: Vec<(String, State)> = Vec::new();
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        for edit in scenario.edits {
            states.push((format!("{}, after `{}`", scenario.name, edit.title), edit.after));
        }
        states.push((format!("{}, before any edit", scenario.name), scenario.before));
    }
    let count = states.len();
    let dir = tempfile::tempdir().expect("a temporary folder");
    let compiler = Compiler::new(dir.path()).expect("the stand-in compiles");
    let work = Mutex::new(states.into_iter().enumerate());
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = work.lock().expect("no thread panics here").next();
                    let Some((number, (name, state))) = next else { break };
                    let result = compiler.check(&state, &dir.path().join(number.to_string()));
                    if let Err(words) = result {
                        failures.lock().expect("no thread panics here").push(format!("{name}:\n{words}"));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("all threads are done");
    assert!(failures.is_empty(), "{} of {count} states don't compile:\n\n{}", failures.len(), failures.join("\n"));
}

/// Names that follow `fn` after a `#[cached]`.
fn cached_functions(state: &State) -> Vec<String> {
    let mut names = Vec::new();
    for (path, content) in &state.files {
        let text = String::from_utf8_lossy(content);
        let mut lines = text.lines().filter(|_| path.ends_with(".rs") && !path.starts_with("vendor"));
        while let Some(line) = lines.next() {
            if line.contains("cached]") || line.contains("cached(") {
                let function = lines.find_map(|line| line.split_once("fn ")).map(|(_, rest)| rest);
                names.extend(function.and_then(|rest| rest.split(['(', '<']).next()).map(str::to_owned));
            }
        }
    }
    names
}

#[test]
fn every_edit_has_an_answer_for_every_cached_function() {
    let mut missing = Vec::new();
    for scenario in scenario::all().unwrap_or_else(|error| panic!("{error}")) {
        for edit in &scenario.edits {
            let answered: Vec<&str> =
                edit.recompute.iter().chain(&edit.keep).filter_map(|name| name.rsplit("::").next()).collect();
            assert!(edit.recompute.is_disjoint(&edit.keep), "{}, `{}`: two answers", scenario.name, edit.title);
            for name in cached_functions(&scenario.before) {
                // A name that a macro fills in can't be read off the text.
                if !name.starts_with('$') && !answered.contains(&name.as_str()) {
                    missing.push(format!("{}, `{}`: {name}", scenario.name, edit.title));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no answer for\n{}", missing.join("\n"));
}
