//! What a path stands for: lexical scope, imports, globs, re-exports, preludes.
//!
//! An answer is a set: where predicates are unknown, or a glob and an item compete, all candidates count.

mod external;

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

use crate::ir::{DeclKind, Path, Sym};
use crate::load::digest;
use crate::program::{CrateId, Def, Foreign, ForeignId, Import, ImportId, ModuleId, NodeId, Owner, Program};
use crate::report::ItemKind;
use crate::source::Digest;

pub(crate) use external::Declared;

/// What imports stand for, and answers that were found before.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// By import; filled by [`Program::settle`].
    imports: Vec<Rc<Vec<Def>>>,
    in_module: HashMap<(ModuleId, Sym), Rc<Vec<Def>>>,
    traits: HashMap<ModuleId, Rc<Vec<NodeId>>>,
    foreign_traits: HashMap<ModuleId, Option<Digest>>,
    /// Traits of external packages, where their sources are read.
    external_traits: HashMap<ModuleId, Rc<Vec<NodeId>>>,
    /// What foreign paths stand for in the sources of their packages.
    declared: HashMap<(ForeignId, u8), Option<Declared>>,
    /// Imports are being settled: answers change still.
    settling: bool,
}

impl Memo {
    /// Items have other numbers now: what imports stand for has them too, and everything else is found again.
    pub(crate) fn renumber(&mut self, moved: &dyn Fn(NodeId) -> NodeId) {
        let moved = |defs: &Rc<Vec<Def>>| Rc::new(defs.iter().map(|def| def.moved(moved)).collect());
        *self = Memo { imports: self.imports.iter().map(moved).collect(), ..Memo::default() };
    }
}

/// How often imports are looked at again: chains of re-exports against the order of the text.
const MAX_ROUNDS: usize = 64;

/// A `use` that may stand for more than this stands for anything: imports that lead to each other through globs of packages
/// that nobody has would otherwise mean more in each round.
const MAX_MEANINGS: usize = 16;

/// A path resolved as far as names go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) def: Def,
    /// How many segments it took. The others name something inside a type or trait.
    pub(crate) taken: usize,
}

const STD_PRELUDE: &[&str] = &[
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "String",
    "Box",
    "ToString",
    "ToOwned",
    "Clone",
    "Copy",
    "Send",
    "Sync",
    "Sized",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "drop",
    "AsRef",
    "AsMut",
    "Into",
    "From",
    "Default",
    "Iterator",
    "Extend",
    "IntoIterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "Eq",
    "PartialEq",
    "Ord",
    "PartialOrd",
    "Debug",
    "Hash",
    "TryFrom",
    "TryInto",
    "FromIterator",
    "Unpin",
    "Future",
    "IntoFuture",
    "size_of",
    "size_of_val",
    "align_of",
    "align_of_val",
];

/// Whether every module has the name without naming it.
pub(crate) fn is_in_prelude(name: &str) -> bool {
    STD_PRELUDE.contains(&name)
}

const PRIMITIVES: &[&str] = &[
    "bool", "char", "str", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
    "f16", "f32", "f64", "f128",
];

impl Program {
    /// Resolves a path of plain names.
    pub(crate) fn resolve_plain(&self, module: ModuleId, global: bool, path: &[Sym]) -> Vec<Def> {
        self.resolve_names(module, global, path)
            .into_iter()
            .filter(|resolved| resolved.taken == path.len())
            .map(|resolved| resolved.def)
            .collect()
    }

    /// Resolves the path of an expression, a type or a trait, as far as it names modules, items and variants.
    pub(crate) fn resolve(&self, module: ModuleId, path: &Path) -> Vec<Resolved> {
        let names: Vec<Sym> = path.segments.iter().map(|segment| segment.name).collect();
        self.resolve_names(module, path.global, &names)
    }

