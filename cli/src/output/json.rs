//! Schema 1 of `dump --format json`. Programs read it: keys are only ever added, and equal sources give equal bytes.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use crate::catalog::Catalog;

/// The schema's number.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct ItemLine<'a> {
    id: usize,
    path: &'a str,
    kind: &'a str,
    package: &'a str,
    file: Option<&'a str>,
    line: u32,
    end_line: u32,
    hash: String,
    /// The hash with what the item's names resolve to: two dumps that agree on it reach the same.
    digest: String,
}

#[derive(Serialize)]
struct FunctionLine<'a> {
    path: &'a str,
    item: usize,
    cached: bool,
    fingerprint: &'a str,
    reaches: &'a [usize],
    external: &'a BTreeSet<String>,
    widened: Vec<WidenedPart<'a>>,
}

#[derive(Serialize)]
struct WidenedPart<'a> {
    at: &'a str,
    kind: &'static str,
    why: &'a str,
}

/// Prints the dump, an item and a function a line, so that two dumps can be compared line by line.
///
/// # Errors
/// If `out` can't be written.
pub(crate) fn print(out: &mut dyn Write, package: &str, catalog: &Catalog<'_>) -> io::Result<()> {
    write!(out, "{{\"schema\": {SCHEMA}, \"package\": {},\n\"items\": [", serde_json::to_string(package)?)?;
    for (id, item) in catalog.items.iter().enumerate() {
        out.write_all(if id == 0 { b"\n" } else { b",\n" })?;
        let line = ItemLine {
            id,
            path: &item.path,
            kind: item.kind.as_str(),
            package: &item.package,
            file: item.file.as_deref().filter(|file| !catalog.missing.contains(file)),
            line: item.line,
            end_line: item.end_line,
            hash: item.hash.to_string(),
            digest: item.digest.to_string(),
        };
        serde_json::to_writer(&mut *out, &line)?;
    }
    out.write_all(b"\n],\n\"functions\": [")?;
    for (n, f) in catalog.functions.iter().enumerate() {
        out.write_all(if n == 0 { b"\n" } else { b",\n" })?;
        let line = FunctionLine {
            path: &f.path,
            item: f.item,
            cached: f.cached,
            fingerprint: &f.fingerprint,
            reaches: &f.reaches,
            external: &f.external,
            widened: f.widened.iter().map(|w| WidenedPart { at: &w.at, kind: w.kind.as_str(), why: &w.why }).collect(),
        };
        serde_json::to_writer(&mut *out, &line)?;
    }
    out.write_all(b"\n]}\n")
}
