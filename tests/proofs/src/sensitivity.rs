//! The sensitivity proof: mutants, and every function that must notice each.
//!
//! One mutant, one analysis: each change of a fingerprint is one mutant's doing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use comfy_table::{CellAlignment, Table, presets};
use proc_macro2::TokenTree;
use quote::ToTokens as _;
use rememo_analyzer::report::{Analysis, Item, ItemKind};

use crate::edit::Edits;
use crate::mutate::{Kind, Mutation, Of, mutations};
use crate::random::Random;
use crate::source::each;
use crate::subject::{Changes, Subject};

/// What the mutants of one package say.
#[derive(Debug, Default)]
pub struct Row {
    /// The package.
    pub package: String,
    /// Mutants by what they change.
    pub mutants: BTreeMap<Kind, usize>,
    /// Functions and items that were mutated at least once.
    pub mutated: usize,
    /// Of how many.
    pub functions: usize,
    /// How long it took.
    pub took: Duration,
    /// Pairs of a mutant and a function whose reported set holds it.
    pub reported: usize,
    /// Pairs of a mutant and a function whose compiled code reaches it.
    pub compiled: usize,
    /// Pairs of a mutant and a function whose own text names the constant or the macro.
    pub named: usize,
    /// Pairs in which the executable's content completes the fingerprint.
    pub opaque: usize,
    /// Pairs of a generic function: what its callers pass in, its own set doesn't hold.
    pub generic: usize,
    /// Pairs whose fingerprint stayed.
    pub stale: Vec<String>,
    /// Functions whose fingerprint changed although they reach no mutant.
    pub needless: usize,
}

/// A mutation with the items that it changes and the functions that must notice.
struct Mutant {
    file: usize,
    mutation: Mutation,
    what: String,
    item: usize,
    must: Must,
}

/// Indices of functions.
#[derive(Default)]
struct Must {
    reported: BTreeSet<usize>,
    compiled: BTreeSet<usize>,
    named: BTreeSet<usize>,
}

impl Must {
    fn all(&self) -> impl Iterator<Item = usize> + '_ {
        self.reported.union(&self.compiled).copied().chain(self.named.iter().copied())
    }
}

/// What to make mutants of, and how.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// How many mutants to make of each package.
    #[arg(long, default_value_t = 400)]
    pub mutants: usize,
    /// How many analyses to run at once.
    #[arg(long, default_value_t = 2)]
    pub threads: usize,
    /// Only mutants of this item: its path, as `cargo rememo dump --all` prints it.
    #[arg(long)]
    pub item: Vec<String>,
    /// Another number chooses other mutants.
    #[arg(long, default_value_t = 0x5eed)]
    pub seed: u64,
}

