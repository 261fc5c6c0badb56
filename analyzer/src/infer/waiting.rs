//! Types that depend on others which aren't known yet, and types that must agree.
//!
//! A body is read once, front to back; what is found out later is put in where somebody waits for it. It must never take a
//! guess for an answer: what nobody tells stays open.

use std::rc::Rc;

use super::TraitOf;
use super::bodies::Body;
use super::types::{Bound, Kind, Ty, TyId};
use crate::ir::{DeclKind, Operator, Sym};
use crate::program::NodeId;

/// A type that will be known once another is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Waiting {
    /// What an operator gives.
    Binary(Operator, TyId, TyId, TyId),
    /// What a collection is made of: the collection, and the iterator's item.
    Collected(TyId, TyId),
    /// What iterating over a value gives: the value, the item.
    Item(TyId, TyId),
    /// An associated type of a type that wasn't known: where it was written, what it stands for.
    Equal(TyId, TyId),
    /// What a conversion that may fail gives if it does: from what, to what, the error.
    Converted(TyId, TyId, TyId),
    /// A type that has a trait: the type, the trait, the trait's arguments.
    Has(TyId, NodeId, Rc<[TyId]>),
}

impl Body<'_, '_, '_, '_> {
    /// The two are one type, as far as coercions go.
    pub(super) fn agree(&mut self, found: TyId, expected: TyId) {
        let (found, expected) = (self.infer.normal(found), self.infer.normal(expected));
        let types = &mut self.infer.types;
        let (a, b) = (types.peel(found), types.peel(expected));
        match (types.get(a).clone(), types.get(b).clone()) {
            (Ty::Std(head, args), Ty::Slice(of)) if head == self.infer.program.words.vec => {
                if let Some(arg) = args.first() {
                    types.same(*arg, of);
                }
            }
            (_, Ty::Assoc(..)) if types.open(a).is_none() => {
                self.waiting.push(Waiting::Equal(expected, found));
            }
            (Ty::Assoc(..), _) if types.open(b).is_none() => {
                self.waiting.push(Waiting::Equal(found, expected));
            }
            _ => {
                types.same(found, expected);
            }
        }
    }

    /// Finds what can be found by now of the types that waited for others.
    pub(super) fn progress(&mut self) {
        self.made_for_traits();
        for _ in 0..8 {
            let waiting = std::mem::take(&mut self.waiting);
            let before = waiting.len();
            for one in waiting {
                if let Some(still) = self.advance(one) {
                    self.waiting.push(still);
                }
            }
            if self.waiting.len() == before {
                break;
            }
        }
    }

    /// What is returned as `impl Trait<A>`, or made a `dyn Trait<A>`, has the trait with these arguments.
    fn made_for_traits(&mut self) {
        let mut at = 0;
        while let Some((of, object)) = self.infer.types.made_objects.get(at).copied() {
            at += 1;
            let Ty::Bounded(bounds) = self.infer.types.get(object).clone() else { continue };
            if !self.infer.types.has_variables(of) && !self.infer.types.has_variables(object) {
                continue;
            }
            for bound in bounds.iter() {
                let Bound::Trait(node, args, _) = bound else { continue };
                let alone = bounds.iter().filter(|other| matches!(other, Bound::Trait(of, ..) if of == node)).count();
                if !args.is_empty() && alone == 1 {
                    let waiting = Waiting::Has(of, *node, args.clone());
                    if !matches!(self.infer.types.get(of), Ty::Bounded(_)) && !self.waiting.contains(&waiting) {
                        self.waiting.push(waiting);
                    }
                }
            }
        }
    }

    fn advance(&mut self, waiting: Waiting) -> Option<Waiting> {
        let is_open = |body: &Self, ty: TyId| {
            matches!(body.infer.types.get(body.infer.types.peel(ty)), Ty::Var(_))
                && body.infer.types.open(body.infer.types.peel(ty)) == Some(Kind::Any)
        };
        match waiting {
            Waiting::Binary(op, left, right, output) => {
                let left = self.infer.normal(left);
                if is_open(self, left) {
                    return Some(waiting);
                }
                let found = self.binary_of(op, left, right);
                self.infer.types.same(output, found);
            }
            Waiting::Collected(made, item) => {
                if is_open(self, made) {
                    return Some(waiting);
                }
                self.collected(made, item);
            }
            Waiting::Item(of, item) => {
                let of = self.infer.normal(of);
                if is_open(self, of) {
                    return Some(waiting);
                }
                let found = self.item_of(of, false);
                self.infer.types.same(item, found);
            }
            Waiting::Converted(from, made, error) => {
                let (from, made) = (self.infer.normal(from), self.infer.normal(made));
                if is_open(self, from) || is_open(self, made) {
                    return Some(Waiting::Converted(from, made, error));
                }
                let found = self.error_of_conversion(from, made);
                let found = self.opened(found);
                self.infer.types.same(error, found);
            }
            Waiting::Has(ty, node, args) => {
                let ty = self.infer.normal(ty);
                if is_open(self, ty) {
                    return Some(Waiting::Has(ty, node, args));
                }
                let found = self.infer.trait_args_of(node, ty).unwrap_or_default();
                for (found, arg) in found.iter().zip(args.iter()) {
                    let found = self.opened(*found);
                    self.agree(found, *arg);
                }
            }
            Waiting::Equal(assoc, other) => {
                let found = self.infer.normal(assoc);
                if matches!(self.infer.types.get(found), Ty::Assoc(..)) {
                    return Some(waiting);
                }
                self.infer.types.same(found, other);
            }
        }
        None
    }

