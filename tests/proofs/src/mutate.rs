//! Mutations: small edits of items, each of which makes other code of it. What comes out need not compile.

use std::ops::Range;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, ImplItem, Item, Lit, Macro, Signature, Stmt, TraitItem};

use crate::source::{Source, each, range};
use crate::walk::{impl_item_attributes, item_attributes, trait_item_attributes};

/// What a mutation changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "`as_str` says it")]
pub enum Kind {
    Operator,
    Literal,
    Identifier,
    Condition,
    Statement,
    MacroInput,
    Signature,
    ConstFn,
    Const,
    Static,
    Type,
    Trait,
    Impl,
    MacroDefinition,
    Cfg,
    File,
}

impl Kind {
    /// For tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Operator => "operator",
            Kind::Literal => "literal",
            Kind::Identifier => "identifier",
            Kind::Condition => "condition",
            Kind::Statement => "statement",
            Kind::MacroInput => "macro input",
            Kind::Signature => "signature",
            Kind::ConstFn => "const fn",
            Kind::Const => "const",
            Kind::Static => "static",
            Kind::Type => "type",
            Kind::Trait => "trait",
            Kind::Impl => "impl",
            Kind::MacroDefinition => "macro definition",
            Kind::Cfg => "cfg",
            Kind::File => "included file",
        }
    }
}

/// The item that is mutated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Of {
    Function,
    Const,
    Static,
    Type,
    Trait,
    Impl,
    Macro,
}

/// One edit.
#[derive(Debug, Clone)]
pub(crate) struct Mutation {
    pub(crate) kind: Kind,
    pub(crate) of: Of,
    /// The item's name, and a line that it covers.
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) range: Range<usize>,
    pub(crate) text: String,
}

/// All places of a file that this knows to mutate.
pub(crate) fn mutations(source: &Source) -> Vec<Mutation> {
    let mut finder = Finder { source, owner: None, out: Vec::new() };
    finder.visit_file(&source.syntax);
    finder.out
}

#[derive(Clone)]
struct Owner {
    of: Of,
    name: String,
    line: usize,
    is_const: bool,
}

struct Finder<'a> {
    source: &'a Source,
    owner: Option<Owner>,
    out: Vec<Mutation>,
}

impl Finder<'_> {
    fn push(&mut self, kind: Kind, range: Range<usize>, text: impl Into<String>) {
        let Some(owner) = &self.owner else { return };
        let in_body =
            matches!(kind, Kind::Operator | Kind::Literal | Kind::Identifier | Kind::Condition | Kind::Statement);
        let kind = match owner.of {
            Of::Const => Kind::Const,
            Of::Static => Kind::Static,
            Of::Function if in_body && owner.is_const => Kind::ConstFn,
            _ => kind,
        };
        let Owner { of, name, line, .. } = owner.clone();
        self.out.push(Mutation { kind, of, name, line, range, text: text.into() });
    }

    fn within(&mut self, owner: Owner, look: impl FnOnce(&mut Self)) {
        let outer = self.owner.replace(owner);
        look(self);
        self.owner = outer;
    }

    fn named(of: Of, name: &Ident) -> Owner {
        Owner { of, name: name.to_string(), line: name.span().start().line, is_const: false }
    }

    fn function(&mut self, signature: &Signature, block: Option<&Block>) {
        let mut owner = Self::named(Of::Function, &signature.ident);
        owner.is_const = signature.constness.is_some();
        self.within(owner, |finder| {
            if let syn::ReturnType::Type(_, ty) = &signature.output {
                finder.first_name(Kind::Signature, &ty.to_token_stream());
            }
            if let Some(syn::FnArg::Typed(typed)) = signature.inputs.last() {
                finder.first_name(Kind::Signature, &typed.ty.to_token_stream());
            }
            if let Some(block) = block {
                finder.visit_block(block);
            }
        });
    }

    /// Makes another name of the first one.
    fn first_name(&mut self, kind: Kind, tokens: &TokenStream) {
        let mut found = None;
        each(tokens, &mut |token| match token {
            TokenTree::Ident(name) if found.is_none() && is_plain(name) => found = Some(name.span().byte_range()),
            _ => {}
        });
        if let Some(place) = found {
            self.push(kind, place.end..place.end, "_mutated");
        }
    }

    /// Makes another literal or name of one in tokens.
    fn tokens(&mut self, kind: Kind, tokens: &TokenStream) {
        let mut found = Vec::new();
        let mut after_dollar = false;
        each(tokens, &mut |token| {
            match token {
                TokenTree::Ident(name) if is_plain(name) && !after_dollar => {
                    let place = name.span().byte_range();
                    found.push((place.end..place.end, "_mutated".to_owned()));
                }
                TokenTree::Literal(literal) => {
                    let place = literal.span().byte_range();
                    if let Some((at, text)) = other_literal(&self.source.text[place.clone()]) {
                        found.push((place.start + at..place.start + at, text.to_owned()));
                    }
                }
                _ => {}
            }
            // `$name:kind` is the pattern's.
            after_dollar = matches!(token, TokenTree::Punct(punct) if ['$', ':'].contains(&punct.as_char()));
        });
        for (place, text) in found {
            self.push(kind, place, text);
        }
    }

    fn conditional(&mut self, attributes: &[syn::Attribute], start: usize) {
        self.push(Kind::Cfg, start..start, "#[cfg(mutated)] ");
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")) {
            let mut place = None;
            each(&attribute.to_token_stream(), &mut |token| {
                if let TokenTree::Literal(literal) = token {
                    place = Some(literal.span().byte_range());
                }
            });
            if let Some(place) = place {
                self.push(Kind::Cfg, place.start + 1..place.start + 1, "mutated_");
            }
        }
    }
}

