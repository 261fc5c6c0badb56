//! What comes into a function from its callers: types that its own code doesn't name.
//!
//! Many functions are open in the same ways, so what each way brings is found once.

use std::rc::Rc;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::graph::ItemGraph;
use crate::infer::{Bound, Head, ImplInfo, Infer, TraitOf, Ty, TyId, Vertex, Widening};
use crate::ir::{DeclKind, Sym};
use crate::program::NodeId;
use crate::project::{ExternalId, TargetKind};
use crate::report::{ItemKind, WidenedKind};

/// Packages of which no trait is implemented for closures, nor for what holds them.
const WITHOUT_CLOSURES: [&str; 9] =
    ["bytemuck", "bytes", "num-integer", "num-traits", "rand_core", "serde", "serde_core", "uuid", "zerocopy"];

/// What callers of a function may pass in.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// The same for all functions that are open in the same ways.
    pub(crate) seeds: Rc<[Vertex]>,
    pub(crate) widened: Vec<Widening>,
}

/// A bound, as far as it tells which types may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Trait(NodeId),
    /// An object of another package's trait, within a value of that package's.
    Held(NodeId),
    /// With the type in its brackets, as far as that is known.
    Std(Sym, Option<Target>),
    /// `Into` or `TryInto`, and what it leads to as far as that is known.
    Into(Sym, Option<Target>),
    External(ExternalId),
    Unknown,
    Iterator,
}

/// A type without its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Target {
    Local(NodeId),
    Std(Sym),
    Primitive(Sym),
    /// Another package's.
    External,
}

impl Target {
    fn of(infer: &Infer<'_, '_, '_>, ty: TyId) -> Option<Target> {
        match infer.types.get(infer.types.peel(ty)) {
            Ty::Adt(node, _) => Some(Target::Local(*node)),
            Ty::Std(name, _) => Some(Target::Std(*name)),
            Ty::Primitive(name) => Some(Target::Primitive(*name)),
            Ty::External(..) => Some(Target::External),
            _ => None,
        }
    }
}

/// What is open in types.
#[derive(Debug, Clone, Default)]
struct Open {
    ways: Vec<Way>,
    closures: bool,
    generic: bool,
    /// Callers choose types, not only trait objects.
    parameters: bool,
}

/// What comes in by some ways.
#[derive(Debug)]
struct Brought {
    seeds: Rc<[Vertex]>,
    closures: bool,
    /// What of it may hold closures, in words.
    holds_closures: Option<&'static str>,
}

/// What callers may bring, found once for each way, type and function.
#[derive(Debug, Default)]
pub(crate) struct Callers {
    brought: HashMap<Vec<Way>, Rc<Brought>>,
    /// What one way brings, and the ways that are open in it.
    by_way: HashMap<Way, (Vec<Vertex>, Open)>,
    /// What is open in the fields of a type.
    fields: HashMap<NodeId, Rc<Open>>,
    /// Functions of libraries into which types of other crates may come: found only if somebody asks.
    outside: Option<HashSet<NodeId>>,
}

impl Open {
    fn add(&mut self, way: Way) {
        if !self.ways.contains(&way) {
            self.ways.push(way);
        }
    }

    fn join(&mut self, other: &Open) {
        other.ways.iter().for_each(|way| self.add(*way));
        self.closures |= other.closures;
        self.generic |= other.generic;
        self.parameters |= other.parameters;
    }
}

impl Callers {
    /// Looks at the declared types of a root.
    pub(crate) fn incoming(&mut self, infer: &mut Infer<'_, '_, '_>, graph: &mut ItemGraph, id: NodeId) -> Incoming {
        let program = infer.program;
        let mut open = self.open(infer, id);
        let line = program.node(id).line;
        if open.parameters {
            // Whatever comes in is dropped in the end, if by nobody else.
            open.add(Way::Std(program.words.drop_, None));
        }
        let brought = self.brought(infer, std::mem::take(&mut open.ways));
        let mut widened = Vec::new();
        let mut opaque = |why: String| widened.push(Widening { line, kind: WidenedKind::Opaque, why });
        if let Some(what) = brought.holds_closures {
            opaque(format!("takes any {what} code only its callers know"));
        }
        if open.closures || brought.closures {
            opaque("takes closures or function pointers, whose code only its callers know".to_owned());
        }
        if open.generic && is_called_from_outside(infer, id) {
            opaque("is generic and public in a library: a type of a crate that isn't analyzed may come in".to_owned());
        } else if open.generic && is_library(infer, id) && self.comes_from_outside(infer, graph, id) {
            let why = "is generic and called by what is public in a library: a type of a crate that isn't analyzed may \
                       come in";
            opaque(why.to_owned());
        }
        Incoming { seeds: brought.seeds.clone(), widened }
    }

