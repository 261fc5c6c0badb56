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
    static DETOURS: Cell<u8> = const { Cell::new(0) };
    static WISH: RefCell<Option<(Arc<Function>, Key, Force)>> = const { RefCell::new(None) };
}

/// A detour: there is a wish.
const WISHED: u8 = 1;
/// A detour: a mode is in scope.
pub(crate) const SCOPED: u8 = 2;

/// Whether calls on this thread must take the long way.
#[inline]
pub(crate) fn any_detour() -> bool {
    DETOURS.try_with(Cell::get).unwrap_or(0) != 0
}

/// Notes that a detour begins or ends.
pub(crate) fn set_detour(detour: u8, on: bool) {
    // Where the thread is ending, no call takes the short way any more.
    let _ = DETOURS.try_with(|detours| detours.set(if on { detours.get() | detour } else { detours.get() & !detour }));
}

fn is_wished() -> bool {
    DETOURS.try_with(Cell::get).unwrap_or(0) & WISHED != 0
}

/// Takes the wish for this call, if there is one.
pub(crate) fn take(function: &Arc<Function>, key: &Key) -> Option<Force> {
    if !is_wished() {
        return None;
    }
    WISH.with(|wish| {
        let mut wish = wish.borrow_mut();
        let mine = wish.as_ref().is_some_and(|(of, for_key, _)| Arc::ptr_eq(of, function) && for_key == key);
        let (_, _, force) = if mine { wish.take() } else { None }?;
        set_detour(WISHED, false);
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
            set_detour(WISHED, self.1);
        }
    }
    let before = WISH.with(|wish| wish.borrow_mut().replace((function.clone(), key, force)));
    let restore = Restore(before, is_wished());
    set_detour(WISHED, true);
    let result = run();
    let taken = !is_wished();
    drop(restore);
    (result, taken)
}
