//! What each kind of item mentions.

use std::borrow::Cow;

use super::bodies::Body;
use super::types::{Ty, TyId};
use super::{Facts, Infer, TraitOf, Vertex};
use crate::cfg::possible;
use crate::ir::{Attr, Decl, DeclKind, FnBody, Generics, Late, Path, Sym, Type, Wire};
use crate::program::{Def, NodeId, Owner, derives};
use crate::report::{ItemKind, WidenedKind};

impl<'p, 'f, 'a> Infer<'p, 'f, 'a> {
    /// Reads one item.
    pub(crate) fn facts(&mut self, id: NodeId) -> Facts {
        let program = self.program;
        let node = program.node(id);
        let mut body = Body::new(self, id);
        if let Some(owner) = node.owner {
            body.facts.mention(Vertex::Node(owner));
        }
        for &member in program.members(id) {
            // Packages that a macro call or a procedural-macro crate needs; an impl's members are reached by their use.
            let of_impl = matches!(program.decl(id), Some(DeclKind::Impl(_) | DeclKind::Trait(..)));
            if !of_impl || matches!(program.decl(member), Some(DeclKind::MacroCall(_) | DeclKind::Tokens(_))) {
                body.facts.mention(Vertex::Node(member));
            }
        }
        if let Some(decl) = &node.decl {
            body.attributes(decl);
            body.item_parts(decl);
        }
        body.settle();
        body.facts.close()
    }

    /// Every word in the source of a crate that counts as a whole, in strings and comments too.
    pub(crate) fn words_of(&mut self, whole: NodeId) -> rustc_hash::FxHashSet<String> {
        let program = self.program;
        let mut files: Vec<crate::load::FileId> = program
            .nodes
            .iter()
            .filter(|node| node.krate.is_some_and(|krate| program.node(whole).whole.contains(&krate)))
            .filter_map(|node| node.file)
            .collect();
        files.sort_unstable();
        files.dedup();
        let mut words = rustc_hash::FxHashSet::default();
        for file in files {
            let text = self.files.text(file).unwrap_or_default();
            let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.extend(parts.filter(|word| !word.is_empty()).map(str::to_owned));
        }
        words
    }

    /// Everything that the definition of a macro mentions.
    pub(crate) fn macro_bag(&mut self, id: NodeId) -> Facts {
        let mut body = Body::new(self, id);
        if let Some(DeclKind::MacroRules(text, _)) = body.infer.program.decl(id) {
            super::macros::templates(text).iter().for_each(|text| body.bag(text));
        }
        body.settle();
        body.facts.close()
    }
}

impl Body<'_, '_, '_, '_> {
    /// Derives and attribute macros: the item, and the package of the macro.
    fn attributes(&mut self, decl: &Decl) {
        let cfg = self.infer.cfg_of(self.scope.node);
        let mut has_foreign_derive = false;
        for path in derives(decl, cfg) {
            self.mention_macro(path);
            has_foreign_derive |= !crate::collect::is_std_derive(path, self.infer.program);
        }
        for attr in &decl.attrs {
            if let Attr::Helper(tokens, when) = attr
                && possible(when, cfg)
            {
                self.bag(tokens);
                self.named_in_strings(tokens);
            }
            if let Attr::Unknown(path, tokens, when) = attr
                && possible(when, cfg)
            {
                self.mention_macro(path);
                // What a derive reads at the item says no more than what it reads at a field.
                if !(has_foreign_derive && self.is_no_macro(path)) {
                    self.facts.mention(Vertex::AllForeign);
                }
                self.bag(tokens);
                self.named_in_strings(tokens);
            }
        }
    }

    /// Whether an attribute's name is surely no macro's: nothing has it, or only a package as a whole.
    fn is_no_macro(&self, path: &Path) -> bool {
        let program = self.infer.program;
        let [name] = path.segments.as_slice() else { return false };
        let krate = program.krate(program.module(self.module).krate);
        let whole = krate.externs.get(&name.name);
        !krate.borrows_macros && program.resolve(self.module, path).iter().all(|found| Some(&found.def) == whole)
    }

    /// A derive takes paths from strings: `#[serde(with = "module")]`, `#[serde(default = "path")]`.
    fn named_in_strings(&mut self, tokens: &str) {
        let mut strings = Vec::new();
        crate::lower::string_literals(tokens.parse().unwrap_or_default(), &mut strings);
        for string in strings {
            self.bag(&string);
            let mut paths: Vec<syn::Path> = syn::parse_str(&string).into_iter().collect();
            while let Some(path) = paths.pop() {
                self.named_by(&path);
                paths.extend(path.segments.into_iter().flat_map(|segment| paths_in(segment.arguments)));
            }
        }
    }

