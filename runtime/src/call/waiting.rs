//! A call that found nothing, on its way to be computed: others may be computing the same.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::call::{Call, Entered, Looked, Missed, Pending, Plan};
use crate::flight::{End, Next, Seat, Wait};
use crate::record::Digest;
use crate::results::Keep;

/// Such a call.
pub(crate) struct Waiting<R, P: Keep<R>> {
    /// Taken when it goes on.
    call: Option<(Call, Missed)>,
    digest: Digest,
    fingerprint: Digest,
    wait: Wait,
    result: PhantomData<fn() -> (R, P)>,
}

impl<R, P: Keep<R>> Waiting<R, P> {
    pub(super) fn new(call: Call, digest: Digest, fingerprint: Digest, missed: Missed, wait: Wait) -> Self {
        Waiting { call: Some((call, missed)), digest, fingerprint, wait, result: PhantomData }
    }

    /// Waits on this thread.
    pub(super) fn block(mut self) -> Entered<R, P> {
        loop {
            let next = self.wait.block();
            if let Some(entered) = self.go_on(next) {
                return entered;
            }
        }
    }

    fn go_on(&mut self, next: Next) -> Option<Entered<R, P>> {
        let seat = match next {
            Next::Alone => None,
            Next::Lead(seat) => Some(seat),
            Next::Look => {
                let hit = self.look_again();
                if hit.is_none() {
                    self.wait.again();
                }
                return hit;
            }
        };
        // Whoever had the key before may have stored a result since this call looked.
        if seat.is_some()
            && let Some(hit) = self.look_again()
        {
            seat.into_iter().for_each(|seat| seat.finish(End::Stored));
            return Some(hit);
        }
        self.miss(seat)
    }

    fn look_again(&mut self) -> Option<Entered<R, P>> {
        let (call, missed) = self.call.as_mut()?;
        match call.find::<R, P>(&self.digest, &self.fingerprint) {
            Ok(found) => Some(Entered::Hit(P::result(call.hit(found)))),
            Err(now) => {
                *missed = now;
                None
            }
        }
    }

    fn miss(&mut self, seat: Option<Seat>) -> Option<Entered<R, P>> {
        let (call, missed) = self.call.take()?;
        let reason = call.reason(missed, &self.fingerprint);
        let (digest, fingerprint) = (self.digest, self.fingerprint);
        let plan = Plan::Store { digest, fingerprint, reason, differs_from: None, seat };
        Some(Entered::Miss(Pending { call, plan, result: PhantomData }))
    }
}

/// A call of an async function that is being looked up. Holds a result only as it is kept, so that it can go from thread to
/// thread whatever else the function's result is made of.
#[must_use = "futures do nothing unless polled"]
pub struct Entering<R, P: Keep<R>>(Option<Looked<R, P>>);

impl<R, P: Keep<R>> Entering<R, P> {
    #[inline]
    pub(super) fn new(looked: Looked<R, P>) -> Self {
        Entering(Some(looked))
    }
}

impl<R, P: Keep<R>> fmt::Debug for Entering<R, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entering").finish_non_exhaustive()
    }
}

impl<R, P: Keep<R>> Unpin for Entering<R, P> {}

impl<R, P: Keep<R>> Future for Entering<R, P> {
    type Output = Entered<R, P>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Entered<R, P>> {
        let entered = match self.0.take() {
            Some(Looked::Hit(held)) => Entered::Hit(P::result(held)),
            Some(Looked::Miss(pending)) => Entered::Miss(pending),
            Some(Looked::Wait(mut waiting)) => loop {
                let Poll::Ready(next) = waiting.wait.poll(context) else {
                    self.0 = Some(Looked::Wait(waiting));
                    return Poll::Pending;
                };
                if let Some(entered) = waiting.go_on(next) {
                    break entered;
                }
            },
            // Polled after it was ready, which the attribute's code doesn't do.
            None => return Poll::Pending,
        };
        Poll::Ready(entered)
    }
}
