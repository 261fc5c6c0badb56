//! Small programs that are built, run, edited, built and run again by the real cargo: what only cargo can show.
//!
//! Each result is shown with how it came about, so that every assertion says both that what had to be computed was
//! computed and that what came back is what the code now says.

mod compile_time_inputs;
mod configuration;
mod dependencies;
mod endings;
mod fingerprints;
mod functions;
mod new_crate;
mod packaged;
mod project;
mod registry_features;
mod saves;
mod targets;
mod versions;
