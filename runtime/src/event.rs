//! What happened to a call, told to `tracing` and to whoever observes the cache.

use std::fmt;
use std::time::Duration;

use crate::reason::Reason;

/// What became of one call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Event {
    /// Path of the function.
    pub function: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How long computing took; of a hit, how long it had taken when the result was stored.
    pub took: Duration,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Answered from memory.
    MemoryHit,
    /// Answered from the store.
    StoreHit,
    /// Computed, and stored unless `unstored` says why not.
    Computed {
        /// Why there was no hit.
        reason: Reason,
        /// Why the result was not stored.
        unstored: Option<String>,
    },
    /// A hit was computed again, under `REMEMO=verify`, and differs from what was stored.
    Differs,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = crate::stats::Human(self.took);
        match &self.outcome {
            Outcome::MemoryHit => write!(f, "{}: hit in memory, saved {took}", self.function),
            Outcome::StoreHit => write!(f, "{}: hit, saved {took}", self.function),
            Outcome::Computed { reason, unstored } => {
                write!(f, "{}: computed in {took} because {reason}", self.function)?;
                unstored.as_ref().map_or(Ok(()), |why| write!(f, " (not stored: {why})"))
            }
            Outcome::Differs => write!(f, "{}: computed again, and what was stored differs", self.function),
        }
    }
}

/// Whether `tracing` wants to hear of every hit.
#[inline]
pub(crate) fn hits_are_traced() -> bool {
    tracing::level_filters::STATIC_MAX_LEVEL >= tracing::Level::TRACE
        && tracing::level_filters::LevelFilter::current() >= tracing::Level::TRACE
}

/// Whether `tracing` wants to hear of computations.
pub(crate) fn computations_are_traced() -> bool {
    tracing::enabled!(target: "rememo", tracing::Level::DEBUG)
}

/// The span of one call, which what it computes is inside of. Its `outcome` is `hit` or `computed`.
pub(crate) fn span(function: &str) -> tracing::Span {
    tracing::debug_span!(target: "rememo", "cached", function, outcome = tracing::field::Empty)
}

pub(crate) fn trace(event: &Event) {
    match &event.outcome {
        Outcome::MemoryHit | Outcome::StoreHit => {
            tracing::trace!(target: "rememo", function = event.function, "{event}")
        }
        Outcome::Computed { .. } => tracing::debug!(target: "rememo", function = event.function, "{event}"),
        Outcome::Differs => tracing::error!(target: "rememo", function = event.function, "{event}"),
    }
}

/// Says something that the user should know, whether a subscriber listens or not.
pub(crate) fn warn(message: &str) {
    tracing::warn!(target: "rememo", "{message}");
    eprintln!("rememo: {message}");
}
