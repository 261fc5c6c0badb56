//! The slow step: gradient-boosted regression trees that predict how late a flight will leave.
//!
//! Boosting starts from the mean delay and adds small trees, each fitted to what the sum so far still gets wrong. It is
//! deterministic: no random numbers, one thread, sums in the order of the rows. A cached function must be; a result that
//! differs from run to run isn't worth keeping.

mod features;
mod tree;

use std::path::Path;
use std::sync::Arc;

use rememo::cached;
use serde::{Deserialize, Serialize};

use crate::clean::Departures;
use crate::join::Conditions;
use crate::stats::Moments;
use crate::{Error, clean, join};

use features::{Encoding, Features};
use tree::{Binning, Tree};

/// How to fit. A step's arguments are part of its key, so each setting has its own model in the cache, and going back to
/// an earlier setting is a hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// How many trees to add up.
    pub trees: u16,
    /// How many questions a tree asks about a flight, at most 7.
    pub depth: u8,
    /// How much of a tree's correction is taken.
    pub rate: f32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { trees: 80, depth: 4, rate: 0.12 }
    }
}

/// A fitted model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    encoding: Encoding,
    binning: Binning,
    base: f32,
    trees: Vec<Tree>,
    gains: Vec<f64>,
}

/// Fits the model to four days of five; [`held_out`] says which are left for the evaluation.
///
/// # Errors
/// If the departures or their conditions can't be had, or there are none.
#[cached]
pub fn fit(data: &Path, settings: &Settings) -> Result<Arc<Model>, Error> {
    let departures = clean::departures(data)?;
    let conditions = join::conditions(data)?;
    let training: Vec<usize> = (0..departures.len()).filter(|&row| !held_out(departures.day[row])).collect();
    if training.is_empty() {
        return Err(Error::Empty { step: "model::fit" });
    }

    let encoding = Encoding::learn(&departures, &training);
    let features = Features::of(&departures, &conditions, &encoding, &training);
    let binning = Binning::learn(&features.columns);
    let binned = binning.apply(&features.columns);

    let delays: Vec<f32> = training.iter().map(|&row| f32::from(departures.delay[row])).collect();
    let base = delays.iter().copied().collect::<Moments>().mean();
    let mut errors: Vec<f32> = delays.iter().map(|delay| delay - base).collect();
    let mut gains = vec![0.0; binned.len()];
    let mut trees = vec![];
    for _ in 0..settings.trees {
        let tree = Tree::grow(&binned, &errors, settings.depth.min(7), settings.rate, &mut gains);
        tree.subtract(&binned, &mut errors);
        trees.push(tree);
    }
    Ok(Arc::new(Model { encoding, binning, base, trees, gains }))
}

/// Whether a day's flights are kept from the model: every fifth day. Whole days, because the flights of a day share its
/// weather and its trouble; a model that has seen half of them knows the other half.
pub fn held_out(day: u16) -> bool {
    day % 5 == 2
}

impl Model {
    /// The delay, in minutes, that the model expects for each of `rows`.
    pub fn predict(&self, departures: &Departures, conditions: &Conditions, rows: &[usize]) -> Vec<f32> {
        let features = Features::of(departures, conditions, &self.encoding, rows);
        let binned = self.binning.apply(&features.columns);
        let mut left = vec![-self.base; rows.len()];
        for tree in &self.trees {
            tree.subtract(&binned, &mut left);
        }
        left.into_iter().map(|x| -x).collect()
    }

    /// What the model looks at, the most useful first, with its share of all that the trees gained.
    pub fn influence(&self) -> Vec<(String, f32)> {
        let total: f64 = self.gains.iter().sum();
        let mut shares: Vec<(String, f32)> = features::NAMES
            .iter()
            .zip(&self.gains)
            .map(|(name, gain)| ((*name).to_owned(), (gain / total.max(f64::MIN_POSITIVE)) as f32))
            .collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1));
        shares
    }
}
