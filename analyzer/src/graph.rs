//! The item graph: who mentions whom, without condition and under one.
//!
//! An edge `a -[If b]-> c` says: if `a` and `b` are both reached, so is `c`. It stands twice, once from each side, so that
//! whichever is reached last draws it. Nothing here knows about roots.

mod known;
mod reading;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use petgraph::graph::{DiGraph, NodeIndex};

use crate::infer::{Bound, Call, Facts, Given, Head, Infer, TraitOf, Ty, TyId, Vertex, handed_out, has_body};
use crate::instances::Instances;
use crate::ir::{Attr, DeclKind, Sym};
use crate::program::{CrateId, NodeId, has_unknown_attr};
use crate::report::ItemKind;
use known::KnownFacts;
use reading::Reading;

/// How an edge is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Always.
    Mention,
    /// Once the other is reached too.
    If(NodeIndex),
}

/// The graph, and the facts that it was made of.
pub(crate) struct ItemGraph {
    pub(crate) graph: DiGraph<Vertex, Edge>,
    pub(crate) index: HashMap<Vertex, NodeIndex>,
    /// Facts by node; those of macro bags beside them.
    pub(crate) facts: KnownFacts,
    pub(crate) bags: HashMap<NodeId, Facts>,
    pub(crate) instances: Instances,
    /// Of functions of external packages, what their bodies do.
    externals: HashMap<NodeId, Option<Facts>>,
    /// Functions that ask something of their parameters.
    open: Vec<bool>,
    /// Procedural macros of the workspace, by the crates that use them.
    whole_uses: HashSet<(NodeId, CrateId)>,
    reading: Reading,
}

impl ItemGraph {
    /// Draws all edges that don't depend on what a body says. With `all`, every item is read and drawn as well.
    pub(crate) fn build(infer: &mut Infer<'_, '_, '_>, all: bool) -> ItemGraph {
        let count = infer.program.analyzed.nodes;
        let mut graph = ItemGraph {
            graph: DiGraph::new(),
            index: HashMap::default(),
            facts: KnownFacts::new(count),
            bags: HashMap::default(),
            instances: Instances::default(),
            externals: HashMap::default(),
            open: vec![false; count],
            whole_uses: HashSet::default(),
            reading: Reading::new(all, count),
        };
        for position in 0..count {
            graph.vertex(Vertex::Node(NodeId(position as u32)));
        }
        if all {
            graph.read_all(infer);
            graph.draw_all(infer);
        }
        graph.wholes(infer);
        graph.exported(infer);
        graph.generators(infer);
        graph.impls(infer);
        graph.allocators(infer);
        graph.traits(infer);
        graph.derives(infer);
        graph.foreign_derives(infer);
        graph.came(infer);
        graph.supertraits(infer);
        graph.foreign(infer);
        graph.bounds_of_external_impls(infer);
        graph
    }

    pub(crate) fn vertex(&mut self, vertex: Vertex) -> NodeIndex {
        let graph = &mut self.graph;
        *self.index.entry(vertex).or_insert_with(|| graph.add_node(vertex))
    }

    fn mention(&mut self, from: Vertex, to: Vertex) {
        if self.is_external(to) {
            return;
        }
        let to = self.entry(to);
        let (from, to) = (self.vertex(from), self.vertex(to));
        self.graph.add_edge(from, to, Edge::Mention);
    }

    /// What an external package declares is no vertex: the package is, and whoever names it mentions the package.
    fn is_external(&self, vertex: Vertex) -> bool {
        match vertex {
            Vertex::Node(id) | Vertex::Came(id) | Vertex::Typed(_, id) | Vertex::Escaped(id) => {
                id.at() >= self.facts.len()
            }
            _ => false,
        }
    }

    /// A function that is reached without a word about its parameters is reached for any.
    pub(crate) fn entry(&self, to: Vertex) -> Vertex {
        match to {
            Vertex::Node(id) if self.open.get(id.at()).copied().unwrap_or(false) => Vertex::Open(id),
            to => to,
        }
    }

