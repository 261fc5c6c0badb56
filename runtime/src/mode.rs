//! The switch: `REMEMO=on|off|refresh|only|verify`.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};

use crate::call::{SCOPED, set_detour};

thread_local!(static SCOPE: Cell<Option<Mode>> = const { Cell::new(None) });

/// What a call does with the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Mode {
    /// Reads and writes.
    #[default]
    On,
    /// Neither reads nor writes.
    Off,
    /// Computes anew and writes.
    Refresh,
    /// Reads; a miss panics, since a function that returns a plain value has no other way to say so.
    Only,
    /// Reads, computes all the same, and reports a hit that differs from what was computed.
    Verify,
}

impl Mode {
    const ALL: [(&'static str, Mode); 5] = [
        ("on", Mode::On),
        ("off", Mode::Off),
        ("refresh", Mode::Refresh),
        ("only", Mode::Only),
        ("verify", Mode::Verify),
    ];

    /// What `REMEMO` asks for; a value that isn't one of the five is warned of and doesn't count.
    pub(crate) fn from_env() -> Option<Mode> {
        let value = std::env::var_os("REMEMO").filter(|value| !value.is_empty())?;
        match value.to_string_lossy().parse() {
            Ok(mode) => Some(mode),
            Err(error) => {
                crate::event::warn(&format!("REMEMO is ignored: {error}"));
                None
            }
        }
    }
}

/// The mode that this thread is in the scope of.
pub(crate) fn scoped() -> Option<Mode> {
    SCOPE.try_with(Cell::get).unwrap_or(None)
}

/// Puts back what was there, also when what runs in the scope panics.
struct Scope(Option<Mode>);

impl Scope {
    fn enter(mode: Mode) -> Self {
        set_detour(SCOPED, true);
        Scope(SCOPE.replace(Some(mode)))
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        SCOPE.set(self.0);
        set_detour(SCOPED, self.0.is_some());
    }
}

impl Mode {
    /// Runs something in this mode, whatever `REMEMO` and the cache's builder say: all calls of cached functions that it makes
    /// on this thread, nested ones included. The innermost scope counts.
    ///
    /// ```
    /// use rememo::Mode;
    ///
    /// let fresh = Mode::Refresh.scope(|| 6 * 7);
    /// assert_eq!(fresh, 42);
    /// ```
    pub fn scope<R>(self, run: impl FnOnce() -> R) -> R {
        let _scope = Scope::enter(self);
        run()
    }

    /// Runs a future in this mode, on whatever thread it is polled. A task that it spawns is in no scope.
    pub fn scope_async<F: Future>(self, future: F) -> Scoped<F> {
        Scoped { mode: self, future: Box::pin(future) }
    }
}

/// A future in the scope of a mode: [`Mode::scope_async`].
#[must_use = "futures do nothing unless polled"]
pub struct Scoped<F> {
    mode: Mode,
    future: Pin<Box<F>>,
}

impl<F> fmt::Debug for Scoped<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scoped").field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // Only while it is polled: another future on this thread is in no scope.
        let _scope = Scope::enter(self.mode);
        self.future.as_mut().poll(context)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(_, mode)| mode == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}

/// A text that is no mode.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no mode; there are on, off, refresh, only, verify")]
pub struct UnknownMode(String);

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, mode)| *mode).ok_or_else(|| UnknownMode(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_mode_is_told_the_right_ones() {
        assert_eq!("verify".parse(), Ok(Mode::Verify));
        assert_eq!(Mode::Refresh.to_string(), "refresh");
        let error = "yes".parse::<Mode>().unwrap_err().to_string();
        assert_eq!(error, "`yes` is no mode; there are on, off, refresh, only, verify");
    }
}
