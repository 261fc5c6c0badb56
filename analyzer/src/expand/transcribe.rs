//! Fills in templates.
//!
//! All output goes through the budget, before it is made.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use super::definition::{Arm, Node, Part};
use super::fragment::{Fragment, Kind};
use super::matcher::Binding;
use super::{Budget, ExpandError, MAX_DEPTH};
use crate::written;

/// The tokens that an arm makes of its bindings.
pub(super) fn transcribe(
    arm: &Arm,
    bindings: &[Binding],
    krate: &Ident,
    own: Option<Span>,
    budget: &mut Budget,
) -> Result<TokenStream, ExpandError> {
    let mut transcriber = Transcriber { bindings, krate, own, budget, turns: Vec::new(), depth: 0 };
    let mut out = Vec::new();
    transcriber.nodes(&arm.template, &mut out)?;
    Ok(out.into_iter().collect())
}

struct Transcriber<'a> {
    bindings: &'a [Binding],
    krate: &'a Ident,
    /// What tokens of the template carry, if not where they stand.
    own: Option<Span>,
    budget: &'a mut Budget,
    /// The current turn of each repetition that we are in, and how many turns it has.
    turns: Vec<(usize, usize)>,
    /// How many groups we are in.
    depth: usize,
}

impl<'a> Transcriber<'a> {
    fn nodes(&mut self, nodes: &[Node], out: &mut Vec<TokenTree>) -> Result<(), ExpandError> {
        for node in nodes {
            match node {
                Node::Tree { tree, size, depth } => {
                    self.spend(*size, *depth)?;
                    out.push(self.own(tree.clone()));
                }
                Node::Crate => {
                    self.spend(1, 0)?;
                    out.push(self.own(TokenTree::Ident(self.krate.clone())));
                }
                Node::Var { var, path } => {
                    let fragment = self.fragment(*var)?;
                    self.spend(fragment.size, fragment.depth)?;
                    if *path && fragment.kind == Kind::Ty {
                        out.extend(fragment.trees.iter().cloned().map(as_path));
                    } else {
                        out.extend(fragment.trees.iter().cloned());
                    }
                }
                Node::Group { delimiter, body } => {
                    self.spend(1, 1)?;
                    self.depth += 1;
                    let mut inside = Vec::new();
                    self.nodes(body, &mut inside)?;
                    self.depth -= 1;
                    out.push(TokenTree::Group(Group::new(*delimiter, inside.into_iter().collect())));
                }
                Node::Repeat { body, separator, vars } => {
                    let count = self.turns_of(vars)?;
                    for turn in 0..count {
                        // A turn may be empty, but never free.
                        self.spend(1, 0)?;
                        if turn > 0 {
                            self.spend(separator.len(), 0)?;
                            out.extend(separator.iter().map(|tree| self.own(tree.clone())));
                        }
                        self.turns.push((turn, count));
                        self.nodes(body, out)?;
                        self.turns.pop();
                    }
                }
                Node::Count { var, levels } => {
                    let count = count(self.lookup(*var)?, *levels);
                    self.number(count, out)?;
                }
                Node::Index { out: levels } => {
                    let (turn, _) = self.turn(*levels)?;
                    self.number(turn, out)?;
                }
                Node::Len { out: levels } => {
                    let (_, count) = self.turn(*levels)?;
                    self.number(count, out)?;
                }
                Node::Concat { parts } => {
                    self.spend(1, 0)?;
                    let name = TokenTree::Ident(self.concat(parts)?);
                    out.push(self.own(name));
                }
            }
        }
        Ok(())
    }

    /// A tree that the definition wrote.
    fn own(&self, mut tree: TokenTree) -> TokenTree {
        let Some(own) = self.own else { return tree };
        match &tree {
            TokenTree::Group(group) => {
                let inside = written::spanned(group.stream(), &mut || own);
                TokenTree::Group(Group::new(group.delimiter(), inside))
            }
            _ => {
                tree.set_span(own);
                tree
            }
        }
    }

    /// Takes tokens out of the budget, and checks how deep they would stand.
    fn spend(&mut self, tokens: usize, depth: usize) -> Result<(), ExpandError> {
        if self.depth + depth > MAX_DEPTH {
            return Err(ExpandError::TooDeep);
        }
        match self.budget.tokens.checked_sub(tokens) {
            Some(left) => self.budget.tokens = left,
            None => {
                self.budget.tokens = 0;
                return Err(ExpandError::TooLarge);
            }
        }
        Ok(())
    }