    /// The error of a conversion: what the one impl that may be meant says, or the library's own between numbers.
    fn error_of_conversion(&mut self, from: TyId, made: TyId) -> TyId {
        let program = self.infer.program;
        let (try_from, infallible) = (program.sym("TryFrom"), self.std_type("Infallible"));
        if self.infer.types.peel(from) == self.infer.types.peel(made) {
            return infallible;
        }
        let mut errors = Vec::new();
        for answer in self.infer.select(TraitOf::Std(try_from), made, &[from]) {
            let error = program.members(answer.of).iter().copied().find_map(|member| match program.decl(member) {
                Some(DeclKind::Alias(_, _, Some(ty))) => Some((member, ty)),
                _ => None,
            });
            let Some((member, ty)) = error else { return TyId::UNKNOWN };
            let declared = self.infer.named_type(member, ty);
            errors.push(self.infer.types.substitute(declared, &answer.given));
        }
        let is_number =
            |body: &Self, ty: TyId| matches!(body.infer.types.get(body.infer.types.peel(ty)), Ty::Primitive(_));
        match errors.as_slice() {
            [] if is_number(self, from) && is_number(self, made) => self.std_type("TryFromIntError"),
            [] if !self.infer.select(TraitOf::Std(program.sym("From")), made, &[from]).is_empty() => infallible,
            [] => TyId::UNKNOWN,
            errors => self.infer.merged(errors),
        }
    }

    /// What a collection holds is what was collected.
    fn collected(&mut self, made: TyId, item: TyId) {
        let words = self.infer.program.words;
        let made = self.infer.types.peel(made);
        let Ty::Std(head, args) = self.infer.types.get(made).clone() else { return };
        let item_shape = self.infer.types.get(self.infer.types.find(item)).clone();
        match (self.infer.program.text(head).as_str(), args.as_ref()) {
            ("HashMap" | "BTreeMap", [key, value, ..]) => {
                self.ordered(head, *key);
                if let Ty::Tuple(parts) = item_shape
                    && let [k, v] = parts.as_ref()
                {
                    self.infer.types.same(*key, *k);
                    self.infer.types.same(*value, *v);
                }
            }
            ("Result" | "Option", [inner, ..]) => {
                if let Ty::Std(other, parts) = item_shape
                    && other == head
                    && let Some(part) = parts.first()
                {
                    if let (Some(error), Some(of)) = (args.get(1), parts.get(1))
                        && head == words.result
                    {
                        self.infer.types.same(*error, *of);
                    }
                    self.waiting.push(Waiting::Collected(*inner, *part));
                }
            }
            (
                "Vec" | "VecDeque" | "HashSet" | "BTreeSet" | "BinaryHeap" | "LinkedList" | "Box" | "Rc" | "Arc",
                [of, ..],
            ) => {
                let of = match self.infer.types.get(*of) {
                    Ty::Slice(of) => *of,
                    _ => *of,
                };
                self.ordered(head, of);
                self.infer.types.same(of, item);
            }
            _ => {}
        }
    }

    /// A collection that hashes or compares what it holds.
    fn ordered(&mut self, head: Sym, key: TyId) {
        let of: &[&str] = match self.infer.program.text(head).as_str() {
            "HashMap" | "HashSet" => &["Hash", "Eq"],
            "BTreeMap" | "BTreeSet" | "BinaryHeap" => &["Ord"],
            _ => &[],
        };
        for of in of {
            self.trigger_named(of, key);
        }
    }

    /// The type of two branches.
    pub(super) fn join(&mut self, a: TyId, b: TyId) -> TyId {
        if matches!(self.infer.types.get(a), Ty::Never | Ty::Unknown) {
            return b;
        }
        if !matches!(self.infer.types.get(b), Ty::Never) {
            self.agree(b, a);
        }
        // A trait object wins over what is coerced to it.
        let is_dyn = |body: &Self, ty: TyId| matches!(body.infer.types.get(body.infer.types.peel(ty)), Ty::Bounded(_));
        if is_dyn(self, b) && !is_dyn(self, a) { b } else { a }
    }
}
