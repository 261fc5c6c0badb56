//! Why our sets are larger than the compiler's: the step at which the way to an item leaves what compiled code reaches.

use std::collections::BTreeMap;

use rememo_analyzer::report::{Analysis, Way};
use rustc_hash::FxHashMap as HashMap;

use crate::compare::Subject;

/// Wasted pairs by cause, the largest first.
#[derive(Debug, Default)]
pub struct Causes {
    /// By what was asked for where the way left the compiler's.
    pub kinds: Vec<(String, usize)>,
    /// By the whole step: who asked for what, and came where.
    pub steps: Vec<(String, usize)>,
}

/// Ranks the causes of one member, whose analysis was asked for its ways. A pair counts once, at one of its shortest ways.
pub fn rank(subject: &Subject<'_>, analysis: &Analysis) -> Causes {
    let compiled = subject.compiled();
    let (mut kinds, mut steps): (BTreeMap<String, usize>, BTreeMap<String, usize>) = Default::default();
    for function in &analysis.functions {
        let root = function.item.0;
        if !compiled.contains(root) || subject.is_generic(root) {
            continue;
        }
        let needed = subject.compiler(root);
        let ways: HashMap<usize, &Way> = function.ways.iter().map(|way| (way.item.0, way)).collect();
        let mut counts: HashMap<(Option<usize>, usize), usize> = HashMap::default();
        for item in function.reaches.iter().map(|id| id.0).filter(|at| compiled.contains(*at) && !needed.contains(*at))
        {
            // From the item back to what compiled code reaches: the function nearest to it is where the way left.
            let (mut at, mut first) = (item, item);
            let good = loop {
                if compiled.contains(at) {
                    first = at;
                }
                let Some(from) = ways.get(&at).and_then(|way| way.from) else { break None };
                at = from.0;
                if at == root || (compiled.contains(at) && needed.contains(at)) {
                    break Some(at);
                }
            };
            *counts.entry((good, first)).or_default() += 1;
        }
        for ((good, to), count) in counts {
            let way = ways.get(&to);
            let by = way.map_or("", |way| analysis.steps[way.by as usize].as_str());
            let path = |at: Option<usize>| at.map_or("callers", |at| analysis.items[at].path.as_str());
            let from = way.and_then(|way| way.from).map(|from| from.0);
            let kind = match (by, from) {
                ("", Some(from)) => format!("named by a {:?}", analysis.items[from].kind),
                ("", None) => "seed".to_owned(),
                (by, _) => by.to_owned(),
            };
            *kinds.entry(kind).or_default() += count;
            let through = if from == good { String::new() } else { format!(" .. {}", path(from)) };
            *steps.entry(format!("{}{through} --[{by}]--> {}", path(good), path(Some(to)))).or_default() += count;
        }
    }
    Causes { kinds: ranked(kinds), steps: ranked(steps) }
}

fn ranked(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut all: Vec<(String, usize)> = counts.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all
}
