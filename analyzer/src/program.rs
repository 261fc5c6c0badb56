//! The program as names see it: crates, modules, nodes, and what each module's names stand for.
//!
//! Filled by `collect`, read by everything after it. It says nothing yet about who reaches whom.

use rustc_hash::FxHashMap as HashMap;
use std::cell::RefCell;
use std::rc::Rc;

use crate::cfg::{Predicate, possible};
use crate::expand::MacroRules;
use crate::ir::{Attr, Decl, DeclKind, Path, Sym, Symbols};
use crate::load::FileId;
use crate::places::Places;
use crate::project::{Cfg, ExternalId, PackageId};
use crate::report::ItemKind;
use crate::source::Digest;

macro_rules! ids {
    ($($(#[$m:meta])* $name:ident)*) => {$(
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) u32);

        impl $name {
            pub(crate) fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Index into [`Program::crates`].
    CrateId
    /// Index into [`Program::modules`].
    ModuleId
    /// Index into [`Program::nodes`].
    NodeId
    /// Index into [`Program::imports`].
    ImportId
    /// Index into [`Program::foreign`].
    ForeignId
}

/// A target that is analyzed.
#[derive(Debug)]
pub(crate) struct Crate {
    pub(crate) package: PackageId,
    /// Index of the target in its package.
    pub(crate) target: usize,
    /// `lib`, `bin:name`.
    pub(crate) label: String,
    pub(crate) root: ModuleId,
    pub(crate) edition: u16,
    /// Names of other crates.
    pub(crate) externs: HashMap<Sym, Def>,
    /// Names of macros come from other packages by `#[macro_use] extern crate`.
    pub(crate) borrows_macros: bool,
    /// Every `macro_rules!` of the crate by name.
    pub(crate) macros: HashMap<Sym, Vec<NodeId>>,
    /// Nodes that may define names nobody sees: macros that can't be expanded, files that don't parse, items under derives
    /// and attributes that aren't known.
    pub(crate) generators: Vec<NodeId>,
}

/// A module, or the items of a block.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) krate: CrateId,
    pub(crate) parent: Option<ModuleId>,
    /// A block: names are looked up in the parent too.
    pub(crate) block: bool,
    /// `name::a::b`; for a block, the path of the function.
    pub(crate) path: String,
    pub(crate) names: HashMap<Sym, Vec<Def>>,
    pub(crate) globs: Vec<ImportId>,
    /// `use Trait as _`.
    pub(crate) unnamed: Vec<ImportId>,
    /// Predicates of the module and of those around it.
    pub(crate) cfg: Rc<Vec<Predicate>>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Def {
    Module(ModuleId),
    Node(NodeId),
    /// A variant of an enum.
    Variant(NodeId, Sym),
    /// A procedural-macro package of the workspace, or another crate that counts as a whole.
    Whole(NodeId),
    Import(ImportId),
    /// Something of a package that isn't analyzed.
    Foreign(ForeignId),
    Primitive(Sym),
}

impl Def {
    /// The same, where items have other numbers.
    pub(crate) fn moved(self, moved: &dyn Fn(NodeId) -> NodeId) -> Def {
        match self {
            Def::Node(id) => Def::Node(moved(id)),
            Def::Variant(id, name) => Def::Variant(moved(id), name),
            Def::Whole(id) => Def::Whole(moved(id)),
            Def::Module(_) | Def::Import(_) | Def::Foreign(_) | Def::Primitive(_) => self,
        }
    }
}

/// A `use`.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) module: ModuleId,
    pub(crate) global: bool,
    pub(crate) path: Vec<Sym>,
    /// `pub use`.
    pub(crate) public: bool,
    /// A predicate on it is unknown: a glob may supply the name instead.
    pub(crate) uncertain: bool,
}

/// Whose code it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Owner {
    Std,
    External(ExternalId),
    /// Nobody knows.
    Unknown,
}

/// A path into a package that isn't analyzed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Foreign {
    pub(crate) owner: Owner,
    pub(crate) path: Vec<Sym>,
}

