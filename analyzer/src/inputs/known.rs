//! Reads `known.txt`, the table of what reads the world outside.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::ir::Sym;
use crate::program::Program;
use crate::report::InputKind;

/// The owner that stands for the standard library.
pub(crate) const STD: &str = "std";

/// The table, by the names that code must mention for a line of it to matter.
pub(crate) struct Known {
    by_name: HashMap<Sym, Vec<Entry>>,
    /// Packages all of whose functions count.
    whole: Vec<(&'static str, InputKind)>,
    /// Packages whose types can change.
    changing: Vec<&'static str>,
    /// Packages that the table holds.
    packages: Vec<&'static str>,
    /// Methods after which an order is certain.
    pub(crate) sorted: HashSet<Sym>,
    /// Methods whose result doesn't depend on an order.
    pub(crate) unordered: HashSet<Sym>,
}

#[derive(Clone, Copy)]
struct Entry {
    package: &'static str,
    kind: InputKind,
    text: &'static str,
}

impl Entry {
    fn found(&self) -> Match {
        let text = self.text.trim_end_matches('?').trim_start_matches('.').replace('.', "::");
        let what = if self.package == STD { text } else { format!("{}::{text}", self.package.replace('-', "_")) };
        Match { kind: self.kind, what }
    }
}

/// What a line of the table says of a use.
pub(crate) struct Match {
    pub(crate) kind: InputKind,
    /// What the code names, for people.
    pub(crate) what: String,
}

impl Known {
    pub(crate) fn new(program: &Program) -> Known {
        let mut known = Known {
            by_name: HashMap::default(),
            whole: Vec::new(),
            changing: Vec::new(),
            packages: Vec::new(),
            sorted: HashSet::default(),
            unordered: HashSet::default(),
        };
        let mut packages: Vec<&'static str> = Vec::new();
        for line in include_str!("known.txt").lines() {
            let mut words = line.split_ascii_whitespace();
            let Some(first) = words.next().filter(|word| !word.starts_with('#')) else { continue };
            if !line.starts_with(' ') {
                packages = line.split_ascii_whitespace().collect();
                known.packages.extend(&packages);
                continue;
            }
            let Some(kind) = InputKind::named(first) else {
                let set = if first == "sorted" { &mut known.sorted } else { &mut known.unordered };
                set.extend(words.map(|word| program.sym(word)));
                continue;
            };
            if kind == InputKind::State && packages[0] != STD {
                known.changing.extend(&packages);
            }
            for text in words {
                for package in packages.iter().copied() {
                    if text == "*" {
                        known.whole.push((package, kind));
                    } else {
                        let name = program.sym(key(text));
                        known.by_name.entry(name).or_default().push(Entry { package, kind, text });
                    }
                }
            }
        }
        known
    }

    /// A function or, if `is_macro`, a macro, by its path in a package.
    pub(crate) fn path(&self, program: &Program, package: &str, path: &[Sym], is_macro: bool) -> Option<Match> {
        let (&last, before) = path.split_last()?;
        let parent = before.last().map(|name| program.text(*name)).unwrap_or_default();
        for entry in self.by_name.get(&last).into_iter().flatten().filter(|entry| is(package, entry.package)) {
            let (of, _) = split(entry.text.trim_end_matches('!'));
            let is_path = !entry.text.starts_with('.') && entry.text.ends_with('!') == is_macro;
            if is_path && (of.is_empty() || parent == of) {
                return Some(entry.found());
            }
        }
        let whole = self.whole.iter().find(|(name, _)| is(package, name) && !is_macro && is_function(program, last));
        whole.map(|(_, kind)| Match { kind: *kind, what: format!("{package}::{}", program.text(last)) })
    }

    /// A method by the name of its receiver's type, if that is known.
    pub(crate) fn method(&self, program: &Program, package: &str, of: Option<Sym>, name: Sym) -> Option<Match> {
        let of = of.map(|of| program.text(of));
        let entry = self.by_name.get(&name)?.iter().find(|entry| {
            let Some((ty, _)) = entry.text.split_once('.') else { return false };
            is(package, entry.package) && (ty.is_empty() || of.as_deref() == Some(ty))
        })?;
        Some(entry.found())
    }

    /// A method on something whose type isn't known.
    pub(crate) fn likely(&self, name: Sym) -> Option<Match> {
        let entry = self.by_name.get(&name)?.iter().find(|entry| entry.text.ends_with('?'))?;
        Some(entry.found())
    }

    /// Whether any line is about methods, functions or macros of that name.
    pub(crate) fn mentions(&self, name: Sym) -> bool {
        self.by_name.contains_key(&name)
    }

    /// Whether values of a package's types can change behind a shared reference.
    pub(crate) fn changes(&self, package: &str) -> bool {
        self.changing.iter().any(|name| is(package, name))
    }

    /// Whether the table says which functions of a package count.
    pub(crate) fn holds(&self, package: &str) -> bool {
        self.packages.iter().any(|name| is(package, name))
    }
}

/// Whether a package is meant: dashes and underscores are one.
fn is(package: &str, name: &str) -> bool {
    let plain = |b: u8| if b == b'-' { b'_' } else { b };
    package.len() == name.len() && package.bytes().zip(name.bytes()).all(|(a, b)| plain(a) == plain(b))
}

/// The name that code must mention.
fn key(text: &'static str) -> &'static str {
    split(text.trim_end_matches(['?', '!'])).1
}

/// The type or module, and the name in it.
fn split(text: &str) -> (&str, &str) {
    text.rsplit_once("::").or_else(|| text.split_once('.')).unwrap_or(("", text))
}

/// Constants and types are written in capitals.
fn is_function(program: &Program, name: Sym) -> bool {
    program.text(name).starts_with(|c: char| c.is_lowercase() || c == '_')
}
