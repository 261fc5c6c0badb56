//! A library with documentation.

use rememo::cached;

/// Doubles.
///
/// ```
/// assert_eq!(manual::double(2), 4);
/// ```
///
/// An example may have a cached function of its own; there is no table for it, so it just runs:
///
/// ```
/// #[rememo::cached]
/// fn triple(n: u32) -> u32 {
///     3 * n
/// }
///
/// assert_eq!([triple(2), triple(2)], [6, 6]);
/// ```
#[cached]
pub fn double(n: u32) -> u32 {
    2 * n
}
