//! A cache: a store, a memory budget, a clock and a mode. There is a default one, opened at the first cached call.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use crate::clock::{Clock, SystemClock, millis};
use crate::codec::Compression;
use crate::directory;
use crate::event::{self, Event};
use crate::function::Function;
use crate::handle::Handle;
use crate::mode::Mode;
use crate::site::Site;
use crate::stats::{Stats, Summary};
use crate::store::{Clear, DiskOptions, DiskStore, Store, StoreError};
use crate::tier::Budget;

/// Where results are kept. Clones share it.
///
/// Most programs never name one: `#[cached]` uses the [default](Cache::global), which opens itself. A function with
/// `#[cached(cache = EXPRESSION)]` uses another, for which a static is the place:
///
/// ```
/// use std::sync::LazyLock;
/// use rememo::{Cache, store::MemoryStore};
///
/// static SCRATCH: LazyLock<Cache> = LazyLock::new(|| Cache::builder().store(MemoryStore::new()).build());
/// // #[cached(cache = &SCRATCH)]
/// // fn guess(seed: u64) -> f64 { ... }
/// assert_eq!(SCRATCH.stats().hits(), 0);
/// ```
#[derive(Clone)]
pub struct Cache {
    inner: Arc<Inner>,
}

struct Inner {
    number: u64,
    mode: Mode,
    /// 0 if a hit in memory may be returned without further ado: the mode is `on` and nobody observes.
    detour: AtomicU8,
    store: Arc<dyn Store>,
    budget: Budget,
    clock: Box<dyn Clock>,
    /// By the address of the function's static.
    functions: RwLock<HashMap<usize, Arc<Function>>>,
    observers: RwLock<Vec<Observer>>,
    is_observed: AtomicBool,
    compression: Option<Compression>,
    warned: AtomicBool,
    patience: Duration,
}

type Observer = Arc<dyn Fn(&Event) + Send + Sync>;

static GLOBAL: OnceLock<Cache> = OnceLock::new();

impl Cache {
    /// Begins a cache.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The default cache, which every `#[cached]` function without `cache = ...` uses. Opens it if it isn't open.
    pub fn global() -> &'static Cache {
        match GLOBAL.get() {
            Some(cache) => cache,
            None => Self::open_global(),
        }
    }

    #[cold]
    fn open_global() -> &'static Cache {
        let cache = GLOBAL.get_or_init(|| Cache::builder().build());
        crate::exit::print_summary_at_exit();
        cache
    }

    /// Makes this the default cache.
    ///
    /// # Errors
    /// If the default cache is open already: set it before the first cached call.
    pub fn set_global(self) -> Result<(), GlobalIsOpen> {
        GLOBAL.set(self).map_err(|_| GlobalIsOpen)?;
        crate::exit::print_summary_at_exit();
        Ok(())
    }

    /// Calls `observer` with what becomes of each call from now on. It must not call cached functions itself.
    ///
    /// ```
    /// let cache = rememo::Cache::builder().store(rememo::store::MemoryStore::new()).build();
    /// cache.observe(|event| println!("{event}"));
    /// ```
    pub fn observe(&self, observer: impl Fn(&Event) + Send + Sync + 'static) {
        self.inner.observers.write().unwrap_or_else(PoisonError::into_inner).push(Arc::new(observer));
        self.inner.is_observed.store(true, Ordering::Release);
        self.inner.detour.store(1, Ordering::Release);
    }

    /// What all functions were asked since the process began.
    pub fn stats(&self) -> Stats {
        self.functions().iter().map(|function| function.counters.read()).sum()
    }

    /// What each function was asked, as a table.
    pub fn summary(&self) -> Summary {
        let mut rows: Vec<_> = self.functions().iter().map(|f| (f.path.clone(), f.counters.read())).collect();
        rows.retain(|(_, stats)| *stats != Stats::default());
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        Summary { rows }
    }

    /// Forgets all results of all functions.
    ///
    /// # Errors
    /// If the store can't be written.
    pub fn clear(&self) -> Result<(), StoreError> {
        self.functions().iter().for_each(|function| function.tier.clear());
        self.inner.store.clear(&Clear::All)
    }

    /// Returns when all that was stored survives a loss of power.
    ///
    /// # Errors
    /// If the system doesn't confirm it.
    pub fn sync(&self) -> Result<(), StoreError> {
        self.inner.store.sync()
    }

    /// Where results are stored, in words for people.
    pub fn location(&self) -> String {
        self.inner.store.location()
    }

    /// What calls do with the cache: as the [scope](Mode::scope) says that this thread is in, else `REMEMO`, else the builder.
    pub fn mode(&self) -> Mode {
        crate::mode::scoped().unwrap_or(self.inner.mode)
    }

    /// Its store: to list, [`prune`](crate::store::prune), [`export`](crate::store::export), ...
    pub fn store(&self) -> &dyn Store {
        &*self.inner.store
    }

    /// The handle of a function that was called in this process, by its path: `name::module::Type::method`,
    /// `name::<Type as Trait>::method`. For methods of traits, which have no companions.
    pub fn function(&'static self, path: &str) -> Option<Handle> {
        let functions = self.inner.functions.read().unwrap_or_else(PoisonError::into_inner);
        let found = functions.values().find(|function| function.path == path)?;
        Some(Handle::new(found.site, Some(self)))
    }

    pub(crate) fn number(&self) -> u64 {
        self.inner.number
    }

    /// How results are compressed, where the function doesn't say.
    pub(crate) fn compression(&self) -> Option<Compression> {
        self.inner.compression
    }

    /// How long a call waits for another that computes the same.
    pub(crate) fn patience(&self) -> Duration {
        self.inner.patience
    }

    pub(crate) fn now(&self) -> u64 {
        millis(self.inner.clock.now())
    }

    /// Whether a hit in memory may be returned without further ado.
    #[inline]
    pub(crate) fn is_direct(&self) -> bool {
        self.inner.detour.load(Ordering::Relaxed) == 0
    }

    /// What a static is to this cache, if that is known without looking.
    #[inline]
    pub(crate) fn known<'s>(&self, site: &'static Site) -> Option<&'s Arc<Function>> {
        site.first.get().filter(|function| function.cache == self.inner.number)
    }

    /// What a static is to this cache.
    #[cold]
    pub(crate) fn resolve(&self, site: &'static Site) -> Arc<Function> {
        if let Some(function) = self.known(site) {
            return function.clone();
        }
        let mut functions = self.inner.functions.write().unwrap_or_else(PoisonError::into_inner);
        let make = || Arc::new(Function::new(site, self.inner.number, self.inner.budget.clone()));
        let function = functions.entry(std::ptr::from_ref(site).addr()).or_insert_with(make).clone();
        let _ = site.first.set(function.clone());
        function
    }

    /// Whether anybody wants to hear of a computation.
    pub(crate) fn is_observed(&self) -> bool {
        event::computations_are_traced() || !self.observers().is_empty()
    }

    /// Whether anybody wants to hear of a hit.
    pub(crate) fn hears_of_hits(&self) -> bool {
        event::hits_are_traced() || self.inner.is_observed.load(Ordering::Acquire)
    }

    pub(crate) fn tell(&self, event: &Event) {
        event::trace(event);
        // Not under the lock: an observer may take its time, or add another.
        for observer in self.observers() {
            observer(event);
        }
    }

    /// Warns of a store that doesn't work, once.
    pub(crate) fn warn_once(&self, error: &StoreError) {
        if !self.inner.warned.swap(true, Ordering::Relaxed) {
            event::warn(&format!("going on without the store: {error}"));
        }
    }

    fn observers(&self) -> Vec<Observer> {
        self.inner.observers.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn functions(&self) -> Vec<Arc<Function>> {
        self.inner.functions.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("location", &self.location()).field("mode", &self.mode()).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The functions' statics outlive the cache; what they hold in memory must not.
        let functions = self.functions.get_mut().unwrap_or_else(PoisonError::into_inner);
        functions.values().for_each(|function| function.tier.clear());
    }
}

