//! `check`, for people and as JSON: inputs with the calls that lead to them, widened places with the way out.

use std::collections::BTreeSet;
use std::io::{self, Write};

use rememo_analyzer::report::{Input, Step};
use serde::Serialize;

use crate::catalog::{Catalog, Entry};
use crate::output::advice::way_out;
use crate::output::style::{self, BAD, DIM, GOOD, STRONG};
use crate::output::text;
use crate::survey::place;

/// The schema's number.
const SCHEMA: u32 = 1;
/// Further places of one input that are listed.
const PLACES: usize = 3;
/// Columns of a kind.
const KIND: usize = 9;

/// Prints what was found of each function, and nothing of those without anything.
///
/// # Errors
/// If `out` can't be written.
pub(crate) fn text(out: &mut dyn Write, package: &str, catalog: &Catalog<'_>, all: bool) -> io::Result<()> {
    let functions = &catalog.functions;
    let what = if all { "function with a body" } else { "cached function" };
    if functions.is_empty() {
        let hint = if all { "" } else { "; mark one with #[rememo::cached], or add --all to check every function" };
        return writeln!(out, "{package} has no {what}{hint}");
    }
    let (mut reading, mut declared) = (0, 0);
    for f in functions {
        let inputs: Vec<&Input> = f.function.inputs.iter().filter(|input| input.declared.is_none()).collect();
        declared += f.function.inputs.len() - inputs.len();
        reading += usize::from(!inputs.is_empty());
        if inputs.is_empty() && f.widened.is_empty() {
            continue;
        }
        writeln!(out, "{STRONG}{}{STRONG:#}  {DIM}{}{DIM:#}", f.path, place(catalog.items[f.item]))?;
        for one in inputs {
            input(out, f, one)?;
        }
        for widened in f.widened {
            write!(out, "  ")?;
            text::mark(out, widened)?;
            writeln!(out)?;
            wrapped(out, way_out(widened))?;
        }
        writeln!(out)?;
    }
    let count = functions.len();
    let of = if count == 1 { "1 function".to_owned() } else { format!("{count} functions") };
    match reading {
        0 => writeln!(out, "{GOOD}0{GOOD:#} of {of} read what they don't declare")?,
        n => {
            writeln!(out, "{BAD}{n}{BAD:#} of {of} read what they don't declare")?;
            wrapped(
                out,
                "pass it as an argument, declare it (files, ttl, etag), or accept it: #[cached(accept(kind, ..))]",
            )?;
        }
    }
    if declared > 0 {
        let plural = if declared == 1 { "input is" } else { "inputs are" };
        writeln!(out, "{declared} {plural} declared or accepted")?;
    }
    let unseen = unseen(catalog);
    if !unseen.is_empty() {
        let plural = if unseen.len() == 1 { "package was" } else { "packages were" };
        writeln!(out, "{} external {plural} not looked into:", unseen.len())?;
        wrapped(out, &unseen.iter().map(String::as_str).collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

/// The kind, what is read, and a line for each call on the way.
fn input(out: &mut dyn Write, f: &Entry<'_>, input: &Input) -> io::Result<()> {
    let kind = format!("{}{}", input.kind.as_str(), if input.guessed { "?" } else { "" });
    write!(out, "  {BAD}{kind:KIND$}{BAD:#}{}", input.what)?;
    if input.path.len() < 2 {
        writeln!(out, "  {DIM}{}{DIM:#}", input.at)?;
    } else {
        writeln!(out)?;
        let calls = || input.path.iter().skip(1).map(|step| (step.at.as_str(), item(f, step)));
        let calls = || calls().chain([(input.at.as_str(), input.what.as_str())]);
        let widest = calls().map(|(at, _)| at.chars().count()).max().unwrap_or_default();
        for (at, what) in calls() {
            writeln!(out, "  {:KIND$}{DIM}{at:widest$}{DIM:#}  {what}", "")?;
        }
    }
    let mut others = input.others.iter().take(PLACES).map(String::as_str).collect::<Vec<_>>().join(", ");
    if input.others.len() > PLACES {
        others.push_str(&format!(" and {} more", input.others.len() - PLACES));
    }
    if others.is_empty() { Ok(()) } else { wrapped(out, &format!("also at {others}")) }
}

fn item<'a>(f: &Entry<'a>, step: &Step) -> &'a str {
    f.part.analysis.items.get(step.item.0).map_or("", |item| &item.path)
}

/// Words below the kind, in as many lines as they need.
fn wrapped(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let room = style::width().map_or(usize::MAX, |width| usize::from(width).saturating_sub(KIND + 2).max(20));
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > room {
            writeln!(out)?;
            column = 0;
        }
        if column == 0 {
            write!(out, "  {:KIND$}{DIM}{word}{DIM:#}", "")?;
        } else {
            write!(out, " {DIM}{word}{DIM:#}")?;
        }
        column += length + usize::from(column > 0);
    }
    writeln!(out)
}

fn unseen(catalog: &Catalog<'_>) -> BTreeSet<String> {
    let of = |f: &Entry<'_>| f.function.unseen.iter().map(|id| f.part.external(*id)).collect::<Vec<_>>();
    catalog.functions.iter().flat_map(of).collect()
}

#[derive(Serialize)]
struct FunctionLine<'a> {
    path: &'a str,
    file: Option<&'a str>,
    line: u32,
    cached: bool,
    inputs: Vec<InputPart<'a>>,
    widened: Vec<WidenedPart<'a>>,
}

#[derive(Serialize)]
struct InputPart<'a> {
    kind: &'static str,
    what: &'a str,
    at: &'a str,
    guessed: bool,
    declared: Option<&'static str>,
    path: Vec<StepPart<'a>>,
    others: &'a [String],
}

#[derive(Serialize)]
struct StepPart<'a> {
    path: &'a str,
    at: &'a str,
}

#[derive(Serialize)]
struct WidenedPart<'a> {
    at: &'a str,
    kind: &'static str,
    why: &'a str,
    way_out: &'static str,
}

/// Prints every function on a line of its own, those without anything too. Keys are only ever added.
///
/// # Errors
/// If `out` can't be written.
pub(crate) fn json(out: &mut dyn Write, package: &str, catalog: &Catalog<'_>) -> io::Result<()> {
    write!(out, "{{\"schema\": {SCHEMA}, \"package\": {},\n\"functions\": [", serde_json::to_string(package)?)?;
    for (n, f) in catalog.functions.iter().enumerate() {
        out.write_all(if n == 0 { b"\n" } else { b",\n" })?;
        let item = catalog.items[f.item];
        let inputs = f.function.inputs.iter().map(|input| InputPart {
            kind: input.kind.as_str(),
            what: &input.what,
            at: &input.at,
            guessed: input.guessed,
            declared: input.declared,
            path: input.path.iter().map(|step| StepPart { path: self::item(f, step), at: &step.at }).collect(),
            others: &input.others,
        });
        let widened = f.widened.iter().map(|w| WidenedPart {
            at: &w.at,
            kind: w.kind.as_str(),
            why: &w.why,
            way_out: way_out(w),
        });
        let line = FunctionLine {
            path: &f.path,
            file: item.file.as_deref(),
            line: item.line,
            cached: f.cached,
            inputs: inputs.collect(),
            widened: widened.collect(),
        };
        serde_json::to_writer(&mut *out, &line)?;
    }
    writeln!(out, "\n],\n\"unseen\": {}}}", serde_json::to_string(&unseen(catalog))?)
}
