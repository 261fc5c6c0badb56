//! What comes into a function from its callers: types that its own code doesn't name.

use rustc_hash::FxHashSet as HashSet;

use crate::graph::ItemGraph;
use crate::infer::{Bound, Head, Infer, TraitOf, Ty, TyId, Vertex, Widening};
use crate::ir::{DeclKind, Sym};
use crate::program::NodeId;
use crate::project::TargetKind;
use crate::report::{ItemKind, WidenedKind};

/// Packages of which no trait is implemented for closures, nor for what holds them.
const WITHOUT_CLOSURES: [&str; 9] =
    ["bytemuck", "bytes", "num-integer", "num-traits", "rand_core", "serde", "serde_core", "uuid", "zerocopy"];

/// What callers of a function may pass in.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) seeds: Vec<Vertex>,
    pub(crate) widened: Vec<Widening>,
}

/// Functions of libraries into which types of other crates may come: found once, and only if somebody asks.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    into: Option<HashSet<NodeId>>,
}

impl Outside {
    fn comes_into(&mut self, infer: &mut Infer<'_, '_, '_>, graph: &ItemGraph, id: NodeId) -> bool {
        self.into.get_or_insert_with(|| Outside::find(infer, graph)).contains(&id)
    }

    /// What other crates can call, and what these functions hand their callers' types on to.
    fn find(infer: &mut Infer<'_, '_, '_>, graph: &ItemGraph) -> HashSet<NodeId> {
        let program = infer.program;
        let functions = program.nodes().map(|(id, _)| id);
        let functions: Vec<NodeId> =
            functions.filter(|id| matches!(program.decl(*id), Some(DeclKind::Fn(_)))).collect();
        let mut into = HashSet::default();
        let mut todo = Vec::new();
        let mut seen = HashSet::default();
        for id in functions {
            if is_called_from_outside(infer, id) && open(infer, id, &mut HashSet::default()).generic {
                into.insert(id);
                todo.extend([Vertex::Node(id), Vertex::Open(id)].iter().filter_map(|vertex| graph.index.get(vertex)));
            }
        }
        while let Some(at) = todo.pop() {
            for to in graph.graph.neighbors(at) {
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
                        if is_function && open(infer, id, &mut HashSet::default()).generic {
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

/// What is open in a function's declared types.
fn open(infer: &mut Infer<'_, '_, '_>, id: NodeId, seen: &mut HashSet<TyId>) -> Open {
    let program = infer.program;
    let mut params: Vec<(NodeId, Sym)> = Vec::new();
    let scope = infer.scope(id);
    params.extend(scope.params.iter().map(|(name, owner)| (*owner, *name)));
    let mut types: Vec<TyId> = Vec::new();
    if let Some(signature) = infer.signature(id) {
        types.extend(signature.receiver.iter().chain(&signature.params));
    }
    for (owner, name) in &params {
        let ty = infer.types.intern(Ty::Param(*owner, *name));
        types.push(ty);
    }
    let of_trait = program.node(id).owner.filter(|owner| matches!(program.decl(*owner), Some(DeclKind::Trait(..))));
    if let Some(owner) = of_trait {
        let ty = infer.types.intern(Ty::Param(owner, program.words.self_type));
        types.push(ty);
    }
    let mut open = Open::default();
    for ty in types {
        walk(infer, ty, &mut open, seen);
    }
    open
}

/// Looks at the declared types of a root.
pub(crate) fn incoming(
    infer: &mut Infer<'_, '_, '_>,
    graph: &ItemGraph,
    outside: &mut Outside,
    id: NodeId,
) -> Incoming {
    let program = infer.program;
    let mut out = Incoming::default();
    let mut seen = HashSet::default();
    let mut open = open(infer, id, &mut seen);
    let line = program.node(id).line;
    if open.parameters {
        // Whatever comes in is dropped in the end, if by nobody else.
        open.bounds.push(Bound::Std(program.words.drop_, Default::default(), Default::default()));
    }
    // Bounds of what may come in bring bounds of their own: this grows while it is read.
    let mut at = 0;
    while let Some(bound) = open.bounds.get(at).cloned() {
        at += 1;
        match &bound {
            Bound::Trait(node, ..) => {
                if program.is_external(*node) {
                    // A derive that isn't looked into may have written the impl.
                    let derived = infer.index.foreign_derives.iter().copied().filter(|id| !program.is_external(*id));
                    out.seeds.extend(derived.flat_map(|ty| [Vertex::Came(ty), Vertex::Escaped(ty)]));
                }
                let impls = infer.index.impls_of_trait.get(node).cloned().unwrap_or_default();
                for id in impls.into_iter().filter(|id| !program.is_external(*id)) {
                    if let Some(Head::Local(ty)) = infer.index.impls.get(&id).map(|info| info.head) {
                        out.seeds.push(Vertex::Came(ty));
                    }
                    // `impl<R: Read> Source for Reader<R>`: with the type comes whatever its callers read from.
                    let scope = infer.scope(id);
                    for (name, owner) in scope.params.iter() {
                        let ty = infer.types.intern(Ty::Param(*owner, *name));
                        walk(infer, ty, &mut open, &mut seen);
                    }
                }
            }
            Bound::Std(name, ..) => {
                let implementing = infer.index.types_with.get(name).map_or(&[][..], Vec::as_slice);
                out.seeds.extend(implementing.iter().copied().map(Vertex::Came));
            }
            Bound::External(_) | Bound::Unknown => {
                let mut impls: Vec<NodeId> = infer
                    .index
                    .impls
                    .values()
                    .filter(|info| match info.of {
                        TraitOf::External(_) | TraitOf::Unknown => true,
                        TraitOf::Local(of) => program.is_external(of),
                        _ => false,
                    })
                    .filter_map(|info| match info.head {
                        Head::Local(ty) if !program.is_external(ty) => Some(ty),
                        _ => None,
                    })
                    .chain(infer.index.foreign_derives.iter().copied().filter(|id| !program.is_external(*id)))
                    .collect();
                impls.sort_unstable();
                impls.dedup();
                out.seeds.extend(impls.into_iter().flat_map(|ty| [Vertex::Came(ty), Vertex::Escaped(ty)]));
                // Types may have such an impl by a derive that isn't looked into.
                out.seeds.push(Vertex::AllForeign);
            }
            Bound::Iterator(_) => {
                let mut types: Vec<NodeId> = infer
                    .index
                    .std_impls
                    .keys()
                    .filter(|(of, ty)| *of == program.words.iterator && !program.is_external(*ty))
                    .map(|(_, ty)| *ty)
                    .collect();
                types.sort_unstable();
                out.seeds.extend(types.into_iter().flat_map(|ty| [Vertex::Node(ty), Vertex::Escaped(ty)]));
            }
            Bound::Fn(..) => {}
        }
    }
    let holds_closures = |bound: &Bound| match bound {
        Bound::Iterator(_) => Some("iterator: its adapters hold closures whose"),
        Bound::Std(name, ..) => match &*program.text(*name) {
            "Iterator" | "IntoIterator" | "DoubleEndedIterator" | "ExactSizeIterator" | "FusedIterator" => {
                Some("iterator: its adapters hold closures whose")
            }
            "Future" | "IntoFuture" => Some("future, whose"),
            _ => None,
        },
        Bound::External(id) if WITHOUT_CLOSURES.contains(&&*infer.project.externals[id.0].name) => None,
        Bound::External(_) | Bound::Unknown => {
            Some("type with a trait of another package: closures may have it, whose")
        }
        Bound::Trait(node, ..) => match infer.external_package(*node) {
            Some(package) if !WITHOUT_CLOSURES.contains(&package) => {
                Some("type with a trait of another package: closures may have it, whose")
            }
            _ => None,
        },
        Bound::Fn(..) => None,
    };
    if let Some(what) = open.bounds.iter().find_map(holds_closures) {
        let why = format!("takes any {what} code only its callers know");
        out.widened.push(Widening { line, kind: WidenedKind::Opaque, why });
    }
    if open.closures {
        let why = "takes closures or function pointers, whose code only its callers know".to_owned();
        out.widened.push(Widening { line, kind: WidenedKind::Opaque, why });
    }
    if open.generic && is_called_from_outside(infer, id) {
        let why = "is generic and public in a library: a type of a crate that isn't analyzed may come in".to_owned();
        out.widened.push(Widening { line, kind: WidenedKind::Opaque, why });
    } else if open.generic && is_library(infer, id) && outside.comes_into(infer, graph, id) {
        let why =
            "is generic and called by what is public in a library: a type of a crate that isn't analyzed may come in";
        out.widened.push(Widening { line, kind: WidenedKind::Opaque, why: why.to_owned() });
    }
    out
}

/// What is open in a root's types.
#[derive(Default)]
struct Open {
    bounds: Vec<Bound>,
    closures: bool,
    generic: bool,
    /// Its callers choose types, not only trait objects.
    parameters: bool,
}

fn walk(infer: &mut Infer<'_, '_, '_>, ty: TyId, open: &mut Open, seen: &mut HashSet<TyId>) {
    if !seen.insert(ty) {
        return;
    }
    match infer.types.get(ty).clone() {
        Ty::Unknown | Ty::Never | Ty::Primitive(_) | Ty::Var(_) => {}
        // In a field: whoever names the type names its arguments.
        Ty::Param(owner, _) if infer.program.node(owner).kind == ItemKind::Type => {}
        Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => {
            open.generic = true;
            // Whoever has a trait of the project is one of the types that implement it.
            open.parameters |= matches!(infer.types.get(ty), Ty::Param(..)) && !is_one_of_ours(infer, ty);
            for bound in infer.written_bounds_of(ty).iter() {
                match bound {
                    Bound::Fn(..) => open.closures = true,
                    bound if !open.bounds.contains(bound) => open.bounds.push(bound.clone()),
                    _ => {}
                }
            }
        }
        Ty::Fn(..) => open.closures = true,
        Ty::Std(name, args) => {
            if name == infer.program.words.iterator {
                open.generic = true;
                open.bounds.push(Bound::Iterator(TyId::UNKNOWN));
            }
            for arg in args.iter() {
                walk(infer, *arg, open, seen);
            }
        }
        Ty::External(_, args) | Ty::Tuple(args) => {
            for arg in args.iter() {
                walk(infer, *arg, open, seen);
            }
        }
        Ty::Ref(of) | Ty::Ptr(of) | Ty::Slice(of) => walk(infer, of, open, seen),
        // A value may hold whatever its fields may hold: a boxed trait object, a closure.
        Ty::Adt(node, args) => {
            for arg in args.iter() {
                walk(infer, *arg, open, seen);
            }
            if infer.program.is_external(node) {
                return;
            }
            let variants: Vec<Sym> = match infer.program.decl(node) {
                Some(DeclKind::Enum(_, variants)) => variants.iter().map(|variant| variant.name).collect(),
                _ => vec![Sym::NONE],
            };
            for variant in variants {
                for (_, field) in infer.fields(node, variant).iter() {
                    walk(infer, *field, open, seen);
                }
            }
        }
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
