//! Which impls may answer a trait's use on a type, and what their associated types are.
//!
//! It may name an impl that the compiler would not choose, as references don't count and unknown types may be any; it must
//! never leave out the one that the compiler chooses.

use std::rc::Rc;

use super::answers::Question;
use super::types::{Bound, Given, Ty, TyId};
use super::{Infer, TraitOf};
use crate::ir::{DeclKind, Sym};
use crate::program::NodeId;

/// An impl, and what its parameters stand for.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) of: NodeId,
    pub(crate) given: Given,
}

/// How deep bounds of blanket impls are followed.
const MAX_DEPTH: u32 = 6;

/// Standard traits that a type has only by an impl or a derive of its own.
const WRITTEN: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deref",
    "DerefMut",
    "Display",
    "Drop",
    "Eq",
    "Error",
    "FromStr",
    "Hash",
    "Hasher",
    "Iterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Read",
    "BufRead",
    "Seek",
    "Write",
    "Index",
    "IndexMut",
    "Neg",
    "Not",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "BitAnd",
    "BitOr",
    "BitXor",
    "Shl",
    "Shr",
];

/// Standard types that are surely no iterators themselves.
fn is_no_iterator(of: &str) -> bool {
    matches!(
        of,
        "str"
            | "String"
            | "Vec"
            | "VecDeque"
            | "LinkedList"
            | "HashMap"
            | "HashSet"
            | "BTreeMap"
            | "BTreeSet"
            | "BinaryHeap"
            | "Option"
            | "Result"
            | "Cow"
            | "Rc"
            | "Arc"
            | "Path"
            | "PathBuf"
            | "OsStr"
            | "OsString"
    )
}

/// Whether references tell a trait's impls apart: arithmetic, where none is added or taken off.
fn is_strict(of: &str) -> bool {
    super::implied::by_itself(of) && !of.starts_with("Partial") || matches!(of, "Neg" | "Not")
}

/// A trait, and the arguments that it is used with.
type TraitUse = (TraitOf, Rc<[TyId]>);

