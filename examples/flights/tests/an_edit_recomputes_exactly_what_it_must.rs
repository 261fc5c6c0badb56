//! The promise, on the example itself: edit a function, and exactly the steps that reach it are computed again.
//!
//! The example is copied into a workspace of its own, built and run there, edited, run again. Copy and edit share the
//! target directory of this build, so the packages from the registry aren't compiled twice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every step of the pipeline, in order.
const STEPS: [&str; 11] = [
    "load::flights",
    "load::weather",
    "load::planes",
    "clean::departures",
    "join::conditions",
    "aggregate::by_hour",
    "aggregate::by_carrier",
    "aggregate::by_weather",
    "model::fit",
    "evaluate::on_held_out_days",
    "chart::draw",
];

#[test]
fn an_edit_recomputes_exactly_the_steps_that_reach_it() {
    let copy = Copy::new();

    let first = copy.run();
    first.computes(&STEPS);
    copy.run().computes(&[]);

    // Comments, formatting and the names of local variables are no part of a fingerprint.
    let stats = copy.edit("src/stats.rs", |text| {
        let text = text.replace("let below = ", "\n\n    // The lower neighbour.\n    let lower =   ");
        text.replace("below +", "lower +").replace("- below)", "- lower)")
    });
    copy.run().computes(&[]);
    stats.undo();

    // The aggregates and the evaluation take quantiles, and the chart shows them; the model and all before it don't.
    let stats = copy.edit("src/stats.rs", |text| text.replace("- 1) as f32;", "- 1) as f32 * 0.99;"));
    let run = copy.run();
    run.computes(&[
        "aggregate::by_hour",
        "aggregate::by_carrier",
        "aggregate::by_weather",
        "evaluate::on_held_out_days",
        "chart::draw",
    ]);
    run.says("fn flights::stats::quantile changed (examples/flights/src/stats.rs:");
    stats.undo();
    let undone = copy.run();
    undone.computes(&[]);
    assert_eq!(undone.chart, first.chart, "the chart is the one of the first run again");

    // Cleaning parses clock times, and all that follows works on its result.
    let time = copy.edit("src/time.rs", |text| text.replace("clock / 100 * 60 + clock % 100", "clock / 100 * 60"));
    let run = copy.run();
    run.computes(&STEPS[3..]);
    run.says("fn flights::time::minute_of_day changed (examples/flights/src/time.rs:");
    time.undo();

    // A colour is the chart's alone, and all else is what it was before the edit of the times.
    let svg = copy.edit("src/chart/svg.rs", |text| text.replace(".bar { fill: #4f8fcb }", ".bar { fill: #55aa55 }"));
    let run = copy.run();
    run.computes(&["chart::draw"]);
    run.says("const flights::chart::svg::STYLE changed (examples/flights/src/chart/svg.rs:");
    svg.undo();
    copy.run().computes(&[]);
}

#[test]
fn a_changed_file_recomputes_exactly_what_was_made_from_it() {
    let place = fresh_folder("changed-file");
    let data = place.join("data");
    fs::create_dir(&data).unwrap();
    for table in ["flights", "weather", "planes"] {
        let name = format!("{table}.csv.gz");
        fs::copy(repository().join("testdata/nycflights13").join(&name), data.join(&name)).unwrap();
    }
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flights"));
        Run::of(command.arg("--data").arg(&data), &place)
    };
    run().computes(&STEPS);
    run().computes(&[]);

    // The registry loses all its planes but one.
    let planes = "tailnum,year,type,manufacturer,model,engines,seats,speed,engine\nN10156,2004,,,,2,55,NA,\n";
    fs::write(data.join("planes.csv.gz"), gzip(planes)).unwrap();
    let changed = run();
    changed.computes(&[
        "load::planes",
        "join::conditions",
        "aggregate::by_weather",
        "model::fit",
        "evaluate::on_held_out_days",
        "chart::draw",
    ]);
    changed.says("planes.csv.gz");
    run().computes(&[]);
}

