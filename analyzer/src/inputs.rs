//! What a function reads of the world outside without its key or its fingerprint saying so: clock, files, statics that change.
//!
//! Looks at a reachable set after the fact and finds the shortest way to each such place. It must never change what is
//! reached, nor a fingerprint.

mod known;

use std::collections::BTreeMap;

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef as _;
use proc_macro2::{TokenStream, TokenTree};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

pub(crate) use known::{Known, Match, STD};

use crate::fingerprint::Identities;
use crate::graph::{Edge, ItemGraph};
use crate::infer::{Facts, Infer, Ty, TyId, Vertex};
use crate::ir::{Attr, DeclKind, Sym};
use crate::program::NodeId;
use crate::report::{Input, InputKind, ItemId, ItemKind, Step};

/// Types of the standard library whose content may change behind a shared reference.
const CHANGING: &[&str] = &[
    "Cell",
    "RefCell",
    "UnsafeCell",
    "SyncUnsafeCell",
    "Mutex",
    "RwLock",
    "ReentrantLock",
    "OnceCell",
    "OnceLock",
    "Once",
    "Condvar",
    "Barrier",
    "Sender",
    "SyncSender",
    "Receiver",
    "AtomicPtr",
];

/// Finds inputs, one function after the other.
pub(crate) struct Finder<'g> {
    graph: &'g ItemGraph,
    identities: &'g Identities,
    numbers: &'g HashMap<Vertex, ItemId>,
    /// Items that are inputs themselves: statics that change, functions that aren't Rust.
    items: HashMap<NodeId, (InputKind, String)>,
    /// Cached functions: what they read is reported of them, and their callers inherit what they declare.
    cached: HashSet<NodeId>,
}

/// How a vertex was come to.
#[derive(Clone, Copy)]
struct Way {
    from: u32,
    guessed: bool,
}

/// Whether a static is reached of which it matters who else uses it.
pub(crate) fn asks_for_all(infer: &mut Infer<'_, '_, '_>, graph: &ItemGraph) -> bool {
    let statics = (0..infer.program.analyzed.nodes as u32).map(NodeId).filter(|id| {
        matches!(infer.program.decl(*id), Some(DeclKind::Static(_, Some(_), false)))
            && graph.is_reached(Vertex::Node(*id))
    });
    let statics: Vec<NodeId> = statics.collect();
    statics.into_iter().any(|id| is_filled_once(infer, id))
}

/// Whether it is a cell that code fills, once.
fn is_filled_once(infer: &mut Infer<'_, '_, '_>, id: NodeId) -> bool {
    let ty = infer.constant(id);
    let Ty::Std(head, _) = infer.types.get(ty) else { return false };
    matches!(infer.program.text(*head).as_str(), "OnceLock" | "OnceCell")
}

