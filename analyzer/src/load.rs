//! Files of one analysis: each is loaded once, and lowered once or read back from its summary.

mod ahead;

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use sha2::{Digest as _, Sha256};

use crate::cutoff::{Content, FileRecord, ItemRecord, write_items};
use crate::ir::{self, Reader, Shape, Symbols, Writer};
use crate::lower;
use crate::made::Expansions;
use crate::project::{Package, PackageId};
use crate::report::{Problem, ProblemKind};
use crate::source::{Digest, LoadError, Loader, Summaries, sum};

pub(crate) use ahead::Ahead;

/// Part of every summary's key: a change of the intermediate form or of normalization makes old summaries unreadable.
const FORM: &[u8] = b"rememo summary 13\n";

/// A source larger than this is not looked into; it counts as a whole.
const MAX_BYTES: usize = 48 << 20;

/// Of a file larger than this, its digest tells whether it changed.
const MAX_KEPT: usize = 1 << 20;

/// Index into [`Files::list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileId(pub(crate) u32);

/// One file, present or missing.
pub(crate) struct LoadedFile {
    pub(crate) path: String,
    pub(crate) digest: Option<Digest>,
    pub(crate) packages: BTreeSet<PackageId>,
    pub(crate) lines: u32,
    lowered: Option<Option<Rc<ir::File>>>,
    /// What it holds, if it was read for this analysis.
    bytes: Option<Vec<u8>>,
    /// Somebody looked at more than its items.
    as_text: bool,
    depth: Depth,
    /// What somebody lowered ahead.
    prepared: Option<Lowered>,
}

/// How much of a file is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    All,
    /// What it declares: all that counts of an external package.
    Declarations,
}

impl Depth {
    fn of(package: &Package) -> Depth {
        if package.external.is_some() { Depth::Declarations } else { Depth::All }
    }

    /// What a summary is called.
    fn name(self) -> &'static [u8] {
        match self {
            Depth::All => b"file",
            Depth::Declarations => b"declarations",
        }
    }

    fn kept_in(self, summaries: &dyn Summaries) -> &dyn Summaries {
        match self {
            Depth::All => summaries,
            Depth::Declarations => summaries.packages().unwrap_or(summaries),
        }
    }

    fn lower(self, text: &str, symbols: &mut Symbols) -> Result<ir::File, lower::SyntaxError> {
        match self {
            Depth::All => lower::file(text, symbols),
            Depth::Declarations => lower::declarations(text, symbols),
        }
    }
}

/// The bytes of a file's intermediate form, and where they begin.
type Form = (Vec<u8>, usize);

/// A file's intermediate form, or why there is none.
type Lowered = Result<Form, Refused>;

/// Why a file isn't looked into.
#[derive(Debug)]
struct Refused {
    kind: ProblemKind,
    line: u32,
    message: String,
}

/// A file that was loaded and lowered.
struct Prepared {
    digest: Digest,
    bytes: Option<Vec<u8>>,
    lines: u32,
    lowered: Lowered,
}

/// All files of one analysis.
pub(crate) struct Files<'a> {
    loader: &'a dyn Loader,
    ahead: &'a Ahead<'a>,
    summaries: &'a dyn Summaries,
    pub(crate) list: Vec<LoadedFile>,
    by_path: HashMap<String, FileId>,
    /// Paths where a file would count, had one been there.
    missed: BTreeSet<String>,
    pub(crate) problems: Vec<Problem>,
    /// Problems are nobody's business: the files are those of external packages.
    pub(crate) quiet: bool,
    /// What macro calls made; nothing if places are asked for, which nobody keeps.
    pub(crate) made: Expansions,
    pub(crate) keeps_made: bool,
}

/// SHA-256 of several parts.
pub(crate) fn digest(parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Digest(hasher.finalize().into())
}

impl<'a> Files<'a> {
    pub(crate) fn new(loader: &'a dyn Loader, summaries: &'a dyn Summaries, ahead: &'a Ahead<'a>) -> Self {
        Files {
            loader,
            ahead,
            summaries,
            list: Vec::new(),
            by_path: HashMap::new(),
            missed: BTreeSet::new(),
            problems: Vec::new(),
            quiet: false,
            made: Expansions::default(),
            keeps_made: true,
        }
    }

    pub(crate) fn path(&self, file: FileId) -> &str {
        &self.list[file.0 as usize].path
    }

    pub(crate) fn digest_of(&self, file: FileId) -> Option<Digest> {
        self.list[file.0 as usize].digest
    }

