//! Where each token was written, kept through macro expansion: only for who asks, since every token costs.
//!
//! A token carries its place as a span: that of the line, in a text made here, whose number stands for file and line. It
//! must never decide what is reached or hashed.

use std::collections::BTreeSet;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use rustc_hash::FxHashMap as HashMap;

use crate::ir::Written;
use crate::load::FileId;

/// Line of the first place: tokens that were written nowhere have the line before.
const FIRST: usize = 2;

/// Lines of files, by number.
#[derive(Debug, Default)]
pub(crate) struct Places {
    list: Vec<(FileId, u32)>,
    numbers: HashMap<(FileId, u32), u32>,
    /// Of each number the span; more of them than numbers in use.
    spans: Vec<Span>,
}

impl Places {
    /// File and line of a number.
    pub(crate) fn get(&self, number: u32) -> Option<(FileId, u32)> {
        self.list.get(number as usize).copied()
    }

    /// Gives the tokens of a text that was written in `file` their places.
    pub(crate) fn mark(&mut self, tokens: TokenStream, file: FileId, written: &Written) -> TokenStream {
        let mut runs = written.runs.iter().flat_map(|(count, place)| std::iter::repeat_n(*place, *count as usize));
        self.marked(tokens, &mut |places, span| match written.line {
            0 => {
                runs.next().and_then(|place| places.spans.get(place as usize).copied()).unwrap_or_else(Span::call_site)
            }
            line => places.span(file, line + (span.start().line as u32).saturating_sub(1)),
        })
    }

    fn marked(&mut self, tokens: TokenStream, span: &mut impl FnMut(&mut Self, Span) -> Span) -> TokenStream {
        let mark = |tree| match tree {
            TokenTree::Group(group) => {
                let mut marked = Group::new(group.delimiter(), self.marked(group.stream(), span));
                marked.set_span(Span::call_site());
                TokenTree::Group(marked)
            }
            mut tree => {
                tree.set_span(span(self, tree.span()));
                tree
            }
        };
        tokens.into_iter().map(mark).collect()
    }

    fn span(&mut self, file: FileId, line: u32) -> Span {
        let next = self.list.len() as u32;
        let number = *self.numbers.entry((file, line)).or_insert(next);
        if number == next {
            self.list.push((file, line));
        }
        if self.spans.len() <= number as usize {
            self.grow();
        }
        self.spans.get(number as usize).copied().unwrap_or_else(Span::call_site)
    }

    /// Doubles the spans, so that all texts together stay as large as the last.
    fn grow(&mut self) {
        let have = self.spans.len();
        let text = "\n".repeat(have + FIRST - 1) + &"x\n".repeat(have.max(1024));
        self.spans.extend(text.parse::<TokenStream>().unwrap_or_default().into_iter().map(|tree| tree.span()));
    }
}

/// The numbers of all places that the tokens were written at, sorted.
pub(crate) fn of(tokens: TokenStream) -> Vec<u32> {
    let mut found = BTreeSet::new();
    each(tokens, &mut |span| found.extend(number(span)));
    found.into_iter().collect()
}

/// How many tokens in a row were written at which place. Those of no place have a number that nobody has.
pub(crate) fn runs(tokens: TokenStream) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    each(tokens, &mut |span| {
        let place = number(span).unwrap_or(u32::MAX);
        match runs.last_mut() {
            Some((count, last)) if *last == place => *count += 1,
            _ => runs.push((1, place)),
        }
    });
    runs
}

fn number(span: Span) -> Option<u32> {
    span.start().line.checked_sub(FIRST).map(|number| number as u32)
}

fn each(tokens: TokenStream, found: &mut impl FnMut(Span)) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => each(group.stream(), found),
            tree => found(tree.span()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_keep_their_lines_through_a_text_without_lines() {
        let (here, there) = (FileId(1), FileId(2));
        let mut places = Places::default();
        let first = places.mark("fn\n f".parse().unwrap(), here, &Written::at(10));
        let second = places.mark("(\n x)".parse().unwrap(), there, &Written::at(7));
        let all: TokenStream = first.into_iter().chain(second).collect();
        let written = Written { runs: runs(all.clone()), ..Written::at(0) };
        let again = places.mark(all.to_string().parse().unwrap(), here, &written);
        let found: Vec<_> = of(again).into_iter().filter_map(|number| places.get(number)).collect();
        assert_eq!(found, [(here, 10), (here, 11), (there, 8)]);
    }

    #[test]
    fn there_is_a_place_for_every_line_of_a_long_file() {
        let mut places = Places::default();
        for line in 1..5000 {
            places.span(FileId(0), line);
        }
        let last = places.span(FileId(0), 4999);
        assert_eq!(number(last).and_then(|number| places.get(number)), Some((FileId(0), 4999)));
    }
}
