//! Paths, types, bounds and generics. Lifetimes and type parameters count by name.

use quote::ToTokens as _;
use syn::{
    Abi, AngleBracketedGenericArguments, BoundLifetimes, CapturedParam, GenericArgument, GenericParam, Generics,
    Lifetime, NamedArg, Path, PathArguments, PointerMutability, QSelf, ReturnType, Type, TypeParamBound,
    WherePredicate,
};

use super::tag::Tag;
use super::writer::Writer;

impl Writer {
    pub(super) fn lifetime(&mut self, lifetime: &Lifetime) {
        self.ident(&lifetime.ident);
    }

    pub(super) fn qualified_path(&mut self, qself: Option<&QSelf>, path: &Path) {
        self.option(qself, |w, qself| {
            w.ty(&qself.ty);
            w.number(qself.position);
            w.flag(qself.as_token.is_some());
        });
        self.path(path);
    }

    pub(super) fn path(&mut self, path: &Path) {
        self.flag(path.leading_colon.is_some());
        self.list(&path.segments, |w, segment| {
            w.ident(&segment.ident);
            match &segment.arguments {
                PathArguments::None => w.tag(Tag::ArgumentsNone),
                PathArguments::AngleBracketed(arguments) => {
                    w.tag(Tag::ArgumentsAngle);
                    w.angle_arguments(arguments);
                }
                PathArguments::Parenthesized(arguments) => {
                    w.tag(Tag::ArgumentsParenthesis);
                    w.named_arguments(&arguments.inputs);
                    w.output(&arguments.output);
                }
            }
        });
    }

    pub(super) fn angle_arguments(&mut self, arguments: &AngleBracketedGenericArguments) {
        self.list(&arguments.args, |w, argument| match argument {
            GenericArgument::Lifetime(lifetime) => {
                w.tag(Tag::ArgumentLifetime);
                w.lifetime(lifetime);
            }
            GenericArgument::Type(ty) => {
                w.tag(Tag::ArgumentType);
                w.ty(ty);
            }
            GenericArgument::Const(value) => {
                w.tag(Tag::ArgumentConst);
                w.without_locals(|w| w.expr(value));
            }
            GenericArgument::AssocType(assoc) => {
                w.tag(Tag::ArgumentAssocType);
                w.ident(&assoc.ident);
                w.option(assoc.generics.as_ref(), Self::angle_arguments);
                w.ty(&assoc.ty);
            }
            GenericArgument::AssocConst(assoc) => {
                w.tag(Tag::ArgumentAssocConst);
                w.ident(&assoc.ident);
                w.option(assoc.generics.as_ref(), Self::angle_arguments);
                w.without_locals(|w| w.expr(&assoc.value));
            }
            GenericArgument::Constraint(constraint) => {
                w.tag(Tag::ArgumentConstraint);
                w.ident(&constraint.ident);
                w.option(constraint.generics.as_ref(), Self::angle_arguments);
                w.list(&constraint.bounds, Self::bound);
            }
            #[allow(unreachable_patterns, reason = "a later syn may know more")]
            other => {
                w.tag(Tag::Verbatim);
                w.macro_tokens(&other.to_token_stream());
            }
        });
    }