    /// The same where a type or a trait stands: a function or a macro of that name isn't meant.
    pub(crate) fn resolve_type(&self, module: ModuleId, path: &Path) -> Vec<Resolved> {
        let found = self.resolve(module, path);
        let is_none = |resolved: &Resolved| match resolved.def {
            Def::Node(node) => {
                let is_call = matches!(self.decl(node), Some(DeclKind::MacroCall(_)));
                matches!(self.node(node).kind, ItemKind::Fn | ItemKind::Macro) && !is_call
            }
            _ => false,
        };
        if !found.iter().any(is_none) {
            return found;
        }
        let kept: Vec<Resolved> = found.iter().filter(|resolved| !is_none(resolved)).cloned().collect();
        match path.segments.as_slice() {
            [] | [_, ..] if !kept.is_empty() => kept,
            [one] if !path.global && self.is_primitive(one.name) => {
                vec![Resolved { def: Def::Primitive(one.name), taken: 1 }]
            }
            _ => found,
        }
    }

    fn resolve_names(&self, module: ModuleId, global: bool, path: &[Sym]) -> Vec<Resolved> {
        let words = &self.words;
        let Some(&first) = path.first() else { return Vec::new() };
        let krate = self.krate(self.module(module).krate);
        let mut taken = 1;
        let start: Vec<Def> = if global {
            let mut found: Vec<Def> = krate.externs.get(&first).copied().into_iter().collect();
            if found.is_empty() && krate.edition == 2015 {
                found = self.in_module(krate.root, first).to_vec();
            }
            found
        } else if first == words.krate {
            vec![Def::Module(krate.root)]
        } else if let Some(&other) = self.crate_idents.get(&first) {
            vec![Def::Module(self.krate(other).root)]
        } else if first == words.self_ {
            vec![Def::Module(self.real_module(module))]
        } else if first == words.super_ {
            let mut at = self.real_module(module);
            taken = 0;
            while path.get(taken) == Some(&words.super_) {
                match self.module(at).parent {
                    Some(parent) => at = self.real_module(parent),
                    None => return Vec::new(),
                }
                taken += 1;
            }
            vec![Def::Module(at)]
        } else {
            let found = self.lexical(module, first);
            match krate.externs.get(&first) {
                // `use smallvec::{SmallVec, smallvec}`: what a package has under its own name is no way to the rest of it.
                Some(whole) if path.len() > 1 && found.iter().all(|def| self.is_of_one_package(*def, *whole)) => {
                    vec![*whole]
                }
                // `memchr::memchr` beside a function `memchr`: nothing is inside it.
                Some(whole) if path.len() > 1 && self.has_nothing_inside(module, first) => vec![*whole],
                _ => found,
            }
        };
        let mut out = Vec::new();
        for def in start {
            self.walk(def, path, taken, &mut out);
        }
        // `f32::from_bits` beside a function `f32`: what has nothing inside isn't meant.
        if out.is_empty() && !global && path.len() > 1 && self.is_primitive(first) {
            self.walk(Def::Primitive(first), path, taken, &mut out);
        }
        if out.len() > 1 {
            // Where a name may mean several things, the order of the text must not matter.
            out.sort_by_cached_key(|resolved| (self.text_of(resolved.def), resolved.taken));
            out.dedup();
        }
        out
    }

    /// Whether a name is a primitive type's.
    pub(crate) fn is_primitive(&self, name: Sym) -> bool {
        PRIMITIVES.contains(&self.symbols.borrow().text(name))
    }

    /// The path of something that isn't analyzed, with the package that it is in.
    pub(crate) fn foreign_text(&self, foreign: &Foreign) -> String {
        let owner = match foreign.owner {
            Owner::External(id) => {
                self.externals.get(&id).map_or("external", |node| self.node(*node).identity.as_str())
            }
            Owner::Std => "std",
            Owner::Unknown => "unknown",
        };
        let path: Vec<String> = foreign.path.iter().map(|name| self.text(*name)).collect();
        format!("{owner} {}", path.join("::"))
    }

    /// A text that tells what a name stands for, whatever stands around it.
    fn text_of(&self, def: Def) -> String {
        match def {
            Def::Module(module) => self.module(module).path.clone(),
            Def::Node(node) | Def::Whole(node) => self.node(node).identity.clone(),
            Def::Variant(node, name) => format!("{} {}", self.node(node).identity, self.text(name)),
            Def::Foreign(id) => self.foreign_text(&self.foreign(id)),
            Def::Primitive(name) => self.text(name),
            Def::Import(import) => self.imports[import.at()].path.iter().map(|name| self.text(*name)).collect(),
        }
    }

