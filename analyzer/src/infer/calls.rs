//! Calls: functions, constructors, methods.

use super::bodies::Body;
use super::paths::Target;
use super::types::{Bound, Given, Ty, TyId};
use super::{Head, TraitOf, Vertex};
use crate::ir::{DeclKind, Expr, GenericArg, Path, Sym};
use crate::program::NodeId;

/// How many `Deref`s a receiver is followed through.
const MAX_AUTODEREF: usize = 12;

impl Body<'_, '_, '_, '_> {
    pub(super) fn call(&mut self, callee: &Expr, args: &[Expr]) -> TyId {
        let Expr::Path(path) = callee else {
            let callee = self.expr(callee);
            let callable = self.infer.callable(callee);
            let inputs = callable.as_ref().map(|(inputs, _)| inputs.clone()).unwrap_or_default();
            self.args(args, &inputs);
            return callable.map_or(TyId::UNKNOWN, |(_, output)| output);
        };
        let (target, ty) = self.value_path(path);
        match target {
            Target::Functions(functions) => match functions.as_slice() {
                [function] => self.call_function(*function, ty, path, args),
                _ => {
                    self.exprs(args);
                    TyId::UNKNOWN
                }
            },
            Target::Constructor(node, _) => {
                let (inputs, made) = match self.infer.types.get(ty).clone() {
                    Ty::Fn(inputs, output) => (inputs, output),
                    _ => (Box::default(), ty),
                };
                let found = self.args(args, &inputs);
                let mut given = Given::default();
                for (declared, actual) in inputs.iter().zip(&found) {
                    self.infer.types.unify(*declared, *actual, &[node], &mut given);
                }
                self.constructed(made, &given)
            }
            Target::Std(names) => self.call_std(&names, path, args),
            Target::StdMember(_) => {
                let found = self.exprs(args);
                found.iter().for_each(|ty| self.escape(*ty));
                match self.infer.types.get(ty).clone() {
                    Ty::Fn(_, output) => output,
                    _ => TyId::UNKNOWN,
                }
            }
            Target::External | Target::Unknown => {
                let found = self.exprs(args);
                found.iter().for_each(|ty| self.escape(*ty));
                TyId::UNKNOWN
            }
            Target::Value => {
                let callable = self.infer.callable(ty);
                let inputs = callable.as_ref().map(|(inputs, _)| inputs.clone()).unwrap_or_default();
                let found = self.args(args, &inputs);
                if callable.is_none() {
                    found.iter().for_each(|ty| self.escape(*ty));
                }
                callable.map_or(TyId::UNKNOWN, |(_, output)| output)
            }
        }
    }

    /// Reads arguments where types are expected.
    fn args(&mut self, args: &[Expr], expected: &[TyId]) -> Vec<TyId> {
        args.iter()
            .enumerate()
            .map(|(position, arg)| self.expect(arg, expected.get(position).copied().unwrap_or(TyId::UNKNOWN)))
            .collect()
    }

    /// Calls an analyzed function: its parameters are learned from the arguments and the turbofish.
    fn call_function(&mut self, function: NodeId, ty: TyId, path: &Path, args: &[Expr]) -> TyId {
        let Ty::Fn(inputs, output) = self.infer.types.get(ty).clone() else {
            self.exprs(args);
            return TyId::UNKNOWN;
        };
        let mut given = Given::default();
        if let Some(segment) = path.segments.last() {
            self.turbofish(function, &segment.args, &mut given);
        }
        self.apply(function, &inputs, output, args, given)
    }

