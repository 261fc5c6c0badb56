//! Flights that left, with their times in a form that one can compute with.

use std::path::Path;
use std::sync::Arc;

use rememo::cached;
use serde::{Deserialize, Serialize};

use crate::labels::{Labels, filter};
use crate::{Error, load, time};

/// Every flight that left, column by column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Departures {
    /// Minutes late; negative if early.
    pub delay: Vec<i16>,
    /// Minute of the day at which the flight should leave.
    pub minute: Vec<u16>,
    /// Month, from 1.
    pub month: Vec<u8>,
    /// Day of the year, from 0.
    pub day: Vec<u16>,
    /// Day of the week; 0 is Monday.
    pub weekday: Vec<u8>,
    /// The hour in which the flight should leave, since 1970 and in UTC.
    pub hour: Vec<i32>,
    /// Two-letter code of the carrier.
    pub carrier: Labels,
    /// The plane's registration.
    pub plane: Labels,
    /// Airport of departure.
    pub origin: Labels,
    /// Airport of arrival.
    pub destination: Labels,
    /// Miles between the two.
    pub miles: Vec<u16>,
    /// How many flights of the file never left.
    pub cancelled: usize,
}

impl Departures {
    /// How many flights left.
    pub fn len(&self) -> usize {
        self.delay.len()
    }

    /// Whether none left.
    pub fn is_empty(&self) -> bool {
        self.delay.is_empty()
    }
}

/// Drops the flights that were cancelled and parses the times of the others.
///
/// The table isn't an argument: the step asks for it. If the departures are known already, no row is read, and the key
/// is the name of a folder instead of 336,776 rows.
///
/// # Errors
/// If a table can't be read, or an hour in it.
#[cached]
pub fn departures(data: &Path) -> Result<Arc<Departures>, Error> {
    let flights = load::flights(&data.join("flights.csv.gz"))?;
    let left: Vec<bool> = flights.delay.iter().map(Option::is_some).collect();

    let first_day = time::days_since_epoch(2013, 1, 1);
    let (months, days) = (filter(&flights.month, &left), filter(&flights.day, &left));
    let dates: Vec<i32> = months
        .iter()
        .zip(&days)
        .map(|(&month, &day)| time::days_since_epoch(2013, i32::from(month), i32::from(day)))
        .collect();
    // Some 7,000 distinct hours stand in the 336,776 rows: each is parsed once.
    let hours = flights.hour.names.iter().map(|hour| time::hours_since_epoch(hour)).collect::<Result<Vec<_>, _>>()?;

    Ok(Arc::new(Departures {
        delay: flights.delay.iter().copied().flatten().collect(),
        minute: filter(&flights.scheduled, &left).into_iter().map(time::minute_of_day).collect(),
        day: dates.iter().map(|date| (date - first_day) as u16).collect(),
        weekday: dates.iter().map(|&date| time::weekday(date)).collect(),
        hour: filter(&flights.hour.codes, &left).into_iter().map(|code| hours[code as usize]).collect(),
        carrier: flights.carrier.filter(&left),
        plane: flights.plane.filter(&left),
        origin: flights.origin.filter(&left),
        destination: flights.destination.filter(&left),
        miles: filter(&flights.miles, &left),
        cancelled: left.iter().filter(|&&left| !left).count(),
        month: months,
    }))
}
