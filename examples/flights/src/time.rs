//! Times as the tables write them. [`crate::clean`] and [`crate::join`] share this; to the chart they are numbers already.

use crate::Error;

/// Minutes since midnight of a clock time written as a number: 517 is 05:17.
pub fn minute_of_day(clock: u16) -> u16 {
    clock / 100 * 60 + clock % 100
}

/// Hours since 1970 of a full hour written as `2013-01-31T05:00:00Z`.
///
/// # Errors
/// If the text isn't written that way.
pub fn hours_since_epoch(text: &str) -> Result<i32, Error> {
    parse_hour(text).ok_or_else(|| Error::Hour { text: text.to_owned() })
}

fn parse_hour(text: &str) -> Option<i32> {
    let (date, time) = text.strip_suffix(":00:00Z")?.split_once('T')?;
    let mut parts = date.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let hour: i32 = time.parse().ok()?;
    Some(days_since_epoch(year, month, day) * 24 + hour)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
pub fn days_since_epoch(year: i32, month: i32, day: i32) -> i32 {
    // Years begin in March here, so that the leap day is a year's last day.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The day of the week of a day since 1970: 0 is Monday.
pub fn weekday(days_since_epoch: i32) -> u8 {
    // 1970-01-01 was a Thursday.
    (days_since_epoch + 3).rem_euclid(7) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_time_becomes_minutes() {
        assert_eq!(minute_of_day(517), 5 * 60 + 17);
        assert_eq!(minute_of_day(2359), 24 * 60 - 1);
    }

    #[test]
    fn the_first_day_of_2013_was_a_tuesday() {
        assert_eq!(weekday(days_since_epoch(2013, 1, 1)), 1);
        assert_eq!(days_since_epoch(2013, 1, 1), 15_706);
        assert_eq!(days_since_epoch(2012, 2, 29), 15_399);
    }

    #[test]
    fn an_hour_is_read_or_named_in_the_error() {
        assert_eq!(hours_since_epoch("2013-01-01T10:00:00Z").ok(), Some(15_706 * 24 + 10));
        let error = hours_since_epoch("2013-01-01 10:00").unwrap_err();
        assert!(error.to_string().contains("2013-01-01 10:00"));
    }
}
