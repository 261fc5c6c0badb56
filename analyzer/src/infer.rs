//! Light type inference: what each item mentions, calls and asks for.
//!
//! It works body by body, with declared types as its only source: parameters, annotations, constructors, fields, return
//! types, and a table of the standard library's signatures. Where it can't tell it says so, and whoever needed to know
//! widens. It must never guess: a wrong type loses a callee.

mod answers;
mod assembly;
mod bodies;
mod bounded;
mod bounds;
mod calls;
mod declarations;
mod declared;
mod demands;
mod external;
mod foreign_macros;
mod implied;
mod index;
mod items;
mod library;
mod locals;
mod macros;
mod made_macros;
mod members;
mod methods;
mod objects;
mod operators;
mod paths;
mod patterns;
mod probing;
mod select;
mod settling;
#[allow(dead_code, reason = "the table tells more than inference asks for yet")]
mod signatures;
mod standard;
mod types;
mod uses;
mod waiting;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::cfg::Predicate;
use crate::expand::Budget;
use crate::inputs::Known;
use crate::ir::{Block, Sym};
use crate::load::{FileId, Files};
use crate::program::{CrateId, ForeignId, ModuleId, NodeId, Program};
use crate::project::{Cfg, ExternalId, Project};
use crate::report::WidenedKind;
use crate::source::Digest;
use crate::written::Levels;

pub(crate) use demands::{Ask, Demand, Reached};
pub(crate) use implied::handed_out;
pub(crate) use index::{Head, ImplInfo, TraitOf, has_body};
pub(crate) use types::{Bound, Given, Ty, TyId};
pub(crate) use uses::Use;

use index::Index;
use types::Types;

/// A vertex of the item graph: an item, or a demand that items answer under a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Vertex {
    Node(NodeId),
    /// An included file.
    File(FileId),
    External(ExternalId),
    /// A member of a trait, called on a type that isn't known: that of every impl whose type is reached.
    Member(NodeId, Sym),
    /// All members of a trait: somebody holds `dyn Trait`.
    Dyn(NodeId),
    /// Somebody may have an object of that trait, by naming it or from a caller.
    Object(NodeId),
    /// Every method of that name whose type is reached.
    Method(Sym),
    /// Impls of a standard trait, for every type that is reached.
    Trigger(Sym),
    /// Impls of a standard trait for types that aren't analyzed.
    Loose(Sym),
    /// The impl of a standard trait for one type.
    Typed(Sym, NodeId),
    /// A value of that type is made here, or may come from the callers of a root: whatever is asked of a type that isn't known
    /// is asked of it.
    Came(NodeId),
    /// A generic function whose parameters nobody knows.
    Open(NodeId),
    /// A generic function for types that are known: its place among the instances.
    Instance(u32),
    /// All impls of foreign traits for one type: its value went into code that isn't analyzed.
    Escaped(NodeId),
    /// All impls of foreign traits, for every type that is reached: unknown code may call them.
    AllForeign,
    /// Everything that a macro's definition mentions: a call of it could not be expanded.
    MacroBag(NodeId),
    /// What may define a name that can't be found in this crate.
    Generators(CrateId),
    /// `Location::caller()`: where code stands is read, in whatever is reached.
    Positions,
    /// What a procedural macro of the workspace may name in a crate that uses it.
    Generated(NodeId, CrateId),
}

impl Vertex {
    /// What a demand asks for, for people.
    pub(crate) fn describe(self, program: &Program) -> String {
        match self {
            Vertex::Member(of, name) => format!("any {}::{}", program.node(of).path, program.text(name)),
            Vertex::Dyn(of) => format!("dyn {}", program.node(of).path),
            Vertex::Object(of) => format!("an object of {}", program.node(of).path),
            Vertex::Method(name) => format!("any method {}", program.text(name)),
            Vertex::Trigger(of) => format!("any impl of {}", program.text(of)),
            Vertex::Loose(of) => format!("any impl of {} for types of others", program.text(of)),
            Vertex::Typed(of, ty) => format!("{} for {}", program.text(of), program.node(ty).path),
            Vertex::Escaped(ty) => format!("all foreign traits for {}", program.node(ty).path),
            Vertex::AllForeign => "all foreign traits".to_owned(),
            Vertex::MacroBag(of) => format!("whatever {}! mentions", program.node(of).path),
            Vertex::Generators(_) => "whatever may define a name".to_owned(),
            Vertex::Positions => "where code stands".to_owned(),
            Vertex::Generated(of, _) => format!("what {} may write", program.node(of).path),
            Vertex::Came(of) => format!("{} in play", program.node(of).path),
            Vertex::Open(of) => format!("{} for anything", program.node(of).path),
            Vertex::Instance(_) | Vertex::Node(_) | Vertex::File(_) | Vertex::External(_) => String::new(),
        }
    }
}

