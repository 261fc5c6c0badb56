//! A member of the corpus in memory: its files, its analysis, and what other sources would give instead.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Mutex;

use quote::ToTokens as _;
use rememo_analyzer::project::Project;
use rememo_analyzer::report::{Analysis, ItemKind};
use rememo_analyzer::source::{Digest, LoadError, Loader, Summaries};
use rememo_analyzer::{Roots, analyze};
use rememo_build::DiskLoader;
use rememo_oracle::compile::Unit;
use rememo_oracle::error::OracleError;
use rememo_oracle::join;
use rememo_oracle::linked::Linked;
use rememo_oracle::subject::Analyzed;
use syn::visit::Visit;

use crate::source::Source;

/// A package of the corpus.
pub struct Subject {
    /// The package's name.
    pub name: String,
    /// Its workspace's folder.
    pub root: PathBuf,
    /// What came out, all functions as roots.
    pub analysis: Analysis,
    /// What compiled code reaches, if the oracle compiled it.
    pub compiled: Option<Compiled>,
    /// Of each function whether the executable's content completes its fingerprint.
    pub(crate) opaque: Vec<bool>,
    pub(crate) bench: Bench,
    /// Those that hold modules.
    pub(crate) sources: Vec<Source>,
    /// Names of standard macros that these sources give to others.
    shadowed: BTreeSet<String>,
    /// Those, and all that another package's glob import may bring.
    shadowed_by_globs: BTreeSet<String>,
    /// Files that have such an import, or one from this package, which may hand it on.
    open: BTreeSet<String>,
}

/// Where changed sources are analyzed. Unlike trees of syntax, threads can share it.
pub(crate) struct Bench {
    /// For the sources of other packages, which nobody changes.
    disk: DiskLoader,
    pub(crate) project: Project,
    /// Every file that the analysis reads.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    summaries: Memory,
}

impl Bench {
    pub(crate) fn analyze(&self, changes: &Changes) -> Analysis {
        analyze(&self.project, &Overlay { files: &self.files, disk: &self.disk, changes }, &Roots::All, &self.summaries)
    }
}

/// What the compiled code of each item reaches.
pub struct Compiled {
    /// By item, the items.
    pub reach: HashMap<usize, Vec<usize>>,
    /// Items that were instantiated with types: what they reach, their callers decide too.
    pub generic: BTreeSet<usize>,
}

impl Compiled {
    /// Reads the IR that the oracle's compiler left.
    ///
    /// # Errors
    /// [`OracleError::File`].
    pub fn read(analyzed: &Analyzed, units: &[Unit]) -> Result<Compiled, OracleError> {
        let linked = Linked::read(units)?;
        let joined = join::join(analyzed, &linked, units);
        let sets = linked.reach(&joined.items, analyzed.analysis.items.len());
        let mut compiled = Compiled { reach: HashMap::new(), generic: BTreeSet::new() };
        for (node, item) in joined.items.iter().enumerate() {
            let Some(item) = *item else { continue };
            let reach = compiled.reach.entry(item).or_default();
            reach.extend(sets[node].ones());
            if linked.nodes[node].origin.as_ref().is_some_and(|origin| origin.is_generic) {
                compiled.generic.insert(item);
            }
        }
        for reach in compiled.reach.values_mut() {
            reach.sort_unstable();
            reach.dedup();
        }
        Ok(compiled)
    }
}

/// Files that differ from those on the disk; `None` for one that is gone.
pub type Changes = BTreeMap<String, Option<Vec<u8>>>;