    fn call(&mut self, infer: &mut Infer<'_, '_, '_>, from: Vertex, callee: NodeId, given: &Given) {
        let mut given = given.clone();
        given.iter_mut().for_each(|(_, _, ty)| *ty = self.revealed(infer, *ty, 0));
        let given = &given;
        if infer.program.is_external(callee) {
            return self.call_external(infer, from, callee, given);
        }
        if self.read(infer, callee) {
            infer.look_from(None);
        }
        let is_open = self.open.get(callee.at()).copied().unwrap_or(false);
        let instance = if is_open { self.instances.find(infer, callee, given) } else { None };
        match instance {
            Some(at) => self.mention(from, Vertex::Instance(at)),
            None => self.mention(from, Vertex::Node(callee)),
        }
    }

    fn both(&mut self, a: Vertex, b: Vertex, to: Vertex) {
        if self.is_external(to) {
            return;
        }
        let to = self.entry(to);
        let (a, b, to) = (self.vertex(a), self.vertex(b), self.vertex(to));
        self.graph.add_edge(a, to, Edge::If(b));
        self.graph.add_edge(b, to, Edge::If(a));
    }

    /// A procedural-macro package counts by all its source.
    fn wholes(&mut self, infer: &Infer<'_, '_, '_>) {
        let program = infer.program;
        for (id, node) in program.nodes() {
            for krate in &node.whole {
                for (other, member) in program.nodes() {
                    if member.krate == Some(*krate) && other != id {
                        self.mention(Vertex::Node(id), Vertex::Node(other));
                    }
                }
            }
        }
    }

    /// Code that isn't Rust may call back what is exported to it.
    fn exported(&mut self, infer: &Infer<'_, '_, '_>) {
        let program = infer.program;
        let exported: Vec<NodeId> = program
            .nodes()
            .filter(|(_, node)| {
                node.decl.as_ref().is_some_and(|decl| decl.attrs.iter().any(|attr| matches!(attr, Attr::Exported)))
            })
            .map(|(id, _)| id)
            .collect();
        for (id, node) in program.nodes() {
            let foreign = matches!(program.decl(id), Some(DeclKind::Fn(decl)) if decl.body.is_none());
            if foreign && node.owner.is_none() {
                for other in &exported {
                    self.mention(Vertex::Node(id), Vertex::Node(*other));
                }
            }
        }
    }

    /// A procedural macro of the workspace may name any item of the crate that uses it: those whose names its source holds.
    fn generated(&mut self, infer: &mut Infer<'_, '_, '_>, user: NodeId) {
        let program = infer.program;
        let mut uses: Vec<(NodeId, CrateId)> = Vec::new();
        for edge in &self.facts[user.at()].edges {
            if let Vertex::Node(whole) = edge
                && let Some(krate) = program.node(user).krate
                && !program.node(*whole).whole.is_empty()
                && !program.node(*whole).whole.contains(&krate)
            {
                uses.push((*whole, krate));
            }
        }
        for (whole, krate) in uses {
            let vertex = Vertex::Generated(whole, krate);
            self.mention(Vertex::Node(user), vertex);
            if !self.whole_uses.insert((whole, krate)) {
                continue;
            }
            let words = infer.words_of(whole);
            for (id, node) in program.nodes() {
                let named = node.decl.as_ref().is_some_and(|decl| words.contains(&program.text(decl.name)));
                if node.krate == Some(krate) && named && node.owner.is_none() {
                    self.mention(vertex, Vertex::Node(id));
                }
                // A method of that name, for types that are reached.
                if node.krate == Some(krate) && named && node.owner.is_some() {
                    let name = node.decl.as_ref().map_or(Sym::NONE, |decl| decl.name);
                    self.mention(vertex, Vertex::Method(name));
                }
            }
        }
    }

