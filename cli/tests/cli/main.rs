//! `cargo rememo`, run for real on small packages. Every test copies what it needs, so that nothing in the repository changes.

mod bad_input;
mod care;
mod check;
mod command_line;
mod configuration;
mod dump;
mod json_format;
mod program;
mod published;
mod registry;
mod schema;
mod store;
mod terminal;
mod tree;
mod world;
