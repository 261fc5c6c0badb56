//! The whole way, from a project to a report.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap as HashMap;

use crate::Roots;
use crate::collect::collect;
use crate::fingerprint::{self, Identities};
use crate::graph::ItemGraph;
use crate::infer::{Infer, Vertex};
use crate::inputs::Finder;
use crate::ir::{Attr, DeclKind};
use crate::load::{FileId, Files, LoadedFile, digest};
use crate::program::{NodeId, Program};
use crate::project::{ExternalId, PackageId, Project};
use crate::reach::Reacher;
use crate::report::{Analysis, FileRead, Function, Item, ItemId, ItemKind, Lines, Way, Widened, WidenedKind};
use crate::roots::{Outside, incoming};
use crate::source::{Digest, Loader, Summaries};

/// What an item's code asks of the configuration.
#[derive(Debug, Clone, Default)]
struct Asks {
    /// Answered by the compiler that compiles the table.
    cfgs: BTreeSet<(String, Option<bool>)>,
    envs: BTreeSet<(String, Option<String>)>,
    /// Known answers in packages that the compiler won't be asked about.
    answers: Vec<String>,
    /// Questions that nobody can answer.
    open: Vec<String>,
}

pub(crate) fn run(
    project: &Project,
    loader: &dyn Loader,
    roots: &Roots,
    summaries: &dyn Summaries,
    extras: crate::Extras,
) -> Analysis {
    let mut files = Files::new(loader, summaries);
    let program = collect(project, &mut files, extras.places);
    let mut infer = Infer::new(&program, project, &mut files);
    let mut graph = ItemGraph::build(&mut infer);
    let selected: Vec<NodeId> = select(&program, project, roots);
    let mut entries = Vec::new();
    let mut outside = Outside::default();
    for &id in &selected {
        let mut incoming = incoming(&mut infer, &graph, &mut outside, id);
        incoming.seeds.push(Vertex::Node(id));
        entries.push((id, incoming));
    }
    let refused: HashMap<NodeId, Vec<crate::report::Refusal>> =
        selected.iter().map(|id| (*id, crate::keys::refusals(&mut infer, *id))).collect();
    for (_, incoming) in &entries {
        for seed in &incoming.seeds {
            let seed = graph.entry(*seed);
            graph.vertex(seed);
        }
    }
    let identities = Identities::new(&infer, &graph);
    let asks: Vec<Asks> = program.nodes().map(|(id, _)| asks(&program, project, id, &graph)).collect();

    // Items of the report: nodes that stand for something, and files.
    let paths = distinct_paths(&program);
    let mut digests: HashMap<Vertex, Digest> = HashMap::default();
    let mut order: Vec<Vertex> = Vec::new();
    for (id, node) in program.nodes() {
        let at = id.at();
        if node.decl.is_none() && node.file.is_some() && node.kind != ItemKind::File {
            continue;
        }
        let bag = graph.bags.get(&id);
        let digest = fingerprint::item(&identities, &program, id, &graph.facts[at], bag, &asks[at].answers);
        digests.insert(Vertex::Node(id), digest);
        order.push(Vertex::Node(id));
    }
    let mut included: Vec<FileId> = graph
        .index
        .keys()
        .filter_map(|vertex| match vertex {
            Vertex::File(file) => Some(*file),
            _ => None,
        })
        .collect();
    included.sort_unstable();
    for file in included {
        let content = infer.files.digest_of(file).unwrap_or_default();
        digests.insert(Vertex::File(file), digest(&[b"file", infer.files.path(file).as_bytes(), b"\0", &content.0]));
        order.push(Vertex::File(file));
    }
    let name_of = |infer: &Infer<'_, '_, '_>, vertex: &Vertex| match vertex {
        Vertex::Node(id) => (paths[id.at()].clone(), program.node(*id).line),
        Vertex::File(file) => (infer.files.path(*file).to_owned(), 1),
        _ => (String::new(), 0),
    };
    order.sort_by_cached_key(|vertex| (name_of(&infer, vertex), digests[vertex]));
    let numbers: HashMap<Vertex, ItemId> = order.iter().enumerate().map(|(at, vertex)| (*vertex, ItemId(at))).collect();

    let mut analysis = Analysis::default();
    for vertex in &order {
        analysis.items.push(report_item(&infer, project, &graph, &paths, &digests, &numbers, *vertex));
    }
    let mut reacher = Reacher::new(&graph);
    let finder = extras.inputs.then(|| Finder::new(&mut infer, &graph, &identities, &numbers));
    let mut slots = Slots::new(&graph, &digests, &numbers, &asks);
    for (id, incoming) in &entries {
        let seeds = incoming.seeds.iter().filter_map(|seed| graph.index.get(&graph.entry(*seed)).copied());
        let reached = reacher.reach(seeds);
        analysis.functions.push(report_function(
            &infer,
            project,
            &graph,
            &paths,
            &mut slots,
            &asks,
            *id,
            &incoming.widened,
            &reached,
        ));
        if extras.ways
            && let Some(function) = analysis.functions.last_mut()
        {
            function.ways = ways(&graph, &reacher, &reached, &numbers, &mut analysis.steps, &program);
        }
        if let (Some(finder), Some(function)) = (&finder, analysis.functions.last_mut()) {
            function.inputs = finder.inputs(&infer, *id, &incoming.seeds, &reached);
            let is_unseen = |id: &ExternalId| !infer.known.holds(&project.externals[id.0].name);
            function.unseen = function.external.iter().copied().filter(is_unseen).collect();
        }
    }
    for (function, (id, _)) in analysis.functions.iter_mut().zip(&entries) {
        function.refused = refused.get(id).cloned().unwrap_or_default();
    }
    analysis.functions.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| a.target.cmp(&b.target)));
    let is_external = |file: &&LoadedFile| file.packages.iter().all(|id| project.packages[id.0].external.is_some());
    for file in infer.files.list.iter().filter(|file| !is_external(file)) {
        analysis.files.push(FileRead {
            path: file.path.clone(),
            packages: file.packages.iter().copied().collect(),
            hash: file.digest,
        });
    }
    analysis.files.sort();
    analysis.problems = std::mem::take(&mut infer.files.problems);
    analysis.problems.sort();
    analysis
}

