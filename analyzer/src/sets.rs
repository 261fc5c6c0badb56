//! What a reachable set amounts to: its fingerprint, its items in order, and what these say together.
//!
//! There is one set for each root, and most of them share most of their items: all that can be told of an item alone is
//! told once.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap as HashMap;

use crate::analysis::Asks;
use crate::fingerprint;
use crate::graph::ItemGraph;
use crate::infer::{Infer, Vertex, Widening};
use crate::load::digest;
use crate::program::NodeId;
use crate::project::ExternalId;
use crate::report::{ItemId, Widened, WidenedKind};
use crate::source::Digest;

/// Of each part, the digests of so many sets are remembered.
const MAX_KNOWN: usize = 4096;

/// No item.
const NONE: u32 = u32::MAX;

/// What is known of each vertex, by its number.
pub(crate) struct Sets {
    /// Digests of all items, in order; each part of them begins at a multiple of 64.
    digests: Vec<Digest>,
    /// Positions in `digests`, and numbers of the items; [`NONE`] for a vertex that is no item.
    ranks: Vec<(u32, u32)>,
    /// Where each part ends, in words of `by_digest`.
    ends: Vec<usize>,
    /// Digests of parts, by their number and what is in them.
    parts: Vec<HashMap<Box<[u64]>, Digest>>,
    /// What an item asks, widens or stands for: place in `said` plus one, 0 if it says nothing.
    speaks: Vec<u32>,
    said: Vec<Said>,
    /// Every widening of an item, each once and in order.
    widened: Vec<Arc<Widened>>,
    /// One bit for each position: cheaper than to sort every reachable set.
    by_digest: Vec<u64>,
    by_number: Vec<u64>,
}

/// What one item has to say.
#[derive(Debug, Default)]
struct Said {
    external: Option<ExternalId>,
    /// Places in [`Sets::widened`].
    widened: Vec<u32>,
    cfgs: Vec<(String, Option<bool>)>,
    envs: Vec<(String, Option<String>)>,
}

/// What a root's reachable set amounts to.
#[derive(Debug)]
pub(crate) struct Summed {
    pub(crate) item: ItemId,
    pub(crate) source: Digest,
    pub(crate) reaches: Vec<ItemId>,
    pub(crate) external: Vec<ExternalId>,
    pub(crate) widened: Vec<Arc<Widened>>,
    pub(crate) cfgs: BTreeSet<(String, Option<bool>)>,
    pub(crate) envs: BTreeSet<(String, Option<String>)>,
}

impl Sets {
    pub(crate) fn new(
        infer: &Infer<'_, '_, '_>,
        graph: &ItemGraph,
        digests: &HashMap<Vertex, Digest>,
        numbers: &HashMap<Vertex, ItemId>,
        asks: &HashMap<NodeId, Asks>,
    ) -> Sets {
        let count = graph.graph.node_count();
        let mut all: Vec<(Digest, ItemId, usize)> = Vec::new();
        let mut said: Vec<(Said, Vec<Widened>)> = Vec::new();
        let mut speaks = vec![0; count];
        for (at, vertex) in graph.graph.raw_nodes().iter().map(|node| &node.weight).enumerate() {
            if let (Some(digest), Some(number)) = (digests.get(vertex), numbers.get(vertex)) {
                all.push((*digest, *number, at));
            }
            if let Some(says) = says(infer, graph, asks, *vertex) {
                said.push(says);
                speaks[at] = said.len() as u32;
            }
        }
        all.sort_unstable();
        let mut ranks = vec![(NONE, NONE); count];
        let (mut by_rank, mut ends): (Vec<Digest>, Vec<usize>) = (Vec::with_capacity(all.len()), Vec::new());
        let close = |by_rank: &mut Vec<Digest>, ends: &mut Vec<usize>| {
            by_rank.resize(by_rank.len().next_multiple_of(64), Digest::default());
            ends.push(by_rank.len() / 64);
        };
        for (digest, number, at) in &all {
            while ends.len() < fingerprint::part(digest) {
                close(&mut by_rank, &mut ends);
            }
            ranks[*at] = (by_rank.len() as u32, number.0 as u32);
            by_rank.push(*digest);
        }
        while ends.len() < fingerprint::PARTS {
            close(&mut by_rank, &mut ends);
        }
        let mut widened: Vec<Widened> = said.iter().flat_map(|(_, widened)| widened).cloned().collect();
        widened.sort_unstable();
        widened.dedup();
        let placed = |(mut said, of): (Said, Vec<Widened>)| {
            let place = |one: &Widened| widened.binary_search(one).map_or(NONE, |at| at as u32);
            said.widened = of.iter().map(place).collect();
            said
        };
        Sets {
            said: said.into_iter().map(placed).collect(),
            by_digest: vec![0; by_rank.len() / 64],
            by_number: vec![0; all.len().div_ceil(64)],
            digests: by_rank,
            ranks,
            ends,
            parts: (0..fingerprint::PARTS).map(|_| HashMap::default()).collect(),
            speaks,
            widened: widened.into_iter().map(Arc::new).collect(),
        }
    }

