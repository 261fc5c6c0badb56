//! Goes through a file's syntax and stays out of what a macro may observe: unknown macros' input and definitions, items
//! below attribute macros, types below derives that aren't the standard library's.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{
    AngleBracketedGenericArguments, Expr, Field, FieldsNamed, FieldsUnnamed, Generics, ImplItem, Item, Lit, Local,
    Macro, Pat, PatType, Signature, TraitItem, TypeFnPtr, TypeTuple, UseGroup, Variant,
};

use crate::attribute::{has_foreign_derive, has_macro};
use crate::known_macro::{self, Input};

/// Why a site is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    MacroInput,
    MacroDefinition,
    AttributeMacro,
    Derive,
    /// Order counts: what follows may use the macro.
    MacroScope,
    /// It can't be told from a constant.
    MayBeConstant,
    /// Code elsewhere has the same name, and might see the item if it were more visible.
    NameElsewhere,
    /// Crates that nobody analyzes may call it with types of theirs.
    CallersElsewhere,
    /// A path in the file is relative to where it lies.
    RelativePath,
    /// The formatter changes more than layout there.
    TokensInMacro,
    /// Another item of the block, or a glob import, has the name.
    ItemOfBlock,
}

impl Why {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Why::MacroInput => "macro input",
            Why::MacroDefinition => "macro definition",
            Why::AttributeMacro => "attribute macro",
            Why::Derive => "derive",
            Why::MacroScope => "macro scope",
            Why::MayBeConstant => "may be a constant",
            Why::NameElsewhere => "name used elsewhere",
            Why::CallersElsewhere => "callers elsewhere",
            Why::RelativePath => "relative path",
            Why::TokensInMacro => "tokens in a macro",
            Why::ItemOfBlock => "item of a block",
        }
    }
}

