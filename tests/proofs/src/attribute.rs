//! Which attributes let a macro see the item below them.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Meta};

/// Attributes that the compiler or its tools read themselves.
const BUILT_IN: [&str; 54] = [
    "allow",
    "warn",
    "deny",
    "forbid",
    "expect",
    "must_use",
    "inline",
    "deprecated",
    "doc",
    "derive",
    "cfg_attr",
    "cfg",
    "test",
    "ignore",
    "should_panic",
    "automatically_derived",
    "macro_export",
    "macro_use",
    "proc_macro",
    "proc_macro_derive",
    "proc_macro_attribute",
    "link",
    "link_name",
    "no_link",
    "repr",
    "crate_type",
    "no_main",
    "export_name",
    "link_section",
    "no_mangle",
    "used",
    "crate_name",
    "cold",
    "no_builtins",
    "target_feature",
    "track_caller",
    "instruction_set",
    "no_std",
    "no_implicit_prelude",
    "path",
    "recursion_limit",
    "type_length_limit",
    "panic_handler",
    "global_allocator",
    "windows_subsystem",
    "feature",
    "non_exhaustive",
    "debugger_visualizer",
    "naked",
    "unsafe",
    "default",
    "coverage",
    "optimize",
    "bench",
];

/// Derives that read names and types alone.
const STANDARD: [&str; 9] = ["Clone", "Copy", "Debug", "Default", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash"];

/// Attributes of lints.
pub(crate) fn is_lint(attribute: &Attribute) -> bool {
    ["allow", "warn", "deny", "forbid", "expect", "must_use"].iter().any(|name| attribute.path().is_ident(name))
}

/// Whether an attribute macro sees the item.
pub(crate) fn has_macro(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| is_foreign(&attribute.meta))
}

fn is_foreign(meta: &Meta) -> bool {
    let path = meta.path();
    let first = path.segments.first().map(|segment| segment.ident.to_string()).unwrap_or_default();
    match path.segments.len() {
        1 if first == "cfg_attr" => {
            conditional(meta).any(|part| syn::parse2::<Meta>(part).is_ok_and(|it| is_foreign(&it)))
        }
        1 => !BUILT_IN.contains(&first.as_str()),
        _ => !["clippy", "rustfmt", "diagnostic", "rustdoc", "miri"].contains(&first.as_str()),
    }
}

/// Whether a derive that isn't the standard library's sees the type.
pub(crate) fn has_foreign_derive(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| is_foreign_derive(&attribute.meta))
}

fn is_foreign_derive(meta: &Meta) -> bool {
    if meta.path().is_ident("cfg_attr") {
        return conditional(meta).any(|part| syn::parse2::<Meta>(part).is_ok_and(|it| is_foreign_derive(&it)));
    }
    let Meta::List(list) = meta else { return false };
    let mut is_foreign = false;
    if list.path.is_ident("derive") {
        crate::source::each(&list.tokens, &mut |token| {
            is_foreign |= matches!(token, TokenTree::Ident(name) if !STANDARD.iter().any(|it| name == it));
        });
    }
    is_foreign
}

/// What a `cfg_attr` may set.
fn conditional(meta: &Meta) -> impl Iterator<Item = TokenStream> {
    let mut parts = vec![TokenStream::new()];
    if let Meta::List(list) = meta {
        for token in list.tokens.clone() {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(TokenStream::new()),
                token => parts.last_mut().into_iter().for_each(|part| part.extend([token.clone()])),
            }
        }
    }
    parts.into_iter().skip(1)
}