/// The functions that were asked for.
fn select(program: &Program, project: &Project, roots: &Roots) -> Vec<NodeId> {
    let mut out = Vec::new();
    for (id, node) in program.nodes() {
        let Some(DeclKind::Fn(decl)) = program.decl(id) else { continue };
        let Some(krate) = node.krate else { continue };
        if decl.body.is_none() || !project.subjects.contains(&program.krate(krate).package) {
            continue;
        }
        let wanted = match roots {
            Roots::All => true,
            Roots::Cached => is_cached(program, id),
            Roots::Paths(paths) => paths.iter().any(|path| path == &node.path),
        };
        if wanted {
            out.push(id);
        }
    }
    out
}

fn is_cached(program: &Program, id: NodeId) -> bool {
    program.node(id).decl.as_ref().is_some_and(|decl| decl.attrs.iter().any(|attr| matches!(attr, Attr::Cached(_))))
}

/// Paths that tell all items apart: by the whole header of an impl, by the predicates, by the code, by the place.
fn distinct_paths(program: &Program) -> Vec<String> {
    let mut paths: Vec<String> = program.nodes().map(|(_, node)| node.path.clone()).collect();
    for step in 0..4 {
        let mut count: HashMap<&str, u32> = HashMap::default();
        for (at, path) in paths.iter().enumerate() {
            if program.nodes[at].decl.is_some() {
                *count.entry(path).or_default() += 1;
            }
        }
        let shared: Vec<usize> = paths
            .iter()
            .enumerate()
            .filter(|(at, path)| program.nodes[*at].decl.is_some() && count.get(path.as_str()).is_some_and(|n| *n > 1))
            .map(|(at, _)| at)
            .collect();
        if shared.is_empty() {
            break;
        }
        for at in shared {
            let node = &program.nodes[at];
            let name = node.path.rsplit("::").next().unwrap_or_default().to_owned();
            let header = node.owner.and_then(|owner| match program.decl(owner) {
                Some(DeclKind::Impl(of)) => Some(of.header.clone()),
                _ => None,
            });
            let scope = &program.module(node.module).path;
            let next = match (step, header) {
                (0, Some(header)) => format!("{scope}::<{header}>::{name}"),
                (1, _) => {
                    let cfg = node.identity.split_once("\n#[").map(|(_, cfg)| format!(" #[{cfg}")).unwrap_or_default();
                    format!("{}{cfg}", paths[at])
                }
                (2, _) => format!("{} #{}", paths[at], &node.hash.to_string()[..8]),
                (3, _) => format!("{} @{}", paths[at], node.line),
                _ => continue,
            };
            paths[at] = next;
        }
    }
    paths
}

/// Where each vertex comes in the orders that a reachable set is hashed and reported in, and which have more to say.
struct Slots {
    /// Items in the order of their digests.
    by_digest: Vec<(Digest, ItemId)>,
    /// Position of a vertex in `by_digest`; `u32::MAX` for one that is no item.
    ranks: Vec<u32>,
    /// Whether an item of the vertex asks, widens or stands for a package.
    speaks: Vec<bool>,
    /// One bit for each position: cheaper than to sort every reachable set.
    digests: Vec<u64>,
    numbers: Vec<u64>,
}

