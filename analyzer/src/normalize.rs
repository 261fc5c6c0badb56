//! Decides what normalization drops: syntax in, digest out. No other module may look at source text to tell whether two
//! items are the same code.
//!
//! Dropped: comments, layout, doc attributes, lint attributes and other hints, visibility, redundant parentheses and
//! trailing commas, the names of local variables and labels. Everything else must change the digest: each node writes a
//! tag, each list its end, each name and literal its length. What this module doesn't know is hashed as exact tokens.
//!
//! Two limits are deliberate. The text of a panic message is unobserved: `assert!(a+b > 0)` and `assert!(a + b > 0)` are
//! the same. A pattern that is a lowercase identifier is taken for a binding; if it names a constant, the resolved target
//! of that name has to tell.

mod attribute;
mod block;
mod expression;
mod format;
mod item;
mod literal;
mod pattern;
mod standard_macro;
mod tag;
mod text;
mod token;
mod ty;
mod writer;

#[cfg(test)]
mod tests;

use syn::{ForeignItem, ImplItem, Item, TraitItem};

use crate::source::Digest;
use writer::digest;

pub(crate) use text::{impl_header_text, path_text, type_text};

/// The exact input of a macro call that [`item`] takes for a standard macro's; `None` for others, whose input is in the item's
/// hash. A macro of another package or of the user's own may have the name, and see every token.
pub(crate) fn macro_input(call: &syn::Macro) -> Option<Digest> {
    standard_macro::is_read(&call.path).then(|| digest(|writer| writer.tokens(&call.tokens)))
}

/// An item. Of `impl`, `trait` and `extern` blocks only the header: members have hashes of their own. Of `mod` only its
/// name and attributes. Below an attribute macro that isn't built in, all of the item's tokens.
pub(crate) fn item(item: &Item) -> Digest {
    digest(|writer| writer.item(item))
}

/// A member of an `impl` block.
pub(crate) fn impl_item(item: &ImplItem) -> Digest {
    digest(|writer| writer.impl_item(item))
}

/// A member of a trait.
pub(crate) fn trait_item(item: &TraitItem) -> Digest {
    digest(|writer| writer.trait_item(item))
}

/// A member of an `extern` block.
pub(crate) fn foreign_item(item: &ForeignItem) -> Digest {
    digest(|writer| writer.foreign_item(item))
}
