//! Macro calls in bodies.

use std::rc::Rc;

use rustc_hash::FxHashSet as HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

use super::Vertex;
use super::bodies::Body;
use super::declared::mention_def;
use super::types::{Ty, TyId};
use crate::ir::{Decl, DeclKind, Expr, KnownMacro, MacroArgs, MacroCall, Nested, Path, Segment, Sym};
use crate::lower::{self, Detail, Made, Position};
use crate::made::Call;
use crate::program::{Def, NodeId, Owner};
use crate::report::WidenedKind;
use crate::written::{self, LOST};

/// How many macro calls may be nested; rustc's own default.
pub(super) const MAX_DEPTH: u32 = 128;

impl Body<'_, '_, '_, '_> {
    pub(super) fn macro_call(&mut self, call: &MacroCall) -> TyId {
        if call.line > 0 {
            self.at(call.line);
        }
        let program = self.infer.program;
        let words = program.words;
        let name = call.path.segments.last().map_or(Sym::NONE, |segment| segment.name);
        let before = self.facts.trace.len();
        let macros = self.macros_named(&call.path, name);
        // It may be another package's macro, or the user's own, and show what it is given.
        if !macros.is_empty() || self.facts.trace.len() > before {
            self.facts.seen_text.extend(call.exact);
        }
        if let Some(args) = &call.args {
            // A macro of the user's own may have a name that the analysis knows: then all that it mentions counts too.
            for node in &macros {
                self.facts.mention(Vertex::Node(*node));
                self.facts.mention(Vertex::MacroBag(*node));
            }
            if self.may_be_made(call, name) {
                self.bag_made(name);
            }
            if args.kind == KnownMacro::Position {
                if self.silent == 0 {
                    self.facts.positions.push((self.line, call.column));
                }
                return self.primitive("u32");
            }
            if args.kind == KnownMacro::Mention && self.silent == 0 && program.text(name) == "file" {
                let file = program.node(self.scope.node).file;
                let path = file.map(|file| self.infer.files.path(file).to_owned()).unwrap_or_default();
                self.facts.seen_text.push(crate::load::digest(&[b"file!", path.as_bytes()]));
            }
            return self.known(args);
        }
        if self.may_be_made(call, name) {
            if let Some(ty) = self.expand_made(call, name, &macros) {
                return ty;
            }
            self.bag_made(name);
        }
        if macros.is_empty() {
            if name == words.include_str || name == words.include_bytes || name == words.include {
                return self.include(call, name);
            }
            if name == words.env || name == words.option_env {
                return self.env(call);
            }
            if name == words.concat {
                self.listed_input(call);
                let text = self.infer.types.intern(Ty::Std(words.str, Rc::default()));
                return self.infer.types.intern(Ty::Ref(text));
            }
        }
        if !macros.is_empty() {
            if let Some(ty) = self.expand(call, &macros) {
                return ty;
            }
            // One that another package's macro calls.
            if macros.iter().all(|node| program.is_external(*node)) {
                return self.foreign_macro(call, name);
            }
            for node in &macros {
                self.facts.mention(Vertex::MacroBag(*node));
            }
            let why = format!("`{}!` could not be expanded; all that it mentions counts", program.text(name));
            self.facts.widen(self.line, WidenedKind::Source, why);
            self.bag(&call.tokens);
            return TyId::UNKNOWN;
        }
        match self.expand_foreign(call) {
            Some(ty) => ty,
            None => self.foreign_macro(call, name),
        }
    }

    pub(super) fn macro_pattern(&mut self, call: &MacroCall, _ty: TyId) {
        self.macro_call(call);
        // It may bind any name in its input.
        let mut names = Vec::new();
        idents(self.input(call).unwrap_or_default(), &mut names);
        for (name, level) in names {
            let name = self.infer.program.sym(&name);
            self.locals.bind(name, level, TyId::UNKNOWN);
        }
    }

    /// The input of a call, each token with who wrote it.
    fn input(&self, call: &MacroCall) -> Option<TokenStream> {
        Some(self.infer.levels.mark(call.tokens.parse().ok()?, &call.written.levels))
    }

