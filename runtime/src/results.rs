//! Which part of a result is kept: the value in an `Ok` or a `Some`, all of any other, an `Arc` without copying.
//!
//! Decided by the type that the result has, so that `anyhow::Result` and other aliases count. Rust has no specialization,
//! but method lookup tries a receiver's types from the most references to the fewest: `(&&&&Results::<R>::new()).kept()`
//! finds the first of the impls below that fits. The last one fits every type, and says what is missing.

use std::cell::Cell;
use std::fmt;
use std::io::Read;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::packed::{self, Compression};
use crate::codec::{Codec, CodecError, Comparison, MessagePack, encode_checked, raw};
use crate::store::{Content, Reading};

/// How results of type `R` are kept.
pub trait Keep<R> {
    /// What is kept of a result.
    type Held: Clone + Send + Sync + 'static;

    /// The part of a result to keep; `None` if it isn't stored.
    fn held(result: &R) -> Option<&Self::Held>;

    /// The result again.
    fn result(held: Self::Held) -> R;

    /// As bytes.
    ///
    /// # Errors
    /// If it can't be encoded, as far as that is known before it is done.
    fn encode(held: &Self::Held, how: How) -> Result<Encoded<'_>, CodecError>;

    /// From what is stored.
    ///
    /// # Errors
    /// If it can't be read, or isn't an encoded value.
    fn decode(value: &mut Reading) -> Result<Decoded<Self::Held>, DecodeError>;

    /// Compares two values by what they encode to.
    ///
    /// # Errors
    /// If one can't be encoded.
    fn compare(a: &Self::Held, b: &Self::Held) -> Result<Comparison, CodecError>;
}

/// How a value is to be encoded.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// Make sure that it decodes to the same value.
    pub checked: bool,
    /// And compress it.
    pub compression: Option<Compression>,
}

/// A value as bytes, or on its way to be.
pub struct Encoded<'a> {
    /// Name of the codec, and of what compresses.
    pub(crate) codec: String,
    pub(crate) content: Content<'a>,
}

impl fmt::Debug for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoded").field("codec", &self.codec).finish_non_exhaustive()
    }
}

/// A value that was stored, and what it weighs in memory, more or less.
#[derive(Debug)]
pub struct Decoded<T> {
    pub(crate) value: T,
    pub(crate) weight: u64,
}

/// Why a stored value couldn't be had.
#[derive(Debug)]
pub enum DecodeError {
    /// Another codec wrote it, or it couldn't be read.
    Absent,
    /// It doesn't decode, and never will.
    Undecodable(CodecError),
}

/// How values of type `T` become bytes: by the default codecs ([`Auto`]), or by one that the function names ([`By`]).
pub trait Coding<T> {
    #[doc(hidden)]
    fn encode(value: &T, how: How) -> Result<Encoded<'_>, CodecError>;
    #[doc(hidden)]
    fn decode(value: &mut Reading) -> Result<Decoded<T>, DecodeError>;
    #[doc(hidden)]
    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError>;
}

/// The default: what lies in memory as bytes goes as it is, all else as [`MessagePack`].
#[derive(Debug, Clone, Copy)]
pub struct Auto;

impl<T: Serialize + DeserializeOwned + 'static> Coding<T> for Auto {
    fn encode(value: &T, how: How) -> Result<Encoded<'_>, CodecError> {
        let (Some(codec), Some(bytes)) = (raw::id::<T>(), raw::bytes(value)) else {
            return encode::<T, MessagePack>(value, how);
        };
        let content = match how.compression {
            None => Content::Bytes(bytes),
            // What is read into its place must be known by its size.
            Some(_) => Content::Stream(Box::new(move |to| {
                packed::pack(to, |to| {
                    to.write_all(&(bytes.len() as u64).to_be_bytes()).map_err(CodecError::written)?;
                    to.write_all(bytes).map_err(CodecError::written)
                })
            })),
        };
        Ok(Encoded { codec: packed::name(codec, how.compression), content })
    }

    fn decode(value: &mut Reading) -> Result<Decoded<T>, DecodeError> {
        let (codec, is_packed) = packed::split(&value.about.codec);
        match raw::id::<T>() == Some(codec) {
            true if is_packed => unpack_raw(value),
            true => read_raw(value),
            false => decode::<T, MessagePack>(value),
        }
    }

    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        <MessagePack as Codec<T>>::compare(a, b)
    }
}

