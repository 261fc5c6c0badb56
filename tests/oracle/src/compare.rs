//! The compiler's reachable sets beside ours, function by function.

use std::collections::BTreeMap;
use std::rc::Rc;

use fixedbitset::FixedBitSet;
use rememo_analyzer::report::ItemKind;
use rustc_hash::FxHashMap as HashMap;

use crate::join::{Joined, Unplaced};
use crate::linked::Linked;
use crate::subject::Analyzed;
use crate::symbol;

/// What the comparison of one member says.
#[derive(Debug, Default)]
pub struct Comparison {
    /// The member.
    pub package: String,
    /// Functions that were compiled and have an item.
    pub functions: usize,
    /// Those of them that are not generic: what they reach, no caller decides.
    pub plain: usize,
    /// Pairs of a plain function and an item that its compiled code reaches.
    pub pairs: usize,
    /// Pairs of a plain function that our set lacks, though nothing makes it opaque.
    pub missed: Vec<Missed>,
    /// The same where the function is opaque: the executable's content completes its fingerprint.
    pub opaque: Vec<Missed>,
    /// Pairs of a generic function.
    pub generic_pairs: usize,
    /// Pairs of a generic function that our set lacks, though nothing makes it opaque.
    pub generic_missed: Vec<Missed>,
    /// The same where the function is opaque: the executable's content completes its fingerprint.
    pub generic_opaque: usize,
    /// Compiled functions without an item.
    pub unplaced: Vec<Unplaced>,
    /// Functions that another package's macro wrote: no source of these crates to compare.
    pub made_by_foreign_macros: usize,
    /// Functions that the compiler makes without a line of source.
    pub made_by_compiler: usize,
    /// Sums over plain functions, counted over compiled functions.
    pub compiler: u64,
    /// Ours.
    pub ours: u64,
    /// If a fingerprint covered the whole crate.
    pub whole: u64,
    /// If it covered every module (file) that the compiler's calls lead into.
    pub module: u64,
    /// If each of the compiler's calls meant every function of that name.
    pub name: u64,
    /// The same two sums over generic functions that aren't opaque.
    pub generic_compiler: u64,
    /// Ours.
    pub generic_ours: u64,
    /// Functions that we reach without need, by how many plain functions reach them so: the largest first.
    pub wasted: Vec<(String, usize)>,
}

/// A pair that our set lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missed {
    /// The function.
    pub root: String,
    /// What its compiled code reaches.
    pub item: String,
}

/// One member, ready to be asked.
#[derive(Debug)]
pub struct Subject<'a> {
    analyzed: &'a Analyzed,
    linked: &'a Linked,
    joined: &'a Joined,
    reach: Vec<Rc<FixedBitSet>>,
    /// Nodes of each item.
    instances: HashMap<usize, Vec<usize>>,
}

