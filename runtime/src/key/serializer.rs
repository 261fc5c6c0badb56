//! The serde route into a key: a serializer that only encodes.
//!
//! Writes whatever serde shows of a value, with its tag and its names. It can't see what a type hides from serde
//! (`skip`, a lossy `serialize_with`): the build hook refuses such types where it sees them.

use serde::Serialize;
use serde::ser::{self, Serializer};

use super::{KeyEncoder, KeyError, tag};

/// Writes any serializable value into a key.
///
/// A `HashSet` inside it comes in no fixed order: never a wrong key, but one that a later run may not find again. Such
/// a type is better given a [`CacheKey`](super::CacheKey) of its own.
///
/// # Errors
/// If the value's `Serialize` returns an error.
pub fn encode_serde<T: Serialize + ?Sized>(value: &T, to: &mut KeyEncoder) -> Result<(), KeyError> {
    value.serialize(SerdeKey { to, unordered: false })
}

/// Like [`encode_serde`], but the order of no sequence counts.
///
/// For comparing two values that may hold hash sets; not for keys.
///
/// # Errors
/// If the value's `Serialize` returns an error.
pub fn encode_serde_unordered<T: Serialize + ?Sized>(value: &T, to: &mut KeyEncoder) -> Result<(), KeyError> {
    value.serialize(SerdeKey { to, unordered: true })
}

struct SerdeKey<'a> {
    to: &'a mut KeyEncoder,
    unordered: bool,
}

/// A list that ends with `END`; its elements are written as they come.
struct List<'a> {
    to: &'a mut KeyEncoder,
    unordered: bool,
}

/// A sequence: a list, unless the order doesn't count.
enum Sequence<'a> {
    Ordered(List<'a>),
    Unordered(&'a mut KeyEncoder, Vec<(usize, Vec<u8>)>),
}

/// A map: its entries are collected, then sorted by key.
struct Map<'a> {
    to: &'a mut KeyEncoder,
    unordered: bool,
    entries: Vec<(usize, Vec<u8>)>,
    /// The key that waits for its value.
    key: Option<KeyEncoder>,
}

impl<'a> SerdeKey<'a> {
    fn list(self, opening: u8, names: &[&str]) -> List<'a> {
        if names.is_empty() {
            self.to.array([opening]);
        }
        write_names(self.to, opening, names);
        List { to: self.to, unordered: self.unordered }
    }
}

/// The tag goes with the first name; the others are plain texts.
pub(super) fn write_names(to: &mut KeyEncoder, opening: u8, names: &[&str]) {
    for (i, name) in names.iter().enumerate() {
        to.text(if i == 0 { opening } else { tag::TEXT }, name.as_bytes());
    }
}

macro_rules! number {
    ($($method:ident $type:ident $encode:ident),*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<(), KeyError> {
            super::std_types::$encode(value, self.to);
            Ok(())
        }
    )*};
}

impl<'a> Serializer for SerdeKey<'a> {
    type Ok = ();
    type Error = KeyError;
    type SerializeSeq = Sequence<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = List<'a>;
    type SerializeMap = Map<'a>;
    type SerializeStruct = List<'a>;
    type SerializeStructVariant = List<'a>;

