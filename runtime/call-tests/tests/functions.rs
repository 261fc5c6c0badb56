//! What the attribute can stand on.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use rememo::store::MemoryStore;
use rememo::{Cache, cached};

static CACHE: LazyLock<Cache> = LazyLock::new(|| Cache::builder().store(MemoryStore::new()).build());

/// Counts computations, so that a test can tell a hit.
static COMPUTED: AtomicU32 = AtomicU32::new(0);

fn computed() {
    COMPUTED.fetch_add(1, Ordering::SeqCst);
}

/// How many computations a block makes. The tests of this file take turns.
fn computations<R>(run: impl FnOnce() -> R) -> (u32, R) {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let before = COMPUTED.load(Ordering::SeqCst);
    let result = run();
    (COMPUTED.load(Ordering::SeqCst) - before, result)
}

/// Runs a future that never waits.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(result) => result,
        std::task::Poll::Pending => panic!("it waits"),
    }
}

#[cached(cache = &CACHE)]
fn plain(a: u64, b: &str) -> String {
    computed();
    format!("{a}{b}")
}

#[test]
fn a_second_call_with_equal_arguments_is_a_hit() {
    let (n, results) = computations(|| [plain(1, "x"), plain(1, &String::from("x")), plain(2, "x")]);
    assert_eq!(results, ["1x", "1x", "2x"]);
    assert_eq!(n, 2);
}

#[cached]
fn width(mut width: u32) -> u32 {
    width += 1;
    width
}

#[test]
fn an_argument_may_be_called_like_its_function() {
    assert_eq!(width(3), 4);
    assert_eq!(width_cache(3).uncached(), 4);
}

#[cached(cache = &CACHE)]
fn patterns((a, b): (u32, u32), [first, ..]: [u32; 3], mut sum: u32, _: bool) -> u32 {
    computed();
    sum += a + b + first;
    if sum > 1000 {
        return 1000;
    }
    sum
}

#[test]
fn arguments_may_be_patterns_and_mut() {
    let (n, results) = computations(|| [0, 1].map(|_| patterns((1, 2), [3, 4, 5], 4, true)));
    assert_eq!((n, results), (1, [10, 10]));
    assert_eq!(computations(|| patterns((1, 2), [3, 4, 5], 4000, true)), (1, 1000));
}

#[cached(cache = &CACHE)]
fn nothing() {
    computed();
}

#[test]
fn a_function_without_arguments_and_result_can_be_cached() {
    let (n, ()) = computations(|| {
        nothing();
        nothing()
    });
    assert_eq!(n, 1);
}

#[cached(cache = &CACHE)]
fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
    computed();
    let number: u32 = text.parse()?;
    Ok(number)
}

#[cached(cache = &CACHE)]
fn read(path: &Path) -> std::io::Result<String> {
    computed();
    std::fs::read_to_string(path)
}

#[cached(cache = &CACHE)]
fn positive(n: i32) -> Option<i32> {
    computed();
    (n > 0).then_some(n)
}

#[cached(cache = &CACHE, all)]
fn positive_or_not(n: i32) -> Option<i32> {
    computed();
    (n > 0).then_some(n)
}

#[test]
fn only_success_is_stored_unless_all_is_asked_for() {
    let (n, _) = computations(|| [parse("7"), parse("7"), parse("x"), parse("x")]);
    assert_eq!(n, 3, "Err is computed again");
    let (n, _) = computations(|| [read(Path::new("/nowhere")), read(Path::new("/nowhere"))]);
    assert_eq!(n, 2, "an alias of Result is a Result");
    let (n, _) = computations(|| [positive(1), positive(1), positive(-1), positive(-1)]);
    assert_eq!(n, 3, "None is computed again");
    let (n, results) = computations(|| [positive_or_not(-1), positive_or_not(-1)]);
    assert_eq!((n, results), (1, [None, None]));
}

#[cached(cache = &CACHE)]
fn shared(n: u32) -> Arc<Vec<u32>> {
    computed();
    Arc::new((0..n).collect())
}