/// Makes mutants of a package and looks at all fingerprints.
pub fn check(subject: &Subject, options: &Options) -> Row {
    let started = Instant::now();
    let index = Index::new(subject);
    let mutants = choose(subject, &index, options);
    let mut row = Row { package: subject.name.clone(), functions: index.functions, ..Row::default() };
    let mut mutated = BTreeSet::new();
    for mutant in &mutants {
        *row.mutants.entry(mutant.mutation.kind).or_default() += 1;
        mutated.insert(mutant.item);
    }
    row.mutated = mutated.len();
    let before = digests(&subject.analysis);
    // Texts are made here, because trees of syntax stay on their thread.
    let work: Vec<Changes> = mutants.iter().map(|mutant| changes(subject, mutant)).collect();
    let results: Mutex<Vec<Vec<bool>>> = Mutex::new(vec![Vec::new(); work.len()]);
    let next = AtomicUsize::new(0);
    let functions: Vec<(String, String)> = subject.analysis.functions.iter().map(key).collect();
    let (bench, before) = (&subject.bench, &before);
    std::thread::scope(|scope| {
        for _ in 0..options.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(changes) = work.get(at) else { break };
                    let after = digests(&bench.analyze(changes));
                    let changed: Vec<bool> = functions.iter().map(|key| before.get(key) != after.get(key)).collect();
                    if let Ok(mut results) = results.lock() {
                        results[at] = changed;
                    }
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_default();
    for (mutant, changed) in mutants.iter().zip(results) {
        judge(subject, mutant, &changed, &mut row);
        let must: BTreeSet<usize> = mutant.must.all().collect();
        row.needless += changed.iter().enumerate().filter(|(at, changed)| **changed && !must.contains(at)).count();
    }
    row.took = started.elapsed();
    row
}

fn judge(subject: &Subject, mutant: &Mutant, changed: &[bool], row: &mut Row) {
    let must = &mutant.must;
    row.reported += must.reported.len();
    row.compiled += must.compiled.len();
    row.named += must.named.len();
    let all: BTreeSet<usize> = must.all().collect();
    for at in all.into_iter().filter(|at| !changed.get(*at).copied().unwrap_or_default()) {
        let function = &subject.analysis.functions[at];
        let by_compiler_alone = !must.reported.contains(&at) && !must.named.contains(&at);
        let is_generic = subject.compiled.as_ref().is_some_and(|compiled| compiled.generic.contains(&function.item.0));
        if subject.opaque[at] {
            row.opaque += 1;
        } else if is_generic && by_compiler_alone {
            row.generic += 1;
        } else {
            row.stale.push(format!("{} of {} leaves {}", mutant.mutation.kind.as_str(), mutant.what, function.path));
        }
    }
}

/// Target and path; of paths that only a hash or a line tells apart, what is before it.
fn key(function: &rememo_analyzer::report::Function) -> (String, String) {
    let path = function.path.split([' ']).next().unwrap_or_default();
    let path = if function.path.contains(" #") || function.path.contains(" @") { path } else { &function.path };
    (function.target.clone(), path.to_owned())
}

fn digests(analysis: &Analysis) -> HashMap<(String, String), Vec<String>> {
    let mut found: HashMap<(String, String), Vec<String>> = HashMap::new();
    for function in &analysis.functions {
        found.entry(key(function)).or_default().push(function.source.to_string());
    }
    found.values_mut().for_each(|list| list.sort());
    found
}

fn changes(subject: &Subject, mutant: &Mutant) -> Changes {
    let mutation = &mutant.mutation;
    if mutation.kind == Kind::File {
        let mut bytes = subject.bench.files.get(&mutation.name).cloned().unwrap_or_default();
        bytes.push(b'\n');
        return Changes::from([(mutation.name.clone(), Some(bytes))]);
    }
    let source = &subject.sources[mutant.file];
    let mut edits = Edits::default();
    edits.replace(mutation.range.clone(), mutation.text.clone());
    Changes::from([(source.path.clone(), Some(edits.apply(&source.text).into_bytes()))])
}

/// Looks items and functions up.
struct Index<'a> {
    by_file: HashMap<&'a str, Vec<usize>>,
    /// By item: functions whose reported set holds it.
    reported: Vec<BTreeSet<usize>>,
    /// By item: functions whose compiled code reaches it.
    compiled: HashMap<usize, BTreeSet<usize>>,
    /// By item: functions whose own text names it.
    named: HashMap<usize, BTreeSet<usize>>,
    functions: usize,
}

impl<'a> Index<'a> {
    fn new(subject: &'a Subject) -> Index<'a> {
        let analysis = &subject.analysis;
        let mut by_file: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, item) in analysis.items.iter().enumerate() {
            if let Some(file) = &item.file {
                by_file.entry(file).or_default().push(at);
            }
        }
        let mut reported = vec![BTreeSet::new(); analysis.items.len()];
        let mut compiled: HashMap<usize, BTreeSet<usize>> = HashMap::new();
        for (at, function) in analysis.functions.iter().enumerate() {
            for item in &function.reaches {
                reported[item.0].insert(at);
            }
            let reach = subject.compiled.as_ref().and_then(|compiled| compiled.reach.get(&function.item.0));
            for item in reach.into_iter().flatten() {
                compiled.entry(*item).or_default().insert(at);
            }
        }
        let mut index =
            Index { by_file, reported, compiled, named: HashMap::new(), functions: analysis.functions.len() };
        index.named = names(subject, &index);
        index
    }

    /// The items that a mutation changes: in several targets, it may be several.
    fn items(&self, subject: &Subject, path: &str, mutation: &Mutation) -> Vec<usize> {
        let of = |item: &Item| match mutation.of {
            Of::Function => item.kind == ItemKind::Fn,
            Of::Const => item.kind == ItemKind::Const,
            Of::Static => item.kind == ItemKind::Static,
            Of::Type => item.kind == ItemKind::Type,
            Of::Trait => item.kind == ItemKind::Trait,
            Of::Impl => item.kind == ItemKind::Impl,
            Of::Macro => item.kind == ItemKind::Macro,
        };
        let covers = |item: &Item| {
            let named = mutation.name.is_empty() || last_name(&item.path) == mutation.name;
            named && item.line as usize <= mutation.line && mutation.line <= item.end_line as usize
        };
        let items = &subject.analysis.items;
        let here = self.by_file.get(path).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<usize> = here.iter().copied().filter(|at| of(&items[*at]) && covers(&items[*at])).collect();
        let lines = |at: usize| items[at].end_line - items[at].line;
        let least = found.iter().map(|at| lines(*at)).min().unwrap_or_default();
        found.retain(|at| lines(*at) == least);
        found
    }
}

/// The name of an item, without what tells equal paths apart.
fn last_name(path: &str) -> &str {
    let path = path.split(" #").next().unwrap_or(path).split(" @").next().unwrap_or(path);
    path.rsplit("::").next().unwrap_or(path).trim_end_matches('!')
}

/// Functions that name a constant or a macro that has its name alone, and those whose compiled code reaches such a function.
fn names(subject: &Subject, index: &Index<'_>) -> HashMap<usize, BTreeSet<usize>> {
    let items = &subject.analysis.items;
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        by_name.entry(last_name(&item.path)).or_default().push(at);
    }
    let is_constant =
        |at: usize| matches!(items[at].kind, ItemKind::Const | ItemKind::Static) && !items[at].path.contains('<');
    let alone: HashMap<&str, usize> = by_name
        .into_iter()
        .filter(|(name, found)| {
            let loud = name.len() > 3 && name.chars().all(|c| c == '_' || c.is_ascii_uppercase() || c.is_ascii_digit());
            found.len() == 1 && (loud && is_constant(found[0]) || items[found[0]].kind == ItemKind::Macro)
        })
        .map(|(name, found)| (name, found[0]))
        .collect();
    // A function that a macro made stands where the call does: of the macro's text it has what was made of it.
    let written = subject.analysis.functions.iter().enumerate().filter(|(_, function)| function.line > 0);
    let functions: HashMap<usize, usize> = written.map(|(at, function)| (function.item.0, at)).collect();
    let mut found: HashMap<usize, BTreeSet<usize>> = HashMap::new();
    for source in &subject.sources {
        let mut mentions: Vec<(usize, usize)> = Vec::new();
        let mut before: Option<(usize, usize)> = None;
        let mut punct = ' ';
        each(&source.syntax.to_token_stream(), &mut |token| match token {
            TokenTree::Ident(name) => {
                let name_line = name.span().start().line;
                before = alone.get(name.to_string().as_str()).map(|item| (*item, name_line)).filter(|_| punct != '$');
                if let Some((item, line)) =
                    before.filter(|(item, _)| items[*item].kind != ItemKind::Macro && !['.', ':'].contains(&punct))
                {
                    mentions.push((item, line));
                }
                punct = ' ';
            }
            TokenTree::Punct(it) => {
                if it.as_char() == '!'
                    && let Some((item, line)) = before.take().filter(|(item, _)| items[*item].kind == ItemKind::Macro)
                {
                    mentions.push((item, line));
                }
                before = None;
                punct = it.as_char();
            }
            _ => {
                before = None;
                punct = ' ';
            }
        });
        let here = index.by_file.get(source.path.as_str()).map_or(&[][..], Vec::as_slice);
        for (item, line) in mentions {
            // What encloses the line most tightly must be a function: a macro's body or a const names for others.
            let inner = here
                .iter()
                .filter(|at| items[**at].line as usize <= line && line <= items[**at].end_line as usize)
                .min_by_key(|at| items[**at].end_line - items[**at].line);
            let Some(at) = inner.and_then(|at| functions.get(at)) else { continue };
            let by = found.entry(item).or_default();
            by.insert(*at);
            by.extend(index.compiled.get(&subject.analysis.functions[*at].item.0).into_iter().flatten());
        }
    }
    found
}

