//! Tokens as `macro_rules!` sees them: punctuation glued together, a lifetime as one token, undelimited groups opaque.

use proc_macro2::{Delimiter, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};
use syn::buffer::Cursor;

use super::{ExpandError, MAX_DEPTH, MAX_NESTING};

/// Punctuation of one to three characters, the rest of the array zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glued([u8; 3]);

impl Glued {
    /// A dollar sign.
    pub(super) const DOLLAR: Glued = Glued([b'$', 0, 0]);

    /// Whether it is just `text`.
    pub(super) fn is(self, text: &str) -> bool {
        self.text() == text.as_bytes()
    }

    /// Its characters.
    pub(super) fn text(&self) -> &[u8] {
        let len = self.0.iter().position(|&c| c == 0).unwrap_or(3);
        self.0.get(..len).unwrap_or_default()
    }

    /// The longest operator that the pieces make, as rustc's lexer glues them.
    fn longest(chars: [u8; 3]) -> Glued {
        let [a, b, c] = chars;
        match &chars {
            b"<<=" | b">>=" | b"..." | b"..=" => Glued(chars),
            _ if c != 0 => Glued::longest([a, b, 0]),
            _ => match &[a, b] {
                b"=>" | b"==" | b"<=" | b"<<" | b"<-" | b">=" | b">>" | b"!=" | b"&&" | b"||" | b"+=" | b"-="
                | b"->" | b"*=" | b"/=" | b"%=" | b"^=" | b"&=" | b"|=" | b".." | b"::" => Glued([a, b, 0]),
                _ => Glued([a, 0, 0]),
            },
        }
    }
}

/// One token of the input.
#[derive(Debug)]
pub(super) enum Token {
    /// The end of the input, or of the group.
    End,
    Ident(Ident),
    /// A lifetime; its name without the quote.
    Lifetime(Ident),
    Punct(Glued),
    Literal(Literal),
    /// A group; without delimiters, it is a fragment that another macro matched.
    Group(Delimiter),
}

/// A token of a pattern, to compare with.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    Ident(String),
    Lifetime(String),
    Punct(Glued),
    Literal(String),
}

impl Expected {
    /// Whether `token` is the same token.
    pub(super) fn matches(&self, token: &Token) -> bool {
        match (self, token) {
            (Expected::Ident(name), Token::Ident(ident)) | (Expected::Lifetime(name), Token::Lifetime(ident)) => {
                ident == name
            }
            (Expected::Punct(expected), Token::Punct(punct)) => expected == punct,
            (Expected::Literal(text), Token::Literal(literal)) => *text == literal.to_string(),
            _ => false,
        }
    }

    /// Whether it is the punctuation `text`.
    pub(super) fn is_punct(&self, text: &str) -> bool {
        matches!(self, Expected::Punct(punct) if punct.is(text))
    }
}

impl Token {
    /// Whether it is the punctuation `text`.
    pub(super) fn is_punct(&self, text: &str) -> bool {
        matches!(self, Token::Punct(punct) if punct.is(text))
    }

    /// The same token in a pattern; none for the end and for groups.
    pub(super) fn expected(&self) -> Option<Expected> {
        match self {
            Token::Ident(ident) => Some(Expected::Ident(ident.to_string())),
            Token::Lifetime(ident) => Some(Expected::Lifetime(ident.to_string())),
            Token::Punct(punct) => Some(Expected::Punct(*punct)),
            Token::Literal(literal) => Some(Expected::Literal(literal.to_string())),
            Token::End | Token::Group(_) => None,
        }
    }
}

/// The token at the cursor, and the cursor behind it. Groups without delimiters are not looked into.
pub(super) fn read(cursor: Cursor<'_>) -> (Token, Cursor<'_>) {
    let Some((tree, mut rest)) = cursor.token_tree() else { return (Token::End, cursor) };
    let token = match tree {
        TokenTree::Ident(ident) => Token::Ident(ident),
        TokenTree::Literal(literal) => Token::Literal(literal),
        TokenTree::Group(group) => Token::Group(group.delimiter()),
        TokenTree::Punct(punct) => {
            let mut joint = punct.spacing() == Spacing::Joint;
            if punct.as_char() == '\'' {
                if let Some((TokenTree::Ident(ident), after)) = rest.token_tree() {
                    return (Token::Lifetime(ident), after);
                }
                joint = false;
            }
            let mut chars = [ascii(punct.as_char()), 0, 0];
            let mut ends = [rest; 3];
            for (slot, end) in chars.iter_mut().zip(&mut ends).skip(1) {
                if !joint {
                    break;
                }
                let Some((TokenTree::Punct(next), after)) = rest.token_tree() else { break };
                *slot = ascii(next.as_char());
                rest = after;
                *end = after;
                joint = next.spacing() == Spacing::Joint;
            }
            let glued = Glued::longest(chars);
            rest = ends.get(glued.text().len().saturating_sub(1)).copied().unwrap_or(rest);
            Token::Punct(glued)
        }
    };
    (token, rest)
}

