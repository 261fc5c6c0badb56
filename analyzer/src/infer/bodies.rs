//! One body: statements and expressions, with the types of its locals.

use rustc_hash::FxHashSet as HashSet;
use std::rc::Rc;

use super::locals::Locals;
use super::made_macros::MadeMacro;
use super::types::{Bound, Given, Kind, Ty, TyId};
use super::waiting::Waiting;
use super::{Facts, Infer, Scope, Vertex};
use crate::cfg::possible;
use crate::ir::{Block, Expr, GenericArg, Lit, Operator, Stmt, Sym, Type};
use crate::program::{ModuleId, NodeId};

/// The body that is being read.
pub(crate) struct Body<'b, 'p, 'f, 'a> {
    pub(super) infer: &'b mut Infer<'p, 'f, 'a>,
    pub(super) scope: Rc<Scope>,
    pub(super) module: ModuleId,
    pub(super) facts: Facts,
    pub(super) locals: Locals,
    /// Modules of the blocks that declare items.
    pub(super) scopes: Vec<ModuleId>,
    /// Names that items of expanded macros bring.
    pub(super) made_names: HashSet<Sym>,
    /// Macros that macros made, in the order of the text.
    pub(super) made_macros: Vec<MadeMacro>,
    pub(super) depth: u32,
    /// Predicates that nobody knows decide what of the body is compiled.
    pub(super) uncertain: bool,
    /// How many calls of other packages' macros are being read whose place doesn't count.
    pub(super) silent: u32,
    pub(super) line: u32,
    /// What `return` gives, as declared.
    pub(super) returns: TyId,
    /// Calls of functions, with what their parameters stand for.
    pub(super) called: Vec<(NodeId, Given, u32)>,
    /// What `break` gives to each loop around.
    pub(super) breaks: Vec<TyId>,
    /// Integers without a suffix that are the right operand of an operator: the operator, its left operand, the integer.
    pub(super) literals: Vec<(Operator, TyId, TyId)>,
    /// Parameters of functions of which one is called, and the arguments that it is called with.
    pub(super) one_of_several: Vec<(TyId, TyId)>,
    /// Types that depend on others which aren't known yet.
    pub(super) waiting: Vec<Waiting>,
}

