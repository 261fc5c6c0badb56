//! Which item of the analysis a compiled function comes from.
//!
//! By file and line, and the name: closures belong to the function around them, derived methods to the type's item. What a
//! macro made is found at the lines where its tokens were written; of several items that were made of the same lines, its
//! path tells. What another package's attribute wrote belongs to the function that bears it; where a module does, it is
//! counted. A function of the crates that are looked at that finds no item, or more than one, is reported, never left
//! out.

use std::path::{Component, Path, PathBuf};

use rememo_analyzer::report::{Item, ItemKind};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::aliases::Aliases;
use crate::calls::{Calls, lines};
use crate::compile::Unit;
use crate::ir::Origin;
use crate::linked::Linked;
use crate::subject::Analyzed;
use crate::symbol::{self, CrateRoot};

/// Compiled functions and their items.
#[derive(Debug, Default)]
pub struct Joined {
    /// The item of each node; `None` for what comes from elsewhere.
    pub items: Vec<Option<usize>>,
    /// Functions of these crates' own source without an item, or with several that can't be told apart.
    pub unplaced: Vec<Unplaced>,
    /// Functions that another package's macro wrote into these crates, and that no macro call names and no function bears.
    pub made_by_foreign_macros: usize,
    /// Functions that the compiler makes without a line of source: a test harness' `main`.
    pub made_by_compiler: usize,
}

/// A function that found no item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unplaced {
    /// Its path as the compiler has it.
    pub path: String,
    /// File and line of its debug information.
    pub at: String,
    /// Items that it may be.
    pub candidates: Vec<String>,
}

struct Index<'a> {
    items: &'a [Item],
    /// Label of the target that a path of the analysis begins with.
    targets: HashMap<&'a str, &'a str>,
    by_file: HashMap<&'a str, Vec<usize>>,
    /// Functions and statics by what is around a name: modules, and its own name last.
    by_scope: HashMap<String, Vec<usize>>,
    by_path: HashMap<String, Vec<usize>>,
    by_heads: HashMap<String, Vec<usize>>,
    aliases: Aliases,
}

/// Finds the item of each node.
pub fn join(analyzed: &Analyzed, linked: &Linked, units: &[Unit]) -> Joined {
    let index = Index::new(analyzed);
    let roots = own_crates(analyzed, linked, units);
    let mut joined = Joined { items: vec![None; linked.nodes.len()], ..Joined::default() };
    let mut bodies: HashMap<String, usize> = HashMap::default();
    let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, node) in linked.nodes.iter().enumerate() {
        let Some(origin) = node.origin.as_ref().filter(|_| node.is_function) else { continue };
        let file = analyzed.file(&clean(&origin.file));
        let file = file.as_deref();
        let target = match symbol::defining_crate(&node.symbol) {
            Some(root) => match roots.get(&root) {
                Some(target) => Some(target.as_str()),
                None => continue,
            },
            // A default method: the trait's file tells, and its crate's name.
            None if symbol::is_provided_method(&node.symbol) && file.is_some_and(|file| index.knows(file)) => None,
            None => continue,
        };
        if origin.name == "main"
            && origin.scope.len() == 1
            && units[node.unit].test
            && index.at(origin, file, target).is_empty()
        {
            joined.made_by_compiler += 1;
            continue;
        }
        let candidates = index.find(&node.symbol, origin, file, target);
        match candidates[..] {
            [item] => {
                joined.items[at] = Some(item);
                bodies.insert(format!("{}::{}", origin.scope.join("::"), origin.name), item);
            }
            _ => open.push((at, candidates)),
        }
    }
    let calls = Calls::new(analyzed);
    for (at, candidates) in open {
        let node = &linked.nodes[at];
        let Some(origin) = &node.origin else { continue };
        let file = analyzed.file(&clean(&origin.file));
        let file = file.as_deref();
        // A closure in what a macro made belongs to the function around it, wherever the macro was written.
        let around = bodies.get(&origin.scope.join("::")).filter(|_| symbol::is_inside_function(&node.symbol));
        if let Some(item) = around {
            joined.items[at] = Some(*item);
        } else if candidates.is_empty() && file.is_none() {
            joined.items[at] = calls.find(&node.symbol, origin);
            joined.made_by_foreign_macros += usize::from(joined.items[at].is_none());
        } else if candidates.is_empty()
            && let Some(file) = file.filter(|file| is_others_attribute(&analyzed.root.join(file), origin.line))
        {
            joined.items[at] = index.bearing(origin, file);
            joined.made_by_foreign_macros += usize::from(joined.items[at].is_none());
        } else {
            joined.unplaced.push(Unplaced {
                path: symbol::path(&node.symbol),
                at: format!("{}:{}", file.unwrap_or(&origin.file).display(), origin.line),
                candidates: candidates.iter().map(|item| index.items[*item].path.clone()).collect(),
            });
        }
    }
    joined.unplaced.sort();
    joined.unplaced.dedup();
    joined
}