    /// Whether all that a name stands for, here and in the blocks around, is no module, type or trait.
    fn has_nothing_inside(&self, module: ModuleId, name: Sym) -> bool {
        let is_closed = |def: &Def| match def {
            Def::Node(node) => {
                matches!(self.node(*node).kind, ItemKind::Fn | ItemKind::Const | ItemKind::Static | ItemKind::Macro)
            }
            _ => false,
        };
        let mut at = module;
        loop {
            if !self.in_module(at, name).iter().all(is_closed) {
                return false;
            }
            match self.module(at).parent {
                Some(parent) if self.module(at).block => at = parent,
                _ => return true,
            }
        }
    }

    fn is_of_one_package(&self, one: Def, other: Def) -> bool {
        match (one, other) {
            (Def::Foreign(one), Def::Foreign(other)) => self.foreign(one).owner == self.foreign(other).owner,
            _ => false,
        }
    }

    fn walk(&self, def: Def, path: &[Sym], taken: usize, out: &mut Vec<Resolved>) {
        let Some(&next) = path.get(taken) else {
            out.push(Resolved { def, taken });
            return;
        };
        match def {
            Def::Module(module) => {
                let found = self.in_module(module, next);
                if found.is_empty()
                    && let Some(def) = self.of_std(module, next)
                {
                    self.walk(def, path, taken + 1, out);
                    // It isn't known whether the glob has it.
                    let calls = self.unread_calls_in(module);
                    out.extend(calls.map(|call| Resolved { def: Def::Node(call), taken: path.len() }));
                }
                for def in found.iter() {
                    self.walk(*def, path, taken + 1, out);
                }
            }
            Def::Foreign(id) => {
                let foreign = self.foreign(id);
                let mut full = foreign.path.clone();
                full.extend_from_slice(&path[taken..]);
                // `core::primitive::u8` is `u8`.
                if let (Owner::Std, [module, name, rest @ ..]) = (foreign.owner, full.as_slice())
                    && self.is_primitive(*name)
                    && &*self.text(*module) == "primitive"
                {
                    return self.walk(Def::Primitive(*name), path, path.len() - rest.len(), out);
                }
                out.push(Resolved { def: self.intern_foreign(foreign.owner, full), taken: path.len() });
            }
            Def::Whole(_) => out.push(Resolved { def, taken: path.len() }),
            Def::Node(node) => {
                if let Some(DeclKind::Enum(_, variants)) = self.decl(node)
                    && variants.iter().any(|variant| variant.name == next)
                {
                    self.walk(Def::Variant(node, next), path, taken + 1, out);
                } else {
                    match self.node(node).kind {
                        // A function and a module may share a name: the function has nothing inside.
                        ItemKind::Fn | ItemKind::Const | ItemKind::Static | ItemKind::Macro => {}
                        _ => out.push(Resolved { def, taken }),
                    }
                }
            }
            Def::Variant(..) | Def::Primitive(_) | Def::Import(_) => out.push(Resolved { def, taken }),
        }
    }

    /// What a name means that a module has by `use std::*` or not at all: `mod core { pub use std::*; }`.
    fn of_std(&self, module: ModuleId, name: Sym) -> Option<Def> {
        let mut only = None;
        for import in &self.module(module).globs {
            for def in self.import(*import).iter() {
                let Def::Foreign(id) = def else { return None };
                if self.foreign(*id).owner != Owner::Std || only.is_some_and(|only| only != *id) {
                    return None;
                }
                only = Some(*id);
            }
        }
        let mut path = self.foreign(only?).path.clone();
        path.push(name);
        Some(self.intern_foreign(Owner::Std, path))
    }

