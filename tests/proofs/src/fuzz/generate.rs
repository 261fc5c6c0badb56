//! Cases: sources that were mutated byte by byte, token by token, or made up.

use std::fs;
use std::path::PathBuf;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use rememo_analyzer::source::{LoadError, Loader};

use crate::error::ProofError;
use crate::random::Random;

/// Larger sources say no more, only later.
const MAX_BYTES: usize = 60_000;

/// Sources to begin with.
pub(super) struct Seeds {
    files: Vec<String>,
}

impl Seeds {
    /// Every `.rs` file below the folders, sorted.
    pub(super) fn read(folders: &[PathBuf]) -> Result<Seeds, ProofError> {
        let mut open: Vec<PathBuf> = folders.to_vec();
        let mut paths = Vec::new();
        while let Some(folder) = open.pop() {
            let entries = fs::read_dir(&folder).map_err(ProofError::system(folder.display().to_string()))?;
            for entry in entries {
                let path = entry.map_err(ProofError::system(folder.display().to_string()))?.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    paths.push(path);
                }
            }
        }
        paths.sort();
        let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok());
        Ok(Seeds { files: texts.filter(|text| text.len() < MAX_BYTES).collect() })
    }

    fn any<'a>(&'a self, random: &mut Random) -> &'a str {
        self.files.get(random.below(self.files.len())).map_or("fn main() {}", String::as_str)
    }
}

/// A library of one file or two.
pub(super) struct Case {
    pub(super) edition: u16,
    root: Vec<u8>,
    module: Option<Vec<u8>>,
}

/// Parts the two files of a case that is kept.
const PART: &[u8] = b"\n//- src/other.rs\n";

impl Case {
    pub(super) fn text(&self) -> Vec<u8> {
        let mut text = format!("//- edition {}\n", self.edition).into_bytes();
        text.extend_from_slice(&self.root);
        if let Some(module) = &self.module {
            text.extend_from_slice(PART);
            text.extend_from_slice(module);
        }
        text
    }

    pub(super) fn read(text: &[u8]) -> Case {
        let line = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
        let head = String::from_utf8_lossy(&text[..line]).into_owned();
        let (edition, rest) = match head.strip_prefix("//- edition ").and_then(|number| number.trim().parse().ok()) {
            Some(edition) => (edition, text.get(line + 1..).unwrap_or_default()),
            None => (2024, text),
        };
        match rest.windows(PART.len()).position(|window| window == PART) {
            Some(at) => Case { edition, root: rest[..at].to_vec(), module: Some(rest[at + PART.len()..].to_vec()) },
            None => Case { edition, root: rest.to_vec(), module: None },
        }
    }

    pub(super) fn parses(&self) -> bool {
        let parses = |bytes: &[u8]| {
            // The parser recurses; the analysis refuses what nests too deeply before it parses.
            let deep = bytes.iter().filter(|byte| b"([{<&*!-".contains(byte)).count() > 20_000;
            !deep && nesting(bytes) < 100 && std::str::from_utf8(bytes).is_ok_and(|text| syn::parse_file(text).is_ok())
        };
        parses(&self.root) && self.module.as_ref().is_none_or(|module| parses(module))
    }
}

