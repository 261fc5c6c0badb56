//! `#[cached]`.
