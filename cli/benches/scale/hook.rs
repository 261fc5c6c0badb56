//! The hook in an unoptimized build script: one file edited, beside what `cargo check` takes for the same edit.

use std::error::Error;
use std::path::Path;
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
        "{:>7}  {:32} {:>12} {:>12} {:>8} {:>12}",
        "1000 l.", "edited file", "cargo check", "with rememo", "hook", "hook / check"
    );
    for workspace in workspaces {
        // What isn't edited is checked once, and the summaries of the first run are there.
        cargo_check(workspace, PLAIN, false)?;
        cargo_check(workspace, CACHED, false)?;
        let library = workspace.library_file()?;
        let number = std::process::id() as usize * 1_000;
        for (what, of_plain, of_cached) in [
            ("a library's", library.clone(), library),
            ("their own", helpers(workspace, PLAIN), helpers(workspace, CACHED)),
        ] {
            let (mut plain, mut cached, mut hook) = (Vec::new(), Vec::new(), Vec::new());
            for round in 0..ROUNDS {
                edit(&of_plain, number + 2 * round)?;
                plain.push(cargo_check(workspace, PLAIN, true)?);
                edit(&of_cached, number + 2 * round + 1)?;
                cached.push(cargo_check(workspace, CACHED, true)?);
                hook.push(workspace.hook_took()?);
            }
            let (plain, cached, hook) = (median(plain), median(cached), median(hook));
            let share = 100.0 * hook / plain;
            let name = of_cached.strip_prefix(&workspace.root).unwrap_or(&of_cached).display().to_string();
            let name = format!("{what}: {}", name.rsplit('/').next().unwrap_or_default());
            println!("{:>7}  {name:32} {plain:>12.0} {cached:>12.0} {hook:>8.0} {share:>10.1} %", workspace.size);
        }
    }
    Ok(())
}

fn helpers(workspace: &Workspace, package: &str) -> std::path::PathBuf {
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
