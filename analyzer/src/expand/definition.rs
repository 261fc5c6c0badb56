//! Compiles a macro's definition: patterns to a flat list of positions, templates to trees.

use std::ops::Range;

use proc_macro2::{Delimiter, Ident, Punct, Spacing, TokenStream, TokenTree};
use syn::buffer::{Cursor, TokenBuffer};

use super::ExpandError;
use super::fragment::Kind;
use super::token::{self, Expected, Glued, Token};

/// One arm of a macro.
#[derive(Debug, Clone)]
pub(super) struct Arm {
    /// The pattern, [`Loc::End`] last.
    pub(super) pattern: Vec<Loc>,
    /// How many variables it binds.
    pub(super) vars: usize,
    /// What the arm expands to.
    pub(super) template: Vec<Node>,
}

/// A position in a pattern, and what to do there.
#[derive(Debug, Clone)]
pub(super) enum Loc {
    /// Take this token.
    Token(Expected),
    /// Take `$crate`.
    Crate,
    /// Enter a group.
    Open(Delimiter),
    /// Leave it.
    Close,
    /// A repetition begins: go on into it, or behind it at `behind` if it may match nothing.
    Enter { behind: usize, optional: bool, vars: Range<usize>, depth: usize },
    /// A repetition without separator ends: go on behind it, or at `first` again.
    Again { first: usize },
    /// A repetition with separator ends: go on behind it, or take the separator and go on at `first`.
    Separator { token: Expected, first: usize },
    /// Match a variable that stands in `depth` repetitions.
    Var { kind: Kind, var: usize, depth: usize },
    /// The input must end.
    End,
}

/// A part of a template.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// A tree that comes out as it is, with its number of tokens and its nesting.
    Tree {
        tree: TokenTree,
        size: usize,
        depth: usize,
    },
    /// `$crate`.
    Crate,
    /// A variable; `path` if what follows makes it the beginning of a path expression.
    Var {
        var: usize,
        path: bool,
    },
    /// A group with variables in it.
    Group {
        delimiter: Delimiter,
        body: Vec<Node>,
    },
    /// A repetition, with the variables in it that decide how often.
    Repeat {
        body: Vec<Node>,
        separator: Vec<TokenTree>,
        vars: Vec<usize>,
    },
    /// `${count($x, depth)}`.
    Count {
        var: usize,
        levels: usize,
    },
    /// `${index(depth)}`, `${len(depth)}`: of the repetition that many levels out.
    Index {
        out: usize,
    },
    Len {
        out: usize,
    },
    /// `${concat(..)}`.
    Concat {
        parts: Vec<Part>,
    },
}

/// An operand of `${concat(..)}`.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(String),
    Var(usize),
}

fn malformed<T>(message: &'static str) -> Result<T, ExpandError> {
    Err(ExpandError::Malformed { message })
}

/// The arms of a definition.
pub(super) fn arms(body: TokenStream, edition: u16, inner: bool) -> Result<Vec<Arm>, ExpandError> {
    let buffer = TokenBuffer::new2(body);
    let mut cursor = buffer.begin();
    let mut arms = Vec::new();
    if let Some((pattern, Delimiter::Parenthesis, _, rest)) = cursor.any_group()
        && let Some((template, Delimiter::Brace, _, rest)) = rest.any_group()
        && rest.eof()
    {
        // `macro name(pattern) { template }`
        return Ok(vec![arm(pattern, template, edition, inner)?]);
    }
    while !cursor.eof() {
        let Some((pattern, _, _, rest)) = cursor.any_group() else {
            return malformed("an arm doesn't begin with a pattern in brackets");
        };
        let (arrow, behind) = token::read(rest);
        if !arrow.is_punct("=>") {
            return malformed("expected `=>` behind the pattern");
        }
        let Some((template, _, _, rest)) = behind.any_group() else {
            return malformed("expected a template in brackets");
        };
        arms.push(arm(pattern, template, edition, inner)?);
        cursor = match token::read(rest) {
            (Token::End, _) => break,
            (separator, behind) if separator.is_punct(";") || separator.is_punct(",") => behind,
            _ => return malformed("expected `;` between two arms"),
        };
    }
    if arms.is_empty() { malformed("a macro needs at least one arm") } else { Ok(arms) }
}

fn arm(pattern: Cursor<'_>, template: Cursor<'_>, edition: u16, inner: bool) -> Result<Arm, ExpandError> {
    let mut compiler = PatternCompiler { edition, locs: Vec::new(), names: Vec::new() };
    compiler.sequence(pattern, 0)?;
    compiler.locs.push(Loc::End);
    compiler.restrict_alternatives();
    let mut compiler = TemplateCompiler { names: &compiler.names, pattern: compiler.locs, inner };
    let template = compiler.nodes(template, &mut Vec::new());
    Ok(Arm { pattern: std::mem::take(&mut compiler.pattern), vars: compiler.names.len(), template })
}

