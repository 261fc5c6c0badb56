//! Questions about types: those that are being answered, and answers that were found.
//!
//! A question may lead back to itself; whoever asks it again is told that it's open, and takes what can't be wrong. What is
//! found by that stands on the open question. An answer is kept only if it stands on none but itself, and is found again
//! only from where the same bounds hold: what a name means must not depend on who asked first.

use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

use super::types::{Bound, TyId};
use super::{Infer, TraitOf};
use crate::ir::Sym;
use crate::program::NodeId;

/// How many questions may lead to each other.
const MAX_OPEN: usize = 64;

/// What may lead back to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether a type may have a trait.
    Has(TraitOf, TyId),
    /// What an associated type of a type is.
    Projection(TyId, Sym),
    /// What an alias or a parameter's default stands for.
    Named(NodeId),
    /// What a type is bound by.
    BoundsOf(TyId),
    /// Types of an item's signature, of the fields of one of its variants, or of the bounds of one of its parameters.
    Declared(NodeId, Sym),
}

/// A question that is being answered.
#[derive(Debug)]
pub(super) struct Open {
    question: Question,
    binder: Option<NodeId>,
    /// The place of the first question that its answer stands on; its own if none before it.
    stands_on: usize,
}

/// What was found out about types.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Bounds with those of their traits.
    pub(super) bounds: HashMap<TyId, Rc<Vec<Bound>>>,
    /// The same with associated types as they are written.
    pub(super) all_bounds: HashMap<TyId, Rc<Vec<Bound>>>,
    /// Bounds of associated types as they are written.
    pub(super) of_assocs: HashMap<TyId, Rc<Vec<Bound>>>,
    pub(super) projections: HashMap<(TyId, Sym), TyId>,
    /// Which types may have a trait, by how deep the question was.
    pub(super) has: HashMap<(TraitOf, TyId, u32), bool>,
}

impl Infer<'_, '_, '_> {
    /// Begins to answer, unless the question is open already or too many are.
    pub(super) fn ask(&mut self, question: Question) -> bool {
        let is_it = |open: &Open| open.question == question && open.binder == self.binder;
        let stands_on = match self.open.iter().position(is_it) {
            Some(position) => position,
            None if self.is_full() => 0,
            None => {
                self.begin(question);
                return true;
            }
        };
        for open in &mut self.open[stands_on..] {
            open.stands_on = open.stands_on.min(stands_on);
        }
        false
    }

    /// Whether no further question is taken: whoever asks knows nothing then.
    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= MAX_OPEN
    }

    /// Begins to answer what never leads back to itself.
    pub(super) fn begin(&mut self, question: Question) {
        self.open.push(Open { question, binder: self.binder, stands_on: self.open.len() });
    }

    /// The last question is answered: whether the answer stands on no open one.
    pub(super) fn answered(&mut self) -> bool {
        self.open.pop().is_none_or(|open| open.stands_on == self.open.len())
    }

    /// Whether some associated type is being found out.
    pub(super) fn is_projecting(&self) -> bool {
        self.open.iter().any(|open| matches!(open.question, Question::Projection(..)))
    }

    /// Answers about a type: what has no parameter is the same everywhere.
    pub(super) fn answers_for(&mut self, ty: TyId) -> &mut Answers {
        if self.types.has_params(ty) { &mut self.here } else { &mut self.everywhere }
    }

    /// From here on, parameters are bound as in this function's body, or as they are declared.
    pub(crate) fn look_from(&mut self, function: Option<NodeId>) {
        let binder = function.filter(|function| self.binds(*function));
        if self.binder != binder {
            self.binder = binder;
            self.here = Answers::default();
        }
    }

    /// Reads something where parameters are bound as in a function, or as they are declared.
    pub(super) fn seen_from<T>(&mut self, function: Option<NodeId>, read: impl FnOnce(&mut Self) -> T) -> T {
        let binder = function.filter(|function| self.binds(*function));
        if self.binder == binder {
            return read(self);
        }
        let outer = (std::mem::replace(&mut self.binder, binder), std::mem::take(&mut self.here));
        let found = read(self);
        (self.binder, self.here) = outer;
        found
    }

    /// Whether a function's `where` binds a parameter of its impl or trait.
    fn binds(&self, function: NodeId) -> bool {
        let generics = self.program.decl(function).and_then(super::declared::generics);
        let wheres = generics.map_or(&[][..], |generics| &generics.wheres);
        !wheres.is_empty() && self.program.node(function).owner.is_some()
    }

    /// What headers tell while not all of them are known is asked again.
    pub(super) fn forget_answers(&mut self) {
        self.everywhere = Answers::default();
        self.here = Answers::default();
        self.bounds.clear();
        self.super_bounds.clear();
    }
}