/// An item that a reachable set may hold.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: ItemKind,
    pub(crate) krate: Option<CrateId>,
    /// Where its names are looked up.
    pub(crate) module: ModuleId,
    /// The impl or trait that it is a member of.
    pub(crate) owner: Option<NodeId>,
    pub(crate) decl: Option<Rc<Decl>>,
    pub(crate) file: Option<FileId>,
    pub(crate) line: u32,
    pub(crate) end_line: u32,
    pub(crate) hash: Digest,
    /// Path, before two of the same are told apart.
    pub(crate) path: String,
    /// Identity: package, target, path, header, predicates. Text.
    pub(crate) identity: String,
    pub(crate) cfg: Rc<Vec<Predicate>>,
    /// Modules of the blocks in its bodies, by `Block::scope - 1`.
    pub(crate) scopes: Vec<ModuleId>,
    /// What a static's declared type is wrapped in: `LocalKey`, `LazyLock`.
    pub(crate) wrapper: Option<Sym>,
    /// The external package that this node stands for.
    pub(crate) external: Option<ExternalId>,
    /// Reaches everything of these crates.
    pub(crate) whole: Vec<CrateId>,
}

/// Everything that was collected.
pub(crate) struct Program {
    pub(crate) symbols: RefCell<Symbols>,
    pub(crate) crates: Vec<Crate>,
    pub(crate) modules: Vec<Module>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) imports: Vec<Import>,
    pub(crate) foreign: RefCell<ForeignTable>,
    pub(crate) macros: HashMap<NodeId, Option<Rc<MacroRules>>>,
    pub(crate) impls: Vec<NodeId>,
    /// Members of each impl and trait.
    pub(crate) members: HashMap<NodeId, Vec<NodeId>>,
    pub(crate) externals: HashMap<ExternalId, NodeId>,
    /// The roots of external packages whose sources are read.
    pub(crate) libraries: HashMap<ExternalId, ModuleId>,
    /// How much of it is analyzed; what comes after is what external packages declare.
    pub(crate) analyzed: Analyzed,
    /// What `$crate` is replaced by.
    pub(crate) crate_idents: HashMap<Sym, CrateId>,
    pub(crate) memo: RefCell<crate::names::Memo>,
    pub(crate) words: Words,
    /// Where tokens were written, if anybody wants to know.
    pub(crate) places: Option<Places>,
}

/// How many of each kind are analyzed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Analyzed {
    pub(crate) nodes: usize,
    pub(crate) impls: usize,
    pub(crate) crates: usize,
}

/// Interned foreign paths.
#[derive(Debug, Default)]
pub(crate) struct ForeignTable {
    pub(crate) list: Vec<Rc<Foreign>>,
    index: HashMap<Foreign, ForeignId>,
}

impl ForeignTable {
    pub(crate) fn intern(&mut self, foreign: Foreign) -> ForeignId {
        if let Some(&id) = self.index.get(&foreign) {
            return id;
        }
        let id = ForeignId(self.list.len() as u32);
        self.list.push(Rc::new(foreign.clone()));
        self.index.insert(foreign, id);
        id
    }
}

macro_rules! words {
    ($($field:ident = $text:literal)*) => {
        /// Names that the analysis itself asks for.
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct Words { $(pub(crate) $field: Sym,)* }

        impl Words {
            pub(crate) fn new(symbols: &mut Symbols) -> Self {
                Words { $($field: symbols.intern($text),)* }
            }
        }
    };
}

words! {
    krate = "crate" self_ = "self" super_ = "super" self_type = "Self"
    target = "Target" item = "Item" output = "Output" iterator = "Iterator" future = "Future" option = "Option"
    result = "Result" vec = "Vec" string = "String" str = "str" slice = "[]"
    u8 = "u8" local_key = "LocalKey" lazy_lock = "LazyLock" lazy_static = "lazy_static"
    thread_local = "thread_local" cfg_if = "cfg_if" range = "Range" cstr = "CStr" include = "include"
    include_str = "include_str" include_bytes = "include_bytes" env = "env" option_env = "option_env" concat = "concat"
    main = "main" drop_ = "Drop" int = "{integer}" float = "{float}" some = "Some"
    ok = "Ok" err = "Err"
}

