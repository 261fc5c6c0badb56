//! Look-up tables over all impls: who implements what, which methods have a name.

use rustc_hash::FxHashMap as HashMap;

use super::Infer;
use super::types::{Ty, TyId};
use crate::ir::{DeclKind, Sym};
use crate::program::{Def, NodeId, Owner, Program, derives};
use crate::project::ExternalId;
use crate::report::ItemKind;

/// Which trait an impl implements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TraitOf {
    Inherent,
    Local(NodeId),
    Std(Sym),
    External(ExternalId),
    Unknown,
}

/// What an impl is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    /// A type that is analyzed, also behind references.
    Local(NodeId),
    /// A type that isn't.
    Foreign,
    /// A parameter, or something that nobody knows: it may be any type.
    Any,
}

/// What is known of an impl.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ImplInfo {
    pub(crate) of: TraitOf,
    pub(crate) head: Head,
    pub(crate) self_ty: TyId,
    /// The trait's arguments, as a tuple.
    pub(crate) args: TyId,
}

/// Tables over the whole program.
#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) impls: HashMap<NodeId, ImplInfo>,
    /// Members of impls whose head is that type.
    pub(crate) members: HashMap<(NodeId, Sym), Vec<NodeId>>,
    /// Impls whose head is that type.
    pub(crate) impls_of: HashMap<NodeId, Vec<NodeId>>,
    /// Impls of an analyzed trait.
    pub(crate) impls_of_trait: HashMap<NodeId, Vec<NodeId>>,
    /// Members of impls that aren't for one analyzed type.
    pub(crate) loose: HashMap<Sym, Vec<NodeId>>,
    /// Members of traits by name.
    pub(crate) of_traits: HashMap<Sym, Vec<NodeId>>,
    /// Every method of that name, wherever it is.
    pub(crate) named: HashMap<Sym, Vec<NodeId>>,
    /// Impls of a trait of the standard library for an analyzed type.
    pub(crate) std_impls: HashMap<(Sym, NodeId), Vec<NodeId>>,
    /// The same for other types.
    pub(crate) std_loose: HashMap<Sym, Vec<NodeId>>,
    /// Impls of traits of external packages.
    pub(crate) external_impls: HashMap<ExternalId, Vec<NodeId>>,
    /// Standard traits that a type derives.
    pub(crate) std_derives: HashMap<NodeId, Vec<Sym>>,
    /// Analyzed types that implement or derive a trait of the standard library, each once.
    pub(crate) types_with: HashMap<Sym, Vec<NodeId>>,
    /// Types with a derive of another package, which may implement any foreign trait.
    pub(crate) foreign_derives: Vec<NodeId>,
    /// Every standard trait that is implemented or derived somewhere.
    pub(crate) std_traits: Vec<Sym>,
}

impl Index {
    /// Candidates come in an order that no place of an item decides: what a name may mean is part of a digest.
    fn sort(&mut self, program: &Program) {
        let lists = [&mut self.impls_of, &mut self.impls_of_trait].into_iter().flat_map(|map| map.values_mut());
        let by_type = self.members.values_mut().chain(self.std_impls.values_mut());
        let by_name = [&mut self.loose, &mut self.of_traits, &mut self.named, &mut self.std_loose];
        let by_name = by_name.into_iter().flat_map(|map| map.values_mut());
        let external = self.external_impls.values_mut();
        for list in lists.chain(by_type).chain(by_name).chain(external).chain([&mut self.foreign_derives]) {
            list.sort_by(|a, b| program.node(*a).identity.cmp(&program.node(*b).identity));
        }
    }
}

/// The trait that a path names.
pub(crate) fn trait_of(program: &Program, module: crate::program::ModuleId, path: &crate::ir::Path) -> TraitOf {
    let mut found = TraitOf::Unknown;
    for resolved in program.resolve(module, path) {
        match resolved.def {
            Def::Node(node) if program.node(node).kind == ItemKind::Trait => return TraitOf::Local(node),
            Def::Foreign(id) => {
                let foreign = program.foreign(id);
                let last = path.segments.last().map_or(Sym::NONE, |segment| segment.name);
                found = match foreign.owner {
                    // A rename keeps the trait: `use std::error::Error as StdError`.
                    Owner::Std => TraitOf::Std(foreign.path.last().copied().unwrap_or(last)),
                    Owner::External(package) => match program.external_type(id).map(|declared| declared.def) {
                        Some(Def::Node(node)) if program.node(node).kind == ItemKind::Trait => {
                            return TraitOf::Local(node);
                        }
                        Some(Def::Foreign(id)) if program.foreign(id).owner == Owner::Std => {
                            TraitOf::Std(program.foreign(id).path.last().copied().unwrap_or(last))
                        }
                        _ => TraitOf::External(package),
                    },
                    Owner::Unknown => TraitOf::Unknown,
                };
            }
            _ => {}
        }
    }
    found
}