/// What a rewriting looks at.
pub(crate) enum Node<'a> {
    Item(&'a Item),
    ImplItem(&'a ImplItem),
    TraitItem(&'a TraitItem),
    Field(&'a Field),
    Variant(&'a Variant),
    Named(&'a FieldsNamed),
    Unnamed(&'a FieldsUnnamed),
    Signature(&'a Signature),
    Generics(&'a Generics),
    Arguments(&'a AngleBracketedGenericArguments),
    Local(&'a Local),
    Expr(&'a Expr),
    Lit(&'a Lit),
    Pat(&'a Pat),
    PatType(&'a PatType),
    TypeTuple(&'a TypeTuple),
    TypeFnPtr(&'a TypeFnPtr),
    UseGroup(&'a UseGroup),
    Known(&'a Input),
}

/// What a rewriting does on the way.
pub(crate) trait Visitor {
    fn node(&mut self, node: Node<'_>);
    /// Tokens that may be observed.
    fn hidden(&mut self, tokens: TokenStream, why: Why);
}

/// Shows every node of `file` to `visitor`. `shadowed` are standard macros' names that the crate gives to others.
pub(crate) fn walk(file: &syn::File, shadowed: &BTreeSet<String>, visitor: &mut impl Visitor) {
    Walk { visitor, shadowed }.visit_file(file);
}

/// Why an item as a whole may be observed.
pub(crate) fn item_is_hidden(item: &Item) -> Option<Why> {
    let attributes = item_attributes(item);
    match item {
        _ if has_macro(attributes) => Some(Why::AttributeMacro),
        Item::Macro(it) if it.ident.is_some() => Some(Why::MacroDefinition),
        Item::Macro(_) | Item::Verbatim(_) => Some(Why::MacroInput),
        Item::Struct(_) | Item::Enum(_) | Item::Union(_) if has_foreign_derive(attributes) => Some(Why::Derive),
        _ => None,
    }
}

pub(crate) fn item_attributes(item: &Item) -> &[syn::Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::ExternCrate(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::ForeignMod(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::TraitAlias(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Union(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

pub(crate) fn impl_item_attributes(item: &ImplItem) -> &[syn::Attribute] {
    match item {
        ImplItem::Const(it) => &it.attrs,
        ImplItem::Fn(it) => &it.attrs,
        ImplItem::Type(it) => &it.attrs,
        ImplItem::Macro(it) => &it.attrs,
        _ => &[],
    }
}

pub(crate) fn trait_item_attributes(item: &TraitItem) -> &[syn::Attribute] {
    match item {
        TraitItem::Const(it) => &it.attrs,
        TraitItem::Fn(it) => &it.attrs,
        TraitItem::Type(it) => &it.attrs,
        TraitItem::Macro(it) => &it.attrs,
        _ => &[],
    }
}

struct Walk<'w, V> {
    visitor: &'w mut V,
    shadowed: &'w BTreeSet<String>,
}

impl<'ast, V: Visitor> Visit<'ast> for Walk<'_, V> {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item(&mut self, item: &'ast Item) {
        match item_is_hidden(item) {
            Some(why) => self.visitor.hidden(item.to_token_stream(), why),
            None => {
                self.visitor.node(Node::Item(item));
                visit::visit_item(self, item);
            }
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if has_macro(impl_item_attributes(item)) {
            return self.visitor.hidden(item.to_token_stream(), Why::AttributeMacro);
        }
        if let ImplItem::Macro(_) | ImplItem::Verbatim(_) = item {
            return self.visitor.hidden(item.to_token_stream(), Why::MacroInput);
        }
        self.visitor.node(Node::ImplItem(item));
        visit::visit_impl_item(self, item);
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if has_macro(trait_item_attributes(item)) {
            return self.visitor.hidden(item.to_token_stream(), Why::AttributeMacro);
        }
        if let TraitItem::Macro(_) | TraitItem::Verbatim(_) = item {
            return self.visitor.hidden(item.to_token_stream(), Why::MacroInput);
        }
        self.visitor.node(Node::TraitItem(item));
        visit::visit_trait_item(self, item);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let Some(input) = known_macro::read(call, |name| self.shadowed.contains(name)) else {
            return self.visitor.hidden(call.tokens.clone(), Why::MacroInput);
        };
        self.visitor.node(Node::Known(&input));
        for argument in &input.arguments {
            Visit::visit_expr(self, &argument.value);
        }
        if let Some(pattern) = &input.pattern {
            Visit::visit_pat(self, pattern);
        }
        if let Some(guard) = &input.guard {
            Visit::visit_expr(self, guard);
        }
    }

    fn visit_field(&mut self, field: &'ast Field) {
        self.visitor.node(Node::Field(field));
        visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast Variant) {
        self.visitor.node(Node::Variant(variant));
        visit::visit_variant(self, variant);
    }

    fn visit_fields_named(&mut self, fields: &'ast FieldsNamed) {
        self.visitor.node(Node::Named(fields));
        visit::visit_fields_named(self, fields);
    }

    fn visit_fields_unnamed(&mut self, fields: &'ast FieldsUnnamed) {
        self.visitor.node(Node::Unnamed(fields));
        visit::visit_fields_unnamed(self, fields);
    }

    fn visit_signature(&mut self, signature: &'ast Signature) {
        self.visitor.node(Node::Signature(signature));
        visit::visit_signature(self, signature);
    }

    fn visit_generics(&mut self, generics: &'ast Generics) {
        self.visitor.node(Node::Generics(generics));
        visit::visit_generics(self, generics);
    }

    fn visit_angle_bracketed_generic_arguments(&mut self, arguments: &'ast AngleBracketedGenericArguments) {
        self.visitor.node(Node::Arguments(arguments));
        visit::visit_angle_bracketed_generic_arguments(self, arguments);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        self.visitor.node(Node::Local(local));
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.visitor.node(Node::Expr(expr));
        visit::visit_expr(self, expr);
    }

    fn visit_lit(&mut self, lit: &'ast Lit) {
        self.visitor.node(Node::Lit(lit));
    }

    fn visit_pat(&mut self, pat: &'ast Pat) {
        self.visitor.node(Node::Pat(pat));
        visit::visit_pat(self, pat);
    }

    fn visit_pat_type(&mut self, pat: &'ast PatType) {
        self.visitor.node(Node::PatType(pat));
        visit::visit_pat_type(self, pat);
    }

    fn visit_type_tuple(&mut self, ty: &'ast TypeTuple) {
        self.visitor.node(Node::TypeTuple(ty));
        visit::visit_type_tuple(self, ty);
    }

    fn visit_type_fn_ptr(&mut self, ty: &'ast TypeFnPtr) {
        self.visitor.node(Node::TypeFnPtr(ty));
        visit::visit_type_fn_ptr(self, ty);
    }

    fn visit_use_group(&mut self, group: &'ast UseGroup) {
        self.visitor.node(Node::UseGroup(group));
        visit::visit_use_group(self, group);
    }
}
