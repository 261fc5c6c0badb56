//! [`CacheKey`] for the standard library's types, byte for byte what the serde route writes, but faster.
//!
//! The one difference is hash sets: here they are sorted.

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZero, Saturating, Wrapping};
use std::ops::{Bound, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::serializer::write_names;
use super::{CacheKey, KeyEncoder, KeyError, encode_serde, tag};

/// Elements are gathered in chunks of this many bytes, so that a slice of numbers is keyed at the hash's own speed.
const CHUNK: usize = 2048;

macro_rules! numbers {
    ($($name:ident $type:ident $tag:ident),*) => {$(
        #[inline(always)]
        pub(super) fn $name(value: $type, to: &mut KeyEncoder) {
            const WIDTH: usize = size_of::<$type>();
            let bytes = value.to_le_bytes();
            if WIDTH <= 8 {
                let mut word = [0; 8];
                word[..WIDTH.min(8)].copy_from_slice(&bytes[..WIDTH.min(8)]);
                to.number(tag::$tag, u64::from_le_bytes(word), WIDTH);
            } else {
                to.array([tag::$tag]);
                to.array(bytes);
            }
        }

        impl CacheKey for $type {
            #[inline(always)]
            fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
                $name(*self, to);
                Ok(())
            }

            fn encode_slice(slice: &[Self], to: &mut KeyEncoder) -> Result<(), KeyError> {
                const WIDTH: usize = size_of::<$type>() + 1;
                let mut chunk = [tag::$tag; CHUNK / WIDTH * WIDTH];
                for values in slice.chunks(CHUNK / WIDTH) {
                    for (bytes, value) in chunk.chunks_exact_mut(WIDTH).zip(values) {
                        bytes[1..].copy_from_slice(&value.to_le_bytes());
                    }
                    to.bytes(&chunk[..values.len() * WIDTH]);
                }
                Ok(())
            }
        }
    )*};
}

// Floats count by their bits: 0.0 and -0.0 differ, and so do two NaNs of different bits. Never a wrong hit.
numbers!(
    u8 u8 U8, u16 u16 U16, u32 u32 U32, u64 u64 U64, u128 u128 U128,
    i8 i8 I8, i16 i16 I16, i32 i32 I32, i64 i64 I64, i128 i128 I128,
    f32 f32 F32, f64 f64 F64
);

#[inline]
pub(super) fn bool(value: bool, to: &mut KeyEncoder) {
    to.array([if value { tag::TRUE } else { tag::FALSE }]);
}

#[inline]
pub(super) fn char(value: char, to: &mut KeyEncoder) {
    let [a, b, c, d] = u32::from(value).to_le_bytes();
    to.array([tag::CHAR, a, b, c, d]);
}

/// Types whose key is that of a value they can be read as.
macro_rules! key_as {
    ($(impl[$($generics:tt)*] $type:ty => |$value:ident| $as:expr;)*) => {$(
        impl<$($generics)*> CacheKey for $type {
            #[inline]
            fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
                let $value = self;
                CacheKey::encode($as, to)
            }
        }
    )*};
}

key_as! {
    // As serde has it: a key must not depend on the width of a pointer.
    impl[] usize => |value| &(*value as u64);
    impl[] isize => |value| &(*value as i64);
    impl[] String => |value| value.as_str();
    impl[] PathBuf => |value| value.as_path();
    impl['a, T: CacheKey + ?Sized] &'a T => |value| *value;
    impl['a, T: CacheKey + ?Sized] &'a mut T => |value| &**value;
    impl[T: CacheKey + ?Sized] Box<T> => |value| &**value;
    impl[T: CacheKey + ?Sized] Rc<T> => |value| &**value;
    impl[T: CacheKey + ?Sized] Arc<T> => |value| &**value;
    impl['a, T: CacheKey + ToOwned + ?Sized] Cow<'a, T> => |value| &**value;
    impl[T: CacheKey] Vec<T> => |value| value.as_slice();
    impl[T: CacheKey] Wrapping<T> => |value| &value.0;
    impl[T: CacheKey] Saturating<T> => |value| &value.0;
    impl[T: CacheKey] Reverse<T> => |value| &value.0;
    impl[] NonZero<u8> => |value| &value.get();
    impl[] NonZero<u16> => |value| &value.get();
    impl[] NonZero<u32> => |value| &value.get();
    impl[] NonZero<u64> => |value| &value.get();
    impl[] NonZero<u128> => |value| &value.get();
    impl[] NonZero<usize> => |value| &value.get();
    impl[] NonZero<i8> => |value| &value.get();
    impl[] NonZero<i16> => |value| &value.get();
    impl[] NonZero<i32> => |value| &value.get();
    impl[] NonZero<i64> => |value| &value.get();
    impl[] NonZero<i128> => |value| &value.get();
    impl[] NonZero<isize> => |value| &value.get();
}

/// Types that serde describes well, and that aren't worth a faster way.
macro_rules! via_serde {
    ($($type:ty),*) => {$(
        impl CacheKey for $type {
            fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
                encode_serde(self, to)
            }
        }
    )*};
}

via_serde!(
    Duration,
    SystemTime,
    IpAddr,
    Ipv4Addr,
    Ipv6Addr,
    SocketAddr,
    SocketAddrV4,
    SocketAddrV6,
    OsStr,
    OsString,
    CStr,
    CString
);

impl CacheKey for bool {
    #[inline]
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        bool(*self, to);
        Ok(())
    }
}

impl CacheKey for char {
    #[inline]
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        char(*self, to);
        Ok(())
    }
}