/// The crates that were compiled from the project's sources, with the label of the target of each.
fn own_crates(analyzed: &Analyzed, linked: &Linked, units: &[Unit]) -> HashMap<CrateRoot, String> {
    let mut found = HashMap::default();
    for (at, unit) in units.iter().enumerate() {
        let Ok(file) = unit.root.strip_prefix(&analyzed.root) else { continue };
        let file = file.to_string_lossy().replace('\\', "/");
        let Some(target) = analyzed.target(&file, unit.test) else { continue };
        // A unit defines its own plain functions, and other crates' generic and inlined ones. A library and a binary may
        // share a name: what stands in the root file is its own.
        let mut count: HashMap<CrateRoot, (usize, usize)> = HashMap::default();
        for node in linked.nodes.iter().filter(|node| node.unit == at) {
            let Some(origin) = node.origin.as_ref().filter(|origin| !origin.is_generic) else { continue };
            if let Some(root) = symbol::defining_crate(&node.symbol).filter(|root| root.name == unit.crate_name) {
                let (in_root, all) = count.entry(root).or_default();
                *in_root += usize::from(clean(&origin.file) == clean(&unit.root));
                *all += 1;
            }
        }
        if let Some((root, _)) = count.into_iter().max_by_key(|(root, count)| (*count, root.clone())) {
            found.insert(root, target.label());
        }
    }
    found
}

/// Whether an attribute of another package begins on a line: what it wrote has no line of its own.
fn is_others_attribute(path: &Path, line: u32) -> bool {
    let text = lines(path, line, line);
    let name = text.trim_start().strip_prefix("#[").map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_'));
    let ours = ["test", "derive", "cfg", "cfg_attr", "inline", "allow", "must_use", "doc", "bench"];
    name.and_then(|mut words| words.next()).is_some_and(|name| !name.is_empty() && !ours.contains(&name))
}

