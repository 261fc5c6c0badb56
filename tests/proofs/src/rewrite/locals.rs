//! Local variables, parameters of functions and of closures under other names.
//!
//! Each binding gets a name of its own, so that code which leans on two bindings having one name comes out different. A name
//! that a macro may read, or that an item of a block also has, keeps its name throughout the function.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{Block, Expr, FnArg, ImplItem, Item, Lit, Macro, Member, Pat, Signature, Stmt, TraitItem, UseTree};

use super::{Outcome, Rewritten};
use crate::attribute::has_macro;
use crate::known_macro::{self, Input};
use crate::source::{Source, each, range};
use crate::subject::Subject;
use crate::walk::{Why, impl_item_attributes, item_attributes, trait_item_attributes};

pub(super) fn apply(subject: &Subject) -> Outcome {
    // A pattern may name a constant in lowercase, and nothing but its name tells.
    let mut constants = BTreeSet::new();
    for source in &subject.sources {
        let mut visitor = Constants { names: &mut constants };
        visitor.visit_file(&source.syntax);
    }
    let mut outcome = Outcome::default();
    for source in &subject.sources {
        let mut renamer = Renamer {
            source,
            shadowed: subject.shadowed(source),
            constants: &constants,
            kept: BTreeSet::new(),
            keep_all: false,
            scope: Vec::new(),
            pattern_start: 0,
            count: 0,
            out: Rewritten::default(),
        };
        renamer.items(&source.syntax.items);
        outcome.add(source, renamer.out);
    }
    outcome
}

struct Constants<'a> {
    names: &'a mut BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Constants<'_> {
    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.names.insert(item.ident.to_string());
        visit::visit_item_const(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.names.insert(item.ident.to_string());
        visit::visit_item_static(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.names.insert(item.ident.to_string());
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        // `static ref x` and the like.
        let mut after_word = false;
        each(&call.tokens, &mut |token| {
            if let TokenTree::Ident(name) = token {
                if after_word {
                    self.names.insert(name.to_string());
                }
                after_word = ["const", "static", "ref"].iter().any(|word| name == word);
            } else {
                after_word = false;
            }
        });
    }
}

struct Renamer<'a> {
    source: &'a Source,
    shadowed: &'a BTreeSet<String>,
    constants: &'a BTreeSet<String>,
    /// Names that stay in the function at hand.
    kept: BTreeSet<String>,
    keep_all: bool,
    /// Names in scope and what they are called now, innermost last.
    scope: Vec<(String, String)>,
    /// Where the pattern at hand begins in `scope`.
    pattern_start: usize,
    count: usize,
    out: Rewritten,
}

