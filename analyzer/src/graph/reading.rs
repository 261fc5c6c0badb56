//! Which bodies are read, and when.
//!
//! Where all functions are roots, all bodies are read. Where a few are, a body is read once something that is reached leads
//! to it: a reachable set is the same either way, and most of a large workspace is never looked into.

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::{Edge, ItemGraph};
use crate::infer::{Bound, Call, Demand, Given, Infer, Reached, Ty, TyId, Vertex};
use crate::program::NodeId;

/// How many functions are followed from one that returns what the next one returns.
const MAX_REVEALED: u32 = 8;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Everything is read and drawn at once.
    all: bool,
    /// Items whose facts are there.
    read: Vec<bool>,
    /// Vertices whose own edges are drawn.
    drawn: Vec<bool>,
    /// Vertices that some root reaches.
    reached: Vec<bool>,
    /// Of these, those whose edges haven't been followed.
    todo: Vec<NodeIndex>,
}

impl Reading {
    pub(super) fn new(all: bool, items: usize) -> Reading {
        Reading { all, read: vec![false; items], ..Reading::default() }
    }
}

fn set(flags: &mut Vec<bool>, at: usize) -> bool {
    if flags.len() <= at {
        flags.resize(at + 1, false);
    }
    !std::mem::replace(&mut flags[at], true)
}

impl ItemGraph {
    /// Reads every item.
    pub(super) fn read_all(&mut self, infer: &mut Infer<'_, '_, '_>) {
        for position in 0..self.facts.len() {
            self.read(infer, NodeId(position as u32));
        }
    }

    /// Draws what bodies mention, call and ask for; then the same of each instance that somebody calls.
    pub(super) fn draw_all(&mut self, infer: &mut Infer<'_, '_, '_>) {
        infer.look_from(None);
        for id in (0..self.facts.len()).map(|position| NodeId(position as u32)) {
            self.draw_vertex(infer, Vertex::Node(id));
            if self.open[id.at()] {
                self.draw_vertex(infer, Vertex::Open(id));
            }
            if self.bags.contains_key(&id) {
                self.draw_vertex(infer, Vertex::MacroBag(id));
            }
        }
        let mut next = 0;
        while self.instances.get(next).is_some() {
            self.draw_vertex(infer, Vertex::Instance(next));
            next += 1;
        }
        for position in 0..self.facts.len() {
            self.generated(infer, NodeId(position as u32));
        }
    }

    /// Reads what the seeds lead to, under whatever condition, and what that leads to.
    pub(crate) fn read_from(&mut self, infer: &mut Infer<'_, '_, '_>, seeds: impl IntoIterator<Item = Vertex>) {
        if self.reading.all {
            return;
        }
        for seed in seeds {
            if let Vertex::Node(id) = seed {
                self.read(infer, id);
            }
            let seed = self.entry(seed);
            let seed = self.vertex(seed);
            self.reached(seed);
        }
        let mut to_draw = Vec::new();
        loop {
            while let Some(at) = self.reading.todo.pop() {
                if let Some(id) = self.item_of(at) {
                    self.read(infer, id);
                    to_draw.push(at);
                }
                self.follow(at);
            }
            if to_draw.is_empty() {
                break;
            }
            // Bodies first: as long as none is read, what was found out about types stays.
            for at in &to_draw {
                for callee in self.item_of(*at).map_or_else(Vec::new, |id| self.callees(id)) {
                    self.read(infer, callee);
                }
            }
            infer.look_from(None);
            for at in std::mem::take(&mut to_draw) {
                if set(&mut self.reading.drawn, at.index()) {
                    self.draw_vertex(infer, self.graph[at]);
                    self.follow(at);
                }
            }
        }
    }

    /// Reads and draws all that one vertex leads to, for who walks the graph without conditions.
    pub(crate) fn expand(&mut self, infer: &mut Infer<'_, '_, '_>, at: NodeIndex) {
        if self.reading.all {
            return;
        }
        if let Some(id) = self.item_of(at) {
            self.read(infer, id);
            if set(&mut self.reading.drawn, at.index()) {
                infer.look_from(None);
                self.draw_vertex(infer, self.graph[at]);
            }
        }
        let next: Vec<NodeId> = self.graph.neighbors(at).filter_map(|at| self.item_of(at)).collect();
        for id in next {
            self.read(infer, id);
        }
    }

