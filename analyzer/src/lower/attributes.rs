//! Attributes: which of them mean something to the analysis.

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

use super::Lowerer;
use crate::cfg::Predicate;
use crate::ir::Attr;

/// Built-in attributes that mean nothing to names and reachability. All others are macros, or unknown.
const BUILT_IN: &[&str] = &[
    "allow",
    "warn",
    "deny",
    "forbid",
    "expect",
    "doc",
    "inline",
    "cold",
    "must_use",
    "deprecated",
    "repr",
    "non_exhaustive",
    "automatically_derived",
    "derive",
    "cfg",
    "cfg_attr",
    "path",
    "macro_use",
    "macro_export",
    "test",
    "ignore",
    "should_panic",
    "bench",
    "track_caller",
    "target_feature",
    "link",
    "link_name",
    "link_section",
    "no_mangle",
    "export_name",
    "used",
    "global_allocator",
    "panic_handler",
    "no_std",
    "no_core",
    "no_main",
    "recursion_limit",
    "type_length_limit",
    "feature",
    "crate_type",
    "crate_name",
    "windows_subsystem",
    "default",
    "instruction_set",
    "no_implicit_prelude",
    "no_builtins",
    "proc_macro",
    "proc_macro_derive",
    "proc_macro_attribute",
    "debugger_visualizer",
    "diagnostic",
    "rustfmt",
    "clippy",
    "miri",
    "rust_analyzer",
    "coverage",
    "optimize",
    "rustc_on_unimplemented",
    "unsafe",
    "cached",
    "naked",
    "doc_cfg",
    "no_link",
    "link_ordinal",
    "collapse_debuginfo",
    "type_const",
    "marker",
    "fundamental",
    "const_trait",
    "may_dangle",
    "ffi_pure",
    "ffi_const",
    "linkage",
];

/// A path as text, without arguments.
pub(crate) fn plain_path(path: &syn::Path) -> String {
    let mut out = String::new();
    for segment in &path.segments {
        if !out.is_empty() {
            out.push_str("::");
        }
        out.push_str(&segment.ident.to_string());
    }
    out
}

