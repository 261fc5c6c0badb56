//! The hook in an unoptimized build script: one file edited, beside what `cargo check` takes for the same edit.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::functions;
use crate::median;
use crate::workspace::{CACHED, PLAIN, Workspace, edit};

/// Of so many edits the one in the middle counts.
const ROUNDS: usize = 5;

/// Measures and prints all workspaces.
pub(crate) fn print(workspaces: &[Workspace]) -> Result<(), Box<dyn Error>> {
    println!("One edit, {} cached functions, everything unoptimized, in ms.", functions::CACHED);
    println!(
        "{:>7}  {:36} {:>12} {:>12} {:>8} {:>12}",
        "1000 l.", "edit", "cargo check", "with rememo", "hook", "hook / check"
    );
    for workspace in workspaces {
        // What isn't edited is checked once, and the summaries of the first run are there.
        cargo_check(workspace, PLAIN, false)?;
        cargo_check(workspace, CACHED, false)?;
        let (library, largest) = (workspace.library_file()?, workspace.largest_file()?);
        let beside = |path: &Path, number: usize| edit(path, number);
        let steps: [(&str, PathBuf, PathBuf, &Edit); 5] = [
            ("a library's, beside what they reach", library.clone(), library.clone(), &beside),
            ("a library's, above what they reach", largest.clone(), largest, &above),
            ("their own, beside what they reach", helpers(workspace, PLAIN), helpers(workspace, CACHED), &beside),
            (
                "another number in what they reach",
                helpers(workspace, PLAIN),
                helpers(workspace, CACHED),
                &another_number,
            ),
            ("another call in what they reach", helpers(workspace, PLAIN), helpers(workspace, CACHED), &another_call),
        ];
        let number = std::process::id() as usize * 1_000;
        for (what, of_plain, of_cached, edit) in steps {
            // The first edit of a kind also brings in what the others only change.
            edit(&of_plain, number)?;
            edit(&of_cached, number)?;
            cargo_check(workspace, PLAIN, true)?;
            cargo_check(workspace, CACHED, true)?;
            workspace.hook_took()?;
            let (mut plain, mut cached, mut hook) = (Vec::new(), Vec::new(), Vec::new());
            for round in 0..ROUNDS {
                // A library's file is the same for both: each of them needs an edit of its own.
                edit(&of_plain, number + 2 * round + 1)?;
                plain.push(cargo_check(workspace, PLAIN, true)?);
                edit(&of_cached, number + 2 * round + 2)?;
                cached.push(cargo_check(workspace, CACHED, true)?);
                hook.push(workspace.hook_took()?);
            }
            let (plain, cached, hook) = (median(plain), median(cached), median(hook));
            let share = 100.0 * hook / plain;
            println!("{:>7}  {what:36} {plain:>12.0} {cached:>12.0} {hook:>8.0} {share:>10.1} %", workspace.size);
        }
    }
    Ok(())
}

/// Makes an edit, with a number that no edit before it had.
type Edit = dyn Fn(&Path, usize) -> std::io::Result<()>;

/// Another number of lines before everything else: all that stands in the file moves.
fn above(path: &Path, number: usize) -> std::io::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let own: Vec<&str> = text.lines().skip_while(|line| *line == "//").collect();
    std::fs::write(path, "//\n".repeat(number % 10 + 1) + &own.join("\n") + "\n")
}

/// Another number where several cached functions come by.
fn another_number(helpers: &Path, number: usize) -> std::io::Result<()> {
    let body = format!("text.get({number}..).unwrap_or(text).trim().to_owned()");
    std::fs::write(helpers, functions::HELPERS.replace("text.trim().to_owned()", &body))
}

/// Another call where several cached functions come by: nobody knows what it leads to.
fn another_call(helpers: &Path, number: usize) -> std::io::Result<()> {
    let call = if number % 4 < 2 { "trim_start().trim_end" } else { "trim_end().trim_start" };
    let body = format!("// {number}\n    text.{call}().to_owned()");
    std::fs::write(helpers, functions::HELPERS.replace("text.trim().to_owned()", &body))
}

fn helpers(workspace: &Workspace, package: &str) -> PathBuf {
    workspace.root.join(package).join("src/helpers.rs")
}

/// Milliseconds of `cargo check` of a package, without the network once all is there.
fn cargo_check(workspace: &Workspace, package: &str, offline: bool) -> Result<f64, Box<dyn Error>> {
    let started = Instant::now();
    let mut command = Command::new(rememo_build::cargo());
    command.args(["check", "--quiet", "--package", package]).args(offline.then_some("--offline"));
    command.current_dir(&workspace.root).env_remove("RUSTFLAGS").env_remove("CARGO_INCREMENTAL");
    command.env("CARGO_TARGET_DIR", workspace.root.join("target"));
    let output = command.output()?;
    let took = started.elapsed().as_secs_f64() * 1e3;
    if !output.status.success() {
        return Err(errors(&workspace.root, &String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(took)
}

fn errors(root: &Path, text: &str) -> String {
    let from = text.find("\nerror").unwrap_or_default();
    format!("{}: {}", root.display(), text[from..].chars().take(4_000).collect::<String>())
}