/// A codec that the function names.
pub struct By<C>(PhantomData<fn() -> C>);

impl<T: 'static, C: Codec<T>> Coding<T> for By<C> {
    fn encode(value: &T, how: How) -> Result<Encoded<'_>, CodecError> {
        encode::<T, C>(value, how)
    }

    fn decode(value: &mut Reading) -> Result<Decoded<T>, DecodeError> {
        decode::<T, C>(value)
    }

    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        C::compare(a, b)
    }
}

fn encode<T, C: Codec<T>>(value: &T, how: How) -> Result<Encoded<'_>, CodecError> {
    if how.checked {
        encode_checked::<T, C>(value)?;
    }
    let content = Content::Stream(match how.compression {
        None => Box::new(move |to| {
            let mut to = packed::Counted::new(to);
            C::write(value, &mut to)?;
            Ok(to.count)
        }),
        Some(_) => Box::new(move |to| packed::pack(to, |to| C::write(value, to))),
    });
    Ok(Encoded { codec: packed::name(C::ID, how.compression), content })
}

fn decode<T, C: Codec<T>>(value: &mut Reading) -> Result<Decoded<T>, DecodeError> {
    let (codec, is_packed) = packed::split(&value.about.codec);
    if codec != C::ID {
        return Err(DecodeError::Absent);
    }
    if is_packed {
        return unpack(value, C::read);
    }
    let weight = value.length();
    let decoded = value.decode(C::decode, C::read).map_err(|_| DecodeError::Absent)?;
    decoded.map(|value| Decoded { value, weight }).map_err(DecodeError::Undecodable)
}

/// Reads a value into its place.
fn read_raw<T: 'static>(value: &mut Reading) -> Result<Decoded<T>, DecodeError> {
    let weight = value.length();
    let length = usize::try_from(weight).map_err(|_| DecodeError::Absent)?;
    let mut unread = false;
    let mut fill = |to: &mut [u8]| {
        unread = value.read(to).is_err();
        if unread { Err(CodecError::decode("it can't be read")) } else { Ok(()) }
    };
    let decoded = raw::read(length, &mut fill);
    let error = |e| if unread { DecodeError::Absent } else { DecodeError::Undecodable(e) };
    decoded.map(|value| Decoded { value, weight }).map_err(error)
}

fn unpack_raw<T: 'static>(value: &mut Reading) -> Result<Decoded<T>, DecodeError> {
    let most = packed::most(value.length());
    unpack(value, |from| {
        let mut length = [0; 8];
        from.read_exact(&mut length).map_err(CodecError::read)?;
        let length = u64::from_be_bytes(length);
        if length > most {
            return Err(CodecError::decode("it can't be as long as it says"));
        }
        let length = usize::try_from(length).map_err(|e| CodecError::decode(e.to_string()))?;
        let value = raw::read(length, &mut |to| from.read_exact(to).map_err(CodecError::read))?;
        match from.read(&mut [0]) {
            Ok(0) => Ok(value),
            _ => Err(CodecError::decode("bytes follow the value")),
        }
    })
}

