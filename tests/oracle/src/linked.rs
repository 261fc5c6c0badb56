//! The IR of several crates as one graph, and what each definition reaches.

use std::collections::VecDeque;
use std::fs;
use std::rc::Rc;

use fixedbitset::FixedBitSet;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap as HashMap;

use crate::compile::Unit;
use crate::error::OracleError;
use crate::ir::{Module, Origin};

/// Definitions of all units; an edge for each symbol that a definition names.
#[derive(Debug)]
pub struct Linked {
    /// What stands at each node.
    pub nodes: Vec<Node>,
    graph: DiGraph<(), ()>,
}

/// A definition.
#[derive(Debug)]
pub struct Node {
    /// The linker's name.
    pub symbol: String,
    /// The unit whose IR has it.
    pub unit: usize,
    /// Where it comes from; `None` for a global and for the C entry point.
    pub origin: Option<Origin>,
    /// Whether it is a function.
    pub is_function: bool,
}

impl Linked {
    /// Reads and joins the IR of `units`.
    ///
    /// # Errors
    /// [`OracleError::File`].
    pub fn read(units: &[Unit]) -> Result<Linked, OracleError> {
        let mut nodes = Vec::new();
        let mut names: Vec<(usize, Vec<String>)> = Vec::new();
        let mut global: HashMap<String, usize> = HashMap::default();
        let mut local: Vec<HashMap<String, usize>> = Vec::new();
        for (unit, compiled) in units.iter().enumerate() {
            let text = fs::read(&compiled.ir).map_err(OracleError::file(&compiled.ir))?;
            let module = Module::parse(&text);
            let mut own = HashMap::default();
            for definition in &module.definitions {
                let at = nodes.len();
                own.insert(definition.symbol.clone(), at);
                // Only Rust's mangled names say the same in every module; `vtable.0` is another one in each.
                if definition.symbol.starts_with("_R") || definition.is_function {
                    global.entry(definition.symbol.clone()).or_insert(at);
                }
                let origin = module.origin(definition);
                let is_function = definition.is_function;
                nodes.push(Node { symbol: definition.symbol.clone(), unit, origin, is_function });
            }
            let first = nodes.len() - module.definitions.len();
            names.extend(module.definitions.into_iter().enumerate().map(|(at, it)| (first + at, it.names)));
            local.push(own);
        }
        let mut graph = DiGraph::with_capacity(nodes.len(), nodes.len() * 4);
        for _ in &nodes {
            graph.add_node(());
        }
        for (from, named) in names {
            for name in named {
                let to = local[nodes[from].unit].get(&name).or_else(|| global.get(&name));
                if let Some(to) = to {
                    graph.add_edge(NodeIndex::new(from), NodeIndex::new(*to), ());
                }
            }
        }
        Ok(Linked { nodes, graph })
    }

    /// For each node the set of items that it reaches, given the item that each node stands for.
    pub fn reach(&self, items: &[Option<usize>], count: usize) -> Vec<Rc<FixedBitSet>> {
        let empty = Rc::new(FixedBitSet::with_capacity(count));
        let mut reach = vec![empty; self.nodes.len()];
        // Callees come before their callers.
        for component in kosaraju_scc(&self.graph) {
            let mut sets: Vec<Rc<FixedBitSet>> = Vec::new();
            for &node in &component {
                for callee in self.graph.neighbors(node) {
                    let set = &reach[callee.index()];
                    if !sets.iter().any(|known| Rc::ptr_eq(known, set)) {
                        sets.push(Rc::clone(set));
                    }
                }
            }
            let own: Vec<usize> = component.iter().filter_map(|node| items[node.index()]).collect();
            let largest = sets.iter().max_by_key(|set| set.count_ones(..)).map(Rc::clone);
            let mut set = largest.unwrap_or_else(|| Rc::clone(&reach[component[0].index()]));
            let adds = own.iter().any(|item| !set.contains(*item)) || sets.iter().any(|other| !other.is_subset(&set));
            if adds {
                let mut united = FixedBitSet::clone(&set);
                sets.iter().for_each(|other| united.union_with(other));
                own.iter().for_each(|item| united.insert(*item));
                set = Rc::new(united);
            }
            for node in component {
                reach[node.index()] = Rc::clone(&set);
            }
        }
        reach
    }

    /// Nodes that a node names.
    pub fn callees(&self, node: usize) -> impl Iterator<Item = usize> {
        self.graph.neighbors(NodeIndex::new(node)).map(NodeIndex::index)
    }

    /// A shortest chain of symbols from one of `from` to a node that `is_goal` accepts.
    pub fn chain(&self, from: &[usize], is_goal: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        let mut came: HashMap<usize, Option<usize>> = from.iter().map(|node| (*node, None)).collect();
        let mut queue: VecDeque<usize> = from.iter().copied().collect();
        while let Some(node) = queue.pop_front() {
            if is_goal(node) {
                let mut chain = vec![node];
                let mut at = node;
                while let Some(Some(before)) = came.get(&at) {
                    chain.push(*before);
                    at = *before;
                }
                chain.reverse();
                return Some(chain);
            }
            for callee in self.callees(node) {
                came.entry(callee).or_insert_with(|| {
                    queue.push_back(callee);
                    Some(node)
                });
            }
        }
        None
    }
}
