//! The subcommands, a file each.

pub(crate) mod check;
pub(crate) mod clear;
pub(crate) mod dump;
pub(crate) mod export;
pub(crate) mod gc;
pub(crate) mod import;
pub(crate) mod ls;
pub(crate) mod prune;
pub(crate) mod size;
pub(crate) mod tree;
pub(crate) mod verify;
pub(crate) mod why;
