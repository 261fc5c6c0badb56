//! Comments and documentation, taken away or added.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Attribute, ImplItem, Item, TraitItem};

use super::Rewritten;
use crate::source::{Source, each, range};
use crate::subject::Subject;
use crate::walk::{Node, Visitor, Why, walk};

/// Takes all comments away, and all documentation that no macro sees.
pub(super) fn strip(source: &Source, subject: &Subject) -> Rewritten {
    let mut visitor = Documented { out: Rewritten::default(), docs: Vec::new(), add: false };
    visitor.attributes(&source.syntax.attrs);
    walk(&source.syntax, subject.shadowed(source), &mut visitor);
    let mut out = visitor.out;
    for gap in gaps(source) {
        for comment in comments(&source.text[gap.clone()]) {
            let comment = gap.start + comment.start..gap.start + comment.end;
            out.sites += 1;
            // What it parted stays parted.
            out.edits.replace(comment, " ");
        }
    }
    for doc in visitor.docs {
        out.sites += 1;
        out.edits.replace(doc, " ");
    }
    out
}

/// Puts comments between tokens, also in macros' input, and documentation on all items that no macro sees.
pub(super) fn add(source: &Source, subject: &Subject) -> Rewritten {
    let mut visitor = Documented { out: Rewritten::default(), docs: Vec::new(), add: true };
    // The file's own documentation comes before its first item's.
    visitor.out.sites += 1;
    visitor.out.edits.insert(0, "//! Added.\n");
    walk(&source.syntax, subject.shadowed(source), &mut visitor);
    let mut out = visitor.out;
    for (at, gap) in gaps(source).into_iter().enumerate() {
        let text = &source.text[gap.clone()];
        if let Some(line) = text.find('\n') {
            out.sites += 1;
            out.edits.insert(gap.start + line + 1, "// added: \"a\" 'b\n");
        } else if at % 4 == 0 {
            out.sites += 1;
            out.edits.insert(gap.start, " /* added /* 'c */ \" */ ");
        }
    }
    out
}

/// Room between tokens, never at a documentation comment's begin, whose place it shares.
fn gaps(source: &Source) -> Vec<Range<usize>> {
    let ends = std::iter::once(0).chain(source.leaves.iter().map(|leaf| leaf.end));
    let starts = source.leaves.iter().map(|leaf| leaf.start).chain([source.text.len()]);
    ends.zip(starts).filter(|(end, start)| end < start).map(|(end, start)| end..start).collect()
}

/// Comments in what stands between two tokens.
fn comments(gap: &str) -> Vec<Range<usize>> {
    let bytes = gap.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at + 1 < bytes.len() {
        let start = at;
        match &bytes[at..at + 2] {
            b"//" => {
                at = gap[at..].find('\n').map_or(gap.len(), |end| at + end);
                found.push(start..at);
            }
            b"/*" => {
                let mut depth = 0;
                while at < bytes.len() {
                    match bytes.get(at..at + 2) {
                        Some(b"/*") => (depth, at) = (depth + 1, at + 2),
                        Some(b"*/") => (depth, at) = (depth - 1, at + 2),
                        _ => at += 1,
                    }
                    if depth == 0 {
                        break;
                    }
                }
                found.push(start..at);
            }
            _ => at += 1,
        }
    }
    found
}

struct Documented {
    out: Rewritten,
    /// Where documentation stands.
    docs: Vec<Range<usize>>,
    add: bool,
}

impl Documented {
    fn attributes(&mut self, attributes: &[Attribute]) {
        self.docs.extend(attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).map(range));
    }

    fn documented(&mut self, node: &impl Spanned, attributes: &[Attribute], text: &str) {
        if self.add {
            self.out.sites += 1;
            self.out.edits.insert(range(node).start, text);
        } else {
            self.attributes(attributes);
        }
    }
}

impl Visitor for Documented {
    fn node(&mut self, node: Node<'_>) {
        let line = "/// Added.\n";
        match node {
            // Nothing is documented there.
            Node::Item(Item::Use(_) | Item::ExternCrate(_) | Item::Impl(_) | Item::ForeignMod(_)) if self.add => {}
            Node::Item(item) => {
                self.documented(item, crate::walk::item_attributes(item), line);
            }
            Node::ImplItem(item @ (ImplItem::Fn(_) | ImplItem::Const(_) | ImplItem::Type(_))) => {
                self.documented(item, crate::walk::impl_item_attributes(item), line);
            }
            Node::TraitItem(item @ (TraitItem::Fn(_) | TraitItem::Const(_) | TraitItem::Type(_))) => {
                self.documented(item, crate::walk::trait_item_attributes(item), line);
            }
            Node::Field(field) => self.documented(field, &field.attrs, "/** Added. */ "),
            Node::Variant(variant) => self.documented(variant, &variant.attrs, "#[doc = \"Added.\"] "),
            _ => {}
        }
    }

    fn hidden(&mut self, tokens: TokenStream, why: Why) {
        let mut sites = 0;
        each(&tokens, &mut |token| {
            let word = if self.add { ["fn", "struct", "enum"].as_slice() } else { ["doc"].as_slice() };
            sites += usize::from(matches!(token, TokenTree::Ident(name) if word.iter().any(|it| name == it)));
        });
        self.out.skip(why, sites);
    }
}
