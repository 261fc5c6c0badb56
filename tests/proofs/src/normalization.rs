//! The normalization proof: fingerprints of all functions before and after each rewriting.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{CellAlignment, Table, presets};
use rememo_analyzer::report::{Analysis, Function, WidenedKind};

use crate::error::ProofError;
use crate::positions::Observers;
use crate::rewrite::Rewriting;
use crate::subject::Subject;

/// What one rewriting of one package says.
#[derive(Debug)]
pub struct Row {
    /// The package.
    pub package: String,
    /// The rewriting's name.
    pub rewriting: &'static str,
    /// Places that were rewritten.
    pub sites: usize,
    /// Places that were left alone, because they can be observed or might be.
    pub skipped: usize,
    /// Why, with how many.
    pub reasons: Vec<(&'static str, usize)>,
    /// Functions whose fingerprints were compared.
    pub functions: usize,
    /// Functions that can observe where code stands, and aren't compared.
    pub observers: usize,
    /// Functions whose fingerprint changed, appeared or went away.
    pub changed: Vec<String>,
    /// Items whose digest isn't there any more, and which part of it differs.
    pub causes: Vec<String>,
}

/// Applies `rewriting` to a package and compares.
///
/// # Errors
/// [`ProofError::Formatter`], [`ProofError::NotRust`].
pub fn check(subject: &Subject, rewriting: Rewriting) -> Result<Row, ProofError> {
    let outcome = rewriting.apply(subject)?;
    let after = subject.analyze(&outcome.changes);
    let observers = Observers::new(subject);
    let mut unseen = Vec::new();
    for function in &subject.analysis.functions {
        if observers.are_reached_by(function) {
            unseen.push(key(function));
        }
    }
    let (old, new) = (fingerprints(&subject.analysis), fingerprints(&after));
    let mut changed = Vec::new();
    let empty = Vec::new();
    let keys: BTreeSet<&Key> = old.keys().chain(new.keys()).collect();
    let mut functions = 0;
    for key in keys {
        if unseen.contains(key) {
            continue;
        }
        let (old, new) = (old.get(key).unwrap_or(&empty), new.get(key).unwrap_or(&empty));
        functions += old.len();
        if old != new {
            let what = match (old.len(), new.len()) {
                (_, 0) => "gone",
                (0, _) => "new",
                _ => "changed",
            };
            changed.push(format!("{} {} ({what})", key.0, key.1));
        }
    }
    Ok(Row {
        package: subject.name.clone(),
        rewriting: rewriting.name(),
        sites: outcome.sites,
        skipped: outcome.skipped(),
        reasons: outcome.reasons().collect(),
        functions,
        observers: unseen.len(),
        causes: if changed.is_empty() { Vec::new() } else { causes(&subject.analysis, &after) },
        changed,
    })
}

/// Items that aren't what they were; if all are, what functions reach that they didn't, and the other way round.
fn causes(before: &Analysis, after: &Analysis) -> Vec<String> {
    let digests: BTreeSet<_> = after.items.iter().map(|item| item.digest).collect();
    let hashes: BTreeSet<_> = after.items.iter().map(|item| (&item.path, item.hash)).collect();
    let gone = before.items.iter().filter(|item| !digests.contains(&item.digest));
    let others = gone.map(|item| {
        let part = if hashes.contains(&(&item.path, item.hash)) { "what its names mean" } else { "its own code" };
        format!("{} {}:{} {part}", item.path, item.file.as_deref().unwrap_or_default(), item.line)
    });
    let others: Vec<String> = others.collect();
    if !others.is_empty() {
        return others;
    }
    let (old, new) = (reached(before), reached(after));
    let only = |one: &Reached, other: &Reached, says: &str| -> Vec<String> {
        let differ = one.iter().filter_map(|(key, paths)| Some((key, paths, other.get(key)?)));
        differ
            .flat_map(|(key, paths, others)| {
                paths.difference(others).map(move |path| format!("{}: {path} {says}", key.1))
            })
            .collect()
    };
    [only(&old, &new, "is reached no more"), only(&new, &old, "is reached now")].concat()
}

type Reached = BTreeMap<Key, BTreeSet<String>>;

fn reached(analysis: &Analysis) -> Reached {
    let paths = |function: &Function| {
        function.reaches.iter().map(|id| analysis.items[id.0].path.clone()).collect::<BTreeSet<String>>()
    };
    analysis.functions.iter().map(|function| (key(function), paths(function))).collect()
}

/// Target and path; of paths that only a line tells apart, what is before it.
type Key = (String, String);

fn key(function: &Function) -> Key {
    let path = function.path.split(" @").next().unwrap_or_default();
    (function.target.clone(), path.to_owned())
}

/// All that a fingerprint is made of, by function; several of one key are sorted.
fn fingerprints(analysis: &Analysis) -> BTreeMap<Key, Vec<String>> {
    let mut found: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    for function in &analysis.functions {
        let opaque = function.widened.iter().any(|widened| widened.kind == WidenedKind::Opaque);
        let text = format!("{} {opaque} {:?} {:?}", function.source, function.cfgs, function.envs);
        found.entry(key(function)).or_default().push(text);
    }
    found.values_mut().for_each(|list| list.sort());
    found
}

/// One line per package, a column per rewriting: sites, the share left alone, changed fingerprints.
pub fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["crate", "rewriting", "sites", "skipped", "skipped %", "functions", "see positions", "changed"]);
    let mut totals: Vec<(&'static str, [usize; 5])> = Vec::new();
    for row in rows {
        let numbers = [row.sites, row.skipped, row.functions, row.observers, row.changed.len()];
        add(&mut table, &row.package, row.rewriting, numbers);
        match totals.iter_mut().find(|(name, _)| *name == row.rewriting) {
            Some((_, sums)) => sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number),
            None => totals.push((row.rewriting, numbers)),
        }
    }
    for (rewriting, numbers) in totals {
        add(&mut table, "all", rewriting, numbers);
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

fn add(table: &mut Table, package: &str, rewriting: &str, [sites, skipped, functions, observers, changed]: [usize; 5]) {
    let share = 100.0 * skipped as f64 / (sites + skipped).max(1) as f64;
    table.add_row([
        package.to_owned(),
        rewriting.to_owned(),
        sites.to_string(),
        skipped.to_string(),
        format!("{share:.1}"),
        functions.to_string(),
        observers.to_string(),
        changed.to_string(),
    ]);
}