    /// The `macro_rules!` that a call may mean; packages whose macro it may be are mentioned.
    fn macros_named(&mut self, path: &Path, name: Sym) -> Vec<NodeId> {
        let program = self.infer.program;
        let names: Vec<Sym> = path.segments.iter().map(|segment| segment.name).collect();
        let mut macros: Vec<NodeId> = Vec::new();
        for def in program.resolve_plain(self.module, path.global, &names) {
            match def {
                Def::Node(node) if program.macros.contains_key(&node) => macros.push(node),
                Def::Foreign(_) | Def::Whole(_) => {
                    mention_def(program, def, &mut self.facts);
                    self.note_def(def, true);
                }
                _ => {}
            }
        }
        let krate = program.krate(program.module(self.module).krate);
        if macros.is_empty() && names.len() == 1 {
            macros.extend(krate.macros.get(&name).into_iter().flatten());
            if macros.is_empty() {
                // `#[macro_use] extern crate` of an analyzed crate.
                let mut others: Vec<&Def> = krate.externs.values().collect();
                others.sort_unstable();
                for def in others {
                    if let Def::Module(module) = def {
                        let other = program.krate(program.module(*module).krate);
                        macros.extend(other.macros.get(&name).into_iter().flatten());
                    }
                }
            }
        }
        macros
    }

    /// Expands a call and reads what it makes, as if it stood here.
    pub(super) fn expand(&mut self, call: &MacroCall, macros: &[NodeId]) -> Option<TyId> {
        if self.depth >= MAX_DEPTH {
            let file = self.infer.program.node(self.scope.node).file;
            if let Some(file) = file {
                let path = self.infer.files.path(file).to_owned();
                let message = format!("macro calls nest more than {MAX_DEPTH} deep");
                self.infer.files.problem(&path, self.line, crate::report::ProblemKind::Recursion, message);
            }
            return None;
        }
        if self.depth == 0 {
            self.infer.budget = crate::expand::Budget::for_call(&call.tokens);
        }
        for &node in macros {
            self.facts.mention(Vertex::Node(node));
        }
        let mut input: Option<TokenStream> = None;
        let (before, mut found) = (self.locals.len(), None);
        // Of several, the order in the text or predicates tell which is meant: each that takes the input counts.
        for &node in macros {
            let Some((expr, nested)) = self.made_by(node, call, &mut input) else {
                if macros.len() > 1 {
                    self.facts.mention(Vertex::MacroBag(node));
                }
                continue;
            };
            let ty = self.made(node, &expr, &nested);
            found = match found {
                None => Some(ty),
                Some(other) => {
                    self.locals.forget_types(before);
                    Some(if other == ty { ty } else { TyId::UNKNOWN })
                }
            };
        }
        found
    }

    /// What a definition makes of a call, if it takes it.
    fn made_by(
        &mut self,
        node: NodeId,
        call: &MacroCall,
        input: &mut Option<TokenStream>,
    ) -> Option<(Expr, Vec<Nested>)> {
        let program = self.infer.program;
        let rules = program.macros.get(&node)?.clone()?;
        let krate = program.node(node).krate?;
        let ident = program.crate_idents.iter().find(|(_, id)| **id == krate).map(|(sym, _)| program.text(*sym))?;
        let line = self.line;
        let file = program.node(self.scope.node).file;
        let is_lost = matches!(program.decl(node), Some(DeclKind::MacroRules(_, written)) if written.is_of_several());
        let level = if is_lost { LOST } else { self.locals.next_level() };
        let known = file.map(|file| Call {
            file,
            position: Position::Expr,
            line,
            rules: rules.id,
            krate: &ident,
            input: &call.tokens,
            levels: &call.written.levels,
            level,
        });
        let symbols = &program.symbols;
        let found =
            known.and_then(|known| self.infer.files.made(&known, &mut self.infer.budget, &mut symbols.borrow_mut()));
        if let Some(Made::Expr(expr, nested)) = found {
            return Some((expr, nested));
        }
        if input.is_none() {
            *input = Some(self.input(call)?);
        }
        let ident = Ident::new(&ident, Span::call_site());
        let before = self.infer.budget.tokens;
        let own = self.infer.levels.span(level);
        let made = match rules.expand_written(input.clone()?, &ident, Some(own), &mut self.infer.budget) {
            Ok(made) => made,
            Err(error) => {
                if let (crate::expand::ExpandError::TooLarge, Some(file)) = (error, file) {
                    let path = self.infer.files.path(file).to_owned();
                    let kind = crate::report::ProblemKind::Recursion;
                    self.infer.files.problem(&path, self.line, kind, error.to_string());
                }
                return None;
            }
        };
        // Whatever was made was taken out of the budget.
        let used = before - self.infer.budget.tokens;
        let lower = if lower::are_few(used) { lower::made_of_bounded } else { lower::made };
        let lowered = lower(made, Position::Expr, line, Detail::Levels, &mut symbols.borrow_mut());
        if let (Err(error), Some(file)) = (&lowered, file)
            && error.too_deep
        {
            let path = self.infer.files.path(file).to_owned();
            let message = format!("what the macro makes is {}", error.message);
            self.infer.files.problem(&path, line, crate::report::ProblemKind::Recursion, message);
        }
        let made = match known {
            Some(known) => self.infer.files.keep_made(&known, used, lowered.ok()?, &symbols.borrow()),
            None => lowered.ok()?,
        };
        match made {
            Made::Expr(expr, nested) => Some((expr, nested)),
            Made::Items(_) => None,
        }
    }

