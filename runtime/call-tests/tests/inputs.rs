//! What a result depends on besides its arguments: files, etags, time, and what the functions it called depend on.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rememo::store::MemoryStore;
use rememo::{Cache, cached};

/// Seconds on the clock of the cache.
static NOW: AtomicU64 = AtomicU64::new(1000);
static CACHE: LazyLock<Cache> = LazyLock::new(|| {
    let clock = || -> SystemTime { UNIX_EPOCH + Duration::from_secs(NOW.load(Ordering::SeqCst)) };
    Cache::builder().store(MemoryStore::new()).clock(clock).build()
});

static COMPUTED: AtomicU32 = AtomicU32::new(0);

fn computed() {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
}

fn computations<R>(run: impl FnOnce() -> R) -> (u32, R) {
    let before = COMPUTED.load(Ordering::SeqCst);
    let result = run();
    (COMPUTED.load(Ordering::SeqCst) - before, result)
}

/// The tests of this file share a clock, a counter and the registry of computations, so they take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pass(seconds: u64) {
    NOW.fetch_add(seconds, Ordering::SeqCst);
}

/// A file of its own for each test.
fn file(name: &str, content: &str) -> PathBuf {
    static DIR: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
    let path = DIR.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[cached(cache = &CACHE, files(path))]
fn length(path: &Path) -> Option<usize> {
    computed();
    std::fs::read(path).ok().map(|content| content.len())
}

#[test]
fn a_declared_file_counts_by_its_content() {
    let _turn = turn();
    let path = file("content", "abc");
    assert_eq!(computations(|| [length(&path), length(&path)]), (1, [Some(3), Some(3)]));
    file("content", "abcd");
    assert_eq!(computations(|| [length(&path), length(&path)]), (1, [Some(4), Some(4)]));
    file("content", "abcd");
    assert_eq!(computations(|| length(&path)), (0, Some(4)), "written anew, with the same content");
}

#[cached(cache = &CACHE, files(paths), all)]
fn existing(paths: &[PathBuf]) -> Option<usize> {
    computed();
    Some(paths.iter().filter(|path| path.exists()).count())
}

#[test]
fn a_declared_file_that_appears_or_vanishes_counts() {
    let _turn = turn();
    let (one, two) = (file("one", ""), file("two", ""));
    std::fs::remove_file(&two).unwrap();
    let paths = [one.clone(), two.clone()];
    assert_eq!(computations(|| [existing(&paths), existing(&paths)]), (1, [Some(1), Some(1)]));
    file("two", "");
    assert_eq!(computations(|| existing(&paths)), (1, Some(2)));
    std::fs::remove_file(&one).unwrap();
    assert_eq!(computations(|| existing(&paths)), (1, Some(1)));
}

#[cached(cache = &CACHE, files(path))]
fn appends(path: &Path) -> usize {
    computed();
    let content = std::fs::read_to_string(path).unwrap();
    std::fs::write(path, format!("{content}.")).unwrap();
    content.len()
}

#[test]
fn a_result_whose_file_changes_meanwhile_is_not_stored() {
    let _turn = turn();
    let path = file("appends", "");
    assert_eq!(computations(|| [appends(&path), appends(&path)]), (2, [0, 1]));
    assert!(!appends_cache(&path).contains());
}

#[cached(cache = &CACHE, files(path))]
fn directory(path: &Path) -> bool {
    computed();
    path.is_dir()
}

#[test]
fn an_input_that_can_not_be_read_passes_through() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(computations(|| [directory(dir.path()), directory(dir.path())]), (2, [true, true]));
}

#[cached(cache = &CACHE, ttl = "1m")]
fn minute(n: u32) -> u32 {
    computed();
    n
}

#[cached(cache = &CACHE, ttl = Duration::from_secs(seconds))]
fn some_time(seconds: u64) -> u64 {
    computed();
    seconds
}

#[test]
fn a_result_expires_when_its_time_is_over() {
    let _turn = turn();
    assert_eq!(computations(|| [minute(1), minute(1)]), (1, [1, 1]));
    pass(59);
    assert_eq!(computations(|| minute(1)).0, 0);
    pass(1);
    assert_eq!(computations(|| minute(1)).0, 1);
    assert_eq!(computations(|| some_time(5)).0, 1);
    pass(4);
    assert_eq!(computations(|| some_time(5)).0, 0);
    pass(1);
    assert_eq!(computations(|| some_time(5)).0, 1);
}

static VERSION: AtomicU32 = AtomicU32::new(0);

#[cached(cache = &CACHE, etag = VERSION.load(Ordering::SeqCst) / divisor)]
fn tagged(divisor: u32) -> u32 {
    computed();
    VERSION.load(Ordering::SeqCst) / divisor
}

#[test]
fn an_etag_counts_by_its_value() {
    let _turn = turn();
    assert_eq!(computations(|| [tagged(2), tagged(2)]), (1, [0, 0]));
    VERSION.store(1, Ordering::SeqCst);
    assert_eq!(computations(|| tagged(2)).0, 0);
    VERSION.store(2, Ordering::SeqCst);
    assert_eq!(computations(|| [tagged(2), tagged(2)]), (1, [1, 1]));
    VERSION.store(0, Ordering::SeqCst);
    assert_eq!(computations(|| tagged(2)), (1, 0), "only the newest is kept");
}

