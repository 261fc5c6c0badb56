//! The rules of ARCHITECTURE.md that can be read off the sources, and whether that page and the README are true.
//!
//! Code is searched as text, without comments and without unit tests. Where a rule fails, the message says which line of
//! which file breaks it and where such code belongs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A source file's path below the repository, and its code.
type Source = (String, String);

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a member of the workspace").to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every `.rs` file below a folder, sorted; without modules of unit tests.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![repository().join(folder)];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())) {
            let path = entry.expect("the folder can be listed").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                if name != "tests" {
                    open.push(path);
                }
            } else if name.ends_with(".rs") && name != "tests.rs" {
                let path = path.strip_prefix(repository()).expect("it is below the repository");
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// Every source file below a folder with what the compiler compiles of it outside of tests.
fn sources(folder: &str) -> Vec<Source> {
    files(folder).into_iter().map(|path| (path.clone(), code(&read(&path)))).collect()
}

/// Blanks comments, and all from the first `#[cfg(test)]` on, which is where unit tests stand. Lines keep their numbers.
fn code(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("#[cfg(test)]") {
            break;
        }
        lines.push(if line.trim_start().starts_with("//") { "" } else { line });
    }
    lines.join("\n")
}

/// Whether `word` stands in `line` and is not the end or the start of a longer name.
fn mentions(line: &str, word: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (line[..at].chars().next_back(), line[at + word.len()..].chars().next());
        let starts_within = is_part(before) && is_part(word.chars().next());
        let ends_within = is_part(after) && is_part(word.chars().next_back());
        !starts_within && !ends_within
    })
}

/// Fails if one of the words stands in code below `folder` outside the allowed files; folders there end with `/`.
#[track_caller]
fn only(folder: &str, words: &[&str], allowed: &[&str], rule: &str) {
    let mut broken = Vec::new();
    for (path, code) in sources(folder) {
        let below = path.strip_prefix(folder).unwrap_or(&path).trim_start_matches('/');
        if allowed.iter().any(|place| below == *place || place.ends_with('/') && below.starts_with(place)) {
            continue;
        }
        for (number, line) in code.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| mentions(line, word)) {
                broken.push(format!("{path}:{}: `{word}` in `{}`", number + 1, line.trim()));
            }
        }
    }
    assert!(broken.is_empty(), "{rule}\n{}", broken.join("\n"));
}

/// Names in a manifest's `[dependencies]`.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let text = read(manifest);
    let section = text.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    section
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn names<'a>(list: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    list.into_iter().map(str::to_owned).collect()
}

#[test]
fn the_analyzer_reaches_the_outside_only_through_its_loader() {
    let outside = [
        "std::fs",
        "fs::",
        "File::",
        "std::env",
        "env::",
        "std::process",
        "Command::",
        "std::net",
        "std::time",
        "SystemTime",
        "Instant",
        "println!",
        "eprintln!",
        "print!",
        "eprint!",
        "dbg!",
        "include_str!(env",
        "exit(",
    ];
    only(
        "analyzer/src",
        &outside,
        &[],
        "the analyzer gets files from its `Loader` and says things in its report, no other way",
    );
}

#[test]
fn the_analyzer_depends_on_syntax_graphs_and_hashes_alone() {
    assert_eq!(
        dependencies("analyzer/Cargo.toml"),
        names(["petgraph", "proc-macro2", "quote", "rustc-hash", "sha2", "syn"]),
        "what the analyzer depends on, every user compiles, and it can make the analysis impure"
    );
}

#[test]
fn the_table_depends_on_nothing() {
    assert!(dependencies("build-support/table/Cargo.toml").is_empty(), "the table is linked by every part");
    only(
        "build-support/table/src",
        &["fs::", "env::", "std::io", "Command::"],
        &[],
        "the table says how it looks; reading and writing it is for others",
    );
}

#[test]
fn the_hook_has_few_dependencies() {
    assert_eq!(
        dependencies("build-support/Cargo.toml"),
        names(["rememo-analyzer", "rememo-table", "sha2", "tinyjson"]),
        "every user's cold build compiles the hook, unoptimized: measure (`cargo bench -p rememo-build`) before adding one"
    );
}

