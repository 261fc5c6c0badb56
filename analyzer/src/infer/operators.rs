//! What the compiler calls by itself: operators, indexing, `*`, `for`, `?`, `.await`.

use std::rc::Rc;

use super::bodies::Body;
use super::types::{Kind, Ty, TyId};
use super::{TraitOf, Vertex};
use crate::ir::{DeclKind, Operator, Sym};
use crate::program::NodeId;

impl Operator {
    fn trait_name(self) -> &'static str {
        match self {
            Operator::Add => "Add",
            Operator::Sub => "Sub",
            Operator::Mul => "Mul",
            Operator::Div => "Div",
            Operator::Rem => "Rem",
            Operator::BitAnd => "BitAnd",
            Operator::BitOr => "BitOr",
            Operator::BitXor => "BitXor",
            Operator::Shl => "Shl",
            Operator::Shr => "Shr",
            Operator::AddAssign => "AddAssign",
            Operator::SubAssign => "SubAssign",
            Operator::MulAssign => "MulAssign",
            Operator::DivAssign => "DivAssign",
            Operator::RemAssign => "RemAssign",
            Operator::BitAndAssign => "BitAndAssign",
            Operator::BitOrAssign => "BitOrAssign",
            Operator::BitXorAssign => "BitXorAssign",
            Operator::ShlAssign => "ShlAssign",
            Operator::ShrAssign => "ShrAssign",
            Operator::Eq => "PartialEq",
            Operator::Ord => "PartialOrd",
            Operator::Neg => "Neg",
            Operator::Not => "Not",
            Operator::Deref => "Deref",
            Operator::Lazy => "",
        }
    }

    /// The trait's method that runs; the empty name where it may be any of several.
    fn method(self) -> &'static str {
        match self {
            Operator::Add => "add",
            Operator::Sub => "sub",
            Operator::Mul => "mul",
            Operator::Div => "div",
            Operator::Rem => "rem",
            Operator::BitAnd => "bitand",
            Operator::BitOr => "bitor",
            Operator::BitXor => "bitxor",
            Operator::Shl => "shl",
            Operator::Shr => "shr",
            Operator::AddAssign => "add_assign",
            Operator::SubAssign => "sub_assign",
            Operator::MulAssign => "mul_assign",
            Operator::DivAssign => "div_assign",
            Operator::RemAssign => "rem_assign",
            Operator::BitAndAssign => "bitand_assign",
            Operator::BitOrAssign => "bitor_assign",
            Operator::BitXorAssign => "bitxor_assign",
            Operator::ShlAssign => "shl_assign",
            Operator::ShrAssign => "shr_assign",
            Operator::Neg => "neg",
            Operator::Not => "not",
            Operator::Eq | Operator::Ord | Operator::Deref | Operator::Lazy => "",
        }
    }
}

impl Body<'_, '_, '_, '_> {
    pub(super) fn binary(&mut self, op: Operator, left: TyId, right: TyId) -> TyId {
        if op == Operator::Lazy {
            return self.primitive("bool");
        }
        let left = self.shape(left);
        let at = self.infer.types.peel(left);
        if self.infer.types.open(at) == Some(Kind::Any) {
            let output = match op {
                Operator::Eq | Operator::Ord => self.primitive("bool"),
                _ => self.lost(),
            };
            // A number's other operand is most likely of the same type; what is assigned to stays what it is.
            self.waiting.push(super::waiting::Waiting::Binary(op, left, right, output));
            return output;
        }
        self.binary_of(op, left, right)
    }

