//! The switch: `REMEMO=on|off|refresh|only|verify`.

use std::fmt;
use std::str::FromStr;

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
