//! The subcommands, a file each.

pub(crate) mod check;
pub(crate) mod clear;
pub(crate) mod dump;
pub(crate) mod ls;
pub(crate) mod tree;
pub(crate) mod why;
