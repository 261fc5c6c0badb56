//! Durable memoization that cannot go stale.
