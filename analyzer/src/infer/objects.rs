//! What trait objects are made of, and what a function returns as `impl Trait`.

use std::rc::Rc;

use super::TraitOf;
use super::bodies::Body;
use super::types::{Bound, Ty, TyId};
use crate::ir::Sym;

impl Body<'_, '_, '_, '_> {
    /// The table of a trait object holds all methods of its trait, for the type that it was made of.
    pub(super) fn tables(&mut self) {
        // In the order of the code: no type's place among types decides anything.
        let mut made: Vec<(TyId, TyId)> = Vec::new();
        for one in std::mem::take(&mut self.infer.types.made_objects) {
            if !made.contains(&one) {
                made.push(one);
            }
        }
        let hidden = self.infer.hidden_outputs(self.scope.node);
        let returned = self.infer.returned(self.scope.node);
        let others = std::mem::take(&mut self.infer.types.alternatives);
        let mut at = 0;
        while let Some((of, object)) = made.get(at).copied() {
            at += 1;
            for (a, b) in &others {
                for (one, other) in [(*a, *b), (*b, *a)] {
                    if one == of && !made.contains(&(other, object)) {
                        made.push((other, object));
                    }
                }
            }
        }
        let mut lost = Vec::new();
        for ty in std::mem::take(&mut self.infer.types.lost) {
            self.library_objects(ty, 0, &mut lost);
        }
        lost.into_iter().for_each(|of| self.trigger(of, TyId::UNKNOWN));
        for (of, object) in made {
            let Ty::Bounded(bounds) = self.infer.types.get(object).clone() else { continue };
            if Some(object) == returned {
                self.returns_hidden(of);
            }
            if matches!(self.infer.types.get(of), Ty::Bounded(_)) {
                continue;
            }
            let is_hidden = hidden.contains(&object);
            for bound in bounds.iter() {
                let (node, args) = match bound {
                    // It has no table: what is called of it is asked where it is called.
                    Bound::Trait(node, ..) if is_hidden && !self.infer.program.is_external(*node) => continue,
                    Bound::Trait(node, args, _) => (node, args),
                    Bound::Std(name, ..) => {
                        self.trigger(*name, of);
                        continue;
                    }
                    Bound::External(_) | Bound::Unknown => {
                        self.escape(of);
                        continue;
                    }
                    _ => continue,
                };
                let (mut traits, mut std) = (Vec::new(), Vec::new());
                self.infer.supertraits(*node, &mut traits, &mut std);
                for of_trait in traits {
                    let args = if of_trait == *node { args.clone() } else { Rc::default() };
                    self.demand(TraitOf::Local(of_trait), Sym::NONE, args, of);
                }
            }
        }
    }

    /// The standard library's traits of which objects are in a type.
    fn library_objects(&self, ty: TyId, depth: usize, out: &mut Vec<Sym>) {
        if let Ty::Bounded(bounds) = self.infer.types.get(ty) {
            for bound in bounds.iter() {
                match bound {
                    Bound::Std(of, ..) if !out.contains(of) => out.push(*of),
                    Bound::Iterator(_) if !out.contains(&self.infer.program.words.iterator) => {
                        out.push(self.infer.program.words.iterator);
                    }
                    _ => {}
                }
            }
        }
        if depth < 8 {
            self.infer.types.parts(ty).into_iter().for_each(|part| self.library_objects(part, depth + 1, out));
        }
    }

    /// What a body returns as `impl Trait`. All that it returns so is of one type: of two, one was read wrongly.
    fn returns_hidden(&mut self, of: TyId) {
        let of = self.infer.types.settled(of);
        let of = self.infer.normal(of);
        let is_bare = matches!(self.infer.types.get(self.infer.types.peel(of)), Ty::Bounded(_));
        let found = match self.facts.returned {
            Some(known) if known != of => TyId::UNKNOWN,
            // Of one that isn't compiled, another type may be known than of one that is.
            _ if self.uncertain => TyId::UNKNOWN,
            // A trait object behind it isn't what is returned, but something that was made of it.
            _ if is_bare && !self.infer.types.has_returned(of) => TyId::UNKNOWN,
            _ => of,
        };
        self.facts.returned = Some(found);
    }
}
