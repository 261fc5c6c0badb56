//! Paths in value position: locals, functions, constants, constructors, associated items.

use std::rc::Rc;

use super::bodies::Body;
use super::bounds::args_in;
use super::declared::mention_def;
use super::locals::Meant;
use super::types::{Bound, Ty, TyId};
use super::{TraitOf, Vertex};
use crate::ir::{DeclKind, GenericArg, Path, Sym};
use crate::names::Resolved;
use crate::program::{Def, ForeignId, NodeId, Owner};
use crate::report::{ItemKind, WidenedKind};

/// What a path in value position leads to, for whoever calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A local, or anything else whose type is all there is.
    Value,
    /// A function that is analyzed.
    Function,
    /// Functions that only the arguments of a call tell apart, and the type that they are functions of.
    Several(Vec<NodeId>, TyId),
    /// The constructor of a struct or variant.
    Constructor(NodeId, Sym),
    /// A function of the standard library, by its last names, and the type that it is a function of.
    Std(Vec<Sym>, TyId),
    External,
    /// A member of a trait of the standard library, named through the trait or through a type that is analyzed.
    StdMember,
    Unknown,
}

impl Body<'_, '_, '_, '_> {
    /// Mentions what a path names, and tells its type.
    pub(super) fn value_path(&mut self, path: &Path) -> (Target, TyId) {
        if path.line > 0 {
            self.at(path.line);
        }
        let program = self.infer.program;
        if path.segments.len() == 1 && path.qself.is_none() && !path.global {
            let name = path.segments[0].name;
            match self.locals.find(name, path.level) {
                Meant::Local(ty) => return (Target::Value, ty),
                Meant::Either(ty) => {
                    let mut items = program.resolve_plain(self.module, false, &[name]);
                    // A module or a trait is no value: a local is meant.
                    items.retain(|def| program.may_be_value(*def));
                    let is_local = items.is_empty();
                    for def in items {
                        mention_def(program, def, &mut self.facts);
                    }
                    return (Target::Value, if is_local { ty } else { TyId::UNKNOWN });
                }
                Meant::Item => {}
            }
            if name == program.words.self_ {
                return (Target::Value, self.receiver());
            }
            if self.scope.constants.contains(&name) {
                return (Target::Value, TyId::UNKNOWN);
            }
            if name == program.words.self_type {
                return match self.infer.types.get(self.scope.self_ty).clone() {
                    Ty::Adt(node, _) => {
                        self.facts.mention(Vertex::Node(node));
                        (Target::Constructor(node, Sym::NONE), self.constructor(node, Sym::NONE, self.scope.self_ty))
                    }
                    _ => (Target::Unknown, TyId::UNKNOWN),
                };
            }
        }
        for segment in &path.segments {
            self.written_args(&segment.args);
        }
        if let Some((of, position)) = &path.qself {
            return self.qualified(path, of, *position as usize);
        }
        // `Self::name` and `T::name`.
        let first = path.segments[0].name;
        if path.segments.len() > 1 && !path.global {
            let of = if first == program.words.self_type {
                Some(self.scope.self_ty)
            } else {
                let param = self.scope.params.iter().find(|(name, _)| *name == first).copied();
                param.map(|(name, owner)| self.infer.types.intern(Ty::Param(owner, name)))
            };
            if let Some(of) = of {
                let of = self.through_types(of, path, 1);
                let name = path.segments[path.segments.len() - 1].name;
                let turbofish = path.segments.last().map_or(&[][..], |segment| &segment.args).to_vec();
                return self.type_member(of, name, &turbofish);
            }
        }
        let resolved = program.resolve(self.module, path);
        if resolved.is_empty() {
            return self.unresolved(path);
        }
        let mut targets: Vec<(Target, TyId)> = Vec::new();
        // Of several, predicates that nobody knows decide.
        let several = resolved.len() > 1;
        for resolved in &resolved {
            let declared = self.declared_value(resolved, path.segments.len());
            if declared != *resolved {
                mention_def(program, resolved.def, &mut self.facts);
                self.note_def(resolved.def, false);
            }
            let resolved = &declared;
            if let Def::Foreign(id) = resolved.def {
                self.own_member_of_foreign(path, id);
            }
            if resolved.taken == path.segments.len() {
                // A function is reached by its call, for the types that it is called with.
                let is_function = matches!(resolved.def, Def::Node(node) if program.node(node).kind == ItemKind::Fn);
                if !is_function || several {
                    mention_def(program, resolved.def, &mut self.facts);
                }
                targets.push(self.named_value(resolved.def, path));
            } else {
                // The rest names something inside a type or trait.
                let mut front = path.clone();
                front.segments.truncate(resolved.taken);
                if let Def::Node(node) = resolved.def
                    && program.node(node).kind == ItemKind::Trait
                {
                    self.facts.mention(Vertex::Node(node));
                    for segment in &front.segments {
                        for arg in &segment.args {
                            self.mention_arg(arg);
                        }
                    }
                    let name = path.segments[resolved.taken].name;
                    let turbofish = path.segments.last().map_or(&[][..], |segment| &segment.args).to_vec();
                    targets.push(self.trait_member(node, name, &turbofish));
                    continue;
                }
                let plain = front.segments.last().is_none_or(|segment| segment.args.is_empty());
                let of = self.ty(&crate::ir::Type::Path(front));
                // In an expression, what isn't written is inferred, whatever its default.
                let of = match (resolved.def, self.infer.types.get(of)) {
                    (Def::Node(node), Ty::Adt(same, _)) if plain && node == *same => self.adt_unknown(node),
                    _ => of,
                };
                let of = self.through_types(of, path, resolved.taken);
                let last = &path.segments[path.segments.len() - 1];
                targets.push(self.type_member(of, last.name, &last.args));
            }
        }
        if targets.len() == 1 {
            return targets.remove(0);
        }
        // A value is meant: modules and types of the same name aren't in question.
        let values: Vec<&(Target, TyId)> = targets.iter().filter(|(target, _)| *target != Target::Unknown).collect();
        match values.as_slice() {
            [one] => (*one).clone(),
            [first, others @ ..] if others.iter().all(|other| other == first) => (*first).clone(),
            all if all.iter().all(|(target, _)| *target == Target::Value) => {
                let types: Vec<TyId> = all.iter().map(|(_, ty)| *ty).collect();
                let common = self.infer.merged(&types);
                (Target::Value, self.opened(common))
            }
            // Which of them it is decides a predicate that nobody knows here: each counts.
            [_, _, ..] => {
                let several: Vec<(Vec<NodeId>, TyId)> = values
                    .iter()
                    .filter_map(|(target, _)| match target {
                        Target::Several(members, of) => Some((members.clone(), *of)),
                        _ => None,
                    })
                    .collect();
                for (members, of) in several {
                    self.mention_all(&members, of);
                }
                (Target::Value, self.lost())
            }
            [] => (Target::Unknown, TyId::UNKNOWN),
        }
    }

