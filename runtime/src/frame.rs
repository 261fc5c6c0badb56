//! Computations that are under way, and what they inherit from the cached calls made meanwhile.
//!
//! A result depends on what the cached functions it called declared: their files, etags and expiry. A call made on the
//! computation's own thread (or in its own future) is known to be its; it is on the thread's stack. A call on another
//! thread may belong to any computation under way: to every one that began before the call and whose function can reach the
//! called one. All of those inherit. That may be one too many, never one too few.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::flight::Flight;
use crate::function::Function;
use crate::inputs::INHERITED;
use crate::key::Key;
use crate::record::Input;

/// What a result depends on at run time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inherited {
    /// Files, sorted, each once.
    pub(crate) files: Vec<Input>,
    /// From when on it doesn't count, in Unix milliseconds.
    pub(crate) expires: Option<u64>,
    /// Why it can't be stored.
    pub(crate) unstorable: Option<String>,
}

impl Inherited {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Inherited::default()
    }

    pub(crate) fn add(&mut self, other: &Inherited) {
        for file in &other.files {
            let file = Input::new(INHERITED, &file.name, file.hash);
            if let Err(at) = self.files.binary_search(&file) {
                self.files.insert(at, file);
            }
        }
        self.expires = match (self.expires, other.expires) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if self.unstorable.is_none() {
            self.unstorable.clone_from(&other.unstorable);
        }
    }
}

/// A computation under way.
#[derive(Debug)]
pub(crate) struct Frame {
    number: u64,
    function: Arc<Function>,
    key: Key,
    /// What others may wait for, if they may.
    flight: Option<Arc<Flight>>,
    inherited: Mutex<Inherited>,
}

/// Numbers computations in the order they begin.
static NUMBER: AtomicU64 = AtomicU64::new(1);
static ACTIVE: Mutex<Vec<Arc<Frame>>> = Mutex::new(Vec::new());
static ACTIVE_COUNT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// The computations that this thread is inside of.
    static STACK: RefCell<Vec<Arc<Frame>>> = const { RefCell::new(Vec::new()) };
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

fn active() -> MutexGuard<'static, Vec<Arc<Frame>>> {
    ACTIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether anything in this process is being computed.
#[inline]
pub(crate) fn any_active() -> bool {
    ACTIVE_COUNT.load(Ordering::Acquire) > 0
}

/// A moment, to tell computations that began before it.
pub(crate) fn moment() -> u64 {
    NUMBER.load(Ordering::Acquire)
}

/// Whether this thread is computing just this call.
pub(crate) fn is_computing(function: &Arc<Function>, key: &Key) -> bool {
    DEPTH.try_with(Cell::get).unwrap_or(0) > 0
        && STACK
            .try_with(|stack| stack.borrow().iter().any(|f| Arc::ptr_eq(&f.function, function) && f.key == *key))
            .unwrap_or(false)
}

/// The computations that this thread is inside of and that others may wait for.
pub(crate) fn flights() -> Vec<Arc<Flight>> {
    STACK.try_with(|stack| stack.borrow().iter().filter_map(|frame| frame.flight.clone()).collect()).unwrap_or_default()
}

/// Tells every computation that a call which began at `since` may belong to what the call depends on.
pub(crate) fn deliver(inherited: &Inherited, callee: &Function, since: u64) {
    if inherited.is_empty() || !any_active() {
        return;
    }
    let mine: Vec<Arc<Frame>> = STACK.try_with(|stack| stack.borrow().clone()).unwrap_or_default();
    mine.iter().for_each(|frame| frame.inherit(inherited));
    let others: Vec<Arc<Frame>> = active().clone();
    for frame in others {
        let known = mine.iter().any(|own| Arc::ptr_eq(own, &frame));
        if !known && frame.number < since && frame.function.may_call(callee) {
            frame.inherit(inherited);
        }
    }
}

impl Frame {
    fn inherit(&self, inherited: &Inherited) {
        self.inherited.lock().unwrap_or_else(PoisonError::into_inner).add(inherited);
    }
}

/// Keeps a computation registered; dropped when it ends, in whatever way.
#[derive(Debug)]
pub(crate) struct Computation {
    frame: Arc<Frame>,
}

impl Computation {
    pub(crate) fn begin(function: Arc<Function>, key: Key, flight: Option<Arc<Flight>>) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::AcqRel);
        let frame = Arc::new(Frame { number, function, key, flight, inherited: Mutex::default() });
        active().push(frame.clone());
        ACTIVE_COUNT.fetch_add(1, Ordering::AcqRel);
        Computation { frame }
    }

    /// Puts it on this thread's stack until the guard is dropped.
    pub(crate) fn enter(&self) -> Entered {
        let _ = STACK.try_with(|stack| stack.borrow_mut().push(self.frame.clone()));
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() + 1));
        Entered(())
    }

    /// What it has inherited.
    pub(crate) fn inherited(&self) -> Inherited {
        self.frame.inherited.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Computation {
    fn drop(&mut self) {
        let mut active = active();
        if let Some(at) = active.iter().position(|frame| Arc::ptr_eq(frame, &self.frame)) {
            active.swap_remove(at);
            ACTIVE_COUNT.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// This thread is inside a computation.
pub(crate) struct Entered(());

impl Drop for Entered {
    fn drop(&mut self) {
        let _ = STACK.try_with(|stack| stack.borrow_mut().pop());
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() - 1));
    }
}
