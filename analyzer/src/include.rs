//! Paths in `include!`, `include_str!` and `include_bytes!`.

use proc_macro2::{TokenStream, TokenTree};

use crate::load::{folder, join};
use crate::project::Package;

/// The file that is included; `None` if nobody can say, as with another package's build-script output.
pub(crate) fn included_path(tokens: TokenStream, from: &str, package: &Package) -> Option<String> {
    let mut in_out_dir = false;
    let mut in_manifest_dir = false;
    let text = text(tokens, &mut in_out_dir, &mut in_manifest_dir)?;
    if in_out_dir {
        let dir = package.out_dir.as_ref()?;
        return Some(format!("{}/{}", dir.trim_end_matches('/'), text.trim_start_matches('/')));
    }
    if in_manifest_dir {
        return Some(join(&package.dir, text.trim_start_matches('/')));
    }
    Some(join(folder(from), &text))
}

/// The text of a literal, or of `concat!` over literals, `env!("OUT_DIR")` and `env!("CARGO_MANIFEST_DIR")`.
fn text(tokens: TokenStream, in_out_dir: &mut bool, in_manifest_dir: &mut bool) -> Option<String> {
    let mut trees = tokens.into_iter().peekable();
    let mut out = String::new();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Literal(literal) => {
                let tokens: TokenStream = TokenTree::Literal(literal).into();
                match syn::parse2::<syn::Lit>(tokens).ok()? {
                    syn::Lit::Str(text) => out.push_str(&text.value()),
                    syn::Lit::Int(int) => out.push_str(int.base10_digits()),
                    _ => return None,
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => {}
            TokenTree::Group(group) => out.push_str(&text(group.stream(), in_out_dir, in_manifest_dir)?),
            TokenTree::Ident(ident) => {
                if !matches!(trees.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '!') {
                    return None;
                }
                let Some(TokenTree::Group(group)) = trees.next() else { return None };
                if ident == "concat" {
                    out.push_str(&text(group.stream(), in_out_dir, in_manifest_dir)?);
                } else if ident == "env" {
                    let name: syn::LitStr = syn::parse2(group.stream()).ok()?;
                    match name.value().as_str() {
                        "OUT_DIR" if out.is_empty() => *in_out_dir = true,
                        "CARGO_MANIFEST_DIR" if out.is_empty() => *in_manifest_dir = true,
                        _ => return None,
                    }
                } else {
                    return None;
                }
            }
            _ => return None,
        }
    }
    Some(out)
}