    /// Looks a name up where it stands: blocks outwards, the module, other crates, preludes.
    fn lexical(&self, module: ModuleId, name: Sym) -> Vec<Def> {
        let mut at = module;
        loop {
            let found = self.in_module(at, name);
            if !found.is_empty() {
                return found.to_vec();
            }
            let around = self.module(at);
            match around.parent {
                Some(parent) if around.block => at = parent,
                _ => break,
            }
        }
        let krate = self.krate(self.module(module).krate);
        if let Some(def) = krate.externs.get(&name) {
            return vec![*def];
        }
        let symbols = self.symbols.borrow();
        let text = symbols.text(name);
        if PRIMITIVES.contains(&text) {
            return vec![Def::Primitive(name)];
        }
        let in_prelude = STD_PRELUDE.contains(&text);
        drop(symbols);
        let mut out = Vec::new();
        if in_prelude {
            out.push(self.intern_foreign(Owner::Std, vec![name]));
        }
        // A glob of a foreign module may supply any name.
        let mut at = module;
        loop {
            let (mut globs, mut through) = (Vec::new(), Vec::new());
            self.foreign_globs(at, &mut through, &mut globs);
            let before = out.len();
            for id in globs {
                let foreign = self.foreign(id);
                if (foreign.owner != Owner::Std || !in_prelude) && self.may_hold(id, name) {
                    let mut path = foreign.path.clone();
                    path.push(name);
                    out.push(self.intern_foreign(foreign.owner, path));
                }
            }
            // Or a macro declares it beside the glob; none declares a `Some` of its own.
            if out.len() > before && !in_prelude {
                out.extend(through.into_iter().flat_map(|module| self.unread_calls_in(module)).map(Def::Node));
            }
            let around = self.module(at);
            match around.parent {
                Some(parent) if around.block => at = parent,
                _ => break,
            }
        }
        out
    }

    /// What a module's globs bring of other packages, also by `use super::*`.
    fn foreign_globs(&self, module: ModuleId, seen: &mut Vec<ModuleId>, out: &mut Vec<ForeignId>) {
        if seen.contains(&module) {
            return;
        }
        seen.push(module);
        for import in &self.module(module).globs {
            for def in self.import(*import).iter() {
                match def {
                    Def::Foreign(id) if !out.contains(id) => out.push(*id),
                    Def::Module(next) => self.foreign_globs(*next, seen, out),
                    _ => {}
                }
            }
        }
    }

    /// Whether a name may be in something of another package: an enum whose sources are read has its variants and nothing else.
    fn may_hold(&self, id: ForeignId, name: Sym) -> bool {
        match self.external_type(id) {
            Some(external::Declared { def: Def::Node(node), left: 0 }) => match self.decl(node) {
                Some(DeclKind::Enum(_, variants)) => variants.iter().any(|variant| variant.name == name),
                _ => true,
            },
            _ => true,
        }
    }

    fn in_module(&self, module: ModuleId, name: Sym) -> Rc<Vec<Def>> {
        if let Some(found) = self.memo.borrow().in_module.get(&(module, name)) {
            return found.clone();
        }
        let mut found = Vec::new();
        self.gather(module, name, 0, &mut Vec::new(), &mut found);
        let found = Rc::new(found);
        let mut memo = self.memo.borrow_mut();
        if !memo.settling {
            memo.in_module.insert((module, name), found.clone());
        }
        found
    }

