//! The reachable set of a root: everything that its edges lead to, conditions included.

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use crate::graph::{Edge, ItemGraph};

/// Adjacency as plain arrays: the graph is walked once per root.
pub(crate) struct Reacher {
    starts: Vec<u32>,
    /// Target, and the condition plus one; 0 for none.
    edges: Vec<(u32, u32)>,
    /// The root in whose turn a vertex was reached.
    seen: Vec<u32>,
    turn: u32,
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
        Reacher { starts, edges, seen: vec![0; count], turn: 0 }
    }

    /// Everything that the seeds reach, themselves included, in no order.
    pub(crate) fn reach(&mut self, seeds: impl IntoIterator<Item = NodeIndex>) -> Vec<u32> {
        self.turn += 1;
        let turn = self.turn;
        let mut found: Vec<u32> = Vec::new();
        for seed in seeds {
            let seed = seed.index() as u32;
            if std::mem::replace(&mut self.seen[seed as usize], turn) != turn {
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
                    found.push(to);
                }
            }
        }
        found
    }
}
