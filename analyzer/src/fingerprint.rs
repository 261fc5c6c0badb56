//! Digests of items and of reachable sets.
//!
//! An item's digest covers who it is, its own normalized code, and what its names resolve to, site after site. A root's
//! fingerprint is a set hash over the digests of everything it reaches. Neither holds a position, a path of this machine,
//! or an order that isn't the sources' own.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::graph::ItemGraph;
use crate::infer::{Facts, Infer, Vertex};
use crate::load::digest;
use crate::program::{NodeId, Program};
use crate::source::Digest;

/// Part of every fingerprint: a change of what the analysis hashes makes all of them new.
const FORM: &[u8] = b"rememo fingerprint 1\n";

/// Identities of all vertices.
pub(crate) struct Identities {
    by_vertex: HashMap<Vertex, [u8; 16]>,
}

impl Identities {
    pub(crate) fn new(infer: &Infer<'_, '_, '_>, graph: &ItemGraph) -> Identities {
        let mut by_vertex = HashMap::with_capacity(graph.index.len());
        for vertex in graph.graph.node_weights() {
            let text = identity(infer, *vertex);
            let whole = digest(&[text.as_bytes()]).0;
            let mut half = [0; 16];
            half.copy_from_slice(&whole[..16]);
            by_vertex.insert(*vertex, half);
        }
        Identities { by_vertex }
    }

    fn of(&self, vertex: Vertex) -> [u8; 16] {
        self.by_vertex.get(&vertex).copied().unwrap_or_default()
    }
}

fn identity(infer: &Infer<'_, '_, '_>, vertex: Vertex) -> String {
    let program: &Program = infer.program;
    let of = |node: NodeId| program.node(node).identity.as_str();
    match vertex {
        Vertex::Node(node) => of(node).to_owned(),
        Vertex::File(file) => format!("file {}", infer.files.path(file)),
        Vertex::External(id) => program.externals.get(&id).map_or_else(String::new, |node| of(*node).to_owned()),
        Vertex::Member(node, name) => format!("member {} of {}", program.text(name), of(node)),
        Vertex::Dyn(node) => format!("dyn {}", of(node)),
        Vertex::Method(name) => format!("method {}", program.text(name)),
        Vertex::Trigger(name) => format!("trigger {}", program.text(name)),
        Vertex::Loose(name) => format!("loose {}", program.text(name)),
        Vertex::Typed(name, node) => format!("{} of {}", program.text(name), of(node)),
        Vertex::Escaped(node) => format!("escaped {}", of(node)),
        Vertex::AllForeign => "all foreign".to_owned(),
        Vertex::MacroBag(node) => format!("bag of {}", of(node)),
        Vertex::Generators(krate) => {
            let krate = program.krate(krate);
            format!("generators of {} {}", infer.project.packages[krate.package.0].name, krate.label)
        }
        Vertex::Live(node) => format!("live {}", of(node)),
    }
}

/// The digest of an item. `extra` holds answers that its code asked for and that no compiler will give again.
pub(crate) fn item(
    identities: &Identities,
    program: &Program,
    id: NodeId,
    facts: &Facts,
    bag: Option<&Facts>,
    extra: &[String],
) -> Digest {
    let node = program.node(id);
    let mut bytes = Vec::with_capacity(128 + 16 * facts.trace.len());
    bytes.extend_from_slice(FORM);
    text(&mut bytes, node.kind.as_str());
    text(&mut bytes, &node.identity);
    bytes.extend_from_slice(&node.hash.0);
    for facts in [Some(facts), bag].into_iter().flatten() {
        bytes.extend_from_slice(&(facts.trace.len() as u64).to_le_bytes());
        for vertex in &facts.trace {
            bytes.extend_from_slice(&identities.of(*vertex));
        }
    }
    for answer in extra {
        text(&mut bytes, answer);
    }
    digest(&[&bytes])
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// The fingerprint of a reachable set: equal for equal sets, whatever their order. `digests` must be sorted.
pub(crate) fn set<'d>(root: &Digest, digests: impl Iterator<Item = &'d Digest>) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(FORM);
    hasher.update(root.0);
    for digest in digests {
        hasher.update(digest.0);
    }
    Digest(hasher.finalize().into())
}
