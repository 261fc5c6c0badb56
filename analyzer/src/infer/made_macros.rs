//! Macros that macros define in a body: `format_val!` makes `macro_rules! color { .. }` and calls it.
//!
//! They are no items. A call may mean any of its name that was made in the body so far, and what else has the name.

use std::rc::Rc;

use proc_macro2::{Ident, Span};

use super::bodies::Body;
use super::macros::{MAX_DEPTH, templates};
use super::types::TyId;
use crate::expand::{Budget, MacroRules};
use crate::ir::{Expr, MacroCall, Nested, Sym};
use crate::lower::{self, Detail, Made, Position};
use crate::program::NodeId;
use crate::written::LOST;

/// A definition that a macro made.
#[derive(Debug, Clone)]
pub(super) struct MadeMacro {
    name: Sym,
    text: Rc<str>,
    rules: Option<Rc<MacroRules>>,
}

impl Body<'_, '_, '_, '_> {
    pub(super) fn made_macro(&mut self, name: Sym, text: &str) {
        let program = self.infer.program;
        let edition = program.krate(program.module(self.module).krate).edition;
        let id = crate::load::digest(&[b"made macro", &edition.to_le_bytes(), text.as_bytes()]);
        let rules = text.parse().ok().and_then(|body| MacroRules::parse_in(body, edition, false, id).ok());
        self.made_macros.push(MadeMacro { name, text: text.into(), rules: rules.map(Rc::new) });
    }

    /// Whether a call may mean a macro that was made in this body.
    pub(super) fn may_be_made(&self, call: &MacroCall, name: Sym) -> bool {
        call.path.segments.len() == 1 && self.made_macros.iter().any(|made| made.name == name)
    }

    /// Everything that macros of that name mention.
    pub(super) fn bag_made(&mut self, name: Sym) {
        for made in self.made_macros.iter().filter(|made| made.name == name).cloned().collect::<Vec<_>>() {
            templates(&made.text).iter().for_each(|text| self.bag(text));
        }
    }

    /// Reads what each macro of that name makes of a call, `others` among them. `None` if one of them doesn't take it.
    pub(super) fn expand_made(&mut self, call: &MacroCall, name: Sym, others: &[NodeId]) -> Option<TyId> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        if self.depth == 0 {
            self.infer.budget = Budget::for_call(&call.tokens);
        }
        let mut candidates: Vec<Option<Rc<MacroRules>>> = Vec::new();
        for made in self.made_macros.iter().filter(|made| made.name == name) {
            let is_it = |known: &Option<Rc<MacroRules>>| {
                known.as_ref().map(|rules| rules.id) == made.rules.as_ref().map(|rules| rules.id)
            };
            if !candidates.iter().any(is_it) {
                candidates.push(made.rules.clone());
            }
        }
        let (before, mut all) = (self.locals.len(), Vec::new());
        for rules in &candidates {
            let (expr, nested) = self.made_of(rules.as_ref()?, call)?;
            all.push(self.read_made(None, &expr, &nested));
        }
        if !others.is_empty() {
            all.push(self.expand(call, others)?);
        }
        let (first, rest) = all.split_first()?;
        if rest.is_empty() {
            return Some(*first);
        }
        self.locals.forget_types(before);
        Some(if rest.iter().all(|ty| ty == first) { *first } else { TyId::UNKNOWN })
    }

    fn made_of(&mut self, rules: &MacroRules, call: &MacroCall) -> Option<(Expr, Vec<Nested>)> {
        let program = self.infer.program;
        let input = self.infer.levels.mark(call.tokens.parse().ok()?, &call.written.levels);
        // What the definition wrote names locals of whoever wrote the definition, which isn't kept.
        let own = self.infer.levels.span(LOST);
        let krate = Ident::new("crate", Span::call_site());
        let made = rules.expand_written(input, &krate, Some(own), &mut self.infer.budget).ok()?;
        match lower::made(made, Position::Expr, self.line, Detail::Levels, &mut program.symbols.borrow_mut()).ok()? {
            Made::Expr(expr, nested) => Some((expr, nested)),
            Made::Items(_) => None,
        }
    }
}