impl<'a> Index<'a> {
    fn new(analyzed: &'a Analyzed) -> Index<'a> {
        let items = &analyzed.analysis.items;
        let mut index = Index {
            items,
            targets: HashMap::default(),
            by_file: HashMap::default(),
            by_scope: HashMap::default(),
            by_path: HashMap::default(),
            by_heads: HashMap::default(),
            aliases: Aliases::read(items, &analyzed.root),
        };
        for function in &analyzed.analysis.functions {
            index.targets.insert(crate_of(&function.path), &function.target);
        }
        for (at, item) in items.iter().enumerate() {
            let Some(file) = &item.file else { continue };
            let mut files: Vec<&str> = item.written.iter().map(|lines| lines.file.as_str()).chain([&**file]).collect();
            files.sort_unstable();
            files.dedup();
            files.into_iter().for_each(|file| index.by_file.entry(file).or_default().push(at));
            if matches!(item.kind, ItemKind::Fn | ItemKind::Const | ItemKind::Static) {
                let short = index.short(at);
                index.by_heads.entry(symbol::heads(&short)).or_default().push(at);
                index.by_path.entry(short).or_default().push(at);
            }
            if item.kind == ItemKind::Fn || item.kind == ItemKind::Static {
                index.by_scope.entry(scope_of(plain(&item.path))).or_default().push(at);
            }
        }
        index
    }

    fn knows(&self, file: &Path) -> bool {
        self.by_file.contains_key(&*file.to_string_lossy())
    }

    fn fits(&self, item: usize, target: Option<&str>) -> bool {
        match (self.targets.get(crate_of(&self.items[item].path)), target) {
            (Some(of), Some(target)) => *of == target,
            _ => true,
        }
    }

    /// Whether the crate is that of the function, by name: `name(test)` is `name`.
    fn is_in(&self, item: usize, origin: &Origin) -> bool {
        Some(crate_name(&self.items[item].path)) == origin.scope.first().map(String::as_str)
    }

    fn find(&self, symbol: &str, origin: &Origin, file: Option<&Path>, target: Option<&str>) -> Vec<usize> {
        let here = self.at(origin, file, target);
        match here.len() {
            0 => {}
            1 => return here,
            _ => return self.without_alternatives(self.told_apart(here, symbol, origin)),
        }
        if file.is_some_and(|file| !self.knows(file)) {
            return self.unseen(origin, target);
        }
        let named = self.by_name(symbol, origin, target);
        // What a file that isn't read defines is nothing of the same name elsewhere.
        let is_elsewhere = file.is_none() && !named.iter().any(|at| self.is_inside(*at, origin));
        if !named.is_empty() && !is_elsewhere {
            return named;
        }
        let around = self.around(symbol, origin, target);
        if !around.is_empty() {
            return around;
        }
        let made = self.by_attribute(origin, file, target);
        if made.is_empty() { self.unexpanded(origin, file, target) } else { made }
    }

    /// Of what only a predicate tells apart that the analysis can't know, the compiler built one; whoever reaches it reaches
    /// all of them.
    fn without_alternatives(&self, mut found: Vec<usize>) -> Vec<usize> {
        let without = |at: usize| self.items[at].path.split(" #[cfg").next().unwrap_or_default();
        if found.iter().all(|at| without(*at) == without(found[0])) {
            found.truncate(1);
        }
        found
    }

    /// The function that an attribute macro made a module of, with its cases as functions.
    fn by_attribute(&self, origin: &Origin, file: Option<&Path>, target: Option<&str>) -> Vec<usize> {
        let (Some(file), Some(module)) = (file.map(Path::to_string_lossy), origin.scope.last()) else {
            return Vec::new();
        };
        let is_it = |at: &usize| {
            let item = &self.items[*at];
            let is_here = item.line <= origin.line && origin.line <= item.end_line;
            is_here && item.kind == ItemKind::Fn && self.is_named(*at, module) && self.fits(*at, target)
        };
        self.by_file.get(&*file).map_or(&[][..], Vec::as_slice).iter().copied().filter(is_it).collect()
    }

    /// The function that an attribute stands at, of which it made others: they bear its name, or stand in a module that does.
    fn bearing(&self, origin: &Origin, file: &Path) -> Option<usize> {
        let (module, last) = (origin.scope.get(1..)?.join("::"), origin.scope.last()?);
        let is_it = |at: &&usize| {
            let item = &self.items[**at];
            let name = plain(&item.path).rsplit("::").next().unwrap_or_default();
            let is_here = item.line <= origin.line && origin.line <= item.end_line;
            let beside = is_here && origin.name.starts_with(name) && around(&item.path) == module;
            let inside = last == name && format!("{}::{name}", around(&item.path)).trim_start_matches("::") == module;
            item.kind == ItemKind::Fn && (beside || inside)
        };
        let mut found = self.by_file.get(&*file.to_string_lossy())?.iter().filter(is_it);
        found.next().copied().filter(|_| found.next().is_none())
    }

    /// Items at the place that debug information names.
    fn at(&self, origin: &Origin, file: Option<&Path>, target: Option<&str>) -> Vec<usize> {
        let Some(file) = file.map(Path::to_string_lossy) else { return Vec::new() };
        let name = owner(origin);
        let here = self.by_file.get(&*file).map_or(&[][..], Vec::as_slice);
        let here: Vec<usize> = here.iter().copied().filter(|at| self.fits(*at, target)).collect();
        let holds = |first: u32, last: u32| first <= origin.line && origin.line <= last;
        let written = |at: &usize| {
            self.items[*at].written.iter().any(|lines| lines.file == *file && holds(lines.line, lines.end_line))
        };
        let stands = |at: &usize| {
            let item = &self.items[*at];
            item.file.as_deref() == Some(&*file) && holds(item.line, item.end_line)
        };
        let is_body = |at: &usize| self.is_named(*at, name);
        // A derived impl stands where the derive does, within the type's item.
        let is_type = |at: &usize| self.items[*at].kind == ItemKind::Type && !self.items[*at].path.contains(" as ");
        let mut found: Vec<usize> = here.iter().copied().filter(written).filter(is_body).collect();
        if found.is_empty() {
            found = here.iter().copied().filter(stands).filter(is_body).collect();
        }
        if found.is_empty() {
            found = here.iter().copied().filter(written).filter(is_type).collect();
        }
        if found.is_empty() {
            found = here.iter().copied().filter(stands).filter(is_type).collect();
        }
        // Of a function within a function, the inner one.
        let lines = |at: usize| match &self.items[at].written[..] {
            [] => self.items[at].end_line - self.items[at].line,
            _ => u32::MAX,
        };
        if let Some(least) = found.iter().map(|at| lines(*at)).min() {
            found.retain(|at| lines(*at) == least);
        }
        found
    }

    fn is_named(&self, at: usize, name: &str) -> bool {
        let item = &self.items[at];
        let is_body = matches!(item.kind, ItemKind::Fn | ItemKind::Const | ItemKind::Static);
        is_body && plain(&item.path).rsplit("::").next() == Some(name)
    }

    /// Those of several items at one place that the path of the symbol means.
    fn told_apart(&self, found: Vec<usize>, symbol: &str, origin: &Origin) -> Vec<usize> {
        let found = self.of_type(self.inside(found, origin), symbol);
        if found.len() == 1 {
            return found;
        }
        let path = symbol::path(symbol);
        let same: Vec<usize> = found.iter().copied().filter(|at| self.short(*at) == path).collect();
        if same.len() == 1 {
            return same;
        }
        let fitting = self.fitting(&found, &path);
        if !fitting.is_empty() {
            return self.most_alike(fitting, symbol);
        }
        // A type may have more arguments than the compiler writes; the trait's tell.
        let found = self.of_trait(found, &path);
        if found.len() == 1 {
            return found;
        }
        // The compiler leaves out an argument that is the parameter's default.
        let heads = symbol::heads(&path);
        let alike: Vec<usize> = found.iter().copied().filter(|at| symbol::heads(&self.short(*at)) == heads).collect();
        if !alike.is_empty() {
            return self.most_alike(alike, symbol);
        }
        // A default method; then a derive, of which the type is the item.
        let ty = path.rsplit_once(" as ").map(|(ty, _)| symbol::heads(&format!("{ty}>::m")));
        let ty = ty.as_deref().map(|ty| ty.trim_start_matches('<').trim_end_matches(">::m"));
        let is_it = |at: &usize| match self.items[*at].kind {
            ItemKind::Type => ty.is_some() && self.items[*at].path.rsplit("::").next() == ty,
            _ => symbol::is_provided_method(symbol) && !self.short(*at).starts_with('<'),
        };
        let fitting: Vec<usize> = found.iter().copied().filter(is_it).collect();
        if fitting.is_empty() { self.most_alike(found, symbol) } else { fitting }
    }

    /// Of methods of a trait, those whose impl's trait may have the arguments that the symbol's has.
    fn of_trait(&self, found: Vec<usize>, path: &str) -> Vec<usize> {
        let Some(instance) = symbol::trait_of(path) else { return found };
        let may_be = |at: &usize| {
            let parameters = &self.items[*at].parameters;
            let short = self.short(*at);
            symbol::trait_of(&short)
                .is_some_and(|of| symbol::may_be(of, instance, &|name| parameters.iter().any(|known| known == name)))
        };
        let fitting: Vec<usize> = found.iter().copied().filter(may_be).collect();
        if fitting.is_empty() { found } else { fitting }
    }

    /// Of methods in several impls of one type's instances, those whose header may be the instance that the symbol names.
    fn of_type(&self, found: Vec<usize>, symbol: &str) -> Vec<usize> {
        let path = format!("{:#}", rustc_demangle::demangle(symbol));
        let Some(instance) = symbol::own_type(&path) else { return found };
        let may_be = |at: &usize| {
            let path = self.seen_through(*at);
            let is_parameter = |name: &str| self.items[*at].parameters.iter().any(|known| known == name);
            symbol::header(&path).is_none_or(|header| symbol::may_be(&header, &instance, &is_parameter))
        };
        let fitting: Vec<usize> = found.iter().copied().filter(may_be).collect();
        if fitting.is_empty() { found } else { fitting }
    }

    /// Those whose path, aliases seen through, shares most names with the symbol: modules, and types in an impl's header. A
    /// module that is reached by its old name, `btree_map`, is named by its parts.
    fn most_alike(&self, found: Vec<usize>, symbol: &str) -> Vec<usize> {
        if found.len() < 2 {
            return found;
        }
        let path = format!("{:#}", rustc_demangle::demangle(symbol));
        let named: HashSet<&str> = words(&path).collect();
        let shared = |at: &usize| {
            let path = self.seen_through(*at);
            let all: HashSet<&str> = words(&path).collect();
            all.iter().filter(|word| named.contains(*word) || word.split('_').all(|part| named.contains(part))).count()
        };
        let most = found.iter().map(shared).max();
        found.into_iter().filter(|at| Some(shared(at)) == most).collect()
    }

    /// Of impls for objects of one trait, those whose objects have the markers that the symbol names: `dyn Shape + Send`.
    fn with_markers(&self, found: Vec<usize>, symbol: &str) -> Vec<usize> {
        let path = format!("{:#}", rustc_demangle::demangle(symbol));
        let markers = |text: &str| -> Vec<String> {
            words(text).filter(|word| ["Send", "Sync", "Unpin"].contains(word)).map(str::to_owned).collect()
        };
        let named = markers(&path);
        let fitting: Vec<usize> = found.iter().copied().filter(|at| markers(&self.items[*at].path) == named).collect();
        if fitting.is_empty() { found } else { fitting }
    }

    /// The item's path as the compiler may write it: what is projected from a parameter may be any type, like the parameter.
    fn short(&self, at: usize) -> String {
        let item = &self.items[at];
        let mut path = self.seen_through(at);
        for parameter in &item.parameters {
            let projection = format!("{parameter}::");
            while let Some(from) = path.match_indices(&projection).map(|(at, _)| at).find(|at| is_start(&path, *at)) {
                let name = from + projection.len();
                let rest = &path[name..];
                let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                path.replace_range(from + parameter.len()..name + length, "");
            }
        }
        symbol::short(&path)
    }

    /// The item's path without aliases.
    fn seen_through(&self, at: usize) -> String {
        let item = &self.items[at];
        self.aliases.seen_through(plain(&item.path), &|name| item.parameters.iter().any(|known| known == name))
    }

    fn by_name(&self, symbol: &str, origin: &Origin, target: Option<&str>) -> Vec<usize> {
        let path = symbol::path(symbol);
        let heads = symbol::heads(&path);
        let of = |found: Option<&Vec<usize>>| -> Vec<usize> {
            found.into_iter().flatten().copied().filter(|at| self.fits(*at, target)).collect()
        };
        for found in [of(self.by_path.get(&path)), of(self.by_heads.get(&heads))] {
            match self.inside(found, origin)[..] {
                [] => {}
                [one] => return vec![one],
                ref several => {
                    let fitting = self.fitting(several, &path);
                    if fitting.len() == 1 {
                        return fitting;
                    }
                    return self.with_markers(several.to_vec(), symbol);
                }
            }
        }
        // An impl for every type of some shape: what was instantiated has another name.
        let Some((ty, of_trait)) = path.rsplit_once(" as ") else { return Vec::new() };
        let of_trait = symbol::heads(&format!("<T as {of_trait}")).replacen("<T", "", 1);
        let mut all: Vec<usize> = Vec::new();
        for (heads, found) in &self.by_heads {
            if heads.ends_with(&of_trait) {
                all.extend(of(Some(found)));
            }
        }
        all.sort_unstable();
        let fitting = self.fitting(&self.inside(all, origin), &path);
        if !fitting.is_empty() {
            return fitting;
        }
        // A default method in a trait that a macro wrote; then a derive on a type that a macro wrote.
        let default = symbol::heads(&format!("<T as {of_trait}")).replacen("<T as ", "", 1).replacen(">::", "::", 1);
        let default = of(self.by_path.get(&default));
        if !default.is_empty() {
            return self.inside(default, origin);
        }
        let ty = symbol::heads(&format!("{ty}>::m"));
        let named = ty.trim_start_matches('<').trim_end_matches(">::m");
        let is_it = |at: &usize| {
            let item = &self.items[*at];
            item.kind == ItemKind::Type && !item.path.contains(" as ") && item.path.rsplit("::").next() == Some(named)
        };
        self.inside((0..self.items.len()).filter(is_it).collect(), origin)
    }

    /// The function in whose body it stands: what a macro makes there counts as that body's.
    fn around(&self, symbol: &str, origin: &Origin, target: Option<&str>) -> Vec<usize> {
        if !symbol::is_inside_function(symbol) {
            return Vec::new();
        }
        (2..=origin.scope.len())
            .rev()
            .filter_map(|end| self.by_scope.get(&origin.scope[1..end].join("::")))
            .map(|found| found.iter().copied().filter(|at| self.is_in(*at, origin) && self.fits(*at, target)).collect())
            .find(|found: &Vec<usize>| !found.is_empty())
            .unwrap_or_default()
    }

    /// The macro call that made the module whose file the analysis doesn't read.
    fn unseen(&self, origin: &Origin, target: Option<&str>) -> Vec<usize> {
        for end in (1..=origin.scope.len()).rev() {
            let scope = origin.scope[1..end].join("::");
            let is_it = |at: &usize| {
                let item = &self.items[*at];
                item.kind == ItemKind::Macro
                    && around(&item.path) == scope
                    && self.is_in(*at, origin)
                    && self.fits(*at, target)
            };
            let found: Vec<usize> = (0..self.items.len()).filter(is_it).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// The macro call that made it, if the analysis could not expand it.
    fn unexpanded(&self, origin: &Origin, file: Option<&Path>, target: Option<&str>) -> Vec<usize> {
        let Some(file) = file.map(Path::to_string_lossy) else { return Vec::new() };
        let here = self.by_file.get(&*file).map_or(&[][..], Vec::as_slice);
        let is_it = |at: &usize| {
            let item = &self.items[*at];
            item.kind == ItemKind::Macro && item.line <= origin.line && origin.line <= item.end_line
        };
        let own: Vec<usize> = here.iter().copied().filter(|at| self.fits(*at, target)).filter(is_it).collect();
        // Or the definition, in another crate, of one whose call another package's macro hides.
        if own.is_empty() { here.iter().copied().filter(is_it).collect() } else { own }
    }

    /// Those in the module that debug information names, if there are any.
    fn inside(&self, found: Vec<usize>, origin: &Origin) -> Vec<usize> {
        let inside: Vec<usize> = found.iter().copied().filter(|at| self.is_inside(*at, origin)).collect();
        if inside.is_empty() {
            return found;
        }
        let scope = origin.scope.get(1..).unwrap_or_default().join("::");
        let exact: Vec<usize> =
            inside.iter().copied().filter(|at| around(plain(&self.items[*at].path)) == scope).collect();
        if exact.is_empty() { inside } else { exact }
    }

    fn is_inside(&self, at: usize, origin: &Origin) -> bool {
        let path = format!("{}::", self.items[at].path);
        let modules = origin.scope.iter().take_while(|name| !name.starts_with('{'));
        modules.skip(1).all(|name| path.contains(&format!("::{name}::")))
    }

    /// Those whose header may be instantiated to `path`, the most specific ones.
    fn fitting(&self, found: &[usize], path: &str) -> Vec<usize> {
        let parameters = |at: usize| move |name: &str| self.items[at].parameters.iter().any(|known| known == name);
        let mut fitting: Vec<usize> =
            found.iter().copied().filter(|at| symbol::may_be(&self.short(*at), path, &parameters(*at))).collect();
        let specific = |at: usize| symbol::concrete(&self.short(at), &parameters(at));
        if let Some(most) = fitting.iter().map(|at| specific(*at)).max() {
            fitting.retain(|at| specific(*at) == most);
        }
        fitting
    }
}

/// What is around the last name of a path, without the crate.
pub(crate) fn around(path: &str) -> &str {
    path.rsplit_once("::").and_then(|(around, _)| around.split_once("::")).map_or("", |(_, around)| around)
}

pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Whether a name begins there that no path leads to.
fn is_start(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
}

/// A path without `..`: a file may be included by a path that goes up first.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            part => clean.push(part),
        }
    }
    clean
}

/// The named function, const or static that a function belongs to: itself, or what is around a closure.
fn owner(origin: &Origin) -> &str {
    if !origin.name.starts_with('{') {
        return &origin.name;
    }
    origin.scope.iter().rev().find(|name| !name.starts_with('{')).map_or(origin.name.as_str(), String::as_str)
}

/// A path without what tells equal ones apart.
fn plain(path: &str) -> &str {
    path.split(" #").next().unwrap_or(path).split(" @").next().unwrap_or(path)
}

/// What a path of the analysis begins with: `name(test)`.
fn crate_of(path: &str) -> &str {
    path.split("::").next().unwrap_or(path)
}

/// The name of that crate in code.
pub(crate) fn crate_name(path: &str) -> &str {
    let name = crate_of(path);
    name.split('(').next().unwrap_or(name)
}

/// A path without its crate: the scope of what stands in that function.
fn scope_of(path: &str) -> String {
    path.split_once("::").map_or("", |(_, rest)| rest).to_owned()
}
