//! The layout of `rustfmt`. What it does to tokens that a macro sees is no layout: such items keep theirs.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use proc_macro2::{TokenStream, TokenTree};
use syn::{ImplItem, Item};

use super::{Outcome, Rewritten};
use crate::error::ProofError;
use crate::source::{Source, range};
use crate::subject::Subject;
use crate::walk::{Node, Visitor, Why, walk};

/// A configuration.
pub(super) struct Style {
    options: &'static str,
}

/// As it comes.
pub(super) const DEFAULT: Style = Style { options: "style_edition=2024" };

/// Narrow, with tabs, nothing on one line, another order of nothing.
pub(super) const NARROW: Style = Style {
    options: "style_edition=2021,hard_tabs=true,max_width=60,use_small_heuristics=Off,newline_style=Windows,\
              match_arm_leading_pipes=Always,match_block_trailing_comma=true,fn_params_layout=Vertical,\
              reorder_imports=false,reorder_modules=false,merge_derives=false,remove_nested_parens=false",
};

/// Wide, as much as fits on one line.
pub(super) const WIDE: Style = Style {
    options: "style_edition=2015,tab_spaces=2,max_width=200,use_small_heuristics=Max,newline_style=Unix,\
              use_field_init_shorthand=true,fn_params_layout=Compressed,force_explicit_abi=false",
};

/// The attribute that makes `rustfmt` leave an item alone.
const SKIP: &str = "#[rustfmt::skip]\n";

