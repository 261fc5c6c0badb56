//! Names that may be those of locals.

use proc_macro2::{TokenStream, TokenTree};
use rustc_hash::FxHashSet as HashSet;

use super::fragment::is_reserved;

/// All names in tokens that may be those of locals: what is no keyword, no variable of a macro, and called like one; those
/// that format strings capture among them.
pub(super) fn may_be_locals(tokens: TokenStream, out: &mut HashSet<String>) {
    let mut last = ' ';
    for tree in tokens {
        let mut this = ' ';
        match tree {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let name = name.trim_start_matches("r#");
                if last != '$' && !is_reserved(&ident) && !name.starts_with(char::is_uppercase) {
                    out.insert(name.to_owned());
                }
            }
            TokenTree::Group(group) => may_be_locals(group.stream(), out),
            TokenTree::Literal(literal) => captured(&literal.to_string(), out),
            TokenTree::Punct(punct) => this = punct.as_char(),
        }
        last = this;
    }
}

/// Words behind a brace, or before the `$` of a width.
fn captured(text: &str, out: &mut HashSet<String>) {
    if !text.starts_with(['"', 'r']) || !text.contains('{') {
        return;
    }
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    // A width may begin with a flag: `0width$`.
    let names = words.map(|word| word.trim_start_matches(|c: char| c.is_ascii_digit()));
    out.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
}