fn unpack<T>(
    value: &mut Reading,
    read: impl Fn(&mut dyn Read) -> Result<T, CodecError>,
) -> Result<Decoded<T>, DecodeError> {
    let is_known = Cell::new(true);
    let unpack = |from: &mut dyn Read| {
        packed::unpack(from, &read).unwrap_or_else(|| {
            is_known.set(false);
            Err(CodecError::decode("the feature that decompresses it isn't there"))
        })
    };
    let decoded = value.decode(|mut bytes| unpack(&mut bytes), unpack).map_err(|_| DecodeError::Absent)?;
    match decoded {
        Ok((value, weight)) => Ok(Decoded { value, weight }),
        Err(error) if is_known.get() => Err(DecodeError::Undecodable(error)),
        Err(_) => Err(DecodeError::Absent),
    }
}

/// Stands for the result type in the lookup, and for how it is coded.
pub struct Results<R, C = Auto>(PhantomData<fn() -> (R, C)>);

impl<R, C> Results<R, C> {
    /// For the type `R`.
    #[allow(clippy::new_without_default, reason = "only the attribute makes one")]
    pub const fn new() -> Self {
        Results(PhantomData)
    }
}

/// Keeps the whole value.
pub struct Whole<C = Auto>(PhantomData<fn() -> C>);

impl<T: Clone + Send + Sync + 'static, C: Coding<T>> Keep<T> for Whole<C> {
    type Held = T;

    #[inline]
    fn held(result: &T) -> Option<&T> {
        Some(result)
    }

    #[inline]
    fn result(held: T) -> T {
        held
    }

    fn encode(held: &T, how: How) -> Result<Encoded<'_>, CodecError> {
        C::encode(held, how)
    }

    fn decode(value: &mut Reading) -> Result<Decoded<T>, DecodeError> {
        C::decode(value)
    }

    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        C::compare(a, b)
    }
}

/// Keeps what an `Arc` points to; a hit shares it.
pub struct Shared<C = Auto>(PhantomData<fn() -> C>);

impl<T: Send + Sync + 'static, C: Coding<T>> Keep<Arc<T>> for Shared<C> {
    type Held = Arc<T>;

    #[inline]
    fn held(result: &Arc<T>) -> Option<&Arc<T>> {
        Some(result)
    }

    #[inline]
    fn result(held: Arc<T>) -> Arc<T> {
        held
    }

    fn encode(held: &Arc<T>, how: How) -> Result<Encoded<'_>, CodecError> {
        C::encode(held, how)
    }

    fn decode(value: &mut Reading) -> Result<Decoded<Arc<T>>, DecodeError> {
        let Decoded { value, weight } = C::decode(value)?;
        Ok(Decoded { value: Arc::new(value), weight })
    }

    fn compare(a: &Arc<T>, b: &Arc<T>) -> Result<Comparison, CodecError> {
        C::compare(a, b)
    }
}

/// Keeps what is in an `Ok` or a `Some`, the way `K` says, and nothing of the rest.
pub struct Success<K>(PhantomData<fn() -> K>);

impl<T: Clone + Send + Sync + 'static, E, K: Keep<T, Held = T>> Keep<Result<T, E>> for Success<K> {
    type Held = K::Held;

    #[inline]
    fn held(result: &Result<T, E>) -> Option<&T> {
        result.as_ref().ok()
    }

    #[inline]
    fn result(held: T) -> Result<T, E> {
        Ok(held)
    }

    fn encode(held: &T, how: How) -> Result<Encoded<'_>, CodecError> {
        K::encode(held, how)
    }

    fn decode(value: &mut Reading) -> Result<Decoded<T>, DecodeError> {
        K::decode(value)
    }

    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        K::compare(a, b)
    }
}

impl<T: Clone + Send + Sync + 'static, K: Keep<T, Held = T>> Keep<Option<T>> for Success<K> {
    type Held = K::Held;

    #[inline]
    fn held(result: &Option<T>) -> Option<&T> {
        result.as_ref()
    }

    #[inline]
    fn result(held: T) -> Option<T> {
        Some(held)
    }

    fn encode(held: &T, how: How) -> Result<Encoded<'_>, CodecError> {
        K::encode(held, how)
    }

    fn decode(value: &mut Reading) -> Result<Decoded<T>, DecodeError> {
        K::decode(value)
    }

    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        K::compare(a, b)
    }
}