    /// A name that can't be found reaches whatever may define it: here, or in a crate that it may be imported from.
    fn generators(&mut self, infer: &Infer<'_, '_, '_>) {
        for (position, krate) in infer.program.crates().iter().enumerate() {
            let from = Vertex::Generators(CrateId(position as u32));
            for node in &krate.generators {
                self.mention(from, Vertex::Node(*node));
            }
            // A file that nobody can read may hold impls for every type and trait of its crate.
            for &unseen in krate.generators.iter().filter(|id| infer.program.is_include(**id)) {
                for (id, node) in infer.program.nodes() {
                    let has_impls = matches!(node.kind, ItemKind::Type | ItemKind::Trait);
                    if has_impls && node.krate.is_some_and(|of| of.at() == position) {
                        self.mention(Vertex::Node(id), Vertex::Node(unseen));
                    }
                }
            }
            for other in infer.program.imported_unseen(CrateId(position as u32)) {
                self.mention(from, Vertex::Generators(other));
            }
        }
    }

    fn impls(&mut self, infer: &mut Infer<'_, '_, '_>) {
        let program = infer.program;
        for &id in program.impls() {
            let Some(info) = infer.index.impls.get(&id).copied() else { continue };
            let head = match info.head {
                Head::Local(ty) => Some(Vertex::Node(ty)),
                _ => None,
            };
            // What another package's attribute makes of an impl may bring values of its type to where objects are used.
            if let (TraitOf::Local(of), Some(ty), Some(decl)) = (info.of, head, &program.node(id).decl)
                && has_unknown_attr(decl, infer.cfg_of(id))
            {
                self.mention(Vertex::Dyn(of), ty);
            }
            for &member in program.members(id) {
                let node = Vertex::Node(member);
                let Some(name) = program.node(member).decl.as_ref().map(|decl| decl.name) else { continue };
                self.guarded(Vertex::Method(name), head, node);
                match info.of {
                    // Code that isn't analyzed may use all of it wherever it uses one.
                    TraitOf::Local(of) if program.is_external(of) => {
                        self.guarded(Vertex::Member(of, name), head, node);
                        self.guarded(Vertex::Dyn(of), head, node);
                        match head {
                            Some(Vertex::Node(ty)) => {
                                self.mention(Vertex::Escaped(ty), node);
                                self.guarded(Vertex::AllForeign, head, node);
                            }
                            _ => self.mention(Vertex::AllForeign, node),
                        }
                    }
                    TraitOf::Local(of) => {
                        let head = head.or_else(|| self.object_of(infer, info.self_ty));
                        self.guarded(Vertex::Member(of, name), head, node);
                        // One for every type of some shape is in a table where an object is made of such a type.
                        if info.head != Head::Any {
                            self.in_table(of, head, node);
                        }
                    }
                    TraitOf::Std(of) => match info.head {
                        Head::Local(ty) => self.mention(Vertex::Typed(of, ty), node),
                        _ => {
                            self.mention(Vertex::Trigger(of), node);
                            self.mention(Vertex::Loose(of), node);
                        }
                    },
                    TraitOf::External(_) => match info.head {
                        Head::Local(ty) => {
                            self.mention(Vertex::Escaped(ty), node);
                            self.guarded(Vertex::AllForeign, Some(Vertex::Node(ty)), node);
                        }
                        _ => self.mention(Vertex::AllForeign, node),
                    },
                    // A trait that nobody can find may be any trait.
                    TraitOf::Unknown => match head {
                        Some(head) => self.mention(head, node),
                        None => self.mention(Vertex::AllForeign, node),
                    },
                    TraitOf::Inherent => {}
                }
            }
            if let TraitOf::Std(of) = info.of {
                let from = match info.head {
                    Head::Local(ty) => Vertex::Typed(of, ty),
                    _ => Vertex::Trigger(of),
                };
                self.handed_out(infer, id, from);
            }
            if let (TraitOf::Std(of), Head::Local(ty)) = (info.of, info.head) {
                self.guarded(Vertex::Trigger(of), Some(Vertex::Node(ty)), Vertex::Typed(of, ty));
                self.mention(Vertex::Escaped(ty), Vertex::Typed(of, ty));
                // What has a destructor runs it wherever it is; a reference to what has a target is coerced without a word.
                if of == program.words.drop_ || matches!(program.text(of).as_str(), "Deref" | "DerefMut") {
                    self.mention(Vertex::Node(ty), Vertex::Typed(of, ty));
                    self.mention(Vertex::Came(ty), Vertex::Typed(of, ty));
                }
            }
        }
    }

