//! Types as they are declared: written types, signatures, fields, constants.

use std::rc::Rc;

use super::answers::Question;
use super::types::{Bound, Given, Ty, TyId};
use super::{Ask, Facts, Infer, Scope, TraitOf, Vertex};
use crate::expand::Budget;
use crate::ir::{self, DeclKind, GenericArg, Generics, Path, Sym, Type};
use crate::program::{Def, ModuleId, NodeId, Owner};
use crate::report::{ItemKind, WidenedKind};

/// Macros that make types of macros that make types, and so on, are expanded so deep.
const MAX_TYPE_MACROS: u32 = 16;

impl Infer<'_, '_, '_> {
    /// Where the types of an item are read.
    pub(crate) fn scope(&mut self, id: NodeId) -> Rc<Scope> {
        if let Some(scope) = self.scopes.get(&id) {
            return scope.clone();
        }
        let program = self.program;
        let node = program.node(id);
        let mut scope = Scope {
            node: id,
            module: node.module,
            params: Vec::new(),
            constants: Vec::new(),
            self_ty: TyId::UNKNOWN,
            owner: node.owner,
        };
        let mut add = |generics: &Generics, of: NodeId| {
            for param in &generics.params {
                if param.constant.is_some() {
                    scope.constants.push(param.name);
                } else {
                    scope.params.push((param.name, of));
                }
            }
        };
        if let Some(generics) = program.decl(id).and_then(generics) {
            add(generics, id);
        }
        if let Some(owner) = node.owner
            && let Some(generics) = program.decl(owner).and_then(generics)
        {
            add(generics, owner);
        }
        let around = match node.kind {
            ItemKind::Trait | ItemKind::Impl | ItemKind::Type if node.owner.is_none() => Some(id),
            _ => node.owner,
        };
        if let Some(around) = around {
            scope.self_ty = match program.decl(around) {
                Some(DeclKind::Trait(..)) => self.types.intern(Ty::Param(around, program.words.self_type)),
                Some(DeclKind::Impl(decl)) if around != id || self.index.impls.contains_key(&id) => {
                    match self.index.impls.get(&around) {
                        Some(info) => info.self_ty,
                        None => self.declared(around, &decl.self_ty),
                    }
                }
                Some(DeclKind::Impl(_)) | None => TyId::UNKNOWN,
                Some(kind) => match generics(kind) {
                    Some(generics) => self.itself(around, generics),
                    None => TyId::UNKNOWN,
                },
            };
        }
        let scope = Rc::new(scope);
        // Before the index is there, an impl's own `Self` isn't known yet.
        if !self.index.impls.is_empty() || program.impls.is_empty() {
            self.scopes.insert(id, scope.clone());
        }
        scope
    }

    /// A type applied to its own parameters.
    fn itself(&mut self, id: NodeId, generics: &Generics) -> TyId {
        let params: Vec<Sym> =
            generics.params.iter().filter(|param| param.constant.is_none()).map(|param| param.name).collect();
        let args = params.into_iter().map(|name| self.types.intern(Ty::Param(id, name))).collect();
        self.types.intern(Ty::Adt(id, args))
    }

    /// A type as an item declares it; nobody's mention.
    pub(crate) fn declared(&mut self, id: NodeId, ty: &Type) -> TyId {
        let scope = self.scope(id);
        self.seen_from(None, |infer| infer.read(&scope, scope.module, ty, &mut None))
    }

    /// The same, where the type may lead back to the item.
    pub(super) fn named_type(&mut self, id: NodeId, ty: &Type) -> TyId {
        if !self.ask(Question::Named(id)) {
            return TyId::UNKNOWN;
        }
        let ty = self.declared(id, ty);
        self.answered();
        ty
    }

    /// Reads a written type. With `sink`, everything it names is mentioned.
    pub(crate) fn read(&mut self, scope: &Scope, module: ModuleId, ty: &Type, sink: &mut Option<&mut Facts>) -> TyId {
        match ty {
            Type::Path(path) => self.read_path(scope, module, path, sink),
            Type::Ref(of) => {
                let of = self.read(scope, module, of, sink);
                self.types.intern(Ty::Ref(of))
            }
            Type::Ptr(of) => {
                let of = self.read(scope, module, of, sink);
                self.types.intern(Ty::Ptr(of))
            }
            Type::Slice(of) | Type::Array(of, _) => {
                let of = self.read(scope, module, of, sink);
                self.types.intern(Ty::Slice(of))
            }
            Type::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.read(scope, module, part, sink)).collect();
                self.types.intern(Ty::Tuple(parts))
            }
            Type::Fn(inputs, output) => {
                let inputs = inputs.iter().map(|part| self.read(scope, module, part, sink)).collect();
                let output = output.as_ref().map_or(TyId::UNIT, |ty| self.read(scope, module, ty, sink));
                self.types.intern(Ty::Fn(inputs, output))
            }
            Type::Dyn(bounds) | Type::Impl(bounds) => {
                let is_dyn = matches!(ty, Type::Dyn(_));
                let mut read: Vec<Bound> = Vec::new();
                for path in bounds {
                    let bound = self.read_bound(scope, module, path, sink);
                    if let Some(facts) = sink
                        && is_dyn
                    {
                        match &bound {
                            Bound::Trait(node, ..) => facts.mention(Vertex::Dyn(*node)),
                            // What is made into such an object says so where it is, and what is called of it too.
                            Bound::Std(..) if self.is_declaring => {}
                            // What is shown of an error is asked where it is shown, of the object or of what it is made of.
                            Bound::Std(name, ..)
                                if matches!(&*self.program.text(*name), "Error" | "Debug" | "Display") => {}
                            Bound::Std(name, ..) => facts.mention(Vertex::Trigger(*name)),
                            Bound::External(_) | Bound::Unknown => facts.mention(Vertex::AllForeign),
                            Bound::Iterator(_) => facts.mention(Vertex::Trigger(self.program.words.iterator)),
                            Bound::Fn(..) | Bound::ReturnedBy(..) => {}
                        }
                    }
                    read.push(bound);
                }
                match read.as_slice() {
                    [Bound::Fn(inputs, output), ..] => self.types.intern(Ty::Fn(inputs.clone(), *output)),
                    [Bound::Iterator(item), ..] => {
                        let iterator = self.program.words.iterator;
                        let mut args = vec![*item];
                        // What is behind it runs too. Another package's has nothing of ours that it isn't called with.
                        let is_others = self.program.is_external(scope.node) && scope.params.is_empty();
                        if !is_dyn && !is_others {
                            if let Some((function, args)) = &self.returning {
                                read.push(Bound::ReturnedBy(*function, args.clone()));
                            }
                            args.push(self.types.intern(Ty::Bounded(read.into())));
                        }
                        self.types.intern(Ty::Std(iterator, args.into()))
                    }
                    _ => {
                        if let (false, Some((function, args))) = (is_dyn, &self.returning) {
                            read.push(Bound::ReturnedBy(*function, args.clone()));
                        }
                        self.types.intern(Ty::Bounded(read.into()))
                    }
                }
            }
            Type::Never => TyId::NEVER,
            Type::Macro(call) => self.made_type(scope, module, call, sink).unwrap_or(TyId::UNKNOWN),
            Type::Infer | Type::Tokens(_) => TyId::UNKNOWN,
        }
    }

    /// The type that a call of an analyzed macro makes.
    fn made_type(
        &mut self,
        scope: &Scope,
        module: ModuleId,
        call: &ir::MacroCall,
        sink: &mut Option<&mut Facts>,
    ) -> Option<TyId> {
        if self.type_macros >= MAX_TYPE_MACROS {
            return None;
        }
        let program = self.program;
        let names: Vec<Sym> = call.path.segments.iter().map(|segment| segment.name).collect();
        let defs = program.resolve_plain(module, call.path.global, &names);
        let mut macros: Vec<NodeId> = Vec::new();
        for def in &defs {
            match def {
                Def::Node(node) if program.macros.contains_key(node) => macros.push(*node),
                _ => return None,
            }
        }
        if defs.is_empty() && names.len() == 1 {
            let krate = program.krate(program.module(module).krate);
            macros.extend(krate.macros.get(&names[0]).into_iter().flatten());
        }
        let [node] = macros[..] else { return None };
        let Some(Some(rules)) = program.macros.get(&node).filter(|_| !program.is_external(node)) else { return None };
        let krate = program.node(node).krate?;
        let ident = program.crate_idents.iter().find(|(_, id)| **id == krate).map(|(sym, _)| program.text(*sym))?;
        let ident = proc_macro2::Ident::new(&ident, proc_macro2::Span::call_site());
        let mut budget = Budget::for_call(&call.tokens);
        let made = rules.expand(call.tokens.parse().ok()?, &ident, &mut budget).ok()?;
        let ty = crate::lower::made_type(made, call.path.line, &mut program.symbols.borrow_mut()).ok()?.0;
        self.type_macros += 1;
        let ty = self.read(scope, module, &ty, sink);
        self.type_macros -= 1;
        Some(ty)
    }

    /// Type arguments of a path's last segment.
    fn read_args(
        &mut self,
        scope: &Scope,
        module: ModuleId,
        args: &[GenericArg],
        sink: &mut Option<&mut Facts>,
    ) -> Vec<TyId> {
        let mut out = Vec::new();
        for arg in args {
            match arg {
                GenericArg::Type(ty) => {
                    let is_constant = matches!(ty, Type::Path(path) if path.segments.len() == 1
                        && scope.constants.contains(&path.segments[0].name));
                    let ty = self.read(scope, module, ty, sink);
                    if !is_constant {
                        out.push(ty);
                    }
                }
                GenericArg::Const(_) => {}
                GenericArg::Assoc(_, ty, bounds) => {
                    if let Some(ty) = ty {
                        self.read(scope, module, ty, sink);
                    }
                    for path in bounds {
                        self.read_bound(scope, module, path, sink);
                    }
                }
                GenericArg::Call(inputs, output) => {
                    for ty in inputs {
                        self.read(scope, module, ty, sink);
                    }
                    if let Some(ty) = output {
                        self.read(scope, module, ty, sink);
                    }
                }
            }
        }
        out
    }

    pub(crate) fn read_bound(
        &mut self,
        scope: &Scope,
        module: ModuleId,
        path: &Path,
        sink: &mut Option<&mut Facts>,
    ) -> Bound {
        let words = self.program.words;
        let (mut types, mut assoc): (Vec<TyId>, Vec<(Sym, TyId)>) = (Vec::new(), Vec::new());
        let mut call = None;
        for segment in &path.segments {
            for arg in &segment.args {
                match arg {
                    GenericArg::Assoc(name, Some(ty), _) => {
                        assoc.push((*name, self.read(scope, module, ty, &mut None)));
                    }
                    GenericArg::Type(ty) => types.push(self.read(scope, module, ty, &mut None)),
                    GenericArg::Call(inputs, output) => {
                        let inputs: Rc<[TyId]> =
                            inputs.iter().map(|ty| self.read(scope, module, ty, &mut None)).collect();
                        let output = output.as_ref().map_or(TyId::UNIT, |ty| self.read(scope, module, ty, &mut None));
                        call = Some((inputs, output));
                    }
                    _ => {}
                }
            }
            self.read_args(scope, module, &segment.args, sink);
        }
        self.mention_path(module, path, sink);
        if let Some((inputs, output)) = call {
            return Bound::Fn(inputs, output);
        }
        match super::index::trait_of(self.program, module, path) {
            TraitOf::Local(node) => Bound::Trait(node, types.into(), assoc.into()),
            TraitOf::Std(name) => match assoc.iter().find(|(name, _)| *name == words.item) {
                Some((_, ty)) => Bound::Iterator(*ty),
                None => Bound::Std(name, types.into(), assoc.into()),
            },
            TraitOf::External(id) => Bound::External(id),
            _ => Bound::Unknown,
        }
    }

    /// Mentions everything that the path of a type or trait may name.
    pub(crate) fn mention_path(&mut self, module: ModuleId, path: &Path, sink: &mut Option<&mut Facts>) {
        let Some(facts) = sink else { return };
        let resolved = self.program.resolve_type(module, path);
        if resolved.is_empty() {
            for krate in self.program.suppliers(module, path) {
                facts.mention(Vertex::Generators(krate));
            }
            let names: Vec<Sym> = path.segments.iter().map(|segment| segment.name).collect();
            if self.program.may_be_in_a_file(module, path.global, &names) {
                facts.widen(path.line, WidenedKind::Opaque, self.program.in_a_file(&names));
            }
        }
        for resolved in resolved {
            mention_def(self.program, resolved.def, facts);
        }
    }

    fn read_path(&mut self, scope: &Scope, module: ModuleId, path: &Path, sink: &mut Option<&mut Facts>) -> TyId {
        let words = self.program.words;
        if let Some((ty, _)) = &path.qself {
            return self.read_projection(scope, module, path, ty, sink);
        }
        let first = path.segments[0].name;
        if first == words.self_type && !path.global {
            if path.segments.len() == 1 {
                return scope.self_ty;
            }
            return self.associated(scope, scope.self_ty, path.segments[1].name, sink);
        }
        if !path.global
            && let Some((name, owner)) = scope.params.iter().find(|(name, _)| *name == first)
        {
            let param = self.types.intern(Ty::Param(*owner, *name));
            if path.segments.len() == 1 {
                return param;
            }
            return self.associated(scope, param, path.segments[1].name, sink);
        }
        let resolved = self.program.resolve_type(module, path);
        self.mention_path(module, path, sink);
        let args = match path.segments.last() {
            Some(segment) => self.read_args(scope, module, &segment.args, sink),
            None => Vec::new(),
        };
        for segment in &path.segments[..path.segments.len() - 1] {
            self.read_args(scope, module, &segment.args, sink);
        }
        let mut types: Vec<TyId> = Vec::new();
        for resolved in resolved {
            let ty = self.named(resolved.def, &args, sink);
            let ty = if resolved.taken < path.segments.len() && ty != TyId::UNKNOWN {
                self.associated(scope, ty, path.segments[resolved.taken].name, sink)
            } else {
                ty
            };
            // A module is no type; what can't be read may be any, whatever else the name stands for.
            if !types.contains(&ty) && !matches!(resolved.def, Def::Module(_) | Def::Import(_)) {
                types.push(ty);
            }
        }
        match types.as_slice() {
            // One of several that its own package names, as its features decide.
            [_, _, ..] if args.is_empty() && self.program.is_external(scope.node) => match self.merged(&types) {
                TyId::UNKNOWN if !types.iter().any(|ty| self.leads_here(*ty)) => {
                    self.types.intern(Ty::External(None, Rc::default()))
                }
                ty => ty,
            },
            types => self.merged(types),
        }
    }

    /// What several candidates have in common: `type Limb = u64` on one machine, `u32` on another, is a number on both.
    pub(super) fn merged(&mut self, types: &[TyId]) -> TyId {
        let Some((first, others)) = types.split_first() else { return TyId::UNKNOWN };
        others.iter().fold(*first, |known, other| self.types.in_common(known, *other))
    }

    /// The type that a name stands for.
    fn named(&mut self, def: Def, args: &[TyId], sink: &mut Option<&mut Facts>) -> TyId {
        match def {
            Def::Primitive(name) => {
                if name == self.program.words.str {
                    self.types.intern(Ty::Std(name, Rc::default()))
                } else {
                    self.types.intern(Ty::Primitive(name))
                }
            }
            Def::Foreign(id) => {
                let foreign = self.program.foreign(id);
                match foreign.owner {
                    Owner::Std => match foreign.path.last() {
                        // `use core::u8;` brings the module: as a type, its name is the primitive's.
                        Some(name) if self.program.is_primitive(*name) => {
                            self.named(Def::Primitive(*name), &[], &mut None)
                        }
                        Some(name) => {
                            let args = self.of_result(&foreign.path, args).unwrap_or_else(|| args.into());
                            self.types.intern(Ty::Std(*name, args))
                        }
                        None => TyId::UNKNOWN,
                    },
                    Owner::External(package) => match self.program.external_type(id) {
                        Some(declared) if declared.left == 0 => match self.named(declared.def, args, &mut None) {
                            TyId::UNKNOWN => self.types.intern(Ty::External(Some(package), args.into())),
                            ty => ty,
                        },
                        _ => self.types.intern(Ty::External(Some(package), args.into())),
                    },
                    Owner::Unknown => TyId::UNKNOWN,
                }
            }
            Def::Node(node) => match self.program.decl(node) {
                Some(DeclKind::Struct(generics, _) | DeclKind::Union(generics, _) | DeclKind::Enum(generics, _)) => {
                    let args = self.filled(node, generics, args);
                    self.types.intern(Ty::Adt(node, args))
                }
                Some(DeclKind::Alias(generics, _, Some(ty))) => {
                    let declared = self.named_type(node, ty);
                    if declared == TyId::UNKNOWN {
                        return TyId::UNKNOWN;
                    }
                    let args = self.filled(node, generics, args);
                    let mut given = Given::default();
                    let names = generics.params.iter().filter(|param| param.constant.is_none());
                    for (param, arg) in names.zip(args.iter()) {
                        given.learn(node, param.name, *arg);
                    }
                    self.types.substitute(declared, &given)
                }
                // Edition 2015 writes `Box<Trait>`.
                Some(DeclKind::Trait(..)) => {
                    if let Some(facts) = sink {
                        facts.mention(Vertex::Dyn(node));
                    }
                    self.types.intern(Ty::Bounded(Rc::new([Bound::Trait(node, args.into(), Rc::default())])))
                }
                _ => TyId::UNKNOWN,
            },
            Def::Variant(node, _) => self.named(Def::Node(node), &[], sink),
            _ => TyId::UNKNOWN,
        }
    }

    /// The arguments of `Result` that `fmt::Result` and `io::Result<T>` stand for.
    fn of_result(&mut self, path: &[Sym], args: &[TyId]) -> Option<Rc<[TyId]>> {
        let [.., module, name] = path else { return None };
        if *name != self.program.words.result {
            return None;
        }
        let of = match (self.program.text(*module).as_str(), args) {
            ("fmt", []) => TyId::UNIT,
            ("io", [of]) => *of,
            _ => return None,
        };
        let error = self.program.sym("Error");
        let error = self.types.intern(Ty::Std(error, Rc::default()));
        Some(Rc::new([of, error]))
    }

    /// Arguments as far as they are written; missing ones by their defaults, or unknown.
    fn filled(&mut self, node: NodeId, generics: &Generics, args: &[TyId]) -> Rc<[TyId]> {
        let mut out = Vec::new();
        let mut given = Given::default();
        for param in generics.params.iter().filter(|param| param.constant.is_none()) {
            let arg = match (args.get(out.len()), &param.default) {
                (Some(arg), _) => *arg,
                // A default may lead back to its own type.
                (None, Some(default)) => {
                    let declared = self.named_type(node, default);
                    self.types.substitute(declared, &given)
                }
                (None, None) => TyId::UNKNOWN,
            };
            given.learn(node, param.name, arg);
            out.push(arg);
        }
        out.into()
    }

    /// `Type::Name`: an associated type.
    pub(super) fn associated(&mut self, scope: &Scope, of: TyId, name: Sym, sink: &mut Option<&mut Facts>) -> TyId {
        let program = self.program;
        let words = program.words;
        // `Self::Item` in the impl that says what it is.
        if of == scope.self_ty
            && let Some(owner) = scope.owner.or(Some(scope.node))
        {
            for &member in program.members(owner) {
                if program.node(member).decl.as_ref().is_some_and(|decl| decl.name == name) {
                    if let Some(facts) = sink {
                        facts.mention(Vertex::Node(member));
                        if program.node(owner).kind == ItemKind::Trait {
                            let ask = Ask::Trait {
                                of: TraitOf::Local(owner),
                                member: name,
                                args: Rc::default(),
                                own: Rc::default(),
                            };
                            facts.ask(ask, of);
                        }
                    }
                    if program.node(owner).kind == ItemKind::Trait {
                        return self.types.intern(Ty::Assoc(of, name));
                    }
                    if let Some(DeclKind::Alias(_, _, Some(ty))) = program.decl(member)
                        && program.node(owner).kind == ItemKind::Impl
                    {
                        return self.named_type(member, ty);
                    }
                    return TyId::UNKNOWN;
                }
            }
        }
        match self.types.get(self.types.peel(of)).clone() {
            // A variant, named by its type.
            Ty::Adt(node, _)
                if matches!(program.decl(node), Some(DeclKind::Enum(_, variants))
                    if variants.iter().any(|variant| variant.name == name)) =>
            {
                of
            }
            Ty::Adt(node, _) => {
                let found = self.candidates(node, name);
                if let Some(facts) = sink {
                    if found.is_empty() {
                        facts.mention(Vertex::Escaped(node));
                    }
                    for member in &found {
                        facts.mention(Vertex::Node(*member));
                    }
                }
                if self.index.std_traits.is_empty() && self.index.impls.is_empty() {
                    return TyId::UNKNOWN;
                }
                self.projection(of, name, &[])
            }
            Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => {
                if sink.is_some() {
                    for bound in self.all_bounds_of(of).iter() {
                        if let Bound::Trait(node, args, _) = bound {
                            self.demand(*node, name, of, args, sink);
                        }
                    }
                }
                self.projection(of, name, &[])
            }
            Ty::Std(head, args) if head == words.iterator && name == words.item => {
                args.first().copied().unwrap_or(TyId::UNKNOWN)
            }
            _ => {
                if let Some(facts) = sink {
                    for member in self.index.loose.get(&name).map_or(&[][..], Vec::as_slice) {
                        facts.mention(Vertex::Node(*member));
                    }
                }
                self.projection(of, name, &[])
            }
        }
    }

    fn mention_members(&self, of: TyId, name: Sym, facts: &mut Facts) {
        if let Ty::Adt(node, _) = self.types.get(self.types.peel(of)) {
            for member in self.candidates(*node, name) {
                facts.mention(Vertex::Node(member));
            }
        }
    }

    /// A type declared in an impl, for the value that the impl is used on.
    pub(crate) fn applied(&mut self, member: NodeId, value: TyId, declared: TyId) -> TyId {
        let Some(owner) = self.program.node(member).owner else { return declared };
        let Some(info) = self.index.impls.get(&owner).copied() else { return declared };
        let mut given = Given::default();
        self.types.unify(self.types.peel(info.self_ty), self.types.peel(value), &[owner], &mut given);
        self.types.substitute(declared, &given)
    }

    /// A member of a trait or of its supertraits is asked of a type.
    pub(crate) fn demand(&mut self, of: NodeId, name: Sym, ty: TyId, args: &[TyId], sink: &mut Option<&mut Facts>) {
        let (mut traits, mut std) = (Vec::new(), Vec::new());
        self.supertraits(of, &mut traits, &mut std);
        let Some(facts) = sink else { return };
        for id in traits {
            let declares = self
                .program
                .members(id)
                .iter()
                .any(|member| self.program.node(*member).decl.as_ref().is_some_and(|decl| decl.name == name));
            if declares {
                let args = if id == of { args.into() } else { Rc::default() };
                let ask = Ask::Trait { of: TraitOf::Local(id), member: name, args, own: Rc::default() };
                facts.ask(ask, ty);
            }
        }
    }

    /// `<T as Trait>::Name` as a type.
    fn read_projection(
        &mut self,
        scope: &Scope,
        module: ModuleId,
        path: &Path,
        of: &Type,
        sink: &mut Option<&mut Facts>,
    ) -> TyId {
        let of = self.read(scope, module, of, sink);
        let Some((_, position)) = &path.qself else { return TyId::UNKNOWN };
        let position = *position as usize;
        let Some(segment) = path.segments.get(position) else { return TyId::UNKNOWN };
        if position > 0 {
            let trait_ = ir::Path {
                global: path.global,
                segments: path.segments[..position].to_vec(),
                qself: None,
                line: path.line,
                level: path.level,
            };
            let bound = self.read_bound(scope, module, &trait_, sink);
            match (self.types.get(self.types.peel(of)).clone(), bound) {
                (Ty::Adt(..), Bound::Trait(_, args, _) | Bound::Std(_, args, _)) if !args.is_empty() => {
                    if let Some(facts) = sink {
                        self.mention_members(of, segment.name, facts);
                    }
                    return self.projection(of, segment.name, &args);
                }
                (Ty::Adt(..), _) => {}
                (_, Bound::Trait(node, args, _)) => {
                    self.demand(node, segment.name, of, &args, sink);
                    return self.projection(of, segment.name, &args);
                }
                _ => {}
            }
        }
        self.associated(scope, of, segment.name, sink)
    }

    /// An associated type of a type that is being read: that of a bound is found out where the bound is used.
    fn projection(&mut self, of: TyId, name: Sym, args: &[TyId]) -> TyId {
        if self.is_reading_bounds {
            return self.types.intern(Ty::Assoc(of, name));
        }
        self.project(of, name, args)
    }
}

/// The parameters that an item declares.
pub(crate) fn generics(kind: &DeclKind) -> Option<&Generics> {
    match kind {
        DeclKind::Fn(decl) => Some(&decl.generics),
        DeclKind::Impl(decl) => Some(&decl.generics),
        DeclKind::Struct(generics, _)
        | DeclKind::Union(generics, _)
        | DeclKind::Enum(generics, _)
        | DeclKind::Alias(generics, ..)
        | DeclKind::Const(generics, ..)
        | DeclKind::Trait(generics, ..) => Some(generics),
        _ => None,
    }
}

/// An edge to what a name stands for.
pub(crate) fn mention_def(program: &crate::program::Program, def: Def, facts: &mut Facts) {
    match def {
        Def::Node(node) | Def::Variant(node, _) | Def::Whole(node) => facts.mention(Vertex::Node(node)),
        Def::Foreign(id) => {
            facts.foreign.push(id);
            if let Owner::External(id) = program.foreign(id).owner {
                facts.mention(Vertex::External(id));
            } else if program.foreign(id).owner == Owner::Unknown {
                facts.mention(Vertex::AllForeign);
            }
        }
        Def::Module(_) | Def::Import(_) | Def::Primitive(_) => {}
    }
}
