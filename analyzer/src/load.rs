//! Files of one analysis: each is loaded once, and lowered once or read back from its summary.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use sha2::{Digest as _, Sha256};

use crate::ir::{self, Reader, Symbols, Writer};
use crate::lower;
use crate::project::PackageId;
use crate::report::{Problem, ProblemKind};
use crate::source::{Digest, LoadError, Loader, Summaries};

/// Part of every summary's key: a change of the intermediate form or of normalization makes old summaries unreadable.
const FORM: &[u8] = b"rememo summary 6\n";

/// A source larger than this is not looked into; it counts as a whole.
const MAX_BYTES: usize = 48 << 20;

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
    bytes: Option<Vec<u8>>,
}

/// All files of one analysis.
pub(crate) struct Files<'a> {
    loader: &'a dyn Loader,
    summaries: &'a dyn Summaries,
    pub(crate) list: Vec<LoadedFile>,
    by_path: HashMap<String, FileId>,
    pub(crate) problems: Vec<Problem>,
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
    pub(crate) fn new(loader: &'a dyn Loader, summaries: &'a dyn Summaries) -> Self {
        Files { loader, summaries, list: Vec::new(), by_path: HashMap::new(), problems: Vec::new() }
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
        let loaded = self.loader.load(&path);
        self.enter(path, package, loaded)
    }

    /// Whether there is such a file. A path that isn't there is not remembered.
    pub(crate) fn exists(&mut self, path: &str, package: PackageId) -> bool {
        let path = clean(path);
        if let Some(&id) = self.by_path.get(&path) {
            return self.list[id.0 as usize].digest.is_some();
        }
        match self.loader.load(&path) {
            Ok(bytes) => {
                self.enter(path, package, Ok(bytes));
                true
            }
            Err(_) => false,
        }
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
            digest: bytes.as_ref().map(|bytes| digest(&[bytes])),
            packages: BTreeSet::from([package]),
            lines: 0,
            lowered: None,
            bytes,
        });
        self.by_path.insert(path, id);
        id
    }

    pub(crate) fn problem(&mut self, file: &str, line: u32, kind: ProblemKind, message: String) {
        let problem = Problem { file: file.to_owned(), line, kind, message };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// The text of a file that isn't lowered as a file of items.
    pub(crate) fn text(&mut self, file: FileId) -> Option<String> {
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
        self.list[index].bytes = None;
        lowered
    }

    fn lower(&mut self, index: usize, symbols: &mut Symbols) -> Option<ir::File> {
        let bytes = self.list[index].bytes.take()?;
        let content = self.list[index].digest?;
        let path = self.list[index].path.clone();
        if bytes.len() > MAX_BYTES {
            let message = format!("larger than {} MiB: it counts as a whole", MAX_BYTES >> 20);
            self.problem(&path, 0, ProblemKind::TooLarge, message);
            return None;
        }
        self.list[index].lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
        let key = digest(&[FORM, &content.0]);
        if let Some(summary) = self.summaries.get(&key)
            && let Some(lowered) = checked(&summary).and_then(|body| Reader::read::<ir::File>(body, symbols))
        {
            return Some(lowered);
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = valid.iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
                self.problem(&path, line, ProblemKind::Encoding, "is not UTF-8; save it as UTF-8".to_owned());
                return None;
            }
        };
        match lower::file(&text, symbols) {
            Ok(lowered) => {
                if self.summaries.keeps() {
                    let body = Writer::bytes(&lowered, symbols);
                    let mut summary = digest(&[&body]).0.to_vec();
                    summary.extend_from_slice(&body);
                    self.summaries.put(&key, &summary);
                }
                Some(lowered)
            }
            Err(error) => {
                let kind = if error.too_deep { ProblemKind::TooLarge } else { ProblemKind::Syntax };
                self.problem(&path, error.line, kind, error.message);
                None
            }
        }
    }
}

/// The body of a summary, if it is what was written.
fn checked(summary: &[u8]) -> Option<&[u8]> {
    let (sum, body) = summary.split_first_chunk::<32>()?;
    (digest(&[body]).0 == *sum).then_some(body)
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
