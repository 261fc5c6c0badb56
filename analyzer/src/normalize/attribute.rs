//! Attributes: which of them say nothing about behaviour, and which may hand their item to a macro.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, MacroDelimiter, Meta, Path, Visibility};

use super::tag::Tag;
use super::writer::Writer;

/// What an attribute is to a digest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Says nothing about behaviour.
    Hint,
    /// Documentation: nothing, unless a macro reads the item.
    Doc,
    /// `derive`.
    Derive,
    /// `cfg_attr`.
    Conditional,
    /// Known to the compiler.
    BuiltIn,
    /// A macro, or a word that a derive or a macro reads.
    Foreign,
}

fn kind(path: &Path) -> Kind {
    // Most attributes are documentation.
    if path.is_ident("doc") {
        return Kind::Doc;
    }
    let Some(last) = path.segments.last() else { return Kind::Foreign };
    let last = last.ident.to_string();
    if path.segments.len() > 1 {
        let first = path.segments[0].ident.to_string();
        return match (first.as_str(), last.as_str()) {
            ("clippy" | "rustfmt", _) => Kind::Hint,
            ("diagnostic" | "rustdoc" | "rust_analyzer" | "miri", _) => Kind::BuiltIn,
            // The other crate of that name has attributes of its own, and those do change behaviour.
            (first, "cached") if first != "cached" => Kind::Hint,
            ("std" | "core", "derive") => Kind::Derive,
            _ => Kind::Foreign,
        };
    }
    match last.as_str() {
        "allow" | "warn" | "deny" | "forbid" | "expect" | "must_use" | "inline" | "deprecated" | "cached" => Kind::Hint,
        "doc" => Kind::Doc,
        "derive" => Kind::Derive,
        "cfg_attr" => Kind::Conditional,
        "cfg"
        | "test"
        | "ignore"
        | "should_panic"
        | "bench"
        | "automatically_derived"
        | "macro_export"
        | "macro_use"
        | "proc_macro"
        | "proc_macro_derive"
        | "proc_macro_attribute"
        | "link"
        | "link_name"
        | "link_ordinal"
        | "no_link"
        | "repr"
        | "crate_type"
        | "no_main"
        | "export_name"
        | "link_section"
        | "no_mangle"
        | "used"
        | "crate_name"
        | "cold"
        | "no_builtins"
        | "target_feature"
        | "track_caller"
        | "instruction_set"
        | "no_std"
        | "no_implicit_prelude"
        | "path"
        | "recursion_limit"
        | "type_length_limit"
        | "panic_handler"
        | "global_allocator"
        | "windows_subsystem"
        | "feature"
        | "non_exhaustive"
        | "debugger_visualizer"
        | "naked"
        | "unsafe"
        | "default"
        | "coverage"
        | "optimize" => Kind::BuiltIn,
        _ => Kind::Foreign,
    }
}

/// The attributes that a `cfg_attr` may set: what follows its predicate.
fn conditional_kinds(meta: &Meta) -> Vec<(Kind, Option<Meta>)> {
    let Meta::List(list) = meta else { return vec![(Kind::Foreign, None)] };
    split_commas(&list.tokens)
        .into_iter()
        .skip(1)
        .map(|part| match part.clone().into_iter().next() {
            Some(TokenTree::Ident(first)) if first == "unsafe" => (Kind::BuiltIn, None),
            _ => match syn::parse2::<Meta>(part) {
                Ok(meta) => match kind(meta.path()) {
                    Kind::Conditional => (strongest(&conditional_kinds(&meta)), Some(meta)),
                    kind => (kind, Some(meta)),
                },
                Err(_) => (Kind::Foreign, None),
            },
        })
        .collect()
}

/// What a nested `cfg_attr` amounts to.
fn strongest(kinds: &[(Kind, Option<Meta>)]) -> Kind {
    let any = |wanted: fn(&(Kind, Option<Meta>)) -> bool| kinds.iter().any(wanted);
    if any(|(kind, meta)| {
        *kind == Kind::Foreign || *kind == Kind::Derive && meta.as_ref().is_none_or(is_foreign_derive)
    }) {
        Kind::Foreign
    } else if any(|(kind, _)| matches!(kind, Kind::BuiltIn | Kind::Derive)) {
        Kind::BuiltIn
    } else if any(|(kind, _)| *kind == Kind::Doc) {
        Kind::Doc
    } else {
        Kind::Hint
    }
}

/// Splits at the commas that stand in no group. A comma at the end begins nothing.
fn split_commas(tokens: &TokenStream) -> Vec<TokenStream> {
    let mut parts = Vec::new();
    let mut part = TokenStream::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(std::mem::take(&mut part)),
            token => part.extend([token]),
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}

