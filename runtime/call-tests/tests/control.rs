//! Modes, companions, handles, events: what a program can ask of the cache, and what the cache tells.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rememo::{Cache, Event, InsertError, Mode, Outcome, Reason, cached};

static COMPUTED: AtomicU32 = AtomicU32::new(0);
static OFFSET: AtomicU32 = AtomicU32::new(0);
static CURRENT: Mutex<Option<&'static Cache>> = Mutex::new(None);

fn current() -> &'static Cache {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner).expect("a test chose a cache")
}

/// Has the functions below use a cache in this directory and mode; a new one, as a new process would.
fn switch(dir: &Path, mode: Mode) -> &'static Cache {
    let cache: &'static Cache = Box::leak(Box::new(Cache::builder().dir(dir).mode(mode).build()));
    *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(cache);
    cache
}

/// The tests of this file take turns, since they share the choice of cache.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    OFFSET.store(0, Ordering::SeqCst);
    turn
}

fn computations<R>(run: impl FnOnce() -> R) -> (u32, R) {
    let before = COMPUTED.load(Ordering::SeqCst);
    let result = run();
    (COMPUTED.load(Ordering::SeqCst) - before, result)
}

/// Not a function of its argument, so that a test can tell a stored result.
#[cached(cache = current())]
fn offset(n: u32) -> u32 {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    n + OFFSET.load(Ordering::SeqCst)
}

#[cached(cache = current())]
async fn later(n: &str) -> Option<u32> {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    n.parse().ok()
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(result) => result,
        std::task::Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn results_outlive_the_cache_that_stored_them() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::On);
    assert_eq!(computations(|| offset(1)), (1, 1));
    switch(dir.path(), Mode::On);
    assert_eq!(computations(|| offset(1)), (0, 1));
}

#[test]
fn off_neither_reads_nor_writes() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::Off);
    assert_eq!(computations(|| [offset(1), offset(1)]).0, 2);
    switch(dir.path(), Mode::On);
    assert_eq!(computations(|| offset(1)).0, 1);
    switch(dir.path(), Mode::Off);
    assert_eq!(computations(|| offset(1)).0, 1);
}

#[test]
fn refresh_writes_what_it_computes() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::On);
    offset(1);
    OFFSET.store(5, Ordering::SeqCst);
    switch(dir.path(), Mode::Refresh);
    assert_eq!(computations(|| offset(1)), (1, 6));
    switch(dir.path(), Mode::On);
    assert_eq!(computations(|| offset(1)), (0, 6));
}

#[test]
fn only_panics_at_a_miss_and_names_the_function() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::On);
    offset(1);
    switch(dir.path(), Mode::Only);
    assert_eq!(computations(|| offset(1)).0, 0);
    let panic = std::panic::catch_unwind(|| offset(2)).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert_eq!(
        message,
        "REMEMO=only, and control::offset has no stored result for these arguments: its arguments are new"
    );
}

#[test]
fn verify_computes_hits_again_and_reports_a_difference() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::On);
    offset(1);
    let cache = switch(dir.path(), Mode::Verify);
    assert_eq!(computations(|| offset(1)), (1, 1));
    assert_eq!(cache.stats().differences, 0);
    OFFSET.store(5, Ordering::SeqCst);
    assert_eq!(computations(|| offset(1)), (1, 6), "the fresh value is returned");
    assert_eq!(cache.stats().differences, 1);
}

#[cached(cache = current())]
fn twice_the_offset(n: u32) -> u32 {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
    2 * offset(n)
}

