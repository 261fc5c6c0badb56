//! Files that are saved while a build runs: whatever the moment, no result of one code is returned for another.
//!
//! The fixture's build script holds the build up before or after the hook for as long as a file is there.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::project::{Project, alone};

/// The values that the program prints, without how they came about.
fn values(results: &[String]) -> Vec<&str> {
    results.iter().filter_map(|result| result.split(" (").next()).collect()
}

/// A build that is held up at a place of the build script.
struct HeldUp<'a> {
    project: &'a Project,
    hold: PathBuf,
    build: Child,
}

impl<'a> HeldUp<'a> {
    /// Starts a build, returns when it has come to `place` and, if one is named, when that package is compiled.
    fn at(project: &'a Project, place: &str, compiled: Option<&str>) -> HeldUp<'a> {
        project.write(&format!("pauses/{place}"), "");
        let hold = project.path(&format!("pauses/{place}"));
        // For the build script to run at all.
        project.edit("src/main.rs", "fn main", "// Saved.\nfn main");
        let mut build = project.cargo(["build", "--quiet", "--jobs", "2", "--message-format", "json"]);
        let mut build = build.stdout(Stdio::piped()).spawn().expect("a cargo that starts");
        if let Some(package) = compiled {
            let messages = BufReader::new(build.stdout.take().expect("its messages"));
            let (name, kind) = (format!("\"name\":\"{package}\""), "\"compiler-artifact\"");
            let mut lines = messages.lines().map(|line| line.expect("a message"));
            assert!(lines.any(|line| line.contains(kind) && line.contains(&name)), "{package} is not compiled");
            // Nobody reads the rest, and cargo must not wait for somebody who does.
            std::thread::spawn(move || lines.count());
        } else {
            let messages = BufReader::new(build.stdout.take().expect("its messages"));
            std::thread::spawn(move || messages.lines().count());
        }
        let since = Instant::now();
        while !hold.with_extension("reached").exists() {
            assert!(since.elapsed() < Duration::from_secs(300), "the build script did not get there");
            std::thread::sleep(Duration::from_millis(5));
        }
        HeldUp { project, hold, build }
    }

    /// Lets it go on to its end.
    fn go_on(mut self) {
        std::fs::remove_file(self.hold.with_extension("reached")).expect("the mark of the pause");
        std::fs::remove_file(&self.hold).expect("the file that holds the build up");
        assert!(self.build.wait().expect("the build ends").success());
    }

    /// Runs what was built, without building again.
    fn go_on_and_run(self) -> Vec<String> {
        let project = self.project;
        self.go_on();
        crate::project::prints(&crate::project::succeeds(&mut project.program("midway")))
    }
}

/// Saves `factor` as this number.
fn save(project: &Project, path: &str, number: u32) {
    project.write(path, &format!("pub fn factor() -> u32 {{\n    {number}\n}}\n"));
}

fn warm() -> Project {
    let project = Project::new("midway");
    assert_eq!(project.run(), ["here = 10 (computed)", "there = 10 (computed)"]);
    assert_eq!(project.run(), ["here = 10 (hit)", "there = 10 (hit)"]);
    project
}

#[test]
fn a_file_saved_between_the_hook_and_the_compiler_gives_no_stale_result_then_or_later() {
    let project = warm();
    let results = {
        let _alone = alone();
        let held_up = HeldUp::at(&project, "after-the-hook", None);
        save(&project, "src/local.rs", 2);
        held_up.go_on_and_run()
    };
    // The hook read 1, the compiler 2.
    assert_eq!(values(&results), ["here = 20", "there = 10"]);
    save(&project, "src/local.rs", 1);
    assert_eq!(values(&project.run()), ["here = 10", "there = 10"], "20 was not stored as the result of 1");
    save(&project, "src/local.rs", 2);
    assert_eq!(values(&project.run()), ["here = 20", "there = 10"]);
    assert_eq!(project.run(), ["here = 20 (hit)", "there = 10 (hit)"], "the next build is as any other");
}

#[test]
fn a_file_saved_and_saved_back_while_a_build_runs_gives_no_stale_result() {
    let project = warm();
    let results = {
        let _alone = alone();
        let held_up = HeldUp::at(&project, "before-the-hook", None);
        save(&project, "src/local.rs", 2);
        // The hook of this build reads 2, and the compiler reads 1.
        project.write("pauses/after-the-hook", "");
        std::fs::remove_file(project.path("pauses/before-the-hook")).expect("the pause");
        let since = Instant::now();
        while !project.path("pauses/after-the-hook.reached").exists() {
            assert!(since.elapsed() < Duration::from_secs(300), "the hook did not end");
            std::thread::sleep(Duration::from_millis(5));
        }
        save(&project, "src/local.rs", 1);
        HeldUp { hold: project.path("pauses/after-the-hook"), ..held_up }.go_on_and_run()
    };
    assert_eq!(values(&results), ["here = 10", "there = 10"]);
    save(&project, "src/local.rs", 2);
    assert_eq!(values(&project.run()), ["here = 20", "there = 10"], "10 was not stored as the result of 2");
    save(&project, "src/local.rs", 1);
    assert_eq!(values(&project.run()), ["here = 10", "there = 10"]);
}

#[test]
fn a_dependency_saved_between_its_compilation_and_the_hook_gives_no_stale_result_then_or_later() {
    let project = warm();
    let results = {
        let _alone = alone();
        save(&project, "stone/src/lib.rs", 2);
        let held_up = HeldUp::at(&project, "before-the-hook", Some("stone"));
        save(&project, "stone/src/lib.rs", 3);
        held_up.go_on_and_run()
    };
    // The compiler read 2, the hook 3.
    assert_eq!(values(&results), ["here = 10", "there = 20"]);
    assert_eq!(values(&project.run()), ["here = 10", "there = 30"], "20 was not stored as the result of 3");
    save(&project, "stone/src/lib.rs", 2);
    assert_eq!(values(&project.run()), ["here = 10", "there = 20"]);
    save(&project, "stone/src/lib.rs", 3);
    assert_eq!(values(&project.run()), ["here = 10", "there = 30"]);
    assert_eq!(project.run(), ["here = 10 (hit)", "there = 30 (hit)"], "the next build is as any other");
}

#[test]
fn a_dependency_saved_before_it_is_compiled_and_saved_back_before_the_hook_gives_no_stale_result() {
    let project = warm();
    let results = {
        let _alone = alone();
        save(&project, "stone/src/lib.rs", 2);
        let held_up = HeldUp::at(&project, "before-the-hook", Some("stone"));
        save(&project, "stone/src/lib.rs", 1);
        held_up.go_on_and_run()
    };
    // The compiler read 2; the hook read 1, of which there is a result.
    assert_eq!(values(&results), ["here = 10", "there = 20"]);
    assert_eq!(values(&project.run()), ["here = 10", "there = 10"], "20 was not stored as the result of 1");
}
