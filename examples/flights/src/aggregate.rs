//! Small tables of the delays: by hour of the day, by carrier, by weather.
//!
//! None of these steps needs the model, so an edit of the model leaves them alone; and `by_hour` and `by_carrier` don't
//! need the weather, so an edit of the join leaves them alone too.

use std::path::Path;

use rememo::cached;
use serde::{Deserialize, Serialize};

use crate::stats::{Moments, quantile};
use crate::{Error, clean, join};

/// How late a group of flights left, in minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delays {
    /// How many flights.
    pub flights: u32,
    /// Their mean delay.
    pub mean: f32,
    /// The delays that 10, 25, 50, 75 and 90 % of them don't exceed.
    pub quantiles: [f32; 5],
    /// The share of them that left more than 15 minutes late.
    pub late: f32,
}

/// A name and the delays of its group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// What the group is called.
    pub name: String,
    /// Its delays.
    pub delays: Delays,
}

/// Delays by the hour of the day at which a flight should leave; hours without flights are left out.
///
/// # Errors
/// If the departures can't be had.
#[cached]
pub fn by_hour(data: &Path) -> Result<Vec<(u8, Delays)>, Error> {
    let departures = clean::departures(data)?;
    let mut hours = vec![vec![]; 24];
    for (&minute, &delay) in departures.minute.iter().zip(&departures.delay) {
        hours[usize::from(minute / 60) % 24].push(f32::from(delay));
    }
    Ok((0u8..).zip(hours).filter_map(|(hour, delays)| Some((hour, describe(delays)?))).collect())
}

/// Delays by carrier, the latest first; a carrier with fewer than 1,000 flights is left out.
///
/// # Errors
/// If the departures can't be had.
#[cached]
pub fn by_carrier(data: &Path) -> Result<Vec<Group>, Error> {
    let departures = clean::departures(data)?;
    let mut carriers = vec![vec![]; departures.carrier.names.len()];
    for (&carrier, &delay) in departures.carrier.codes.iter().zip(&departures.delay) {
        carriers[carrier as usize].push(f32::from(delay));
    }
    let mut groups: Vec<Group> = departures
        .carrier
        .names
        .iter()
        .zip(carriers)
        .filter(|(_, delays)| delays.len() >= 1000)
        .filter_map(|(name, delays)| Some(Group { name: name.clone(), delays: describe(delays)? }))
        .collect();
    groups.sort_by(|a, b| b.delays.mean.total_cmp(&a.delays.mean));
    Ok(groups)
}

/// Delays by what the weather was like; a flight counts where it fits first.
///
/// # Errors
/// If the departures or their weather can't be had.
#[cached]
pub fn by_weather(data: &Path) -> Result<Vec<Group>, Error> {
    let departures = clean::departures(data)?;
    let conditions = join::conditions(data)?;
    let kinds = ["Snow or ice", "Heavy rain", "Rain", "Fog or haze", "Strong wind", "Fair"];
    let mut groups = kinds.map(|name| (name, vec![]));
    for row in 0..departures.len() {
        let wet = conditions.precipitation[row];
        let kind = if wet > 0.0 && conditions.temperature[row] < 34.0 {
            0
        } else if wet >= 0.1 {
            1
        } else if wet > 0.0 {
            2
        } else if conditions.visibility[row] < 5.0 {
            3
        } else if conditions.wind[row] >= 23.0 {
            4
        } else {
            5
        };
        groups[kind].1.push(f32::from(departures.delay[row]));
    }
    Ok(groups
        .into_iter()
        .filter_map(|(name, delays)| Some(Group { name: name.to_owned(), delays: describe(delays)? }))
        .collect())
}

/// `None` if there are no flights to describe.
fn describe(mut delays: Vec<f32>) -> Option<Delays> {
    delays.sort_unstable_by(f32::total_cmp);
    let moments: Moments = delays.iter().copied().collect();
    let late = delays.iter().filter(|&&delay| delay > 15.0).count();
    (!delays.is_empty()).then(|| Delays {
        flights: moments.count(),
        mean: moments.mean(),
        quantiles: [0.10, 0.25, 0.50, 0.75, 0.90].map(|q| quantile(&delays, q)),
        late: late as f32 / delays.len() as f32,
    })
}
