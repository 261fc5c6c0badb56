//! What the compiler calls by itself: operators, indexing, `*`, `for`, `?`, `.await`.

use super::Vertex;
use super::bodies::Body;
use super::types::{Ty, TyId};
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
}

impl Body<'_, '_, '_, '_> {
    pub(super) fn binary(&mut self, op: Operator, left: TyId, right: TyId) -> TyId {
        if op == Operator::Lazy {
            return self.primitive("bool");
        }
        let name = self.infer.program.sym(op.trait_name());
        let (left, right) = (self.infer.types.peel(left), self.infer.types.peel(right));
        let plain = |ty: &Ty| matches!(ty, Ty::Primitive(_) | Ty::Never);
        let (l, r) = (self.infer.types.get(left).clone(), self.infer.types.get(right).clone());
        if plain(&l) && plain(&r) {
            return match op {
                Operator::Eq | Operator::Ord => self.primitive("bool"),
                _ => self.arithmetic(left, right),
            };
        }
        // An assigning operator on a type without it isn't there; on one with it, it is its own trait.
        self.trigger(name, left);
        self.trigger(name, right);
        match op {
            Operator::Eq | Operator::Ord => self.primitive("bool"),
            _ => match l {
                Ty::Adt(node, _) => self.output_of(name, node, left),
                Ty::Primitive(_) if plain(&r) => self.arithmetic(left, right),
                Ty::Std(head, _) if head == self.infer.program.words.string => left,
                _ => TyId::UNKNOWN,
            },
        }
    }

    fn arithmetic(&mut self, left: TyId, right: TyId) -> TyId {
        let words = self.infer.program.words;
        match self.infer.types.get(left) {
            Ty::Primitive(name) if *name == words.int || *name == words.float => right,
            _ => left,
        }
    }

    /// The `Output` of an operator's impl, if there is just one.
    fn output_of(&mut self, of: Sym, node: NodeId, value: TyId) -> TyId {
        let program = self.infer.program;
        let Some([id]) = self.infer.index.std_impls.get(&(of, node)).map(Vec::as_slice) else { return TyId::UNKNOWN };
        let id = *id;
        for &member in program.members(id) {
            if let Some(decl) = &program.node(member).decl
                && decl.name == program.words.output
                && let DeclKind::Alias(_, _, Some(ty)) = &decl.kind
            {
                let declared = self.infer.declared(member, ty);
                return self.infer.applied(member, value, declared);
            }
        }
        TyId::UNKNOWN
    }

    pub(super) fn unary(&mut self, op: Operator, operand: TyId) -> TyId {
        let name = self.infer.program.sym(op.trait_name());
        if op == Operator::Deref {
            return match self.infer.types.get(operand).clone() {
                Ty::Ref(of) | Ty::Ptr(of) => of,
                Ty::Adt(node, _) => self.deref_local(node, operand).unwrap_or(TyId::UNKNOWN),
                Ty::Std(head, _) => self.infer.std_deref(head, operand).unwrap_or(TyId::UNKNOWN),
                _ => {
                    self.trigger_all("Deref");
                    self.trigger_all("DerefMut");
                    TyId::UNKNOWN
                }
            };
        }
        let operand = self.infer.types.peel(operand);
        match self.infer.types.get(operand).clone() {
            Ty::Primitive(_) | Ty::Never => operand,
            Ty::Adt(node, _) => {
                self.trigger(name, operand);
                self.output_of(name, node, operand)
            }
            _ => {
                self.trigger(name, operand);
                TyId::UNKNOWN
            }
        }
    }

