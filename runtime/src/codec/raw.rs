//! Vectors of numbers, and texts, as they lie in memory: no codec is faster than none.
//!
//! Numbers on little-endian machines only; others take the general way, and read what these wrote as a miss.

use std::any::{Any, TypeId};

use super::CodecError;
use crate::pages;

/// Fills a buffer with the bytes of a value.
pub(crate) type Fill<'a> = &'a mut dyn FnMut(&mut [u8]) -> Result<(), CodecError>;

macro_rules! numbers {
    ($($number:ident),*) => {
        fn numbers_id(ty: TypeId) -> Option<&'static str> {
            $(if ty == TypeId::of::<Vec<$number>>() {
                return cfg!(target_endian = "little").then_some(concat!("numbers ", stringify!($number), " 1"));
            })*
            None
        }

        fn numbers_bytes(value: &dyn Any) -> Option<&[u8]> {
            $(if let Some(numbers) = value.downcast_ref::<Vec<$number>>() {
                return Some(bytemuck::cast_slice(numbers));
            })*
            None
        }

        fn read_numbers(place: &mut dyn Any, length: usize, fill: Fill<'_>) -> Result<(), CodecError> {
            $(if let Some(place) = place.downcast_mut::<Option<Vec<$number>>>() {
                if !length.is_multiple_of(size_of::<$number>()) {
                    return Err(CodecError::decode("not a whole number of numbers"));
                }
                ask_for(length)?;
                let mut numbers: Vec<$number> = vec![Default::default(); length / size_of::<$number>()];
                pages::prefer_large(&mut numbers);
                fill(bytemuck::cast_slice_mut(&mut numbers))?;
                *place = Some(numbers);
            })*
            Ok(())
        }
    };
}

numbers!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

/// Name of the codec, if `T` is a vector of numbers or a text.
pub(crate) fn id<T: 'static>() -> Option<&'static str> {
    let ty = TypeId::of::<T>();
    if ty == TypeId::of::<String>() { Some("text 1") } else { numbers_id(ty) }
}

/// The bytes of a vector of numbers or of a text.
pub(crate) fn bytes<T: 'static>(value: &T) -> Option<&[u8]> {
    id::<T>()?;
    let value: &dyn Any = value;
    value.downcast_ref::<String>().map(String::as_bytes).or_else(|| numbers_bytes(value))
}

/// A vector of numbers or a text of so many bytes, which are known to be there. They are read into their place: nothing of
/// the size is copied.
pub(crate) fn read<T: 'static>(length: usize, fill: Fill<'_>) -> Result<T, CodecError> {
    // What tells the types apart is known when this is compiled.
    let mut result: Option<T> = None;
    let place: &mut dyn Any = &mut result;
    if let Some(place) = place.downcast_mut::<Option<String>>() {
        let mut bytes: Option<Vec<u8>> = None;
        read_numbers(&mut bytes, length, fill)?;
        let text = String::from_utf8(bytes.unwrap_or_default());
        *place = Some(text.map_err(|e| CodecError::decode(e.to_string()))?);
    } else {
        read_numbers(place, length, fill)?;
    }
    result.ok_or_else(|| CodecError::decode("no vector of numbers"))
}

/// Memory that isn't there is an error here, and would be the end of the process where a vector is made.
fn ask_for(length: usize) -> Result<(), CodecError> {
    Vec::<u8>::new().try_reserve_exact(length).map_err(|e| CodecError::decode(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: 'static + PartialEq + std::fmt::Debug>(value: T) {
        let from = bytes(&value).expect("it lies in memory as bytes").to_vec();
        let mut fill = |to: &mut [u8]| {
            to.copy_from_slice(&from);
            Ok(())
        };
        assert_eq!(read::<T>(from.len(), &mut fill), Ok(value));
    }

    #[test]
    fn vectors_of_numbers_and_texts_come_back_and_others_are_not_taken() {
        round_trip(vec![1.5f64, -0.0, f64::INFINITY]);
        round_trip(vec![u8::MAX, 0]);
        round_trip(Vec::<i32>::new());
        round_trip("grüße".to_owned());
        assert!(bytes(&vec![true]).is_none() && bytes(&vec!["text".to_owned()]).is_none());
        assert_ne!(id::<Vec<u32>>(), id::<Vec<f32>>());
        assert!(read::<Vec<u32>>(7, &mut |_| Ok(())).is_err());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let fill: Fill<'_> = &mut |to| {
            to.fill(0xff);
            Ok(())
        };
        assert!(read::<String>(4, fill).is_err());
    }
}
