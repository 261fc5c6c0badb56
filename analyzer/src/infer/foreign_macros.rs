//! Macro calls in bodies whose `macro_rules!` an external package declares, where cargo has its sources.
//!
//! Its definition counts by the package's version, so all that matters is what the call makes of it.

use proc_macro2::{TokenStream, TokenTree};

use super::bodies::Body;
use super::types::TyId;
use crate::ir::{MacroCall, Sym};
use crate::program::Def;

impl Body<'_, '_, '_, '_> {
    /// Expands a call of another package's macro and reads what it makes; `None` if that isn't known for sure.
    pub(super) fn expand_foreign(&mut self, call: &MacroCall) -> Option<TyId> {
        let program = self.infer.program;
        let names: Vec<Sym> = call.path.segments.iter().map(|segment| segment.name).collect();
        let defs = program.resolve_plain(self.module, call.path.global, &names);
        let [Def::Foreign(id)] = defs[..] else { return None };
        if program.makes_nothing(id, &call.tokens) {
            // What is only asserted while it is compiled runs nowhere.
            self.bag(&call.tokens);
            return Some(TyId::UNIT);
        }
        let node = program.external_macro(id)?;
        let input: TokenStream = call.tokens.parse().ok()?;
        // Macros that log say where they stand, as panics do: of another package's own words that doesn't count. What its
        // input asks for does.
        let silent = !asks(input);
        self.silent += u32::from(silent);
        let made = self.expand(call, &[node]);
        self.silent -= u32::from(silent);
        made
    }
}

/// Whether tokens call a macro, which may be `line!`.
fn asks(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == '!',
        TokenTree::Group(group) => asks(group.stream()),
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    })
}