impl Renamer<'_> {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn hidden(&mut self, tokens: &TokenStream, why: Why) {
        let (mut sites, mut before) = (0, String::new());
        each(tokens, &mut |token| {
            if let TokenTree::Ident(name) = token {
                sites += usize::from(["let", "for", "Some", "Ok"].contains(&before.as_str()) && name != "mut");
                before = name.to_string();
            }
        });
        self.out.skip(why, sites);
    }

    fn item(&mut self, item: &Item) {
        if has_macro(item_attributes(item)) {
            return self.hidden(&item.to_token_stream(), Why::AttributeMacro);
        }
        match item {
            Item::Fn(it) => self.function(&it.sig, Some(&it.block)),
            Item::Const(it) => self.body(&[&it.expr.to_token_stream()], |renamer| renamer.visit_expr(&it.expr)),
            Item::Static(it) => self.body(&[&it.expr.to_token_stream()], |renamer| renamer.visit_expr(&it.expr)),
            Item::Mod(it) => self.items(it.content.as_ref().map_or(&[][..], |(_, items)| items)),
            Item::Impl(it) => {
                for member in &it.items {
                    match member {
                        _ if has_macro(impl_item_attributes(member)) => {
                            self.hidden(&member.to_token_stream(), Why::AttributeMacro);
                        }
                        ImplItem::Fn(it) => self.function(&it.sig, Some(&it.block)),
                        ImplItem::Const(it) => {
                            self.body(&[&it.expr.to_token_stream()], |renamer| renamer.visit_expr(&it.expr));
                        }
                        ImplItem::Macro(it) => self.hidden(&it.mac.tokens, Why::MacroInput),
                        _ => {}
                    }
                }
            }
            Item::Trait(it) => {
                for member in &it.items {
                    match member {
                        _ if has_macro(trait_item_attributes(member)) => {
                            self.hidden(&member.to_token_stream(), Why::AttributeMacro);
                        }
                        TraitItem::Fn(it) => self.function(&it.sig, it.default.as_ref()),
                        TraitItem::Macro(it) => self.hidden(&it.mac.tokens, Why::MacroInput),
                        _ => {}
                    }
                }
            }
            Item::Macro(it) if it.ident.is_some() => self.hidden(&it.mac.tokens, Why::MacroDefinition),
            Item::Macro(it) => self.hidden(&it.mac.tokens, Why::MacroInput),
            _ => {}
        }
    }

    fn function(&mut self, signature: &Signature, block: Option<&Block>) {
        let body = block.map(|block| block.to_token_stream()).unwrap_or_default();
        self.body(&[&signature.inputs.to_token_stream(), &body], |renamer| {
            renamer.one_pattern(|renamer| {
                for input in &signature.inputs {
                    if let FnArg::Typed(typed) = input {
                        renamer.visit_pat(&typed.pat);
                    }
                }
            });
            if let Some(block) = block {
                renamer.visit_block(block);
            }
        });
    }

    /// Code that sees no locals from outside.
    fn body(&mut self, tokens: &[&TokenStream], rename: impl FnOnce(&mut Self)) {
        let outer_scope = std::mem::take(&mut self.scope);
        let outer_start = std::mem::take(&mut self.pattern_start);
        let outer_kept = std::mem::take(&mut self.kept);
        let outer_all = std::mem::take(&mut self.keep_all);
        let mut keeper = Keeper { kept: BTreeSet::new(), all: false, shadowed: self.shadowed };
        for tokens in tokens {
            if let Ok(block) = syn::parse2::<Block>((*tokens).clone()) {
                keeper.visit_block(&block);
            } else if let Ok(expr) = syn::parse2::<Expr>((*tokens).clone()) {
                keeper.visit_expr(&expr);
            } else {
                keeper.tokens_of_macros(tokens);
            }
        }
        (self.kept, self.keep_all) = (keeper.kept, keeper.all);
        rename(self);
        (self.scope, self.pattern_start, self.kept, self.keep_all) = (outer_scope, outer_start, outer_kept, outer_all);
    }

    fn scoped(&mut self, rename: impl FnOnce(&mut Self)) {
        let depth = self.scope.len();
        rename(self);
        self.scope.truncate(depth);
    }

    fn one_pattern(&mut self, rename: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.pattern_start, self.scope.len());
        rename(self);
        self.pattern_start = outer;
    }

    /// The new name of a binding; `None` if it keeps its own.
    fn bind(&mut self, ident: &Ident) -> Option<String> {
        let name = ident.to_string();
        let plain = name.trim_start_matches("r#").to_owned();
        let capital = plain.trim_start_matches('_').starts_with(char::is_uppercase);
        let why = if capital || self.constants.contains(&name) {
            Some(Why::MayBeConstant)
        } else if self.keep_all {
            Some(Why::ItemOfBlock)
        } else if self.kept.contains(&plain) {
            Some(Why::MacroInput)
        } else {
            None
        };
        if let Some(why) = why {
            self.out.skip(why, 1);
            // It may stand before one that is renamed.
            self.scope.push((plain, name));
            return None;
        }
        if let Some((_, new)) = self.scope[self.pattern_start..].iter().find(|(old, _)| *old == plain) {
            return Some(new.clone());
        }
        self.count += 1;
        let new = format!("renamed_{}_{}", self.count, plain.trim_start_matches('_'));
        self.scope.push((plain, new.clone()));
        self.out.sites += 1;
        Some(new)
    }

    fn new_name(&self, name: &str) -> Option<&str> {
        let plain = name.trim_start_matches("r#");
        let (_, new) = self.scope.iter().rev().find(|(old, _)| old == plain)?;
        (new != name).then_some(new)
    }

    fn closure(&mut self, inputs: impl IntoIterator<Item = impl std::borrow::Borrow<Pat>>, body: &Expr) {
        self.scoped(|renamer| {
            renamer.one_pattern(|renamer| {
                for input in inputs {
                    renamer.visit_pat(input.borrow());
                }
            });
            renamer.visit_expr(body);
        });
    }

    fn known(&mut self, input: &Input) {
        let named: Vec<String> =
            input.arguments.iter().filter_map(|argument| Some(argument.name.as_ref()?.to_string())).collect();
        for (at, argument) in input.arguments.iter().enumerate() {
            match &argument.value {
                Expr::Lit(literal) if input.format == Some(at) => self.format(&literal.lit, &named),
                value => self.visit_expr(value),
            }
        }
        self.scoped(|renamer| {
            if let Some(pattern) = &input.pattern {
                renamer.one_pattern(|renamer| renamer.visit_pat(pattern));
            }
            if let Some(guard) = &input.guard {
                renamer.visit_expr(guard);
            }
        });
    }

    /// `{x}`, `{x:?}`, `{:x$}` and `{:.x$}` in a format string.
    fn format(&mut self, literal: &Lit, named: &[String]) {
        let whole = range(literal);
        let text = &self.source.text[whole.clone()];
        let mut open = None;
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            if open.is_none() && rest.starts_with("\\u{") {
                at += rest.find('}').map_or(rest.len(), |end| end + 1);
                continue;
            }
            // A brace or a backslash that stands for itself.
            if open.is_none() && (rest.starts_with("{{") || rest.starts_with("\\\\")) {
                at += 2;
                continue;
            }
            match rest.as_bytes()[0] {
                b'{' => open = Some(at + 1),
                b'}' => {
                    if let Some(start) = open.take() {
                        self.placeholder(whole.start + start, &text[start..at], named);
                    }
                }
                _ => {}
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }

    fn placeholder(&mut self, start: usize, text: &str, named: &[String]) {
        let (argument, options) = text.split_once(':').unwrap_or((text, ""));
        let mut names = vec![(start, argument.trim())];
        for (end, _) in options.match_indices('$') {
            let from = options[..end].rfind(|c: char| c != '_' && !c.is_alphanumeric()).map_or(0, |at| at + 1);
            // Before a width there may be a flag: `0width$`.
            let name = options[from..end].trim_start_matches(|c: char| c.is_ascii_digit());
            names.push((start + argument.len() + 1 + end - name.len(), name));
        }
        for (at, name) in names {
            let is_name = name.starts_with(|c: char| c == '_' || c.is_alphabetic());
            if is_name
                && !named.iter().any(|it| it == name)
                && let Some(new) = self.new_name(name).map(str::to_owned)
            {
                self.out.edits.replace(at..at + name.len(), new);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Renamer<'_> {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_type(&mut self, _: &'ast syn::Type) {}

    fn visit_path(&mut self, _: &'ast syn::Path) {}

    fn visit_angle_bracketed_generic_arguments(&mut self, _: &'ast syn::AngleBracketedGenericArguments) {}

    fn visit_item(&mut self, item: &'ast Item) {
        self.item(item);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.scoped(|renamer| visit::visit_block(renamer, block));
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.visit_expr(&init.expr);
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
        self.one_pattern(|renamer| renamer.visit_pat(&local.pat));
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        match pattern {
            Pat::Ident(it) => {
                if it.ident != "self"
                    && let Some(new) = self.bind(&it.ident)
                {
                    self.out.edits.replace(range(&it.ident), new);
                }
                if let Some((_, sub)) = &it.subpat {
                    self.visit_pat(sub);
                }
            }
            Pat::Struct(it) => {
                for field in &it.fields {
                    match (&field.colon_token, &field.member, &*field.pat) {
                        (None, Member::Named(member), Pat::Ident(short)) => {
                            if let Some(new) = self.bind(&short.ident) {
                                self.out.edits.insert(range(short).start, format!("{member}: "));
                                self.out.edits.replace(range(&short.ident), new);
                            }
                        }
                        _ => self.visit_pat(&field.pat),
                    }
                }
            }
            Pat::Guard(it) => {
                self.visit_pat(&it.pat);
                let outer = std::mem::replace(&mut self.pattern_start, self.scope.len());
                self.visit_expr(&it.guard);
                self.pattern_start = outer;
            }
            Pat::Range(_) | Pat::Const(_) | Pat::Path(_) | Pat::Lit(_) => {}
            Pat::Macro(_) | Pat::Verbatim(_) => {}
            _ => visit::visit_pat(self, pattern),
        }
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Path(it) if it.qself.is_none() => {
                if let Some(name) = it.path.get_ident()
                    && let Some(new) = self.new_name(&name.to_string()).map(str::to_owned)
                {
                    self.out.edits.replace(range(name), new);
                }
            }
            Expr::Struct(it) => {
                for field in &it.fields {
                    match (&field.colon_token, &field.member, &field.expr) {
                        (None, Member::Named(member), Expr::Path(_)) => {
                            if let Some(new) = self.new_name(&member.to_string()).map(str::to_owned) {
                                self.out.edits.replace(range(member), format!("{member}: {new}"));
                            }
                        }
                        _ => self.visit_expr(&field.expr),
                    }
                }
                if let Some(rest) = &it.rest {
                    self.visit_expr(rest);
                }
            }
            Expr::Let(it) => {
                self.visit_expr(&it.expr);
                self.one_pattern(|renamer| renamer.visit_pat(&it.pat));
            }
            Expr::If(it) => {
                self.scoped(|renamer| {
                    renamer.visit_expr(&it.cond);
                    renamer.visit_block(&it.then_branch);
                });
                if let Some((_, branch)) = &it.else_branch {
                    self.visit_expr(branch);
                }
            }
            Expr::While(it) => self.scoped(|renamer| {
                renamer.visit_expr(&it.cond);
                renamer.visit_block(&it.body);
            }),
            Expr::ForLoop(it) => {
                self.visit_expr(&it.expr);
                self.scoped(|renamer| {
                    renamer.one_pattern(|renamer| renamer.visit_pat(&it.pat));
                    renamer.visit_block(&it.body);
                });
            }
            Expr::Match(it) => {
                self.visit_expr(&it.expr);
                for arm in &it.arms {
                    self.scoped(|renamer| {
                        renamer.one_pattern(|renamer| renamer.visit_pat(&arm.pat));
                        renamer.visit_expr(&arm.body);
                    });
                }
            }
            Expr::Closure(it) => self.closure(&it.inputs, &it.body),
            Expr::Const(it) => {
                let outer = std::mem::take(&mut self.scope);
                let start = std::mem::take(&mut self.pattern_start);
                self.visit_block(&it.block);
                (self.scope, self.pattern_start) = (outer, start);
            }
            Expr::Repeat(it) => self.visit_expr(&it.expr),
            _ => visit::visit_expr(self, expr),
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if let Some(input) = known_macro::read(call, |name| self.shadowed.contains(name)) {
            self.known(&input);
        }
    }

    fn visit_signature(&mut self, _: &'ast Signature) {}
}

/// Names that a function must keep: a macro reads them, or an item of a block has them.
struct Keeper<'a> {
    kept: BTreeSet<String>,
    all: bool,
    shadowed: &'a BTreeSet<String>,
}

impl Keeper<'_> {
    fn name(&mut self, name: &Ident) {
        self.kept.insert(name.to_string().trim_start_matches("r#").to_owned());
    }

    fn tokens(&mut self, tokens: &TokenStream) {
        each(tokens, &mut |token| match token {
            TokenTree::Ident(name) => self.name(name),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.contains('{') {
                    let words = text.split(|c: char| c != '_' && !c.is_alphanumeric());
                    let names = words.map(|word| word.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned());
                    self.kept.extend(names.filter(|name| !name.is_empty()));
                }
            }
            _ => {}
        });
    }

    /// For tokens that aren't parsed here: parameters, of which a macro would stand in a pattern.
    fn tokens_of_macros(&mut self, tokens: &TokenStream) {
        let text = tokens.to_string();
        if text.contains('!') {
            self.tokens(tokens);
        }
    }

    fn imports(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(it) => self.imports(&it.tree),
            UseTree::Name(it) => self.name(&it.ident),
            UseTree::Rename(it) => self.name(&it.rename),
            UseTree::Glob(_) => self.all = true,
            UseTree::Group(it) => it.items.iter().for_each(|tree| self.imports(tree)),
        }
    }
}

impl<'ast> Visit<'ast> for Keeper<'_> {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        let Stmt::Item(item) = statement else { return visit::visit_stmt(self, statement) };
        match item {
            Item::Const(it) => self.name(&it.ident),
            Item::Fn(it) => self.name(&it.sig.ident),
            Item::Static(it) => self.name(&it.ident),
            Item::Struct(it) => self.name(&it.ident),
            Item::Use(it) => self.imports(&it.tree),
            Item::Macro(it) => self.tokens(&it.mac.tokens),
            Item::Verbatim(tokens) => self.tokens(tokens),
            _ => {}
        }
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        // Two bindings under conditions may be one name to what follows.
        if local.attrs.iter().any(|attribute| attribute.path().is_ident("cfg")) {
            self.tokens(&local.pat.to_token_stream());
        }
        visit::visit_local(self, local);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let Some(input) = known_macro::read(call, |name| self.shadowed.contains(name)) else {
            return self.tokens(&call.tokens);
        };
        for argument in &input.arguments {
            Visit::visit_expr(self, &argument.value);
        }
        input.pattern.iter().for_each(|pattern| Visit::visit_pat(self, pattern));
        input.guard.iter().for_each(|guard| Visit::visit_expr(self, guard));
    }

    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            Expr::Verbatim(tokens) => self.tokens(tokens),
            expr => visit::visit_expr(self, expr),
        }
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        match pattern {
            Pat::Verbatim(tokens) => self.tokens(tokens),
            pattern => visit::visit_pat(self, pattern),
        }
    }
}
