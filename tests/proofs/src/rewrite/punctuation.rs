//! Parentheses that hold what holds together anyway, and commas at the end of lists.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, Pat, ReturnType, Token, Type};

use super::Rewritten;
use crate::known_macro::Commas;
use crate::source::{Source, each, range};
use crate::subject::Subject;
use crate::walk::{Node, Visitor, Why, walk};

/// Wraps expressions, types and patterns.
pub(super) fn parentheses(source: &Source, subject: &Subject) -> Rewritten {
    let mut visitor = Parentheses { out: Rewritten::default() };
    walk(&source.syntax, subject.shadowed(source), &mut visitor);
    visitor.out
}

/// Adds a comma at the end of each list that has none and removes it where there is one.
pub(super) fn commas(source: &Source, subject: &Subject) -> Rewritten {
    let mut visitor = TrailingCommas { out: Rewritten::default() };
    walk(&source.syntax, subject.shadowed(source), &mut visitor);
    visitor.out
}

/// Lists in tokens that nobody reads here: a rough count of what is left alone.
fn lists(tokens: &TokenStream) -> usize {
    let mut lists = 0;
    each(tokens, &mut |token| {
        let is_list = |group: &proc_macro2::Group| group.delimiter() != Delimiter::Brace && !group.stream().is_empty();
        lists += usize::from(matches!(token, TokenTree::Group(group) if is_list(group)));
    });
    lists
}

struct Parentheses {
    out: Rewritten,
}

impl Parentheses {
    fn wrap(&mut self, node: &impl Spanned) {
        let range = range(node);
        self.out.sites += 1;
        self.out.edits.insert(range.start, "(");
        self.out.edits.insert(range.end, ")");
    }

    fn value(&mut self, expr: &Expr) {
        if holds_together(expr) {
            self.wrap(expr);
        }
    }

    fn values<'a>(&mut self, list: impl IntoIterator<Item = &'a Expr>) {
        list.into_iter().for_each(|expr| self.value(expr));
    }

    fn ty(&mut self, ty: &Type) {
        if !matches!(ty, Type::Infer(_) | Type::Never(_) | Type::Verbatim(_) | Type::Macro(_) | Type::Group(_)) {
            self.wrap(ty);
        }
    }
}

/// Whether an expression is one wherever it stands.
fn holds_together(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) | Expr::Verbatim(_) | Expr::Infer(_) | Expr::Group(_) => false,
        // `if (let ..)` is none.
        Expr::Binary(it) if matches!(it.op, BinOp::And(_)) => holds_together(&it.left) && holds_together(&it.right),
        // Where an attribute stands on it.
        _ => true,
    }
}

impl Visitor for Parentheses {
    fn node(&mut self, node: Node<'_>) {
        match node {
            Node::Expr(Expr::Call(it)) => self.values(&it.args),
            Node::Expr(Expr::MethodCall(it)) => self.values(&it.args),
            Node::Expr(Expr::Array(it)) => self.values(&it.elems),
            Node::Expr(Expr::Tuple(it)) => self.values(it.elems.iter().filter(|_| it.elems.len() > 1)),
            Node::Expr(Expr::Binary(it)) => {
                let is_assignment = |op: &BinOp| {
                    let text = quote::ToTokens::to_token_stream(op).to_string();
                    text.ends_with('=') && !["==", "<=", ">=", "!="].contains(&text.as_str())
                };
                // Of a chain of conditions no part may be wrapped that ends one.
                let chained =
                    matches!(it.op, BinOp::And(_)) && !(holds_together(&it.left) && holds_together(&it.right));
                if !chained {
                    if !is_assignment(&it.op) {
                        self.value(&it.left);
                    }
                    self.value(&it.right);
                }
            }
            Node::Expr(Expr::Assign(it)) => self.value(&it.right),
            Node::Expr(Expr::Return(it)) => self.values(it.expr.as_deref()),
            Node::Expr(Expr::Break(it)) => self.values(it.expr.as_deref()),
            Node::Expr(Expr::Index(it)) => self.value(&it.index),
            Node::Expr(Expr::Match(it)) => self.value(&it.expr),
            Node::Expr(Expr::If(it)) => self.value(&it.cond),
            Node::Expr(Expr::While(it)) => self.value(&it.cond),
            Node::Expr(Expr::ForLoop(it)) => self.value(&it.expr),
            Node::Expr(Expr::Reference(it)) => self.value(&it.expr),
            Node::Expr(Expr::Closure(it))
                if matches!(it.output, ReturnType::Default) && !matches!(&*it.body, Expr::Block(_)) =>
            {
                self.value(&it.body);
            }
            Node::Expr(Expr::Struct(it)) => {
                self.values(it.fields.iter().filter(|field| field.colon_token.is_some()).map(|field| &field.expr));
            }
            Node::Local(it) => self.values(it.init.as_ref().map(|init| &*init.expr)),
            Node::PatType(it) => self.ty(&it.ty),
            Node::Signature(it) => {
                if let ReturnType::Type(_, ty) = &it.output {
                    self.ty(ty);
                }
            }
            Node::Pat(Pat::TupleStruct(it)) => {
                for pattern in it.elems.iter().filter(|it| !matches!(it, Pat::Rest(_) | Pat::Verbatim(_))) {
                    self.wrap(pattern);
                }
            }
            _ => {}
        }
    }

