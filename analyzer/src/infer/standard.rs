//! The standard library, by the table of its signatures.

use std::rc::Rc;

use super::Infer;
use super::signatures::{self, SigTy};
use super::types::{Ty, TyId};
use crate::ir::Sym;

/// What the variables of a signature stand for.
pub(super) type Vars = Vec<(char, TyId)>;

impl Infer<'_, '_, '_> {
    /// Traits that any listed method of that name may call; `None` if none is listed.
    pub(super) fn callbacks(&mut self, name: Sym) -> Option<std::rc::Rc<Vec<&'static str>>> {
        if let Some(found) = self.callbacks.get(&name) {
            return found.clone();
        }
        let text = self.program.text(name);
        let listed = signatures::table().named(&text);
        let found = (!listed.is_empty()).then(|| {
            // A type of the user's may have a foreign trait's method of that name.
            let mut traits = vec!["AsRef", "Borrow", "Iterator"];
            traits.extend(listed.iter().flat_map(|signature| &signature.calls).map(|(_, of)| *of));
            traits.sort_unstable();
            traits.dedup();
            std::rc::Rc::new(traits)
        });
        self.callbacks.insert(name, found.clone());
        found
    }

    /// Whether the table holds anything of a type.
    pub(super) fn is_listed(&self, head: Sym) -> bool {
        signatures::table().holds(&self.program.text(head))
    }

    pub(super) fn listed(&mut self, head: Sym, name: Sym) -> Option<&'static signatures::Signature> {
        if let Some(found) = self.table.get(&(head, name)) {
            return *found;
        }
        let (head_text, name_text) = (self.program.text(head), self.program.text(name));
        let head_text = match head_text.as_str() {
            "{integer}" => "i32",
            "{float}" => "f64",
            text => text,
        };
        let found = signatures::table().method(head_text, &name_text);
        self.table.insert((head, name), found);
        found
    }

    /// What an iterator of the standard library gives, by its type.
    fn adaptor_item(&mut self, name: &str, args: &[TyId]) -> Option<TyId> {
        let item = self.program.words.item;
        let first = args.first().copied()?;
        Some(match (name, args.len()) {
            ("Iter" | "IterMut" | "IntoIter" | "Drain", 1) | ("Once" | "Repeat" | "Empty" | "RepeatN", 1) => first,
            ("Iter" | "IterMut" | "IntoIter" | "Drain", 2) => self.types.intern(Ty::Tuple(args.into())),
            ("Keys" | "IntoKeys" | "Difference" | "Union" | "Intersection" | "SymmetricDifference", _) => first,
            ("Values" | "ValuesMut" | "IntoValues", 2) => args[1],
            ("Windows" | "Chunks" | "ChunksMut" | "ChunksExact" | "ChunksExactMut" | "RChunks", 1) => {
                self.types.intern(Ty::Slice(first))
            }
            (
                "Filter" | "SkipWhile" | "TakeWhile" | "Inspect" | "Fuse" | "StepBy" | "Cycle" | "Cloned" | "Copied",
                _,
            )
            | ("Chain", 2) => self.project(first, item, &[]),
            ("Flatten", 1) => {
                let inner = self.project(first, item, &[]);
                self.project(inner, item, &[])
            }
            ("FlatMap", 3) => self.project(args[1], item, &[]),
            ("Map", 2) => self.callable(args[1]).map(|(_, output)| output)?,
            ("FilterMap" | "MapWhile", 2) => {
                let (_, output) = self.callable(args[1])?;
                match self.types.get(output) {
                    Ty::Std(_, parts) => parts.first().copied()?,
                    _ => return None,
                }
            }
            ("Successors", 2) => first,
            _ => return None,
        })
    }

    /// A public field of a standard type.
    pub(super) fn std_field(&mut self, head: Sym, at: TyId, name: Sym) -> Option<TyId> {
        let signature = signatures::table().field(&self.program.text(head), &self.program.text(name))?;
        let mut vars = Vars::new();
        self.learn(&signature.recv, at, &mut vars);
        Some(self.build(&signature.ret, &vars))
    }

    /// The target of a standard type's `Deref`.
    pub(super) fn std_deref(&mut self, head: Sym, at: TyId) -> Option<TyId> {
        let text = self.program.text(head);
        if let Ty::Std(_, args) = self.types.get(at).clone()
            && let Some(item) = self.adaptor_item(&text, &args)
        {
            let mut made = vec![item];
            self.sources(at, &mut made);
            let iterator = self.program.words.iterator;
            return Some(self.types.intern(Ty::Std(iterator, made.into())));
        }
        let signature = signatures::table().deref(&text)?;
        let mut vars = Vars::new();
        self.learn(&signature.recv, at, &mut vars);
        let target = self.build(&signature.ret, &vars);
        // An adaptor's own type says what it was made of; as a mere iterator it keeps that beside its item.
        match self.types.get(target).clone() {
            Ty::Std(name, items) if name == self.program.words.iterator => {
                let item = items.first().copied().unwrap_or(TyId::UNKNOWN);
                let mut args = vec![item];
                self.sources(at, &mut args);
                Some(self.types.intern(Ty::Std(name, args.into())))
            }
            _ => Some(target),
        }
    }

    /// The iterators that are no library's own in a type.
    fn sources(&self, ty: TyId, out: &mut Vec<TyId>) {
        match self.types.get(ty) {
            Ty::Adt(..) | Ty::Param(..) | Ty::Assoc(..) | Ty::Bounded(_) | Ty::Var(_) | Ty::Unknown => {
                let ty = self.types.find(ty);
                if !out.contains(&ty) {
                    out.push(ty);
                }
            }
            Ty::Fn(..) | Ty::Primitive(_) | Ty::Never => {}
            _ => self.types.parts(ty).into_iter().for_each(|part| self.sources(part, out)),
        }
    }

    /// What iterating over a standard type gives.
    pub(super) fn std_into_iter(&mut self, head: Sym, at: TyId, by_ref: bool) -> TyId {
        let text = self.program.text(head);
        if let Ty::Std(_, args) = self.types.get(at).clone()
            && let Some(item) = self.adaptor_item(&text, &args)
        {
            return item;
        }
        let Some(signature) = signatures::table().loop_item(&text, by_ref) else { return TyId::UNKNOWN };
        let mut vars = Vars::new();
        self.learn(&signature.recv, at, &mut vars);
        self.build(&signature.ret, &vars)
    }

    /// Learns variables from a type that is there.
    pub(super) fn learn(&mut self, sig: &SigTy, ty: TyId, vars: &mut Vars) {
        match (sig, self.types.get(ty).clone()) {
            (SigTy::Var(name), _) => match vars.iter().find(|(var, _)| var == name).map(|(_, known)| *known) {
                Some(known) => {
                    self.types.same(known, ty);
                }
                None => vars.push((*name, ty)),
            },
            (SigTy::Ref(sig), Ty::Ref(of)) => self.learn(sig, of, vars),
            (SigTy::Ref(sig), _) => self.learn(sig, ty, vars),
            (SigTy::Ptr(sig), Ty::Ptr(of) | Ty::Ref(of)) => self.learn(sig, of, vars),
            (SigTy::Any | SigTy::SelfTy, _) => {}
            (_, Ty::Ref(of)) => self.learn(sig, of, vars),
            (_, Ty::Var(_)) if self.types.open(ty) == Some(super::types::Kind::Any) => {
                let built = self.build(sig, vars);
                self.types.same(ty, built);
            }
            (SigTy::Named(name, args), Ty::Std(head, found)) if self.program.text(head) == *name => {
                for (sig, ty) in args.iter().zip(found.iter()) {
                    self.learn(sig, *ty, vars);
                }
            }
            (SigTy::Slice(sig), Ty::Slice(of)) => self.learn(sig, of, vars),
            (SigTy::Slice(sig), Ty::Std(head, found)) if head == self.program.words.vec => {
                if let Some(ty) = found.first() {
                    self.learn(sig, *ty, vars);
                }
            }
            (SigTy::Tuple(parts), Ty::Tuple(found)) => {
                for (sig, ty) in parts.iter().zip(found.iter()) {
                    self.learn(sig, *ty, vars);
                }
            }
            (SigTy::Fn(inputs, output), Ty::Fn(taken, found)) => {
                for (sig, ty) in inputs.iter().zip(taken.iter()) {
                    self.learn(sig, *ty, vars);
                }
                self.learn(output, found, vars);
            }
            _ => {}
        }
    }

    /// Every variable of a signature's type, so that what is built of it can be learned later.
    pub(super) fn name_all(&mut self, sig: &SigTy, vars: &mut Vars) {
        match sig {
            SigTy::Var(name) => {
                if !vars.iter().any(|(var, _)| var == name) {
                    vars.push((*name, self.types.variable(super::types::Kind::Any)));
                }
            }
            SigTy::Ref(of)
            | SigTy::Ptr(of)
            | SigTy::Slice(of)
            | SigTy::Item(of)
            | SigTy::Target(of)
            | SigTy::Owned(of)
            | SigTy::Joined(of) => self.name_all(of, vars),
            SigTy::Indexed(a, b) => {
                self.name_all(a, vars);
                self.name_all(b, vars);
            }
            SigTy::Tuple(parts) | SigTy::Named(_, parts) => parts.iter().for_each(|part| self.name_all(part, vars)),
            SigTy::Fn(inputs, output) => {
                inputs.iter().for_each(|part| self.name_all(part, vars));
                self.name_all(output, vars);
            }
            SigTy::Any | SigTy::SelfTy => {}
        }
    }

    /// The type that a signature's type is, as far as its variables are known.
    pub(super) fn build(&mut self, sig: &SigTy, vars: &Vars) -> TyId {
        match sig {
            SigTy::Var(name) => vars.iter().find(|(var, _)| var == name).map_or(TyId::UNKNOWN, |(_, ty)| *ty),
            SigTy::Any => TyId::UNKNOWN,
            SigTy::SelfTy => vars.iter().find(|(var, _)| *var == '\0').map_or(TyId::UNKNOWN, |(_, ty)| *ty),
            SigTy::Item(of) => {
                let of = self.build(of, vars);
                let of = self.normal(of);
                let (inner, by_ref) = match self.types.get(of) {
                    Ty::Ref(inner) => (*inner, true),
                    _ => (of, false),
                };
                match self.types.get(inner).clone() {
                    Ty::Slice(item) if by_ref => self.types.intern(Ty::Ref(item)),
                    Ty::Slice(item) => item,
                    Ty::Std(head, args) if head == self.program.words.iterator => {
                        args.first().copied().unwrap_or(TyId::UNKNOWN)
                    }
                    Ty::Std(head, _) => self.std_into_iter(head, inner, by_ref),
                    _ => {
                        let item = self.program.words.item;
                        self.project(of, item, &[])
                    }
                }
            }
            SigTy::Target(of) => {
                let of = self.build(of, vars);
                match self.types.get(of).clone() {
                    Ty::Ref(inner) => inner,
                    Ty::Std(head, _) => self.std_deref(head, of).unwrap_or(TyId::UNKNOWN),
                    _ => {
                        let target = self.program.words.target;
                        self.project(of, target, &[])
                    }
                }
            }
            SigTy::Indexed(of, by) => {
                let by = self.build(by, vars);
                let by = self.types.find(by);
                match self.types.get(by).clone() {
                    Ty::Primitive(_) => self.build(of, vars),
                    Ty::Var(_) if self.types.open(by) == Some(super::types::Kind::Int) => self.build(of, vars),
                    Ty::Std(head, _) if self.program.text(head).starts_with("Range") => {
                        let of = self.build(of, vars);
                        self.types.intern(Ty::Slice(of))
                    }
                    _ => TyId::UNKNOWN,
                }
            }
            SigTy::Joined(of) => {
                let of = self.build(of, vars);
                let words = self.program.words;
                match self.types.get(self.types.peel(of)).clone() {
                    Ty::Std(head, _) if head == words.str || head == words.string => {
                        self.types.intern(Ty::Std(words.string, Rc::default()))
                    }
                    Ty::Slice(item) => self.types.intern(Ty::Std(words.vec, Rc::new([item]))),
                    Ty::Std(head, args) if head == words.vec => self.types.intern(Ty::Std(words.vec, args)),
                    _ => TyId::UNKNOWN,
                }
            }
            SigTy::Owned(of) => {
                let of = self.build(of, vars);
                let words = self.program.words;
                match self.types.get(of).clone() {
                    Ty::Slice(item) => self.types.intern(Ty::Std(words.vec, Rc::new([item]))),
                    Ty::Std(head, _) if head == words.str => self.types.intern(Ty::Std(words.string, Rc::default())),
                    // Other owners are named by an associated type.
                    Ty::Std(..) => TyId::UNKNOWN,
                    _ => of,
                }
            }
            SigTy::Ref(of) => {
                let of = self.build(of, vars);
                if of == TyId::UNKNOWN { of } else { self.types.intern(Ty::Ref(of)) }
            }
            SigTy::Ptr(of) => {
                let of = self.build(of, vars);
                self.types.intern(Ty::Ptr(of))
            }
            SigTy::Slice(of) => {
                let of = self.build(of, vars);
                self.types.intern(Ty::Slice(of))
            }
            SigTy::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.build(part, vars)).collect();
                self.types.intern(Ty::Tuple(parts))
            }
            SigTy::Fn(inputs, output) => {
                let inputs = inputs.iter().map(|input| self.build(input, vars)).collect();
                let output = self.build(output, vars);
                self.types.intern(Ty::Fn(inputs, output))
            }
            SigTy::Named(name, args) => {
                let args: Rc<[TyId]> = args.iter().map(|arg| self.build(arg, vars)).collect();
                let primitive = matches!(
                    *name,
                    "bool"
                        | "char"
                        | "i8"
                        | "i16"
                        | "i32"
                        | "i64"
                        | "i128"
                        | "isize"
                        | "u8"
                        | "u16"
                        | "u32"
                        | "u64"
                        | "u128"
                        | "usize"
                        | "f32"
                        | "f64"
                );
                let name = self.program.sym(name);
                self.types.intern(if primitive { Ty::Primitive(name) } else { Ty::Std(name, args) })
            }
        }
    }
}