    /// Arguments of a function type: their names say nothing.
    fn named_arguments<'a>(&mut self, arguments: impl IntoIterator<Item = &'a NamedArg>) {
        self.list(arguments, |w, argument| {
            w.attributes(&argument.attrs);
            w.ty(&argument.ty);
        });
    }

    /// What a function or a function type returns; nothing written is `()`.
    pub(super) fn output(&mut self, output: &ReturnType) {
        let ty = match output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => match &**ty {
                Type::Tuple(tuple) if tuple.elems.is_empty() && tuple.attrs.is_empty() => None,
                ty => Some(ty),
            },
        };
        self.option(ty, Self::ty);
    }

    pub(super) fn abi(&mut self, abi: &Abi) {
        match &abi.name {
            Some(name) => self.text(&name.value()),
            None => self.text("C"),
        }
    }

    fn pointer_mutability(&mut self, mutability: &PointerMutability) {
        self.flag(matches!(mutability, PointerMutability::Mut(_)));
    }

    pub(super) fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Array(ty) => {
                self.tag(Tag::TypeArray);
                self.attributes(&ty.attrs);
                self.ty(&ty.elem);
                self.without_locals(|w| w.expr(&ty.len));
            }
            Type::FnPtr(ty) => {
                self.tag(Tag::TypeFnPtr);
                self.attributes(&ty.attrs);
                self.option(ty.lifetimes.as_ref(), Self::bound_lifetimes);
                self.flag(ty.unsafety.is_some());
                self.option(ty.abi.as_ref(), Self::abi);
                self.named_arguments(&ty.inputs);
                self.option(ty.variadic.as_ref(), |w, variadic| w.attributes(&variadic.attrs));
                self.output(&ty.output);
            }
            Type::Group(ty) => self.parenthesized(&ty.attrs, |w| w.ty(&ty.elem)),
            Type::Paren(ty) => self.parenthesized(&ty.attrs, |w| w.ty(&ty.elem)),
            Type::ImplTrait(ty) => {
                self.tag(Tag::TypeImplTrait);
                self.attributes(&ty.attrs);
                self.list(&ty.bounds, Self::bound);
            }
            Type::Infer(ty) => {
                self.tag(Tag::TypeInfer);
                self.attributes(&ty.attrs);
            }
            Type::Macro(ty) => {
                self.tag(Tag::TypeMacro);
                self.attributes(&ty.attrs);
                self.without_locals(|w| w.macro_call(&ty.mac));
            }
            Type::Never(ty) => {
                self.tag(Tag::TypeNever);
                self.attributes(&ty.attrs);
            }
            Type::Path(ty) => {
                self.tag(Tag::TypePath);
                self.attributes(&ty.attrs);
                self.qualified_path(ty.qself.as_ref(), &ty.path);
            }
            Type::Ptr(ty) => {
                self.tag(Tag::TypePtr);
                self.attributes(&ty.attrs);
                self.pointer_mutability(&ty.mutability);
                self.ty(&ty.elem);
            }
            Type::Reference(ty) => {
                self.tag(Tag::TypeReference);
                self.attributes(&ty.attrs);
                self.option(ty.lifetime.as_ref(), Self::lifetime);
                self.flag(ty.mutability.is_some());
                self.ty(&ty.elem);
            }
            Type::Slice(ty) => {
                self.tag(Tag::TypeSlice);
                self.attributes(&ty.attrs);
                self.ty(&ty.elem);
            }
            Type::TraitObject(ty) => {
                self.tag(Tag::TypeTraitObject);
                self.attributes(&ty.attrs);
                self.flag(ty.dyn_token.is_some());
                self.list(&ty.bounds, Self::bound);
            }
            Type::Tuple(ty) => {
                self.tag(Tag::TypeTuple);
                self.attributes(&ty.attrs);
                self.list(&ty.elems, Self::ty);
            }
            other => {
                self.tag(Tag::Verbatim);
                self.macro_tokens(&other.to_token_stream());
            }
        }
    }

    pub(super) fn bound_lifetimes(&mut self, lifetimes: &BoundLifetimes) {
        self.list(&lifetimes.lifetimes, Self::generic_param);
    }

    pub(super) fn bound(&mut self, bound: &TypeParamBound) {
        match bound {
            TypeParamBound::Trait(bound) => {
                self.tag(Tag::BoundTrait);
                self.option(bound.lifetimes.as_ref(), Self::bound_lifetimes);
                self.modifiers(bound.modifiers.require_empty(), bound);
                self.flag(bound.maybe.is_some());
                self.path(&bound.path);
            }
            TypeParamBound::Lifetime(lifetime) => {
                self.tag(Tag::BoundLifetime);
                self.lifetime(lifetime);
            }
            TypeParamBound::PreciseCapture(capture) => {
                self.tag(Tag::BoundCapture);
                self.list(&capture.params, |w, param| match param {
                    CapturedParam::Lifetime(lifetime) => {
                        w.tag(Tag::BoundLifetime);
                        w.lifetime(lifetime);
                    }
                    CapturedParam::Ident(ident) => {
                        w.tag(Tag::Name);
                        w.ident(ident);
                    }
                    other => {
                        w.tag(Tag::Verbatim);
                        w.macro_tokens(&other.to_token_stream());
                    }
                });
            }
            other => {
                self.tag(Tag::Verbatim);
                self.macro_tokens(&other.to_token_stream());
            }
        }
    }

    fn generic_param(&mut self, param: &GenericParam) {
        match param {
            GenericParam::Lifetime(param) => {
                self.tag(Tag::ParamLifetime);
                self.attributes(&param.attrs);
                self.lifetime(&param.lifetime);
                self.list(&param.bounds, Self::lifetime);
            }
            GenericParam::Type(param) => {
                self.tag(Tag::ParamType);
                self.attributes(&param.attrs);
                self.ident(&param.ident);
                self.list(&param.bounds, Self::bound);
                self.option(param.default.as_ref(), |w, (_, ty)| w.ty(ty));
            }
            GenericParam::Const(param) => {
                self.tag(Tag::ParamConst);
                self.attributes(&param.attrs);
                self.ident(&param.ident);
                self.ty(&param.ty);
                self.option(param.default.as_ref(), |w, (_, value)| w.without_locals(|w| w.expr(value)));
            }
        }
    }

    /// Parameters and where clause. The order of predicates is kept.
    pub(super) fn generics(&mut self, generics: &Generics) {
        self.list(&generics.params, Self::generic_param);
        let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        self.list(predicates, |w, predicate| match predicate {
            WherePredicate::Lifetime(predicate) => {
                w.tag(Tag::PredicateLifetime);
                w.attributes(&predicate.attrs);
                w.lifetime(&predicate.lifetime);
                w.list(&predicate.bounds, Self::lifetime);
            }
            WherePredicate::Type(predicate) => {
                w.tag(Tag::PredicateType);
                w.attributes(&predicate.attrs);
                w.option(predicate.lifetimes.as_ref(), Self::bound_lifetimes);
                w.ty(&predicate.bounded_ty);
                w.list(&predicate.bounds, Self::bound);
            }
            other => {
                w.tag(Tag::Verbatim);
                w.macro_tokens(&other.to_token_stream());
            }
        });
    }

    /// Parentheses are visible in the tree's shape; only attributes on them have to be written.
    pub(super) fn parenthesized(&mut self, attributes: &[syn::Attribute], write: impl FnOnce(&mut Self)) {
        if self.any_attribute_counts(attributes) {
            self.tag(Tag::Parenthesized);
            self.attributes(attributes);
        }
        write(self);
    }
}