impl<'b, 'p, 'f, 'a> Body<'b, 'p, 'f, 'a> {
    pub(super) fn new(infer: &'b mut Infer<'p, 'f, 'a>, node: NodeId) -> Self {
        infer.types.forget_variables();
        infer.look_from(Some(node));
        let scope = infer.scope(node);
        let scopes = infer.program.node(node).scopes.clone();
        let line = infer.program.node(node).line;
        Body {
            module: scope.module,
            infer,
            scope,
            facts: Facts { line, ..Facts::default() },
            locals: Locals::default(),
            scopes,
            made_names: HashSet::default(),
            made_macros: Vec::new(),
            depth: 0,
            uncertain: false,
            silent: 0,
            line,
            returns: TyId::UNKNOWN,
            called: Vec::new(),
            breaks: Vec::new(),
            literals: Vec::new(),
            one_of_several: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// A type that nobody knows yet.
    pub(super) fn fresh(&mut self) -> TyId {
        self.infer.types.variable(Kind::Any)
    }

    /// The same, where nobody told what the value is: if it turns out to be a trait object, it was made of who knows what.
    pub(super) fn lost(&mut self) -> TyId {
        let var = self.fresh();
        self.infer.types.lost.push(var);
        var
    }

    /// A type whose unknown parts may be found later.
    pub(super) fn opened(&mut self, ty: TyId) -> TyId {
        let ty = self.infer.types.find(ty);
        if ty == TyId::UNKNOWN {
            return self.lost();
        }
        let parts = self.infer.types.parts(ty);
        if parts.is_empty() {
            return ty;
        }
        // Each place is another variable.
        self.infer.types.rebuilt(ty, &mut |types, part| types.opened(part))
    }

    /// What a type is by now: variables followed, associated types found.
    pub(super) fn shape(&mut self, ty: TyId) -> TyId {
        let ty = self.infer.types.find(ty);
        match self.infer.types.get(ty) {
            Ty::Assoc(..) => self.infer.normal(ty),
            Ty::Var(_) if self.infer.types.open(ty) == Some(Kind::Any) && !self.waiting.is_empty() => {
                self.progress();
                self.infer.types.find(ty)
            }
            _ => ty,
        }
    }

    /// Reads a written type, mentions what it names, and reads the expressions in it.
    pub(super) fn ty(&mut self, ty: &Type) -> TyId {
        self.exprs_in_type(ty);
        let scope = self.scope.clone();
        let ty = self.infer.read(&scope, self.module, ty, &mut Some(&mut self.facts));
        // What isn't written is told by where the value comes from.
        if !self.infer.types.has_unknown(ty) {
            self.dropped(ty);
        }
        self.opened(ty)
    }

    /// A value of another package's type is made here.
    pub(super) fn made_external(&mut self, node: NodeId, ty: TyId) {
        if self.infer.program.is_external(node) {
            let drop = super::TraitOf::Std(self.infer.program.words.drop_);
            self.demand(drop, Sym::NONE, Rc::default(), ty);
        }
    }

    /// Values of other packages' types run their destructors wherever they end: where there are such values, these count.
    pub(super) fn dropped(&mut self, ty: TyId) {
        for demand in self.infer.external_destructors(ty) {
            self.facts.ask(demand.ask, demand.ty);
        }
    }

    pub(super) fn bound(&mut self, path: &crate::ir::Path) -> Bound {
        for segment in &path.segments {
            self.exprs_in_args(&segment.args);
        }
        let scope = self.scope.clone();
        self.infer.read_bound(&scope, self.module, path, &mut Some(&mut self.facts))
    }

    fn exprs_in_type(&mut self, ty: &Type) {
        match ty {
            Type::Path(path) => {
                if let Some((ty, _)) = &path.qself {
                    self.exprs_in_type(ty);
                }
                for segment in &path.segments {
                    self.exprs_in_args(&segment.args);
                }
            }
            Type::Ref(of) | Type::Ptr(of) | Type::Slice(of) => self.exprs_in_type(of),
            Type::Array(of, len) => {
                self.exprs_in_type(of);
                self.expr(len);
            }
            Type::Tuple(parts) => parts.iter().for_each(|part| self.exprs_in_type(part)),
            Type::Fn(inputs, output) => {
                inputs.iter().for_each(|part| self.exprs_in_type(part));
                if let Some(output) = output {
                    self.exprs_in_type(output);
                }
            }
            Type::Dyn(bounds) | Type::Impl(bounds) => {
                for segment in bounds.iter().flat_map(|path| &path.segments) {
                    self.exprs_in_args(&segment.args);
                }
            }
            Type::Macro(call) => {
                self.macro_call(call);
            }
            Type::Tokens(text) => self.bag(text),
            Type::Never | Type::Infer => {}
        }
    }

    pub(super) fn exprs_in_args(&mut self, args: &[GenericArg]) {
        for arg in args {
            match arg {
                GenericArg::Type(ty) => self.exprs_in_type(ty),
                GenericArg::Const(value) => {
                    self.expr(value);
                }
                GenericArg::Assoc(_, Some(ty), _) => self.exprs_in_type(ty),
                GenericArg::Assoc(_, None, _) => {}
                GenericArg::Call(inputs, output) => {
                    inputs.iter().chain(output).for_each(|ty| self.exprs_in_type(ty));
                }
            }
        }
    }

    /// Arguments written in a path or after a method's name: they may be all that names a type.
    pub(super) fn written_args(&mut self, args: &[GenericArg]) {
        for arg in args {
            match arg {
                GenericArg::Type(ty) => {
                    self.ty(ty);
                }
                GenericArg::Const(value) => {
                    self.expr(value);
                }
                GenericArg::Assoc(_, ty, bounds) => {
                    if let Some(ty) = ty {
                        self.ty(ty);
                    }
                    for path in bounds {
                        self.bound(path);
                    }
                }
                GenericArg::Call(inputs, output) => {
                    for ty in inputs.iter().chain(output) {
                        self.ty(ty);
                    }
                }
            }
        }
    }

    pub(super) fn block(&mut self, block: &Block) -> TyId {
        let (locals, module) = (self.locals.len(), self.module);
        if block.scope > 0
            && let Some(inner) = self.scopes.get(block.scope as usize - 1)
        {
            self.module = *inner;
        }
        let value = self.stmts(block);
        self.module = module;
        self.locals.truncate(locals);
        value
    }

    /// The statements of a block, without closing its scope.
    fn stmts(&mut self, block: &Block) -> TyId {
        let mut value = TyId::UNIT;
        for stmt in &block.stmts {
            value = self.stmt(stmt);
        }
        value
    }

    fn stmt(&mut self, stmt: &Stmt) -> TyId {
        match stmt {
            Stmt::Let(pat, ty, init, otherwise) => {
                let declared = ty.as_ref().map(|ty| self.ty(ty));
                let found = match (init, declared) {
                    (Some(init), Some(declared)) => {
                        self.expect(init, declared);
                        declared
                    }
                    (Some(init), None) => self.expr(init),
                    (None, Some(declared)) => declared,
                    (None, None) => self.lost(),
                };
                if let Some(otherwise) = otherwise {
                    self.expr(otherwise);
                }
                self.bind(pat, found);
                TyId::UNIT
            }
            Stmt::Definition(name) => {
                self.locals.define_macro(*name);
                TyId::UNIT
            }
            Stmt::Semi(expr) => {
                let ty = self.expr(expr);
                if matches!(self.infer.types.get(ty), Ty::Never) { TyId::NEVER } else { TyId::UNIT }
            }
            Stmt::Expr(expr) => self.expr(expr),
            Stmt::Cfg(when, stmt) => {
                if self.compiled(when) {
                    self.stmt(stmt)
                } else {
                    TyId::UNIT
                }
            }
        }
    }

    /// Whether code behind these predicates may be compiled.
    pub(super) fn compiled(&mut self, when: &[crate::cfg::Predicate]) -> bool {
        let krate = self.infer.program.module(self.module).krate;
        let package = self.infer.program.krate(krate).package;
        let cfg = &self.infer.project.packages[package.0].cfg;
        self.uncertain |= when.iter().any(|predicate| predicate.eval(cfg).is_none());
        possible(when, cfg)
    }

    /// Reads an expression where a type is expected: closures take their parameters from it.
    pub(super) fn expect(&mut self, expr: &Expr, expected: TyId) -> TyId {
        if let Expr::Closure(params, output, body, is_async) = expr
            && let Some((inputs, declared)) = self.infer.callable(expected)
        {
            let found = self.closure(params, output.as_deref(), body, *is_async, &inputs, declared);
            self.agree(found, expected);
            return found;
        }
        if let (Expr::Ref(inner), Ty::Ref(of)) = (expr, self.infer.types.get(expected).clone())
            && matches!(inner.as_ref(), Expr::Closure(..))
        {
            let found = self.expect(inner, of);
            return self.infer.types.intern(Ty::Ref(found));
        }
        let noted = self.facts.uses.len();
        let found = self.expr(expr);
        self.note_expected(noted, expected);
        if !self.coerced(found, expected) {
            self.agree(found, expected);
        }
        found
    }

    /// A reference may be coerced through `Deref` where another type is expected.
    pub(super) fn coerced(&mut self, found: TyId, expected: TyId) -> bool {
        let mut at = self.infer.types.peel(found);
        let wanted = self.infer.types.peel(expected);
        if matches!(self.infer.types.get(wanted), Ty::Var(_) | Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..)) {
            return false;
        }
        let mut coerced = false;
        for _ in 0..4 {
            let Ty::Adt(node, _) = self.infer.types.get(at).clone() else {
                if at == TyId::UNKNOWN && found != TyId::UNKNOWN {
                    self.trigger_all("Deref");
                }
                return coerced;
            };
            if matches!(self.infer.types.get(wanted), Ty::Adt(other, _) if *other == node) {
                return coerced;
            }
            match self.deref_local(node, at) {
                Some(target) => {
                    coerced = true;
                    at = self.infer.types.peel(target);
                }
                None => return coerced,
            }
        }
        coerced
    }

    pub(super) fn exprs(&mut self, exprs: &[Expr]) -> Vec<TyId> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> TyId {
        match expr {
            Expr::Path(path) => {
                let (target, ty) = self.value_path(path);
                match &target {
                    super::paths::Target::Std(names, of) => {
                        let as_value = self.std_as_value(names, *of);
                        if ty == TyId::UNKNOWN && as_value != TyId::UNKNOWN {
                            return as_value;
                        }
                    }
                    // Which one is meant, only a call would tell.
                    super::paths::Target::Several(members, of) => {
                        self.mention_all(members, *of);
                        return self.lost();
                    }
                    _ => {}
                }
                if ty == TyId::UNKNOWN { self.lost() } else { ty }
            }
            Expr::Lit(kind) => self.literal(*kind),
            Expr::Call(callee, args, line) => {
                self.at(*line);
                self.call(callee, args)
            }
            Expr::Method(receiver, name, turbofish, args, line) => {
                let noted = self.facts.uses.len();
                let receiver = self.expr(receiver);
                self.at(*line);
                let result = self.method(receiver, *name, turbofish, args);
                self.note_result(noted, *name, result);
                result
            }
            Expr::Field(base, name, line) => {
                let base = self.expr(base);
                self.at(*line);
                self.field(base, *name)
            }
            Expr::Index(base, index) => {
                let base = self.expr(base);
                let index = self.expr(index);
                self.index_expr(base, index)
            }
            Expr::Unary(op, operand) => {
                let operand = self.expr(operand);
                self.unary(*op, operand)
            }
            Expr::Binary(op, left, right) => {
                let is_literal = matches!(right.as_ref(), Expr::Lit(Lit::Int));
                let left = self.expr(left);
                let right = self.expr(right);
                if is_literal {
                    self.literals.push((*op, left, right));
                }
                self.binary(*op, left, right)
            }
            Expr::Assign(left, right) => {
                let left = self.expr(left);
                self.expect(right, left);
                TyId::UNIT
            }
            Expr::Struct(path, fields, rest) => self.struct_literal(path, fields, rest.as_deref()),
            Expr::Closure(params, output, body, is_async) => {
                self.closure(params, output.as_deref(), body, *is_async, &[], TyId::UNKNOWN)
            }
            Expr::Block(block) => self.block(block),
            Expr::Open(block) => self.stmts(block),
            Expr::Async(block) => {
                let inner = self.fresh();
                let returns = std::mem::replace(&mut self.returns, inner);
                let breaks = std::mem::take(&mut self.breaks);
                let found = self.block(block);
                let output = self.join(found, inner);
                self.breaks = breaks;
                self.returns = returns;
                let future = self.infer.program.words.future;
                self.infer.types.intern(Ty::Std(future, Rc::new([output])))
            }
            Expr::If(condition, then, otherwise) => {
                let locals = self.locals.len();
                self.expr(condition);
                let then = self.block(then);
                self.locals.truncate(locals);
                match otherwise {
                    Some(otherwise) => {
                        let otherwise = self.expr(otherwise);
                        self.join(then, otherwise)
                    }
                    None => TyId::UNIT,
                }
            }
            Expr::Let(pat, value) => {
                let value = self.expr(value);
                self.bind(pat, value);
                self.primitive("bool")
            }
            Expr::Match(scrutinee, arms) => {
                let scrutinee = self.expr(scrutinee);
                let mut value = TyId::NEVER;
                for arm in arms {
                    if !self.compiled(&arm.cfg) {
                        continue;
                    }
                    let locals = self.locals.len();
                    self.bind(&arm.pat, scrutinee);
                    let ty = self.expr(&arm.body);
                    self.locals.truncate(locals);
                    value = self.join(value, ty);
                }
                value
            }
            Expr::Loop(body) => {
                let value = self.fresh();
                self.breaks.push(value);
                self.block(body);
                self.breaks.pop();
                value
            }
            Expr::While(condition, body) => {
                let locals = self.locals.len();
                self.expr(condition);
                self.breaks.push(TyId::UNIT);
                self.block(body);
                self.breaks.pop();
                self.locals.truncate(locals);
                TyId::UNIT
            }
            Expr::For(pat, iter, body) => {
                let iter = self.expr(iter);
                let item = self.iterated(iter);
                let locals = self.locals.len();
                self.bind(pat, item);
                self.breaks.push(TyId::UNIT);
                self.block(body);
                self.breaks.pop();
                self.locals.truncate(locals);
                TyId::UNIT
            }
            Expr::Cast(value, ty) => {
                let found = self.expr(value);
                let ty = self.ty(ty);
                // `x as _` and `&x as &dyn Trait` tell nothing about `x` but through a reference.
                if matches!(self.infer.types.get(ty), Ty::Fn(..) | Ty::Ref(_) | Ty::Ptr(_)) {
                    self.agree(found, ty);
                }
                ty
            }
            Expr::Ref(value) => {
                let value = self.expr(value);
                self.infer.types.intern(Ty::Ref(value))
            }
            Expr::Try(value) => {
                let value = self.expr(value);
                self.question(value)
            }
            Expr::Await(value) => {
                let value = self.expr(value);
                self.awaited(value)
            }
            Expr::Jump(value) => {
                if let Some(value) = value {
                    let found = self.expr(value);
                    // Labels aren't kept: where loops nest, the value may be an outer one's.
                    if let [one] = self.breaks[..] {
                        self.agree(found, one);
                    } else if let Some(outer) = self.breaks.iter().rev().find(|ty| **ty != TyId::UNIT).copied()
                        && self.breaks.iter().filter(|ty| **ty != TyId::UNIT).count() == 1
                    {
                        self.agree(found, outer);
                    }
                }
                TyId::NEVER
            }
            Expr::Return(value) => {
                if let Some(value) = value {
                    let expected = self.returns;
                    self.expect(value, expected);
                }
                TyId::NEVER
            }
            Expr::Tuple(parts) => {
                let parts = self.exprs(parts);
                self.infer.types.intern(Ty::Tuple(parts.into()))
            }
            Expr::Array(parts) => {
                let parts = self.exprs(parts);
                let first = self.fresh();
                let of = parts.into_iter().fold(first, |a, b| self.join(a, b));
                self.infer.types.intern(Ty::Slice(of))
            }
            Expr::Repeat(value, len) => {
                let of = self.expr(value);
                self.expr(len);
                self.infer.types.intern(Ty::Slice(of))
            }
            Expr::Range(from, to) => {
                let from = match (from, to) {
                    (Some(from), _) => self.expr(from),
                    (None, Some(_)) => self.fresh(),
                    // `..` holds nothing.
                    (None, None) => TyId::NEVER,
                };
                let to = match to {
                    Some(to) => self.expr(to),
                    None => from,
                };
                let of = self.join(from, to);
                let range = self.infer.program.words.range;
                self.infer.types.intern(Ty::Std(range, Rc::new([of])))
            }
            Expr::Macro(call) => self.macro_call(call),
            Expr::Cfg(when, value) => {
                if self.compiled(when) {
                    self.expr(value)
                } else {
                    TyId::UNIT
                }
            }
            Expr::Tokens(text) => {
                self.bag(text);
                TyId::UNKNOWN
            }
        }
    }

    pub(super) fn primitive(&mut self, name: &str) -> TyId {
        let name = self.infer.program.sym(name);
        self.infer.types.intern(Ty::Primitive(name))
    }

    fn literal(&mut self, kind: Lit) -> TyId {
        let words = self.infer.program.words;
        let name = match kind {
            Lit::Str => {
                let text = self.infer.types.intern(Ty::Std(words.str, Rc::default()));
                return self.infer.types.intern(Ty::Ref(text));
            }
            Lit::ByteStr => {
                let byte = self.infer.types.intern(Ty::Primitive(words.u8));
                let bytes = self.infer.types.intern(Ty::Slice(byte));
                return self.infer.types.intern(Ty::Ref(bytes));
            }
            Lit::CStr => {
                let text = self.infer.types.intern(Ty::Std(words.cstr, Rc::default()));
                return self.infer.types.intern(Ty::Ref(text));
            }
            Lit::Byte | Lit::U8 => "u8",
            Lit::Char => "char",
            Lit::Bool => "bool",
            // Which integer it is depends on its use: the methods of all of them may be meant.
            Lit::Int => return self.infer.types.variable(Kind::Int),
            Lit::Float => return self.infer.types.variable(Kind::Float),
            Lit::I8 => "i8",
            Lit::I16 => "i16",
            Lit::I32 => "i32",
            Lit::I64 => "i64",
            Lit::I128 => "i128",
            Lit::Isize => "isize",
            Lit::U16 => "u16",
            Lit::U32 => "u32",
            Lit::U64 => "u64",
            Lit::U128 => "u128",
            Lit::Usize => "usize",
            Lit::F32 => "f32",
            Lit::F64 => "f64",
        };
        self.primitive(name)
    }

    pub(super) fn closure(
        &mut self,
        params: &[(crate::ir::Pat, Option<Type>)],
        output: Option<&Type>,
        body: &Expr,
        is_async: bool,
        expected: &[TyId],
        expected_output: TyId,
    ) -> TyId {
        let locals = self.locals.len();
        let mut inputs = Vec::new();
        for (position, (pat, ty)) in params.iter().enumerate() {
            let declared = ty.as_ref().map(|ty| self.ty(ty));
            let ty = match (declared, expected.get(position).copied()) {
                (Some(declared), Some(expected)) => {
                    self.agree(expected, declared);
                    declared
                }
                (Some(ty), None) | (None, Some(ty)) => ty,
                (None, None) => self.fresh(),
            };
            inputs.push(ty);
            self.bind(pat, ty);
        }
        let output = match output {
            Some(output) => {
                let declared = self.ty(output);
                if !is_async {
                    self.agree(declared, expected_output);
                }
                declared
            }
            None if is_async || expected_output == TyId::UNKNOWN => self.fresh(),
            None => expected_output,
        };
        let returns = std::mem::replace(&mut self.returns, output);
        let breaks = std::mem::take(&mut self.breaks);
        let found = self.expr(body);
        if !matches!(self.infer.types.get(found), Ty::Never) {
            self.agree(found, output);
        }
        self.breaks = breaks;
        self.returns = returns;
        self.locals.truncate(locals);
        let mut output = if self.infer.types.open(output).is_some() { found } else { output };
        if is_async {
            let future = self.infer.program.words.future;
            output = self.infer.types.intern(Ty::Std(future, Rc::new([output])));
        }
        self.infer.types.intern(Ty::Fn(inputs.into(), output))
    }

    fn struct_literal(&mut self, path: &crate::ir::Path, fields: &[(Sym, Expr)], rest: Option<&Expr>) -> TyId {
        let (ty, variant) = self.struct_path(path);
        if let Ty::Adt(node, _) = *self.infer.types.get(ty) {
            self.made_external(node, ty);
        }
        let declared = match self.infer.types.get(ty) {
            Ty::Adt(node, _) => {
                let node = *node;
                Some(self.infer.fields(node, variant))
            }
            _ => None,
        };
        for (name, value) in fields {
            let declared = declared
                .as_ref()
                .and_then(|fields| fields.iter().find(|(field, _)| field == name))
                .map_or(TyId::UNKNOWN, |(_, ty)| *ty);
            let expected = self.field_type(ty, declared);
            self.expect(value, expected);
        }
        if let Some(rest) = rest {
            let is_known = matches!(self.infer.types.get(ty), Ty::Adt(..));
            // What the other fields come from is of the same type.
            let found = if is_known { self.expect(rest, ty) } else { self.expr(rest) };
            if self.infer.types.get(ty) == &Ty::Unknown || self.infer.types.open(ty).is_some() {
                return found;
            }
        }
        ty
    }

    fn field(&mut self, base: TyId, name: Sym) -> TyId {
        let mut at = base;
        for _ in 0..12 {
            at = self.shape(at);
            match self.infer.types.get(at).clone() {
                Ty::Ref(of) | Ty::Ptr(of) => at = of,
                Ty::Adt(node, _) => {
                    let fields = self.infer.fields(node, Sym::NONE);
                    if let Some((_, declared)) = fields.iter().find(|(field, _)| *field == name) {
                        return self.field_type(at, *declared);
                    }
                    match self.deref_local(node, at) {
                        Some(target) => at = target,
                        None => return TyId::UNKNOWN,
                    }
                }
                Ty::Tuple(parts) => {
                    let position = self.infer.program.text(name).parse::<usize>().ok();
                    return position.and_then(|at| parts.get(at).copied()).unwrap_or(TyId::UNKNOWN);
                }
                Ty::Std(head, _) => {
                    if let Some(field) = self.infer.std_field(head, at, name) {
                        return field;
                    }
                    match self.infer.std_deref(head, at) {
                        Some(target) => at = target,
                        None => return TyId::UNKNOWN,
                    }
                }
                Ty::Unknown | Ty::Param(..) | Ty::Bounded(_) | Ty::External(..) | Ty::Var(_) | Ty::Assoc(..) => {
                    // A field may be behind the `Deref` of any type that is reached.
                    self.trigger_all("Deref");
                    self.trigger_all("DerefMut");
                    return TyId::UNKNOWN;
                }
                _ => return TyId::UNKNOWN,
            }
        }
        TyId::UNKNOWN
    }

    /// A field's declared type, for the value that it is a field of.
    pub(super) fn field_type(&mut self, of: TyId, declared: TyId) -> TyId {
        self.infer.field_of(of, declared)
    }

    /// The target of an analyzed type's `Deref`, whose code then runs.
    pub(super) fn deref_local(&mut self, node: NodeId, value: TyId) -> Option<TyId> {
        let program = self.infer.program;
        let deref = program.sym("Deref");
        let deref_mut = program.sym("DerefMut");
        let impls = self.infer.index.std_impls.get(&(deref, node))?.clone();
        self.facts.mention(Vertex::Typed(deref, node));
        self.facts.mention(Vertex::Typed(deref_mut, node));
        if program.is_external(node) {
            self.trigger_named("DerefMut", value);
        }
        let target = program.words.target;
        let [id] = impls.as_slice() else { return Some(TyId::UNKNOWN) };
        for &member in program.members(*id) {
            if let Some(decl) = &program.node(member).decl
                && decl.name == target
                && let crate::ir::DeclKind::Alias(_, _, Some(ty)) = &decl.kind
            {
                let declared = self.infer.declared(member, ty);
                return Some(self.infer.applied(member, value, declared));
            }
        }
        Some(TyId::UNKNOWN)
    }
}
