//! Lint attributes, taken away and added.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Attribute, ImplItem, ReturnType, TraitItem};

use super::Rewritten;
use crate::attribute::is_lint;
use crate::source::{Source, each, range};
use crate::subject::Subject;
use crate::walk::{Node, Visitor, Why, impl_item_attributes, item_attributes, trait_item_attributes, walk};

pub(super) fn rewrite(source: &Source, subject: &Subject) -> Rewritten {
    let mut visitor = Lints { out: Rewritten::default() };
    visitor.strip(&source.syntax.attrs);
    walk(&source.syntax, subject.shadowed(source), &mut visitor);
    visitor.out
}

struct Lints {
    out: Rewritten,
}

impl Lints {
    fn strip(&mut self, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| is_lint(attribute)) {
            self.out.sites += 1;
            self.out.edits.replace(range(attribute), " ");
        }
    }

    fn add(&mut self, node: &impl Spanned, text: &str) {
        self.out.sites += 1;
        self.out.edits.insert(range(node).start, text);
    }
}

impl Visitor for Lints {
    fn node(&mut self, node: Node<'_>) {
        let allow = "#[allow(unused, clippy::all)] ";
        match node {
            Node::Item(item) => {
                self.strip(item_attributes(item));
                self.add(item, allow);
            }
            Node::ImplItem(item) => {
                self.strip(impl_item_attributes(item));
                let gives = matches!(item, ImplItem::Fn(it) if matches!(it.sig.output, ReturnType::Type(..)));
                self.add(item, if gives { "#[must_use] #[expect(unused)] " } else { allow });
            }
            Node::TraitItem(item @ (TraitItem::Fn(_) | TraitItem::Const(_) | TraitItem::Type(_))) => {
                self.strip(trait_item_attributes(item));
                self.add(item, "#[warn(clippy::pedantic, unused)] ");
            }
            Node::Local(local) => {
                self.strip(&local.attrs);
                self.add(local, "#[allow(unused_mut)] ");
            }
            _ => {}
        }
    }

    fn hidden(&mut self, tokens: TokenStream, why: Why) {
        let mut sites = 0;
        each(&tokens, &mut |token| {
            let words = ["fn", "struct", "enum", "let", "allow"];
            sites += usize::from(matches!(token, TokenTree::Ident(name) if words.iter().any(|it| name == it)));
        });
        self.out.skip(why, sites);
    }
}
