//! One call of a cached function, as a thing: what `NAME_cache(arguments)` returns.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::call::{self, Call as Lookup, Force};
use crate::declared::Declared;
use crate::function::{Function, Types};
use crate::handle::Handle;
use crate::key::{Key, KeyEncoder, KeyError};
use crate::results::Keep;
use crate::store::StoreError;

/// One call of a cached function and what is cached for it. `NAME_cache`, beside the function `NAME`, takes the function's own
/// arguments and returns this; nothing is computed until [`refresh`](Call::refresh) or [`uncached`](Call::uncached).
///
/// ```ignore
/// #[rememo::cached]
/// fn area(r: f64) -> f64 { 3.14 * r * r }
///
/// assert!(!area_cache(2.0).contains());
/// area(2.0);
/// assert_eq!(area_cache(2.0).peek(), Some(12.56));
/// area_cache(2.0).invalidate()?;
/// ```
#[must_use]
pub struct Call<R, F> {
    lookup: Result<Box<dyn Cached<R> + Send>, KeyError>,
    run: F,
}

/// A call that has been keyed and waits for what runs the function. For the attribute alone.
#[derive(Debug)]
pub struct Started<R, P> {
    lookup: Result<Lookup, KeyError>,
    result: PhantomData<fn() -> (R, P)>,
}

/// Runs the function. An alias that, unlike `FnOnce() -> R`, may be written where `R` leaves out a lifetime.
pub trait Run<R>: FnOnce() -> R {}

impl<R, F: FnOnce() -> R> Run<R> for F {}

/// Keys a call. For the attribute alone.
pub fn start<R, P: Keep<R>, T: ?Sized>(
    handle: Handle,
    _: P,
    _: Types<T>,
    write_key: impl FnOnce(&mut KeyEncoder) -> Result<(), KeyError>,
    declare: impl FnOnce(&mut Declared),
) -> Started<R, P> {
    Started { lookup: Lookup::new::<T>(handle, write_key, declare), result: PhantomData }
}

impl<R: 'static, P: Keep<R> + 'static> Started<R, P> {
    /// Adds what runs the function. For the attribute alone.
    pub fn call<F>(self, run: F) -> Call<R, F> {
        let lookup = self.lookup.map(|lookup| Box::new(Typed::<R, P> { lookup, result: PhantomData }) as _);
        Call { lookup, run }
    }
}

struct Typed<R, P> {
    lookup: Lookup,
    result: PhantomData<fn() -> (R, P)>,
}

/// What can be done with a call whose way to keep results is known.
trait Cached<R> {
    fn lookup(&self) -> &Lookup;
    fn contains(&self) -> bool;
    fn peek(&self) -> Option<R>;
    fn insert(&self, result: &R) -> Result<(), InsertError>;
}

impl<R, P: Keep<R>> Cached<R> for Typed<R, P> {
    fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    fn contains(&self) -> bool {
        self.lookup.stored::<R, P>().is_some()
    }

    fn peek(&self) -> Option<R> {
        self.lookup.stored::<R, P>().map(P::result)
    }

    fn insert(&self, result: &R) -> Result<(), InsertError> {
        self.lookup.insert::<R, P>(result)
    }
}

impl<R, F> Call<R, F> {
    /// Whether there is a result that counts.
    pub fn contains(&self) -> bool {
        self.lookup.as_ref().is_ok_and(|call| call.contains())
    }

    /// The stored result, if there is one that counts. Nothing is computed, and no hit is counted.
    pub fn peek(&self) -> Option<R> {
        self.lookup.as_ref().ok()?.peek()
    }

    /// Stores a result as if the function had returned it.
    ///
    /// # Errors
    /// If it can't be stored.
    pub fn insert(&self, result: R) -> Result<(), InsertError> {
        match &self.lookup {
            Ok(call) => call.insert(&result),
            Err(error) => Err(InsertError::NotCached(error.to_string())),
        }
    }

    /// Forgets the result; tells whether there was one.
    ///
    /// # Errors
    /// If the store can't be written.
    pub fn invalidate(&self) -> Result<bool, StoreError> {
        self.lookup.as_ref().map_or(Ok(false), |call| call.lookup().invalidate())
    }

    /// The arguments' key.
    ///
    /// # Errors
    /// If an argument can't be encoded.
    pub fn key(&self) -> Result<Key, KeyError> {
        self.lookup.as_ref().map(|call| call.lookup().key).map_err(Clone::clone)
    }

    fn wish(&self, force: Force) -> Option<(std::sync::Arc<Function>, Key, Force)> {
        let lookup = self.lookup.as_ref().ok()?.lookup();
        Some((lookup.function.clone(), lookup.key, force))
    }
}

impl<R, F: FnOnce() -> R> Call<R, F> {
    /// Computes, whatever is stored, and stores the result.
    pub fn refresh(self) -> R {
        self.forced(Force::Refresh)
    }

    /// Computes, whatever is stored, and stores nothing.
    pub fn uncached(self) -> R {
        self.forced(Force::Uncached)
    }

    fn forced(self, force: Force) -> R {
        match self.wish(force) {
            Some((function, key, force)) => call::with_forced(&function, key, force, self.run).0,
            // It can't be keyed, so the function passes through by itself.
            None => (self.run)(),
        }
    }
}

impl<R, F: Future<Output = R>> Call<R, F> {
    /// Computes, whatever is stored, and stores the result. Of an async function.
    pub fn refresh_async(self) -> Forced<F> {
        let wish = self.wish(Force::Refresh);
        Forced { wish, future: Box::pin(self.run) }
    }

    /// Computes, whatever is stored, and stores nothing. Of an async function.
    pub fn uncached_async(self) -> Forced<F> {
        let wish = self.wish(Force::Uncached);
        Forced { wish, future: Box::pin(self.run) }
    }
}

impl<R, F> fmt::Debug for Call<R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("key", &self.key()).finish_non_exhaustive()
    }
}

/// An async function's call that is computed whatever is stored.
#[must_use = "futures do nothing unless polled"]
pub struct Forced<F> {
    wish: Option<(std::sync::Arc<Function>, Key, Force)>,
    future: Pin<Box<F>>,
}

impl<F> fmt::Debug for Forced<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Forced").finish_non_exhaustive()
    }
}

impl<F: Future> Future for Forced<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        let Some((function, key, force)) = this.wish.clone() else { return this.future.as_mut().poll(context) };
        let (polled, taken) = call::with_forced(&function, key, force, || this.future.as_mut().poll(context));
        if taken {
            this.wish = None;
        }
        polled
    }
}

/// Why a result wasn't stored by [`Call::insert`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InsertError {
    /// The function, or this call of it, can't be cached.
    #[error("the call is not cached: {0}")]
    NotCached(String),
    /// It is in memory, but it could not be stored, or it is not of the kind that is.
    #[error("the result was not stored: {0}")]
    NotStored(String),
}
