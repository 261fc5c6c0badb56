//! The standard library, by the table of its signatures.

use super::bodies::Body;
use super::signatures::{self, SigTy};
use super::types::{Ty, TyId};
use super::{Infer, Vertex};
use crate::ir::{Expr, GenericArg, Path, Sym};

/// What the variables of a signature stand for.
type Vars = Vec<(char, TyId)>;

impl Infer<'_, '_, '_> {
    /// Traits that any listed method of that name may call; `None` if none is listed.
    fn callbacks(&mut self, name: Sym) -> Option<std::rc::Rc<Vec<&'static str>>> {
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

    fn listed(&mut self, head: Sym, name: Sym) -> Option<&'static signatures::Signature> {
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

    /// The target of a standard type's `Deref`.
    pub(super) fn std_deref(&mut self, head: Sym, at: TyId) -> Option<TyId> {
        let text = self.program.text(head);
        let signature = signatures::table().deref(&text)?;
        let mut vars = Vars::new();
        self.learn(&signature.recv, at, &mut vars);
        Some(self.build(&signature.ret, &vars))
    }

    /// What iterating over a standard type gives.
    pub(super) fn std_into_iter(&mut self, head: Sym, at: TyId, by_ref: bool) -> TyId {
        let text = self.program.text(head);
        let Some(signature) = signatures::table().loop_item(&text, by_ref) else { return TyId::UNKNOWN };
        let mut vars = Vars::new();
        self.learn(&signature.recv, at, &mut vars);
        self.build(&signature.ret, &vars)
    }

    /// Learns variables from a type that is there.
    fn learn(&mut self, sig: &SigTy, ty: TyId, vars: &mut Vars) {
        if ty == TyId::UNKNOWN {
            return;
        }
        match (sig, self.types.get(ty).clone()) {
            (SigTy::Var(name), _) => {
                let known = vars.iter().any(|(var, _)| var == name);
                if !known {
                    vars.push((*name, ty));
                }
            }
            (SigTy::Ref(sig), Ty::Ref(of)) => self.learn(sig, of, vars),
            (SigTy::Ref(sig), _) => self.learn(sig, ty, vars),
            (_, Ty::Ref(of)) => self.learn(sig, of, vars),
            (SigTy::Named(name, args), Ty::Std(head, found)) if self.program.text(head) == *name => {
                for (sig, ty) in args.iter().zip(found) {
                    self.learn(sig, ty, vars);
                }
            }
            (SigTy::Slice(sig), Ty::Slice(of)) => self.learn(sig, of, vars),
            (SigTy::Slice(sig), Ty::Std(head, found)) if head == self.program.words.vec => {
                if let Some(ty) = found.first() {
                    self.learn(sig, *ty, vars);
                }
            }
            (SigTy::Tuple(parts), Ty::Tuple(found)) => {
                for (sig, ty) in parts.iter().zip(found) {
                    self.learn(sig, ty, vars);
                }
            }
            (SigTy::Fn(_, output), Ty::Fn(_, found)) => self.learn(output, found, vars),
            _ => {}
        }
    }

    /// The type that a signature's type is, as far as its variables are known.
    fn build(&mut self, sig: &SigTy, vars: &Vars) -> TyId {
        match sig {
            SigTy::Var(name) => vars.iter().find(|(var, _)| var == name).map_or(TyId::UNKNOWN, |(_, ty)| *ty),
            SigTy::Any => TyId::UNKNOWN,
            SigTy::SelfTy => vars.iter().find(|(var, _)| *var == '\0').map_or(TyId::UNKNOWN, |(_, ty)| *ty),
            SigTy::Item(of) => {
                let of = self.build(of, vars);
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
                    _ => TyId::UNKNOWN,
                }
            }
            SigTy::Target(of) => {
                let of = self.build(of, vars);
                match self.types.get(of).clone() {
                    Ty::Ref(inner) => inner,
                    Ty::Std(head, _) => self.std_deref(head, of).unwrap_or(TyId::UNKNOWN),
                    _ => TyId::UNKNOWN,
                }
            }
            SigTy::Indexed(of, by) => {
                let by = self.build(by, vars);
                match self.types.get(by).clone() {
                    Ty::Primitive(_) => self.build(of, vars),
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
                        self.types.intern(Ty::Std(words.string, Box::default()))
                    }
                    Ty::Slice(item) => self.types.intern(Ty::Std(words.vec, Box::new([item]))),
                    Ty::Std(head, args) if head == words.vec => self.types.intern(Ty::Std(words.vec, args)),
                    _ => TyId::UNKNOWN,
                }
            }
            SigTy::Owned(of) => {
                let of = self.build(of, vars);
                let words = self.program.words;
                match self.types.get(of).clone() {
                    Ty::Slice(item) => self.types.intern(Ty::Std(words.vec, Box::new([item]))),
                    Ty::Std(head, _) if head == words.str => self.types.intern(Ty::Std(words.string, Box::default())),
                    // Other owners are named by an associated type.
                    Ty::Std(..) => TyId::UNKNOWN,
                    _ => of,
                }
            }
            SigTy::Ref(of) => {
                let of = self.build(of, vars);
                if of == TyId::UNKNOWN { of } else { self.types.intern(Ty::Ref(of)) }
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
                let args: Box<[TyId]> = args.iter().map(|arg| self.build(arg, vars)).collect();
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

impl Body<'_, '_, '_, '_> {
    /// A method of a standard type; `None` if the table doesn't hold it.
    pub(super) fn std_method(
        &mut self,
        head: Sym,
        receiver: TyId,
        name: Sym,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> Option<TyId> {
        let signature = self.infer.listed(head, name)?;
        let mut vars: Vars = vec![('\0', receiver)];
        self.infer.learn(&signature.recv, receiver, &mut vars);
        if matches!(signature.recv, SigTy::Named("Iterator", _)) {
            // The adaptors in between call the innermost iterator, whose type is lost here.
            self.trigger(self.infer.program.words.iterator, TyId::UNKNOWN);
        }
        Some(self.apply_signature(signature, vars, turbofish, args))
    }

    /// A method that any type has by a trait of the prelude: `into`, `try_into`, `to_string`, `to_owned`.
    pub(super) fn universal_method(
        &mut self,
        receiver: TyId,
        name: Sym,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> Option<TyId> {
        let text = self.infer.program.text(name);
        let signature = signatures::table().universal(&text)?;
        let mut vars: Vars = vec![('\0', receiver)];
        self.infer.learn(&signature.recv, receiver, &mut vars);
        Some(self.apply_signature(signature, vars, turbofish, args))
    }

    /// A function of the standard library is passed on: whatever it may call back, for types that nobody knows.
    pub(super) fn std_as_value(&mut self, names: &[Sym]) {
        let texts: Vec<String> = names.iter().map(|name| self.infer.program.text(*name)).collect();
        let [.., of, name] = texts.as_slice() else { return };
        self.trigger_all(of);
        match signatures::table().function(&format!("{of}::{name}")) {
            Some(signature) => {
                for (_, of) in &signature.calls {
                    self.trigger_all(of);
                }
            }
            None => self.callbacks_by_name(names[names.len() - 1]),
        }
    }

    fn apply_signature(
        &mut self,
        signature: &'static signatures::Signature,
        mut vars: Vars,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> TyId {
        let asked: Vec<TyId> = turbofish
            .iter()
            .filter_map(|arg| match arg {
                GenericArg::Type(ty) => Some(self.ty(ty)),
                _ => None,
            })
            .collect();
        for closures in [false, true] {
            for (position, arg) in args.iter().enumerate() {
                if matches!(arg, Expr::Closure(..)) != closures {
                    continue;
                }
                let Some(declared) = signature.args.get(position) else {
                    let ty = self.expr(arg);
                    self.escape(ty);
                    continue;
                };
                let expected = self.infer.build(declared, &vars);
                let ty = self.expect(arg, expected);
                let ty = match (declared, self.infer.callable(ty)) {
                    (SigTy::Fn(..), Some((inputs, output))) => self.infer.types.intern(Ty::Fn(inputs, output)),
                    _ => ty,
                };
                if matches!(declared, SigTy::Named("Iterator", _)) {
                    let item = self.item_of(ty, false);
                    self.trigger(self.infer.program.words.iterator, ty);
                    if let SigTy::Named(_, args) = declared
                        && let Some(var) = args.first()
                    {
                        self.infer.learn(var, item, &mut vars);
                    }
                    continue;
                }
                self.infer.learn(declared, ty, &mut vars);
                if matches!(declared, SigTy::Any) {
                    self.escape(ty);
                }
            }
        }
        for (sig, of) in &signature.calls {
            let mut ty = self.infer.build(sig, &vars);
            if let (TyId::UNKNOWN, [asked]) = (ty, asked.as_slice()) {
                ty = *asked;
            }
            self.trigger_named(of, ty);
        }
        let output = self.infer.build(&signature.ret, &vars);
        // `collect::<Vec<_>>()`, `sum::<T>()`, `parse::<T>()`: what is asked for is what comes.
        match (asked.as_slice(), signature.name) {
            ([asked], "collect" | "sum" | "product" | "into" | "unwrap_or_default") => *asked,
            ([asked], "parse" | "try_into") => {
                let result = self.infer.program.words.result;
                self.infer.types.intern(Ty::Std(result, Box::new([*asked, TyId::UNKNOWN])))
            }
            _ => output,
        }
    }

    /// A function of the standard library, by its path.
    pub(super) fn call_std(&mut self, names: &[Sym], path: &Path, args: &[Expr]) -> TyId {
        let program = self.infer.program;
        let words = program.words;
        let texts: Vec<String> = names.iter().map(|name| program.text(*name)).collect();
        if let [.., "Location", "caller"] = texts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            self.facts.mention(Vertex::Positions);
        }
        if let [one] = names {
            let wrapped = |this: &mut Self, args: &[Expr]| args.first().map_or(TyId::UNKNOWN, |arg| this.expr(arg));
            if *one == words.some {
                let of = wrapped(self, args);
                return self.infer.types.intern(Ty::Std(words.option, Box::new([of])));
            }
            if *one == words.ok {
                let of = wrapped(self, args);
                return self.infer.types.intern(Ty::Std(words.result, Box::new([of, TyId::UNKNOWN])));
            }
            if *one == words.err {
                let of = wrapped(self, args);
                return self.infer.types.intern(Ty::Std(words.result, Box::new([TyId::UNKNOWN, of])));
            }
        }
        let key = match texts.as_slice() {
            [.., a, b] => format!("{a}::{b}"),
            [one] => one.clone(),
            [] => String::new(),
        };
        let turbofish = path.segments.last().map_or(&[][..], |segment| &segment.args);
        if let Some(signature) = signatures::table().function(&key) {
            let ty = self.apply_signature(signature, Vars::new(), turbofish, args);
            // `Vec::<T>::new()` says what the table can't.
            return self.with_written_args(ty, names, path);
        }
        // `Iterator::map(iter, f)`, `Clone::clone(&x)`, `Default::default()`: a trait's or type's method named by its path.
        if let [.., of, method] = names
            && let [first, rest @ ..] = args
        {
            let name = program.text(*of);
            if self.infer.listed(*of, *method).is_some() {
                let receiver = self.expr(first);
                if let Some(ty) = self.std_method(*of, receiver, *method, turbofish, rest) {
                    return ty;
                }
            }
            self.trigger_named(&name, TyId::UNKNOWN);
        } else if let [.., of, _] = texts.as_slice() {
            self.trigger_all(of);
        }
        let found = self.exprs(args);
        for ty in found {
            self.escape(ty);
        }
        TyId::UNKNOWN
    }

    fn with_written_args(&mut self, ty: TyId, names: &[Sym], path: &Path) -> TyId {
        let Ty::Std(head, args) = self.infer.types.get(ty).clone() else { return ty };
        if !args.contains(&TyId::UNKNOWN) || names.len() < 2 || names[names.len() - 2] != head {
            return ty;
        }
        let Some(segment) = path.segments.len().checked_sub(2).and_then(|at| path.segments.get(at)) else { return ty };
        if segment.args.is_empty() {
            return ty;
        }
        let mut front = path.clone();
        front.segments.pop();
        let written = self.ty(&crate::ir::Type::Path(front));
        match self.infer.types.get(written) {
            Ty::Std(other, found) if *other == head && found.len() == args.len() => written,
            _ => ty,
        }
    }

    /// What any standard method of that name may call back.
    pub(super) fn callbacks_by_name(&mut self, name: Sym) {
        let Some(called) = self.infer.callbacks(name) else {
            self.facts.mention(Vertex::AllForeign);
            return;
        };
        for of in called.iter() {
            self.trigger_all(of);
        }
    }
}