    /// `String::shout`: a type of another package may have members by our own traits.
    fn own_member_of_foreign(&mut self, path: &Path, id: ForeignId) {
        let [.., of, last] = path.segments.as_slice() else { return };
        let program = self.infer.program;
        let foreign = program.foreign(id);
        // The standard library's names in lower case are modules, but for `std::arch::x86_64::__m128i`; who knows what
        // `libc::stat` is.
        let is_type = foreign.owner != Owner::Std
            || program.text(of.name).starts_with(char::is_uppercase)
            || foreign.path.iter().any(|name| program.text(*name) == "arch");
        if !is_type || !self.infer.index.named.contains_key(&last.name) {
            return;
        }
        let mut front = path.clone();
        front.segments.pop();
        let of = self.ty(&crate::ir::Type::Path(front));
        let at = self.infer.types.peel(of);
        let found = self.loose_members_of(at, last.name);
        let (functions, others): (Vec<NodeId>, Vec<NodeId>) =
            found.into_iter().partition(|member| self.infer.program.node(*member).kind == ItemKind::Fn);
        others.into_iter().for_each(|member| self.facts.mention(Vertex::Node(member)));
        self.mention_all(&functions, at);
    }

    /// What a foreign path stands for in the sources of its package, where these are read.
    fn declared_value(&self, resolved: &Resolved, segments: usize) -> Resolved {
        let Def::Foreign(id) = resolved.def else { return resolved.clone() };
        match self.infer.program.external_value(id) {
            Some(declared) if declared.left < segments => {
                Resolved { def: declared.def, taken: segments - declared.left }
            }
            _ => resolved.clone(),
        }
    }

    pub(super) fn mention_arg(&mut self, arg: &GenericArg) {
        if let GenericArg::Type(ty) | GenericArg::Assoc(_, Some(ty), _) = arg {
            self.ty(ty);
        }
    }

    /// The type of `self`.
    fn receiver(&mut self) -> TyId {
        let node = self.scope.node;
        let declared = self.infer.signature(node).and_then(|signature| signature.receiver);
        declared.unwrap_or(self.scope.self_ty)
    }

    /// Follows associated types between a type and the last name: `Self::Item::new`.
    fn through_types(&mut self, mut of: TyId, path: &Path, from: usize) -> TyId {
        let scope = self.scope.clone();
        for segment in path.segments.get(from..path.segments.len() - 1).unwrap_or_default() {
            let inner = self.infer.associated(&scope, of, segment.name, &mut Some(&mut self.facts));
            let inner = self.infer.normal(inner);
            if inner == TyId::UNKNOWN {
                // Nothing else may name the type behind it.
                self.method_of_anything(segment.name);
            }
            of = inner;
        }
        of
    }

