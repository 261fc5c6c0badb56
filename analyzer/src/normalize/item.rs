//! Items and their members.

use quote::ToTokens;
use syn::{
    Attribute, Block, Field, Fields, FnArg, FnModifiers, ForeignItem, ImplItem, Item, ReceiverKind, Safety, Signature,
    StaticMutability, TraitItem, Variant, Visibility,
};

use super::attribute::{has_foreign_attribute, is_read_by_macros};
use super::tag::Tag;
use super::writer::Writer;

impl Writer {
    pub(super) fn function(
        &mut self,
        attributes: &[Attribute],
        visibility: Option<&Visibility>,
        modifiers: &FnModifiers,
        signature: &Signature,
        body: Option<&Block>,
    ) {
        if has_foreign_attribute(attributes) {
            // An attribute macro sees each token, nested items and documentation included.
            self.tag(Tag::ExactFn);
            self.exact_attributes(attributes);
            self.option(visibility, |w, visibility| w.tokens(&visibility.to_token_stream()));
            self.flag(modifiers.defaultness.is_some());
            self.tokens(&signature.to_token_stream());
            self.option(body, |w, body| w.tokens(&body.to_token_stream()));
            return;
        }
        self.tag(Tag::Fn);
        self.attributes(attributes);
        self.flag(modifiers.defaultness.is_some());
        self.scoped(|w| {
            w.signature(signature);
            w.option(body, Self::block);
        });
    }

    fn signature(&mut self, signature: &Signature) {
        self.flag(signature.constness.is_some());
        self.flag(signature.asyncness.is_some());
        self.safety(&signature.safety);
        self.option(signature.abi.as_ref(), Self::abi);
        self.ident(&signature.ident);
        self.generics(&signature.generics);
        self.output(&signature.output);
        self.one_pattern(|w| {
            w.list(&signature.inputs, |w, input| match input {
                FnArg::Receiver(receiver) => {
                    w.tag(Tag::Receiver);
                    w.attributes(&receiver.attrs);
                    // `mut self` has its `mut` here, `&mut self` has it in the kind.
                    w.flag(receiver.mutability.is_some());
                    match &receiver.kind {
                        ReceiverKind::Value => w.tag(Tag::ReceiverValue),
                        ReceiverKind::Reference(_, lifetime, mutability) => {
                            w.tag(Tag::ReceiverReference);
                            w.option(lifetime.as_ref(), Self::lifetime);
                            w.flag(mutability.is_some());
                        }
                        ReceiverKind::Typed(_, ty) => {
                            w.tag(Tag::ReceiverTyped);
                            w.ty(ty);
                        }
                        _ => {
                            w.tag(Tag::Verbatim);
                            w.macro_tokens(&receiver.to_token_stream());
                        }
                    }
                }
                FnArg::Typed(typed) => {
                    w.tag(Tag::Parameter);
                    w.attributes(&typed.attrs);
                    w.pattern(&typed.pat);
                    w.ty(&typed.ty);
                }
            });
            w.option(signature.variadic.as_ref(), |w, variadic| {
                w.attributes(&variadic.attrs);
                w.option(variadic.pat.as_ref(), |w, (pattern, _)| w.pattern(pattern));
            });
        });
    }

    fn safety(&mut self, safety: &Safety) {
        match safety {
            Safety::Safe(_) => self.tag(Tag::SafetySafe),
            Safety::Unsafe(_) => self.tag(Tag::SafetyUnsafe),
            Safety::Default => self.tag(Tag::SafetyDefault),
        }
    }

    fn static_mutability(&mut self, mutability: &StaticMutability) {
        match mutability {
            StaticMutability::Mut(_) => self.tag(Tag::StaticMut),
            StaticMutability::None => self.tag(Tag::StaticPlain),
            other => {
                self.tag(Tag::Verbatim);
                self.tokens(&other.to_token_stream());
            }
        }
    }

    /// All tokens of an item that an attribute macro sees; whether there is one.
    fn exact(&mut self, attributes: &[Attribute], item: &impl ToTokens) -> bool {
        let exact = has_foreign_attribute(attributes);
        if exact {
            self.tag(Tag::ExactItem);
            self.tokens(&item.to_token_stream());
        }
        exact
    }

