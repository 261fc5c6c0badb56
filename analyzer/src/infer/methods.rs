//! Method calls: which methods a receiver's type may have, step by step through its `Deref`s.

use std::rc::Rc;

use super::bodies::Body;
use super::index::has_body;
use super::types::{Ty, TyId};
use super::{Head, TraitOf, Vertex};
use crate::ir::{DeclKind, Expr, GenericArg, Sym};
use crate::program::NodeId;

/// How many `Deref`s a receiver is followed through.
const MAX_AUTODEREF: usize = 12;

impl Body<'_, '_, '_, '_> {
    /// A method call.
    pub(super) fn method(&mut self, receiver: TyId, name: Sym, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        self.written_args(turbofish);
        self.traits_that_compete(name);
        let receiver = self.shape(receiver);
        self.note_method(receiver, name);
        let words = self.infer.program.words;
        let mut at = receiver;
        for _ in 0..MAX_AUTODEREF {
            at = self.shape(at);
            match self.infer.types.get(at).clone() {
                Ty::Ref(of) => at = of,
                Ty::Ptr(of) => {
                    let loose = self.loose_taking(at, name, args.len());
                    match self.pointer_method(at, of, name, turbofish, args) {
                        Some(result) => {
                            self.mention_all(&loose, at);
                            return result;
                        }
                        None if !loose.is_empty() => return self.call_members(&loose, at, turbofish, args),
                        None => at = of,
                    }
                }
                Ty::Adt(node, _) => {
                    let mut found = self.fitting(node, at, name);
                    self.take(&mut found, args.len());
                    if found.len() > 1 {
                        self.drop_unimported(&mut found, at);
                        if at == receiver {
                            self.drop_borrowing(&mut found, node);
                        }
                    }
                    if !found.is_empty() {
                        let later = if self.is_surely_met(&found, at) { None } else { self.deref_local(node, at) };
                        return match later.filter(|target| self.known_elsewhere(*target, name)) {
                            Some(target) => self.call_any(&found, at, target, name, turbofish, args),
                            None => self.call_members(&found, at, turbofish, args),
                        };
                    }
                    if let Some(result) = self.derived(node, at, name, args) {
                        return result;
                    }
                    if let Some(result) = self.provided_at_once(node, at, name, turbofish, args) {
                        return result;
                    }
                    self.foreign_traits();
                    if let Some(target) = self.deref_local(node, at) {
                        // The method may also be one of a foreign trait that the type itself implements.
                        if self.infer.has_foreign_impls(node) && !self.known_elsewhere(target, name) {
                            self.escape(at);
                        }
                        at = target;
                        continue;
                    }
                    return self.provided(at, name, turbofish, args);
                }
                Ty::Std(head, _) => {
                    let mut loose = self.loose_taking(at, name, args.len());
                    let listed = self.infer.listed(head, name).is_some();
                    if listed && head == words.str {
                        loose.retain(|member| !self.loses_to_inherent(*member, at, name));
                    }
                    if listed && head == words.iterator && at == receiver {
                        self.drop_for_iterator(&mut loose, name);
                    }
                    if !loose.is_empty() && !listed && self.infer.is_listed(head) {
                        // An impl for `Arc<dyn Trait>` may seem to be for the type that is there.
                        let later = self.infer.std_deref(head, at);
                        return match later.filter(|target| self.known_elsewhere(*target, name)) {
                            Some(target) => self.call_any(&loose, at, target, name, turbofish, args),
                            None => self.call_members(&loose, at, turbofish, args),
                        };
                    }
                    self.mention_all(&loose, at);
                    if let Some(result) = self.std_method(head, at, name, turbofish, args) {
                        return if loose.is_empty() { result } else { self.lost() };
                    }
                    // What any type can be turned into, it is turned into as it is.
                    if matches!(self.infer.program.text(name).as_str(), "into" | "try_into")
                        && let Some(result) = self.universal_method(at, name, turbofish, args)
                    {
                        return result;
                    }
                    match self.infer.std_deref(head, at) {
                        // `arc.deref()`: what a pointer of the library's points to, by a reference.
                        Some(target) if loose.is_empty() && args.is_empty() && self.is_deref(name, target) => {
                            return self.infer.types.intern(Ty::Ref(target));
                        }
                        Some(target) => at = target,
                        None => return self.unlisted(at, name, turbofish, args),
                    }
                }
                Ty::Slice(of) => {
                    let loose = self.loose_taking(at, name, args.len());
                    // The table has no pointers.
                    if loose.is_empty() && matches!(self.infer.program.text(name).as_str(), "as_ptr" | "as_mut_ptr") {
                        return self.infer.types.intern(Ty::Ptr(of));
                    }
                    if !loose.is_empty() && self.infer.listed(words.slice, name).is_none() {
                        return self.call_members(&loose, at, turbofish, args);
                    }
                    self.mention_all(&loose, at);
                    if let Some(result) = self.std_method(words.slice, at, name, turbofish, args) {
                        return if loose.is_empty() { result } else { self.lost() };
                    }
                    return self.unlisted(at, name, turbofish, args);
                }
                Ty::Primitive(head) => return self.primitive_method(head, at, name, turbofish, args),
                Ty::Var(_) if self.infer.types.open(at) != Some(super::types::Kind::Any) => {
                    let head = match self.infer.types.open(at) {
                        Some(super::types::Kind::Int) => words.int,
                        _ => words.float,
                    };
                    return self.primitive_method(head, at, name, turbofish, args);
                }
                Ty::Tuple(_) | Ty::Fn(..) | Ty::Never => {
                    let loose = self.loose_taking(at, name, args.len());
                    if !loose.is_empty() {
                        return self.call_members(&loose, at, turbofish, args);
                    }
                    if let Some(result) = self.bounds_of_range(at, name, turbofish, args) {
                        return result;
                    }
                    return self.unlisted(at, name, turbofish, args);
                }
                Ty::External(..) | Ty::Theirs => {
                    let loose = self.loose_taking(at, name, args.len());
                    if !loose.is_empty() {
                        self.mention_all(&loose, at);
                    }
                    return self.unlisted(at, name, turbofish, args);
                }
                Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => {
                    return self.bounded_method(at, name, turbofish, args);
                }
                Ty::Unknown | Ty::Var(_) => break,
            }
        }
        self.unknown_method(name, args)
    }