    /// Some impls hand out values that the caller, who isn't analyzed, uses by another trait.
    fn handed_out(&mut self, infer: &mut Infer<'_, '_, '_>, id: NodeId, from: Vertex) {
        let program = infer.program;
        for &member in program.members(id) {
            let Some(decl) = &program.node(member).decl else { continue };
            let DeclKind::Alias(_, _, Some(ty)) = &decl.kind else { continue };
            let Some(used_by) = handed_out(&program.text(decl.name)) else { continue };
            let used_by = program.sym(used_by);
            let ty = infer.declared(member, ty);
            let (mut parts, mut unknown) = (Vec::new(), false);
            parts_of(infer, ty, id, &mut parts, &mut unknown);
            if unknown {
                self.mention(from, Vertex::Trigger(used_by));
            }
            for part in parts {
                self.mention(from, Vertex::Typed(used_by, part));
            }
        }
    }

    /// What must be in play for a value of a type that holds a trait object: `Box<dyn Trait>`. Nobody has one without naming it,
    /// but code that nobody sees may.
    fn object_of(&mut self, infer: &Infer<'_, '_, '_>, ty: TyId) -> Option<Vertex> {
        let mut objects = Vec::new();
        objects_in(infer, ty, &mut objects);
        let of = *objects.first()?;
        if infer.program.crates().iter().any(|krate| !krate.generators.is_empty()) {
            return None;
        }
        let object = Vertex::Object(of);
        if !self.index.contains_key(&object) {
            self.mention(Vertex::Dyn(of), object);
        }
        Some(object)
    }

    /// Whatever allocates does so by the program's own allocator, if there is one, and nothing says who allocates.
    fn allocators(&mut self, infer: &Infer<'_, '_, '_>) {
        let program = infer.program;
        let of = TraitOf::Std(program.sym("GlobalAlloc"));
        let is_it = |id: &&NodeId| infer.index.impls.get(id).is_some_and(|info| info.of == of);
        let own = program.impls().iter().filter(is_it).filter(|id| !program.is_external(**id));
        let members: Vec<NodeId> = own.flat_map(|id| program.members(*id)).copied().collect();
        for (id, node) in program.nodes().filter(|_| !members.is_empty()) {
            if node.kind == ItemKind::Fn && !program.is_external(id) {
                members.iter().for_each(|member| self.mention(Vertex::Node(id), Vertex::Node(*member)));
            }
        }
    }

    /// With a head the edge waits for the type; without one it is drawn at once.
    fn guarded(&mut self, from: Vertex, head: Option<Vertex>, to: Vertex) {
        match head {
            // Made here or brought by a caller, it is in play.
            Some(Vertex::Node(ty)) => self.both(from, Vertex::Came(ty), to),
            Some(head) => self.both(from, head, to),
            None => self.mention(from, to),
        }
    }

    /// Where a trait object is made of a type, all of its impl is in the object's table. One that a caller made is the
    /// caller's: of that, only what is called counts.
    fn in_table(&mut self, of: NodeId, head: Option<Vertex>, member: Vertex) {
        match head {
            Some(head) => self.both(Vertex::Dyn(of), head, member),
            None => self.mention(Vertex::Dyn(of), member),
        }
    }

