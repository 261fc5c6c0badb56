//! Which part of a result is kept: the value in an `Ok` or a `Some`, all of any other, an `Arc` without copying.
//!
//! Decided by the type that the result has, so that `anyhow::Result` and other aliases count. Rust has no specialization,
//! but method lookup tries a receiver's types from the most references to the fewest: `(&&&&Results::<R>::new()).kept()`
//! finds the first of the impls below that fits. The last one fits every type, and says what is missing.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::{Codec, CodecError, Comparison, MessagePack, encode_checked, numbers};
use crate::store::Reading;

/// How results of type `R` are kept.
pub trait Keep<R> {
    /// What is kept of a result.
    type Held: Clone + Send + Sync + 'static;

    /// The part of a result to keep; `None` if it isn't stored.
    fn held(result: &R) -> Option<&Self::Held>;

    /// The result again.
    fn result(held: Self::Held) -> R;

    /// As bytes; `checked` makes sure that they decode to the same value.
    ///
    /// # Errors
    /// If it can't be encoded.
    fn encode(held: &Self::Held, checked: bool) -> Result<Encoded, CodecError>;

    /// From what is stored.
    ///
    /// # Errors
    /// If it can't be read, or isn't an encoded value.
    fn decode(value: Reading) -> Result<Self::Held, DecodeError>;

    /// Compares two values by what they encode to.
    ///
    /// # Errors
    /// If one can't be encoded.
    fn compare(a: &Self::Held, b: &Self::Held) -> Result<Comparison, CodecError>;
}

/// A value as bytes.
#[derive(Debug)]
pub struct Encoded {
    /// Name of the codec that wrote them.
    pub codec: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Why a stored value couldn't be had.
#[derive(Debug)]
pub enum DecodeError {
    /// Another codec wrote it, or it couldn't be read.
    Absent,
    /// It doesn't decode, and never will.
    Undecodable(CodecError),
}

fn encode<T: Serialize + DeserializeOwned + 'static>(value: &T, checked: bool) -> Result<Encoded, CodecError> {
    if let (Some(codec), Some(bytes)) = (numbers::id::<T>(), numbers::bytes(value)) {
        return Ok(Encoded { codec, bytes: bytes.to_vec() });
    }
    let bytes = if checked { encode_checked::<T, MessagePack>(value)? } else { MessagePack::encode(value)? };
    Ok(Encoded { codec: <MessagePack as Codec<T>>::ID, bytes })
}

fn decode<T: Serialize + DeserializeOwned + 'static>(value: Reading) -> Result<T, DecodeError> {
    if numbers::id::<T>() == Some(&*value.about.codec) {
        let length = usize::try_from(value.length()).map_err(|_| DecodeError::Absent)?;
        let (mut value, mut unread) = (Some(value), false);
        let mut fill = |to: &mut [u8]| {
            unread = value.take().is_none_or(|value| value.read(to).is_err());
            if unread { Err(CodecError::decode("it can't be read")) } else { Ok(()) }
        };
        let decoded = numbers::read(length, &mut fill);
        return decoded.map_err(|e| if unread { DecodeError::Absent } else { DecodeError::Undecodable(e) });
    }
    if value.about.codec != <MessagePack as Codec<T>>::ID {
        return Err(DecodeError::Absent);
    }
    let record = value.into_record().map_err(|_| DecodeError::Absent)?;
    MessagePack::decode(&record.value).map_err(DecodeError::Undecodable)
}

/// Stands for the result type in the lookup.
#[derive(Debug)]
pub struct Results<R>(PhantomData<fn() -> R>);

impl<R> Results<R> {
    /// For the type `R`.
    #[allow(clippy::new_without_default, reason = "only the attribute makes one")]
    pub const fn new() -> Self {
        Results(PhantomData)
    }
}

/// A result that may be stored: owned, cloneable, and known to serde.
pub trait Storable: Clone + Send + Sync + 'static {
    #[doc(hidden)]
    fn encode(&self, checked: bool) -> Result<Encoded, CodecError>;
    #[doc(hidden)]
    fn decode(value: Reading) -> Result<Self, DecodeError>;
    #[doc(hidden)]
    fn compare(&self, other: &Self) -> Result<Comparison, CodecError>;
}

