//! Early cutoff: an analysis that would say again what the one before said isn't made.
//!
//! Most edits change what one function does and nothing that anybody else sees of it. If no function asked for comes to it,
//! the last analysis still holds; if one does, and only hashes changed, new hashes are all that it takes. Files are compared
//! item by item in their intermediate form, lines and hashes apart: names, types and calls are a function of that form, so
//! that equal forms have equal reachable sets. It must answer exactly what an analysis would answer, and wherever it can't
//! tell, it answers nothing and all is analyzed anew.
//!
//! The term is that of Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte" (2018).

mod moves;
mod record;
mod watch;

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use crate::ir::{Reader, Symbols, Writer};
use crate::load::{compared, digest};
use crate::project::Project;
use crate::report::{Analysis, Function, ItemId};
use crate::source::{Digest, LoadError, Loader, Summaries, sum};
use crate::{Extras, Roots, Watched, fingerprint};

use moves::Moves;
use record::read_items;
pub(crate) use record::{Content, FileRecord, ItemRecord, Record, write_items};
pub(crate) use watch::{same_report, watched};

/// The files that an analysis saw, and what is in them.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) files: Vec<FileRecord>,
    pub(crate) contents: Vec<u8>,
}

/// Part of every key: a change of what is kept, or of what an analysis says, makes it useless.
const FORM: &[u8] = b"rememo cutoff 4\n";

/// What an analysis depends on besides files.
pub(crate) fn key(by: &[u8], project: &Project, roots: &Roots, extras: Extras) -> Digest {
    /// All that is hashed, as it comes: 64 bits wouldn't do.
    struct All(Vec<u8>);
    impl Hasher for All {
        fn write(&mut self, bytes: &[u8]) {
            self.0.extend_from_slice(bytes);
        }

        fn finish(&self) -> u64 {
            0
        }
    }
    let mut all = All(FORM.to_vec());
    by.hash(&mut all);
    project.hash(&mut all);
    roots.hash(&mut all);
    extras.hash(&mut all);
    digest(&[&all.0])
}

/// What is kept: the key, a sum that tells damage, the record and its length, the contents of files.
pub(crate) fn bytes(key: &Digest, record: &Record, contents: &[u8]) -> Vec<u8> {
    let record = Writer::bytes(record, &Symbols::new());
    let mut out = key.0.to_vec();
    out.extend_from_slice(&sum(&record).to_le_bytes());
    out.extend_from_slice(&(record.len() as u64).to_le_bytes());
    out.extend_from_slice(&record);
    out.extend_from_slice(contents);
    out
}

/// Takes apart what was kept, if it is whole and of this key. Damaged contents only make a file look edited.
fn parts<'k>(kept: &'k [u8], key: &Digest) -> Option<(Record, &'k [u8])> {
    let (of, rest) = kept.split_first_chunk::<32>()?;
    let (sum_of_record, rest) = rest.split_first_chunk::<8>()?;
    let (len, rest) = rest.split_first_chunk::<8>()?;
    let (record, contents) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*len)).ok()?)?;
    if *of != key.0 || u64::from_le_bytes(*sum_of_record) != sum(record) {
        return None;
    }
    Some((Reader::read(record, &mut Symbols::new())?, contents))
}