struct PatternCompiler {
    edition: u16,
    locs: Vec<Loc>,
    names: Vec<String>,
}

impl PatternCompiler {
    /// Compiles up to the end of the cursor's group. Answers whether it can match nothing.
    fn sequence(&mut self, mut cursor: Cursor<'_>, depth: usize) -> Result<bool, ExpandError> {
        let mut empty = true;
        loop {
            let (token, rest) = token::read(cursor);
            match token {
                Token::End => return Ok(empty),
                Token::Punct(punct) if punct.is("$") => {
                    let (found, rest) = self.dollar(rest, depth)?;
                    empty &= found;
                    cursor = rest;
                    continue;
                }
                Token::Punct(punct) if punct.is("#") && is_doc(rest) => {
                    // rustc ignores doc comments in patterns.
                    cursor = token::read(rest).1;
                    continue;
                }
                Token::Group(delimiter) => {
                    let Some((inside, ..)) = cursor.any_group() else { return Ok(empty) };
                    if delimiter == Delimiter::None {
                        empty &= self.sequence(inside, depth)?;
                    } else {
                        self.locs.push(Loc::Open(delimiter));
                        self.sequence(inside, depth)?;
                        self.locs.push(Loc::Close);
                        empty = false;
                    }
                }
                token => {
                    self.locs.extend(token.expected().map(Loc::Token));
                    empty = false;
                }
            }
            cursor = rest;
        }
    }

    /// Compiles what stands behind a `$`. Answers whether it can match nothing, and where it ends.
    fn dollar<'a>(&mut self, cursor: Cursor<'a>, depth: usize) -> Result<(bool, Cursor<'a>), ExpandError> {
        match token::read(cursor) {
            (Token::Ident(name), rest) => {
                let (colon, behind) = token::read(rest);
                if !colon.is_punct(":") {
                    if name == "crate" {
                        self.locs.push(Loc::Crate);
                        return Ok((false, rest));
                    }
                    return malformed("a variable without `:` and what it matches");
                }
                let (Token::Ident(specifier), rest) = token::read(behind) else {
                    return malformed("a variable without what it matches");
                };
                let Some(kind) = Kind::of(&specifier, self.edition) else {
                    return malformed("an unknown fragment specifier");
                };
                self.locs.push(Loc::Var { kind, var: self.names.len(), depth });
                self.names.push(name.to_string());
                Ok((kind == Kind::Vis, rest))
            }
            (Token::Group(Delimiter::Parenthesis), rest) => {
                let Some((inside, ..)) = cursor.any_group() else { return malformed("expected `(`") };
                let Some((separator, op, behind)) = repetition(rest) else {
                    return malformed("a repetition without `*`, `+` or `?`");
                };
                let (enter, first_var) = (self.locs.len(), self.names.len());
                self.locs.push(Loc::End);
                let empty = self.sequence(inside, depth + 1)?;
                let first = enter + 1;
                match separator.expected() {
                    Some(token) if op != b'?' => self.locs.push(Loc::Separator { token, first }),
                    _ if empty => return malformed("a repetition of something that can match nothing"),
                    _ if op != b'?' => self.locs.push(Loc::Again { first }),
                    _ => {}
                }
                let (behind_loc, vars) = (self.locs.len(), first_var..self.names.len());
                let optional = op != b'+';
                if let Some(loc) = self.locs.get_mut(enter) {
                    *loc = Loc::Enter { behind: behind_loc, optional, vars, depth };
                }
                Ok((optional || empty, behind))
            }
            // At the end of a group it stands for itself.
            (Token::End, rest) => {
                self.locs.extend(Token::Punct(Glued::DOLLAR).expected().map(Loc::Token));
                Ok((false, rest))
            }
            _ => malformed("`$` without a name or a repetition behind it"),
        }
    }

    /// A `pat` with `|` behind it is an alternative, not all of them: only older editions allow that.
    fn restrict_alternatives(&mut self) {
        for behind in 1..self.locs.len() {
            let bar = match self.locs.get(behind) {
                Some(Loc::Token(token) | Loc::Separator { token, .. }) => token.is_punct("|"),
                _ => false,
            };
            if bar && let Some(Loc::Var { kind: kind @ Kind::Pat, .. }) = self.locs.get_mut(behind - 1) {
                *kind = Kind::PatParam;
            }
        }
    }
}

