//! Signatures, fields and constants, as they are declared; what stands behind `impl Trait` in a result.

use super::answers::Question;
use super::index::has_body;
use super::types::{Ty, TyId};
use super::{Infer, Scope, Signature};
use crate::ir::{DeclKind, GenericArg, Path, Sym, Type};
use crate::program::NodeId;
use std::rc::Rc;

impl Infer<'_, '_, '_> {
    /// A function's declared types.
    pub(crate) fn signature(&mut self, id: NodeId) -> Option<Rc<Signature>> {
        if let Some(found) = self.signatures.get(&id) {
            return found.clone();
        }
        self.begin(Question::Declared(id, Sym::NONE));
        let found = self.seen_from(Some(id), |infer| infer.signature_here(id));
        if self.answered() {
            self.signatures.insert(id, found.clone());
        }
        found
    }

    fn signature_here(&mut self, id: NodeId) -> Option<Rc<Signature>> {
        match self.program.decl(id) {
            Some(DeclKind::Fn(decl)) => {
                let scope = self.scope(id);
                let receiver = decl.receiver.as_ref().map(|receiver| match &receiver.ty {
                    Some(ty) => self.read(&scope, scope.module, ty, &mut None),
                    None if receiver.by_ref => self.types.intern(Ty::Ref(scope.self_ty)),
                    None => scope.self_ty,
                });
                let params = decl.params.iter().map(|(_, ty)| self.read(&scope, scope.module, ty, &mut None)).collect();
                let mut output = self.output(id, &scope, decl.output.as_ref());
                if decl.is_async {
                    let future = self.program.words.future;
                    output = self.types.intern(Ty::Std(future, Rc::new([output])));
                }
                Some(Rc::new(Signature { receiver, params, output }))
            }
            _ => None,
        }
    }

    /// What a function returns, as declared. If one `impl Trait` is in it, it says which function knows the type.
    fn output(&mut self, id: NodeId, scope: &Scope, output: Option<&Type>) -> TyId {
        let Some(output) = output else { return TyId::UNIT };
        let program = self.program;
        let of_trait =
            program.node(id).owner.is_some_and(|owner| matches!(program.decl(owner), Some(DeclKind::Trait(..))));
        let is_told = hidden_in(output) == 1 && has_body(program, id) && !program.is_external(id) && !of_trait;
        let returning = is_told.then(|| {
            (id, scope.params.iter().map(|(name, owner)| self.types.intern(Ty::Param(*owner, *name))).collect())
        });
        let around = std::mem::replace(&mut self.returning, returning);
        let read = self.read(scope, scope.module, output, &mut None);
        self.returning = around;
        read
    }

    /// The `impl Trait` type that a function returns, if it is the only one.
    pub(super) fn returned(&mut self, id: NodeId) -> Option<TyId> {
        let output = self.signature(id)?.output;
        self.returned_in(output)
    }

    fn returned_in(&self, ty: TyId) -> Option<TyId> {
        match self.types.get(ty) {
            Ty::Bounded(_) if self.types.has_returned(ty) => Some(ty),
            _ => self.types.parts(ty).into_iter().find_map(|part| self.returned_in(part)),
        }
    }

    /// The `impl Trait` types that a function returns.
    pub(super) fn hidden_outputs(&mut self, id: NodeId) -> Vec<TyId> {
        let Some(DeclKind::Fn(decl)) = self.program.decl(id) else { return Vec::new() };
        let Some(output) = &decl.output else { return Vec::new() };
        if let Some(returned) = self.returned(id) {
            return vec![returned];
        }
        let (scope, mut found, mut open) = (self.scope(id), Vec::new(), vec![output]);
        while let Some(ty) = open.pop() {
            match ty {
                Type::Impl(_) => found.push(self.read(&scope, scope.module, ty, &mut None)),
                Type::Ref(of) | Type::Ptr(of) | Type::Slice(of) | Type::Array(of, _) => open.push(of),
                Type::Tuple(parts) => open.extend(parts),
                Type::Path(path) => {
                    let args = path.segments.iter().flat_map(|segment| &segment.args);
                    open.extend(args.filter_map(|arg| match arg {
                        GenericArg::Type(ty) => Some(ty),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        found
    }

    /// Fields of a struct (variant `Sym::NONE`) or of an enum's variant.
    pub(crate) fn fields(&mut self, id: NodeId, variant: Sym) -> Rc<Vec<(Sym, TyId)>> {
        if let Some(found) = self.fields.get(&(id, variant)) {
            return found.clone();
        }
        let fields = match self.program.decl(id) {
            Some(DeclKind::Struct(_, fields) | DeclKind::Union(_, fields)) => Some(fields),
            Some(DeclKind::Enum(_, variants)) => {
                variants.iter().find(|v| v.name == variant).map(|variant| &variant.fields)
            }
            _ => None,
        };
        self.begin(Question::Declared(id, variant));
        let mut out = Vec::new();
        if let Some(fields) = fields {
            for (name, ty) in fields.names.iter().zip(&fields.types) {
                out.push((*name, self.declared(id, ty)));
            }
        }
        let out = Rc::new(out);
        if self.answered() {
            self.fields.insert((id, variant), out.clone());
        }
        out
    }

    /// The type of a constant or static.
    pub(crate) fn constant(&mut self, id: NodeId) -> TyId {
        if let Some(found) = self.constants.get(&id) {
            return *found;
        }
        self.begin(Question::Declared(id, Sym::NONE));
        let ty = match self.program.decl(id) {
            Some(DeclKind::Const(_, ty, _) | DeclKind::Static(ty, ..)) => self.declared(id, ty),
            _ => TyId::UNKNOWN,
        };
        let ty = match self.program.node(id).wrapper {
            Some(wrapper) => self.types.intern(Ty::Std(wrapper, Rc::new([ty]))),
            None => ty,
        };
        if self.answered() {
            self.constants.insert(id, ty);
        }
        ty
    }
}

/// How often `impl Trait` stands in a type.
fn hidden_in(ty: &Type) -> usize {
    let all = |types: &[Type]| types.iter().map(hidden_in).sum::<usize>();
    let in_path = |path: &Path| -> usize {
        let args = path.segments.iter().flat_map(|segment| &segment.args);
        let of_self = path.qself.as_ref().map_or(0, |(ty, _)| hidden_in(ty));
        of_self
            + args
                .map(|arg| match arg {
                    GenericArg::Type(ty) => hidden_in(ty),
                    // Nobody counts what stands there.
                    GenericArg::Assoc(_, ty, bounds) => ty.as_ref().map_or(0, hidden_in) + 2 * bounds.len(),
                    GenericArg::Call(inputs, output) => all(inputs) + output.as_ref().map_or(0, hidden_in),
                    GenericArg::Const(_) => 0,
                })
                .sum::<usize>()
    };
    match ty {
        Type::Impl(bounds) => 1 + bounds.iter().map(in_path).sum::<usize>(),
        Type::Dyn(bounds) => bounds.iter().map(in_path).sum(),
        Type::Path(path) => in_path(path),
        Type::Ref(of) | Type::Ptr(of) | Type::Slice(of) | Type::Array(of, _) => hidden_in(of),
        Type::Tuple(parts) => all(parts),
        Type::Fn(inputs, output) => all(inputs) + output.as_deref().map_or(0, hidden_in),
        Type::Never | Type::Infer => 0,
        // What a macro makes may hold any number.
        Type::Macro(_) | Type::Tokens(_) => 2,
    }
}
