//! All that is cached of one function.

use std::fmt;
use std::sync::Arc;

use crate::cache::Cache;
use crate::function::{Function, Standing};
use crate::record::Digest;
use crate::site::Site;
use crate::stats::Stats;
use crate::store::{Clear, StoreError};

/// All that is cached of one function: what `NAME_handle()` beside a cached function returns, and [`Cache::function`]
/// for the others.
///
/// ```no_run
/// # fn load_handle() -> rememo::Handle { unimplemented!() }
/// let load = load_handle();
/// println!("{}: {} hits", load.path(), load.stats().hits());
/// load.clear()?;
/// # Ok::<(), rememo::store::StoreError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Handle {
    site: &'static Site,
    cache: Option<&'static Cache>,
}

impl Handle {
    pub(crate) const fn new(site: &'static Site, cache: Option<&'static Cache>) -> Self {
        Handle { site, cache }
    }

    #[inline]
    pub(crate) fn site(&self) -> &'static Site {
        self.site
    }

    #[inline]
    pub(crate) fn static_cache(&self) -> &'static Cache {
        match self.cache {
            Some(cache) => cache,
            None => Cache::global(),
        }
    }

    fn function(&self) -> Arc<Function> {
        self.static_cache().resolve(self.site)
    }

    /// Path of the function: `name::module::Type::method`.
    pub fn path(&self) -> String {
        self.site.path()
    }

    /// The cache.
    pub fn cache(&self) -> &'static Cache {
        self.static_cache()
    }

    /// The function's fingerprint as hex digits; `None` if it isn't cached (a doctest's function, say).
    pub fn fingerprint(&self) -> Option<String> {
        let function = self.function();
        let digest: Digest = match function.standing {
            Standing::Ready { fingerprint, .. } => fingerprint,
            Standing::PassThrough(_) => return None,
        };
        Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// What the function was asked since the process began.
    pub fn stats(&self) -> Stats {
        self.function().counters.read()
    }

    /// How many results are in memory.
    pub fn len(&self) -> u64 {
        self.function().tier.len()
    }

    /// Whether no result is in memory.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all results of the function, in memory and in the store.
    ///
    /// # Errors
    /// If the store can't be written.
    pub fn clear(&self) -> Result<(), StoreError> {
        let function = self.function();
        function.tier.clear();
        self.static_cache().store().clear(&Clear::Function(&function.name))
    }

    /// Drops the results that are in memory; they will be read from the store again.
    pub fn forget_memory(&self) {
        self.function().tier.clear();
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("path", &self.path()).finish_non_exhaustive()
    }
}