    /// An operator whose left operand is known.
    pub(super) fn binary_of(&mut self, op: Operator, left: TyId, right: TyId) -> TyId {
        let right = self.shape(right);
        let (l, r) = (self.infer.types.peel(left), self.infer.types.peel(right));
        if self.infer.is_primitive(l) && self.infer.is_primitive(r) {
            return match op {
                Operator::Eq | Operator::Ord => {
                    self.infer.types.same(l, r);
                    self.primitive("bool")
                }
                Operator::Shl | Operator::Shr | Operator::ShlAssign | Operator::ShrAssign => l,
                _ => {
                    self.infer.types.same(l, r);
                    l
                }
            };
        }
        // A number beside something that isn't known yet.
        if self.infer.is_primitive(l) && self.infer.types.open(r) == Some(Kind::Any) {
            let name = self.infer.program.sym(op.trait_name());
            let others = self.infer.index.std_loose.contains_key(&name);
            if !others && !matches!(op, Operator::Shl | Operator::Shr) {
                self.infer.types.same(l, r);
            }
        }
        if matches!(op, Operator::Eq | Operator::Ord)
            && self.infer.types.open(r) == Some(Kind::Any)
            && !matches!(self.infer.types.get(l), Ty::Unknown)
        {
            self.infer.types.same(r, l);
        }
        if matches!(op, Operator::Eq | Operator::Ord) {
            self.compared_with_its_like(op, l, r);
        }
        self.operator_used(op, left, right);
        if matches!(op, Operator::Eq | Operator::Ord) {
            return self.primitive("bool");
        }
        let words = self.infer.program.words;
        let assigns = op.trait_name().ends_with("Assign");
        if assigns {
            return TyId::UNIT;
        }
        match self.infer.types.get(l).clone() {
            Ty::Std(head, _) if head == words.string => l,
            Ty::Std(head, _)
                if matches!(self.infer.program.text(head).as_str(), "Duration" | "Wrapping" | "Saturating") =>
            {
                l
            }
            Ty::Unknown => TyId::UNKNOWN,
            _ => {
                let name = self.infer.program.sym(op.trait_name());
                self.output(name, left, right)
            }
        }
    }

    /// A type that is compared by a derive alone is compared with its own.
    fn compared_with_its_like(&mut self, op: Operator, left: TyId, right: TyId) {
        let (Ty::Adt(node, _), Ty::Adt(other, _)) = (self.infer.types.get(left), self.infer.types.get(right)) else {
            return;
        };
        let (node, other, of) = (*node, *other, self.infer.program.sym(op.trait_name()));
        let is_derived = self.infer.index.std_derives.get(&node).is_some_and(|derives| derives.contains(&of));
        if node == other && is_derived && !self.infer.index.std_impls.contains_key(&(of, node)) {
            self.infer.types.same(left, right);
        }
    }

    /// The impls of an operator that may be meant.
    pub(super) fn operator_used(&mut self, op: Operator, left: TyId, right: TyId) {
        let name = self.infer.program.sym(op.trait_name());
        let member = self.infer.program.sym(op.method());
        self.demand(TraitOf::Std(name), member, Rc::new([right]), left);
    }

    /// An integer literal of which an operator's impls leave several types is an `i32`, as nothing else can tell its type.
    pub(super) fn literals_by_default(&mut self) {
        for (op, left, literal) in std::mem::take(&mut self.literals) {
            let left = self.infer.normal(left);
            let literal = self.infer.types.peel(literal);
            let types = &self.infer.types;
            let is_adt = matches!(types.get(types.peel(left)), Ty::Adt(..));
            // Of a type that isn't known to its last argument, fewer impls may be in question.
            let is_open = types.has_variables(left) || types.has_unknown(left) || types.has_params(left);
            if !is_adt || is_open || types.has_assoc(left) || self.infer.types.open(literal) != Some(Kind::Int) {
                continue;
            }
            let default = self.primitive("i32");
            let name = self.infer.program.sym(op.trait_name());
            let answers = self.infer.select(TraitOf::Std(name), left, &[literal]);
            let mut integers: Vec<TyId> = Vec::new();
            for answer in &answers {
                if let Some(arg) = self.infer.header_args(answer).first()
                    && let Ty::Primitive(_) = self.infer.types.get(*arg)
                    && !integers.contains(arg)
                {
                    integers.push(*arg);
                }
            }
            if integers.len() > 1 && integers.contains(&default) {
                self.infer.types.same(literal, default);
            }
        }
    }

