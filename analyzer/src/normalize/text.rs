//! Canonical one-line text of types, paths and impl headers, for item paths and the names of sites.
//!
//! Nothing is hashed from here: this is text for people that also has to tell two impls apart.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{ItemImpl, Path, Type};

/// `&mut Vec<T>`.
pub(crate) fn type_text(ty: &Type) -> String {
    text(ty.to_token_stream())
}

/// `std::fmt::Display`.
pub(crate) fn path_text(path: &Path) -> String {
    text(path.to_token_stream())
}

/// `impl<T: Clone> Shape for Foo<T> where T: Copy`.
pub(crate) fn impl_header_text(item: &ItemImpl) -> String {
    let mut header = String::new();
    if item.modifiers.defaultness.is_some() {
        header.push_str("default ");
    }
    if item.unsafety.is_some() {
        header.push_str("unsafe ");
    }
    header.push_str("impl");
    if !item.generics.params.is_empty() {
        header.push_str(&text(item.generics.to_token_stream()));
    }
    header.push(' ');
    if let Some((path, _)) = &item.trait_ {
        if item.modifiers.polarity.is_some() {
            header.push('!');
        }
        header.push_str(&path_text(path));
        header.push_str(" for ");
    }
    header.push_str(&type_text(&item.self_ty));
    if let Some(clause) = &item.generics.where_clause
        && !clause.predicates.is_empty()
    {
        header.push_str(" where ");
        header.push_str(&text(clause.predicates.to_token_stream()));
    }
    header
}

fn text(tokens: TokenStream) -> String {
    let mut printer = Printer { out: String::new(), previous: Kind::Start, pending_comma: false };
    printer.stream(tokens, false);
    printer.out
}

/// What the text ends in so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing, or an opening: no space follows.
    Start,
    /// A word or a literal.
    Word,
    /// A keyword, which is never called or indexed.
    Keyword,
    /// A closing.
    Close,
    /// An operator that holds on to what follows.
    Tight,
    /// An operator with a space behind it.
    Loose,
}

struct Printer {
    out: String,
    previous: Kind,
    /// A comma that is only written if something follows it in its list.
    pending_comma: bool,
}

impl Printer {
    /// Prints a list; `tuple` keeps the comma of `(A,)`.
    fn stream(&mut self, tokens: TokenStream, tuple: bool) {
        let mut tokens = tokens.into_iter().peekable();
        let (mut depth, mut commas) = (0_usize, 0_usize);
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(ident) => {
                    let word = ident.to_string();
                    let keyword = matches!(
                        word.as_str(),
                        "as" | "for" | "dyn" | "mut" | "const" | "impl" | "where" | "unsafe" | "extern" | "in" | "use"
                    );
                    self.word(&word, if keyword { Kind::Keyword } else { Kind::Word });
                }
                TokenTree::Literal(literal) => {
                    let text = match syn::Lit::new(literal) {
                        // `1_000` and `1000` are one length.
                        syn::Lit::Int(number) => format!("{}{}", number.base10_digits(), number.suffix()),
                        other => other.to_token_stream().to_string(),
                    };
                    self.word(&text, Kind::Word);
                }
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::None => ("", ""),
                    };
                    let called = self.previous == Kind::Word && !self.pending_comma;
                    self.comma();
                    if matches!(self.previous, Kind::Keyword | Kind::Loose) {
                        self.out.push(' ');
                    }
                    self.out.push_str(open);
                    self.previous = Kind::Start;
                    self.stream(group.stream(), group.delimiter() == Delimiter::Parenthesis && !called);
                    self.out.push_str(close);
                    self.previous = Kind::Close;
                }
                TokenTree::Punct(punct) => {
                    let mut operator = String::from(punct.as_char());
                    if punct.as_char() == '\'' {
                        if let Some(name) = tokens.next() {
                            self.word(&format!("'{name}"), Kind::Keyword);
                        }
                        continue;
                    }
                    let mut spacing = punct.spacing();
                    while spacing == Spacing::Joint {
                        match tokens.peek() {
                            Some(TokenTree::Punct(next)) if next.as_char() != '\'' => {
                                operator.push(next.as_char());
                                spacing = next.spacing();
                                tokens.next();
                            }
                            _ => break,
                        }
                    }
                    match operator.as_str() {
                        "<" => depth += 1,
                        ">" => depth = depth.saturating_sub(1),
                        "," if depth == 0 => commas += 1,
                        _ => {}
                    }
                    let last = tokens.peek().is_none();
                    if operator == "," && last && tuple && commas == 1 {
                        self.out.push(',');
                    } else {
                        self.operator(&operator);
                    }
                }
            }
        }
        self.pending_comma = false;
    }

    fn comma(&mut self) {
        if std::mem::take(&mut self.pending_comma) {
            self.out.push(',');
            self.previous = Kind::Loose;
        }
    }

    fn word(&mut self, word: &str, kind: Kind) {
        self.comma();
        if !matches!(self.previous, Kind::Start | Kind::Tight) {
            self.out.push(' ');
        }
        self.out.push_str(word);
        self.previous = kind;
    }

    fn operator(&mut self, operator: &str) {
        match operator {
            "," => {
                self.comma();
                self.pending_comma = true;
            }
            ">" => {
                // A comma in front of it ends nothing.
                self.pending_comma = false;
                self.out.push('>');
                self.previous = Kind::Close;
            }
            "+" | "=" | "->" => {
                self.comma();
                self.out.push(' ');
                self.out.push_str(operator);
                self.previous = Kind::Loose;
            }
            ":" | ";" => {
                self.comma();
                self.out.push_str(operator);
                self.previous = Kind::Loose;
            }
            "!" => {
                self.comma();
                if matches!(self.previous, Kind::Keyword | Kind::Loose) {
                    self.out.push(' ');
                }
                self.out.push('!');
                self.previous = Kind::Close;
            }
            _ => {
                self.comma();
                // `<` follows a name, or begins `<T as Trait>`; `impl<` and `for<` hold together too.
                let after_keyword = self.previous == Kind::Keyword
                    && !(operator == "<" && (self.out.ends_with("for") || self.out.ends_with("impl")));
                if after_keyword || self.previous == Kind::Loose {
                    self.out.push(' ');
                }
                self.out.push_str(operator);
                self.previous = Kind::Tight;
            }
        }
    }
}
