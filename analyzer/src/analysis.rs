//! The whole way, from a project to a report.

use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::Roots;
use crate::collect::collect;
use crate::cutoff::{ItemRecord, Seen};
use crate::fingerprint::{self, Identities};
use crate::graph::ItemGraph;
use crate::infer::{Facts, Infer, Vertex};
use crate::inputs::Finder;
use crate::ir::{Attr, Decl, DeclKind};
use crate::load::{Ahead, FileId, Files, LoadedFile, digest};
use crate::program::{NodeId, Program};
use crate::project::{ExternalId, PackageId, Project};
use crate::reach::Reacher;
use crate::report::{Analysis, FileRead, Function, Item, ItemId, ItemKind, Lines, Way};
use crate::roots::Callers;
use crate::sets::{Sets, Summed};
use crate::source::{Digest, Loader, Summaries};

/// What an item's code asks of the configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asks {
    /// Answered by the compiler that compiles the table.
    pub(crate) cfgs: BTreeSet<(String, Option<bool>)>,
    pub(crate) envs: BTreeSet<(String, Option<String>)>,
    /// Known answers in packages that the compiler won't be asked about.
    answers: Vec<String>,
    /// Questions that nobody can answer.
    pub(crate) open: Vec<String>,
}

impl Asks {
    fn is_empty(&self) -> bool {
        self.cfgs.is_empty() && self.envs.is_empty() && self.answers.is_empty() && self.open.is_empty()
    }
}