    /// Loads a file as bytes. A missing one has no digest.
    pub(crate) fn raw(&mut self, path: &str, package: PackageId) -> FileId {
        let path = clean(path);
        if let Some(&id) = self.by_path.get(&path) {
            self.list[id.0 as usize].packages.insert(package);
            return id;
        }
        if let Some(prepared) = self.prepared(&path, package) {
            return self.enter_prepared(path, package, prepared);
        }
        let loaded = self.loader.load(&path);
        self.enter(path, package, loaded)
    }

    /// Whether there is such a file. One that isn't there is in no report, but a later analysis looks for it again.
    pub(crate) fn exists(&mut self, path: &str, package: PackageId) -> bool {
        let path = clean(path);
        if let Some(&id) = self.by_path.get(&path) {
            return self.list[id.0 as usize].digest.is_some();
        }
        if let Some(prepared) = self.prepared(&path, package) {
            self.enter_prepared(path, package, prepared);
            return true;
        }
        match self.loader.load(&path) {
            Ok(bytes) => {
                self.enter(path, package, Ok(bytes));
                true
            }
            Err(_) => {
                self.missed.insert(path);
                false
            }
        }
    }

    /// The library of an external package will be asked for.
    pub(crate) fn foresee(&self, package: PackageId) {
        self.ahead.foresee_library(package);
    }

    /// What somebody lowered ahead, or what is known of a file without reading it.
    fn prepared(&self, path: &str, package: PackageId) -> Option<Prepared> {
        let known = || Some(self.ahead.known(path, package, &mut Symbols::new())?.0);
        self.ahead.take(path).or_else(known)
    }

    fn enter(&mut self, path: String, package: PackageId, loaded: Result<Vec<u8>, LoadError>) -> FileId {
        let id = FileId(self.list.len() as u32);
        let bytes = match loaded {
            Ok(bytes) => Some(bytes),
            Err(LoadError::NotFound) => None,
            Err(LoadError::Unreadable(why)) => {
                self.problem(&path, 0, ProblemKind::Missing, format!("cannot be read: {why}"));
                None
            }
        };
        self.list.push(LoadedFile {
            path: path.clone(),
            digest: bytes.as_ref().map(|bytes| self.ahead.key(&path, package).unwrap_or_else(|| digest(&[bytes]))),
            packages: BTreeSet::from([package]),
            lines: 0,
            lowered: None,
            bytes,
            as_text: false,
            depth: self.ahead.depth(package),
            prepared: None,
        });
        self.by_path.insert(path, id);
        id
    }

    fn enter_prepared(&mut self, path: String, package: PackageId, prepared: Prepared) -> FileId {
        let id = FileId(self.list.len() as u32);
        self.list.push(LoadedFile {
            path: path.clone(),
            digest: Some(prepared.digest),
            packages: BTreeSet::from([package]),
            lines: prepared.lines,
            lowered: None,
            bytes: prepared.bytes,
            as_text: false,
            depth: self.ahead.depth(package),
            prepared: Some(prepared.lowered),
        });
        self.by_path.insert(path, id);
        id
    }

