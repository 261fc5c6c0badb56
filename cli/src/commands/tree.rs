//! `cargo rememo tree FN`

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};

use rememo_analyzer::Roots;
use rememo_analyzer::report::{Analysis, Function, Item, ItemKind, Widened};

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::style::{DIM, STRONG};
use crate::output::tree::{self, Node, Tree};
use crate::output::{problems, text};
use crate::survey::{Part, Survey};

/// Prints what a function reaches, or what reaches it.
///
/// # Errors
/// What [`Survey::new`] and [`Survey::find`] say, or that the output can't be written.
pub(crate) fn run(args: &args::Tree) -> Result<ExitCode, Error> {
    let survey = Survey::new(&args.project, &Roots::All, &["dev"])?;
    let (part, function) = survey.find(&args.function)?;
    let mut out = BufWriter::new(anstream::stdout().lock());
    let depth = args.depth.unwrap_or(usize::MAX);
    if args.invert {
        inverted(&mut out, part, function, depth)?
    } else {
        reached(&mut out, part, function, depth)?
    };
    out.flush()?;
    Ok(problems::print(survey.problems())?)
}

/// What `function` reaches: first what is named, then what dispatch and the compiler itself lead to.
fn reached(out: &mut dyn Write, part: &Part, function: &Function, depth: usize) -> io::Result<()> {
    let items = &part.analysis.items;
    let reaches: BTreeSet<Node> = function.reaches.iter().map(|id| id.0).collect();
    let children = |node: Node| -> Vec<Node> {
        let mentions = items[node].mentions.iter().map(|id| id.0);
        let list: BTreeSet<Node> = mentions.filter(|child| *child != node && reaches.contains(child)).collect();
        list.into_iter().collect()
    };
    let (marks, loose) = marks(&part.analysis, function);
    let label = |out: &mut dyn Write, node: Node, is_elsewhere: bool| {
        line(out, &items[node], is_elsewhere)?;
        for widened in marks.get(&node).into_iter().flatten() {
            write!(out, "  ")?;
            text::mark(out, widened)?;
        }
        Ok(())
    };
    let mut tree = Tree::new(items.len(), depth, &children, &label);
    tree.draw(out, &[function.item.0])?;

    let rest: Vec<Node> = reaches.iter().copied().filter(|&node| !tree.is_shown(node)).collect();
    if depth > 0 && !rest.is_empty() {
        writeln!(out, "\n{STRONG}Reached without being named (dispatch, operators, drops, formatting):{STRONG:#}")?;
        tree.draw(out, &tree::heads(&rest, &children))?;
    }
    if !loose.is_empty() {
        writeln!(out, "\n{STRONG}Widened:{STRONG:#}")?;
        for widened in loose {
            text::mark(out, widened)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// What names `function`, what names that, and so on.
fn inverted(out: &mut dyn Write, part: &Part, function: &Function, depth: usize) -> io::Result<()> {
    let items = &part.analysis.items;
    let mut named_by: Vec<BTreeSet<Node>> = vec![BTreeSet::new(); items.len()];
    for (node, item) in items.iter().enumerate() {
        item.mentions.iter().filter(|id| id.0 != node).for_each(|id| _ = named_by[id.0].insert(node));
    }
    let children = |node: Node| named_by[node].iter().copied().collect();
    let label = |out: &mut dyn Write, node: Node, is_elsewhere: bool| line(out, &items[node], is_elsewhere);
    Tree::new(items.len(), depth, &children, &label).draw(out, &[function.item.0])
}

/// `const demo::LIMIT  src/lib.rs:3 (*)`
fn line(out: &mut dyn Write, item: &Item, is_elsewhere: bool) -> io::Result<()> {
    match item.kind {
        ItemKind::Fn => write!(out, "{STRONG}{}{STRONG:#}", item.path)?,
        kind => write!(out, "{DIM}{}{DIM:#} {}", kind.as_str(), item.path)?,
    }
    if let Some(file) = &item.file {
        write!(out, "  {DIM}{file}:{}{DIM:#}", item.line)?;
    }
    if is_elsewhere {
        write!(out, " {DIM}(*){DIM:#}")?;
    }
    Ok(())
}

/// The widened places of a function by the innermost reached item that holds them, and those that stand in none.
fn marks<'a>(analysis: &Analysis, function: &'a Function) -> (BTreeMap<Node, Vec<&'a Widened>>, Vec<&'a Widened>) {
    let (mut marks, mut loose) = (BTreeMap::<Node, Vec<&Widened>>::new(), Vec::new());
    for widened in function.widened.iter().map(|widened| &**widened) {
        let place = widened.at.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<u32>().ok()?)));
        let holder = place.and_then(|(file, line)| {
            let holds = |item: &Item| item.file.as_deref() == Some(file) && item.line <= line && line <= item.end_line;
            let holders = function.reaches.iter().map(|id| id.0).filter(|&node| holds(&analysis.items[node]));
            holders.min_by_key(|&node| analysis.items[node].end_line - analysis.items[node].line)
        });
        match holder {
            Some(node) => marks.entry(node).or_default().push(widened),
            None => loose.push(widened),
        }
    }
    (marks, loose)
}
