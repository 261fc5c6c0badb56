//! What the standard library's common methods take, return and call back.
//!
//! The table is text, `signatures.txt`. Only its lines are indexed when it is first asked; a line is read when somebody
//! asks for it. Types in it are patterns: a receiver binds their parameters, and what stays unbound is unknown. A wrong
//! line would narrow what a function reaches, so a type is left out where it isn't certain.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

/// A type in a signature. Exclusive and shared references are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SigTy {
    /// A type parameter, one capital letter.
    Var(char),
    /// The receiver's type itself, for groups such as `int`.
    SelfTy,
    /// A reference.
    Ref(Box<SigTy>),
    /// A raw pointer.
    Ptr(Box<SigTy>),
    /// A type by its bare name. Every iterator adaptor is `Iterator` of its item.
    Named(&'static str, Vec<SigTy>),
    /// A tuple; `()` is the empty one.
    Tuple(Vec<SigTy>),
    /// A slice or an array.
    Slice(Box<SigTy>),
    /// A closure, or anything that can be called.
    Fn(Vec<SigTy>, Box<SigTy>),
    /// The item of a type's `IntoIterator`: see [`Table::loop_item`].
    Item(Box<SigTy>),
    /// What a type dereferences to: see [`Table::deref`].
    Target(Box<SigTy>),
    /// The type's `ToOwned::Owned`: `String` of `str`, `Vec<T>` of `[T]`, else the type itself.
    Owned(Box<SigTy>),
    /// What indexing a slice of the first by the second gives: the first, or the slice if the second is a range; not
    /// known if the second isn't.
    Indexed(Box<SigTy>, Box<SigTy>),
    /// What joining a slice of the type gives: `String` of strings, `Vec<T>` of slices, vectors and arrays of `T`.
    Joined(Box<SigTy>),
    /// Not known.
    Any,
}

/// What a method or a function takes, returns and calls back.
///
/// Closures that are passed and destructors are called back without being listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    /// The receiver, without the reference by which it is taken; of an associated function its type, of a free one [`SigTy::Any`].
    pub(crate) recv: SigTy,
    /// Its name.
    pub(crate) name: &'static str,
    /// Its own type parameters, in the order of a turbofish.
    pub(crate) generics: Vec<char>,
    /// Its arguments, the receiver left out.
    pub(crate) args: Vec<SigTy>,
    /// What it returns.
    pub(crate) ret: SigTy,
    /// Traits whose impls it may call: those of the type, and of every type that the type is made of.
    ///
    /// `collect`, `sum` and `partition` name all that any result may need; if the result is known, so is more: `collect`
    /// into a `Vec` calls what the function `Vec::from_iter` calls.
    pub(crate) calls: Vec<(SigTy, &'static str)>,
}

/// The signatures by name.
#[derive(Debug)]
pub(crate) struct Table {
    methods: Rows,
    functions: Rows,
}

/// Lines by heading and name.
type Rows = HashMap<&'static str, HashMap<&'static str, Row>>;

/// A line that waits to be read.
#[derive(Debug)]
struct Row {
    recv: &'static str,
    line: &'static str,
    signature: OnceLock<Option<Signature>>,
}

/// Lines of these names aren't methods: the target of a dereference, the item of a `for`, an element by index.
const DEREF: &str = "*";
const FOR: &str = "for";
const INDEX: &str = "[]";

/// The table. It is read once per process.
pub(crate) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(include_str!("signatures.txt")));
    &TABLE
}

impl Table {
    fn new(text: &'static str) -> Table {
        let mut table = Table { methods: HashMap::new(), functions: HashMap::new() };
        let (mut recv, mut head) = ("", "");
        for line in text.lines() {
            let Some(entry) = line.strip_prefix("  ") else {
                if !line.is_empty() && !line.starts_with('#') {
                    recv = line;
                    head = head_of(line);
                }
                continue;
            };
            let (rows, entry) = match entry.strip_prefix("::") {
                Some(entry) => (&mut table.functions, entry),
                None => (&mut table.methods, entry),
            };
            let row = Row { recv, line: entry, signature: OnceLock::new() };
            rows.entry(head).or_default().insert(name_of(entry), row);
        }
        table
    }

