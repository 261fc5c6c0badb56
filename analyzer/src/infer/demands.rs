//! Uses of traits: what they lead to, by the types that they are used on.
//!
//! A use on a type that is known leads to the impls that may be meant. On a parameter it waits until somebody says what the
//! parameter stands for; on a type that nobody knows it leads to every impl whose type is reached.

use std::rc::Rc;

use rustc_hash::FxHashSet as HashSet;

use super::implied::{by_itself, handed_out, implied, is_never, is_outermost, is_shared, keys_by};
use super::select::Answer;
use super::types::{Bound, Given, Ty, TyId};
use super::{Head, Infer, TraitOf, Vertex, has_body};
use crate::ir::{DeclKind, Sym};
use crate::program::NodeId;

/// What is asked of a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Ask {
    /// A member of a trait, or all of them (`Sym::NONE`).
    Trait {
        of: TraitOf,
        member: Sym,
        /// The trait's arguments as far as they are known.
        args: Rc<[TyId]>,
        /// The member's own arguments.
        own: Rc<[TyId]>,
    },
    /// The value goes into code that isn't analyzed: all impls of foreign traits.
    Escape,
    /// The same, where somebody else counts what isn't known.
    EscapeKnown,
}

/// A use of a trait on a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Demand {
    pub(crate) ask: Ask,
    pub(crate) ty: TyId,
}

impl Demand {
    /// The same of other types.
    pub(crate) fn map(&self, of: &mut dyn FnMut(TyId) -> TyId) -> Demand {
        let ask = match &self.ask {
            Ask::Trait { of: trait_, member, args, own } => Ask::Trait {
                of: *trait_,
                member: *member,
                args: args.iter().map(|ty| of(*ty)).collect(),
                own: own.iter().map(|ty| of(*ty)).collect(),
            },
            ask => ask.clone(),
        };
        Demand { ask, ty: of(self.ty) }
    }
}

/// What a use leads to.
#[derive(Debug, Clone)]
pub(crate) enum Reached {
    Vertex(Vertex),
    Call(NodeId, Given),
    /// Another use that comes with this one.
    Demand(Demand),
}