impl<'g> Finder<'g> {
    pub(crate) fn new(
        infer: &mut Infer<'_, '_, '_>,
        graph: &'g ItemGraph,
        identities: &'g Identities,
        numbers: &'g HashMap<Vertex, ItemId>,
    ) -> Finder<'g> {
        let program = infer.program;
        let mut finder = Finder { graph, identities, numbers, items: HashMap::default(), cached: HashSet::default() };
        for (id, node) in program.nodes() {
            let Some(decl) = node.decl.as_ref().filter(|_| graph.is_reached(Vertex::Node(id))) else { continue };
            if decl.attrs.iter().any(|attr| matches!(attr, Attr::Cached(_))) {
                finder.cached.insert(id);
            }
            let kind = match &decl.kind {
                DeclKind::Fn(of) if of.body.is_none() && node.owner.is_none() => InputKind::Foreign,
                DeclKind::Static(_, None, _) => InputKind::Foreign,
                DeclKind::Static(_, _, mutable) if *mutable || finder.changes(infer, id) => InputKind::State,
                _ => continue,
            };
            finder.items.insert(id, (kind, format!("{} {}", node.kind.as_str(), node.path)));
        }
        finder
    }

    /// Whether the value of a static may change while the program runs.
    fn changes(&self, infer: &mut Infer<'_, '_, '_>, id: NodeId) -> bool {
        let ty = infer.constant(id);
        // What only one function can fill is that function's own value, kept: its code makes it, and its code counts.
        if is_filled_once(infer, id)
            && let Ty::Std(_, args) = infer.types.get(ty).clone()
        {
            let users = self.graph.facts.iter().filter(|facts| facts.edges.contains(&Vertex::Node(id)));
            return users.count() > 1 || args.iter().any(|arg| is_changing(infer, *arg, &mut HashSet::default()));
        }
        is_changing(infer, ty, &mut HashSet::default())
    }

    fn facts(&self, vertex: Vertex) -> Option<&'g Facts> {
        match vertex {
            Vertex::Node(id) => self.graph.facts.get(id.at()),
            Vertex::MacroBag(id) => self.graph.bags.get(&id),
            _ => None,
        }
    }

    fn vertex(&self, at: u32) -> Vertex {
        self.graph.graph[NodeIndex::new(at as usize)]
    }

    /// What `root` reads. `seeds` is what its callers may bring along, `reached` all that it reaches.
    pub(crate) fn inputs(
        &self,
        infer: &Infer<'_, '_, '_>,
        root: NodeId,
        seeds: &[Vertex],
        reached: &[u32],
    ) -> Vec<Input> {
        let reads = |at: &u32| match self.vertex(*at) {
            Vertex::Node(id) if self.items.contains_key(&id) => true,
            vertex => self.facts(vertex).is_some_and(|facts| !facts.uses.is_empty()),
        };
        let Some(start) = self.graph.index.get(&Vertex::Node(root)).map(|at| at.index() as u32) else {
            return Vec::new();
        };
        if !reached.iter().any(reads) {
            return Vec::new();
        }
        let ways = self.ways(infer, start, seeds, reached);
        let declared = declarations(infer, root);
        let mut found: BTreeMap<(InputKind, String), Input> = BTreeMap::new();
        let mut add = |kind: InputKind, what: &str, at: String, vertex: u32, guessed: bool| {
            let input = found.entry((kind, what.to_owned())).or_insert_with(|| Input {
                kind,
                what: what.to_owned(),
                at: at.clone(),
                path: self.path(infer, &ways.found, start, vertex),
                others: Vec::new(),
                guessed,
                declared: declared.iter().find(|(of, _)| *of == kind).map(|(_, by)| *by),
            });
            if input.at != at && !input.others.contains(&at) {
                input.others.push(at);
            }
        };
        for at in ways.order {
            let way = ways.found[&at];
            let vertex = self.vertex(at);
            if at != start
                && let Vertex::Node(id) = vertex
                && self.cached.contains(&id)
            {
                continue;
            }
            if let Vertex::Node(id) = vertex
                && let Some((kind, what)) = self.items.get(&id)
            {
                // The place is where it is named.
                add(*kind, what, self.named_at(infer, &ways.found, at), way.from, way.guessed);
            }
            let (Vertex::Node(id) | Vertex::MacroBag(id)) = vertex else { continue };
            for of in self.facts(vertex).map_or(&[][..], |facts| &facts.uses) {
                add(of.kind, &of.what, place(infer, id, of.line), at, way.guessed || of.guessed);
            }
        }
        let mut inputs: Vec<Input> = found.into_values().collect();
        inputs.iter_mut().for_each(|input| input.others.sort());
        inputs
    }

    /// The shortest way to everything reached, guesses last; in an order that depends on the sources alone.
    fn ways(&self, infer: &Infer<'_, '_, '_>, start: u32, seeds: &[Vertex], reached: &[u32]) -> Ways {
        let inside: HashSet<u32> = reached.iter().copied().collect();
        let mut ways = Ways { found: HashMap::default(), order: Vec::new() };
        let mut guesses: Vec<(u32, u32)> = Vec::new();
        for seed in seeds {
            guesses.extend(self.graph.index.get(seed).map(|at| (at.index() as u32, start)));
        }
        let mut level: Vec<(u32, u32)> = vec![(start, start)];
        let mut guessed = false;
        while !level.is_empty() {
            level.sort_by_cached_key(|(at, from)| {
                // Unoptimized, one number compares faster than its bytes.
                let identity = |at: u32| u128::from_be_bytes(self.identities.of(infer, self.graph, self.vertex(at)));
                (identity(*at), identity(*from))
            });
            let mut next = Vec::new();
            for (at, from) in std::mem::take(&mut level) {
                if ways.found.contains_key(&at) {
                    continue;
                }
                ways.found.insert(at, Way { from, guessed });
                ways.order.push(at);
                let vertex = self.vertex(at);
                let item = match vertex {
                    Vertex::Node(id) => Some(id),
                    _ => None,
                };
                if at != start && item.is_some_and(|id| self.cached.contains(&id)) {
                    continue;
                }
                for edge in self.graph.graph.edges(NodeIndex::new(at as usize)) {
                    let to = edge.target().index() as u32;
                    let drawn = match edge.weight() {
                        Edge::Mention => true,
                        // Of a call and the type that makes it possible, the call is the way.
                        Edge::If(other) => {
                            let is_type = item.is_some() || matches!(vertex, Vertex::Came(_));
                            !is_type && inside.contains(&(other.index() as u32))
                        }
                    };
                    if !drawn || ways.found.contains_key(&to) {
                        continue;
                    }
                    if !guessed && is_guess(self.vertex(to)) {
                        guesses.push((to, at));
                    } else {
                        next.push((to, at));
                    }
                }
            }
            level = next;
            if level.is_empty() && !guessed {
                guessed = true;
                level = std::mem::take(&mut guesses);
            }
        }
        ways
    }

    /// The items on the way to a vertex, the root first.
    fn path(&self, infer: &Infer<'_, '_, '_>, found: &HashMap<u32, Way>, start: u32, to: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut at = to;
        loop {
            let vertex = self.vertex(at);
            if let (Vertex::Node(id), Some(item)) = (vertex, self.numbers.get(&vertex))
                && (at == start || !matches!(infer.program.node(id).kind, ItemKind::Impl | ItemKind::Trait))
            {
                let at = if at == start { place(infer, id, 0) } else { self.named_at(infer, found, at) };
                steps.push(Step { item: *item, at });
            }
            if at == start {
                break;
            }
            at = found[&at].from;
        }
        steps.reverse();
        steps
    }

    /// Where the item before a vertex, on the way to it, leads to it.
    fn named_at(&self, infer: &Infer<'_, '_, '_>, found: &HashMap<u32, Way>, vertex: u32) -> String {
        let mut to = vertex;
        loop {
            let from = found[&to].from;
            let before = self.vertex(from);
            let callee = |vertex: Vertex| match vertex {
                Vertex::Instance(at) => self.graph.instances.callee(at),
                Vertex::Open(id) | Vertex::Node(id) => Some(id),
                _ => None,
            };
            let of = match before {
                Vertex::MacroBag(id) => Some(id),
                before => callee(before),
            };
            let facts = self.facts(match (before, of) {
                (Vertex::MacroBag(_), _) | (_, None) => before,
                (_, Some(id)) => Vertex::Node(id),
            });
            if let (Some(facts), Some(id)) = (facts, of)
                // What a function is for some types stands in the function: the way to it is further back.
                && callee(self.vertex(to)) != Some(id)
            {
                let target = self.vertex(to);
                let position = facts.edges.iter().position(|edge| *edge == target);
                let line = position.and_then(|position| facts.lines.get(position)).copied();
                let called = || {
                    let callee = callee(target)?;
                    facts.calls.iter().find(|call| call.callee == callee).map(|call| call.line)
                };
                let asked = || facts.demands.first().map(|(_, line)| *line).filter(|_| facts.demands.len() == 1);
                return place(infer, id, line.or_else(called).or_else(asked).unwrap_or(0));
            }
            if from == to {
                return String::new();
            }
            to = from;
        }
    }
}