pub(super) fn apply(subject: &Subject, style: &Style) -> Result<Outcome, ProofError> {
    let mut outcome = Outcome::default();
    // Each half on a thread of its own; what comes back keeps the order.
    let (first, second) = subject.sources.split_at(subject.sources.len() / 2);
    let run = |half: &[Source]| half.iter().map(|source| one(subject, source, style)).collect::<Vec<_>>();
    let (firsts, seconds) = std::thread::scope(|scope| {
        // Trees of syntax stay on their threads: each parses its files itself.
        let texts: Vec<(String, String)> = second.iter().map(|it| (it.path.clone(), it.text.clone())).collect();
        let style = &*style;
        let editions: Vec<u16> = second.iter().map(|it| edition(subject, &it.path)).collect();
        let shadowed: Vec<_> = second.iter().map(|source| subject.shadowed(source)).collect();
        let other = scope.spawn(move || {
            let sources = texts.iter().map(|(path, text)| Source::parse(path, text));
            let formatted = sources.zip(editions).zip(shadowed).map(|((source, edition), shadowed)| {
                source.map(|source| formatted(&source, edition, shadowed, style)).unwrap_or_else(|| Ok(None))
            });
            formatted.collect::<Vec<_>>()
        });
        (run(first), other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    for (source, result) in subject.sources.iter().zip(firsts.into_iter().chain(seconds)) {
        let Some((text, sites, skipped)) = result? else { continue };
        let mut rewritten = Rewritten { sites, ..Rewritten::default() };
        rewritten.skip(Why::TokensInMacro, skipped);
        rewritten.edits.replace(0..source.text.len(), text);
        outcome.add(source, rewritten);
    }
    Ok(outcome)
}

type Formatted = Result<Option<(String, usize, usize)>, ProofError>;

fn one(subject: &Subject, source: &Source, style: &Style) -> Formatted {
    formatted(source, edition(subject, &source.path), subject.shadowed(source), style)
}

fn edition(subject: &Subject, path: &str) -> u16 {
    let file = subject.analysis.files.iter().find(|file| file.path == path);
    let package = file.and_then(|file| file.packages.first());
    package.map_or(2021, |id| subject.bench.project.packages[id.0].edition)
}

/// The text, how many of its lines are new, and how many lines were left alone; `None` if nothing changes.
fn formatted(source: &Source, edition: u16, shadowed: &std::collections::BTreeSet<String>, style: &Style) -> Formatted {
    let mut text = source.text.clone();
    let mut left_alone = 0;
    loop {
        let out = rustfmt(&source.path, &text, edition, style)?;
        let parsed = Source::parse(&source.path, &text);
        let (Some(before), Some(after)) = (parsed, Source::parse(&source.path, &out)) else { return Ok(None) };
        let skip = changed_in_macros(&before, &after, shadowed);
        if skip.is_empty() {
            return Ok((out != source.text).then(|| {
                let sites = new_lines(&source.text, &out);
                (out, sites, left_alone)
            }));
        }
        let mut edits = crate::edit::Edits::default();
        for item in skip {
            left_alone += text[item.clone()].lines().count();
            edits.insert(item.start, SKIP);
        }
        text = edits.apply(&text);
    }
}

/// Items in which the formatter changed tokens that a macro sees.
fn changed_in_macros(
    before: &Source,
    after: &Source,
    shadowed: &std::collections::BTreeSet<String>,
) -> Vec<std::ops::Range<usize>> {
    let [mut old, mut new] = [before, after].map(|source| {
        let mut regions = Regions::default();
        walk(&source.syntax, shadowed, &mut regions);
        regions
    });
    // Imports are sorted, so that what is hidden may come in another order: pair what is alike.
    let mut rest: BTreeMap<String, usize> = BTreeMap::new();
    for (tokens, _) in new.hidden.drain(..) {
        *rest.entry(tokens).or_default() += 1;
    }
    let mut changed = Vec::new();
    for (tokens, at) in old.hidden.drain(..) {
        match rest.get_mut(&tokens) {
            Some(count) if *count > 0 => *count -= 1,
            _ => changed.push(at),
        }
    }
    let mut items: Vec<std::ops::Range<usize>> = changed
        .into_iter()
        .filter_map(|at| old.items.iter().filter(|item| item.contains(&at)).min_by_key(|item| item.len()).cloned())
        .collect();
    items.sort_by_key(|item| (item.start, item.end));
    items.dedup();
    items.retain(|item| !before.text[item.clone()].starts_with(SKIP.trim_end()));
    // An item within another one that is left alone is left alone too.
    let outer = items.clone();
    items.retain(|item| !outer.iter().any(|it| it != item && it.start <= item.start && item.end <= it.end));
    items
}

/// What macros see, with its place, and the items around.
#[derive(Default)]
struct Regions {
    hidden: Vec<(String, usize)>,
    items: Vec<std::ops::Range<usize>>,
}

impl Visitor for Regions {
    fn node(&mut self, node: Node<'_>) {
        match node {
            Node::Item(item @ (Item::Fn(_) | Item::Const(_) | Item::Static(_) | Item::Impl(_) | Item::Trait(_))) => {
                self.items.push(range(item));
            }
            Node::Item(item @ (Item::Struct(_) | Item::Enum(_) | Item::Type(_))) => self.items.push(range(item)),
            Node::ImplItem(item @ ImplItem::Fn(_)) => self.items.push(range(item)),
            Node::TraitItem(item) => self.items.push(range(item)),
            _ => {}
        }
    }

    fn hidden(&mut self, tokens: TokenStream, why: Why) {
        let Some(first) = tokens.clone().into_iter().next() else { return };
        let place = range(&tokens);
        if why != Why::MacroInput || first.to_string() == "#" {
            self.items.push(place.clone());
        }
        self.hidden.push((exact(&tokens), place.start));
    }
}

/// Tokens without layout. Documentation loses what the formatter trims.
fn exact(tokens: &TokenStream) -> String {
    let mut text = String::new();
    crate::source::each(tokens, &mut |token| match token {
        TokenTree::Group(group) => text.push_str(&format!("{:?}", group.delimiter())),
        TokenTree::Literal(literal) => text.push_str(&literal.to_string()),
        TokenTree::Punct(punct) => text.push(punct.as_char()),
        TokenTree::Ident(name) => {
            text.push(' ');
            text.push_str(&name.to_string());
        }
    });
    text
}

fn rustfmt(path: &str, text: &str, edition: u16, style: &Style) -> Result<String, ProofError> {
    let mut child = Command::new("rustfmt")
        .args(["--quiet", "--edition", &edition.to_string(), "--config", style.options])
        // Nobody's configuration counts.
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(ProofError::system("rustfmt"))?;
    let input = child.stdin.take();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
        child.wait_with_output()
    });
    let output = output.map_err(ProofError::system("rustfmt"))?;
    let formatted = String::from_utf8_lossy(&output.stdout).into_owned();
    if formatted.trim().is_empty() && !text.trim().is_empty() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(ProofError::Formatter { path: path.to_owned(), message });
    }
    Ok(formatted)
}

/// Lines that weren't there.
fn new_lines(old: &str, new: &str) -> usize {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for line in old.split('\n') {
        *known.entry(line).or_default() += 1;
    }
    let is_new = |line: &&str| match known.get_mut(*line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    new.split('\n')
        .filter({
            let mut is_new = is_new;
            move |line| is_new(line)
        })
        .count()
}