    /// A method by the bare name of its receiver's type: `Vec`, `str`, `u32`; `[]` is a slice or an array.
    ///
    /// What the receiver dereferences to isn't looked at: see [`Table::deref`].
    pub(crate) fn method(&self, head: &str, name: &str) -> Option<&Signature> {
        find(&self.methods, head, name)
    }

    /// Whether a type has lines of its own.
    pub(crate) fn holds(&self, head: &str) -> bool {
        self.methods.contains_key(head) || group_of(head).is_some()
    }

    /// A method that any type may have, by a trait of the prelude. To be asked last, when no dereference helped.
    pub(crate) fn universal(&self, name: &str) -> Option<&Signature> {
        find(&self.methods, "_", name)
    }

    /// Every method of that name, whatever its receiver.
    pub(crate) fn named(&self, name: &str) -> Vec<&Signature> {
        let mut heads: Vec<&&'static str> = self.methods.keys().collect();
        heads.sort_unstable();
        heads.into_iter().filter_map(|head| self.method(head, name)).collect()
    }

    /// A function by the last two segments of its path: `Vec::new`, `mem::take`.
    pub(crate) fn function(&self, path: &str) -> Option<&Signature> {
        let (parent, name) = path.rsplit_once("::")?;
        let head = parent.rsplit("::").next().unwrap_or(parent);
        find(&self.functions, head, name)
    }

    /// What a type dereferences to: `ret` of the answer, in the parameters of its `recv`.
    ///
    /// Types that are iterators, ranges among them, answer `Iterator`, so that its methods are found the same way.
    pub(crate) fn deref(&self, head: &str) -> Option<&Signature> {
        self.method(head, DEREF)
    }

    /// The item of a `for` over a type, by value or over a reference to it: `ret` of the answer. Not for what it
    /// dereferences to.
    pub(crate) fn loop_item(&self, head: &str, by_ref: bool) -> Option<&Signature> {
        if by_ref { self.method(&format!("&{head}"), FOR) } else { self.method(head, FOR) }
    }

    /// What indexing gives, by anything but a range (which gives the slice, or `str`): `ret` of the answer.
    pub(crate) fn index(&self, head: &str) -> Option<&Signature> {
        self.method(head, INDEX)
    }

    /// A public field: its type is `ret` of the answer.
    pub(crate) fn field(&self, head: &str, name: &str) -> Option<&Signature> {
        self.method(head, &format!(".{name}"))
    }
}

/// The name under which a heading's lines are filed.
fn head_of(heading: &'static str) -> &'static str {
    if let Some(module) = heading.strip_prefix("mod ") {
        return module;
    }
    match heading.as_bytes() {
        [b'[', ..] => "[]",
        [b'&', b'[', ..] => "&[]",
        _ => heading.split_once('<').map_or(heading, |(head, _)| head),
    }
}

/// The name of a line's entry.
fn name_of(entry: &'static str) -> &'static str {
    let end = entry.find(['(', '<', ' ']).unwrap_or(entry.len());
    entry.get(..end).unwrap_or(entry)
}

/// The heading that a primitive type shares with its like.
fn group_of(head: &str) -> Option<&'static str> {
    match head {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize"
        | "{integer}" => Some("int"),
        "f32" | "f64" | "{float}" => Some("float"),
        _ => None,
    }
}

fn find<'a>(rows: &'a Rows, head: &str, name: &str) -> Option<&'a Signature> {
    let own = rows.get(head).and_then(|rows| rows.get(name));
    let row = own.or_else(|| rows.get(group_of(head)?)?.get(name))?;
    row.signature.get_or_init(|| parse(row.recv, row.line)).as_ref()
}

