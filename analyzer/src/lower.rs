//! From syntax to the intermediate form, one file at a time.
//!
//! Nothing here looks at another file, resolves a name or answers a predicate: equal text gives equal output.

mod attributes;
mod exprs;
mod items;
mod known_macros;
mod types;

use std::rc::Rc;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::cfg::Predicate;
use crate::ir::{Attr, Decl, Expr, File, Nested, Sym, Symbols, Written};
use crate::places;

pub(crate) use attributes::plain_path;
pub(crate) use known_macros::string_literals;

/// How deep groups may be nested. Beyond that a parser that recurses needs more stack than anybody has.
const MAX_DEPTH: usize = 400;

/// How many tokens may follow each other without a separator: an operator chain nests once per token.
const MAX_RUN: usize = 20_000;

/// Lowers syntax; collects the predicates that an item asks for.
pub(crate) struct Lowerer<'s> {
    /// The file's text; empty for what a macro made.
    text: &'s str,
    symbols: &'s mut Symbols,
    asks: Vec<Predicate>,
    /// Items of blocks met so far, and the block that is being read.
    nested: Vec<Nested>,
    scope: u32,
    /// Attributes of fields and variants of the item that is being read.
    helper_attrs: Vec<Attr>,
    /// Whether the syntax came out of a macro: then its columns mean nothing.
    made: bool,
    /// Line to report for syntax that a macro made.
    line: u32,
    /// Whether the spans of what a macro made are [`Places`](crate::places::Places).
    placed: bool,
}

/// Why a text could not be lowered.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) line: u32,
    pub(crate) message: String,
    pub(crate) too_deep: bool,
}

impl From<syn::Error> for SyntaxError {
    fn from(error: syn::Error) -> Self {
        SyntaxError { line: error.span().start().line as u32, message: error.to_string(), too_deep: false }
    }
}

/// Lowers a whole file.
pub(crate) fn file(text: &str, symbols: &mut Symbols) -> Result<File, SyntaxError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = without_shebang(text);
    let text = &*text;
    let tokens: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| SyntaxError {
        line: error.span().start().line as u32,
        message: "cannot be read as Rust tokens".to_owned(),
        too_deep: false,
    })?;
    bounded(&tokens)?;
    let file: syn::File = syn::parse2(tokens)?;
    let mut lowerer = Lowerer::new(text, symbols);
    let cfg = lowerer.cfg(&file.attrs);
    let items = lowerer.items(&file.items);
    Ok(File { items, cfg })
}

/// A first line `#!..` is the shell's, not Rust's; the line itself stays, so that lines count alike.
fn without_shebang(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with("#!") && !text[2..].trim_start().starts_with('[') {
        std::borrow::Cow::Owned(format!("//{}", &text[2..]))
    } else {
        std::borrow::Cow::Borrowed(text)
    }
}

/// Whether a text is so short that its tokens can't be too many for a recursive parser.
pub(crate) fn is_short(text: &str) -> bool {
    text.len() <= MAX_DEPTH
}

/// Whether so few tokens can't be too many for a recursive parser, however they nest.
pub(crate) fn are_few(tokens: usize) -> bool {
    tokens <= MAX_DEPTH
}

/// Refuses tokens that a recursive parser can't take. To look at all of them costs a copy of them.
fn bounded(tokens: &TokenStream) -> Result<(), SyntaxError> {
    let mut levels = vec![(tokens.clone().into_iter(), 0usize)];
    while let Some((iter, run)) = levels.last_mut() {
        match iter.next() {
            None => {
                levels.pop();
            }
            Some(TokenTree::Group(group)) => {
                *run = if group.delimiter() == Delimiter::Brace { 0 } else { *run + 1 };
                let line = group.span_open().start().line as u32;
                levels.push((group.stream().into_iter(), 0));
                if levels.len() > MAX_DEPTH {
                    return Err(too_deep(line));
                }
            }
            Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), ',' | ';') => *run = 0,
            Some(tree) => {
                *run += 1;
                if *run > MAX_RUN {
                    return Err(too_deep(tree.span().start().line as u32));
                }
            }
        }
    }
    Ok(())
}

fn too_deep(line: u32) -> SyntaxError {
    SyntaxError {
        line,
        message: format!("nested more than {MAX_DEPTH} groups or {MAX_RUN} tokens deep; split the expression"),
        too_deep: true,
    }
}

