//! Paths in value position: locals, functions, constants, constructors, associated items.

use std::rc::Rc;

use super::Vertex;
use super::bodies::Body;
use super::declared::mention_def;
use super::locals::Meant;
use super::types::{Ty, TyId};
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
        self.each_counts(found, at);
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
    pub(super) fn through_types(&mut self, mut of: TyId, path: &Path, from: usize) -> TyId {
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
        // A type that a macro makes, under whatever name there are impls for it, and its member.
        if let [front @ .., last] = names.as_slice()
            && !front.is_empty()
        {
            let found = self.infer.program.resolve_plain(self.module, path.global, front);
            if found.is_empty() || found.iter().any(|def| !matches!(def, Def::Module(_))) {
                self.method_of_anything(*last);
            }
        }
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
                // A call that may declare the name: whatever else has it, that it may be something of which nothing is known.
                ItemKind::Macro if path.segments.iter().any(|of| program.is_spelled_in(node, of.name)) => {
                    (Target::Value, self.lost())
                }
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

    fn is_value(&self, node: NodeId) -> bool {
        match self.infer.program.decl(node) {
            Some(DeclKind::Struct(_, fields)) => fields.tuple || fields.types.is_empty(),
            _ => true,
        }
    }

    pub(super) fn constructor(&mut self, node: NodeId, variant: Sym, ty: TyId) -> TyId {
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
}
