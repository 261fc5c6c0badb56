//! A source file with its syntax, and where its tokens stand.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;

/// A file of Rust code.
pub(crate) struct Source {
    /// The loader's path.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) syntax: syn::File,
    /// Where each token stands: one that holds no others, a delimiter, a whole documentation comment.
    pub(crate) leaves: Vec<Range<usize>>,
}

impl Source {
    /// `None` for what doesn't parse, and for files whose offsets syn shifts (a byte order mark, a `#!` line).
    pub(crate) fn parse(path: &str, text: &str) -> Option<Source> {
        if text.starts_with('\u{feff}') || text.starts_with("#!") && !text.starts_with("#![") {
            return None;
        }
        let stream: TokenStream = text.parse().ok()?;
        let mut leaves = Vec::new();
        collect(&stream, &mut leaves);
        let syntax = syn::parse2(stream).ok()?;
        Some(Source { path: path.to_owned(), text: text.to_owned(), syntax, leaves })
    }

    /// The text of a node.
    pub(crate) fn of(&self, node: &impl Spanned) -> &str {
        &self.text[range(node)]
    }
}

fn collect(stream: &TokenStream, out: &mut Vec<Range<usize>>) {
    let mut tokens = stream.clone().into_iter();
    while let Some(token) = tokens.next() {
        match token {
            // Each token of a documentation comment spans all of it.
            TokenTree::Punct(punct) if punct.as_char() == '#' && punct.span().byte_range().len() > 1 => {
                let range = punct.span().byte_range();
                if let Some(TokenTree::Punct(_)) = tokens.next() {
                    tokens.next();
                }
                out.push(range);
            }
            TokenTree::Group(group) => {
                let braced = group.delimiter() != Delimiter::None;
                if braced {
                    out.push(group.span_open().byte_range());
                }
                collect(&group.stream(), out);
                if braced {
                    out.push(group.span_close().byte_range());
                }
            }
            token => out.push(token.span().byte_range()),
        }
    }
}

/// Where a node stands.
pub(crate) fn range(node: &impl Spanned) -> Range<usize> {
    node.span().byte_range()
}

/// Calls `see` for each token, those in groups included.
pub(crate) fn each(stream: &TokenStream, see: &mut impl FnMut(&TokenTree)) {
    for token in stream.clone() {
        see(&token);
        if let TokenTree::Group(group) = &token {
            each(&group.stream(), see);
        }
    }
}