    pub(crate) fn problem(&mut self, file: &str, line: u32, kind: ProblemKind, message: String) {
        if self.quiet {
            return;
        }
        let problem = Problem { file: file.to_owned(), line, kind, message };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// The text of a file that isn't lowered as a file of items.
    pub(crate) fn text(&mut self, file: FileId) -> Option<String> {
        self.list[file.0 as usize].as_text = true;
        let path = self.path(file).to_owned();
        self.loader.load(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// The lowered form of a file of Rust code; `None` if it doesn't read, with a problem entered.
    pub(crate) fn rust(&mut self, file: FileId, symbols: &mut Symbols) -> Option<Rc<ir::File>> {
        let index = file.0 as usize;
        if let Some(lowered) = &self.list[index].lowered {
            return lowered.clone();
        }
        let lowered = self.lower(index, symbols).map(Rc::new);
        self.list[index].lowered = Some(lowered.clone());
        lowered
    }

    /// What is kept of a file so that a later analysis can tell whether another version of it would change anything: of
    /// each item, what `item` says; what is in it goes to `contents`. `None` for a file that can't change.
    pub(crate) fn record(
        &self,
        file: FileId,
        contents: &mut Vec<u8>,
        item: &mut dyn FnMut(&Rc<ir::Decl>) -> ItemRecord,
    ) -> Option<FileRecord> {
        let of = &self.list[file.0 as usize];
        if of.packages.iter().all(|package| self.ahead.key(&of.path, *package).is_some()) {
            return None;
        }
        let (path, mut items) = (of.path.clone(), Vec::new());
        let compares = match (&of.lowered, of.depth, of.as_text) {
            (Some(Some(lowered)), Depth::All, false) => {
                ir::each(&lowered.items, &mut |decl| items.push(item(decl)));
                true
            }
            _ => false,
        };
        let mut keep = |bytes: &Vec<u8>| {
            let from = u32::try_from(contents.len()).ok()?;
            let to = u32::try_from(contents.len() + bytes.len()).ok().filter(|_| bytes.len() <= MAX_KEPT)?;
            contents.extend_from_slice(bytes);
            Some((from, to))
        };
        let content = of.digest.map(|digest| Content { digest, kept: of.bytes.as_ref().and_then(&mut keep) });
        Some(FileRecord { path, content, compares, items: write_items(&items) })
    }

    /// What is kept of files that were looked for in vain, and are in no report.
    pub(crate) fn missed(&self) -> impl Iterator<Item = FileRecord> {
        let paths = self.missed.iter().filter(|path| !self.by_path.contains_key(*path)).cloned();
        paths.map(|path| FileRecord { path, content: None, compares: false, items: write_items(&Vec::new()) })
    }

    /// Whether what macro calls of a file made is kept.
    pub(crate) fn keeps_made(&self, file: FileId) -> bool {
        self.keeps_made && self.kept_in(file).keeps()
    }

    /// What was kept of a file of this content.
    pub(crate) fn kept(&self, what: &[u8], file: FileId) -> Option<Vec<u8>> {
        kept_of(self.kept_in(file), what, &self.digest_of(file)?)
    }

    /// Keeps something of a file of this content.
    pub(crate) fn keep(&self, what: &[u8], file: FileId, body: &[u8]) {
        if let Some(content) = self.digest_of(file) {
            keep_of(self.kept_in(file), what, &content, body);
        }
    }

    fn kept_in(&self, file: FileId) -> &'a dyn Summaries {
        self.list[file.0 as usize].depth.kept_in(self.summaries)
    }

    fn lower(&mut self, index: usize, symbols: &mut Symbols) -> Option<ir::File> {
        let depth = self.list[index].depth;
        let lowered = match self.list[index].prepared.take() {
            Some(lowered) => lowered,
            None => {
                let bytes = self.list[index].bytes.take()?;
                let content = self.list[index].digest?;
                let (prepared, _) = prepare(bytes, content, depth, self.summaries, &mut Symbols::new());
                self.list[index].lines = prepared.lines;
                self.list[index].bytes = prepared.bytes.filter(|_| self.ahead.keeps_content);
                prepared.lowered
            }
        };
        match lowered {
            Ok((bytes, at)) => match bytes.get(at..).and_then(|body| Reader::lately::<ir::File>(body, symbols)) {
                Some(file) => Some(file),
                // A summary that somebody made up.
                None => depth.lower(&self.text(FileId(index as u32))?, symbols).ok(),
            },
            Err(Refused { kind, line, message }) => {
                let path = self.list[index].path.clone();
                self.problem(&path, line, kind, message);
                None
            }
        }
    }
}

/// Lowers the bytes of a file, or finds its summary.
///
/// What is kept begins with the modules that the file declares; they are answered beside it.
fn prepare(
    bytes: Vec<u8>,
    content: Digest,
    depth: Depth,
    summaries: &dyn Summaries,
    symbols: &mut Symbols,
) -> (Prepared, Vec<Rc<ir::Decl>>) {
    let (lines, lowered, modules) = lowered(&bytes, content, depth, summaries, symbols);
    (Prepared { digest: content, bytes: Some(bytes), lines, lowered }, modules)
}

fn lowered(
    bytes: &[u8],
    content: Digest,
    depth: Depth,
    summaries: &dyn Summaries,
    symbols: &mut Symbols,
) -> (u32, Lowered, Vec<Rc<ir::Decl>>) {
    let refused = |lines, kind, line, message| (lines, Err(Refused { kind, line, message }), Vec::new());
    if bytes.len() > MAX_BYTES {
        let message = format!("larger than {} MiB: it counts as a whole", MAX_BYTES >> 20);
        return refused(0, ProblemKind::TooLarge, 0, message);
    }
    let lines_of = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
    let lines = lines_of(bytes);
    if let Some((known, modules)) = known(content, depth, summaries, symbols) {
        return (lines, Ok(known), modules);
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let line = lines_of(&bytes[..error.valid_up_to()]);
            return refused(lines, ProblemKind::Encoding, line, "is not UTF-8; save it as UTF-8".to_owned());
        }
    };
    match depth.lower(text, symbols) {
        Ok(lowered) => {
            let modules = modules(&lowered.items);
            let outline =
                Writer::bytes(&ir::File { items: modules.clone(), cfg: Vec::new(), heads: Vec::new() }, symbols);
            let mut body = (outline.len() as u32).to_le_bytes().to_vec();
            body.extend_from_slice(&outline);
            let at = body.len();
            body.extend_from_slice(&Writer::bytes(&lowered, symbols));
            let summaries = depth.kept_in(summaries);
            if summaries.keeps() {
                keep_of(summaries, depth.name(), &content, &body);
            }
            (lines, Ok((body, at)), modules)
        }
        Err(error) => {
            let kind = if error.too_deep { ProblemKind::TooLarge } else { ProblemKind::Syntax };
            refused(lines, kind, error.line, error.message)
        }
    }
}

/// Two versions of a file.
pub(crate) struct Compared {
    pub(crate) before: Shape,
    pub(crate) after: Shape,
}

/// A file as it was, of which a summary was kept, and as it is, each with its digest; `None` if one of the two doesn't read.
pub(crate) fn compared(before: Digest, content: Digest, after: &[u8], summaries: &dyn Summaries) -> Option<Compared> {
    let shape = |(bytes, at): Form| {
        let mut symbols = Symbols::new();
        let file = Reader::read::<ir::File>(bytes.get(at..)?, &mut symbols)?;
        Some(Shape::of(&file, &symbols))
    };
    let (before, _) = known(before, Depth::All, summaries, &mut Symbols::new())?;
    let (_, after, _) = lowered(after, content, Depth::All, summaries, &mut Symbols::new());
    Some(Compared { before: shape(before)?, after: shape(after.ok()?)? })
}

/// A file whose summary was kept.
fn known(
    content: Digest,
    depth: Depth,
    summaries: &dyn Summaries,
    symbols: &mut Symbols,
) -> Option<(Form, Vec<Rc<ir::Decl>>)> {
    let body = kept_of(depth.kept_in(summaries), depth.name(), &content)?;
    let (modules, at) = modules_of(&body, symbols)?;
    Some(((body, at), modules))
}

/// The modules that a file declares, without what else is in them.
fn modules(items: &[Rc<ir::Decl>]) -> Vec<Rc<ir::Decl>> {
    let module = |decl: &Rc<ir::Decl>| match &decl.kind {
        ir::DeclKind::Module(None) => Some(decl.clone()),
        ir::DeclKind::Module(Some(inside)) => {
            let kind = ir::DeclKind::Module(Some(modules(inside)));
            let (cfg, attrs, nested) = (decl.cfg.clone(), decl.attrs.clone(), Vec::new());
            Some(Rc::new(ir::Decl { kind, cfg, attrs, nested, asks: Vec::new(), written: Vec::new(), ..**decl }))
        }
        _ => None,
    };
    items.iter().filter_map(module).collect()
}

/// The modules at the beginning of a summary's body, and where the file begins.
fn modules_of(body: &[u8], symbols: &mut Symbols) -> Option<(Vec<Rc<ir::Decl>>, usize)> {
    let (len, rest) = body.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
    let outline = Reader::read::<ir::File>(rest.get(..len)?, symbols)?;
    Some((outline.items, 4 + len))
}

fn kept_of(summaries: &dyn Summaries, what: &[u8], content: &Digest) -> Option<Vec<u8>> {
    let mut summary = summaries.get(&digest(&[FORM, what, &content.0]))?;
    let (front, body) = summary.split_first_chunk::<8>()?;
    let is_whole = sum(body).to_le_bytes() == *front;
    summary.drain(..front.len());
    is_whole.then_some(summary)
}

fn keep_of(summaries: &dyn Summaries, what: &[u8], content: &Digest, body: &[u8]) {
    let mut summary = sum(body).to_le_bytes().to_vec();
    summary.extend_from_slice(body);
    summaries.put(&digest(&[FORM, what, &content.0]), &summary);
}

/// A path without `.` and without `x/..`.
pub(crate) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let absolute = path.starts_with('/');
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

/// The folder of a path; empty for a bare name.
pub(crate) fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// Joins a folder and a path below it.
pub(crate) fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() || path.starts_with('/') { clean(path) } else { clean(&format!("{folder}/{path}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_dots_but_keep_leading_parents() {
        assert_eq!(clean("a/./b/../c.rs"), "a/c.rs");
        assert_eq!(clean("../x/../y"), "../y");
        assert_eq!(clean("../../y"), "../../y");
        assert_eq!(join("src", "../assets/a.txt"), "assets/a.txt");
        assert_eq!(folder("src/a/b.rs"), "src/a");
    }
}
