//! With a real cargo: what is printed, what makes the hook run again, what ends up in `OUT_DIR`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::fixture::Trees;

/// One run of cargo, and the files in `OUT_DIR` after it: the next run writes to the same folder.
pub(crate) struct Run {
    out_dir: PathBuf,
    table: BTreeMap<String, String>,
    rules: BTreeSet<String>,
    /// What cargo said: warnings, what was fresh and what was not.
    pub(crate) said: String,
}

impl Run {
    fn reran(&self) -> bool {
        assert!(self.said.contains("Fresh hooked") || self.said.contains("hooked v0.1."), "{}", self.said);
        !self.said.contains("Fresh hooked")
    }

    fn table(&self, file: &str) -> Option<&str> {
        self.table.get(file).map(String::as_str)
    }

    /// The source field of the entries in `fn/NAME.rs`.
    fn sources(&self, name: &str) -> Vec<String> {
        let text = self.table(&format!("fn/{name}.rs")).unwrap_or_default();
        text.lines().filter(|line| line.trim_start().starts_with("source:")).map(str::to_owned).collect()
    }

    /// A program that was built.
    fn program(&self, path: &str) -> PathBuf {
        // OUT_DIR is `debug/build/PACKAGE-HASH/out`.
        let profile = self.out_dir.ancestors().nth(3).expect("a target folder");
        profile.join(path).with_extension(std::env::consts::EXE_EXTENSION)
    }

    pub(crate) fn warnings(&self) -> Vec<&str> {
        self.said.lines().filter(|line| line.contains("rememo: ")).collect()
    }
}

/// A copy of `hooked`, ready to be built.
pub(crate) struct Package(Trees);

impl Package {
    pub(crate) fn new() -> Package {
        let trees = Trees::new();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        trees.edit("hooked/Cargo.toml", "\"@REMEMO_BUILD@\"", &format!("{here:?}"));
        // In a shared target folder cargo takes two packages of one name and version for one, wherever they are.
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let version = format!("\"0.1.{}\"", NUMBER.fetch_add(1, Ordering::Relaxed));
        for manifest in ["Cargo.toml", "near/Cargo.toml", "rememo/Cargo.toml"] {
            trees.edit(&format!("hooked/{manifest}"), "\"0.1.0\"", &version);
        }
        // The versions that this repository uses: they are in cargo's cache.
        fs::copy(here.join("../Cargo.lock"), trees.path("hooked/Cargo.lock")).expect("a lock file");
        Package(trees)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        self.0.write(&format!("hooked/{path}"), text);
    }

    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        self.0.edit(&format!("hooked/{path}"), from, to);
    }

    pub(crate) fn build(&self) -> Run {
        self.build_with(&[], &[])
    }

    /// What cargo says of a build that must fail.
    pub(crate) fn fails(&self) -> String {
        let output = self.cargo(&[], &[]).output().expect("a cargo");
        assert!(!output.status.success(), "the build must fail");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    fn cargo(&self, arguments: &[&str], env: &[(&str, &str)]) -> Command {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hook");
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["build", "--offline", "-v", "--message-format", "json"])
            .args(arguments)
            .current_dir(self.0.path("hooked"))
            .env("CARGO_TARGET_DIR", target)
            .env_remove("RUSTFLAGS")
            .envs(env.iter().copied());
        command
    }

    fn build_with(&self, arguments: &[&str], env: &[(&str, &str)]) -> Run {
        let output = self.cargo(arguments, env).output().expect("a cargo");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let messages = String::from_utf8_lossy(&output.stdout);
        let ours = |line: &&str| line.contains("\"build-script-executed\"") && line.contains("/hooked#");
        let message = messages.lines().find(ours).expect("a build script that ran");
        let out_dir =
            message.split("\"out_dir\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("its OUT_DIR");
        let out_dir = PathBuf::from(out_dir);
        let output = fs::read_to_string(out_dir.with_file_name("output")).expect("what the script printed");
        let rules = output
            .lines()
            .filter_map(|line| line.strip_prefix("cargo::rerun-if-changed="))
            .map(str::to_owned)
            .collect();
        let mut table = BTreeMap::new();
        for folder in ["", "fn/"] {
            for entry in fs::read_dir(out_dir.join("rememo").join(folder)).expect("a table").flatten() {
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    table.insert(format!("{folder}{}", entry.file_name().display()), text);
                }
            }
        }
        Run { out_dir, table, rules, said }
    }
}

