//! Types as far as receivers need them, interned.

use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

use crate::ir::Sym;
use crate::program::NodeId;
use crate::project::ExternalId;

/// An interned type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TyId(u32);

impl TyId {
    /// Nobody knows. Whoever meets it widens.
    pub(crate) const UNKNOWN: TyId = TyId(0);
    pub(crate) const NEVER: TyId = TyId(1);
    pub(crate) const UNIT: TyId = TyId(2);
}

/// The head of a type, and its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Ty {
    Unknown,
    Never,
    Primitive(Sym),
    /// A struct, enum or union that is analyzed.
    Adt(NodeId, Rc<[TyId]>),
    /// A type of the standard library, by its name.
    Std(Sym, Rc<[TyId]>),
    /// A type of an external package; of `None`, one of several candidates of which none is of ours nor holds any.
    External(Option<ExternalId>, Rc<[TyId]>),
    /// What code of other packages picked for a parameter of a method that it calls. It may be anything; but all that its bounds
    /// let anybody do with it, that code was asked for where it got the type (Wadler, "Theorems for free!", 1989).
    Theirs,
    Ref(TyId),
    Ptr(TyId),
    /// A slice or an array.
    Slice(TyId),
    Tuple(Rc<[TyId]>),
    /// A function, a function pointer or a closure.
    Fn(Rc<[TyId]>, TyId),
    /// A type parameter of an item; `Self` of a trait.
    Param(NodeId, Sym),
    /// `impl A + B`, `dyn A + B`.
    Bounded(Rc<[Bound]>),
    /// Not known yet: a variable of the body that is being read.
    Var(u32),
    /// An associated type of a parameter, or of something that isn't known yet.
    Assoc(TyId, Sym),
}

/// What a type is known to implement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Bound {
    /// An analyzed trait with its arguments and its associated types as far as they are written.
    Trait(NodeId, Rc<[TyId]>, Rc<[(Sym, TyId)]>),
    /// The same of the standard library.
    Std(Sym, Rc<[TyId]>, Rc<[(Sym, TyId)]>),
    External(ExternalId),
    /// Whatever that function returns as `impl Trait`, for what its parameters stand for: no bound, but who knows.
    ReturnedBy(NodeId, Rc<[TyId]>),
    /// `Fn(A) -> B` and its kin.
    Fn(Rc<[TyId]>, TyId),
    /// `Iterator<Item = T>` and `IntoIterator<Item = T>`.
    Iterator(TyId),
    Unknown,
}

/// What a variable may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    /// A literal without a suffix.
    Int,
    Float,
}

/// A variable: what it was found to be, or what it may be.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Open(Kind),
    Is(TyId),
}

/// Every type of one analysis, each once, and the variables of the body that is being read.
#[derive(Debug)]
pub(crate) struct Types {
    list: Vec<Ty>,
    /// What is somewhere in each type, and how deeply it nests: bits of [`Inside`].
    inside: Vec<Inside>,
    index: HashMap<Ty, TyId>,
    vars: Vec<Slot>,
    /// What trait objects were made of, with the object's type.
    pub(crate) made_objects: Vec<(TyId, TyId)>,
    /// Types of values of which nobody told what they are, but where they go: what they are made of isn't seen.
    pub(crate) lost: Vec<TyId>,
    /// Types that met where one was expected: branches of which each becomes a trait object.
    pub(crate) alternatives: Vec<(TyId, TyId)>,
    /// Literals whose type nothing tells, by name.
    literals: Vec<(&'static str, TyId)>,
    /// Names of numbers, with the type of literals that may be theirs.
    numbers: Vec<(Sym, TyId)>,
    iterator: Sym,
}

impl Types {
    pub(crate) fn new() -> Self {
        let mut types = Types {
            list: Vec::new(),
            inside: Vec::new(),
            index: HashMap::default(),
            vars: Vec::new(),
            made_objects: Vec::new(),
            lost: Vec::new(),
            alternatives: Vec::new(),
            literals: Vec::new(),
            numbers: Vec::new(),
            iterator: Sym::NONE,
        };
        types.intern(Ty::Unknown);
        types.intern(Ty::Never);
        types.intern(Ty::Tuple(Rc::default()));
        types
    }