/// Whether the group at the cursor makes a doc comment of the `#` before it.
fn is_doc(cursor: Cursor<'_>) -> bool {
    let Some((inside, Delimiter::Bracket, ..)) = cursor.any_group() else { return false };
    let (Token::Ident(name), rest) = token::read(inside) else { return false };
    let (equals, rest) = token::read(rest);
    name == "doc" && equals.is_punct("=") && matches!(token::read(rest).0, Token::Literal(_))
}

/// What stands behind the brackets of a repetition: the separator ([`Token::End`] if there is none) and the operator.
fn repetition(cursor: Cursor<'_>) -> Option<(Token, u8, Cursor<'_>)> {
    let operator = |token: &Token| match token {
        Token::Punct(punct) => match punct.text() {
            [op @ (b'*' | b'+' | b'?')] => Some(*op),
            _ => None,
        },
        _ => None,
    };
    let (token, rest) = token::read(cursor);
    if let Some(op) = operator(&token) {
        return Some((Token::End, op, rest));
    }
    token.expected()?;
    let (second, rest) = token::read(rest);
    Some((token, operator(&second)?, rest))
}

struct TemplateCompiler<'a> {
    names: &'a [String],
    pattern: Vec<Loc>,
    /// Whether the macros that it calls are its own crate's.
    inner: bool,
}

impl TemplateCompiler<'_> {
    /// Compiles up to the end of the cursor's group; adds the variables in it to `used`.
    fn nodes(&self, mut cursor: Cursor<'_>, used: &mut Vec<usize>) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut is_behind = false;
        while let Some((tree, rest)) = cursor.token_tree() {
            cursor = rest;
            let was_behind =
                std::mem::replace(&mut is_behind, matches!(&tree, TokenTree::Punct(p) if p.as_char() == ':'));
            match tree {
                TokenTree::Punct(punct) if punct.as_char() == '$' => {
                    cursor = self.dollar(rest, &mut nodes, used);
                }
                TokenTree::Group(group) => {
                    let buffer = TokenBuffer::new2(group.stream());
                    let body = self.nodes(buffer.begin(), used);
                    nodes.push(fold(group.delimiter(), body));
                }
                TokenTree::Punct(punct) if punct.as_char() != '\'' && is_dollar(rest) => {
                    // What the variable stands for must not glue to it.
                    nodes.push(leaf(TokenTree::Punct(Punct::new(punct.as_char(), Spacing::Alone))));
                }
                TokenTree::Ident(name) if self.inner && !was_behind && is_macro_call(&name, rest) => {
                    let colon = |spacing| leaf(TokenTree::Punct(Punct::new(':', spacing)));
                    nodes.extend([Node::Crate, colon(Spacing::Joint), colon(Spacing::Alone)]);
                    nodes.push(leaf(TokenTree::Ident(name)));
                }
                tree => nodes.push(leaf(tree)),
            }
        }
        nodes
    }

    /// Compiles what stands behind a `$`, and answers where it ends. What isn't ours (a macro defined by the template has
    /// variables of its own) comes out as it is.
    fn dollar<'a>(&self, cursor: Cursor<'a>, nodes: &mut Vec<Node>, used: &mut Vec<usize>) -> Cursor<'a> {
        match token::read(cursor) {
            (Token::Ident(name), rest) => {
                if name == "crate" {
                    nodes.push(Node::Crate);
                    return rest;
                }
                if let Some(var) = self.var(&name) {
                    used.push(var);
                    let path = self.is_type(var)
                        && match token::read(rest).0 {
                            Token::Punct(punct) => punct.is("::"),
                            Token::Group(delimiter) => matches!(delimiter, Delimiter::Brace | Delimiter::Parenthesis),
                            _ => false,
                        };
                    nodes.push(Node::Var { var, path });
                    return rest;
                }
            }
            (Token::Group(Delimiter::Parenthesis), rest) => {
                if let Some((inside, ..)) = cursor.any_group()
                    && let Some((separator, _, behind)) = repetition(rest)
                {
                    let mut vars = Vec::new();
                    let body = self.nodes(inside, &mut vars);
                    if !vars.is_empty() {
                        vars.sort_unstable();
                        vars.dedup();
                        used.extend_from_slice(&vars);
                        let separator = match separator {
                            Token::End => Vec::new(),
                            _ => separator_trees(rest),
                        };
                        nodes.push(Node::Repeat { body, separator, vars });
                        return behind;
                    }
                }
            }
            (Token::Group(Delimiter::Brace), rest) => {
                if let Some((inside, ..)) = cursor.any_group()
                    && let Some(found) = self.metavariable_expression(inside, used)
                {
                    nodes.extend(found);
                    return rest;
                }
            }
            (Token::Punct(punct), rest) if punct.is("$") => {
                nodes.push(dollar_sign());
                return rest;
            }
            _ => {}
        }
        nodes.push(dollar_sign());
        cursor
    }

    fn var(&self, name: &Ident) -> Option<usize> {
        self.names.iter().rposition(|known| name == known)
    }

    fn is_type(&self, var: usize) -> bool {
        self.pattern.iter().any(|loc| matches!(loc, Loc::Var { kind: Kind::Ty, var: v, .. } if *v == var))
    }

    /// `${..}`. The outer answer is none if it isn't one, the inner if it expands to nothing.
    fn metavariable_expression(&self, cursor: Cursor<'_>, used: &mut Vec<usize>) -> Option<Option<Node>> {
        let (Token::Ident(function), rest) = token::read(cursor) else { return None };
        let (arguments, Delimiter::Parenthesis, _, rest) = rest.any_group()? else { return None };
        if !rest.eof() {
            return None;
        }
        let mut operands = Vec::new();
        let mut cursor = arguments;
        loop {
            let (token, rest) = token::read(cursor);
            cursor = rest;
            match token {
                Token::End => break,
                Token::Ident(name) => operands.push(match self.var(&name) {
                    // Its own variables may be named with or without `$`.
                    Some(var) if function != "concat" => Part::Var(var),
                    _ => Part::Text(name.to_string()),
                }),
                Token::Literal(literal) => operands.push(Part::Text(literal.to_string().trim_matches('"').to_owned())),
                Token::Punct(punct) if punct.is("$") => {
                    let (Token::Ident(name), rest) = token::read(cursor) else { return None };
                    cursor = rest;
                    operands.push(Part::Var(self.var(&name)?));
                }
                Token::Punct(punct) if punct.is(",") => {}
                _ => return None,
            }
        }
        let number = |operand: Option<&Part>| match operand {
            None => Some(0),
            Some(Part::Text(text)) => text.parse::<usize>().ok(),
            Some(Part::Var(_)) => None,
        };
        let node = match (function.to_string().as_str(), operands.as_slice()) {
            ("ignore", [Part::Var(var)]) => {
                used.push(*var);
                None
            }
            ("count", [Part::Var(var), levels @ ..]) if levels.len() < 2 => {
                let levels = if levels.is_empty() { usize::MAX } else { number(levels.first())?.saturating_add(1) };
                Some(Node::Count { var: *var, levels })
            }
            ("index", [] | [_]) => Some(Node::Index { out: number(operands.first())? }),
            ("len" | "length", [] | [_]) => Some(Node::Len { out: number(operands.first())? }),
            ("concat", [_, ..]) => {
                used.extend(operands.iter().filter_map(|part| match part {
                    Part::Var(var) => Some(*var),
                    Part::Text(_) => None,
                }));
                Some(Node::Concat { parts: operands })
            }
            _ => return None,
        };
        Some(node)
    }
}

