//! How cost grows with size: published crates joined into workspaces of some 10, 100 and 300 thousand lines.
//!
//! First the analysis as the command line does it, optimized, beside `syn::parse_file` over the same files: nothing known
//! before, all functions as roots, then 20 cached ones; one file edited; and the most memory that each took. Then the hook in an
//! unoptimized build script, with 20 cached functions: one file edited, beside what `cargo check` takes for the same edit.
//!
//! `cargo bench -p cargo-rememo --bench scale`, or `... --bench scale -- 100` for one size alone, `-- 100 hook` for its hook.

mod analysis;
mod functions;
mod hook;
#[path = "../../tests/cli/registry.rs"]
#[allow(dead_code, reason = "the other benchmark has a list of its own")]
mod registry;
mod workspace;

use std::error::Error;

use workspace::{SIZES, Workspace};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [flag, task @ ..] = arguments.as_slice()
        && flag == analysis::CHILD
    {
        return analysis::child(task);
    }
    let (parts, sizes): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| argument.parse::<usize>().is_err());
    let is_wanted = |size: usize| sizes.is_empty() || sizes.iter().any(|wanted| **wanted == size.to_string());
    let mut workspaces = Vec::new();
    for (size, crates) in SIZES.into_iter().filter(|(size, _)| is_wanted(*size)) {
        workspaces.push(Workspace::lay(size, crates)?);
    }
    if parts.is_empty() || parts.iter().any(|part| *part == "analysis") {
        analysis::print(&workspaces)?;
    }
    if parts.is_empty() || parts.iter().any(|part| *part == "hook") {
        hook::print(&workspaces)?;
    }
    Ok(())
}

/// The one in the middle.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
