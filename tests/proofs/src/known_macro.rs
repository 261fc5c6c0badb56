//! The standard macros whose input is expressions, read as such. What is in any other macro's input may be observed.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser as _};
use syn::{Expr, Ident, Macro, Pat, Token};

/// The input of a standard macro.
#[derive(Default)]
pub(crate) struct Input {
    pub(crate) arguments: Vec<Argument>,
    /// What `matches!` compares with.
    pub(crate) pattern: Option<Pat>,
    /// And its condition.
    pub(crate) guard: Option<Expr>,
    /// Position of the format string.
    pub(crate) format: Option<usize>,
    /// Whether arguments are separated by commas, and whether the last one stands behind the last argument.
    pub(crate) commas: Option<Commas>,
}

/// `name = value` or `value`.
pub(crate) struct Argument {
    pub(crate) name: Option<Ident>,
    pub(crate) value: Expr,
}

/// How a list ends.
pub(crate) enum Commas {
    /// With this one.
    Trailing(Token![,]),
    /// With an argument.
    None,
}

/// Reads a call's input, if the macro is one of them.
pub(crate) fn read(call: &Macro, is_shadowed: impl Fn(&str) -> bool) -> Option<Input> {
    let name = match call.path.segments.len() {
        1 if call.path.leading_colon.is_none() => call.path.segments[0].ident.to_string(),
        2 if ["std", "core", "alloc"].iter().any(|root| call.path.segments[0].ident == root) => {
            call.path.segments[1].ident.to_string()
        }
        _ => return None,
    };
    if is_shadowed(&name) {
        return None;
    }
    let leading = match name.as_str() {
        "format" | "format_args" | "print" | "println" | "eprint" | "eprintln" | "panic" | "unreachable" | "todo"
        | "unimplemented" => 0,
        "write" | "writeln" | "assert" | "debug_assert" => 1,
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => 2,
        "vec" => return vec(call.tokens.clone()),
        "matches" => return matches(call.tokens.clone()),
        _ => return None,
    };
    let mut input = list(call.tokens.clone())?;
    let is_string = |argument: &Argument| {
        let literal = matches!(&argument.value, Expr::Lit(it) if matches!(it.lit, syn::Lit::Str(_)));
        literal && argument.name.is_none()
    };
    input.format = input.arguments.get(leading).is_some_and(is_string).then_some(leading);
    Some(input)
}

fn list(tokens: TokenStream) -> Option<Input> {
    let parser = |stream: ParseStream<'_>| {
        let mut input = Input { commas: Some(Commas::None), ..Input::default() };
        while !stream.is_empty() {
            let named = stream.peek(Ident) && stream.peek2(Token![=]) && !stream.peek2(Token![==]);
            let name = if named && !stream.peek2(Token![=>]) {
                let name = stream.parse()?;
                stream.parse::<Token![=]>()?;
                Some(name)
            } else {
                None
            };
            input.arguments.push(Argument { name, value: stream.parse()? });
            input.commas = Some(Commas::None);
            if !stream.is_empty() {
                input.commas = Some(Commas::Trailing(stream.parse()?));
            }
        }
        Ok(input)
    };
    parser.parse2(tokens).ok()
}

fn vec(tokens: TokenStream) -> Option<Input> {
    let parser = |stream: ParseStream<'_>| {
        let value = stream.parse()?;
        stream.parse::<Token![;]>()?;
        let length = stream.parse()?;
        let arguments = [value, length].map(|value| Argument { name: None, value }).into();
        Ok(Input { arguments, ..Input::default() })
    };
    parser.parse2(tokens.clone()).ok().or_else(|| list(tokens))
}

fn matches(tokens: TokenStream) -> Option<Input> {
    let parser = |stream: ParseStream<'_>| {
        let value = stream.parse()?;
        stream.parse::<Token![,]>()?;
        let pattern = stream.call(Pat::parse_multi_with_leading_vert)?;
        let mut guard = None;
        if stream.peek(Token![if]) {
            stream.parse::<Token![if]>()?;
            guard = Some(stream.parse()?);
        }
        stream.parse::<Option<Token![,]>>()?;
        let arguments = vec![Argument { name: None, value }];
        Ok(Input { arguments, pattern: Some(pattern), guard, ..Input::default() })
    };
    parser.parse2(tokens).ok()
}