    /// What an operator's impls call their output, if they agree.
    fn output(&mut self, of: Sym, left: TyId, right: TyId) -> TyId {
        let words = self.infer.program.words;
        let at = self.infer.types.peel(left);
        if let Ty::Param(..) | Ty::Assoc(..) | Ty::Bounded(_) = self.infer.types.get(at) {
            let left = at;
            // The bound that names the operator says what comes.
            for bound in self.infer.bounds_of(left).iter() {
                if let super::Bound::Std(name, _, assoc) = bound
                    && *name == of
                {
                    return match assoc.iter().find(|(name, _)| *name == words.output) {
                        Some((_, ty)) => *ty,
                        None => self.infer.project(left, words.output, &[right]),
                    };
                }
            }
            return self.lost();
        }
        let mut found: Option<TyId> = None;
        for answer in self.infer.select(TraitOf::Std(of), left, &[right]) {
            for &member in self.infer.program.members(answer.of) {
                let Some(decl) = &self.infer.program.node(member).decl else { continue };
                let DeclKind::Alias(_, _, Some(ty)) = &decl.kind else { continue };
                if decl.name != words.output {
                    continue;
                }
                let declared = self.infer.named_type(member, ty);
                let ty = self.infer.types.substitute(declared, &answer.given);
                let ty = self.infer.normal(ty);
                match found {
                    Some(other) if other != ty => return self.lost(),
                    _ => found = Some(ty),
                }
            }
        }
        match found {
            Some(ty) => self.opened(ty),
            None => self.lost(),
        }
    }

    pub(super) fn unary(&mut self, op: Operator, operand: TyId) -> TyId {
        let name = self.infer.program.sym(op.trait_name());
        let operand = self.shape(operand);
        if op == Operator::Deref {
            return match self.infer.types.get(operand).clone() {
                Ty::Ref(of) | Ty::Ptr(of) => of,
                // A reference may have been lost on the way.
                Ty::Adt(node, _) => self.deref_local(node, operand).unwrap_or(operand),
                Ty::Std(head, _) => self.infer.std_deref(head, operand).unwrap_or(operand),
                Ty::Primitive(_) | Ty::Slice(_) | Ty::Tuple(_) | Ty::Fn(..) | Ty::Never => operand,
                Ty::Param(..) | Ty::Assoc(..) | Ty::Bounded(_) => {
                    let derefs = self.infer.bounds_of(operand).iter().any(|bound| {
                        matches!(bound, super::Bound::Std(name, ..) if self.infer.program.text(*name).starts_with("Deref"))
                    });
                    if !derefs {
                        return operand;
                    }
                    self.trigger_named("DerefMut", operand);
                    let target = self.infer.program.words.target;
                    self.infer.project(operand, target, &[])
                }
                Ty::Var(_) if self.infer.types.open(operand) != Some(Kind::Any) => operand,
                Ty::Var(_) => {
                    // `*x` where only `x`'s own type isn't known yet: most likely a reference.
                    self.trigger_named("DerefMut", operand);
                    let target = self.lost();
                    let reference = self.infer.types.intern(Ty::Ref(target));
                    self.infer.types.same(operand, reference);
                    target
                }
                _ => {
                    self.trigger_all("Deref");
                    self.trigger_all("DerefMut");
                    TyId::UNKNOWN
                }
            };
        }
        let at = self.infer.types.peel(operand);
        if self.infer.is_primitive(at) || matches!(self.infer.types.get(at), Ty::Never) {
            return at;
        }
        let member = self.infer.program.sym(op.method());
        self.demand(TraitOf::Std(name), member, Rc::default(), operand);
        match self.infer.types.get(at) {
            Ty::Unknown => TyId::UNKNOWN,
            Ty::Var(_) => self.lost(),
            _ => self.output(name, operand, TyId::UNKNOWN),
        }
    }