impl CacheKey for () {
    #[inline]
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        to.array([tag::UNIT]);
        Ok(())
    }
}

impl CacheKey for str {
    #[inline]
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        to.text(tag::TEXT, self.as_bytes());
        Ok(())
    }
}

impl CacheKey for Path {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        match self.to_str() {
            Some(text) => text.encode(to),
            None => {
                to.text(tag::OS_TEXT, self.as_os_str().as_encoded_bytes());
                Ok(())
            }
        }
    }
}

impl CacheKey for Ordering {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        (*self as i8).encode(to)
    }
}

impl<T: CacheKey> CacheKey for Option<T> {
    #[inline]
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        match self {
            None => {
                to.array([tag::NONE]);
                Ok(())
            }
            Some(value) => {
                to.array([tag::SOME]);
                value.encode(to)
            }
        }
    }
}

impl<T: CacheKey, E: CacheKey> CacheKey for Result<T, E> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        match self {
            Ok(value) => {
                write_names(to, tag::NEWTYPE_VARIANT, &["Result", "Ok"]);
                value.encode(to)
            }
            Err(error) => {
                write_names(to, tag::NEWTYPE_VARIANT, &["Result", "Err"]);
                error.encode(to)
            }
        }
    }
}

impl<T: CacheKey> CacheKey for Bound<T> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        let (variant, value) = match self {
            Bound::Unbounded => {
                write_names(to, tag::UNIT_VARIANT, &["Bound", "Unbounded"]);
                return Ok(());
            }
            Bound::Included(value) => ("Included", value),
            Bound::Excluded(value) => ("Excluded", value),
        };
        write_names(to, tag::NEWTYPE_VARIANT, &["Bound", variant]);
        value.encode(to)
    }
}

fn structure(to: &mut KeyEncoder, name: &str, fields: &[(&str, &dyn CacheKey)]) -> Result<(), KeyError> {
    write_names(to, tag::STRUCT, &[name]);
    for (name, value) in fields {
        write_names(to, tag::FIELD, &[name]);
        value.encode(to)?;
    }
    to.end();
    Ok(())
}

macro_rules! structures {
    ($($type:ident($($field:literal $get:ident),*)),*) => {$(
        impl<T: CacheKey> CacheKey for $type<T> {
            fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
                structure(to, stringify!($type), &[$(($field, &self.$get)),*])
            }
        }
    )*};
}

structures!(Range("start" start, "end" end), RangeFrom("start" start), RangeTo("end" end), RangeToInclusive("end" end));

impl<T: CacheKey> CacheKey for RangeInclusive<T> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        structure(to, "RangeInclusive", &[("start", self.start()), ("end", self.end())])
    }
}

impl CacheKey for RangeFull {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        write_names(to, tag::UNIT_STRUCT, &["RangeFull"]);
        Ok(())
    }
}

impl<T: ?Sized> CacheKey for PhantomData<T> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        write_names(to, tag::UNIT_STRUCT, &["PhantomData"]);
        Ok(())
    }
}

impl<T: CacheKey> CacheKey for [T] {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        to.array([tag::SEQUENCE]);
        T::encode_slice(self, to)?;
        to.end();
        Ok(())
    }
}

impl<T: CacheKey, const N: usize> CacheKey for [T; N] {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        to.array([tag::TUPLE]);
        T::encode_slice(self, to)?;
        to.end();
        Ok(())
    }
}

macro_rules! sequences {
    ($(impl[$($generics:tt)*] $type:ty),*) => {$(
        impl<$($generics)*> CacheKey for $type {
            fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
                to.array([tag::SEQUENCE]);
                self.iter().try_for_each(|element| element.encode(to))?;
                to.end();
                Ok(())
            }
        }
    )*};
}

sequences!(impl[T: CacheKey] VecDeque<T>, impl[T: CacheKey] LinkedList<T>, impl[T: CacheKey] BTreeSet<T>);

fn map<'a, K: CacheKey + 'a, V: CacheKey + 'a>(
    entries: impl Iterator<Item = (&'a K, &'a V)>,
    to: &mut KeyEncoder,
) -> Result<(), KeyError> {
    let mut parts = Vec::new();
    for (key, value) in entries {
        let mut part = KeyEncoder::part();
        key.encode(&mut part)?;
        let key_len = part.part_len();
        value.encode(&mut part)?;
        parts.push((key_len, part.into_part()));
    }
    to.sorted(tag::MAP, parts);
    Ok(())
}

impl<K: CacheKey, V: CacheKey, S> CacheKey for HashMap<K, V, S> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        map(self.iter(), to)
    }
}

impl<K: CacheKey, V: CacheKey> CacheKey for BTreeMap<K, V> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        map(self.iter(), to)
    }
}

impl<T: CacheKey, S> CacheKey for HashSet<T, S> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        to.unordered(self)
    }
}

macro_rules! tuples {
    ($(($($name:ident)+))+) => {$(
        impl<$($name: CacheKey),+> CacheKey for ($($name,)+) {
            #[inline]
            fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
                #[allow(non_snake_case)]
                let ($($name,)+) = self;
                to.array([tag::TUPLE]);
                $($name.encode(to)?;)+
                to.end();
                Ok(())
            }
        }
    )+};
}

tuples! {
    (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) (A B C D E F G H I)
    (A B C D E F G H I J) (A B C D E F G H I J K) (A B C D E F G H I J K L)
}