fn nesting(bytes: &[u8]) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for byte in bytes {
        match byte {
            b'(' | b'[' | b'{' | b'<' | b'&' | b'*' | b'!' | b'-' | b'|' | b'=' => depth += 1,
            b')' | b']' | b'}' | b'>' | b';' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

impl Loader for Case {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        match path {
            "src/lib.rs" => Ok(self.root.clone()),
            "src/other.rs" => self.module.clone().ok_or(LoadError::NotFound),
            _ => Err(LoadError::NotFound),
        }
    }
}

/// The next case.
pub(super) fn case(seeds: &Seeds, random: &mut Random) -> Case {
    let edition = [2015, 2018, 2021, 2024][random.below(4)];
    let mut root = source(seeds, random);
    let module = (random.below(4) == 0).then(|| source(seeds, random));
    if module.is_some() {
        root.extend_from_slice(b"\nmod other; pub use other::*;\n");
    }
    Case { edition, root, module }
}

fn source(seeds: &Seeds, random: &mut Random) -> Vec<u8> {
    match random.below(10) {
        0 => (0..random.below(2_000)).map(|_| random.next() as u8).collect(),
        1 => soup(random).into_bytes(),
        2 => nested(random).into_bytes(),
        3 => knot(random).into_bytes(),
        4 | 5 => bytes(seeds, random),
        _ => tokens(seeds, random),
    }
}

/// Bytes flipped, taken out, doubled, or replaced by another source's.
fn bytes(seeds: &Seeds, random: &mut Random) -> Vec<u8> {
    let mut text = seeds.any(random).as_bytes().to_vec();
    for _ in 0..=random.below(12) {
        let at = random.below(text.len());
        let end = (at + random.below(60)).min(text.len());
        match random.below(6) {
            0 if !text.is_empty() => text[at] = random.next() as u8,
            1 => drop(text.drain(at..end)),
            2 => {
                let part = text[at..end].to_vec();
                text.splice(at..at, part);
            }
            3 => {
                let other = seeds.any(random).as_bytes();
                let from = random.below(other.len());
                let to = (from + random.below(400)).min(other.len());
                text.splice(at..end, other[from..to].iter().copied());
            }
            4 => text.truncate(at.max(text.len() / 2)),
            _ => {
                let word = WORDS[random.below(WORDS.len())].as_bytes();
                text.splice(at..at, word.iter().copied());
            }
        }
    }
    text
}

/// Tokens taken out, doubled, swapped or replaced: most of it still parses.
fn tokens(seeds: &Seeds, random: &mut Random) -> Vec<u8> {
    let text = seeds.any(random);
    let Ok(stream) = text.parse::<TokenStream>() else { return text.as_bytes().to_vec() };
    let mut flat = Vec::new();
    flatten(stream, &mut flat);
    let other: Option<TokenStream> = seeds.any(random).parse().ok();
    let mut others = Vec::new();
    flatten(other.unwrap_or_default(), &mut others);
    for _ in 0..=random.below(4) {
        if flat.is_empty() {
            break;
        }
        let at = random.below(flat.len());
        match random.below(8) {
            0 => drop(flat.remove(at)),
            1 => flat.insert(at, flat[random.below(flat.len())].clone()),
            2 => {
                let with = random.below(flat.len());
                flat.swap(at, with);
            }
            3 => flat[at] = WORDS[random.below(WORDS.len())].to_owned(),
            4 => flat[at] = flat[random.below(flat.len())].clone(),
            5 if !others.is_empty() => {
                let from = random.below(others.len());
                let to = (from + random.below(80)).min(others.len());
                flat.splice(at..at, others[from..to].iter().cloned());
            }
            6 => {
                // A name for another one, wherever it stands: circles of types, traits and imports.
                let (old, new) = (flat[at].clone(), flat[random.below(flat.len())].clone());
                if is_name(&old) && is_name(&new) {
                    flat.iter_mut().filter(|word| **word == old).for_each(|word| word.clone_from(&new));
                }
            }
            _ => {
                let end = (at + random.below(200)).min(flat.len());
                let part = flat[at..end].to_vec();
                flat.splice(at..at, part);
            }
        }
    }
    flat.join(" ").into_bytes()
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c == '_' || c.is_alphabetic()) && !WORDS.contains(&word)
}

fn flatten(stream: TokenStream, out: &mut Vec<String>) {
    let mut joint = false;
    let push = |out: &mut Vec<String>, text: String, was_joint: bool| match out.last_mut() {
        Some(last) if was_joint => last.push_str(&text),
        _ => out.push(text),
    };
    for token in stream {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                out.push(open.to_owned());
                flatten(group.stream(), out);
                out.push(close.to_owned());
                joint = false;
            }
            TokenTree::Punct(punct) => {
                push(out, punct.as_char().to_string(), joint);
                joint = punct.spacing() == proc_macro2::Spacing::Joint;
            }
            token => {
                push(out, token.to_string(), joint);
                joint = false;
            }
        }
    }
}

/// Words in any order.
fn soup(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(600) {
        text.push_str(WORDS[random.below(WORDS.len())]);
        text.push(if random.below(5) == 0 { '\n' } else { ' ' });
    }
    text
}

/// Something within itself, many times.
fn nested(random: &mut Random) -> String {
    let shapes: [(&str, &str, &str, &str); 20] = [
        ("fn f() { ", "(", ")", " }"),
        ("fn f() -> u8 { ", "{ ", " }", " 1 }"),
        ("fn f() { let x = ", "!", "", "a; }"),
        ("fn f() { let x = ", "&", "", "a; }"),
        ("fn f() { let x = ", "-", "", "a; }"),
        ("fn f() { let x = ", "|a| ", "", "a; }"),
        ("fn f() { ", "if a { ", " } else { b }", " }"),
        ("fn f() { if a {} ", "else if b {} ", "", " }"),
        ("type T = ", "Vec<", ">", ";"),
        ("type T = ", "&", "", "u8;"),
        ("type T = ", "fn(", ")", ";"),
        ("type T = ", "[", "; 1]", ";"),
        ("", "mod m { ", " }", ""),
        ("macro_rules! m { ($($t:tt)*) => { ", "[", "]", " } } m!();"),
        ("macro_rules! m { (", "$(", ")*", ") => {} } m!();"),
        ("fn f() { x", ".f(", ")", "; }"),
        ("fn f() { x", ".f()", "", "; }"),
        ("fn f() { let x = a", " + a", "", "; }"),
        ("fn f() { let ", "(", ")", " = x; }"),
        ("fn f() { m!(", "[", "]", "); }"),
    ];
    let (before, open, close, after) = shapes[random.below(shapes.len())];
    let depth = [10, 100, 1_000, 10_000][random.below(4)];
    // Some are left open.
    let closed = if random.below(8) == 0 { depth / 2 } else { depth };
    format!("{before}{}a{}{after}", open.repeat(depth), close.repeat(closed))
}