    fn unresolved(&mut self, path: &Path) -> (Target, TyId) {
        let name = path.segments[0].name;
        if path.segments.len() == 1 && self.made_names.contains(&name) {
            return (Target::Unknown, TyId::UNKNOWN);
        }
        let suppliers = self.infer.program.suppliers(self.module, path);
        for &krate in &suppliers {
            self.facts.mention(Vertex::Generators(krate));
        }
        self.facts.mention(Vertex::AllForeign);
        let names: Vec<Sym> = path.segments.iter().map(|segment| segment.name).collect();
        if self.infer.program.may_be_in_a_file(self.module, path.global, &names) {
            self.facts.widen(self.line, WidenedKind::Opaque, self.infer.program.in_a_file(&names));
        } else if suppliers.iter().any(|krate| !self.infer.program.krate(*krate).generators.is_empty()) {
            let text: Vec<String> = path.segments.iter().map(|segment| self.infer.program.text(segment.name)).collect();
            let why = format!("`{}` can't be found; whatever may define it counts", text.join("::"));
            self.facts.widen(self.line, WidenedKind::Source, why);
        }
        (Target::Unknown, TyId::UNKNOWN)
    }

    fn named_value(&mut self, def: Def, path: &Path) -> (Target, TyId) {
        let program = self.infer.program;
        match def {
            Def::Node(node) => match program.node(node).kind {
                ItemKind::Fn => {
                    let turbofish = path.segments.last().map_or(&[][..], |segment| &segment.args);
                    (Target::Function, self.function(node, None, turbofish))
                }
                ItemKind::Const | ItemKind::Static => (Target::Value, self.infer.constant(node)),
                ItemKind::Type => match program.decl(node) {
                    Some(DeclKind::Struct(..)) if self.is_value(node) => {
                        let plain = path.segments.last().is_none_or(|segment| segment.args.is_empty());
                        let ty = match plain {
                            true => self.adt_unknown(node),
                            false => self.ty(&crate::ir::Type::Path(path.clone())),
                        };
                        (Target::Constructor(node, Sym::NONE), self.constructor(node, Sym::NONE, ty))
                    }
                    Some(DeclKind::Alias(..)) => {
                        let ty = self.ty(&crate::ir::Type::Path(path.clone()));
                        match self.infer.types.get(ty).clone() {
                            // A struct with named fields is no value: a function of the alias's name is.
                            Ty::Adt(node, _) if self.is_value(node) => {
                                (Target::Constructor(node, Sym::NONE), self.constructor(node, Sym::NONE, ty))
                            }
                            _ => (Target::Unknown, TyId::UNKNOWN),
                        }
                    }
                    _ => (Target::Unknown, TyId::UNKNOWN),
                },
                _ => (Target::Unknown, TyId::UNKNOWN),
            },
            Def::Variant(node, variant) => {
                let ty = self.adt_unknown(node);
                (Target::Constructor(node, variant), self.constructor(node, variant, ty))
            }
            Def::Foreign(id) => {
                self.note_def(def, false);
                let foreign = program.foreign(id);
                for segment in &path.segments {
                    for arg in &segment.args {
                        self.mention_arg(arg);
                    }
                }
                match foreign.owner {
                    Owner::Std => (Target::Std(foreign.path.clone(), TyId::UNKNOWN), self.std_value(&foreign.path)),
                    _ => (Target::External, TyId::UNKNOWN),
                }
            }
            Def::Whole(_) => (Target::External, TyId::UNKNOWN),
            _ => (Target::Unknown, TyId::UNKNOWN),
        }
    }

    /// Constants of the standard library whose type their name tells: `f64::consts::PI`, `u32::MAX`.
    fn std_value(&mut self, path: &[Sym]) -> TyId {
        let program = self.infer.program;
        let last = path.last().map(|name| program.text(*name)).unwrap_or_default();
        if last == "None" && path.len() == 1 {
            let option = program.words.option;
            let of = self.fresh();
            return self.infer.types.intern(Ty::Std(option, Rc::new([of])));
        }
        if last.chars().all(|c| c.is_uppercase() || c == '_' || c.is_ascii_digit()) {
            for name in path {
                let text = program.text(*name);
                if matches!(text.as_str(), "f32" | "f64") {
                    return self.infer.types.intern(Ty::Primitive(*name));
                }
            }
        }
        TyId::UNKNOWN
    }

    /// The type of a function as a value, for the type that it is a function of; its call is noted.
    pub(super) fn function(&mut self, node: NodeId, of: Option<TyId>, turbofish: &[GenericArg]) -> TyId {
        self.facts.trace.push(Vertex::Node(node));
        let given = self.instantiated(node, of);
        self.turbofish(node, turbofish, &given);
        match self.applied_function(node, &given) {
            TyId::UNKNOWN => {
                self.facts.mention(Vertex::Node(node));
                self.lost()
            }
            ty => ty,
        }
    }

