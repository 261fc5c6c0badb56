//! Calls: functions, constructors, methods.

use super::bodies::Body;
use super::paths::Target;
use super::types::{Bound, Given, Ty, TyId};
use super::{Signature, TraitOf, Vertex};
use crate::ir::{DeclKind, Expr, GenericArg, Sym};
use crate::program::NodeId;

impl Body<'_, '_, '_, '_> {
    pub(super) fn call(&mut self, callee: &Expr, args: &[Expr]) -> TyId {
        let Expr::Path(path) = callee else {
            let callee = self.expr(callee);
            return self.call_value(callee, args);
        };
        let (target, ty) = self.value_path(path);
        match target {
            // What the path says of its parameters is in the type by now.
            Target::Function | Target::Constructor(..) | Target::StdMember => self.call_value(ty, args),
            Target::Several(members, of) => {
                let turbofish = path.segments.last().map_or(&[][..], |segment| &segment.args);
                self.call_functions(&members, of, turbofish, args)
            }
            Target::Std(names, of) => self.call_std(&names, of, path, args),
            Target::External | Target::Unknown => {
                let found = self.exprs(args);
                found.iter().for_each(|ty| self.escape(*ty));
                // What comes back may be made of types that only the place it goes to names.
                let made = self.lost();
                self.escape(made);
                made
            }
            Target::Value => self.call_value(ty, args),
        }
    }

    /// Calls what a type says can be called.
    fn call_value(&mut self, callee: TyId, args: &[Expr]) -> TyId {
        let callee = self.shape(callee);
        match self.infer.callable(callee) {
            Some((inputs, output)) => {
                self.args(args, &inputs);
                self.infer.normal(output)
            }
            None => {
                let found = self.exprs(args);
                found.iter().for_each(|ty| self.escape(*ty));
                let made = self.lost();
                if self.infer.types.open(callee).is_some() {
                    let ty = self.infer.types.intern(Ty::Fn(found.into(), made));
                    self.infer.types.same(callee, ty);
                }
                made
            }
        }
    }

    /// Reads arguments where types are expected. Closures are read last: what the others are tells their parameters.
    pub(super) fn args(&mut self, args: &[Expr], expected: &[TyId]) -> Vec<TyId> {
        let mut found = vec![TyId::UNKNOWN; args.len()];
        for closures in [false, true] {
            for (position, arg) in args.iter().enumerate() {
                if is_closure(arg) == closures {
                    let expected = expected.get(position).copied().unwrap_or(TyId::UNKNOWN);
                    found[position] = self.expect(arg, expected);
                }
            }
        }
        found
    }

    pub(super) fn turbofish(&mut self, function: NodeId, args: &[GenericArg], given: &Given) {
        let Some(DeclKind::Fn(decl)) = self.infer.program.decl(function) else { return };
        let names = decl.generics.params.iter().filter(|param| param.constant.is_none()).map(|param| param.name);
        let types: Vec<TyId> = args
            .iter()
            .filter_map(|arg| match arg {
                GenericArg::Type(ty) => Some(self.ty(ty)),
                _ => None,
            })
            .collect();
        for (name, ty) in names.zip(types) {
            if let Some(var) = given.find(function, name) {
                self.infer.types.same(var, ty);
            }
        }
    }

    /// A function's parameters, and those of the impl or trait around it, as variables.
    pub(super) fn instantiated(&mut self, function: NodeId, self_ty: Option<TyId>) -> Given {
        let scope = self.infer.scope(function);
        let mut given = Given::default();
        for (name, owner) in scope.params.iter() {
            let var = self.fresh();
            given.learn(*owner, *name, var);
        }
        if let (Some(self_ty), Some(owner)) = (self_ty, self.infer.program.node(function).owner) {
            match self.infer.index.impls.get(&owner).copied() {
                Some(info) => {
                    let header = self.infer.types.substitute(info.self_ty, &given);
                    let (header, actual) = (self.infer.types.peel(header), self.infer.types.peel(self_ty));
                    self.infer.types.same(header, actual);
                }
                None => {
                    given.learn(owner, self.infer.program.words.self_type, self_ty);
                    if let Some(args) = self.infer.trait_args_of(owner, self_ty) {
                        let mut declared = Given::default();
                        self.infer.learn_by_place(owner, &args, &mut declared);
                        for (_, name, arg) in declared.iter().copied().collect::<Vec<_>>() {
                            let arg = self.opened(arg);
                            if let Some(var) = given.find(owner, name) {
                                self.infer.types.same(var, arg);
                            }
                        }
                    }
                }
            }
        }
        given
    }