    /// Collects what a module says of a name: its items and imports, then its globs, as far as nothing nearer hides them.
    fn gather(&self, module: ModuleId, name: Sym, hidden: u8, seen: &mut Vec<(ModuleId, u8)>, found: &mut Vec<Def>) {
        if seen.contains(&(module, hidden)) {
            return;
        }
        seen.push((module, hidden));
        let mut uncertain = false;
        let mut own: Vec<Def> = Vec::new();
        for def in self.module(module).names.get(&name).map_or(&[][..], Vec::as_slice) {
            match def {
                Def::Import(id) => {
                    uncertain |= self.imports[id.at()].uncertain;
                    own.extend(self.import(*id).iter().copied());
                }
                Def::Node(node) => {
                    uncertain |= self.is_uncertain(*node);
                    own.push(*def);
                }
                def => own.push(*def),
            }
        }
        // An item hides a glob only in its own namespace.
        let spaces = own.iter().fold(0, |all, def| all | self.spaces(*def));
        for def in own {
            let of = self.spaces(def);
            if (of == 0 || of & !hidden != 0) && !found.contains(&def) {
                found.push(def);
            }
        }
        let hidden = if uncertain { hidden } else { hidden | spaces };
        if hidden == TYPES | VALUES | MACROS {
            return;
        }
        for import in &self.module(module).globs {
            for target in self.import(*import).iter() {
                match target {
                    Def::Module(target) => self.gather(*target, name, hidden, seen, found),
                    Def::Node(node) => {
                        if let Some(DeclKind::Enum(_, variants)) = self.decl(*node)
                            && hidden & (TYPES | VALUES) == 0
                            && variants.iter().any(|variant| variant.name == name)
                        {
                            found.push(Def::Variant(*node, name));
                        }
                    }
                    Def::Whole(_) if hidden == 0 && found.is_empty() => found.push(*target),
                    _ => {}
                }
            }
        }
    }

    /// The crates in which a path that can't be found in this module may lead to code that nobody sees.
    pub(crate) fn suppliers(&self, module: ModuleId, path: &Path) -> Vec<CrateId> {
        let mut suppliers = vec![self.module(module).krate];
        if let [first, _, ..] = path.segments.as_slice() {
            for def in self.resolve_plain(module, path.global, &[first.name]) {
                if let Def::Module(found) = def {
                    suppliers.push(self.module(found).krate);
                }
            }
        }
        suppliers.sort_unstable();
        suppliers.dedup();
        suppliers
    }

    /// The other crates that this one may have a name from without it being seen: those of its globs, and of its imports
    /// that lead nowhere.
    pub(crate) fn imported_unseen(&self, krate: CrateId) -> Vec<CrateId> {
        let mut found = Vec::new();
        for (at, import) in self.imports.iter().enumerate().filter(|(_, i)| self.module(i.module).krate == krate) {
            let id = ImportId(at as u32);
            let defs = self.import(id);
            let defs = match import.path.first() {
                Some(first) if defs.is_empty() => self.resolve_plain(import.module, import.global, &[*first]),
                _ if self.module(import.module).globs.contains(&id) => defs.to_vec(),
                _ => continue,
            };
            found.extend(defs.into_iter().filter_map(|def| match def {
                Def::Module(of) => Some(self.module(of).krate),
                _ => None,
            }));
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|found| *found != krate);
        found
    }

    /// What the path of a `use` stands for, in all namespaces.
    fn import(&self, id: ImportId) -> Rc<Vec<Def>> {
        self.memo.borrow().imports.get(id.at()).cloned().unwrap_or_default()
    }

