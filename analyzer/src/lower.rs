//! From syntax to the intermediate form, one file at a time.
//!
//! Nothing here looks at another file, resolves a name or answers a predicate: equal text gives equal output.

mod attributes;
mod exprs;
mod items;
mod known_macros;
mod outline;
#[cfg(test)]
mod tests;
mod types;

use std::rc::Rc;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::cfg::Predicate;
use crate::ir::{Attr, Block, Decl, Expr, File, FnBody, Nested, Sym, Symbols, Type, Written};
use crate::places;
use crate::source::Digest;

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
    /// What paths begin with, each once.
    heads: Vec<Sym>,
    /// Attributes of fields and variants of the item that is being read.
    helper_attrs: Vec<Attr>,
    /// Whether the syntax came out of a macro: then its columns mean nothing.
    made: bool,
    /// Line to report for syntax that a macro made.
    line: u32,
    /// Whether the spans of what a macro made are [`Places`](crate::places::Places).
    placed: bool,
    /// The bodies that were cut out of a text of which only the declarations count: then nothing is hashed.
    cut: Option<&'s [&'s str]>,
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
    let text = plain(text);
    whole(&text, None, symbols)
}

/// Lowers what a file declares; the bodies of its functions stay text, and no item has a hash.
pub(crate) fn declarations(text: &str, symbols: &mut Symbols) -> Result<File, SyntaxError> {
    let text = plain(text);
    if let Some(outline) = outline::outline(&text)
        && let Ok(file) = whole(&outline.text, Some(&outline.bodies), symbols)
    {
        return Ok(file);
    }
    whole(&text, Some(&[]), symbols)
}

/// Lowers a body that was left as text; `None` if it doesn't read, or declares items of its own.
pub(crate) fn body(text: &str, symbols: &mut Symbols) -> Option<Block> {
    let tokens: TokenStream = text.parse().ok()?;
    bounded(&tokens).ok()?;
    let block: syn::Block = syn::parse2(tokens).ok()?;
    let mut lowerer = Lowerer { cut: Some(&[]), ..Lowerer::new(text, symbols) };
    let block = lowerer.block(&block);
    lowerer.nested.is_empty().then_some(block)
}

fn whole(text: &str, cut: Option<&[&str]>, symbols: &mut Symbols) -> Result<File, SyntaxError> {
    let tokens: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| SyntaxError {
        line: error.span().start().line as u32,
        message: "cannot be read as Rust tokens".to_owned(),
        too_deep: false,
    })?;
    bounded(&tokens)?;
    let file: syn::File = syn::parse2(tokens)?;
    let mut lowerer = Lowerer { cut, ..Lowerer::new(text, symbols) };
    let cfg = lowerer.cfg(&file.attrs);
    let items = lowerer.items(&file.items);
    Ok(File { items, cfg, heads: lowerer.heads })
}

/// A text without a mark of its byte order, and without the line that is for a shell.
fn plain(text: &str) -> std::borrow::Cow<'_, str> {
    without_shebang(text.strip_prefix('\u{feff}').unwrap_or(text))
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

/// How much of what a macro made counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    Code,
    /// Spans are [`Places`](crate::places::Places).
    Placed,
    /// Nobody asks what functions do.
    Declarations,
}

/// Lowers what a macro made. `line` is the line of the call.
pub(crate) fn made(
    tokens: TokenStream,
    position: Position,
    line: u32,
    detail: Detail,
    symbols: &mut Symbols,
) -> Result<Made, SyntaxError> {
    bounded(&tokens)?;
    made_of_bounded(tokens, position, line, detail, symbols)
}

/// The type that a macro made, where a type stands.
pub(crate) fn made_type(tokens: TokenStream, line: u32, symbols: &mut Symbols) -> Result<Type, SyntaxError> {
    bounded(&tokens)?;
    let ty: syn::Type = syn::parse2(tokens)?;
    Ok(Lowerer { made: true, line, ..Lowerer::new("", symbols) }.ty(&ty))
}

/// Like [`made`], of tokens that are known to be few.
pub(crate) fn made_of_bounded(
    tokens: TokenStream,
    position: Position,
    line: u32,
    detail: Detail,
    symbols: &mut Symbols,
) -> Result<Made, SyntaxError> {
    let (tokens, cut) = match detail {
        Detail::Declarations => (outline::cut(tokens), Some(&[][..])),
        _ => (tokens, None),
    };
    let placed = detail == Detail::Placed;
    let mut lowerer = Lowerer { made: true, line, placed, cut, ..Lowerer::new("", symbols) };
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
            heads: Vec::new(),
            helper_attrs: Vec::new(),
            made: false,
            line: 0,
            placed: false,
            cut: None,
        }
    }

    /// The hash of an item, where items have one.
    fn hash(&self, of: impl FnOnce() -> Digest) -> Digest {
        if self.cut.is_some() { Digest::default() } else { of() }
    }

    /// The body of a function; in its place may stand the number of what was cut out.
    fn function_body(&mut self, block: &syn::Block) -> FnBody {
        if let (Some(cut), [syn::Stmt::Expr(syn::Expr::Lit(literal), None)]) = (self.cut, block.stmts.as_slice())
            && let syn::Lit::Int(number) = &literal.lit
            && number.suffix() == outline::SUFFIX
        {
            let text = number.base10_digits().parse().ok().and_then(|at: usize| cut.get(at));
            return FnBody::Text(text.map_or_else(String::new, |text| (*text).to_owned()));
        }
        FnBody::Lowered(self.block(block))
    }

    fn sym(&mut self, ident: &syn::Ident) -> Sym {
        let text = ident.to_string();
        self.symbols.intern(&text)
    }

    /// A path begins with that name. Packages are named in lower case, types and variants aren't.
    fn head(&mut self, name: Sym) {
        let text = self.symbols.text(name);
        let is_none = matches!(text, "crate" | "self" | "super" | "std" | "core" | "alloc");
        if !is_none && !text.starts_with(char::is_uppercase) && !self.heads.contains(&name) {
            self.heads.push(name);
        }
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
