//! How `#[cached]` picks the way an argument is keyed: [`CacheKey`] if its type has one, else [`serde::Serialize`].
//!
//! Rust has no specialization, but method lookup tries a receiver's types in order, from the most references to the
//! fewest. `(&&&&Probe(&argument)).encode(&mut encoder)` finds the first of these that fits, for any type, sized or not.

use std::collections::HashSet;
use std::sync::Arc;

use serde::Serialize;

use super::{CacheKey, KeyEncoder, KeyError, encode_serde, tag};

/// Wraps a reference to an argument.
#[derive(Debug)]
pub struct Probe<'a, T: ?Sized>(pub &'a T);

/// The first choice.
pub trait ViaCacheKey {
    /// Writes the argument.
    ///
    /// # Errors
    /// If it can't be encoded.
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError>;
}

impl<T: CacheKey + ?Sized> ViaCacheKey for &&&Probe<'_, T> {
    #[inline(always)]
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        CacheKey::encode(self.0, to)
    }
}

/// The second: a hash set of what serde knows, which serde alone would show unsorted.
pub trait ViaSortedSet {
    /// Writes the argument.
    ///
    /// # Errors
    /// If it can't be encoded.
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError>;
}

fn sorted_set<T: Serialize, S>(set: &HashSet<T, S>, to: &mut KeyEncoder) -> Result<(), KeyError> {
    let mut parts = Vec::with_capacity(set.len());
    for element in set {
        let mut part = KeyEncoder::part();
        encode_serde(element, &mut part)?;
        parts.push((part.part_len(), part.into_part()));
    }
    to.sorted(tag::SET, parts);
    Ok(())
}

impl<T: Serialize, S> ViaSortedSet for &&Probe<'_, HashSet<T, S>> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        sorted_set(self.0, to)
    }
}

impl<T: Serialize, S> ViaSortedSet for &&Probe<'_, &HashSet<T, S>> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        sorted_set(self.0, to)
    }
}

/// The second as well: an `Arc` of what serde knows. serde itself knows no `Arc` unless a feature asks for it.
pub trait ViaShared {
    /// Writes the argument.
    ///
    /// # Errors
    /// If it can't be encoded.
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError>;
}

impl<T: Serialize + ?Sized> ViaShared for &&Probe<'_, Arc<T>> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        encode_serde(&**self.0, to)
    }
}

impl<T: Serialize + ?Sized> ViaShared for &&Probe<'_, &Arc<T>> {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        encode_serde(&***self.0, to)
    }
}

/// The third.
pub trait ViaSerialize {
    /// Writes the argument.
    ///
    /// # Errors
    /// If it can't be encoded.
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError>;
}

impl<T: Serialize + ?Sized> ViaSerialize for &Probe<'_, T> {
    #[inline]
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        encode_serde(self.0, to)
    }
}

/// Nothing fits: says so, and what to do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be part of the key of a cached call",
    label = "neither `rememo::CacheKey` nor `serde::Serialize` is implemented for `{Self}`",
    note = "derive `serde::Serialize`, implement `rememo::CacheKey`, or name a key: `#[cached(key(argument = ...))]`"
)]
pub trait Keyable {}

/// The last resort, which compiles for no type.
pub trait ViaNothing {
    /// The argument's type.
    type Argument: ?Sized;

    /// Never called.
    ///
    /// # Errors
    /// Always.
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError>
    where
        Self::Argument: Keyable;
}

impl<T: ?Sized> ViaNothing for Probe<'_, T> {
    type Argument = T;

    fn encode(&self, _: &mut KeyEncoder) -> Result<(), KeyError>
    where
        T: Keyable,
    {
        Err(KeyError::Refused("no way to key it".into()))
    }
}