    /// Members of which one is meant, for the type that they are members of.
    fn members(&mut self, found: Vec<NodeId>, of: TyId, turbofish: &[GenericArg]) -> (Target, TyId) {
        match found[..] {
            [member] if self.infer.program.node(member).kind == ItemKind::Fn => {
                (Target::Function, self.function(member, Some(of), turbofish))
            }
            [member] => {
                self.facts.mention(Vertex::Node(member));
                (Target::Value, self.member_type(member, of))
            }
            _ if found.iter().all(|member| self.infer.program.node(*member).kind == ItemKind::Fn) => {
                (Target::Several(found, of), TyId::UNKNOWN)
            }
            _ => {
                found.iter().for_each(|member| self.facts.mention(Vertex::Node(*member)));
                let types: Vec<TyId> = found.iter().map(|member| self.member_type(*member, of)).collect();
                match self.infer.merged(&types) {
                    TyId::UNKNOWN => (Target::Value, self.lost()),
                    common => (Target::Value, self.opened(common)),
                }
            }
        }
    }

    fn is_value(&self, node: NodeId) -> bool {
        match self.infer.program.decl(node) {
            Some(DeclKind::Struct(_, fields)) => fields.tuple || fields.types.is_empty(),
            _ => true,
        }
    }

    fn constructor(&mut self, node: NodeId, variant: Sym, ty: TyId) -> TyId {
        self.made_external(node, ty);
        let fields = self.infer.fields(node, variant);
        let tuple = match self.infer.program.decl(node) {
            Some(DeclKind::Struct(_, fields)) => fields.tuple,
            Some(DeclKind::Enum(_, variants)) => {
                variants.iter().any(|candidate| candidate.name == variant && candidate.fields.tuple)
            }
            _ => false,
        };
        if !tuple {
            return ty;
        }
        let inputs = fields.iter().map(|(_, field)| self.field_type(ty, *field)).collect();
        self.infer.types.intern(Ty::Fn(inputs, ty))
    }

    /// `<T as Trait>::name` and `<T>::name`.
    fn qualified(&mut self, path: &Path, of: &crate::ir::Type, position: usize) -> (Target, TyId) {
        let of = self.ty(of);
        let last = &path.segments[path.segments.len() - 1];
        let (name, turbofish) = (last.name, last.args.clone());
        if position == 0 {
            return self.type_member(of, name, &turbofish);
        }
        let trait_ =
            Path { global: path.global, segments: path.segments[..position].to_vec(), qself: None, ..path.clone() };
        let bound = self.bound(&trait_);
        if path.segments.len() > position + 1 {
            // `<T as Trait>::Assoc::name`.
            let assoc = path.segments[position].name;
            let args: Rc<[TyId]> = match &bound {
                Bound::Trait(_, args, _) | Bound::Std(_, args, _) => args.clone(),
                _ => Rc::default(),
            };
            if let Bound::Trait(node, ..) = bound {
                self.demand(TraitOf::Local(node), assoc, args.clone(), of);
            } else {
                self.method_of_anything(assoc);
            }
            let mut of = self.infer.project(of, assoc, &args);
            if path.segments.len() > position + 2 {
                of = self.through_types(of, path, position + 1);
            }
            return self.type_member(of, name, &turbofish);
        }
        let at = self.shape(of);
        let at = self.infer.types.peel(at);
        match bound {
            Bound::Trait(node, args, _) => {
                let args: Rc<[TyId]> = args.iter().map(|ty| self.opened(*ty)).collect();
                self.trait_member_of(node, &args, name, at, &turbofish)
            }
            Bound::Std(std, args, _) => {
                let mut found = match self.infer.types.get(at).clone() {
                    Ty::Adt(ty, _) => self.infer.candidates(ty, name),
                    Ty::Unknown | Ty::Var(_) | Ty::Param(..) | Ty::Assoc(..) | Ty::Bounded(_) => Vec::new(),
                    _ => self.infer.index.loose.get(&name).cloned().unwrap_or_default(),
                };
                found.retain(|member| {
                    let Some(owner) = self.infer.program.node(*member).owner else { return false };
                    let is_it = self.infer.index.impls.get(&owner).is_some_and(|info| info.of == TraitOf::Std(std));
                    is_it && self.infer.answers(owner, at, &args, 0).is_some()
                });
                if !found.is_empty() {
                    return self.members(found, at, &turbofish);
                }
                self.trigger(std, of);
                let text = self.infer.program.text(std);
                let (of_text, name_text) = (text.as_str(), self.infer.program.text(name));
                if !matches!(of_text, "Default" | "From" | "Clone")
                    && let Some((_, ty)) = self.standard_member(name, at, |_, of| of == of_text || name_text == "fmt")
                {
                    return (Target::StdMember, ty);
                }
                let result = match (of_text, name_text.as_str()) {
                    ("Default", _) => self.infer.types.intern(Ty::Fn(Rc::default(), at)),
                    ("From", _) => {
                        let from = args.first().copied().unwrap_or(TyId::UNKNOWN);
                        self.infer.types.intern(Ty::Fn(Rc::new([from]), at))
                    }
                    ("Clone", "clone") => self.infer.types.intern(Ty::Fn(Rc::new([at]), at)),
                    _ => TyId::UNKNOWN,
                };
                (Target::StdMember, result)
            }
            Bound::External(package) => {
                self.demand(TraitOf::External(package), name, Rc::default(), of);
                let made = self.lost();
                self.escape(made);
                (Target::External, made)
            }
            _ => {
                self.escape(of);
                self.facts.mention(Vertex::AllForeign);
                (Target::External, TyId::UNKNOWN)
            }
        }
    }

