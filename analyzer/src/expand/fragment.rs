//! Fragment specifiers: which token may begin one, and where one ends.
//!
//! Extents only: what a fragment means is for those who parse the expansion.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::buffer::Cursor;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Block, Expr, Item, Pat, Path, Stmt, Token, Type};

use super::token::{self, Token};

/// What a variable of a pattern matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Block,
    Expr,
    /// An expression but neither `_` nor `const { .. }`.
    Expr2021,
    Ident,
    Item,
    Lifetime,
    Literal,
    Meta,
    Pat,
    /// A pattern without `|` at its top.
    PatParam,
    Path,
    Stmt,
    Tt,
    Ty,
    Vis,
}

impl Kind {
    /// The kind of a specifier, in a macro of `edition`.
    pub(super) fn of(specifier: &Ident, edition: u16) -> Option<Kind> {
        Some(match specifier.to_string().as_str() {
            "block" => Kind::Block,
            "expr" if edition >= 2024 => Kind::Expr,
            "expr" | "expr_2021" => Kind::Expr2021,
            "ident" => Kind::Ident,
            "item" => Kind::Item,
            "lifetime" => Kind::Lifetime,
            "literal" => Kind::Literal,
            "meta" => Kind::Meta,
            "pat" if edition >= 2021 => Kind::Pat,
            "pat" | "pat_param" => Kind::PatParam,
            "path" => Kind::Path,
            "stmt" => Kind::Stmt,
            "tt" => Kind::Tt,
            "ty" => Kind::Ty,
            "vis" => Kind::Vis,
            _ => return None,
        })
    }

    /// Whether `token` may begin such a fragment. The same answers as rustc's: they decide between ways to go on.
    pub(super) fn may_begin(self, token: &Token) -> bool {
        if let Token::End = token {
            return false;
        }
        let fragment = matches!(token, Token::Group(Delimiter::None));
        match self {
            Kind::Tt | Kind::Item | Kind::Stmt => true,
            Kind::Ident => matches!(token, Token::Ident(ident) if ident != "_"),
            Kind::Lifetime => matches!(token, Token::Lifetime(_)),
            Kind::Block => fragment || matches!(token, Token::Group(Delimiter::Brace)),
            Kind::Path | Kind::Meta => fragment || matches!(token, Token::Ident(_)) || token.is_punct("::"),
            Kind::Literal => {
                fragment
                    || matches!(token, Token::Literal(_))
                    || token.is_punct("-")
                    || matches!(token, Token::Ident(ident) if ident == "true" || ident == "false")
            }
            Kind::Expr | Kind::Expr2021 => match token {
                Token::Ident(ident) if ident == "_" || ident == "const" => self == Kind::Expr,
                Token::Ident(ident) => (begins_expr(ident) || !is_reserved(ident)) && ident != "let",
                Token::Punct(punct) => ["!", "-", "*", "|", "||", "&", "&&", "..", "...", "..=", "<", "<<", "::", "#"]
                    .iter()
                    .any(|text| punct.is(text)),
                Token::Literal(_) | Token::Lifetime(_) | Token::Group(_) | Token::End => true,
            },
            Kind::Ty => begins_type(token),
            Kind::Vis => fragment || matches!(token, Token::Ident(_)) || token.is_punct(",") || begins_type(token),
            Kind::Pat | Kind::PatParam => match token {
                Token::Ident(_) | Token::Literal(_) => true,
                Token::Group(delimiter) => *delimiter != Delimiter::Brace,
                Token::Punct(punct) => {
                    ["&", "&&", "-", "..", "...", "..=", "::", "<", "<<"].iter().any(|text| punct.is(text))
                        || self == Kind::Pat && punct.is("|")
                }
                Token::Lifetime(_) | Token::End => false,
            },
        }
    }
}

/// What a variable matched.
#[derive(Debug, Clone)]
pub(super) struct Fragment {
    /// Its kind.
    pub(super) kind: Kind,
    /// Its trees: one group without delimiters, if it is opaque.
    pub(super) trees: Vec<TokenTree>,
    /// How many tokens it has.
    pub(super) size: usize,
    /// How deeply they are nested.
    pub(super) depth: usize,
}

