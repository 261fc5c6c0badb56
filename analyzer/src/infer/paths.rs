//! Paths in value position: locals, functions, constants, constructors, associated items.

use super::bodies::Body;
use super::declared::mention_def;
use super::types::{Bound, Ty, TyId};
use super::{TraitOf, Vertex};
use crate::ir::{DeclKind, GenericArg, Path, Sym};
use crate::program::{Def, NodeId, Owner};
use crate::report::{ItemKind, WidenedKind};

/// What a path in value position leads to, for whoever calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A local, or anything else whose type is all there is.
    Value,
    /// Functions that are analyzed; several if candidates can't be told apart.
    Functions(Vec<NodeId>),
    /// The constructor of a struct or variant.
    Constructor(NodeId, Sym),
    /// A function of the standard library, by its last names.
    Std(Vec<Sym>),
    External,
    /// A method of a trait of the standard library, named through the trait or through a type that is analyzed.
    StdMember(Sym),
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
            if let Some(ty) = self.locals.iter().rev().find(|(local, _)| *local == name).map(|(_, ty)| *ty) {
                if self.depth > 0 {
                    // What a macro's own tokens name is no local of the caller's; which of the two wrote it isn't kept.
                    let items = program.resolve_plain(self.module, false, &[name]);
                    if !items.is_empty() {
                        for def in items {
                            mention_def(program, def, &mut self.facts);
                        }
                        return (Target::Value, TyId::UNKNOWN);
                    }
                }
                return (Target::Value, ty);
            }
            if name == program.words.self_ {
                return (Target::Value, self.scope.self_ty);
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
                return self.type_member(of, name);
            }
        }
        let resolved = program.resolve(self.module, path);
        if resolved.is_empty() {
            return self.unresolved(path);
        }
        let mut targets: Vec<(Target, TyId)> = Vec::new();
        for resolved in &resolved {
            if resolved.taken == path.segments.len() {
                mention_def(program, resolved.def, &mut self.facts);
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
                    targets.push(self.trait_member(node, name));
                    continue;
                }
                let of = self.ty(&crate::ir::Type::Path(front));
                let of = self.through_types(of, path, resolved.taken);
                targets.push(self.type_member(of, path.segments[path.segments.len() - 1].name));
            }
        }
        if targets.len() == 1 {
            return targets.remove(0);
        }
        let mut functions = Vec::new();
        for (target, _) in &targets {
            if let Target::Functions(found) = target {
                functions.extend(found);
            }
        }
        // A value is meant: modules and types of the same name aren't in question.
        let values: Vec<&(Target, TyId)> = targets.iter().filter(|(target, _)| *target != Target::Unknown).collect();
        match values.as_slice() {
            [one] => (*one).clone(),
            _ if !functions.is_empty() => (Target::Functions(functions), TyId::UNKNOWN),
            _ => (Target::Unknown, TyId::UNKNOWN),
        }
    }

    pub(super) fn mention_arg(&mut self, arg: &GenericArg) {
        if let GenericArg::Type(ty) | GenericArg::Assoc(_, Some(ty), _) = arg {
            self.ty(ty);
        }
    }

    /// Follows associated types between a type and the last name: `Self::Item::new`.
    fn through_types(&mut self, mut of: TyId, path: &Path, from: usize) -> TyId {
        let scope = self.scope.clone();
        for segment in path.segments.get(from..path.segments.len() - 1).unwrap_or_default() {
            let inner = self.infer.associated(&scope, of, segment.name, &mut Some(&mut self.facts));
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
                    for arg in path.segments.last().map_or(&[][..], |segment| &segment.args) {
                        self.mention_arg(arg);
                    }
                    (Target::Functions(vec![node]), self.function_type(node))
                }
                ItemKind::Const | ItemKind::Static => (Target::Value, self.infer.constant(node)),
                ItemKind::Type => match program.decl(node) {
                    Some(DeclKind::Struct(..)) => {
                        let ty = self.ty(&crate::ir::Type::Path(path.clone()));
                        (Target::Constructor(node, Sym::NONE), self.constructor(node, Sym::NONE, ty))
                    }
                    Some(DeclKind::Alias(..)) => {
                        let ty = self.ty(&crate::ir::Type::Path(path.clone()));
                        match self.infer.types.get(ty).clone() {
                            Ty::Adt(node, _) => {
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
                    Owner::Std => (Target::Std(foreign.path.clone()), self.std_value(&foreign.path)),
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
            return self.infer.types.intern(Ty::Std(option, Box::new([TyId::UNKNOWN])));
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

    /// The type of a function as a value.
    pub(super) fn function_type(&mut self, node: NodeId) -> TyId {
        let Some(signature) = self.infer.signature(node) else { return TyId::UNKNOWN };
        let inputs: Vec<TyId> = signature.receiver.iter().chain(&signature.params).copied().collect();
        self.infer.types.intern(Ty::Fn(inputs.into(), signature.output))
    }

    fn constructor(&mut self, node: NodeId, variant: Sym, ty: TyId) -> TyId {
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
        let inputs = fields.iter().map(|(_, ty)| *ty).collect();
        self.infer.types.intern(Ty::Fn(inputs, ty))
    }

    /// `<T as Trait>::name` and `<T>::name`.
    fn qualified(&mut self, path: &Path, of: &crate::ir::Type, position: usize) -> (Target, TyId) {
        let of = self.ty(of);
        let name = path.segments[path.segments.len() - 1].name;
        if position == 0 {
            return self.type_member(of, name);
        }
        let trait_ =
            Path { global: path.global, segments: path.segments[..position].to_vec(), qself: None, line: path.line };
        let bound = self.bound(&trait_);
        if path.segments.len() > position + 1 {
            // `<T as Trait>::Assoc::name`.
            self.method_of_anything(path.segments[position].name);
            let of = self.through_types(of, path, position);
            return self.type_member(of, name);
        }
        match bound {
            Bound::Trait(node) => {
                if let Ty::Adt(ty, _) = self.infer.types.get(self.infer.types.peel(of)).clone() {
                    let mut found: Vec<NodeId> = self.infer.candidates(ty, name);
                    found.retain(|member| self.is_of_trait(*member, node));
                    if !found.is_empty() {
                        for member in &found {
                            self.facts.mention(Vertex::Node(*member));
                        }
                        let ty = if found.len() == 1 { self.member_type(found[0], of) } else { TyId::UNKNOWN };
                        return (Target::Functions(found), ty);
                    }
                }
                self.trait_member(node, name)
            }
            Bound::Std(std) => {
                self.trigger(std, of);
                let ty = self.member_through(of, name);
                (Target::StdMember(std), ty)
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

    /// The type of an impl's member if the type has exactly one of that name.
    fn member_through(&mut self, of: TyId, name: Sym) -> TyId {
        let Ty::Adt(node, _) = self.infer.types.get(self.infer.types.peel(of)).clone() else { return TyId::UNKNOWN };
        match self.infer.candidates(node, name).as_slice() {
            [member] => self.member_type(*member, of),
            _ => TyId::UNKNOWN,
        }
    }

    /// The type of a member, for the type that it is a member of.
    pub(super) fn member_type(&mut self, member: NodeId, of: TyId) -> TyId {
        let declared = match self.infer.program.node(member).kind {
            ItemKind::Fn => self.function_type(member),
            ItemKind::Const => self.infer.constant(member),
            _ => TyId::UNKNOWN,
        };
        self.infer.applied(member, of, declared)
    }

    /// `Trait::name`: that of every type that is reached.
    fn trait_member(&mut self, node: NodeId, name: Sym) -> (Target, TyId) {
        let (mut traits, mut std) = (Vec::new(), Vec::new());
        self.infer.supertraits(node, &mut traits, &mut std);
        self.infer.demand(node, name, &mut Some(&mut self.facts));
        let program = self.infer.program;
        let declared: Vec<NodeId> = traits
            .iter()
            .flat_map(|id| program.members(*id))
            .filter(|member| program.node(**member).decl.as_ref().is_some_and(|decl| decl.name == name))
            .copied()
            .collect();
        if declared.is_empty() {
            self.method_of_anything(name);
        }
        match declared.as_slice() {
            [member] => (Target::Functions(declared.clone()), self.member_type(*member, TyId::UNKNOWN)),
            _ => (Target::Unknown, TyId::UNKNOWN),
        }
    }

    /// `Type::name`.
    pub(super) fn type_member(&mut self, of: TyId, name: Sym) -> (Target, TyId) {
        let program = self.infer.program;
        let at = self.infer.types.peel(of);
        match self.infer.types.get(at).clone() {
            Ty::Adt(node, _) => {
                if let Some(DeclKind::Enum(_, variants)) = program.decl(node)
                    && variants.iter().any(|variant| variant.name == name)
                {
                    self.facts.mention(Vertex::Node(node));
                    return (Target::Constructor(node, name), self.constructor(node, name, at));
                }
                let found = self.infer.candidates(node, name);
                if found.is_empty() {
                    // Derived, or of a foreign trait with a default.
                    self.facts.mention(Vertex::Node(node));
                    self.escape(at);
                    let clone_like = matches!(program.text(name).as_str(), "default" | "new" | "clone");
                    let result =
                        if clone_like { self.infer.types.intern(Ty::Fn(Box::default(), at)) } else { TyId::UNKNOWN };
                    return (Target::StdMember(name), result);
                }
                for member in &found {
                    self.facts.mention(Vertex::Node(*member));
                }
                let ty = match found.as_slice() {
                    [member] => self.member_type(*member, at),
                    _ => TyId::UNKNOWN,
                };
                (Target::Functions(found), ty)
            }
            Ty::Param(..) | Ty::Bounded(_) => {
                let bounds = self.infer.bounds_of(at);
                let mut targets: Vec<NodeId> = Vec::new();
                let mut foreign = false;
                for bound in bounds.iter() {
                    match bound {
                        Bound::Trait(node) => {
                            let before = self.facts.trace.len();
                            self.infer.demand(*node, name, &mut Some(&mut self.facts));
                            if self.facts.trace.len() > before {
                                let (mut traits, mut std) = (Vec::new(), Vec::new());
                                self.infer.supertraits(*node, &mut traits, &mut std);
                                targets.extend(traits.iter().flat_map(|id| program.members(*id)).filter(|member| {
                                    program.node(**member).decl.as_ref().is_some_and(|decl| decl.name == name)
                                }));
                                foreign |= !std.is_empty();
                            } else {
                                foreign = true;
                            }
                        }
                        Bound::Std(std) => {
                            self.trigger(*std, at);
                            foreign = true;
                        }
                        _ => foreign = true,
                    }
                }
                if targets.is_empty() {
                    self.method_of_anything(name);
                    if foreign || bounds.is_empty() {
                        self.facts.mention(Vertex::AllForeign);
                    }
                }
                match targets.as_slice() {
                    [member] => {
                        let ty = self.member_type(*member, TyId::UNKNOWN);
                        let ty = self.self_is(ty, *member, at);
                        (Target::Functions(targets), ty)
                    }
                    _ => (Target::Unknown, TyId::UNKNOWN),
                }
            }
            Ty::Std(head, _) => {
                self.note_member(at, name);
                self.loose_members(name);
                (Target::Std(vec![head, name]), TyId::UNKNOWN)
            }
            Ty::Primitive(head) => {
                self.loose_members(name);
                let constant = matches!(
                    program.text(name).as_str(),
                    "MAX" | "MIN" | "EPSILON" | "INFINITY" | "NEG_INFINITY" | "NAN" | "MIN_POSITIVE"
                );
                let ty = if constant { at } else { TyId::UNKNOWN };
                (Target::Std(vec![head, name]), ty)
            }
            Ty::External(..) => {
                self.note_member(at, name);
                self.loose_members(name);
                (Target::External, TyId::UNKNOWN)
            }
            _ => {
                self.method_of_anything(name);
                self.loose_members(name);
                self.facts.mention(Vertex::AllForeign);
                (Target::Unknown, TyId::UNKNOWN)
            }
        }
    }

    /// Replaces a trait's `Self` by the type that it is used on.
    pub(super) fn self_is(&mut self, ty: TyId, member: NodeId, of: TyId) -> TyId {
        let Some(owner) = self.infer.program.node(member).owner else { return ty };
        let mut given = super::types::Given::default();
        given.learn(owner, self.infer.program.words.self_type, of);
        self.infer.types.substitute(ty, &given)
    }

    /// Members of that name of impls that aren't for one analyzed type.
    pub(super) fn loose_members(&mut self, name: Sym) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = self.infer.index.loose.get(&name).cloned().unwrap_or_default();
        if let Some(declared) = self.infer.index.of_traits.get(&name) {
            for &member in declared {
                let Some(owner) = self.infer.program.node(member).owner else { continue };
                let impls = self.infer.index.impls_of_trait.get(&owner).map_or(&[][..], Vec::as_slice);
                let loose = impls.iter().any(|id| !matches!(self.infer.index.impls[id].head, super::Head::Local(_)));
                if loose && super::has_body(self.infer.program, member) {
                    found.push(member);
                }
            }
        }
        // A standard trait's impl for a foreign type is reached by its trigger, and by its name.
        for member in &found {
            self.facts.mention(Vertex::Node(*member));
        }
        found
    }
}
