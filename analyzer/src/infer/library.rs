//! Calls into the standard library: what they give, and whose impls they call back.

use std::rc::Rc;

use super::Vertex;
use super::bodies::Body;
use super::signatures::{self, SigTy};
use super::standard::Vars;
use super::types::{Ty, TyId};
use crate::ir::{Expr, GenericArg, Path, Sym};

/// Traits whose functions are called by the trait's name.
const TRAITS: &[&str] = &[
    "Add",
    "AddAssign",
    "AsMut",
    "AsRef",
    "Binary",
    "BitAnd",
    "BitAndAssign",
    "BitOr",
    "BitOrAssign",
    "BitXor",
    "BitXorAssign",
    "Borrow",
    "BorrowMut",
    "BufRead",
    "BuildHasher",
    "Clone",
    "Debug",
    "Default",
    "Deref",
    "DerefMut",
    "Display",
    "Div",
    "DivAssign",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "ExactSizeIterator",
    "Extend",
    "From",
    "FromIterator",
    "FromStr",
    "Hash",
    "Hasher",
    "Index",
    "IndexMut",
    "Into",
    "IntoIterator",
    "Iterator",
    "LowerExp",
    "LowerHex",
    "Mul",
    "MulAssign",
    "Neg",
    "Not",
    "Octal",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Pointer",
    "Rem",
    "RemAssign",
    "Shl",
    "ShlAssign",
    "Shr",
    "ShrAssign",
    "Sub",
    "SubAssign",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "UpperExp",
    "UpperHex",
];

