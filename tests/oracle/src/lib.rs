//! The compiler as oracle: what rememo's analysis reaches, beside what compiled code reaches.
//!
//! A crate is built by the ordinary compiler, unoptimized, with LLVM IR and debug information. The IR's functions are joined
//! with the analysis' items by file and line, its symbols give the true reachable sets, and each function's two sets are
//! compared. Missing one function of the compiler's set is a bug of the worst kind; reaching more is waste.
//!
//! Method: `shared/research/callgraph.md` of this project; the same relation that regression test selection for Rust takes
//! from monomorphized items (RustyRTS).

pub mod aliases;
pub mod calls;
pub mod causes;
pub mod compare;
pub mod compile;
pub mod corpus;
pub mod error;
pub mod ir;
pub mod join;
pub mod linked;
pub mod print;
pub mod subject;
pub mod symbol;
