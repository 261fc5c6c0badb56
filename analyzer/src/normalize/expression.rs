//! Expressions.

use quote::ToTokens as _;
use syn::{BinOp, Block, Expr, ExprClosure, Macro, Member, RangeLimits, ReturnType, Stmt, UnOp};

use super::tag::Tag;
use super::writer::Writer;

impl Writer {
    pub(super) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Array(e) => {
                self.tag(Tag::ExprArray);
                self.attributes(&e.attrs);
                self.list(&e.elems, Self::expr);
            }
            Expr::Assign(e) => {
                self.tag(Tag::ExprAssign);
                self.attributes(&e.attrs);
                self.expr(&e.left);
                self.expr(&e.right);
            }
            Expr::Async(e) => {
                self.tag(Tag::ExprAsync);
                self.attributes(&e.attrs);
                self.modifiers(e.modifiers.require_empty(), e);
                self.flag(e.capture.is_some());
                self.block(&e.block);
            }
            Expr::Await(e) => {
                self.tag(Tag::ExprAwait);
                self.attributes(&e.attrs);
                self.expr(&e.base);
            }
            Expr::Binary(e) => {
                self.tag(Tag::ExprBinary);
                self.attributes(&e.attrs);
                self.binary_operator(&e.op);
                self.expr(&e.left);
                self.expr(&e.right);
            }
            Expr::Block(e) => {
                self.tag(Tag::ExprBlock);
                self.attributes(&e.attrs);
                self.labelled(e.label.as_ref(), |w| w.block(&e.block));
            }
            Expr::Break(e) => {
                self.tag(Tag::ExprBreak);
                self.attributes(&e.attrs);
                self.option(e.label.as_ref(), Self::label_use);
                self.option(e.expr.as_deref(), Self::expr);
            }
            Expr::Call(e) => {
                self.tag(Tag::ExprCall);
                self.attributes(&e.attrs);
                self.expr(&e.func);
                self.list(&e.args, Self::expr);
            }
            Expr::Cast(e) => {
                self.tag(Tag::ExprCast);
                self.attributes(&e.attrs);
                self.expr(&e.expr);
                self.ty(&e.ty);
            }
            Expr::Closure(e) => self.closure(e),
            Expr::Const(e) => {
                self.tag(Tag::ExprConst);
                self.attributes(&e.attrs);
                self.modifiers(e.modifiers.require_empty(), e);
                self.without_locals(|w| w.block(&e.block));
            }
            Expr::Continue(e) => {
                self.tag(Tag::ExprContinue);
                self.attributes(&e.attrs);
                self.option(e.label.as_ref(), Self::label_use);
            }
            Expr::Field(e) => {
                self.tag(Tag::ExprField);
                self.attributes(&e.attrs);
                self.expr(&e.base);
                self.member(&e.member);
            }
            Expr::ForLoop(e) => {
                self.tag(Tag::ExprForLoop);
                self.attributes(&e.attrs);
                self.expr(&e.expr);
                self.scoped(|w| {
                    w.one_pattern(|w| w.pattern(&e.pat));
                    w.labelled(e.label.as_ref(), |w| w.block(&e.body));
                });
            }
            Expr::Group(e) => self.parenthesized(&e.attrs, |w| w.expr(&e.expr)),
            Expr::Paren(e) => self.parenthesized(&e.attrs, |w| w.expr(&e.expr)),
            Expr::If(e) => {
                self.tag(Tag::ExprIf);
                self.attributes(&e.attrs);
                self.scoped(|w| {
                    w.expr(&e.cond);
                    w.block(&e.then_branch);
                });
                self.option(e.else_branch.as_ref(), |w, (_, branch)| w.expr(branch));
            }
            Expr::Index(e) => {
                self.tag(Tag::ExprIndex);
                self.attributes(&e.attrs);
                self.expr(&e.expr);
                self.expr(&e.index);
            }
            Expr::Infer(e) => {
                self.tag(Tag::ExprInfer);
                self.attributes(&e.attrs);
            }
            Expr::Let(e) => {
                // The names live on: whoever writes the condition's scope ends them.
                self.tag(Tag::ExprLet);
                self.attributes(&e.attrs);
                self.expr(&e.expr);
                self.one_pattern(|w| w.pattern(&e.pat));
            }
            Expr::Lit(e) => {
                self.tag(Tag::ExprLit);
                self.attributes(&e.attrs);
                self.literal(&e.lit);
            }
            Expr::Loop(e) => {
                self.tag(Tag::ExprLoop);
                self.attributes(&e.attrs);
                self.labelled(e.label.as_ref(), |w| w.block(&e.body));
            }
            Expr::Macro(e) => {
                self.tag(Tag::ExprMacro);
                self.attributes(&e.attrs);
                self.macro_call(&e.mac);
            }
            Expr::Match(e) => {
                self.tag(Tag::ExprMatch);
                self.attributes(&e.attrs);
                self.expr(&e.expr);
                self.list(&e.arms, |w, arm| {
                    w.attributes(&arm.attrs);
                    w.scoped(|w| {
                        w.one_pattern(|w| w.pattern(&arm.pat));
                        w.branch(&arm.body);
                    });
                });
            }
            Expr::MethodCall(e) => {
                self.tag(Tag::ExprMethodCall);
                self.attributes(&e.attrs);
                self.expr(&e.receiver);
                self.ident(&e.method);
                self.option(e.turbofish.as_ref(), Self::angle_arguments);
                self.list(&e.args, Self::expr);
            }
            Expr::Path(e) => {
                self.tag(Tag::ExprPath);
                self.attributes(&e.attrs);
                match e.path.get_ident() {
                    Some(name) if e.qself.is_none() => self.value_name(name),
                    _ => {
                        self.tag(Tag::Path);
                        self.qualified_path(e.qself.as_ref(), &e.path);
                    }
                }
            }
            Expr::Range(e) => {
                self.tag(Tag::ExprRange);
                self.attributes(&e.attrs);
                self.flag(matches!(e.limits, RangeLimits::Closed(_)));
                self.option(e.start.as_deref(), Self::expr);
                self.option(e.end.as_deref(), Self::expr);
            }
            Expr::RawAddr(e) => {
                self.tag(Tag::ExprRawAddr);
                self.attributes(&e.attrs);
                self.flag(matches!(e.mutability, syn::PointerMutability::Mut(_)));
                self.expr(&e.expr);
            }
            Expr::Reference(e) => {
                self.tag(Tag::ExprReference);
                self.attributes(&e.attrs);
                self.flag(e.mutability.is_some());
                self.expr(&e.expr);
            }
            Expr::Repeat(e) => {
                self.tag(Tag::ExprRepeat);
                self.attributes(&e.attrs);
                self.expr(&e.expr);
                self.without_locals(|w| w.expr(&e.len));
            }
            Expr::Return(e) => {
                self.tag(Tag::ExprReturn);
                self.attributes(&e.attrs);
                self.option(e.expr.as_deref(), Self::expr);
            }
            Expr::Struct(e) => {
                self.tag(Tag::ExprStruct);
                self.attributes(&e.attrs);
                self.qualified_path(e.qself.as_ref(), &e.path);
                // `x` and `x: x` are the same: the parser gives both a member and an expression.
                self.list(&e.fields, |w, field| {
                    w.attributes(&field.attrs);
                    w.member(&field.member);
                    w.expr(&field.expr);
                });
                self.flag(e.dot2_token.is_some());
                self.option(e.rest.as_deref(), Self::expr);
            }
            Expr::Try(e) => {
                self.tag(Tag::ExprTry);
                self.attributes(&e.attrs);
                self.expr(&e.expr);
            }
            Expr::TryBlock(e) => {
                self.tag(Tag::ExprTryBlock);
                self.attributes(&e.attrs);
                self.modifiers(e.modifiers.require_empty(), e);
                self.block(&e.block);
            }
            Expr::Tuple(e) => {
                self.tag(Tag::ExprTuple);
                self.attributes(&e.attrs);
                self.list(&e.elems, Self::expr);
            }
            Expr::Unary(e) => {
                self.tag(Tag::ExprUnary);
                self.attributes(&e.attrs);
                self.unary_operator(&e.op);
                self.expr(&e.expr);
            }
            Expr::Unsafe(e) => {
                self.tag(Tag::ExprUnsafe);
                self.attributes(&e.attrs);
                self.block(&e.block);
            }
            Expr::While(e) => {
                self.tag(Tag::ExprWhile);
                self.attributes(&e.attrs);
                self.scoped(|w| {
                    w.labelled(e.label.as_ref(), |w| {
                        w.expr(&e.cond);
                        w.block(&e.body);
                    });
                });
            }
            Expr::Yield(e) => {
                self.tag(Tag::ExprYield);
                self.attributes(&e.attrs);
                self.option(e.expr.as_deref(), Self::expr);
            }
            other => {
                self.tag(Tag::Verbatim);
                self.macro_tokens(&other.to_token_stream());
            }
        }
    }

    fn closure(&mut self, closure: &ExprClosure) {
        self.tag(Tag::ExprClosure);
        self.attributes(&closure.attrs);
        self.modifiers(closure.modifiers.require_empty(), closure);
        self.option(closure.lifetimes.as_ref(), Self::bound_lifetimes);
        self.flag(closure.constness.is_some());
        self.flag(closure.asyncness.is_some());
        self.flag(closure.capture.is_some());
        self.scoped(|w| {
            w.one_pattern(|w| w.list(&closure.inputs, Self::pattern));
            // `-> ()` is no default here: without it the type is inferred.
            match &closure.output {
                ReturnType::Default => w.flag(false),
                ReturnType::Type(_, ty) => {
                    w.flag(true);
                    w.ty(ty);
                }
            }
            w.branch(&closure.body);
        });
    }

    /// Body of a closure or a match arm: a block that holds just an expression is that expression.
    fn branch(&mut self, body: &Expr) {
        match body {
            Expr::Block(body) if body.label.is_none() && !self.any_attribute_counts(&body.attrs) => {
                match only_expression(&body.block) {
                    Some(Only::Expr(inner)) => return self.branch(inner),
                    Some(Only::Macro(mac)) => {
                        self.tag(Tag::ExprMacro);
                        self.attributes(&[]);
                        return self.macro_call(mac);
                    }
                    None => {}
                }
            }
            Expr::Paren(body) if !self.any_attribute_counts(&body.attrs) => return self.branch(&body.expr),
            _ => {}
        }
        self.expr(body);
    }

    pub(super) fn member(&mut self, member: &Member) {
        match member {
            Member::Named(name) => {
                self.tag(Tag::Name);
                self.ident(name);
            }
            Member::Unnamed(index) => {
                self.tag(Tag::Index);
                self.number(index.index as usize);
            }
        }
    }

    fn unary_operator(&mut self, operator: &UnOp) {
        match operator {
            UnOp::Deref(_) => self.text("*"),
            UnOp::Not(_) => self.text("!"),
            UnOp::Neg(_) => self.text("-"),
            other => self.tokens(&other.to_token_stream()),
        }
    }

    fn binary_operator(&mut self, operator: &BinOp) {
        let text: &str = match operator {
            BinOp::Add(_) => "+",
            BinOp::Sub(_) => "-",
            BinOp::Mul(_) => "*",
            BinOp::Div(_) => "/",
            BinOp::Rem(_) => "%",
            BinOp::And(_) => "&&",
            BinOp::Or(_) => "||",
            BinOp::BitXor(_) => "^",
            BinOp::BitAnd(_) => "&",
            BinOp::BitOr(_) => "|",
            BinOp::Shl(_) => "<<",
            BinOp::Shr(_) => ">>",
            BinOp::Eq(_) => "==",
            BinOp::Lt(_) => "<",
            BinOp::Le(_) => "<=",
            BinOp::Ne(_) => "!=",
            BinOp::Ge(_) => ">=",
            BinOp::Gt(_) => ">",
            BinOp::AddAssign(_) => "+=",
            BinOp::SubAssign(_) => "-=",
            BinOp::MulAssign(_) => "*=",
            BinOp::DivAssign(_) => "/=",
            BinOp::RemAssign(_) => "%=",
            BinOp::BitXorAssign(_) => "^=",
            BinOp::BitAndAssign(_) => "&=",
            BinOp::BitOrAssign(_) => "|=",
            BinOp::ShlAssign(_) => "<<=",
            BinOp::ShrAssign(_) => ">>=",
            other => return self.tokens(&other.to_token_stream()),
        };
        self.text(text);
    }
}

/// What a block holds if it holds nothing else.
enum Only<'a> {
    Expr(&'a Expr),
    Macro(&'a Macro),
}

fn only_expression(block: &Block) -> Option<Only<'_>> {
    let [statement] = &*block.stmts else { return None };
    match statement {
        Stmt::Expr(expr, None) => Some(Only::Expr(expr)),
        // Nothing follows, and nothing comes back.
        Stmt::Expr(expr, Some(_)) if is_jump(expr) => Some(Only::Expr(expr)),
        // In braces a statement's macro may make several statements, an expression's may not.
        Stmt::Macro(only)
            if only.semi_token.is_none()
                && only.attrs.is_empty()
                && !matches!(only.mac.delimiter, syn::MacroDelimiter::Brace(_)) =>
        {
            Some(Only::Macro(&only.mac))
        }
        _ => None,
    }
}

/// `return`, `break` and `continue` never give a value, so a semicolon behind them says nothing.
pub(super) fn is_jump(expr: &Expr) -> bool {
    matches!(expr, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_))
}
