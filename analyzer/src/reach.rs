//! The reachable set of a root: everything that its edges lead to, conditions included.

use std::rc::Rc;

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use rustc_hash::FxHashMap as HashMap;

use crate::graph::{Edge, ItemGraph};
use crate::infer::Vertex;

/// Adjacency as plain arrays: the graph is walked once per root.
pub(crate) struct Reacher {
    starts: Vec<u32>,
    /// Target, and the condition plus one; 0 for none.
    edges: Vec<(u32, u32)>,
    /// The root in whose turn a vertex was reached.
    seen: Vec<u32>,
    turn: u32,
    /// By which vertex each one was come to, in the last turn that reached it.
    from: Vec<u32>,
    /// Vertices that are no items.
    is_demand: Vec<bool>,
    /// What seeds reach, by where their list lies.
    shared: HashMap<*const Vertex, Shared>,
}

/// What some seeds reach.
struct Shared {
    /// Kept, so that no other list can lie where this one does.
    _seeds: Rc<[Vertex]>,
    reached: Rc<[u32]>,
}

impl Reacher {
    pub(crate) fn new(graph: &ItemGraph) -> Reacher {
        let count = graph.graph.node_count();
        let mut starts = Vec::with_capacity(count + 1);
        let mut edges = Vec::with_capacity(graph.graph.edge_count());
        for index in graph.graph.node_indices() {
            starts.push(edges.len() as u32);
            let from = edges.len();
            for edge in graph.graph.edges(index) {
                let condition = match edge.weight() {
                    Edge::Mention => 0,
                    Edge::If(other) => other.index() as u32 + 1,
                };
                edges.push((edge.target().index() as u32, condition));
            }
            edges[from..].sort_unstable();
        }
        starts.push(edges.len() as u32);
        let is_demand =
            graph.graph.node_weights().map(|vertex| !matches!(vertex, Vertex::Node(_) | Vertex::Came(_))).collect();
        Reacher {
            starts,
            edges,
            seen: vec![0; count],
            turn: 0,
            from: vec![u32::MAX; count],
            is_demand,
            shared: HashMap::default(),
        }
    }

    /// Everything that the seeds and the root reach, themselves included, in no order.
    ///
    /// What the seeds reach is found once for all roots that share them, unless somebody wants to know the `ways`.
    pub(crate) fn reach(
        &mut self,
        graph: &ItemGraph,
        seeds: &Rc<[Vertex]>,
        root: Option<NodeIndex>,
        ways: bool,
    ) -> Vec<u32> {
        self.turn += 1;
        let mut found = Vec::new();
        if ways {
            for seed in seeds.iter() {
                self.start(graph.index.get(&graph.entry(*seed)).copied(), &mut found);
            }
        } else {
            let shared = match self.shared.get(&seeds.as_ptr()) {
                Some(shared) => shared.reached.clone(),
                None => {
                    let mut shared = Vec::new();
                    for seed in seeds.iter() {
                        self.start(graph.index.get(&graph.entry(*seed)).copied(), &mut shared);
                    }
                    self.close(&mut shared, 0);
                    let reached: Rc<[u32]> = shared.into();
                    let shared = Shared { _seeds: seeds.clone(), reached: reached.clone() };
                    self.shared.insert(seeds.as_ptr(), shared);
                    reached
                }
            };
            shared.iter().for_each(|at| self.seen[*at as usize] = self.turn);
            found.extend_from_slice(&shared);
        }
        // What is in the set already has been looked at, and nothing of it is left to draw.
        let next = if ways { 0 } else { found.len() };
        self.start(root, &mut found);
        self.close(&mut found, next);
        found
    }

    fn start(&mut self, at: Option<NodeIndex>, found: &mut Vec<u32>) {
        let Some(at) = at else { return };
        if std::mem::replace(&mut self.seen[at.index()], self.turn) != self.turn {
            self.from[at.index()] = u32::MAX;
            found.push(at.index() as u32);
        }
    }

    /// Adds all that is reached from `found[next..]`.
    fn close(&mut self, found: &mut Vec<u32>, mut next: usize) {
        let turn = self.turn;
        while next < found.len() {
            let at = found[next] as usize;
            next += 1;
            for &(to, condition) in &self.edges[self.starts[at] as usize..self.starts[at + 1] as usize] {
                // Whichever of the two is reached last draws the edge.
                let drawn = condition == 0 || self.seen[condition as usize - 1] == turn;
                if drawn && self.seen[to as usize] != turn {
                    self.seen[to as usize] = turn;
                    // Of a demand and the type that makes it count, the demand is the way.
                    let by_condition = condition != 0 && self.is_demand[condition as usize - 1];
                    self.from[to as usize] = if by_condition { condition - 1 } else { at as u32 };
                    found.push(to);
                }
            }
        }
    }

    /// Whether the last call of `reach` came to a vertex.
    pub(crate) fn has(&self, at: Option<NodeIndex>) -> bool {
        at.is_some_and(|at| self.seen[at.index()] == self.turn)
    }

    /// By which vertex that one was come to in the last call of `reach`; `None` for a seed.
    pub(crate) fn before(&self, at: u32) -> Option<u32> {
        Some(self.from[at as usize]).filter(|from| *from != u32::MAX)
    }
}