fn is_plain(name: &Ident) -> bool {
    let name = name.to_string();
    !name.starts_with("r#")
        && syn::parse_str::<Ident>(&name).is_ok()
        && !["crate", "self", "Self", "super"].contains(&name.as_str())
}

/// Where to insert what into a literal so that it is another one.
fn other_literal(text: &str) -> Option<(usize, &'static str)> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(if text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b") {
            (2, "1")
        } else {
            (0, "1")
        });
    }
    if text.starts_with('"') || text.starts_with("b\"") {
        return Some((text.find('"')? + 1, "m"));
    }
    None
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item(&mut self, item: &'ast Item) {
        let start = range(item).start;
        match item {
            Item::Fn(it) => {
                let owner = Self::named(Of::Function, &it.sig.ident);
                self.within(owner, |finder| finder.conditional(item_attributes(item), start));
                self.function(&it.sig, Some(&it.block));
            }
            Item::Const(it) => self.within(Self::named(Of::Const, &it.ident), |finder| {
                finder.conditional(item_attributes(item), start);
                finder.visit_expr(&it.expr);
            }),
            Item::Static(it) => self.within(Self::named(Of::Static, &it.ident), |finder| {
                finder.visit_expr(&it.expr);
            }),
            Item::Struct(it) => self.within(Self::named(Of::Type, &it.ident), |finder| {
                finder.conditional(item_attributes(item), start);
                for field in &it.fields {
                    finder.first_name(Kind::Type, &field.ty.to_token_stream());
                    if let Some(name) = &field.ident {
                        finder.push(Kind::Type, range(name).end..range(name).end, "_mutated");
                    }
                }
            }),
            Item::Enum(it) => self.within(Self::named(Of::Type, &it.ident), |finder| {
                for variant in &it.variants {
                    let end = range(&variant.ident).end;
                    finder.push(Kind::Type, end..end, "Mutated");
                    for field in &variant.fields {
                        finder.first_name(Kind::Type, &field.ty.to_token_stream());
                    }
                }
            }),
            Item::Type(it) => self.within(Self::named(Of::Type, &it.ident), |finder| {
                finder.first_name(Kind::Type, &it.ty.to_token_stream());
            }),
            Item::Trait(it) => {
                self.within(Self::named(Of::Trait, &it.ident), |finder| {
                    finder.conditional(item_attributes(item), start);
                    finder.first_name(Kind::Trait, &it.supertraits.to_token_stream());
                });
                for member in &it.items {
                    if let TraitItem::Fn(it) = member {
                        let _ = trait_item_attributes(member);
                        self.function(&it.sig, it.default.as_ref());
                    }
                }
            }
            Item::Impl(it) => {
                let line = it.impl_token.span().start().line;
                let owner = Owner { of: Of::Impl, name: String::new(), line, is_const: false };
                self.within(owner, |finder| {
                    finder.conditional(item_attributes(item), start);
                    if let Some(clause) = &it.generics.where_clause {
                        finder.first_name(Kind::Impl, &clause.to_token_stream());
                    }
                });
                for member in &it.items {
                    match member {
                        ImplItem::Fn(it) => {
                            let owner = Self::named(Of::Function, &it.sig.ident);
                            let start = range(member).start;
                            self.within(owner, |finder| finder.conditional(impl_item_attributes(member), start));
                            self.function(&it.sig, Some(&it.block));
                        }
                        ImplItem::Const(it) => {
                            self.within(Self::named(Of::Const, &it.ident), |finder| finder.visit_expr(&it.expr));
                        }
                        _ => {}
                    }
                }
            }
            Item::Macro(it) => {
                if let Some(name) = &it.ident {
                    self.within(Self::named(Of::Macro, name), |finder| {
                        finder.tokens(Kind::MacroDefinition, &it.mac.tokens);
                    });
                }
            }
            Item::Mod(it) => {
                for item in it.content.iter().flat_map(|(_, items)| items) {
                    self.visit_item(item);
                }
            }
            _ => {}
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        for statement in &block.stmts {
            let deletable = match statement {
                Stmt::Local(_) => true,
                Stmt::Expr(Expr::Verbatim(_), _) | Stmt::Item(_) => false,
                Stmt::Expr(_, semicolon) => semicolon.is_some(),
                Stmt::Macro(it) => it.semi_token.is_some(),
            };
            if deletable {
                self.push(Kind::Statement, range(statement), "");
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Binary(it) => {
                let other = match it.op {
                    BinOp::Add(_) => "-",
                    BinOp::Sub(_) => "+",
                    BinOp::Mul(_) => "/",
                    BinOp::Div(_) => "*",
                    BinOp::Lt(_) => "<=",
                    BinOp::Le(_) => "<",
                    BinOp::Gt(_) => ">=",
                    BinOp::Ge(_) => ">",
                    BinOp::Eq(_) => "!=",
                    BinOp::Ne(_) => "==",
                    BinOp::And(_) if !matches!(*it.left, Expr::Let(_)) && !matches!(*it.right, Expr::Let(_)) => "||",
                    BinOp::Or(_) => "&&",
                    BinOp::BitAnd(_) => "|",
                    BinOp::BitOr(_) => "&",
                    BinOp::Shl(_) => ">>",
                    BinOp::Shr(_) => "<<",
                    BinOp::AddAssign(_) => "-=",
                    BinOp::SubAssign(_) => "+=",
                    _ => "",
                };
                // A chain of conditions with `let` is not to be broken up.
                let has_let = self.source.of(it).contains("let ");
                if !other.is_empty() && !has_let {
                    self.push(Kind::Operator, range(&it.op), other);
                }
            }
            Expr::If(it) if !self.source.of(&it.cond).contains("let ") => {
                let place = range(&it.cond);
                let text = format!("!({})", &self.source.text[place.clone()]);
                self.push(Kind::Condition, place, text);
            }
            Expr::While(it) if !self.source.of(&it.cond).contains("let ") => {
                let place = range(&it.cond);
                let text = format!("!({})", &self.source.text[place.clone()]);
                self.push(Kind::Condition, place, text);
            }
            Expr::MethodCall(it) if !it.method.to_string().starts_with("r#") => {
                let end = range(&it.method).end;
                self.push(Kind::Identifier, end..end, "_mutated");
            }
            Expr::Path(it) => {
                if let Some(last) = it.path.segments.last().filter(|last| is_plain(&last.ident)) {
                    let end = range(&last.ident).end;
                    self.push(Kind::Identifier, end..end, "_mutated");
                }
            }
            Expr::Field(it) => {
                if let syn::Member::Named(name) = &it.member {
                    let end = range(name).end;
                    self.push(Kind::Identifier, end..end, "_mutated");
                }
            }
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_lit(&mut self, literal: &'ast Lit) {
        let place = range(literal);
        match literal {
            Lit::Bool(it) => self.push(Kind::Literal, place, if it.value { "false" } else { "true" }),
            _ => {
                if let Some((at, text)) = other_literal(&self.source.text[place.clone()]) {
                    self.push(Kind::Literal, place.start + at..place.start + at, text);
                }
            }
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.tokens(Kind::MacroInput, &call.tokens);
    }
}