impl Infer<'_, '_, '_> {
    /// Fills the tables. Types of headers are read without being mentions of anybody.
    pub(super) fn build_index(&mut self) {
        let program = self.program;
        let mut index = Index::default();
        for &id in &program.impls {
            let Some(DeclKind::Impl(decl)) = program.decl(id) else { continue };
            let node = program.node(id);
            let self_ty = self.declared(id, &decl.self_ty);
            // A type that nobody can find has no values that anybody knows.
            if program.is_external(id) && self.types.get(self.types.peel(self_ty)) == &Ty::Unknown {
                continue;
            }
            let head = match self.types.get(self.types.peel(self_ty)) {
                // A type of another package may be in play without anybody naming it here.
                Ty::Adt(node, _) if program.is_external(*node) && !program.is_external(id) => Head::Foreign,
                Ty::Adt(node, _) => Head::Local(*node),
                Ty::Param(..) | Ty::Unknown | Ty::Bounded(_) => Head::Any,
                _ => Head::Foreign,
            };
            let of = match &decl.trait_ {
                None => TraitOf::Inherent,
                Some(path) => trait_of(program, node.module, path),
            };
            let args = self.trait_args(id, of, decl.trait_.as_ref(), self_ty);
            // By the orphan rule, a type of its own is in the header: what isn't so was read wrongly.
            if program.is_external(id)
                && matches!(of, TraitOf::Std(_))
                && head == Head::Foreign
                && !self.types.holds_adt(args)
            {
                continue;
            }
            index.impls.insert(id, ImplInfo { of, head, self_ty, args });
            if let TraitOf::External(package) = of {
                index.external_impls.entry(package).or_default().push(id);
            }
            if let TraitOf::Local(trait_) = of {
                index.impls_of_trait.entry(trait_).or_default().push(id);
            }
            if let Head::Local(ty) = head {
                index.impls_of.entry(ty).or_default().push(id);
            }
            if let TraitOf::Std(name) = of {
                match head {
                    Head::Local(ty) => index.std_impls.entry((name, ty)).or_default().push(id),
                    _ => index.std_loose.entry(name).or_default().push(id),
                }
                if !program.is_external(id) {
                    index.std_traits.push(name);
                }
            }
            for &member in program.members(id) {
                let Some(name) = program.node(member).decl.as_ref().map(|decl| decl.name) else { continue };
                match head {
                    Head::Local(ty) => index.members.entry((ty, name)).or_default().push(member),
                    _ => index.loose.entry(name).or_default().push(member),
                }
                if program.is_external(id) {
                    continue;
                }
                index.named.entry(name).or_default().push(member);
            }
        }
        for (position, node) in program.nodes.iter().enumerate() {
            let id = NodeId(position as u32);
            match node.kind {
                ItemKind::Trait => {
                    for &member in program.members(id) {
                        let Some(name) = program.node(member).decl.as_ref().map(|decl| decl.name) else { continue };
                        index.of_traits.entry(name).or_default().push(member);
                        if program.is_external(id) {
                            continue;
                        }
                        index.named.entry(name).or_default().push(member);
                    }
                }
                ItemKind::Type => {
                    let Some(decl) = &node.decl else { continue };
                    for path in derives(decl, self.cfg_of(id)) {
                        match trait_of(program, node.module, path) {
                            TraitOf::Std(name) => {
                                index.std_derives.entry(id).or_default().push(name);
                                if !program.is_external(id) {
                                    index.std_traits.push(name);
                                }
                            }
                            _ => index.foreign_derives.push(id),
                        }
                    }
                }
                _ => {}
            }
        }
        let implemented = index.std_impls.keys().map(|(of, ty)| (*of, *ty));
        let derived = index.std_derives.iter().flat_map(|(ty, names)| names.iter().map(|of| (*of, *ty)));
        for (of, ty) in implemented.chain(derived).filter(|(_, ty)| !program.is_external(*ty)) {
            index.types_with.entry(of).or_default().push(ty);
        }
        for types in index.types_with.values_mut() {
            types.sort_unstable();
            types.dedup();
        }
        index.std_traits.sort_unstable();
        index.std_traits.dedup();
        index.sort(program);
        self.index = index;
    }

    /// The arguments of an impl's trait; missing ones by their default.
    fn trait_args(&mut self, id: NodeId, of: TraitOf, path: Option<&crate::ir::Path>, self_ty: TyId) -> TyId {
        let program = self.program;
        let mut args = Vec::new();
        for arg in path.and_then(|path| path.segments.last()).map_or(&[][..], |segment| &segment.args) {
            if let crate::ir::GenericArg::Type(ty) = arg {
                args.push(self.declared(id, ty));
            }
        }
        match of {
            TraitOf::Std(name) if args.is_empty() && super::implied::by_itself(&program.text(name)) => {
                args.push(self_ty);
            }
            TraitOf::Local(node) => {
                if let Some(DeclKind::Trait(generics, ..)) = program.decl(node) {
                    let missing = generics.params.iter().filter(|param| param.constant.is_none()).skip(args.len());
                    for param in missing {
                        let Some(default) = &param.default else { break };
                        let is_self = matches!(&**default, crate::ir::Type::Path(path)
                            if path.segments.len() == 1 && path.segments[0].name == program.words.self_type);
                        args.push(if is_self { self_ty } else { self.declared(node, default) });
                    }
                }
            }
            _ => {}
        }
        self.types.intern(Ty::Tuple(args.into()))
    }

    /// Impl members, trait defaults and blanket impls that `Type::name` or `value.name()` may mean for an analyzed type.
    pub(super) fn candidates(&self, ty: NodeId, name: Sym) -> Vec<NodeId> {
        let program = self.program;
        let mut found: Vec<NodeId> = self.index.members.get(&(ty, name)).cloned().unwrap_or_default();
        if let Some(declared) = self.index.of_traits.get(&name) {
            for &member in declared {
                let Some(owner) = program.node(member).owner else { continue };
                let impls = self.index.impls_of_trait.get(&owner).map_or(&[][..], Vec::as_slice);
                let implements = impls.iter().any(|id| match self.index.impls[id].head {
                    Head::Local(head) => head == ty,
                    Head::Any => true,
                    Head::Foreign => false,
                });
                let overridden = !found.is_empty()
                    && impls.iter().all(|id| {
                        self.index.impls[id].head != Head::Local(ty)
                            || program.members(*id).iter().any(|member| found.contains(member))
                    })
                    && !impls.iter().any(|id| self.index.impls[id].head == Head::Any);
                if implements && !overridden && has_body(program, member) {
                    found.push(member);
                }
            }
            for &member in self.index.loose.get(&name).map_or(&[][..], Vec::as_slice) {
                let any = program.node(member).owner.is_some_and(|id| self.index.impls[&id].head == Head::Any);
                if any {
                    found.push(member);
                }
            }
        }
        found
    }

    /// Traits and their supertraits, as far as they are analyzed; the others by name.
    pub(crate) fn supertraits(&self, of: NodeId, out: &mut Vec<NodeId>, std: &mut Vec<TraitOf>) {
        if out.contains(&of) {
            return;
        }
        out.push(of);
        let Some(DeclKind::Trait(generics, supers, _)) = self.program.decl(of) else { return };
        let module = self.program.node(of).module;
        let self_type = self.program.words.self_type;
        let on_self = generics.wheres.iter().filter(|(ty, _)| {
            matches!(ty, crate::ir::Type::Path(path) if path.segments.len() == 1 && path.segments[0].name == self_type)
        });
        for path in supers.iter().chain(on_self.flat_map(|(_, bounds)| bounds)) {
            match trait_of(self.program, module, path) {
                TraitOf::Local(id) => self.supertraits(id, out, std),
                other => std.push(other),
            }
        }
    }
}

/// Whether a member of a trait has a default.
pub(crate) fn has_body(program: &Program, member: NodeId) -> bool {
    match program.decl(member) {
        Some(DeclKind::Fn(decl)) => decl.body.is_some(),
        Some(DeclKind::Const(_, _, value)) => value.is_some(),
        Some(DeclKind::Alias(_, _, ty)) => ty.is_some(),
        _ => true,
    }
}