pub(crate) fn run(
    project: &Project,
    loader: &dyn Loader,
    roots: &Roots,
    summaries: &dyn Summaries,
    extras: crate::Extras,
) -> (Analysis, Option<Seen>) {
    let ahead = Ahead::new(project, loader, summaries, extras.record);
    let mut files = Files::new(loader, summaries, &ahead);
    let program = std::thread::scope(|scope| {
        let _closing = ahead.start(scope);
        collect(project, &mut files, extras.places)
    });
    let mut infer = Infer::new(&program, project, &mut files);
    let mut graph = ItemGraph::build(&mut infer, matches!(roots, Roots::All));
    let selected: Vec<NodeId> = select(&program, project, roots);
    let mut entries = Vec::new();
    let mut callers = Callers::default();
    for &id in &selected {
        entries.push((id, callers.incoming(&mut infer, &mut graph, id)));
    }
    let refused: HashMap<NodeId, Vec<crate::report::Refusal>> =
        selected.iter().map(|id| (*id, crate::keys::refusals(&mut infer, *id))).collect();
    let mut entered = HashSet::default();
    for (id, incoming) in &entries {
        graph.read_from(&mut infer, [Vertex::Node(*id)]);
        let root = graph.entry(Vertex::Node(*id));
        graph.vertex(root);
        // Most roots share their seeds with others.
        if entered.insert(incoming.seeds.as_ptr()) {
            graph.read_from(&mut infer, incoming.seeds.iter().copied());
            for seed in incoming.seeds.iter() {
                let seed = graph.entry(*seed);
                graph.vertex(seed);
            }
        }
    }
    if extras.inputs && crate::inputs::asks_for_all(&mut infer, &graph) {
        graph.read_rest(&mut infer);
    }
    let identities = Identities::new();
    if !extras.inputs {
        infer.end();
        drop(callers);
        // What items do was read as far as anybody will.
        program.nodes.iter().filter_map(|node| node.decl.as_deref()).for_each(Decl::forget);
    }
    // Most items ask nothing.
    let asked = |id| Some((id, asks(&program, project, id, &graph))).filter(|(_, asks)| !asks.is_empty());
    let asks: HashMap<NodeId, Asks> = program.nodes().filter_map(|(id, _)| asked(id)).collect();

    // Items of the report: nodes that stand for something, and files.
    let (paths, told_by_place) = distinct_paths(&program);
    let mut digests: HashMap<Vertex, Digest> = HashMap::default();
    let mut rests: HashMap<NodeId, Digest> = HashMap::default();
    let mut order: Vec<Vertex> = Vec::new();
    for (id, node) in program.nodes() {
        if node.decl.is_none() && node.file.is_some() && node.kind != ItemKind::File
            || !graph.is_reached(Vertex::Node(id))
        {
            continue;
        }
        let rest =
            fingerprint::rest_of_item(&identities, &infer, &graph, id, asks.get(&id).map_or(&[], |asks| &asks.answers));
        digests.insert(Vertex::Node(id), fingerprint::of_item(&node.hash, &rest));
        if extras.record {
            rests.insert(id, rest);
        }
        order.push(Vertex::Node(id));
    }
    let mut included: Vec<FileId> = graph
        .index
        .keys()
        .filter_map(|vertex| match vertex {
            Vertex::File(file) if graph.is_reached(*vertex) => Some(*file),
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
        let mut item = report_item(&infer, project, &paths, &digests, *vertex);
        if !extras.record {
            item.mentions = mentions(&program, &graph, &numbers, *vertex);
        }
        analysis.items.push(item);
    }
    let mut reacher = Reacher::new(&graph);
    if !extras.inputs {
        // The reacher has them in a form of its own.
        graph.graph.clear_edges();
        graph.graph.shrink_to_fit_edges();
    }
    let finder = extras.inputs.then(|| Finder::new(&mut infer, &graph, &identities, &numbers));
    let mut sets = Sets::new(&infer, &graph, &digests, &numbers, &asks);
    for (id, incoming) in &entries {
        let root = graph.index.get(&graph.entry(Vertex::Node(*id))).copied();
        let reached = reacher.reach(&graph, &incoming.seeds, root, extras.ways);
        let positions = reacher.has(graph.index.get(&Vertex::Positions).copied());
        let summed = sets.sum(&infer, &graph, *id, &incoming.widened, &reached, positions);
        analysis.functions.push(report_function(&program, project, &paths, *id, summed));
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
    let read = infer.files.list.iter().filter(|file| is_external(file) && file.lines > 0);
    analysis.declarations = read.map(|file| file.path.clone()).collect();
    analysis.declarations.sort();
    infer.files.write_made(&program.symbols.borrow());
    analysis.problems = std::mem::take(&mut infer.files.problems);
    analysis.problems.sort();
    let files = extras.record.then(|| record(&infer, &graph, &numbers, &rests, &told_by_place));
    (analysis, files)
}

/// What tells whether another version of a file would change anything, and the contents of files.
fn record(
    infer: &Infer<'_, '_, '_>,
    graph: &ItemGraph,
    numbers: &HashMap<Vertex, ItemId>,
    rests: &HashMap<NodeId, Digest>,
    told_by_place: &HashSet<NodeId>,
) -> Seen {
    // Where code stands is read, in whatever is reached.
    let all_as_a_whole = graph.is_reached(Vertex::Positions);
    // Where an item stands or what it hashes to is part of what it is.
    let mut as_a_whole: HashSet<FileId> = HashSet::default();
    let mut by_decl: HashMap<*const Decl, ItemRecord> = HashMap::default();
    for (id, node) in infer.program.nodes() {
        let reads_places = |facts: &Facts| !facts.positions.is_empty();
        let reads_places = reads_places(&graph.facts[id.at()]) || graph.bags.get(&id).is_some_and(reads_places);
        if node.kind == ItemKind::File || reads_places || told_by_place.contains(&id) {
            as_a_whole.extend(node.file);
        }
        if let Some(decl) = &node.decl {
            let of = by_decl.entry(Rc::as_ptr(decl)).or_insert(ItemRecord { read: false, reported: Vec::new() });
            of.read |= graph.is_read(id);
            let number = numbers.get(&Vertex::Node(id));
            of.reported.extend(number.and_then(|number| Some((*number, *rests.get(&id)?))));
        }
    }
    as_a_whole.extend(graph.index.keys().filter_map(|vertex| match vertex {
        Vertex::File(file) => Some(*file),
        _ => None,
    }));
    let mut contents = Vec::new();
    let files = (0..infer.files.list.len()).map(|at| FileId(at as u32)).filter_map(|file| {
        let mut item = |decl: &Rc<Decl>| {
            let none = ItemRecord { read: false, reported: Vec::new() };
            by_decl.remove(&Rc::as_ptr(decl)).unwrap_or(none)
        };
        let mut record = infer.files.record(file, &mut contents, &mut item)?;
        record.compares &= !all_as_a_whole && !as_a_whole.contains(&file);
        Some(record)
    });
    let files = files.chain(infer.files.missed()).collect();
    Seen { files, contents }
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

/// Paths that tell all items apart: by the whole header of an impl, by the predicates, by the code, by the place. Beside them,
/// those that only the latter two tell apart.
fn distinct_paths(program: &Program) -> (Vec<String>, HashSet<NodeId>) {
    let mut told_by_place = HashSet::default();
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
            if step >= 2 {
                told_by_place.insert(NodeId(at as u32));
            }
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
    (paths, told_by_place)
}

/// What an item's code asks, by whether anybody answers.
fn asks(program: &Program, project: &Project, id: NodeId, graph: &ItemGraph) -> Asks {
    let node = program.node(id);
    let mut out = Asks::default();
    let Some(krate) = node.krate.filter(|_| graph.is_reached(Vertex::Node(id))) else { return out };
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

/// What an item mentions without condition, as far as it is in the report.
fn mentions(program: &Program, graph: &ItemGraph, numbers: &HashMap<Vertex, ItemId>, vertex: Vertex) -> Vec<ItemId> {
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
    mentions
}

fn report_item(
    infer: &Infer<'_, '_, '_>,
    project: &Project,
    paths: &[String],
    digests: &HashMap<Vertex, Digest>,
    vertex: Vertex,
) -> Item {
    let program = infer.program;
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
                mentions: Vec::new(),
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
                mentions: Vec::new(),
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
            mentions: Vec::new(),
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

fn report_function(program: &Program, project: &Project, paths: &[String], id: NodeId, summed: Summed) -> Function {
    let node = program.node(id);
    let krate = node.krate.map(|krate| program.krate(krate));
    let package = krate.map_or(PackageId(0), |krate| krate.package);
    let (line, column) = node.decl.as_ref().map_or((0, 0), |decl| (decl.name_line, decl.name_column));
    Function {
        path: paths[id.at()].clone(),
        item: summed.item,
        package,
        target: krate.map(|krate| krate.label.clone()).unwrap_or_default(),
        name: node.decl.as_ref().map(|decl| program.text(decl.name)).unwrap_or_default(),
        module: module_path(program, project, node.module),
        line,
        column,
        cached: is_cached(program, id),
        source: summed.source,
        reaches: summed.reaches,
        external: summed.external,
        widened: summed.widened,
        cfgs: summed.cfgs,
        envs: summed.envs,
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