    /// Whether some root reaches it, so that it is worth a word.
    pub(crate) fn is_reached(&self, vertex: Vertex) -> bool {
        let is_marked = |at: &NodeIndex| self.reading.reached.get(at.index()).copied().unwrap_or(false);
        self.reading.all || self.index.get(&vertex).is_some_and(is_marked)
    }

    /// Whether something in the whole program that isn't read yet may be of interest after all: then it is read now.
    pub(crate) fn read_rest(&mut self, infer: &mut Infer<'_, '_, '_>) {
        if !self.reading.all {
            self.read_all(infer);
        }
    }

    /// Whether somebody looked at what an item does.
    pub(crate) fn is_read(&self, id: NodeId) -> bool {
        self.reading.read.get(id.at()).copied().unwrap_or(false)
    }

    fn reached(&mut self, at: NodeIndex) {
        if set(&mut self.reading.reached, at.index()) {
            self.reading.todo.push(at);
        }
    }

    /// The item whose facts are a vertex's edges.
    fn item_of(&self, at: NodeIndex) -> Option<NodeId> {
        match self.graph[at] {
            Vertex::Node(id) | Vertex::Open(id) | Vertex::MacroBag(id) => Some(id),
            Vertex::Instance(at) => self.instances.callee(at),
            _ => None,
        }
    }

    fn callees(&self, id: NodeId) -> Vec<NodeId> {
        self.facts.get(id.at()).map_or_else(Vec::new, |facts| facts.calls.iter().map(|call| call.callee).collect())
    }

    /// Whether an edge from a vertex that is reached is drawn.
    fn is_drawn(&self, edge: Edge) -> bool {
        match edge {
            Edge::Mention => true,
            Edge::If(other) => self.reading.reached.get(other.index()).copied().unwrap_or(false),
        }
    }

    fn follow(&mut self, at: NodeIndex) {
        let mut edges = self.graph.neighbors(at).detach();
        while let Some((edge, to)) = edges.next(&self.graph) {
            if self.is_drawn(self.graph[edge]) {
                self.reached(to);
            }
        }
    }

    /// Reads one item, once; answers whether it was now.
    pub(super) fn read(&mut self, infer: &mut Infer<'_, '_, '_>, id: NodeId) -> bool {
        // What external packages declare is read only if it is called.
        if self.reading.read.get_mut(id.at()).is_none_or(|read| std::mem::replace(read, true)) {
            return false;
        }
        let facts = infer.facts(id);
        let is_open = !facts.demands.is_empty() || facts.calls.iter().any(|call| super::is_open(infer, call));
        self.facts[id.at()] = facts;
        if infer.program.macros.contains_key(&id) {
            let bag = infer.macro_bag(id);
            self.bags.insert(id, bag);
        }
        if is_open {
            self.open[id.at()] = true;
            self.redirect(id);
        }
        if infer.program.macros.contains_key(&id) {
            self.mention(Vertex::MacroBag(id), Vertex::Node(id));
        }
        if !self.reading.all {
            self.generated(infer, id);
        }
        true
    }

    /// A function turns out to ask something of its parameters: who mentions it reaches it for any.
    fn redirect(&mut self, id: NodeId) {
        let Some(&node) = self.index.get(&Vertex::Node(id)) else { return };
        let mut edges: Vec<_> = self
            .graph
            .edges_directed(node, Direction::Incoming)
            .filter(|edge| {
                !matches!(self.graph[edge.source()], Vertex::Instance(_) | Vertex::Open(_))
                    || self.item_of(edge.source()) != Some(id)
            })
            .map(|edge| (edge.id(), edge.source(), *edge.weight()))
            .collect();
        // From the last one on: the place of one that is taken out is filled with the last.
        edges.sort_unstable_by_key(|(edge, ..)| std::cmp::Reverse(*edge));
        let open = self.vertex(Vertex::Open(id));
        for (edge, from, weight) in edges {
            self.graph.remove_edge(edge);
            self.graph.add_edge(from, open, weight);
            if self.reading.reached.get(from.index()).copied().unwrap_or(false) && self.is_drawn(weight) {
                self.reached(open);
            }
        }
    }

