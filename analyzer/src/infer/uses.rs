//! What a body reads of the world outside: noted where paths, receivers and macros are resolved.
//!
//! Notes are for reports. They must never become edges or steps of a trace: no fingerprint may depend on them.

use super::bodies::Body;
use super::types::{Ty, TyId};
use crate::inputs::{Match, STD};
use crate::ir::Sym;
use crate::program::{Def, Owner};
use crate::report::InputKind;

/// One place that reads the world outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) line: u32,
    pub(crate) kind: InputKind,
    /// What the code names.
    pub(crate) what: String,
    /// The receiver's type isn't known: something else may be called.
    pub(crate) guessed: bool,
}

impl Body<'_, '_, '_, '_> {
    /// Reading goes on at another line.
    pub(super) fn at(&mut self, line: u32) {
        self.line = line;
        self.facts.line = line;
    }

    fn note(&mut self, found: Option<Match>, guessed: bool) {
        let Some(Match { kind, what }) = found else { return };
        let noted = Use { line: self.line, kind, what, guessed };
        if !self.facts.uses.contains(&noted) {
            self.facts.uses.push(noted);
        }
    }

    /// A function, or a macro, that isn't analyzed.
    pub(super) fn note_def(&mut self, def: Def, is_macro: bool) {
        let Def::Foreign(id) = def else { return };
        let foreign = self.infer.program.foreign(id);
        let package = match foreign.owner {
            Owner::Std => STD,
            Owner::External(id) => self.infer.project.externals[id.0].name.as_str(),
            Owner::Unknown => return,
        };
        let found = self.infer.known.path(self.infer.program, package, &foreign.path, is_macro);
        self.note(found, false);
    }

    /// A macro of the standard library that needs no path.
    pub(super) fn note_macro(&mut self, name: Sym) {
        let found = self.infer.known.path(self.infer.program, STD, &[name], true);
        self.note(found, false);
    }

    /// `Type::name` where the type has another name here.
    pub(super) fn note_member(&mut self, of: TyId, name: Sym) {
        let (infer, program) = (&*self.infer, self.infer.program);
        let found = match infer.types.get(of) {
            Ty::Std(head, _) => infer.known.path(program, STD, &[*head, name], false),
            Ty::External(Some(id), _) => infer.known.path(program, &infer.project.externals[id.0].name, &[name], false),
            Ty::Adt(node, _) => match infer.external_package(*node) {
                Some(package) => infer.known.path(program, package, &[name], false),
                None => None,
            },
            _ => None,
        };
        self.note(found, false);
    }

    /// A method call, before it is known what it calls.
    pub(super) fn note_method(&mut self, receiver: TyId, name: Sym) {
        let program = self.infer.program;
        if self.infer.known.sorted.contains(&name) {
            self.facts.uses.retain(|noted| noted.kind != InputKind::Order);
        }
        if !self.infer.known.mentions(name) {
            return;
        }
        let mut at = receiver;
        for _ in 0..12 {
            at = self.infer.types.peel(at);
            let found = match self.infer.types.get(at) {
                Ty::Std(head, _) => self.infer.known.method(program, STD, Some(*head), name),
                Ty::External(Some(id), _) => {
                    let package = &self.infer.project.externals[id.0].name;
                    self.infer.known.method(program, package, None, name)
                }
                Ty::Adt(node, _) => match self.infer.external_package(*node) {
                    Some(package) => self.infer.known.method(program, package, None, name),
                    None => return,
                },
                Ty::Unknown => {
                    let found = self.infer.known.likely(name);
                    return self.note(found, true);
                }
                _ => return,
            };
            if let Some(found) = found {
                if found.kind != InputKind::Order || self.is_shuffled(at) {
                    self.note(Some(found), false);
                }
                return;
            }
            let Ty::Std(head, _) = *self.infer.types.get(at) else { return };
            match self.infer.std_deref(head, at) {
                Some(target) if target != at => at = target,
                _ => return,
            }
        }
    }

    /// A `for` over something.
    pub(super) fn note_loop(&mut self, over: TyId) {
        let over = self.infer.types.peel(over);
        if self.is_shuffled(over) {
            let Ty::Std(head, _) = self.infer.types.get(over) else { return };
            let what = self.infer.program.text(*head);
            self.note(Some(Match { kind: InputKind::Order, what }), false);
        }
    }

    /// A standard map or set with the standard, random hasher.
    fn is_shuffled(&self, ty: TyId) -> bool {
        let Ty::Std(head, args) = self.infer.types.get(ty) else { return false };
        let hasher = match self.infer.program.text(*head).as_str() {
            "HashMap" => args.get(2),
            "HashSet" => args.get(1),
            _ => return false,
        };
        let Some(hasher) = hasher else { return true };
        let Ty::Std(hasher, _) = self.infer.types.get(*hasher) else { return false };
        // The table knows which hasher is another one each time it is made.
        let made = self.infer.known.path(self.infer.program, STD, &[*hasher, self.infer.program.sym("new")], false);
        made.is_some_and(|made| made.kind == InputKind::Random)
    }

    /// A call ended whose receiver noted what comes after `before`: whether its result still depends on an order.
    pub(super) fn note_result(&mut self, before: usize, name: Sym, result: TyId) {
        let program = self.infer.program;
        // The sum of floats does depend on it.
        let whole = |ty: &Ty| matches!(ty, Ty::Primitive(of) if !program.text(*of).starts_with(['f', '{']));
        let summed = || matches!(program.text(name).as_str(), "sum" | "product") && whole(self.infer.types.get(result));
        if before < self.facts.uses.len() && (self.infer.known.unordered.contains(&name) || summed()) {
            self.forget_order(before);
        }
        self.note_expected(before, result);
    }

    /// A value went into a collection that brings an order of its own, or none: what it was made of lost its order.
    pub(super) fn note_expected(&mut self, before: usize, ty: TyId) {
        let program = self.infer.program;
        let collections = ["BTreeMap", "BTreeSet", "HashMap", "HashSet", "BinaryHeap"];
        if before < self.facts.uses.len()
            && let Ty::Std(head, _) = self.infer.types.get(ty)
            && collections.contains(&program.text(*head).as_str())
        {
            self.forget_order(before);
        }
    }

    fn forget_order(&mut self, before: usize) {
        let mut position = 0;
        self.facts.uses.retain(|noted| {
            position += 1;
            position <= before || noted.kind != InputKind::Order
        });
    }
}
