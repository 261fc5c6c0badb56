//! What the weather was when a flight should leave, and what plane it was.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rememo::cached;
use serde::{Deserialize, Serialize};

use crate::load::{Plane, Weather};
use crate::{Error, clean, load, time};

/// The conditions of every departure, in the order of [`clean::Departures`]. A value that nobody reported is NaN.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Conditions {
    /// Degrees Fahrenheit.
    pub temperature: Vec<f32>,
    /// Degrees by which the air is warmer than its dew point; 0 is fog.
    pub dryness: Vec<f32>,
    /// Relative humidity, in per cent.
    pub humidity: Vec<f32>,
    /// Where the wind comes from, in degrees.
    pub wind_direction: Vec<f32>,
    /// Miles per hour.
    pub wind: Vec<f32>,
    /// Miles per hour; 0 without gusts.
    pub gust: Vec<f32>,
    /// Inches of rain or melted snow in the hour.
    pub precipitation: Vec<f32>,
    /// Millibars at sea level.
    pub pressure: Vec<f32>,
    /// Miles.
    pub visibility: Vec<f32>,
    /// Age of the plane, in years.
    pub age: Vec<f32>,
    /// Seats of the plane.
    pub seats: Vec<f32>,
    /// Departures that the airport has scheduled in the same hour.
    pub traffic: Vec<f32>,
}

/// For how many hours a station that is silent is taken to report what it last did.
const CARRIED_HOURS: i32 = 6;

/// Joins the weather by airport and hour, and the planes by registration.
///
/// # Errors
/// If a table can't be read, or an hour in it.
#[cached]
pub fn conditions(data: &Path) -> Result<Arc<Conditions>, Error> {
    let departures = clean::departures(data)?;
    let log = load::weather(&data.join("weather.csv.gz"))?;
    let planes = load::planes(&data.join("planes.csv.gz"))?;

    let hours = log.hour.names.iter().map(|hour| time::hours_since_epoch(hour)).collect::<Result<Vec<_>, _>>()?;
    let mut stations: HashMap<(&str, i32), &Weather> = HashMap::new();
    for (row, weather) in log.weather.iter().enumerate() {
        stations.insert((log.origin.name(row), hours[log.hour.code(row)]), weather);
    }
    let mut traffic: HashMap<(u32, i32), u16> = HashMap::new();
    for (&origin, &hour) in departures.origin.codes.iter().zip(&departures.hour) {
        *traffic.entry((origin, hour)).or_default() += 1;
    }
    let registry: HashMap<&str, &Plane> = planes.iter().map(|plane| (plane.registration.as_str(), plane)).collect();
    let flown: Vec<Option<&Plane>> =
        departures.plane.names.iter().map(|name| registry.get(name.as_str()).copied()).collect();

    // The flights of an airport's hour share their weather: each is looked up once.
    let mut seen: HashMap<(u32, i32), Weather> = HashMap::new();
    let mut joined = Conditions::with_capacity(departures.len());
    for row in 0..departures.len() {
        let (origin, hour) = (departures.origin.codes[row], departures.hour[row]);
        let weather =
            seen.entry((origin, hour)).or_insert_with(|| reported(&stations, departures.origin.name(row), hour));
        joined.push_weather(weather);
        let plane = flown[departures.plane.code(row)];
        joined.age.push(known(plane.and_then(|plane| plane.built).map(|built| 2013.0 - f32::from(built))));
        joined.seats.push(known(plane.map(|plane| f32::from(plane.seats))));
        joined.traffic.push(traffic.get(&(origin, hour)).map_or(0.0, |&count| f32::from(count)));
    }
    Ok(Arc::new(joined))
}

/// What a station reports in an hour; each value it lacks is the last it reported, if that isn't too long ago.
fn reported(stations: &HashMap<(&str, i32), &Weather>, origin: &str, hour: i32) -> Weather {
    let latest = |field: fn(&Weather) -> Option<f32>| {
        (0..=CARRIED_HOURS).find_map(|ago| stations.get(&(origin, hour - ago)).and_then(|weather| field(weather)))
    };
    Weather {
        temperature: latest(|weather| weather.temperature),
        dew_point: latest(|weather| weather.dew_point),
        humidity: latest(|weather| weather.humidity),
        wind_direction: latest(|weather| weather.wind_direction),
        wind: latest(|weather| weather.wind),
        // No gust reported means that there was none: nothing to carry.
        gust: stations.get(&(origin, hour)).and_then(|weather| weather.gust),
        precipitation: latest(|weather| weather.precipitation),
        pressure: latest(|weather| weather.pressure),
        visibility: latest(|weather| weather.visibility),
    }
}

fn known(value: Option<f32>) -> f32 {
    value.unwrap_or(f32::NAN)
}

impl Conditions {
    fn with_capacity(rows: usize) -> Conditions {
        let column = || Vec::with_capacity(rows);
        Conditions {
            temperature: column(),
            dryness: column(),
            humidity: column(),
            wind_direction: column(),
            wind: column(),
            gust: column(),
            precipitation: column(),
            pressure: column(),
            visibility: column(),
            age: column(),
            seats: column(),
            traffic: column(),
        }
    }

    fn push_weather(&mut self, weather: &Weather) {
        let dryness = weather.temperature.zip(weather.dew_point).map(|(air, dew)| air - dew);
        self.temperature.push(known(weather.temperature));
        self.dryness.push(known(dryness));
        self.humidity.push(known(weather.humidity));
        self.wind_direction.push(known(weather.wind_direction));
        self.wind.push(known(weather.wind));
        self.gust.push(weather.gust.unwrap_or(0.0));
        self.precipitation.push(known(weather.precipitation));
        self.pressure.push(known(weather.pressure));
        self.visibility.push(known(weather.visibility));
    }
}
