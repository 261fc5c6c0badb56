//! A crate of a test.
