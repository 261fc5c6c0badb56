//! `dump` for people: a line a function, then the places where the analysis took more than it could prove.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::{Cell, Color};
use rememo_analyzer::report::{Widened, WidenedKind};

use crate::catalog::{Catalog, Entry};
use crate::output::style::{DIM, OPAQUE, SOURCE, STRONG};
use crate::output::table;

/// Hex digits of a fingerprint that a table shows.
const SHORT: usize = 12;
/// External packages that a row lists by name.
const NAMED: usize = 3;

/// Prints the dump.
///
/// # Errors
/// If `out` can't be written.
pub(crate) fn print(out: &mut dyn Write, package: &str, catalog: &Catalog<'_>, all: bool) -> io::Result<()> {
    let functions = &catalog.functions;
    if functions.is_empty() {
        let hint = if all { "" } else { "; mark one with #[rememo::cached], or add --all to see every function" };
        let what = if all { "function with a body" } else { "cached function" };
        return writeln!(out, "{package} has no {what}{hint}");
    }
    let mut table = table::table(&["Function", "Place", "Fingerprint=", "Reaches#", "External"]);
    for f in functions {
        let item = catalog.items[f.item];
        let place = item.file.as_ref().map(|file| format!("{file}:{}", item.line)).unwrap_or_default();
        let short = &f.fingerprint[..SHORT];
        let fingerprint = if f.is_opaque() {
            Cell::new(format!("{short}+exe")).fg(Color::Magenta)
        } else if f.widened.is_empty() {
            Cell::new(short)
        } else {
            Cell::new(format!("{short}~")).fg(Color::Yellow)
        };
        table.add_row(vec![
            Cell::new(&f.path),
            Cell::new(place),
            fingerprint,
            Cell::new(f.reaches.len()),
            Cell::new(external(f.external.iter())),
        ]);
    }
    table::print(out, &table)?;

    let mut places: BTreeMap<&Widened, Vec<&str>> = BTreeMap::new();
    for f in functions {
        f.widened.iter().for_each(|w| places.entry(w).or_default().push(&f.path));
    }
    if places.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{STRONG}Widened{STRONG:#}")?;
    for (widened, functions) in places {
        mark(out, widened)?;
        match functions[..] {
            [only] => writeln!(out, "{DIM}, for {only}{DIM:#}")?,
            _ => writeln!(out, "{DIM}, for {} functions{DIM:#}", functions.len())?,
        }
    }
    writeln!(out)?;
    if functions.iter().any(|f| !f.is_opaque() && !f.widened.is_empty()) {
        writeln!(out, "{SOURCE}~{SOURCE:#} covers more source than is needed")?;
    }
    if functions.iter().any(Entry::is_opaque) {
        writeln!(
            out,
            "{OPAQUE}+exe{OPAQUE:#} only the first part: completed at run time with a hash of the executable"
        )?;
    }
    Ok(())
}

/// `source src/a.rs:3: why`, without the end of the line.
pub(crate) fn mark(out: &mut dyn Write, widened: &Widened) -> io::Result<()> {
    let style = if widened.kind == WidenedKind::Opaque { OPAQUE } else { SOURCE };
    write!(out, "{style}{}{style:#} {}: {}", widened.kind.as_str(), widened.at, widened.why)
}

fn external<'a>(packages: impl ExactSizeIterator<Item = &'a String>) -> String {
    let count = packages.len();
    let mut text = packages.take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if count > NAMED {
        text.push_str(&format!(", {} more", count - NAMED));
    }
    text
}
