//! Sizes and durations as people type them: `500MB`, `2GiB`, `12h`, `30d`.

use std::time::Duration;

/// Bytes. `K`, `M`, `G` and `T` count by 1000 with a `B` behind them, by 1024 with `iB` or nothing.
///
/// # Errors
/// In words for the command line.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text);
    let factor: u64 = match unit {
        "" | "B" => 1,
        "KB" | "kB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "K" | "KiB" => 1 << 10,
        "M" | "MiB" => 1 << 20,
        "G" | "GiB" => 1 << 30,
        "T" | "TiB" => 1 << 40,
        _ => return Err("write a number and a unit, such as 500MB or 2GiB".into()),
    };
    let number: u64 = number.parse().map_err(|_| "write a number and a unit, such as 500MB or 2GiB")?;
    number.checked_mul(factor).ok_or_else(|| "that is too much".into())
}

/// A duration.
///
/// # Errors
/// In words for the command line.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let seconds: u64 = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        "w" => 7 * 24 * 3600,
        _ => return Err("write a number and a unit, such as 12h, 30d or 8w".into()),
    };
    let number: u64 = number.parse().map_err(|_| "write a number and a unit, such as 12h, 30d or 8w")?;
    number.checked_mul(seconds).map(Duration::from_secs).ok_or_else(|| "that is too long".into())
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (&text[..end], text[end..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_durations_have_units() {
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("2 GiB"), Ok(2 << 30));
        assert_eq!(bytes("0"), Ok(0));
        assert_eq!(duration("30d"), Ok(Duration::from_secs(30 * 86_400)));
        for wrong in ["", "much", "5 apples", "99999999999999T"] {
            assert!(bytes(wrong).is_err() && duration(wrong).is_err(), "{wrong}");
        }
    }
}