    /// The edges that the code behind a vertex draws.
    fn draw_vertex(&mut self, infer: &mut Infer<'_, '_, '_>, vertex: Vertex) {
        match vertex {
            Vertex::Node(id) => {
                let facts = std::mem::take(&mut self.facts[id.at()]);
                for &to in &facts.edges {
                    self.mention(vertex, to);
                }
                let closed = facts.calls.iter().filter(|call| !super::is_open(infer, call)).collect::<Vec<_>>();
                self.draw(infer, vertex, &closed, &[], &Given::default());
                self.facts[id.at()] = facts;
            }
            Vertex::Open(id) if infer.program.is_external(id) => {
                self.draw_external(infer, vertex, id, &Given::default());
            }
            Vertex::Open(id) => {
                let facts = std::mem::take(&mut self.facts[id.at()]);
                self.mention_itself(vertex, id);
                let open = facts.calls.iter().filter(|call| super::is_open(infer, call)).collect::<Vec<_>>();
                self.draw(infer, vertex, &open, &facts.demands, &Given::default());
                self.facts[id.at()] = facts;
            }
            Vertex::MacroBag(id) => {
                let Some(facts) = self.bags.get_mut(&id).map(std::mem::take) else { return };
                for &to in &facts.edges {
                    self.mention(vertex, to);
                }
                self.draw(infer, vertex, &facts.calls.iter().collect::<Vec<_>>(), &facts.demands, &Given::default());
                self.bags.insert(id, facts);
            }
            Vertex::Instance(at) => {
                let Some((callee, given)) = self.instances.get(at).cloned() else { return };
                if infer.program.is_external(callee) {
                    return self.draw_external(infer, vertex, callee, &given);
                }
                self.mention_itself(vertex, callee);
                let facts = std::mem::take(&mut self.facts[callee.at()]);
                let open = facts.calls.iter().filter(|call| super::is_open(infer, call)).collect::<Vec<_>>();
                self.draw(infer, vertex, &open, &facts.demands, &given);
                self.facts[callee.at()] = facts;
            }
            _ => {}
        }
    }

    fn mention_itself(&mut self, from: Vertex, id: NodeId) {
        let (from, to) = (self.vertex(from), self.vertex(Vertex::Node(id)));
        self.graph.add_edge(from, to, Edge::Mention);
    }

    /// Calls and uses of traits, for what the parameters stand for.
    fn draw(
        &mut self,
        infer: &mut Infer<'_, '_, '_>,
        from: Vertex,
        calls: &[&Call],
        demands: &[(Demand, u32)],
        given: &Given,
    ) {
        for call in calls {
            let mut args = call.given.clone();
            for (_, _, ty) in args.iter_mut() {
                let substituted = infer.types.substitute(*ty, given);
                let substituted = infer.normal(substituted);
                *ty = self.revealed(infer, substituted, 0);
            }
            self.call(infer, from, call.callee, &args);
        }
        let asked: Vec<Demand> = demands.iter().map(|(demand, _)| infer.substituted(demand, given)).collect();
        self.ask(infer, from, asked);
    }

