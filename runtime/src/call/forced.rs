//! One call that is to be computed whatever is stored: what `Call::refresh` and `Call::uncached` ask of the function.
//!
//! The function has the user's signature, so the wish goes by way of the thread, and the first call with just this key takes
//! it.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use crate::function::Function;
use crate::key::Key;

/// A wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Force {
    /// Compute and store.
    Refresh,
    /// Compute only.
    Uncached,
}

thread_local! {
    static ANY: Cell<bool> = const { Cell::new(false) };
    static WISH: RefCell<Option<(Arc<Function>, Key, Force)>> = const { RefCell::new(None) };
}

/// Whether there is a wish on this thread.
#[inline]
pub(crate) fn any() -> bool {
    ANY.try_with(Cell::get).unwrap_or(false)
}

/// Takes the wish for this call, if there is one.
pub(crate) fn take(function: &Arc<Function>, key: &Key) -> Option<Force> {
    if !any() {
        return None;
    }
    WISH.with(|wish| {
        let mut wish = wish.borrow_mut();
        let mine = wish.as_ref().is_some_and(|(of, for_key, _)| Arc::ptr_eq(of, function) && for_key == key);
        let (_, _, force) = if mine { wish.take() } else { None }?;
        ANY.with(|any| any.set(false));
        Some(force)
    })
}

/// Runs something with a wish in place; tells whether the wish was taken.
pub(crate) fn with_forced<T>(function: &Arc<Function>, key: Key, force: Force, run: impl FnOnce() -> T) -> (T, bool) {
    /// Puts back what was there, also when `run` panics.
    struct Restore(Option<(Arc<Function>, Key, Force)>, bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            WISH.with(|wish| *wish.borrow_mut() = self.0.take());
            ANY.with(|any| any.set(self.1));
        }
    }
    let before = WISH.with(|wish| wish.borrow_mut().replace((function.clone(), key, force)));
    let restore = Restore(before, ANY.with(|any| any.replace(true)));
    let result = run();
    let taken = !any();
    drop(restore);
    (result, taken)
}
