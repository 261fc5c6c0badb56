use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, OnceLock};

static mut COUNT: u32 = 0;
static CALLS: AtomicU32 = AtomicU32::new(0);
static NAMES: [&str; 2] = ["a", "b"];
static TABLE: LazyLock<BTreeMap<u32, u32>> = LazyLock::new(|| (0..9).map(|n| (n, n * n)).collect());
static SHARED: LazyLock<Mutex<Vec<u32>>> = LazyLock::new(|| Mutex::new(Vec::new()));
static SETTING: OnceLock<u32> = OnceLock::new();
static RULES: Rules = Rules { limit: 7, used: Cell::new(0) };

struct Rules {
    limit: u32,
    used: Cell<u32>,
}

unsafe impl Sync for Rules {}

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

pub fn set(n: u32) {
    let _ = SETTING.set(n);
}

// reads: state
#[rememo::cached]
fn a_static_mut(n: u32) -> u32 {
    n + unsafe { COUNT }
}

// reads: state
#[rememo::cached]
fn an_atomic(n: u32) -> u32 {
    n + CALLS.load(Ordering::Relaxed)
}

// reads: state
#[rememo::cached]
fn a_mutex_made_lazily(n: u32) -> usize {
    SHARED.lock().map_or(0, |list| list.len() + n as usize)
}

// reads: state
#[rememo::cached]
fn a_cell_in_a_field(n: u32) -> u32 {
    n + RULES.limit
}

// reads: state
#[rememo::cached]
fn a_thread_local(n: u32) -> u32 {
    n + DEPTH.with(|depth| depth.get())
}

// reads: state
#[rememo::cached]
fn what_somebody_else_sets(n: u32) -> u32 {
    n + SETTING.get().copied().unwrap_or(0)
}

// reads: state (accept)
#[rememo::cached(accept(state))]
fn only_counted(n: u32) -> u32 {
    CALLS.fetch_add(1, Ordering::Relaxed);
    n
}

// reads: state (etag)
#[rememo::cached(etag = CALLS.load(Ordering::Relaxed))]
fn declared(n: u32) -> u32 {
    n + CALLS.load(Ordering::Relaxed)
}

// reads: nothing
#[rememo::cached]
fn what_never_changes(n: usize) -> usize {
    NAMES[n].len()
}

// reads: nothing
#[rememo::cached]
fn what_its_own_code_makes(n: u32) -> u32 {
    TABLE.get(&n).copied().unwrap_or(0)
}

fn squares() -> &'static Vec<u32> {
    static SQUARES: OnceLock<Vec<u32>> = OnceLock::new();
    SQUARES.get_or_init(|| (0..9).map(|n| n * n).collect())
}

// reads: nothing
#[rememo::cached]
fn what_one_function_fills(n: usize) -> u32 {
    squares()[n]
}

// reads: nothing
#[rememo::cached]
fn a_mutex_of_its_own(n: u32) -> u32 {
    let sum = Mutex::new(0);
    *sum.lock().unwrap() += n;
    sum.into_inner().unwrap()
}
