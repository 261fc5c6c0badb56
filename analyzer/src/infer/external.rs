//! What code of external packages does with the types that it is called with, by its signatures alone.
//!
//! It can't know those types, so all that it can call on them is what its bounds name (Wadler, "Theorems for free!", 1989);
//! what it drops or tells by `Any` runs nothing else. Where a signature can't be read in full, its arguments go into code
//! that nobody knows.

use std::rc::Rc;

use super::demands::{Ask, Demand};
use super::types::{Bound, Given, Ty, TyId};
use super::{Facts, Infer, TraitOf, Vertex};
use crate::ir::{DeclKind, FnBody, Generics, Sym, Type};
use crate::program::NodeId;

/// How many types in a type and its fields are looked at.
const MAX_FIELDS: usize = 256;

impl<'a> Infer<'_, '_, 'a> {
    /// What a function of an external package may ask of what its parameters stand for.
    pub(crate) fn asked_by(&mut self, callee: NodeId, given: &Given) -> Vec<Demand> {
        let program = self.program;
        let mut out = Vec::new();
        let owner = program.node(callee).owner;
        for of in [Some(callee), owner].into_iter().flatten() {
            let generics = program.decl(of).and_then(super::declared::generics);
            for param in generics.iter().flat_map(|generics| &generics.params).filter(|p| p.constant.is_none()) {
                self.asked_of_param(of, param.name, given, &mut out);
            }
            self.asked_of_wheres(of, generics, given, &mut out);
        }
        if let Some(of) = owner
            && let Some(DeclKind::Trait(..)) = program.decl(of)
        {
            self.asked_of_param(of, program.words.self_type, given, &mut out);
        }
        let mut distinct = rustc_hash::FxHashSet::default();
        out.retain(|demand: &Demand| distinct.insert(demand.clone()));
        out
    }

    fn asked_of_param(&mut self, of: NodeId, name: Sym, given: &Given, out: &mut Vec<Demand>) {
        let ty = given.find(of, name).unwrap_or(TyId::UNKNOWN);
        for bound in self.bounds_of_given(of, name) {
            self.asked_by_bound(&bound, ty, given, out);
        }
    }

    /// `where &'a T: Add<&'a T>`, `Vec<T>: Serialize`, `T::Item: Display`.
    fn asked_of_wheres(&mut self, of: NodeId, generics: Option<&Generics>, given: &Given, out: &mut Vec<Demand>) {
        let Some(generics) = generics else { return };
        let scope = self.scope(of);
        for (ty, bounds) in &generics.wheres {
            let is_own = matches!(ty, Type::Path(path) if path.qself.is_none() && path.segments.len() == 1
                && generics.params.iter().any(|param| param.name == path.segments[0].name));
            if is_own {
                continue;
            }
            let declared = self.read(&scope, scope.module, ty, &mut None);
            let ty = self.types.substitute(declared, given);
            let ty = self.normal(ty);
            for path in bounds {
                let bound = self.read_bound(&scope, scope.module, path, &mut None);
                self.asked_by_bound(&bound, ty, given, out);
            }
        }
    }

    /// Whatever a bound lets code call.
    pub(super) fn asked_by_bound(&mut self, bound: &Bound, ty: TyId, given: &Given, out: &mut Vec<Demand>) {
        let bound = self.types.substitute_bound(bound, given);
        let trait_ = |of: TraitOf, args: Rc<[TyId]>| Ask::Trait { of, member: Sym::NONE, args, own: Rc::default() };
        match bound {
            Bound::Trait(node, args, _) => {
                let (mut traits, mut others) = (Vec::new(), Vec::new());
                self.supertraits(node, &mut traits, &mut others);
                for of in traits {
                    let args = if of == node { args.clone() } else { Rc::default() };
                    out.push(Demand { ask: trait_(TraitOf::Local(of), args), ty });
                }
                for of in others {
                    match of {
                        TraitOf::Std(name) => self.asked_of_std(name, Rc::default(), ty, out),
                        of => out.push(Demand { ask: trait_(of, Rc::default()), ty }),
                    }
                }
            }
            Bound::Std(name, args, _) => self.asked_of_std(name, args, ty, out),
            Bound::Iterator(_) => self.asked_of_std(self.program.words.iterator, Rc::default(), ty, out),
            Bound::External(package) => {
                out.push(Demand { ask: trait_(TraitOf::External(package), Rc::default()), ty });
            }
            Bound::ReturnedBy(..) => {}
            Bound::Unknown => out.push(Demand { ask: Ask::Escape, ty }),
            Bound::Fn(..) => {}
        }
    }

