//! What a type parameter is bound by.

use std::rc::Rc;

use super::Infer;
use super::answers::Question;
use super::types::{Bound, Ty, TyId};
use crate::ir::{DeclKind, Path, Sym, Type};
use crate::program::NodeId;

/// How many bounds a parameter's bounds may bring.
const MAX_BOUNDS: usize = 64;

impl Infer<'_, '_, '_> {
    /// The bounds of a parameter or of an `impl Trait`, and what their traits ask of whoever implements them.
    pub(crate) fn bounds_of(&mut self, ty: TyId) -> Rc<Vec<Bound>> {
        let (at, is_known) = self.types.known(self.types.peel(ty));
        if let Some(known) = self.answers_for(at).bounds.get(&at) {
            return known.clone();
        }
        let all = self.all_bounds_of(at);
        if !all.iter().flat_map(Bound::types).any(|part| self.types.has_assoc(part)) {
            return all;
        }
        self.begin(Question::BoundsOf(at));
        let all: Vec<Bound> = all.iter().map(|bound| self.normal_bound(bound)).collect();
        let all = Rc::new(all);
        if self.answered() && is_known {
            self.answers_for(at).bounds.insert(at, all.clone());
        }
        all
    }

    fn normal_bound(&mut self, bound: &Bound) -> Bound {
        let ty = self.types.intern(Ty::Bounded(Rc::new([bound.clone()])));
        let ty = self.normal(ty);
        match self.types.get(ty) {
            Ty::Bounded(bounds) => bounds[0].clone(),
            _ => bound.clone(),
        }
    }

    /// The same, where the bounds' own associated types aren't found out yet: bounds say what these are.
    pub(super) fn all_bounds_of(&mut self, ty: TyId) -> Rc<Vec<Bound>> {
        let (at, is_known) = self.types.known(self.types.peel(ty));
        if let Some(known) = self.answers_for(at).all_bounds.get(&at) {
            return known.clone();
        }
        let written = self.written_bounds_of(at);
        if !written.iter().any(|bound| matches!(bound, Bound::Trait(..))) {
            return written;
        }
        self.begin(Question::BoundsOf(at));
        let mut all = written.to_vec();
        self.with_supertraits(at, &mut all);
        let all = Rc::new(all);
        if self.answered() && is_known {
            self.answers_for(at).all_bounds.insert(at, all.clone());
        }
        all
    }

    /// The bounds of a parameter or of an `impl Trait`, as they are written.
    pub(crate) fn written_bounds_of(&mut self, ty: TyId) -> Rc<Vec<Bound>> {
        let (at, is_known) = self.types.known(self.types.peel(ty));
        match self.types.get(at).clone() {
            Ty::Param(owner, name) => {
                let bounds = self.bounds_of_param(owner, name);
                match self.binder.filter(|function| self.program.node(*function).owner == Some(owner)) {
                    Some(function) => self.with_own_bounds(function, name, bounds),
                    None => bounds,
                }
            }
            Ty::Bounded(bounds) => Rc::new(bounds.to_vec()),
            Ty::Assoc(of, name) => {
                if let Some(known) = self.answers_for(at).of_assocs.get(&at) {
                    return known.clone();
                }
                self.begin(Question::BoundsOf(at));
                let bounds = self.bounds_of_assoc(of, name);
                if self.answered() && is_known {
                    self.answers_for(at).of_assocs.insert(at, bounds.clone());
                }
                bounds
            }
            _ => Rc::default(),
        }
    }

    /// A method's `where` may bind a parameter of its impl.
    fn with_own_bounds(&mut self, function: NodeId, name: Sym, bounds: Rc<Vec<Bound>>) -> Rc<Vec<Bound>> {
        let Some(generics) = self.program.decl(function).and_then(super::declared::generics) else { return bounds };
        if !generics.wheres.iter().any(|(ty, _)| is_param(ty, name)) {
            return bounds;
        }
        if let Some(known) = self.own_bounds.get(&(function, name)) {
            return known.clone();
        }
        self.begin(Question::Declared(function, name));
        let mut all = bounds.to_vec();
        for (_, more) in generics.wheres.iter().filter(|(ty, _)| is_param(ty, name)) {
            for path in more {
                let bound = self.declared_bound(function, path);
                if !all.contains(&bound) {
                    all.push(bound);
                }
            }
        }
        let all = Rc::new(all);
        if self.answered() {
            self.own_bounds.insert((function, name), all.clone());
        }
        all
    }

    /// A trait's own parameters as its arguments.
    fn own_args(&mut self, of: NodeId) -> Rc<[TyId]> {
        let program = self.program;
        let Some(generics) = program.decl(of).and_then(super::declared::generics) else { return Rc::default() };
        let names = generics.params.iter().filter(|param| param.constant.is_none()).map(|param| param.name);
        names.map(|name| self.types.intern(Ty::Param(of, name))).collect()
    }

    /// What the trait that declares an associated type, or a `where` beside it, asks of it.
    fn bounds_of_assoc(&mut self, of: TyId, name: Sym) -> Rc<Vec<Bound>> {
        let program = self.program;
        let mut out = Vec::new();
        let of = self.types.peel(of);
        for bound in self.all_bounds_of(of).iter() {
            let Bound::Trait(node, ..) = bound else { continue };
            let (mut traits, mut std) = (Vec::new(), Vec::new());
            self.supertraits(*node, &mut traits, &mut std);
            for owner in traits {
                for &member in program.members(owner) {
                    let Some(decl) = &program.node(member).decl else { continue };
                    let DeclKind::Alias(_, bounds, _) = &decl.kind else { continue };
                    if decl.name != name {
                        continue;
                    }
                    for path in bounds {
                        let bound = self.declared_bound(member, path);
                        let mut given = super::types::Given::default();
                        given.learn(owner, program.words.self_type, of);
                        out.push(self.types.substitute_bound(&bound, &given));
                    }
                }
            }
        }
        let mut base = of;
        while let Ty::Assoc(inner, _) = *self.types.get(base) {
            base = self.types.peel(inner);
        }
        if let Ty::Param(owner, _) = *self.types.get(base) {
            let binder = self.binder.filter(|function| program.node(*function).owner == Some(owner));
            for declaring in [Some(owner), binder].into_iter().flatten() {
                let Some(generics) = program.decl(declaring).and_then(super::declared::generics) else { continue };
                for (ty, bounds) in &generics.wheres {
                    let is_it = self.is_assoc(ty, of, name);
                    for path in bounds.iter().filter(|_| is_it) {
                        let bound = self.declared_bound(declaring, path);
                        if !out.contains(&bound) {
                            out.push(bound);
                        }
                    }
                }
            }
        }
        Rc::new(out)
    }

    /// Whether a written type is `of::name`, by the names alone: of which trait it is isn't looked at.
    fn is_assoc(&self, ty: &Type, of: TyId, name: Sym) -> bool {
        let Type::Path(path) = ty else { return false };
        let Some((last, front)) = path.segments.split_last() else { return false };
        match &path.qself {
            Some((inner, position)) if *position as usize == front.len() => {
                last.name == name && self.is_written(inner, of)
            }
            Some(_) => false,
            None => {
                let front: Vec<Sym> = front.iter().map(|segment| segment.name).collect();
                last.name == name && self.is_chain(&front, of)
            }
        }
    }

    fn is_written(&self, ty: &Type, of: TyId) -> bool {
        match *self.types.get(of) {
            Ty::Param(_, param) => is_param(ty, param),
            Ty::Assoc(inner, name) => self.is_assoc(ty, self.types.peel(inner), name),
            _ => false,
        }
    }

    /// Whether names lead from a parameter to one of its associated types: `I::Item`.
    fn is_chain(&self, names: &[Sym], of: TyId) -> bool {
        match (names, self.types.get(of)) {
            ([one], Ty::Param(_, param)) => one == param,
            ([front @ .., last], Ty::Assoc(inner, name)) if !front.is_empty() => {
                last == name && self.is_chain(front, self.types.peel(*inner))
            }
            _ => false,
        }
    }

    /// The bounds of a parameter where it is declared.
    pub(super) fn bounds_of_param(&mut self, owner: NodeId, name: Sym) -> Rc<Vec<Bound>> {
        if let Some(found) = self.bounds.get(&(owner, name)) {
            return found.clone();
        }
        self.begin(Question::Declared(owner, name));
        let program = self.program;
        let mut out = Vec::new();
        if name == program.words.self_type
            && let Some(DeclKind::Trait(..)) = program.decl(owner)
        {
            out.push(Bound::Trait(owner, self.own_args(owner), Rc::default()));
        }
        if let Some(generics) = program.decl(owner).and_then(super::declared::generics) {
            let own = generics.params.iter().filter(|param| param.name == name).flat_map(|param| &param.bounds);
            let bound = generics.wheres.iter().filter(|(ty, _)| is_param(ty, name)).flat_map(|(_, bounds)| bounds);
            out.extend(own.chain(bound).map(|path| self.declared_bound(owner, path)));
        }
        let out = Rc::new(out);
        if self.answered() {
            self.bounds.insert((owner, name), out.clone());
        }
        out
    }

    /// A type as an item declares it in a bound.
    fn declared_in_bounds(&mut self, id: NodeId, ty: &Type) -> TyId {
        let outer = std::mem::replace(&mut self.is_reading_bounds, true);
        let ty = self.declared(id, ty);
        self.is_reading_bounds = outer;
        ty
    }

    /// A bound as an item declares it.
    fn declared_bound(&mut self, id: NodeId, path: &Path) -> Bound {
        let scope = self.scope(id);
        let outer = std::mem::replace(&mut self.is_reading_bounds, true);
        let bound = self.read_bound(&scope, scope.module, path, &mut None);
        self.is_reading_bounds = outer;
        bound
    }

    /// Adds what the bounds' traits ask of whoever implements them: `Num` brings `Add<Output = Self>`.
    fn with_supertraits(&mut self, of: TyId, out: &mut Vec<Bound>) {
        let program = self.program;
        let mut at = 0;
        while let Some(bound) = out.get(at).cloned() {
            at += 1;
            let Bound::Trait(node, args, _) = bound else { continue };
            if at > MAX_BOUNDS {
                break;
            }
            let supers = self.super_bounds(node);
            if supers.is_empty() {
                continue;
            }
            let mut given = super::types::Given::default();
            given.learn(node, program.words.self_type, of);
            if let Some(generics) = program.decl(node).and_then(super::declared::generics) {
                let params = generics.params.iter().filter(|param| param.constant.is_none());
                for (position, param) in params.enumerate() {
                    let arg = match (args.get(position), &param.default) {
                        (Some(arg), _) => *arg,
                        (None, Some(default)) => {
                            let declared = self.declared_in_bounds(node, default);
                            self.types.substitute(declared, &given)
                        }
                        (None, None) => TyId::UNKNOWN,
                    };
                    given.learn(node, param.name, arg);
                }
            }
            for bound in supers.iter() {
                let bound = self.types.substitute_bound(bound, &given);
                if !out.contains(&bound) {
                    out.push(bound);
                }
            }
        }
    }

    /// What a trait's header asks of `Self`.
    fn super_bounds(&mut self, node: NodeId) -> Rc<Vec<Bound>> {
        if let Some(known) = self.super_bounds.get(&node) {
            return known.clone();
        }
        self.begin(Question::Declared(node, self.program.words.self_type));
        let program = self.program;
        let mut out = Vec::new();
        if let Some(DeclKind::Trait(generics, supers, _)) = program.decl(node) {
            let self_type = program.words.self_type;
            let wheres = generics.wheres.iter().filter(|(ty, _)| is_param(ty, self_type));
            let all = supers.iter().chain(wheres.flat_map(|(_, bounds)| bounds));
            out.extend(all.map(|path| self.declared_bound(node, path)));
        }
        let out = Rc::new(out);
        if self.answered() {
            self.super_bounds.insert(node, out.clone());
        }
        out
    }

    /// Inputs and output, if the type can be called.
    pub(crate) fn callable(&mut self, ty: TyId) -> Option<(Rc<[TyId]>, TyId)> {
        match self.types.get(self.types.peel(ty)).clone() {
            Ty::Fn(inputs, output) => Some((inputs, output)),
            Ty::Param(..) | Ty::Bounded(_) => {
                let bounds = self.all_bounds_of(ty);
                let call = bounds.iter().find(|bound| matches!(bound, Bound::Fn(..)))?;
                match self.normal_bound(call) {
                    Bound::Fn(inputs, output) => Some((inputs, output)),
                    _ => None,
                }
            }
            Ty::Std(_, args) if args.len() == 1 => self.callable(args[0]),
            _ => None,
        }
    }
}

/// The arguments of a trait among bounds.
pub(super) fn args_in(bounds: &[Bound], of: NodeId) -> Rc<[TyId]> {
    let found = bounds.iter().find_map(|bound| match bound {
        Bound::Trait(node, args, _) if *node == of => Some(args.clone()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn is_param(ty: &Type, name: Sym) -> bool {
    match ty {
        Type::Path(path) => path.qself.is_none() && path.segments.len() == 1 && path.segments[0].name == name,
        Type::Ref(of) => is_param(of, name),
        _ => false,
    }
}