struct Ways {
    found: HashMap<u32, Way>,
    order: Vec<u32>,
}

/// Whether coming by this vertex is no proof: the target of some call wasn't known.
fn is_guess(vertex: Vertex) -> bool {
    matches!(
        vertex,
        Vertex::Method(_)
            | Vertex::Trigger(_)
            | Vertex::Loose(_)
            | Vertex::Escaped(_)
            | Vertex::AllForeign
            | Vertex::MacroBag(_)
            | Vertex::Generators(_)
            | Vertex::Generated(..)
    )
}

/// Whether a value of a type may change behind a shared reference.
fn is_changing(infer: &mut Infer<'_, '_, '_>, ty: TyId, seen: &mut HashSet<TyId>) -> bool {
    if !seen.insert(ty) {
        return false;
    }
    let parts: Vec<TyId> = match infer.types.get(ty).clone() {
        Ty::Std(head, args) => {
            let name = infer.program.text(head);
            if CHANGING.contains(&name.as_str()) || name.starts_with("Atomic") {
                return true;
            }
            args.to_vec()
        }
        Ty::External(id, args) => {
            if id.is_some_and(|id| infer.known.changes(&infer.project.externals[id.0].name)) {
                return true;
            }
            args.to_vec()
        }
        Ty::Ref(of) | Ty::Slice(of) => vec![of],
        Ty::Tuple(args) => args.to_vec(),
        Ty::Adt(node, args) if infer.program.is_external(node) => {
            if infer.external_package(node).is_some_and(|package| infer.known.changes(package)) {
                return true;
            }
            args.to_vec()
        }
        Ty::Adt(node, args) => {
            let variants: Vec<Sym> = match infer.program.decl(node) {
                Some(DeclKind::Enum(_, variants)) => variants.iter().map(|variant| variant.name).collect(),
                _ => vec![Sym::NONE],
            };
            let fields =
                variants.into_iter().flat_map(|of| infer.fields(node, of).iter().map(|f| f.1).collect::<Vec<_>>());
            fields.collect::<Vec<_>>().into_iter().chain(args.iter().copied()).collect()
        }
        _ => return false,
    };
    parts.into_iter().any(|part| is_changing(infer, part, seen))
}