    /// What is open in a function's declared types.
    fn open(&mut self, infer: &mut Infer<'_, '_, '_>, id: NodeId) -> Open {
        let program = infer.program;
        infer.look_from(Some(id));
        let scope = infer.scope(id);
        let mut types: Vec<TyId> = Vec::new();
        if let Some(signature) = infer.signature(id) {
            types.extend(signature.receiver.iter().chain(&signature.params));
        }
        for (name, owner) in &scope.params {
            types.push(infer.types.intern(Ty::Param(*owner, *name)));
        }
        let of_trait = program.node(id).owner.filter(|owner| matches!(program.decl(*owner), Some(DeclKind::Trait(..))));
        if let Some(owner) = of_trait {
            types.push(infer.types.intern(Ty::Param(owner, program.words.self_type)));
        }
        let (mut open, mut seen) = (Open::default(), HashSet::default());
        for ty in types {
            walk(infer, ty, &mut open, &mut seen, Some(&mut self.fields));
        }
        open
    }

    /// What comes in by all these ways. Bounds of what may come in bring bounds of their own.
    fn brought(&mut self, infer: &mut Infer<'_, '_, '_>, ways: Vec<Way>) -> Rc<Brought> {
        if let Some(found) = self.brought.get(&ways) {
            return found.clone();
        }
        infer.look_from(None);
        let mut open = Open { ways: ways.clone(), ..Open::default() };
        let (mut seeds, mut seen) = (Vec::new(), HashSet::default());
        let mut at = 0;
        while let Some(way) = open.ways.get(at).copied() {
            at += 1;
            let (of_way, more) = self.by_way.entry(way).or_insert_with(|| by_way(infer, way));
            seeds.extend(of_way.iter().copied().filter(|seed| seen.insert(*seed)));
            open.join(more);
        }
        let holds_closures = open.ways.iter().find_map(|way| holds_closures(infer, *way));
        let brought = Rc::new(Brought { seeds: seeds.into(), closures: open.closures, holds_closures });
        self.brought.insert(ways, brought.clone());
        brought
    }

    fn comes_from_outside(&mut self, infer: &mut Infer<'_, '_, '_>, graph: &mut ItemGraph, id: NodeId) -> bool {
        if self.outside.is_none() {
            let found = self.find_outside(infer, graph);
            self.outside = Some(found);
        }
        self.outside.as_ref().is_some_and(|into| into.contains(&id))
    }

    /// What other crates can call, and what these functions hand their callers' types on to.
    fn find_outside(&mut self, infer: &mut Infer<'_, '_, '_>, graph: &mut ItemGraph) -> HashSet<NodeId> {
        let program = infer.program;
        let functions = program.nodes().map(|(id, _)| id);
        let functions: Vec<NodeId> =
            functions.filter(|id| matches!(program.decl(*id), Some(DeclKind::Fn(_)))).collect();
        let mut into = HashSet::default();
        let mut todo = Vec::new();
        let mut seen = HashSet::default();
        for id in functions {
            if is_called_from_outside(infer, id) && self.open(infer, id).generic {
                into.insert(id);
                graph.expand(infer, graph.index[&Vertex::Node(id)]);
                todo.extend([Vertex::Node(id), Vertex::Open(id)].iter().filter_map(|vertex| graph.index.get(vertex)));
            }
        }
        while let Some(at) = todo.pop() {
            graph.expand(infer, at);
            let next: Vec<_> = graph.graph.neighbors(at).collect();
            for to in next {
                if !seen.insert(to) {
                    continue;
                }
                // A function calls another by itself or through a demand; no item hands types on.
                let called = match graph.graph[to] {
                    Vertex::Instance(at) => match graph.instances.get(at) {
                        // For types that are all known, nothing is handed on.
                        Some((callee, given)) if given.iter().any(|(_, _, ty)| infer.types.has_unknown(*ty)) => {
                            Some(*callee)
                        }
                        _ => continue,
                    },
                    Vertex::Node(id) | Vertex::Open(id) => Some(id),
                    _ => None,
                };
                match called {
                    Some(id) => {
                        let is_function = matches!(program.decl(id), Some(DeclKind::Fn(_)));
                        if is_function && self.open(infer, id).generic {
                            into.insert(id);
                            todo.push(to);
                            todo.extend(graph.index.get(&Vertex::Open(id)));
                        }
                    }
                    None => todo.push(to),
                }
            }
        }
        into
    }
}

