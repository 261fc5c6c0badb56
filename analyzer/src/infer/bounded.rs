//! Methods of parameters and trait objects: what their bounds say. What none of them has, nobody sees.

use super::bodies::Body;
use super::bounds::args_in;
use super::types::{Bound, Ty, TyId};
use super::{Ask, TraitOf, signatures};
use crate::ir::{DeclKind, Expr, GenericArg, Sym};
use crate::program::NodeId;
use std::rc::Rc;

impl Body<'_, '_, '_, '_> {
    pub(super) fn bounded_method(&mut self, at: TyId, name: Sym, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        let program = self.infer.program;
        let words = program.words;
        let bounds = self.infer.bounds_of(at);
        let mut members: Vec<(NodeId, Rc<[TyId]>)> = Vec::new();
        let mut others: Vec<TraitOf> = Vec::new();
        let mut item = None;
        for bound in bounds.iter() {
            match bound {
                Bound::Trait(node, args, _) => {
                    self.members_by_bound(&bounds, (*node, args), name, &mut members, &mut others);
                }
                Bound::Std(name, ..) => others.push(TraitOf::Std(*name)),
                Bound::Iterator(ty) => {
                    item = Some(*ty);
                    others.push(TraitOf::Std(words.iterator));
                }
                Bound::External(id) => others.push(TraitOf::External(*id)),
                Bound::Fn(..) | Bound::ReturnedBy(..) => {}
                Bound::Unknown => others.push(TraitOf::Unknown),
            }
        }
        if let [(member, of_trait)] = members.as_slice() {
            return self.call_bounded(*member, of_trait, at, turbofish, args);
        }
        if members.len() > 1 {
            for (member, _) in &members {
                if let Some(owner) = program.node(*member).owner {
                    self.demand(TraitOf::Local(owner), name, Rc::default(), at);
                }
            }
            self.exprs(args);
            return self.lost();
        }
        // Impls of a trait object's own: `impl dyn Trait { .. }`.
        let loose = self.loose_fitting(at, name);
        if !loose.is_empty() {
            let is_object = matches!(self.infer.types.get(at), Ty::Bounded(_));
            let is_parameter = matches!(self.infer.types.get(at), Ty::Param(..));
            if is_object && others.is_empty() || (is_object || is_parameter) && self.none_but(&loose, &others, name) {
                return self.call_members(&loose, at, turbofish, args);
            }
            self.mention_all(&loose, at);
        }
        // A standard trait's method, one of an extension trait, or one that a `Deref` leads to.
        let iterates = item.is_some()
            || others.iter().any(|of| matches!(of, TraitOf::Std(of) if program.text(*of).ends_with("Iterator")));
        if iterates {
            let item = item.unwrap_or_else(|| self.infer.project(at, words.item, &[]));
            let iterator = self.infer.types.intern(Ty::Std(words.iterator, Rc::new([item, at])));
            if let Some(result) = self.std_method(words.iterator, iterator, name, turbofish, args) {
                return result;
            }
        }
        if let Some((of, result)) = self.std_bound_method(&others, at, name) {
            self.trigger(of, at);
            let found = self.exprs(args);
            found.iter().for_each(|ty| self.escape_known(*ty));
            return result;
        }
        if let Some(result) = self.listed_on_trait(&bounds, &others, at, name, turbofish, args) {
            return result;
        }
        let text = program.text(name);
        let meant = self.meant_by(&text, &others);
        // What any type can be turned into asks for itself what it needs.
        let asks = !meant.is_empty() && signatures::table().universal(&text).is_some();
        for of in meant.iter().filter(|_| !asks) {
            self.trigger(*of, at);
        }
        for other in &others {
            match other {
                TraitOf::Std(_) if !meant.is_empty() => {}
                TraitOf::Std(name) => self.trigger(*name, at),
                other => self.demand(*other, name, Rc::default(), at),
            }
        }
        if let Some(result) = self.universal_method(at, name, turbofish, args) {
            return result;
        }
        if !others.is_empty() && others.iter().all(|of| matches!(of, TraitOf::External(_) | TraitOf::Std(_))) {
            // Bounds name all that a parameter can do.
            let found = self.exprs(args);
            found.iter().for_each(|ty| self.escape(*ty));
            let made = if text == "clone" { at } else { self.lost() };
            self.escape(made);
            return made;
        }
        let result = self.unknown_method(name, args);
        if text == "clone" { at } else { result }
    }