/// The derives that read names and types and nothing else.
const STANDARD: [&str; 9] = ["Clone", "Copy", "Debug", "Default", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash"];

fn is_foreign_derive(meta: &Meta) -> bool {
    let Meta::List(list) = meta else { return true };
    !split_commas(&list.tokens).into_iter().all(|part| {
        syn::parse2::<Path>(part).is_ok_and(|path| {
            let from_std = path.segments.len() == 1
                || path.segments.first().is_some_and(|first| first.ident == "std" || first.ident == "core");
            from_std && path.segments.last().is_some_and(|last| STANDARD.iter().any(|name| last.ident == name))
        })
    })
}

/// Whether an attribute that isn't built in sees the item's tokens.
pub(super) fn has_foreign_attribute(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match kind(attribute.path()) {
        Kind::Foreign => true,
        Kind::Conditional => conditional_kinds(&attribute.meta).iter().any(|(kind, _)| *kind == Kind::Foreign),
        _ => false,
    })
}

/// Whether a derive that isn't the standard library's, or an attribute that isn't built in, sees the item.
pub(super) fn is_read_by_macros(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match kind(attribute.path()) {
        Kind::Foreign => true,
        Kind::Derive => is_foreign_derive(&attribute.meta),
        Kind::Conditional => strongest(&conditional_kinds(&attribute.meta)) == Kind::Foreign,
        _ => false,
    })
}

/// Whether this is our own attribute.
pub(super) fn is_cached(attribute: &Attribute) -> bool {
    kind(attribute.path()) == Kind::Hint && attribute.path().segments.last().is_some_and(|last| last.ident == "cached")
}

impl Writer {
    /// The attributes that count, in their order. Derives that stand together are one list.
    pub(super) fn attributes(&mut self, attributes: &[Attribute]) {
        let mut in_derive = false;
        for attribute in attributes {
            let kind = kind(attribute.path());
            if !self.counts(kind, attribute) {
                continue;
            }
            if in_derive && kind != Kind::Derive {
                self.tag(Tag::End);
                in_derive = false;
            }
            match (&attribute.meta, kind) {
                (Meta::List(list), Kind::Derive) => {
                    if !in_derive {
                        self.tag(Tag::AttributeDerive);
                        in_derive = true;
                    }
                    for part in split_commas(&list.tokens) {
                        self.tag(Tag::Element);
                        self.tokens(&part);
                    }
                }
                (meta, _) => self.meta(meta),
            }
            if matches!(kind, Kind::Foreign | Kind::Conditional) {
                // It may be a macro, and its input may name locals.
                self.keep_idents(&attribute.meta.to_token_stream());
            }
        }
        if in_derive {
            self.tag(Tag::End);
        }
        self.tag(Tag::End);
    }

    /// Whether [`Self::attributes`] would write any of them.
    pub(super) fn any_attribute_counts(&self, attributes: &[Attribute]) -> bool {
        attributes.iter().any(|attribute| self.counts(kind(attribute.path()), attribute))
    }

    fn counts(&self, kind: Kind, attribute: &Attribute) -> bool {
        let kind = match kind {
            Kind::Conditional => strongest(&conditional_kinds(&attribute.meta)),
            kind => kind,
        };
        match kind {
            Kind::Hint => false,
            Kind::Doc => self.macros_read,
            _ => true,
        }
    }

    fn meta(&mut self, meta: &Meta) {
        match meta {
            Meta::Path(path) => {
                self.tag(Tag::AttributePath);
                self.path(path);
            }
            Meta::List(list) => {
                self.tag(Tag::AttributeList);
                self.path(&list.path);
                self.delimiter(&list.delimiter);
                self.attribute_tokens(&list.tokens);
            }
            Meta::NameValue(pair) => {
                self.tag(Tag::AttributeValue);
                self.path(&pair.path);
                self.without_locals(|w| w.expr(&pair.value));
            }
        }
    }

    /// All attributes but our own, token by token: for items that an attribute macro sees.
    pub(super) fn exact_attributes(&mut self, attributes: &[Attribute]) {
        self.list(attributes.iter().filter(|attribute| !is_cached(attribute)), |w, attribute| {
            w.tokens(&attribute.to_token_stream());
        });
    }

    pub(super) fn delimiter(&mut self, delimiter: &MacroDelimiter) {
        self.tag(match delimiter {
            MacroDelimiter::Paren(_) => Tag::TokenParenthesis,
            MacroDelimiter::Brace(_) => Tag::TokenBrace,
            MacroDelimiter::Bracket(_) => Tag::TokenBracket,
        });
    }

    /// Visibility, where a macro may read it.
    pub(super) fn visibility(&mut self, visibility: &Visibility) {
        if self.macros_read {
            self.tokens(&visibility.to_token_stream());
        }
    }
}