    /// The type of a function for what its parameters stand for; the call itself is noted.
    pub(super) fn applied_function(&mut self, function: NodeId, given: &Given) -> TyId {
        let Some(signature) = self.infer.signature(function) else { return TyId::UNKNOWN };
        self.called.push((function, given.clone(), self.line));
        let external = self.infer.program.is_external(function);
        let mut inputs = Vec::with_capacity(signature.params.len() + 1);
        for ty in signature.receiver.iter().chain(&signature.params) {
            if external && !self.infer.is_plain(*ty) {
                // The signature doesn't say all that is done with it.
                let any = self.lost();
                self.escape(any);
                inputs.push(any);
                continue;
            }
            inputs.push(self.declared_type(*ty, given));
        }
        let output = self.declared_type(signature.output, given);
        if external && self.infer.types.has_unknown(signature.output) {
            self.escape(output);
        }
        self.given_by_bounds(given);
        self.infer.types.intern(Ty::Fn(inputs.into(), output))
    }

    /// A declared type for what the parameters in it stand for.
    pub(super) fn declared_type(&mut self, ty: TyId, given: &Given) -> TyId {
        let ty = self.infer.types.substitute(ty, given);
        let ty = self.infer.normal(ty);
        self.opened(ty)
    }

    /// `F: Fn(A) -> B` makes of `F` something that can be called, `I: Iterator<Item = T>` ties `T` to `I`.
    pub(super) fn given_by_bounds(&mut self, given: &Given) {
        let words = self.infer.program.words;
        for (owner, name, ty) in given.iter().copied().collect::<Vec<_>>() {
            if name == words.self_type {
                continue;
            }
            for bound in self.infer.bounds_of_given(owner, name) {
                match bound {
                    Bound::Fn(inputs, output) => {
                        let inputs = inputs.iter().map(|ty| self.declared_type(*ty, given)).collect();
                        let output = self.declared_type(output, given);
                        let callable = self.infer.types.intern(Ty::Fn(inputs, output));
                        if self.infer.types.open(ty).is_some() {
                            self.infer.types.same(ty, callable);
                        } else if let (Some((taken, found)), Ty::Fn(inputs, _)) =
                            (self.infer.callable(ty), self.infer.types.get(callable).clone())
                        {
                            for (taken, input) in taken.iter().zip(inputs.iter()) {
                                self.agree(*taken, *input);
                            }
                            self.agree(found, output);
                        }
                    }
                    Bound::Iterator(item) => {
                        let item = self.declared_type(item, given);
                        self.waiting.push(super::waiting::Waiting::Item(ty, item));
                    }
                    Bound::Trait(_, _, ref assoc) | Bound::Std(_, _, ref assoc) => {
                        if let Bound::Trait(node, ref args, _) = bound
                            && !args.is_empty()
                        {
                            let args = args.iter().map(|arg| self.declared_type(*arg, given)).collect();
                            self.waiting.push(super::waiting::Waiting::Has(ty, node, args));
                        }
                        for (name, of) in assoc.iter() {
                            let of = self.declared_type(*of, given);
                            let projected = self.infer.project(ty, *name, &[]);
                            self.agree(projected, of);
                        }
                    }
                    Bound::External(_) | Bound::ReturnedBy(..) | Bound::Unknown => {}
                }
            }
        }
    }

    pub(super) fn mention_all(&mut self, members: &[NodeId], at: TyId) {
        for member in members {
            let given = self.instantiated(*member, Some(at));
            self.facts.trace.push(Vertex::Node(*member));
            self.called.push((*member, given, self.line));
        }
    }

    fn is_inherent(&self, member: NodeId) -> bool {
        let owner = self.infer.program.node(member).owner;
        owner.and_then(|id| self.infer.index.impls.get(&id)).is_some_and(|info| info.of == TraitOf::Inherent)
    }

    fn takes_reference(&self, member: NodeId) -> bool {
        match self.infer.program.decl(member) {
            Some(DeclKind::Fn(decl)) => decl.receiver.as_ref().is_some_and(|receiver| receiver.by_ref),
            _ => true,
        }
    }

