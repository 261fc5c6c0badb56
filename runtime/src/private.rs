//! What `#[cached]` expands to calls of. Not public: anything here may change in any release.

pub use rememo_table::{Entry, Selection, select};

pub use crate::__compress as compress;
pub use crate::__site as site;
pub use crate::call::{Entered, Entering, enter, enter_async};
pub use crate::companion::{Run, start};
pub use crate::declared::Declared;
pub use crate::function::{Types, type_hash_of};
pub use crate::key::probe;
pub use crate::results;
pub use crate::site::{Build, Site};

use crate::cache::Cache;
use crate::handle::Handle;

/// A function's handle.
#[inline]
pub const fn handle(site: &'static Site, cache: Option<&'static Cache>) -> Handle {
    Handle::new(site, cache)
}