/// The file of a mutation, itself, and the items that it changes.
type Choice = (usize, Mutation, Vec<usize>);

/// Mutants, spread over items and kinds.
fn choose(subject: &Subject, index: &Index<'_>, options: &Options) -> Vec<Mutant> {
    let count = options.mutants;
    let mut random = Random::new(options.seed);
    // Of each item its mutations, and rounds over all items.
    let mut by_item: BTreeMap<usize, Vec<Choice>> = BTreeMap::new();
    for (file, source) in subject.sources.iter().enumerate() {
        for mutation in mutations(source) {
            let items = index.items(subject, &source.path, &mutation);
            if let Some(first) = items.first() {
                by_item.entry(*first).or_default().push((file, mutation, items));
            }
        }
    }
    for (at, item) in subject.analysis.items.iter().enumerate().filter(|(_, item)| item.kind == ItemKind::File) {
        let Some(file) = item.file.clone().filter(|file| subject.bench.files.contains_key(file)) else { continue };
        let mutation =
            Mutation { kind: Kind::File, of: Of::Const, name: file, line: 1, range: 0..0, text: String::new() };
        by_item.entry(at).or_default().push((usize::MAX, mutation, vec![at]));
    }
    let is_wanted = |item: usize| options.item.is_empty() || options.item.contains(&subject.analysis.items[item].path);
    let mut lists: Vec<(usize, Vec<Choice>)> = by_item.into_iter().filter(|(item, _)| is_wanted(*item)).collect();
    for (_, list) in &mut lists {
        random.shuffle(list);
        // One of each kind before a second of any.
        let mut seen: BTreeMap<Kind, usize> = BTreeMap::new();
        let mut ranked: Vec<(usize, Choice)> = std::mem::take(list)
            .into_iter()
            .map(|entry| {
                let rank = seen.entry(entry.1.kind).or_default();
                *rank += 1;
                // An attribute fits everywhere, and says the least.
                (*rank + if entry.1.kind == Kind::Cfg { 2 } else { 0 }, entry)
            })
            .collect();
        ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        list.extend(ranked.into_iter().map(|(_, entry)| entry));
    }
    random.shuffle(&mut lists);
    let mut chosen = Vec::new();
    while chosen.len() < count && !lists.is_empty() {
        for (item, list) in &mut lists {
            let Some((file, mutation, items)) = list.pop() else { continue };
            if chosen.len() == count {
                break;
            }
            let mut must = Must::default();
            for item in &items {
                must.reported.extend(&index.reported[*item]);
                must.compiled.extend(index.compiled.get(item).into_iter().flatten());
                must.named.extend(index.named.get(item).into_iter().flatten());
            }
            // An item that nobody reaches is nobody's.
            if must.all().next().is_none() || !still_rust(subject, file, &mutation) {
                continue;
            }
            let what = subject.analysis.items[*item].path.clone();
            chosen.push(Mutant { file, mutation, what, item: *item, must });
        }
        lists.retain(|(_, list)| !list.is_empty());
    }
    chosen
}

