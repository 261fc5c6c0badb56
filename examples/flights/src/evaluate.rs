//! How good the model is on days that it hasn't seen.

use std::path::Path;

use rememo::cached;
use serde::{Deserialize, Serialize};

use crate::model::{self, Settings};
use crate::stats::{Moments, quantile};
use crate::{Error, clean, join};

/// How the model did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// How many flights were held out.
    pub flights: u32,
    /// By how many minutes a prediction is off, on average.
    pub mean_error: f32,
    /// By how many minutes half of the predictions are off at most.
    pub median_error: f32,
    /// The share of the variance that the model explains.
    pub explained: f32,
    /// The flights in twenty groups of equal size, by what was predicted.
    pub groups: Vec<Predicted>,
    /// The days that were held out.
    pub days: Vec<(u16, Predicted)>,
    /// What the model looks at, the most useful first, with its share of the gain.
    pub influence: Vec<(String, f32)>,
}

/// What was predicted for a group of flights, on average, and what came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Predicted {
    /// Minutes late, as predicted.
    pub predicted: f32,
    /// Minutes late, as it came.
    pub actual: f32,
    /// One standard error of `actual`.
    pub error: f32,
}

/// Predicts the flights of the held-out days and compares.
///
/// # Errors
/// If the model or what it needs can't be had, or no flight is held out.
#[cached]
pub fn on_held_out_days(data: &Path, settings: &Settings) -> Result<Evaluation, Error> {
    let departures = clean::departures(data)?;
    let conditions = join::conditions(data)?;
    let model = model::fit(data, settings)?;

    let rows: Vec<usize> = (0..departures.len()).filter(|&row| model::held_out(departures.day[row])).collect();
    if rows.is_empty() {
        return Err(Error::Empty { step: "evaluate::on_held_out_days" });
    }
    let predictions = model.predict(&departures, &conditions, &rows);
    let actual: Vec<f32> = rows.iter().map(|&row| f32::from(departures.delay[row])).collect();

    let mut off: Vec<f32> = predictions.iter().zip(&actual).map(|(p, a)| (p - a).abs()).collect();
    off.sort_unstable_by(f32::total_cmp);
    let squares: f64 = off.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    let moments: Moments = actual.iter().copied().collect();

    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|&a, &b| predictions[a].total_cmp(&predictions[b]));
    let group = |members: &[usize]| {
        let actual: Moments = members.iter().map(|&i| actual[i]).collect();
        let predicted: Moments = members.iter().map(|&i| predictions[i]).collect();
        Predicted { predicted: predicted.mean(), actual: actual.mean(), error: actual.standard_error() }
    };
    let groups = order.chunks(rows.len().div_ceil(20)).map(group).collect();

    let mut by_day = vec![vec![]; 366];
    for (i, &row) in rows.iter().enumerate() {
        by_day[usize::from(departures.day[row])].push(i);
    }
    let days = (0u16..).zip(&by_day).filter(|(_, members)| !members.is_empty());
    let days = days.map(|(day, members)| (day, group(members))).collect();

    Ok(Evaluation {
        flights: moments.count(),
        mean_error: off.iter().copied().collect::<Moments>().mean(),
        median_error: quantile(&off, 0.5),
        explained: (1.0 - squares / moments.squares()) as f32,
        groups,
        days,
        influence: model.influence(),
    })
}