/// Whether the fragment at `begin` is one that syn must parse, but nested too deeply for it.
pub(super) fn is_too_deep(kind: Kind, begin: Cursor<'_>, first: &Token) -> bool {
    match kind {
        Kind::Tt | Kind::Ident | Kind::Lifetime | Kind::Literal | Kind::Block | Kind::Vis => false,
        _ => !is_alone(kind, first, token::read(begin).1) && token::is_deep(begin),
    }
}

/// Takes one fragment from the input. `first` is the token that the input is at.
pub(super) fn parse(kind: Kind, input: ParseStream<'_>, first: &Token) -> Option<Fragment> {
    let begin = input.cursor();
    let (_, second) = token::read(begin);
    let one_token = || step_to(input, second);
    match kind {
        Kind::Tt | Kind::Ident | Kind::Lifetime => one_token(),
        Kind::Literal => literal(input, first, second),
        Kind::Block => match begin.token_tree() {
            Some((TokenTree::Group(group), _)) if is_block(&group) => one_token(),
            _ => None,
        },
        Kind::Vis => vis(input, first, second),
        Kind::Meta if matches!(first, Token::Group(_)) => one_token(),
        Kind::Meta => meta(input, first, second),
        // Most fragments are one token; it isn't worth a parse, let alone a tree.
        Kind::Expr | Kind::Expr2021 | Kind::Ty | Kind::Path if is_alone(kind, first, second) => one_token(),
        Kind::Expr | Kind::Expr2021 => parses(input, Expr::parse),
        Kind::Ty => parses(input, Type::parse),
        Kind::Path => parses(input, Path::parse),
        Kind::Pat => parses(input, Pat::parse_multi_with_leading_vert),
        Kind::PatParam => parses(input, Pat::parse_single),
        Kind::Item => parses(input, Item::parse),
        Kind::Stmt => parses(input, stmt),
    }?;
    let end = input.cursor();
    if let Token::Group(Delimiter::None) = first
        && end < second
    {
        // A fragment of another kind, of which only a part would fit.
        return None;
    }
    Some(capture(kind, begin, end))
}

/// Makes a fragment of the trees between two cursors.
fn capture(kind: Kind, begin: Cursor<'_>, end: Cursor<'_>) -> Fragment {
    let mut trees = token::between(begin, end);
    let transparent = match kind {
        Kind::Tt | Kind::Ident | Kind::Lifetime => true,
        // As a statement, a group would need a semicolon; braces keep a block together as well.
        Kind::Block => true,
        // syn takes a `let` in a group for an expression.
        Kind::Stmt => is_let(begin),
        // An empty group says as much as nothing.
        _ => trees.is_empty(),
    };
    let wrapped = matches!(trees.as_slice(), [TokenTree::Group(group)] if group.delimiter() == Delimiter::None);
    token::end_alone(&mut trees);
    if !transparent && !wrapped {
        trees = vec![TokenTree::Group(Group::new(Delimiter::None, trees.into_iter().collect()))];
    }
    let size = trees.iter().map(token::size).sum();
    let depth = trees.iter().map(token::depth).max().unwrap_or(0);
    Fragment { kind, trees, size, depth }
}

/// Advances the input to a cursor that lies at most a few trees ahead.
fn step_to(input: ParseStream<'_>, target: Cursor<'_>) -> Option<()> {
    while input.cursor() < target {
        skip_tree(input)?;
    }
    Some(())
}

/// Skips one tree.
pub(super) fn skip_tree(input: ParseStream<'_>) -> Option<()> {
    input.step(|cursor| cursor.token_tree().map(|(_, rest)| ((), rest)).ok_or_else(|| cursor.error("end"))).ok()
}

/// Whether syn's parser takes it, and at least one token.
fn parses<T>(input: ParseStream<'_>, parser: fn(ParseStream<'_>) -> syn::Result<T>) -> Option<()> {
    let begin = input.cursor();
    parser(input).ok()?;
    (begin < input.cursor()).then_some(())
}

