//! Expands `macro_rules!` macros, on tokens.
//!
//! A macro is compiled once and expanded often. Matching advances all possible positions of a pattern in step, as rustc
//! does, so it never backtracks. Whatever the input is, nothing here may panic, hang or grow without bound: a macro that
//! can't be expanded is an error, and what to do about it is the caller's business. Which tokens the definition wrote, spans
//! tell; what they mean then, whoever reads the output decides.

mod definition;
mod fragment;
mod matcher;
mod names;
#[cfg(test)]
mod tests;
mod token;
mod transcribe;

use std::fmt;
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use rustc_hash::FxHashSet as HashSet;

use crate::source::Digest;
use definition::Arm;

/// Groups nested deeper than this are refused: tokens are walked recursively, here and in syn.
const MAX_DEPTH: usize = 128;

/// A bound on syn's recursion, in tenths of a group or a prefix operator. Unoptimized, it takes up to 6 MiB of stack.
const MAX_NESTING: usize = 1600;

/// A compiled `macro_rules!` macro.
#[derive(Debug, Clone)]
pub(crate) struct MacroRules {
    arms: Vec<Arm>,
    /// Stands for the definition, wherever it is.
    pub(crate) id: Digest,
    /// Names in it that may be those of locals.
    names: Rc<HashSet<String>>,
}

/// How many tokens expansions may still produce.
///
/// Share one between all expansions of a crate, or of an item: a macro that recurses without end uses it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Tokens left. A group counts as one token and all that is in it.
    pub(crate) tokens: usize,
}

impl Budget {
    /// What one call of the user's may make, the calls in its output included: room for every honest table, and an end to
    /// those that double at each level.
    pub(crate) fn for_call(input: &str) -> Budget {
        Budget { tokens: 150_000 + 10 * input.len() }
    }
}

/// Why a macro can't be expanded.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub(crate) enum ExpandError {
    /// The definition isn't one that rustc would take.
    Malformed {
        /// What is wrong with it.
        message: &'static str,
    },
    /// The input matches none of the macro's arms.
    NoMatch,
    /// Variables of one repetition matched a different number of times.
    Repetition {
        /// What is wrong with the repetition.
        message: &'static str,
    },
    /// The budget is used up.
    TooLarge,
    /// The tokens are nested too deeply.
    TooDeep,
}

impl fmt::Display for ExpandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExpandError::Malformed { message } => write!(f, "malformed macro definition: {message}"),
            ExpandError::NoMatch => f.write_str("no arm of the macro matches"),
            ExpandError::Repetition { message } => write!(f, "malformed repetition in a macro: {message}"),
            ExpandError::TooLarge => f.write_str("the macro's expansion is too large, or has no end"),
            ExpandError::TooDeep => f.write_str("the macro's tokens are nested too deeply"),
        }
    }
}

impl std::error::Error for ExpandError {}

impl MacroRules {
    /// Compiles what stands inside `macro_rules! name { .. }`, or after the name of a `macro`, by the rules of edition 2021.
    ///
    /// # Errors
    /// [`ExpandError::Malformed`] if rustc would refuse the definition, [`ExpandError::TooDeep`].
    #[cfg(test)]
    pub(crate) fn parse(body: TokenStream) -> Result<MacroRules, ExpandError> {
        MacroRules::parse_in(body, 2021, false, Digest::default())
    }

    /// Like [`MacroRules::parse`], for a macro that is defined in a crate of `edition`: it decides what `pat` and `expr` take. With
    /// `inner`, the macros that it calls are its own crate's (`local_inner_macros`). `id` stands for all of that.
    ///
    /// # Errors
    /// As [`MacroRules::parse`].
    pub(crate) fn parse_in(
        body: TokenStream,
        edition: u16,
        inner: bool,
        id: Digest,
    ) -> Result<MacroRules, ExpandError> {
        token::check_depth(&body)?;
        let mut found = HashSet::default();
        names::may_be_locals(body.clone(), &mut found);
        Ok(MacroRules { arms: definition::arms(body, edition, inner)?, id, names: Rc::new(found) })
    }

    /// Whether a name of the input may be one that the definition binds, or the other way round.
    pub(crate) fn shares_names(&self, input: TokenStream) -> bool {
        let mut given = HashSet::default();
        names::may_be_locals(input, &mut given);
        !given.is_disjoint(&self.names)
    }

    /// Expands one call. `krate` stands in for `$crate`.
    ///
    /// What a fragment (`$x:expr`, `$t:ty`, all but `ident`, `lifetime` and `tt`) matched comes out as a group without
    /// delimiters, except blocks, `let` statements and an empty `vis`. Tokens keep the spans
    /// that they have in input and definition. The first arm that matches wins; a fragment that doesn't parse fails its arm only.
    ///
    /// # Errors
    /// [`ExpandError::NoMatch`], [`ExpandError::Repetition`], and [`ExpandError::TooLarge`] or [`ExpandError::TooDeep`]
    /// if the expansion outgrows its bounds.
    pub(crate) fn expand(
        &self,
        input: TokenStream,
        krate: &Ident,
        limit: &mut Budget,
    ) -> Result<TokenStream, ExpandError> {
        self.expand_written(input, krate, None, limit)
    }

    /// Like [`MacroRules::expand`]; tokens that the definition wrote get the span `own`, if there is one.
    ///
    /// # Errors
    /// As [`MacroRules::expand`].
    pub(crate) fn expand_written(
        &self,
        input: TokenStream,
        krate: &Ident,
        own: Option<Span>,
        limit: &mut Budget,
    ) -> Result<TokenStream, ExpandError> {
        token::check_depth(&input)?;
        let (arm, bindings) = matcher::first_match(&self.arms, input, krate)?;
        transcribe::transcribe(arm, &bindings, krate, own, limit)
    }
}