    pub(super) fn index_expr(&mut self, base: TyId, index: TyId) -> TyId {
        let words = self.infer.program.words;
        let (of, of_mut) = (self.infer.program.sym("Index"), self.infer.program.sym("IndexMut"));
        let mut at = base;
        for _ in 0..12 {
            match self.infer.types.get(at).clone() {
                Ty::Ref(of) | Ty::Ptr(of) => at = of,
                Ty::Slice(element) => {
                    // A range gives a part, a number an element; a key of the user's own is hashed or compared.
                    self.indexed_by(index);
                    return match self.infer.types.get(index) {
                        Ty::Primitive(_) => element,
                        Ty::Std(head, _) if *head == words.range => at,
                        _ => TyId::UNKNOWN,
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
                        ("String" | "str", _) => self.infer.types.intern(Ty::Std(words.str, Box::default())),
                        ("Box" | "Rc" | "Arc" | "Ref" | "RefMut" | "MutexGuard" | "Cow", _) => {
                            match self.infer.std_deref(head, at) {
                                Some(target) => {
                                    at = target;
                                    continue;
                                }
                                None => TyId::UNKNOWN,
                            }
                        }
                        _ => TyId::UNKNOWN,
                    };
                }
                Ty::Adt(node, _) => {
                    let own = self.infer.index.std_impls.contains_key(&(of, node));
                    if own {
                        self.trigger(of, at);
                        self.trigger(of_mut, at);
                        return self.output_of(of, node, at);
                    }
                    match self.deref_local(node, at) {
                        Some(target) => at = target,
                        None => break,
                    }
                }
                _ => break,
            }
        }
        for name in [of, of_mut] {
            self.trigger(name, TyId::UNKNOWN);
        }
        for name in ["Deref", "DerefMut", "Hash", "Eq", "Ord", "Borrow"] {
            self.trigger_all(name);
        }
        TyId::UNKNOWN
    }

    /// The index operand's own traits may run, and impls of `Index` for foreign types.
    fn indexed_by(&mut self, index: TyId) {
        if !matches!(self.infer.types.get(self.infer.types.peel(index)), Ty::Primitive(_)) {
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
                self.infer.std_into_iter(head, iter, by_ref)
            }
            Ty::Adt(node, _) => {
                let program = self.infer.program;
                let into = program.sym("IntoIterator");
                for of in [words.iterator, into] {
                    let Some([id]) = self.infer.index.std_impls.get(&(of, node)).map(Vec::as_slice) else { continue };
                    let id = *id;
                    for &member in program.members(id) {
                        if let Some(decl) = &program.node(member).decl
                            && decl.name == words.item
                            && let DeclKind::Alias(_, _, Some(ty)) = &decl.kind
                        {
                            let declared = self.infer.declared(member, ty);
                            return self.infer.applied(member, iter, declared);
                        }
                    }
                }
                TyId::UNKNOWN
            }
            Ty::Param(..) | Ty::Bounded(_) => self
                .infer
                .bounds_of(iter)
                .iter()
                .find_map(|bound| match bound {
                    super::Bound::Iterator(item) => Some(*item),
                    _ => None,
                })
                .unwrap_or(TyId::UNKNOWN),
            _ => TyId::UNKNOWN,
        }
    }

    /// `value?`.
    pub(super) fn question(&mut self, value: TyId) -> TyId {
        let words = self.infer.program.words;
        match self.infer.types.get(value).clone() {
            Ty::Std(head, args) if head == words.option => args.first().copied().unwrap_or(TyId::UNKNOWN),
            Ty::Std(head, args) if head == words.result => {
                // The error is converted, by an impl for the error that the function returns.
                let returned = match self.infer.types.get(self.returns).clone() {
                    Ty::Std(head, args) if head == words.result => args.get(1).copied(),
                    _ => None,
                };
                let from = self.infer.program.sym("From");
                self.trigger(from, returned.unwrap_or(TyId::UNKNOWN));
                let into = self.infer.program.sym("Into");
                self.trigger(into, args.get(1).copied().unwrap_or(TyId::UNKNOWN));
                args.first().copied().unwrap_or(TyId::UNKNOWN)
            }
            _ => {
                for name in ["From", "Into", "Try", "FromResidual"] {
                    self.trigger_all(name);
                }
                TyId::UNKNOWN
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
                TyId::UNKNOWN
            }
        }
    }
}
