//! Uses of traits: what they lead to, by the types that they are used on.
//!
//! A use on a type that is known leads to the impls that may be meant. On a parameter it waits until somebody says what the
//! parameter stands for; on a type that nobody knows it leads to every impl whose type is reached.

use std::rc::Rc;

use rustc_hash::FxHashSet as HashSet;

use super::bodies::Body;
use super::select::Answer;
use super::types::{Bound, Given, Ty, TyId};
use super::{Call, Head, Infer, TraitOf, Vertex, has_body};
use crate::ir::{DeclKind, Sym};
use crate::program::{NodeId, Program};

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

/// Calling the first may call the others.
const IMPLIED: &[(&str, &[&str])] = &[
    ("Ord", &["PartialOrd", "Eq", "PartialEq"]),
    ("PartialOrd", &["PartialEq"]),
    ("Eq", &["PartialEq"]),
    ("Hash", &["Hasher"]),
    ("BuildHasher", &["Hasher", "Default"]),
    ("Into", &["From"]),
    ("TryInto", &["TryFrom", "From", "Into"]),
    ("ToString", &["Display"]),
    ("ToOwned", &["Clone", "Borrow"]),
    ("Error", &["Display", "Debug"]),
    ("Iterator", &["IntoIterator", "DoubleEndedIterator", "ExactSizeIterator", "FusedIterator"]),
    ("IntoIterator", &["Iterator", "DoubleEndedIterator", "ExactSizeIterator"]),
    ("DoubleEndedIterator", &["Iterator"]),
    ("ExactSizeIterator", &["Iterator"]),
    ("DerefMut", &["Deref"]),
    ("IndexMut", &["Index"]),
    ("BorrowMut", &["Borrow"]),
    ("Clone", &["Copy"]),
    ("BufRead", &["Read"]),
    ("IntoFuture", &["Future"]),
    ("Sum", &["Add"]),
    ("Product", &["Mul"]),
    ("FromIterator", &["Extend", "Default"]),
];

/// Traits with a type argument: a foreign type may implement them for an analyzed one.
const WITH_ARGUMENT: &[&str] = &[
    "From",
    "TryFrom",
    "Into",
    "TryInto",
    "AsRef",
    "AsMut",
    "Borrow",
    "BorrowMut",
    "Extend",
    "FromIterator",
    "Sum",
    "Product",
    "Index",
    "IndexMut",
];

/// Traits whose argument is the type itself if none is written.
const BY_ITSELF: &[&str] = &[
    "PartialEq",
    "PartialOrd",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "BitAnd",
    "BitOr",
    "BitXor",
    "Shl",
    "Shr",
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
    "BitAndAssign",
    "BitOrAssign",
    "BitXorAssign",
    "ShlAssign",
    "ShrAssign",
];

pub(super) fn by_itself(of: &str) -> bool {
    BY_ITSELF.contains(&of)
}

