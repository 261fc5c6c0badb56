//! Exact tokens, for everything that a macro may read.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use super::tag::Tag;
use super::writer::Writer;

/// What is written of tokens.
#[derive(Clone, Copy)]
struct Exactness {
    /// Keep the names that occur from being replaced.
    keep_names: bool,
    /// Leave out a comma at the end of a list.
    trailing_commas: bool,
    /// Write which tokens touch.
    touching: bool,
}

impl Writer {
    /// Exact tokens.
    pub(super) fn tokens(&mut self, tokens: &TokenStream) {
        self.stream(tokens, Exactness { keep_names: false, trailing_commas: true, touching: false });
    }

    /// Exact tokens and which of them touch; names in them are not replaced elsewhere.
    pub(super) fn touching_tokens(&mut self, tokens: &TokenStream) {
        self.stream(tokens, Exactness { keep_names: true, trailing_commas: true, touching: true });
    }

    /// Input of a macro that isn't parsed: names in it may be locals, so they are not replaced elsewhere.
    pub(super) fn macro_tokens(&mut self, tokens: &TokenStream) {
        self.stream(tokens, Exactness { keep_names: true, trailing_commas: true, touching: false });
    }

    /// Input of an attribute, where a comma at the end of a list says nothing.
    pub(super) fn attribute_tokens(&mut self, tokens: &TokenStream) {
        self.stream(tokens, Exactness { keep_names: false, trailing_commas: false, touching: false });
    }

    /// Modifiers that a later syn may know and this module doesn't: the node's tokens, if there are any.
    pub(super) fn modifiers(&mut self, none: syn::Result<()>, node: &impl quote::ToTokens) {
        self.flag(none.is_err());
        if none.is_err() {
            self.macro_tokens(&node.to_token_stream());
        }
    }

    fn stream(&mut self, tokens: &TokenStream, exactness: Exactness) {
        let mut tokens = tokens.clone().into_iter().peekable();
        while let Some(token) = tokens.next() {
            if exactness.touching {
                let touches = tokens.peek().is_some_and(|next| token.span().end() == next.span().start());
                self.flag(touches);
            }
            match token {
                TokenTree::Ident(ident) => {
                    self.tag(Tag::TokenIdent);
                    self.display(&ident);
                    if exactness.keep_names {
                        self.keep(&ident.to_string());
                    }
                }
                TokenTree::Punct(punct) => {
                    if !exactness.trailing_commas && punct.as_char() == ',' && tokens.peek().is_none() {
                        break;
                    }
                    self.tag(match punct.spacing() {
                        Spacing::Joint => Tag::TokenJoint,
                        Spacing::Alone => Tag::TokenAlone,
                    });
                    self.number(punct.as_char() as usize);
                }
                TokenTree::Literal(literal) => {
                    self.tag(Tag::TokenLiteral);
                    let text = literal.to_string();
                    // The compiler reads a line's end the same on every system.
                    self.text(&if text.contains('\r') { text.replace("\r\n", "\n") } else { text });
                    if exactness.keep_names {
                        self.keep_names_in_string(literal);
                    }
                }
                TokenTree::Group(group) => {
                    self.tag(match group.delimiter() {
                        Delimiter::Parenthesis => Tag::TokenParenthesis,
                        Delimiter::Brace => Tag::TokenBrace,
                        Delimiter::Bracket => Tag::TokenBracket,
                        Delimiter::None => Tag::TokenGroup,
                    });
                    self.stream(&group.stream(), exactness);
                }
            }
        }
        self.tag(Tag::End);
    }

    /// Keeps every name in these tokens from being replaced.
    pub(super) fn keep_idents(&mut self, tokens: &TokenStream) {
        for token in tokens.clone() {
            match token {
                TokenTree::Ident(ident) => self.keep(&ident.to_string()),
                TokenTree::Literal(literal) => self.keep_names_in_string(literal),
                TokenTree::Group(group) => self.keep_idents(&group.stream()),
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// A string may be a format string: `{x}` in it is a use of `x`.
    fn keep_names_in_string(&mut self, literal: proc_macro2::Literal) {
        if let syn::Lit::Str(string) = syn::Lit::new(literal) {
            self.keep_words(&string.value());
        }
    }

    /// Keeps every word of a text that may be a format string.
    pub(super) fn keep_words(&mut self, text: &str) {
        if text.contains('{') {
            // Widths are written `0width$`: the digits are not part of the name.
            for word in text.split(|c: char| c != '_' && !c.is_alphanumeric()) {
                let word = word.trim_start_matches(|c: char| c.is_ascii_digit());
                if !word.is_empty() {
                    self.keep(word);
                }
            }
        }
    }
}
