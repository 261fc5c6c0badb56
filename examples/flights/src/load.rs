//! The first steps: three files, decompressed and parsed.
//!
//! Each step says which file it reads, so the file's content counts like an argument: change the file and the step is
//! computed again, and so is all that was computed from it.

use std::path::Path;
use std::sync::Arc;

use rememo::cached;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::labels::{Labeler, Labels};
use crate::table::Reader;

/// Flights as the file has them, column by column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flights {
    /// Month, from 1.
    pub month: Vec<u8>,
    /// Day of the month, from 1.
    pub day: Vec<u8>,
    /// Clock time at which the flight should leave: 517 is 05:17.
    pub scheduled: Vec<u16>,
    /// Minutes late at departure; `None` if the flight was cancelled.
    pub delay: Vec<Option<i16>>,
    /// Two-letter code of the carrier.
    pub carrier: Labels,
    /// The plane's registration; `NA` if unknown.
    pub plane: Labels,
    /// Airport of departure.
    pub origin: Labels,
    /// Airport of arrival.
    pub destination: Labels,
    /// Miles between the two.
    pub miles: Vec<u16>,
    /// The hour in which the flight should leave, in UTC.
    pub hour: Labels,
}

/// Reads the flights.
///
/// # Errors
/// If the file can't be read or isn't that table.
#[cached(files(file))]
pub fn flights(file: &Path) -> Result<Arc<Flights>, Error> {
    let mut table = Reader::open(file)?;
    let [month, day, scheduled, delay, carrier, plane, origin, destination, miles, hour] = table.columns([
        "month",
        "day",
        "sched_dep_time",
        "dep_delay",
        "carrier",
        "tailnum",
        "origin",
        "dest",
        "distance",
        "time_hour",
    ])?;

    let (mut months, mut days, mut clocks, mut delays, mut distances) = (vec![], vec![], vec![], vec![], vec![]);
    let [mut carriers, mut planes, mut origins, mut destinations, mut hours] = [(); 5].map(|()| Labeler::default());
    while let Some(row) = table.next_row()? {
        months.push(row.number(month)?);
        days.push(row.number(day)?);
        clocks.push(row.number(scheduled)?);
        delays.push(row.measured(delay)?);
        carriers.push(row.text(carrier));
        planes.push(row.text(plane));
        origins.push(row.text(origin));
        destinations.push(row.text(destination));
        distances.push(row.number(miles)?);
        hours.push(row.text(hour));
    }
    Ok(Arc::new(Flights {
        month: months,
        day: days,
        scheduled: clocks,
        delay: delays,
        carrier: carriers.finish(),
        plane: planes.finish(),
        origin: origins.finish(),
        destination: destinations.finish(),
        miles: distances,
        hour: hours.finish(),
    }))
}

/// What was measured at an airport in an hour. `None` is what the station didn't report.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Weather {
    /// Degrees Fahrenheit.
    pub temperature: Option<f32>,
    /// Dew point, in degrees Fahrenheit.
    pub dew_point: Option<f32>,
    /// Relative humidity, in per cent.
    pub humidity: Option<f32>,
    /// Where the wind comes from, in degrees.
    pub wind_direction: Option<f32>,
    /// Miles per hour.
    pub wind: Option<f32>,
    /// Miles per hour; stations report it only if there are gusts.
    pub gust: Option<f32>,
    /// Inches of rain or melted snow.
    pub precipitation: Option<f32>,
    /// Millibars at sea level.
    pub pressure: Option<f32>,
    /// Miles.
    pub visibility: Option<f32>,
}

/// The weather at the airports, hour by hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeatherLog {
    /// The airport.
    pub origin: Labels,
    /// The hour, in UTC.
    pub hour: Labels,
    /// What was measured.
    pub weather: Vec<Weather>,
}

/// Reads the weather.
///
/// # Errors
/// If the file can't be read or isn't that table.
#[cached(files(file))]
pub fn weather(file: &Path) -> Result<Arc<WeatherLog>, Error> {
    let mut table = Reader::open(file)?;
    let [origin, hour] = table.columns(["origin", "time_hour"])?;
    let [temperature, dew_point, humidity, wind_direction, wind, gust, precipitation, pressure, visibility] = table
        .columns(["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"])?;

    let (mut origins, mut hours, mut weather) = (Labeler::default(), Labeler::default(), vec![]);
    while let Some(row) = table.next_row()? {
        origins.push(row.text(origin));
        hours.push(row.text(hour));
        weather.push(Weather {
            temperature: row.measured(temperature)?,
            dew_point: row.measured(dew_point)?,
            humidity: row.measured(humidity)?,
            wind_direction: row.measured(wind_direction)?,
            wind: row.measured(wind)?,
            gust: row.measured(gust)?,
            precipitation: row.measured(precipitation)?,
            pressure: row.measured(pressure)?,
            visibility: row.measured(visibility)?,
        });
    }
    Ok(Arc::new(WeatherLog { origin: origins.finish(), hour: hours.finish(), weather }))
}

/// What the registry says of a plane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    /// Its registration, such as `N14228`.
    pub registration: String,
    /// The year it was built.
    pub built: Option<u16>,
    /// Number of seats.
    pub seats: u16,
    /// Number of engines.
    pub engines: u8,
}

/// Reads the planes.
///
/// # Errors
/// If the file can't be read or isn't that table.
#[cached(files(file))]
pub fn planes(file: &Path) -> Result<Arc<Vec<Plane>>, Error> {
    let mut table = Reader::open(file)?;
    let [registration, built, seats, engines] = table.columns(["tailnum", "year", "seats", "engines"])?;
    let mut planes = vec![];
    while let Some(row) = table.next_row()? {
        planes.push(Plane {
            registration: row.text(registration).to_owned(),
            built: row.measured(built)?,
            seats: row.number(seats)?,
            engines: row.number(engines)?,
        });
    }
    Ok(Arc::new(planes))
}
