use std::time::{Duration, Instant, SystemTime};

type Watch = Instant;

macro_rules! timed {
    ($body:expr) => {{
        let started = std::time::Instant::now();
        let value = $body;
        println!("{:?}", started.elapsed());
        value
    }};
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

// reads: clock
#[rememo::cached]
fn by_a_helper(n: u64) -> u64 {
    n + seconds()
}

// reads: clock
#[rememo::cached]
fn by_an_alias(n: u64) -> bool {
    Watch::now().elapsed() > Duration::from_secs(n)
}

// reads: clock
#[rememo::cached]
fn by_a_macro(n: u64) -> u64 {
    timed!(n * 2)
}

// reads: clock
#[rememo::cached]
fn as_a_value(n: u64) -> bool {
    let now: fn() -> Instant = Instant::now;
    now() > now() + Duration::from_secs(n)
}

// reads: clock
#[rememo::cached]
fn by_another_package(n: u32) -> String {
    format!("{n} {}", chrono::Utc::now())
}

// reads: clock (ttl)
#[rememo::cached(ttl = "1h")]
fn for_an_hour(n: u64) -> u64 {
    n + seconds()
}

// reads: clock (accept)
#[rememo::cached(accept(clock))]
fn only_logged(n: u64) -> u64 {
    timed!(n * 2)
}

// reads: clock
#[rememo::cached(accept(env), files("a.txt"))]
fn another_kind_is_accepted(n: u64) -> u64 {
    n + seconds()
}

// reads: nothing
#[rememo::cached]
fn calls_a_cached_function(n: u64) -> u64 {
    for_an_hour(n)
}

// reads: nothing
#[rememo::cached]
fn durations_are_values(n: u64) -> Duration {
    Duration::from_secs(n) + Duration::from_millis(5)
}

// reads: nothing
#[rememo::cached]
fn a_clock_of_ones_own(n: u64) -> u64 {
    mine::Instant::now() + n
}

mod mine {
    pub struct Instant;

    impl Instant {
        pub fn now() -> u64 {
            7
        }
    }
}
