//! Sizes and times as people read them: two or three digits and a unit.

use std::time::{SystemTime, UNIX_EPOCH};

/// `512 B`, `1.5 KiB`, `20 MiB`.
pub(crate) fn bytes(n: u64) -> String {
    let mut value = n as f64;
    let mut units = ["B", "KiB", "MiB", "GiB", "TiB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    while value >= 1000.0
        && let Some(next) = units.next()
    {
        value /= 1024.0;
        unit = next;
    }
    if unit == "B" || value >= 9.95 { format!("{value:.0} {unit}") } else { format!("{value:.1} {unit}") }
}

/// `850 ns`, `12 ms`, `3.4 s`, `5 min`.
pub(crate) fn nanoseconds(n: u64) -> String {
    let n = n as f64;
    let (value, unit) = match n {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n if n < 120e9 => (n / 1e9, "s"),
        n if n < 7200e9 => (n / 60e9, "min"),
        n => (n / 3600e9, "h"),
    };
    if value >= 9.95 || unit == "ns" { format!("{value:.0} {unit}") } else { format!("{value:.1} {unit}") }
}

/// Now, in Unix milliseconds.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// How long ago a time in Unix milliseconds was: `now`, `5 min`, `3 h`, `12 days`.
pub(crate) fn ago(then: u64) -> String {
    let seconds = now().saturating_sub(then) / 1000;
    match seconds {
        0..60 => "now".to_owned(),
        60..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (n, text) in [(0, "0 B"), (999, "999 B"), (1000, "1.0 KiB"), (1536, "1.5 KiB"), (20 << 20, "20 MiB")] {
            assert_eq!(bytes(n), text);
        }
    }

    #[test]
    fn times_have_two_or_three_digits() {
        for (n, text) in
            [(850, "850 ns"), (12_000_000, "12 ms"), (3_400_000_000, "3.4 s"), (300_000_000_000, "5.0 min")]
        {
            assert_eq!(nanoseconds(n), text);
        }
    }
}
