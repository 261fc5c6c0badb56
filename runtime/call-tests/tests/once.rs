//! A key that several ask for at once is computed once, and no wait for it ever stops a program.
//!
//! Every test has a watchdog. Calls wait for ten minutes unless a test says otherwise, so none passes by its time limit.

use std::cell::Cell;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier, LazyLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};
use rememo::store::MemoryStore;
use rememo::{Cache, cached};

const TASK: &str = "REMEMO_TEST_ONCE_TASK";
const FOLDER: &str = "REMEMO_TEST_ONCE_FOLDER";

/// Where the cache and the files of a test are; the same for the processes that the test starts.
static DIR: LazyLock<PathBuf> = LazyLock::new(|| match env::var_os(FOLDER) {
    Some(folder) => folder.into(),
    None => tempfile::tempdir().unwrap().keep(),
});
static CACHE: LazyLock<Cache> = LazyLock::new(|| Cache::builder().dir(DIR.join(".rememo")).build());
static HASTY: LazyLock<Cache> =
    LazyLock::new(|| Cache::builder().store(MemoryStore::new()).wait_at_most(Duration::from_millis(100)).build());

/// Fails if it takes longer; what hangs is left behind.
fn within<R: Send + 'static>(limit: Duration, run: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, wait) = mpsc::channel();
    thread::spawn(move || done.send(catch_unwind(AssertUnwindSafe(run))));
    match wait.recv_timeout(limit) {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => panic!("it hangs"),
    }
}

const SOON: Duration = Duration::from_secs(60);

/// Starts a process that does `task` on the cache in `folder`.
fn start(folder: &Path, task: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["this_binary_is_also_the_other_process", "--exact", "--nocapture", "--test-threads=1"])
        .env(TASK, task)
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn succeeds(child: Child) {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Adds a line to a file of the test: what was computed, by whom.
fn note(name: &str) {
    let mut file = OpenOptions::new().append(true).create(true).open(DIR.join(name)).unwrap();
    file.write_all(format!("{}\n", std::process::id()).as_bytes()).unwrap();
}

fn noted(folder: &Path, name: &str) -> usize {
    fs::read_to_string(folder.join(name)).unwrap_or_default().lines().count()
}

fn wait_for(folder: &Path, name: &str, lines: usize) {
    let limit = Instant::now() + SOON;
    while noted(folder, name) < lines {
        assert!(Instant::now() < limit, "nobody wrote {name}");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn this_binary_is_also_the_other_process() {
    let Ok(task) = env::var(TASK) else { return };
    match task.as_str() {
        "slow" => {
            let barrier = Arc::new(Barrier::new(16));
            let threads: Vec<_> = (0..16)
                .map(|_| {
                    let barrier = Arc::clone(&barrier);
                    thread::spawn(move || {
                        barrier.wait();
                        slow(7)
                    })
                })
                .collect();
            threads.into_iter().for_each(|t| assert_eq!(t.join().unwrap(), 14));
        }
        "ping" => assert_eq!(ping(1, true), 1),
        "pong" => assert_eq!(pong(1, true), 1),
        "for ever" => drop(endless(1)),
        other => panic!("no task {other}"),
    }
}

// ---- once ----

/// A second's work.
#[cached(cache = &CACHE)]
fn slow(n: u64) -> u64 {
    note("slow");
    thread::sleep(Duration::from_secs(1));
    n * 2
}

#[test]
fn a_key_that_64_threads_in_four_processes_ask_for_is_computed_once() {
    if env::var_os(TASK).is_some() {
        return;
    }
    within(SOON, || {
        for _ in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let children: Vec<Child> = (0..4).map(|_| start(folder.path(), "slow")).collect();
            children.into_iter().for_each(succeeds);
            assert_eq!(noted(folder.path(), "slow"), 1);
        }
        println!("3 times 64 threads in 4 processes: computed once each time");
    });
}

static FAILED: AtomicU32 = AtomicU32::new(0);

#[cached(cache = &CACHE)]
fn fails(n: u32) -> Option<u32> {
    FAILED.fetch_add(1, Ordering::SeqCst);
    thread::sleep(Duration::from_millis(300));
    (n == 0).then_some(n)
}

#[test]
fn calls_whose_result_is_not_stored_do_not_queue_up() {
    within(SOON, || {
        let began = Instant::now();
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| assert_eq!(fails(1), None));
            }
        });
        assert_eq!(FAILED.load(Ordering::SeqCst), 16);
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    });
}

static PANICKED: AtomicU32 = AtomicU32::new(0);

#[cached(cache = &CACHE)]
fn panics_at_first(n: u32) -> u32 {
    let before = PANICKED.fetch_add(1, Ordering::SeqCst);
    thread::sleep(Duration::from_millis(100));
    assert!(before > 0, "as the test asked");
    n
}

#[test]
fn after_a_panic_one_of_those_who_wait_computes() {
    within(SOON, || {
        let results: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| panics_at_first(3))).collect();
            threads.into_iter().map(|t| t.join().ok()).collect()
        });
        assert_eq!(results.iter().filter(|r| r.is_none()).count(), 1, "{results:?}");
        assert_eq!(PANICKED.load(Ordering::SeqCst), 2);
    });
}