impl Lowerer<'_> {
    /// The predicates of the `cfg` attributes.
    pub(super) fn cfg(&mut self, attrs: &[Attribute]) -> Vec<Predicate> {
        let mut when = Vec::new();
        for attr in attrs {
            if let Meta::List(list) = &attr.meta
                && list.path.is_ident("cfg")
            {
                when.push(Predicate::from_tokens(list.tokens.clone()));
            }
        }
        when
    }

    /// The predicates of the `cfg` attributes of a part of an item: the item asks for them.
    pub(super) fn inner_cfg(&mut self, attrs: &[Attribute]) -> Vec<Predicate> {
        if attrs.is_empty() {
            return Vec::new();
        }
        let when = self.cfg(attrs);
        self.asks.extend(when.iter().cloned());
        when
    }

    /// What the attributes of an item mean.
    pub(super) fn attrs(&mut self, attrs: &[Attribute]) -> Vec<Attr> {
        let mut out = Vec::new();
        for attr in attrs {
            self.meta(&attr.meta, &mut Vec::new(), &mut out);
        }
        out
    }

    fn meta(&mut self, meta: &Meta, when: &mut Vec<Predicate>, out: &mut Vec<Attr>) {
        let path = meta.path();
        // Most attributes are documentation, and that means nothing.
        if path.is_ident("doc") {
            return;
        }
        let last = path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let first = path.segments.first().map(|s| s.ident.to_string()).unwrap_or_default();
        if last == "cached" {
            let options = match meta {
                Meta::List(list) => list.tokens.to_string(),
                _ => String::new(),
            };
            out.push(Attr::Cached(options));
            return;
        }
        match (first.as_str(), meta) {
            ("cfg_attr", Meta::List(list)) => self.cfg_attr(list.tokens.clone(), when, out),
            ("unsafe", Meta::List(list)) => {
                if let Ok(inner) = syn::parse2::<Meta>(list.tokens.clone()) {
                    self.meta(&inner, when, out);
                }
            }
            ("derive", Meta::List(list)) => {
                let parser = Punctuated::<syn::Path, Token![,]>::parse_terminated;
                match syn::parse::Parser::parse2(parser, list.tokens.clone()) {
                    Ok(paths) => {
                        let paths = paths.iter().map(|path| self.path(path, None)).collect();
                        out.push(Attr::Derive(paths, when.clone()));
                    }
                    Err(_) => self.unknown(path, list.tokens.clone(), when, out),
                }
            }
            ("path", Meta::NameValue(pair)) => {
                if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(file), .. }) = &pair.value {
                    out.push(Attr::FilePath(file.value(), when.clone()));
                }
            }
            ("macro_use", _) => out.push(Attr::MacroUse),
            ("macro_export", meta) => {
                out.push(Attr::MacroExport);
                if let Meta::List(_) = meta {
                    out.push(Attr::InnerMacros);
                }
            }
            (
                "no_mangle"
                | "export_name"
                | "global_allocator"
                | "panic_handler"
                | "used"
                | "link_section"
                | "proc_macro"
                | "proc_macro_derive"
                | "proc_macro_attribute",
                _,
            ) => out.push(Attr::Exported),
            _ if BUILT_IN.contains(&first.as_str()) => {}
            (_, Meta::List(list)) => self.unknown(path, list.tokens.clone(), when, out),
            (_, Meta::NameValue(pair)) => {
                let value = quote::ToTokens::to_token_stream(&pair.value);
                self.unknown(path, value, when, out);
            }
            (_, Meta::Path(_)) => self.unknown(path, TokenStream::new(), when, out),
        }
    }

    /// Attributes of a field or variant that a derive may read.
    pub(super) fn helpers(&mut self, attrs: &[Attribute]) {
        for attr in attrs.iter().filter(|attr| !attr.path().is_ident("doc")) {
            self.helper(&attr.meta, &mut Vec::new());
        }
    }

    fn helper(&mut self, meta: &Meta, when: &mut Vec<Predicate>) {
        let first = meta.path().segments.first().map(|s| s.ident.to_string()).unwrap_or_default();
        match meta {
            Meta::List(list) if first == "cfg_attr" => match conditional(list.tokens.clone()) {
                Ok((predicate, metas)) => {
                    when.push(predicate);
                    let before = self.helper_attrs.len();
                    metas.iter().for_each(|meta| self.helper(meta, when));
                    let predicate = when.pop();
                    if self.helper_attrs.len() > before {
                        self.asks.extend(predicate);
                    }
                }
                Err(_) => self.asks.push(Predicate::Strange(list.tokens.to_string())),
            },
            meta if !BUILT_IN.contains(&first.as_str()) => {
                let tokens = quote::ToTokens::to_token_stream(meta).to_string();
                self.helper_attrs.push(Attr::Helper(tokens, when.clone()));
            }
            _ => {}
        }
    }

    /// Why serde doesn't write all of a field, or of a type, into a key.
    pub(super) fn lossy(attrs: &[Attribute]) -> Option<String> {
        let mut lists = Vec::new();
        attrs.iter().for_each(|attr| serde_lists(&attr.meta, &mut lists));
        for tokens in lists {
            for tree in tokens {
                if let proc_macro2::TokenTree::Ident(ident) = tree {
                    let word = ident.to_string();
                    if matches!(
                        word.as_str(),
                        "skip" | "skip_serializing" | "serialize_with" | "with" | "into" | "getter"
                    ) {
                        return Some(format!("#[serde({word})]"));
                    }
                }
            }
        }
        None
    }

    fn unknown(&mut self, path: &syn::Path, tokens: TokenStream, when: &[Predicate], out: &mut Vec<Attr>) {
        let path = self.path(path, None);
        out.push(Attr::Unknown(path, tokens.to_string(), when.to_vec()));
    }

    /// `cfg_attr(predicate, attribute, ..)`: the attributes count, and the predicate is asked for.
    fn cfg_attr(&mut self, tokens: TokenStream, when: &mut Vec<Predicate>, out: &mut Vec<Attr>) {
        let text = tokens.to_string();
        match conditional(tokens) {
            Ok((predicate, metas)) => {
                let before = out.len();
                when.push(predicate);
                for meta in &metas {
                    self.meta(meta, when, out);
                }
                let predicate = when.pop();
                if out.len() > before || metas.iter().any(|meta| !droppable(meta)) {
                    self.asks.extend(predicate);
                }
            }
            Err(_) => self.asks.push(Predicate::Strange(text)),
        }
    }
}

/// The predicate of a `cfg_attr`, and its attributes.
fn conditional(tokens: TokenStream) -> syn::Result<(Predicate, Vec<Meta>)> {
    let parser = |input: syn::parse::ParseStream<'_>| {
        let predicate: Predicate = input.parse()?;
        let mut metas = Vec::new();
        while input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            metas.push(input.parse::<Meta>()?);
        }
        Ok((predicate, metas))
    };
    syn::parse::Parser::parse2(parser, tokens)
}

/// What stands in `#[serde(..)]`, also where a `cfg_attr` may switch it on.
fn serde_lists(meta: &Meta, out: &mut Vec<TokenStream>) {
    let Meta::List(list) = meta else { return };
    if list.path.is_ident("serde") {
        out.push(list.tokens.clone());
    } else if list.path.is_ident("cfg_attr") {
        let metas = conditional(list.tokens.clone()).map(|(_, metas)| metas).unwrap_or_default();
        metas.iter().for_each(|meta| serde_lists(meta, out));
    }
}

/// Attributes that can't change what code does.
fn droppable(meta: &Meta) -> bool {
    let first = meta.path().segments.first().map(|s| s.ident.to_string()).unwrap_or_default();
    matches!(
        first.as_str(),
        "allow"
            | "warn"
            | "deny"
            | "forbid"
            | "expect"
            | "doc"
            | "must_use"
            | "deprecated"
            | "inline"
            | "rustfmt"
            | "clippy"
    )
}
