//! `cargo rememo why FN`

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use rememo_analyzer::Roots;
use rememo_analyzer::report::{Function, WidenedKind};
use rememo_table::{FEATURES_OF, manifest_items};
use sha2::{Digest as _, Sha256};

use crate::args;
use crate::changes::{self, Change, Reached, What};
use crate::configuration::Compiled;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::style::{BAD, DIM, GOOD, OPAQUE, SOURCE, STRONG};
use crate::output::{problems, units};
use crate::stored::{Stored, Sum};
use crate::survey::{Part, Survey, place};

/// How many states of the code are told, the newest first.
const STATES: usize = 5;
/// How many changes are told of each.
const CHANGES: usize = 30;
/// Kind of the lines of a stored manifest that stand for settings instead of items.
const SETTING: &str = "setting";
/// The setting that stands for the executable: only a running program knows it.
const EXECUTABLE: &str = "the executable's content";

/// Compares what is stored of a function with what the function is now.
///
/// # Errors
/// If the packages or the cache directory can't be read, or no cached function has the name.
pub(crate) fn run(args: &args::Why) -> Result<ExitCode, Error> {
    let stored = Stored::open(&args.store, args.project.manifest_path.as_deref())?;
    let survey = Survey::new(&args.project, &Roots::Cached, &["dev", "release"])?;
    let (part, function) = survey.find(&args.function)?;
    let mut out = BufWriter::new(anstream::stdout().lock());
    writeln!(out, "{STRONG}{}{STRONG:#}  {DIM}{}{DIM:#}", function.path, place(&part.analysis.items[function.item.0]))?;
    match stored {
        Some(stored) => compare(&mut out, part, function, &stored)?,
        None => writeln!(out, "nothing is stored: there is no cache directory yet")?,
    }
    out.flush()?;
    Ok(problems::print(survey.problems())?)
}

fn compare(out: &mut dyn Write, part: &Part, function: &Function, stored: &Stored) -> Result<(), Error> {
    let id = part.id(function);
    let none = BTreeMap::new();
    let entries = stored.functions.get(&id).unwrap_or(&none);
    let builds = part.builds(function);
    let is_opaque = function.widened.iter().any(|w| w.kind == WidenedKind::Opaque);

    // Every state of the code that left something, the newest first.
    let mut states: Vec<(u64, [u8; 32], Option<String>)> = Vec::new();
    for manifest in stored.manifests(&id)? {
        states.push((manifest.created, manifest.fingerprint, Some(manifest.items)));
    }
    for (fingerprint, sum) in entries {
        if !states.iter().any(|(_, known, _)| known == fingerprint) {
            states.push((sum.created, *fingerprint, None));
        }
    }
    states.sort_by_key(|(created, fingerprint, _)| (std::cmp::Reverse(*created), *fingerprint));
    if states.is_empty() {
        writeln!(out, "nothing is stored of it in {}: its next call computes", stored.dir().display())?;
        return Ok(());
    }
    for (created, fingerprint, items) in states.iter().take(STATES) {
        header(out, entries.get(fingerprint), *created)?;
        let exact = builds.iter().find(|build| build.fingerprint.0 == *fingerprint).map(|build| &*build.profile);
        let profile = exact.or_else(|| part.profile_of(function, fingerprint, items.as_deref()?));
        if let Some(profile) = profile {
            writeln!(out, "  {GOOD}up to date{GOOD:#}: this is the function as profile {profile} compiles it")?;
            continue;
        }
        let Some(items) = items else {
            writeln!(out, "  computed by other code; what it reached was not kept")?;
            continue;
        };
        let differences = builds.iter().map(|build| {
            let changes = changes::between(&then(items), &now(part, function, build));
            (build, changes)
        });
        // The profile that explains most of it.
        if let Some((build, changes)) = differences.min_by_key(|(_, changes)| changes.len()) {
            told(out, build, &changes, is_opaque)?;
        }
    }
    if states.len() > STATES {
        writeln!(out, "{DIM}and {} older states of the code{DIM:#}", states.len() - STATES)?;
    }
    if is_opaque {
        writeln!(out, "{OPAQUE}every build that changes the executable recomputes it:{OPAQUE:#}")?;
        for widened in function.widened.iter().filter(|w| w.kind == WidenedKind::Opaque) {
            writeln!(out, "  {}: {}", widened.at, widened.why)?;
        }
    }
    Ok(())
}

