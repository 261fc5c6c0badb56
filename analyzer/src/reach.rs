//! The reachable set of a root: everything that its edges lead to, conditions included.

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

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
        Reacher { starts, edges, seen: vec![0; count], turn: 0, from: vec![u32::MAX; count], is_demand }
    }

    /// Everything that the seeds reach, themselves included, in no order.
    pub(crate) fn reach(&mut self, seeds: impl IntoIterator<Item = NodeIndex>) -> Vec<u32> {
        self.turn += 1;
        let turn = self.turn;
        let mut found: Vec<u32> = Vec::new();
        for seed in seeds {
            let seed = seed.index() as u32;
            if std::mem::replace(&mut self.seen[seed as usize], turn) != turn {
                self.from[seed as usize] = u32::MAX;
                found.push(seed);
            }
        }
        let mut next = 0;
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
        found
    }

    /// By which vertex that one was come to in the last call of `reach`; `None` for a seed.
    pub(crate) fn before(&self, at: u32) -> Option<u32> {
        Some(self.from[at as usize]).filter(|from| *from != u32::MAX)
    }
}