    pub(super) fn asked_of_std(&mut self, name: Sym, args: Rc<[TyId]>, ty: TyId, out: &mut Vec<Demand>) {
        for of in super::implied::implied(self.program, name) {
            let args = match super::implied::by_itself(&self.program.text(of)) {
                true if args.is_empty() => Rc::new([ty]),
                _ if of == name => args.clone(),
                _ => Rc::default(),
            };
            out.push(Demand {
                ask: Ask::Trait { of: TraitOf::Std(of), member: Sym::NONE, args, own: Rc::default() },
                ty,
            });
        }
    }

    /// Everything that an impl asks of its parameters.
    pub(crate) fn bounds_of_impl(&mut self, id: NodeId) -> Vec<Bound> {
        let program = self.program;
        let Some(generics) = program.decl(id).and_then(super::declared::generics) else { return Vec::new() };
        let mut out: Vec<Bound> = Vec::new();
        for param in generics.params.iter().filter(|param| param.constant.is_none()) {
            out.extend(self.bounds_of_given(id, param.name));
        }
        let scope = self.scope(id);
        for path in generics.wheres.iter().flat_map(|(_, bounds)| bounds) {
            out.push(self.read_bound(&scope, scope.module, path, &mut None));
        }
        out
    }

    /// Whether code of another package may come to analyzed code by values of a type: only a type that is analyzed, or one
    /// that isn't known, has impls here (the orphan rule).
    pub(crate) fn leads_here(&self, ty: TyId) -> bool {
        match self.types.get(ty) {
            Ty::Never | Ty::Primitive(_) => false,
            Ty::Unknown | Ty::Param(..) | Ty::Bounded(_) | Ty::Var(_) | Ty::Assoc(..) => true,
            Ty::Adt(node, _) if !self.program.is_external(*node) => true,
            _ => self.types.parts(ty).into_iter().any(|part| self.leads_here(part)),
        }
    }

    /// What the body of an external function does, if all of it is understood.
    pub(crate) fn external_facts(&mut self, callee: NodeId) -> Option<Facts> {
        let Some(DeclKind::Fn(decl)) = self.program.decl(callee) else { return None };
        if let FnBody::Text(text) = &*decl.body.as_ref()?.read()? {
            let block = crate::lower::body(text, &mut self.program.symbols.borrow_mut())?;
            self.bodies.insert(callee, Rc::new(block));
        }
        let facts = self.facts(callee);
        self.bodies.remove(&callee);
        let is_guess = |vertex: &Vertex| match vertex {
            Vertex::Node(_) | Vertex::External(_) | Vertex::Dyn(_) | Vertex::Positions => false,
            Vertex::Typed(_, id) | Vertex::Escaped(id) | Vertex::Came(id) => !self.program.is_external(*id),
            _ => true,
        };
        (!facts.edges.iter().any(is_guess)).then_some(facts)
    }

