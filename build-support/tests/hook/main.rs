//! What the hook sees of a workspace, and what cargo makes of the rules that it prints.

mod builds;
mod fixture;
mod pins;
mod projects;
mod undeclared;