    /// Whether a trait's member may be that of an impl for references: then the receiver's own references decide.
    fn is_for_reference(&self, member: NodeId) -> bool {
        let Some(owner) = self.infer.program.node(member).owner else { return false };
        let is_ref = |id: &NodeId| {
            let info = self.infer.index.impls.get(id);
            info.is_some_and(|info| matches!(self.infer.types.get(info.self_ty), Ty::Ref(_)))
        };
        match self.infer.index.impls.contains_key(&owner) {
            true => is_ref(&owner),
            false => self.infer.index.impls_of_trait.get(&owner).is_some_and(|impls| impls.iter().any(is_ref)),
        }
    }

    /// Whether a method of the library's `str` itself is surely meant, not that of a trait which `&str` implements: both take
    /// `&str`, the trait's by value, and wherever the search meets one it meets the other, of which the inherent one wins.
    pub(super) fn loses_to_inherent(&mut self, member: NodeId, at: TyId, name: Sym) -> bool {
        let program = self.infer.program;
        // Other traits' methods that `str` has, and those that don't take `&self`.
        const OTHERS: [&str; 24] = [
            "as_ref",
            "as_mut",
            "borrow",
            "borrow_mut",
            "clone",
            "clone_into",
            "clone_from",
            "cmp",
            "partial_cmp",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "max",
            "min",
            "clamp",
            "fmt",
            "hash",
            "to_owned",
            "to_string",
            "index",
            "try_into",
        ];
        let text = program.text(name);
        let is_other = OTHERS.contains(&text.as_str()) || text.contains("mut") || text.starts_with("into");
        if is_other || text.starts_with("make_") || self.takes_reference(member) {
            return false;
        }
        let is_plain = matches!(program.decl(member), Some(DeclKind::Fn(decl))
            if decl.receiver.as_ref().is_some_and(|receiver| receiver.ty.is_none()));
        let Some(owner) = program.node(member).owner.filter(|_| is_plain) else { return false };
        let impls = match self.infer.index.impls.contains_key(&owner) {
            true => vec![owner],
            false => self.infer.index.impls_of_trait.get(&owner).cloned().unwrap_or_default(),
        };
        impls.into_iter().all(|id| {
            let header = self.infer.index.impls.get(&id).map(|info| info.self_ty);
            let is_ref = header.is_some_and(|header| match self.infer.types.get(header) {
                Ty::Ref(of) => matches!(self.infer.types.get(*of), Ty::Std(..)),
                _ => false,
            });
            is_ref || self.infer.answers(id, at, &[], 0).is_none()
        })
    }