impl Slots {
    fn new(
        graph: &ItemGraph,
        digests: &HashMap<Vertex, Digest>,
        numbers: &HashMap<Vertex, ItemId>,
        asks: &[Asks],
    ) -> Slots {
        let mut all: Vec<(Digest, ItemId, usize)> = Vec::new();
        let mut speaks = Vec::with_capacity(graph.graph.node_count());
        for (at, vertex) in graph.graph.raw_nodes().iter().map(|node| &node.weight).enumerate() {
            if let (Some(digest), Some(number)) = (digests.get(vertex), numbers.get(vertex)) {
                all.push((*digest, *number, at));
            }
            speaks.push(match vertex {
                Vertex::Node(id) => {
                    let (facts, asks) = (&graph.facts[id.at()], &asks[id.at()]);
                    !facts.widened.is_empty() || !asks.cfgs.is_empty() || !asks.envs.is_empty() || !asks.open.is_empty()
                }
                Vertex::MacroBag(_) => true,
                _ => false,
            });
        }
        all.sort_unstable();
        let mut ranks = vec![u32::MAX; graph.graph.node_count()];
        for (rank, (_, _, at)) in all.iter().enumerate() {
            ranks[*at] = rank as u32;
        }
        let words = all.len().div_ceil(64);
        let by_digest = all.into_iter().map(|(digest, number, _)| (digest, number)).collect();
        Slots { by_digest, ranks, speaks, digests: vec![0; words], numbers: vec![0; words] }
    }