    pub(super) fn item(&mut self, item: &Item) {
        match item {
            Item::Fn(f) => self.function(&f.attrs, Some(&f.vis), &f.modifiers, &f.sig, Some(&f.block)),
            Item::Struct(data) => {
                self.tag(Tag::Struct);
                self.data(&data.attrs, |w| {
                    w.visibility(&data.vis);
                    w.ident(&data.ident);
                    w.generics(&data.generics);
                    w.fields(&data.fields);
                });
            }
            Item::Enum(data) => {
                self.tag(Tag::Enum);
                self.data(&data.attrs, |w| {
                    w.visibility(&data.vis);
                    w.ident(&data.ident);
                    w.generics(&data.generics);
                    w.list(&data.variants, Self::variant);
                });
            }
            Item::Union(data) => {
                self.tag(Tag::Union);
                self.data(&data.attrs, |w| {
                    w.visibility(&data.vis);
                    w.ident(&data.ident);
                    w.generics(&data.generics);
                    w.list(&data.fields.named, Self::field);
                });
            }
            Item::Const(c) if !self.exact(&c.attrs, c) => {
                self.tag(Tag::Const);
                self.attributes(&c.attrs);
                self.flag(c.modifiers.defaultness.is_some());
                self.ident(&c.ident);
                self.generics(&c.generics);
                self.ty(&c.ty);
                self.expr(&c.expr);
            }
            Item::Static(s) if !self.exact(&s.attrs, s) => {
                self.tag(Tag::Static);
                self.attributes(&s.attrs);
                self.static_mutability(&s.mutability);
                self.ident(&s.ident);
                self.ty(&s.ty);
                self.expr(&s.expr);
            }
            Item::Type(t) if !self.exact(&t.attrs, t) => {
                self.tag(Tag::TypeAlias);
                self.attributes(&t.attrs);
                self.flag(t.modifiers.defaultness.is_some());
                self.ident(&t.ident);
                self.generics(&t.generics);
                self.ty(&t.ty);
            }
            Item::Trait(t) if !self.exact(&t.attrs, t) => {
                self.tag(Tag::Trait);
                self.attributes(&t.attrs);
                self.flag(t.modifiers.auto_token.is_some());
                self.flag(t.unsafety.is_some());
                self.ident(&t.ident);
                self.generics(&t.generics);
                self.list(&t.supertraits, Self::bound);
            }
            Item::TraitAlias(t) if !self.exact(&t.attrs, t) => {
                self.tag(Tag::TraitAlias);
                self.attributes(&t.attrs);
                self.ident(&t.ident);
                self.generics(&t.generics);
                self.list(&t.bounds, Self::bound);
            }
            Item::Impl(i) if !self.exact(&i.attrs, i) => {
                self.tag(Tag::Impl);
                self.attributes(&i.attrs);
                self.flag(i.modifiers.defaultness.is_some());
                self.flag(i.modifiers.polarity.is_some());
                self.flag(i.unsafety.is_some());
                self.generics(&i.generics);
                self.option(i.trait_.as_ref(), |w, (path, _)| w.path(path));
                self.ty(&i.self_ty);
            }
            Item::ForeignMod(block) if !self.exact(&block.attrs, block) => {
                self.tag(Tag::ForeignMod);
                self.attributes(&block.attrs);
                self.flag(block.unsafety.is_some());
                self.abi(&block.abi);
            }
            Item::Mod(module) if !self.exact(&module.attrs, module) => {
                self.tag(Tag::Mod);
                self.attributes(&module.attrs);
                self.flag(module.unsafety.is_some());
                self.ident(&module.ident);
            }
            Item::Macro(definition) => {
                self.tag(Tag::Macro);
                self.attributes(&definition.attrs);
                self.option(definition.ident.as_ref(), Self::ident);
                self.item_macro(&definition.mac);
            }
            Item::ExternCrate(import) => {
                self.tag(Tag::ExternCrate);
                self.attributes(&import.attrs);
                self.ident(&import.ident);
                self.option(import.rename.as_ref(), |w, (_, name)| w.ident(name));
            }
            Item::Use(import) => {
                self.tag(Tag::Use);
                self.attributes(&import.attrs);
                self.flag(import.leading_colon.is_some());
                self.tokens(&import.tree.to_token_stream());
            }
            // Already written by `exact`.
            Item::Const(_)
            | Item::Static(_)
            | Item::Type(_)
            | Item::Trait(_)
            | Item::TraitAlias(_)
            | Item::Impl(_)
            | Item::ForeignMod(_)
            | Item::Mod(_) => {}
            other => {
                self.tag(Tag::Verbatim);
                self.tokens(&other.to_token_stream());
            }
        }
    }

    /// A type's definition: a derive may read its documentation and its visibility.
    fn data(&mut self, attributes: &[Attribute], write: impl FnOnce(&mut Self)) {
        self.macros_read = is_read_by_macros(attributes);
        self.flag(self.macros_read);
        self.attributes(attributes);
        write(self);
        self.macros_read = false;
    }

    fn fields(&mut self, fields: &Fields) {
        match fields {
            Fields::Named(fields) => {
                self.tag(Tag::FieldsNamed);
                self.list(&fields.named, Self::field);
            }
            Fields::Unnamed(fields) => {
                self.tag(Tag::FieldsUnnamed);
                self.list(&fields.unnamed, Self::field);
            }
            Fields::Unit => self.tag(Tag::FieldsUnit),
        }
    }