    pub(super) fn index_expr(&mut self, base: TyId, index: TyId) -> TyId {
        let words = self.infer.program.words;
        let (of, of_mut) = (self.infer.program.sym("Index"), self.infer.program.sym("IndexMut"));
        let mut at = base;
        for _ in 0..12 {
            at = self.shape(at);
            match self.infer.types.get(at).clone() {
                Ty::Ref(of) | Ty::Ptr(of) => at = of,
                Ty::Slice(element) => {
                    // A range gives a part, a number an element; a key of the user's own is hashed or compared.
                    self.indexed_by(index);
                    return match self.infer.types.get(self.infer.types.peel(index)) {
                        Ty::Std(head, _) if *head == words.range => at,
                        Ty::Primitive(_) => element,
                        _ if self.infer.is_primitive(index) => element,
                        _ => self.lost(),
                    };
                }
                Ty::Std(head, args) => {
                    self.indexed_by(index);
                    let by_range = matches!(self.infer.types.get(index), Ty::Std(head, _) if *head == words.range);
                    let text = self.infer.program.text(head);
                    return match (text.as_str(), args.as_ref()) {
                        ("Vec" | "VecDeque", [element]) if !by_range => *element,
                        ("Vec", [element]) => self.infer.types.intern(Ty::Slice(*element)),
                        ("HashMap" | "BTreeMap", [key, value, ..]) => {
                            let (key, value) = (*key, *value);
                            for name in ["Hash", "Eq", "Ord", "Borrow"] {
                                self.trigger_named(name, key);
                            }
                            value
                        }
                        ("String" | "str", _) => self.infer.types.intern(Ty::Std(words.str, Rc::default())),
                        ("Box" | "Rc" | "Arc" | "Ref" | "RefMut" | "MutexGuard" | "Cow", _) => {
                            match self.infer.std_deref(head, at) {
                                Some(target) => {
                                    at = target;
                                    continue;
                                }
                                None => TyId::UNKNOWN,
                            }
                        }
                        _ => self.lost(),
                    };
                }
                Ty::Adt(node, _) => {
                    let own = self.infer.index.std_impls.contains_key(&(of, node));
                    if own {
                        for of in [of, of_mut] {
                            self.demand(TraitOf::Std(of), Sym::NONE, Rc::new([index]), at);
                        }
                        return self.output(of, at, index);
                    }
                    match self.deref_local(node, at) {
                        Some(target) => at = target,
                        None => break,
                    }
                }
                Ty::Param(..) | Ty::Assoc(..) | Ty::Bounded(_) => {
                    for of in [of, of_mut] {
                        self.demand(TraitOf::Std(of), Sym::NONE, Rc::new([index]), at);
                    }
                    let output = self.infer.program.words.output;
                    return self.infer.project(at, output, &[index]);
                }
                _ => break,
            }
        }
        for name in [of, of_mut] {
            let name = self.infer.program.text(name);
            self.trigger_all(&name);
        }
        for name in ["Deref", "DerefMut", "Hash", "Eq", "Ord", "Borrow"] {
            self.trigger_all(name);
        }
        self.lost()
    }

    /// The index operand's own traits may run, and impls of `Index` for foreign types.
    fn indexed_by(&mut self, index: TyId) {
        if self.infer.is_primitive(index) {
            return;
        }
        let index = self.infer.types.peel(index);
        // A range is nobody's own: an impl that takes one is for a type of ours (the orphan rule), perhaps in a box.
        let is_range =
            matches!(self.infer.types.get(index), Ty::Std(head, _) if *head == self.infer.program.words.range);
        if !is_range {
            for name in ["Index", "IndexMut", "RangeBounds"] {
                self.trigger_named(name, index);
            }
        }
        for name in ["Index", "IndexMut"] {
            let name = self.infer.program.sym(name);
            if self.infer.index.std_loose.contains_key(&name) {
                self.facts.mention(Vertex::Loose(name));
            }
        }
    }

    /// The type that `for` takes out of a value.
    pub(super) fn iterated(&mut self, iter: TyId) -> TyId {
        let words = self.infer.program.words;
        self.trigger(words.iterator, iter);
        self.note_loop(iter);
        self.item_of(iter, false)
    }

