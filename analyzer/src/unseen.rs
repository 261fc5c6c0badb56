//! Names that stand in no source that is read: a macro of another package declared them, perhaps in a file that it alone
//! knows (`automod::dir!`, `lalrpop_mod!`, `tonic::include_proto!`).
//!
//! What such a macro makes of its own tokens counts by the call. So a name that the call holds is none of these.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

use crate::expand::Budget;
use crate::ir::{DeclKind, MacroCall, Sym};
use crate::program::{Def, ForeignId, ImportId, ModuleId, NodeId, Program};

/// How many imports are followed.
const MAX_DEPTH: u32 = 16;

impl Program {
    /// Whether a path that can't be found may lead into a file that only a macro of another package knows.
    pub(crate) fn may_be_in_a_file(&self, module: ModuleId, global: bool, path: &[Sym]) -> bool {
        self.follow(module, global, path, MAX_DEPTH)
    }

    /// What to say of it.
    pub(crate) fn in_a_file(&self, path: &[Sym]) -> String {
        let names: Vec<String> = path.iter().map(|name| self.text(*name)).collect();
        format!("`{}` can't be found; a macro of another package may have it from a file", names.join("::"))
    }

    /// The calls in a module that may declare names of it, and aren't read.
    pub(crate) fn unread_calls_in(&self, module: ModuleId) -> impl Iterator<Item = NodeId> + '_ {
        let module = self.real_module(module);
        let all = self.krate(self.module(module).krate).generators.iter();
        all.copied().filter(move |id| self.call_in(*id, module).is_some())
    }

    /// Whether a call that isn't read holds a name among its tokens.
    pub(crate) fn is_spelled_in(&self, call: NodeId, name: Sym) -> bool {
        matches!(self.decl(call), Some(DeclKind::MacroCall(call)) if self.spells(call, name))
    }

    /// Whether a call that stands among items surely declares no name and no impl: another package's macro makes nothing but
    /// `const _: .. = ..;` of it.
    pub(crate) fn declares_nothing(&self, id: NodeId) -> bool {
        let Some(DeclKind::MacroCall(call)) = self.decl(id) else { return false };
        let names: Vec<Sym> = call.path.segments.iter().map(|segment| segment.name).collect();
        let [Def::Foreign(definition)] = self.resolve_plain(self.node(id).module, call.path.global, &names)[..] else {
            return false;
        };
        self.makes_nothing(definition, &call.tokens)
    }

    /// Whether another package's macro makes of an input only constants without a name: they are asserted, and that is all.
    pub(crate) fn makes_nothing(&self, definition: ForeignId, input: &str) -> bool {
        self.makes_unnamed(definition, input, MAX_DEPTH)
    }

    fn makes_unnamed(&self, definition: ForeignId, input: &str, depth: u32) -> bool {
        let Some(Some(rules)) = self.external_macro(definition).and_then(|node| self.macros.get(&node)) else {
            return false;
        };
        let (Ok(tokens), krate) = (input.parse(), Ident::new("krate", Span::call_site())) else { return false };
        let Ok(made) = rules.expand(tokens, &krate, &mut Budget::for_call(input)) else { return false };
        let is_unnamed = |item: &syn::Item| match item {
            syn::Item::Const(item) => item.ident == "_" && is_inert(item.to_token_stream()),
            // Another macro of the same package, whichever way it is named.
            syn::Item::Macro(item) => {
                let Some(name) = item.mac.path.segments.last() else { return false };
                let path = vec![self.sym(&name.ident.to_string())];
                match self.intern_foreign(self.foreign(definition).owner, path) {
                    Def::Foreign(next) if depth > 0 && item.ident.is_none() => {
                        self.makes_unnamed(next, &item.mac.tokens.to_string(), depth - 1)
                    }
                    _ => false,
                }
            }
            _ => false,
        };
        syn::parse2::<syn::File>(made).is_ok_and(|file| !file.items.is_empty() && file.items.iter().all(is_unnamed))
    }

    fn follow(&self, module: ModuleId, global: bool, path: &[Sym], depth: u32) -> bool {
        if depth == 0 || path.is_empty() || !self.crates().iter().any(|krate| !krate.generators.is_empty()) {
            return false;
        }
        // As far as it leads to modules; then the next name stands in the last of them.
        let modules = |taken: usize| -> Vec<ModuleId> {
            let found = self.resolve_plain(module, global, &path[..taken]).into_iter();
            found.filter_map(|def| if let Def::Module(found) = def { Some(found) } else { None }).collect()
        };
        let found = (1..path.len()).rev().map(|taken| (taken, modules(taken))).find(|(_, found)| !found.is_empty());
        let (taken, found) = found.unwrap_or_else(|| (0, vec![self.real_module(module)]));
        found.into_iter().any(|module| self.hidden_in(module, &path[taken..], depth))
    }

    /// Whether `names` may be declared in a module by a call that doesn't hold them, or come from where one is.
    fn hidden_in(&self, module: ModuleId, names: &[Sym], depth: u32) -> bool {
        let info = self.module(module);
        let lost = |id: &ImportId| {
            let import = self.import_of(*id);
            self.resolve_plain(import.module, import.global, &import.path).is_empty()
        };
        let follow = |id: ImportId| {
            let import = self.import_of(id);
            self.follow(import.module, import.global, &import.path, depth - 1)
        };
        let named = names.first().and_then(|name| info.names.get(name)).into_iter().flatten();
        let named: Vec<ImportId> =
            named.filter_map(|def| if let Def::Import(id) = def { Some(*id) } else { None }).filter(lost).collect();
        let is_type = |name: &Sym| self.text(*name).starts_with(|c: char| c.is_uppercase());
        // A type that a module imports by name nothing else in it may declare.
        if let [id] = named[..]
            && !self.import_of(id).uncertain
            && names.first().is_some_and(is_type)
        {
            return follow(id);
        }
        let calls: Vec<&MacroCall> =
            self.krate(info.krate).generators.iter().filter_map(|id| self.call_in(*id, module)).collect();
        // Behind a type come its members, which a macro needn't spell.
        let end = names.iter().position(is_type).map_or(names.len(), |at| at + 1);
        let spelled = |call: &&MacroCall| names[..end].iter().all(|name| self.spells(call, *name));
        if !calls.is_empty() && !calls.iter().any(spelled) {
            return true;
        }
        named.into_iter().chain(info.globs.iter().copied().filter(lost)).any(follow)
    }

    fn import_of(&self, id: ImportId) -> &crate::program::Import {
        &self.imports[id.at()]
    }

    /// The call that a node is, if it stands in that module and isn't read. In an impl it declares no name of the module.
    fn call_in(&self, id: NodeId, module: ModuleId) -> Option<&MacroCall> {
        let node = self.node(id);
        match node.decl.as_deref().map(|decl| &decl.kind) {
            Some(DeclKind::MacroCall(call))
                if node.owner.is_none() && self.real_module(node.module) == module && !self.is_include(id) =>
            {
                Some(call)
            }
            _ => None,
        }
    }

    fn spells(&self, call: &MacroCall, name: Sym) -> bool {
        let name = self.text(name);
        let in_path = call.path.segments.iter().any(|segment| self.text(segment.name) == name);
        in_path || call.tokens.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
    }
}

