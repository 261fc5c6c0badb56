//! A store that keeps nothing: results live in memory, as long as the process does.

use super::{Entry, Listing, Store, StoreError};
use crate::record::{Digest, Record};

/// Keeps nothing.
///
/// ```
/// use rememo::{Cache, store::NullStore};
///
/// let cache = Cache::builder().store(NullStore).build();
/// assert_eq!(cache.location(), "nowhere");
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct NullStore;

impl Store for NullStore {
    fn get(&self, _: &Digest) -> Result<Option<Record>, StoreError> {
        Ok(None)
    }

    fn put(&self, _: &Record) -> Result<(), StoreError> {
        Ok(())
    }

    fn remove(&self, _: &Digest) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn entries(&self, _: &mut dyn FnMut(Entry)) -> Result<Listing, StoreError> {
        Ok(Listing::default())
    }

    fn location(&self) -> String {
        "nowhere".into()
    }
}