#[cached(cache = &CACHE)]
fn endless(n: u32) -> u32 {
    note("endless");
    while !DIR.join("let it end").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    n
}

#[test]
fn after_a_process_was_killed_one_of_those_who_wait_computes() {
    if env::var_os(TASK).is_some() {
        return;
    }
    within(SOON, || {
        let folder = tempfile::tempdir().unwrap();
        let mut first = start(folder.path(), "for ever");
        wait_for(folder.path(), "endless", 1);
        let second = start(folder.path(), "for ever");
        let third = start(folder.path(), "for ever");
        thread::sleep(Duration::from_millis(300));
        assert_eq!(noted(folder.path(), "endless"), 1, "they wait");
        first.kill().unwrap();
        first.wait().unwrap();
        wait_for(folder.path(), "endless", 2);
        thread::sleep(Duration::from_millis(200));
        fs::write(folder.path().join("let it end"), "").unwrap();
        succeeds(second);
        succeeds(third);
        assert_eq!(noted(folder.path(), "endless"), 2);
    });
}

static HASTY_COMPUTED: AtomicU32 = AtomicU32::new(0);

#[cached(cache = &HASTY)]
fn longer_than_the_limit(n: u32) -> u32 {
    HASTY_COMPUTED.fetch_add(1, Ordering::SeqCst);
    thread::sleep(Duration::from_millis(900));
    n
}

#[test]
fn who_has_waited_for_the_time_limit_computes() {
    within(SOON, || {
        let holder = thread::spawn(|| longer_than_the_limit(1));
        thread::sleep(Duration::from_millis(50));
        let began = Instant::now();
        assert_eq!(longer_than_the_limit(1), 1);
        assert!(began.elapsed() >= Duration::from_millis(1000), "it waited, then computed: {:?}", began.elapsed());
        holder.join().unwrap();
        assert_eq!(HASTY_COMPUTED.load(Ordering::SeqCst), 2);
    });
}

// ---- circles ----

thread_local!(static INSIDE: Cell<bool> = const { Cell::new(false) });

#[cached(cache = &CACHE)]
fn itself(n: u32) -> u32 {
    if INSIDE.replace(true) {
        return n;
    }
    let result = itself(n) + 1;
    INSIDE.set(false);
    result
}

#[test]
fn a_key_inside_its_own_computation_is_computed() {
    assert_eq!(within(SOON, || itself(5)), 6);
}

static MET: LazyLock<Barrier> = LazyLock::new(|| Barrier::new(2));

/// `first` is no part of the key: the call that closes the circle ends it.
#[cached(cache = &CACHE, ignore(first))]
fn here(n: u32, first: bool) -> u32 {
    if !first {
        return n;
    }
    MET.wait();
    there(n, false)
}

#[cached(cache = &CACHE, ignore(first))]
fn there(n: u32, first: bool) -> u32 {
    if !first {
        return n;
    }
    MET.wait();
    here(n, false)
}

#[test]
fn two_threads_that_wait_for_each_other_do_not() {
    within(SOON, || {
        let one = thread::spawn(|| here(1, true));
        let other = thread::spawn(|| there(1, true));
        assert_eq!((one.join().unwrap(), other.join().unwrap()), (1, 1));
    });
}

static RING: LazyLock<Barrier> = LazyLock::new(|| Barrier::new(5));

#[cached(cache = &CACHE, ignore(first))]
fn ring(n: u32, first: bool) -> u32 {
    if !first {
        return 0;
    }
    RING.wait();
    ring((n + 1) % 5, false)
}

#[test]
fn five_threads_that_wait_in_a_ring_do_not() {
    within(SOON, || {
        let threads: Vec<_> = (0..5).map(|n| thread::spawn(move || ring(n, true))).collect();
        threads.into_iter().for_each(|t| assert_eq!(t.join().unwrap(), 0));
    });
}

#[cached(cache = &CACHE, ignore(first))]
fn ping(n: u32, first: bool) -> u32 {
    if !first {
        return n;
    }
    note("met");
    wait_for(&DIR, "met", 2);
    pong(n, false)
}

#[cached(cache = &CACHE, ignore(first))]
fn pong(n: u32, first: bool) -> u32 {
    if !first {
        return n;
    }
    note("met");
    wait_for(&DIR, "met", 2);
    ping(n, false)
}

#[test]
fn two_processes_that_wait_for_each_other_do_not() {
    if env::var_os(TASK).is_some() {
        return;
    }
    within(SOON, || {
        let folder = tempfile::tempdir().unwrap();
        let children = [start(folder.path(), "ping"), start(folder.path(), "pong")];
        children.into_iter().for_each(succeeds);
    });
}

static PARTS: AtomicU32 = AtomicU32::new(0);

/// Its parts are jobs that other threads steal, and while these wait for parts of parts, they steal calls of it.
#[cached(cache = &CACHE)]
fn in_parts(n: u64) -> u64 {
    PARTS.fetch_add(1, Ordering::SeqCst);
    let part = |i: u64| {
        thread::sleep(Duration::from_micros(500));
        i * n
    };
    (0..64u32).into_par_iter().with_max_len(1).map(|i| part(i.into())).sum()
}

