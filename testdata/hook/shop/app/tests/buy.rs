//! A test of a test.
