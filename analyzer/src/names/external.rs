//! What a path into an external package stands for, where the package's sources are read.
//!
//! Unlike other names this must be one answer: where predicates or globs leave several, nothing is said.

use super::{MACROS, Resolved, TYPES, VALUES};
use crate::program::{Def, ForeignId, ModuleId, NodeId, Owner, Program};
use crate::report::ItemKind;

/// How many re-exports may lead to each other.
const MAX_REEXPORTS: u32 = 24;

/// What a path into an external package stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) def: Def,
    /// How many of the last names it left: they name something inside a type or trait.
    pub(crate) left: usize,
}

impl Program {
    /// The type or trait that a foreign path leads to.
    pub(crate) fn external_type(&self, id: ForeignId) -> Option<Declared> {
        self.declared(id, TYPES)
    }

    /// The function, constant or constructor.
    pub(crate) fn external_value(&self, id: ForeignId) -> Option<Declared> {
        self.declared(id, VALUES)
    }

    /// The `macro_rules!`.
    pub(crate) fn external_macro(&self, id: ForeignId) -> Option<NodeId> {
        match self.declared(id, MACROS)? {
            Declared { def: Def::Node(node), left: 0 } if self.macros.contains_key(&node) => Some(node),
            _ => None,
        }
    }

    /// Whether a name may stand for a function, a constant or a constructor.
    pub(crate) fn may_be_value(&self, def: Def) -> bool {
        match def {
            // Of a package that is read, what is surely no value is known.
            Def::Foreign(id) => self.external_value(id).is_some() || self.external_type(id).is_none(),
            Def::Module(_) | Def::Primitive(_) => false,
            Def::Node(node) => !matches!(self.node(node).kind, ItemKind::Trait),
            _ => true,
        }
    }

    fn declared(&self, id: ForeignId, space: u8) -> Option<Declared> {
        if self.libraries.is_empty() {
            return None;
        }
        if let Some(known) = self.memo.borrow().declared.get(&(id, space)) {
            return *known;
        }
        let mut found: Vec<Declared> = Vec::new();
        self.lead(id, 0, &mut found);
        found.retain(|declared| declared.left > 0 || self.is_in(declared.def, space));
        let found = match found.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => Some(*first),
            _ => None,
        };
        self.memo.borrow_mut().declared.insert((id, space), found);
        found
    }

    fn is_in(&self, def: Def, space: u8) -> bool {
        match def {
            Def::Foreign(_) => true,
            Def::Module(_) | Def::Whole(_) | Def::Import(_) => false,
            def => self.spaces(def) & space != 0,
        }
    }

    /// Follows a path through the sources of its package, and of those that it re-exports from.
    fn lead(&self, id: ForeignId, depth: u32, out: &mut Vec<Declared>) {
        let foreign = self.foreign(id);
        let Owner::External(package) = foreign.owner else {
            // The standard library's, by another way.
            out.push(Declared { def: Def::Foreign(id), left: 0 });
            return;
        };
        let Some(&root) = self.libraries.get(&package) else { return };
        if depth > MAX_REEXPORTS {
            return;
        }
        let mut found = Vec::new();
        self.walk(Def::Module(root), &foreign.path, 0, &mut found);
        if found.is_empty() {
            self.through_globs(root, &foreign.path, depth, out);
        }
        for Resolved { def, taken } in found {
            match def {
                Def::Foreign(next) if next != id => self.lead(next, depth + 1, out),
                def => {
                    let declared = Declared { def, left: foreign.path.len() - taken };
                    if !out.contains(&declared) {
                        out.push(declared);
                    }
                }
            }
        }
    }

    /// `pub use other::*`: a name that a module doesn't have itself may be another package's.
    fn through_globs(&self, root: ModuleId, path: &[crate::ir::Sym], depth: u32, out: &mut Vec<Declared>) {
        let mut at = root;
        for (position, name) in path.iter().enumerate() {
            let inner: Vec<Def> = self.in_module(at, *name).to_vec();
            let modules: Vec<ModuleId> = inner
                .into_iter()
                .filter_map(|def| match def {
                    Def::Module(module) => Some(module),
                    _ => None,
                })
                .collect();
            if let [module] = modules[..] {
                at = module;
                continue;
            }
            for import in &self.module(at).globs {
                for def in self.import(*import).iter() {
                    let Def::Foreign(id) = def else { continue };
                    let foreign = self.foreign(*id);
                    let mut longer = foreign.path.clone();
                    longer.extend_from_slice(&path[position..]);
                    // A glob of the standard library may bring any name: it says nothing.
                    if let (Owner::External(_), Def::Foreign(id)) =
                        (foreign.owner, self.intern_foreign(foreign.owner, longer))
                    {
                        self.lead(id, depth + 1, out);
                    }
                }
            }
            return;
        }
    }

    /// The traits that a foreign import brings: itself, or what a glob of it holds.
    pub(super) fn external_traits_of(&self, id: ForeignId, out: &mut Vec<NodeId>, depth: u32) {
        if depth > MAX_REEXPORTS || self.libraries.is_empty() {
            return;
        }
        let mut found = Vec::new();
        let foreign = self.foreign(id);
        match (foreign.owner, foreign.path.is_empty()) {
            (Owner::External(package), true) => {
                found.extend(self.libraries.get(&package).map(|root| Declared { def: Def::Module(*root), left: 0 }));
            }
            _ => self.lead(id, depth, &mut found),
        }
        for declared in found {
            match declared.def {
                Def::Node(node) if self.node(node).kind == ItemKind::Trait => out.push(node),
                Def::Module(module) => {
                    let (mut traits, mut foreign) = (Vec::new(), Vec::new());
                    self.traits_of_module(module, &mut traits, &mut foreign, &mut Vec::new());
                    out.extend(traits);
                    for next in foreign.into_iter().filter(|next| *next != id) {
                        self.external_traits_of(next, out, depth + 4);
                    }
                }
                _ => {}
            }
        }
    }
}