    /// Reads what a definition made.
    fn made(&mut self, node: NodeId, expr: &Expr, nested: &[Nested]) -> TyId {
        let program = self.infer.program;
        let is_inner = program.module(program.node(node).module).block;
        let inner = program.node(node).decl.as_ref().filter(|_| is_inner).map(|decl| decl.name);
        self.read_made(inner, expr, nested)
    }

    /// The same of a definition in this body, by its name.
    pub(super) fn read_made(&mut self, inner: Option<Sym>, expr: &Expr, nested: &[Nested]) -> TyId {
        let line = self.line;
        let scopes = std::mem::take(&mut self.scopes);
        self.depth += 1;
        self.locals.enter(inner);
        for item in nested.iter().flat_map(|items| &items.items) {
            self.made_names.insert(item.name);
        }
        for item in nested.iter().flat_map(|items| &items.items) {
            self.inline_item(item);
        }
        let ty = self.expr(expr);
        self.depth -= 1;
        self.locals.leave();
        self.scopes = scopes;
        self.at(line);
        ty
    }

    /// An item that a macro made inside a body: its code counts as this body's.
    fn inline_item(&mut self, decl: &Decl) {
        self.facts.asks.extend(decl.asks.iter().chain(&decl.cfg).cloned());
        let first = self.locals.hide();
        if let DeclKind::MacroRules(text, _) = &decl.kind {
            self.made_macro(decl.name, text);
        }
        self.item_parts(decl);
        self.locals.show(first);
    }