/// Whether the fragment is this one token, judged by the token behind it.
fn is_alone(kind: Kind, first: &Token, second: Cursor<'_>) -> bool {
    let word = match first {
        Token::Ident(ident) => !is_reserved(ident),
        Token::Literal(_) => matches!(kind, Kind::Expr | Kind::Expr2021),
        _ => false,
    };
    word && match token::read(second).0 {
        Token::End => true,
        Token::Punct(punct) => {
            [",", ";", "=>"].iter().any(|text| punct.is(text))
                || kind == Kind::Ty && ["=", ">", "|"].iter().any(|text| punct.is(text))
        }
        Token::Group(Delimiter::Brace) => kind == Kind::Ty,
        _ => false,
    }
}

fn literal(input: ParseStream<'_>, first: &Token, second: Cursor<'_>) -> Option<()> {
    match first {
        Token::Literal(_) | Token::Ident(_) => step_to(input, second),
        Token::Group(_) => {
            let (tree, _) = input.cursor().token_tree()?;
            is_literal(tree).then(|| step_to(input, second))?
        }
        _ => {
            let (Token::Literal(_), end) = token::read(second) else { return None };
            step_to(input, end)
        }
    }
}

/// Whether a tree is a literal, perhaps negative, perhaps wrapped by other macros.
fn is_literal(tree: TokenTree) -> bool {
    match tree {
        TokenTree::Literal(_) => true,
        TokenTree::Ident(ident) => ident == "true" || ident == "false",
        TokenTree::Punct(_) => false,
        TokenTree::Group(group) => {
            let mut trees = group.stream().into_iter();
            match (trees.next(), trees.next(), trees.next()) {
                (Some(TokenTree::Punct(minus)), Some(TokenTree::Literal(_)), None) => minus.as_char() == '-',
                (Some(only), None, None) => group.delimiter() == Delimiter::None && is_literal(only),
                _ => false,
            }
        }
    }
}

/// Whether a group is a block, perhaps wrapped by other macros.
fn is_block(group: &Group) -> bool {
    match group.delimiter() {
        Delimiter::Brace => true,
        Delimiter::None => {
            let mut trees = group.stream().into_iter();
            matches!((trees.next(), trees.next()), (Some(TokenTree::Group(inner)), None) if is_block(&inner))
        }
        _ => false,
    }
}

fn vis(input: ParseStream<'_>, first: &Token, second: Cursor<'_>) -> Option<()> {
    match first {
        Token::Ident(ident) if ident == "pub" => {
            step_to(input, second)?;
            let Some((TokenTree::Group(group), after)) = second.token_tree() else { return Some(()) };
            if group.delimiter() == Delimiter::Parenthesis && is_restriction(group.stream()) {
                step_to(input, after)?;
            }
            Some(())
        }
        Token::Group(Delimiter::None) => {
            let Some((TokenTree::Group(group), _)) = input.cursor().token_tree() else { return None };
            if begins_with_pub(&group) { step_to(input, second) } else { Some(()) }
        }
        _ => Some(()),
    }
}

/// Whether a visibility that another macro matched is inside.
fn begins_with_pub(group: &Group) -> bool {
    match group.stream().into_iter().next() {
        None => true,
        Some(TokenTree::Ident(ident)) => ident == "pub",
        Some(TokenTree::Group(inner)) => inner.delimiter() == Delimiter::None && begins_with_pub(&inner),
        Some(_) => false,
    }
}

/// Whether `pub(these)` is a visibility, not the field of a tuple struct.
fn is_restriction(tokens: TokenStream) -> bool {
    let mut trees = tokens.into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Ident(ident)), None) => ident == "crate" || ident == "self" || ident == "super",
        (Some(TokenTree::Ident(ident)), Some(_)) => ident == "in",
        _ => false,
    }
}

/// The content of an attribute: a path, then a group, a value or nothing.
fn meta(input: ParseStream<'_>, first: &Token, second: Cursor<'_>) -> Option<()> {
    let mut end = if first.is_punct("::") { input.cursor() } else { second };
    loop {
        let (token, rest) = token::read(end);
        match token {
            Token::Punct(punct) if punct.is("::") => {
                let (Token::Ident(_), after) = token::read(rest) else { return None };
                end = after;
            }
            Token::Punct(punct) if punct.is("=") => {
                step_to(input, rest)?;
                return match token::read(rest) {
                    (Token::Literal(_), after) if matches!(token::read(after).0, Token::End) => step_to(input, after),
                    _ => parses(input, Expr::parse),
                };
            }
            Token::Group(delimiter) if delimiter != Delimiter::None => return step_to(input, rest),
            _ => return step_to(input, end),
        }
    }
}