#[test]
fn exactly_what_was_read_is_watched_and_nothing_else_makes_the_hook_run_again() {
    let package = Package::new();
    let first = package.build();
    let expected = [
        "Cargo.lock",
        "Cargo.toml",
        "data/numbers.txt",
        "examples",
        "examples/tour.rs",
        "near/Cargo.toml",
        "near/src/lib.rs",
        "rememo/Cargo.toml",
        "rememo/src/lib.rs",
        "src",
        "src/main.rs",
        "src/steps.rs",
    ];

    // A configuration of the machine's cargo is watched too, where there is one.
    let rules: Vec<_> = first.rules.iter().map(String::as_str).filter(|rule| !rule.contains(".cargo")).collect();
    assert_eq!(rules, expected);
    assert_eq!(first.warnings(), [""; 0]);

    assert!(!package.build().reran(), "nothing was edited");
    package.write("notes.txt", "edited\n");
    assert!(!package.build().reran(), "a file that nothing reads was edited");
    package.write("data/numbers.txt", "1\n2\n3\n");
    let second = package.build();
    assert!(second.reran());
    assert_ne!(first.sources("total"), second.sources("total"));
    package.edit("near/src/lib.rs", "2 * n", "n + n");
    let third = package.build();
    assert!(third.reran());
    assert_ne!(second.sources("total"), third.sources("total"));
    assert!(!package.build().reran(), "nothing was edited");
}

#[test]
fn a_new_example_is_seen() {
    let package = Package::new();
    assert_eq!(package.build().sources("guide"), [""; 0]);
    package.write(
        "examples/guide.rs",
        "#[rememo::cached]\nfn guide() -> u8 {\n    7\n}\n\nfn main() {\n    guide();\n}\n",
    );
    let run = package.build_with(&["--examples"], &[]);
    assert_eq!(run.sources("guide").len(), 1);
    assert!(run.table("fn/guide.rs").is_some_and(|text| text.contains("\"example:guide\"")));
}

#[test]
fn an_edit_of_nothing_that_counts_leaves_the_table_as_it_was() {
    let package = Package::new();
    let before = package.build();
    let written =
        |run: &Run, file: &str| fs::metadata(run.out_dir.join("rememo").join(file)).and_then(|m| m.modified()).ok();
    let times = ["fn/total.rs", "manifest"].map(|file| written(&before, file));
    assert!(times.iter().all(Option::is_some));
    package.edit("src/main.rs", "fn main", "// A comment.\nfn main");
    let after = package.build();
    assert!(after.reran());
    assert_eq!(times, ["fn/total.rs", "manifest"].map(|file| written(&after, file)));
}

#[test]
fn the_last_analysis_is_taken_for_what_one_would_say_now() {
    let package = Package::new();
    let first = package.build();
    let kept = |run: &Run| fs::metadata(run.out_dir.join("rememo/last")).and_then(|m| m.modified()).ok();
    assert!(kept(&first).is_some());
    for (path, from, to, holds) in [
        ("src/main.rs", "fn main", "// A comment.\n\nfn main", true),
        ("src/steps.rs", "#[cached]\n", "// A comment.\n\n#[cached]\n", true),
        ("near/src/lib.rs", "2 * n", "3 * n", true),
        ("near/src/lib.rs", "3 * n", "3 + n", false),
    ] {
        let last = kept(&package.build());
        package.edit(path, from, to);
        let run = package.build();
        assert!(run.reran());
        assert_eq!(kept(&run) == last, holds, "{path}: {to}");
        // Without what is kept of the last analysis, the same is found out anew.
        for kept in ["last", "trace"] {
            fs::remove_file(run.out_dir.join("rememo").join(kept)).expect("what is kept");
        }
        let text = package.0.read(&format!("hooked/{path}"));
        package.write(path, &text);
        let anew = package.build();
        assert!(anew.reran());
        assert_eq!(anew.table, run.table, "{path}: {to}");
    }
}

