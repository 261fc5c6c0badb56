//! Blocks, statements and expressions.

use std::rc::Rc;

use super::Lowerer;
use crate::ir::{Arm, Block, Expr, Lit, MacroCall, Nested, Operator, Stmt, Written};
use crate::normalize;

/// Whether a macro that is called as a statement may be one that makes items: those of the standard library don't.
fn may_declare(mac: &syn::Macro) -> bool {
    const NEVER: [&str; 21] = [
        "assert",
        "assert_eq",
        "assert_ne",
        "dbg",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "eprint",
        "eprintln",
        "format",
        "include",
        "matches",
        "panic",
        "print",
        "println",
        "todo",
        "unimplemented",
        "unreachable",
        "vec",
        "write",
        "writeln",
    ];
    !mac.path.get_ident().is_some_and(|name| NEVER.iter().any(|never| name == never))
}

impl Lowerer<'_> {
    pub(super) fn block(&mut self, block: &syn::Block) -> Block {
        self.stmts(&block.stmts)
    }

    pub(super) fn stmts(&mut self, stmts: &[syn::Stmt]) -> Block {
        let mut out = Vec::with_capacity(stmts.len());
        let outer = self.scope;
        let declares = |stmt: &syn::Stmt| match stmt {
            syn::Stmt::Item(_) => true,
            syn::Stmt::Macro(stmt) => may_declare(&stmt.mac),
            _ => false,
        };
        if stmts.iter().any(declares) {
            self.nested.push(Nested { parent: outer, items: Vec::new() });
            let scope = self.nested.len();
            for stmt in stmts {
                if let syn::Stmt::Item(item) = stmt
                    && let Some(decl) = self.item(item)
                {
                    self.nested[scope - 1].items.push(Rc::new(decl));
                }
                if let syn::Stmt::Macro(stmt) = stmt
                    && may_declare(&stmt.mac)
                {
                    let decl = self.statement(stmt);
                    self.nested[scope - 1].items.push(Rc::new(decl));
                }
            }
            self.scope = scope as u32;
        }
        let scope = if self.scope == outer { 0 } else { self.scope };
        for stmt in stmts {
            match stmt {
                syn::Stmt::Item(syn::Item::Macro(item)) if item.mac.path.is_ident("macro_rules") => {
                    if let Some(name) = &item.ident {
                        out.push(Stmt::Definition(self.sym(name)));
                    }
                }
                syn::Stmt::Item(_) => {}
                syn::Stmt::Local(local) => {
                    let pat = self.pat(&local.pat);
                    let (pat, ty) = match pat {
                        crate::ir::Pat::Typed(pat, ty) => (*pat, Some(ty)),
                        pat => (pat, None),
                    };
                    let init = local.init.as_ref().map(|init| self.boxed(&init.expr));
                    let otherwise =
                        local.init.as_ref().and_then(|init| init.diverge.as_ref()).map(|(_, expr)| self.boxed(expr));
                    let stmt = Stmt::Let(pat, ty, init, otherwise);
                    out.push(self.behind_cfg(&local.attrs, stmt));
                }
                syn::Stmt::Expr(expr, semi) => {
                    let lowered = self.expr(expr);
                    out.push(if semi.is_some() { Stmt::Semi(lowered) } else { Stmt::Expr(lowered) });
                }
                syn::Stmt::Macro(stmt) => {
                    // `macro_rules!` parses as an item; any other macro here may make statements and items.
                    let call = Expr::Macro(Box::new(self.macro_call(&stmt.mac)));
                    let lowered = if stmt.semi_token.is_some() { Stmt::Semi(call) } else { Stmt::Expr(call) };
                    out.push(self.behind_cfg(&stmt.attrs, lowered));
                }
            }
        }
        self.scope = outer;
        Block { stmts: out, scope }
    }

    fn behind_cfg(&mut self, attrs: &[syn::Attribute], stmt: Stmt) -> Stmt {
        let when = self.inner_cfg(attrs);
        if when.is_empty() { stmt } else { Stmt::Cfg(when, Box::new(stmt)) }
    }

    pub(super) fn boxed(&mut self, expr: &syn::Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e syn::Expr>) -> Vec<Expr> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn expr(&mut self, expr: &syn::Expr) -> Expr {
        let (attrs, lowered) = self.bare_expr(expr);
        let when = self.inner_cfg(attrs);
        if when.is_empty() { lowered } else { Expr::Cfg(when, Box::new(lowered)) }
    }

    fn bare_expr<'e>(&mut self, expr: &'e syn::Expr) -> (&'e [syn::Attribute], Expr) {
        use syn::Expr as E;
        match expr {
            E::Array(e) => (&e.attrs, Expr::Array(self.exprs(&e.elems))),
            E::Assign(e) => (&e.attrs, Expr::Assign(self.boxed(&e.left), self.boxed(&e.right))),
            E::Async(e) => (&e.attrs, Expr::Async(self.block(&e.block))),
            E::Await(e) => (&e.attrs, Expr::Await(self.boxed(&e.base))),
            E::Binary(e) => {
                let left = self.boxed(&e.left);
                let right = self.boxed(&e.right);
                (&e.attrs, Expr::Binary(binary(&e.op), left, right))
            }
            E::Block(e) => (&e.attrs, Expr::Block(self.block(&e.block))),
            E::Break(e) => (&e.attrs, Expr::Jump(e.expr.as_ref().map(|expr| self.boxed(expr)))),
            E::Call(e) => {
                let line = self.line(e.paren_token.span.open());
                let callee = self.boxed(&e.func);
                (&e.attrs, Expr::Call(callee, self.exprs(&e.args), line))
            }
            E::Cast(e) => {
                let value = self.boxed(&e.expr);
                (&e.attrs, Expr::Cast(value, Box::new(self.ty(&e.ty))))
            }
            E::Closure(e) => {
                let mut params = Vec::new();
                for input in &e.inputs {
                    params.push(match self.pat(input) {
                        crate::ir::Pat::Typed(pat, ty) => (*pat, Some(ty)),
                        pat => (pat, None),
                    });
                }
                let output = self.output(&e.output).map(Box::new);
                let body = self.boxed(&e.body);
                (&e.attrs, Expr::Closure(params, output, body, e.asyncness.is_some()))
            }
            E::Const(e) => (&e.attrs, Expr::Block(self.block(&e.block))),
            E::Continue(e) => (&e.attrs, Expr::Jump(None)),
            E::Field(e) => {
                let line = self.line(e.dot_token.span);
                let base = self.boxed(&e.base);
                let name = self.member(&e.member);
                (&e.attrs, Expr::Field(base, name, line))
            }
            E::ForLoop(e) => {
                let iter = self.boxed(&e.expr);
                let pat = Box::new(self.pat(&e.pat));
                (&e.attrs, Expr::For(pat, iter, self.block(&e.body)))
            }
            E::Group(e) => (&e.attrs, self.expr(&e.expr)),
            E::If(e) => {
                let condition = self.boxed(&e.cond);
                let then = self.block(&e.then_branch);
                let otherwise = e.else_branch.as_ref().map(|(_, expr)| self.boxed(expr));
                (&e.attrs, Expr::If(condition, then, otherwise))
            }
            E::Index(e) => {
                let base = self.boxed(&e.expr);
                (&e.attrs, Expr::Index(base, self.boxed(&e.index)))
            }
            E::Infer(e) => (&e.attrs, Expr::Tuple(Vec::new())),
            E::Let(e) => {
                let pat = Box::new(self.pat(&e.pat));
                (&e.attrs, Expr::Let(pat, self.boxed(&e.expr)))
            }
            E::Lit(e) => (&e.attrs, self.lit(&e.lit)),
            E::Loop(e) => (&e.attrs, Expr::Loop(self.block(&e.body))),
            E::Macro(e) => (&e.attrs, Expr::Macro(Box::new(self.macro_call(&e.mac)))),
            E::Match(e) => {
                let scrutinee = self.boxed(&e.expr);
                let mut arms = Vec::with_capacity(e.arms.len());
                for arm in &e.arms {
                    let cfg = self.inner_cfg(&arm.attrs);
                    arms.push(Arm { pat: self.pat(&arm.pat), body: self.expr(&arm.body), cfg });
                }
                (&e.attrs, Expr::Match(scrutinee, arms))
            }
            E::MethodCall(e) => {
                let line = self.line(e.method.span());
                let receiver = self.boxed(&e.receiver);
                let name = self.sym(&e.method);
                let turbofish = e.turbofish.as_ref().map(|args| self.generic_args(args)).unwrap_or_default();
                (&e.attrs, Expr::Method(receiver, name, turbofish, self.exprs(&e.args), line))
            }
            E::Paren(e) => (&e.attrs, self.expr(&e.expr)),
            E::Path(e) => (&e.attrs, Expr::Path(self.path(&e.path, e.qself.as_ref()))),
            E::Range(e) => {
                let from = e.start.as_ref().map(|expr| self.boxed(expr));
                (&e.attrs, Expr::Range(from, e.end.as_ref().map(|expr| self.boxed(expr))))
            }
            E::RawAddr(e) => (&e.attrs, Expr::Ref(self.boxed(&e.expr))),
            E::Reference(e) => (&e.attrs, Expr::Ref(self.boxed(&e.expr))),
            E::Repeat(e) => {
                let value = self.boxed(&e.expr);
                (&e.attrs, Expr::Repeat(value, self.boxed(&e.len)))
            }
            E::Return(e) => (&e.attrs, Expr::Return(e.expr.as_ref().map(|expr| self.boxed(expr)))),
            E::Struct(e) => {
                let path = self.path(&e.path, e.qself.as_ref());
                let mut fields = Vec::with_capacity(e.fields.len());
                for field in &e.fields {
                    let when = self.inner_cfg(&field.attrs);
                    let name = self.member(&field.member);
                    let value = self.expr(&field.expr);
                    let value = if when.is_empty() { value } else { Expr::Cfg(when, Box::new(value)) };
                    fields.push((name, value));
                }
                (&e.attrs, Expr::Struct(path, fields, e.rest.as_ref().map(|rest| self.boxed(rest))))
            }
            E::Try(e) => (&e.attrs, Expr::Try(self.boxed(&e.expr))),
            E::TryBlock(e) => (&e.attrs, Expr::Block(self.block(&e.block))),
            E::Tuple(e) => (&e.attrs, Expr::Tuple(self.exprs(&e.elems))),
            E::Unary(e) => {
                let op = match e.op {
                    syn::UnOp::Neg(_) => Operator::Neg,
                    syn::UnOp::Not(_) => Operator::Not,
                    _ => Operator::Deref,
                };
                (&e.attrs, Expr::Unary(op, self.boxed(&e.expr)))
            }
            E::Unsafe(e) => (&e.attrs, Expr::Block(self.block(&e.block))),
            E::While(e) => {
                let condition = self.boxed(&e.cond);
                (&e.attrs, Expr::While(condition, self.block(&e.body)))
            }
            E::Yield(e) => (&e.attrs, Expr::Jump(e.expr.as_ref().map(|expr| self.boxed(expr)))),
            other => (&[], Expr::Tokens(quote::ToTokens::to_token_stream(other).to_string())),
        }
    }

    pub(super) fn lit(&mut self, lit: &syn::Lit) -> Expr {
        Expr::Lit(match lit {
            syn::Lit::Str(_) => Lit::Str,
            syn::Lit::ByteStr(_) => Lit::ByteStr,
            syn::Lit::CStr(_) => Lit::CStr,
            syn::Lit::Byte(_) => Lit::Byte,
            syn::Lit::Char(_) => Lit::Char,
            syn::Lit::Bool(_) => Lit::Bool,
            syn::Lit::Int(int) => match int.suffix() {
                "i8" => Lit::I8,
                "i16" => Lit::I16,
                "i32" => Lit::I32,
                "i64" => Lit::I64,
                "i128" => Lit::I128,
                "isize" => Lit::Isize,
                "u8" => Lit::U8,
                "u16" => Lit::U16,
                "u32" => Lit::U32,
                "u64" => Lit::U64,
                "u128" => Lit::U128,
                "usize" => Lit::Usize,
                "f32" => Lit::F32,
                "f64" => Lit::F64,
                _ => Lit::Int,
            },
            syn::Lit::Float(float) => match float.suffix() {
                "f32" => Lit::F32,
                "f64" => Lit::F64,
                _ => Lit::Float,
            },
            other => return Expr::Tokens(quote::ToTokens::to_token_stream(other).to_string()),
        })
    }

    pub(super) fn macro_call(&mut self, mac: &syn::Macro) -> MacroCall {
        let path = self.path(&mac.path, None);
        let line = mac.path.segments.last().map_or(0, |segment| self.line(segment.ident.span()));
        let column = if self.made {
            0
        } else {
            mac.path.segments.first().map_or(0, |s| s.ident.span().start().column as u32 + 1)
        };
        let args = self.known_macro(mac).map(Box::new);
        let (tokens, written) = match args {
            Some(_) => (String::new(), Written::at(0)),
            None => self.input(mac),
        };
        let exact = normalize::macro_input(mac);
        MacroCall { path, tokens, written, args, exact, line, column }
    }
}