/// A place where the analysis took more than it could prove.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Widening {
    pub(crate) line: u32,
    pub(crate) kind: WidenedKind,
    pub(crate) why: String,
}

/// What one item does to the graph.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) edges: Vec<Vertex>,
    seen: HashSet<Vertex>,
    /// Resolved targets, site after site: an edit elsewhere that changes what a name means changes this.
    pub(crate) trace: Vec<Vertex>,
    /// Resolved targets in packages that aren't analyzed, site after site: `min` and `max` are both the standard library's.
    pub(crate) foreign: Vec<ForeignId>,
    /// What else the code sees: exact input of macros, the name of its file.
    pub(crate) seen_text: Vec<Digest>,
    pub(crate) widened: Vec<Widening>,
    /// Variables read at compile time.
    pub(crate) envs: Vec<String>,
    /// Predicates that expanded code asks for.
    pub(crate) asks: Vec<Predicate>,
    /// Places whose numbers the code reads: `line!()`.
    pub(crate) positions: Vec<(u32, u32)>,
    /// The line that is being read.
    pub(crate) line: u32,
    /// The line of each edge's first mention.
    pub(crate) lines: Vec<u32>,
    /// What is read of the world outside.
    pub(crate) uses: Vec<Use>,
    /// Calls whose arguments are known, or will be once the item's own parameters are.
    pub(crate) calls: Vec<Call>,
    /// Uses of traits on the item's own parameters.
    pub(crate) demands: Vec<(Demand, u32)>,
    /// What is returned as the one `impl Trait` of the signature; `TyId::UNKNOWN` if the body doesn't tell.
    pub(crate) returned: Option<TyId>,
    /// Uses of traits in a body that is still being read.
    asked: Vec<(Demand, u32)>,
}

/// A call of a generic function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    pub(crate) callee: NodeId,
    /// What its parameters, and those of the impl or trait around it, stand for.
    pub(crate) given: Given,
    pub(crate) line: u32,
}

impl Facts {
    /// An edge, and a step of the trace.
    pub(crate) fn mention(&mut self, vertex: Vertex) {
        self.trace.push(vertex);
        if self.seen.insert(vertex) {
            self.edges.push(vertex);
            self.lines.push(self.line);
        }
    }

    /// A trait is used on a type.
    pub(crate) fn ask(&mut self, ask: Ask, ty: TyId) {
        self.asked.push((Demand { ask, ty }, self.line));
    }

    /// A generic function is called.
    pub(crate) fn call(&mut self, call: Call) {
        if !self.calls.contains(&call) {
            self.calls.push(call);
        }
    }

    /// Nothing more is said: as many facts are kept as there are items.
    fn close(mut self) -> Facts {
        self.seen = HashSet::default();
        self.asked = Vec::new();
        self.edges.shrink_to_fit();
        self.lines.shrink_to_fit();
        self.trace.shrink_to_fit();
        self.foreign.shrink_to_fit();
        self.calls.shrink_to_fit();
        self.demands.shrink_to_fit();
        self.uses.shrink_to_fit();
        self
    }

    pub(crate) fn widen(&mut self, line: u32, kind: WidenedKind, why: String) {
        let widening = Widening { line, kind, why };
        if !self.widened.contains(&widening) {
            self.widened.push(widening);
        }
    }
}

/// Where types and paths of an item are read: its parameters and its `Self`.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) node: NodeId,
    pub(crate) module: ModuleId,
    /// Type parameters, innermost first.
    pub(crate) params: Vec<(Sym, NodeId)>,
    /// Const parameters: they are values.
    pub(crate) constants: Vec<Sym>,
    pub(crate) self_ty: TyId,
    /// The impl or trait around.
    pub(crate) owner: Option<NodeId>,
}

/// A function's declared types.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) receiver: Option<TyId>,
    pub(crate) params: Vec<TyId>,
    pub(crate) output: TyId,
}

/// Names and types of the fields of a struct or a variant.
type Fields = Rc<Vec<(Sym, TyId)>>;