#[test]
fn threads_that_steal_work_do_not_wait_for_what_waits_for_them() {
    within(SOON, || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(6).build().unwrap();
        let calls: Vec<u64> = (0..240).map(|i| i / 24).collect();
        let results: Vec<u64> = pool.install(|| calls.into_par_iter().with_max_len(1).map(in_parts).collect());
        assert!(results.iter().enumerate().all(|(i, sum)| *sum == (i as u64 / 24) * 2016));
        println!("240 calls with 10 keys: {} computations", PARTS.load(Ordering::SeqCst));
    });
}

static ON_RAYON: AtomicU32 = AtomicU32::new(0);

#[cached(cache = &CACHE)]
fn slow_on_rayon(n: u64) -> u64 {
    ON_RAYON.fetch_add(1, Ordering::SeqCst);
    thread::sleep(Duration::from_millis(300));
    n
}

#[test]
fn a_key_that_many_threads_of_a_pool_ask_for_is_computed_once() {
    within(SOON, || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(16).build().unwrap();
        let sums = pool.broadcast(|_| slow_on_rayon(1));
        assert_eq!(sums.iter().sum::<u64>(), 16);
        assert_eq!(ON_RAYON.load(Ordering::SeqCst), 1);
    });
}

// ---- futures ----

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap()
}

static TASKS: AtomicU32 = AtomicU32::new(0);

#[cached(cache = &CACHE)]
async fn slow_task(n: u32) -> u32 {
    TASKS.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(1)).await;
    n
}

#[test]
fn a_key_that_64_tasks_ask_for_is_computed_once_and_blocks_no_thread() {
    within(SOON, || {
        runtime().block_on(async {
            let began = Instant::now();
            let tasks: Vec<_> = (0..64).map(|_| tokio::spawn(slow_task(1))).collect();
            // A task of another kind gets its turn meanwhile.
            tokio::spawn(tokio::time::sleep(Duration::from_millis(10))).await.unwrap();
            assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
            for task in tasks {
                assert_eq!(task.await.unwrap(), 1);
            }
            assert_eq!(TASKS.load(Ordering::SeqCst), 1);
        });
    });
}

static CANCELLED: AtomicU32 = AtomicU32::new(0);

#[cached(cache = &CACHE)]
async fn cancelled_at_first(n: u32) -> u32 {
    if CANCELLED.fetch_add(1, Ordering::SeqCst) == 0 {
        std::future::pending::<()>().await;
    }
    n
}

#[test]
fn when_a_future_is_dropped_one_of_those_who_wait_computes() {
    within(SOON, || {
        runtime().block_on(async {
            let holder = tokio::spawn(cancelled_at_first(1));
            while CANCELLED.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
            let waiting: Vec<_> = (0..8).map(|_| tokio::spawn(cancelled_at_first(1))).collect();
            tokio::time::sleep(Duration::from_millis(50)).await;
            let began = Instant::now();
            holder.abort();
            for task in waiting {
                assert_eq!(task.await.unwrap(), 1);
            }
            assert!(began.elapsed() < Duration::from_secs(1), "they were woken: {:?}", began.elapsed());
            assert_eq!(CANCELLED.load(Ordering::SeqCst), 2);
        });
    });
}

static TASKS_MET: LazyLock<tokio::sync::Barrier> = LazyLock::new(|| tokio::sync::Barrier::new(2));

#[cached(cache = &CACHE, ignore(first))]
async fn task_here(n: u32, first: bool) -> u32 {
    if !first {
        return n;
    }
    TASKS_MET.wait().await;
    then_there(n).await
}

fn then_there(n: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(task_there(n, false))
}

#[cached(cache = &CACHE, ignore(first))]
async fn task_there(n: u32, first: bool) -> u32 {
    if !first {
        return n;
    }
    TASKS_MET.wait().await;
    then_here(n).await
}

fn then_here(n: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
    Box::pin(task_here(n, false))
}

#[test]
fn two_tasks_that_wait_for_each_other_do_not() {
    within(SOON, || {
        runtime().block_on(async {
            let (one, other) = (tokio::spawn(task_here(1, true)), tokio::spawn(task_there(1, true)));
            assert_eq!((one.await.unwrap(), other.await.unwrap()), (1, 1));
        });
    });
}

static SEEN: AtomicBool = AtomicBool::new(false);

#[cached(cache = &CACHE)]
async fn twice_in_one_task(n: u32) -> u32 {
    assert!(!SEEN.swap(true, Ordering::SeqCst), "computed twice");
    tokio::time::sleep(Duration::from_millis(100)).await;
    n
}

#[test]
fn one_task_may_wait_for_itself_on_one_thread() {
    within(SOON, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let local = tokio::task::LocalSet::new();
            local
                .run_until(async {
                    let first = tokio::task::spawn_local(twice_in_one_task(1));
                    let second = tokio::task::spawn_local(twice_in_one_task(1));
                    assert_eq!((first.await.unwrap(), second.await.unwrap()), (1, 1));
                })
                .await;
        });
    });
}
