//! Lowers what macro calls make where items stand.
//!
//! Where a call and its macro's definition have names in common, the bodies of what it makes need to know who wrote which; hashes
//! need the tokens as they stand. Then it is lowered twice, and each takes its own.

use std::rc::Rc;

use proc_macro2::{Span, TokenStream};

use super::Collector;
use crate::ir::{Decl, DeclKind, MacroCall};
use crate::lower::{self, Detail, Made, Position};

/// What is lowered: where the call stands, and what makes tokens of its input.
pub(super) struct Making<'m> {
    pub(super) call: &'m MacroCall,
    pub(super) position: Position,
    pub(super) line: u32,
    /// The level of what the definition writes, if it matters: see [`Levels`](crate::written::Levels).
    pub(super) own: Option<u32>,
    /// Whether so few tokens come out that they need no look.
    pub(super) few: bool,
}

impl Collector<'_, '_> {
    /// Lowers what `make` makes of a call's input, which it writes nothing into.
    pub(super) fn made(
        &mut self,
        call: &MacroCall,
        input: TokenStream,
        line: u32,
        make: impl Fn(TokenStream) -> Option<TokenStream>,
    ) -> Option<Made> {
        let making = Making { call, position: Position::Items, line, own: None, few: false };
        self.lowered(&making, make(input)?, |input, _| make(input))
    }

    /// Lowers `made`, which came of the call's input; `make` makes it once more of an input whose tokens have levels.
    pub(super) fn lowered(
        &mut self,
        making: &Making<'_>,
        made: TokenStream,
        make: impl FnOnce(TokenStream, Option<Span>) -> Option<TokenStream>,
    ) -> Option<Made> {
        let Making { call, position, line, own, few } = *making;
        let lower = if few { lower::made_of_bounded } else { lower::made };
        let detail = self.detail();
        let mut plain = lower(made, position, line, detail, self.program.symbols.get_mut()).ok()?;
        // Of what external packages declare nobody reads bodies.
        if (own.is_none() && call.written.levels.is_empty()) || detail == Detail::Declarations {
            return Some(plain);
        }
        let input = self.levels.mark(call.tokens.parse().ok()?, &call.written.levels);
        let made = make(input, own.map(|level| self.levels.span(level)))?;
        let mut found = lower(made, position, line, Detail::Levels, self.program.symbols.get_mut()).ok()?;
        if let (Made::Items(items), Made::Items(plain)) = (&mut found, &mut plain) {
            each_stands_as(items, plain);
        }
        Some(found)
    }
}

/// Gives items the hashes and places of others that are the same but for levels.
fn each_stands_as(items: &mut [Rc<Decl>], plain: &mut [Rc<Decl>]) {
    for (item, plain) in items.iter_mut().zip(plain) {
        stands_as(Rc::make_mut(item), Rc::make_mut(plain));
    }
}

fn stands_as(item: &mut Decl, plain: &mut Decl) {
    item.hash = plain.hash;
    item.written = std::mem::take(&mut plain.written);
    for (nested, plain) in item.nested.iter_mut().zip(&mut plain.nested) {
        each_stands_as(&mut nested.items, &mut plain.items);
    }
    match (&mut item.kind, &mut plain.kind) {
        (DeclKind::Module(Some(items)), DeclKind::Module(Some(plain)))
        | (DeclKind::Foreign(items), DeclKind::Foreign(plain))
        | (DeclKind::Trait(_, _, items), DeclKind::Trait(_, _, plain)) => each_stands_as(items, plain),
        (DeclKind::Impl(of), DeclKind::Impl(plain)) => each_stands_as(&mut of.members, &mut plain.members),
        (DeclKind::MacroRules(_, written), DeclKind::MacroRules(_, plain)) => {
            written.runs = std::mem::take(&mut plain.runs);
        }
        (DeclKind::MacroCall(call), DeclKind::MacroCall(plain))
        | (DeclKind::Statement(call), DeclKind::Statement(plain)) => {
            call.written.runs = std::mem::take(&mut plain.written.runs);
            call.exact = plain.exact;
        }
        _ => {}
    }
}
