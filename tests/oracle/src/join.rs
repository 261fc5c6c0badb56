//! Which item of the analysis a compiled function comes from.
//!
//! By file and line, and the name: closures belong to the function around them, derived methods to the type's item. What a
//! macro made stands at the macro's definition in debug information and at the call in the analysis, so it is found by its
//! path. A function of the crates that are looked at that finds no item, or more than one, is reported, never left out.

use std::path::Path;

use rememo_analyzer::report::{Item, ItemKind};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

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
    /// Functions that another package's macro wrote into these crates: the call counts by its tokens, the macro by its package.
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
    /// Label of the target of each item that is a function.
    targets: HashMap<usize, &'a str>,
    by_file: HashMap<String, Vec<usize>>,
    by_path: HashMap<String, Vec<usize>>,
    by_heads: HashMap<String, Vec<usize>>,
    /// Names of types.
    types: HashSet<&'a str>,
}

/// Finds the item of each node.
pub fn join(analyzed: &Analyzed, linked: &Linked, units: &[Unit]) -> Joined {
    let index = Index::new(analyzed);
    let roots = own_crates(analyzed, linked, units);
    let mut joined = Joined { items: vec![None; linked.nodes.len()], ..Joined::default() };
    for (at, node) in linked.nodes.iter().enumerate() {
        let Some(origin) = node.origin.as_ref().filter(|_| node.is_function) else { continue };
        let file = origin.file.strip_prefix(&analyzed.root).ok();
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
        let mut candidates = index.at(origin, file, target);
        if candidates.is_empty() {
            candidates = index.by_name(&node.symbol, origin, target);
        }
        match candidates[..] {
            [item] => joined.items[at] = Some(item),
            [] if file.is_none() => joined.made_by_foreign_macros += 1,
            _ => joined.unplaced.push(Unplaced {
                path: symbol::path(&node.symbol),
                at: format!("{}:{}", file.unwrap_or(&origin.file).display(), origin.line),
                candidates: candidates.iter().map(|item| index.items[*item].path.clone()).collect(),
            }),
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
        let target = analyzed.project.packages.iter().flat_map(|package| &package.targets).find(|it| it.root == file);
        let Some(target) = target else { continue };
        // A unit defines its own plain functions and other crates' generic ones only.
        let mut count: HashMap<CrateRoot, usize> = HashMap::default();
        for node in linked.nodes.iter().filter(|node| node.unit == at) {
            let is_plain = node.origin.as_ref().is_some_and(|origin| !origin.is_generic);
            if let Some(root) =
                symbol::defining_crate(&node.symbol).filter(|root| is_plain && root.name == unit.crate_name)
            {
                *count.entry(root).or_default() += 1;
            }
        }
        if let Some((root, _)) = count.into_iter().max_by_key(|(root, count)| (*count, root.clone())) {
            found.insert(root, target.label());
        }
    }
    found
}

impl<'a> Index<'a> {
    fn new(analyzed: &'a Analyzed) -> Index<'a> {
        let items = &analyzed.analysis.items;
        let mut index = Index {
            items,
            targets: HashMap::default(),
            by_file: HashMap::default(),
            by_path: HashMap::default(),
            by_heads: HashMap::default(),
            types: HashSet::default(),
        };
        for function in &analyzed.analysis.functions {
            index.targets.insert(function.item.0, &function.target);
        }
        for (at, item) in items.iter().enumerate() {
            let Some(file) = &item.file else { continue };
            index.by_file.entry(file.clone()).or_default().push(at);
            if item.kind == ItemKind::Type {
                index.types.extend(item.path.rsplit("::").next());
            }
            if matches!(item.kind, ItemKind::Fn | ItemKind::Const | ItemKind::Static) {
                let short = symbol::short(plain(&item.path));
                index.by_heads.entry(symbol::heads(&short)).or_default().push(at);
                index.by_path.entry(short).or_default().push(at);
            }
        }
        index
    }

    fn knows(&self, file: &Path) -> bool {
        self.by_file.contains_key(&file.to_string_lossy().replace('\\', "/"))
    }

    fn fits(&self, item: usize, target: Option<&str>) -> bool {
        match (self.targets.get(&item), target) {
            (Some(of), Some(target)) => *of == target,
            _ => true,
        }
    }

    /// Items at the place that debug information names.
    fn at(&self, origin: &Origin, file: Option<&Path>, target: Option<&str>) -> Vec<usize> {
        let Some(file) = file else { return Vec::new() };
        let name = owner(origin);
        let here = self.by_file.get(&file.to_string_lossy().replace('\\', "/")).map_or(&[][..], Vec::as_slice);
        let covers = |at: &usize| {
            let item = &self.items[*at];
            item.line <= origin.line && origin.line <= item.end_line && self.fits(*at, target)
        };
        let mut found: Vec<usize> = here.iter().copied().filter(covers).filter(|at| self.is_named(*at, name)).collect();
        if found.is_empty() {
            // A derived impl stands where the derive does, within the type's item.
            found = here.iter().copied().filter(covers).filter(|at| self.items[*at].kind == ItemKind::Type).collect();
            found.retain(|at| !self.items[*at].path.contains(" as "));
        }
        let lines = |at: usize| self.items[at].end_line - self.items[at].line;
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
                    return several.to_vec();
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

    /// Those in the module that debug information names, if there are any.
    fn inside(&self, found: Vec<usize>, origin: &Origin) -> Vec<usize> {
        let module = |at: &usize| {
            let modules = origin.scope.iter().take_while(|name| !name.starts_with('{'));
            modules.skip(1).all(|name| self.items[*at].path.contains(&format!("::{name}::")))
        };
        let inside: Vec<usize> = found.iter().copied().filter(module).collect();
        if inside.is_empty() { found } else { inside }
    }

    /// Those whose header may be instantiated to `path`, the most specific ones.
    fn fitting(&self, found: &[usize], path: &str) -> Vec<usize> {
        // A parameter's name is short and no type's.
        let is_parameter = |name: &str| {
            let is_type = name.len() > 1 && self.types.contains(name);
            name.len() <= 3 && name.starts_with(|c: char| c.is_ascii_uppercase()) && !is_type
        };
        let of = |at: usize| symbol::short(plain(&self.items[at].path));
        let mut fitting: Vec<usize> =
            found.iter().copied().filter(|at| symbol::may_be(&of(*at), path, &is_parameter)).collect();
        let open = |at: usize| of(at).split(|c: char| !c.is_alphanumeric()).filter(|name| is_parameter(name)).count();
        if let Some(least) = fitting.iter().map(|at| open(*at)).min() {
            fitting.retain(|at| open(*at) == least);
        }
        fitting
    }
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