/// First choice: an `Arc` in an `Ok` or a `Some`.
pub trait SharedSuccess<C> {
    /// The way to keep it.
    fn kept(&self) -> Success<Shared<C>> {
        Success(PhantomData)
    }
}

impl<T, E, C> SharedSuccess<C> for &&&Results<Result<Arc<T>, E>, C> where Shared<C>: Keep<Arc<T>> {}
impl<T, C> SharedSuccess<C> for &&&Results<Option<Arc<T>>, C> where Shared<C>: Keep<Arc<T>> {}

/// Second: an `Ok` or a `Some`.
pub trait PlainSuccess<C> {
    /// The way to keep it.
    fn kept(&self) -> Success<Whole<C>> {
        Success(PhantomData)
    }
}

impl<T, E, C> PlainSuccess<C> for &&Results<Result<T, E>, C> where Whole<C>: Keep<T> {}
impl<T, C> PlainSuccess<C> for &&Results<Option<T>, C> where Whole<C>: Keep<T> {}

/// Second as well: an `Arc`.
pub trait SharedWhole<C> {
    /// The way to keep it.
    fn kept(&self) -> Shared<C> {
        Shared(PhantomData)
    }

    /// The way to keep it, `Err` and `None` included.
    fn whole(&self) -> Shared<C> {
        Shared(PhantomData)
    }
}

impl<T, C> SharedWhole<C> for &&Results<Arc<T>, C> where Shared<C>: Keep<Arc<T>> {}

/// Third: anything that can be stored.
pub trait Plain<C> {
    /// The way to keep it.
    fn kept(&self) -> Whole<C> {
        Whole(PhantomData)
    }

    /// The way to keep it, `Err` and `None` included.
    fn whole(&self) -> Whole<C> {
        Whole(PhantomData)
    }
}

impl<R, C> Plain<C> for &Results<R, C> where Whole<C>: Keep<R> {}

/// Nothing fits: says so, and what to do.
#[diagnostic::on_unimplemented(
    message = "a result of type `{Self}` can't be cached",
    label = "its value isn't `Clone + Serialize + DeserializeOwned + Send + Sync + 'static`",
    note = "derive `Clone`, `serde::Serialize` and `serde::Deserialize` for it; in an `Arc` it need not be `Clone`"
)]
pub trait Cacheable {}

/// The last resort, which compiles for no type.
pub trait Nothing {
    /// The result's type.
    type Result;

    /// Never called.
    fn kept(&self) -> Refused
    where
        Self::Result: Cacheable,
    {
        Refused
    }

    /// Never called.
    fn whole(&self) -> Refused
    where
        Self::Result: Cacheable,
    {
        Refused
    }
}

impl<R> Nothing for Results<R> {
    type Result = R;
}

/// The codec that a function names isn't one for its result.
#[diagnostic::on_unimplemented(
    message = "`{C}` is no codec for a result of type `{Self}`",
    label = "`{C}` doesn't implement `rememo::codec::Codec` for this type, or the type isn't `Clone + Send + Sync + 'static`",
    note = "of a `Result`, an `Option` or an `Arc` it may be the codec of what is in it"
)]
pub trait CodedBy<C> {}

/// The last resort where a codec is named.
pub trait NothingBy<C> {
    /// The result's type.
    type Result;

    /// Never called.
    fn kept(&self) -> Refused
    where
        Self::Result: CodedBy<C>,
    {
        Refused
    }

    /// Never called.
    fn whole(&self) -> Refused
    where
        Self::Result: CodedBy<C>,
    {
        Refused
    }
}

impl<R, C> NothingBy<C> for Results<R, By<C>> {
    type Result = R;
}

/// Keeps nothing. It fits every type, so that a type which can't be cached is refused once and not again at each use.
#[derive(Debug, Clone, Copy)]
pub struct Refused;

