//! Types as far as receivers need them, interned.

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
    Adt(NodeId, Box<[TyId]>),
    /// A type of the standard library, by its name.
    Std(Sym, Box<[TyId]>),
    /// A type of an external package.
    External(ExternalId, Box<[TyId]>),
    Ref(TyId),
    Ptr(TyId),
    /// A slice or an array.
    Slice(TyId),
    Tuple(Box<[TyId]>),
    /// A function, a function pointer or a closure.
    Fn(Box<[TyId]>, TyId),
    /// A type parameter of an item; `Self` of a trait.
    Param(NodeId, Sym),
    /// `impl A + B`, `dyn A + B`.
    Bounded(Box<[Bound]>),
}

/// What a type is known to implement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Bound {
    Trait(NodeId),
    Std(Sym),
    External(ExternalId),
    /// `Fn(A) -> B` and its kin.
    Fn(Box<[TyId]>, TyId),
    /// `Iterator<Item = T>` and `IntoIterator<Item = T>`.
    Iterator(TyId),
    Unknown,
}

/// Every type of one analysis, each once.
#[derive(Debug)]
pub(crate) struct Types {
    list: Vec<Ty>,
    index: HashMap<Ty, TyId>,
}

impl Types {
    pub(crate) fn new() -> Self {
        let mut types = Types { list: Vec::new(), index: HashMap::default() };
        types.intern(Ty::Unknown);
        types.intern(Ty::Never);
        types.intern(Ty::Tuple(Box::default()));
        types
    }

    pub(crate) fn intern(&mut self, ty: Ty) -> TyId {
        if let Some(&id) = self.index.get(&ty) {
            return id;
        }
        let id = TyId(self.list.len() as u32);
        self.list.push(ty.clone());
        self.index.insert(ty, id);
        id
    }

    pub(crate) fn get(&self, id: TyId) -> &Ty {
        &self.list[id.0 as usize]
    }

    /// Replaces parameters; those that aren't given stay.
    pub(crate) fn substitute(&mut self, id: TyId, given: &Given) -> TyId {
        if given.list.is_empty() {
            return id;
        }
        match self.get(id).clone() {
            Ty::Unknown | Ty::Never | Ty::Primitive(_) => id,
            Ty::Param(owner, name) => given.find(owner, name).unwrap_or(id),
            Ty::Adt(node, args) => {
                let args = self.substitute_all(&args, given);
                self.intern(Ty::Adt(node, args))
            }
            Ty::Std(name, args) => {
                let args = self.substitute_all(&args, given);
                self.intern(Ty::Std(name, args))
            }
            Ty::External(package, args) => {
                let args = self.substitute_all(&args, given);
                self.intern(Ty::External(package, args))
            }
            Ty::Ref(of) => {
                let of = self.substitute(of, given);
                self.intern(Ty::Ref(of))
            }
            Ty::Ptr(of) => {
                let of = self.substitute(of, given);
                self.intern(Ty::Ptr(of))
            }
            Ty::Slice(of) => {
                let of = self.substitute(of, given);
                self.intern(Ty::Slice(of))
            }
            Ty::Tuple(parts) => {
                let parts = self.substitute_all(&parts, given);
                self.intern(Ty::Tuple(parts))
            }
            Ty::Fn(inputs, output) => {
                let inputs = self.substitute_all(&inputs, given);
                let output = self.substitute(output, given);
                self.intern(Ty::Fn(inputs, output))
            }
            Ty::Bounded(bounds) => {
                let bounds = bounds
                    .iter()
                    .map(|bound| match bound {
                        Bound::Fn(inputs, output) => {
                            Bound::Fn(self.substitute_all(inputs, given), self.substitute(*output, given))
                        }
                        Bound::Iterator(item) => Bound::Iterator(self.substitute(*item, given)),
                        bound => bound.clone(),
                    })
                    .collect();
                self.intern(Ty::Bounded(bounds))
            }
        }
    }

    fn substitute_all(&mut self, ids: &[TyId], given: &Given) -> Box<[TyId]> {
        ids.iter().map(|id| self.substitute(*id, given)).collect()
    }

    /// Learns parameters of `owners` from a declared type and the type that is there.
    pub(crate) fn unify(&self, declared: TyId, actual: TyId, owners: &[NodeId], given: &mut Given) {
        if actual == TyId::UNKNOWN || actual == TyId::NEVER {
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

    /// The type of one of two branches: the one that is known.
    pub(crate) fn join(&self, a: TyId, b: TyId) -> TyId {
        if a == TyId::NEVER || a == TyId::UNKNOWN { b } else { a }
    }

    /// The type behind references.
    pub(crate) fn peel(&self, mut id: TyId) -> TyId {
        while let Ty::Ref(of) | Ty::Ptr(of) = self.get(id) {
            id = *of;
        }
        id
    }
}

/// What parameters stand for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    list: Vec<(NodeId, Sym, TyId)>,
}

impl Given {
    pub(crate) fn find(&self, owner: NodeId, name: Sym) -> Option<TyId> {
        self.list.iter().find(|(o, n, _)| *o == owner && *n == name).map(|(_, _, ty)| *ty)
    }

    pub(crate) fn learn(&mut self, owner: NodeId, name: Sym, ty: TyId) {
        if self.find(owner, name).is_none() {
            self.list.push((owner, name, ty));
        }
    }
}