/// What a macro made, by the place where it was called.
pub(crate) enum Made {
    Items(Vec<Rc<Decl>>),
    /// An expression, or statements as a block, with the items that its blocks declare.
    Expr(Expr, Vec<Nested>),
}

/// Where a macro was called decides what its output is parsed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Position {
    Items,
    ImplItems,
    TraitItems,
    Expr,
}

/// Lowers what a macro made. `line` is the line of the call; `placed` says whether spans are
/// [`Places`](crate::places::Places).
pub(crate) fn made(
    tokens: TokenStream,
    position: Position,
    line: u32,
    placed: bool,
    symbols: &mut Symbols,
) -> Result<Made, SyntaxError> {
    bounded(&tokens)?;
    made_of_bounded(tokens, position, line, placed, symbols)
}

/// Like [`made`], of tokens that are known to be few.
pub(crate) fn made_of_bounded(
    tokens: TokenStream,
    position: Position,
    line: u32,
    placed: bool,
    symbols: &mut Symbols,
) -> Result<Made, SyntaxError> {
    let mut lowerer = Lowerer { made: true, line, placed, ..Lowerer::new("", symbols) };
    Ok(match position {
        Position::Items => {
            let file: syn::File = syn::parse2(tokens)?;
            Made::Items(lowerer.items(&file.items))
        }
        Position::ImplItems => {
            let items = syn::parse::Parser::parse2(parse_all::<syn::ImplItem>, tokens)?;
            Made::Items(items.iter().filter_map(|item| lowerer.impl_member(item)).map(Rc::new).collect())
        }
        Position::TraitItems => {
            let items = syn::parse::Parser::parse2(parse_all::<syn::TraitItem>, tokens)?;
            Made::Items(items.iter().filter_map(|item| lowerer.trait_member(item)).map(Rc::new).collect())
        }
        Position::Expr => {
            let expr = match syn::parse::Parser::parse2(expr_or_stmts, tokens)? {
                ExprOrStmts::Expr(expr) => lowerer.expr(&expr),
                ExprOrStmts::Stmts(stmts) => Expr::Block(lowerer.stmts(&stmts)),
            };
            Made::Expr(expr, lowerer.nested)
        }
    })
}

/// What stands where an expression may stand.
enum ExprOrStmts {
    Expr(Box<syn::Expr>),
    Stmts(Vec<syn::Stmt>),
}

/// An expression if it is all there is, else statements.
fn expr_or_stmts(input: syn::parse::ParseStream<'_>) -> syn::Result<ExprOrStmts> {
    let ahead = input.fork();
    if let Ok(expr) = ahead.parse::<syn::Expr>()
        && ahead.is_empty()
    {
        syn::parse::discouraged::Speculative::advance_to(input, &ahead);
        return Ok(ExprOrStmts::Expr(Box::new(expr)));
    }
    syn::Block::parse_within(input).map(ExprOrStmts::Stmts)
}

fn parse_all<T: syn::parse::Parse>(input: syn::parse::ParseStream<'_>) -> syn::Result<Vec<T>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        all.push(input.parse()?);
    }
    Ok(all)
}

impl<'s> Lowerer<'s> {
    fn new(text: &'s str, symbols: &'s mut Symbols) -> Self {
        Lowerer {
            text,
            symbols,
            asks: Vec::new(),
            nested: Vec::new(),
            scope: 0,
            helper_attrs: Vec::new(),
            made: false,
            line: 0,
            placed: false,
        }
    }

    fn sym(&mut self, ident: &syn::Ident) -> Sym {
        let text = ident.to_string();
        self.symbols.intern(&text)
    }

    fn line(&self, span: Span) -> u32 {
        if self.made { self.line } else { span.start().line as u32 }
    }

    fn end_line(&self, span: Span) -> u32 {
        if self.made { self.line } else { span.end().line as u32 }
    }

    /// The input of a macro call, or the body of a macro, as text that lexes back.
    fn input(&self, mac: &syn::Macro) -> (String, Written) {
        if self.made {
            let runs = if self.placed { places::runs(mac.tokens.clone()) } else { Vec::new() };
            return (mac.tokens.to_string(), Written { line: 0, runs });
        }
        let span = mac.delimiter.span();
        let range = span.open().byte_range().end..span.close().byte_range().start;
        let line = span.open().end().line as u32;
        match self.text.get(range) {
            Some(text) => (text.to_owned(), Written { line, runs: Vec::new() }),
            None => (mac.tokens.to_string(), Written { line: 0, runs: Vec::new() }),
        }
    }
}