#[test]
fn what_the_last_run_said_is_said_again_only_while_all_that_it_depended_on_is_the_same() {
    let package = Package::new();
    package.edit("build.rs", "rememo_build::fingerprint()", "rememo_build::Hook::new().verbose(true).run()");
    package.edit("src/main.rs", "fn main", "fn unused(x: u64) -> u64 {\n    x\n}\n\nfn main");
    // Twice: what was written just before a run isn't taken for granted after it.
    package.build();
    package.write("data/numbers.txt", "1\n2\n");
    package.build();
    let lib = package.0.path("hooked/near/src/lib.rs");
    type Edit<'e> = (&'e str, bool, &'e dyn Fn(&Run));
    let edits: [Edit<'_>; 9] = [
        ("nothing else", true, &|_| ()),
        ("what is reached, with the time of before", false, &|_| {
            let before = fs::metadata(&lib).and_then(|metadata| metadata.modified()).expect("a time");
            package.edit("near/src/lib.rs", "2 * n", "3 * n");
            let file = fs::File::options().write(true).open(&lib).expect("a file");
            file.set_modified(before).expect("a new time");
        }),
        ("nothing else, after that", true, &|_| ()),
        ("a manifest", false, &|_| package.edit("near/Cargo.toml", "[package]", "[package]\ndescription = \"x\"")),
        ("a program more", false, &|_| package.write("src/bin/more.rs", "fn main() {}\n")),
        ("a readme, of which a variable tells", false, &|_| package.write("near/README.md", "# near\n")),
        ("a configuration", false, &|_| package.write(".cargo/config.toml", "[net]\noffline = true\n")),
        ("a table that somebody wrote to", false, &|run| {
            fs::write(run.out_dir.join("rememo/fn/total.rs"), "{ &[] }").expect("a table");
        }),
        ("a trace that is damaged", false, &|run| {
            let path = run.out_dir.join("rememo/trace");
            let mut trace = fs::read(&path).expect("a trace");
            let middle = trace.iter().position(|byte| *byte == b'=').expect("a variable");
            trace[middle] = b'-';
            fs::write(path, trace).expect("a trace");
        }),
    ];
    let mut body = 0;
    for (what, is_again, edit) in edits {
        let mut seen = || {
            body += 1;
            package.edit(
                "src/main.rs",
                &format!("x{}\n", " + 1".repeat(body - 1)),
                &format!("x{}\n", " + 1".repeat(body)),
            );
            package.build()
        };
        let before = seen();
        edit(&before);
        // A run that begins in the tick of an edit keeps no trace, and a fast machine gets there.
        std::thread::sleep(Duration::from_millis(100));
        let run = seen();
        assert!(run.reran());
        let output = fs::read_to_string(run.out_dir.with_file_name("output")).expect("what the script printed");
        assert_eq!(output.contains("nothing changed that the table shows"), is_again, "{what}: {output}");
        // Without what is kept, the same is found out anew.
        fs::remove_file(run.out_dir.join("rememo/trace")).expect("a trace");
        fs::remove_file(run.out_dir.join("rememo/last")).expect("what is kept");
        let text = package.0.read("hooked/src/main.rs");
        package.write("src/main.rs", &text);
        let anew = package.build();
        assert!(anew.reran());
        assert_eq!((anew.table, anew.rules), (run.table, run.rules), "{what}");
    }
}

#[test]
fn a_function_that_is_cached_no_longer_leaves_the_table() {
    let package = Package::new();
    assert!(package.build().table("fn/total.rs").is_some());
    package.edit("src/steps.rs", "#[cached]\n", "");
    package.edit("src/steps.rs", "use rememo::cached;\n", "");
    assert!(package.build().table("fn/total.rs").is_none());
}

#[test]
fn every_source_is_listed_with_its_crate_and_where_it_is() {
    let package = Package::new();
    let run = package.build();
    let sources = run.table("sources").expect("sources");
    let listed: BTreeSet<(String, String)> = sources
        .lines()
        .map(|line| {
            let parts: Vec<&str> = line.split('\t').collect();
            assert_eq!((parts.len(), parts[0].len()), (3, 64), "{line}");
            let path = Path::new(parts[2]);
            assert!(path.is_absolute() && path.is_file(), "{line}");
            (
                parts[1].to_owned(),
                path.strip_prefix(package.0.path("hooked")).expect("a file of ours").display().to_string(),
            )
        })
        .collect();
    let has = |krate: &str, path: &str| listed.contains(&(krate.to_owned(), path.to_owned()));
    assert!(has("-", "src/steps.rs") && has("-", "data/numbers.txt") && has("near", "near/src/lib.rs"), "{listed:?}");
}