    fn traits(&mut self, infer: &Infer<'_, '_, '_>) {
        let program = infer.program;
        for (position, node) in program.nodes.iter().enumerate() {
            if node.kind != ItemKind::Trait {
                continue;
            }
            let id = NodeId(position as u32);
            let (mut supers, mut std) = (Vec::new(), Vec::new());
            infer.supertraits(id, &mut supers, &mut std);
            for other in supers.iter().filter(|other| **other != id) {
                self.mention(Vertex::Dyn(id), Vertex::Dyn(*other));
            }
            for other in std {
                match other {
                    TraitOf::Std(name) => self.mention(Vertex::Dyn(id), Vertex::Trigger(name)),
                    _ => self.mention(Vertex::Dyn(id), Vertex::AllForeign),
                }
            }
            if program.is_external(id) {
                continue;
            }
            for &member in program.members(id) {
                let Some(decl) = &program.node(member).decl else { continue };
                if !has_body(program, member) {
                    self.mention(Vertex::Member(id, decl.name), Vertex::Node(member));
                    continue;
                }
                // A default runs for the types whose impl doesn't override it.
                for impl_ in infer.index.impls_of_trait.get(&id).map_or(&[][..], Vec::as_slice) {
                    let overrides = program.members(*impl_).iter().any(|own| {
                        program
                            .node(*own)
                            .decl
                            .as_ref()
                            .is_none_or(|own| own.name == decl.name || own.name == Sym::NONE)
                    });
                    if overrides {
                        continue;
                    }
                    let head = match infer.index.impls.get(impl_).map(|info| info.head) {
                        Some(Head::Local(ty)) => Some(Vertex::Node(ty)),
                        _ => None,
                    };
                    self.guarded(Vertex::Method(decl.name), head, Vertex::Node(member));
                    let self_ty = infer.index.impls.get(impl_).map(|info| info.self_ty);
                    let head = head.or_else(|| self_ty.and_then(|ty| self.object_of(infer, ty)));
                    self.guarded(Vertex::Member(id, decl.name), head, Vertex::Node(member));
                    if infer.index.impls.get(impl_).is_some_and(|info| info.head != Head::Any) {
                        self.in_table(id, head, Vertex::Node(member));
                    }
                }
            }
        }
    }

    /// A derived impl calls the same trait on the fields.
    fn derives(&mut self, infer: &mut Infer<'_, '_, '_>) {
        let derived: Vec<(NodeId, Vec<Sym>)> =
            infer.index.std_derives.iter().map(|(id, names)| (*id, names.clone())).collect();
        let derived = derived.into_iter().filter(|(id, _)| !infer.program.is_external(*id)).collect::<Vec<_>>();
        for (id, names) in derived {
            let variants: Vec<Sym> = match infer.program.decl(id) {
                Some(DeclKind::Enum(_, variants)) => variants.iter().map(|variant| variant.name).collect(),
                _ => vec![Sym::NONE],
            };
            let mut types: Vec<TyId> = Vec::new();
            for variant in variants {
                types.extend(infer.fields(id, variant).iter().map(|(_, ty)| *ty));
            }
            for name in names {
                let typed = Vertex::Typed(name, id);
                self.guarded(Vertex::Trigger(name), Some(Vertex::Node(id)), typed);
                self.mention(Vertex::Escaped(id), typed);
                // What is derived stands in the type's own item.
                self.mention(typed, Vertex::Node(id));
                for ty in &types {
                    let (mut parts, mut unknown) = (Vec::new(), false);
                    parts_of(infer, *ty, id, &mut parts, &mut unknown);
                    if unknown {
                        self.mention(typed, Vertex::Trigger(name));
                    }
                    for part in parts {
                        self.mention(typed, Vertex::Typed(name, part));
                    }
                }
            }
        }
    }