/// Items that refer to each other, in circles more often than not.
fn knot(random: &mut Random) -> String {
    let mut text = String::new();
    let count = 2 + random.below(8);
    let any = |random: &mut Random| random.below(count);
    for at in 0..count {
        let (a, b, c) = (any(random), any(random), any(random));
        let lines = [
            format!("pub type T{at} = T{a};"),
            format!("pub type T{at} = <T{a} as R{b}>::Out;"),
            format!("pub struct T{at}<X = T{a}>(Box<T{b}>, X);"),
            format!(
                "pub trait R{at}: R{a} + R{b} {{ type Out: R{c}; fn go(&self) -> Self::Out {{ self.go().go() }} }}"
            ),
            format!("impl<X: R{a}> R{b} for X {{ type Out = T{c}; fn go(&self) -> T{c} {{ f{at}(self) }} }}"),
            format!("impl R{a} for T{b} where T{b}: R{c} {{ type Out = <T{c} as R{a}>::Out; }}"),
            format!("impl std::ops::Deref for T{a} {{ type Target = T{b}; fn deref(&self) -> &T{b} {{ &**self }} }}"),
            format!(
                "pub fn f{at}<X: R{a}>(x: X) -> impl R{b} {{ let y = f{c}(x); y.go().clone().into_iter().map(|z| z.go()) }}"
            ),
            format!("pub const C{at}: u8 = C{a} + f{b}(C{c});"),
            format!("pub mod m{at} {{ pub use super::m{a}::*; pub use crate::m{b}::m{c} as n{at}; use super::*; }}"),
            format!("pub use m{a}::n{b} as n{c};"),
            format!(
                "#[macro_export] macro_rules! q{at} {{ ($($x:tt)*) => {{ q{a}!($($x)* q{b}!($($x)*)) }}; () => {{ fn f{at}() {{ q{c}!() }} }} }} q{at}!();"
            ),
            format!(
                "macro_rules! q{at} {{ ($x:ident $($r:tt)*) => {{ struct $x; q{a}!($($r)*); }}; () => {{}} }} q{b}!(A B C);"
            ),
            format!(
                "impl Iterator for T{at} {{ type Item = T{a}; fn next(&mut self) -> Option<T{b}> {{ self.by_ref().flat_map(|x| x).next() }} }}"
            ),
            format!(
                "pub enum E{at} {{ A(T{a}), B {{ x: E{b} }}, C = C{c} as isize }} impl From<E{a}> for E{at} {{ fn from(e: E{a}) -> Self {{ e.into() }} }}"
            ),
            format!(
                "impl<X> std::ops::Add<X> for T{at} where X: Into<T{a}> {{ type Output = T{b}; fn add(self, o: X) -> T{b} {{ self + o + o }} }}"
            ),
        ];
        for _ in 0..=random.below(3) {
            text.push_str(&lines[random.below(lines.len())]);
            text.push('\n');
        }
    }
    text
}

const WORDS: [&str; 118] = [
    "fn",
    "f",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "::",
    ":",
    ";",
    ",",
    ".",
    "..",
    "..=",
    "...",
    "->",
    "=>",
    "=",
    "==",
    "!=",
    "&",
    "&&",
    "|",
    "||",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "!",
    "?",
    "@",
    "#",
    "$",
    "~",
    "'a",
    "'static",
    "_",
    "self",
    "Self",
    "super",
    "crate",
    "$crate",
    "use",
    "mod",
    "pub",
    "pub(crate)",
    "pub(in",
    "struct",
    "enum",
    "union",
    "trait",
    "impl",
    "for",
    "where",
    "type",
    "const",
    "static",
    "mut",
    "let",
    "if",
    "else",
    "match",
    "while",
    "loop",
    "break",
    "continue",
    "return",
    "async",
    "await",
    "move",
    "ref",
    "dyn",
    "unsafe",
    "extern",
    "\"C\"",
    "as",
    "in",
    "true",
    "false",
    "1",
    "1_000",
    "0xff",
    "1.5",
    "1e9",
    "\"{x}\"",
    "\"{:?}\"",
    "'c'",
    "b\"x\"",
    "r#\"raw\"#",
    "r#type",
    "macro_rules!",
    "println!(",
    "vec![",
    "format!(\"{a}{b:?}\")",
    "include!(\"other.rs\")",
    "include_str!(\"lib.rs\")",
    "stringify!(a b)",
    "line!()",
    "#[cfg(test)]",
    "#[cfg(feature = \"x\")]",
    "#[derive(Clone, Debug)]",
    "#[path = \"lib.rs\"]",
    "#![allow(x)]",
    "$x:expr",
    "$($t:tt)*",
    "$(",
    ")*",
    "Option<",
    "Vec<",
    "Box<dyn",
    "Iterator<Item =",
    "T",
    "x",
];
