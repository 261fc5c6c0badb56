//! The static analysis behind rememo.
//!
//! Sources go in through a [`Loader`]; items, reachable sets and fingerprints come out. The analyzer does no I/O of its
//! own, knows neither cargo nor the environment, and gives the same bytes for the same sources on any machine.

mod analysis;
mod cfg;
mod collect;
mod cutoff;
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
mod written;

use project::Project;
use report::Analysis;
use source::{Loader, Summaries};

/// Which functions get a fingerprint.
#[derive(Debug, Clone, Hash)]
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

/// The outcome of [`analyze_since`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Renewed {
    /// What an analysis says.
    pub analysis: Analysis,
    /// What to hand to the next call; nothing if what was handed to this one still serves.
    pub kept: Option<Vec<u8>>,
    /// The analysis was made; otherwise the one before still held, but for places and hashes.
    pub is_made: bool,
    /// Every file that the analysis saw, but those that never change.
    pub watched: Vec<Watched>,
}

/// A file that an analysis saw.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Watched {
    /// The loader's path.
    pub path: String,
    /// What [`same_report`] asks for; `None` for a file that was looked for and not found.
    pub known: Option<Vec<u8>>,
}

/// Whether an analysis of the same project would say the same, to the letter, if one file that it saw held `bytes` now. Then the hash of these,
/// and what is known of the file from now on; asked one by one, the answers hold together.
///
/// `known` is what [`Renewed::watched`] has of the file. Damage, and whatever can't be told without an analysis, is `None`.
/// The summaries must be those of the analysis.
pub fn same_report(known: &[u8], bytes: &[u8], summaries: &dyn Summaries) -> Option<(source::Digest, Vec<u8>)> {
    on_a_thread(|| cutoff::same_report(known, bytes, summaries))
}

/// Analyzes a project, unless what was kept of an earlier call says what an analysis would say: then that.
///
/// `by` identifies who analyzes: another version of the program must have another. `kept` may be anything; damage costs an
/// analysis. The summaries that the earlier call put must still be there, or it costs an analysis too.
pub fn analyze_since(
    kept: Option<&[u8]>,
    by: &[u8],
    project: &Project,
    loader: &dyn Loader,
    roots: &Roots,
    summaries: &dyn Summaries,
    inputs: bool,
) -> Renewed {
    let extras = Extras { inputs, record: true, ..Extras::default() };
    on_a_thread(|| {
        let key = cutoff::key(by, project, roots, extras);
        if let Some((analysis, watched)) = kept.and_then(|kept| cutoff::forward(kept, &key, loader, summaries)) {
            return Renewed { analysis, kept: None, is_made: false, watched };
        }
        let (analysis, seen) = analysis::run(project, loader, roots, summaries, extras);
        let cutoff::Seen { files, contents } = seen.unwrap_or_default();
        let record = cutoff::Record::new(files, analysis);
        let (kept, watched) = (Some(cutoff::bytes(&key, &record, &contents)), cutoff::watched(&record));
        Renewed { analysis: record.into_analysis().unwrap_or_default(), kept, is_made: true, watched }
    })
}

/// What a report holds besides sets and fingerprints.
#[derive(Debug, Clone, Copy, Default, Hash)]
struct Extras {
    inputs: bool,
    ways: bool,
    places: bool,
    /// What a later analysis compares with.
    record: bool,
}

fn start(project: &Project, loader: &dyn Loader, roots: &Roots, summaries: &dyn Summaries, extras: Extras) -> Analysis {
    on_a_thread(|| analysis::run(project, loader, roots, summaries, extras).0)
}

/// Sources may nest deeply, and every step here recurses into them: a thread with room enough, never more files.
fn on_a_thread<T: Send>(run: impl Fn() -> T + Send + Sync) -> T {
    std::thread::scope(|scope| {
        match std::thread::Builder::new()
            .name("rememo analysis".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, &run)
        {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => run(),
        }
    })
}

/// Address space, not memory: pages are taken only as deep nesting needs them.
const STACK_BYTES: usize = if cfg!(target_pointer_width = "64") { 1 << 30 } else { 64 << 20 };
