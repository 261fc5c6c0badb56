//! What the model may look at: a column of numbers for each property of a flight.

use serde::{Deserialize, Serialize};

use crate::clean::Departures;
use crate::join::Conditions;
use crate::labels::Labels;
use crate::stats::Moments;

/// The columns of [`Features`], in order.
pub(super) const NAMES: [&str; 20] = [
    "time of day",
    "weekday",
    "month",
    "carrier",
    "airport",
    "destination",
    "distance",
    "traffic",
    "temperature",
    "dryness",
    "humidity",
    "wind direction",
    "wind",
    "gusts",
    "precipitation",
    "pressure",
    "visibility",
    "plane's age",
    "plane's seats",
    "carrier's hour",
];

/// Names as numbers: each is replaced by the mean delay of its flights, drawn towards the mean of all where they are few.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Encoding {
    carrier: Vec<f32>,
    origin: Vec<f32>,
    destination: Vec<f32>,
    /// By carrier, then by hour of the day.
    carrier_hour: Vec<[f32; 24]>,
}

impl Encoding {
    /// Learns from the flights in `rows` alone.
    pub(super) fn learn(departures: &Departures, rows: &[usize]) -> Encoding {
        let delay = |row: usize| f32::from(departures.delay[row]);
        let all = rows.iter().map(|&row| delay(row)).collect::<Moments>().mean();
        let means = |labels: &Labels| {
            let mut groups = vec![Moments::default(); labels.names.len()];
            for &row in rows {
                groups[labels.code(row)].add(delay(row));
            }
            groups.iter().map(|group| group.mean_towards(all, 50.0)).collect()
        };
        let mut carrier_hours = vec![[Moments::default(); 24]; departures.carrier.names.len()];
        for &row in rows {
            carrier_hours[departures.carrier.code(row)][hour(departures, row)].add(delay(row));
        }
        Encoding {
            carrier: means(&departures.carrier),
            origin: means(&departures.origin),
            destination: means(&departures.destination),
            carrier_hour: carrier_hours
                .iter()
                .map(|hours| hours.map(|group: Moments| group.mean_towards(all, 50.0)))
                .collect(),
        }
    }
}

fn hour(departures: &Departures, row: usize) -> usize {
    usize::from(departures.minute[row] / 60) % 24
}

/// The flights as the model sees them.
pub(super) struct Features {
    /// One column for each of [`NAMES`].
    pub(super) columns: Vec<Vec<f32>>,
}

impl Features {
    /// The features of the flights in `rows`.
    pub(super) fn of(
        departures: &Departures,
        conditions: &Conditions,
        encoding: &Encoding,
        rows: &[usize],
    ) -> Features {
        let numbers = |number: &dyn Fn(usize) -> f32| rows.iter().map(|&row| number(row)).collect::<Vec<f32>>();
        let encoded = |labels: &Labels, means: &[f32]| numbers(&|row| means[labels.code(row)]);
        let copied = |column: &[f32]| numbers(&|row| column[row]);
        let columns = vec![
            numbers(&|row| f32::from(departures.minute[row])),
            numbers(&|row| f32::from(departures.weekday[row])),
            numbers(&|row| f32::from(departures.month[row])),
            encoded(&departures.carrier, &encoding.carrier),
            encoded(&departures.origin, &encoding.origin),
            encoded(&departures.destination, &encoding.destination),
            numbers(&|row| f32::from(departures.miles[row])),
            copied(&conditions.traffic),
            copied(&conditions.temperature),
            copied(&conditions.dryness),
            copied(&conditions.humidity),
            copied(&conditions.wind_direction),
            copied(&conditions.wind),
            copied(&conditions.gust),
            copied(&conditions.precipitation),
            copied(&conditions.pressure),
            copied(&conditions.visibility),
            copied(&conditions.age),
            copied(&conditions.seats),
            numbers(&|row| encoding.carrier_hour[departures.carrier.code(row)][hour(departures, row)]),
        ];
        Features { columns }
    }
}