#[test]
fn a_scope_has_a_mode_of_its_own_and_nested_calls_obey_it() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), Mode::On);
    assert_eq!(computations(|| twice_the_offset(1)), (2, 2));
    assert_eq!(computations(|| Mode::Off.scope(|| [twice_the_offset(1), twice_the_offset(1)])), (4, [2, 2]));
    assert_eq!(computations(|| twice_the_offset(1)), (0, 2), "the scope has ended");
    OFFSET.store(5, Ordering::SeqCst);
    assert_eq!(
        computations(|| Mode::Verify.scope(|| twice_the_offset(1))),
        (2, 12),
        "no nested hit hides the difference"
    );
    assert_eq!(cache.stats().differences, 2);
    assert_eq!(computations(|| Mode::Refresh.scope(|| Mode::On.scope(|| offset(7)))), (1, 12), "the innermost counts");
    OFFSET.store(6, Ordering::SeqCst);
    assert_eq!(computations(|| Mode::Refresh.scope(|| twice_the_offset(1))), (2, 14));
    assert_eq!(computations(|| [twice_the_offset(1), offset(1)]), (0, [14, 7]), "what was refreshed is stored");
    let panic = std::panic::catch_unwind(|| Mode::Only.scope(|| offset(100)));
    assert!(panic.is_err());
    assert_eq!(cache.mode(), Mode::On, "a panic ends the scope");
}

#[test]
fn a_scope_of_a_future_is_its_own_and_no_others() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), Mode::On);
    block_on(later("1"));
    let mut inside = std::pin::pin!(Mode::Refresh.scope_async(async {
        let before = current().mode();
        let mut first = true;
        std::future::poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::take(&mut first) { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
        })
        .await;
        (before, current().mode(), later("1").await)
    }));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(inside.as_mut().poll(&mut context).is_pending());
    assert_eq!(cache.mode(), Mode::On, "between two polls there is no scope");
    assert_eq!(computations(|| block_on(later("1"))).0, 0);
    assert_eq!(computations(|| block_on(inside)), (1, (Mode::Refresh, Mode::Refresh, Some(1))));
}

#[test]
fn companions_ask_fill_drop_and_redo_one_result() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::On);
    assert!(!offset_cache(1).contains());
    assert_eq!(offset_cache(1).peek(), None);
    offset_cache(1).insert(100).unwrap();
    assert_eq!(computations(|| offset(1)), (0, 100));
    assert_eq!(offset_cache(1).peek(), Some(100));
    assert_eq!(computations(|| offset_cache(1).uncached()), (1, 1));
    assert_eq!(offset(1), 100, "uncached stores nothing");
    assert_eq!(computations(|| offset_cache(1).refresh()), (1, 1));
    assert_eq!(computations(|| offset(1)), (0, 1));
    assert!(offset_cache(1).invalidate().unwrap());
    assert!(!offset_cache(1).invalidate().unwrap());
    assert_eq!(computations(|| offset(1)), (1, 1));
    assert_ne!(offset_cache(1).key(), offset_cache(2).key());
}

#[test]
fn companions_of_an_async_function_do_the_same() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::On);
    assert_eq!(computations(|| block_on(later("1"))), (1, Some(1)));
    later_cache("1").insert(Some(7)).unwrap();
    assert_eq!(computations(|| block_on(later("1"))), (0, Some(7)));
    assert_eq!(computations(|| block_on(later_cache("1").uncached_async())), (1, Some(1)));
    assert_eq!(computations(|| block_on(later_cache("1").refresh_async())), (1, Some(1)));
    assert_eq!(later_cache("1").peek(), Some(Some(1)));
    assert!(matches!(later_cache("x").insert(None), Err(InsertError::NotStored(_))));
}

#[test]
fn a_handle_counts_and_clears_one_function() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), Mode::On);
    let handle = offset_handle();
    assert_eq!(handle.path(), "control::offset");
    offset(1);
    offset(1);
    block_on(later("1"));
    let stats = handle.stats();
    assert_eq!((stats.misses, stats.memory_hits, stats.stored, handle.len()), (1, 1, 1, 1));
    handle.clear().unwrap();
    assert_eq!(computations(|| offset(1)).0, 1);
    assert_eq!(computations(|| block_on(later("1"))).0, 0, "others stay");
    assert_eq!(cache.function("control::later").unwrap().stats().memory_hits, 1);
    cache.clear().unwrap();
    assert_eq!(computations(|| block_on(later("1"))).0, 1);
    let summary = cache.summary().to_string();
    assert!(summary.lines().nth(1).unwrap().starts_with("control::later"), "{summary}");
}

