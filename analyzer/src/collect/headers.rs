//! Macro calls that stand for the self type of an impl: `impl Shape for pair![u32] { .. }`.
//!
//! What can't be expanded here stays a call: then nobody knows which type the impl is for, and it may be for any.

use std::rc::Rc;

use proc_macro2::{Ident, Span};

use super::macros::MAX_DEPTH;
use super::{Collector, Place};
use crate::expand::Budget;
use crate::ir::{Decl, DeclKind, MacroCall, Type};
use crate::lower;

impl Collector<'_, '_> {
    /// An impl for the type that the macro calls in its place make.
    pub(super) fn with_self_type(&mut self, decl: &Rc<Decl>, place: &Place) -> Option<Rc<Decl>> {
        let DeclKind::Impl(of) = &decl.kind else { return None };
        let Type::Macro(call) = &of.self_ty else { return None };
        let (self_ty, text) = self.made_type(call, place)?;
        let mut of = of.clone();
        // The same call makes the same type wherever else it stands in the header.
        of.header = of.header.replace(&of.self_text, &text);
        (of.self_ty, of.self_text, of.self_call) = (self_ty, text, Some(call.clone()));
        let mut decl = (**decl).clone();
        decl.kind = DeclKind::Impl(of);
        Some(Rc::new(decl))
    }

    /// The type that a call makes, and its text.
    fn made_type(&mut self, call: &MacroCall, place: &Place) -> Option<(Type, String)> {
        if place.calls == 0 {
            self.budget = Budget::for_call(&call.tokens);
        }
        let mut call = call.clone();
        for _ in place.calls..MAX_DEPTH {
            let [name] = &call.path.segments[..] else { return None };
            let [node] = self.in_scope(name.name)[..] else { return None };
            let rules = self.program.macros.get(&node)?.clone()?;
            let krate = self.crate_ident(self.program.node(node).krate.unwrap_or(self.krate));
            let ident = Ident::new(&krate, Span::call_site());
            let made = rules.expand(call.tokens.parse().ok()?, &ident, &mut self.budget).ok()?;
            match lower::made_type(made, call.line, self.program.symbols.get_mut()).ok()? {
                (Type::Macro(inner), _) => call = *inner,
                found => return Some(found),
            }
        }
        None
    }
}
