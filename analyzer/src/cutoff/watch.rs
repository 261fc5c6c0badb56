//! What tells of one file alone whether another version of it changes anything that a report shows.
//!
//! Nearly every edit leaves the report as it is, byte for byte, and then there is no need to read it back. It must be as
//! strict as bringing the report up to date would be: no place that the report shows has moved, no hash is another.

use rustc_hash::FxHashMap as HashMap;

use super::moves::Moves;
use super::record::{Record, read_items};
use crate::Watched;
use crate::ir::{Raw, Reader, Symbols, Wire, Writer, wire};
use crate::load::{compared, digest};
use crate::source::{Digest, Summaries, sum};

wire! {
    /// A file, and what a report shows of it.
    pub(crate) struct Watch {
        /// As in its [`FileRecord`](super::FileRecord).
        pub compares: bool,
        /// A problem was met in it: what becomes of that is for an analysis to say.
        pub troubled: bool,
        /// As in its [`FileRecord`](super::FileRecord).
        pub items: Raw,
        /// Lines of places.
        pub lines: Vec<u32>,
        /// Lines and columns of the names of functions.
        pub names: Vec<(u32, u32)>,
        /// First and last lines of items.
        pub spans: Vec<(u32, u32)>,
    }
}

/// What is to be known of each file that was there, in the order of the record.
pub(crate) fn watched(record: &Record) -> Vec<Watched> {
    let analysis = &record.analysis;
    let mut places = Places::default();
    for file in &record.files {
        places.of.insert(&file.path, places.list.len());
        places.list.push(Watch {
            compares: file.compares,
            troubled: false,
            items: file.items.clone(),
            lines: Vec::new(),
            names: Vec::new(),
            spans: Vec::new(),
        });
    }
    for item in &analysis.items {
        if let Some(watch) = item.file.as_deref().and_then(|file| places.file(file)) {
            watch.spans.push((item.line, item.end_line));
        }
    }
    for function in &analysis.functions {
        let file = analysis.items.get(function.item.0).and_then(|item| item.file.as_deref());
        if let Some(watch) = file.and_then(|file| places.file(file))
            && function.line > 0
        {
            watch.names.push((function.line, function.column));
        }
        function.refused.iter().for_each(|refusal| places.line(&refusal.at));
        for input in &function.inputs {
            places.line(&input.at);
            input.path.iter().for_each(|step| places.line(&step.at));
            input.others.iter().for_each(|at| places.line(at));
        }
    }
    record.widened.iter().for_each(|widened| places.line(&widened.at));
    for problem in &analysis.problems {
        if let Some(watch) = places.file(&problem.file) {
            watch.troubled = true;
        }
    }
    let mut watched = Vec::with_capacity(record.files.len());
    for (file, watch) in record.files.iter().zip(places.list) {
        let read = analysis.files.binary_search_by(|read| read.path.as_str().cmp(&file.path));
        let known = |content| framed(&content, &Writer::bytes(&watch, &Symbols::new()));
        let content = read.ok().and_then(|at| analysis.files[at].hash);
        watched.push(Watched { path: file.path.clone(), known: content.map(known) });
    }
    watched
}

/// Files by path; most of what is looked up stands in the same file as what was looked up before.
#[derive(Default)]
struct Places<'r> {
    list: Vec<Watch>,
    of: HashMap<&'r str, usize>,
    last: Option<(&'r str, usize)>,
}

impl<'r> Places<'r> {
    fn file(&mut self, path: &'r str) -> Option<&mut Watch> {
        let at = match self.last {
            Some((last, at)) if last == path => at,
            _ => *self.of.get(path)?,
        };
        self.last = Some((path, at));
        self.list.get_mut(at)
    }

    /// Enters a place as people read it: file and line.
    fn line(&mut self, at: &'r str) {
        if let Some((file, line)) = at.rsplit_once(':')
            && let Some(watch) = self.file(file)
        {
            match line.parse() {
                Ok(line) => watch.lines.push(line),
                Err(_) => watch.troubled = true,
            }
        }
    }
}

/// The digest of the content, a sum that tells damage, the rest.
fn framed(content: &Digest, watch: &[u8]) -> Vec<u8> {
    let mut out = content.0.to_vec();
    out.extend_from_slice(&sum(watch).to_le_bytes());
    out.extend_from_slice(watch);
    out
}

/// The digest of a file as it is now and what is known of it then, if a report shows of it what it showed before.
pub(crate) fn same_report(known: &[u8], bytes: &[u8], summaries: &dyn Summaries) -> Option<(Digest, Vec<u8>)> {
    let (before, rest) = known.split_first_chunk::<32>()?;
    let (sum_of_watch, watch) = rest.split_first_chunk::<8>()?;
    if u64::from_le_bytes(*sum_of_watch) != sum(watch) {
        return None;
    }
    let (before, content) = (Digest(*before), digest(&[bytes]));
    if content == before {
        return Some((content, known.to_vec()));
    }
    let of: Watch = Reader::read(watch, &mut Symbols::new())?;
    if !of.compares || of.troubled {
        return None;
    }
    let compared = compared(before, content, bytes, summaries)?;
    let moves = Moves::between(&read_items(&of.items)?, &compared.before, &compared.after)?;
    let stays = moves.hashes.is_empty()
        && of.lines.iter().all(|line| moves.line(*line) == Some(*line))
        && of.names.iter().all(|(line, column)| moves.name(*line, *column) == Some((*line, *column)))
        && of.spans.iter().all(|(line, end)| moves.span(*line, *end) == Some((*line, *end)));
    // Its items are those that they were, one by one, so that only the content is another.
    stays.then(|| (content, framed(&content, watch)))
}