fn is_library(infer: &Infer<'_, '_, '_>, id: NodeId) -> bool {
    let krate = infer.program.node(id).krate.map(|krate| infer.program.krate(krate));
    krate.is_some_and(|krate| infer.project.packages[krate.package.0].targets[krate.target].kind == TargetKind::Lib)
}

/// Whether other crates may name it: where its module is visible doesn't count, re-exports lead anywhere.
fn is_called_from_outside(infer: &Infer<'_, '_, '_>, id: NodeId) -> bool {
    let node = infer.program.node(id);
    let public = node.decl.as_ref().is_some_and(|decl| decl.public || node.owner.is_some());
    public && is_library(infer, id)
}

/// The types that one way brings, and what is open in them.
fn by_way(infer: &mut Infer<'_, '_, '_>, way: Way) -> (Vec<Vertex>, Open) {
    let program = infer.program;
    let mut came = Came::default();
    match way {
        Way::Trait(node) | Way::Held(node) => {
            if program.is_external(node) {
                // A derive that isn't looked into may have written the impl.
                came.derived(infer, true);
            }
            let impls = infer.index.impls_of_trait.get(&node).cloned().unwrap_or_default();
            for id in impls {
                let header = infer.index.impls.get(&id).map(|info| info.self_ty);
                // What is held is asked by code that isn't analyzed.
                let escapes = matches!(way, Way::Held(_));
                header.into_iter().for_each(|header| came.by_impl(infer, id, header, escapes));
            }
        }
        Way::Into(name, target) => {
            came.by_impls(infer, false, |_, info| (info.of == TraitOf::Std(name)).then_some(info.self_ty));
            // Whoever has `From<Y>` makes `Into` of Y, which comes in.
            let sources: &[&str] = if &*program.text(name) == "Into" { &["From"] } else { &["From", "TryFrom"] };
            let sources: Vec<Sym> = sources.iter().map(|source| program.sym(source)).collect();
            came.by_impls(infer, false, |infer, info| match info.of {
                TraitOf::Std(of) if sources.contains(&of) => {
                    may_be(Target::of(infer, info.self_ty), target).then_some(info.args)
                }
                _ => None,
            });
        }
        Way::Std(name, argument) => {
            for of in sources(infer, name) {
                came.by_impls(infer, false, |infer, info| {
                    let arguments = infer.types.parts(info.args);
                    let first = arguments.first().and_then(|first| Target::of(infer, *first));
                    (info.of == TraitOf::Std(of) && may_be(first, argument)).then_some(info.self_ty)
                });
                // A derive writes no argument.
                let derived = infer.index.types_with.get(&of).cloned().unwrap_or_default();
                let derives = |ty: &NodeId| infer.index.std_derives.get(ty).is_some_and(|all| all.contains(&of));
                let derived: Vec<NodeId> = derived.into_iter().filter(derives).collect();
                derived.into_iter().for_each(|ty| came.value(infer, ty, false));
            }
        }
        Way::External(_) | Way::Unknown => {
            came.by_impls(infer, true, |_, info| {
                let is_foreign = match info.of {
                    TraitOf::External(_) | TraitOf::Unknown => true,
                    TraitOf::Local(of) => program.is_external(of),
                    _ => false,
                };
                is_foreign.then_some(info.self_ty)
            });
            came.derived(infer, true);
            // Types may have such an impl by a derive that isn't looked into.
            came.seeds.push(Vertex::AllForeign);
        }
        Way::Iterator => {
            let iterator = program.words.iterator;
            came.by_impls(infer, true, |_, info| (info.of == TraitOf::Std(iterator)).then_some(info.self_ty));
            let iterators =
                infer.index.std_impls.keys().filter(|(of, ty)| *of == iterator && !program.is_external(*ty));
            let mut types: Vec<NodeId> = iterators.map(|(_, ty)| *ty).collect();
            types.sort_unstable();
            came.seeds.extend(types.into_iter().map(Vertex::Node));
        }
    }
    (came.seeds, came.open)
}

