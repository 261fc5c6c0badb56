//! A computation that is a future: on the thread's stack while it is polled, and only then.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::call::Pending;
use crate::call::finish::Running;
use crate::results::Keep;

/// Computes, stores, and is ready with the result.
pub struct Computing<R, P: Keep<R>, F> {
    future: Pin<Box<F>>,
    running: Option<Running<R, P>>,
}

impl<R, P: Keep<R>> Pending<R, P> {
    /// Computes an async function's result. For the attribute alone.
    pub fn future<F: Future<Output = R>>(self, future: F) -> Computing<R, P, F> {
        Computing { future: Box::pin(future), running: Some(self.begin()) }
    }
}

impl<R, P: Keep<R>, F> std::fmt::Debug for Computing<R, P, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Computing").finish_non_exhaustive()
    }
}

impl<R, P: Keep<R>, F> Unpin for Computing<R, P, F> {}

impl<R, P: Keep<R>, F: Future<Output = R>> Future for Computing<R, P, F> {
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        let this = &mut *self;
        let entered = this.running.as_ref().and_then(Running::enter);
        let polled = {
            let _span = this.running.as_ref().map(|running| running.span().enter());
            this.future.as_mut().poll(context)
        };
        drop(entered);
        let Poll::Ready(result) = polled else { return Poll::Pending };
        if let Some(running) = this.running.take() {
            running.finish(&result);
        }
        Poll::Ready(result)
    }
}