/// The trees of the one token at the cursor.
fn separator_trees(cursor: Cursor<'_>) -> Vec<TokenTree> {
    let (_, end) = token::read(cursor);
    let mut trees: Vec<TokenTree> = token::between(cursor, end).into_iter().collect();
    token::end_alone(&mut trees);
    trees
}

/// Whether a name with what stands behind it calls a macro.
fn is_macro_call(name: &Ident, cursor: Cursor<'_>) -> bool {
    let Some((TokenTree::Punct(bang), rest)) = cursor.token_tree() else { return false };
    let is_call = bang.as_char() == '!' && matches!(rest.token_tree(), Some((TokenTree::Group(_), _)));
    is_call && name != "macro_rules" && !super::fragment::is_reserved(name)
}

fn is_dollar(cursor: Cursor<'_>) -> bool {
    matches!(token::read(cursor).0, Token::Punct(punct) if punct.is("$"))
}

fn dollar_sign() -> Node {
    leaf(TokenTree::Punct(Punct::new('$', Spacing::Alone)))
}

fn leaf(tree: TokenTree) -> Node {
    Node::Tree { tree, size: 1, depth: 0 }
}

/// A group: one tree, if nothing in it changes.
fn fold(delimiter: Delimiter, body: Vec<Node>) -> Node {
    let (mut all, mut deepest) = (1, 0);
    for node in &body {
        let Node::Tree { size, depth, .. } = node else { return Node::Group { delimiter, body } };
        all += size;
        deepest = deepest.max(*depth);
    }
    let trees = body.into_iter().filter_map(|node| match node {
        Node::Tree { tree, .. } => Some(tree),
        _ => None,
    });
    let tree = TokenTree::Group(proc_macro2::Group::new(delimiter, trees.collect()));
    Node::Tree { tree, size: all, depth: deepest + 1 }
}