/// Traits of the standard library by which a type comes to have another: `impl<T: Display> ToString for T`.
fn sources(infer: &Infer<'_, '_, '_>, name: Sym) -> Vec<Sym> {
    let others: &[&str] = match &*infer.program.text(name) {
        "TryFrom" => &["From"],
        "ToString" => &["Display"],
        "ToOwned" => &["Clone"],
        "IntoIterator" => &["Iterator"],
        "IntoFuture" => &["Future"],
        _ => &[],
    };
    others.iter().map(|other| infer.program.sym(other)).chain([name]).collect()
}

/// What comes in with values of some types.
#[derive(Debug, Default)]
struct Came {
    seeds: Vec<Vertex>,
    open: Open,
    seen: HashSet<(NodeId, bool)>,
}

impl Came {
    /// A value comes with all that its fields hold; of types that `escape`, code that isn't analyzed asks what it likes.
    fn value(&mut self, infer: &mut Infer<'_, '_, '_>, ty: NodeId, escapes: bool) {
        if infer.program.is_external(ty) || !self.seen.insert((ty, escapes)) {
            return;
        }
        self.seeds.push(Vertex::Came(ty));
        self.seeds.extend(escapes.then_some(Vertex::Escaped(ty)));
        let mut open = Open::default();
        walk_fields(infer, ty, &mut open, &mut HashSet::default());
        self.open.join(&open);
    }

    /// Types whose derive isn't looked into.
    fn derived(&mut self, infer: &mut Infer<'_, '_, '_>, escapes: bool) {
        let derived = infer.index.foreign_derives.clone();
        derived.into_iter().for_each(|ty| self.value(infer, ty, escapes));
    }

    /// `comes` says which type of an impl's header comes in, if the impl is meant.
    fn by_impls<'p>(
        &mut self,
        infer: &mut Infer<'p, '_, '_>,
        escapes: bool,
        comes: impl Fn(&Infer<'p, '_, '_>, &ImplInfo) -> Option<TyId>,
    ) {
        let found = infer.index.impls.iter().filter_map(|(id, info)| Some((*id, comes(infer, info)?)));
        let mut found: Vec<(NodeId, TyId)> = found.collect();
        found.sort_unstable();
        found.into_iter().for_each(|(id, header)| self.by_impl(infer, id, header, escapes));
    }

    /// The types in an impl's header, and with `impl<R: Read> Source for Reader<R>` whatever its callers read from.
    fn by_impl(&mut self, infer: &mut Infer<'_, '_, '_>, id: NodeId, header: TyId, escapes: bool) {
        if infer.program.is_external(id) {
            return;
        }
        let (mut parts, mut objects) = (Vec::new(), Vec::new());
        crate::graph::parts_of(infer, header, id, &mut parts, &mut false);
        parts.into_iter().for_each(|part| self.value(infer, part, escapes));
        crate::graph::objects_in(infer, header, &mut objects);
        self.seeds.extend(objects.into_iter().map(Vertex::Object));
        // One that only an associated type tells stands for what the impl's own code makes.
        for (name, owner) in &infer.scope(id).params {
            let ty = infer.types.intern(Ty::Param(*owner, *name));
            if holds(infer, header, ty) {
                walk(infer, ty, &mut self.open, &mut HashSet::default(), None);
            }
        }
    }
}

/// Whether two may be the same, as far as both are known.
fn may_be(one: Option<Target>, other: Option<Target>) -> bool {
    one.is_none() || other.is_none() || one == other
}

fn holds(infer: &Infer<'_, '_, '_>, ty: TyId, part: TyId) -> bool {
    ty == part || infer.types.parts(ty).into_iter().any(|of| holds(infer, of, part))
}