    /// What a variable is bound to in the current turns.
    fn lookup(&self, var: usize) -> Result<&'a Binding, ExpandError> {
        const MISSING: ExpandError = ExpandError::Repetition { message: "a variable has no value there" };
        let mut binding = self.bindings.get(var).ok_or(MISSING)?;
        for (turn, _) in &self.turns {
            match binding {
                Binding::One(_) => break,
                Binding::Many(turns) => binding = turns.get(*turn).ok_or(MISSING)?,
            }
        }
        Ok(binding)
    }

    fn fragment(&self, var: usize) -> Result<&'a Fragment, ExpandError> {
        match self.lookup(var)? {
            Binding::One(fragment) => Ok(fragment),
            Binding::Many(_) => {
                Err(ExpandError::Repetition { message: "a variable that repeats stands outside of a repetition" })
            }
        }
    }

    /// How often a repetition turns: its variables must agree.
    fn turns_of(&self, vars: &[usize]) -> Result<usize, ExpandError> {
        let mut turns = None;
        for var in vars {
            if let Binding::Many(found) = self.lookup(*var)? {
                if turns.is_some_and(|turns| turns != found.len()) {
                    return Err(ExpandError::Repetition { message: "its variables repeat differently often" });
                }
                turns = Some(found.len());
            }
        }
        turns.ok_or(ExpandError::Repetition { message: "none of its variables repeats" })
    }

    /// The turn of the repetition `levels` out from the innermost.
    fn turn(&self, levels: usize) -> Result<(usize, usize), ExpandError> {
        let turn = self.turns.iter().rev().nth(levels).copied();
        turn.ok_or(ExpandError::Repetition { message: "a repetition's index stands outside of it" })
    }

    fn number(&mut self, number: usize, out: &mut Vec<TokenTree>) -> Result<(), ExpandError> {
        self.spend(1, 0)?;
        out.push(self.own(TokenTree::Literal(Literal::usize_unsuffixed(number))));
        Ok(())
    }

    fn concat(&self, parts: &[Part]) -> Result<Ident, ExpandError> {
        const NO_NAME: ExpandError = ExpandError::Repetition { message: "`concat` doesn't make a name" };
        let mut name = String::new();
        for part in parts {
            match part {
                Part::Text(text) => name.push_str(text),
                Part::Var(var) => match self.fragment(*var)?.trees.as_slice() {
                    [TokenTree::Ident(ident)] => name.push_str(ident.to_string().trim_start_matches("r#")),
                    [TokenTree::Literal(literal)] => name.push_str(literal.to_string().trim_matches('"')),
                    _ => return Err(NO_NAME),
                },
            }
        }
        let mut ident = syn::parse_str::<Ident>(&name).map_err(|_| NO_NAME)?;
        ident.set_span(Span::call_site());
        Ok(ident)
    }
}

/// How many bindings there are `levels` repetitions down, or at the bottom.
fn count(binding: &Binding, levels: usize) -> usize {
    match binding {
        Binding::One(_) => 1,
        Binding::Many(turns) if levels <= 1 => turns.len(),
        Binding::Many(turns) => turns.iter().map(|turn| count(turn, levels - 1)).sum(),
    }
}

/// Writes a type as rustc reads it in an expression: `Vec<u8>` in `$t::new()` is `Vec::<u8>::new()`.
fn as_path(tree: TokenTree) -> TokenTree {
    let TokenTree::Group(group) = tree else { return tree };
    if group.delimiter() != Delimiter::None {
        return TokenTree::Group(group);
    }
    let mut out: Vec<TokenTree> = Vec::new();
    let mut open = 0_usize;
    for tree in group.stream() {
        match &tree {
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' => {
                    if open == 0 && matches!(out.last(), Some(TokenTree::Ident(_))) {
                        out.push(TokenTree::Punct(Punct::new(':', Spacing::Joint)));
                        out.push(TokenTree::Punct(Punct::new(':', Spacing::Alone)));
                    }
                    open += 1;
                }
                '>' if !matches!(out.last(), Some(TokenTree::Punct(last)) if last.as_char() == '-') => {
                    open = open.saturating_sub(1);
                }
                _ => {}
            },
            TokenTree::Group(_) if out.is_empty() => {
                out.push(as_path(tree));
                continue;
            }
            _ => {}
        }
        out.push(tree);
    }
    TokenTree::Group(Group::new(Delimiter::None, out.into_iter().collect()))
}
