//! The buffer that a digest is made of, and the scopes that turn local names into positions.
//!
//! Names of locals are replaced only where that is certain: a name that occurs in the input of a macro that isn't parsed,
//! or that an item of some block also carries, is written as it is, everywhere in the function.

use std::collections::BTreeSet;
use std::io::Write as _;

use proc_macro2::Ident;
use sha2::{Digest as _, Sha256};
use syn::Lifetime;

use super::tag::Tag;
use crate::source::Digest;

/// Hashes what `write` writes. Runs it again if a name turned out to be needed after it had been replaced.
pub(super) fn digest(write: impl Fn(&mut Writer)) -> Digest {
    let mut writer = Writer::default();
    write(&mut writer);
    while writer.stale {
        // Each run only ever learns more names to keep, and the second knows all that the first met.
        writer = Writer { kept: writer.kept, keep_all: writer.keep_all, ..Writer::default() };
        write(&mut writer);
    }
    Digest(Sha256::digest(&writer.bytes).into())
}

/// Pushes syntax as bytes.
#[derive(Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// Renamed locals in scope, innermost last; a local's number is its position.
    scope: Vec<Vec<u8>>,
    /// Where in `scope` the pattern begins that is being written: alternatives of one pattern share their bindings.
    pattern_start: usize,
    /// Labels in scope, innermost last.
    labels: Vec<Vec<u8>>,
    /// Names that must not be replaced.
    kept: BTreeSet<Vec<u8>>,
    /// Whether no name may be replaced: a glob import in a block may bring any name.
    keep_all: bool,
    /// Names that were replaced so far.
    replaced: BTreeSet<Vec<u8>>,
    /// Whether a name that was replaced has to be kept.
    stale: bool,
    /// Whether documentation and visibility are part of the code: a derive or an attribute macro may read them.
    pub(super) macros_read: bool,
}

impl Writer {
    pub(super) fn tag(&mut self, tag: Tag) {
        self.bytes.push(tag as u8);
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.bytes.push(u8::from(flag));
    }