fn binary(op: &syn::BinOp) -> Operator {
    use syn::BinOp as B;
    match op {
        B::Add(_) => Operator::Add,
        B::Sub(_) => Operator::Sub,
        B::Mul(_) => Operator::Mul,
        B::Div(_) => Operator::Div,
        B::Rem(_) => Operator::Rem,
        B::BitAnd(_) => Operator::BitAnd,
        B::BitOr(_) => Operator::BitOr,
        B::BitXor(_) => Operator::BitXor,
        B::Shl(_) => Operator::Shl,
        B::Shr(_) => Operator::Shr,
        B::AddAssign(_) => Operator::AddAssign,
        B::SubAssign(_) => Operator::SubAssign,
        B::MulAssign(_) => Operator::MulAssign,
        B::DivAssign(_) => Operator::DivAssign,
        B::RemAssign(_) => Operator::RemAssign,
        B::BitAndAssign(_) => Operator::BitAndAssign,
        B::BitOrAssign(_) => Operator::BitOrAssign,
        B::BitXorAssign(_) => Operator::BitXorAssign,
        B::ShlAssign(_) => Operator::ShlAssign,
        B::ShrAssign(_) => Operator::ShrAssign,
        B::Eq(_) | B::Ne(_) => Operator::Eq,
        B::Lt(_) | B::Le(_) | B::Gt(_) | B::Ge(_) => Operator::Ord,
        _ => Operator::Lazy,
    }
}