/// The standard library's traits that declare a member of that name, where it is certain that no other of them does.
pub(super) fn traits_of_member(name: &str) -> &'static [&'static str] {
    match name {
        "from" => &["From"],
        "into" => &["Into"],
        "try_from" => &["TryFrom"],
        "try_into" => &["TryInto"],
        "from_str" => &["FromStr"],
        "default" => &["Default"],
        "to_string" => &["ToString"],
        "to_owned" => &["ToOwned"],
        "clone" | "clone_from" => &["Clone"],
        "eq" | "ne" => &["PartialEq"],
        "partial_cmp" | "lt" | "le" | "gt" | "ge" => &["PartialOrd"],
        "add" => &["Add"],
        "sub" => &["Sub"],
        "mul" => &["Mul"],
        "div" => &["Div"],
        "rem" => &["Rem"],
        "neg" => &["Neg"],
        "not" => &["Not"],
        "bitand" => &["BitAnd"],
        "bitor" => &["BitOr"],
        "bitxor" => &["BitXor"],
        "shl" => &["Shl"],
        "shr" => &["Shr"],
        "add_assign" => &["AddAssign"],
        "sub_assign" => &["SubAssign"],
        "mul_assign" => &["MulAssign"],
        "div_assign" => &["DivAssign"],
        "rem_assign" => &["RemAssign"],
        "bitand_assign" => &["BitAndAssign"],
        "bitor_assign" => &["BitOrAssign"],
        "bitxor_assign" => &["BitXorAssign"],
        "shl_assign" => &["ShlAssign"],
        "shr_assign" => &["ShrAssign"],
        "index" => &["Index"],
        "index_mut" => &["IndexMut"],
        "deref" => &["Deref"],
        "deref_mut" => &["DerefMut"],
        _ => &[],
    }
}