/// The default cache is open already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the default cache is open already; set it before the first cached call")]
pub struct GlobalIsOpen;

/// Puts a cache together; see [`Cache::builder`].
///
/// ```
/// let dir = std::env::temp_dir().join("rememo-doc");
/// let cache = rememo::Cache::builder().dir(&dir).memory(10_000, 64 << 20).build();
/// println!("{}", cache.location());
/// ```
#[derive(Default)]
#[must_use]
pub struct Builder {
    dir: Option<PathBuf>,
    store: Option<Arc<dyn Store>>,
    disk: DiskOptions,
    memory: Option<(u64, u64)>,
    clock: Option<Box<dyn Clock>>,
    mode: Option<Mode>,
    patience: Option<Duration>,
    compression: Option<Compression>,
}

impl Builder {
    /// The directory, if `REMEMO_DIR` doesn't name one. Else it is `.rememo/` in the workspace root.
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// How the store in the directory works.
    pub fn disk(mut self, options: DiskOptions) -> Self {
        self.disk = options;
        self
    }

    /// Another store than the one in the directory.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// How many results, and how many bytes of them, stay in memory: 100,000 and 256 MiB unless set.
    pub fn memory(mut self, entries: u64, bytes: u64) -> Self {
        self.memory = Some((entries, bytes));
        self
    }

    /// Compresses results before they are stored, but for those of functions that say otherwise: `#[cached(compress = false)]`.
    /// What is stored already is read as it was written, whatever is set here.
    ///
    /// ```
    /// # #[cfg(feature = "lz4")]
    /// let cache = rememo::Cache::builder().compress(rememo::codec::Compression::Lz4).build();
    /// ```
    pub fn compress(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Another clock than the system's, for tests of expiry.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Box::new(clock));
        self
    }

    /// The mode, if `REMEMO` doesn't name one.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// How long a call waits for another thread, future or process that computes the same result, before it computes the
    /// result itself: ten minutes unless set. Zero: calls never wait.
    pub fn wait_at_most(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// The cache. Touches no file before the first call.
    pub fn build(self) -> Cache {
        static NUMBER: Mutex<u64> = Mutex::new(0);
        let number = {
            let mut number = NUMBER.lock().unwrap_or_else(PoisonError::into_inner);
            *number += 1;
            *number
        };
        let mode = Mode::from_env().or(self.mode).unwrap_or_default();
        let (entries, bytes) = self.memory.unwrap_or((100_000, 256 << 20));
        let (dir, disk) = (self.dir, self.disk);
        let store = self.store.unwrap_or_else(|| Arc::new(DiskStore::new(directory::directory(dir), disk)));
        Cache {
            inner: Arc::new(Inner {
                number,
                mode,
                detour: AtomicU8::new(u8::from(mode != Mode::On)),
                store,
                budget: Budget::new(entries, bytes),
                clock: self.clock.unwrap_or_else(|| Box::new(SystemClock)),
                functions: RwLock::default(),
                observers: RwLock::default(),
                is_observed: AtomicBool::new(false),
                compression: self.compression,
                warned: AtomicBool::new(false),
                patience: self.patience.unwrap_or(Duration::from_secs(600)),
            }),
        }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("dir", &self.dir).field("mode", &self.mode).finish_non_exhaustive()
    }
}