    /// What is made here is in play as what a caller brought; unknown code may use both in any way that it can.
    fn came(&mut self, infer: &mut Infer<'_, '_, '_>) {
        for (ty, node) in infer.program.nodes() {
            if node.kind != ItemKind::Type {
                continue;
            }
            self.mention(Vertex::Node(ty), Vertex::Came(ty));
            self.both(Vertex::AllForeign, Vertex::Came(ty), Vertex::Escaped(ty));
            self.mention(Vertex::Escaped(ty), Vertex::Node(ty));
            // With a value comes what is in it.
            let variants: Vec<Sym> = match infer.program.decl(ty) {
                Some(DeclKind::Enum(_, variants)) => variants.iter().map(|variant| variant.name).collect(),
                _ => vec![Sym::NONE],
            };
            for variant in variants {
                for (_, field) in infer.fields(ty, variant).iter() {
                    let (mut parts, mut unknown) = (Vec::new(), false);
                    parts_of(infer, *field, ty, &mut parts, &mut unknown);
                    parts.into_iter().for_each(|part| self.mention(Vertex::Came(ty), Vertex::Came(part)));
                    let mut objects = Vec::new();
                    objects_in(infer, *field, &mut objects);
                    objects.into_iter().for_each(|of| self.mention(Vertex::Came(ty), Vertex::Object(of)));
                }
            }
        }
    }

    /// An impl that another package's macro wrote may use any impl of a foreign trait on the fields.
    fn foreign_derives(&mut self, infer: &mut Infer<'_, '_, '_>) {
        let analyzed: Vec<NodeId> =
            infer.index.foreign_derives.iter().copied().filter(|id| !infer.program.is_external(*id)).collect();
        for id in analyzed {
            let variants: Vec<Sym> = match infer.program.decl(id) {
                Some(DeclKind::Enum(_, variants)) => variants.iter().map(|variant| variant.name).collect(),
                _ => vec![Sym::NONE],
            };
            let types: Vec<TyId> = variants
                .into_iter()
                .flat_map(|variant| infer.fields(id, variant).iter().map(|(_, ty)| *ty).collect::<Vec<_>>())
                .collect();
            for ty in types {
                let (mut parts, mut unknown) = (Vec::new(), false);
                parts_of(infer, ty, id, &mut parts, &mut unknown);
                if unknown {
                    self.mention(Vertex::Escaped(id), Vertex::AllForeign);
                }
                for part in parts {
                    self.mention(Vertex::Escaped(id), Vertex::Escaped(part));
                }
            }
        }
    }

    /// Whoever may use a standard trait may use its supertraits: through a bound, or through a trait object's table.
    fn supertraits(&mut self, infer: &Infer<'_, '_, '_>) {
        let program = infer.program;
        let implemented = infer.index.std_impls.keys().map(|(of, ty)| (*of, *ty));
        let derived = infer.index.std_derives.iter().flat_map(|(ty, names)| names.iter().map(|of| (*of, *ty)));
        let mut all: Vec<(Sym, NodeId)> =
            implemented.chain(derived).filter(|(_, ty)| !program.is_external(*ty)).collect();
        all.sort_unstable();
        for (of, ty) in all {
            for above in standard_supertraits(&program.text(of)) {
                self.mention(Vertex::Typed(of, ty), Vertex::Typed(program.sym(above), ty));
            }
        }
        // A type that has `BufRead` may hold one that has `Read` alone. One that has `Error` holds none, or is asked where an
        // object is made of it.
        for of in infer.index.std_traits.iter().filter(|of| program.text(**of) != "Error") {
            for above in standard_supertraits(&program.text(*of)) {
                self.mention(Vertex::Trigger(*of), Vertex::Trigger(program.sym(above)));
            }
        }
    }