    fn hidden(&mut self, tokens: TokenStream, why: Why) {
        self.out.skip(why, lists(&tokens));
    }
}

struct TrailingCommas {
    out: Rewritten,
}

impl TrailingCommas {
    fn list<T: quote::ToTokens>(&mut self, list: &Punctuated<T, Token![,]>) {
        let Some(last) = list.pairs().last() else { return };
        self.out.sites += 1;
        match last.punct() {
            Some(comma) => self.out.edits.remove(range(comma)),
            None => self.out.edits.insert(range(last.value()).end, ","),
        }
    }
}

impl Visitor for TrailingCommas {
    fn node(&mut self, node: Node<'_>) {
        match node {
            Node::Expr(Expr::Call(it)) => self.list(&it.args),
            Node::Expr(Expr::MethodCall(it)) => self.list(&it.args),
            Node::Expr(Expr::Array(it)) => self.list(&it.elems),
            Node::Expr(Expr::Tuple(it)) if it.elems.len() > 1 => self.list(&it.elems),
            Node::Expr(Expr::Struct(it)) if it.dot2_token.is_none() => self.list(&it.fields),
            Node::Expr(Expr::Closure(it)) => self.list(&it.inputs),
            Node::Expr(Expr::Match(it)) => {
                let count = it.arms.len();
                for (at, arm) in it.arms.iter().enumerate() {
                    let is_block =
                        matches!(&*arm.body, Expr::Block(body) if body.label.is_none() && body.attrs.is_empty());
                    if at + 1 == count || is_block {
                        self.out.sites += 1;
                        match &arm.comma {
                            Some(comma) => self.out.edits.remove(range(comma)),
                            None => self.out.edits.insert(range(&arm.body).end, ","),
                        }
                    }
                }
            }
            Node::Signature(it) if it.variadic.is_none() => self.list(&it.inputs),
            Node::Generics(it) => {
                self.list(&it.params);
                if let Some(clause) = &it.where_clause {
                    self.list(&clause.predicates);
                }
            }
            Node::Arguments(it) => self.list(&it.args),
            Node::Named(it) => self.list(&it.named),
            Node::Unnamed(it) => self.list(&it.unnamed),
            Node::Item(syn::Item::Enum(it)) => self.list(&it.variants),
            Node::Pat(Pat::Tuple(it)) if it.elems.len() > 1 => self.list(&it.elems),
            Node::Pat(Pat::TupleStruct(it)) => self.list(&it.elems),
            Node::Pat(Pat::Slice(it)) => self.list(&it.elems),
            Node::Pat(Pat::Struct(it)) if it.rest.is_none() => self.list(&it.fields),
            Node::TypeTuple(it) if it.elems.len() > 1 => self.list(&it.elems),
            Node::TypeFnPtr(it) if it.variadic.is_none() => self.list(&it.inputs),
            Node::UseGroup(it) => self.list(&it.items),
            Node::Known(input) => match (&input.commas, input.arguments.last()) {
                (Some(Commas::Trailing(comma)), _) => {
                    self.out.sites += 1;
                    self.out.edits.remove(range(comma));
                }
                (Some(Commas::None), Some(last)) => {
                    self.out.sites += 1;
                    self.out.edits.insert(range(&last.value).end, ",");
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn hidden(&mut self, tokens: TokenStream, why: Why) {
        self.out.skip(why, lists(&tokens));
    }
}