/// A file that doesn't parse counts as a whole: that would prove nothing.
fn still_rust(subject: &Subject, file: usize, mutation: &Mutation) -> bool {
    let Some(source) = subject.sources.get(file) else { return true };
    let mut edits = Edits::default();
    edits.replace(mutation.range.clone(), mutation.text.clone());
    syn::parse_file(&edits.apply(&source.text)).is_ok()
}

/// One line per package, and the kinds of all.
pub fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "crate", "mutants", "items", "reported", "compiled", "named", "opaque", "generic", "needless", "stale",
        "seconds",
    ]);
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut sums = [0; 10];
    for row in rows {
        row.mutants.iter().for_each(|(kind, count)| *kinds.entry(*kind).or_default() += count);
        let numbers = [
            row.mutants.values().sum(),
            row.mutated,
            row.reported,
            row.compiled,
            row.named,
            row.opaque,
            row.generic,
            row.needless,
            row.stale.len(),
            row.took.as_secs() as usize,
        ];
        sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
        table.add_row(std::iter::once(row.package.clone()).chain(numbers.iter().map(usize::to_string)));
    }
    table.add_row(std::iter::once("all".to_owned()).chain(sums.iter().map(usize::to_string)));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {}", kind.as_str())).collect();
    format!("{table}\n\n{}", kinds.join(", "))
}
