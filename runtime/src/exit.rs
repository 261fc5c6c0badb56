//! `REMEMO_SUMMARY=1`: the default cache's summary when the process ends.
//!
//! Printed when the thread that opened the cache ends, which for the main thread is the end of the process, `exit`
//! included. Rust offers no other way without unsafe code.

use std::sync::atomic::{AtomicBool, Ordering};

struct Print;

impl Drop for Print {
    fn drop(&mut self) {
        let summary = crate::Cache::global().summary().to_string();
        eprint!("{summary}");
    }
}

thread_local!(static PRINT: Print = const { Print });

pub(crate) fn print_summary_at_exit() {
    static ASKED: AtomicBool = AtomicBool::new(false);
    let wanted = std::env::var_os("REMEMO_SUMMARY").is_some_and(|value| !value.is_empty() && value != "0");
    if wanted && !ASKED.swap(true, Ordering::Relaxed) {
        PRINT.with(|_| ());
    }
}