#[test]
fn the_runtime_never_depends_on_the_analyzer() {
    let manifests =
        [("rememo", "runtime"), ("rememo-macros", "runtime/macros"), ("rememo-table", "build-support/table")];
    let own: BTreeMap<&str, &str> = BTreeMap::from(manifests);
    for (name, folder) in manifests {
        for dependency in dependencies(&format!("{folder}/Cargo.toml")) {
            assert!(
                !dependency.starts_with("rememo") || own.contains_key(dependency.as_str()),
                "{name} depends on {dependency}: the runtime knows of the analysis what the table holds, nothing else"
            );
        }
    }
}

#[test]
fn only_normalization_hashes_syntax() {
    only(
        "analyzer/src",
        &["Sha256", "sha2", "DefaultHasher", "RandomState"],
        &["normalize/", "load.rs", "fingerprint.rs"],
        "syntax is hashed by `normalize`, files by `load`, digests by `fingerprint`; all else asks them",
    );
}

#[test]
fn only_the_store_knows_its_engine() {
    only("runtime/src", &["sled"], &["store/"], "the engine is the store's business");
    only("runtime/src/store", &["sled::"], &["index.rs"], "calls of sled stand in `index`, which walls its traps in");
    for manifest in manifests() {
        if manifest != "runtime/Cargo.toml" {
            assert!(!dependencies(&manifest).contains("sled"), "{manifest}: only the runtime depends on sled");
        }
    }
}

#[test]
fn only_the_record_knows_its_layout() {
    let numbers = ["to_le_bytes", "from_le_bytes", "to_ne_bytes", "from_ne_bytes"];
    let allowed = ["record/", "key.rs", "key/"];
    only("runtime/src", &numbers, &allowed, "bytes of records are written and read by `record::layout` alone");
}

#[test]
fn the_environment_is_read_in_few_places() {
    let reads =
        ["env::var", "env::var_os", "env::vars", "env::vars_os", "env::args", "env::args_os", "env::current_dir"];
    only("analyzer/src", &reads, &[], "the analyzer knows no environment");
    only("build-support/table/src", &reads, &[], "the table knows no environment");
    let runtime = ["mode.rs", "directory.rs", "exit.rs"];
    only("runtime/src", &reads, &runtime, "the runtime reads variables in `mode`, `directory` and `exit`");
    let macros = ["table.rs", "compiler.rs", "expand.rs"];
    only("runtime/macros/src", &reads, &macros, "the attribute asks cargo for its table and its target, nothing else");
    let hook = ["hook.rs", "workspace.rs"];
    only("build-support/src", &reads, &hook, "the hook reads variables in `hook` and `workspace`, and hands them on");
    // The name of a variable of cargo's is knowledge of cargo.
    let cargo = ["\"CARGO_", "\"OUT_DIR\""];
    only("analyzer/src", &cargo, &["include.rs"], "only `include` reads these names, as text in sources");
    only("runtime/src", &["\"CARGO_", "\"OUT_DIR\""], &["directory.rs"], "only `directory` looks for the workspace");
}

/// Manifests of the workspace's members.
fn manifests() -> Vec<String> {
    let root = read("Cargo.toml");
    let members = root.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    let manifests: Vec<String> =
        members.split('"').skip(1).step_by(2).map(|member| format!("{member}/Cargo.toml")).collect();
    assert!(manifests.len() > 5, "the root manifest lists its members: {manifests:?}");
    manifests
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    assert!(read("Cargo.toml").contains("unsafe_code = \"deny\""), "unsafe code is denied in the whole workspace");
    for manifest in manifests() {
        assert!(read(&manifest).contains("[lints]\nworkspace = true"), "{manifest}: add `[lints] workspace = true`");
    }
    for folder in
        ["analyzer/src", "build-support/src", "build-support/table/src", "runtime/src", "runtime/macros/src", "cli/src"]
    {
        let words = ["allow(unsafe_code", "expect(unsafe_code"];
        only(folder, &words, &["pages.rs"], "unsafe code needs a written proof, and a place on this list");
    }
}

#[test]
fn every_module_opens_with_what_it_is_for() {
    for section in code_map().into_keys() {
        for path in files(&section) {
            assert!(read(&path).starts_with("//!"), "{path}: begin with a `//!` line that says what the module is for");
        }
    }
}