impl<'a> Subject<'a> {
    /// Closes the compiler's relation.
    pub fn new(analyzed: &'a Analyzed, linked: &'a Linked, joined: &'a Joined) -> Subject<'a> {
        let reach = linked.reach(&joined.items, analyzed.analysis.items.len());
        let mut instances: HashMap<usize, Vec<usize>> = HashMap::default();
        for (node, item) in joined.items.iter().enumerate() {
            if let Some(item) = item {
                instances.entry(*item).or_default().push(node);
            }
        }
        Subject { analyzed, linked, joined, reach, instances }
    }

    pub(crate) fn is_generic(&self, item: usize) -> bool {
        // A default method is as generic as its `Self`, which debug information doesn't count.
        let of = |node: &usize| {
            let node = &self.linked.nodes[*node];
            node.origin.as_ref().is_some_and(|origin| origin.is_generic) || symbol::is_provided_method(&node.symbol)
        };
        self.instances.get(&item).is_some_and(|nodes| nodes.iter().any(of))
    }

    /// What the compiled code of an item reaches.
    pub(crate) fn compiler(&self, item: usize) -> FixedBitSet {
        let mut set = FixedBitSet::with_capacity(self.analyzed.analysis.items.len());
        for node in self.instances.get(&item).map_or(&[][..], Vec::as_slice) {
            set.union_with(&self.reach[*node]);
        }
        set
    }

    /// Functions that were compiled.
    pub(crate) fn compiled(&self) -> FixedBitSet {
        let items = &self.analyzed.analysis.items;
        let mut compiled = FixedBitSet::with_capacity(items.len());
        compiled.extend(self.instances.keys().copied().filter(|item| items[*item].kind == ItemKind::Fn));
        compiled
    }

    /// Compares all functions of the member.
    pub fn compare(&self) -> Comparison {
        let items = &self.analyzed.analysis.items;
        let compiled = self.compiled();
        let mut out = Comparison {
            package: self.analyzed.package.clone(),
            unplaced: self.joined.unplaced.clone(),
            made_by_foreign_macros: self.joined.made_by_foreign_macros,
            made_by_compiler: self.joined.made_by_compiler,
            ..Comparison::default()
        };
        let (modules, names) = (
            self.widened(&compiled, |at| items[at].file.clone().unwrap_or_default()),
            self.widened(&compiled, |at| last(&items[at].path).to_owned()),
        );
        let mut wasted: BTreeMap<usize, usize> = BTreeMap::new();
        for function in &self.analyzed.analysis.functions {
            let root = function.item.0;
            if !compiled.contains(root) {
                continue;
            }
            let compiler = self.compiler(root);
            let mut ours = FixedBitSet::with_capacity(items.len());
            ours.extend(function.reaches.iter().map(|id| id.0));
            let opaque = self.analyzed.is_opaque(function);
            let missed = compiler
                .difference(&ours)
                .map(|item| Missed { root: function.path.clone(), item: items[item].path.clone() });
            let (true_count, our_count) =
                (compiler.intersection(&compiled).count() as u64, ours.intersection(&compiled).count() as u64);
            out.functions += 1;
            if self.is_generic(root) {
                out.generic_pairs += compiler.count_ones(..);
                if opaque {
                    out.generic_opaque += missed.count();
                } else {
                    out.generic_missed.extend(missed);
                    out.generic_compiler += true_count;
                    out.generic_ours += our_count;
                }
                continue;
            }
            out.plain += 1;
            out.pairs += compiler.count_ones(..);
            if opaque {
                out.opaque.extend(missed);
            } else {
                out.missed.extend(missed);
            }
            out.compiler += true_count;
            out.ours += our_count;
            out.whole += compiled.count_ones(..) as u64;
            out.module += modules.get(&root).map_or(0, |set| set.count_ones(..)) as u64;
            out.name += names.get(&root).map_or(0, |set| set.count_ones(..)) as u64;
            for item in ours.intersection(&compiled).filter(|item| !compiler.contains(*item)) {
                *wasted.entry(item).or_default() += 1;
            }
        }
        out.missed.sort();
        out.generic_missed.sort();
        out.opaque.sort();
        out.wasted = wasted.into_iter().map(|(item, count)| (items[item].path.clone(), count)).collect();
        out.wasted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        out
    }

    /// Reachable sets if every call meant all functions that share `key` with the callee.
    fn widened(&self, compiled: &FixedBitSet, key: impl Fn(usize) -> String) -> HashMap<usize, FixedBitSet> {
        let keys: HashMap<usize, String> = compiled.ones().map(|item| (item, key(item))).collect();
        let mut numbers: HashMap<&str, usize> = HashMap::default();
        for key in keys.values() {
            let next = numbers.len();
            numbers.entry(key).or_insert(next);
        }
        let group = |item: usize| numbers[keys[&item].as_str()];
        let mut members = vec![FixedBitSet::with_capacity(self.analyzed.analysis.items.len()); numbers.len()];
        let mut reached: Vec<FixedBitSet> = vec![FixedBitSet::with_capacity(numbers.len()); numbers.len()];
        let mut of_item: HashMap<usize, FixedBitSet> = HashMap::default();
        for item in compiled.ones() {
            members[group(item)].insert(item);
            let mut groups = FixedBitSet::with_capacity(numbers.len());
            groups.extend(
                self.compiler(item).ones().filter(|callee| compiled.contains(*callee) && *callee != item).map(group),
            );
            reached[group(item)].union_with(&groups);
            of_item.insert(item, groups);
        }
        loop {
            let mut changed = false;
            for at in 0..reached.len() {
                let mut next = reached[at].clone();
                for callee in reached[at].ones() {
                    next.union_with(&reached[callee]);
                }
                if next != reached[at] {
                    reached[at] = next;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        of_item
            .into_iter()
            .map(|(item, groups)| {
                let mut set = FixedBitSet::with_capacity(self.analyzed.analysis.items.len());
                set.insert(item);
                for first in groups.ones() {
                    set.union_with(&members[first]);
                    reached[first].ones().for_each(|group| set.union_with(&members[group]));
                }
                (item, set)
            })
            .collect()
    }

    /// How the compiled code of the function comes to an item: a shortest chain of paths.
    pub fn explain(&self, root: &str, item: &str) -> Option<Vec<String>> {
        let items = &self.analyzed.analysis.items;
        let function = self.analyzed.analysis.functions.iter().find(|function| function.path == root)?;
        let from = self.instances.get(&function.item.0)?;
        let is_goal = |node: usize| self.joined.items[node].is_some_and(|at| items[at].path == item);
        let chain = self.linked.chain(from, is_goal)?;
        let line = |node: &usize| {
            let node = &self.linked.nodes[*node];
            let place = node.origin.as_ref().map(|origin| format!("  {}:{}", origin.file.display(), origin.line));
            format!("{:#}{}", rustc_demangle::demangle(&node.symbol), place.unwrap_or_default())
        };
        Some(chain.iter().map(line).collect())
    }
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}