impl Infer<'_, '_, '_> {
    /// What a use of a trait leads to.
    pub(crate) fn answer(&mut self, demand: &Demand) -> Vec<Reached> {
        let mut out = Vec::new();
        self.answer_at(&demand.ask, demand.ty, &mut HashSet::default(), &mut out);
        out
    }

    fn answer_at(&mut self, ask: &Ask, ty: TyId, seen: &mut HashSet<TyId>, out: &mut Vec<Reached>) {
        let ty = self.normal(ty);
        let at = self.types.peel(ty);
        if !seen.insert(at) {
            return;
        }
        match ask {
            Ask::Escape | Ask::EscapeKnown => self.escaped(ask, at, seen, out),
            Ask::Trait { of: TraitOf::Local(node), member, args, own } => {
                self.of_local(*node, *member, args, own, at, out);
            }
            Ask::Trait { of: TraitOf::Std(name), member, args, .. } => {
                self.of_std(*name, *member, args, ty, seen, out);
            }
            Ask::Trait { of: TraitOf::External(package), member, args, own } => match self.types.get(at).clone() {
                Ty::Never | Ty::Theirs | Ty::Primitive(_) => {}
                Ty::Adt(node, _) => {
                    let mut found = false;
                    for answer in self.select(TraitOf::External(*package), at, args) {
                        for &own_member in self.program.members(answer.of) {
                            let name = self.program.node(own_member).decl.as_ref().map(|decl| decl.name);
                            if name == Some(*member) {
                                found = true;
                                self.call_member(own_member, &answer.given, own, out);
                            }
                        }
                    }
                    if !found {
                        out.push(Reached::Vertex(Vertex::Escaped(node)));
                    }
                }
                _ => self.escaped(&Ask::Escape, at, &mut HashSet::default(), out),
            },
            Ask::Trait { .. } => out.push(Reached::Vertex(Vertex::AllForeign)),
        }
    }

    fn escaped(&mut self, ask: &Ask, at: TyId, seen: &mut HashSet<TyId>, out: &mut Vec<Reached>) {
        let unknown = |out: &mut Vec<Reached>| {
            if *ask == Ask::Escape {
                out.push(Reached::Vertex(Vertex::AllForeign));
            }
        };
        match self.types.get(at).clone() {
            Ty::Unknown | Ty::Param(..) | Ty::Assoc(..) | Ty::Var(_) => unknown(out),
            Ty::Bounded(_) => {
                unknown(out);
                for part in self.types.parts(at) {
                    self.answer_at(ask, part, seen, out);
                }
            }
            Ty::Never | Ty::Theirs | Ty::Primitive(_) => {}
            Ty::Adt(node, _) => {
                out.push(Reached::Vertex(Vertex::Escaped(node)));
                for part in self.types.parts(at) {
                    self.answer_at(ask, part, seen, out);
                }
            }
            // A closure's own code is part of the body that it stands in.
            Ty::Fn(_, output) => self.answer_at(ask, output, seen, out),
            // What a library's type holds besides its arguments is its own.
            _ => {
                for part in self.types.parts(at) {
                    self.answer_at(ask, part, seen, out);
                }
            }
        }
    }

    fn of_local(&mut self, node: NodeId, member: Sym, args: &[TyId], own: &[TyId], at: TyId, out: &mut Vec<Reached>) {
        let anything = |out: &mut Vec<Reached>| {
            out.push(Reached::Vertex(if member == Sym::NONE {
                Vertex::Dyn(node)
            } else {
                Vertex::Member(node, member)
            }));
        };
        // Code of an external package may call any member by any other.
        if self.program.is_external(node) {
            return self.of_external(node, member, args, own, at, out);
        }
        match self.types.get(at) {
            Ty::Never => return,
            Ty::Unknown | Ty::Param(..) | Ty::Assoc(..) | Ty::Var(_) | Ty::Bounded(_) => return anything(out),
            _ => {}
        }
        let answers = self.select(TraitOf::Local(node), at, args);
        if self.may_be_derived(at, &answers) {
            anything(out);
        }
        for answer in answers {
            self.members_of(&answer, node, member, args, own, at, out);
        }
    }

    /// Whether the impl that is meant may be one that a macro wrote: none is seen, or none for the very type that has
    /// another package's derive.
    fn may_be_derived(&self, at: TyId, answers: &[Answer]) -> bool {
        let is_written = |node| answers.iter().any(|answer| self.index.impls[&answer.of].head == Head::Local(node));
        match self.types.get(at) {
            Ty::Adt(node, _) if self.index.foreign_derives.contains(node) => !is_written(*node),
            _ => answers.is_empty(),
        }
    }

    /// A use of an external package's trait.
    fn of_external(
        &mut self,
        node: NodeId,
        member: Sym,
        args: &[TyId],
        own: &[TyId],
        at: TyId,
        out: &mut Vec<Reached>,
    ) {
        let mut is_derived = true;
        let answers = match self.types.get(at).clone() {
            Ty::Never => return,
            // Its own impl was asked for; what is handed to that wasn't.
            Ty::Theirs => Vec::new(),
            Ty::Unknown | Ty::Param(..) | Ty::Assoc(..) | Ty::Var(_) | Ty::Bounded(_) => {
                out.push(Reached::Vertex(Vertex::Dyn(node)));
                Vec::new()
            }
            _ => {
                let answers = self.select(TraitOf::Local(node), at, args);
                is_derived = self.may_be_derived(at, &answers);
                if is_derived {
                    // An impl that a macro wrote: nobody sees what it does with the value.
                    self.answer_at(&Ask::Escape, at, &mut HashSet::default(), out);
                }
                answers
            }
        };
        for answer in &answers {
            self.members_of(answer, node, member, args, own, at, out);
        }
        if !is_derived || member == Sym::NONE {
            return;
        }
        // Nor what it does with the values that it is called with: all that the signature lets it.
        let program = self.program;
        let name_of = |id: &NodeId| program.node(*id).decl.as_ref().map_or(Sym::NONE, |decl| decl.name);
        let Some(called) = program.members(node).iter().copied().find(|id| name_of(id) == member) else { return };
        let mut given = Given::default();
        given.learn(node, program.words.self_type, at);
        self.learn_by_place(node, args, &mut given);
        self.learn_by_place(called, own, &mut given);
        let asked = self.asked_by(called, &given).into_iter().filter(|demand| demand.ty != at);
        out.extend(asked.map(Reached::Demand));
    }

    /// A member of an impl of an analyzed trait, or the trait's default.
    #[allow(clippy::too_many_arguments, reason = "all of a use of a trait")]
    fn members_of(
        &mut self,
        answer: &Answer,
        of: NodeId,
        member: Sym,
        args: &[TyId],
        own: &[TyId],
        at: TyId,
        out: &mut Vec<Reached>,
    ) {
        let program = self.program;
        let name_of = |id: NodeId| program.node(id).decl.as_ref().map_or(Sym::NONE, |decl| decl.name);
        let mut written: Vec<Sym> = Vec::new();
        // Whoever asks for all members of another package's trait is code of other packages: it picks their parameters.
        let by_others = member == Sym::NONE && program.is_external(of);
        for &candidate in program.members(answer.of) {
            let name = name_of(candidate);
            written.push(name);
            // What a macro makes may be any member.
            if member == Sym::NONE || name == member || name == Sym::NONE {
                let mut given = answer.given.clone();
                if by_others {
                    self.learn_theirs(candidate, &mut given);
                }
                self.call_member(candidate, &given, own, out);
                self.promised(of, candidate, &answer.given, at, out);
            }
        }
        for &candidate in program.members(of) {
            let name = name_of(candidate);
            if written.contains(&name) || member != Sym::NONE && name != member || !has_body(program, candidate) {
                continue;
            }
            out.push(Reached::Vertex(Vertex::Node(answer.of)));
            let mut given = Given::default();
            given.learn(of, program.words.self_type, at);
            // What the use leaves open, the impl's header may say.
            let header = self.header_args(answer);
            if let Some(DeclKind::Trait(generics, ..)) = program.decl(of) {
                let names = generics.params.iter().filter(|param| param.constant.is_none());
                for (position, param) in names.enumerate() {
                    let asked = args.get(position).copied().filter(|arg| *arg != TyId::UNKNOWN);
                    if let Some(arg) = asked.or_else(|| header.get(position).copied()) {
                        given.learn(of, param.name, arg);
                    }
                }
            }
            if by_others {
                self.learn_theirs(candidate, &mut given);
            }
            self.call_member(candidate, &given, own, out);
        }
    }

    /// What an external trait promises of an associated type: whoever has the trait may use that.
    fn promised(&mut self, of: NodeId, member: NodeId, given: &Given, at: TyId, out: &mut Vec<Reached>) {
        let program = self.program;
        let Some(DeclKind::Alias(_, _, Some(ty))) = program.decl(member) else { return };
        if !program.is_external(of) {
            return;
        }
        let name = program.node(member).decl.as_ref().map(|decl| decl.name);
        let declared = program
            .members(of)
            .iter()
            .copied()
            .find(|id| program.node(*id).decl.as_ref().map(|decl| decl.name) == name);
        let Some(declared) = declared else { return };
        let Some(DeclKind::Alias(_, bounds, _)) = program.decl(declared) else { return };
        let written = self.named_type(member, ty);
        let ty = self.types.substitute(written, given);
        let ty = self.normal(ty);
        let scope = self.scope(declared);
        let mut of_self = Given::default();
        of_self.learn(of, program.words.self_type, at);
        let mut asked = Vec::new();
        for path in bounds {
            let bound = self.read_bound(&scope, scope.module, path, &mut None);
            self.asked_by_bound(&bound, ty, &of_self, &mut asked);
        }
        out.extend(asked.into_iter().filter(|demand| self.leads_here(demand.ty)).map(Reached::Demand));
    }

    pub(super) fn learn_by_place(&self, of: NodeId, types: &[TyId], given: &mut Given) {
        let generics = self.program.decl(of).and_then(super::declared::generics);
        let params = generics.iter().flat_map(|generics| &generics.params).filter(|param| param.constant.is_none());
        for (param, ty) in params.zip(types) {
            given.learn(of, param.name, *ty);
        }
    }

    /// A member's own parameters, picked by code of other packages.
    fn learn_theirs(&mut self, member: NodeId, given: &mut Given) {
        let theirs = self.types.intern(Ty::Theirs);
        let generics = self.program.decl(member).and_then(super::declared::generics);
        for param in generics.iter().flat_map(|generics| &generics.params).filter(|param| param.constant.is_none()) {
            given.learn(member, param.name, theirs);
        }
    }

    /// A call of a member whose own parameters are given by their place.
    fn call_member(&mut self, member: NodeId, given: &Given, own: &[TyId], out: &mut Vec<Reached>) {
        let program = self.program;
        let Some(DeclKind::Fn(_)) = program.decl(member) else {
            out.push(Reached::Vertex(Vertex::Node(member)));
            return;
        };
        let mut given = given.clone();
        self.learn_by_place(member, own, &mut given);
        out.push(Reached::Call(member, given));
    }

    fn of_std(
        &mut self,
        name: Sym,
        member: Sym,
        args: &[TyId],
        written: TyId,
        seen: &mut HashSet<TyId>,
        out: &mut Vec<Reached>,
    ) {
        let program = self.program;
        let at = self.types.peel(written);
        let again = |args: Rc<[TyId]>| Ask::Trait { of: TraitOf::Std(name), member, args, own: Rc::default() };
        match self.types.get(at).clone() {
            Ty::Never | Ty::Theirs => {}
            // `impl Display for dyn Trait`: no other impl may be meant, as the trait object has none by its bounds.
            Ty::Bounded(bounds) if self.has_own_impl(name, at, &bounds) => {
                for answer in self.select(TraitOf::Std(name), written, args) {
                    let info = self.index.impls.get(&answer.of).copied();
                    if info.is_some_and(|info| self.is_for_object(info.self_ty, &bounds)) {
                        self.of_impl(&answer, member, seen, out);
                    }
                }
            }
            Ty::Std(head, _) if is_never(&program.text(head), &program.text(name)) => {}
            Ty::Slice(_) | Ty::Tuple(_) if is_never("", &program.text(name)) => {}
            // What an error shows of itself, only what is an error has to show.
            Ty::Bounded(_) if self.is_shown_as_error(name, at) => {
                out.push(Reached::Vertex(Vertex::Trigger(program.sym("Error"))));
            }
            Ty::Unknown | Ty::Param(..) | Ty::Assoc(..) | Ty::Var(_) | Ty::Bounded(_) => {
                out.push(Reached::Vertex(Vertex::Trigger(name)));
                if self.index.std_loose.contains_key(&name) {
                    out.push(Reached::Vertex(Vertex::Loose(name)));
                }
                if let Ty::Bounded(_) = self.types.get(at) {
                    for part in self.types.parts(at) {
                        self.answer_at(&again(Rc::default()), part, seen, out);
                    }
                }
            }
            ty => {
                let answers = self.select(TraitOf::Std(name), written, args);
                for answer in &answers {
                    self.of_impl(answer, member, seen, out);
                }
                if let Ty::Adt(node, _) = ty {
                    if self.index.std_derives.get(&node).is_some_and(|derives| derives.contains(&name)) {
                        out.push(Reached::Vertex(Vertex::Typed(name, node)));
                    } else if answers.is_empty() && self.index.foreign_derives.contains(&node) {
                        // `Display` by another package's derive: nobody sees what it does with the fields.
                        out.push(Reached::Vertex(Vertex::Escaped(node)));
                    }
                }
                let parts = match &ty {
                    Ty::Fn(_, output) => vec![*output],
                    _ => self.types.parts(at),
                };
                // An impl that nobody reads may ask anything of what the type holds.
                if let Ty::External(..) = ty {
                    out.extend(parts.iter().map(|part| Reached::Demand(Demand { ask: Ask::Escape, ty: *part })));
                }
                // `?` makes a trait object of an error: of what it is, the object's traits are asked.
                if let Ty::Std(head, _) = ty
                    && head == self.program.sym("Box")
                    && &*program.text(name) == "From"
                    && let Some(Ty::Bounded(bounds)) = parts.first().map(|part| self.types.get(*part).clone())
                {
                    let source = args.first().copied().unwrap_or(TyId::UNKNOWN);
                    let mut asked = Vec::new();
                    for bound in bounds.iter() {
                        if let Bound::Std(of, of_args, _) = bound {
                            self.asked_of_std(*of, of_args.clone(), source, &mut asked);
                        }
                    }
                    out.extend(asked.into_iter().map(Reached::Demand));
                }
                if let Ty::Std(head, _) = ty
                    && let Some(key) = parts.first()
                {
                    let mut asked = Vec::new();
                    for of in keys_by(&program.text(head), &program.text(name)) {
                        self.asked_of_std(program.sym(of), Rc::default(), *key, &mut asked);
                    }
                    out.extend(asked.into_iter().map(Reached::Demand));
                }
                // Of two lists, the items are compared, added and so on, each with its like.
                let other = args.first().map(|arg| self.types.peel(*arg));
                let others = other.map(|other| self.types.parts(other)).unwrap_or_default();
                let by_itself = by_itself(&program.text(name));
                let is_clone = matches!(program.text(name).as_str(), "Clone" | "Copy");
                if is_clone && matches!(ty, Ty::Std(head, _) if is_shared(&program.text(head))) {
                    return;
                }
                // What a collection is made of or lent as is its own business, whatever it holds.
                if matches!(ty, Ty::Std(..) | Ty::Slice(_) | Ty::Tuple(_)) && is_outermost(&program.text(name)) {
                    return;
                }
                for (position, part) in parts.iter().enumerate() {
                    // A copy of a list of references holds the same references.
                    if is_clone && matches!(self.types.get(*part), Ty::Ref(_) | Ty::Ptr(_)) {
                        continue;
                    }
                    let args: Rc<[TyId]> = match others.get(position) {
                        Some(other) if by_itself && others.len() == parts.len() => Rc::new([*other]),
                        _ => Rc::default(),
                    };
                    self.answer_at(&again(args), *part, seen, out);
                }
            }
        }
    }

    /// Whether `dyn Error` has a trait only because whatever is an error has it.
    fn is_shown_as_error(&mut self, name: Sym, at: TyId) -> bool {
        let program = self.program;
        if !matches!(program.text(name).as_str(), "Debug" | "Display") {
            return false;
        }
        let (mut is_error, mut is_shown) = (false, false);
        for bound in self.bounds_of(at).iter() {
            match bound {
                Bound::Std(of, ..) => match program.text(*of).as_str() {
                    "Error" => is_error = true,
                    "Send" | "Sync" | "Unpin" => {}
                    _ => is_shown = true,
                },
                Bound::Trait(..) | Bound::ReturnedBy(..) => {}
                _ => is_shown = true,
            }
        }
        is_error && !is_shown
    }

    /// Whether a trait object has a standard trait by an impl for it, and surely not by its bounds.
    fn has_own_impl(&mut self, name: Sym, at: TyId, bounds: &[Bound]) -> bool {
        if bounds.iter().any(|bound| !matches!(bound, Bound::Trait(..))) {
            return false;
        }
        let by_bounds = self.bounds_of(at).iter().any(|bound| match bound {
            Bound::Trait(..) | Bound::Fn(..) => false,
            Bound::Std(of, ..) => implied(self.program, *of).contains(&name),
            Bound::ReturnedBy(..) => false,
            Bound::Iterator(_) | Bound::External(_) | Bound::Unknown => true,
        });
        let loose = self.index.std_loose.get(&name).cloned().unwrap_or_default();
        !by_bounds && loose.iter().any(|id| self.is_for_object(self.index.impls[id].self_ty, bounds))
    }

    /// Whether an impl's header is a trait object of the same traits.
    fn is_for_object(&self, header: TyId, bounds: &[Bound]) -> bool {
        let traits = |bounds: &[Bound]| -> Vec<NodeId> {
            let of = |bound: &Bound| match bound {
                Bound::Trait(node, ..) => Some(*node),
                _ => None,
            };
            bounds.iter().filter_map(of).collect()
        };
        match self.types.get(header) {
            Ty::Bounded(header) => traits(header) == traits(bounds),
            _ => false,
        }
    }

    /// An impl of a standard trait: one member, or whatever the standard library may call.
    fn of_impl(&mut self, answer: &Answer, member: Sym, seen: &mut HashSet<TyId>, out: &mut Vec<Reached>) {
        let program = self.program;
        let name_of = |id: NodeId| program.node(id).decl.as_ref().map_or(Sym::NONE, |decl| decl.name);
        let members = program.members(answer.of);
        let one: Vec<NodeId> = members.iter().copied().filter(|id| name_of(*id) == member).collect();
        if member != Sym::NONE && !one.is_empty() {
            out.push(Reached::Vertex(Vertex::Node(answer.of)));
            for id in one {
                self.call_member(id, &answer.given, &[], out);
            }
            for &id in members {
                if matches!(program.decl(id), Some(DeclKind::Alias(..))) {
                    out.push(Reached::Vertex(Vertex::Node(id)));
                }
            }
            return;
        }
        out.push(Reached::Vertex(Vertex::Node(answer.of)));
        let collect = program.sym("collect");
        for &id in members {
            // Of what another package's iterator collects into, whoever collects asks.
            let own: &[TyId] = match program.is_external(id) && name_of(id) == collect {
                true => &[TyId::NEVER],
                false => &[],
            };
            self.call_member(id, &answer.given, own, out);
            let Some(DeclKind::Alias(_, _, Some(ty))) = program.decl(id) else { continue };
            let Some(used_by) = handed_out(&program.text(name_of(id))) else { continue };
            let declared = self.named_type(id, ty);
            let ty = self.types.substitute(declared, &answer.given);
            let used_by = TraitOf::Std(program.sym(used_by));
            let ask = Ask::Trait { of: used_by, member: Sym::NONE, args: Rc::default(), own: Rc::default() };
            // Another trait: what was seen for this one says nothing.
            let mut inner = HashSet::default();
            if seen.len() < 64 {
                self.answer_at(&ask, ty, &mut inner, out);
            }
        }
    }
}