    pub(super) fn number(&mut self, number: usize) {
        let mut number = number;
        while number > 0x7f {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Bytes with their length.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    /// A text with its end.
    pub(super) fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.end_text();
    }

    /// What a value prints, with its end.
    pub(super) fn display(&mut self, value: &impl std::fmt::Display) {
        self.begin_text(value);
        self.end_text();
    }

    /// An identifier; `r#x` and `x` are one name.
    pub(super) fn ident(&mut self, ident: &Ident) {
        self.begin_ident(ident);
        self.end_text();
    }

    /// A presence byte, then the value.
    pub(super) fn option<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// Each value behind a byte, then the end.
    pub(super) fn list<'a, T: 'a>(
        &mut self,
        values: impl IntoIterator<Item = &'a T>,
        mut write: impl FnMut(&mut Self, &'a T),
    ) {
        for value in values {
            self.tag(Tag::Element);
            write(self, value);
        }
        self.tag(Tag::End);
    }

    fn begin_text(&mut self, value: &impl std::fmt::Display) -> usize {
        let start = self.bytes.len();
        // Writing to memory doesn't fail.
        let _ = write!(self.bytes, "{value}");
        start
    }

    fn begin_ident(&mut self, ident: &Ident) -> usize {
        let start = self.begin_text(ident);
        if self.bytes[start..].starts_with(b"r#") {
            self.bytes.drain(start..start + 2);
        }
        start
    }

    fn end_text(&mut self) {
        self.bytes.push(END_OF_TEXT);
    }

    /// A name that a pattern introduces.
    pub(super) fn binding(&mut self, ident: &Ident) {
        let tag = self.bytes.len();
        self.tag(Tag::BindingName);
        let start = self.begin_ident(ident);
        let name = &self.bytes[start..];
        if self.keep_all || is_capitalized(name) || self.kept.contains(name) {
            self.end_text();
            return;
        }
        let known = self.scope[self.pattern_start..].iter().position(|other| other == name);
        let index = match known {
            Some(offset) => self.pattern_start + offset,
            None => {
                self.replaced.insert(name.to_vec());
                self.scope.push(name.to_vec());
                self.scope.len() - 1
            }
        };
        self.bytes.truncate(tag);
        self.tag(Tag::Binding);
        self.number(index);
    }

    /// A name in the place of a value: a local, or something that isn't.
    pub(super) fn value_name(&mut self, ident: &Ident) {
        let tag = self.bytes.len();
        self.tag(Tag::Name);
        let start = self.begin_ident(ident);
        self.local_or_text(tag, start);
    }

    /// [`Self::value_name`] for a name inside a format string.
    pub(super) fn value_name_text(&mut self, name: &str) {
        let tag = self.bytes.len();
        self.tag(Tag::Name);
        let start = self.begin_text(&name.strip_prefix("r#").unwrap_or(name));
        self.local_or_text(tag, start);
    }

    fn local_or_text(&mut self, tag: usize, start: usize) {
        let name = &self.bytes[start..];
        match self.scope.iter().rposition(|local| local == name) {
            Some(index) => {
                self.bytes.truncate(tag);
                self.tag(Tag::Local);
                self.number(index);
            }
            None => self.end_text(),
        }
    }

    /// Introduces a label around what `write` writes.
    pub(super) fn labelled(&mut self, label: Option<&syn::Label>, write: impl FnOnce(&mut Self)) {
        self.flag(label.is_some());
        let Some(label) = label else { return write(self) };
        let start = self.begin_ident(&label.name.ident);
        let name = self.bytes[start..].to_vec();
        self.bytes.truncate(start);
        if self.keep_all || self.kept.contains(&name) {
            self.tag(Tag::BindingName);
            self.bytes.extend_from_slice(&name);
            self.end_text();
            return write(self);
        }
        self.tag(Tag::Binding);
        self.replaced.insert(name.clone());
        self.labels.push(name);
        write(self);
        self.labels.pop();
    }

    /// A label that `break` or `continue` names.
    pub(super) fn label_use(&mut self, label: &Lifetime) {
        let tag = self.bytes.len();
        self.tag(Tag::Name);
        let start = self.begin_ident(&label.ident);
        let name = &self.bytes[start..];
        match self.labels.iter().rposition(|other| other == name) {
            Some(index) => {
                self.bytes.truncate(tag);
                self.tag(Tag::Local);
                self.number(index);
            }
            None => self.end_text(),
        }
    }

    /// Ends the locals that `write` introduces where it ends.
    pub(super) fn scoped(&mut self, write: impl FnOnce(&mut Self)) {
        let depth = self.scope.len();
        write(self);
        self.scope.truncate(depth);
    }

    /// Writes one pattern, or a list of parameters: within it, a name stands for one binding.
    pub(super) fn one_pattern(&mut self, write: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.pattern_start, self.scope.len());
        write(self);
        self.pattern_start = outer;
    }

    /// Writes an expression that the compiler evaluates, which sees no locals around it.
    pub(super) fn without_locals(&mut self, write: impl FnOnce(&mut Self)) {
        let scope = std::mem::take(&mut self.scope);
        let start = std::mem::take(&mut self.pattern_start);
        let labels = std::mem::take(&mut self.labels);
        write(self);
        self.scope = scope;
        self.pattern_start = start;
        self.labels = labels;
    }

    /// Never replace this name.
    pub(super) fn keep(&mut self, name: &str) {
        let name = name.strip_prefix("r#").unwrap_or(name).as_bytes();
        if !self.kept.contains(name) {
            self.stale |= self.replaced.contains(name);
            self.kept.insert(name.to_vec());
        }
    }

    /// Never replace any name.
    pub(super) fn keep_all(&mut self) {
        self.stale |= !self.keep_all && !self.replaced.is_empty();
        self.keep_all = true;
    }
}

/// Ends a text: no UTF-8 holds this byte.
const END_OF_TEXT: u8 = 0xff;

/// Whether a name looks like a constant's, a variant's or a unit struct's: those are patterns that bind nothing.
fn is_capitalized(name: &[u8]) -> bool {
    let text = std::str::from_utf8(name).unwrap_or_default();
    text.trim_start_matches('_').starts_with(char::is_uppercase)
}