    fn known(&mut self, args: &MacroArgs) -> TyId {
        let words = self.infer.program.words;
        let types: Vec<TyId> = match (args.kind, &args.pat) {
            (KnownMacro::Matches, Some(pat)) => {
                let value = args.exprs.first().map_or(TyId::UNKNOWN, |value| self.expr(value));
                let locals = self.locals.len();
                self.bind(pat, value);
                for guard in args.exprs.iter().skip(1) {
                    self.expr(guard);
                }
                self.locals.truncate(locals);
                return self.primitive("bool");
            }
            _ => self.exprs(&args.exprs),
        };
        for (name, index) in &args.formats {
            let ty = types.get(*index as usize).copied().unwrap_or(TyId::UNKNOWN);
            self.trigger(*name, ty);
        }
        match args.kind {
            KnownMacro::FormatArgs => self.std_type("Arguments"),
            KnownMacro::Format => self.infer.types.intern(Ty::Std(words.string, Rc::default())),
            KnownMacro::Vec | KnownMacro::VecRepeat => {
                let of = match args.kind {
                    KnownMacro::VecRepeat => {
                        let of = types.first().copied().unwrap_or(TyId::UNKNOWN);
                        self.trigger_named("Clone", of);
                        of
                    }
                    _ => {
                        let first = self.fresh();
                        types.iter().fold(first, |a, b| self.join(a, *b))
                    }
                };
                self.infer.types.intern(Ty::Std(words.vec, Rc::new([of])))
            }
            KnownMacro::Write => {
                let to = types.first().copied().unwrap_or(TyId::UNKNOWN);
                self.trigger_named("Write", to);
                // `write!(x, ..)` is `x.write_fmt(..)`, whoever has such a method.
                let write_fmt = self.infer.program.sym("write_fmt");
                // `format_args!(..)` is the argument, whose parts are read elsewhere.
                let result = self.method(to, write_fmt, &[], &[Expr::Jump(None)]);
                match self.infer.types.get(result) {
                    Ty::Std(head, _) if *head == words.result => result,
                    _ => {
                        let error = self.fresh();
                        self.infer.types.intern(Ty::Std(words.result, Rc::new([TyId::UNIT, error])))
                    }
                }
            }
            KnownMacro::AssertEq => {
                if let [left, right, ..] = types[..] {
                    self.binary(crate::ir::Operator::Eq, left, right);
                }
                TyId::UNIT
            }
            KnownMacro::Panic => TyId::NEVER,
            KnownMacro::Dbg => {
                for ty in &types {
                    self.trigger_named("Debug", *ty);
                }
                match types.as_slice() {
                    [ty] => *ty,
                    _ => TyId::UNKNOWN,
                }
            }
            KnownMacro::Print | KnownMacro::Assert => TyId::UNIT,
            KnownMacro::Matches | KnownMacro::Mention | KnownMacro::Position => TyId::UNKNOWN,
        }
    }

    /// A macro that isn't analyzed: its input is read as expressions if it reads as such, and by its names in any case.
    fn foreign_macro(&mut self, call: &MacroCall, name: Sym) -> TyId {
        let program = self.infer.program;
        let krate = program.module(self.module).krate;
        let names: Vec<Sym> = call.path.segments.iter().map(|segment| segment.name).collect();
        if program.resolve_plain(self.module, call.path.global, &names).is_empty() {
            self.note_macro(name);
            // Built-in ones need no package; others may come by `#[macro_use]` from any.
            let built_in = matches!(
                program.text(name).as_str(),
                "unreachable"
                    | "todo"
                    | "unimplemented"
                    | "panic"
                    | "assert"
                    | "debug_assert"
                    | "format"
                    | "vec"
                    | "write"
                    | "writeln"
                    | "print"
                    | "println"
                    | "eprint"
                    | "eprintln"
                    | "matches"
                    | "addr_of"
                    | "addr_of_mut"
                    | "try"
                    | "is_x86_feature_detected"
                    | "compile_error"
                    | "concat_bytes"
                    | "thread_local"
                    | "assert_eq"
                    | "assert_ne"
                    | "pin"
                    | "ready"
                    | "join"
                    | "offset_of"
                    | "asm"
                    | "global_asm"
            );
            if !built_in {
                self.facts.mention(Vertex::Generators(krate));
                self.facts.mention(Vertex::AllForeign);
                let mut externs: Vec<&Def> = program.krate(krate).externs.values().collect();
                externs.sort_unstable();
                for def in externs {
                    if !matches!(def, Def::Module(_)) {
                        mention_def(program, *def, &mut self.facts);
                    }
                }
                let why = format!("`{}!` can't be found; every package that may define it counts", program.text(name));
                self.facts.widen(self.line, WidenedKind::Source, why);
            }
        }
        if let Some(ty) = self.address_of(call, &names) {
            return ty;
        }
        // These call nothing by themselves; a function that assembly names is in their input.
        let calls_nothing = names.last().is_some_and(|name| {
            matches!(
                program.text(*name).as_str(),
                "asm"
                    | "global_asm"
                    | "naked_asm"
                    | "is_x86_feature_detected"
                    | "compile_error"
                    | "offset_of"
                    | "concat_bytes"
            )
        });
        if !calls_nothing {
            self.facts.mention(Vertex::AllForeign);
        }
        let is_assembly =
            names.last().is_some_and(|name| matches!(program.text(*name).as_str(), "asm" | "global_asm" | "naked_asm"));
        let operands = if is_assembly { self.input(call).and_then(super::assembly::operands) } else { None };
        match operands {
            Some(operands) if self.listed(operands.values.clone()) => {
                operands.macros.iter().for_each(|text| self.bag(text));
            }
            _ => self.listed_input(call),
        }
        TyId::UNKNOWN
    }

