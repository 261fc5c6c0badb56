//! Whether this thread does somebody's work while it waits for another's.
//!
//! A thread of rayon's that waits for a part of its job takes up others meanwhile. If such a one waits for a key, and the key's
//! computation waits for the job below it on this very stack, neither ever ends; and nothing but the stack tells. So the
//! stack is looked at, by the names of its functions, before a wait becomes a long one.

use std::backtrace::Backtrace;

/// What a worker of rayon's runs others' jobs in: once at the bottom of its stack, and again in each wait.
const RUNS_JOBS: &str = "rayon_core::registry::WorkerThread::wait_until_cold";

pub(super) fn is_inside_of_a_wait() -> bool {
    Backtrace::force_capture().to_string().matches(RUNS_JOBS).count() > 1
}