    /// Digests and numbers of what is reached, each in order.
    fn ordered(&mut self, reached: &[u32]) -> (Vec<Digest>, Vec<ItemId>) {
        for at in reached {
            let rank = self.ranks[*at as usize];
            if let Some((_, number)) = self.by_digest.get(rank as usize) {
                self.digests[rank as usize / 64] |= 1 << (rank % 64);
                self.numbers[number.0 / 64] |= 1 << (number.0 % 64);
            }
        }
        let digests = drain(&mut self.digests).map(|at| self.by_digest[at].0).collect();
        let numbers = drain(&mut self.numbers).map(ItemId).collect();
        (digests, numbers)
    }
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

/// What an item's code asks, by whether anybody answers.
fn asks(program: &Program, project: &Project, id: NodeId, graph: &ItemGraph) -> Asks {
    let node = program.node(id);
    let mut out = Asks::default();
    let Some(krate) = node.krate else { return out };
    let package = &project.packages[program.krate(krate).package.0];
    let facts = &graph.facts[id.at()];
    let mut leaves = Vec::new();
    let inner = node.decl.iter().flat_map(|decl| &decl.asks);
    for predicate in node.cfg.iter().chain(inner).chain(&facts.asks) {
        predicate.leaves(&mut leaves);
    }
    leaves.sort_by(|a, b| a.0.cmp(&b.0));
    leaves.dedup_by(|a, b| a.0 == b.0);
    for (text, predicate) in leaves {
        let answer = predicate.eval(&package.cfg);
        if package.answered_by_compiler {
            out.cfgs.insert((text, answer));
        } else if let Some(answer) = answer {
            out.answers.push(format!("cfg {text} {answer}"));
        } else {
            out.open.push(format!("`cfg({text})` of package {}, whose configuration can't be seen", package.name));
        }
    }
    for name in &facts.envs {
        let value = package.env.get(name);
        if package.answered_by_compiler {
            out.envs.insert((name.clone(), value.cloned()));
        } else if let Some(value) = value {
            out.answers.push(format!("env {name} {value:?}"));
        } else {
            out.open.push(format!("`env!({name:?})` of package {}, whose environment can't be seen", package.name));
        }
    }
    out
}

fn report_item(
    infer: &Infer<'_, '_, '_>,
    project: &Project,
    graph: &ItemGraph,
    paths: &[String],
    digests: &HashMap<Vertex, Digest>,
    numbers: &HashMap<Vertex, ItemId>,
    vertex: Vertex,
) -> Item {
    let program = infer.program;
    let mut mentions = Vec::new();
    if let Vertex::Node(id) = vertex {
        for edge in &graph.facts[id.at()].edges {
            let edge = match edge {
                Vertex::External(id) => program.externals.get(id).map(|node| Vertex::Node(*node)),
                edge => Some(*edge),
            };
            mentions.extend(edge.and_then(|edge| numbers.get(&edge)).copied());
        }
        let called = graph.facts[id.at()].calls.iter().map(|call| Vertex::Node(call.callee));
        mentions.extend(called.filter_map(|callee| numbers.get(&callee)).copied());
        mentions.sort_unstable();
        mentions.dedup();
    }
    match vertex {
        Vertex::Node(id) => {
            let node = program.node(id);
            let package = match (node.external, node.krate) {
                (Some(id), _) => project.externals[id.0].name.clone(),
                (None, Some(krate)) => project.packages[program.krate(krate).package.0].name.clone(),
                (None, None) => String::new(),
            };
            Item {
                path: paths[id.at()].clone(),
                kind: node.kind,
                package,
                file: node.file.map(|file| infer.files.path(file).to_owned()),
                line: node.line,
                end_line: node.end_line,
                hash: node.hash,
                digest: digests[&vertex],
                mentions,
                written: written(infer, id),
                parameters: parameters(program, id),
            }
        }
        Vertex::File(file) => {
            let loaded = &infer.files.list[file.0 as usize];
            let package = loaded.packages.first().map(|id| project.packages[id.0].name.clone()).unwrap_or_default();
            Item {
                path: loaded.path.clone(),
                kind: ItemKind::File,
                package,
                file: loaded.digest.map(|_| loaded.path.clone()),
                line: 1,
                end_line: loaded.lines.max(1),
                hash: loaded.digest.unwrap_or_default(),
                digest: digests[&vertex],
                mentions,
                written: Vec::new(),
                parameters: Vec::new(),
            }
        }
        _ => Item {
            path: String::new(),
            kind: ItemKind::Module,
            package: String::new(),
            file: None,
            line: 0,
            end_line: 0,
            hash: Digest::default(),
            digest: Digest::default(),
            mentions,
            written: Vec::new(),
            parameters: Vec::new(),
        },
    }
}

/// Where the tokens of what a macro made were written.
fn written(infer: &Infer<'_, '_, '_>, id: NodeId) -> Vec<Lines> {
    let program = infer.program;
    let (Some(places), Some(decl)) = (&program.places, &program.node(id).decl) else { return Vec::new() };
    let mut all: Vec<(FileId, u32)> = decl.written.iter().filter_map(|number| places.get(*number)).collect();
    all.sort_unstable();
    let mut out: Vec<Lines> = Vec::new();
    for (file, line) in all {
        let file = infer.files.path(file);
        match out.last_mut() {
            Some(last) if last.file == file && last.end_line + 1 >= line => last.end_line = line,
            _ => out.push(Lines { file: file.to_owned(), line, end_line: line }),
        }
    }
    out
}

/// Type parameters of an item and of the impl or trait around it, if places were asked for.
fn parameters(program: &Program, id: NodeId) -> Vec<String> {
    if program.places.is_none() {
        return Vec::new();
    }
    let of = |id: NodeId| match program.decl(id) {
        Some(DeclKind::Fn(decl)) => Some(&decl.generics),
        Some(DeclKind::Impl(decl)) => Some(&decl.generics),
        Some(DeclKind::Struct(generics, _) | DeclKind::Union(generics, _) | DeclKind::Enum(generics, _)) => {
            Some(generics)
        }
        Some(DeclKind::Trait(generics, ..) | DeclKind::Alias(generics, ..) | DeclKind::Const(generics, ..)) => {
            Some(generics)
        }
        _ => None,
    };
    let around = program.node(id).owner.and_then(of);
    let all = around.into_iter().chain(of(id)).flat_map(|generics| &generics.params);
    all.map(|param| program.text(param.name)).collect()
}

#[allow(clippy::too_many_arguments, reason = "one step of `run`, which holds all of these")]
fn report_function(
    infer: &Infer<'_, '_, '_>,
    project: &Project,
    graph: &ItemGraph,
    paths: &[String],
    slots: &mut Slots,
    asks: &[Asks],
    id: NodeId,
    incoming: &[crate::infer::Widening],
    reached: &[u32],
) -> Function {
    let program = infer.program;
    let node = program.node(id);
    let root = graph.index.get(&Vertex::Node(id)).map_or(u32::MAX, |at| slots.ranks[at.index()]);
    let root = slots.by_digest.get(root as usize).copied().unwrap_or((Digest::default(), ItemId(0)));
    let (mut set, reaches) = slots.ordered(reached);
    let mut external: BTreeSet<ExternalId> = BTreeSet::new();
    let mut widened: BTreeSet<Widened> = BTreeSet::new();
    let (mut cfgs, mut envs) = (BTreeSet::new(), BTreeSet::new());
    let place = |of: NodeId, line: u32| {
        let node = program.node(of);
        let file = node.file.map_or_else(String::new, |file| infer.files.path(file).to_owned());
        format!("{file}:{}", if line == 0 { node.line } else { line })
    };
    for widening in incoming {
        widened.insert(Widened { at: place(id, widening.line), kind: widening.kind, why: widening.why.clone() });
    }
    let positions = graph.index.get(&Vertex::Positions).is_some_and(|at| reached.contains(&(at.index() as u32)));
    let mut standing: BTreeSet<Digest> = BTreeSet::new();
    for at in reached {
        let vertex = graph.graph[petgraph::graph::NodeIndex::new(*at as usize)];
        if let Vertex::Node(of) = vertex {
            external.extend(program.node(of).external);
            if positions && let Some(file) = program.node(of).file {
                // The file's name shows too.
                let content = infer.files.digest_of(file).unwrap_or_default();
                standing.insert(digest(&[infer.files.path(file).as_bytes(), b"\0", &content.0]));
            }
        }
        if !slots.speaks[*at as usize] {
            continue;
        }
        let (of, facts) = match vertex {
            Vertex::Node(of) => (of, &graph.facts[of.at()]),
            Vertex::MacroBag(of) => (of, &graph.bags[&of]),
            _ => continue,
        };
        for widening in &facts.widened {
            widened.insert(Widened { at: place(of, widening.line), kind: widening.kind, why: widening.why.clone() });
        }
        let asks = &asks[of.at()];
        cfgs.extend(asks.cfgs.iter().cloned());
        envs.extend(asks.envs.iter().cloned());
        for why in &asks.open {
            widened.insert(Widened { at: place(of, 0), kind: WidenedKind::Opaque, why: why.clone() });
        }
    }
    if positions {
        let why = "reads where code stands (`Location::caller`): every edit of the files it reaches counts".to_owned();
        widened.insert(Widened { at: place(id, 0), kind: WidenedKind::Source, why });
        set.extend(standing);
    }
    let krate = node.krate.map(|krate| program.krate(krate));
    let package = krate.map_or(PackageId(0), |krate| krate.package);
    let (line, column) = node.decl.as_ref().map_or((0, 0), |decl| (decl.name_line, decl.name_column));
    Function {
        path: paths[id.at()].clone(),
        item: root.1,
        package,
        target: krate.map(|krate| krate.label.clone()).unwrap_or_default(),
        name: node.decl.as_ref().map(|decl| program.text(decl.name)).unwrap_or_default(),
        module: module_path(program, project, node.module),
        line,
        column,
        cached: is_cached(program, id),
        source: fingerprint::set(&root.0, set.iter()),
        reaches,
        external: external.into_iter().collect(),
        widened: widened.into_iter().collect(),
        cfgs,
        envs,
        refused: Vec::new(),
        inputs: Vec::new(),
        unseen: Vec::new(),
        ways: Vec::new(),
    }
}

/// For each item that was reached, the item before it and what stands between the two.
fn ways(
    graph: &ItemGraph,
    reacher: &Reacher,
    reached: &[u32],
    numbers: &HashMap<Vertex, ItemId>,
    steps: &mut Vec<String>,
    program: &Program,
) -> Vec<Way> {
    let vertex = |at: u32| graph.graph[petgraph::graph::NodeIndex::new(at as usize)];
    let mut known: HashMap<String, u32> =
        steps.iter().enumerate().map(|(at, text)| (text.clone(), at as u32)).collect();
    let mut out = Vec::new();
    for &at in reached {
        let Some(&item) = numbers.get(&vertex(at)) else { continue };
        let mut between = Vec::new();
        let mut next = reacher.before(at);
        let from = loop {
            let Some(before) = next else { break None };
            if let Some(from) = numbers.get(&vertex(before)) {
                break Some(*from);
            }
            between.push(vertex(before).describe(program));
            next = reacher.before(before);
        };
        between.reverse();
        let text = between.join(" > ");
        let by = *known.entry(text).or_insert_with_key(|text| {
            steps.push(text.clone());
            steps.len() as u32 - 1
        });
        out.push(Way { item, from, by });
    }
    out
}

/// What `module_path!()` says: the crate's name and its modules, blocks left out.
fn module_path(program: &Program, project: &Project, module: crate::program::ModuleId) -> String {
    let module = program.module(program.real_module(module));
    let krate = program.krate(module.krate);
    let name = project.packages[krate.package.0].targets[krate.target].crate_name();
    let root = &program.module(krate.root).path;
    match module.path.strip_prefix(root.as_str()) {
        Some(rest) => format!("{name}{rest}"),
        None => module.path.clone(),
    }
}