    /// The destructors that run where a value of a type ends: of the external types in it, and in their fields. What can't
    /// be seen in them may do anything with what they hold.
    pub(super) fn external_destructors(&mut self, ty: TyId) -> Vec<Demand> {
        if self.program.libraries.is_empty() || !self.leads_here(ty) {
            return Vec::new();
        }
        let drop = TraitOf::Std(self.program.words.drop_);
        let (mut found, mut seen, mut open) = (Vec::new(), vec![ty], vec![ty]);
        while let Some(at) = open.pop() {
            let mut parts = self.types.parts(at);
            if let Ty::Adt(node, _) = *self.types.get(at)
                && self.program.is_external(node)
                && self.leads_here(at)
            {
                if self.index.std_impls.contains_key(&(self.program.words.drop_, node)) {
                    let ask = Ask::Trait { of: drop, member: Sym::NONE, args: Rc::default(), own: Rc::default() };
                    found.push(Demand { ask, ty: at });
                }
                let declared = self.declared_fields(node);
                let is_hidden = declared.iter().any(|field| self.types.has_unknown(*field));
                if is_hidden {
                    found.push(Demand { ask: Ask::Escape, ty: at });
                }
                parts.extend(declared.into_iter().map(|field| self.field_of(at, field)));
            }
            for part in parts {
                if seen.len() <= MAX_FIELDS && !seen.contains(&part) {
                    seen.push(part);
                    open.push(part);
                }
            }
        }
        if seen.len() > MAX_FIELDS {
            found.push(Demand { ask: Ask::Escape, ty });
        }
        found
    }

    /// The destructors of what a function of an external package gives, for what its parameters stand for.
    pub(crate) fn dropped_of(&mut self, callee: NodeId, given: &Given) -> Vec<Demand> {
        let Some(signature) = self.signature(callee) else { return Vec::new() };
        let mut out = Vec::new();
        for ty in signature.receiver.iter().chain([&signature.output]) {
            let ty = self.types.substitute(*ty, given);
            let ty = self.normal(ty);
            out.extend(self.external_destructors(ty));
        }
        out
    }

    fn declared_fields(&mut self, node: NodeId) -> Vec<TyId> {
        let variants: Vec<Sym> = match self.program.decl(node) {
            Some(DeclKind::Enum(_, variants)) => variants.iter().map(|variant| variant.name).collect(),
            _ => vec![Sym::NONE],
        };
        variants
            .into_iter()
            .flat_map(|of| self.fields(node, of).iter().map(|(_, ty)| *ty).collect::<Vec<_>>())
            .collect()
    }

    /// A field's declared type, for the arguments of the type that it is a field of.
    pub(super) fn field_of(&mut self, of: TyId, declared: TyId) -> TyId {
        let Ty::Adt(node, args) = self.types.get(of).clone() else { return declared };
        let mut given = Given::default();
        self.learn_by_place(node, &args, &mut given);
        let ty = self.types.substitute(declared, &given);
        self.normal(ty)
    }

    /// External types that occur with arguments by which code of their package may come to analyzed code.
    pub(crate) fn applied_externals(&self) -> rustc_hash::FxHashSet<NodeId> {
        let heads = self.types.all().filter_map(|ty| match ty {
            Ty::Adt(node, args) if self.program.is_external(*node) => {
                args.iter().any(|arg| self.is_applied(*arg)).then_some(*node)
            }
            _ => None,
        });
        heads.collect()
    }

    /// Whether an argument leads here as it is written: what a package's own code writes with its own parameters leads to
    /// what they stand for.
    fn is_applied(&self, arg: TyId) -> bool {
        match self.types.get(arg) {
            Ty::Param(owner, _) => !self.program.is_external(*owner),
            Ty::Assoc(of, _) => self.is_applied(*of),
            Ty::Adt(node, _) if !self.program.is_external(*node) => true,
            Ty::Unknown | Ty::Bounded(_) | Ty::Var(_) => true,
            _ => self.types.parts(arg).into_iter().any(|part| self.is_applied(part)),
        }
    }

    /// The name of the external package that declares an item.
    pub(crate) fn external_package(&self, id: NodeId) -> Option<&'a str> {
        let krate = self.program.node(id).krate.filter(|_| self.program.is_external(id))?;
        Some(&self.project.packages[self.program.krate(krate).package.0].name)
    }

    /// Whether a declared type says all that code may do with a value of it: its arguments, or a known type.
    pub(super) fn is_plain(&self, declared: TyId) -> bool {
        if self.types.has_unknown(declared) {
            return false;
        }
        let iterator = self.program.words.iterator;
        let mut open = vec![declared];
        while let Some(at) = open.pop() {
            match self.types.get(at) {
                Ty::Std(head, _) if *head == iterator => return false,
                _ => open.extend(self.types.parts(at)),
            }
        }
        true
    }
}