    fn field(&mut self, field: &Field) {
        self.attributes(&field.attrs);
        self.visibility(&field.vis);
        self.modifiers(field.modifiers.require_empty(), field);
        self.option(field.ident.as_ref(), Self::ident);
        self.ty(&field.ty);
        self.option(field.default.as_ref(), |w, (_, value)| w.expr(value));
    }

    fn variant(&mut self, variant: &Variant) {
        self.attributes(&variant.attrs);
        self.ident(&variant.ident);
        self.fields(&variant.fields);
        self.option(variant.discriminant.as_ref(), |w, (_, value)| w.expr(value));
    }

    pub(super) fn impl_item(&mut self, item: &ImplItem) {
        match item {
            ImplItem::Fn(f) => self.function(&f.attrs, Some(&f.vis), &f.modifiers, &f.sig, Some(&f.block)),
            ImplItem::Const(c) if !self.exact(&c.attrs, c) => {
                self.tag(Tag::Const);
                self.attributes(&c.attrs);
                self.flag(c.modifiers.defaultness.is_some());
                self.ident(&c.ident);
                self.generics(&c.generics);
                self.ty(&c.ty);
                self.expr(&c.expr);
            }
            ImplItem::Type(t) if !self.exact(&t.attrs, t) => {
                self.tag(Tag::TypeAlias);
                self.attributes(&t.attrs);
                self.flag(t.modifiers.defaultness.is_some());
                self.ident(&t.ident);
                self.generics(&t.generics);
                self.ty(&t.ty);
            }
            ImplItem::Macro(call) => {
                self.tag(Tag::Macro);
                self.attributes(&call.attrs);
                self.item_macro(&call.mac);
            }
            // Already written by `exact`.
            ImplItem::Const(_) | ImplItem::Type(_) => {}
            other => {
                self.tag(Tag::Verbatim);
                self.tokens(&other.to_token_stream());
            }
        }
    }

    pub(super) fn trait_item(&mut self, item: &TraitItem) {
        match item {
            TraitItem::Fn(f) => self.function(&f.attrs, None, &f.modifiers, &f.sig, f.default.as_ref()),
            TraitItem::Const(c) if !self.exact(&c.attrs, c) => {
                self.tag(Tag::TraitConst);
                self.attributes(&c.attrs);
                self.flag(c.modifiers.defaultness.is_some());
                self.ident(&c.ident);
                self.generics(&c.generics);
                self.ty(&c.ty);
                self.option(c.default.as_ref(), |w, (_, value)| w.expr(value));
            }
            TraitItem::Type(t) if !self.exact(&t.attrs, t) => {
                self.tag(Tag::TraitType);
                self.attributes(&t.attrs);
                self.flag(t.modifiers.defaultness.is_some());
                self.ident(&t.ident);
                self.generics(&t.generics);
                self.list(&t.bounds, Self::bound);
                self.option(t.default.as_ref(), |w, (_, ty)| w.ty(ty));
            }
            TraitItem::Macro(call) => {
                self.tag(Tag::Macro);
                self.attributes(&call.attrs);
                self.item_macro(&call.mac);
            }
            // Already written by `exact`.
            TraitItem::Const(_) | TraitItem::Type(_) => {}
            other => {
                self.tag(Tag::Verbatim);
                self.tokens(&other.to_token_stream());
            }
        }
    }

    pub(super) fn foreign_item(&mut self, item: &ForeignItem) {
        match item {
            ForeignItem::Fn(f) => self.function(&f.attrs, Some(&f.vis), &f.modifiers, &f.sig, None),
            ForeignItem::Static(s) if !self.exact(&s.attrs, s) => {
                self.tag(Tag::ForeignStatic);
                self.attributes(&s.attrs);
                self.safety(&s.safety);
                self.static_mutability(&s.mutability);
                self.ident(&s.ident);
                self.ty(&s.ty);
            }
            ForeignItem::Type(t) if !self.exact(&t.attrs, t) => {
                self.tag(Tag::ForeignType);
                self.attributes(&t.attrs);
                self.flag(t.modifiers.defaultness.is_some());
                self.ident(&t.ident);
                self.generics(&t.generics);
            }
            ForeignItem::Macro(call) => {
                self.tag(Tag::Macro);
                self.attributes(&call.attrs);
                self.item_macro(&call.mac);
            }
            // Already written by `exact`.
            ForeignItem::Static(_) | ForeignItem::Type(_) => {}
            other => {
                self.tag(Tag::Verbatim);
                self.tokens(&other.to_token_stream());
            }
        }
    }
}
