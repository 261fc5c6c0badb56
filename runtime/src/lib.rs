//! Durable memoization that can't go stale.
//!
//! Put [`#[cached]`](macro@cached) on a slow function and one line into `build.rs`. Its results are stored on disk and
//! returned by later calls, in this run or the next, for as long as nothing that they depend on has changed. What they
//! depend on is found out when the crate is built: each cached function gets a fingerprint of its own code and of all that it
//! can reach. Edit any of that, and exactly the affected results are computed again.
//!
//! # Use
//!
//! ```toml
//! [dependencies]
//! rememo = "0.1"
//!
//! [build-dependencies]
//! rememo-build = "0.1"
//! ```
//!
//! ```ignore
//! // build.rs
//! fn main() {
//!     rememo_build::fingerprint();
//! }
//! ```
//!
//! ```ignore
//! use std::sync::Arc;
//! use rememo::cached;
//!
//! #[derive(Clone, serde::Serialize, serde::Deserialize)]
//! struct Model { weights: Vec<f64> }
//!
//! /// Reads a file: it is part of what the result depends on, so it is declared.
//! #[cached(files(path))]
//! fn load(path: &str) -> std::io::Result<Arc<Vec<f64>>> {
//!     let text = std::fs::read_to_string(path)?;
//!     Ok(Arc::new(text.lines().filter_map(|line| line.parse().ok()).collect()))
//! }
//!
//! #[cached]
//! fn train(data: &[f64], rounds: u32) -> Arc<Model> {
//!     Arc::new(Model { weights: data.iter().map(|x| x / f64::from(rounds)).collect() })
//! }
//!
//! fn main() -> std::io::Result<()> {
//!     let data = load("data.txt")?;
//!     let model = train(&data, 100);
//!     println!("{:?}", model.weights);
//!     print!("{}", rememo::summary());
//!     Ok(())
//! }
//! ```
//!
//! # What can be cached
//!
//! Free functions, methods, methods of traits (in the trait and in its impls), generic and async functions. Arguments are
//! keyed by reference and never cloned: anything that is [`serde::Serialize`] or [`CacheKey`]. Results are
//! `Clone + Serialize + DeserializeOwned + Send + Sync + 'static`. Of a `Result` or an `Option`, under whatever name, only
//! `Ok` and `Some` are stored. An `Arc` is shared by the hits in memory, and what it points to is stored.
//!
//! Not: `&mut` arguments, results that borrow, `impl Trait` results, const and extern functions. The compiler says so at the
//! place, and says what to do.
//!
//! # Options
//!
//! | option | meaning |
//! |---|---|
//! | `key(arg = expr, ..)` | what counts of an argument; needed for closures, function pointers and trait objects |
//! | `ignore(arg, ..)` | arguments that don't count |
//! | `files(expr, ..)` | files that the function reads, as expressions over its arguments: their content counts |
//! | `ttl = "1h 30m"` | how long a result is good for; or an expression of type `Duration` |
//! | `etag = expr` | a result is good as long as this, over the arguments, is what it was |
//! | `all` | `Err` and `None` are stored too |
//! | `compress` | the result is compressed before it is stored (feature `lz4`); `compress = false`: not even if the cache compresses |
//! | `codec = path` | how the result becomes bytes: a [`Codec`](codec::Codec) for it, or for what is in it if it is a `Result`, an `Option` or an `Arc` |
//! | `cache = expr` | another cache than the default: a `&'static Cache` |
//! | `id = "..."` | tells functions apart that a macro made and the table can't |
//! | `accept(kind, ..)` | inputs that the build is not to warn of: clock, env, files, network, random, process, threads, state, foreign, order |
//! | `companions = false` | no `NAME_cache` and `NAME_handle` |
//! | `crate = path` | what this crate is called there |
//!
//! # Companions
//!
//! Beside a free function or an inherent method `f` stand `f_cache`, with `f`'s own arguments, which returns a [`Call`] to
//! ask, fill, drop or redo that one result, and `f_handle`, which returns a [`Handle`] for all results of `f`. A trait's
//! method has none, since a trait's impl may hold nothing else; [`Cache::function`] finds its handle by path.
//!
//! # Switches
//!
//! `REMEMO` is `on`, `off` (neither reads nor writes), `refresh` (computes and writes), `only` (a miss panics), or `verify` (a
//! hit is computed again and compared). [`Mode::scope`] does the same for a part of a program. `REMEMO_DIR` is where the default cache lies, else `.rememo/` in the workspace root,
//! else the user's cache directory. With `REMEMO_SUMMARY=1` the default cache's [`summary`] is printed when the thread that
//! made the first cached call ends.
//!
//! # What can't be seen
//!
//! The clock, the network, files that aren't declared, environment variables read at run time, other processes,
//! dynamic libraries, and what a function does besides returning its result: on a hit it isn't done. On systems
//! other than Linux, a program whose executable is replaced while it runs takes the new one's hash for its own, in functions
//! that are fingerprinted by it.
//!
//! A cached function that calls others depends on what they declare: it inherits their files and the earliest
//! expiry. A function that calls one with an `etag` isn't stored, since only the callee's arguments can tell whether the
//! etag still holds. A call on another thread counts for each computation under way that may have made it.

pub mod codec;
pub mod key;
pub mod record;
pub mod store;
pub mod tier;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod cache;
mod call;
mod clock;
mod companion;
mod declared;
mod directory;
mod event;
mod exit;
mod fingerprint;
mod flight;
mod frame;
mod function;
mod handle;
mod inputs;
mod mode;
mod pages;
mod reason;
#[doc(hidden)]
pub mod results;
mod site;
mod stats;

pub use cache::{Builder, Cache, GlobalIsOpen};
pub use clock::{Clock, SystemClock};
pub use companion::{Call, Forced, InsertError};
pub use event::{Event, Outcome};
pub use handle::Handle;
pub use inputs::Files;
pub use key::{CacheKey, Key, KeyEncoder, KeyError};
pub use mode::{Mode, Scoped, UnknownMode};
pub use reason::{Change, How, Reason};
pub use rememo_macros::cached;
pub use stats::{Stats, Summary};

/// What each function of the default cache was asked since the process began, as a table.
pub fn summary() -> Summary {
    Cache::global().summary()
}