#[test]
fn generated_code_is_read_and_not_watched() {
    let package = Package::new();
    let generate = "fn main() {\n    println!(\"cargo::rerun-if-changed=notes.txt\");\n    \
        let path = std::path::Path::new(&std::env::var(\"OUT_DIR\").unwrap()).join(\"made.rs\");\n    \
        let n = std::fs::read_to_string(\"notes.txt\").unwrap().len();\n    \
        std::fs::write(path, format!(\"pub fn made() -> usize {{ {n} }}\")).unwrap();\n    \
        rememo_build::fingerprint();\n}\n";
    package.write("build.rs", generate);
    package.edit("src/steps.rs", "near::double(", "made() + near::double(");
    package.edit("src/steps.rs", "use rememo", "include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\n\nuse rememo");
    let before = package.build();
    assert!(before.rules.iter().all(|rule| !rule.contains("made")), "{:?}", before.rules);
    assert!(before.rules.contains("notes.txt") && !before.rules.contains("data"), "{:?}", before.rules);
    assert!(before.table("sources").is_some_and(|s| s.contains("/out/made.rs\n")));
    assert_eq!(before.warnings(), [""; 0]);
    package.write("notes.txt", "longer than before, so that other code is generated\n");
    let after = package.build();
    assert_ne!(before.sources("total"), after.sources("total"));
}

#[test]
fn a_script_that_generates_without_a_rule_of_its_own_is_run_again_for_any_file_of_the_package() {
    let package = Package::new();
    package.write(
        "build.rs",
        "fn main() {\n    std::fs::read(\"notes.txt\").unwrap();\n    rememo_build::fingerprint();\n}\n",
    );
    assert!(package.build().rules.contains("notes.txt"));
    package.write("notes.txt", "edited\n");
    assert!(package.build().reran());
    assert!(!package.build().reran());
    package.edit("build.rs", "rememo_build::fingerprint()", "rememo_build::Hook::new().watch_package(false).run()");
    assert!(!package.build().rules.contains("notes.txt"));
}

#[test]
fn the_table_compiles_and_a_custom_cfg_in_it_is_answered_by_the_compiler_without_a_lint() {
    let package = Package::new();
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("table");
    package.edit("Cargo.toml", "[dependencies]", &format!("[dependencies]\nrememo-table = {{ path = {table:?} }}"));
    package.write(
        "build.rs",
        "fn main() {\n    println!(\"cargo::rustc-check-cfg=cfg(fast)\");\n    println!(\"cargo::rustc-cfg=fast\");\n    \
         rememo_build::fingerprint();\n}\n",
    );
    package.edit("src/steps.rs", "    near::", "    #[cfg(fast)]\n    return 0;\n    #[cfg(not(fast))]\n    near::");
    package.write(
        "examples/tour.rs",
        "use rememo_table::Entry;\n\nconst TABLE: &[Entry] = include!(concat!(env!(\"OUT_DIR\"), \"/rememo/fn/total.rs\"));\n\n\
         const _: () = assert!(TABLE.len() == 1 && !TABLE[0].manifest.is_empty() && !TABLE[0].reaches.is_empty());\n\n\
         fn main() {\n    for (predicate, answer) in TABLE[0].cfgs {\n        println!(\"{predicate}: {answer}\");\n    }\n}\n",
    );
    let run = package.build_with(&["--example", "tour"], &[]);
    let table = run.table("fn/total.rs").expect("a table");
    assert!(table.contains("(\"fast\", ::core::cfg!(fast))"), "{table}");
    let output = Command::new(run.program("examples/tour")).output().expect("the example");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said, "fast: true\npanic = \"unwind\": true\n");
}

#[test]
fn a_documentation_build_gets_an_empty_table() {
    let package = Package::new();
    let run = package.build_with(&[], &[("DOCS_RS", "1")]);
    assert_eq!(run.table("hook"), Some("rememo table 1\n"));
    assert!(run.table("fn/total.rs").is_none());
}

#[test]
fn a_file_that_does_not_parse_is_a_warning_and_the_compiler_speaks() {
    let package = Package::new();
    package.write("examples/broken.rs", "fn main( {\n");
    // The program builds: the example isn't part of it.
    let run = package.build();
    assert!(run.warnings().iter().any(|w| w.contains("examples/broken.rs:1")), "{}", run.said);
    assert_eq!(run.sources("total").len(), 1);
}

#[test]
fn a_missing_file_is_seen_when_it_appears_and_no_missing_path_is_watched() {
    let package = Package::new();
    // The example isn't built, so the compiler doesn't miss its file.
    let example = "#[rememo::cached]\nfn names() -> &'static str {\n    include_str!(\"../data/names.txt\")\n}\n\n\
                   fn main() {\n    names();\n}\n";
    package.write("examples/tour.rs", example);
    let before = package.build();
    assert!(before.rules.contains("data") && !before.rules.contains("data/names.txt"), "{:?}", before.rules);
    assert!(!package.build().reran());
    package.write("data/names.txt", "Ada\n");
    let after = package.build();
    assert!(after.rules.contains("data/names.txt") && !after.rules.contains("data"), "{:?}", after.rules);
    assert_ne!(before.sources("names"), after.sources("names"));
}
