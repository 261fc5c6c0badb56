//! Bytes of the intermediate form. What can't be read back is `None`, never a panic: a damaged summary costs a parse.

use std::cell::RefCell;
use std::rc::Rc;

use super::late::{Form, Late};
use super::shape::Shape;
use super::symbols::{Sym, Symbols};
use crate::source::Digest;

/// How deep nested data may be when it is read back; the syntax itself is bounded by the same figure when lowered.
const MAX_DEPTH: u32 = 600;

/// Writes a value; names are numbered in order of first use.
pub(crate) struct Writer<'s> {
    symbols: &'s Symbols,
    pub(super) out: Vec<u8>,
    names: Vec<Sym>,
    numbers: rustc_hash::FxHashMap<Sym, u32>,
    /// How deep what is being written is nested, and what was.
    depth: u32,
    deepest: u32,
    /// What is written is to be compared, not read back.
    pub(super) shape: Option<Shape>,
}

impl<'s> Writer<'s> {
    /// The bytes of `value`: its names first, so that reading can intern them at once.
    pub(crate) fn bytes<T: Wire>(value: &T, symbols: &'s Symbols) -> Vec<u8> {
        let mut writer = Writer::new(symbols, None);
        value.write(&mut writer);
        let mut head = Vec::new();
        varint(&mut head, writer.names.len() as u64);
        for name in &writer.names {
            let text = writer.symbols.text(*name);
            varint(&mut head, text.len() as u64);
            head.extend_from_slice(text.as_bytes());
        }
        head.extend_from_slice(&writer.out);
        head
    }

    /// The bytes of `value` and its names, which are nowhere in them; `None` if it is too deep to be read back.
    pub(super) fn form<T: Wire>(value: &T, symbols: &'s Symbols) -> Option<(Vec<u8>, Vec<Sym>)> {
        let mut writer = Writer::new(symbols, None);
        value.write(&mut writer);
        (writer.deepest <= MAX_DEPTH).then_some((writer.out, writer.names))
    }

    /// A value with its length, so that it can be left unread. One that is too deep to be read is too deep at once.
    pub(super) fn aside<T: Wire>(&mut self, value: &T) {
        if self.shape.is_some() {
            return value.write(self);
        }
        let around = std::mem::take(&mut self.out);
        let deepest = std::mem::take(&mut self.deepest);
        value.write(self);
        let value = std::mem::replace(&mut self.out, around);
        (self.deepest <= MAX_DEPTH).write(self);
        self.deepest = self.deepest.max(deepest);
        varint(&mut self.out, value.len() as u64);
        self.out.extend_from_slice(&value);
    }

    pub(super) fn new(symbols: &'s Symbols, shape: Option<Shape>) -> Writer<'s> {
        Writer { symbols, out: Vec::new(), names: Vec::new(), numbers: Default::default(), depth: 0, deepest: 0, shape }
    }
}

fn varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Reads a value back.
pub(crate) struct Reader<'b> {
    rest: &'b [u8],
    names: &'b [Sym],
    depth: u32,
    /// What is left unread lies in.
    form: Option<&'b Rc<Form>>,
}

impl<'b> Reader<'b> {
    pub(crate) fn read<T: Wire>(bytes: &[u8], symbols: &mut Symbols) -> Option<T> {
        let (names, at) = Reader::names(bytes, symbols)?;
        Reader::one(bytes.get(at..)?, &names)
    }

    /// Like `read`, but what can be read late stays bytes.
    pub(crate) fn lately<T: Wire>(bytes: &[u8], symbols: &mut Symbols) -> Option<T> {
        let (names, at) = Reader::names(bytes, symbols)?;
        // A copy: whoever made the bytes may have made them among much that is gone by now.
        let form = Rc::new(Form { bytes: RefCell::new(bytes.get(at..)?.into()), names: names.into() });
        let bytes = form.bytes.borrow();
        let mut reader = Reader { rest: &bytes, names: &form.names, depth: 0, form: Some(&form) };
        let value = T::read(&mut reader)?;
        reader.rest.is_empty().then_some(value)
    }