/// Reads one line below its heading. None if it is malformed; a test makes sure that none is.
fn parse(recv: &'static str, line: &'static str) -> Option<Signature> {
    let name = name_of(line);
    let mut reader = Reader { rest: line.get(name.len()..)? };
    let mut generics = Vec::new();
    if reader.eat("<") {
        while let SigTy::Var(letter) = reader.ty()? {
            generics.push(letter);
            if !reader.eat(",") {
                break;
            }
        }
        reader.expect(">")?;
    }
    let args = if reader.eat("(") { reader.list(")")? } else { Vec::new() };
    let ret = if reader.eat("->") { reader.ty()? } else { SigTy::Tuple(Vec::new()) };
    let mut calls = Vec::new();
    let recv = match recv.strip_prefix("mod ") {
        Some(_) => SigTy::Any,
        None => {
            let mut heading = Reader { rest: recv };
            heading.eat("&");
            let recv = heading.ty()?;
            heading.rest.is_empty().then_some(recv)?
        }
    };
    let on_iterator = matches!(recv, SigTy::Named("Iterator", _));
    if on_iterator {
        // Whatever an adaptor or a consumer does, it gets its items from the iterator that it is called on.
        calls.push((SigTy::SelfTy, "Iterator"));
    }
    if reader.eat("!") {
        loop {
            let ty = reader.ty()?;
            reader.expect(":")?;
            calls.push((ty, reader.word()?));
            if reader.rest.is_empty() {
                break;
            }
        }
    }
    let adaptor = on_iterator && matches!(ret, SigTy::Named("Iterator" | "Peekable", _));
    imply(&mut calls, adaptor);
    reader.rest.is_empty().then_some(Signature { recv, name, generics, args, ret, calls })
}

/// Adds the traits through which others are called.
fn imply(calls: &mut Vec<(SigTy, &'static str)>, adaptor: bool) {
    for at in 0..calls.len() {
        let Some((ty, name)) = calls.get(at).cloned() else { break };
        let implied: &[&'static str] = match name {
            // Sorting, heaps and `max` go through `lt`.
            "Ord" => &["PartialOrd"],
            "Eq" => &["PartialEq"],
            "Into" => &["From"],
            "TryInto" => &["TryFrom"],
            // An adaptor's own type is forgotten: what may be done with it later must be said here.
            "Iterator" if adaptor => &["DoubleEndedIterator", "ExactSizeIterator", "Clone"],
            _ => &[],
        };
        for name in implied {
            if !calls.iter().any(|(known, called)| *known == ty && called == name) {
                calls.push((ty.clone(), name));
            }
        }
    }
}

/// Reads types off the front of a line.
struct Reader {
    rest: &'static str,
}

impl Reader {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start_matches(' ');
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Option<()> {
        self.eat(token).then_some(())
    }

    fn word(&mut self) -> Option<&'static str> {
        self.rest = self.rest.trim_start_matches(' ');
        let end = self.rest.bytes().position(|b| !(b.is_ascii_alphanumeric() || b == b'_')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    /// Types up to `close`.
    fn list(&mut self, close: &str) -> Option<Vec<SigTy>> {
        let mut types = Vec::new();
        while !self.eat(close) {
            types.push(self.ty()?);
            if !self.eat(",") {
                self.expect(close)?;
                break;
            }
        }
        Some(types)
    }

    fn ty(&mut self) -> Option<SigTy> {
        if self.eat("&") {
            return Some(SigTy::Ref(Box::new(self.ty()?)));
        }
        if self.eat("*") {
            return Some(SigTy::Ptr(Box::new(self.ty()?)));
        }
        if self.eat("(") {
            return Some(SigTy::Tuple(self.list(")")?));
        }
        if self.eat("[") {
            let item = self.ty()?;
            self.expect("]")?;
            return Some(SigTy::Slice(Box::new(item)));
        }
        if self.eat("!") {
            return Some(SigTy::Named("!", Vec::new()));
        }
        let word = self.word()?;
        if word == "fn" {
            self.expect("(")?;
            let args = self.list(")")?;
            let ret = if self.eat("->") { self.ty()? } else { SigTy::Tuple(Vec::new()) };
            return Some(SigTy::Fn(args, Box::new(ret)));
        }
        let mut letters = word.chars();
        match (word, letters.next(), letters.next()) {
            ("_", ..) => return Some(SigTy::Any),
            ("Self", ..) => return Some(SigTy::SelfTy),
            (_, Some(letter), None) if letter.is_ascii_uppercase() => return Some(SigTy::Var(letter)),
            _ => {}
        }
        let mut args = if self.eat("<") { self.list(">")? } else { Vec::new() };
        Some(match word {
            "Item" => SigTy::Item(Box::new(args.pop()?)),
            "Target" => SigTy::Target(Box::new(args.pop()?)),
            "Owned" => SigTy::Owned(Box::new(args.pop()?)),
            "Joined" => SigTy::Joined(Box::new(args.pop()?)),
            "Indexed" => {
                let index = Box::new(args.pop()?);
                SigTy::Indexed(Box::new(args.pop()?), index)
            }
            name => SigTy::Named(name, args),
        })
    }
}

#[cfg(test)]
mod tests;