    /// `addr_of!(place)` of the standard library: a pointer to what stands there.
    fn address_of(&mut self, call: &MacroCall, names: &[Sym]) -> Option<TyId> {
        let program = self.infer.program;
        if !matches!(program.text(*names.last()?).as_str(), "addr_of" | "addr_of_mut") {
            return None;
        }
        let means = program.resolve_plain(self.module, call.path.global, names);
        let is_std = |def: &Def| matches!(def, Def::Foreign(id) if program.foreign(*id).owner == Owner::Std);
        if means.is_empty() || !means.iter().all(is_std) {
            return None;
        }
        let tokens: TokenStream = call.tokens.parse().ok()?;
        let lowered = lower::made(tokens, Position::Expr, self.line, Detail::Code, &mut program.symbols.borrow_mut());
        match lowered {
            Ok(Made::Expr(expr, nested)) if nested.is_empty() => {
                let of = self.expr(&expr);
                Some(self.infer.types.intern(Ty::Ptr(of)))
            }
            _ => None,
        }
    }

    /// Reads tokens as a list of expressions, if they are one.
    fn listed(&mut self, tokens: TokenStream) -> bool {
        let program = self.infer.program;
        let lowered = lower::made(tokens, Position::Expr, self.line, Detail::Levels, &mut program.symbols.borrow_mut());
        match lowered {
            Ok(Made::Expr(expr, nested)) if nested.is_empty() => {
                self.expr(&expr);
                true
            }
            _ => false,
        }
    }

    /// Reads the input of a macro by its names, and as a list of expressions if it reads as such.
    fn listed_input(&mut self, call: &MacroCall) {
        let program = self.infer.program;
        self.bag(&call.tokens);
        if let Some(tokens) = self.input(call) {
            let list: TokenStream =
                [TokenTree::Group(proc_macro2::Group::new(proc_macro2::Delimiter::Bracket, tokens))]
                    .into_iter()
                    .collect();
            let lower = if lower::is_short(&call.tokens) { lower::made_of_bounded } else { lower::made };
            let lowered = lower(list, Position::Expr, self.line, Detail::Levels, &mut program.symbols.borrow_mut());
            if let Ok(Made::Expr(expr, nested)) = lowered
                && nested.is_empty()
            {
                let scopes = std::mem::take(&mut self.scopes);
                self.expr(&expr);
                self.scopes = scopes;
            }
        }
    }

    fn include(&mut self, call: &MacroCall, name: Sym) -> TyId {
        let program = self.infer.program;
        let words = program.words;
        let Some(file) = program.node(self.scope.node).file else { return TyId::UNKNOWN };
        let from = self.infer.files.path(file).to_owned();
        let package = program.krate(program.module(self.module).krate).package;
        let tokens = call.tokens.parse::<TokenStream>().unwrap_or_default();
        let Some(path) = crate::include::included_path(tokens, &from, &self.infer.project.packages[package.0]) else {
            let why = format!("`{}!` of a path that can't be known here", program.text(name));
            self.facts.widen(self.line, WidenedKind::Opaque, why);
            return TyId::UNKNOWN;
        };
        let included = self.infer.files.raw(&path, package);
        self.facts.mention(Vertex::File(included));
        if self.infer.files.digest_of(included).is_none() {
            let message = format!("the included file is missing: {path}");
            self.infer.files.problem(&from, self.line, crate::report::ProblemKind::Include, message);
        }
        if name == words.include {
            if let Some(text) = self.infer.files.text(included) {
                let lowered = text.parse::<TokenStream>().ok().and_then(|tokens| {
                    lower::made(tokens, Position::Expr, self.line, Detail::Code, &mut program.symbols.borrow_mut()).ok()
                });
                if let Some(Made::Expr(expr, nested)) = lowered
                    && self.depth < MAX_DEPTH
                {
                    let scopes = std::mem::take(&mut self.scopes);
                    self.depth += 1;
                    for items in &nested {
                        for item in &items.items {
                            self.inline_item(item);
                        }
                    }
                    let ty = self.expr(&expr);
                    self.depth -= 1;
                    self.scopes = scopes;
                    return ty;
                }
            }
            return TyId::UNKNOWN;
        }
        let of = if name == words.include_str {
            self.infer.types.intern(Ty::Std(words.str, Rc::default()))
        } else {
            let byte = self.infer.types.intern(Ty::Primitive(words.u8));
            self.infer.types.intern(Ty::Slice(byte))
        };
        self.infer.types.intern(Ty::Ref(of))
    }