    /// An impl of another package uses what it asks of its parameters: `impl<T: Display> Report for T`.
    fn bounds_of_external_impls(&mut self, infer: &mut Infer<'_, '_, '_>) {
        let program = infer.program;
        let applied = infer.applied_externals();
        for &id in &program.impls[program.analyzed.impls..] {
            let Some(info) = infer.index.impls.get(&id).copied() else { continue };
            // Of a type that no code here has, there is no value.
            if matches!(info.head, Head::Local(ty) if !applied.contains(&ty)) {
                continue;
            }
            let from = match info.of {
                TraitOf::Local(of) => Vertex::Dyn(of),
                TraitOf::Std(of) => Vertex::Trigger(of),
                _ => continue,
            };
            for bound in infer.bounds_of_impl(id) {
                match bound {
                    Bound::Trait(of, ..) => self.mention(from, Vertex::Dyn(of)),
                    Bound::Std(of, ..) => self.mention(from, Vertex::Trigger(of)),
                    Bound::Iterator(_) => self.mention(from, Vertex::Trigger(program.words.iterator)),
                    Bound::External(_) | Bound::Unknown => self.mention(from, Vertex::AllForeign),
                    Bound::Fn(..) | Bound::ReturnedBy(..) => {}
                }
            }
        }
    }

    /// Code that isn't analyzed may call any impl of a foreign trait, for every type that is reached.
    fn foreign(&mut self, infer: &Infer<'_, '_, '_>) {
        for name in &infer.index.std_traits {
            self.mention(Vertex::AllForeign, Vertex::Trigger(*name));
        }
        for (external, node) in &infer.program.externals {
            self.mention(Vertex::External(*external), Vertex::Node(*node));
        }
    }
}

/// Whether what a call's arguments are depends on the caller's parameters.
fn is_open(infer: &Infer<'_, '_, '_>, call: &Call) -> bool {
    call.given.iter().any(|(_, _, ty)| infer.types.has_params(*ty))
}

/// Supertraits of the standard library's traits, those with methods.
fn standard_supertraits(of: &str) -> &'static [&'static str] {
    match of {
        "Error" => &["Debug", "Display"],
        "Ord" => &["PartialOrd", "PartialEq"],
        "PartialOrd" | "Eq" => &["PartialEq"],
        "Copy" => &["Clone"],
        "DerefMut" => &["Deref"],
        "IndexMut" => &["Index"],
        "DoubleEndedIterator" | "ExactSizeIterator" | "FusedIterator" => &["Iterator"],
        "BufRead" => &["Read"],
        _ => &[],
    }
}

/// The analyzed traits of trait objects in a type.
pub(crate) fn objects_in(infer: &Infer<'_, '_, '_>, ty: TyId, out: &mut Vec<NodeId>) {
    if let Ty::Bounded(bounds) = infer.types.get(ty) {
        out.extend(bounds.iter().filter_map(|bound| match bound {
            Bound::Trait(of, ..) if !infer.program.is_external(*of) => Some(*of),
            _ => None,
        }));
    }
    infer.types.parts(ty).into_iter().for_each(|part| objects_in(infer, part, out));
}

/// The analyzed types in a field's type. A type's own parameters are the business of whoever names its arguments.
pub(crate) fn parts_of(infer: &Infer<'_, '_, '_>, ty: TyId, of: NodeId, parts: &mut Vec<NodeId>, unknown: &mut bool) {
    match infer.types.get(ty) {
        Ty::Unknown | Ty::Theirs | Ty::Bounded(_) | Ty::Var(_) | Ty::Assoc(..) => *unknown = true,
        Ty::Never | Ty::Primitive(_) => {}
        Ty::Param(owner, _) => *unknown |= *owner != of,
        Ty::Adt(node, args) => {
            parts.push(*node);
            for arg in args.iter() {
                parts_of(infer, *arg, of, parts, unknown);
            }
        }
        Ty::Std(_, args) | Ty::External(_, args) | Ty::Tuple(args) => {
            for arg in args.iter() {
                parts_of(infer, *arg, of, parts, unknown);
            }
        }
        Ty::Ref(inner) | Ty::Ptr(inner) | Ty::Slice(inner) => parts_of(infer, *inner, of, parts, unknown),
        Ty::Fn(..) => {}
    }
}