/// Whether a function is one of the trait `Error`, not of a type of that name.
fn is_of_error(path: &[String]) -> bool {
    matches!(path, [.., module, of, _] if module == "error" && of == "Error")
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
        let result = self.apply_signature(signature, vars, turbofish, args);
        Some(self.with_source(receiver, result))
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
        let words = self.infer.program.words;
        let std = |body: &Self, of: &str| super::TraitOf::Std(body.infer.program.sym(of));
        match text.as_str() {
            // The result says which impl it is.
            "into" | "try_into" => {
                let made = self.lost();
                let (from, into) = if text == "into" { ("From", "Into") } else { ("TryFrom", "TryInto") };
                let (from, into) = (std(self, from), std(self, into));
                self.demand(from, Sym::NONE, Rc::new([receiver]), made);
                self.demand(into, Sym::NONE, Rc::new([made]), receiver);
                if text == "into" {
                    return Some(made);
                }
                // Whatever converts without fail does it here too.
                let plain = std(self, "From");
                self.demand(plain, Sym::NONE, Rc::new([receiver]), made);
                let error = self.fresh();
                self.waiting.push(super::waiting::Waiting::Converted(receiver, made, error));
                return Some(self.infer.types.intern(Ty::Std(words.result, Rc::new([made, error]))));
            }
            "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "partial_cmp" if args.len() == 1 => {
                let other = self.expr(&args[0]);
                let of = std(self, if matches!(text.as_str(), "eq" | "ne") { "PartialEq" } else { "PartialOrd" });
                self.demand(of, Sym::NONE, Rc::new([other]), receiver);
                if text != "partial_cmp" {
                    return Some(self.primitive("bool"));
                }
                let ordering = self.std_type("Ordering");
                return Some(self.infer.types.intern(Ty::Std(words.option, Rc::new([ordering]))));
            }
            _ => {}
        }
        let mut vars: Vars = vec![('\0', receiver)];
        self.infer.learn(&signature.recv, receiver, &mut vars);
        Some(self.apply_signature(signature, vars, turbofish, args))
    }

    /// A function of the standard library is passed on: whatever it may call back, for types that nobody knows.
    pub(super) fn std_as_value(&mut self, names: &[Sym], of_type: TyId) -> TyId {
        let texts: Vec<String> = names.iter().map(|name| self.infer.program.text(*name)).collect();
        let [.., of, name] = texts.as_slice() else { return TyId::UNKNOWN };
        // A constant, or a variant as a function: neither calls anything back.
        if name.starts_with(char::is_uppercase) {
            return match of.as_str() {
                "Ordering" | "ErrorKind" => self.std_type(of),
                _ => TyId::UNKNOWN,
            };
        }
        let is_trait = TRAITS.contains(&of.as_str());
        if is_of_error(&texts) {
            self.facts.mention(Vertex::Trigger(names[names.len() - 2]));
        }
        if let Some(ty) = self.trait_function_as_value(of, name) {
            return ty;
        }
        if is_trait {
            self.trigger_all(of);
        }
        let function = signatures::table().function(&format!("{of}::{name}"));
        let method = match function {
            None if !is_trait => self.infer.listed(names[names.len() - 2], names[names.len() - 1]),
            _ => None,
        };
        let Some(signature) = function.or(method) else {
            self.callbacks_by_name(names[names.len() - 1]);
            return TyId::UNKNOWN;
        };
        let mut vars = Vars::new();
        if of_type != TyId::UNKNOWN {
            vars.push(('\0', of_type));
            self.infer.learn(&signature.recv, of_type, &mut vars);
        }
        self.infer.name_all(&signature.recv, &mut vars);
        signature.args.iter().for_each(|arg| self.infer.name_all(arg, &mut vars));
        self.infer.name_all(&signature.ret, &mut vars);
        let receiver = method.is_some().then(|| match of_type {
            TyId::UNKNOWN => self.infer.build(&signature.recv, &vars),
            of_type => of_type,
        });
        for (sig, of) in &signature.calls {
            let called = match (sig, receiver) {
                (SigTy::SelfTy, Some(receiver)) => receiver,
                _ => self.infer.build(sig, &vars),
            };
            let called = self.opened(called);
            self.trigger_named(of, called);
        }
        let mut inputs: Vec<TyId> = receiver.into_iter().collect();
        inputs.extend(signature.args.iter().map(|arg| self.infer.build(arg, &vars)));
        let output = self.infer.build(&signature.ret, &vars);
        let ty = self.infer.types.intern(Ty::Fn(inputs.into(), output));
        let ty = self.infer.normal(ty);
        self.opened(ty)
    }

    /// `FromStr::from_str` and the like as values: for which type, their use tells.
    fn trait_function_as_value(&mut self, of: &str, name: &str) -> Option<TyId> {
        let words = self.infer.program.words;
        let std = super::TraitOf::Std(self.infer.program.sym(of));
        let member = self.infer.program.sym(name);
        let (inputs, output): (Rc<[TyId]>, TyId) = match (of, name) {
            ("FromStr", "from_str") => {
                let (made, error) = (self.fresh(), self.fresh());
                self.demand(std, member, Rc::default(), made);
                let text = self.infer.types.intern(Ty::Std(words.str, Rc::default()));
                (Rc::new([text]), self.infer.types.intern(Ty::Std(words.result, Rc::new([made, error]))))
            }
            ("Default", "default") => {
                let made = self.fresh();
                self.demand(std, member, Rc::default(), made);
                (Rc::default(), made)
            }
            ("ToString", "to_string") => {
                let of = self.fresh();
                self.trigger_named("ToString", of);
                (Rc::new([of]), self.infer.types.intern(Ty::Std(words.string, Rc::default())))
            }
            _ => return None,
        };
        Some(self.infer.types.intern(Ty::Fn(inputs, output)))
    }

    pub(super) fn apply_signature(
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
        self.infer.name_all(&signature.recv, &mut vars);
        signature.args.iter().for_each(|arg| self.infer.name_all(arg, &mut vars));
        self.infer.name_all(&signature.ret, &mut vars);
        for (letter, ty) in signature.generics.iter().zip(&asked) {
            if let Some(var) = vars.iter().find(|(name, _)| name == letter).map(|(_, var)| *var) {
                self.infer.types.same(var, *ty);
            }
        }
        let mut sources = Vec::new();
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
                if let SigTy::Named("Iterator", of) = declared {
                    let ty = self.expr(arg);
                    let item = self.item_of(ty, false);
                    self.trigger(self.infer.program.words.iterator, ty);
                    sources.push(ty);
                    if let Some(var) = of.first() {
                        self.infer.learn(var, item, &mut vars);
                    }
                    continue;
                }
                let expected = self.infer.build(declared, &vars);
                let ty = match declared {
                    // Strings and slices are passed as whatever gives them.
                    SigTy::Any => self.expr(arg),
                    _ => self.expect(arg, expected),
                };
                let ty = match (declared, self.infer.callable(ty)) {
                    (SigTy::Fn(..), Some((inputs, output))) => self.infer.types.intern(Ty::Fn(inputs, output)),
                    _ => ty,
                };
                self.infer.learn(declared, ty, &mut vars);
                if matches!(declared, SigTy::Any) {
                    self.escape(ty);
                }
            }
        }
        let mut output = self.infer.build(&signature.ret, &vars);
        let words = self.infer.program.words;
        // `collect::<Vec<_>>()`, `sum::<T>()`, `parse::<T>()`: what is asked for is what comes.
        match (asked.as_slice(), signature.name) {
            ([asked], "collect" | "sum" | "product" | "into" | "unwrap_or_default") => output = *asked,
            ([asked], "parse") => {
                let error = self.infer.project(*asked, self.infer.program.words.err, &[]);
                output = self.infer.types.intern(Ty::Std(words.result, Rc::new([*asked, error])));
            }
            ([], "parse") if matches!(signature.recv, SigTy::Named("str", _)) => {
                let made = self.infer.build(&SigTy::Var('F'), &vars);
                let error = self.infer.project(made, self.infer.program.words.err, &[]);
                output = self.infer.types.intern(Ty::Std(words.result, Rc::new([made, error])));
            }
            ([asked], "try_into") => {
                let error = self.fresh();
                output = self.infer.types.intern(Ty::Std(words.result, Rc::new([*asked, error])));
            }
            _ => {}
        }
        output = self.infer.normal(output);
        if output == TyId::UNKNOWN {
            output = self.lost();
        } else {
            output = self.opened(output);
        }
        let item = match signature.recv {
            SigTy::Named("Iterator", _) => vars.iter().find(|(name, _)| *name == 'I').map(|(_, ty)| *ty),
            _ => None,
        };
        if let ("collect", Some(item)) = (signature.name, item) {
            self.waiting.push(super::waiting::Waiting::Collected(output, item));
        }
        let passed: Rc<[TyId]> = match signature.args.first() {
            Some(first) => Rc::new([self.infer.build(first, &vars)]),
            None => Rc::default(),
        };
        for (sig, of) in &signature.calls {
            // What is compared or hashed depends on what is made; what is added is what the sum's impl adds.
            match (signature.name, *of) {
                ("collect", "Hash" | "Eq" | "PartialEq" | "Ord" | "PartialOrd") => continue,
                ("sum", "Add") | ("product", "Mul") => continue,
                ("sum" | "product", _) if item.is_some() && *sig != SigTy::SelfTy => {
                    let of = super::TraitOf::Std(self.infer.program.sym(of));
                    self.demand(of, Sym::NONE, item.into_iter().collect(), output);
                    continue;
                }
                ("from" | "try_from", "Into" | "TryInto") => continue,
                ("from" | "try_from", "From" | "TryFrom") => {
                    let made = match (signature.name, self.infer.types.get(output)) {
                        ("try_from", Ty::Std(_, parts)) => parts.first().copied().unwrap_or(output),
                        _ => output,
                    };
                    let of = super::TraitOf::Std(self.infer.program.sym(of));
                    self.demand(of, Sym::NONE, passed.clone(), made);
                    continue;
                }
                _ => {}
            }
            let mut ty = self.infer.build(sig, &vars);
            // What is copied is held by something: of a reference nothing but the reference is.
            if *of == "Clone" && matches!(sig, SigTy::Var(_)) {
                ty = self.infer.types.intern(Ty::Tuple(Rc::new([ty])));
            }
            if let (TyId::UNKNOWN, [asked]) = (ty, asked.as_slice()) {
                ty = *asked;
            }
            if ty == TyId::UNKNOWN {
                // What isn't said of the arguments is of the result.
                ty = output;
            }
            self.trigger_named(of, ty);
        }
        for source in sources {
            output = self.with_source(source, output);
        }
        output
    }

    /// An adaptor iterates over what it was made of: its own type doesn't say so, so it is kept beside.
    fn with_source(&mut self, source: TyId, made: TyId) -> TyId {
        let words = self.infer.program.words;
        let Ty::Std(head, args) = self.infer.types.get(made).clone() else { return made };
        if head != words.iterator {
            return made;
        }
        let source = self.infer.types.peel(source);
        let mut sources: Vec<TyId> = args.iter().skip(1).copied().collect();
        match self.infer.types.get(source).clone() {
            Ty::Std(other, parts) if other == words.iterator => sources.extend(parts.iter().skip(1).copied()),
            Ty::Adt(..) | Ty::Param(..) | Ty::Assoc(..) | Ty::Bounded(_) | Ty::Var(_) | Ty::Unknown => {
                sources.push(source);
            }
            _ => {}
        }
        sources.dedup();
        let item = args.first().copied().unwrap_or(TyId::UNKNOWN);
        let args = [item].into_iter().chain(sources).collect();
        self.infer.types.intern(Ty::Std(words.iterator, args))
    }

    /// A function of the standard library, by its path.
    pub(super) fn call_std(&mut self, names: &[Sym], of: TyId, path: &Path, args: &[Expr]) -> TyId {
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
                return self.infer.types.intern(Ty::Std(words.option, Rc::new([of])));
            }
            if *one == words.ok {
                let of = wrapped(self, args);
                let error = self.fresh();
                return self.infer.types.intern(Ty::Std(words.result, Rc::new([of, error])));
            }
            if *one == words.err {
                let of = wrapped(self, args);
                let value = self.fresh();
                return self.infer.types.intern(Ty::Std(words.result, Rc::new([value, of])));
            }
        }
        // A variant or a struct: what it holds goes nowhere.
        if let Some(last) = texts.last()
            && last.starts_with(char::is_uppercase)
        {
            let held = self.exprs(args);
            let of = match texts.as_slice() {
                [.., of, _] if of.starts_with(char::is_uppercase) => names[names.len() - 2],
                _ => names[names.len() - 1],
            };
            let args = match last.as_str() {
                "Owned" | "Borrowed" => {
                    let held = held.first().map_or(TyId::UNKNOWN, |ty| self.infer.types.peel(*ty));
                    let borrowed = match self.infer.types.get(held).clone() {
                        Ty::Std(head, _) if head == words.string => {
                            self.infer.types.intern(Ty::Std(words.str, Rc::default()))
                        }
                        Ty::Std(head, parts) if head == words.vec && !parts.is_empty() => {
                            self.infer.types.intern(Ty::Slice(parts[0]))
                        }
                        Ty::Std(head, _) if self.infer.program.text(head) == "PathBuf" => self.std_type("Path"),
                        Ty::Std(head, _) if self.infer.program.text(head) == "OsString" => self.std_type("OsStr"),
                        _ => held,
                    };
                    vec![borrowed].into()
                }
                "Break" => [held.first().copied().unwrap_or(TyId::UNIT), self.fresh()].into(),
                "Continue" => [self.fresh(), held.first().copied().unwrap_or(TyId::UNIT)].into(),
                _ => held.into(),
            };
            return self.infer.types.intern(Ty::Std(of, args));
        }
        let key = match texts.as_slice() {
            [.., a, b] => format!("{a}::{b}"),
            // The one function of the prelude.
            [one] if one == "drop" => "mem::drop".to_owned(),
            [one] => one.clone(),
            [] => String::new(),
        };
        let turbofish = path.segments.last().map_or(&[][..], |segment| &segment.args);
        // Which conversion is meant, what is converted tells.
        if let (Ty::Primitive(_), [.., name @ ("from" | "try_from")], [arg]) =
            (self.infer.types.get(of).clone(), texts.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), args)
        {
            let found = self.expr(arg);
            let conversion = self.conversion(name, of);
            let Ty::Fn(inputs, made) = self.infer.types.get(conversion).clone() else { return of };
            self.agree(found, inputs[0]);
            return made;
        }
        if let Some(signature) = signatures::table().function(&key) {
            let mut vars = Vars::new();
            if of != TyId::UNKNOWN {
                vars.push(('\0', of));
                self.infer.learn(&signature.recv, of, &mut vars);
            }
            let ty = self.apply_signature(signature, vars, turbofish, args);
            // `Vec::<T>::new()` says what the table can't.
            return self.with_written_args(ty, names, path);
        }
        // `AsRef::<T>::as_ref(x)` says what it gives.
        if let [.., of @ ("AsRef" | "AsMut" | "Borrow" | "BorrowMut"), _] =
            texts.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
            && let [.., front, _] = path.segments.as_slice()
            && let ([GenericArg::Type(target)], [arg]) = (front.args.as_slice(), args)
        {
            let (target, found) = (self.ty(target), self.expr(arg));
            let of = super::TraitOf::Std(self.infer.program.sym(of));
            self.demand(of, Sym::NONE, Rc::new([target]), found);
            return self.infer.types.intern(Ty::Ref(target));
        }
        if let [.., of, method] = texts.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
            && TRAITS.contains(of)
        {
            return self.trait_function(of, method, turbofish, args);
        }
        // A method named by its type: `Vec::push(&mut list, x)`.
        if let ([.., of, method], [first, rest @ ..]) = (names, args)
            && self.infer.listed(*of, *method).is_some()
        {
            let receiver = self.expr(first);
            if is_of_error(&texts) {
                self.demand(super::TraitOf::Std(*of), *method, Rc::default(), receiver);
            }
            if let Some(ty) = self.std_method(*of, receiver, *method, turbofish, rest) {
                return ty;
            }
        }
        if let ([.., "try_from"], [arg]) = (texts.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), args)
            && let Some(made) = self.written_front(of, path)
        {
            let found = self.expr(arg);
            return self.tried(found, made);
        }
        let found = self.exprs(args);
        // What a processor does calls nothing back.
        if texts.iter().any(|name| name == "arch") {
            return self.fresh();
        }
        for ty in found {
            self.escape(ty);
        }
        let made = self.lost();
        self.escape(made);
        made
    }

    /// The type of the library's in front of a path's last name, if it is written in full: `Arc::<str>::try_from`.
    fn written_front(&mut self, of: TyId, path: &Path) -> Option<TyId> {
        let of = match of {
            TyId::UNKNOWN => {
                let mut front = path.clone();
                front.segments.pop()?;
                if front.segments.last()?.args.is_empty() {
                    return None;
                }
                self.ty(&crate::ir::Type::Path(front))
            }
            of => of,
        };
        match self.infer.types.get(of) {
            Ty::Std(_, args) if !args.is_empty() && !self.infer.types.has_unknown(of) => Some(of),
            _ => None,
        }
    }

    /// What `try_from` gives: whatever converts without fail does it there too.
    pub(super) fn tried(&mut self, from: TyId, made: TyId) -> TyId {
        let std = |body: &Self, of: &str| super::TraitOf::Std(body.infer.program.sym(of));
        for of in ["TryFrom", "From"] {
            self.demand(std(self, of), Sym::NONE, Rc::new([from]), made);
        }
        for of in ["TryInto", "Into"] {
            self.demand(std(self, of), Sym::NONE, Rc::new([made]), from);
        }
        let error = self.fresh();
        self.waiting.push(super::waiting::Waiting::Converted(from, made, error));
        self.infer.types.intern(Ty::Std(self.infer.program.words.result, Rc::new([made, error])))
    }

    /// `Clone::clone(&x)`, `Default::default()`: a trait's function named by the trait.
    fn trait_function(&mut self, of: &str, method: &str, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        let words = self.infer.program.words;
        let (of_sym, name) = (self.infer.program.sym(of), self.infer.program.sym(method));
        let std = super::TraitOf::Std(of_sym);
        match (of, method) {
            ("Default", _) => {
                let made = self.lost();
                self.demand(std, name, Rc::default(), made);
                made
            }
            ("From" | "TryFrom" | "FromIterator" | "FromStr", _) => {
                let found = self.exprs(args);
                let made = self.lost();
                self.demand(std, Sym::NONE, if of == "FromStr" { Rc::default() } else { found.clone().into() }, made);
                if of == "FromIterator"
                    && let Some(first) = found.first()
                {
                    self.trigger(words.iterator, *first);
                    let item = self.item_of(*first, false);
                    self.waiting.push(super::waiting::Waiting::Collected(made, item));
                }
                if matches!(of, "TryFrom" | "FromStr") {
                    let error = self.fresh();
                    return self.infer.types.intern(Ty::Std(words.result, Rc::new([made, error])));
                }
                made
            }
            ("Iterator" | "IntoIterator" | "DoubleEndedIterator" | "ExactSizeIterator" | "Into" | "TryInto", _) => {
                let [first, rest @ ..] = args else { return self.lost() };
                let receiver = self.expr(first);
                self.method(receiver, name, turbofish, rest)
            }
            _ => {
                let found = self.exprs(args);
                let Some(receiver) = found.first().copied() else {
                    self.trigger_all(of);
                    return self.lost();
                };
                let others: Rc<[TyId]> = match super::implied::by_itself(of) {
                    true => found.iter().skip(1).copied().collect(),
                    false => Rc::default(),
                };
                self.demand(std, name, others.clone(), receiver);
                if others.is_empty() {
                    found.iter().skip(1).for_each(|ty| self.escape_known(*ty));
                }
                if of == "Hash"
                    && let Some(hasher) = found.get(1)
                {
                    self.trigger_named("Hasher", *hasher);
                }
                match method {
                    "min" | "max" | "clamp" => {
                        found.iter().for_each(|other| self.agree(*other, receiver));
                        receiver
                    }
                    "clone" => self.infer.types.peel(receiver),
                    "fmt" => self.fmt_result(),
                    "eq" | "ne" | "lt" | "le" | "gt" | "ge" => self.primitive("bool"),
                    "cmp" => self.std_type("Ordering"),
                    "to_string" => self.infer.types.intern(Ty::Std(words.string, Rc::default())),
                    _ => self.lost(),
                }
            }
        }
    }

    pub(super) fn fmt_result(&mut self) -> TyId {
        let error = self.std_type("Error");
        let result = self.infer.program.words.result;
        self.infer.types.intern(Ty::Std(result, Rc::new([TyId::UNIT, error])))
    }

    fn with_written_args(&mut self, ty: TyId, names: &[Sym], path: &Path) -> TyId {
        let Ty::Std(head, args) = self.infer.types.get(ty).clone() else { return ty };
        if args.is_empty() || names.len() < 2 || names[names.len() - 2] != head {
            return ty;
        }
        let Some(segment) = path.segments.len().checked_sub(2).and_then(|at| path.segments.get(at)) else { return ty };
        if segment.args.is_empty() {
            return ty;
        }
        let mut front = path.clone();
        front.segments.pop();
        let written = self.ty(&crate::ir::Type::Path(front));
        self.infer.types.same(ty, written);
        match self.infer.types.get(written) {
            Ty::Std(other, found) if *other == head && found.len() >= args.len() => written,
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
