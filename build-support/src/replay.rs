//! A run of the hook that says again what the run before said, because nothing that it would show has changed: of what was
//! read nothing did, or only what no cached function sees.
//!
//! It is a verifying trace (Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte", 2018): all that the last run
//! depended on, and what came of it. The table stays as it is, but for the hashes of edited files; rules and warnings are
//! said again. Any doubt means that the hook runs as if there were no trace. On systems that don't tell when a file was
//! changed there is none.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rememo_analyzer::source::{Digest, sum};
use rememo_analyzer::{Watched, same_report};

use crate::facts::{Facts, Kind, Look, Stamp, kind};
use crate::loader::DiskLoader;
use crate::metadata::Answers;
use crate::summaries::DiskSummaries;
use crate::table::{SOURCES, write_changed};
use crate::workspace::slashes;

/// The first bytes of a trace.
const FORM: &[u8] = b"rememo trace 3\n";

/// What a run left behind.
pub(crate) struct Outcome<'o> {
    /// Who ran, and what it was told besides files.
    pub(crate) by: &'o [u8],
    /// What was looked at.
    pub(crate) facts: Facts,
    /// What programs said.
    pub(crate) answers: Answers,
    /// The files that the analysis saw.
    pub(crate) watched: Vec<Watched>,
    /// The table's list of sources.
    pub(crate) sources: &'o str,
    /// What was printed.
    pub(crate) said: &'o str,
}

/// Where the trace is kept.
#[derive(Debug)]
pub(crate) struct Trace {
    dir: PathBuf,
    started: SystemTime,
}

/// What the last run tells this one.
#[derive(Debug)]
pub(crate) enum Before {
    /// All of it holds: what there is to write is written, this is what there is to say.
    Again(String),
    /// All holds but for sources: so do the answers of programs, which look at none.
    Answers(Answers),
    /// Nothing.
    Nothing,
}

/// What the last run said, and the trace as it is now if that is another.
struct Again {
    said: String,
    sources: String,
    trace: Option<Vec<u8>>,
}

impl Trace {
    /// The trace in the table's folder, for a run that begins now.
    pub(crate) fn new(dir: PathBuf) -> Trace {
        Trace { dir, started: SystemTime::now() }
    }

    fn path(&self) -> PathBuf {
        self.dir.join("trace")
    }

    /// Must come before anything is written that the trace says is there.
    pub(crate) fn forget(&self) {
        let _ = fs::remove_file(self.path());
    }

    /// Keeps a run, if all that it depended on was the same from its beginning to its end.
    pub(crate) fn keep(&self, mut outcome: Outcome<'_>, loader: &DiskLoader) {
        let mut files = Vec::new();
        for Watched { path, known, .. } in &outcome.watched {
            let full = loader.resolve(path);
            match known {
                Some(known) => {
                    put(&mut files, slashes(&full).as_bytes());
                    put(&mut files, &self.trusted(loader.stamp(path)));
                    put(&mut files, known);
                }
                None if kind(&full) == Kind::File => return,
                None => outcome.facts.add_missing(&full),
            }
        }
        let mut facts = Vec::new();
        for (look, path, found) in &outcome.facts.list {
            let Some(path_text) = path.to_str() else { return };
            facts.push(*look as u8);
            put(&mut facts, path_text.as_bytes());
            put(&mut facts, found);
        }
        if !outcome.facts.are_settled(self.started) {
            return;
        }
        let mut answers = Vec::new();
        for (question, said) in &outcome.answers.list {
            put(&mut answers, question.as_bytes());
            put(&mut answers, said);
        }
        let Outcome { by, said, sources, .. } = outcome;
        self.write(&framed(&[by, said.as_bytes(), sources.as_bytes(), &answers, &facts], &files));
    }

    fn write(&self, trace: &[u8]) {
        // A half-written file must never be taken for a whole one.
        let unfinished = self.path().with_extension(format!("{}-tmp", std::process::id()));
        let written = fs::write(&unfinished, trace).and_then(|()| fs::rename(&unfinished, self.path()));
        if written.is_err() {
            self.forget();
        }
    }

    /// What of the last run still holds.
    pub(crate) fn before(&self, by: &[u8], summaries: &dyn Fn() -> DiskSummaries) -> Before {
        let Some(kept) = fs::read(self.path()).ok() else { return Before::Nothing };
        let Some(run) = Run::of(&kept).filter(|run| run.by == by && still_hold(run.facts) == Some(true)) else {
            return Before::Nothing;
        };
        let again = self.again(&run, summaries).and_then(|Again { said, sources, trace }| {
            if let Some(trace) = trace {
                // Without the trace, a table that is half done is made anew.
                self.forget();
                write_changed(&self.dir.join(SOURCES), &sources).ok()?;
                self.write(&trace);
            }
            Some(said)
        });
        again.map_or_else(|| answers(run.answers).map_or(Before::Nothing, Before::Answers), Before::Again)
    }