/// The code map's sections: folder, and the names in backticks that stand for files of it.
fn code_map() -> BTreeMap<String, BTreeSet<String>> {
    let page = read("ARCHITECTURE.md");
    let map = page.split("## Code map").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let mut sections = BTreeMap::new();
    for section in map.split("\n### ").skip(1) {
        let (title, body) = section.split_once('\n').unwrap_or((section, ""));
        if let Some(folder) = title.strip_suffix('/') {
            let listed = body.split('`').skip(1).step_by(2).filter(|name| name.ends_with(".rs"));
            sections.insert(folder.to_owned(), names(listed));
        }
    }
    assert!(sections.len() > 5, "the code map has a section for each crate: {:?}", sections.keys());
    sections
}

#[test]
fn the_code_map_names_every_module_and_nothing_else() {
    let map = code_map();
    for manifest in manifests() {
        let folder = manifest.replace("Cargo.toml", "src");
        let inner = ["runtime/call-tests/src", "examples/flights/src"];
        assert!(
            map.contains_key(&folder) || inner.contains(&folder.as_str()),
            "ARCHITECTURE.md: add a section {folder}/"
        );
    }
    for (folder, listed) in map {
        let there: BTreeSet<String> = files(&folder)
            .iter()
            .filter_map(|path| path.strip_prefix(&format!("{folder}/")).map(str::to_owned))
            .collect();
        let missing: Vec<_> = there.difference(&listed).collect();
        assert!(missing.is_empty(), "ARCHITECTURE.md: the section {folder}/ lacks {missing:?}");
        let gone: Vec<_> = listed.difference(&there).collect();
        assert!(gone.is_empty(), "ARCHITECTURE.md: the section {folder}/ names {gone:?}, which are not there");
    }
}

#[test]
fn every_test_that_this_page_names_exists() {
    let page = read("ARCHITECTURE.md");
    let invariants = page.split("## Invariants").nth(1).unwrap_or_default();
    let named: BTreeSet<&str> = invariants
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| {
            name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        })
        .collect();
    assert!(named.len() > 20, "each invariant names its tests: {named:?}");
    let mut tests = String::new();
    for folder in ["analyzer", "build-support", "runtime", "cli", "tests"] {
        let mut open = vec![repository().join(folder)];
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(dir).expect("the folder can be listed").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    tests.push_str(&fs::read_to_string(&path).unwrap_or_default());
                    tests.push('\n');
                }
            }
        }
    }
    let missing: Vec<_> = named.iter().filter(|name| !tests.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names tests that are not there: {missing:?}");
}

#[test]
fn the_readme_lists_options_modes_and_exit_codes_as_they_are() {
    let readme = read("README.md");
    let options = read("runtime/macros/src/options.rs");
    let known = options.split("const KNOWN").nth(1).and_then(|rest| rest.split("\";").next()).unwrap_or_default();
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    assert!(known.len() >= 10, "the attribute lists its options: {known:?}");
    for option in known {
        let name = option.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        assert!(readme.contains(&format!("\n| `{name}")), "README.md lacks the option `{name}`");
    }
    for mode in ["on", "off", "refresh", "only", "verify"] {
        assert!(read("runtime/src/mode.rs").contains(&format!("(\"{mode}\", Mode::")), "`{mode}` is a mode");
        assert!(readme.contains(&format!("\n| `REMEMO={mode}`")), "README.md lacks REMEMO={mode}");
    }
    let manual = read("cli/README.md");
    let codes: Vec<&str> =
        manual.lines().filter(|line| line.starts_with("| ") && line[2..].starts_with(char::is_numeric)).collect();
    assert!(codes.len() >= 7, "the manual lists the exit codes: {codes:?}");
    for code in codes {
        assert!(readme.contains(code), "README.md lacks the exit code `{code}`");
    }
}

#[test]
fn continuous_integration_runs_the_readmes_test_command() {
    let command = "cargo test --workspace --locked";
    assert!(read("README.md").contains(&format!("\n    {command}\n")), "README.md says how to run all tests");
    assert!(read(".ci/run").contains(&format!("\nstep {command}\n")), ".ci/run runs all tests as README.md says");
}