    number!(
        serialize_bool bool bool, serialize_char char char,
        serialize_u8 u8 u8, serialize_u16 u16 u16, serialize_u32 u32 u32, serialize_u64 u64 u64, serialize_u128 u128 u128,
        serialize_i8 i8 i8, serialize_i16 i16 i16, serialize_i32 i32 i32, serialize_i64 i64 i64, serialize_i128 i128 i128,
        serialize_f32 f32 f32, serialize_f64 f64 f64
    );

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_str(self, value: &str) -> Result<(), KeyError> {
        self.to.text(tag::TEXT, value.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), KeyError> {
        self.to.text(tag::BYTES, value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), KeyError> {
        self.to.array([tag::NONE]);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), KeyError> {
        self.to.array([tag::SOME]);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), KeyError> {
        self.to.array([tag::UNIT]);
        Ok(())
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), KeyError> {
        write_names(self.to, tag::UNIT_STRUCT, &[name]);
        Ok(())
    }

    fn serialize_unit_variant(self, name: &'static str, _: u32, variant: &'static str) -> Result<(), KeyError> {
        write_names(self.to, tag::UNIT_VARIANT, &[name, variant]);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), KeyError> {
        write_names(self.to, tag::NEWTYPE_STRUCT, &[name]);
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), KeyError> {
        write_names(self.to, tag::NEWTYPE_VARIANT, &[name, variant]);
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Sequence<'a>, KeyError> {
        if self.unordered {
            return Ok(Sequence::Unordered(self.to, Vec::new()));
        }
        Ok(Sequence::Ordered(self.list(tag::SEQUENCE, &[])))
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'a>, KeyError> {
        Ok(self.list(tag::TUPLE, &[]))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<List<'a>, KeyError> {
        Ok(self.list(tag::TUPLE_STRUCT, &[name]))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'a>, KeyError> {
        Ok(self.list(tag::TUPLE_VARIANT, &[name, variant]))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Map<'a>, KeyError> {
        // The length is the value's own claim: it must not decide how much is allocated.
        let entries = Vec::with_capacity(len.unwrap_or(0).min(1024));
        Ok(Map { to: self.to, unordered: self.unordered, entries, key: None })
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<List<'a>, KeyError> {
        Ok(self.list(tag::STRUCT, &[name]))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<List<'a>, KeyError> {
        Ok(self.list(tag::STRUCT_VARIANT, &[name, variant]))
    }
}

impl List<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), KeyError> {
        value.serialize(SerdeKey { to: self.to, unordered: self.unordered })
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), KeyError> {
        write_names(self.to, tag::FIELD, &[name]);
        self.element(value)
    }

    fn finish(self) -> Result<(), KeyError> {
        self.to.end();
        Ok(())
    }
}

impl ser::SerializeSeq for Sequence<'_> {
    type Ok = ();
    type Error = KeyError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), KeyError> {
        match self {
            Sequence::Ordered(list) => list.element(value),
            Sequence::Unordered(_, parts) => {
                let mut part = KeyEncoder::part();
                encode_serde_unordered(value, &mut part)?;
                parts.push((part.part_len(), part.into_part()));
                Ok(())
            }
        }
    }

    fn end(self) -> Result<(), KeyError> {
        match self {
            Sequence::Ordered(list) => list.finish(),
            Sequence::Unordered(to, parts) => {
                to.sorted(tag::SET, parts);
                Ok(())
            }
        }
    }
}

impl ser::SerializeTuple for List<'_> {
    type Ok = ();
    type Error = KeyError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), KeyError> {
        self.element(value)
    }

    fn end(self) -> Result<(), KeyError> {
        self.finish()
    }
}

impl ser::SerializeTupleStruct for List<'_> {
    type Ok = ();
    type Error = KeyError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), KeyError> {
        self.element(value)
    }

    fn end(self) -> Result<(), KeyError> {
        self.finish()
    }
}

impl ser::SerializeTupleVariant for List<'_> {
    type Ok = ();
    type Error = KeyError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), KeyError> {
        self.element(value)
    }

    fn end(self) -> Result<(), KeyError> {
        self.finish()
    }
}

impl ser::SerializeStruct for List<'_> {
    type Ok = ();
    type Error = KeyError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), KeyError> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), KeyError> {
        self.finish()
    }
}

impl ser::SerializeStructVariant for List<'_> {
    type Ok = ();
    type Error = KeyError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), KeyError> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), KeyError> {
        self.finish()
    }
}

impl ser::SerializeMap for Map<'_> {
    type Ok = ();
    type Error = KeyError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), KeyError> {
        let mut part = KeyEncoder::part();
        key.serialize(SerdeKey { to: &mut part, unordered: self.unordered })?;
        match self.key.replace(part) {
            None => Ok(()),
            Some(_) => Err(KeyError::Refused("a map gave two keys in a row".into())),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), KeyError> {
        let Some(mut part) = self.key.take() else {
            return Err(KeyError::Refused("a map gave a value without a key".into()));
        };
        let key_len = part.part_len();
        value.serialize(SerdeKey { to: &mut part, unordered: self.unordered })?;
        self.entries.push((key_len, part.into_part()));
        Ok(())
    }

    fn end(self) -> Result<(), KeyError> {
        if self.key.is_some() {
            return Err(KeyError::Refused("a map gave a key without a value".into()));
        }
        self.to.sorted(tag::MAP, self.entries);
        Ok(())
    }
}
