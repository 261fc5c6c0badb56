//! Rewritings of sources that change nothing that a program can observe.

mod comments;
mod lints;
mod literals;
mod locals;
mod modules;
mod order;
mod punctuation;
mod rustfmt;
mod visibility;

use std::collections::BTreeMap;

use crate::edit::Edits;
use crate::error::ProofError;
use crate::source::Source;
use crate::subject::{Changes, Subject};
use crate::walk::Why;

/// A rewriting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "`name` says it")]
pub enum Rewriting {
    RustfmtDefault,
    RustfmtNarrow,
    RustfmtWide,
    WithoutComments,
    MoreComments,
    Order,
    Locals,
    Visibility,
    Lints,
    Literals,
    Parentheses,
    Commas,
    Modules,
}

impl Rewriting {
    /// All of them.
    pub const ALL: [Rewriting; 13] = [
        Rewriting::RustfmtDefault,
        Rewriting::RustfmtNarrow,
        Rewriting::RustfmtWide,
        Rewriting::WithoutComments,
        Rewriting::MoreComments,
        Rewriting::Order,
        Rewriting::Locals,
        Rewriting::Visibility,
        Rewriting::Lints,
        Rewriting::Literals,
        Rewriting::Parentheses,
        Rewriting::Commas,
        Rewriting::Modules,
    ];

    /// What it does, for tables and for the command line.
    pub fn name(self) -> &'static str {
        match self {
            Rewriting::RustfmtDefault => "rustfmt",
            Rewriting::RustfmtNarrow => "rustfmt-narrow",
            Rewriting::RustfmtWide => "rustfmt-wide",
            Rewriting::WithoutComments => "no-comments",
            Rewriting::MoreComments => "comments",
            Rewriting::Order => "order",
            Rewriting::Locals => "locals",
            Rewriting::Visibility => "visibility",
            Rewriting::Lints => "lints",
            Rewriting::Literals => "literals",
            Rewriting::Parentheses => "parentheses",
            Rewriting::Commas => "commas",
            Rewriting::Modules => "module-files",
        }
    }

    /// Rewrites all sources of `subject`.
    ///
    /// # Errors
    /// [`ProofError::Formatter`], [`ProofError::NotRust`] if what came out doesn't parse.
    pub fn apply(self, subject: &Subject) -> Result<Outcome, ProofError> {
        let each = |rewrite: &dyn Fn(&Source) -> Rewritten| Outcome::of(subject, rewrite);
        let outcome = match self {
            Rewriting::RustfmtDefault => rustfmt::apply(subject, &rustfmt::DEFAULT)?,
            Rewriting::RustfmtNarrow => rustfmt::apply(subject, &rustfmt::NARROW)?,
            Rewriting::RustfmtWide => rustfmt::apply(subject, &rustfmt::WIDE)?,
            Rewriting::WithoutComments => each(&|source| comments::strip(source, subject)),
            Rewriting::MoreComments => each(&|source| comments::add(source, subject)),
            Rewriting::Order => each(&order::reorder),
            Rewriting::Locals => locals::apply(subject),
            Rewriting::Visibility => visibility::apply(subject),
            Rewriting::Lints => each(&|source| lints::rewrite(source, subject)),
            Rewriting::Literals => each(&|source| literals::rewrite(source, subject)),
            Rewriting::Parentheses => each(&|source| punctuation::parentheses(source, subject)),
            Rewriting::Commas => each(&|source| punctuation::commas(source, subject)),
            Rewriting::Modules => modules::apply(subject),
        };
        for (path, bytes) in &outcome.changes {
            let Some(text) = bytes.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()) else { continue };
            if let Err(error) = syn::parse_file(text) {
                let line = error.span().start().line;
                let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_owned();
                let message = format!("{}: {error}: {shown}", self.name());
                return Err(ProofError::NotRust { path: path.clone(), line, message });
            }
        }
        Ok(outcome)
    }
}

/// One file's part.
#[derive(Default)]
pub(crate) struct Rewritten {
    pub(crate) edits: Edits,
    pub(crate) sites: usize,
    pub(crate) skipped: BTreeMap<Why, usize>,
}

impl Rewritten {
    pub(crate) fn skip(&mut self, why: Why, sites: usize) {
        if sites > 0 {
            *self.skipped.entry(why).or_default() += sites;
        }
    }
}

/// What a rewriting did.
#[derive(Default)]
pub struct Outcome {
    /// The files that differ now.
    pub changes: Changes,
    /// How many places were rewritten.
    pub sites: usize,
    pub(crate) skipped: BTreeMap<Why, usize>,
}

impl Outcome {
    fn of(subject: &Subject, rewrite: &dyn Fn(&Source) -> Rewritten) -> Outcome {
        let mut outcome = Outcome::default();
        for source in &subject.sources {
            outcome.add(source, rewrite(source));
        }
        outcome
    }

    pub(crate) fn add(&mut self, source: &Source, rewritten: Rewritten) {
        self.sites += rewritten.sites;
        for (why, count) in rewritten.skipped {
            *self.skipped.entry(why).or_default() += count;
        }
        if !rewritten.edits.is_empty() {
            let text = rewritten.edits.apply(&source.text);
            self.changes.insert(source.path.clone(), Some(text.into_bytes()));
        }
    }

    /// Places that were left alone, because they can be observed or might be.
    pub fn skipped(&self) -> usize {
        self.skipped.values().sum()
    }

    /// Why, by the word.
    pub fn reasons(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        self.skipped.iter().map(|(why, count)| (why.as_str(), *count))
    }
}
