//! Says on stderr what a long command is doing, where a person is watching; nothing elsewhere.

use std::time::Duration;

use indicatif::ProgressBar;

/// A line on stderr that goes away with this value. Hidden by itself where stderr is no terminal.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Shows `message`.
    pub(crate) fn start(message: String) -> Progress {
        let bar = ProgressBar::new_spinner().with_message(message);
        bar.enable_steady_tick(Duration::from_millis(120));
        Progress(bar)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