    /// Adds the members of a name that a bound on an analyzed trait brings, each with the trait's arguments, and the traits of
    /// others above it.
    pub(super) fn members_by_bound(
        &self,
        bounds: &[Bound],
        (node, args): (NodeId, &Rc<[TyId]>),
        name: Sym,
        members: &mut Vec<(NodeId, Rc<[TyId]>)>,
        others: &mut Vec<TraitOf>,
    ) {
        let program = self.infer.program;
        let mut traits = Vec::new();
        self.infer.supertraits(node, &mut traits, others);
        for id in traits {
            for &member in program.members(id) {
                let is_it = program.node(member).decl.as_ref().is_some_and(|decl| decl.name == name);
                if is_it && !members.iter().any(|(known, _)| *known == member) {
                    let args = if id == node { args.clone() } else { args_in(bounds, id) };
                    members.push((member, args));
                }
            }
        }
    }

    /// Of the standard library's traits that bound a type, those whose member a name can only be; none if that isn't known.
    pub(super) fn meant_by(&self, name: &str, bounds: &[TraitOf]) -> Vec<Sym> {
        let program = self.infer.program;
        let mut meant = Vec::new();
        for owner in super::standard::traits_of_member(name) {
            let owner = program.sym(owner);
            let has =
                |of: &TraitOf| matches!(of, TraitOf::Std(of) if super::implied::implied(program, *of).contains(&owner));
            if bounds.iter().any(has) {
                meant.push(owner);
            }
        }
        meant
    }

