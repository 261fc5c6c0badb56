//! Visibility, widened, narrowed or spelled otherwise, where nobody could tell.
//!
//! More visible, an item may be found where another one was: by a glob import, by a method call. So only such items change
//! whose name nobody outside their module mentions, and only such become less visible that nobody outside their file does.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::spanned::Spanned;
use syn::{Attribute, Fields, ImplItem, Item, Visibility};

use super::{Outcome, Rewritten};
use crate::attribute::has_macro;
use crate::source::{each, range};
use crate::subject::Subject;
use crate::walk::{Node, Visitor, Why, walk};

pub(super) fn apply(subject: &Subject) -> Outcome {
    let mut mentions: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    let mut in_macros = BTreeSet::new();
    for (file, source) in subject.sources.iter().enumerate() {
        each(&source.syntax.to_token_stream(), &mut |token| {
            if let TokenTree::Ident(name) = token {
                mentions.entry(name.to_string()).or_default().push((file, name.span().byte_range().start));
            }
        });
        let mut hidden = Hidden { names: &mut in_macros };
        walk(&source.syntax, subject.shadowed(source), &mut hidden);
    }
    let mut outcome = Outcome::default();
    for (file, source) in subject.sources.iter().enumerate() {
        let mut modules = Vec::new();
        inline_modules(&source.syntax.items, &mut modules);
        let mut visitor =
            Visible { file, modules, mentions: &mentions, in_macros: &in_macros, out: Rewritten::default() };
        walk(&source.syntax, subject.shadowed(source), &mut visitor);
        outcome.add(source, visitor.out);
    }
    outcome
}

/// Names in macros' definitions and input.
struct Hidden<'a> {
    names: &'a mut BTreeSet<String>,
}

impl Visitor for Hidden<'_> {
    fn node(&mut self, _: Node<'_>) {}

    fn hidden(&mut self, tokens: TokenStream, _: Why) {
        each(&tokens, &mut |token| {
            if let TokenTree::Ident(name) = token {
                self.names.insert(name.to_string());
            }
        });
    }
}

fn inline_modules(items: &[Item], out: &mut Vec<Range<usize>>) {
    for item in items {
        if let Item::Mod(module) = item
            && let Some((_, items)) = &module.content
        {
            out.push(range(module));
            inline_modules(items, out);
        }
    }
}

struct Visible<'a> {
    file: usize,
    modules: Vec<Range<usize>>,
    mentions: &'a BTreeMap<String, Vec<(usize, usize)>>,
    in_macros: &'a BTreeSet<String>,
    out: Rewritten,
}

impl Visible<'_> {
    /// `plain` is the node without attributes, so that it begins where a visibility stands.
    fn item(&mut self, name: Option<&Ident>, visibility: &Visibility, plain: &impl Spanned, may_narrow: bool) {
        let at = range(plain).start;
        let text = name.map(ToString::to_string).unwrap_or_default();
        match visibility {
            Visibility::Restricted(it) => {
                self.out.sites += 1;
                match &it.in_token {
                    Some(token) if it.path.segments.len() == 1 => self.out.edits.remove(range(token)),
                    Some(_) => self.out.sites -= 1,
                    None => self.out.edits.insert(range(&*it.path).start, "in "),
                }
            }
            Visibility::Inherited => {
                let module = self.modules.iter().filter(|module| module.contains(&at)).min_by_key(|it| it.len());
                let inside = |place: usize| module.is_none_or(|module| module.contains(&place));
                if self.is_only(&text, inside) {
                    self.out.sites += 1;
                    self.out.edits.insert(at, "pub(crate) ");
                } else {
                    self.out.skip(Why::NameElsewhere, 1);
                }
            }
            Visibility::Public(_) if may_narrow => {
                if self.is_only(&text, |_| true) && !self.in_macros.contains(&text) {
                    self.out.sites += 1;
                    self.out.edits.replace(range(visibility), "pub(crate)");
                } else {
                    self.out.skip(Why::NameElsewhere, 1);
                }
            }
            Visibility::Public(_) => {}
        }
    }

    /// Whether a name stands nowhere but in this file, and there only `inside`.
    fn is_only(&self, name: &str, inside: impl Fn(usize) -> bool) -> bool {
        let mentions = self.mentions.get(name).map_or(&[][..], Vec::as_slice);
        !name.is_empty() && name != "_" && mentions.iter().all(|(file, at)| *file == self.file && inside(*at))
    }

    fn fields(&mut self, fields: &Fields) {
        for field in fields {
            let mut plain = field.clone();
            plain.attrs.clear();
            // A tuple's field has no name to look for.
            if field.ident.is_some() || matches!(field.vis, Visibility::Restricted(_)) {
                self.item(field.ident.as_ref(), &field.vis, &plain, true);
            }
        }
    }
}

fn takes_any_type(signature: &syn::Signature) -> bool {
    let mut found = signature.generics.type_params().next().is_some();
    each(&signature.inputs.to_token_stream(), &mut |token| {
        found |= matches!(token, TokenTree::Ident(word) if word == "impl" || word == "dyn");
    });
    found
}

/// Calls `item` with a copy that has no attributes.
macro_rules! without_attributes {
    ($self:ident, $it:expr, $name:expr, $narrow:expr) => {{
        let mut plain = $it.clone();
        plain.attrs.clear();
        $self.item(Some($name), &$it.vis, &plain, $narrow);
    }};
}

impl Visitor for Visible<'_> {
    fn node(&mut self, node: Node<'_>) {
        match node {
            // A published function that takes any type has callers that nobody sees.
            Node::Item(Item::Fn(it)) if matches!(it.vis, Visibility::Public(_)) && takes_any_type(&it.sig) => {
                self.out.skip(Why::CallersElsewhere, 1);
            }
            Node::Item(Item::Fn(it)) => without_attributes!(self, it, &it.sig.ident, true),
            Node::Item(Item::Const(it)) => without_attributes!(self, it, &it.ident, true),
            Node::Item(Item::Static(it)) => without_attributes!(self, it, &it.ident, true),
            Node::Item(Item::Enum(it)) => without_attributes!(self, it, &it.ident, false),
            Node::Item(Item::Trait(it)) => without_attributes!(self, it, &it.ident, false),
            Node::Item(Item::Type(it)) => without_attributes!(self, it, &it.ident, false),
            Node::Item(Item::Mod(it)) => without_attributes!(self, it, &it.ident, false),
            Node::Item(Item::Struct(it)) => {
                without_attributes!(self, it, &it.ident, false);
                self.fields(&it.fields);
            }
            Node::Item(Item::Impl(block)) if block.trait_.is_none() => {
                for member in &block.items {
                    let seen = |attributes: &[Attribute]| has_macro(attributes);
                    match member {
                        ImplItem::Fn(it) if !seen(&it.attrs) => without_attributes!(self, it, &it.sig.ident, true),
                        ImplItem::Const(it) if !seen(&it.attrs) => without_attributes!(self, it, &it.ident, true),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn hidden(&mut self, tokens: TokenStream, why: Why) {
        let mut sites = 0;
        each(&tokens, &mut |token| {
            let words = ["fn", "struct", "enum", "pub", "const"];
            sites += usize::from(matches!(token, TokenTree::Ident(name) if words.iter().any(|it| name == it)));
        });
        self.out.skip(why, sites);
    }
}