/// `3 entries, 1.2 KiB, computed 5 min ago`
fn header(out: &mut dyn Write, sum: Option<&Sum>, created: u64) -> io::Result<()> {
    let when = |then: u64| match units::ago(then).as_str() {
        "now" => "just now".to_owned(),
        ago => format!("{ago} ago"),
    };
    match sum {
        Some(sum) => {
            let noun = if sum.entries == 1 { "entry" } else { "entries" };
            writeln!(out, "{} {noun}, {}, computed {}", sum.entries, units::bytes(sum.bytes), when(sum.created))
        }
        None => writeln!(out, "no entries any more, first computed {}", when(created)),
    }
}

/// What differs, or that nothing does that can be seen from here.
fn told(out: &mut dyn Write, build: &Compiled, changes: &[Change], is_opaque: bool) -> io::Result<()> {
    if changes.is_empty() {
        let why = if is_opaque { "; whether the executable is too, only the program can tell" } else { "" };
        return writeln!(out, "  its code and its configuration are the same as now{why}");
    }
    for change in changes.iter().take(CHANGES) {
        if change.kind == SETTING {
            writeln!(
                out,
                "  {SOURCE}setting{SOURCE:#}  {} {DIM}(compared with profile {}){DIM:#}",
                change.path, build.profile
            )?;
            continue;
        }
        let style = match change.what {
            What::Changed => SOURCE,
            What::New => GOOD,
            What::Gone => BAD,
        };
        write!(out, "  {style}{:7}{style:#}  {} {}", change.what.as_str(), change.kind, change.path)?;
        if !change.place.is_empty() {
            write!(out, "  {DIM}{}{DIM:#}", change.place)?;
        }
        writeln!(out)?;
    }
    if changes.len() > CHANGES {
        writeln!(out, "  {DIM}and {} more{DIM:#}", changes.len() - CHANGES)?;
    }
    Ok(())
}

/// The lines of a stored manifest.
fn then(items: &str) -> Vec<Reached> {
    let of_interest = manifest_items(items).flatten().filter(|item| item.path != EXECUTABLE);
    // Which features packages have only a build can tell.
    let of_interest = of_interest.filter(|item| !item.path.starts_with(FEATURES_OF));
    let reached = of_interest.map(|item| Reached {
        kind: item.kind.to_owned(),
        path: item.path.to_owned(),
        hash: short(item.hash),
        place: if item.line > 0 { format!("{}:{}", item.file, item.line) } else { String::new() },
    });
    reached.collect()
}

/// What a stored manifest would hold, if the function were computed now.
fn now(part: &Part, function: &Function, build: &Compiled) -> Vec<Reached> {
    let items = function.reaches.iter().map(|id| &part.analysis.items[id.0]).map(|item| Reached {
        kind: item.kind.as_str().to_owned(),
        path: item.path.clone(),
        hash: short(&item.digest.to_string()),
        place: place(item),
    });
    let settings = build.settings.iter().map(|(name, value)| {
        let mut hash = Sha256::new();
        hash.update([u8::from(value.is_some())]);
        hash.update(value.as_deref().unwrap_or_default());
        let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Reached { kind: SETTING.to_owned(), path: name.clone(), hash: short(&hash), place: String::new() }
    });
    items.chain(settings).collect()
}

/// A manifest keeps half of a hash: it is compared for people.
fn short(hash: &str) -> String {
    hash.chars().take(32).collect()
}
