//! The build hook of rememo: `build.rs` calls it, and `#[cached]` finds the fingerprints that it wrote.
//!
//! ```no_run
//! // build.rs
//! fn main() {
//!     rememo_build::fingerprint();
//! }
//! ```
//!
//! The hook analyzes every target of the package, together with workspace members and path dependencies, and writes a table
//! of constants to `OUT_DIR`. It needs no network, writes nothing else, and tells cargo exactly which files it read. Code
//! that it can't see through makes it widen a fingerprint and say so, never fail a build.
//!
//! A build script that generates code calls the hook last, so that what was generated is analyzed too. Rules that such a
//! script prints (`cargo::rerun-if-changed`) stay as they are; see [`Hook::watch_package`] for one that prints none.
//!
//! # What a build script can't see
//! - The first file in a folder that wasn't there (`examples/`, `tests/`), or a new `src/main.rs` beside `src/lib.rs`: cargo
//!   can watch neither a path that doesn't exist nor a folder without all that is below it. Such a target's cached functions
//!   are computed, not cached, until the hook runs again: with the next edit of any file that it read, or of `build.rs`.
//! - Features that only other packages ask of a package from a registry. What the manifests of the workspace ask counts.
//!
//! # Undeclared inputs
//! The hook warns of cached functions that read the clock, files and the like without declaring it. The manifest says otherwise:
//! ```toml
//! [package.metadata.rememo]    # or [workspace.metadata.rememo]
//! undeclared = "deny"          # the build fails; "allow": nothing is looked for; "warn" is the default
//! ```
//!
//! In debug builds of large workspaces the hook is faster with
//! ```toml
//! [profile.dev.build-override]
//! opt-level = 1
//! ```

#![allow(clippy::needless_doctest_main, reason = "a build script is its main")]

mod cfg;
pub mod configuration;
mod error;
mod facts;
mod features;
mod hook;
mod last;
mod loader;
mod lock;
mod metadata;
mod order;
mod project;
mod registry;
mod replay;
mod requirement;
mod rerun;
mod summaries;
mod table;
mod toml;
mod undeclared;
mod workspace;

pub use cfg::{Features, TargetCfg};
pub use error::ProjectError;
pub use hook::Hook;
pub use loader::{DiskLoader, is_in_registry};
pub use project::Subject;
pub use summaries::DiskSummaries;
pub use workspace::{Workspace, cargo, rustflags};

/// The whole of a build script, or the last line of one that generates code.
///
/// Same as [`Hook::new`]`().run()`.
pub fn fingerprint() {
    Hook::new().run();
}