    /// The fingerprint of the items whose bits are set; clears them.
    fn source(&mut self, root: &Digest, standing: &BTreeSet<Digest>) -> Digest {
        let Sets { digests, ends, parts, by_digest, .. } = self;
        let mut begin = 0;
        let parts = ends.iter().zip(parts).enumerate().filter_map(|(number, (end, known))| {
            let first = std::mem::replace(&mut begin, *end);
            let bits = &mut by_digest[first..*end];
            if bits.iter().all(|word| *word == 0) {
                return None;
            }
            let digest = match known.get(&*bits) {
                Some(digest) => {
                    bits.fill(0);
                    *digest
                }
                None => {
                    let key: Box<[u64]> = (&*bits).into();
                    let digest = fingerprint::of_part(drain(bits).map(|at| &digests[first * 64 + at]));
                    if known.len() < MAX_KNOWN {
                        known.insert(key, digest);
                    }
                    digest
                }
            };
            Some((number, digest))
        });
        fingerprint::set(root, parts, standing.iter())
    }

    /// What `reached` amounts to for `root`, whose callers bring `incoming`. With `positions`, the code reads where it stands.
    pub(crate) fn sum(
        &mut self,
        infer: &Infer<'_, '_, '_>,
        graph: &ItemGraph,
        root: NodeId,
        incoming: &[Widening],
        reached: &[u32],
        positions: bool,
    ) -> Summed {
        let mut said: Vec<u32> = Vec::new();
        for at in reached {
            let (rank, number) = self.ranks[*at as usize];
            if rank != NONE {
                self.by_digest[rank as usize / 64] |= 1 << (rank % 64);
                self.by_number[number as usize / 64] |= 1 << (number % 64);
            }
            if self.speaks[*at as usize] != 0 {
                said.push(self.speaks[*at as usize] - 1);
            }
        }
        let (mut external, mut places) = (BTreeSet::new(), BTreeSet::new());
        let (mut cfgs, mut envs) = (BTreeSet::new(), BTreeSet::new());
        for said in said.into_iter().filter_map(|at| self.said.get(at as usize)) {
            external.extend(said.external);
            places.extend(said.widened.iter().copied());
            cfgs.extend(said.cfgs.iter().cloned());
            envs.extend(said.envs.iter().cloned());
        }
        let mut widened: Vec<Arc<Widened>> =
            places.into_iter().filter_map(|at| self.widened.get(at as usize)).cloned().collect();
        for widening in incoming {
            let at = place(infer, root, widening.line);
            widened.push(Arc::new(Widened { at, kind: widening.kind, why: widening.why.clone() }));
        }
        let mut standing: BTreeSet<Digest> = BTreeSet::new();
        if positions {
            let why =
                "reads where code stands (`Location::caller`): every edit of the files it reaches counts".to_owned();
            widened.push(Arc::new(Widened { at: place(infer, root, 0), kind: WidenedKind::Source, why }));
            for at in reached {
                if let Vertex::Node(of) = graph.graph[petgraph::graph::NodeIndex::new(*at as usize)]
                    && let Some(file) = infer.program.node(of).file
                {
                    // The file's name shows too.
                    let content = infer.files.digest_of(file).unwrap_or_default();
                    standing.insert(digest(&[infer.files.path(file).as_bytes(), b"\0", &content.0]));
                }
            }
        }
        widened.sort_unstable();
        widened.dedup();
        let own = graph.index.get(&Vertex::Node(root)).map_or((NONE, 0), |at| self.ranks[at.index()]);
        let root = self.digests.get(own.0 as usize).copied().unwrap_or_default();
        let source = self.source(&root, &standing);
        let mut reaches = Vec::with_capacity(self.by_number.iter().map(|word| word.count_ones() as usize).sum());
        reaches.extend(drain(&mut self.by_number).map(ItemId));
        let item = ItemId(if own.0 == NONE { 0 } else { own.1 as usize });
        Summed { item, source, reaches, external: external.into_iter().collect(), widened, cfgs, envs }
    }
}

/// What an item says, if it says anything.
fn says(
    infer: &Infer<'_, '_, '_>,
    graph: &ItemGraph,
    asks: &HashMap<NodeId, Asks>,
    vertex: Vertex,
) -> Option<(Said, Vec<Widened>)> {
    let (of, facts) = match vertex {
        Vertex::Node(of) => (of, &graph.facts[of.at()]),
        Vertex::MacroBag(of) => (of, graph.bags.get(&of)?),
        _ => return None,
    };
    let none = Asks::default();
    let asks = asks.get(&of).unwrap_or(&none);
    let external = matches!(vertex, Vertex::Node(_)).then(|| infer.program.node(of).external).flatten();
    let is_silent = facts.widened.is_empty() && asks.cfgs.is_empty() && asks.envs.is_empty() && asks.open.is_empty();
    if external.is_none() && is_silent {
        return None;
    }
    let mut widened: Vec<Widened> = Vec::new();
    for widening in &facts.widened {
        let at = place(infer, of, widening.line);
        widened.push(Widened { at, kind: widening.kind, why: widening.why.clone() });
    }
    for why in &asks.open {
        widened.push(Widened { at: place(infer, of, 0), kind: WidenedKind::Opaque, why: why.clone() });
    }
    let cfgs = asks.cfgs.iter().cloned().collect();
    Some((Said { external, widened: Vec::new(), cfgs, envs: asks.envs.iter().cloned().collect() }, widened))
}

/// File and line; line 0 stands for the item's own.
fn place(infer: &Infer<'_, '_, '_>, of: NodeId, line: u32) -> String {
    let node = infer.program.node(of);
    let file = node.file.map_or_else(String::new, |file| infer.files.path(file).to_owned());
    format!("{file}:{}", if line == 0 { node.line } else { line })
}

/// Positions of the bits that are set, in order; clears them.
fn drain(words: &mut [u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter_mut().enumerate().flat_map(|(at, word)| {
        let mut bits = std::mem::take(word);
        std::iter::from_fn(move || {
            let next = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
            bits &= bits - 1;
            Some(at * 64 + next)
        })
    })
}
