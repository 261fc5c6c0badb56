//! The few styles that the output uses, and how wide it may get.
//!
//! Styles are always written; the stream that takes them (anstream) drops them where NO_COLOR or a file asks for plain text.

use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};

/// What the eye should find first: functions.
pub(crate) const STRONG: Style = Style::new().bold();
/// What is there to be looked up: places, kinds.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Widened to more source.
pub(crate) const SOURCE: Style = AnsiColor::Yellow.on_default();
/// Completed at run time.
pub(crate) const OPAQUE: Style = AnsiColor::Magenta.on_default();
/// Unchanged.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Errors; what is gone.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// How many columns the output may have: COLUMNS if it is set, else the terminal's; `None` if there is no terminal.
pub(crate) fn width() -> Option<u16> {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.trim().parse().ok()).filter(|&n| n > 0);
    columns.or_else(|| {
        let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        terminal.map(|(terminal_size::Width(width), _)| width)
    })
}
