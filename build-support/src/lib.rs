//! The build hook.