#[cached(cache = &CACHE, accept(files, state))]
fn twice_the_length(path: &Path) -> usize {
    computed();
    2 * length(path).unwrap_or(0)
}

#[cached(cache = &CACHE)]
fn four_times_the_length(path: &Path) -> usize {
    computed();
    2 * twice_the_length(path)
}

#[test]
fn a_result_inherits_the_files_of_the_calls_below_it_computed_or_hit() {
    let _turn = turn();
    let path = file("nested", "abc");
    assert_eq!(computations(|| four_times_the_length(&path)), (3, 12));
    assert_eq!(computations(|| four_times_the_length(&path)), (0, 12));
    file("nested", "abcd");
    assert_eq!(computations(|| length(&path)), (1, Some(4)));
    assert_eq!(computations(|| four_times_the_length(&path)), (2, 16), "the innermost is a hit");
    file("nested", "abcde");
    assert_eq!(computations(|| four_times_the_length(&path)), (3, 20), "and it was inherited from that hit");
    twice_the_length_handle().forget_memory();
    four_times_the_length_handle().forget_memory();
    assert_eq!(computations(|| four_times_the_length(&path)), (0, 20));
    file("nested", "");
    assert_eq!(computations(|| four_times_the_length(&path)), (3, 0), "the store knows as well");
}

#[cached(cache = &CACHE)]
fn calls_minute(n: u32) -> u32 {
    computed();
    minute(n)
}

#[test]
fn a_result_inherits_the_earliest_expiry() {
    let _turn = turn();
    assert_eq!(computations(|| minute(7)).0, 1);
    pass(30);
    assert_eq!(computations(|| [calls_minute(7), calls_minute(7)]).0, 1);
    pass(29);
    assert_eq!(computations(|| calls_minute(7)).0, 0);
    pass(1);
    assert_eq!(computations(|| calls_minute(7)).0, 2, "it expires with what it called");
}

#[cached(cache = &CACHE)]
fn calls_tagged(n: u32) -> u32 {
    computed();
    tagged(n)
}

#[test]
fn a_result_that_inherits_an_etag_is_not_stored() {
    let _turn = turn();
    assert_eq!(computations(|| tagged(3)).0, 1);
    assert_eq!(computations(|| [calls_tagged(3), calls_tagged(3)]).0, 2);
}

#[cached(cache = &CACHE)]
fn on_another_thread(path: &Path) -> usize {
    computed();
    std::thread::scope(|scope| scope.spawn(|| length(path)).join()).unwrap().unwrap_or(0)
}

#[test]
fn files_are_inherited_across_threads() {
    let _turn = turn();
    let path = file("thread", "abc");
    assert_eq!(computations(|| on_another_thread(&path)), (2, 3));
    assert_eq!(computations(|| on_another_thread(&path)), (0, 3));
    file("thread", "abcd");
    assert_eq!(computations(|| on_another_thread(&path)), (2, 4));
}

#[cached(cache = &CACHE)]
async fn across_an_await(path: &Path) -> usize {
    computed();
    let mut waited = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut waited, true) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    length(path).unwrap_or(0)
}

#[test]
fn files_are_inherited_across_awaits() {
    let _turn = turn();
    let path = file("await", "abc");
    let run = || {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let mut future = std::pin::pin!(across_an_await(&path));
        assert!(future.as_mut().poll(&mut context).is_pending());
        let poll = future.as_mut().poll(&mut context);
        assert_eq!(poll.map(|n| n > 0), std::task::Poll::Ready(true));
    };
    use std::future::Future as _;
    assert_eq!(computations(run).0, 2);
    let hit = || {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        std::pin::pin!(across_an_await(&path)).poll(&mut context).is_ready()
    };
    assert_eq!(computations(hit), (0, true));
    file("await", "abcd");
    assert_eq!(computations(run).0, 2);
}

#[cached(cache = &CACHE)]
fn catches(path: &Path) -> usize {
    computed();
    std::panic::catch_unwind(|| long_enough(path)).unwrap_or(0)
}

#[cached(cache = &CACHE, files(path))]
fn long_enough(path: &Path) -> usize {
    computed();
    let length = std::fs::read(path).unwrap().len();
    assert!(length > 3, "too short");
    length
}

#[test]
fn what_a_panic_depended_on_is_inherited_too() {
    let _turn = turn();
    let path = file("panics", "abc");
    assert_eq!(computations(|| [catches(&path), catches(&path)]), (2, [0, 0]));
    file("panics", "abcd");
    assert_eq!(computations(|| catches(&path)), (2, 4));
}

#[cached(cache = &CACHE)]
fn calls_appends(path: &Path) -> usize {
    computed();
    appends(path)
}

#[test]
fn a_result_over_one_that_could_not_be_stored_is_not_stored_either() {
    let _turn = turn();
    let path = file("unstable", "");
    assert_eq!(computations(|| [calls_appends(&path), calls_appends(&path)]), (4, [0, 1]));
}