    fn is_deref(&self, name: Sym, target: TyId) -> bool {
        let is_iterator =
            matches!(self.infer.types.get(target), Ty::Std(head, _) if *head == self.infer.program.words.iterator);
        !is_iterator && matches!(self.infer.program.text(name).as_str(), "deref" | "deref_mut")
    }

    /// Methods that may be met here, or else the one that is met at what the type dereferences to.
    fn call_any(
        &mut self,
        found: &[NodeId],
        at: TyId,
        target: TyId,
        name: Sym,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> TyId {
        self.mention_all(found, at);
        self.method(target, name, turbofish, args);
        self.lost()
    }

    fn primitive_method(&mut self, head: Sym, at: TyId, name: Sym, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        let mut loose = self.loose_taking(at, name, args.len());
        if !loose.is_empty() && self.infer.listed(head, name).is_none() {
            return self.call_members(&loose, at, turbofish, args);
        }
        if super::probing::is_inherent_by_value(&self.infer.program.text(name)) {
            loose.clear();
        }
        self.mention_all(&loose, at);
        if let Some(result) = self.std_method(head, at, name, turbofish, args) {
            // The table has one row for all integers.
            let unsigned = match (self.infer.program.text(name).as_str(), self.infer.program.text(head).as_str()) {
                ("unsigned_abs" | "abs_diff", of @ ("i8" | "i16" | "i32" | "i64" | "i128" | "isize")) => {
                    Some(self.primitive(&of.replacen('i', "u", 1)))
                }
                ("abs_diff", of) if of.starts_with('u') => Some(self.primitive(of)),
                _ => None,
            };
            return if loose.is_empty() { unsigned.unwrap_or(result) } else { self.lost() };
        }
        if let Some(result) = self.universal_method(at, name, turbofish, args) {
            return if loose.is_empty() { result } else { self.lost() };
        }
        self.foreign_traits();
        self.exprs(args).iter().for_each(|ty| self.escape(*ty));
        // A number's own methods mostly give a number.
        self.lost()
    }

    /// A raw pointer's own method: nothing that it points to is asked anything.
    fn pointer_method(
        &mut self,
        at: TyId,
        of: TyId,
        name: Sym,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> Option<TyId> {
        let result = match self.infer.program.text(name).as_str() {
            "add" | "sub" | "offset" | "wrapping_add" | "wrapping_sub" | "wrapping_offset" | "byte_add"
            | "byte_sub" | "byte_offset" | "cast_const" | "cast_mut" => at,
            "cast" => {
                let to = match turbofish {
                    [GenericArg::Type(ty)] => self.ty(ty),
                    _ => self.fresh(),
                };
                self.infer.types.intern(Ty::Ptr(to))
            }
            "as_ref" | "as_mut" => {
                let of = self.infer.types.intern(Ty::Ref(of));
                self.infer.types.intern(Ty::Std(self.infer.program.words.option, Rc::new([of])))
            }
            "drop_in_place" => {
                self.trigger(self.infer.program.words.drop_, of);
                TyId::UNIT
            }
            "replace" => of,
            "swap" => TyId::UNIT,
            "addr" | "align_offset" => self.primitive("usize"),
            "len" if matches!(self.infer.types.get(of), Ty::Slice(_)) => self.primitive("usize"),
            "write"
            | "write_unaligned"
            | "write_volatile"
            | "write_bytes"
            | "copy_to"
            | "copy_to_nonoverlapping"
            | "copy_from"
            | "copy_from_nonoverlapping" => TyId::UNIT,
            "read" | "read_unaligned" | "read_volatile" => of,
            "offset_from" => self.primitive("isize"),
            "is_null" => self.primitive("bool"),
            _ => return None,
        };
        for arg in args {
            self.expr(arg);
        }
        Some(result)
    }

    /// Whether a method's name is known on what a type dereferences to.
    fn known_elsewhere(&mut self, target: TyId, name: Sym) -> bool {
        let mut at = target;
        for _ in 0..4 {
            at = self.infer.types.peel(at);
            match self.infer.types.get(at).clone() {
                Ty::Adt(node, _) => return !self.fitting(node, at, name).is_empty(),
                Ty::Std(head, _) => {
                    if self.infer.listed(head, name).is_some() {
                        return true;
                    }
                    match self.infer.std_deref(head, at) {
                        Some(next) => at = next,
                        None => return false,
                    }
                }
                Ty::Slice(_) => return self.infer.listed(self.infer.program.words.slice, name).is_some(),
                _ => return false,
            }
        }
        false
    }

    /// Candidates for a method of an analyzed type whose impl fits the type that is there.
    fn fitting(&mut self, node: NodeId, at: TyId, name: Sym) -> Vec<NodeId> {
        let mut found = self.infer.candidates(node, name);
        if self.infer.program.is_external(node) {
            found.extend(self.loose_fitting(at, name));
            found.sort_unstable();
            found.dedup();
        }
        self.retain_in_scope(&mut found);
        found.retain(|member| {
            let Some(owner) = self.infer.program.node(*member).owner else { return true };
            match self.infer.index.impls.contains_key(&owner) {
                true => self.infer.answers(owner, at, &[], 0).is_some(),
                false => self.is_provided(owner, name, at),
            }
        });
        found.retain(|member| {
            matches!(self.infer.program.decl(*member), Some(DeclKind::Fn(_) | DeclKind::MacroCall(_)))
        });
        found
    }

    /// Whether some impl that may be for a type leaves a trait's own default in place.
    pub(super) fn is_provided(&mut self, of: NodeId, name: Sym, at: TyId) -> bool {
        let program = self.infer.program;
        let impls = self.infer.index.impls_of_trait.get(&of).cloned().unwrap_or_default();
        impls.into_iter().any(|id| {
            let overrides = program
                .members(id)
                .iter()
                .any(|own| program.node(*own).decl.as_ref().is_some_and(|decl| decl.name == name));
            !overrides && self.infer.answers(id, at, &[], 0).is_some()
        })
    }

    /// Drops members of external packages' traits that aren't in scope here.
    pub(super) fn retain_in_scope(&mut self, found: &mut Vec<NodeId>) {
        let program = self.infer.program;
        if !found.iter().any(|member| program.is_external(*member)) {
            return;
        }
        let in_scope = program.external_traits_in_scope(self.module);
        let mut chosen = false;
        found.retain(|member| {
            let Some(owner) = program.node(*member).owner else { return true };
            let of = match self.infer.index.impls.get(&owner).map(|info| (info.of, info.head)) {
                Some((TraitOf::Local(of), _)) => of,
                // What a package implements by itself, or of the standard library, is for types of its own.
                Some((_, head)) => return !program.is_external(owner) || matches!(head, Head::Local(_)),
                None => owner,
            };
            let seen = !program.is_external(of) || in_scope.binary_search(&of).is_ok();
            chosen |= seen && program.is_external(of);
            seen
        });
        if chosen {
            self.foreign_traits();
        }
    }

    /// Keeps the methods that take so many arguments: a call of another would not compile.
    fn take(&mut self, found: &mut Vec<NodeId>, count: usize) {
        found.retain(|member| self.infer.signature(*member).is_none_or(|signature| signature.params.len() == count));
    }

    /// Those that a call with so many arguments may be of.
    fn loose_taking(&mut self, at: TyId, name: Sym, count: usize) -> Vec<NodeId> {
        let mut found = self.loose_fitting(at, name);
        self.take(&mut found, count);
        found
    }

    /// The same among impls that aren't for one analyzed type.
    pub(super) fn loose_fitting(&mut self, at: TyId, name: Sym) -> Vec<NodeId> {
        let program = self.infer.program;
        let mut found: Vec<NodeId> = Vec::new();
        for member in self.infer.index.loose.get(&name).cloned().unwrap_or_default() {
            let Some(owner) = program.node(member).owner else { continue };
            if self.may_be_for_object(owner, at) && self.infer.answers(owner, at, &[], 0).is_some() {
                found.push(member);
            }
        }
        for member in self.infer.index.of_traits.get(&name).cloned().unwrap_or_default() {
            let Some(owner) = program.node(member).owner else { continue };
            if !has_body(program, member) {
                continue;
            }
            let impls = self.infer.index.impls_of_trait.get(&owner).cloned().unwrap_or_default();
            let provides = impls.iter().any(|id| {
                let overrides = program
                    .members(*id)
                    .iter()
                    .any(|own| program.node(*own).decl.as_ref().is_some_and(|decl| decl.name == name));
                let local = matches!(self.infer.index.impls.get(id).map(|info| info.head), Some(Head::Local(_)));
                !overrides && !local && self.may_be_for_object(*id, at) && self.infer.answers(*id, at, &[], 0).is_some()
            });
            if provides {
                found.push(member);
            }
        }
        self.retain_in_scope(&mut found);
        // What the standard library itself calls so wins.
        if found.iter().any(|member| program.is_external(*member)) && self.is_listed_on(at, name) {
            found.retain(|member| !program.is_external(*member));
        }
        found
    }

    /// Whether an impl may have methods of a trait object, an `impl Trait` or a parameter, if the type is one: of another type's
    /// impl nobody can call a method on it.
    fn may_be_for_object(&self, id: NodeId, at: TyId) -> bool {
        let types = &self.infer.types;
        if !matches!(types.get(at), Ty::Bounded(_) | Ty::Param(..)) {
            return true;
        }
        let Some(info) = self.infer.index.impls.get(&id) else { return true };
        !matches!(
            types.get(types.peel(info.self_ty)),
            Ty::Adt(..) | Ty::Std(..) | Ty::Primitive(_) | Ty::Slice(_) | Ty::Tuple(_)
        )
    }

    fn is_listed_on(&mut self, at: TyId, name: Sym) -> bool {
        let head = match self.infer.types.get(at) {
            Ty::Std(head, _) | Ty::Primitive(head) => *head,
            Ty::Slice(_) => self.infer.program.words.slice,
            Ty::Var(_) => match self.infer.types.open(at) {
                Some(super::types::Kind::Int) => self.infer.program.words.int,
                Some(super::types::Kind::Float) => self.infer.program.words.float,
                _ => return false,
            },
            _ => return false,
        };
        self.infer.listed(head, name).is_some()
    }

    /// Where several traits declare a method of that name, the one in scope is called: a changed `use` changes no body.
    fn traits_that_compete(&mut self, name: Sym) {
        let program = self.infer.program;
        let Some(members) = self.infer.index.of_traits.get(&name) else { return };
        // The members are in the order of their identities, and with them their owners.
        let mut owners: Vec<NodeId> = members.iter().filter_map(|member| program.node(*member).owner).collect();
        owners.dedup();
        if owners.len() < 2 {
            return;
        }
        let in_scope = program.traits_in_scope(self.module);
        for owner in owners {
            if in_scope.binary_search(&owner).is_ok() {
                self.facts.trace.push(Vertex::Node(owner));
            }
        }
    }

    /// Which package's trait a method is of, no body says: an import does.
    fn foreign_traits(&mut self) {
        if let Some(traits) = self.infer.program.foreign_traits_in_scope(self.module)
            && !self.facts.seen_text.contains(&traits)
        {
            self.facts.seen_text.push(traits);
        }
    }

    /// Methods of derived impls: what they call are the same methods of the fields.
    fn derived(&mut self, node: NodeId, at: TyId, name: Sym, args: &[Expr]) -> Option<TyId> {
        let (of, result) = match self.infer.program.text(name).as_str() {
            "clone" => ("Clone", at),
            "clone_from" => ("Clone", TyId::UNIT),
            "eq" | "ne" => ("PartialEq", self.primitive("bool")),
            "max" | "min" | "clamp" => ("Ord", at),
            "cmp" => ("Ord", self.std_type("Ordering")),
            "partial_cmp" => {
                let ordering = self.std_type("Ordering");
                let option = self.infer.program.words.option;
                ("PartialOrd", self.infer.types.intern(Ty::Std(option, Rc::new([ordering]))))
            }
            "lt" | "le" | "gt" | "ge" => ("PartialOrd", self.primitive("bool")),
            "hash" => ("Hash", TyId::UNIT),
            "fmt" => ("Debug", self.fmt_result()),
            _ => return None,
        };
        let of_sym = self.infer.program.sym(of);
        if !self.infer.index.std_derives.get(&node).is_some_and(|derives| derives.contains(&of_sym)) {
            return None;
        }
        self.trigger(of_sym, at);
        let found = self.exprs(args);
        match of {
            // The hasher and the formatter are called; what is compared is of the same type.
            "Hash" => {
                for ty in found {
                    self.trigger_named("Hasher", ty);
                }
            }
            _ => found.iter().for_each(|ty| {
                self.infer.types.same(*ty, at);
            }),
        }
        Some(result)
    }

    pub(super) fn std_type(&mut self, name: &str) -> TyId {
        let name = self.infer.program.sym(name);
        self.infer.types.intern(Ty::Std(name, Rc::default()))
    }

    /// A method that a standard trait provides for a type that has the trait.
    fn provided_at_once(
        &mut self,
        node: NodeId,
        at: TyId,
        name: Sym,
        turbofish: &[GenericArg],
        args: &[Expr],
    ) -> Option<TyId> {
        let words = self.infer.program.words;
        let program = self.infer.program;
        // With another number of arguments, another method is meant.
        let takes =
            |body: &mut Self, of: Sym| body.infer.listed(of, name).is_some_and(|row| row.args.len() == args.len());
        if self.infer.index.std_impls.contains_key(&(words.iterator, node)) && takes(self, words.iterator) {
            let item = self.item_of(at, false);
            let iterator = self.infer.types.intern(Ty::Std(words.iterator, Rc::new([item, at])));
            if let Some(result) = self.std_method(words.iterator, iterator, name, turbofish, args) {
                return Some(result);
            }
        }
        // What the table lists for a trait that the type implements.
        for of in ["Write", "Read", "BufRead", "Seek", "Error"] {
            let of = program.sym(of);
            if takes(self, of) && self.infer.index.std_impls.contains_key(&(of, node)) {
                self.trigger(of, at);
                return self.std_method(of, at, name, turbofish, args);
            }
        }
        let (of, result) = match program.text(name).as_str() {
            "into" | "try_into" => return self.universal_method(at, name, turbofish, args),
            "to_string" => ("Display", TyId::UNKNOWN),
            "to_owned" => ("Clone", TyId::UNKNOWN),
            "ne" => ("PartialEq", self.primitive("bool")),
            "lt" | "le" | "gt" | "ge" => ("PartialOrd", self.primitive("bool")),
            "max" | "min" | "clamp" => ("Ord", at),
            "clone_from" => ("Clone", TyId::UNIT),
            _ => return None,
        };
        let of = program.sym(of);
        let derives = self.infer.index.std_derives.get(&node).is_some_and(|derives| derives.contains(&of));
        if !derives && self.infer.select(TraitOf::Std(of), at, &[]).is_empty() {
            return None;
        }
        if result == TyId::UNKNOWN {
            return self.universal_method(at, name, turbofish, args);
        }
        self.trigger(of, at);
        for arg in args {
            self.expect(arg, at);
        }
        Some(result)
    }

    /// A method that none of a type's own impls holds: one that a foreign trait provides.
    fn provided(&mut self, at: TyId, name: Sym, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        if let Some(result) = self.universal_method(at, name, turbofish, args) {
            return result;
        }
        self.escape(at);
        let found = self.exprs(args);
        found.iter().for_each(|ty| self.escape(*ty));
        let made = self.lost();
        self.escape(made);
        made
    }

    /// A method that the table of the standard library doesn't hold, on a type that isn't analyzed.
    fn unlisted(&mut self, at: TyId, name: Sym, turbofish: &[GenericArg], args: &[Expr]) -> TyId {
        self.foreign_traits();
        if let Some(result) = self.universal_method(at, name, turbofish, args) {
            return result;
        }
        let found = self.exprs(args);
        self.escape(at);
        found.iter().for_each(|ty| self.escape(*ty));
        // It may be a local trait's method through a blanket impl that nothing above saw.
        self.method_of_anything(name);
        let made = self.lost();
        self.escape(made);
        made
    }

    /// A method of something that nobody knows: all of that name count, and whatever the standard library may call.
    pub(super) fn unknown_method(&mut self, name: Sym, args: &[Expr]) -> TyId {
        self.foreign_traits();
        let found = self.exprs(args);
        found.iter().for_each(|ty| self.escape_known(*ty));
        self.method_of_anything(name);
        self.trigger_all("Deref");
        self.trigger_all("DerefMut");
        self.callbacks_by_name(name);
        self.lost()
    }
}