    pub(crate) fn intern(&mut self, ty: Ty) -> TyId {
        if let Some(&id) = self.index.get(&ty) {
            return id;
        }
        let id = TyId(self.list.len() as u32);
        let mut inside = Inside { what: Inside::of(&ty), depth: 0 };
        parts_of(&ty, &mut |part| {
            let part = self.inside[part.0 as usize];
            inside.what |= part.what;
            inside.depth = inside.depth.max(part.depth);
        });
        inside.depth = inside.depth.saturating_add(1);
        self.inside.push(inside);
        self.list.push(ty.clone());
        self.index.insert(ty, id);
        id
    }

    /// What a type is, as far as that is known by now: never a variable that was found to be something.
    pub(crate) fn get(&self, id: TyId) -> &Ty {
        &self.list[self.find(id).0 as usize]
    }

    pub(crate) fn name_iterator(&mut self, name: Sym) {
        self.iterator = name;
    }

    pub(crate) fn name_literals(&mut self, names: [(&'static str, Sym); 2], numbers: [(Sym, Vec<Sym>); 2]) {
        self.literals = names.map(|(text, name)| (text, self.intern(Ty::Primitive(name)))).into();
        for (kind, numbers) in numbers {
            let kind = self.intern(Ty::Primitive(kind));
            self.numbers.extend(numbers.into_iter().map(|name| (name, kind)));
        }
    }

    /// The type of literals that a number's name may be that of.
    fn kind_of(&self, name: Sym) -> Option<TyId> {
        self.numbers.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Follows variables.
    pub(crate) fn find(&self, mut id: TyId) -> TyId {
        while let Ty::Var(at) = self.list[id.0 as usize] {
            match self.vars.get(at as usize) {
                Some(Slot::Is(next)) => id = *next,
                _ => break,
            }
        }
        id
    }

    /// A new body begins: the variables of the last one are of no use to it.
    pub(crate) fn forget_variables(&mut self) {
        self.vars.clear();
        self.made_objects.clear();
        self.lost.clear();
        self.alternatives.clear();
    }

    pub(crate) fn variable(&mut self, kind: Kind) -> TyId {
        let at = self.vars.len() as u32;
        self.vars.push(Slot::Open(kind));
        self.intern(Ty::Var(at))
    }

    /// The kind of a variable that is still open.
    pub(crate) fn open(&self, id: TyId) -> Option<Kind> {
        match self.get(id) {
            Ty::Var(at) => match self.vars.get(*at as usize) {
                Some(Slot::Open(kind)) => Some(*kind),
                _ => Some(Kind::Any),
            },
            _ => None,
        }
    }

    /// Whether the two can be the same type; learns variables. References don't matter: autoref and coercions write none.
    pub(crate) fn same(&mut self, a: TyId, b: TyId) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return true;
        }
        let (x, y) = (self.get(a).clone(), self.get(b).clone());
        match (x, y) {
            (Ty::Unknown, _) | (_, Ty::Unknown) => {
                self.lost.extend([a, b].into_iter().filter(|ty| *ty != TyId::UNKNOWN));
                true
            }
            (Ty::Never, _) | (_, Ty::Never) => true,
            (Ty::Var(at), other) => self.learn(at, a, b, &other),
            (other, Ty::Var(at)) => self.learn(at, b, a, &other),
            // A reference that is returned as `impl Trait` is one to whoever uses it.
            (Ty::Ref(_), Ty::Bounded(y)) if is_returned(&y) => {
                self.made_objects.push((a, b));
                true
            }
            (Ty::Bounded(x), Ty::Ref(_)) if is_returned(&x) => {
                self.made_objects.push((b, a));
                true
            }
            (x, y) if self.hidden_iterator(&x).is_some() || self.hidden_iterator(&y).is_some() => {
                self.same_iterator(a, b);
                true
            }
            (Ty::Ref(a), Ty::Ref(b)) | (Ty::Ptr(a), Ty::Ptr(b)) | (Ty::Slice(a), Ty::Slice(b)) => self.same(a, b),
            // A reference is coerced to a pointer, and to one to a trait object.
            (Ty::Ref(a), Ty::Ptr(b)) | (Ty::Ptr(a), Ty::Ref(b)) => self.same(a, b),
            (Ty::Ref(a), _) => self.same(a, b),
            (_, Ty::Ref(b)) => self.same(a, b),
            (Ty::Adt(m, x), Ty::Adt(n, y)) if m == n => self.all_same(&x, &y),
            (Ty::Std(m, x), Ty::Std(n, y)) if m == n => self.all_same(&x, &y),
            (Ty::External(m, x), Ty::External(n, y)) if m == n => self.all_same(&x, &y),
            // It may be the other.
            (Ty::External(None, _) | Ty::Theirs, _) | (_, Ty::External(None, _) | Ty::Theirs) => true,
            (Ty::Tuple(x), Ty::Tuple(y)) => x.len() == y.len() && self.all_same(&x, &y),
            (Ty::Fn(x, a), Ty::Fn(y, b)) => {
                let inputs = self.all_same(&x, &y);
                self.same(a, b) && inputs
            }
            (Ty::Primitive(_), Ty::Primitive(_)) => false,
            (Ty::Bounded(x), Ty::Bounded(y)) => {
                if x != y {
                    self.made_objects.extend([(a, b), (b, a)]);
                    self.same_traits(&x, &y);
                }
                true
            }
            (Ty::Bounded(_), Ty::Assoc(..)) | (Ty::Assoc(..), Ty::Bounded(_)) => {
                self.made_objects.extend([(a, b), (b, a)]);
                true
            }
            // A trait object is made of the other.
            (Ty::Bounded(_), _) => {
                self.made_objects.push((b, a));
                true
            }
            (_, Ty::Bounded(_)) => {
                self.made_objects.push((a, b));
                true
            }
            // What a projection stands for is another's question.
            (Ty::Assoc(..), _) | (_, Ty::Assoc(..)) => true,
            _ => {
                self.alternatives.push((a, b));
                false
            }
        }
    }

    /// The item of an `impl Iterator` that a function returns, and what is behind it.
    fn hidden_iterator(&self, ty: &Ty) -> Option<(TyId, TyId)> {
        match ty {
            Ty::Std(head, args) if *head == self.iterator => match args[..] {
                [item, behind] if matches!(self.get(behind), Ty::Bounded(bounds) if is_returned(bounds)) => {
                    Some((item, behind))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// An iterator is returned as `impl Iterator`.
    fn same_iterator(&mut self, a: TyId, b: TyId) {
        for (of, hidden) in [(a, b), (b, a)] {
            let Some((item, behind)) = self.hidden_iterator(&self.get(hidden).clone()) else { continue };
            if let Ty::Std(head, args) = self.get(of).clone()
                && head == self.iterator
                && let Some(given) = args.first()
            {
                self.same(*given, item);
            }
            self.made_objects.push((of, behind));
        }
    }

    /// What has a trait once by its bounds, and is wanted with that trait once, has it with the arguments that are wanted.
    fn same_traits(&mut self, found: &[Bound], wanted: &[Bound]) {
        let only = |bounds: &[Bound], of: NodeId| {
            let mut all = bounds.iter().filter_map(|bound| match bound {
                Bound::Trait(node, args, assoc) if *node == of => Some((args.clone(), assoc.clone())),
                _ => None,
            });
            all.next().filter(|_| all.next().is_none())
        };
        for bound in found {
            let Bound::Trait(node, ..) = bound else { continue };
            let (Some(found), Some(wanted)) = (only(found, *node), only(wanted, *node)) else { continue };
            for (a, b) in found.0.iter().zip(wanted.0.iter()) {
                if self.has_variables(*a) || self.has_variables(*b) {
                    self.same(*a, *b);
                }
            }
            for (name, a) in found.1.iter().filter(|(_, a)| self.has_variables(*a)).copied().collect::<Vec<_>>() {
                if let Some((_, b)) = wanted.1.iter().find(|(other, _)| *other == name) {
                    self.same(a, *b);
                }
            }
        }
    }

    fn all_same(&mut self, a: &[TyId], b: &[TyId]) -> bool {
        let mut all = true;
        for (a, b) in a.iter().zip(b) {
            all &= self.same(*a, *b);
        }
        all
    }

    fn learn(&mut self, at: u32, var: TyId, id: TyId, ty: &Ty) -> bool {
        let Some(Slot::Open(kind)) = self.vars.get(at as usize).copied() else { return true };
        let found = match (kind, ty) {
            (_, Ty::Var(other)) => {
                // The one that says more stays.
                if let (Kind::Int | Kind::Float, Some(Slot::Open(Kind::Any))) = (kind, self.vars.get(*other as usize)) {
                    self.vars[*other as usize] = Slot::Is(var);
                    return true;
                }
                id
            }
            (Kind::Any, _) if self.holds(id, at) => return false,
            (Kind::Any, _) => id,
            (_, Ty::Primitive(_)) => id,
            (_, Ty::Ref(of)) => return self.same(var, *of),
            _ => return false,
        };
        self.vars[at as usize] = Slot::Is(found);
        true
    }

    /// Whether a variable occurs in a type.
    fn holds(&self, id: TyId, var: u32) -> bool {
        self.holds_any(id, Inside::VARIABLE, &|ty| matches!(ty, Ty::Var(at) if *at == var))
    }

    /// Whether a type of some kind is somewhere in a type. Only what variables stand for has to be looked into.
    fn holds_any(&self, id: TyId, bit: u8, is_it: &dyn Fn(&Ty) -> bool) -> bool {
        let id = self.find(id);
        let what = self.inside[id.0 as usize].what;
        if what & (bit | Inside::VARIABLE) == 0 {
            return false;
        }
        if what & Inside::VARIABLE == 0 {
            return true;
        }
        let ty = &self.list[id.0 as usize];
        let mut found = is_it(ty);
        parts_of(ty, &mut |part| found = found || self.holds_any(part, bit, is_it));
        found
    }

    /// A type without variables: those that are still open aren't known.
    pub(crate) fn settled(&mut self, id: TyId) -> TyId {
        let id = self.find(id);
        if self.inside[id.0 as usize].what & Inside::VARIABLE == 0 {
            return id;
        }
        let ty = self.get(id).clone();
        match ty {
            Ty::Var(_) => match self.open(id) {
                Some(Kind::Int) => self.literal("{integer}"),
                Some(Kind::Float) => self.literal("{float}"),
                _ => TyId::UNKNOWN,
            },
            _ => self.map(id, &mut |types, id| types.settled(id)),
        }
    }

    /// A type in which nobody knows what isn't known yet.
    pub(crate) fn without_variables(&mut self, id: TyId) -> TyId {
        let id = self.find(id);
        match self.get(id) {
            Ty::Var(_) => TyId::UNKNOWN,
            _ if self.inside[id.0 as usize].what & Inside::VARIABLE == 0 => id,
            _ => self.map(id, &mut |types, id| types.without_variables(id)),
        }
    }

    fn literal(&mut self, name: &str) -> TyId {
        self.literals.iter().find(|(text, _)| *text == name).map_or(TyId::UNKNOWN, |(_, ty)| *ty)
    }

    /// What two types have in common (Plotkin, "A note on inductive generalization", 1970): where they differ, nobody knows, but
    /// of two numbers that it is a number.
    pub(crate) fn in_common(&mut self, a: TyId, b: TyId) -> TyId {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return a;
        }
        let all = |types: &mut Types, x: &[TyId], y: &[TyId]| -> Rc<[TyId]> {
            x.iter().zip(y).map(|(x, y)| types.in_common(*x, *y)).collect()
        };
        let ty = match (self.get(a).clone(), self.get(b).clone()) {
            (Ty::Primitive(x), Ty::Primitive(y)) => match (self.kind_of(x), self.kind_of(y)) {
                (Some(x), Some(y)) if x == y => return x,
                _ => return TyId::UNKNOWN,
            },
            (Ty::Ref(x), Ty::Ref(y)) => Ty::Ref(self.in_common(x, y)),
            (Ty::Ptr(x), Ty::Ptr(y)) => Ty::Ptr(self.in_common(x, y)),
            (Ty::Slice(x), Ty::Slice(y)) => Ty::Slice(self.in_common(x, y)),
            (Ty::Adt(m, x), Ty::Adt(n, y)) if m == n && x.len() == y.len() => Ty::Adt(m, all(self, &x, &y)),
            (Ty::Std(m, x), Ty::Std(n, y)) if m == n && x.len() == y.len() => Ty::Std(m, all(self, &x, &y)),
            (Ty::Tuple(x), Ty::Tuple(y)) if x.len() == y.len() => Ty::Tuple(all(self, &x, &y)),
            _ => return TyId::UNKNOWN,
        };
        self.intern(ty)
    }

    /// A type with its direct parts replaced.
    fn map(&mut self, id: TyId, of: &mut dyn FnMut(&mut Types, TyId) -> TyId) -> TyId {
        let mut all = |types: &mut Types, ids: &[TyId]| -> Rc<[TyId]> { ids.iter().map(|id| of(types, *id)).collect() };
        let ty = match self.get(id).clone() {
            Ty::Unknown | Ty::Never | Ty::Theirs | Ty::Primitive(_) | Ty::Param(..) | Ty::Var(_) => return id,
            Ty::Adt(node, args) => Ty::Adt(node, all(self, &args)),
            Ty::Std(name, args) => Ty::Std(name, all(self, &args)),
            Ty::External(package, args) => Ty::External(package, all(self, &args)),
            Ty::Tuple(parts) => Ty::Tuple(all(self, &parts)),
            Ty::Ref(part) => Ty::Ref(of(self, part)),
            Ty::Ptr(part) => Ty::Ptr(of(self, part)),
            Ty::Slice(part) => Ty::Slice(of(self, part)),
            Ty::Assoc(part, name) => Ty::Assoc(of(self, part), name),
            Ty::Fn(inputs, output) => {
                let inputs = all(self, &inputs);
                Ty::Fn(inputs, of(self, output))
            }
            Ty::Bounded(bounds) => {
                let mut named = |types: &mut Types, list: &[(Sym, TyId)]| -> Rc<[(Sym, TyId)]> {
                    list.iter().map(|(name, id)| (*name, of(types, *id))).collect()
                };
                let mut out = Vec::with_capacity(bounds.len());
                for bound in bounds.iter() {
                    out.push(match bound {
                        Bound::Fn(inputs, output) => {
                            let inputs: Vec<(Sym, TyId)> = inputs.iter().map(|id| (Sym::NONE, *id)).collect();
                            let inputs = named(self, &inputs).iter().map(|(_, id)| *id).collect();
                            Bound::Fn(inputs, named(self, &[(Sym::NONE, *output)])[0].1)
                        }
                        Bound::Iterator(item) => Bound::Iterator(named(self, &[(Sym::NONE, *item)])[0].1),
                        Bound::ReturnedBy(node, args) => {
                            let args: Vec<(Sym, TyId)> = args.iter().map(|id| (Sym::NONE, *id)).collect();
                            Bound::ReturnedBy(*node, named(self, &args).iter().map(|(_, id)| *id).collect())
                        }
                        Bound::Trait(node, args, assoc) => {
                            let args: Vec<(Sym, TyId)> = args.iter().map(|id| (Sym::NONE, *id)).collect();
                            let args = named(self, &args).iter().map(|(_, id)| *id).collect();
                            Bound::Trait(*node, args, named(self, assoc))
                        }
                        Bound::Std(name, args, assoc) => {
                            let args: Vec<(Sym, TyId)> = args.iter().map(|id| (Sym::NONE, *id)).collect();
                            let args = named(self, &args).iter().map(|(_, id)| *id).collect();
                            Bound::Std(*name, args, named(self, assoc))
                        }
                        bound => bound.clone(),
                    });
                }
                Ty::Bounded(out.into())
            }
        };
        self.intern(ty)
    }

    /// Replaces parameters; those that aren't given stay.
    pub(crate) fn substitute(&mut self, id: TyId, given: &Given) -> TyId {
        let what = self.inside[self.find(id).0 as usize].what;
        if given.list.is_empty() || what & (Inside::PARAM | Inside::VARIABLE) == 0 {
            return id;
        }
        match self.get(id) {
            Ty::Param(owner, name) => given.find(*owner, *name).unwrap_or(id),
            _ => self.map(self.find(id), &mut |types, id| types.substitute(id, given)),
        }
    }

    pub(crate) fn substitute_bound(&mut self, bound: &Bound, given: &Given) -> Bound {
        let ty = self.intern(Ty::Bounded(Rc::new([bound.clone()])));
        let ty = self.substitute(ty, given);
        match self.get(ty) {
            Ty::Bounded(bounds) => bounds[0].clone(),
            _ => bound.clone(),
        }
    }

    /// Learns parameters of `owners` from a declared type and the type that is there.
    pub(crate) fn unify(&self, declared: TyId, actual: TyId, owners: &[NodeId], given: &mut Given) {
        if matches!(self.get(actual), Ty::Unknown | Ty::Never) {
            return;
        }
        match (self.get(declared), self.get(actual)) {
            (Ty::Param(owner, name), _) if owners.contains(owner) => given.learn(*owner, *name, actual),
            (Ty::Ref(declared), Ty::Ref(actual)) => self.unify(*declared, *actual, owners, given),
            // Deref coercion and autoref: the receiver's own reference isn't written.
            (Ty::Ref(declared), _) => self.unify(*declared, actual, owners, given),
            (_, Ty::Ref(actual)) => self.unify(declared, *actual, owners, given),
            (Ty::Ptr(declared), Ty::Ptr(actual)) => self.unify(*declared, *actual, owners, given),
            (Ty::Slice(declared), Ty::Slice(actual)) => self.unify(*declared, *actual, owners, given),
            (Ty::Adt(a, declared), Ty::Adt(b, actual)) if a == b => self.unify_all(declared, actual, owners, given),
            (Ty::Std(a, declared), Ty::Std(b, actual)) if a == b => self.unify_all(declared, actual, owners, given),
            (Ty::External(a, declared), Ty::External(b, actual)) if a == b => {
                self.unify_all(declared, actual, owners, given);
            }
            (Ty::Tuple(declared), Ty::Tuple(actual)) => self.unify_all(declared, actual, owners, given),
            (Ty::Fn(inputs, output), Ty::Fn(actual_inputs, actual_output)) => {
                self.unify_all(inputs, actual_inputs, owners, given);
                self.unify(*output, *actual_output, owners, given);
            }
            _ => {}
        }
    }

    fn unify_all(&self, declared: &[TyId], actual: &[TyId], owners: &[NodeId], given: &mut Given) {
        for (declared, actual) in declared.iter().zip(actual) {
            self.unify(*declared, *actual, owners, given);
        }
    }

    /// A type whose unknown parts are variables.
    pub(crate) fn opened(&mut self, id: TyId) -> TyId {
        if self.inside[self.find(id).0 as usize].what & (Inside::UNKNOWN | Inside::VARIABLE) == 0 {
            return id;
        }
        match self.get(id) {
            Ty::Unknown => self.variable(Kind::Any),
            _ => self.map(self.find(id), &mut |types, part| types.opened(part)),
        }
    }

    /// A type with its direct parts replaced.
    pub(crate) fn rebuilt(&mut self, id: TyId, of: &mut dyn FnMut(&mut Types, TyId) -> TyId) -> TyId {
        self.map(id, of)
    }

    /// The type behind references.
    pub(crate) fn peel(&self, mut id: TyId) -> TyId {
        while let Ty::Ref(of) | Ty::Ptr(of) = self.get(id) {
            id = *of;
        }
        self.find(id)
    }

    /// Whether a parameter is in it.
    pub(crate) fn has_params(&self, id: TyId) -> bool {
        self.holds_any(id, Inside::PARAM, &|ty| Inside::of(ty) & Inside::PARAM != 0)
    }

    /// Whether something in it is what a function returns as `impl Trait`.
    pub(crate) fn has_returned(&self, id: TyId) -> bool {
        self.holds_any(id, Inside::RETURNED, &|ty| Inside::of(ty) & Inside::RETURNED != 0)
    }

    /// Whether an associated type is in it that may have been found since.
    pub(crate) fn has_assoc(&self, id: TyId) -> bool {
        self.holds_any(id, Inside::ASSOC, &|ty| matches!(ty, Ty::Assoc(..)))
    }

    /// Whether something in it isn't known yet.
    pub(crate) fn has_variables(&self, id: TyId) -> bool {
        self.holds_any(id, Inside::VARIABLE, &|ty| matches!(ty, Ty::Var(_)))
    }

    /// The type without its variables, if all of these were found to be something, and whether none is left. In the next body
    /// they are others: an answer is kept only if no variable is in the type that it is about.
    pub(crate) fn known(&mut self, id: TyId) -> (TyId, bool) {
        let id = self.find(id);
        if self.inside[id.0 as usize].what & Inside::VARIABLE == 0 {
            return (id, true);
        }
        match self.has_variables(id) {
            true => (id, false),
            false => (self.settled(id), true),
        }
    }

    /// Whether something in it isn't known.
    pub(crate) fn has_unknown(&self, id: TyId) -> bool {
        self.holds_any(id, Inside::UNKNOWN, &|ty| matches!(ty, Ty::Unknown))
    }

    /// Whether a reference or a pointer may be somewhere in it.
    pub(crate) fn may_have_references(&self, id: TyId) -> bool {
        self.inside[self.find(id).0 as usize].what & (Inside::REFERENCE | Inside::VARIABLE) != 0
    }

    /// The direct parts of a type.
    pub(crate) fn parts(&self, id: TyId) -> Vec<TyId> {
        let mut parts = Vec::new();
        parts_of(self.get(id), &mut |part| parts.push(part));
        parts
    }

    /// A type with direct parts replaced.
    pub(crate) fn replace(&mut self, id: TyId, parts: &[(TyId, TyId)]) -> TyId {
        let id = self.find(id);
        self.map(id, &mut |_, part| parts.iter().find(|(of, _)| *of == part).map_or(part, |(_, to)| *to))
    }

    /// Every type that was made.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Ty> {
        self.list.iter()
    }

    /// Whether a struct, enum or union is somewhere in it.
    pub(crate) fn holds_adt(&self, id: TyId) -> bool {
        matches!(self.get(id), Ty::Adt(..)) || self.parts(id).into_iter().any(|part| self.holds_adt(part))
    }

    /// How deeply a type nests.
    pub(crate) fn depth(&self, id: TyId) -> u32 {
        let id = self.find(id);
        let inside = self.inside[id.0 as usize];
        if inside.what & Inside::VARIABLE == 0 {
            return u32::from(inside.depth);
        }
        let mut deepest = 0;
        parts_of(&self.list[id.0 as usize], &mut |part| deepest = deepest.max(self.depth(part)));
        1 + deepest
    }
}

/// Whether a type is what some function returns as `impl Trait`.
fn is_returned(bounds: &[Bound]) -> bool {
    bounds.iter().any(|bound| matches!(bound, Bound::ReturnedBy(..)))
}

/// What is somewhere in a type, as it was made: what its variables stand for by now isn't counted.
#[derive(Debug, Clone, Copy)]
struct Inside {
    what: u8,
    depth: u8,
}

impl Inside {
    const VARIABLE: u8 = 1;
    const PARAM: u8 = 2;
    const ASSOC: u8 = 4;
    const UNKNOWN: u8 = 8;
    const REFERENCE: u8 = 16;
    const RETURNED: u8 = 32;

    fn of(ty: &Ty) -> u8 {
        match ty {
            Ty::Var(_) => Inside::VARIABLE,
            Ty::Param(..) => Inside::PARAM,
            Ty::Assoc(..) => Inside::ASSOC,
            Ty::Unknown => Inside::UNKNOWN,
            Ty::Ref(_) | Ty::Ptr(_) => Inside::REFERENCE,
            // Like a parameter, it is found out by whoever draws what a body asks.
            Ty::Bounded(bounds) if is_returned(bounds) => Inside::PARAM | Inside::RETURNED,
            _ => 0,
        }
    }
}

/// The direct parts of a type.
fn parts_of(ty: &Ty, out: &mut dyn FnMut(TyId)) {
    match ty {
        Ty::Adt(_, args) | Ty::Std(_, args) | Ty::External(_, args) | Ty::Tuple(args) => {
            args.iter().for_each(|part| out(*part));
        }
        Ty::Ref(of) | Ty::Ptr(of) | Ty::Slice(of) | Ty::Assoc(of, _) => out(*of),
        Ty::Fn(inputs, output) => inputs.iter().chain([output]).for_each(|part| out(*part)),
        Ty::Bounded(bounds) => bounds.iter().flat_map(Bound::types).for_each(out),
        Ty::Unknown | Ty::Never | Ty::Theirs | Ty::Primitive(_) | Ty::Var(_) | Ty::Param(..) => {}
    }
}

impl Bound {
    /// The types in it.
    pub(crate) fn types(&self) -> impl Iterator<Item = TyId> + '_ {
        let (args, assoc, one): (&[TyId], &[(Sym, TyId)], Option<TyId>) = match self {
            Bound::Trait(_, args, assoc) | Bound::Std(_, args, assoc) => (args, assoc, None),
            Bound::ReturnedBy(_, args) => (args, &[], None),
            Bound::Fn(inputs, output) => (inputs, &[], Some(*output)),
            Bound::Iterator(item) => (&[], &[], Some(*item)),
            Bound::External(_) | Bound::Unknown => (&[], &[], None),
        };
        args.iter().copied().chain(assoc.iter().map(|(_, ty)| *ty)).chain(one)
    }
}

/// What parameters stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Given {
    list: Vec<(NodeId, Sym, TyId)>,
}

impl Given {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(NodeId, Sym, TyId)> {
        self.list.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut (NodeId, Sym, TyId)> {
        self.list.iter_mut()
    }

    pub(crate) fn find(&self, owner: NodeId, name: Sym) -> Option<TyId> {
        self.list.iter().find(|(o, n, _)| *o == owner && *n == name).map(|(_, _, ty)| *ty)
    }

    pub(crate) fn learn(&mut self, owner: NodeId, name: Sym, ty: TyId) {
        if self.find(owner, name).is_none() {
            self.list.push((owner, name, ty));
        }
    }
}
