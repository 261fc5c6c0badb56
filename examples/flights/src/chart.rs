//! The last step: six panels in one SVG.
//!
//! It asks for every table that it draws. Each is small, so if the model is a hit, redrawing takes a millisecond.

mod axis;
mod panels;
mod svg;

use std::path::Path;

use rememo::cached;

use crate::model::Settings;
use crate::{Error, aggregate, evaluate};

use panels::Frame;
use svg::Svg;

const WIDTH: f32 = 1200.0;
const HEIGHT: f32 = 1180.0;

/// Draws the chart; the result is the text of the SVG file.
///
/// Writing that file isn't part of the step: a hit would skip it. A cached function returns what it makes, and the caller
/// puts it where it belongs.
///
/// # Errors
/// If one of the tables can't be had.
#[cached]
pub fn draw(data: &Path, settings: &Settings) -> Result<String, Error> {
    let hours = aggregate::by_hour(data)?;
    let weather = aggregate::by_weather(data)?;
    let carriers = aggregate::by_carrier(data)?;
    let evaluation = evaluate::on_held_out_days(data, settings)?;

    let mut svg = Svg::new(WIDTH, HEIGHT);
    svg.text("title", (40.0, 50.0), "Flights that leave New York late");
    let flights: u32 = hours.iter().map(|(_, delays)| delays.flights).sum();
    let subtitle = format!(
        "{} departures from EWR, JFK and LGA in 2013. All delays are at departure, in minutes.",
        svg::thousands(flights)
    );
    svg.text("subtitle", (40.0, 74.0), &subtitle);

    panels::hours(&mut svg, Frame::new(40.0, 110.0, 700.0, 320.0), &hours);
    panels::weather(&mut svg, Frame::new(790.0, 110.0, 370.0, 320.0), &weather);
    panels::carriers(&mut svg, Frame::new(40.0, 470.0, 340.0, 320.0), &carriers);
    panels::calibration(&mut svg, Frame::new(430.0, 470.0, 340.0, 320.0), &evaluation);
    panels::influence(&mut svg, Frame::new(820.0, 470.0, 340.0, 320.0), &evaluation);
    panels::days(&mut svg, Frame::new(40.0, 830.0, 1120.0, 310.0), &evaluation);
    Ok(svg.finish())
}
