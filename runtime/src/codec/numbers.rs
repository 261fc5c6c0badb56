//! Vectors of numbers, as they lie in memory: no codec is faster than none.
//!
//! Little-endian machines only; others take the general way, and read what these wrote as a miss.

use std::any::Any;

use super::CodecError;

/// Fills a buffer with the bytes of a value.
pub(crate) type Fill<'a> = &'a mut dyn FnMut(&mut [u8]) -> Result<(), CodecError>;

macro_rules! numbers {
    ($($number:ident),*) => {
        /// Name of the codec, if `T` is a vector of numbers.
        pub(crate) fn id<T: 'static>() -> Option<&'static str> {
            let ty = std::any::TypeId::of::<T>();
            $(if ty == std::any::TypeId::of::<Vec<$number>>() {
                return cfg!(target_endian = "little").then_some(concat!("numbers ", stringify!($number), " 1"));
            })*
            None
        }

        /// The bytes of a vector of numbers.
        pub(crate) fn bytes<T: 'static>(value: &T) -> Option<&[u8]> {
            id::<T>()?;
            let value: &dyn Any = value;
            $(if let Some(numbers) = value.downcast_ref::<Vec<$number>>() {
                return Some(bytemuck::cast_slice(numbers));
            })*
            None
        }

        /// A vector of numbers of so many bytes, which are known to be there. They are read into their place: nothing of the
        /// size is copied.
        pub(crate) fn read<T: 'static>(length: usize, fill: Fill<'_>) -> Result<T, CodecError> {
            // What tells the types apart is known when this is compiled.
            let mut result: Option<T> = None;
            let place: &mut dyn Any = &mut result;
            $(if let Some(place) = place.downcast_mut::<Option<Vec<$number>>>() {
                if !length.is_multiple_of(size_of::<$number>()) {
                    return Err(CodecError::decode("not a whole number of numbers"));
                }
                // Asked for first: memory that isn't there is an error here, and would be the end of the process below.
                let asked = Vec::<u8>::new().try_reserve_exact(length);
                asked.map_err(|e| CodecError::decode(e.to_string()))?;
                let mut numbers: Vec<$number> = vec![Default::default(); length / size_of::<$number>()];
                fill(bytemuck::cast_slice_mut(&mut numbers))?;
                *place = Some(numbers);
            })*
            result.ok_or_else(|| CodecError::decode("no vector of numbers"))
        }
    };
}

numbers!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: 'static + PartialEq + std::fmt::Debug>(value: T) {
        let from = bytes(&value).expect("a vector of numbers").to_vec();
        let mut fill = |to: &mut [u8]| {
            to.copy_from_slice(&from);
            Ok(())
        };
        assert_eq!(read::<T>(from.len(), &mut fill), Ok(value));
    }

    #[test]
    fn vectors_of_numbers_come_back_and_others_are_not_taken() {
        round_trip(vec![1.5f64, -0.0, f64::INFINITY]);
        round_trip(vec![u8::MAX, 0]);
        round_trip(Vec::<i32>::new());
        assert!(bytes(&vec![true]).is_none() && bytes(&"text".to_owned()).is_none());
        assert_ne!(id::<Vec<u32>>(), id::<Vec<f32>>());
        assert!(read::<Vec<u32>>(7, &mut |_| Ok(())).is_err());
    }
}