    /// What begins at once, with these names.
    pub(super) fn one<T: Wire>(bytes: &[u8], names: &[Sym]) -> Option<T> {
        let mut reader = Reader { rest: bytes, names, depth: 0, form: None };
        let value = T::read(&mut reader)?;
        reader.rest.is_empty().then_some(value)
    }

    /// The names that bytes begin with, and where they end.
    fn names(bytes: &[u8], symbols: &mut Symbols) -> Option<(Vec<Sym>, usize)> {
        let mut reader = Reader { rest: bytes, names: &[], depth: 0, form: None };
        let count = reader.varint()?;
        let mut names = Vec::new();
        for _ in 0..count {
            names.push(symbols.intern(reader.text()?));
        }
        Some((names, bytes.len() - reader.rest.len()))
    }

    /// What [`Writer::aside`] wrote.
    pub(super) fn aside<T: Wire>(&mut self) -> Option<Late<T>> {
        if !bool::read(self)? {
            return None;
        }
        let len = usize::try_from(self.varint()?).ok()?;
        let (value, rest) = self.rest.split_at_checked(len)?;
        let to = self.form.map(|form| form.bytes.borrow().len() - rest.len());
        self.rest = rest;
        Some(match (self.form, to) {
            (Some(form), Some(to)) => {
                let (from, to) = (u32::try_from(to - len).ok()?, u32::try_from(to).ok()?);
                Late::Kept { form: form.clone(), from, to }
            }
            _ => Late::Read(Reader::one(value, self.names)?),
        })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'b str> {
        let len = usize::try_from(self.varint()?).ok()?;
        let (text, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }
}

/// What can be written and read back.
pub(crate) trait Wire: Sized {
    fn write(&self, to: &mut Writer<'_>);
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

impl Wire for bool {
    fn write(&self, to: &mut Writer<'_>) {
        to.out.push(*self as u8);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.byte().map(|b| b != 0)
    }
}

impl Wire for u32 {
    fn write(&self, to: &mut Writer<'_>) {
        varint(&mut to.out, u64::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.varint()?.try_into().ok()
    }
}

impl Wire for String {
    fn write(&self, to: &mut Writer<'_>) {
        varint(&mut to.out, self.len() as u64);
        to.out.extend_from_slice(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.text().map(str::to_owned)
    }
}

impl Wire for Sym {
    fn write(&self, to: &mut Writer<'_>) {
        if to.shape.is_some() {
            // Numbers would depend on what stands before.
            return to.symbols.text(*self).to_owned().write(to);
        }
        let next = to.names.len() as u32;
        let number = *to.numbers.entry(*self).or_insert(next);
        if number == next {
            to.names.push(*self);
        }
        varint(&mut to.out, u64::from(number));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let number = from.varint()?;
        from.names.get(usize::try_from(number).ok()?).copied()
    }
}

impl Wire for Digest {
    fn write(&self, to: &mut Writer<'_>) {
        to.out.extend_from_slice(&self.0);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (digest, rest) = from.rest.split_first_chunk::<32>()?;
        from.rest = rest;
        Some(Digest(*digest))
    }
}

/// Bytes as they are.
#[derive(Debug, Clone)]
pub(crate) struct Raw(pub(crate) Vec<u8>);

impl Wire for Raw {
    fn write(&self, to: &mut Writer<'_>) {
        varint(&mut to.out, self.0.len() as u64);
        to.out.extend_from_slice(&self.0);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let len = usize::try_from(from.varint()?).ok()?;
        let (bytes, rest) = from.rest.split_at_checked(len)?;
        from.rest = rest;
        Some(Raw(bytes.to_vec()))
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, to: &mut Writer<'_>) {
        varint(&mut to.out, self.len() as u64);
        for value in self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let len = from.varint()?;
        // Every element takes a byte at least: a length beyond the rest is damage, and nothing is allocated for it.
        if len > from.rest.len() as u64 {
            return None;
        }
        let mut values = Vec::with_capacity(len as usize);
        for _ in 0..len {
            values.push(T::read(from)?);
        }
        Some(values)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, to: &mut Writer<'_>) {
        self.is_some().write(to);
        if let Some(value) = self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        if bool::read(from)? { T::read(from).map(Some) } else { Some(None) }
    }
}

impl<T: Wire> Wire for Box<T> {
    fn write(&self, to: &mut Writer<'_>) {
        to.depth += 1;
        to.deepest = to.deepest.max(to.depth);
        (**self).write(to);
        to.depth -= 1;
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.depth += 1;
        if from.depth > MAX_DEPTH {
            return None;
        }
        let value = T::read(from).map(Box::new);
        from.depth -= 1;
        value
    }
}

impl<T: Wire> Wire for Rc<T> {
    fn write(&self, to: &mut Writer<'_>) {
        to.depth += 1;
        to.deepest = to.deepest.max(to.depth);
        (**self).write(to);
        to.depth -= 1;
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Box::<T>::read(from).map(Rc::from)
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, to: &mut Writer<'_>) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

/// Reads the tag of an enum.
pub(crate) fn read_tag(from: &mut Reader<'_>) -> Option<u8> {
    from.byte()
}

/// Writes the tag of an enum.
pub(crate) fn write_tag(to: &mut Writer<'_>, tag: u8) {
    to.out.push(tag);
}

/// A field is written as its type says, or as `as` says instead.
macro_rules! wire_write {
    ($value:expr, $to:ident) => {
        Wire::write($value, $to)
    };
    ($value:expr, $to:ident, $as:ident) => {
        $crate::ir::$as::write($value, $to)
    };
}

macro_rules! wire_read {
    ($from:ident) => {
        Wire::read($from)
    };
    ($from:ident, $as:ident) => {
        $crate::ir::$as::read($from)
    };
}

/// Declares structs and enums together with their bytes.
macro_rules! wire {
    () => {};
    ($(#[$m:meta])* pub(crate) struct $name:ident { $($(#[$fm:meta])* pub $field:ident : $ty:ty $(as $as:ident)?,)* } $($rest:tt)*) => {
        $(#[$m])*
        #[derive(Debug, Clone)]
        pub(crate) struct $name { $($(#[$fm])* pub(crate) $field: $ty,)* }

        impl Wire for $name {
            fn write(&self, to: &mut Writer<'_>) {
                $($crate::ir::wire_write!(&self.$field, to $(, $as)?);)*
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                Some($name { $($field: $crate::ir::wire_read!(from $(, $as)?)?,)* })
            }
        }

        wire! { $($rest)* }
    };
    ($(#[$m:meta])* pub(crate) enum $name:ident { $($(#[$vm:meta])* $variant:ident $(( $($field:ident : $ty:ty $(as $as:ident)?),* ))?,)* } $($rest:tt)*) => {
        $(#[$m])*
        #[derive(Debug, Clone)]
        pub(crate) enum $name { $($(#[$vm])* $variant $(( $($ty),* ))?,)* }

        const _: () = {
            #[repr(u8)]
            enum Tag { $($variant,)* }

            impl Wire for $name {
                fn write(&self, to: &mut Writer<'_>) {
                    match self {
                        $($name::$variant $(( $($field),* ))? => {
                            crate::ir::write_tag(to, Tag::$variant as u8);
                            $($($crate::ir::wire_write!($field, to $(, $as)?);)*)?
                        })*
                    }
                }

                fn read(from: &mut Reader<'_>) -> Option<Self> {
                    let tag = crate::ir::read_tag(from)?;
                    $(if tag == Tag::$variant as u8 {
                        return Some($name::$variant $(( $({ let $field: $ty = $crate::ir::wire_read!(from $(, $as)?)?; $field }),* ))?);
                    })*
                    None
                }
            }
        };

        wire! { $($rest)* }
    };
}

/// Gives bytes to enums without fields.
macro_rules! wire_plain {
    ($($name:ident : $($variant:ident)* ;)*) => {$(
        impl Wire for $name {
            fn write(&self, to: &mut Writer<'_>) {
                crate::ir::write_tag(to, *self as u8);
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                let tag = crate::ir::read_tag(from)?;
                $(if tag == $name::$variant as u8 {
                    return Some($name::$variant);
                })*
                None
            }
        }
    )*};
}

pub(crate) use {wire, wire_plain, wire_read, wire_write};