    fn turbofish(&mut self, function: NodeId, args: &[GenericArg], given: &mut Given) {
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
            if ty != TyId::UNKNOWN {
                given.learn(function, name, ty);
            }
        }
    }

    /// Applies a function to arguments. Closures are read last: what the others are tells their parameters.
    pub(super) fn apply(
        &mut self,
        function: NodeId,
        inputs: &[TyId],
        output: TyId,
        args: &[Expr],
        mut given: Given,
    ) -> TyId {
        let owners: Vec<NodeId> = self.infer.program.node(function).owner.into_iter().chain([function]).collect();
        let mut found = vec![TyId::UNKNOWN; args.len()];
        for closures in [false, true] {
            for (position, arg) in args.iter().enumerate() {
                if matches!(arg, Expr::Closure(..)) != closures {
                    continue;
                }
                let declared = inputs.get(position).copied().unwrap_or(TyId::UNKNOWN);
                let expected = match self.infer.callable(declared) {
                    Some((inputs, output)) => self.infer.types.intern(Ty::Fn(inputs, output)),
                    None => declared,
                };
                let expected = self.infer.types.substitute(expected, &given);
                let expected = self.infer.forget(expected, &owners, self.scope.node, self.scope.owner);
                let ty = self.expect(arg, expected);
                found[position] = ty;
                self.infer.types.unify(declared, ty, &owners, &mut given);
                // `F: Fn(A) -> B` learns `B` from what the closure gives.
                if let (Some((_, declared)), Some((_, actual))) =
                    (self.infer.callable(declared), self.infer.callable(ty))
                {
                    self.infer.types.unify(declared, actual, &owners, &mut given);
                }
            }
        }
        let output = self.infer.types.substitute(output, &given);
        self.infer.forget(output, &owners, self.scope.node, self.scope.owner)
    }

    /// A method call.
    pub(super) fn method(&mut self, receiver: TyId, name: Sym, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        self.written_args(turbofish);
        self.traits_that_compete(name);
        self.note_method(receiver, name);
        let words = self.infer.program.words;
        let mut at = receiver;
        for _ in 0..MAX_AUTODEREF {
            match self.infer.types.get(at).clone() {
                Ty::Ref(of) | Ty::Ptr(of) => at = of,
                Ty::Adt(node, _) => {
                    let found = self.infer.candidates(node, name);
                    let own: Vec<NodeId> = found.iter().copied().filter(|member| self.is_own(*member, node)).collect();
                    for member in &found {
                        self.facts.mention(Vertex::Node(*member));
                    }
                    if !own.is_empty() {
                        return self.apply_member(&own, at, turbofish, args);
                    }
                    if let Some(result) = self.derived(node, at, name, args) {
                        return result;
                    }
                    self.foreign_traits();
                    if let Some(target) = self.deref_local(node, at) {
                        // The method may also be one of a foreign trait that the type itself implements.
                        self.escape(at);
                        at = target;
                        continue;
                    }
                    self.escape(at);
                    let item = self.item_of(at, false);
                    if item != TyId::UNKNOWN {
                        let iterator = self.infer.types.intern(Ty::Std(words.iterator, Box::new([item])));
                        return self
                            .std_method(words.iterator, iterator, name, turbofish, args)
                            .unwrap_or(TyId::UNKNOWN);
                    }
                    let found = self.exprs(args);
                    found.iter().for_each(|ty| self.escape(*ty));
                    return TyId::UNKNOWN;
                }
                Ty::Std(head, _) => {
                    let loose = self.loose_members(name);
                    if let Some(result) = self.std_method(head, at, name, turbofish, args) {
                        return if loose.is_empty() { result } else { TyId::UNKNOWN };
                    }
                    if let [member] = loose.as_slice() {
                        return self.apply_member(&[*member], at, turbofish, args);
                    }
                    match self.infer.std_deref(head, at) {
                        Some(target) => at = target,
                        None => return self.unlisted(at, name, turbofish, args),
                    }
                }
                Ty::Slice(_) => {
                    let loose = self.loose_members(name);
                    if let Some(result) = self.std_method(words.slice, at, name, turbofish, args) {
                        return if loose.is_empty() { result } else { TyId::UNKNOWN };
                    }
                    if let [member] = loose.as_slice() {
                        return self.apply_member(&[*member], at, turbofish, args);
                    }
                    return self.unlisted(at, name, turbofish, args);
                }
                Ty::Primitive(head) => {
                    let loose = self.loose_members(name);
                    if let [member] = loose.as_slice() {
                        return self.apply_member(&[*member], at, turbofish, args);
                    }
                    if let Some(result) = self.std_method(head, at, name, turbofish, args) {
                        return if loose.is_empty() { result } else { TyId::UNKNOWN };
                    }
                    if let Some(result) = self.universal_method(at, name, turbofish, args) {
                        return if loose.is_empty() { result } else { TyId::UNKNOWN };
                    }
                    self.foreign_traits();
                    self.exprs(args).iter().for_each(|ty| self.escape(*ty));
                    return TyId::UNKNOWN;
                }
                Ty::Tuple(_) | Ty::Fn(..) | Ty::Never => {
                    self.loose_members(name);
                    return self.unlisted(at, name, turbofish, args);
                }
                Ty::External(..) => {
                    let loose = self.loose_members(name);
                    self.facts.mention(Vertex::AllForeign);
                    if let [member] = loose.as_slice() {
                        self.apply_member(&[*member], at, turbofish, args);
                        return TyId::UNKNOWN;
                    }
                    return self.unlisted(at, name, turbofish, args);
                }
                Ty::Param(..) | Ty::Bounded(_) => return self.bounded_method(at, name, turbofish, args),
                Ty::Unknown => break,
            }
        }
        self.unknown_method(name, args)
    }

    /// Which package's trait a method is of, no body says: an import does.
    fn foreign_traits(&mut self) {
        if let Some(traits) = self.infer.program.foreign_traits_in_scope(self.module)
            && !self.facts.seen_text.contains(&traits)
        {
            self.facts.seen_text.push(traits);
        }
    }

    /// Where several traits declare a method of that name, the one in scope is called: a changed `use` changes no body.
    fn traits_that_compete(&mut self, name: Sym) {
        let program = self.infer.program;
        let Some(members) = self.infer.index.of_traits.get(&name) else { return };
        // The members are in the order of their identities, and with them their owners.
        let mut owners: Vec<NodeId> = members.iter().filter_map(|member| program.node(*member).owner).collect();
        owners.dedup();
        if owners.len() < 2 {
            return;
        }
        let in_scope = program.traits_in_scope(self.module);
        for owner in owners {
            if in_scope.binary_search(&owner).is_ok() {
                self.facts.trace.push(Vertex::Node(owner));
            }
        }
    }

    /// Whether a candidate is for that type alone, not a blanket impl's.
    fn is_own(&self, member: NodeId, node: NodeId) -> bool {
        let Some(owner) = self.infer.program.node(member).owner else { return false };
        match self.infer.index.impls.get(&owner) {
            Some(info) => info.head == Head::Local(node),
            // A trait's default.
            None => true,
        }
    }

    fn is_inherent(&self, member: NodeId) -> bool {
        let owner = self.infer.program.node(member).owner;
        owner.and_then(|id| self.infer.index.impls.get(&id)).is_some_and(|info| info.of == TraitOf::Inherent)
    }

    fn apply_member(&mut self, members: &[NodeId], receiver: TyId, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        // An inherent method wins over a trait's, but both are reached. Several of a kind are no answer.
        let inherent: Vec<NodeId> = members.iter().copied().filter(|member| self.is_inherent(*member)).collect();
        let one = match (members, inherent.as_slice()) {
            ([member], _) | (_, [member]) => Some(*member),
            _ => None,
        };
        let Some((one, signature)) = one.and_then(|one| Some((one, self.infer.signature(one)?))) else {
            self.exprs(args);
            return TyId::UNKNOWN;
        };
        let mut given = Given::default();
        self.turbofish(one, turbofish, &mut given);
        if let Some(owner) = self.infer.program.node(one).owner {
            let declared = match self.infer.index.impls.get(&owner) {
                Some(info) => info.self_ty,
                None => {
                    given.learn(owner, self.infer.program.words.self_type, receiver);
                    TyId::UNKNOWN
                }
            };
            let (declared, receiver) = (self.infer.types.peel(declared), self.infer.types.peel(receiver));
            self.infer.types.unify(declared, receiver, &[owner], &mut given);
        }
        self.apply(one, &signature.params, signature.output, args, given)
    }

    /// Methods of derived impls: what they call are the same methods of the fields.
    fn derived(&mut self, node: NodeId, at: TyId, name: Sym, args: &[Expr]) -> Option<TyId> {
        let (of, result) = match self.infer.program.text(name).as_str() {
            "clone" | "clone_from" => ("Clone", at),
            "eq" | "ne" => ("PartialEq", TyId::UNKNOWN),
            "cmp" | "max" | "min" | "clamp" => ("Ord", TyId::UNKNOWN),
            "partial_cmp" | "lt" | "le" | "gt" | "ge" => ("PartialOrd", TyId::UNKNOWN),
            "hash" => ("Hash", TyId::UNKNOWN),
            "fmt" => ("Debug", TyId::UNKNOWN),
            _ => return None,
        };
        let of_sym = self.infer.program.sym(of);
        if !self.infer.index.std_derives.get(&node).is_some_and(|derives| derives.contains(&of_sym)) {
            return None;
        }
        self.trigger(of_sym, at);
        let found = self.exprs(args);
        found.iter().for_each(|ty| self.escape(*ty));
        Some(result)
    }

    fn bounded_method(&mut self, at: TyId, name: Sym, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        let program = self.infer.program;
        let words = program.words;
        let bounds = self.infer.bounds_of(at);
        let mut members: Vec<NodeId> = Vec::new();
        let mut others: Vec<TraitOf> = Vec::new();
        let mut item = None;
        for bound in bounds.iter() {
            match bound {
                Bound::Trait(node) => {
                    let mut traits = Vec::new();
                    self.infer.supertraits(*node, &mut traits, &mut others);
                    self.infer.demand(*node, name, &mut Some(&mut self.facts));
                    members.extend(
                        traits
                            .iter()
                            .flat_map(|id| program.members(*id))
                            .copied()
                            .filter(|member| program.node(*member).decl.as_ref().is_some_and(|decl| decl.name == name)),
                    );
                }
                Bound::Std(name) => others.push(TraitOf::Std(*name)),
                Bound::Iterator(ty) => {
                    item = Some(*ty);
                    others.push(TraitOf::Std(words.iterator));
                }
                Bound::External(id) => others.push(TraitOf::External(*id)),
                Bound::Fn(..) => {}
                Bound::Unknown => others.push(TraitOf::Unknown),
            }
        }
        if let [member] = members.as_slice() {
            return self.apply_member(&[*member], at, turbofish, args);
        }
        if members.len() > 1 {
            self.exprs(args);
            return TyId::UNKNOWN;
        }
        // A standard trait's method, one of an extension trait, or one that a `Deref` leads to.
        for other in &others {
            match other {
                TraitOf::Std(name) => self.trigger(*name, at),
                _ => self.facts.mention(Vertex::AllForeign),
            }
        }
        self.loose_members(name);
        if let Some(item) = item {
            let iterator = self.infer.types.intern(Ty::Std(words.iterator, Box::new([item])));
            if let Some(result) = self.std_method(words.iterator, iterator, name, turbofish, args) {
                return result;
            }
        }
        let result = self.unknown_method(name, args);
        if program.text(name) == "clone" { at } else { result }
    }

    /// A method that the table of the standard library doesn't hold, on a type that isn't analyzed.
    fn unlisted(&mut self, at: TyId, name: Sym, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        self.foreign_traits();
        if let Some(result) = self.universal_method(at, name, turbofish, args) {
            self.method_of_anything(name);
            return result;
        }
        let found = self.exprs(args);
        self.escape(at);
        found.iter().for_each(|ty| self.escape(*ty));
        // It may be a local trait's method through a blanket impl that nothing above saw.
        self.method_of_anything(name);
        TyId::UNKNOWN
    }

    /// A method of something that nobody knows: all of that name count, and whatever the standard library may call.
    fn unknown_method(&mut self, name: Sym, args: &[Expr]) -> TyId {
        self.foreign_traits();
        let found = self.exprs(args);
        found.iter().for_each(|ty| self.escape_known(*ty));
        self.method_of_anything(name);
        self.trigger_all("Deref");
        self.trigger_all("DerefMut");
        self.callbacks_by_name(name);
        TyId::UNKNOWN
    }

    /// Like `escape`, where the callee's own callbacks are triggered anyway.
    fn escape_known(&mut self, ty: TyId) {
        let (mut nodes, mut unknown) = (Vec::new(), false);
        self.parts(ty, &mut nodes, &mut unknown, &mut rustc_hash::FxHashSet::default());
        for node in nodes {
            self.facts.mention(Vertex::Escaped(node));
        }
    }
}