impl Subject {
    /// Reads what the analysis read.
    pub fn new(analyzed: Analyzed, compiled: Option<Compiled>) -> Subject {
        let opaque = analyzed.analysis.functions.iter().map(|function| analyzed.is_opaque(function)).collect();
        let Analyzed { package, project, analysis, root, .. } = analyzed;
        let loader = DiskLoader::new(&root, None);
        let mut files = BTreeMap::new();
        for file in analysis.files.iter().filter(|file| file.hash.is_some()) {
            if let Ok(bytes) = loader.load(&file.path) {
                files.insert(file.path.clone(), bytes);
            }
        }
        // A file that counts by its bytes holds no items.
        let whole: BTreeSet<&str> = analysis
            .items
            .iter()
            .filter(|item| item.kind == ItemKind::File)
            .filter_map(|item| item.file.as_deref())
            .collect();
        let mut sources = Vec::new();
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".rs") && !whole.contains(path.as_str())) {
            sources.extend(std::str::from_utf8(bytes).ok().and_then(|text| Source::parse(path, text)));
        }
        let mut shadowed = Shadowed::default();
        sources.iter().for_each(|source| shadowed.visit_file(&source.syntax));
        let open = open_to_other_packages(&sources);
        let shadowed_by_globs = shadowed.0.iter().cloned().chain(STANDARD.map(str::to_owned)).collect();
        let bench = Bench { project, files, disk: loader, summaries: Memory::default() };
        Subject {
            name: package,
            root,
            analysis,
            compiled,
            opaque,
            bench,
            sources,
            shadowed: shadowed.0,
            shadowed_by_globs,
            open,
        }
    }

    /// Names of standard macros that may be other macros' in a file.
    pub(crate) fn shadowed(&self, source: &Source) -> &BTreeSet<String> {
        if self.open.contains(&source.path) { &self.shadowed_by_globs } else { &self.shadowed }
    }

    /// The analysis of changed files.
    pub fn analyze(&self, changes: &Changes) -> Analysis {
        self.bench.analyze(changes)
    }
}

/// The standard macros that this knows.
const STANDARD: [&str; 20] = [
    "format",
    "format_args",
    "print",
    "println",
    "eprint",
    "eprintln",
    "panic",
    "unreachable",
    "todo",
    "unimplemented",
    "write",
    "writeln",
    "assert",
    "debug_assert",
    "assert_eq",
    "assert_ne",
    "debug_assert_eq",
    "debug_assert_ne",
    "vec",
    "matches",
];

fn open_to_other_packages(sources: &[Source]) -> BTreeSet<String> {
    let (mut local, mut open) = (Vec::new(), BTreeSet::new());
    for source in sources {
        let mut globs = Globs::default();
        globs.visit_file(&source.syntax);
        if globs.foreign {
            open.insert(source.path.clone());
        }
        if globs.local {
            local.push(source.path.clone());
        }
    }
    // Where any glob is of another package, all that hand names on may hand its names on.
    if !open.is_empty() {
        open.extend(local);
    }
    open
}

/// Glob imports of a file.
#[derive(Default)]
struct Globs {
    foreign: bool,
    local: bool,
}

impl<'ast> Visit<'ast> for Globs {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let text = item.tree.to_token_stream().to_string();
        if text.contains('*') {
            let first = text.split(' ').next().unwrap_or_default();
            match first {
                "std" | "core" | "alloc" => {}
                "crate" | "self" | "super" => self.local = true,
                _ => self.foreign = true,
            }
        }
    }
}

/// Names of macros that are defined or imported.
#[derive(Default)]
struct Shadowed(BTreeSet<String>);

impl<'ast> Visit<'ast> for Shadowed {
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        self.0.extend(item.ident.as_ref().map(ToString::to_string));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let standard = match &item.tree {
            syn::UseTree::Path(path) => ["std", "core", "alloc"].iter().any(|root| path.ident == root),
            _ => false,
        };
        if !standard {
            syn::visit::visit_item_use(self, item);
        }
    }

    fn visit_use_name(&mut self, name: &'ast syn::UseName) {
        self.0.insert(name.ident.to_string());
    }

    fn visit_use_rename(&mut self, name: &'ast syn::UseRename) {
        self.0.insert(name.rename.to_string());
    }
}

/// Files in memory, some of them changed.
struct Overlay<'a> {
    files: &'a BTreeMap<String, Vec<u8>>,
    disk: &'a DiskLoader,
    changes: &'a Changes,
}

impl Loader for Overlay<'_> {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if rememo_build::is_in_registry(path) {
            return self.disk.load(path);
        }
        let found = match self.changes.get(path) {
            Some(changed) => changed.as_ref(),
            None => self.files.get(path),
        };
        found.cloned().ok_or(LoadError::NotFound)
    }
}

/// Summaries of one process.
#[derive(Default)]
struct Memory(Mutex<HashMap<[u8; 32], Vec<u8>>>);

impl Summaries for Memory {
    fn get(&self, key: &Digest) -> Option<Vec<u8>> {
        self.0.lock().ok()?.get(&key.0).cloned()
    }

    fn put(&self, key: &Digest, summary: &[u8]) {
        if let Ok(mut kept) = self.0.lock() {
            // Mutants come once: what is kept is the state that all of them share.
            if kept.len() < 4_000 {
                kept.insert(key.0, summary.to_vec());
            }
        }
    }
}
