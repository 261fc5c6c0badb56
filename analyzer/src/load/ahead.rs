//! Lowers files on other threads before anybody asks for them: those of the modules that a lowered file declares.
//!
//! It foresees, it never decides: a file that it didn't foresee is lowered when it is asked for, and one that it foresaw in
//! vain is forgotten. All files come as bytes of the intermediate form, whoever lowered them, so that names are numbered in
//! the order in which files are asked for.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope, available_parallelism};

use super::{Depth, Prepared, digest, folder, join, known, prepare};
use crate::STACK_BYTES;
use crate::cfg::possible;
use crate::ir::{Attr, Decl, DeclKind, Symbols};
use crate::project::{PackageId, Project, Target, TargetKind};
use crate::source::{Digest, Loader, Summaries};

/// More threads than these wait for each other.
const MAX_THREADS: usize = 4;

/// A module in a file of its own.
#[derive(Debug)]
struct Foreseen {
    /// Where it may be: the first file that is there counts.
    paths: Vec<String>,
    /// Folder that its child modules are looked up in.
    dir: String,
    package: PackageId,
}

#[derive(Default)]
struct State {
    todo: VecDeque<Foreseen>,
    /// Every path that was ever foreseen first.
    known: HashSet<String>,
    /// Paths that somebody works on.
    working: HashSet<String>,
    done: HashMap<String, Prepared>,
    closed: bool,
}

/// Files that are being lowered ahead.
pub(crate) struct Ahead<'a> {
    project: &'a Project,
    loader: &'a dyn Loader,
    summaries: &'a dyn Summaries,
    state: Mutex<State>,
    /// Something became done, or there is something to do.
    changed: Condvar,
    /// What is in files is kept as long as the analysis runs.
    pub(super) keeps_content: bool,
}

/// Ends the threads when it goes.
pub(crate) struct Closing<'s, 'a>(&'s Ahead<'a>);

impl Drop for Closing<'_, '_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        // What is left would hold the memory that syntax trees took.
        *state = State { closed: true, ..State::default() };
        drop(state);
        self.0.changed.notify_all();
    }
}

impl<'a> Ahead<'a> {
    /// Foresees the targets of the subjects, and the libraries of all other packages that are analyzed.
    pub(crate) fn new(
        project: &'a Project,
        loader: &'a dyn Loader,
        summaries: &'a dyn Summaries,
        keeps_content: bool,
    ) -> Self {
        let (state, changed) = (Mutex::default(), Condvar::new());
        let ahead = Ahead { project, loader, summaries, state, changed, keeps_content };
        for (at, package) in project.packages.iter().enumerate().filter(|(_, package)| package.external.is_none()) {
            let is_subject = project.subjects.contains(&PackageId(at));
            for target in package.targets.iter().filter(|target| is_subject || target.kind == TargetKind::Lib) {
                ahead.foresee_target(PackageId(at), target);
            }
        }
        ahead
    }

    pub(super) fn foresee_library(&self, package: PackageId) {
        let targets = &self.project.packages[package.0].targets;
        if let Some(target) = targets.iter().find(|target| target.kind == TargetKind::Lib) {
            self.foresee_target(package, target);
        }
    }

    /// What identifies the content of a file that needn't be read for it.
    pub(super) fn key(&self, path: &str, package: PackageId) -> Option<Digest> {
        let checksum = self.project.packages[package.0].checksum.as_ref()?;
        Some(digest(&[b"file of a package", checksum.as_bytes(), b"\0", path.as_bytes()]))
    }

    /// A file of which all that counts is kept, and that can't have changed.
    pub(super) fn known(
        &self,
        path: &str,
        package: PackageId,
        symbols: &mut Symbols,
    ) -> Option<(Prepared, Vec<Rc<Decl>>)> {
        let digest = self.key(path, package)?;
        let (lowered, modules) = known(digest, self.depth(package), self.summaries, symbols)?;
        Some((Prepared { digest, bytes: None, lines: 0, lowered: Ok(lowered) }, modules))
    }

    fn read(&self, path: &str, package: PackageId, symbols: &mut Symbols) -> Option<(Prepared, Vec<Rc<Decl>>)> {
        let bytes = self.loader.load(path).ok()?;
        let content = self.key(path, package).unwrap_or_else(|| digest(&[&bytes]));
        let (mut prepared, modules) = prepare(bytes, content, self.depth(package), self.summaries, symbols);
        prepared.bytes = prepared.bytes.filter(|_| self.keeps_content);
        Some((prepared, modules))
    }

    pub(super) fn depth(&self, package: PackageId) -> Depth {
        Depth::of(&self.project.packages[package.0])
    }