/// What an analysis of the files as they are now would say, if that follows from what was kept of one before.
pub(crate) fn forward(
    kept: &[u8],
    key: &Digest,
    loader: &dyn Loader,
    summaries: &dyn Summaries,
) -> Option<(Analysis, Vec<Watched>)> {
    let (mut record, contents) = parts(kept, key)?;
    let mut moves: HashMap<&str, Moves> = HashMap::new();
    for file in &record.files {
        let (bytes, content) = match (loader.load(&file.path), &file.content) {
            (Err(LoadError::NotFound), None) => continue,
            (Ok(bytes), Some(content)) => (bytes, content),
            _ => return None,
        };
        let same = match content.kept {
            Some((from, to)) => contents.get(from as usize..to as usize) == Some(&*bytes),
            None => digest(&[&bytes]) == content.digest,
        };
        if same {
            continue;
        }
        if !file.compares {
            return None;
        }
        let now = digest(&[&bytes]);
        let compared = compared(content.digest, now, &bytes, summaries)?;
        moves.insert(&file.path, Moves::between(&read_items(&file.items)?, &compared.before, &compared.after)?);
        let read = &mut record.analysis.files;
        let at = read.binary_search_by(|read| read.path.cmp(&file.path)).ok()?;
        read[at].hash = Some(now);
    }
    for widened in &mut record.widened {
        move_place(&mut widened.at, &moves)?;
    }
    place(&mut record.analysis, &moves)?;
    let watched = watched(&record);
    let is_moved = !moves.is_empty();
    let hashes: Vec<(ItemId, Digest, Digest)> = moves.into_values().flat_map(|moves| moves.hashes).collect();
    let mut analysis = record.into_analysis()?;
    if is_moved {
        rehash(&mut analysis, &hashes)?;
        // Fingerprints don't depend on the order, but a report does.
        let order = |item: &crate::report::Item| (item.path.clone(), item.line, item.digest);
        if !analysis.items.is_sorted_by_key(order) {
            return None;
        }
    }
    Some((analysis, watched))
}

/// Brings all places of a report up to date.
fn place(analysis: &mut Analysis, moves: &HashMap<&str, Moves>) -> Option<()> {
    if analysis.problems.iter().any(|problem| moves.contains_key(problem.file.as_str())) {
        return None;
    }
    for function in &mut analysis.functions {
        let file = analysis.items.get(function.item.0)?.file.as_deref().unwrap_or_default();
        if let Some(moves) = moves.get(file)
            && function.line > 0
        {
            (function.line, function.column) = moves.name(function.line, function.column)?;
        }
        for refusal in &mut function.refused {
            move_place(&mut refusal.at, moves)?;
        }
        for input in &mut function.inputs {
            move_place(&mut input.at, moves)?;
            for at in input.path.iter_mut().map(|step| &mut step.at).chain(&mut input.others) {
                move_place(at, moves)?;
            }
            input.others.sort();
            input.others.dedup();
            input.others.retain(|at| *at != input.at);
        }
    }
    for item in &mut analysis.items {
        if let Some(moves) = moves.get(item.file.as_deref().unwrap_or_default()) {
            (item.line, item.end_line) = moves.span(item.line, item.end_line)?;
        }
    }
    Some(())
}

/// A place as people read it: file and line.
fn move_place(at: &mut String, moves: &HashMap<&str, Moves>) -> Option<()> {
    if !moves.is_empty()
        && let Some((file, line)) = at.rsplit_once(':')
        && let Some(moves) = moves.get(file)
    {
        *at = format!("{file}:{}", moves.line(line.parse().ok()?)?);
    }
    Some(())
}

/// Makes the digests of items whose own code hashes to something else, and the fingerprints of those who reach them.
fn rehash(analysis: &mut Analysis, hashes: &[(ItemId, Digest, Digest)]) -> Option<()> {
    let mut is_new = vec![false; analysis.items.len()];
    for (id, rest, hash) in hashes {
        let item = analysis.items.get_mut(id.0)?;
        (item.hash, item.digest) = (*hash, fingerprint::of_item(hash, rest));
        is_new[id.0] = true;
    }
    if !is_new.contains(&true) {
        return Some(());
    }
    let mut order: Vec<usize> = (0..analysis.items.len()).collect();
    order.sort_unstable_by_key(|at| analysis.items[*at].digest);
    for function in &mut analysis.functions {
        let Function { item, reaches, source, .. } = function;
        let mut is_reached = vec![false; analysis.items.len()];
        for id in reaches {
            *is_reached.get_mut(id.0)? = true;
        }
        if is_reached.iter().zip(&is_new).any(|(reached, new)| *reached && *new) {
            let root = &analysis.items.get(item.0)?.digest;
            let reached = order.iter().filter(|at| is_reached[**at]).map(|at| &analysis.items[*at].digest);
            *source = fingerprint::of_sorted(root, reached);
        }
    }
    Some(())
}
