//! What a type parameter is bound by.

use std::rc::Rc;

use super::Infer;
use super::types::{Bound, Ty, TyId};
use crate::ir::{DeclKind, Sym, Type};
use crate::program::NodeId;

impl Infer<'_, '_, '_> {
    /// The bounds of a parameter or of an `impl Trait`.
    pub(crate) fn bounds_of(&mut self, ty: TyId) -> Rc<Vec<Bound>> {
        match self.types.get(self.types.peel(ty)).clone() {
            Ty::Param(owner, name) => self.bounds_of_param(owner, name),
            Ty::Bounded(bounds) => Rc::new(bounds.into_vec()),
            _ => Rc::default(),
        }
    }

    fn bounds_of_param(&mut self, owner: NodeId, name: Sym) -> Rc<Vec<Bound>> {
        if let Some(found) = self.bounds.get(&(owner, name)) {
            return found.clone();
        }
        // Filled before its parts are read, so that `T: Into<T>` ends.
        self.bounds.insert((owner, name), Rc::default());
        let scope = self.scope(owner);
        let program = self.program;
        let mut out = Vec::new();
        if name == program.words.self_type
            && let Some(DeclKind::Trait(..)) = program.decl(owner)
        {
            out.push(Bound::Trait(owner));
        }
        if let Some(generics) = program.decl(owner).and_then(super::declared::generics) {
            let own = generics.params.iter().filter(|param| param.name == name).flat_map(|param| &param.bounds);
            for path in own {
                out.push(self.read_bound(&scope, scope.module, path, &mut None));
            }
            for (ty, bounds) in &generics.wheres {
                if is_param(ty, name) {
                    for path in bounds {
                        out.push(self.read_bound(&scope, scope.module, path, &mut None));
                    }
                }
            }
        }
        // A method's where clause may bind a parameter of its impl; the callers of this see the impl's only, and widen.
        let out = Rc::new(out);
        self.bounds.insert((owner, name), out.clone());
        out
    }

    /// Inputs and output, if the type can be called.
    pub(crate) fn callable(&mut self, ty: TyId) -> Option<(Box<[TyId]>, TyId)> {
        match self.types.get(self.types.peel(ty)).clone() {
            Ty::Fn(inputs, output) => Some((inputs, output)),
            Ty::Param(..) | Ty::Bounded(_) => self.bounds_of(ty).iter().find_map(|bound| match bound {
                Bound::Fn(inputs, output) => Some((inputs.clone(), *output)),
                _ => None,
            }),
            Ty::Std(_, args) if args.len() == 1 => self.callable(args[0]),
            _ => None,
        }
    }
}

fn is_param(ty: &Type, name: Sym) -> bool {
    match ty {
        Type::Path(path) => path.qself.is_none() && path.segments.len() == 1 && path.segments[0].name == name,
        Type::Ref(of) => is_param(of, name),
        _ => false,
    }
}