impl<R> Keep<R> for Refused {
    type Held = std::convert::Infallible;

    fn held(_: &R) -> Option<&Self::Held> {
        None
    }

    fn result(held: Self::Held) -> R {
        match held {}
    }

    fn encode(held: &Self::Held, _: How) -> Result<Encoded<'_>, CodecError> {
        match *held {}
    }

    fn decode(_: &mut Reading) -> Result<Decoded<Self::Held>, DecodeError> {
        Err(DecodeError::Absent)
    }

    fn compare(a: &Self::Held, _: &Self::Held) -> Result<Comparison, CodecError> {
        match *a {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Alias<T> = Result<T, std::fmt::Error>;

    fn bytes(encoded: Encoded<'_>) -> Vec<u8> {
        let about = crate::record::Metadata::default();
        crate::store::Writing::new(&about, encoded.content).to_record().unwrap().value
    }

    /// What is kept of a value, as bytes.
    fn kept<R, K: Keep<R>>(_: K, value: R) -> Option<Vec<u8>> {
        let how = How { checked: true, ..How::default() };
        K::held(&value).map(|held| bytes(K::encode(held, how).unwrap()))
    }

    macro_rules! kept {
        ($ty:ty, $value:expr) => {
            kept::<$ty, _>((&&&&Results::<$ty>::new()).kept(), $value)
        };
    }

    #[test]
    fn only_success_is_kept_whatever_the_type_is_called() {
        let seven = Some(vec![7]);
        assert_eq!(kept!(u8, 7), seven);
        assert_eq!(kept!(Option<u8>, Some(7)), seven);
        assert_eq!(kept!(Option<u8>, None), None);
        assert_eq!(kept!(Alias<u8>, Ok(7)), seven);
        assert_eq!(kept!(Alias<u8>, Err(std::fmt::Error)), None);
    }

    #[test]
    fn an_arc_is_kept_by_its_content_and_shared() {
        let seven = Some(vec![7]);
        assert_eq!(kept!(Arc<u8>, Arc::new(7)), seven);
        assert_eq!(kept!(Alias<Arc<u8>>, Ok(Arc::new(7))), seven);
        assert_eq!(kept!(Option<Arc<u8>>, Some(Arc::new(7))), seven);
        fn held<R, K: Keep<R>>(_: K, value: &R) -> K::Held {
            K::held(value).unwrap().clone()
        }
        let value = Some(Arc::new(7u8));
        let held = held((&&&&Results::<Option<Arc<u8>>>::new()).kept(), &value);
        assert!(Arc::ptr_eq(&held, value.as_ref().unwrap()));
    }

    #[test]
    fn all_keeps_failures_too() {
        assert_eq!(kept::<Option<u8>, _>((&&Results::<Option<u8>>::new()).whole(), None), Some(vec![0xc0]));
        assert_eq!(kept::<Arc<u8>, _>((&&&Results::<Arc<u8>>::new()).whole(), Arc::new(7)), Some(vec![7]));
    }

    #[cfg(feature = "lz4")]
    #[test]
    fn a_compressed_value_that_lies_about_its_length_is_refused_before_it_is_given_memory() {
        let lie = |length: u64| {
            let mut packed = Vec::new();
            packed::pack(&mut packed, |to| to.write_all(&length.to_be_bytes()).map_err(CodecError::written)).unwrap();
            let about = crate::record::Metadata { codec: "numbers u8 1 lz4".into(), ..Default::default() };
            let mut reading = Reading::from(crate::record::Record { about, value: packed });
            <Auto as Coding<Vec<u8>>>::decode(&mut reading)
        };
        for length in [1, 1000, 1 << 40, u64::MAX] {
            assert!(matches!(lie(length), Err(DecodeError::Undecodable(_))), "{length}");
        }
        assert_eq!(lie(0).unwrap().value, Vec::<u8>::new());
    }
}
