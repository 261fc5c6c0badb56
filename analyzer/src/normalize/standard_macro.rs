//! Macro calls. Those of the standard library whose arguments are expressions are written as expressions, the others as
//! exact tokens.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Lit, Macro, Pat, Path, Token};

use super::tag::Tag;
use super::writer::Writer;

/// How a standard macro reads its input.
enum Reading {
    /// Arguments, of which the one at this position is a format string, if there is one.
    Format { leading: usize },
    /// `[a, b]` or `[a; n]`.
    Vec,
    /// An expression, a pattern, a guard.
    Matches,
}

fn reading(path: &Path) -> Option<Reading> {
    let name = path.segments.last()?;
    match path.segments.len() {
        1 if path.leading_colon.is_none() => {}
        2 if ["std", "core", "alloc"].iter().any(|root| path.segments[0].ident == root) => {}
        _ => return None,
    }
    Some(match name.ident.to_string().as_str() {
        "format" | "format_args" | "print" | "println" | "eprint" | "eprintln" | "panic" | "unreachable" | "todo"
        | "unimplemented" => Reading::Format { leading: 0 },
        "write" | "writeln" | "assert" | "debug_assert" => Reading::Format { leading: 1 },
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => Reading::Format { leading: 2 },
        "vec" => Reading::Vec,
        "matches" => Reading::Matches,
        _ => return None,
    })
}

/// Whether a call is taken for a standard macro's.
pub(super) fn is_read(path: &Path) -> bool {
    reading(path).is_some()
}

/// `name = value` or `value`.
struct Argument {
    name: Option<Ident>,
    value: Expr,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let named = input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) && !input.peek2(Token![=>]);
        let name = if named {
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            Some(name)
        } else {
            None
        };
        Ok(Argument { name, value: input.parse()? })
    }
}

impl Writer {
    pub(super) fn macro_call(&mut self, call: &Macro) {
        let parsed = match reading(&call.path) {
            Some(Reading::Format { leading }) => self.format_call(&call.path, &call.tokens, leading),
            Some(Reading::Vec) => self.vec_call(&call.path, &call.tokens),
            Some(Reading::Matches) => self.matches_call(&call.path, &call.tokens),
            None => None,
        };
        if parsed.is_none() {
            self.tag(Tag::MacroTokens);
            self.path(&call.path);
            self.delimiter(&call.delimiter);
            if call.path.segments.last().is_some_and(|last| last.ident == "stringify") {
                self.touching_tokens(&call.tokens);
            } else {
                self.macro_tokens(&call.tokens);
            }
        }
    }

    fn format_call(&mut self, path: &Path, tokens: &TokenStream, leading: usize) -> Option<()> {
        let arguments = Punctuated::<Argument, Token![,]>::parse_terminated.parse2(tokens.clone()).ok()?;
        let names: Vec<String> =
            arguments.iter().filter_map(|argument| Some(argument.name.as_ref()?.to_string())).collect();
        self.tag(Tag::MacroFormat);
        self.path(path);
        let mut position = 0;
        self.list(&arguments, |w, argument| {
            w.option(argument.name.as_ref(), Self::ident);
            match (&argument.name, &argument.value) {
                (None, Expr::Lit(literal)) if position == leading && literal.attrs.is_empty() => match &literal.lit {
                    Lit::Str(string) if string.suffix().is_empty() => w.format_string(&string.value(), &names),
                    _ => w.expr(&argument.value),
                },
                (_, value) => w.expr(value),
            }
            position += 1;
        });
        Some(())
    }

    fn vec_call(&mut self, path: &Path, tokens: &TokenStream) -> Option<()> {
        let parser = |input: ParseStream<'_>| {
            let mut elements: Vec<Expr> = Vec::new();
            while !input.is_empty() {
                elements.push(input.parse()?);
                if elements.len() == 1 && input.peek(Token![;]) {
                    input.parse::<Token![;]>()?;
                    return Ok((elements, Some(input.parse::<Expr>()?)));
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok((elements, None))
        };
        let (elements, length) = parser.parse2(tokens.clone()).ok()?;
        self.tag(Tag::MacroVec);
        self.path(path);
        self.list(&elements, Self::expr);
        // Unlike an array's, this length is a value at run time.
        self.option(length.as_ref(), Self::expr);
        Some(())
    }

    fn matches_call(&mut self, path: &Path, tokens: &TokenStream) -> Option<()> {
        let parser = |input: ParseStream<'_>| {
            let value: Expr = input.parse()?;
            input.parse::<Token![,]>()?;
            let pattern = input.call(Pat::parse_multi_with_leading_vert)?;
            let guard: Option<Expr> = if input.peek(Token![if]) {
                input.parse::<Token![if]>()?;
                Some(input.parse()?)
            } else {
                None
            };
            input.parse::<Option<Token![,]>>()?;
            Ok((value, pattern, guard))
        };
        let (value, pattern, guard) = parser.parse2(tokens.clone()).ok()?;
        self.tag(Tag::MacroMatches);
        self.path(path);
        self.expr(&value);
        self.scoped(|w| {
            w.one_pattern(|w| w.pattern(&pattern));
            w.option(guard.as_ref(), Self::expr);
        });
        Some(())
    }

    /// A macro that stands where items stand: its definition or its input.
    pub(super) fn item_macro(&mut self, call: &Macro) {
        self.path(&call.path);
        self.delimiter(&call.delimiter);
        self.tokens(&call.tokens);
    }
}