    /// A type in which what functions return as `impl Trait` is what their bodies return.
    pub(super) fn revealed(&mut self, infer: &mut Infer<'_, '_, '_>, ty: TyId, depth: u32) -> TyId {
        let ty = infer.types.find(ty);
        if !infer.types.has_returned(ty) {
            return ty;
        }
        let Ty::Bounded(bounds) = infer.types.get(ty).clone() else {
            let parts = infer.types.parts(ty);
            let parts: Vec<(TyId, TyId)> =
                parts.into_iter().map(|part| (part, self.revealed(infer, part, depth))).collect();
            let ty = infer.types.replace(ty, &parts);
            return infer.normal(ty);
        };
        let by = bounds.iter().find_map(|bound| match bound {
            Bound::ReturnedBy(function, args) => Some((*function, args.clone())),
            _ => None,
        });
        let mut found = None;
        if let Some((function, args)) = by
            && depth < MAX_REVEALED
        {
            if self.read(infer, function) {
                infer.look_from(None);
            }
            let returned = self.facts.get(function.at()).and_then(|facts| facts.returned);
            if let Some(returned) = returned.filter(|ty| *ty != TyId::UNKNOWN) {
                let mut given = Given::default();
                for ((name, owner), arg) in infer.scope(function).params.iter().zip(args.iter()) {
                    let arg = self.revealed(infer, *arg, depth);
                    given.learn(*owner, *name, arg);
                }
                let ty = infer.types.substitute(returned, &given);
                let ty = infer.normal(ty);
                found = Some(self.revealed(infer, ty, depth + 1));
            }
        }
        found.unwrap_or_else(|| {
            let plain = bounds.iter().filter(|bound| !matches!(bound, Bound::ReturnedBy(..))).cloned().collect();
            let plain = infer.types.intern(Ty::Bounded(plain));
            let parts = infer.types.parts(plain);
            let parts: Vec<(TyId, TyId)> =
                parts.into_iter().map(|part| (part, self.revealed(infer, part, depth + 1))).collect();
            infer.types.replace(plain, &parts)
        })
    }

    /// Answers uses of traits, and those that come with them.
    fn ask(&mut self, infer: &mut Infer<'_, '_, '_>, from: Vertex, mut asked: Vec<Demand>) {
        let mut at = 0;
        while let Some(demand) = asked.get(at).cloned() {
            at += 1;
            let demand = demand.map(&mut |ty| self.revealed(infer, ty, 0));
            for reached in infer.answer(&demand) {
                match reached {
                    Reached::Vertex(to) => self.mention(from, to),
                    Reached::Call(callee, args) => self.call(infer, from, callee, &args),
                    Reached::Demand(demand) if asked.contains(&demand) => {}
                    Reached::Demand(demand) => asked.push(demand),
                }
            }
        }
    }

    /// A function of an external package is called: it matters if values of types that are analyzed go into it.
    pub(super) fn call_external(&mut self, infer: &mut Infer<'_, '_, '_>, from: Vertex, callee: NodeId, given: &Given) {
        if !given.iter().any(|(_, _, ty)| infer.leads_here(*ty)) {
            return;
        }
        let to = match self.instances.find(infer, callee, given) {
            Some(at) => Vertex::Instance(at),
            None => Vertex::Open(callee),
        };
        let is_new = !self.index.contains_key(&to);
        self.mention(from, to);
        // All instances are drawn in their turn.
        if is_new && self.reading.all && to == Vertex::Open(callee) {
            self.draw_external(infer, to, callee, &Given::default());
        }
    }

    /// A function of an external package for types that are analyzed: what its body does with them, or, where that isn't
    /// understood, whatever its signature lets it do.
    fn draw_external(&mut self, infer: &mut Infer<'_, '_, '_>, from: Vertex, callee: NodeId, given: &Given) {
        let facts = match self.externals.remove(&callee) {
            Some(known) => known,
            None => {
                let found = infer.external_facts(callee);
                infer.look_from(None);
                found
            }
        };
        let dropped = infer.dropped_of(callee, given);
        self.ask(infer, from, dropped);
        match &facts {
            Some(facts) => {
                let calls: Vec<&Call> = facts.calls.iter().collect();
                self.draw(infer, from, &calls, &facts.demands, given);
                for edge in facts.edges.iter().filter(|edge| matches!(edge, Vertex::Dyn(_))) {
                    self.mention(from, *edge);
                }
            }
            None => {
                let asked = infer.asked_by(callee, given);
                self.ask(infer, from, asked);
            }
        }
        self.externals.insert(callee, facts);
    }
}