/// What one run of the pipeline said and drew.
struct Run {
    output: String,
    chart: String,
}

impl Run {
    /// Runs the pipeline with few trees and a cache in `place`.
    fn of(command: &mut Command, place: &Path) -> Run {
        let chart = place.join("delays.svg");
        let command = command.args(["--trees", "3", "--out"]).arg(&chart).env("REMEMO_DIR", place.join("cache"));
        let output = command.env_remove("REMEMO").env("NO_COLOR", "1").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{command:?}\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
        Run { output: said, chart: fs::read_to_string(chart).unwrap() }
    }

    /// Checks that these steps were computed, and that each other one was a hit.
    #[track_caller]
    fn computes(&self, expected: &[&str]) {
        let steps_that = |what: &str| -> BTreeSet<&str> {
            let lines = self.output.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            lines.filter(|words| words.get(1) == Some(&what)).map(|words| step(words[0])).collect()
        };
        let expected: BTreeSet<&str> = expected.iter().copied().collect();
        let kept = STEPS.into_iter().filter(|step| !expected.contains(step)).collect();
        assert_eq!(steps_that("computed"), expected, "computed:\n{}", self.output);
        assert_eq!(steps_that("hit"), kept, "hits:\n{}", self.output);
    }

    #[track_caller]
    fn says(&self, text: &str) {
        assert!(self.output.contains(text), "{text:?} isn't in:\n{}", self.output);
    }
}

fn step(word: &str) -> &str {
    STEPS.into_iter().find(|step| *step == word).unwrap_or("?")
}

/// A copy of the example in a workspace of its own.
struct Copy {
    workspace: PathBuf,
}

impl Copy {
    fn new() -> Copy {
        let workspace = fresh_folder("edited");
        let example = workspace.join("examples/flights");
        copy_folder(&repository().join("examples/flights"), &example);
        // Under a name of its own, or it would take the place of the binary that the other test runs.
        let package = fs::read_to_string(example.join("Cargo.toml")).unwrap();
        let package = package.replace("publish = false\n", "publish = false\nautobins = false\n");
        let bin = "\n[[bin]]\nname = \"flights-copy\"\npath = \"src/main.rs\"\n";
        fs::write(example.join("Cargo.toml"), package + bin).unwrap();
        let manifest = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
        fs::write(workspace.join("Cargo.toml"), alone(&manifest)).unwrap();
        fs::copy(repository().join("Cargo.lock"), workspace.join("Cargo.lock")).unwrap();
        Copy { workspace }
    }

    fn run(&self) -> Run {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--offline", "-p", "flights"]);
        command.current_dir(&self.workspace).env("CARGO_TARGET_DIR", target);
        Run::of(command.arg("--").arg("--data").arg(repository().join("testdata/nycflights13")), &self.workspace)
    }

    fn edit(&self, file: &str, edit: impl Fn(&str) -> String) -> Edit {
        let file = self.workspace.join("examples/flights").join(file);
        let before = fs::read_to_string(&file).unwrap();
        let after = edit(&before);
        assert_ne!(before, after, "{} doesn't hold what the edit replaces", file.display());
        fs::write(&file, after).unwrap();
        Edit { file, before }
    }
}

struct Edit {
    file: PathBuf,
    before: String,
}

impl Edit {
    fn undo(self) {
        fs::write(self.file, self.before).unwrap();
    }
}

/// The root manifest with the example as its only member, its paths leading to where they did.
fn alone(manifest: &str) -> String {
    let mut lines = manifest.lines();
    let mut alone = String::new();
    while let Some(line) = lines.next() {
        if line.starts_with("members = [") {
            alone.push_str("members = [\"examples/flights\"]\n");
            if !line.contains(']') {
                lines.find(|line| line.starts_with(']'));
            }
        } else {
            let root = repository().display().to_string().replace('\\', "/");
            alone.push_str(&line.replace("path = \"", &format!("path = \"{root}/")));
            alone.push('\n');
        }
    }
    alone
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// An empty folder of this name in the target directory.
fn fresh_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flights").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}