/// A statement without its semicolon, unless it is an item that ends in one.
fn stmt(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    ahead.call(Attribute::parse_outer)?;
    if ahead.peek(Token![let]) {
        input.call(Attribute::parse_outer)?;
        input.parse::<Token![let]>()?;
        Pat::parse_single(input)?;
        if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            input.parse::<Type>()?;
        }
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            input.parse::<Expr>()?;
            if input.peek(Token![else]) {
                input.parse::<Token![else]>()?;
                input.parse::<Block>()?;
            }
        }
        return Ok(());
    }
    if begins_item(ahead.cursor()) {
        let item = input.fork();
        if let Ok(Stmt::Item(_)) = item.parse::<Stmt>() {
            input.parse::<Item>()?;
            return Ok(());
        }
    }
    input.call(Expr::parse_with_earlier_boundary_rule).map(drop)
}

/// Whether a `let` stands at the cursor, behind attributes, perhaps in a group that another macro made.
fn is_let(cursor: Cursor<'_>) -> bool {
    let mut cursor = cursor;
    loop {
        cursor = match cursor.punct() {
            Some((punct, rest)) if punct.as_char() == '#' => match rest.group(Delimiter::Bracket) {
                Some((_, _, rest)) => rest,
                None => return false,
            },
            _ => return matches!(cursor.ident(), Some((ident, _)) if ident == "let"),
        };
    }
}

/// Whether the word at the cursor is one that items begin with.
fn begins_item(cursor: Cursor<'_>) -> bool {
    const WORDS: [&str; 18] = [
        "async",
        "auto",
        "const",
        "crate",
        "default",
        "enum",
        "extern",
        "fn",
        "impl",
        "macro",
        "macro_rules",
        "mod",
        "pub",
        "static",
        "struct",
        "trait",
        "type",
        "union",
    ];
    matches!(cursor.ident(), Some((ident, _)) if ident == "unsafe" || ident == "use" || WORDS.iter().any(|word| ident == word))
}

fn begins_type(token: &Token) -> bool {
    const WORDS: [&str; 12] =
        ["_", "for", "impl", "fn", "unsafe", "extern", "typeof", "dyn", "self", "Self", "super", "crate"];
    match token {
        Token::Ident(ident) => !is_reserved(ident) || WORDS.iter().any(|word| ident == word),
        Token::Lifetime(_) => true,
        Token::Group(delimiter) => *delimiter != Delimiter::Brace,
        Token::Punct(punct) => ["!", "*", "&", "&&", "?", "<", "<<", "::"].iter().any(|text| punct.is(text)),
        Token::Literal(_) | Token::End => false,
    }
}

/// Whether a keyword may begin an expression.
fn begins_expr(ident: &Ident) -> bool {
    const WORDS: [&str; 26] = [
        "async", "do", "box", "break", "const", "continue", "false", "for", "gen", "if", "let", "loop", "match",
        "move", "return", "true", "try", "unsafe", "while", "yield", "static", "become", "self", "Self", "super",
        "crate",
    ];
    WORDS.iter().any(|word| ident == word)
}

/// Whether it is a keyword, strict or reserved. A raw identifier never is.
pub(super) fn is_reserved(ident: &Ident) -> bool {
    const WORDS: [&str; 53] = [
        "_", "as", "break", "const", "continue", "crate", "else", "enum", "extern", "false", "fn", "for", "if", "impl",
        "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "Self", "static", "struct",
        "super", "trait", "true", "type", "unsafe", "use", "where", "while", "abstract", "become", "box", "do",
        "final", "macro", "override", "priv", "typeof", "unsized", "virtual", "yield", "async", "await", "dyn", "gen",
        "try",
    ];
    WORDS.iter().any(|word| ident == word)
}
