//! Macro calls where items stand.

use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use super::foreign_calls::ForeignCall;
use super::lowering::Making;
use super::{Collector, Place};
use crate::cfg::Predicate;
use crate::expand::MacroRules;
use crate::ir::{Attr, Decl, DeclKind, MacroCall, Sym, Written};
use crate::lower::{self, Detail, Made, Position};
use crate::made::Call;
use crate::program::{CrateId, Def, ModuleId, NodeId, Owner};
use crate::report::{ItemKind, ProblemKind};
use crate::written::{LOST, OUTER};

/// How many macro calls may be nested; rustc's own default.
pub(super) const MAX_DEPTH: u32 = 128;

impl Collector<'_, '_> {
    /// The tokens of a text of the place's file, with the places that they were written at if anybody wants to know.
    pub(super) fn tokens(&mut self, text: &str, written: &Written, place: &Place) -> Option<TokenStream> {
        let tokens = text.parse::<TokenStream>().ok()?;
        Some(match &mut self.program.places {
            Some(places) => places.mark(tokens, place.file, written),
            None => tokens,
        })
    }

    fn input(&mut self, call: &MacroCall, place: &Place) -> Option<TokenStream> {
        self.tokens(&call.tokens, &call.written, place)
    }

    pub(super) fn detail(&self) -> Detail {
        match &self.program.places {
            _ if self.files.quiet => Detail::Declarations,
            Some(_) => Detail::Placed,
            None => Detail::Code,
        }
    }

    pub(super) fn define_macro(
        &mut self,
        node: NodeId,
        decl: &Rc<Decl>,
        (text, body): (&str, Option<TokenStream>),
        module: ModuleId,
    ) {
        let edition = self.program.krate(self.krate).edition;
        let inner = decl.attrs.iter().any(|attr| matches!(attr, Attr::InnerMacros));
        let kind: &[u8] = if inner { b"macro with inner ones" } else { b"macro" };
        let id = crate::load::digest(&[kind, &edition.to_le_bytes(), text.as_bytes()]);
        let rules = body.and_then(|body| MacroRules::parse_in(body, edition, inner, id).ok()).map(Rc::new);
        self.program.macros.insert(node, rules);
        self.textual.push((decl.name, node));
        self.program.crates[self.krate.at()].macros.entry(decl.name).or_default().push(node);
        self.bind(module, decl.name, Def::Node(node));
        if decl.attrs.iter().any(|attr| matches!(attr, Attr::MacroExport)) {
            let root = self.program.krate(self.krate).root;
            if root != module {
                self.bind(root, decl.name, Def::Node(node));
            }
        }
    }

    /// A macro call: expanded if its macro is known by now, otherwise kept for later.
    pub(super) fn call(&mut self, decl: &Rc<Decl>, module: ModuleId, place: &Place, owner: Option<NodeId>) {
        let DeclKind::MacroCall(call) = &decl.kind else { return };
        let Some(last) = call.path.segments.last().map(|segment| segment.name) else { return };
        let words = self.program.words;
        if call.path.segments.len() == 1 && !call.path.global {
            let macros = self.in_scope(last);
            if !macros.is_empty() {
                self.expand(decl, call, &macros, module, place, owner);
                return;
            }
        }
        if last == words.thread_local || last == words.lazy_static {
            self.statics(decl, call, module, place, last);
        } else if last == words.cfg_if {
            self.cfg_if(call, module, place, owner);
        } else if last == words.include && owner.is_none() {
            self.include_items(decl, call, module, place);
        } else {
            let node = self.node(decl, ItemKind::Macro, module, place, owner);
            self.deferred.push((node, module, place.clone(), owner));
        }
    }

