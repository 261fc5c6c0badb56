//! What code that isn't analyzed calls back: impls of foreign traits, by the types whose values it gets.

use rustc_hash::FxHashSet as HashSet;

use super::Vertex;
use super::bodies::Body;
use super::types::{Bound, Ty, TyId};
use crate::ir::Sym;
use crate::program::NodeId;

/// Calling the first may call the others.
const IMPLIED: &[(&str, &[&str])] = &[
    ("Ord", &["PartialOrd", "Eq", "PartialEq"]),
    ("PartialOrd", &["PartialEq"]),
    ("Eq", &["PartialEq"]),
    ("Hash", &["Hasher"]),
    ("BuildHasher", &["Hasher", "Default"]),
    ("Into", &["From"]),
    ("TryInto", &["TryFrom", "From", "Into"]),
    ("ToString", &["Display"]),
    ("ToOwned", &["Clone", "Borrow"]),
    ("Error", &["Display", "Debug"]),
    ("Iterator", &["IntoIterator", "DoubleEndedIterator", "ExactSizeIterator", "FusedIterator"]),
    ("IntoIterator", &["Iterator", "DoubleEndedIterator", "ExactSizeIterator"]),
    ("DoubleEndedIterator", &["Iterator"]),
    ("ExactSizeIterator", &["Iterator"]),
    ("DerefMut", &["Deref"]),
    ("IndexMut", &["Index"]),
    ("BorrowMut", &["Borrow"]),
    ("Clone", &["Copy"]),
    ("BufRead", &["Read"]),
    ("IntoFuture", &["Future"]),
    ("Sum", &["Add"]),
    ("Product", &["Mul"]),
    ("FromIterator", &["Extend", "Default"]),
];

/// Traits with a type argument: a foreign type may implement them for an analyzed one.
const WITH_ARGUMENT: &[&str] = &[
    "From",
    "TryFrom",
    "Into",
    "TryInto",
    "PartialEq",
    "PartialOrd",
    "AsRef",
    "AsMut",
    "Borrow",
    "BorrowMut",
    "Extend",
    "FromIterator",
    "Sum",
    "Product",
    "Index",
    "IndexMut",
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
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
    "BitAndAssign",
    "BitOrAssign",
    "BitXorAssign",
    "ShlAssign",
    "ShrAssign",
];

impl Body<'_, '_, '_, '_> {
    /// A standard trait may be used on values of that type, and on what is in them.
    pub(super) fn trigger(&mut self, of: Sym, ty: TyId) {
        let (mut nodes, mut unknown) = (Vec::new(), false);
        self.parts(ty, &mut nodes, &mut unknown, &mut HashSet::default());
        for name in self.implied(of) {
            if unknown {
                self.facts.mention(Vertex::Trigger(name));
            }
            for node in &nodes {
                self.facts.mention(Vertex::Typed(name, *node));
            }
            self.loose(name);
        }
    }

    pub(super) fn trigger_named(&mut self, of: &str, ty: TyId) {
        let of = self.infer.program.sym(of);
        self.trigger(of, ty);
    }

    /// A standard trait may be used on any type that is reached.
    pub(super) fn trigger_all(&mut self, of: &str) {
        self.trigger_named(of, TyId::UNKNOWN);
    }

    fn implied(&mut self, of: Sym) -> Vec<Sym> {
        let program = self.infer.program;
        let mut all = vec![of];
        let mut at = 0;
        while at < all.len() {
            let text = program.text(all[at]);
            if let Some((_, others)) = IMPLIED.iter().find(|(name, _)| *name == text) {
                for other in *others {
                    let other = program.sym(other);
                    if !all.contains(&other) {
                        all.push(other);
                    }
                }
            }
            at += 1;
        }
        all
    }

    fn loose(&mut self, name: Sym) {
        if self.infer.index.std_loose.contains_key(&name) {
            let text = self.infer.program.text(name);
            if WITH_ARGUMENT.contains(&text.as_str()) {
                self.facts.mention(Vertex::Loose(name));
            }
        }
    }

    /// The analyzed types in a type, and whether anything in it isn't known.
    pub(super) fn parts(&mut self, ty: TyId, nodes: &mut Vec<NodeId>, unknown: &mut bool, seen: &mut HashSet<TyId>) {
        if !seen.insert(ty) {
            return;
        }
        match self.infer.types.get(ty).clone() {
            Ty::Unknown => *unknown = true,
            Ty::Never | Ty::Primitive(_) => {}
            Ty::Adt(node, args) => {
                if !nodes.contains(&node) {
                    nodes.push(node);
                }
                for arg in args {
                    self.parts(arg, nodes, unknown, seen);
                }
            }
            // What a library's type holds besides its arguments is its own.
            Ty::Std(_, args) | Ty::External(_, args) => {
                for arg in args {
                    self.parts(arg, nodes, unknown, seen);
                }
            }
            Ty::Ref(of) | Ty::Ptr(of) | Ty::Slice(of) => self.parts(of, nodes, unknown, seen),
            Ty::Tuple(parts) => {
                for part in parts {
                    self.parts(part, nodes, unknown, seen);
                }
            }
            // A closure's own code is part of the body that it stands in.
            Ty::Fn(_, output) => self.parts(output, nodes, unknown, seen),
            Ty::Param(..) => *unknown = true,
            Ty::Bounded(bounds) => {
                for bound in &bounds {
                    if let Bound::Iterator(item) = bound {
                        self.parts(*item, nodes, unknown, seen);
                    }
                }
                *unknown = true;
            }
        }
    }

    /// A value goes into code that isn't analyzed and that nobody describes.
    pub(super) fn escape(&mut self, ty: TyId) {
        let (mut nodes, mut unknown) = (Vec::new(), false);
        self.parts(ty, &mut nodes, &mut unknown, &mut HashSet::default());
        if unknown {
            self.facts.mention(Vertex::AllForeign);
        }
        for node in nodes {
            self.facts.mention(Vertex::Escaped(node));
        }
    }

    /// A method is called by name on something that nobody knows.
    pub(super) fn method_of_anything(&mut self, name: Sym) {
        if self.infer.index.named.contains_key(&name) {
            self.facts.mention(Vertex::Method(name));
        }
    }
}