    /// Resolves imports from `first` on, again and again until nothing changes: they may name each other in any order and
    /// in circles. Those before belong to crates that are done.
    pub(crate) fn settle(&self, first: usize) {
        {
            let mut memo = self.memo.borrow_mut();
            memo.imports.resize(self.imports.len(), Rc::default());
            memo.in_module.clear();
            memo.traits.clear();
            memo.foreign_traits.clear();
            memo.external_traits.clear();
            memo.declared.clear();
            memo.settling = true;
        }
        let mut endless: BTreeSet<usize> = BTreeSet::new();
        for _ in 0..MAX_ROUNDS {
            let mut changed = false;
            for at in first..self.imports.len() {
                let mut found = self.resolve_import(&self.imports[at]);
                if found.len() > MAX_MEANINGS || endless.contains(&at) {
                    endless.insert(at);
                    let name = self.imports[at].path.last().copied();
                    found = vec![self.intern_foreign(Owner::Unknown, name.into_iter().collect())];
                }
                let mut memo = self.memo.borrow_mut();
                if *memo.imports[at] != found {
                    memo.imports[at] = Rc::new(found);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        self.memo.borrow_mut().settling = false;
    }

    fn resolve_import(&self, import: &Import) -> Vec<Def> {
        let krate = self.krate(self.module(import.module).krate);
        if import.path.is_empty() {
            // `use *` and `use ::*` of edition 2015.
            return vec![Def::Module(krate.root)];
        }
        let from = if krate.edition == 2015 && !import.global { krate.root } else { import.module };
        let mut resolved = self.resolve_names(from, import.global, &import.path);
        if krate.edition == 2015 && resolved.is_empty() {
            resolved = self.resolve_names(import.module, import.global, &import.path);
        }
        let mut found: Vec<Def> = Vec::new();
        for resolved in resolved {
            if resolved.taken == import.path.len() && !found.contains(&resolved.def) {
                found.push(resolved.def);
            }
        }
        found
    }

    /// Analyzed traits whose methods may be called in a module, by any name. Sorted.
    pub(crate) fn traits_in_scope(&self, module: ModuleId) -> Rc<Vec<NodeId>> {
        if let Some(found) = self.memo.borrow().traits.get(&module) {
            return found.clone();
        }
        let (mut found, mut foreign) = (Vec::new(), Vec::new());
        let mut at = module;
        loop {
            self.traits_of_module(at, &mut found, &mut foreign, &mut Vec::new());
            let around = self.module(at);
            match around.parent {
                Some(parent) if around.block => at = parent,
                _ => break,
            }
        }
        found.sort_unstable();
        found.dedup();
        let (found, mut external): (Vec<NodeId>, Vec<NodeId>) =
            found.into_iter().partition(|id| !self.is_external(*id));
        for id in &foreign {
            self.external_traits_of(*id, &mut external, 0);
        }
        external.sort_unstable();
        external.dedup();
        let found = Rc::new(found);
        let mut texts: Vec<String> = foreign.into_iter().map(|id| self.foreign_text(&self.foreign(id))).collect();
        texts.sort_unstable();
        texts.dedup();
        let foreign = (!texts.is_empty()).then(|| digest(&[texts.join("\n").as_bytes()]));
        let mut memo = self.memo.borrow_mut();
        memo.traits.insert(module, found.clone());
        memo.foreign_traits.insert(module, foreign);
        memo.external_traits.insert(module, Rc::new(external));
        found
    }

    /// What tells the traits of other packages apart whose methods may be called in a module; `None` if there is none. Any
    /// import may be of a trait that is named like one.
    pub(crate) fn foreign_traits_in_scope(&self, module: ModuleId) -> Option<Digest> {
        self.traits_in_scope(module);
        self.memo.borrow().foreign_traits.get(&module).copied().flatten()
    }

    /// The same of external packages, as far as their sources are read. Sorted.
    pub(crate) fn external_traits_in_scope(&self, module: ModuleId) -> Rc<Vec<NodeId>> {
        self.traits_in_scope(module);
        self.memo.borrow().external_traits.get(&module).cloned().unwrap_or_default()
    }

    /// Whether the methods of a trait may be called in a module whatever nobody sees: by a declaration or an import of its own,
    /// or by the globs of analyzed modules that have it so, if its name stands for nothing else there.
    pub(crate) fn is_surely_in_scope(&self, module: ModuleId, of: NodeId) -> bool {
        let mut at = module;
        while !self.is_uncertain(of) {
            let around = self.module(at);
            if self.surely_has(at, of, false) {
                return true;
            }
            let name = self.node(of).decl.as_ref().map_or(Sym::NONE, |decl| decl.name);
            if **self.in_module(at, name) == [Def::Node(of)] && self.surely_has(at, of, true) {
                return true;
            }
            match around.parent {
                Some(parent) if around.block => at = parent,
                _ => break,
            }
        }
        false
    }

    fn surely_has(&self, module: ModuleId, of: NodeId, by_globs: bool) -> bool {
        let is_it = |def: &Def, is_around: bool| match def {
            Def::Node(node) => {
                *node == of && (is_around || self.node(of).decl.as_ref().is_some_and(|decl| decl.public))
            }
            Def::Import(id) => {
                let import = &self.imports[id.at()];
                !import.uncertain && (is_around || import.public) && **self.import(*id) == [Def::Node(of)]
            }
            _ => false,
        };
        let (mut seen, mut open) = (vec![module], vec![module]);
        while let Some(at) = open.pop() {
            let around = self.module(at);
            // What a module has for itself, the modules in it may have too.
            let is_around = self.is_inside(module, at);
            if around.names.values().any(|defs| defs.iter().any(|def| is_it(def, is_around)))
                || around.unnamed.iter().any(|id| is_it(&Def::Import(*id), is_around))
            {
                return true;
            }
            for glob in around.globs.iter().filter(|id| by_globs && !self.imports[id.at()].uncertain) {
                if let [Def::Module(next)] = self.import(*glob)[..]
                    && !seen.contains(&next)
                {
                    seen.push(next);
                    open.push(next);
                }
            }
        }
        false
    }

    fn is_inside(&self, module: ModuleId, of: ModuleId) -> bool {
        let mut at = Some(module);
        while let Some(inside) = at {
            if inside == of {
                return true;
            }
            at = self.module(inside).parent;
        }
        false
    }

    fn may_be_trait(&self, id: ForeignId) -> bool {
        let foreign = self.foreign(id);
        let name = foreign.path.last().map(|name| self.text(*name)).unwrap_or_default();
        let camel = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase) || name.len() == 1;
        foreign.owner != Owner::Std && camel
    }

    fn traits_of_module(
        &self,
        module: ModuleId,
        out: &mut Vec<NodeId>,
        foreign: &mut Vec<ForeignId>,
        seen: &mut Vec<ModuleId>,
    ) {
        if seen.contains(&module) {
            return;
        }
        seen.push(module);
        let around = self.module(module);
        let mut defs: Vec<Def> = Vec::new();
        for def in around.names.values().flatten() {
            match def {
                Def::Import(id) => defs.extend(self.import(*id).iter()),
                def => defs.push(*def),
            }
        }
        for id in &around.unnamed {
            defs.extend(self.import(*id).iter());
        }
        for def in defs {
            match def {
                Def::Node(node) if self.node(node).kind == ItemKind::Trait => out.push(node),
                Def::Foreign(id) if self.may_be_trait(id) => foreign.push(id),
                _ => {}
            }
        }
        for id in &around.globs {
            for def in self.import(*id).iter() {
                match def {
                    Def::Module(target) => self.traits_of_module(*target, out, foreign, seen),
                    // It may bring any.
                    Def::Foreign(id) if self.foreign(*id).owner != Owner::Std => foreign.push(*id),
                    _ => {}
                }
            }
        }
    }

    /// Whether a node may be missing in the program that is compiled.
    pub(crate) fn is_uncertain(&self, node: NodeId) -> bool {
        self.node(node).decl.as_ref().is_some_and(|decl| !decl.cfg.is_empty())
    }

    fn spaces(&self, def: Def) -> u8 {
        match def {
            Def::Module(_) | Def::Primitive(_) => TYPES,
            Def::Variant(..) => TYPES | VALUES,
            Def::Node(node) => match self.node(node).kind {
                ItemKind::Fn | ItemKind::Const | ItemKind::Static => VALUES,
                ItemKind::Macro => MACROS,
                ItemKind::Type => match self.decl(node) {
                    Some(DeclKind::Struct(_, fields)) if fields.tuple || fields.names.is_empty() => TYPES | VALUES,
                    _ => TYPES,
                },
                _ => TYPES,
            },
            Def::Foreign(id) => self.spaces_of_foreign(id),
            _ => 0,
        }
    }

    /// What the standard library names in capitals is a type, a trait or a constant, but for what can be derived too.
    fn spaces_of_foreign(&self, id: ForeignId) -> u8 {
        let foreign = self.foreign(id);
        let text = foreign.path.last().map(|name| self.text(*name)).unwrap_or_default();
        let is_derived = matches!(
            &*text,
            "Clone" | "Copy" | "Debug" | "Default" | "Eq" | "Hash" | "Ord" | "PartialEq" | "PartialOrd"
        );
        if foreign.owner != Owner::Std || is_derived || !text.starts_with(char::is_uppercase) {
            return 0;
        }
        if text.contains(char::is_lowercase) { TYPES } else { VALUES }
    }
}

const TYPES: u8 = 1;
const VALUES: u8 = 2;
const MACROS: u8 = 4;