/// The options of `#[cached]` that declare an input or accept it.
pub(crate) const DECLARING: [&str; 4] = ["files", "ttl", "etag", "accept"];

/// The kinds that the options of `#[cached]` declare or accept, with the option.
fn declarations(infer: &Infer<'_, '_, '_>, root: NodeId) -> Vec<(InputKind, &'static str)> {
    use InputKind::{Clock, Env, Files, Network, Process, State};
    let attrs = infer.program.node(root).decl.as_ref().map_or(&[][..], |decl| &decl.attrs);
    let options = attrs.iter().find_map(|attr| match attr {
        Attr::Cached(options) => options.parse::<TokenStream>().ok(),
        _ => None,
    });
    let mut out = Vec::new();
    let mut begins = true;
    let mut name = String::new();
    for tree in options.unwrap_or_default() {
        match tree {
            TokenTree::Ident(ident) if begins => {
                name = ident.to_string();
                match name.as_str() {
                    "files" => out.push((Files, "files")),
                    // What changes by itself, as time goes by.
                    "ttl" => out.extend([(Clock, "ttl"), (Network, "ttl")]),
                    // Whatever the expression stands for: all that an expression can ask.
                    "etag" => out.extend([Clock, Env, Files, Network, Process, State].map(|kind| (kind, "etag"))),
                    _ => {}
                }
            }
            TokenTree::Group(group) if name == "accept" => {
                for tree in group.stream() {
                    let TokenTree::Ident(word) = tree else { continue };
                    out.extend(InputKind::named(&word.to_string()).map(|kind| (kind, "accept")));
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                begins = true;
                continue;
            }
            _ => {}
        }
        begins = false;
    }
    out
}

fn place(infer: &Infer<'_, '_, '_>, of: NodeId, line: u32) -> String {
    let node = infer.program.node(of);
    let file = node.file.map_or("", |file| infer.files.path(file));
    format!("{file}:{}", if line == 0 { node.line } else { line })
}
