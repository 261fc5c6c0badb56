//! The constants table: what the build hook writes into `OUT_DIR` and `#[cached]` reads at compile time.
//!
//! This crate only says what the table looks like. It must never depend on anything, read a file or hash: the hook, the
//! attribute and the runtime all link it, and what they agree on is all that it holds.

mod configuration;
mod entry;
mod manifest;
mod packages;

pub use configuration::{Configuration, SHARED_PROFILES};
pub use entry::{Entry, Selection, select};
pub use manifest::{FEATURES_OF, ManifestItem, manifest_items, manifest_packages, reach_decode, reach_encode};
pub use packages::{PackageLine, package_lines};

/// Version of everything in [`DIRECTORY`]; the attribute refuses a table of another version.
pub const TABLE_VERSION: u32 = 1;

/// What `#[cached(accept(..))]` takes: kinds of inputs that a function may read besides its arguments.
pub const INPUT_KINDS: [&str; 10] =
    ["clock", "env", "files", "network", "random", "process", "threads", "state", "foreign", "order"];

/// The folder in `OUT_DIR` that holds the table.
///
/// ```text
/// OUT_DIR/rememo/hook         "rememo table 1\n": the hook ran to its end; written last and anew by every run, since its time counts
/// OUT_DIR/rememo/fn/NAME.rs   `&[Entry { .. }, ..]`: every cached function of the package whose bare name is NAME
/// OUT_DIR/rememo/manifest     the items that cached functions reach, a line each (see `manifest_items`)
/// OUT_DIR/rememo/packages     the packages that they reach, a line for each pair (see `PackageLine`)
/// OUT_DIR/rememo/sources      every file that was read: "<sha256>\t<crate name, or - for the package itself>\t<absolute path>"
/// OUT_DIR/rememo/summaries/   per-file summaries by content hash, the hook's own
/// ```
pub const DIRECTORY: &str = "rememo";
