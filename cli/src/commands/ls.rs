//! `cargo rememo ls`

use std::io::{BufWriter, Write};

use comfy_table::{Cell, Color};
use rememo_analyzer::Roots;

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::known::{Function, Known};
use crate::output::style::DIM;
use crate::output::{table, units};
use crate::stored::{self, Entries, Stored};
use crate::survey::Survey;

/// Lists functions with entries: how many, how large, how old, and whether the code is still the same.
///
/// # Errors
/// If the cache directory can't be used, or no function with entries has the name that was given. Outside of a package
/// the list lacks what only the code can tell.
pub(crate) fn run(args: &args::Ls) -> Result<ExitCode, Error> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    let Some(stored) = Stored::open(&args.store, args.project.manifest_path.as_deref())? else {
        writeln!(out, "nothing is stored: there is no cache directory yet")?;
        out.flush()?;
        return Ok(ExitCode::Success);
    };
    let only = args.function.as_ref().map(|name| stored.find(name)).transpose()?;
    let survey = match Survey::new(&args.project, &Roots::Cached, &["dev", "release"]) {
        Ok(survey) => Some(survey),
        // Where the directory is named, the list is worth something without the code.
        Err(Error::Manifest { .. }) if args.project.manifest_path.is_none() && args.store.dir.is_some() => None,
        Err(error) => return Err(error),
    };
    let known = survey.as_ref().map(|survey| Known::new(survey, &stored)).transpose()?;

    let mut table = table::table(&["Function", "Entries#", "Size#", "Took#", "Used=", "Computed=", "Code"]);
    let shown = stored.functions.iter().filter(|(id, _)| only.is_none_or(|only| only == *id));
    let mut count = 0;
    for (id, entries) in shown {
        count += 1;
        let sum = stored::total(entries);
        table.add_row(vec![
            Cell::new(id),
            Cell::new(sum.entries),
            Cell::new(units::bytes(sum.bytes)),
            Cell::new(units::nanoseconds(sum.compute_ns)),
            Cell::new(units::ago(sum.accessed)),
            Cell::new(units::ago(sum.created)),
            code(id, entries, known.as_ref()),
        ]);
    }
    if count == 0 {
        writeln!(out, "no entries in {}", stored.dir().display())?;
    } else {
        table::print(&mut out, &table)?;
        writeln!(out, "{DIM}{}{DIM:#}", stored.dir().display())?;
    }
    out.flush()?;
    stored.note_hidden()?;
    Ok(ExitCode::Success)
}

/// How many of the entries belong to the code as it is now.
fn code(id: &str, entries: &Entries, known: Option<&Known>) -> Cell {
    let Some(known) = known else { return Cell::new("?") };
    // A function with an id of its own isn't told by its path.
    let Some(Function { fingerprints, is_opaque }) = known.get(id) else {
        return if id.contains(" #") { Cell::new("?") } else { Cell::new("gone").fg(Color::Red) };
    };
    if *is_opaque {
        return Cell::new("as the executable").fg(Color::Magenta);
    }
    let current: u64 = entries.iter().filter(|(f, _)| fingerprints.contains(*f)).map(|(_, sum)| sum.entries).sum();
    let all: u64 = entries.values().map(|sum| sum.entries).sum();
    match all - current {
        0 => Cell::new("current").fg(Color::Green),
        old if old == all => Cell::new("old").fg(Color::Yellow),
        old => Cell::new(format!("{current} current, {old} old")).fg(Color::Yellow),
    }
}
