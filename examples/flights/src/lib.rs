//! From three CSV files to a chart: when do flights leave New York late, and can we tell beforehand?
//!
//! Each step of the pipeline is an ordinary function with `#[cached]` on it. Read the modules in this order:
//!
//! | Module | Steps | What it shows |
//! |---|---|---|
//! | [`load`] | `flights`, `weather`, `planes` | a step that declares the file it reads |
//! | [`clean`] | `departures` | a step that calls a step |
//! | [`join`] | `conditions` | a helper shared with another step ([`time`]) |
//! | [`aggregate`] | `by_hour`, `by_carrier`, `by_weather` | steps that need not wait for the slow one |
//! | [`model`] | `fit` | the slow one: it takes its settings as an argument |
//! | [`evaluate`] | `on_held_out_days` | a small result from large tables |
//! | [`chart`] | `draw` | the last step, which asks for all the others |
//!
//! Two habits make such a pipeline cheap to rerun:
//!
//! - **A step takes small arguments and asks for its inputs itself.** [`clean::departures`] takes the folder of the data,
//!   not the table: the folder is a cheap key, and if the step is a hit the table isn't even loaded. What the table was
//!   made from is not lost: a result inherits the files of every step that was called while it was computed.
//! - **A large result is an `Arc`.** A hit in memory is then a pointer, not a copy of 300,000 rows.

pub mod aggregate;
pub mod chart;
pub mod clean;
pub mod evaluate;
pub mod join;
pub mod labels;
pub mod load;
pub mod model;
pub mod stats;
pub mod table;
pub mod time;

mod error;

pub use error::Error;