/// Inference over a whole program.
pub(crate) struct Infer<'p, 'f, 'a> {
    pub(crate) program: &'p Program,
    pub(crate) project: &'a Project,
    pub(crate) files: &'f mut Files<'a>,
    pub(crate) types: Types,
    pub(crate) index: Index,
    signatures: HashMap<NodeId, Option<Rc<Signature>>>,
    fields: HashMap<(NodeId, Sym), Fields>,
    constants: HashMap<NodeId, TyId>,
    scopes: HashMap<NodeId, Rc<Scope>>,
    bounds: HashMap<(NodeId, Sym), Rc<Vec<Bound>>>,
    super_bounds: HashMap<NodeId, Rc<Vec<Bound>>>,
    table: HashMap<(Sym, Sym), Option<&'static signatures::Signature>>,
    callbacks: HashMap<Sym, Option<Rc<Vec<&'static str>>>>,
    /// The function whose result is being read, with its own parameters.
    returning: Option<(NodeId, Rc<[TyId]>)>,
    /// Questions about types that are being answered, each asked by the one before.
    open: Vec<answers::Open>,
    /// Answers about types without parameters.
    everywhere: answers::Answers,
    /// Answers about types with parameters, as these are bound here.
    here: answers::Answers,
    /// Whether what is read is a bound: associated types in it stay as they are written.
    is_reading_bounds: bool,
    /// Whether what is read is the type of a field or an impl's header: nobody makes a trait object there.
    is_declaring: bool,
    /// The function whose `where` binds parameters of its impl or trait.
    binder: Option<NodeId>,
    /// Bounds of an impl's parameters as a method's `where` adds to them.
    own_bounds: HashMap<(NodeId, Sym), Rc<Vec<Bound>>>,
    /// Bodies of functions of external packages, while they are read.
    bodies: HashMap<NodeId, Rc<Block>>,
    budget: Budget,
    /// Who wrote the tokens of macro calls in bodies.
    levels: Levels,
    /// How many macros are being expanded where types stand, each made by the one before.
    type_macros: u32,
    pub(crate) known: Known,
}

impl<'p, 'f, 'a> Infer<'p, 'f, 'a> {
    pub(crate) fn new(program: &'p Program, project: &'a Project, files: &'f mut Files<'a>) -> Self {
        let mut infer = Infer {
            program,
            project,
            files,
            types: Types::new(),
            index: Index::default(),
            signatures: HashMap::default(),
            bodies: HashMap::default(),
            fields: HashMap::default(),
            constants: HashMap::default(),
            scopes: HashMap::default(),
            bounds: HashMap::default(),
            super_bounds: HashMap::default(),
            table: HashMap::default(),
            callbacks: HashMap::default(),
            returning: None,
            open: Vec::new(),
            everywhere: answers::Answers::default(),
            here: answers::Answers::default(),
            is_reading_bounds: false,
            is_declaring: false,
            binder: None,
            own_bounds: HashMap::default(),
            budget: Budget { tokens: 0 },
            levels: Levels::new(),
            type_macros: 0,
            known: Known::new(program),
        };
        let words = program.words;
        infer.types.name_iterator(words.iterator);
        let named = |names: &[&str]| names.iter().map(|name| program.sym(name)).collect();
        let integers = named(&[
            "{integer}",
            "i8",
            "i16",
            "i32",
            "i64",
            "i128",
            "isize",
            "u8",
            "u16",
            "u32",
            "u64",
            "u128",
            "usize",
        ]);
        let floats = named(&["{float}", "f16", "f32", "f64", "f128"]);
        let literals = [("{integer}", words.int), ("{float}", words.float)];
        infer.types.name_literals(literals, [(words.int, integers), (words.float, floats)]);
        infer.build_index();
        infer.forget_answers();
        infer
    }

    /// Nothing more is inferred: lets go of all that was found about types.
    pub(crate) fn end(&mut self) {
        self.types = Types::new();
        self.index = Index::default();
        self.signatures = HashMap::default();
        self.fields = HashMap::default();
        self.constants = HashMap::default();
        self.scopes = HashMap::default();
        self.bounds = HashMap::default();
        self.super_bounds = HashMap::default();
        self.own_bounds = HashMap::default();
        self.everywhere = answers::Answers::default();
        self.here = answers::Answers::default();
    }

    /// The configuration of an item's package.
    pub(crate) fn cfg_of(&self, id: NodeId) -> &'a Cfg {
        // An item of no package has no predicates.
        static NONE: Cfg = Cfg { names: BTreeMap::new(), values: BTreeMap::new(), among: BTreeMap::new() };
        let krate = self.program.node(id).krate;
        krate.map_or(&NONE, |krate| &self.project.packages[self.program.krate(krate).package.0].cfg)
    }
}