#[test]
fn a_hit_shares_an_arc() {
    let (n, (a, b)) = computations(|| (shared(100), shared(100)));
    assert_eq!(n, 1);
    assert!(Arc::ptr_eq(&a, &b));
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Scale(f64);

impl Scale {
    #[cached(cache = &CACHE)]
    fn apply(&self, x: f64) -> f64 {
        computed();
        self.0 * x
    }

    #[cached(cache = &CACHE)]
    pub(crate) fn unit() -> f64 {
        computed();
        1.0
    }

    #[cached(cache = &CACHE)]
    fn consume(self: Arc<Self>, x: f64) -> f64 {
        computed();
        self.0 * x
    }
}

#[test]
fn inherent_methods_are_keyed_by_self() {
    let (n, results) = computations(|| [Scale(2.0).apply(3.0), Scale(2.0).apply(3.0), Scale(4.0).apply(3.0)]);
    assert_eq!((n, results), (2, [6.0, 6.0, 12.0]));
    let (n, _) = computations(|| [Scale::unit(), Scale::unit()]);
    assert_eq!(n, 1);
    let (n, _) = computations(|| [Arc::new(Scale(1.0)).consume(1.0), Arc::new(Scale(1.0)).consume(1.0)]);
    assert_eq!(n, 1);
}

#[cached(cache = &CACHE)]
fn factor(scale: &Scale) -> f64 {
    computed();
    scale.0
}

#[cached(cache = &CACHE)]
fn shared_factor(scale: &Arc<Scale>, owned: Arc<Scale>) -> f64 {
    computed();
    scale.0 * owned.0
}

#[test]
fn an_argument_in_an_arc_counts_by_its_content() {
    let scale = Arc::new(Scale(3.0));
    assert_eq!(computations(|| [factor(&scale), factor(&Scale(3.0))]), (1, [3.0, 3.0]));
    let again = || shared_factor(&Arc::new(Scale(3.0)), Arc::new(Scale(3.0)));
    assert_eq!(computations(|| [again(), again()]), (1, [9.0, 9.0]));
}

trait Area {
    fn area(&self) -> f64;

    #[cached(cache = &CACHE, key(self = self.name()))]
    fn twice(&self) -> f64 {
        computed();
        2.0 * self.area()
    }

    fn name(&self) -> &'static str;
}

#[derive(serde::Serialize)]
struct Square(f64);
#[derive(serde::Serialize)]
struct Disc(f64);

impl Area for Square {
    #[cached(cache = &CACHE)]
    fn area(&self) -> f64 {
        computed();
        self.0 * self.0
    }

    fn name(&self) -> &'static str {
        "shape"
    }
}

impl Area for Disc {
    #[cached(cache = &CACHE)]
    fn area(&self) -> f64 {
        computed();
        3.0 * self.0 * self.0
    }

    fn name(&self) -> &'static str {
        "shape"
    }
}

#[test]
fn methods_of_traits_and_of_their_impls_are_told_apart_by_type() {
    let (n, results) = computations(|| [Square(2.0).area(), Square(2.0).area(), Disc(2.0).area()]);
    assert_eq!((n, results), (2, [4.0, 4.0, 12.0]));
    let (n, results) = computations(|| [Square(2.0).twice(), Disc(2.0).twice(), Disc(2.0).twice()]);
    assert_eq!((n, results), (2, [8.0, 24.0, 24.0]), "Self is part of the key of a trait's own method");
}

trait Named {
    const NAME: &'static str;
}
struct A;
struct B;
impl Named for A {
    const NAME: &'static str = "a";
}
impl Named for B {
    const NAME: &'static str = "b";
}

#[cached(cache = &CACHE)]
fn named<T, const N: usize>(suffix: &str) -> String
where
    T: Named,
{
    computed();
    format!("{}{N}{suffix}", T::NAME)
}

struct Wrapper<T>(std::marker::PhantomData<T>);

impl<T: Named> Wrapper<T> {
    #[cached(cache = &CACHE)]
    fn name() -> String {
        computed();
        T::NAME.to_owned()
    }
}

#[test]
fn type_and_const_parameters_are_part_of_the_key_even_those_of_the_impl() {
    let (n, results) = computations(|| [named::<A, 1>(""), named::<A, 2>(""), named::<B, 1>(""), named::<A, 1>("")]);
    assert_eq!((n, results), (3, ["a1", "a2", "b1", "a1"].map(String::from)));
    let (n, results) = computations(|| [Wrapper::<A>::name(), Wrapper::<B>::name(), Wrapper::<A>::name()]);
    assert_eq!((n, results), (2, ["a", "b", "a"].map(String::from)));
}

