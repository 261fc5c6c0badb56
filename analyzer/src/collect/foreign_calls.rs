//! Macro calls where items stand whose `macro_rules!` an external package declares, where cargo has its sources.
//!
//! They are expanded once all packages are entered. What they make is analyzed like any item of the crate, so it then takes its
//! place among these, before what external packages declare.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

use super::{Collector, Place};
use crate::expand::Budget;
use crate::ir::{DeclKind, MacroCall};
use crate::program::{Analyzed, Def, ModuleId, NodeId};

/// How often what was made is looked through for further calls.
const MAX_ROUNDS: u32 = 32;

/// A call that no macro of an analyzed crate takes.
pub(super) struct ForeignCall {
    pub(super) node: NodeId,
    pub(super) module: ModuleId,
    pub(super) place: Place,
    pub(super) owner: Option<NodeId>,
}

impl Collector<'_, '_> {
    /// Expands what is left of the calls in analyzed crates, and calls in what that makes.
    pub(super) fn foreign_calls(&mut self) {
        let first = self.program.nodes.len();
        let first_impl = self.program.impls.len();
        self.first_import = 0;
        for _ in 0..MAX_ROUNDS {
            let mut calls = std::mem::take(&mut self.foreign).into_iter().peekable();
            let before = self.program.nodes.len();
            while let Some(krate) = calls.peek().and_then(|call| self.program.node(call.node).krate) {
                (self.krate, self.package) = (krate, self.program.krate(krate).package);
                self.textual.clear();
                while let Some(call) = calls.next_if(|call| self.program.node(call.node).krate == Some(krate)) {
                    self.foreign_call(&call);
                }
                self.deferred_calls();
            }
            if self.program.nodes.len() == before {
                break;
            }
            self.program.settle(0);
        }
        if self.program.nodes.len() > first {
            self.place_among_analyzed(first, first_impl);
            self.program.settle(0);
        }
    }

    /// Enters what another package's macro makes of a call in the place of the call.
    fn foreign_call(&mut self, of: &ForeignCall) {
        let Some(decl) = self.program.node(of.node).decl.clone() else { return };
        let DeclKind::MacroCall(call) = &decl.kind else { return };
        let Some(definition) = self.foreign_definition(call, of.module) else { return };
        if self.hides_items(definition, call) {
            return;
        }
        let before = self.program.nodes.len();
        if !self.is_expanded(&decl, call, &[definition], of.module, &of.place, of.owner) {
            return;
        }
        // The items stand for the call now, and need the package that it needed.
        let needed = self.program.members.remove(&of.node).unwrap_or_default();
        for at in before..self.program.nodes.len() {
            if !matches!(
                self.program.nodes[at].decl.as_deref().map(|decl| &decl.kind),
                Some(DeclKind::Impl(_) | DeclKind::Trait(..)) | None
            ) {
                self.program.members.entry(NodeId(at as u32)).or_default().extend(needed.iter().copied());
            }
        }
        self.program.nodes[of.node.at()].decl = None;
        self.program.crates[self.krate.at()].generators.retain(|id| *id != of.node);
        if let Some(members) = of.owner.and_then(|owner| self.program.members.get_mut(&owner)) {
            members.retain(|id| *id != of.node);
        }
    }

    /// Whether what a macro makes of a call has constants in whose blocks other calls may make impls.
    fn hides_items(&self, definition: NodeId, call: &MacroCall) -> bool {
        let Some(Some(rules)) = self.program.macros.get(&definition) else { return true };
        let (Ok(tokens), krate) = (call.tokens.parse(), Ident::new("krate", Span::call_site())) else { return true };
        let made = rules.expand(tokens, &krate, &mut Budget::for_call(&call.tokens));
        made.map_or(true, has_calls_in_constants)
    }

    /// The one `macro_rules!` of an external package that a call surely means.
    fn foreign_definition(&self, call: &MacroCall, module: ModuleId) -> Option<NodeId> {
        let path: Vec<_> = call.path.segments.iter().map(|segment| segment.name).collect();
        let [def] = self.program.resolve_plain(module, call.path.global, &path)[..] else { return None };
        match def {
            Def::Foreign(id) => self.program.external_macro(id),
            // One that another package's macro calls.
            Def::Node(node) if self.program.is_external(node) && self.program.macros.contains_key(&node) => Some(node),
            _ => None,
        }
    }

    /// Gives what was entered last, from `first` on, the numbers behind those of the analyzed items.
    fn place_among_analyzed(&mut self, first: usize, first_impl: usize) {
        let Analyzed { nodes: analyzed, impls: analyzed_impls, .. } = self.program.analyzed;
        let (made, declared) = (self.program.nodes.len() - first, first - analyzed);
        let moved = |id: NodeId| match id.at() {
            at if at < analyzed => id,
            at if at < first => NodeId((at + made) as u32),
            at => NodeId((at - declared) as u32),
        };
        let program = &mut self.program;
        program.nodes[analyzed..].rotate_left(declared);
        program.impls[analyzed_impls..].rotate_left(first_impl - analyzed_impls);
        program.analyzed.nodes += made;
        program.analyzed.impls += program.impls.len() - first_impl;
        program.renumber(&moved);
    }
}

/// Whether a macro is called in the value of a constant without a name, among items.
fn has_calls_in_constants(items: TokenStream) -> bool {
    let trees: Vec<TokenTree> = items.into_iter().collect();
    let is = |tree: Option<&TokenTree>, word: &str| matches!(tree, Some(TokenTree::Ident(ident)) if ident == word);
    (0..trees.len()).any(|at| {
        is(trees.get(at), "const") && is(trees.get(at + 1), "_") && {
            let is_end = |tree: &&TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';');
            has_calls(trees[at..].iter().take_while(|tree| !is_end(tree)).cloned().collect())
        }
    })
}

fn has_calls(trees: Vec<TokenTree>) -> bool {
    let mut is_name = false;
    trees.into_iter().any(|tree| match tree {
        TokenTree::Ident(_) => {
            is_name = true;
            false
        }
        TokenTree::Punct(punct) => std::mem::replace(&mut is_name, false) && punct.as_char() == '!',
        TokenTree::Group(group) => {
            is_name = false;
            has_calls(group.stream().into_iter().collect())
        }
        TokenTree::Literal(_) => false,
    })
}