impl Program {
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.at()]
    }

    /// Whether an item is only declared: by an external package.
    pub(crate) fn is_external(&self, id: NodeId) -> bool {
        id.at() >= self.analyzed.nodes
    }

    /// The items that are analyzed.
    pub(crate) fn nodes(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> + Clone {
        let analyzed = &self.nodes[..self.analyzed.nodes];
        analyzed.iter().enumerate().map(|(at, node)| (NodeId(at as u32), node))
    }

    /// The impls that are analyzed.
    pub(crate) fn impls(&self) -> &[NodeId] {
        &self.impls[..self.analyzed.impls]
    }

    /// The crates that are analyzed.
    pub(crate) fn crates(&self) -> &[Crate] {
        &self.crates[..self.analyzed.crates]
    }

    /// Gives items other numbers, wherever they are named.
    pub(crate) fn renumber(&mut self, moved: &dyn Fn(NodeId) -> NodeId) {
        let all = |list: &mut Vec<NodeId>| list.iter_mut().for_each(|id| *id = moved(*id));
        for node in &mut self.nodes {
            node.owner = node.owner.map(moved);
        }
        all(&mut self.impls);
        for def in self.modules.iter_mut().flat_map(|module| module.names.values_mut()).flatten() {
            *def = def.moved(moved);
        }
        for krate in &mut self.crates {
            krate.externs.values_mut().for_each(|def| *def = def.moved(moved));
            krate.macros.values_mut().for_each(all);
            all(&mut krate.generators);
        }
        self.externals.values_mut().for_each(|id| *id = moved(*id));
        self.macros = std::mem::take(&mut self.macros).into_iter().map(|(id, rules)| (moved(id), rules)).collect();
        let members = std::mem::take(&mut self.members).into_iter();
        self.members = members.map(|(id, list)| (moved(id), list.into_iter().map(moved).collect())).collect();
        self.memo.get_mut().renumber(moved);
    }

    pub(crate) fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.at()]
    }

    /// Whether a node is an `include!`: as an item it is only there where the file can't be read.
    pub(crate) fn is_include(&self, node: NodeId) -> bool {
        match self.decl(node) {
            Some(DeclKind::MacroCall(call)) => {
                call.path.segments.last().is_some_and(|segment| segment.name == self.words.include)
            }
            _ => false,
        }
    }

    pub(crate) fn krate(&self, id: CrateId) -> &Crate {
        &self.crates[id.at()]
    }

    pub(crate) fn decl(&self, id: NodeId) -> Option<&DeclKind> {
        self.node(id).decl.as_deref().map(|decl| &decl.kind)
    }

    pub(crate) fn members(&self, id: NodeId) -> &[NodeId] {
        self.members.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn text(&self, sym: Sym) -> String {
        self.symbols.borrow().text(sym).to_owned()
    }

    pub(crate) fn sym(&self, text: &str) -> Sym {
        self.symbols.borrow_mut().intern(text)
    }

    /// The module around a block, through all blocks.
    pub(crate) fn real_module(&self, mut id: ModuleId) -> ModuleId {
        while self.module(id).block {
            match self.module(id).parent {
                Some(parent) => id = parent,
                None => break,
            }
        }
        id
    }

    pub(crate) fn intern_foreign(&self, owner: Owner, path: Vec<Sym>) -> Def {
        Def::Foreign(self.foreign.borrow_mut().intern(Foreign { owner, path }))
    }

    pub(crate) fn foreign(&self, id: ForeignId) -> Rc<Foreign> {
        self.foreign.borrow().list[id.at()].clone()
    }
}

/// Derives of an item, those left out that a `cfg_attr` switches off.
pub(crate) fn derives<'d>(decl: &'d Decl, cfg: &Cfg) -> impl Iterator<Item = &'d Path> {
    decl.attrs.iter().flat_map(move |attr| match attr {
        Attr::Derive(paths, when) if possible(when, cfg) => paths.as_slice(),
        _ => &[],
    })
}

/// Whether an item has an attribute macro, or one that nobody knows.
pub(crate) fn has_unknown_attr(decl: &Decl, cfg: &Cfg) -> bool {
    decl.attrs.iter().any(|attr| matches!(attr, Attr::Unknown(_, _, when) if possible(when, cfg)))
}