/// Punctuation is always ASCII.
fn ascii(c: char) -> u8 {
    u8::try_from(c).unwrap_or(b'?')
}

/// The trees between two cursors of one buffer.
pub(super) fn between(begin: Cursor<'_>, end: Cursor<'_>) -> Vec<TokenTree> {
    let mut trees = Vec::new();
    let mut cursor = begin;
    while cursor < end {
        let Some((tree, rest)) = cursor.token_tree() else { break };
        trees.push(tree);
        cursor = rest;
    }
    trees
}

/// Frees the last tree from what stood behind it: it must not glue to what will.
pub(super) fn end_alone(trees: &mut [TokenTree]) {
    if let Some(TokenTree::Punct(last)) = trees.last_mut()
        && last.spacing() == Spacing::Joint
    {
        let span = last.span();
        *last = Punct::new(last.as_char(), Spacing::Alone);
        last.set_span(span);
    }
}

/// How many tokens a tree has: a group counts as one and all that is in it.
pub(super) fn size(tree: &TokenTree) -> usize {
    match tree {
        TokenTree::Group(group) => 1 + group.stream().into_iter().map(|tree| size(&tree)).sum::<usize>(),
        _ => 1,
    }
}

/// How deeply a tree is nested: 0 for what isn't a group.
pub(super) fn depth(tree: &TokenTree) -> usize {
    match tree {
        TokenTree::Group(group) => 1 + group.stream().into_iter().map(|tree| depth(&tree)).max().unwrap_or(0),
        _ => 0,
    }
}

/// Refuses groups that are nested too deeply to be walked recursively.
pub(super) fn check_depth(tokens: &TokenStream) -> Result<(), ExpandError> {
    fn walk(tokens: TokenStream, depth: usize) -> bool {
        depth <= MAX_DEPTH
            && tokens.into_iter().all(|tree| match tree {
                TokenTree::Group(group) => walk(group.stream(), depth + 1),
                _ => true,
            })
    }
    if walk(tokens.clone(), 0) { Ok(()) } else { Err(ExpandError::TooDeep) }
}

/// Whether the fragment at the cursor would take syn too deep: it recurses on groups and on operators, and so does
/// dropping what it parsed. Looks as far as a separator or a group in braces.
pub(super) fn is_deep(cursor: Cursor<'_>) -> bool {
    let mut cursor = cursor;
    let mut ended = false;
    let segment = std::iter::from_fn(|| {
        let (tree, rest) = cursor.token_tree().filter(|_| !ended)?;
        cursor = rest;
        ended = match &tree {
            TokenTree::Punct(punct) => matches!(punct.as_char(), ',' | ';'),
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        Some(tree)
    });
    nesting(segment) > MAX_NESTING
}

/// How deeply syn may recurse on these tokens, in tenths of the cost of a prefix operator or a group.
fn nesting(tokens: impl Iterator<Item = TokenTree>) -> usize {
    let (mut here, mut deepest) = (0_usize, 0);
    // Whether an operator at this place would be a prefix.
    let mut prefix = true;
    let mut arrow = false;
    for tree in tokens {
        let mut inside = 0;
        match tree {
            TokenTree::Group(group) => {
                inside = 10 + nesting(group.stream().into_iter());
                if group.delimiter() == Delimiter::Brace {
                    deepest = deepest.max(here + inside);
                    here = 0;
                }
                prefix = false;
            }
            TokenTree::Ident(ident) => {
                prefix = super::fragment::is_reserved(&ident);
                here += if prefix { 10 } else { 0 };
            }
            TokenTree::Punct(punct) => {
                let arrow = std::mem::replace(&mut arrow, matches!(punct.as_char(), '-' | '='));
                match punct.as_char() {
                    ',' | ';' => here = 0,
                    '=' | '\'' => here += 10,
                    '<' => here += 20,
                    '>' if arrow => {}
                    '>' => here = here.saturating_sub(20),
                    _ if prefix => here += 10,
                    _ => here += 1,
                }
                prefix = true;
            }
            TokenTree::Literal(_) => prefix = false,
        }
        deepest = deepest.max(here + inside);
    }
    deepest
}
