//! Says on stderr what a long command is doing, where a person is watching; nothing elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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

    /// Shows how many of how many are done; of 0 where that isn't known.
    pub(crate) fn at(&self, done: u64, of: u64) {
        if of > 0 && self.0.length().is_none() {
            self.0.set_length(of);
            let style =
                ProgressStyle::with_template("{spinner} {msg} [{bar:30}] {human_pos} of {human_len}, {eta} left");
            if let Ok(style) = style {
                self.0.set_style(style.progress_chars("=> "));
            }
        } else if of == 0
            && done == 1
            && let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos}")
        {
            self.0.set_style(style);
        }
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