    /// What iterating over a value gives.
    pub(super) fn item_of(&mut self, iter: TyId, by_ref: bool) -> TyId {
        let words = self.infer.program.words;
        let iter = self.shape(iter);
        match self.infer.types.get(iter).clone() {
            Ty::Ref(of) => self.item_of(of, true),
            Ty::Slice(of) => {
                if by_ref {
                    self.infer.types.intern(Ty::Ref(of))
                } else {
                    of
                }
            }
            Ty::Std(head, args) => {
                if head == words.iterator || head == words.range {
                    return args.first().copied().unwrap_or(TyId::UNKNOWN);
                }
                match self.infer.std_into_iter(head, iter, by_ref) {
                    TyId::UNKNOWN => self.lost(),
                    item => item,
                }
            }
            Ty::Adt(node, _) => {
                // An impl for a reference to it may give other items than one for the type itself.
                let into = self.infer.program.sym("IntoIterator");
                let several = self.infer.index.std_impls.get(&(into, node)).is_some_and(|impls| impls.len() > 1);
                let item = self.infer.project(iter, words.item, &[]);
                match (several, item) {
                    (false, TyId::UNKNOWN) => self.lost(),
                    (true, TyId::UNKNOWN) => self.item_of_several(node, iter),
                    (_, item) => item,
                }
            }
            Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => self.infer.project(iter, words.item, &[]),
            Ty::Var(_) => {
                let item = self.fresh();
                self.waiting.push(super::waiting::Waiting::Item(iter, item));
                item
            }
            _ => TyId::UNKNOWN,
        }
    }

    /// Items of impls that differ by no more than references.
    fn item_of_several(&mut self, node: NodeId, iter: TyId) -> TyId {
        let words = self.infer.program.words;
        let members = self.infer.index.members.get(&(node, words.item)).cloned().unwrap_or_default();
        let mut found: Option<TyId> = None;
        for member in members {
            let Some(DeclKind::Alias(_, _, Some(ty))) = self.infer.program.decl(member) else { continue };
            let declared = self.infer.named_type(member, ty);
            let ty = self.infer.applied(member, iter, declared);
            let bare = self.infer.bare(ty);
            match found {
                Some(other) if other != bare => return self.lost(),
                _ => found = Some(bare),
            }
        }
        found.unwrap_or_else(|| self.lost())
    }

    /// `value?`.
    pub(super) fn question(&mut self, value: TyId) -> TyId {
        let words = self.infer.program.words;
        let value = self.shape(value);
        let value = self.infer.types.peel(value);
        match self.infer.types.get(value).clone() {
            Ty::Std(head, args) if head == words.option => args.first().copied().unwrap_or(TyId::UNKNOWN),
            Ty::Std(head, args) if head == words.result => {
                // The error is converted, by an impl for the error that the function returns.
                let returned = match self.infer.types.get(self.returns).clone() {
                    Ty::Std(head, args) if head == words.result => args.get(1).copied(),
                    _ => None,
                };
                let from = self.infer.program.sym("From");
                let error = args.get(1).copied().unwrap_or(TyId::UNKNOWN);
                let returned = match returned {
                    Some(returned) => returned,
                    None if self.infer.types.open(self.returns).is_some() => {
                        let (of, error) = (self.fresh(), self.fresh());
                        let ty = self.infer.types.intern(Ty::Std(words.result, Rc::new([of, error])));
                        let returns = self.returns;
                        self.infer.types.same(returns, ty);
                        error
                    }
                    None => TyId::UNKNOWN,
                };
                self.demand(TraitOf::Std(from), Sym::NONE, Rc::new([error]), returned);
                args.first().copied().unwrap_or(TyId::UNKNOWN)
            }
            _ => {
                for name in ["From", "Into", "Try", "FromResidual"] {
                    self.trigger_all(name);
                }
                self.lost()
            }
        }
    }

    pub(super) fn awaited(&mut self, value: TyId) -> TyId {
        let words = self.infer.program.words;
        match self.infer.types.get(value).clone() {
            Ty::Std(head, args) if head == words.future => args.first().copied().unwrap_or(TyId::UNKNOWN),
            _ => {
                for name in ["Future", "IntoFuture"] {
                    self.trigger_named(name, value);
                }
                let output = words.output;
                match self.infer.project(value, output, &[]) {
                    TyId::UNKNOWN => self.lost(),
                    output => output,
                }
            }
        }
    }
}