    fn env(&mut self, call: &MacroCall) -> TyId {
        let words = self.infer.program.words;
        let tokens = call.tokens.parse::<TokenStream>().unwrap_or_default();
        let first: TokenStream = tokens
            .into_iter()
            .take_while(|tree| !matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ','))
            .collect();
        match syn::parse2::<syn::LitStr>(first) {
            Ok(name) => self.facts.envs.push(name.value()),
            Err(_) => {
                let why = "`env!` of a name that can't be read here".to_owned();
                self.facts.widen(self.line, WidenedKind::Opaque, why);
            }
        }
        let text = self.infer.types.intern(Ty::Std(words.str, Rc::default()));
        let text = self.infer.types.intern(Ty::Ref(text));
        let option = call.path.segments.last().is_some_and(|segment| segment.name == words.option_env);
        if option { self.infer.types.intern(Ty::Std(words.option, Rc::new([text]))) } else { text }
    }

    /// Everything that tokens may name: paths, methods, files.
    pub(super) fn bag(&mut self, text: &str) {
        let Ok(tokens) = text.parse::<TokenStream>() else { return };
        let mut strings = Vec::new();
        lower::string_literals(tokens.clone(), &mut strings);
        for string in strings {
            self.named_file(&string);
            self.captures(&string);
        }
        let mut streams = vec![tokens];
        let mut seen = HashSet::default();
        while let Some(stream) = streams.pop() {
            let mut path: Vec<String> = Vec::new();
            let mut after_dot = false;
            let mut colons = 0;
            let mut after_bang = false;
            for tree in stream {
                match tree {
                    TokenTree::Ident(ident) => {
                        if after_dot {
                            let name = self.infer.program.sym(&ident.to_string());
                            self.method_of_anything(name);
                        } else {
                            if colons != 2 {
                                self.bag_path(&mut path, &mut seen);
                            }
                            path.push(ident.to_string());
                        }
                        after_dot = false;
                        colons = 0;
                    }
                    TokenTree::Group(group)
                        if matches!(path.last().map(String::as_str), Some("env" | "option_env")) && after_bang =>
                    {
                        let mut names = Vec::new();
                        lower::string_literals(group.stream(), &mut names);
                        self.facts.envs.extend(names.into_iter().take(1));
                        path.clear();
                    }
                    TokenTree::Punct(punct) if punct.as_char() == '!' && !path.is_empty() => {
                        after_bang = true;
                        self.operator_token('!');
                        continue;
                    }
                    TokenTree::Punct(punct) if punct.as_char() == ':' => {
                        colons += 1;
                        after_dot = false;
                    }
                    tree => {
                        self.bag_path(&mut path, &mut seen);
                        colons = 0;
                        after_dot = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '.');
                        match tree {
                            TokenTree::Group(group) => streams.push(group.stream()),
                            TokenTree::Punct(punct) => self.operator_token(punct.as_char()),
                            _ => {}
                        }
                    }
                }
                after_bang = false;
            }
            self.bag_path(&mut path, &mut seen);
        }
    }

    /// `Type::name` somewhere in tokens: whichever it is.
    fn any_member(&mut self, of: TyId, name: Sym) {
        let (target, _) = self.type_member(of, name, &[]);
        if let super::paths::Target::Several(members, of) = target {
            self.mention_all(&members, of);
        }
    }

    fn operator_token(&mut self, c: char) {
        let names: &[&str] = match c {
            '+' => &["Add", "AddAssign"],
            '-' => &["Sub", "SubAssign", "Neg"],
            '*' => &["Mul", "MulAssign", "Deref", "DerefMut"],
            '/' => &["Div", "DivAssign"],
            '%' => &["Rem", "RemAssign"],
            '=' => &["PartialEq"],
            '<' | '>' => &["PartialOrd", "Shl", "Shr"],
            '!' => &["Not"],
            '?' => &["From", "Into"],
            '&' => &["BitAnd", "BitAndAssign"],
            '|' => &["BitOr", "BitOrAssign"],
            '^' => &["BitXor", "BitXorAssign"],
            _ => &[],
        };
        for name in names {
            self.trigger_all(name);
        }
    }

    fn bag_path(&mut self, path: &mut Vec<String>, seen: &mut HashSet<Vec<String>>) {
        if path.is_empty() {
            return;
        }
        let path = std::mem::take(path);
        if !seen.insert(path.clone()) {
            return;
        }
        let program = self.infer.program;
        let names: Vec<Sym> = path.iter().map(|name| program.sym(name)).collect();
        let segments = names.iter().map(|name| Segment { name: *name, args: Vec::new() }).collect();
        let written = Path { global: false, segments, qself: None, line: self.line, level: 0 };
        let resolved = program.resolve(self.module, &written);
        if names[0] == program.words.self_type {
            if let Some(name) = names.get(1) {
                self.any_member(self.scope.self_ty, *name);
            }
            return;
        }
        for resolved in resolved {
            mention_def(program, resolved.def, &mut self.facts);
            self.note_def(resolved.def, false);
            if let Def::Node(node) = resolved.def
                && program.node(node).kind == crate::report::ItemKind::Trait
            {
                // What is made of these tokens may hold objects of it.
                self.facts.mention(Vertex::Object(node));
            }
            if resolved.taken < names.len()
                && let Def::Node(node) = resolved.def
            {
                let name = names[resolved.taken];
                let of = self.adt_unknown(node);
                match program.node(node).kind {
                    crate::report::ItemKind::Trait => {
                        self.infer.demand(node, name, TyId::UNKNOWN, &[], &mut Some(&mut self.facts));
                    }
                    _ => {
                        self.any_member(of, name);
                    }
                }
            }
        }
    }

    /// `{name}` in a string may capture a constant.
    fn captures(&mut self, string: &str) {
        for part in string.split('{').skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) {
                self.bag_path(&mut vec![name], &mut HashSet::default());
            }
        }
    }

    /// A string in a macro that isn't known may name a file: then that file is an input.
    pub(super) fn named_file(&mut self, string: &str) {
        let plausible = string.len() < 200 && string.contains(['.', '/']) && !string.contains(['\n', '{', ' ', '\0']);
        if !plausible {
            return;
        }
        let program = self.infer.program;
        let Some(file) = program.node(self.scope.node).file else { return };
        let from = crate::load::folder(self.infer.files.path(file)).to_owned();
        let package = program.krate(program.module(self.module).krate).package;
        let dir = self.infer.project.packages[package.0].dir.clone();
        for base in [dir.clone(), crate::load::join(&dir, "src"), from] {
            let path = crate::load::join(&base, string);
            if self.infer.files.exists(&path, package) {
                let file = self.infer.files.raw(&path, package);
                self.facts.mention(Vertex::File(file));
            }
        }
    }
}

/// What the arms of a macro's definition make.
pub(super) fn templates(definition: &str) -> Vec<String> {
    let groups = definition.parse::<TokenStream>().unwrap_or_default().into_iter().filter_map(|tree| match tree {
        TokenTree::Group(group) => Some(group.stream().to_string()),
        _ => None,
    });
    groups.skip(1).step_by(2).collect()
}

/// Names in tokens, with the levels that they were written at.
fn idents(tokens: TokenStream, out: &mut Vec<(String, u32)>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => idents(group.stream(), out),
            TokenTree::Ident(ident) => out.push((ident.to_string(), written::level(ident.span()))),
            _ => {}
        }
    }
}