#[test]
fn observers_hear_what_became_of_each_call_and_why() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache = switch(dir.path(), Mode::On);
    let heard: Arc<Mutex<Vec<Event>>> = Arc::default();
    let ears = heard.clone();
    cache.observe(move |event| ears.lock().unwrap().push(event.clone()));
    offset(1);
    offset(1);
    offset_handle().forget_memory();
    offset(1);
    offset(2);
    block_on(later("x"));
    let computed = |reason, unstored: Option<&str>| Outcome::Computed { reason, unstored: unstored.map(str::to_owned) };
    let outcomes: Vec<Outcome> = heard.lock().unwrap().iter().map(|event| event.outcome.clone()).collect();
    assert_eq!(
        outcomes,
        [
            computed(Reason::FirstCall, None),
            Outcome::MemoryHit,
            Outcome::StoreHit,
            computed(Reason::NewArguments, None),
            computed(Reason::FirstCall, Some("only success is stored")),
        ]
    );
    let shown = heard.lock().unwrap()[3].to_string();
    assert!(shown.starts_with("control::offset: computed in "), "{shown}");
    assert!(shown.ends_with(" because its arguments are new"), "{shown}");
}

/// Notes the spans that are opened, and what is recorded in them.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

impl Spans {
    fn note(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

struct Fields(String);

impl tracing::field::Visit for Fields {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0 += &format!(" {field}={value:?}");
    }
}

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target() == "rememo"
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        let mut fields = Fields(span.metadata().name().to_owned());
        span.record(&mut fields);
        self.note(fields.0);
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        let mut fields = Fields("then".to_owned());
        values.record(&mut fields);
        self.note(fields.0);
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {}

    fn enter(&self, _: &tracing::span::Id) {
        self.note("enter".to_owned());
    }

    fn exit(&self, _: &tracing::span::Id) {
        self.note("exit".to_owned());
    }
}

#[test]
fn a_call_is_a_span_and_what_it_computes_is_inside() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::On);
    let spans = Spans::default();
    let expected = [
        "cached function=\"control::offset\"",
        "then outcome=\"computed\"",
        "enter",
        "exit",
        "cached function=\"control::offset\"",
        "then outcome=\"hit\"",
    ];
    tracing::subscriber::with_default(spans.clone(), || [offset(1), offset(1)]);
    assert_eq!(*spans.0.lock().unwrap(), expected);
}

#[test]
fn a_function_whose_hits_cost_more_than_computing_it_is_reported() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let cache: &'static Cache = Box::leak(Box::new(Cache::builder().dir(dir.path()).memory(1, 1).build()));
    *CURRENT.lock().unwrap() = Some(cache);
    (0..40).for_each(|_| assert_eq!(offset(1), 1));
    let stats = cache.stats();
    assert_eq!(stats.store_hits, 39);
    assert!(stats.is_not_worth_it(), "an addition is done sooner than a file is read: {stats:?}");
    let summary = cache.summary().to_string();
    assert!(summary.contains("control::offset: a hit takes "), "{summary}");
}

#[test]
fn what_source_can_pin_does_not_depend_on_the_executable() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    switch(dir.path(), Mode::On);
    offset(1);
    let store = rememo::store::DiskStore::new(dir.path(), rememo::store::DiskOptions::default());
    let manifests = rememo::store::Store::manifests(&store, None).unwrap();
    let items = &manifests[0].items;
    assert!(items.contains("\tfn\tcontrol::offset\t"), "{items}");
    assert!(items.contains("\tsetting\tdebug_assertions\t"), "{items}");
    assert!(!items.contains("executable"), "{items}");
}

#[test]
fn a_store_that_can_not_be_written_costs_a_recompute_and_no_error() {
    let _turn = turn();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    switch(&file, Mode::On);
    assert_eq!(computations(|| [offset(1), offset(1)]), (1, [1, 1]), "memory still serves");
    switch(&file, Mode::On);
    assert_eq!(computations(|| offset(1)), (1, 1));
}
