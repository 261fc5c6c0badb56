//! Durable memoization that cannot go stale.

pub mod codec;
pub mod key;
pub mod record;
pub mod store;
pub mod tier;

pub use key::{CacheKey, Key, KeyEncoder, KeyError};