/// What comes in by it may hold closures: what it is, in words.
fn holds_closures(infer: &mut Infer<'_, '_, '_>, way: Way) -> Option<&'static str> {
    const ITERATOR: &str = "iterator: its adapters hold closures whose";
    match way {
        Way::Iterator => Some(ITERATOR),
        Way::Std(name, _) => match &*infer.program.text(name) {
            "Iterator" | "IntoIterator" | "DoubleEndedIterator" | "ExactSizeIterator" | "FusedIterator" => {
                Some(ITERATOR)
            }
            "Future" | "IntoFuture" => Some("future, whose"),
            _ => None,
        },
        Way::Into(_, Some(Target::External)) => Some("type that becomes one of another package: closures may, whose"),
        Way::Into(..) => None,
        Way::External(id) if WITHOUT_CLOSURES.contains(&&*infer.project.externals[id.0].name) => None,
        Way::External(_) | Way::Unknown => Some("type with a trait of another package: closures may have it, whose"),
        Way::Held(node) => may_be_closure(infer, node, &mut HashSet::default())
            .then_some("object of a trait that closures have, whose"),
        Way::Trait(node) => match infer.external_package(node) {
            Some(package) if !WITHOUT_CLOSURES.contains(&package) => {
                Some("type with a trait of another package: closures may have it, whose")
            }
            _ => None,
        },
    }
}

/// Whether an impl of the trait is for closures, or for anything that closures may be.
fn may_be_closure(infer: &mut Infer<'_, '_, '_>, of: NodeId, seen: &mut HashSet<NodeId>) -> bool {
    if !seen.insert(of) {
        return false;
    }
    let impls = infer.index.impls_of_trait.get(&of).cloned().unwrap_or_default();
    impls.into_iter().any(|id| {
        infer.scope(id).params.clone().iter().any(|(name, owner)| {
            let ty = infer.types.intern(Ty::Param(*owner, *name));
            let bounds = infer.written_bounds_of(ty);
            if bounds.iter().any(|bound| matches!(bound, Bound::Fn(..) | Bound::Unknown)) {
                return true;
            }
            let is_any = infer.index.impls.get(&id).is_some_and(|info| infer.types.peel(info.self_ty) == ty);
            let traits =
                bounds.iter().filter_map(|bound| if let Bound::Trait(of, ..) = bound { Some(*of) } else { None });
            let traits: Vec<NodeId> = traits.collect();
            // Of `impl<T: Handle> Object for T` it is `Handle` that tells.
            is_any && traits.into_iter().all(|of| may_be_closure(infer, of, seen))
        })
    })
}

/// What is open in a type. `fields` remembers it of the fields of each type.
fn walk(
    infer: &mut Infer<'_, '_, '_>,
    ty: TyId,
    open: &mut Open,
    seen: &mut HashSet<TyId>,
    mut fields: Option<&mut HashMap<NodeId, Rc<Open>>>,
) {
    if !seen.insert(ty) {
        return;
    }
    match infer.types.get(ty).clone() {
        Ty::Unknown | Ty::Never | Ty::Theirs | Ty::Primitive(_) | Ty::Var(_) => {}
        // In a field: whoever names the type names its arguments.
        Ty::Param(owner, _) if infer.program.node(owner).kind == ItemKind::Type => {}
        Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => {
            open.generic = true;
            // Whoever has a trait of the project is one of the types that implement it.
            let bounds = infer.written_bounds_of(ty);
            let is_told = is_one_of_ours(infer, ty) || bounds.iter().any(|bound| is_had_by_parts(infer, bound));
            open.parameters |= matches!(infer.types.get(ty), Ty::Param(..)) && !is_told;
            // Whatever else is asked of it, it has one of the impls of a trait of ours, if all of them are seen.
            let is_ours = |bound: &&Bound| matches!(bound, Bound::Trait(node, ..) if !infer.program.is_external(*node));
            let are_all_seen = infer.program.crates().iter().all(|krate| krate.generators.is_empty());
            let by_ours = are_all_seen && bounds.iter().any(|bound| is_ours(&bound));
            for bound in bounds.iter() {
                match bound {
                    Bound::Fn(..) => open.closures = true,
                    bound if by_ours && !is_ours(&bound) => {}
                    Bound::Trait(node, ..) => open.add(Way::Trait(*node)),
                    Bound::Std(name, args, _) if matches!(&*infer.program.text(*name), "Into" | "TryInto") => {
                        let target = args.first().and_then(|arg| Target::of(infer, *arg));
                        open.add(Way::Into(*name, target));
                    }
                    Bound::Std(name, args, _) => {
                        let argument = args.first().and_then(|arg| Target::of(infer, *arg));
                        open.add(Way::Std(*name, argument));
                    }
                    Bound::External(id) => open.add(Way::External(*id)),
                    Bound::Unknown => open.add(Way::Unknown),
                    Bound::ReturnedBy(..) => {}
                    Bound::Iterator(_) => open.add(Way::Iterator),
                }
            }
        }
        Ty::Fn(..) => open.closures = true,
        Ty::Std(name, args) => {
            if name == infer.program.words.iterator {
                open.generic = true;
                open.add(Way::Iterator);
            }
            for arg in args.iter() {
                walk(infer, *arg, open, seen, fields.as_deref_mut());
            }
        }
        Ty::External(_, args) | Ty::Tuple(args) => {
            for arg in args.iter() {
                walk(infer, *arg, open, seen, fields.as_deref_mut());
            }
        }
        Ty::Ref(of) | Ty::Ptr(of) | Ty::Slice(of) => walk(infer, of, open, seen, fields),
        // A value may hold whatever its fields may hold: a boxed trait object, a closure.
        Ty::Adt(node, args) => {
            for arg in args.iter() {
                walk(infer, *arg, open, seen, fields.as_deref_mut());
            }
            match fields {
                None => walk_fields(infer, node, open, seen),
                Some(fields) => {
                    let found = fields.entry(node).or_insert_with(|| {
                        // On its own: what a caller's method asks of its parameters is no field's business.
                        let mut open = Open::default();
                        walk_fields(infer, node, &mut open, &mut HashSet::default());
                        Rc::new(open)
                    });
                    open.join(found);
                }
            }
        }
    }
}

fn walk_fields(infer: &mut Infer<'_, '_, '_>, node: NodeId, open: &mut Open, seen: &mut HashSet<TyId>) {
    if infer.program.is_external(node) {
        let mut inside = Open::default();
        walk_variants(infer, node, &mut inside, seen);
        inside.ways.iter_mut().for_each(|way| {
            if let Way::Trait(of) = *way {
                *way = Way::Held(of);
            }
        });
        open.join(&inside);
    } else {
        walk_variants(infer, node, open, seen);
    }
}

fn walk_variants(infer: &mut Infer<'_, '_, '_>, node: NodeId, open: &mut Open, seen: &mut HashSet<TyId>) {
    let variants: Vec<Sym> = match infer.program.decl(node) {
        Some(DeclKind::Enum(_, variants)) => variants.iter().map(|variant| variant.name).collect(),
        _ => vec![Sym::NONE],
    };
    for variant in variants {
        for (_, field) in infer.fields(node, variant).iter() {
            walk(infer, *field, open, seen, None);
        }
    }
}

/// Whether what holds a value has the trait only if the value has it, so that nothing without it comes in within a container.
fn is_had_by_parts(infer: &Infer<'_, '_, '_>, bound: &Bound) -> bool {
    // Not `Debug` nor `Display`, which `Receiver<T>` and `SendError<T>` have for every type.
    const BY_PARTS: [&str; 6] = ["Copy", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    match bound {
        Bound::Std(name, ..) => BY_PARTS.contains(&&*infer.program.text(*name)),
        Bound::External(id) => WITHOUT_CLOSURES.contains(&&*infer.project.externals[id.0].name),
        Bound::Trait(node, ..) => infer.external_package(*node).is_some_and(|name| WITHOUT_CLOSURES.contains(&name)),
        _ => false,
    }
}

/// Whether a bound tells all types that a parameter may stand for.
fn is_one_of_ours(infer: &mut Infer<'_, '_, '_>, ty: TyId) -> bool {
    infer.written_bounds_of(ty).iter().any(|bound| {
        let Bound::Trait(node, ..) = bound else { return false };
        let impls = infer.index.impls_of_trait.get(node).map_or(&[][..], Vec::as_slice);
        impls.iter().all(|id| infer.index.impls.get(id).is_some_and(|info| info.head != Head::Any))
    })
}