    /// Calls a method that may be one of several. An inherent one wins over a trait's that takes its receiver the same way.
    pub(super) fn call_members(
        &mut self,
        members: &[NodeId],
        receiver: TyId,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> TyId {
        let mut members = members.to_vec();
        self.drop_other_arities(&mut members, args.len());
        let inherent: Vec<NodeId> = members.iter().copied().filter(|member| self.is_inherent(*member)).collect();
        // One that can't be seen from here doesn't win.
        let is_seen = |member: &NodeId| self.infer.program.node(*member).decl.as_ref().is_some_and(|decl| decl.public);
        if let [one] = inherent[..]
            && (is_seen(&one) || self.infer.program.node(one).module == self.scope.module)
        {
            // What takes the value is met before what borrows it, and that before what borrows it mutably.
            let step = self.step_of(one);
            let kept: Vec<NodeId> = members
                .iter()
                .copied()
                .filter(|member| {
                    *member == one
                        || self.step_of(*member).zip(step).is_none_or(|(other, own)| other < own)
                        || self.is_for_reference(*member)
                })
                .collect();
            members = kept;
        }
        if let [member] = members[..] {
            return self.apply_member(member, receiver, turbofish, args);
        }
        let found = self.exprs(args);
        // The types of the arguments tell most of them apart.
        let mut outputs: Vec<TyId> = Vec::new();
        for &member in &members {
            let Some(signature) = self.infer.signature(member) else {
                self.facts.mention(Vertex::Node(member));
                outputs.push(TyId::UNKNOWN);
                continue;
            };
            let given = self.instantiated(member, Some(receiver));
            if !self.may_take(&signature, &given, &found) {
                continue;
            }
            self.facts.trace.push(Vertex::Node(member));
            self.called_with(member, &given, &signature.params, &found);
            let output = self.infer.types.substitute(signature.output, &given);
            outputs.push(self.infer.normal(output));
        }
        match outputs[..] {
            [] => {
                // None fits as far as types are known: then none is left out.
                self.mention_all(&members, receiver);
                self.lost()
            }
            [first, ref others @ ..] => {
                let made = others.iter().fold(first, |made, other| self.infer.types.in_common(made, *other));
                self.opened(made)
            }
        }
    }

    /// Calls one of several functions of a type, named by the type: a receiver is the first argument.
    fn call_functions(&mut self, members: &[NodeId], of: TyId, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        let found = self.exprs(args);
        let mut fitting: Vec<(NodeId, Given)> = Vec::new();
        for &member in members {
            let Some(mut signature) = self.infer.signature(member).map(|signature| (*signature).clone()) else {
                continue;
            };
            signature.params = signature.receiver.iter().chain(&signature.params).copied().collect();
            let given = self.instantiated(member, Some(of));
            if self.may_take(&signature, &given, &found) {
                fitting.push((member, given));
            }
        }
        if fitting.is_empty() {
            self.mention_all(members, of);
            return self.lost();
        }
        if let [(member, given)] = fitting.as_slice() {
            self.facts.trace.push(Vertex::Node(*member));
            self.turbofish(*member, turbofish, given);
            let ty = self.applied_function(*member, given);
            let Ty::Fn(inputs, output) = self.infer.types.get(ty).clone() else { return self.lost() };
            for (input, found) in inputs.iter().zip(found) {
                self.agree(found, *input);
            }
            return self.infer.normal(output);
        }
        let mut outputs = Vec::new();
        for (member, given) in &fitting {
            self.facts.trace.push(Vertex::Node(*member));
            if let Some(signature) = self.infer.signature(*member) {
                let params: Vec<TyId> = signature.receiver.iter().chain(&signature.params).copied().collect();
                self.called_with(*member, given, &params, &found);
            }
            if let Some(signature) = self.infer.signature(*member) {
                let output = self.infer.types.substitute(signature.output, given);
                outputs.push(self.infer.normal(output));
            }
        }
        match outputs[..] {
            [first, ref others @ ..] => {
                let made = others.iter().fold(first, |made, other| self.infer.types.in_common(made, *other));
                self.opened(made)
            }
            [] => self.lost(),
        }
    }

    /// One of several that may be called: its parameters learn from the arguments, but not these from it, once all else is told.
    fn called_with(&mut self, member: NodeId, given: &Given, params: &[TyId], found: &[TyId]) {
        let params = params.iter().map(|ty| self.infer.types.substitute(*ty, given));
        self.one_of_several.extend(params.zip(found.iter().copied()));
        self.called.push((member, given.clone(), self.line));
    }

    /// What the arguments of calls of which one is meant tell about each of those that may be. A literal is none of it: its type
    /// may be told by the one that is meant.
    pub(super) fn learn_of_several(&mut self) {
        for (declared, found) in std::mem::take(&mut self.one_of_several) {
            let found = self.infer.types.without_variables(found);
            let declared = self.infer.normal(declared);
            self.infer.types.same(declared, found);
        }
    }

    /// Whether arguments may be what a signature takes.
    pub(super) fn may_take(&mut self, signature: &Signature, given: &Given, found: &[TyId]) -> bool {
        let params = signature.params.clone();
        params.iter().zip(found).all(|(declared, found)| {
            let declared = self.infer.types.substitute(*declared, given);
            let declared = self.infer.normal(declared);
            let found = self.infer.normal(*found);
            self.infer.may_fit(declared, found)
        })
    }

    fn apply_member(&mut self, member: NodeId, receiver: TyId, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        self.facts.trace.push(Vertex::Node(member));
        let given = self.instantiated(member, Some(receiver));
        self.turbofish(member, turbofish, &given);
        let ty = self.applied_function(member, &given);
        let Ty::Fn(inputs, output) = self.infer.types.get(ty).clone() else {
            self.facts.mention(Vertex::Node(member));
            self.exprs(args);
            return self.lost();
        };
        let takes_self = self.infer.signature(member).is_some_and(|signature| signature.receiver.is_some());
        self.args(args, &inputs[usize::from(takes_self).min(inputs.len())..]);
        self.infer.normal(output)
    }
}

/// Whether an argument is a closure, or a reference to one.
fn is_closure(arg: &Expr) -> bool {
    match arg {
        Expr::Closure(..) => true,
        Expr::Ref(of) => matches!(of.as_ref(), Expr::Closure(..)),
        _ => false,
    }
}