/// A standard trait, and those that whoever calls it may call.
pub(super) fn implied(program: &Program, of: Sym) -> Vec<Sym> {
    let mut all = vec![of];
    let mut at = 0;
    while at < all.len() {
        let text = program.text(all[at]);
        if let Some((_, others)) = IMPLIED.iter().find(|(name, _)| *name == text) {
            for other in *others {
                let other = program.sym(other);
                if !all.contains(&other) {
                    all.push(other);
                }
            }
        }
        at += 1;
    }
    all
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
                Ty::Never | Ty::Primitive(_) => {}
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
            Ty::Never | Ty::Primitive(_) => {}
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
        for &candidate in program.members(answer.of) {
            let name = name_of(candidate);
            written.push(name);
            // What a macro makes may be any member.
            if member == Sym::NONE || name == member || name == Sym::NONE {
                self.call_member(candidate, &answer.given, own, out);
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
            Ty::Never => {}
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

/// Traits that the standard library implements for no collection, whatever it holds; of those without a name, slices and
/// tuples.
fn is_never(head: &str, of: &str) -> bool {
    // They show nothing of what was locked.
    if matches!(head, "PoisonError" | "TryLockError") {
        return matches!(of, "Debug" | "Display" | "ToString" | "Error");
    }
    let is_collection = matches!(
        head,
        "" | "Vec"
            | "VecDeque"
            | "LinkedList"
            | "HashMap"
            | "HashSet"
            | "BTreeMap"
            | "BTreeSet"
            | "BinaryHeap"
            | "Option"
            | "Result"
            | "Range"
    );
    is_collection
        && matches!(
            of,
            "Display"
                | "ToString"
                | "LowerHex"
                | "UpperHex"
                | "Octal"
                | "Binary"
                | "LowerExp"
                | "UpperExp"
                | "Pointer"
                | "Error"
        )
}

/// Traits whose impls for the standard library's own types use no impl of the same trait for what is in them.
fn is_outermost(of: &str) -> bool {
    matches!(
        of,
        "From" | "Into" | "TryFrom" | "TryInto" | "AsRef" | "AsMut" | "Borrow" | "BorrowMut" | "Index" | "IndexMut"
    )
}

/// What points to a value that its copies share.
fn is_shared(head: &str) -> bool {
    matches!(head, "Rc" | "Arc" | "PhantomData")
}

/// The standard library's collections use other traits of their keys than the one that they are used by: maps are compared
/// key by key, each of which is looked up in the other.
fn keys_by(head: &str, of: &str) -> &'static [&'static str] {
    match (head, of) {
        ("HashMap" | "HashSet", "PartialEq" | "Eq" | "Extend" | "FromIterator" | "From" | "Index") => &["Hash", "Eq"],
        ("HashSet", "BitAnd" | "BitOr" | "BitXor" | "Sub") => &["Hash", "Eq", "Clone"],
        ("BTreeMap" | "BTreeSet" | "BinaryHeap", "Extend" | "FromIterator" | "From" | "Index") => &["Ord"],
        ("BTreeSet", "BitAnd" | "BitOr" | "BitXor" | "Sub") => &["Ord", "Clone"],
        _ => &[],
    }
}

/// Some impls hand out values that the caller, who isn't analyzed, uses by another trait.
pub(crate) fn handed_out(alias: &str) -> Option<&'static str> {
    match alias {
        "IntoIter" => Some("Iterator"),
        "IntoFuture" => Some("Future"),
        "Hasher" => Some("Hasher"),
        "Owned" => Some("Borrow"),
        _ => None,
    }
}

impl Body<'_, '_, '_, '_> {
    /// A standard trait may be used on values of that type, and on what is in them.
    pub(super) fn trigger(&mut self, of: Sym, ty: TyId) {
        for name in implied(self.infer.program, of) {
            let args: Rc<[TyId]> = match by_itself(&self.infer.program.text(name)) && name != of {
                true => Rc::new([ty]),
                false => Rc::default(),
            };
            self.demand(TraitOf::Std(name), Sym::NONE, args, ty);
        }
    }

    /// A trait is used on a type.
    pub(super) fn demand(&mut self, of: TraitOf, member: Sym, args: Rc<[TyId]>, ty: TyId) {
        self.facts.ask(Ask::Trait { of, member, args, own: Rc::default() }, ty);
    }

    pub(super) fn trigger_named(&mut self, of: &str, ty: TyId) {
        let of = self.infer.program.sym(of);
        self.trigger(of, ty);
    }

    /// A standard trait may be used on any type that is reached.
    pub(super) fn trigger_all(&mut self, of: &str) {
        let of = self.infer.program.sym(of);
        for name in implied(self.infer.program, of) {
            self.facts.mention(Vertex::Trigger(name));
            if self.infer.index.std_loose.contains_key(&name)
                && WITH_ARGUMENT.contains(&self.infer.program.text(name).as_str())
            {
                self.facts.mention(Vertex::Loose(name));
            }
        }
    }

    /// A value goes into code that isn't analyzed and that nobody describes.
    pub(super) fn escape(&mut self, ty: TyId) {
        self.facts.ask(Ask::Escape, ty);
    }

    /// Like `escape`, where the callee's own callbacks are triggered anyway.
    pub(super) fn escape_known(&mut self, ty: TyId) {
        self.facts.ask(Ask::EscapeKnown, ty);
    }

    /// A method is called by name on something that nobody knows.
    pub(super) fn method_of_anything(&mut self, name: Sym) {
        if self.infer.index.named.contains_key(&name) {
            self.facts.mention(Vertex::Method(name));
        }
    }

    /// The body was read: what its variables stand for is known now, as far as it ever will be.
    pub(super) fn settle(&mut self) {
        self.progress();
        self.learn_of_several();
        self.literals_by_default();
        for waiting in std::mem::take(&mut self.waiting) {
            // Nobody told what is made: it may hash or compare.
            if let super::waiting::Waiting::Collected(_, item) = waiting {
                for of in ["Hash", "Eq", "Ord"] {
                    self.trigger_named(of, item);
                }
            }
            if let super::waiting::Waiting::Binary(op, left, right, _) = waiting {
                self.operator_used(op, left, right);
            }
        }
        self.tables();
        let mut asked = std::mem::take(&mut self.facts.asked);
        let mut at = 0;
        while let Some((demand, line)) = asked.get(at).cloned() {
            at += 1;
            let demand = self.settled(demand);
            self.facts.line = line;
            if self.infer.is_open(&demand) {
                // Who it will be isn't decided here: that it is asked is.
                self.facts.trace.extend(in_general(&demand.ask));
                if !self.facts.demands.iter().any(|(known, _)| *known == demand) {
                    self.facts.demands.push((demand, line));
                }
                continue;
            }
            let mut answers = self.infer.answer(&demand);
            let program = self.infer.program;
            // Members of an impl come in the order of the text, which is nobody's business.
            if answers.len() > 1 {
                answers.sort_by_cached_key(|reached| match reached {
                    Reached::Call(node, _) | Reached::Vertex(Vertex::Node(node)) => {
                        program.node(*node).identity.clone()
                    }
                    Reached::Vertex(vertex) => vertex.describe(program),
                    Reached::Demand(_) => String::new(),
                });
            }
            for reached in answers {
                match reached {
                    Reached::Vertex(vertex) => self.facts.mention(vertex),
                    Reached::Demand(demand) => {
                        if !asked.iter().any(|(known, _)| *known == demand) {
                            asked.push((demand, line));
                        }
                    }
                    Reached::Call(callee, given) => {
                        self.facts.trace.push(Vertex::Node(callee));
                        self.facts.call(Call { callee, given, line });
                    }
                }
            }
        }
        for (callee, mut given, line) in std::mem::take(&mut self.called) {
            self.settle_given(&mut given);
            self.facts.call(Call { callee, given, line });
        }
    }

    fn settle_given(&mut self, given: &mut Given) {
        for (_, _, ty) in given.iter_mut() {
            let settled = self.infer.types.settled(*ty);
            *ty = self.infer.normal(settled);
        }
    }

    fn settled(&mut self, demand: Demand) -> Demand {
        let infer = &mut *self.infer;
        demand.map(&mut |ty| {
            let settled = infer.types.settled(ty);
            infer.normal(settled)
        })
    }
}

impl Infer<'_, '_, '_> {
    /// Whether an answer depends on what a parameter stands for.
    pub(crate) fn is_open(&self, demand: &Demand) -> bool {
        let (args, own): (&[TyId], &[TyId]) = match &demand.ask {
            Ask::Trait { args, own, .. } => (args, own),
            _ => (&[], &[]),
        };
        args.iter().chain(own).chain([&demand.ty]).any(|ty| self.types.has_params(*ty))
    }

    /// A demand for what the parameters stand for.
    pub(crate) fn substituted(&mut self, demand: &Demand, given: &Given) -> Demand {
        demand.map(&mut |ty| {
            let ty = self.types.substitute(ty, given);
            self.normal(ty)
        })
    }

    /// The bounds that give a type's parameters away: `I: IntoIterator<Item = T>`.
    pub(super) fn bounds_of_given(&mut self, owner: NodeId, name: Sym) -> Vec<Bound> {
        let param = self.types.intern(Ty::Param(owner, name));
        self.bounds_of(param).to_vec()
    }
}

/// What stands in a trace for a use of a trait that no item answers yet.
fn in_general(ask: &Ask) -> Option<Vertex> {
    match ask {
        Ask::Trait { of: TraitOf::Local(node), member, .. } => Some(Vertex::Member(*node, *member)),
        Ask::Trait { of: TraitOf::Std(name), .. } => Some(Vertex::Trigger(*name)),
        _ => Some(Vertex::AllForeign),
    }
}