    /// A method that the table of the standard library lists for a trait that a parameter is bound by, or whose result the
    /// bound itself names.
    fn listed_on_trait(
        &mut self,
        bounds: &[Bound],
        traits: &[TraitOf],
        at: TyId,
        name: Sym,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> Option<TyId> {
        let text = self.infer.program.text(name);
        let asked = match text.as_str() {
            "as_ref" => Some("AsRef"),
            "as_mut" => Some("AsMut"),
            "borrow" => Some("Borrow"),
            "borrow_mut" => Some("BorrowMut"),
            "into" => Some("Into"),
            _ => None,
        };
        if let Some(asked) = asked {
            let of = self.infer.program.sym(asked);
            let mut named = bounds.iter().filter_map(|bound| match bound {
                Bound::Std(bound, args, _) if *bound == of => args.first().copied(),
                _ => None,
            });
            let (Some(target), None) = (named.next(), named.next()) else { return None };
            if text == "into" {
                let made = self.universal_method(at, name, turbofish, args)?;
                self.agree(made, target);
                return Some(made);
            }
            self.demand(TraitOf::Std(of), Sym::NONE, Rc::new([target]), at);
            return Some(self.infer.types.intern(Ty::Ref(target)));
        }
        let of = traits.iter().find_map(|of| match of {
            TraitOf::Std(of) if self.infer.listed(*of, name).is_some() => Some(*of),
            _ => None,
        })?;
        self.trigger(of, at);
        let written = bounds.iter().find_map(|bound| match bound {
            Bound::Std(bound, args, _) if *bound == of && !args.is_empty() => Some(args.clone()),
            _ => None,
        });
        self.method_of_trait(of, written.unwrap_or_default(), at, name, turbofish, args)
    }

    /// Two bounds are a range.
    pub(super) fn bounds_of_range(
        &mut self,
        at: TyId,
        name: Sym,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> Option<TyId> {
        let of = self.infer.program.sym("RangeBounds");
        let Ty::Tuple(parts) = self.infer.types.get(at).clone() else { return None };
        let [first, _] = parts[..] else { return None };
        let Ty::Std(head, inner) = self.infer.types.get(self.infer.types.peel(first)).clone() else { return None };
        if self.infer.program.text(head) != "Bound" {
            return None;
        }
        self.method_of_trait(of, inner, at, name, turbofish, args)
    }

    /// A method that the table lists for a trait, with the trait's own arguments.
    fn method_of_trait(
        &mut self,
        of: Sym,
        written: Rc<[TyId]>,
        at: TyId,
        name: Sym,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> Option<TyId> {
        let signature = self.infer.listed(of, name)?;
        let mut vars = vec![('\0', at)];
        let written = self.infer.types.intern(Ty::Std(of, written));
        self.infer.learn(&signature.recv, written, &mut vars);
        Some(self.apply_signature(signature, vars, turbofish, args))
    }

    /// A method of a standard trait that a parameter is bound by, where its result is plain.
    fn std_bound_method(&mut self, bounds: &[TraitOf], at: TyId, name: Sym) -> Option<(Sym, TyId)> {
        let program = self.infer.program;
        let (of, result) = match program.text(name).as_str() {
            "clone" => ("Clone", at),
            "eq" | "ne" => ("PartialEq", self.primitive("bool")),
            "lt" | "le" | "gt" | "ge" => ("PartialOrd", self.primitive("bool")),
            "cmp" => ("Ord", self.std_type("Ordering")),
            "max" | "min" | "clamp" => ("Ord", at),
            "partial_cmp" => {
                let ordering = self.std_type("Ordering");
                let option = program.words.option;
                ("PartialOrd", self.infer.types.intern(Ty::Std(option, Rc::new([ordering]))))
            }
            "hash" => ("Hash", TyId::UNIT),
            "add_assign" => ("AddAssign", TyId::UNIT),
            "sub_assign" => ("SubAssign", TyId::UNIT),
            "mul_assign" => ("MulAssign", TyId::UNIT),
            "div_assign" => ("DivAssign", TyId::UNIT),
            "rem_assign" => ("RemAssign", TyId::UNIT),
            "bitand_assign" => ("BitAndAssign", TyId::UNIT),
            "bitor_assign" => ("BitOrAssign", TyId::UNIT),
            "bitxor_assign" => ("BitXorAssign", TyId::UNIT),
            "shl_assign" => ("ShlAssign", TyId::UNIT),
            "shr_assign" => ("ShrAssign", TyId::UNIT),
            _ => return None,
        };
        let of = program.sym(of);
        let implied = |have: &str, want: &str| match want {
            "PartialEq" => matches!(have, "PartialEq" | "Eq" | "PartialOrd" | "Ord"),
            "PartialOrd" => matches!(have, "PartialOrd" | "Ord"),
            "Clone" => matches!(have, "Clone" | "Copy"),
            want => have == want,
        };
        let want = program.text(of);
        let has =
            bounds.iter().any(|bound| matches!(bound, TraitOf::Std(name) if implied(&program.text(*name), &want)));
        has.then_some((of, result))
    }

    /// A trait's method on a parameter or a trait object.
    fn call_bounded(
        &mut self,
        member: NodeId,
        of_trait: &[TyId],
        at: TyId,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> TyId {
        let ty = self.bounded_function(member, of_trait, at, turbofish);
        let Ty::Fn(inputs, output) = self.infer.types.get(ty).clone() else {
            self.exprs(args);
            return self.lost();
        };
        let takes_self = self.infer.signature(member).is_some_and(|signature| signature.receiver.is_some());
        self.args(args, &inputs[usize::from(takes_self).min(inputs.len())..]);
        self.infer.normal(output)
    }

    /// The type of a trait's function on a parameter; that it is used there is noted.
    pub(super) fn bounded_function(
        &mut self,
        member: NodeId,
        of_trait: &[TyId],
        at: TyId,
        turbofish: &[GenericArg],
    ) -> TyId {
        let program = self.infer.program;
        let Some(owner) = program.node(member).owner else { return TyId::UNKNOWN };
        let given = self.instantiated(member, Some(at));
        if let Some(DeclKind::Trait(generics, ..)) = program.decl(owner) {
            let names = generics.params.iter().filter(|param| param.constant.is_none());
            for (param, arg) in names.zip(of_trait) {
                if let Some(var) = given.find(owner, param.name) {
                    self.infer.types.same(var, *arg);
                }
            }
        }
        self.turbofish(member, turbofish, &given);
        let own: Rc<[TyId]> = match program.decl(member) {
            Some(DeclKind::Fn(decl)) => {
                let names = decl.generics.params.iter().filter(|param| param.constant.is_none());
                names.filter_map(|param| given.find(member, param.name)).collect()
            }
            _ => Rc::default(),
        };
        let trait_args: Rc<[TyId]> = match program.decl(owner) {
            Some(DeclKind::Trait(generics, ..)) => {
                let names = generics.params.iter().filter(|param| param.constant.is_none());
                names.filter_map(|param| given.find(owner, param.name)).collect()
            }
            _ => Rc::default(),
        };
        let name = program.node(member).decl.as_ref().map_or(Sym::NONE, |decl| decl.name);
        self.facts.ask(Ask::Trait { of: TraitOf::Local(owner), member: name, args: trait_args, own }, at);
        let Some(signature) = self.infer.signature(member) else {
            return match program.decl(member) {
                Some(DeclKind::Const(..)) => {
                    let ty = self.infer.constant(member);
                    self.declared_type(ty, &given)
                }
                _ => TyId::UNKNOWN,
            };
        };
        let inputs: Vec<TyId> =
            signature.receiver.iter().chain(&signature.params).map(|ty| self.declared_type(*ty, &given)).collect();
        let output = self.declared_type(signature.output, &given);
        self.given_by_bounds(&given);
        self.infer.types.intern(Ty::Fn(inputs.into(), output))
    }
}