#[cached(cache = &CACHE, key(f = label), ignore(log))]
fn map(values: &[i32], label: &str, f: impl Fn(i32) -> i32, log: &dyn Fn(&str)) -> Vec<i32> {
    computed();
    log(label);
    values.iter().map(|x| f(*x)).collect()
}

#[test]
fn closures_need_a_key_and_an_ignored_argument_does_not_count() {
    let double = |x| 2 * x;
    let (n, results) = computations(|| [map(&[1], "double", double, &|_| ()), map(&[1], "double", double, &|_| {})]);
    assert_eq!((n, results), (1, [vec![2], vec![2]]));
    let (n, result) = computations(|| map(&[1], "double", |x| 3 * x, &|_| ()));
    assert_eq!((n, result), (1, vec![3]), "another closure is another type");
}

#[cached(cache = &CACHE)]
fn lives<'a, 'b: 'a>(a: &'a str, b: Cow<'b, str>) -> usize {
    computed();
    a.len() + b.len()
}

#[test]
fn lifetimes_make_no_difference() {
    let owned = String::from("bb");
    let (n, results) = computations(|| [lives("a", Cow::Borrowed("bb")), lives("a", Cow::Owned(owned))]);
    assert_eq!((n, results), (1, [3, 3]));
}

#[cached(cache = &CACHE)]
async fn fetch(url: &str) -> Result<String, std::num::ParseIntError> {
    computed();
    std::future::ready(()).await;
    let n: u32 = url.parse()?;
    if n == 0 {
        return Ok("zero".into());
    }
    Ok(format!("{n}"))
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn async_functions_are_cached_and_stay_send() {
    let (n, results) = computations(|| ["1", "1", "0", "x"].map(|url| block_on(is_send(fetch(url)))));
    assert_eq!(n, 3);
    assert_eq!(results[1], Ok("1".into()));
    assert_eq!(results[2], Ok("zero".into()));
}

#[cached(cache = &CACHE)]
/// # Safety
/// There is none to keep.
unsafe fn danger(n: u32) -> u32 {
    computed();
    n
}

#[test]
fn unsafe_functions_stay_unsafe() {
    #[allow(unsafe_code, reason = "this is what is tested")]
    let call = || unsafe { [danger(1), danger(1)] };
    assert_eq!(computations(call), (1, [1, 1]));
}

#[cached(cache = &CACHE)]
fn frequencies(words: &HashMap<String, u32>) -> u32 {
    computed();
    words.values().sum()
}

#[test]
fn the_order_of_a_map_does_not_count() {
    let words = |order: [&str; 3]| order.iter().map(|w| (w.to_string(), 1)).collect::<HashMap<_, _>>();
    let (n, _) = computations(|| [frequencies(&words(["a", "b", "c"])), frequencies(&words(["c", "b", "a"]))]);
    assert_eq!(n, 1);
}

#[cached(cache = &CACHE)]
fn fibonacci(n: u64) -> u64 {
    computed();
    if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

#[cached(cache = &CACHE, ignore(left))]
fn asks_itself(n: u64, left: u32) -> u64 {
    computed();
    if left == 0 { n } else { asks_itself(n, left - 1) + 1 }
}

#[test]
fn recursion_is_cached_step_by_step() {
    let (n, result) = computations(|| fibonacci(50));
    assert_eq!((n, result), (51, 12_586_269_025));
}

#[test]
fn a_call_that_asks_for_its_own_key_just_computes() {
    let (n, result) = computations(|| asks_itself(1, 3));
    assert_eq!((n, result), (4, 4));
    let (n, result) = computations(|| asks_itself(1, 0));
    assert_eq!((n, result), (0, 4), "the outermost call's result is stored");
}

#[cached(cache = &CACHE)]
fn panics(n: u32) -> u32 {
    computed();
    assert!(COMPUTED.load(Ordering::SeqCst) > n, "not yet");
    n
}

#[test]
fn a_panic_stores_nothing() {
    let (n, _) = computations(|| {
        for _ in 0..2 {
            std::panic::catch_unwind(|| panics(u32::MAX)).unwrap_err();
        }
    });
    assert_eq!(n, 2);
}