/// Whether a constant surely holds no impl, no static and nothing that a macro makes: `const _: () = { impl A for B {} };`
/// declares something after all.
fn is_inert(tokens: TokenStream) -> bool {
    let mut is_name = false;
    for tree in tokens {
        let was_name = std::mem::replace(&mut is_name, matches!(tree, TokenTree::Ident(_)));
        let is_fine = match tree {
            TokenTree::Ident(ident) => !["extern", "impl", "mod", "static", "use"].iter().any(|word| ident == word),
            TokenTree::Punct(punct) => punct.as_char() != '!' || !was_name,
            TokenTree::Group(group) => is_inert(group.stream()),
            TokenTree::Literal(_) => true,
        };
        if !is_fine {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_constant_that_holds_an_impl_a_static_or_a_macro_call_is_not_inert() {
        let is_inert = |text: &str| super::is_inert(text.parse().expect("tokens"));
        assert!(is_inert("const _: [(); 0 - !{ const ASSERT: bool = A >= 3; ASSERT } as usize] = [];"));
        assert!(is_inert("const _: fn() = || { fn holds<T: Send>() {} holds::<u8>(); };"));
        assert!(!is_inert("const _: () = { impl Shape for Tile {} };"));
        assert!(!is_inert("const _: () = { #[used] static AT_START: fn() = begin; };"));
        assert!(!is_inert("const _: () = { shapes!(Tile) };"));
    }
}
