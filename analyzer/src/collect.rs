//! Builds the program: loads module files, evaluates cfg, expands macros where items stand, enters every item.
//!
//! It decides what exists, not what is reached. What it can't see becomes a generator of the crate: an unresolved name there
//! reaches it.

mod crates;
mod externals;
mod foreign_calls;
mod headers;
mod lowering;
mod macros;
mod modules;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::rc::Rc;

use crate::cfg::{Predicate, possible};
use crate::expand::Budget;
use crate::ir::{Attr, Decl, DeclKind, Sym, Symbols};
use crate::load::{FileId, Files, digest};
use crate::names::Memo;
use crate::program::{
    CrateId, Def, ForeignTable, Import, ImportId, Module, ModuleId, Node, NodeId, Owner, Program, Words,
};
use crate::project::{PackageId, Project};
use crate::report::{ItemKind, ProblemKind};
use crate::written::Levels;

/// Where the items that are being entered stand.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) file: FileId,
    /// Folder that child modules are looked up in.
    pub(crate) dir: String,
    /// Folder that `#[path]` is relative to.
    pub(crate) path_dir: String,
    /// How many files are around, by `mod` and `include!`.
    pub(crate) depth: u32,
    /// How many macro calls are around.
    pub(crate) calls: u32,
}

/// Builds a [`Program`].
pub(crate) struct Collector<'a, 'f> {
    pub(crate) project: &'a Project,
    pub(crate) files: &'f mut Files<'a>,
    pub(crate) program: Program,
    crates: BTreeMap<(PackageId, usize), CrateId>,
    wholes: HashMap<PackageId, NodeId>,
    /// Macros in textual scope, innermost last.
    textual: Vec<(Sym, NodeId)>,
    /// Macro calls whose macro may come from a `use`, tried again once all names are entered.
    deferred: Vec<(NodeId, ModuleId, Place, Option<NodeId>)>,
    /// Those of analyzed crates that no analyzed macro takes.
    foreign: Vec<foreign_calls::ForeignCall>,
    budget: Budget,
    levels: Levels,
    /// What paths begin with in the files that were entered.
    heads: HashSet<Sym>,
    /// The first import of the crate that is being entered.
    first_import: usize,
    krate: CrateId,
    package: PackageId,
}

/// Collects all targets of the subjects and the libraries that they depend on.
pub(crate) fn collect<'a>(project: &'a Project, files: &mut Files<'a>, places: bool) -> Program {
    files.keeps_made &= !places;
    let mut symbols = Symbols::new();
    let words = Words::new(&mut symbols);
    let program = Program {
        symbols: symbols.into(),
        crates: Vec::new(),
        modules: Vec::new(),
        nodes: Vec::new(),
        imports: Vec::new(),
        foreign: ForeignTable::default().into(),
        macros: HashMap::default(),
        impls: Vec::new(),
        members: HashMap::default(),
        externals: HashMap::default(),
        libraries: HashMap::default(),
        analyzed: Default::default(),
        crate_idents: HashMap::default(),
        memo: Memo::default().into(),
        words,
        places: places.then(Default::default),
    };
    let mut collector = Collector {
        project,
        files,
        program,
        crates: BTreeMap::new(),
        wholes: HashMap::default(),
        textual: Vec::new(),
        deferred: Vec::new(),
        foreign: Vec::new(),
        budget: Budget { tokens: 0 },
        levels: Levels::new(),
        heads: HashSet::default(),
        first_import: 0,
        krate: CrateId(0),
        package: PackageId(0),
    };
    for &subject in &project.subjects {
        for target in 0..project.packages[subject.0].targets.len() {
            collector.krate(subject, target, &mut Vec::new());
        }
    }
    collector.external_libraries();
    collector.foreign_calls();
    for at in 0..collector.program.analyzed.crates {
        // What only asserts generates nothing.
        let mut generators = std::mem::take(&mut collector.program.crates[at].generators);
        generators.retain(|id| !collector.program.declares_nothing(*id));
        collector.program.crates[at].generators = generators;
    }
    let Program { crates, nodes, .. } = &mut collector.program;
    nodes.shrink_to_fit();
    // From here on it is unknown which of a crate's macros of one name is meant: their order must not depend on the text's.
    for list in crates.iter_mut().flat_map(|krate| krate.macros.values_mut()) {
        list.sort_by(|a, b| nodes[a.at()].identity.cmp(&nodes[b.at()].identity));
    }
    collector.program
}