    fn is_of_trait(&self, member: NodeId, of: NodeId) -> bool {
        let Some(owner) = self.infer.program.node(member).owner else { return false };
        owner == of || self.infer.index.impls.get(&owner).is_some_and(|info| info.of == TraitOf::Local(of))
    }

    /// The type of a constant member, for the type that it is a member of.
    fn member_type(&mut self, member: NodeId, of: TyId) -> TyId {
        if self.infer.program.node(member).kind != ItemKind::Const {
            return self.lost();
        }
        let declared = self.infer.constant(member);
        let declared = self.infer.applied(member, of, declared);
        let mut given = super::types::Given::default();
        if let Some(owner) = self.infer.program.node(member).owner {
            given.learn(owner, self.infer.program.words.self_type, of);
        }
        let ty = self.infer.types.substitute(declared, &given);
        let ty = self.infer.normal(ty);
        self.opened(ty)
    }

    /// `Trait::name`, for a type that the call tells.
    fn trait_member(&mut self, node: NodeId, name: Sym, turbofish: &[GenericArg]) -> (Target, TyId) {
        let of = self.fresh();
        self.trait_member_of(node, &[], name, of, turbofish)
    }

    /// A trait's member for a type.
    fn trait_member_of(
        &mut self,
        node: NodeId,
        args: &[TyId],
        name: Sym,
        of: TyId,
        turbofish: &[GenericArg],
    ) -> (Target, TyId) {
        let program = self.infer.program;
        if let Ty::Adt(ty, _) = self.infer.types.get(of).clone() {
            let mut found: Vec<NodeId> = self.infer.candidates(ty, name);
            found.retain(|member| {
                let owner = self.infer.program.node(*member).owner;
                self.is_of_trait(*member, node)
                    && owner.is_none_or(|owner| owner == node || self.infer.answers(owner, of, args, 0).is_some())
            });
            if !found.is_empty() {
                return self.members(found, of, turbofish);
            }
        }
        let (mut traits, mut std) = (Vec::new(), Vec::new());
        self.infer.supertraits(node, &mut traits, &mut std);
        let declared: Vec<NodeId> = traits
            .iter()
            .flat_map(|id| program.members(*id))
            .filter(|member| program.node(**member).decl.as_ref().is_some_and(|decl| decl.name == name))
            .copied()
            .collect();
        match declared[..] {
            [member] => {
                let of_trait = if program.node(member).owner == Some(node) { args } else { &[] };
                let ty = self.bounded_function(member, of_trait, of, turbofish);
                match program.node(member).kind {
                    ItemKind::Fn => (Target::Function, ty),
                    _ => (Target::Value, ty),
                }
            }
            [] => {
                self.method_of_anything(name);
                self.escape(of);
                (Target::Unknown, TyId::UNKNOWN)
            }
            _ => {
                for member in declared {
                    if let Some(owner) = program.node(member).owner {
                        self.demand(TraitOf::Local(owner), name, Rc::default(), of);
                    }
                }
                (Target::Unknown, TyId::UNKNOWN)
            }
        }
    }

