//! Draws a graph as a tree: each node is shown in full once, at the place nearest to the root, and marked `(*)` elsewhere.
//!
//! Nothing here recurses: call chains are as deep as people write them.

use std::collections::VecDeque;
use std::io::{self, Write};

/// Number of a node; what it is is the caller's business.
pub(crate) type Node = usize;

/// Writes a node's line without its end; the flag says that it has children which are shown elsewhere.
pub(crate) type Label<'a> = &'a dyn Fn(&mut dyn Write, Node, bool) -> io::Result<()>;

/// A graph that is drawn as a tree, or as several.
pub(crate) struct Tree<'a> {
    children: &'a dyn Fn(Node) -> Vec<Node>,
    label: Label<'a>,
    depth: usize,
    is_shown: Vec<bool>,
}

/// A node that is being drawn: its children that are left, and what precedes their lines.
struct Frame {
    parent: Node,
    rest: std::vec::IntoIter<Node>,
    prefix: String,
}

impl<'a> Tree<'a> {
    /// Of a graph with `nodes` nodes, `depth` levels below each root.
    pub(crate) fn new(
        nodes: usize,
        depth: usize,
        children: &'a dyn Fn(Node) -> Vec<Node>,
        label: Label<'a>,
    ) -> Tree<'a> {
        Tree { children, label, depth, is_shown: vec![false; nodes] }
    }

    /// Whether a node was drawn, or lies deeper than what was drawn.
    pub(crate) fn is_shown(&self, node: Node) -> bool {
        self.is_shown[node]
    }

    /// Draws a tree for each of `roots`. What an earlier call has shown isn't shown again.
    ///
    /// # Errors
    /// If `out` can't be written.
    pub(crate) fn draw(&mut self, out: &mut dyn Write, roots: &[Node]) -> io::Result<()> {
        // Breadth first: who shows which node in full.
        let nodes = self.is_shown.len();
        let mut lists: Vec<Option<Vec<Node>>> = vec![None; nodes];
        let mut owner: Vec<Option<Node>> = vec![None; nodes];
        let mut queue: VecDeque<Node> = roots.iter().copied().collect();
        roots.iter().for_each(|&root| self.is_shown[root] = true);
        while let Some(node) = queue.pop_front() {
            let list = (self.children)(node);
            for &child in &list {
                if !self.is_shown[child] {
                    self.is_shown[child] = true;
                    owner[child] = Some(node);
                    queue.push_back(child);
                }
            }
            lists[node] = Some(list);
        }

        // Depth first: the drawing.
        for &root in roots {
            (self.label)(out, root, false)?;
            writeln!(out)?;
            let mut stack = Vec::new();
            if self.depth > 0 {
                let rest = lists[root].take().unwrap_or_default().into_iter();
                stack.push(Frame { parent: root, rest, prefix: String::new() });
            }
            while let Some(frame) = stack.last_mut() {
                let Some(node) = frame.rest.next() else {
                    stack.pop();
                    continue;
                };
                let is_last = frame.rest.len() == 0;
                write!(out, "{}{}", frame.prefix, if is_last { "└── " } else { "├── " })?;
                let list = lists[node].take_if(|_| owner[node] == Some(frame.parent));
                let is_elsewhere = list.is_none() && !(self.children)(node).is_empty();
                (self.label)(out, node, is_elsewhere)?;
                writeln!(out)?;
                let prefix = format!("{}{}", frame.prefix, if is_last { "    " } else { "│   " });
                if let Some(list) = list
                    && stack.len() < self.depth
                {
                    stack.push(Frame { parent: node, rest: list.into_iter(), prefix });
                }
            }
        }
        Ok(())
    }
}

/// Nodes of `nodes` from which all others of `nodes` can be reached: those that no other names, and one of each circle.
pub(crate) fn heads(nodes: &[Node], children: &dyn Fn(Node) -> Vec<Node>) -> Vec<Node> {
    let top = nodes.iter().max().map_or(0, |&max| max + 1);
    let mut is_named = vec![false; top];
    for &node in nodes {
        children(node)
            .into_iter()
            .filter(|&child| child < top && child != node)
            .for_each(|child| is_named[child] = true);
    }
    let mut heads: Vec<Node> = nodes.iter().copied().filter(|&node| !is_named[node]).collect();
    let mut is_covered = vec![false; top];
    let mut open = heads.clone();
    let mut rest = nodes.iter().copied();
    loop {
        while let Some(node) = open.pop() {
            if node < top && !std::mem::replace(&mut is_covered[node], true) {
                open.extend(children(node));
            }
        }
        let Some(next) = rest.find(|&node| !is_covered[node]) else { break };
        heads.push(next);
        open.push(next);
    }
    heads.sort_unstable();
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(edges: &[&[Node]], depth: usize) -> String {
        let mut out = Vec::new();
        let children = |node: Node| edges[node].to_vec();
        let label = |out: &mut dyn Write, node: Node, is_elsewhere: bool| {
            write!(out, "{node}{}", if is_elsewhere { " (*)" } else { "" })
        };
        Tree::new(edges.len(), depth, &children, &label).draw(&mut out, &[0]).expect("memory takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_node_is_shown_in_full_where_it_is_nearest_to_the_root() {
        let tree = "\
0
├── 1
│   └── 3 (*)
├── 3
│   └── 4
└── 2
";
        assert_eq!(drawn(&[&[1, 3, 2], &[3], &[], &[4], &[]], 9), tree);
    }

    #[test]
    fn a_circle_ends_at_the_node_that_was_shown() {
        assert_eq!(drawn(&[&[1], &[0]], 9), "0\n└── 1\n    └── 0 (*)\n");
    }

    #[test]
    fn a_leaf_that_is_shown_again_is_not_marked() {
        assert_eq!(drawn(&[&[1, 2], &[2], &[]], 9), "0\n├── 1\n│   └── 2\n└── 2\n");
    }

    #[test]
    fn depth_cuts_the_tree() {
        assert_eq!(drawn(&[&[1], &[2], &[]], 1), "0\n└── 1\n");
        assert_eq!(drawn(&[&[1], &[2], &[]], 0), "0\n");
    }

    #[test]
    fn a_chain_of_thousands_of_calls_does_not_overflow_the_stack() {
        let edges: Vec<Vec<Node>> = (1..=3000).map(|n| if n < 3000 { vec![n] } else { Vec::new() }).collect();
        let edges: Vec<&[Node]> = edges.iter().map(Vec::as_slice).collect();
        assert_eq!(drawn(&edges, usize::MAX).lines().count(), 3000);
    }

    #[test]
    fn heads_lead_to_every_node_even_through_circles() {
        let edges: [&[Node]; 6] = [&[], &[2], &[], &[4], &[3], &[2]];
        assert_eq!(heads(&[1, 2, 3, 4, 5], &|node| edges[node].to_vec()), [1, 3, 5]);
    }
}
