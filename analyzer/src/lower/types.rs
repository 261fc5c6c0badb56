//! Types, paths, generics and patterns.

use super::Lowerer;
use crate::ir::{self, GenericArg, GenericParam, Generics, Pat, Path, Segment, Sym, Type};

impl Lowerer<'_> {
    pub(super) fn path(&mut self, path: &syn::Path, qself: Option<&syn::QSelf>) -> Path {
        let first = path.segments.first().map(|segment| segment.ident.span());
        let line = first.map_or(0, |span| self.line(span));
        let level = first.filter(|_| path.segments.len() == 1).map_or(0, |span| self.level(span));
        let segments: Vec<Segment> = path.segments.iter().map(|segment| self.segment(segment)).collect();
        if segments.len() > 1 || path.leading_colon.is_some() {
            self.head(segments[0].name);
        }
        let qself = qself.map(|qself| {
            let position = if qself.as_token.is_some() { qself.position as u32 } else { 0 };
            (Box::new(self.ty(&qself.ty)), position)
        });
        Path { global: path.leading_colon.is_some() && qself.is_none(), segments, qself, line, level }
    }

    fn segment(&mut self, segment: &syn::PathSegment) -> Segment {
        let name = self.sym(&segment.ident);
        let args = match &segment.arguments {
            syn::PathArguments::None => Vec::new(),
            syn::PathArguments::AngleBracketed(args) => self.generic_args(args),
            syn::PathArguments::Parenthesized(args) => {
                let inputs = args.inputs.iter().map(|arg| self.ty(&arg.ty)).collect();
                vec![GenericArg::Call(inputs, self.output(&args.output))]
            }
        };
        Segment { name, args }
    }

    pub(super) fn generic_args(&mut self, args: &syn::AngleBracketedGenericArguments) -> Vec<GenericArg> {
        let mut out = Vec::new();
        for arg in &args.args {
            match arg {
                syn::GenericArgument::Lifetime(_) => {}
                syn::GenericArgument::Type(ty) => out.push(GenericArg::Type(self.ty(ty))),
                syn::GenericArgument::Const(expr) => out.push(GenericArg::Const(self.expr(expr))),
                syn::GenericArgument::AssocType(assoc) => {
                    let name = self.sym(&assoc.ident);
                    let ty = self.ty(&assoc.ty);
                    out.push(GenericArg::Assoc(name, Some(ty), Vec::new()));
                }
                syn::GenericArgument::AssocConst(assoc) => out.push(GenericArg::Const(self.expr(&assoc.value))),
                syn::GenericArgument::Constraint(constraint) => {
                    let name = self.sym(&constraint.ident);
                    let bounds = self.bounds(&constraint.bounds);
                    out.push(GenericArg::Assoc(name, None, bounds));
                }
                other => {
                    let text = quote::ToTokens::to_token_stream(other).to_string();
                    out.push(GenericArg::Type(Type::Tokens(text)));
                }
            }
        }
        out
    }

    pub(super) fn output(&mut self, output: &syn::ReturnType) -> Option<Type> {
        match output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some(self.ty(ty)),
        }
    }

    pub(super) fn bounds<P>(&mut self, bounds: &syn::punctuated::Punctuated<syn::TypeParamBound, P>) -> Vec<Path> {
        let mut out = Vec::new();
        for bound in bounds {
            if let syn::TypeParamBound::Trait(bound) = bound
                && bound.maybe.is_none()
            {
                out.push(self.path(&bound.path, None));
            }
        }
        out
    }

    pub(super) fn generics(&mut self, generics: &syn::Generics) -> Generics {
        let mut params = Vec::new();
        for param in &generics.params {
            match param {
                syn::GenericParam::Lifetime(_) => {}
                syn::GenericParam::Type(param) => {
                    let name = self.sym(&param.ident);
                    let bounds = self.bounds(&param.bounds);
                    let default = param.default.as_ref().map(|(_, ty)| self.ty(ty));
                    // Written twice under predicates that exclude each other, it is one parameter still.
                    let known: Option<&mut GenericParam> =
                        params.iter_mut().find(|known: &&mut GenericParam| known.name == name);
                    match known {
                        Some(known) => {
                            known.bounds.extend(bounds);
                            known.default = known.default.take().or(default);
                        }
                        None => params.push(GenericParam { name, bounds, default, constant: None }),
                    }
                }
                syn::GenericParam::Const(param) => {
                    let name = self.sym(&param.ident);
                    let constant = Some(self.ty(&param.ty));
                    params.push(GenericParam { name, bounds: Vec::new(), default: None, constant });
                }
            }
        }
        let mut wheres = Vec::new();
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            if let syn::WherePredicate::Type(predicate) = predicate {
                let ty = self.ty(&predicate.bounded_ty);
                let bounds = self.bounds(&predicate.bounds);
                wheres.push((ty, bounds));
            }
        }
        Generics { params, wheres }
    }

    /// `impl Trait` where a function takes it is a type parameter that has no name: it gets one that nobody can write.
    pub(super) fn name_anonymous(&mut self, ty: &mut Type, generics: &mut Generics) {
        match ty {
            Type::Impl(bounds) => {
                let mut bounds = std::mem::take(bounds);
                bounds.iter_mut().for_each(|bound| self.name_anonymous_in(bound, generics));
                let name = self.symbols.intern(&format!("impl#{}", generics.params.len()));
                generics.params.push(GenericParam { name, bounds, default: None, constant: None });
                let segments = vec![Segment { name, args: Vec::new() }];
                *ty = Type::Path(Path { global: false, segments, qself: None, line: 0, level: 0 });
            }
            Type::Ref(of) | Type::Ptr(of) | Type::Slice(of) | Type::Array(of, _) => self.name_anonymous(of, generics),
            Type::Tuple(parts) => parts.iter_mut().for_each(|part| self.name_anonymous(part, generics)),
            Type::Path(path) => self.name_anonymous_in(path, generics),
            Type::Dyn(bounds) => bounds.iter_mut().for_each(|bound| self.name_anonymous_in(bound, generics)),
            Type::Fn(..) | Type::Macro(_) | Type::Never | Type::Infer | Type::Tokens(_) => {}
        }
    }

    fn name_anonymous_in(&mut self, path: &mut Path, generics: &mut Generics) {
        for arg in path.segments.iter_mut().flat_map(|segment| &mut segment.args) {
            if let GenericArg::Type(ty) | GenericArg::Assoc(_, Some(ty), _) = arg {
                self.name_anonymous(ty, generics);
            }
        }
    }

    pub(super) fn ty(&mut self, ty: &syn::Type) -> Type {
        match ty {
            syn::Type::Path(ty) => Type::Path(self.path(&ty.path, ty.qself.as_ref())),
            syn::Type::Reference(ty) => Type::Ref(Box::new(self.ty(&ty.elem))),
            syn::Type::Ptr(ty) => Type::Ptr(Box::new(self.ty(&ty.elem))),
            syn::Type::Slice(ty) => Type::Slice(Box::new(self.ty(&ty.elem))),
            syn::Type::Array(ty) => {
                let elem = self.ty(&ty.elem);
                Type::Array(Box::new(elem), Box::new(self.expr(&ty.len)))
            }
            syn::Type::Tuple(ty) => Type::Tuple(ty.elems.iter().map(|elem| self.ty(elem)).collect()),
            syn::Type::FnPtr(ty) => {
                let inputs = ty.inputs.iter().map(|arg| self.ty(&arg.ty)).collect();
                Type::Fn(inputs, self.output(&ty.output).map(Box::new))
            }
            syn::Type::TraitObject(ty) => Type::Dyn(self.bounds(&ty.bounds)),
            syn::Type::ImplTrait(ty) => Type::Impl(self.bounds(&ty.bounds)),
            syn::Type::Paren(ty) => self.ty(&ty.elem),
            syn::Type::Group(ty) => self.ty(&ty.elem),
            syn::Type::Macro(ty) => Type::Macro(Box::new(self.macro_call(&ty.mac))),
            syn::Type::Never(_) => Type::Never,
            syn::Type::Infer(_) => Type::Infer,
            other => Type::Tokens(quote::ToTokens::to_token_stream(other).to_string()),
        }
    }

    pub(super) fn pat(&mut self, pat: &syn::Pat) -> Pat {
        match pat {
            syn::Pat::Wild(_) => Pat::Wild,
            syn::Pat::Rest(_) => Pat::Rest,
            syn::Pat::Ident(pat) => {
                let name = self.sym(&pat.ident);
                let sub = pat.subpat.as_ref().map(|(_, sub)| Box::new(self.pat(sub)));
                Pat::Ident(name, self.level(pat.ident.span()), pat.by_ref.is_some(), sub)
            }
            syn::Pat::Path(pat) => Pat::Path(self.path(&pat.path, pat.qself.as_ref())),
            syn::Pat::TupleStruct(pat) => {
                let path = self.path(&pat.path, pat.qself.as_ref());
                Pat::TupleStruct(path, pat.elems.iter().map(|elem| self.pat(elem)).collect())
            }
            syn::Pat::Struct(pat) => {
                let path = self.path(&pat.path, pat.qself.as_ref());
                let mut fields = Vec::new();
                for field in &pat.fields {
                    self.inner_cfg(&field.attrs);
                    let name = self.member(&field.member);
                    fields.push((name, self.pat(&field.pat)));
                }
                Pat::Struct(path, fields)
            }
            syn::Pat::Tuple(pat) => Pat::Tuple(pat.elems.iter().map(|elem| self.pat(elem)).collect()),
            syn::Pat::Slice(pat) => Pat::Slice(pat.elems.iter().map(|elem| self.pat(elem)).collect()),
            syn::Pat::Reference(pat) => Pat::Ref(Box::new(self.pat(&pat.pat))),
            syn::Pat::Paren(pat) => self.pat(&pat.pat),
            syn::Pat::Or(pat) => Pat::Or(pat.cases.iter().map(|case| self.pat(case)).collect()),
            syn::Pat::Lit(pat) => Pat::Value(Box::new(self.lit(&pat.lit))),
            syn::Pat::Const(pat) => Pat::Value(Box::new(ir::Expr::Block(self.block(&pat.block)))),
            syn::Pat::Range(pat) => {
                let from = pat.start.as_ref().map(|expr| Box::new(self.expr(expr)));
                let to = pat.end.as_ref().map(|expr| Box::new(self.expr(expr)));
                Pat::Range(from, to)
            }
            syn::Pat::Type(pat) => {
                let inner = Box::new(self.pat(&pat.pat));
                Pat::Typed(inner, self.ty(&pat.ty))
            }
            syn::Pat::Guard(pat) => {
                let inner = Box::new(self.pat(&pat.pat));
                Pat::Guard(inner, Box::new(self.expr(&pat.guard)))
            }
            syn::Pat::Macro(pat) => Pat::Macro(Box::new(self.macro_call(&pat.mac))),
            other => Pat::Tokens(quote::ToTokens::to_token_stream(other).to_string()),
        }
    }

    pub(super) fn member(&mut self, member: &syn::Member) -> Sym {
        match member {
            syn::Member::Named(ident) => self.sym(ident),
            syn::Member::Unnamed(index) => {
                let text = index.index.to_string();
                self.symbols.intern(&text)
            }
        }
    }
}