impl<'a> Collector<'a, '_> {
    fn sym(&mut self, text: &str) -> Sym {
        self.program.symbols.get_mut().intern(text)
    }

    fn add(&mut self, node: Node) -> NodeId {
        let id = NodeId(self.program.nodes.len() as u32);
        self.program.nodes.push(node);
        id
    }

    /// Enters the items of a file, or remembers that it can't be seen.
    ///
    /// `asked` is where the file was asked for, and the words for a report that it is missing.
    pub(crate) fn file_items(
        &mut self,
        module: ModuleId,
        place: &Place,
        asked: (&str, u32),
        what: impl Fn(&str) -> String,
    ) {
        let lowered = self.files.rust(place.file, self.program.symbols.get_mut());
        match lowered {
            Some(file) => {
                self.heads.extend(&file.heads);
                if possible(&file.cfg, &self.project.packages[self.package.0].cfg) {
                    if !file.cfg.is_empty() {
                        let mut cfg = (*self.program.module(module).cfg).clone();
                        cfg.extend(file.cfg.iter().cloned());
                        self.program.modules[module.at()].cfg = Rc::new(cfg);
                    }
                    self.items(&file.items, module, place, None);
                }
            }
            None => {
                let path = self.files.path(place.file).to_owned();
                if self.files.digest_of(place.file).is_none() {
                    self.files.problem(asked.0, asked.1, ProblemKind::Missing, what(&path));
                }
                let node = self.file_node(place.file, module);
                self.program.crates[self.krate.at()].generators.push(node);
            }
        }
    }

    /// A node for a file that counts as a whole.
    pub(crate) fn file_node(&mut self, file: FileId, module: ModuleId) -> NodeId {
        let path = self.files.path(file).to_owned();
        let content = self.files.digest_of(file).unwrap_or_default();
        let lines = self.files.list[file.0 as usize].lines.max(1);
        self.add(Node {
            kind: ItemKind::File,
            krate: Some(self.krate),
            module,
            owner: None,
            decl: None,
            file: Some(file),
            line: 1,
            end_line: lines,
            hash: digest(&[b"file", &content.0]),
            path: path.clone(),
            identity: format!("file {path}"),
            cfg: Rc::default(),
            scopes: Vec::new(),
            wrapper: None,
            external: None,
            whole: Vec::new(),
        })
    }

    /// Enters items in order: macros count from where they stand on.
    pub(crate) fn items(&mut self, decls: &[Rc<Decl>], module: ModuleId, place: &Place, owner: Option<NodeId>) {
        for decl in decls {
            self.item(decl, module, place, owner);
        }
    }

    fn item(&mut self, decl: &Rc<Decl>, module: ModuleId, place: &Place, owner: Option<NodeId>) {
        let known = &self.project.packages[self.package.0].cfg;
        if !possible(&decl.cfg, known) {
            return;
        }
        let uncertain = decl.cfg.iter().any(|predicate| predicate.eval(known).is_none());
        if crate::program::has_unknown_attr(decl, known)
            || crate::program::derives(decl, known).any(|path| !is_std_derive(path, &self.program))
        {
            // Its names may come from a macro; entered below, once the node exists.
            let next = NodeId(self.program.nodes.len() as u32);
            if !matches!(decl.kind, DeclKind::Module(_) | DeclKind::Use(_) | DeclKind::ExternCrate(_)) {
                self.program.crates[self.krate.at()].generators.push(next);
            }
        }
        match &decl.kind {
            DeclKind::Module(inline) => self.module(decl, inline.as_deref(), module, place),
            DeclKind::Use(leaves) => {
                for leaf in leaves {
                    let id = ImportId(self.program.imports.len() as u32);
                    self.program.imports.push(Import {
                        module,
                        global: leaf.global,
                        path: leaf.path.clone(),
                        public: decl.public,
                        uncertain,
                    });
                    let module = &mut self.program.modules[module.at()];
                    if leaf.glob {
                        module.globs.push(id);
                    } else if leaf.name != Sym::NONE {
                        module.names.entry(leaf.name).or_default().push(Def::Import(id));
                    } else {
                        module.unnamed.push(id);
                    }
                }
            }
            DeclKind::ExternCrate(source) => {
                let krate = self.program.krate(self.krate);
                let def = if *source == self.program.words.self_ {
                    Some(Def::Module(krate.root))
                } else {
                    krate.externs.get(source).copied()
                };
                let def = def.unwrap_or_else(|| self.program.intern_foreign(Owner::Unknown, vec![*source]));
                let is_std = matches!(def, Def::Foreign(id) if self.program.foreign(id).owner == Owner::Std);
                if !is_std && decl.attrs.iter().any(|attr| matches!(attr, Attr::MacroUse)) {
                    self.program.crates[self.krate.at()].borrows_macros = true;
                }
                self.bind(module, decl.name, def);
                let root = self.program.krate(self.krate).root;
                if module == root {
                    self.program.crates[self.krate.at()].externs.entry(decl.name).or_insert(def);
                }
            }
            DeclKind::Foreign(members) => self.items(members, module, place, owner),
            DeclKind::MacroRules(body, written) => {
                let node = self.node(decl, ItemKind::Macro, module, place, owner);
                let tokens = self.tokens(body, written, place);
                self.define_macro(node, decl, (body, tokens), module);
            }
            DeclKind::MacroCall(_) => self.call(decl, module, place, owner),
            DeclKind::Statement(call) => self.statement(decl, call, module, place),
            DeclKind::Impl(_) => {
                let made = self.with_self_type(decl, place);
                let decl = made.as_ref().unwrap_or(decl);
                let node = self.node(decl, ItemKind::Impl, module, place, owner);
                self.program.impls.push(node);
                self.member_items(decl, node, module, place);
            }
            DeclKind::Trait(..) => {
                let node = self.node(decl, ItemKind::Trait, module, place, owner);
                self.bind(module, decl.name, Def::Node(node));
                self.member_items(decl, node, module, place);
            }
            kind => {
                let kind = match kind {
                    DeclKind::Fn(_) => ItemKind::Fn,
                    DeclKind::Const(..) => ItemKind::Const,
                    DeclKind::Static(..) => ItemKind::Static,
                    DeclKind::Tokens(_) => ItemKind::Macro,
                    _ => ItemKind::Type,
                };
                let node = self.node(decl, kind, module, place, owner);
                if kind == ItemKind::Macro {
                    self.program.crates[self.krate.at()].generators.push(node);
                }
                match owner {
                    Some(owner) => self.program.members.entry(owner).or_default().push(node),
                    None => self.bind(module, decl.name, Def::Node(node)),
                }
            }
        }
    }

    fn member_items(&mut self, decl: &Rc<Decl>, node: NodeId, module: ModuleId, place: &Place) {
        self.program.members.entry(node).or_default();
        let members = match &decl.kind {
            DeclKind::Impl(decl) => &decl.members,
            DeclKind::Trait(_, _, members) => members,
            _ => return,
        };
        self.items(members, module, place, Some(node));
    }

    fn bind(&mut self, module: ModuleId, name: Sym, def: Def) {
        if name != Sym::NONE {
            self.program.modules[module.at()].names.entry(name).or_default().push(def);
        }
    }

    /// Enters a node for an item, and the items of the blocks in it.
    fn node(
        &mut self,
        decl: &Rc<Decl>,
        kind: ItemKind,
        module: ModuleId,
        place: &Place,
        owner: Option<NodeId>,
    ) -> NodeId {
        let mut cfg = self.program.module(module).cfg.clone();
        if !decl.cfg.is_empty() {
            let mut all = (*cfg).clone();
            all.extend(decl.cfg.iter().cloned());
            cfg = Rc::new(all);
        }
        if let Some(owner) = owner {
            let outer = &self.program.node(owner).cfg;
            if outer.len() > self.program.module(module).cfg.len() {
                let mut all = (**outer).clone();
                all.extend(decl.cfg.iter().cloned());
                cfg = Rc::new(all);
            }
        }
        let (path, identity) = self.paths(decl, kind, module, owner, &cfg);
        let id = self.add(Node {
            kind,
            krate: Some(self.krate),
            module,
            owner,
            decl: Some(decl.clone()),
            file: Some(place.file),
            line: decl.line,
            end_line: decl.end_line,
            hash: decl.hash,
            path: path.clone(),
            identity,
            cfg,
            scopes: Vec::new(),
            wrapper: None,
            external: None,
            whole: Vec::new(),
        });
        if !decl.nested.is_empty() {
            let mut scopes: Vec<ModuleId> = Vec::new();
            for nested in &decl.nested {
                let parent = if nested.parent == 0 { module } else { scopes[nested.parent as usize - 1] };
                let block = ModuleId(self.program.modules.len() as u32);
                let cfg = self.program.node(id).cfg.clone();
                self.program.modules.push(Module {
                    krate: self.krate,
                    parent: Some(parent),
                    block: true,
                    path: path.clone(),
                    names: HashMap::default(),
                    globs: Vec::new(),
                    unnamed: Vec::new(),
                    cfg,
                });
                scopes.push(block);
                let macros = self.textual.len();
                self.items(&nested.items, block, place, None);
                self.textual.truncate(macros);
            }
            self.program.nodes[id.at()].scopes = scopes;
        }
        id
    }

    /// What people read, and what identifies the item: the latter holds the whole header of an impl.
    fn paths(
        &self,
        decl: &Decl,
        kind: ItemKind,
        module: ModuleId,
        owner: Option<NodeId>,
        cfg: &[Predicate],
    ) -> (String, String) {
        let program = &self.program;
        let scope = &program.module(module).path;
        let name = program.text(decl.name);
        let krate = program.krate(self.krate);
        let package = &self.project.packages[krate.package.0].name;
        let (path, mut exact) = match owner.map(|owner| (owner, program.decl(owner))) {
            Some((owner, Some(DeclKind::Impl(of)))) => {
                let around = if of.trait_text.is_empty() {
                    bare_type(&of.self_text)
                } else {
                    format!("<{} as {}>", of.self_text, of.trait_text)
                };
                (format!("{scope}::{around}::{name}"), format!("{}::{name}", program.node(owner).identity))
            }
            Some((owner, _)) => {
                (format!("{}::{name}", program.node(owner).path), format!("{}::{name}", program.node(owner).identity))
            }
            None => match (&decl.kind, kind) {
                (DeclKind::Impl(of), _) => (
                    format!("{scope}::<{}>", of.header),
                    format!("{package}\n{}\n{scope}::<{}>", krate.label, of.header),
                ),
                (DeclKind::MacroCall(call), _) => {
                    let last = call.path.segments.last().map(|segment| program.text(segment.name)).unwrap_or_default();
                    let path = format!("{scope}::{last}!");
                    (path.clone(), format!("{package}\n{}\n{path} {}", krate.label, decl.hash))
                }
                (_, ItemKind::Macro) => {
                    let path = format!("{scope}::{name}!");
                    (path.clone(), format!("{package}\n{}\n{path}", krate.label))
                }
                _ => {
                    let path = format!("{scope}::{name}");
                    (path.clone(), format!("{package}\n{}\n{path}", krate.label))
                }
            },
        };
        if !cfg.is_empty() {
            exact.push_str("\n#[cfg(");
            for predicate in cfg {
                let mut leaves = Vec::new();
                predicate.leaves(&mut leaves);
                for (leaf, _) in leaves {
                    exact.push_str(&leaf);
                    exact.push(',');
                }
            }
            exact.push_str(")]");
        }
        (path, exact)
    }
}

/// `Foo<T>` without its arguments.
fn bare_type(text: &str) -> String {
    text.split('<')
        .next()
        .filter(|bare| !bare.trim().is_empty())
        .map_or_else(|| format!("<{text}>"), |bare| bare.trim().to_owned())
}

pub(crate) fn is_std_derive(path: &crate::ir::Path, program: &Program) -> bool {
    let symbols = program.symbols.borrow();
    let last = path.segments.last().map_or("", |segment| symbols.text(segment.name));
    matches!(last, "Clone" | "Copy" | "Debug" | "Default" | "PartialEq" | "Eq" | "PartialOrd" | "Ord" | "Hash")
}