    /// A macro call that is a statement: what it declares counts for the body, but its impls are everybody's, and its statics
    /// are for the items beside it, too.
    pub(super) fn statement(&mut self, decl: &Rc<Decl>, call: &MacroCall, module: ModuleId, place: &Place) {
        let Some(last) = call.path.segments.last().map(|segment| segment.name) else { return };
        let mut macros = self.in_scope(last);
        if macros.is_empty() && (last == self.program.words.thread_local || last == self.program.words.lazy_static) {
            return self.statics(decl, call, module, place, last);
        }
        if macros.is_empty() {
            macros.extend(self.program.krate(self.krate).macros.get(&last).into_iter().flatten());
        }
        macros.retain(|node| match self.program.decl(*node) {
            Some(DeclKind::MacroRules(text, _)) => {
                text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "impl")
            }
            _ => false,
        });
        if !macros.is_empty() {
            self.is_expanded(decl, call, &macros, module, place, None);
        }
    }

    /// The macros of that name in textual scope: the last, and those before it while predicates that nobody knows decide.
    pub(super) fn in_scope(&self, name: Sym) -> Vec<NodeId> {
        let cfg = &self.project.packages[self.package.0].cfg;
        let mut found = Vec::new();
        for (_, node) in self.textual.iter().rev().filter(|(known, _)| *known == name) {
            found.push(*node);
            if self.program.node(*node).cfg.iter().all(|predicate| predicate.eval(cfg) == Some(true)) {
                break;
            }
        }
        found
    }

    /// Expands by each macro that takes the input; if none does, the call stays as a node that reaches what it mentions.
    fn expand(
        &mut self,
        decl: &Rc<Decl>,
        call: &MacroCall,
        macros: &[NodeId],
        module: ModuleId,
        place: &Place,
        owner: Option<NodeId>,
    ) {
        if self.is_expanded(decl, call, macros, module, place, owner) {
            return;
        }
        let node = self.node(decl, ItemKind::Macro, module, place, owner);
        self.program.members.entry(node).or_default().extend(macros.iter().copied());
        self.program.crates[self.krate.at()].generators.push(node);
        if let Some(owner) = owner {
            self.program.members.entry(owner).or_default().push(node);
        }
    }

    /// Enters what each macro that takes the input makes of it; whether one did.
    pub(super) fn is_expanded(
        &mut self,
        decl: &Rc<Decl>,
        call: &MacroCall,
        macros: &[NodeId],
        module: ModuleId,
        place: &Place,
        owner: Option<NodeId>,
    ) -> bool {
        let position = match owner.and_then(|owner| self.program.decl(owner)) {
            Some(DeclKind::Impl(_)) => Position::ImplItems,
            Some(DeclKind::Trait(..)) => Position::TraitItems,
            _ => Position::Items,
        };
        let path = self.files.path(place.file).to_owned();
        let mut is_made = false;
        if place.calls == 0 {
            self.budget = crate::expand::Budget::for_call(&call.tokens);
        }
        if place.calls >= MAX_DEPTH {
            let message = format!("macro calls nest more than {MAX_DEPTH} deep");
            self.files.problem(&path, decl.line, ProblemKind::Recursion, message);
        } else {
            let mut input: Option<TokenStream> = None;
            for &node in macros {
                let mut call_of = decl.clone();
                if macros.len() > 1 {
                    // What it makes is there only if the definition is.
                    Rc::make_mut(&mut call_of).cfg.extend(self.program.node(node).cfg.iter().cloned());
                }
                let Some(Some(rules)) = self.program.macros.get(&node).cloned() else { continue };
                let krate = self.program.node(node).krate.unwrap_or(self.krate);
                let krate = self.crate_ident(krate);
                let level = match self.program.decl(node) {
                    Some(DeclKind::MacroRules(_, written)) if written.is_of_several() => LOST,
                    _ => OUTER + place.calls,
                };
                let known = Call {
                    file: place.file,
                    position,
                    line: decl.line,
                    rules: rules.id,
                    krate: &krate,
                    input: &call.tokens,
                    levels: &call.written.levels,
                    level,
                };
                if let Some(Made::Items(items)) =
                    self.files.made(&known, &mut self.budget, self.program.symbols.get_mut())
                {
                    self.made_items(items, &call_of, module, place, owner);
                    is_made = true;
                    continue;
                }
                if input.is_none() {
                    input = self.input(call, place);
                }
                let Some(input) = input.clone() else { break };
                let matters = level == LOST || !call.written.levels.is_empty() || rules.shares_names(input.clone());
                let own = matters.then_some(level);
                let ident = Ident::new(&krate, Span::call_site());
                let before = self.budget.tokens;
                let made = match rules.expand(input, &ident, &mut self.budget) {
                    Ok(made) => made,
                    Err(error) => {
                        if matches!(error, crate::expand::ExpandError::TooLarge) {
                            self.files.problem(&path, decl.line, ProblemKind::Recursion, error.to_string());
                        }
                        continue;
                    }
                };
                // Whatever was made was taken out of the budget.
                let used = before - self.budget.tokens;
                let few = lower::are_few(used);
                let making = Making { call, position, line: decl.line, own, few };
                let again = |input, own| {
                    rules.expand_written(input, &ident, own, &mut crate::expand::Budget { tokens: before }).ok()
                };
                let Some(made) = self.lowered(&making, made, again) else { continue };
                if let Made::Items(mut items) = self.files.keep_made(&known, used, made, self.program.symbols.get_mut())
                {
                    crate::ir::pack(&mut items, self.program.symbols.get_mut());
                    self.made_items(items, &call_of, module, place, owner);
                    is_made = true;
                }
            }
        }
        is_made
    }

    /// Items that a macro made. The call is no node: what it makes is hashed as made.
    fn made_items(
        &mut self,
        items: Vec<Rc<Decl>>,
        call: &Rc<Decl>,
        module: ModuleId,
        place: &Place,
        owner: Option<NodeId>,
    ) {
        let inner = Place { calls: place.calls + 1, ..place.clone() };
        for item in items {
            self.made_item(item, call, module, &inner, owner);
        }
    }

    /// An item that a macro made spans the lines of the call, and is there only if the call is.
    fn made_item(&mut self, item: Rc<Decl>, call: &Rc<Decl>, module: ModuleId, place: &Place, owner: Option<NodeId>) {
        let mut made = Rc::unwrap_or_clone(item);
        made.line = call.line;
        made.end_line = call.end_line;
        made.cfg.extend(call.cfg.iter().cloned());
        self.item(&Rc::new(made), module, place, owner);
    }

    pub(crate) fn crate_ident(&self, krate: CrateId) -> String {
        let found = self.program.crate_idents.iter().find(|(_, id)| **id == krate);
        found.map_or_else(|| "crate".to_owned(), |(sym, _)| self.program.text(*sym))
    }

    /// Calls whose macro is named by a path or comes by a `use`: resolved once all names of the crate are there.
    pub(super) fn deferred_calls(&mut self) {
        let mut rounds = 0;
        while !self.deferred.is_empty() {
            rounds += 1;
            self.program.settle(self.first_import);
            let calls = std::mem::take(&mut self.deferred);
            let mut left = Vec::new();
            for (node, module, place, owner) in calls {
                let Some(decl) = self.program.node(node).decl.clone() else { continue };
                let DeclKind::MacroCall(call) = &decl.kind else { continue };
                let (macros, mentioned) = self.macros_of(call, module);
                if macros.is_empty() {
                    left.push((node, module, place, owner, mentioned));
                    continue;
                }
                self.expand(&decl, call, &macros, module, &place, owner);
                // The items stand for the call now.
                self.program.nodes[node.at()].decl = None;
            }
            if self.deferred.is_empty() || rounds > MAX_DEPTH {
                for (node, module, place, owner, mentioned) in left {
                    self.program.members.entry(node).or_default().extend(mentioned);
                    self.program.crates[self.krate.at()].generators.push(node);
                    if let Some(owner) = owner {
                        self.program.members.entry(owner).or_default().push(node);
                    }
                    if !self.files.quiet {
                        self.foreign.push(ForeignCall { node, module, place, owner });
                    }
                }
                self.deferred.clear();
                return;
            }
            self.deferred.extend(left.into_iter().map(|(node, module, place, owner, _)| (node, module, place, owner)));
        }
    }

    /// The `macro_rules!` that a path may name, and the packages whose macro it may be.
    fn macros_of(&mut self, call: &MacroCall, module: ModuleId) -> (Vec<NodeId>, Vec<NodeId>) {
        let path: Vec<Sym> = call.path.segments.iter().map(|segment| segment.name).collect();
        let (mut macros, mut others) = (Vec::new(), Vec::new());
        for def in self.program.resolve_plain(module, call.path.global, &path) {
            match def {
                Def::Node(node) if self.program.macros.contains_key(&node) => macros.push(node),
                Def::Foreign(id) => {
                    if let Owner::External(id) = self.program.foreign(id).owner {
                        others.push(self.external(id));
                    }
                }
                Def::Whole(node) => others.push(node),
                _ => {}
            }
        }
        if macros.is_empty() && others.is_empty() && path.len() == 1 {
            // `#[macro_use]` from somewhere else in the crate: order isn't worth being wrong about.
            macros.extend(self.program.krate(self.krate).macros.get(&path[0]).into_iter().flatten());
        }
        (macros, others)
    }

    /// `thread_local! { static X: T = ..; }` and `lazy_static! { static ref X: T = ..; }`.
    fn statics(&mut self, decl: &Rc<Decl>, call: &MacroCall, module: ModuleId, place: &Place, name: Sym) {
        let words = self.program.words;
        let made = self.input(call, place).and_then(|input| self.made(call, input, decl.line, as_statics));
        let Some(Made::Items(items)) = made else {
            let node = self.node(decl, ItemKind::Macro, module, place, None);
            self.program.crates[self.krate.at()].generators.push(node);
            return;
        };
        let wrapper = if name == words.thread_local { words.local_key } else { words.lazy_lock };
        let mentioned = self.macros_of(call, module).1;
        for item in items {
            let before = self.program.nodes.len();
            self.made_item(item, decl, module, place, None);
            if let Some(node) = self.program.nodes.get_mut(before)
                && node.kind == ItemKind::Static
            {
                node.wrapper = Some(wrapper);
                self.program.members.entry(NodeId(before as u32)).or_default().extend(mentioned.iter().copied());
            }
        }
    }

    /// `cfg_if! { if #[cfg(a)] { .. } else if #[cfg(b)] { .. } else { .. } }`.
    fn cfg_if(&mut self, call: &MacroCall, module: ModuleId, place: &Place, owner: Option<NodeId>) {
        let mut before: Vec<Predicate> = Vec::new();
        let mut current: Option<Predicate> = None;
        let input = self.input(call, place).unwrap_or_default();
        for (at, tree) in input.clone().into_iter().enumerate() {
            let TokenTree::Group(group) = tree else { continue };
            match group.delimiter() {
                Delimiter::Bracket => current = cfg_attribute(&group),
                Delimiter::Brace => {
                    let mut when: Vec<Predicate> =
                        before.iter().map(|predicate| Predicate::Not(Box::new(predicate.clone()))).collect();
                    when.extend(current.clone());
                    let inside = |input: TokenStream| match input.into_iter().nth(at) {
                        Some(TokenTree::Group(group)) => Some(group.stream()),
                        _ => None,
                    };
                    if let Some(Made::Items(mut items)) = self.made(call, input.clone(), call.line, inside) {
                        crate::ir::pack(&mut items, self.program.symbols.get_mut());
                        for item in items {
                            let mut item = Rc::unwrap_or_clone(item);
                            item.cfg.extend(when.iter().cloned());
                            self.item(&Rc::new(item), module, place, owner);
                        }
                    }
                    before.extend(current.take());
                }
                _ => {}
            }
        }
    }

    /// `include!("file.rs")` where items stand.
    fn include_items(&mut self, decl: &Rc<Decl>, call: &MacroCall, module: ModuleId, place: &Place) {
        let tokens = call.tokens.parse::<TokenStream>().unwrap_or_default();
        let from = self.files.path(place.file).to_owned();
        let package = &self.project.packages[self.package.0];
        let Some(path) = crate::include::included_path(tokens, &from, package) else {
            // The node stays: whoever needs a name that can't be found reaches it, and is opaque.
            let node = self.node(decl, ItemKind::Macro, module, place, None);
            self.program.crates[self.krate.at()].generators.push(node);
            return;
        };
        let file = self.files.raw(&path, self.package);
        let dir = crate::load::folder(&path).to_owned();
        let inner = Place { file, dir: dir.clone(), path_dir: dir, depth: place.depth + 1, calls: place.calls };
        if inner.depth <= MAX_DEPTH {
            self.file_items(module, &inner, (&from, decl.line), |path| format!("the included file is missing: {path}"));
        }
    }
}

/// Plain statics, of the input of `thread_local!` or `lazy_static!`.
fn as_statics(input: TokenStream) -> Option<TokenStream> {
    let mut tokens: Vec<TokenTree> = input.into_iter().collect();
    tokens.retain(|tree| !matches!(tree, TokenTree::Ident(ident) if ident == "ref"));
    if !matches!(tokens.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ';') {
        tokens.push(TokenTree::Punct(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone)));
    }
    Some(tokens.into_iter().collect())
}

fn cfg_attribute(group: &Group) -> Option<Predicate> {
    let mut trees = group.stream().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Ident(ident)), Some(TokenTree::Group(inner))) if ident == "cfg" => {
            Some(Predicate::from_tokens(inner.stream()))
        }
        _ => None,
    }
}