impl Infer<'_, '_, '_> {
    /// The impls of a trait that may be meant. Arguments that aren't given may be anything.
    pub(crate) fn select(&mut self, of: TraitOf, self_ty: TyId, args: &[TyId]) -> Vec<Answer> {
        self.select_at(of, self_ty, args, 0)
    }

    fn select_at(&mut self, of: TraitOf, self_ty: TyId, args: &[TyId], depth: u32) -> Vec<Answer> {
        let at = self.types.peel(self_ty);
        let strict = depth == 0 && matches!(of, TraitOf::Std(name) if is_strict(&self.program.text(name)));
        let impls: Vec<NodeId> = match of {
            TraitOf::Local(node) => self.index.impls_of_trait.get(&node).cloned().unwrap_or_default(),
            TraitOf::Std(name) => {
                let own = match self.types.get(at) {
                    Ty::Adt(node, _) => self.index.std_impls.get(&(name, *node)),
                    _ => None,
                };
                let loose = self.index.std_loose.get(&name);
                own.into_iter().chain(loose).flatten().copied().collect()
            }
            TraitOf::External(package) => self.index.external_impls.get(&package).cloned().unwrap_or_default(),
            TraitOf::Inherent | TraitOf::Unknown => Vec::new(),
        };
        let mut out = Vec::new();
        for id in impls {
            if let Some(given) = self.answers(id, at, args, depth) {
                out.push(Answer { of: id, given });
            }
        }
        if strict {
            // An operator's operands are never coerced, nor referenced on the way.
            let exact: Vec<Answer> =
                out.iter().filter(|answer| self.is_exact(answer.of, self_ty, args)).cloned().collect();
            if !exact.is_empty() {
                return exact;
            }
        }
        out
    }

    /// Whether an impl's header has references just where the operands have.
    fn is_exact(&self, id: NodeId, self_ty: TyId, args: &[TyId]) -> bool {
        let Some(info) = self.index.impls.get(&id) else { return true };
        let alike = |header: TyId, actual: TyId| {
            let (mut header, mut actual) = (header, actual);
            loop {
                match (self.types.get(header), self.types.get(actual)) {
                    (Ty::Ref(h), Ty::Ref(a)) => (header, actual) = (*h, *a),
                    (Ty::Ref(_), Ty::Adt(..) | Ty::Primitive(_) | Ty::Std(..)) => return false,
                    (Ty::Ref(_), Ty::Var(_)) => return self.types.open(actual) == Some(super::types::Kind::Any),
                    (Ty::Adt(..) | Ty::Primitive(_) | Ty::Std(..), Ty::Ref(_)) => return false,
                    _ => return true,
                }
            }
        };
        let headers = match self.types.get(info.args) {
            Ty::Tuple(headers) => headers.as_ref(),
            _ => &[],
        };
        alike(info.self_ty, self_ty) && headers.iter().zip(args).all(|(header, arg)| alike(*header, *arg))
    }

    /// What an impl's parameters stand for if it may be for that type.
    pub(crate) fn answers(&mut self, id: NodeId, self_ty: TyId, args: &[TyId], depth: u32) -> Option<Given> {
        let info = self.index.impls.get(&id).copied()?;
        let mut given = Given::default();
        if !self.may_be(info.self_ty, self_ty, id, &mut given) {
            return None;
        }
        let header: Rc<[TyId]> = match self.types.get(info.args) {
            Ty::Tuple(args) => args.clone(),
            _ => Rc::default(),
        };
        for (header, actual) in header.iter().zip(args) {
            if !self.may_be(*header, *actual, id, &mut given) {
                return None;
            }
        }
        if depth < MAX_DEPTH {
            self.learn_by_bounds(id, &mut given, depth + 1);
            for (name, ty) in given.iter().map(|(_, name, ty)| (*name, *ty)).collect::<Vec<_>>() {
                // What a method asks of its impl's parameters says nothing about who has the impl.
                for bound in self.bounds_of_param(id, name).iter() {
                    if !self.may_hold(bound, ty, depth + 1) {
                        return None;
                    }
                }
            }
        }
        Some(given)
    }

    /// What an impl's other parameters stand for, as bounds of those that are known tell: of `F: Fn(I) -> O` a closure's
    /// type tells `I` and `O`.
    fn learn_by_bounds(&mut self, id: NodeId, given: &mut Given, depth: u32) {
        let Some(generics) = self.program.decl(id).and_then(super::declared::generics) else { return };
        let count = generics.params.iter().filter(|param| param.constant.is_none()).count();
        // What is learned may tell the next.
        for _ in 0..2 {
            let known: Vec<(Sym, TyId)> = given.iter().map(|(_, name, ty)| (*name, *ty)).collect();
            if known.len() >= count {
                return;
            }
            for (name, ty) in known {
                for bound in self.bounds_of_param(id, name).iter() {
                    match bound {
                        Bound::Fn(inputs, output) => {
                            let Some((taken, made)) = self.callable(ty) else { continue };
                            for (input, taken) in inputs.iter().zip(taken.iter()) {
                                self.types.unify(*input, *taken, &[id], given);
                            }
                            self.types.unify(*output, made, &[id], given);
                        }
                        Bound::Trait(node, args, _) if !args.is_empty() => {
                            let Some(found) = self.trait_args_at(*node, ty, depth) else { continue };
                            for (arg, found) in args.iter().zip(found.iter()) {
                                self.types.unify(*arg, *found, &[id], given);
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// The arguments with which a type has a trait, if it surely has it once.
    pub(super) fn trait_args_of(&mut self, node: NodeId, ty: TyId) -> Option<Rc<[TyId]>> {
        self.trait_args_at(node, ty, 0)
    }

    fn trait_args_at(&mut self, node: NodeId, ty: TyId, depth: u32) -> Option<Rc<[TyId]>> {
        let at = self.types.peel(ty);
        match self.types.get(at).clone() {
            Ty::Unknown | Ty::Never | Ty::Theirs => return None,
            Ty::Var(_) if self.types.open(at) == Some(super::types::Kind::Any) => return None,
            Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => {
                let bounds = self.all_bounds_of(at);
                let mut of_trait = bounds.iter().filter_map(|bound| match bound {
                    Bound::Trait(of, args, _) if *of == node => Some(args.clone()),
                    _ => None,
                });
                return of_trait.next().filter(|args| !args.is_empty() && of_trait.next().is_none());
            }
            Ty::Adt(of, _) if self.index.foreign_derives.contains(&of) => return None,
            _ => {}
        }
        let is_unseen = self.program.crates().iter().any(|krate| !krate.generators.is_empty());
        if is_unseen || depth >= MAX_DEPTH {
            return None;
        }
        let mut answers = self.select_at(TraitOf::Local(node), at, &[], depth);
        let answer = answers.pop().filter(|_| answers.is_empty())?;
        let args = self.header_args(&answer);
        (!args.is_empty()).then_some(args)
    }

    /// The arguments of a trait in an impl's header; what the impl leaves open isn't known.
    pub(super) fn header_args(&mut self, answer: &Answer) -> Rc<[TyId]> {
        let Some(info) = self.index.impls.get(&answer.of).copied() else { return Rc::default() };
        let Ty::Tuple(header) = self.types.get(info.args).clone() else { return Rc::default() };
        let mut given = answer.given.clone();
        for (name, owner) in &self.scope(answer.of).params {
            given.learn(*owner, *name, TyId::UNKNOWN);
        }
        header
            .iter()
            .map(|arg| {
                let arg = self.types.substitute(*arg, &given);
                self.normal(arg)
            })
            .collect()
    }

    /// Whether a header's type may be the type that is there; learns the impl's parameters.
    fn may_be(&mut self, header: TyId, actual: TyId, of: NodeId, given: &mut Given) -> bool {
        let (h, a) = (self.types.get(header).clone(), self.types.get(actual).clone());
        match (h, a) {
            (Ty::Param(owner, name), _) if owner == of => match given.find(of, name) {
                // What is known is no header's: in an impl's own body it may hold the impl's own parameters.
                Some(known) => self.may_be(known, actual, NodeId(u32::MAX), &mut Given::default()),
                None => {
                    if actual != TyId::UNKNOWN {
                        given.learn(of, name, actual);
                    }
                    true
                }
            },
            (Ty::Unknown | Ty::Assoc(..) | Ty::Param(..), _) => true,
            (_, Ty::Unknown | Ty::Assoc(..) | Ty::Param(..) | Ty::Never | Ty::Bounded(_)) => true,
            // Who knows it by its bounds alone finds no impl but those for any type.
            (h, Ty::Theirs) => matches!(h, Ty::Ref(inner) if self.may_be(inner, actual, of, given)),
            (_, Ty::Var(_)) => {
                let header = self.types.get(self.types.peel(header));
                self.types.open(actual) == Some(super::types::Kind::Any)
                    // One parameter may stand twice in a header, for what isn't known yet and for a literal.
                    || matches!(header, Ty::Primitive(_) | Ty::Param(..) | Ty::Unknown | Ty::Var(_))
            }
            (Ty::Ref(h), Ty::Ref(a)) | (Ty::Ptr(h), Ty::Ptr(a)) | (Ty::Slice(h), Ty::Slice(a)) => {
                self.may_be(h, a, of, given)
            }
            (Ty::Ref(h), _) => self.may_be(h, actual, of, given),
            (_, Ty::Ref(a)) => self.may_be(header, a, of, given),
            (Ty::Primitive(h), Ty::Primitive(a)) => h == a || self.literal_fits(a, h) || self.literal_fits(h, a),
            (Ty::Adt(h, x), Ty::Adt(a, y)) => h == a && self.all_may_be(&x, &y, of, given),
            (Ty::Std(h, x), Ty::Std(a, y)) => {
                let words = self.program.words;
                // What an adaptor is exactly isn't kept.
                let ranges = a == words.range && self.program.text(h).starts_with("Range");
                let adaptor = match (h == words.iterator, a == words.iterator) {
                    (true, true) => true,
                    (true, false) => !is_no_iterator(&self.program.text(a)),
                    (false, true) => !is_no_iterator(&self.program.text(h)),
                    (false, false) => false,
                };
                adaptor || ranges || h == a && self.all_may_be(&x, &y, of, given)
            }
            (Ty::External(None, _), _) => !self.is_of_ours(actual),
            (_, Ty::External(None, _)) => !self.is_of_ours(header),
            (Ty::External(h, x), Ty::External(a, y)) => h == a && self.all_may_be(&x, &y, of, given),
            (Ty::Tuple(x), Ty::Tuple(y)) => x.len() == y.len() && self.all_may_be(&x, &y, of, given),
            (Ty::Fn(x, h), Ty::Fn(y, a)) => self.all_may_be(&x, &y, of, given) && self.may_be(h, a, of, given),
            (Ty::Bounded(_), Ty::Fn(..) | Ty::Std(..)) => true,
            (Ty::Var(_), _) => true,
            _ => false,
        }
    }

    fn is_of_ours(&self, ty: TyId) -> bool {
        matches!(self.types.get(ty), Ty::Adt(node, _) if !self.program.is_external(*node))
    }

    /// Whether a value of a type may be passed where another is declared.
    pub(super) fn may_fit(&mut self, declared: TyId, found: TyId) -> bool {
        // A reference becomes a pointer.
        if let (Ty::Ptr(declared), Ty::Ref(found)) = (self.types.get(declared), self.types.get(found)) {
            let (declared, found) = (*declared, *found);
            return self.may_be(declared, found, NodeId(u32::MAX), &mut Given::default());
        }
        if let Ty::Ref(_) = self.types.get(declared) {
            let at = self.types.peel(found);
            let coerced = match self.types.get(at).clone() {
                Ty::Std(head, _) => self.std_deref(head, at).is_some(),
                Ty::Adt(node, _) => self.index.std_impls.contains_key(&(self.program.sym("Deref"), node)),
                _ => false,
            };
            if coerced {
                return true;
            }
        }
        self.may_be(declared, found, NodeId(u32::MAX), &mut Given::default())
    }

    /// Whether a type has impls of traits of external packages.
    pub(super) fn has_foreign_impls(&self, node: NodeId) -> bool {
        let impls = self.index.impls_of.get(&node).map_or(&[][..], Vec::as_slice);
        let foreign = |id: &NodeId| match self.index.impls[id].of {
            TraitOf::External(_) | TraitOf::Unknown => true,
            TraitOf::Local(of) => self.program.is_external(of),
            _ => false,
        };
        impls.iter().any(foreign) || self.index.foreign_derives.contains(&node)
    }

    fn all_may_be(&mut self, headers: &[TyId], actual: &[TyId], of: NodeId, given: &mut Given) -> bool {
        headers.iter().zip(actual).all(|(header, actual)| self.may_be(*header, *actual, of, given))
    }

    /// Whether a literal without a suffix may be of a primitive type.
    fn literal_fits(&self, literal: Sym, ty: Sym) -> bool {
        let words = self.program.words;
        let text = self.program.text(ty);
        let float = text.starts_with('f');
        literal == words.int && text != "bool" && text != "char" && !float || literal == words.float && float
    }

    /// Whether a type may have what a bound asks for.
    pub(crate) fn may_hold(&mut self, bound: &Bound, ty: TyId, depth: u32) -> bool {
        let at = self.types.peel(ty);
        let ty = self.types.get(at).clone();
        // What is known by its bounds alone can be called if they say so.
        if let (Bound::Fn(..), Ty::Bounded(_)) = (bound, &ty) {
            let may_call = |bound: &Bound| matches!(bound, Bound::Fn(..) | Bound::External(_) | Bound::Unknown);
            return self.all_bounds_of(at).iter().any(may_call);
        }
        if matches!(
            ty,
            Ty::Unknown | Ty::Never | Ty::Theirs | Ty::Assoc(..) | Ty::Param(..) | Ty::Bounded(_) | Ty::Var(_)
        ) {
            return true;
        }
        match bound {
            // Arguments are in the bound's own parameters: they don't tell anything here.
            Bound::Trait(node, ..) => self.held(TraitOf::Local(*node), &ty, at, depth),
            Bound::Std(name, ..) => self.held(TraitOf::Std(*name), &ty, at, depth),
            Bound::Iterator(_) => self.held(TraitOf::Std(self.program.words.iterator), &ty, at, depth),
            Bound::Fn(..) => match ty {
                Ty::Fn(..) | Ty::External(..) => true,
                Ty::Std(head, _) => matches!(self.program.text(head).as_str(), "Box" | "Rc" | "Arc" | "Pin"),
                _ => false,
            },
            Bound::External(_) | Bound::ReturnedBy(..) | Bound::Unknown => true,
        }
    }

    /// The same of a trait, once for each type. While it is being found out, a type may hold what is asked.
    fn held(&mut self, of: TraitOf, ty: &Ty, at: TyId, depth: u32) -> bool {
        let (at, is_known) = self.types.known(at);
        if let Some(known) = self.answers_for(at).has.get(&(of, at, depth)) {
            return *known;
        }
        if !self.ask(Question::Has(of, at)) {
            // What leads back here may hold.
            return true;
        }
        let found = match of {
            TraitOf::Local(_) => {
                let open = self.program.crates().iter().any(|krate| !krate.generators.is_empty());
                let derived = matches!(ty, Ty::Adt(node, _) if self.index.foreign_derives.contains(node));
                open || derived || !self.select_at(of, at, &[], depth).is_empty()
            }
            TraitOf::Std(name) => self.may_have(name, ty, at, depth),
            _ => true,
        };
        if self.answered() && is_known {
            self.answers_for(at).has.insert((of, at, depth), found);
        }
        found
    }

    fn may_have(&mut self, of: Sym, ty: &Ty, at: TyId, depth: u32) -> bool {
        let text = self.program.text(of);
        match ty {
            Ty::Adt(node, _) => {
                let into_iterator = self.program.sym("IntoIterator");
                let both = [self.program.words.iterator, into_iterator];
                if both.contains(&of) {
                    return both.iter().any(|of| !self.select_at(TraitOf::Std(*of), at, &[], depth).is_empty());
                }
                !WRITTEN.contains(&text.as_str())
                    || self.index.std_derives.get(node).is_some_and(|derives| derives.contains(&of))
                    || self.index.foreign_derives.contains(node)
                    || !self.select_at(TraitOf::Std(of), at, &[], depth).is_empty()
            }
            Ty::Primitive(_) => {
                !matches!(text.as_str(), "Iterator" | "IntoIterator" | "Error" | "Read" | "Write" | "Deref" | "Future")
            }
            Ty::Fn(..) => !matches!(
                text.as_str(),
                "Iterator" | "IntoIterator" | "Error" | "Read" | "Write" | "Display" | "FromStr"
            ),
            _ => true,
        }
    }

    /// The types that impls of one type give a name: `Output`, `Item`.
    fn written(&mut self, members: &[NodeId], at: TyId, args: &[TyId]) -> Option<TyId> {
        let program = self.program;
        let mut found: Option<TyId> = None;
        for &member in members {
            let Some(DeclKind::Alias(_, _, Some(ty))) = program.decl(member) else { continue };
            let Some(owner) = program.node(member).owner else { continue };
            if !self.index.impls.contains_key(&owner) {
                continue;
            }
            let Some(given) = self.answers(owner, at, args, 0) else { continue };
            let declared = self.named_type(member, ty);
            let ty = self.types.substitute(declared, &given);
            let ty = self.normal(ty);
            match found {
                _ if ty == TyId::NEVER => {}
                Some(other) => found = Some(self.types.in_common(other, ty)),
                None => found = Some(ty),
            }
        }
        found
    }

    /// `<of as _>::name`, with the trait's arguments as far as they are known.
    pub(crate) fn project(&mut self, of: TyId, name: Sym, args: &[TyId]) -> TyId {
        let (of, is_known) = self.types.known(of);
        if let Some(known) = self.answers_for(of).projections.get(&(of, name)).filter(|_| args.is_empty()) {
            return *known;
        }
        if !self.ask(Question::Projection(of, name)) {
            // Whoever leads back here says nothing by that; whoever leads too far says that nobody knows.
            return if self.is_full() { TyId::UNKNOWN } else { TyId::NEVER };
        }
        let mut found = self.projected(of, name, args);
        let stands_alone = self.answered();
        if found == TyId::NEVER && (stands_alone || !self.is_projecting()) {
            found = TyId::UNKNOWN;
        }
        if stands_alone && is_known && args.is_empty() {
            self.answers_for(of).projections.insert((of, name), found);
        }
        found
    }

    fn projected(&mut self, of: TyId, name: Sym, args: &[TyId]) -> TyId {
        let program = self.program;
        let words = program.words;
        let at = self.types.peel(of);
        match self.types.get(at).clone() {
            Ty::Unknown | Ty::Never => TyId::UNKNOWN,
            // What its traits promise of it was asked of it too.
            Ty::Theirs => at,
            Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => {
                let itself = self.types.intern(Ty::Assoc(at, name));
                // `T: Index<usize, Output = usize> + Add<Output = T>`: which of the two is meant, the name doesn't tell.
                let mut said: Vec<(Option<TraitUse>, Option<TyId>)> = Vec::new();
                for bound in self.all_bounds_of(at).iter() {
                    let (of, ty) = match bound {
                        Bound::Iterator(item) if name == words.item => (None, Some(*item)),
                        Bound::Trait(node, args, assoc) => {
                            let ty = assoc.iter().find(|(of, _)| *of == name).map(|(_, ty)| *ty);
                            if ty.is_none() && !self.declares(*node, name) {
                                continue;
                            }
                            (Some((TraitOf::Local(*node), args.clone())), ty)
                        }
                        Bound::Std(of, args, assoc) => {
                            let ty = assoc.iter().find(|(of, _)| *of == name).map(|(_, ty)| *ty);
                            if ty.is_none() && !(name == words.output && has_output(&program.text(*of))) {
                                continue;
                            }
                            (Some((TraitOf::Std(*of), args.clone())), ty)
                        }
                        Bound::Fn(_, output) if name == words.output => (None, Some(*output)),
                        _ => continue,
                    };
                    // `&'a G: GraphBase<NodeId = G::NodeId>` says nothing of `G`.
                    let ty = ty.filter(|ty| *ty != itself);
                    match said.iter_mut().find(|(known, _)| *known == of) {
                        Some((_, known)) => *known = known.or(ty),
                        None => said.push((of, ty)),
                    }
                }
                match said.as_slice() {
                    [(_, Some(first)), others @ ..] if others.iter().all(|(_, other)| *other == Some(*first)) => {
                        self.normal(*first)
                    }
                    _ => itself,
                }
            }
            Ty::Var(_) => self.types.intern(Ty::Assoc(at, name)),
            Ty::Adt(node, _) => {
                let members = self.index.members.get(&(node, name)).cloned().unwrap_or_default();
                if let Some(found) = self.written(&members, at, args) {
                    return found;
                }
                if program.text(name) == "IntoIter" && self.index.std_impls.contains_key(&(words.iterator, node)) {
                    return at;
                }
                let loose = self.index.loose.get(&name).cloned().unwrap_or_default();
                self.written(&loose, at, args).unwrap_or(TyId::UNKNOWN)
            }
            Ty::Fn(_, output) if name == words.output => output,
            ty => {
                let by_ref = matches!(self.types.get(of), Ty::Ref(_));
                if let (Ty::Std(head, parts), true) = (&ty, name == words.item) {
                    if *head == words.iterator {
                        return parts.first().copied().unwrap_or(TyId::UNKNOWN);
                    }
                    let item = self.std_into_iter(*head, at, by_ref);
                    if item != TyId::UNKNOWN {
                        return item;
                    }
                }
                if let (Ty::Slice(item), true) = (&ty, name == words.item) {
                    return if by_ref { self.types.intern(Ty::Ref(*item)) } else { *item };
                }
                if let (Ty::Std(head, _), true) = (&ty, name == words.target) {
                    return self.std_deref(*head, at).unwrap_or(TyId::UNKNOWN);
                }
                if program.text(name) == "IntoIter" {
                    let item = self.project(of, words.item, &[]);
                    return self.types.intern(Ty::Std(words.iterator, Rc::new([item])));
                }
                if name == words.err
                    && let Some(error) = self.parse_error(&ty)
                {
                    return error;
                }
                if program.text(name) == "Output"
                    && let (Ty::Primitive(_), true) = (&ty, args.iter().all(|arg| self.is_primitive(*arg)))
                {
                    return at;
                }
                let loose = self.index.loose.get(&name).cloned().unwrap_or_default();
                self.written(&loose, at, args).unwrap_or(TyId::UNKNOWN)
            }
        }
    }

    fn declares(&self, of: NodeId, name: Sym) -> bool {
        let program = self.program;
        program.members(of).iter().any(|member| {
            program.node(*member).decl.as_ref().is_some_and(|decl| {
                decl.name == name && matches!(decl.kind, DeclKind::Alias(..)) || decl.name == Sym::NONE
            })
        })
    }

    /// `FromStr::Err` of a type of the library's.
    fn parse_error(&mut self, ty: &Ty) -> Option<TyId> {
        let program = self.program;
        let name = match ty {
            Ty::Primitive(name) => match program.text(*name).as_str() {
                "bool" => "ParseBoolError",
                "char" => "ParseCharError",
                "f16" | "f32" | "f64" | "f128" | "{float}" => "ParseFloatError",
                _ => "ParseIntError",
            },
            Ty::Std(name, _) => match program.text(*name).as_str() {
                "String" | "PathBuf" | "OsString" => "Infallible",
                _ => return None,
            },
            _ => return None,
        };
        let name = program.sym(name);
        Some(self.types.intern(Ty::Std(name, Rc::default())))
    }

    /// A type without its references, however deep.
    pub(crate) fn bare(&mut self, ty: TyId) -> TyId {
        let at = self.types.peel(ty);
        if !self.types.may_have_references(at) {
            return at;
        }
        let parts: Vec<(TyId, TyId)> = self.types.parts(at).into_iter().map(|part| (part, self.bare(part))).collect();
        self.types.replace(at, &parts)
    }

    pub(crate) fn is_primitive(&self, ty: TyId) -> bool {
        match self.types.get(self.types.peel(ty)) {
            Ty::Primitive(_) => true,
            Ty::Var(_) => self.types.open(self.types.peel(ty)) != Some(super::types::Kind::Any),
            _ => false,
        }
    }

    /// A type whose associated types are found as far as they can be.
    pub(crate) fn normal(&mut self, ty: TyId) -> TyId {
        self.normal_at(ty, 0)
    }

    fn normal_at(&mut self, ty: TyId, depth: u32) -> TyId {
        let ty = self.types.find(ty);
        if depth > 16 {
            return TyId::UNKNOWN;
        }
        if let Ty::Assoc(of, name) = *self.types.get(ty) {
            let inner = self.normal_at(of, depth + 1);
            // A projection of an associated type may itself need one: it is followed until it stays.
            let found = self.project(inner, name, &[]);
            return match self.types.get(found) {
                Ty::Assoc(..) => found,
                _ => self.normal_at(found, depth + 1),
            };
        }
        if !self.types.has_assoc(ty) {
            return ty;
        }
        let parts = self.types.parts(ty);
        let parts: Vec<(TyId, TyId)> = parts.into_iter().map(|part| (part, self.normal_at(part, depth + 1))).collect();
        self.types.replace(ty, &parts)
    }
}

/// Whether a trait of the standard library has an associated type `Output`.
fn has_output(of: &str) -> bool {
    super::implied::by_itself(of) && !of.ends_with("Assign") && !of.starts_with("Partial")
        || matches!(of, "Index" | "IndexMut" | "Neg" | "Not" | "Fn" | "FnMut" | "FnOnce" | "Future" | "IntoFuture")
}
