//! Items, and the members of impls and traits.

use std::rc::Rc;

use proc_macro2::Span;
use syn::spanned::Spanned;

use super::Lowerer;
use crate::ir::{Decl, DeclKind, Fields, FnDecl, Generics, ImplDecl, Late, Receiver, Sym, UseLeaf, Variant};
use crate::normalize;
use crate::places;
use crate::source::Digest;

/// Where an item begins, ends and has its name.
struct Place<'i> {
    attrs: &'i [syn::Attribute],
    vis: Option<&'i syn::Visibility>,
    start: Span,
    name: Option<&'i syn::Ident>,
    end: Span,
}

impl Lowerer<'_> {
    pub(super) fn items(&mut self, items: &[syn::Item]) -> Vec<Rc<Decl>> {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            out.extend(self.item(item).map(Rc::new));
        }
        out
    }

    fn decl(&mut self, place: Place<'_>, hash: Digest, kind: impl FnOnce(&mut Self) -> DeclKind) -> Decl {
        let outer = (std::mem::take(&mut self.asks), std::mem::take(&mut self.nested), std::mem::take(&mut self.scope));
        let cfg = self.cfg(place.attrs);
        let mut attrs = self.attrs(place.attrs);
        let outer_helpers = std::mem::take(&mut self.helper_attrs);
        let kind = kind(self);
        attrs.append(&mut self.helper_attrs);
        self.helper_attrs = outer_helpers;
        let (asks, nested) = (std::mem::take(&mut self.asks), std::mem::take(&mut self.nested));
        (self.asks, self.nested, self.scope) = outer;
        let mut first = place.start;
        if let Some(syn::Visibility::Public(public)) = place.vis {
            first = public.span;
        } else if let Some(syn::Visibility::Restricted(restricted)) = place.vis {
            first = restricted.pub_token.span;
        }
        if let Some(attr) = place.attrs.iter().find(|attr| matches!(attr.style, syn::AttrStyle::Outer)) {
            first = attr.pound_token.span;
        }
        let name_at = place.name.map_or(place.start, syn::Ident::span).start();
        let line = self.line(first);
        Decl {
            name: place.name.map_or(Sym::NONE, |name| self.sym(name)),
            kind,
            cfg,
            attrs,
            public: matches!(place.vis, Some(syn::Visibility::Public(_))),
            line,
            end_line: self.end_line(place.end).max(line),
            name_line: if self.made { 0 } else { name_at.line as u32 },
            name_column: if self.made { 0 } else { name_at.column as u32 + 1 },
            hash,
            written: Vec::new(),
            asks,
            nested,
        }
    }

    /// Notes where the tokens of an item that a macro made were written.
    fn placed(&self, decl: Option<Decl>, item: &impl quote::ToTokens) -> Option<Decl> {
        let mut decl = decl?;
        if self.placed {
            decl.written = places::of(item.to_token_stream());
        }
        Some(decl)
    }

    pub(super) fn item(&mut self, item: &syn::Item) -> Option<Decl> {
        let decl = self.any_item(item);
        self.placed(decl, item)
    }

    pub(super) fn impl_member(&mut self, item: &syn::ImplItem) -> Option<Decl> {
        let decl = self.any_impl_member(item);
        self.placed(decl, item)
    }

    pub(super) fn trait_member(&mut self, item: &syn::TraitItem) -> Option<Decl> {
        let decl = self.any_trait_member(item);
        self.placed(decl, item)
    }

    fn any_item(&mut self, item: &syn::Item) -> Option<Decl> {
        use syn::Item as I;
        let hash = match item {
            I::Use(_) | I::ExternCrate(_) => Digest::default(),
            item => self.hash(|| normalize::item(item)),
        };
        Some(match item {
            I::Use(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.use_token.span,
                    name: None,
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let mut leaves = Vec::new();
                    l.use_tree(&i.tree, i.leading_colon.is_some(), &mut Vec::new(), &mut leaves);
                    for head in leaves.iter().filter_map(|leaf| leaf.path.first()) {
                        l.head(*head);
                    }
                    DeclKind::Use(leaves)
                })
            }
            I::ExternCrate(i) => {
                let name = i.rename.as_ref().map_or(&i.ident, |(_, name)| name);
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.extern_token.span,
                    name: Some(name),
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let name = l.sym(&i.ident);
                    l.head(name);
                    DeclKind::ExternCrate(name)
                })
            }
            I::Mod(i) => {
                let end = match (&i.content, &i.semi) {
                    (Some((brace, _)), _) => brace.span.close(),
                    (None, Some(semi)) => semi.span,
                    _ => i.ident.span(),
                };
                let place =
                    Place { attrs: &i.attrs, vis: Some(&i.vis), start: i.mod_token.span, name: Some(&i.ident), end };
                self.decl(place, hash, |l| DeclKind::Module(i.content.as_ref().map(|(_, items)| l.items(items))))
            }
            I::Fn(i) => {
                self.function(&i.attrs, Some(&i.vis), &i.sig, Some(&i.block), hash, i.block.brace_token.span.close())
            }
            I::Struct(i) => {
                let end = match (&i.fields, &i.semi_token) {
                    (syn::Fields::Named(fields), _) => fields.brace_token.span.close(),
                    (_, Some(semi)) => semi.span,
                    _ => i.ident.span(),
                };
                let place =
                    Place { attrs: &i.attrs, vis: Some(&i.vis), start: i.struct_token.span, name: Some(&i.ident), end };
                self.decl(place, hash, |l| DeclKind::Struct(l.generics(&i.generics), l.fields(&i.fields)))
            }
            I::Union(i) => {
                let end = i.fields.brace_token.span.close();
                let place =
                    Place { attrs: &i.attrs, vis: Some(&i.vis), start: i.union_token.span, name: Some(&i.ident), end };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    DeclKind::Union(generics, l.fields(&syn::Fields::Named(i.fields.clone())))
                })
            }
            I::Enum(i) => {
                let end = i.brace_token.span.close();
                let place =
                    Place { attrs: &i.attrs, vis: Some(&i.vis), start: i.enum_token.span, name: Some(&i.ident), end };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    let mut variants = Vec::new();
                    for variant in &i.variants {
                        let cfg = l.inner_cfg(&variant.attrs);
                        l.helpers(&variant.attrs);
                        variants.push(Variant {
                            name: l.sym(&variant.ident),
                            fields: l.fields(&variant.fields),
                            discriminant: variant.discriminant.as_ref().map(|(_, value)| l.boxed(value)),
                            cfg,
                        });
                    }
                    DeclKind::Enum(generics, variants)
                })
            }
            I::Type(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.type_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    DeclKind::Alias(generics, Vec::new(), Some(l.ty(&i.ty)))
                })
            }
            I::Const(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.const_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    let ty = l.ty(&i.ty);
                    DeclKind::Const(generics, ty, Some(Late::Read(l.boxed(&i.expr))))
                })
            }
            I::Static(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.static_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                let mutable = matches!(i.mutability, syn::StaticMutability::Mut(_));
                self.decl(place, hash, |l| {
                    let ty = l.ty(&i.ty);
                    DeclKind::Static(ty, Some(Late::Read(l.boxed(&i.expr))), mutable)
                })
            }
            I::Trait(i) => {
                let start = i.unsafety.map_or(i.trait_token.span, |token| token.span);
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start,
                    name: Some(&i.ident),
                    end: i.brace_token.span.close(),
                };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    let supers = l.bounds(&i.supertraits);
                    let members = i.items.iter().filter_map(|item| l.trait_member(item)).map(Rc::new).collect();
                    DeclKind::Trait(generics, supers, members)
                })
            }
            I::TraitAlias(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.trait_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    DeclKind::Trait(generics, l.bounds(&i.bounds), Vec::new())
                })
            }
            I::Impl(i) => {
                let start = i.unsafety.map_or(i.impl_token.span, |token| token.span);
                let place = Place { attrs: &i.attrs, vis: None, start, name: None, end: i.brace_token.span.close() };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    let trait_ = i.trait_.as_ref().map(|(path, _)| l.path(path, None));
                    let self_ty = l.ty(&i.self_ty);
                    let members = i.items.iter().filter_map(|item| l.impl_member(item)).map(Rc::new).collect();
                    DeclKind::Impl(Box::new(ImplDecl {
                        generics,
                        trait_,
                        self_ty,
                        self_call: None,
                        members,
                        header: normalize::impl_header_text(i),
                        self_text: normalize::type_text(&i.self_ty),
                        trait_text: i.trait_.as_ref().map(|(path, _)| normalize::path_text(path)).unwrap_or_default(),
                    }))
                })
            }
            I::ForeignMod(i) => {
                let start = i.unsafety.map_or(i.abi.extern_token.span, |token| token.span);
                let place = Place { attrs: &i.attrs, vis: None, start, name: None, end: i.brace_token.span.close() };
                self.decl(place, hash, |l| {
                    DeclKind::Foreign(i.items.iter().filter_map(|item| l.foreign_member(item)).map(Rc::new).collect())
                })
            }
            I::Macro(i) => {
                let end = match (&i.semi_token, &i.mac.delimiter) {
                    (Some(semi), _) => semi.span,
                    (None, syn::MacroDelimiter::Paren(paren)) => paren.span.close(),
                    (None, syn::MacroDelimiter::Brace(brace)) => brace.span.close(),
                    (None, syn::MacroDelimiter::Bracket(bracket)) => bracket.span.close(),
                };
                let start = i.mac.path.segments.first().map_or(end, |segment| segment.ident.span());
                let place = Place { attrs: &i.attrs, vis: None, start, name: i.ident.as_ref(), end };
                self.decl(place, hash, |l| {
                    if i.ident.is_some() && i.mac.path.is_ident("macro_rules") {
                        let (body, written) = l.input(&i.mac);
                        DeclKind::MacroRules(body, written)
                    } else {
                        DeclKind::MacroCall(Box::new(l.macro_call(&i.mac)))
                    }
                })
            }
            I::Verbatim(tokens) => {
                let span = tokens.span();
                let place = Place { attrs: &[], vis: None, start: span, name: None, end: span };
                let text = tokens.to_string();
                self.decl(place, hash, |_| DeclKind::Tokens(text))
            }
            other => {
                let span = other.span();
                let text = quote::ToTokens::to_token_stream(other).to_string();
                let place = Place { attrs: &[], vis: None, start: span, name: None, end: span };
                self.decl(place, hash, |_| DeclKind::Tokens(text))
            }
        })
    }

    fn function(
        &mut self,
        attrs: &[syn::Attribute],
        vis: Option<&syn::Visibility>,
        sig: &syn::Signature,
        body: Option<&syn::Block>,
        hash: Digest,
        end: Span,
    ) -> Decl {
        let start = match (&sig.constness, &sig.asyncness, &sig.abi) {
            (Some(token), ..) => token.span,
            (_, Some(token), _) => token.span,
            (_, _, Some(abi)) => abi.extern_token.span,
            _ => sig.fn_token.span,
        };
        let start = match &sig.safety {
            syn::Safety::Unsafe(token) if token.span.start().line < start.start().line => token.span,
            _ => start,
        };
        let place = Place { attrs, vis, start, name: Some(&sig.ident), end };
        self.decl(place, hash, |l| {
            let mut generics = l.generics(&sig.generics);
            let mut receiver = None;
            let mut params = Vec::new();
            for input in &sig.inputs {
                match input {
                    syn::FnArg::Receiver(arg) => {
                        l.inner_cfg(&arg.attrs);
                        let (by_ref, mutable, ty) = match &arg.kind {
                            syn::ReceiverKind::Reference(_, _, mutable) => (true, mutable.is_some(), None),
                            syn::ReceiverKind::Typed(_, ty) => (false, false, Some(l.ty(ty))),
                            _ => (false, false, None),
                        };
                        receiver = Some(Receiver { by_ref, mutable, ty });
                    }
                    syn::FnArg::Typed(arg) => {
                        l.inner_cfg(&arg.attrs);
                        let pat = l.pat(&arg.pat);
                        params.push((pat, l.ty(&arg.ty)));
                    }
                }
            }
            params.iter_mut().for_each(|(_, ty)| l.name_anonymous(ty, &mut generics));
            DeclKind::Fn(Box::new(FnDecl {
                generics,
                receiver,
                params,
                output: l.output(&sig.output),
                is_async: sig.asyncness.is_some(),
                body: body.map(|body| l.function_body(body)),
            }))
        })
    }

    fn any_impl_member(&mut self, item: &syn::ImplItem) -> Option<Decl> {
        let hash = self.hash(|| normalize::impl_item(item));
        Some(match item {
            syn::ImplItem::Fn(i) => {
                self.function(&i.attrs, Some(&i.vis), &i.sig, Some(&i.block), hash, i.block.brace_token.span.close())
            }
            syn::ImplItem::Const(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.const_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    let ty = l.ty(&i.ty);
                    DeclKind::Const(generics, ty, Some(Late::Read(l.boxed(&i.expr))))
                })
            }
            syn::ImplItem::Type(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.type_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    DeclKind::Alias(generics, Vec::new(), Some(l.ty(&i.ty)))
                })
            }
            syn::ImplItem::Macro(i) => self.member_macro(&i.attrs, &i.mac, hash),
            other => self.strange(quote::ToTokens::to_token_stream(other), hash),
        })
    }

    fn any_trait_member(&mut self, item: &syn::TraitItem) -> Option<Decl> {
        let hash = self.hash(|| normalize::trait_item(item));
        Some(match item {
            syn::TraitItem::Fn(i) => {
                let end = match (&i.default, &i.semi_token) {
                    (Some(block), _) => block.brace_token.span.close(),
                    (None, Some(semi)) => semi.span,
                    _ => i.sig.ident.span(),
                };
                self.function(&i.attrs, None, &i.sig, i.default.as_ref(), hash, end)
            }
            syn::TraitItem::Const(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: None,
                    start: i.const_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    let ty = l.ty(&i.ty);
                    DeclKind::Const(generics, ty, i.default.as_ref().map(|(_, value)| Late::Read(l.boxed(value))))
                })
            }
            syn::TraitItem::Type(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: None,
                    start: i.type_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                self.decl(place, hash, |l| {
                    let generics = l.generics(&i.generics);
                    let bounds = l.bounds(&i.bounds);
                    DeclKind::Alias(generics, bounds, i.default.as_ref().map(|(_, ty)| l.ty(ty)))
                })
            }
            syn::TraitItem::Macro(i) => self.member_macro(&i.attrs, &i.mac, hash),
            other => self.strange(quote::ToTokens::to_token_stream(other), hash),
        })
    }

    fn foreign_member(&mut self, item: &syn::ForeignItem) -> Option<Decl> {
        let hash = self.hash(|| normalize::foreign_item(item));
        Some(match item {
            syn::ForeignItem::Fn(i) => self.function(&i.attrs, Some(&i.vis), &i.sig, None, hash, i.semi_token.span),
            syn::ForeignItem::Static(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.static_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                let mutable = matches!(i.mutability, syn::StaticMutability::Mut(_));
                self.decl(place, hash, |l| DeclKind::Static(l.ty(&i.ty), None, mutable))
            }
            syn::ForeignItem::Type(i) => {
                let place = Place {
                    attrs: &i.attrs,
                    vis: Some(&i.vis),
                    start: i.type_token.span,
                    name: Some(&i.ident),
                    end: i.semi_token.span,
                };
                let empty = Fields { names: Vec::new(), types: Vec::new(), tuple: false, lossy: Vec::new() };
                self.decl(place, hash, |_| DeclKind::Struct(Generics { params: Vec::new(), wheres: Vec::new() }, empty))
            }
            syn::ForeignItem::Macro(i) => self.member_macro(&i.attrs, &i.mac, hash),
            other => self.strange(quote::ToTokens::to_token_stream(other), hash),
        })
    }

    fn member_macro(&mut self, attrs: &[syn::Attribute], mac: &syn::Macro, hash: Digest) -> Decl {
        let start = mac.path.segments.first().map_or_else(Span::call_site, |segment| segment.ident.span());
        let end = match &mac.delimiter {
            syn::MacroDelimiter::Paren(paren) => paren.span.close(),
            syn::MacroDelimiter::Brace(brace) => brace.span.close(),
            syn::MacroDelimiter::Bracket(bracket) => bracket.span.close(),
        };
        let place = Place { attrs, vis: None, start, name: None, end };
        self.decl(place, hash, |l| DeclKind::MacroCall(Box::new(l.macro_call(mac))))
    }

    /// A macro call that is a statement, as something that may declare impls.
    pub(super) fn statement(&mut self, stmt: &syn::StmtMacro) -> Decl {
        let call = self.member_macro(&stmt.attrs, &stmt.mac, Digest::default());
        match call.kind {
            DeclKind::MacroCall(of) => Decl { kind: DeclKind::Statement(of), ..call },
            _ => call,
        }
    }

    fn strange(&mut self, tokens: proc_macro2::TokenStream, hash: Digest) -> Decl {
        let span = tokens.span();
        let text = tokens.to_string();
        let place = Place { attrs: &[], vis: None, start: span, name: None, end: span };
        self.decl(place, hash, |_| DeclKind::Tokens(text))
    }

    fn fields(&mut self, fields: &syn::Fields) -> Fields {
        let (mut names, mut types, mut lossy) = (Vec::new(), Vec::new(), Vec::new());
        for (index, field) in fields.iter().enumerate() {
            self.inner_cfg(&field.attrs);
            names.push(match &field.ident {
                Some(ident) => self.sym(ident),
                None => self.symbols.intern(&index.to_string()),
            });
            types.push(self.ty(&field.ty));
            self.helpers(&field.attrs);
            if let (Some(why), Some(name)) = (Self::lossy(&field.attrs), names.last()) {
                lossy.push((*name, why));
            }
        }
        Fields { names, types, tuple: matches!(fields, syn::Fields::Unnamed(_)), lossy }
    }

    fn use_tree(&mut self, tree: &syn::UseTree, global: bool, prefix: &mut Vec<Sym>, out: &mut Vec<UseLeaf>) {
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(self.sym(&path.ident));
                self.use_tree(&path.tree, global, prefix, out);
                prefix.pop();
            }
            syn::UseTree::Name(name) => {
                let name = self.sym(&name.ident);
                let mut path = prefix.clone();
                // `use a::b::{self}` binds `b`.
                let bound = if self.symbols.text(name) == "self" && !path.is_empty() {
                    path[path.len() - 1]
                } else {
                    path.push(name);
                    name
                };
                out.push(UseLeaf { global, path, name: bound, glob: false });
            }
            syn::UseTree::Rename(rename) => {
                let name = self.sym(&rename.ident);
                let mut path = prefix.clone();
                if self.symbols.text(name) != "self" || path.is_empty() {
                    path.push(name);
                }
                let bound = if rename.rename == "_" { Sym::NONE } else { self.sym(&rename.rename) };
                out.push(UseLeaf { global, path, name: bound, glob: false });
            }
            syn::UseTree::Glob(_) => out.push(UseLeaf { global, path: prefix.clone(), name: Sym::NONE, glob: true }),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, global, prefix, out);
                }
            }
        }
    }
}