impl<T> Storable for T
where
    T: serde::Serialize + serde::de::DeserializeOwned + Clone + Send + Sync + 'static,
{
    fn encode(&self, checked: bool) -> Result<Encoded, CodecError> {
        encode(self, checked)
    }

    fn decode(value: Reading) -> Result<Self, DecodeError> {
        decode(value)
    }

    fn compare(&self, other: &Self) -> Result<Comparison, CodecError> {
        <MessagePack as Codec<T>>::compare(self, other)
    }
}

/// Keeps the whole value.
#[derive(Debug, Clone, Copy)]
pub struct Whole;

impl<T: Storable> Keep<T> for Whole {
    type Held = T;

    #[inline]
    fn held(result: &T) -> Option<&T> {
        Some(result)
    }

    #[inline]
    fn result(held: T) -> T {
        held
    }

    fn encode(held: &T, checked: bool) -> Result<Encoded, CodecError> {
        held.encode(checked)
    }

    fn decode(value: Reading) -> Result<T, DecodeError> {
        T::decode(value)
    }

    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        a.compare(b)
    }
}

/// Keeps what an `Arc` points to; a hit shares it.
#[derive(Debug, Clone, Copy)]
pub struct Shared;

impl<T: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static> Keep<Arc<T>> for Shared {
    type Held = Arc<T>;

    #[inline]
    fn held(result: &Arc<T>) -> Option<&Arc<T>> {
        Some(result)
    }

    #[inline]
    fn result(held: Arc<T>) -> Arc<T> {
        held
    }

    fn encode(held: &Arc<T>, checked: bool) -> Result<Encoded, CodecError> {
        encode(&**held, checked)
    }

    fn decode(value: Reading) -> Result<Arc<T>, DecodeError> {
        decode(value).map(Arc::new)
    }

    fn compare(a: &Arc<T>, b: &Arc<T>) -> Result<Comparison, CodecError> {
        <MessagePack as Codec<T>>::compare(a, b)
    }
}

/// Keeps what is in an `Ok` or a `Some`, the way `K` says, and nothing of the rest.
#[derive(Debug, Clone, Copy)]
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

    fn encode(held: &T, checked: bool) -> Result<Encoded, CodecError> {
        K::encode(held, checked)
    }

    fn decode(value: Reading) -> Result<T, DecodeError> {
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

    fn encode(held: &T, checked: bool) -> Result<Encoded, CodecError> {
        K::encode(held, checked)
    }

    fn decode(value: Reading) -> Result<T, DecodeError> {
        K::decode(value)
    }

    fn compare(a: &T, b: &T) -> Result<Comparison, CodecError> {
        K::compare(a, b)
    }
}

/// First choice: an `Arc` in an `Ok` or a `Some`.
pub trait SharedSuccess {
    /// The way to keep it.
    fn kept(&self) -> Success<Shared> {
        Success(PhantomData)
    }
}

impl<T, E> SharedSuccess for &&&Results<Result<Arc<T>, E>> where Shared: Keep<Arc<T>> {}
impl<T> SharedSuccess for &&&Results<Option<Arc<T>>> where Shared: Keep<Arc<T>> {}

/// Second: an `Ok` or a `Some`.
pub trait PlainSuccess {
    /// The way to keep it.
    fn kept(&self) -> Success<Whole> {
        Success(PhantomData)
    }
}

impl<T: Storable, E> PlainSuccess for &&Results<Result<T, E>> {}
impl<T: Storable> PlainSuccess for &&Results<Option<T>> {}

/// Second as well: an `Arc`.
pub trait SharedWhole {
    /// The way to keep it.
    fn kept(&self) -> Shared {
        Shared
    }

    /// The way to keep it, `Err` and `None` included.
    fn whole(&self) -> Shared {
        Shared
    }
}

impl<T> SharedWhole for &&Results<Arc<T>> where Shared: Keep<Arc<T>> {}

/// Third: anything that can be stored.
pub trait Plain {
    /// The way to keep it.
    fn kept(&self) -> Whole {
        Whole
    }

    /// The way to keep it, `Err` and `None` included.
    fn whole(&self) -> Whole {
        Whole
    }
}

impl<R: Storable> Plain for &Results<R> {}

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

    fn encode(held: &Self::Held, _: bool) -> Result<Encoded, CodecError> {
        match *held {}
    }

    fn decode(_: Reading) -> Result<Self::Held, DecodeError> {
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

    /// What is kept of a value, as bytes.
    fn kept<R, K: Keep<R>>(_: K, value: R) -> Option<Vec<u8>> {
        K::held(&value).map(|held| K::encode(held, true).unwrap().bytes)
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
}