    fn again(&self, run: &Run<'_>, summaries: &dyn Fn() -> DiskSummaries) -> Option<Again> {
        let Run { by, said, answers, facts, mut files, .. } = *run;
        let mut sources = text(run.sources)?.to_owned();
        let (mut is_edited, mut now) = (false, Vec::with_capacity(files.len()));
        while !files.is_empty() {
            let [path, stamp, known] = [take(&mut files)?, take(&mut files)?, take(&mut files)?];
            let full = Path::new(text(path)?);
            let found = Stamp::of(full)?;
            put(&mut now, path);
            if stamp == found.0 {
                put(&mut now, stamp);
                put(&mut now, known);
                continue;
            }
            is_edited = true;
            let (content, known) = same_report(known, &fs::read(full).ok()?, &summaries())?;
            sources = with_hash(&sources, text(path)?, &content)?;
            put(&mut now, &self.trusted(Some(found)));
            put(&mut now, &known);
        }
        let trace = is_edited.then(|| framed(&[by, said, sources.as_bytes(), answers, facts], &now));
        Some(Again { said: text(said)?.to_owned(), sources, trace })
    }

    /// The bytes of a stamp that will tell whether the file is still what it was; none, if it must be read again.
    fn trusted(&self, stamp: Option<Stamp>) -> Vec<u8> {
        // Changed in the tick in which it was read, it would look the same.
        stamp.filter(|stamp| stamp.is_before(self.started)).map_or_else(Vec::new, |stamp| stamp.0.to_vec())
    }
}

/// A trace, taken apart.
struct Run<'t> {
    by: &'t [u8],
    said: &'t [u8],
    sources: &'t [u8],
    answers: &'t [u8],
    facts: &'t [u8],
    files: &'t [u8],
}

impl Run<'_> {
    fn of(kept: &[u8]) -> Option<Run<'_>> {
        let (mut head, files) = unframed(kept)?;
        let mut part = || take(&mut head);
        Some(Run { by: part()?, said: part()?, sources: part()?, answers: part()?, facts: part()?, files })
    }
}

fn answers(mut kept: &[u8]) -> Option<Answers> {
    let mut answers = Answers::default();
    while !kept.is_empty() {
        answers.list.push((text(take(&mut kept)?)?.to_owned(), take(&mut kept)?.to_owned()));
    }
    Some(answers)
}

/// Whether all is as it was found.
fn still_hold(mut facts: &[u8]) -> Option<bool> {
    while let Some((look, rest)) = facts.split_first() {
        facts = rest;
        let (path, found) = (text(take(&mut facts)?)?, take(&mut facts)?);
        if Look::of(*look)?.at(Path::new(path)) != found {
            return Some(false);
        }
    }
    Some(true)
}

/// The list of sources with another hash of one file, wherever that stands.
fn with_hash(sources: &str, path: &str, content: &Digest) -> Option<String> {
    const HASH: usize = 64;
    let mut out = String::with_capacity(sources.len());
    for line in sources.split_inclusive('\n') {
        let rest = line.get(HASH..)?;
        let of = rest.trim_end_matches('\n');
        // A path may hold a tab, an owner doesn't.
        if of.strip_suffix(path).is_some_and(|owner| owner.ends_with('\t') && owner.matches('\t').count() == 2) {
            out.push_str(&content.to_string());
            out.push_str(rest);
        } else {
            out.push_str(line);
        }
    }
    Some(out)
}

/// A sum that tells damage of the parts that are believed, these parts, and the files, each of which has its own.
fn framed(head: &[&[u8]], files: &[u8]) -> Vec<u8> {
    let mut parts = Vec::new();
    head.iter().for_each(|part| put(&mut parts, part));
    let mut out = FORM.to_vec();
    out.extend_from_slice(&sum(&parts).to_le_bytes());
    put(&mut out, &parts);
    out.extend_from_slice(files);
    out
}

fn unframed(kept: &[u8]) -> Option<(&[u8], &[u8])> {
    let (of, mut rest) = kept.strip_prefix(FORM)?.split_first_chunk::<8>()?;
    let head = take(&mut rest)?;
    (u64::from_le_bytes(*of) == sum(head)).then_some((head, rest))
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    out.extend_from_slice(bytes);
}

fn take<'t>(rest: &mut &'t [u8]) -> Option<&'t [u8]> {
    let (len, after) = rest.split_first_chunk::<8>()?;
    let (bytes, after) = after.split_at_checked(usize::try_from(u64::from_le_bytes(*len)).ok()?)?;
    *rest = after;
    Some(bytes)
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
