//! Macros of the standard library whose arguments are expressions: they are read like any other code.
//!
//! A macro of the same name may be the user's own; whoever resolves the path decides, and then widens.

use proc_macro2::TokenTree;
use syn::parse::{ParseStream, Parser};
use syn::{Expr as E, Ident, LitStr, Token};

use super::Lowerer;
use crate::cfg::Predicate;
use crate::ir::{Expr, KnownMacro, MacroArgs, Path, Segment, Sym};

/// One argument: `name = value`, or a value.
struct Argument {
    name: Option<Ident>,
    value: E,
}

fn arguments(input: ParseStream<'_>) -> syn::Result<Vec<Argument>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        let name = if input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            Some(name)
        } else {
            None
        };
        all.push(Argument { name, value: input.parse()? });
        if input.is_empty() {
            break;
        }
        input.parse::<Token![,]>()?;
    }
    Ok(all)
}

impl Lowerer<'_> {
    /// Reads the arguments of a macro that is known by name; `None` if it isn't, or if they don't read.
    pub(super) fn known_macro(&mut self, mac: &syn::Macro) -> Option<MacroArgs> {
        let segments = &mac.path.segments;
        if segments.len() > 1 && !matches!(segments[0].ident.to_string().as_str(), "std" | "core" | "alloc") {
            return None;
        }
        let name = segments.last()?.ident.to_string();
        let tokens = || mac.tokens.clone();
        let plain = |kind, exprs| MacroArgs { exprs, formats: Vec::new(), pat: None, kind };
        match name.as_str() {
            "format" | "format_args" | "print" | "println" | "eprint" | "eprintln" => {
                let kind = match name.as_str() {
                    "format" => KnownMacro::Format,
                    "format_args" => KnownMacro::FormatArgs,
                    _ => KnownMacro::Print,
                };
                self.formatted(arguments.parse2(tokens()).ok()?, 0, kind)
            }
            "write" | "writeln" => self.formatted(arguments.parse2(tokens()).ok()?, 1, KnownMacro::Write),
            "panic" | "unreachable" | "todo" | "unimplemented" => {
                self.formatted(arguments.parse2(tokens()).ok()?, 0, KnownMacro::Panic)
            }
            "assert" | "debug_assert" => self.formatted(arguments.parse2(tokens()).ok()?, 1, KnownMacro::Assert),
            "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
                self.formatted(arguments.parse2(tokens()).ok()?, 2, KnownMacro::AssertEq)
            }
            "vec" => {
                let repeat = |input: ParseStream<'_>| {
                    let value: E = input.parse()?;
                    input.parse::<Token![;]>()?;
                    let len: E = input.parse()?;
                    Ok((value, len))
                };
                if let Ok((value, len)) = repeat.parse2(tokens()) {
                    let exprs = vec![self.expr(&value), self.expr(&len)];
                    return Some(plain(KnownMacro::VecRepeat, exprs));
                }
                let args = arguments.parse2(tokens()).ok()?;
                let exprs = args.iter().map(|arg| self.expr(&arg.value)).collect();
                Some(plain(KnownMacro::Vec, exprs))
            }
            "dbg" => {
                let args = arguments.parse2(tokens()).ok()?;
                let exprs = args.iter().map(|arg| self.expr(&arg.value)).collect();
                Some(plain(KnownMacro::Dbg, exprs))
            }
            "matches" => {
                let parser = |input: ParseStream<'_>| {
                    let value: E = input.parse()?;
                    input.parse::<Token![,]>()?;
                    let pat = syn::Pat::parse_multi_with_leading_vert(input)?;
                    let guard =
                        if input.parse::<Option<Token![if]>>()?.is_some() { Some(input.parse::<E>()?) } else { None };
                    input.parse::<Option<Token![,]>>()?;
                    Ok((value, pat, guard))
                };
                let (value, pat, guard) = parser.parse2(tokens()).ok()?;
                let mut exprs = vec![self.expr(&value)];
                let pat = Some(self.pat(&pat));
                exprs.extend(guard.map(|guard| self.expr(&guard)));
                Some(MacroArgs { exprs, formats: Vec::new(), pat, kind: KnownMacro::Matches })
            }
            "line" | "column" => Some(plain(KnownMacro::Position, Vec::new())),
            "stringify" | "file" | "module_path" | "compile_error" => Some(plain(KnownMacro::Mention, Vec::new())),
            "cfg" => {
                self.asks.push(Predicate::from_tokens(tokens()));
                Some(plain(KnownMacro::Mention, Vec::new()))
            }
            _ => None,
        }
    }

    /// Arguments of which those from `first` on are a format string and what it formats.
    fn formatted(&mut self, args: Vec<Argument>, first: usize, kind: KnownMacro) -> Option<MacroArgs> {
        let mut exprs: Vec<Expr> = args.iter().map(|arg| self.expr(&arg.value)).collect();
        let mut formats = Vec::new();
        if matches!(kind, KnownMacro::AssertEq) {
            let debug = self.symbols.intern("Debug");
            formats.extend([(debug, 0), (debug, 1)]);
        }
        if let Some(string) = args.get(first) {
            match literal(&string.value) {
                Some(text) => self.placeholders(&text, &args, first, &mut exprs, &mut formats),
                None => {
                    // Not a literal: `concat!`, a macro, or (before 2021) a value that is shown.
                    let (display, debug) = (self.symbols.intern("Display"), self.symbols.intern("Debug"));
                    for index in first..args.len() {
                        formats.extend([(display, index as u32), (debug, index as u32)]);
                    }
                }
            }
        }
        Some(MacroArgs { exprs, formats, pat: None, kind })
    }

    /// Reads a format string: which trait formats which argument, and which variables it captures.
    fn placeholders(
        &mut self,
        text: &LitStr,
        args: &[Argument],
        first: usize,
        exprs: &mut Vec<Expr>,
        formats: &mut Vec<(Sym, u32)>,
    ) {
        let mut next = first + 1;
        // What a format string captures, its author wrote.
        let level = self.level(text.span());
        let text = text.value();
        let mut rest = text.as_str();
        while let Some(open) = rest.find(['{', '}']) {
            let doubled = rest[open + 1..].starts_with(&rest[open..=open]);
            if doubled || rest[open..].starts_with('}') {
                rest = &rest[open + 1 + usize::from(doubled)..];
                continue;
            }
            let Some(close) = rest[open..].find('}') else { break };
            let inside = &rest[open + 1..open + close];
            rest = &rest[open + close + 1..];
            let (name, spec) = inside.split_once(':').unwrap_or((inside, ""));
            let spec = spec.trim_end();
            // Width and precision may name arguments: `{:>w$.p$}`.
            for part in spec.split(['.', '<', '>', '^', '+', '#', '-', ' ']) {
                if let Some(name) = part.split('$').next().filter(|_| part.contains('$')) {
                    let name = name.trim_start_matches('0');
                    if !name.is_empty() && name.parse::<usize>().is_err() {
                        self.argument(name, level, args, exprs);
                    }
                }
            }
            if spec.contains(".*") {
                next += 1;
            }
            let name = name.trim();
            let index = if name.is_empty() {
                next += 1;
                next - 1
            } else if let Ok(position) = name.parse::<usize>() {
                first + 1 + position
            } else {
                self.argument(name, level, args, exprs)
            };
            let of = match spec.trim_end_matches('?') {
                _ if spec.ends_with('?') => "Debug",
                spec => match spec.chars().last() {
                    Some('x') => "LowerHex",
                    Some('X') => "UpperHex",
                    Some('o') => "Octal",
                    Some('b') => "Binary",
                    Some('e') => "LowerExp",
                    Some('E') => "UpperExp",
                    Some('p') => "Pointer",
                    _ => "Display",
                },
            };
            formats.push((self.symbols.intern(of), index as u32));
        }
    }

    /// Index of the argument of that name; a variable that is captured becomes an argument.
    fn argument(&mut self, name: &str, level: u32, args: &[Argument], exprs: &mut Vec<Expr>) -> usize {
        if let Some(index) = args.iter().position(|arg| arg.name.as_ref().is_some_and(|ident| ident == name)) {
            return index;
        }
        let name = self.symbols.intern(name);
        let segments = vec![Segment { name, args: Vec::new() }];
        exprs.push(Expr::Path(Path { global: false, segments, qself: None, line: self.line, level }));
        exprs.len() - 1
    }
}

/// A string literal, also inside the invisible groups that macros make.
fn literal(expr: &E) -> Option<LitStr> {
    match expr {
        E::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.clone()),
        E::Group(group) => literal(&group.expr),
        _ => None,
    }
}

/// The string literals among tokens, at any depth.
pub(crate) fn string_literals(tokens: proc_macro2::TokenStream, out: &mut Vec<String>) {
    let mut streams = vec![tokens];
    while let Some(stream) = streams.pop() {
        for tree in stream {
            match tree {
                TokenTree::Group(group) => streams.push(group.stream()),
                TokenTree::Literal(literal) => {
                    let tree: proc_macro2::TokenStream = TokenTree::Literal(literal).into();
                    if let Ok(text) = syn::parse2::<LitStr>(tree) {
                        out.push(text.value());
                    }
                }
                _ => {}
            }
        }
    }
}
