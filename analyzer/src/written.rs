//! Which macro expansion wrote each token, kept through expansion.
//!
//! A macro's own locals are hidden from its callers and theirs from it, so a local's name alone doesn't tell which is meant. A
//! token carries its author as a span: that of a line of one text, whose number is how many expansions are around what its
//! author wrote. A body's own tokens have 0, those of the definition that its macro call expands have 1, and so on; what the
//! definitions write that made the body's item has levels of its own.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// Line of level 0: tokens that nobody wrote have the line before.
const FIRST: usize = 2;

/// From here on are the levels of expansions that made an item: more than rustc lets macro calls nest.
pub(crate) const OUTER: u32 = 256;

const LEVELS: usize = 512;

/// The level of a token whose author got lost.
pub(crate) const LOST: u32 = u32::MAX;

/// How many tokens in a row have which level.
pub(crate) type Runs = Vec<(u32, u32)>;

/// A span for each level.
#[derive(Debug)]
pub(crate) struct Levels {
    spans: Vec<Span>,
}

impl Levels {
    pub(crate) fn new() -> Levels {
        let text = "\n".repeat(FIRST - 1) + &"x\n".repeat(LEVELS);
        Levels { spans: text.parse::<TokenStream>().unwrap_or_default().into_iter().map(|tree| tree.span()).collect() }
    }

    /// What tokens of that level carry.
    pub(crate) fn span(&self, level: u32) -> Span {
        self.spans.get(level as usize).copied().unwrap_or_else(Span::call_site)
    }

    /// Gives the tokens of a macro call their levels: where it has no runs, all are the body's own.
    pub(crate) fn mark(&self, tokens: TokenStream, runs: &[(u32, u32)]) -> TokenStream {
        if runs.is_empty() {
            return spanned(tokens, &mut || self.span(0));
        }
        let mut levels = runs.iter().flat_map(|(count, level)| std::iter::repeat_n(*level, *count as usize));
        spanned(tokens, &mut || levels.next().map_or_else(Span::call_site, |level| self.span(level)))
    }
}

/// Tokens with other spans.
pub(crate) fn spanned(tokens: TokenStream, span: &mut impl FnMut() -> Span) -> TokenStream {
    let mark = |tree| match tree {
        TokenTree::Group(group) => TokenTree::Group(Group::new(group.delimiter(), spanned(group.stream(), span))),
        mut tree => {
            tree.set_span(span());
            tree
        }
    };
    tokens.into_iter().map(mark).collect()
}

/// The level of what carries a span of [`Levels`].
pub(crate) fn level(span: Span) -> u32 {
    match span.start().line.checked_sub(FIRST) {
        Some(level) if level < LEVELS => level as u32,
        _ => LOST,
    }
}

/// The levels of tokens, for [`Levels::mark`].
pub(crate) fn runs(tokens: TokenStream) -> Runs {
    fn walk(tokens: TokenStream, runs: &mut Runs) {
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => walk(group.stream(), runs),
                tree => match (level(tree.span()), runs.last_mut()) {
                    (level, Some((count, last))) if *last == level => *count += 1,
                    (level, _) => runs.push((1, level)),
                },
            }
        }
    }
    let mut runs = Vec::new();
    walk(tokens, &mut runs);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_keep_their_levels_through_a_text() {
        let levels = Levels::new();
        let own = levels.mark("x".parse().unwrap(), &[]);
        let made = levels.mark("f('a, [y], \"{x}\", -1)".parse().unwrap(), &[(1, 1), (2, 0), (9, 2)]);
        let all: TokenStream = own.into_iter().chain(made).collect();
        let before = runs(all.clone());
        assert_eq!(before, [(1, 0), (1, 1), (2, 0), (7, 2)]);
        assert_eq!(runs(levels.mark(all.to_string().parse().unwrap(), &before)), before);
    }

    #[test]
    fn a_token_that_no_run_counts_has_no_author() {
        let levels = Levels::new();
        assert_eq!(runs(levels.mark("x y".parse().unwrap(), &[(1, 3)])), [(1, 3), (1, LOST)]);
    }
}