    /// `Type::name`.
    pub(super) fn type_member(&mut self, of: TyId, name: Sym, turbofish: &[GenericArg]) -> (Target, TyId) {
        let program = self.infer.program;
        let at = self.shape(of);
        let at = self.infer.types.peel(at);
        match self.infer.types.get(at).clone() {
            Ty::Adt(node, _) => {
                if let Some(DeclKind::Enum(_, variants)) = program.decl(node)
                    && variants.iter().any(|variant| variant.name == name)
                {
                    self.facts.mention(Vertex::Node(node));
                    return (Target::Constructor(node, name), self.constructor(node, name, at));
                }
                self.facts.mention(Vertex::Node(node));
                let mut found = self.infer.candidates(node, name);
                if program.is_external(node) {
                    self.note_member(at, name);
                    found.extend(self.loose_members_of(at, name));
                    found.sort_unstable();
                    found.dedup();
                }
                self.retain_in_scope(&mut found);
                found.retain(|member| {
                    let Some(owner) = program.node(*member).owner else { return true };
                    match self.infer.index.impls.contains_key(&owner) {
                        true => self.infer.answers(owner, at, &[], 0).is_some(),
                        false => self.is_provided(owner, name, at),
                    }
                });
                if !found.is_empty() {
                    let inherent: Vec<NodeId> = found
                        .iter()
                        .copied()
                        .filter(|member| {
                            let owner = program.node(*member).owner;
                            let info = owner.and_then(|id| self.infer.index.impls.get(&id));
                            info.is_some_and(|info| info.of == TraitOf::Inherent)
                        })
                        .collect();
                    // By its type's name, an inherent function wins over a trait's.
                    return self.members(if inherent.is_empty() { found } else { inherent }, at, turbofish);
                }
                // Derived, or of a foreign trait with a default.
                let known = match program.text(name).as_str() {
                    "default" => Some(("Default", self.infer.types.intern(Ty::Fn(Rc::default(), at)))),
                    "clone" => Some(("Clone", self.infer.types.intern(Ty::Fn(Rc::new([at]), at)))),
                    "from" => {
                        // `impl<T> From<T> for T`, or `Into` the other way round.
                        let from = self.fresh();
                        Some(("From", self.infer.types.intern(Ty::Fn(Rc::new([from]), at))))
                    }
                    "fmt" => {
                        let result = self.fmt_result();
                        Some(("Debug", self.infer.types.intern(Ty::Fn(Rc::new([at, TyId::UNKNOWN]), result))))
                    }
                    "eq" | "ne" => {
                        let bool = self.primitive("bool");
                        Some(("PartialEq", self.infer.types.intern(Ty::Fn(Rc::new([at, at]), bool))))
                    }
                    "cmp" => {
                        let ordering = self.std_type("Ordering");
                        Some(("Ord", self.infer.types.intern(Ty::Fn(Rc::new([at, at]), ordering))))
                    }
                    _ => None,
                };
                if let Some((of, ty)) = known {
                    self.trigger_named(of, at);
                    return (Target::StdMember, ty);
                }
                self.escape(at);
                (Target::StdMember, TyId::UNKNOWN)
            }
            Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => {
                let bounds = self.infer.bounds_of(at);
                let mut targets: Vec<(NodeId, Rc<[TyId]>)> = Vec::new();
                let mut foreign: Vec<TraitOf> = Vec::new();
                for bound in bounds.iter() {
                    match bound {
                        Bound::Trait(node, args, _) => {
                            let mut traits = Vec::new();
                            self.infer.supertraits(*node, &mut traits, &mut foreign);
                            for id in traits {
                                for &member in program.members(id) {
                                    let is_it = program.node(member).decl.as_ref().is_some_and(|of| of.name == name);
                                    if is_it && !targets.iter().any(|(known, _)| *known == member) {
                                        targets.push((
                                            member,
                                            if id == *node { args.clone() } else { args_in(&bounds, id) },
                                        ));
                                    }
                                }
                            }
                        }
                        Bound::Std(std, ..) => foreign.push(TraitOf::Std(*std)),
                        Bound::External(package) => foreign.push(TraitOf::External(*package)),
                        _ => foreign.push(TraitOf::Unknown),
                    }
                }
                if let [(member, args)] = targets.as_slice() {
                    let ty = self.bounded_function(*member, args, at, turbofish);
                    return match program.node(*member).kind {
                        ItemKind::Fn => (Target::Function, ty),
                        _ => (Target::Value, ty),
                    };
                }
                for (member, _) in &targets {
                    if let Some(owner) = program.node(*member).owner {
                        self.demand(TraitOf::Local(owner), name, Rc::default(), at);
                    }
                }
                if !targets.is_empty() {
                    return (Target::Unknown, TyId::UNKNOWN);
                }
                // Of two traits with such a function the path would have to say which.
                if let Some((of, ty)) = self.standard_member(name, at, |body, of| body.has_standard(&foreign, of)) {
                    self.trigger_named(of, at);
                    return (Target::StdMember, ty);
                }
                let text = program.text(name);
                let meant = self.meant_by(&text, &foreign);
                if !meant.is_empty() && matches!(text.as_str(), "from" | "try_from") {
                    return (Target::StdMember, self.conversion(&text, at));
                }
                meant.iter().for_each(|of| self.trigger(*of, at));
                let mut known = !meant.is_empty();
                for of in &foreign {
                    match of {
                        TraitOf::Std(_) if !meant.is_empty() => {}
                        TraitOf::Std(std) => {
                            self.trigger(*std, at);
                            known = true;
                        }
                        TraitOf::External(_) => {
                            self.demand(*of, name, Rc::default(), at);
                            known = true;
                        }
                        _ => {}
                    }
                }
                if !known {
                    self.method_of_anything(name);
                    self.facts.mention(Vertex::AllForeign);
                }
                let made = match program.text(name).as_str() {
                    "default" => self.infer.types.intern(Ty::Fn(Rc::default(), at)),
                    _ => TyId::UNKNOWN,
                };
                (if known { Target::StdMember } else { Target::Unknown }, made)
            }
            Ty::Std(head, _) => {
                self.note_member(at, name);
                let text = format!("{}::{}", program.text(head), program.text(name));
                let loose = self.loose_members_of(at, name);
                if !loose.is_empty() {
                    let listed = super::signatures::table().function(&text).is_some();
                    if !listed {
                        return self.members(loose, at, turbofish);
                    }
                    loose.iter().for_each(|member| self.facts.mention(Vertex::Node(*member)));
                }
                (Target::Std(vec![head, name], at), TyId::UNKNOWN)
            }
            Ty::Primitive(head) => {
                let loose = self.loose_members_of(at, name);
                let constant = matches!(
                    program.text(name).as_str(),
                    "MAX" | "MIN" | "EPSILON" | "INFINITY" | "NEG_INFINITY" | "NAN" | "MIN_POSITIVE"
                );
                if !loose.is_empty() {
                    let text = format!("{}::{}", program.text(head), program.text(name));
                    if !constant && super::signatures::table().function(&text).is_none() {
                        return self.members(loose, at, turbofish);
                    }
                    loose.iter().for_each(|member| self.facts.mention(Vertex::Node(*member)));
                }
                if program.text(name) == "BITS" {
                    let ty = self.primitive("u32");
                    return (Target::Value, ty);
                }
                (Target::Std(vec![head, name], at), if constant { at } else { TyId::UNKNOWN })
            }
            Ty::External(..) => {
                self.note_member(at, name);
                self.loose_members_of(at, name).iter().for_each(|member| self.facts.mention(Vertex::Node(*member)));
                (Target::External, TyId::UNKNOWN)
            }
            Ty::Slice(_) | Ty::Tuple(_) | Ty::Fn(..) | Ty::Never | Ty::Ref(_) | Ty::Ptr(_) => {
                let loose = self.loose_members_of(at, name);
                if !loose.is_empty() {
                    return self.members(loose, at, turbofish);
                }
                self.escape(at);
                (Target::StdMember, TyId::UNKNOWN)
            }
            // `<_>::default()`: only a trait in scope can be meant, and these two are everywhere.
            Ty::Var(_) if matches!(program.text(name).as_str(), "default" | "from") && !self.is_in_scope(name) => {
                let known = self.standard_member(name, at, |_, _| true);
                let Some((of, ty)) = known else { return (Target::Unknown, TyId::UNKNOWN) };
                self.trigger_named(of, at);
                (Target::StdMember, ty)
            }
            // `<_>::fmt`: of a trait in scope, or one that a parameter is bound by.
            Ty::Var(_)
                if program.text(name) == "fmt" && !self.is_in_scope(name) && !self.formats_in_sight().is_empty() =>
            {
                for of in self.formats_in_sight() {
                    self.trigger(of, at);
                }
                let ty = self.standard_member(name, at, |_, _| true).map_or(TyId::UNKNOWN, |(_, ty)| ty);
                (Target::StdMember, ty)
            }
            Ty::Unknown | Ty::Var(_) => {
                self.method_of_anything(name);
                for member in self.infer.index.loose.get(&name).cloned().unwrap_or_default() {
                    self.facts.mention(Vertex::Node(member));
                }
                self.facts.mention(Vertex::AllForeign);
                (Target::Unknown, TyId::UNKNOWN)
            }
        }
    }