    fn foresee_target(&self, package: PackageId, target: &Target) {
        let root = super::clean(&target.root);
        let dir = folder(&root).to_owned();
        self.foresee(vec![Foreseen { paths: vec![root], dir, package }]);
    }

    /// Starts as many threads as are of use beside this one. They end when what it returns goes.
    pub(crate) fn start<'s, 'e>(&'s self, scope: &'s Scope<'s, 'e>) -> Closing<'s, 'a> {
        let threads = available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
        for _ in 1..threads {
            let thread = Builder::new().name("rememo files".to_owned()).stack_size(STACK_BYTES);
            // Without a thread, whoever asks for a file lowers it.
            let _ = thread.spawn_scoped(scope, || self.work());
        }
        Closing(self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn foresee(&self, modules: Vec<Foreseen>) {
        let mut state = self.lock();
        for module in modules {
            if module.paths.first().is_some_and(|path| state.known.insert(path.clone())) && !state.closed {
                state.todo.push_back(module);
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    fn work(&self) {
        let mut state = self.lock();
        while !state.closed {
            match state.todo.pop_front() {
                Some(module) => {
                    state = self.lower(state, module);
                    // What was lowered is bytes; the texts of all that a thread parses would stay.
                    proc_macro2::extra::invalidate_current_thread_spans();
                }
                None => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Lowers a module that was taken out of the list.
    fn lower<'l>(&'l self, mut state: MutexGuard<'l, State>, module: Foreseen) -> MutexGuard<'l, State> {
        state.working.extend(module.paths.iter().cloned());
        drop(state);
        // A panic is repeated by whoever needs the file.
        let found = catch_unwind(AssertUnwindSafe(|| {
            let mut symbols = Symbols::new();
            let found = module.paths.iter().find_map(|path| {
                let found = self.known(path, module.package, &mut symbols);
                Some((path, found.or_else(|| self.read(path, module.package, &mut symbols))?))
            });
            found.map(|(path, (prepared, modules))| {
                let mut children = Vec::new();
                let dirs = (module.dir.as_str(), folder(path));
                self.children(&modules, &symbols, dirs, module.package, &mut children);
                self.foresee(children);
                (path.clone(), prepared)
            })
        }));
        let mut state = self.lock();
        for path in &module.paths {
            state.working.remove(path);
        }
        if let Ok(Some((path, prepared))) = found
            && !state.closed
        {
            state.done.insert(path, prepared);
        }
        self.changed.notify_all();
        state
    }

    /// The files of the modules that are declared there; `dirs` as in a place of the collection.
    fn children(
        &self,
        items: &[Rc<Decl>],
        symbols: &Symbols,
        dirs: (&str, &str),
        package: PackageId,
        out: &mut Vec<Foreseen>,
    ) {
        let known = &self.project.packages[package.0].cfg;
        for decl in items {
            let DeclKind::Module(inline) = &decl.kind else { continue };
            if !possible(&decl.cfg, known) {
                continue;
            }
            let name = symbols.text(decl.name);
            let mut explicit = decl.attrs.iter().filter_map(|attr| match attr {
                Attr::FilePath(path, when) if possible(when, known) => Some(path.as_str()),
                _ => None,
            });
            match (inline, explicit.next()) {
                (Some(items), at) => {
                    let dir = at.map_or_else(|| join(dirs.0, name), |path| join(dirs.1, path));
                    self.children(items, symbols, (&dir, &dir), package, out);
                }
                (None, Some(path)) => {
                    for path in [path].into_iter().chain(explicit) {
                        let path = join(dirs.1, path);
                        out.push(Foreseen { dir: folder(&path).to_owned(), paths: vec![path], package });
                    }
                }
                (None, None) => {
                    let paths = vec![join(dirs.0, &format!("{name}.rs")), join(dirs.0, &format!("{name}/mod.rs"))];
                    out.push(Foreseen { paths, dir: join(dirs.0, name), package });
                }
            }
        }
    }

    /// What was foreseen of a file: as long as somebody works on it, this thread works on others. `None` for one that
    /// wasn't foreseen, or isn't there.
    pub(super) fn take(&self, path: &str) -> Option<Prepared> {
        let mut state = self.lock();
        loop {
            if let Some(prepared) = state.done.remove(path) {
                return Some(prepared);
            }
            let is_it = |module: &Foreseen| module.paths.iter().any(|of| of == path);
            if let Some(at) = state.todo.iter().position(is_it) {
                if let Some(module) = state.todo.remove(at) {
                    state = self.lower(state, module);
                }
            } else if !state.working.contains(path) {
                return None;
            } else if let Some(module) = state.todo.pop_front() {
                state = self.lower(state, module);
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}
