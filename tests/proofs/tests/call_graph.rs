//! The kinds of calls that a call graph may get wrong, each with the exact set of functions that it leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use rememo_analyzer::project::{Cfg, Package, PackageId, Project, Target, TargetKind};
use rememo_analyzer::report::Analysis;
use rememo_analyzer::source::NoSummaries;
use rememo_analyzer::{Roots, analyze};

const FEATURE: &str = "metric";

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/call-graph");
    let entries = std::fs::read_dir(&folder).expect("the fixtures are there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    assert!(files.len() >= 7, "a fixture of each kind");
    files
}

fn analysis(text: &str, feature: bool) -> Analysis {
    let target = Target { kind: TargetKind::Lib, name: "demo".into(), root: "src/lib.rs".into(), edition: None };
    let mut cfg = Cfg::default();
    cfg.names.insert("unix".into(), true);
    cfg.values.insert("feature".into(), feature.then(|| FEATURE.to_owned()).into_iter().collect());
    let package = Package {
        name: "demo".into(),
        version: "1.0.0".into(),
        edition: 2024,
        targets: vec![target],
        cfg,
        answered_by_compiler: true,
        external: None,
        ..Package::default()
    };
    let project = Project { packages: vec![package], subjects: vec![PackageId(0)], ..Project::default() };
    let files = BTreeMap::from([("src/lib.rs".to_owned(), text.to_owned())]);
    let analysis = analyze(&project, &files, &Roots::All, &NoSummaries);
    assert!(analysis.problems.is_empty(), "{:?}", analysis.problems);
    analysis
}

/// The line of each function that is annotated, what it must reach, and what it reaches without need, as far as is known.
fn expected(text: &str, feature: bool) -> Vec<(u32, BTreeSet<String>, BTreeSet<String>)> {
    let mut found = Vec::new();
    let mut waiting: Option<BTreeSet<String>> = None;
    let mut wasted = BTreeSet::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(list) = line.strip_prefix("// without need: ") {
            wasted = split_at_top(list.split(',').map(str::trim)).into_iter().collect();
        } else if let Some(rest) = line.strip_prefix("// reaches") {
            let (condition, list) = rest.split_once(':').expect("a condition or none, a colon, a list");
            let holds = match condition.trim().split_once(' ') {
                None => true,
                Some(("if", FEATURE)) => feature,
                Some(("unless", FEATURE)) => !feature,
                Some(_) => panic!("no such condition: {line}"),
            };
            if holds {
                let names = list.split(',').map(str::trim).filter(|name| *name != "nothing");
                waiting = Some(split_at_top(names).into_iter().collect());
            }
        } else if line.contains("fn ") && !line.starts_with("//") {
            let wasted = std::mem::take(&mut wasted);
            found.extend(waiting.take().map(|names| (number as u32 + 1, names, wasted)));
        }
    }
    found
}

/// Commas within `<>` part nothing.
fn split_at_top<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    for part in parts {
        match whole.last_mut() {
            Some(last) if last.matches('<').count() > last.matches('>').count() => {
                last.push_str(", ");
                last.push_str(part);
            }
            _ => whole.push(part.to_owned()),
        }
    }
    whole
}

#[test]
fn each_function_reaches_exactly_what_it_calls() {
    let mut wrong = Vec::new();
    let (mut compared, mut wasteful) = (0, 0);
    for file in fixtures() {
        let text = std::fs::read_to_string(&file).expect("the fixture can be read");
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for feature in [false, true] {
            let analysis = analysis(&text, feature);
            let bodies: BTreeSet<usize> = analysis.functions.iter().map(|function| function.item.0).collect();
            for (line, must, wasted) in expected(&text, feature) {
                let function = analysis.functions.iter().find(|function| function.line == line);
                let function = function.unwrap_or_else(|| panic!("{name}:{line} is a function"));
                let reached =
                    function.reaches.iter().filter(|item| **item != function.item && bodies.contains(&item.0));
                let reached: BTreeSet<String> =
                    reached.map(|item| analysis.items[item.0].path.replace("demo::", "")).collect();
                compared += 1;
                for missed in must.difference(&reached) {
                    wrong.push(format!("{name}:{line} {} misses {missed}", function.name));
                }
                let more: BTreeSet<String> = reached.difference(&must).cloned().collect();
                for more in more.difference(&wasted) {
                    wrong.push(format!("{name}:{line} {} reaches {more} without need", function.name));
                }
                for gone in wasted.difference(&more) {
                    wrong.push(format!("{name}:{line} {} reaches {gone} no more: the note can go", function.name));
                }
                wasteful += usize::from(!wasted.is_empty());
            }
        }
    }
    assert!(compared > 100, "{compared} sets were compared");
    println!("{wasteful} of {compared} sets hold more than they must");
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_compiler_accepts_each_fixture() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("call-graph");
    std::fs::create_dir_all(&out).expect("a folder for what is compiled");
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    for file in fixtures() {
        for feature in [None, Some("--cfg=feature=\"metric\"")] {
            let mut command = Command::new(&compiler);
            command.args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--cap-lints=allow", "--out-dir"]);
            let output = command.arg(&out).args(feature).arg(&file).output().expect("the compiler runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