    /// A function of a standard trait that a type `has`: the trait, and the function's type.
    fn standard_member(
        &mut self,
        name: Sym,
        at: TyId,
        has: impl Fn(&Self, &str) -> bool,
    ) -> Option<(&'static str, TyId)> {
        let words = self.infer.program.words;
        let text = self.infer.program.text(name);
        let of = match text.as_str() {
            "default" => "Default",
            "from" => "From",
            "clone" => "Clone",
            "eq" | "ne" => "PartialEq",
            "lt" | "le" | "gt" | "ge" | "partial_cmp" => "PartialOrd",
            "cmp" | "max" | "min" => "Ord",
            "hash" => "Hash",
            "from_str" => "FromStr",
            "fmt" => "Debug",
            _ => return None,
        };
        if !has(self, of) {
            return None;
        }
        let (inputs, output): (Rc<[TyId]>, TyId) = match text.as_str() {
            "default" => (Rc::default(), at),
            "from" => (Rc::new([self.fresh()]), at),
            "clone" => (Rc::new([at]), at),
            "max" | "min" => (Rc::new([at, at]), at),
            "cmp" => (Rc::new([at, at]), self.std_type("Ordering")),
            "partial_cmp" => {
                let ordering = self.std_type("Ordering");
                let output = self.infer.types.intern(Ty::Std(words.option, Rc::new([ordering])));
                (Rc::new([at, self.fresh()]), output)
            }
            "fmt" => {
                let formatter = self.std_type("Formatter");
                (Rc::new([at, formatter]), self.fmt_result())
            }
            "hash" => {
                let hasher = self.fresh();
                self.trigger_named("Hasher", hasher);
                (Rc::new([at, hasher]), TyId::UNIT)
            }
            "from_str" => {
                let (text, error) = (self.infer.types.intern(Ty::Std(words.str, Rc::default())), self.fresh());
                (Rc::new([text]), self.infer.types.intern(Ty::Std(words.result, Rc::new([at, error]))))
            }
            _ => (Rc::new([at, self.fresh()]), self.primitive("bool")),
        };
        Some((of, self.infer.types.intern(Ty::Fn(inputs, output))))
    }