    /// What is inside a module or a type that a path of a string names: `with` means functions of either.
    fn named_by(&mut self, path: &syn::Path) {
        let program = self.infer.program;
        let names: Vec<Sym> = path.segments.iter().map(|segment| program.sym(&segment.ident.to_string())).collect();
        for def in program.resolve_plain(self.module, path.leading_colon.is_some(), &names) {
            match def {
                Def::Module(module) => {
                    let mut inside: Vec<Def> = program.module(module).names.values().flatten().copied().collect();
                    inside.sort_unstable();
                    for def in inside {
                        super::declared::mention_def(program, def, &mut self.facts);
                    }
                }
                Def::Node(node) if program.node(node).kind == ItemKind::Type => {
                    let ty = match program.decl(node) {
                        Some(DeclKind::Alias(_, _, Some(ty))) => self.infer.named_type(node, ty),
                        _ => self.adt_unknown(node),
                    };
                    self.all_members(ty);
                }
                _ => {}
            }
        }
    }

    /// Members by any name that a path through a type may lead to.
    fn all_members(&mut self, ty: TyId) {
        let program = self.infer.program;
        let index = &self.infer.index;
        let own = match self.infer.types.get(self.infer.types.peel(ty)) {
            Ty::Adt(node, _) => index.impls_of.get(node).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        let loose = index.loose.values().flatten().filter_map(|member| program.node(*member).owner);
        let mut found = Vec::new();
        for owner in own.iter().copied().chain(loose) {
            match index.impls.get(&owner).map(|info| info.of) {
                Some(TraitOf::Inherent) => found.push(owner),
                Some(TraitOf::Local(of)) => found.extend([owner, of]),
                _ => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        for member in found.into_iter().flat_map(|owner| program.members(owner)) {
            self.facts.mention(Vertex::Node(*member));
        }
    }

    fn mention_macro(&mut self, path: &Path) {
        let program = self.infer.program;
        let resolved = program.resolve(self.module, path);
        if resolved.is_empty() {
            // A helper attribute of a derive, or a macro that comes by `#[macro_use]`: any package of the crate's.
            let krate = program.krate(program.module(self.module).krate);
            let mut externs: Vec<&Def> = krate.externs.values().collect();
            externs.sort_unstable();
            for def in externs {
                match def {
                    Def::Foreign(id) if program.foreign(*id).owner != Owner::Std => {
                        super::declared::mention_def(program, *def, &mut self.facts);
                    }
                    Def::Whole(_) => super::declared::mention_def(program, *def, &mut self.facts),
                    _ => {}
                }
            }
        }
        for resolved in resolved {
            super::declared::mention_def(program, resolved.def, &mut self.facts);
        }
    }

    fn generics(&mut self, generics: &Generics) {
        for param in &generics.params {
            for path in &param.bounds {
                self.bound(path);
            }
            if let Some(ty) = param.default.as_ref().or(param.constant.as_ref()) {
                self.ty(ty);
            }
        }
        for (ty, bounds) in &generics.wheres {
            self.ty(ty);
            for path in bounds {
                self.bound(path);
            }
        }
    }

    /// Reads a type that is only declared: what is done with its values stands elsewhere.
    fn declares(&mut self, ty: &Type) {
        self.infer.is_declaring = true;
        self.ty(ty);
        self.infer.is_declaring = false;
    }

    /// What an item does; if what was kept of it can't be read, nobody knows.
    fn late<'d, T: Wire + Clone>(&mut self, of: Option<&'d Late<T>>, decl: &Decl) -> Option<Cow<'d, T>> {
        let read = of?.read();
        if read.is_none() {
            let why = "what was kept of it can't be read";
            self.facts.widen(decl.line, WidenedKind::Opaque, why.to_owned());
        }
        read
    }

    /// Reads what an item declares and does.
    pub(super) fn item_parts(&mut self, decl: &Decl) {
        match &decl.kind {
            DeclKind::Fn(function) => {
                self.generics(&function.generics);
                let locals = self.locals.len();
                if let Some(receiver) = &function.receiver
                    && let Some(ty) = &receiver.ty
                {
                    self.ty(ty);
                }
                for (pat, ty) in &function.params {
                    let ty = self.ty(ty);
                    self.bind(pat, ty);
                }
                let mut returns = function.output.as_ref().map_or(TyId::UNIT, |ty| self.ty(ty));
                // What this body returns as `impl Trait` is no other type of the same bounds.
                let node = self.scope.node;
                let is_own =
                    matches!(self.infer.program.decl(node), Some(DeclKind::Fn(own)) if std::ptr::eq(own, function));
                if is_own
                    && !function.is_async
                    && self.infer.returned(node).is_some()
                    && let Some(signature) = self.infer.signature(node)
                {
                    returns = signature.output;
                }
                let outer = std::mem::replace(&mut self.returns, returns);
                let read = self.late(function.body.as_ref(), decl);
                let of_external;
                let body = match read.as_deref() {
                    Some(FnBody::Lowered(block)) => Some(block),
                    Some(FnBody::Text(_)) => {
                        of_external = self.infer.bodies.get(&self.scope.node).cloned();
                        of_external.as_deref()
                    }
                    None => None,
                };
                if let Some(block) = body {
                    let found = self.block(block);
                    self.agree(found, returns);
                    let main = decl.name == self.infer.program.words.main;
                    if main {
                        self.trigger_named("Debug", returns);
                        self.trigger_named("Termination", returns);
                    }
                }
                self.returns = outer;
                self.locals.truncate(locals);
                let foreign = function.body.is_none() && self.infer.program.node(self.scope.node).owner.is_none();
                if foreign {
                    let why = "calls code that isn't Rust";
                    self.facts.widen(decl.line, WidenedKind::Source, why.to_owned());
                }
            }
            DeclKind::Struct(generics, fields) | DeclKind::Union(generics, fields) => {
                self.generics(generics);
                for ty in &fields.types {
                    self.declares(ty);
                }
            }
            DeclKind::Enum(generics, variants) => {
                self.generics(generics);
                for variant in variants {
                    if !self.compiled(&variant.cfg) {
                        continue;
                    }
                    for ty in &variant.fields.types {
                        self.declares(ty);
                    }
                    if let Some(value) = &variant.discriminant {
                        self.expr(value);
                    }
                }
            }
            DeclKind::Alias(generics, bounds, ty) => {
                self.generics(generics);
                for path in bounds {
                    self.bound(path);
                }
                if let Some(ty) = ty {
                    self.ty(ty);
                }
            }
            DeclKind::Const(generics, ty, value) => {
                self.generics(generics);
                let ty = self.ty(ty);
                if let Some(value) = self.late(value.as_ref(), decl) {
                    self.expect(&value, ty);
                }
            }
            DeclKind::Static(ty, value, _) => {
                let ty = self.ty(ty);
                if let Some(value) = self.late(value.as_ref(), decl) {
                    self.expect(&value, ty);
                }
            }
            DeclKind::Trait(generics, supers, _) => {
                self.generics(generics);
                for path in supers {
                    self.bound(path);
                }
            }
            DeclKind::Impl(of) => {
                self.generics(&of.generics);
                if let Some(call) = &of.self_call {
                    self.macro_call(call);
                }
                self.declares(&of.self_ty);
                if let Some(path) = &of.trait_ {
                    self.bound(path);
                }
            }
            // The body has it too.
            DeclKind::Statement(_) => {}
            DeclKind::MacroCall(call) => {
                let node = self.scope.node;
                let is_own = self.infer.program.node(node).decl.as_deref().is_some_and(|own| std::ptr::eq(own, decl));
                if is_own && self.infer.program.declares_nothing(node) && self.expand_foreign(call).is_some() {
                    return;
                }
                // It could not be expanded, or an external macro's items: all that it may mention.
                if let Some(args) = &call.args {
                    self.exprs(&args.exprs);
                }
                self.bag(&call.tokens);
                self.facts.mention(Vertex::AllForeign);
                let names: Vec<Sym> = call.path.segments.iter().map(|segment| segment.name).collect();
                let program = self.infer.program;
                for def in program.resolve_plain(self.module, call.path.global, &names) {
                    super::declared::mention_def(program, def, &mut self.facts);
                    // A trait of that name is no macro.
                    if let Def::Node(node) = def
                        && program.macros.contains_key(&node)
                    {
                        self.facts.mention(Vertex::MacroBag(node));
                    }
                }
                if names.last() == Some(&program.words.include) {
                    let why = "`include!` of a path that can't be known here".to_owned();
                    self.facts.widen(decl.line, WidenedKind::Opaque, why);
                }
            }
            DeclKind::Foreign(members) => {
                for member in members {
                    self.item_parts(member);
                }
            }
            DeclKind::Tokens(text) => self.bag(text),
            DeclKind::Module(_) | DeclKind::Use(_) | DeclKind::ExternCrate(_) | DeclKind::MacroRules(..) => {}
        }
    }
}

/// The paths of the types among the arguments of a path's segment.
fn paths_in(arguments: syn::PathArguments) -> Vec<syn::Path> {
    let syn::PathArguments::AngleBracketed(arguments) = arguments else { return Vec::new() };
    let path = |argument| match argument {
        syn::GenericArgument::Type(syn::Type::Path(ty)) => Some(ty.path),
        _ => None,
    };
    arguments.args.into_iter().filter_map(path).collect()
}
