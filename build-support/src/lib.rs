//! The build hook of rememo.

mod cfg;
mod error;
mod loader;
mod lock;
mod metadata;
mod project;
mod requirement;
mod toml;
mod workspace;

pub use cfg::{Features, TargetCfg};
pub use error::ProjectError;
pub use loader::DiskLoader;
pub use project::Subject;
pub use workspace::{Workspace, cargo, rustflags};
