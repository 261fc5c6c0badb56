//! Finds the one shape that MessagePack loses: an option around nothing.
//!
//! `None`, `Some(None)` and `Some(())` are all nil in MessagePack, and nil comes back as `None`. A value that holds such a
//! `Some` must not be stored. This serializer writes nothing: it walks a value and says whether it is nil itself.

use serde::Serialize;
use serde::ser::{self, Serializer};

use super::CodecError;

/// Fails if a `Some` in this value holds what MessagePack writes as nil.
pub(super) fn check<T: Serialize + ?Sized>(value: &T) -> Result<(), CodecError> {
    value.serialize(Walk).map(|_| ())
}

struct Walk;

impl ser::Error for CodecError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        CodecError::encode(message.to_string())
    }
}

macro_rules! not_nil {
    ($($method:ident($($type:ty),*))*) => {$(
        #[inline(always)]
        fn $method(self, $(_: $type),*) -> Result<bool, CodecError> {
            Ok(false)
        }
    )*};
}

macro_rules! compounds {
    ($($method:ident($($type:ty),*))*) => {$(
        #[inline(always)]
        fn $method(self, $(_: $type),*) -> Result<Walk, CodecError> {
            Ok(Walk)
        }
    )*};
}

impl Serializer for Walk {
    /// Whether the value is written as nil.
    type Ok = bool;
    type Error = CodecError;
    type SerializeSeq = Walk;
    type SerializeTuple = Walk;
    type SerializeTupleStruct = Walk;
    type SerializeTupleVariant = Walk;
    type SerializeMap = Walk;
    type SerializeStruct = Walk;
    type SerializeStructVariant = Walk;

    not_nil! {
        serialize_bool(bool) serialize_char(char) serialize_str(&str) serialize_bytes(&[u8])
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) serialize_u128(u128)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_i128(i128)
        serialize_f32(f32) serialize_f64(f64)
        serialize_unit_struct(&'static str) serialize_unit_variant(&'static str, u32, &'static str)
    }

    compounds! {
        serialize_seq(Option<usize>) serialize_tuple(usize) serialize_tuple_struct(&'static str, usize)
        serialize_tuple_variant(&'static str, u32, &'static str, usize) serialize_map(Option<usize>)
        serialize_struct(&'static str, usize) serialize_struct_variant(&'static str, u32, &'static str, usize)
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    /// A text that is formatted into place is a text: it need not be made for that.
    fn collect_str<T: std::fmt::Display + ?Sized>(self, _: &T) -> Result<bool, CodecError> {
        Ok(false)
    }

    fn serialize_none(self) -> Result<bool, CodecError> {
        Ok(true)
    }

    fn serialize_unit(self) -> Result<bool, CodecError> {
        Ok(true)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<bool, CodecError> {
        if value.serialize(Walk)? {
            return Err(CodecError::NoRoundTrip(
                "it holds `Some(None)` or `Some(())`, which would come back as `None`".into(),
            ));
        }
        Ok(false)
    }

    /// Written as what it holds.
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<bool, CodecError> {
        value.serialize(Walk)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<bool, CodecError> {
        value.serialize(Walk).map(|_| false)
    }
}

macro_rules! elements {
    ($($trait:ident $method:ident($($name:ty)?)),* $(,)?) => {$(
        impl ser::$trait for Walk {
            type Ok = bool;
            type Error = CodecError;

            #[inline(always)]
            fn $method<T: Serialize + ?Sized>(&mut self, $(_: $name,)? value: &T) -> Result<(), CodecError> {
                check(value)
            }

            fn end(self) -> Result<bool, CodecError> {
                Ok(false)
            }
        }
    )*};
}

elements!(
    SerializeSeq serialize_element(),
    SerializeTuple serialize_element(),
    SerializeTupleStruct serialize_field(),
    SerializeTupleVariant serialize_field(),
    SerializeStruct serialize_field(&'static str),
    SerializeStructVariant serialize_field(&'static str),
);

impl ser::SerializeMap for Walk {
    type Ok = bool;
    type Error = CodecError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CodecError> {
        check(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CodecError> {
        check(value)
    }

    fn end(self) -> Result<bool, CodecError> {
        Ok(false)
    }
}