    /// Whether one of these traits is that of the standard library, or has it for a supertrait.
    fn has_standard(&self, traits: &[TraitOf], want: &str) -> bool {
        let is_it = |have: &str| match want {
            "PartialEq" => matches!(have, "PartialEq" | "Eq" | "PartialOrd" | "Ord"),
            "PartialOrd" => matches!(have, "PartialOrd" | "Ord"),
            "Clone" => matches!(have, "Clone" | "Copy"),
            want => have == want,
        };
        traits.iter().any(|of| matches!(of, TraitOf::Std(name) if is_it(&self.infer.program.text(*name))))
    }

    /// The standard library's formatting traits that may be in scope here, imported or by a parameter's bound.
    fn formats_in_sight(&mut self) -> Vec<Sym> {
        const FORMATS: [&str; 9] =
            ["Binary", "Debug", "Display", "LowerExp", "LowerHex", "Octal", "Pointer", "UpperExp", "UpperHex"];
        let program = self.infer.program;
        let params = self.scope.params.clone();
        let bounds: Vec<Bound> =
            params.iter().flat_map(|(name, owner)| self.infer.bounds_of_given(*owner, *name)).collect();
        let (mut traits, mut above) = (Vec::new(), Vec::new());
        for bound in &bounds {
            match bound {
                Bound::Trait(node, ..) => self.infer.supertraits(*node, &mut traits, &mut above),
                Bound::Std(name, ..) => above.push(TraitOf::Std(*name)),
                _ => {}
            }
        }
        let formats = FORMATS.iter().map(|of| program.sym(of));
        formats
            .filter(|of| {
                above.contains(&TraitOf::Std(*of)) || !program.resolve_plain(self.module, false, &[*of]).is_empty()
            })
            .collect()
    }

    /// Whether a trait that declares such a member is in scope here.
    fn is_in_scope(&self, name: Sym) -> bool {
        let program = self.infer.program;
        let declared = self.infer.index.of_traits.get(&name).map_or(&[][..], Vec::as_slice);
        let (own, external) = (program.traits_in_scope(self.module), program.external_traits_in_scope(self.module));
        declared
            .iter()
            .filter_map(|member| program.node(*member).owner)
            .any(|owner| own.binary_search(&owner).is_ok() || external.binary_search(&owner).is_ok())
    }

    /// `T::from` and `T::try_from` as functions: what they take, their use tells.
    pub(super) fn conversion(&mut self, name: &str, at: TyId) -> TyId {
        let from = self.fresh();
        let result = match name {
            "try_from" => self.tried(from, at),
            _ => {
                let std = |body: &Self, of: &str| TraitOf::Std(body.infer.program.sym(of));
                self.demand(std(self, "From"), Sym::NONE, Rc::new([from]), at);
                self.demand(std(self, "Into"), Sym::NONE, Rc::new([at]), from);
                at
            }
        };
        self.infer.types.intern(Ty::Fn(Rc::new([from]), result))
    }

    /// Members of that name of impls that aren't for one analyzed type but may be for this one.
    fn loose_members_of(&mut self, at: TyId, name: Sym) -> Vec<NodeId> {
        let mut found = self.loose_fitting(at, name);
        for member in self.infer.index.loose.get(&name).cloned().unwrap_or_default() {
            let Some(owner) = self.infer.program.node(member).owner else { continue };
            if !found.contains(&member) && self.infer.answers(owner, at, &[], 0).is_some() {
                found.push(member);
            }
        }
        self.retain_in_scope(&mut found);
        found
    }
}
