//! The static analysis behind rememo.
//!
//! Sources go in through a [`Loader`]; items, reachable sets and fingerprints come out. The analyzer does no I/O of its
//! own, knows neither cargo nor the environment, and gives the same bytes for the same sources on any machine.

mod analysis;
mod cfg;
mod collect;
mod expand;
mod fingerprint;
mod graph;
mod include;
mod infer;
mod inputs;
mod instances;
mod ir;
mod keys;
mod load;
mod lower;
mod made;
mod names;
mod normalize;
mod places;
mod program;
pub mod project;
mod reach;
pub mod report;
mod roots;
mod sets;
pub mod source;
mod unseen;

use project::Project;
use report::Analysis;
use source::{Loader, Summaries};

/// Which functions get a fingerprint.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Roots {
    /// Every function with a body in the project's subjects.
    All,
    /// Those that carry `#[cached]`.
    Cached,
    /// Those of these paths.
    Paths(Vec<String>),
}

/// Analyzes a project.
///
/// It never fails: what it can't see becomes a [`report::Problem`], and the functions that may depend on it are widened.
pub fn analyze(project: &Project, loader: &dyn Loader, roots: &Roots, summaries: &dyn Summaries) -> Analysis {
    start(project, loader, roots, summaries, Extras::default())
}

/// Analyzes a project, and says what its functions read besides their arguments: [`report::Function::inputs`].
pub fn analyze_with_inputs(
    project: &Project,
    loader: &dyn Loader,
    roots: &Roots,
    summaries: &dyn Summaries,
) -> Analysis {
    start(project, loader, roots, summaries, Extras { inputs: true, ..Extras::default() })
}

/// Analyzes a project, and says where what macros made was written: [`report::Item::written`].
pub fn analyze_with_places(
    project: &Project,
    loader: &dyn Loader,
    roots: &Roots,
    summaries: &dyn Summaries,
) -> Analysis {
    start(project, loader, roots, summaries, Extras { places: true, ..Extras::default() })
}

/// Analyzes a project, says where what macros made was written, and how each function comes to each item:
/// [`report::Function::ways`]. It takes much memory.
pub fn analyze_with_ways(project: &Project, loader: &dyn Loader, roots: &Roots, summaries: &dyn Summaries) -> Analysis {
    start(project, loader, roots, summaries, Extras { ways: true, places: true, ..Extras::default() })
}

/// What a report holds besides sets and fingerprints.
#[derive(Debug, Clone, Copy, Default)]
struct Extras {
    inputs: bool,
    ways: bool,
    places: bool,
}

fn start(project: &Project, loader: &dyn Loader, roots: &Roots, summaries: &dyn Summaries, extras: Extras) -> Analysis {
    // Sources may nest deeply, and every step here recurses into them: a thread with room enough, never more files.
    std::thread::scope(|scope| {
        let run = || analysis::run(project, loader, roots, summaries, extras);
        match std::thread::Builder::new()
            .name("rememo analysis".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, run)
        {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => run(),
        }
    })
}

/// Address space, not memory: pages are taken only as deep nesting needs them.
const STACK_BYTES: usize = if cfg!(target_pointer_width = "64") { 1 << 30 } else { 64 << 20 };
