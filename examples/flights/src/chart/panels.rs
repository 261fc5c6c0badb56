//! One function for each panel of the chart.

use crate::aggregate::{Delays, Group};
use crate::evaluate::Evaluation;

use super::axis::{Scale, tick};
use super::svg::{Point, Svg, thousands};

/// Where a panel stands on the page.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
}

impl Frame {
    pub(super) fn new(left: f32, top: f32, width: f32, height: f32) -> Frame {
        Frame { left, top, width, height }
    }

    fn right(&self) -> f32 {
        self.left + self.width
    }

    fn bottom(&self) -> f32 {
        self.top + self.height
    }

    fn heading(&self, svg: &mut Svg, heading: &str, note: &str) {
        svg.text("heading", (self.left, self.top + 14.0), heading);
        svg.text("note", (self.left, self.top + 33.0), note);
    }

    /// Where to draw, inside heading and axes.
    fn plot(&self) -> Frame {
        Frame::new(self.left + 34.0, self.top + 52.0, self.width - 34.0, self.height - 52.0 - 34.0)
    }

    /// The scale of the upright axis, with its lines and numbers.
    fn upright(&self, svg: &mut Svg, numbers: (f32, f32)) -> Scale {
        let scale = Scale::new(numbers, (self.bottom(), self.top));
        for number in scale.ticks(6) {
            let y = scale.at(number);
            svg.line(if number == 0.0 { "base" } else { "grid" }, (self.left, y), (self.right(), y));
            svg.text("tick end", (self.left - 8.0, y + 4.0), &tick(number));
        }
        scale
    }
}

/// Draws keys of a legend from right to left, ending at `right`.
fn legend(svg: &mut Svg, (right, y): Point, keys: &[(&str, &str)]) {
    let mut x = right;
    for (class, label) in keys.iter().rev() {
        x -= 6.2 * label.len() as f32;
        svg.text("note", (x, y + 4.0), label);
        x -= 26.0;
        if matches!(*class, "wide" | "narrow") {
            svg.rect(class, (x, y - 5.0), 20.0, 10.0);
        } else {
            svg.line(class, (x, y), (x + 20.0, y));
        }
        x -= 16.0;
    }
}

/// Delay by hour of the day: mean, median and how widely the flights are spread.
pub(super) fn hours(svg: &mut Svg, frame: Frame, hours: &[(u8, Delays)]) {
    frame.heading(svg, "Delays build up over the day", "Minutes late, by scheduled hour of departure");
    let plot = frame.plot();
    let (lows, highs) = (hours.iter().map(|(_, d)| d.quantiles[0]), hours.iter().map(|(_, d)| d.quantiles[4]));
    let (low, high) = (lows.fold(0.0, f32::min), highs.fold(0.0, f32::max));
    let y = plot.upright(svg, (low * 1.2, high * 1.05));
    let first = hours.first().map_or(0.0, |(hour, _)| f32::from(*hour));
    let last = hours.last().map_or(24.0, |(hour, _)| f32::from(*hour));
    let x = Scale::new((first, last), (plot.left + 8.0, plot.right() - 8.0));

    let line = |value: &dyn Fn(&Delays) -> f32| -> Vec<Point> {
        hours.iter().map(|(hour, delays)| (x.at(f32::from(*hour)), y.at(value(delays)))).collect()
    };
    svg.band("wide", &line(&|d| d.quantiles[4]), &line(&|d| d.quantiles[0]));
    svg.band("narrow", &line(&|d| d.quantiles[3]), &line(&|d| d.quantiles[1]));
    svg.line("base", (plot.left, y.at(0.0)), (plot.right(), y.at(0.0)));
    svg.path("median", line(&|d| d.quantiles[2]));
    svg.path("mean", line(&|d| d.mean));
    for (hour, _) in hours.iter().step_by(2) {
        svg.text("tick middle", (x.at(f32::from(*hour)), plot.bottom() + 20.0), &format!("{hour}:00"));
    }
    let keys = [("mean", "mean"), ("median", "median"), ("narrow", "middle half"), ("wide", "middle 80 %")];
    legend(svg, (frame.right(), frame.top + 29.0), &keys);
}

/// Mean delay by weather, with how many flights met it.
pub(super) fn weather(svg: &mut Svg, frame: Frame, groups: &[Group]) {
    frame.heading(svg, "Weather costs minutes", "Mean delay by weather at the airport in the scheduled hour");
    let rows = groups.iter().map(|group| Bar {
        label: group.name.clone(),
        note: format!("{} flights", thousands(group.delays.flights)),
        value: group.delays.mean,
        text: format!("{:.1}", group.delays.mean),
        aside: String::new(),
    });
    bars(svg, frame, &rows.collect::<Vec<_>>(), 108.0);
}

/// Mean delay by carrier.
pub(super) fn carriers(svg: &mut Svg, frame: Frame, groups: &[Group]) {
    frame.heading(svg, "Carriers differ", "Mean delay, and share of flights over 15 minutes late");
    let rows = groups.iter().map(|group| Bar {
        label: carrier(&group.name).to_owned(),
        note: String::new(),
        value: group.delays.mean,
        text: format!("{:.1}", group.delays.mean),
        aside: format!("{:.0} %", 100.0 * group.delays.late),
    });
    bars(svg, frame, &rows.collect::<Vec<_>>(), 100.0);
}

/// What the model looks at.
pub(super) fn influence(svg: &mut Svg, frame: Frame, evaluation: &Evaluation) {
    frame.heading(svg, "What the model looks at", "Share of the error that its trees removed by asking for it");
    let rows = evaluation.influence.iter().take(10).map(|(name, share)| Bar {
        label: name.clone(),
        note: String::new(),
        value: *share,
        text: format!("{:.0} %", 100.0 * share),
        aside: String::new(),
    });
    bars(svg, frame, &rows.collect::<Vec<_>>(), 96.0);
}

/// A lying bar: its label and a note before it, its value behind it, something else at the right edge.
struct Bar {
    label: String,
    note: String,
    value: f32,
    text: String,
    aside: String,
}

/// Bars one below the other; `labels` is the room before them.
fn bars(svg: &mut Svg, frame: Frame, rows: &[Bar], labels: f32) {
    let longest = rows.iter().map(|row| row.value).fold(f32::MIN_POSITIVE, f32::max);
    let room = |text: fn(&Bar) -> &str| rows.iter().map(|row| text(row).len()).max().unwrap_or(0) as f32 * 7.5;
    let behind = 14.0 + room(|row| &row.text) + room(|row| &row.aside);
    let x = Scale::new((0.0, longest), (frame.left + labels, frame.right() - behind));
    let top = frame.top + 50.0;
    let pitch = (frame.bottom() - 8.0 - top) / rows.len().max(1) as f32;
    for (i, row) in rows.iter().enumerate() {
        let middle = top + pitch * (i as f32 + 0.5);
        let thick = (pitch * 0.66).min(24.0);
        let up = if row.note.is_empty() { 4.0 } else { -2.0 };
        svg.text("label end", (frame.left + labels - 10.0, middle + up), &row.label);
        if !row.note.is_empty() {
            svg.text("tick end", (frame.left + labels - 10.0, middle + 12.0), &row.note);
        }
        let class = if i == 0 { "accent" } else { "bar" };
        svg.rect(class, (x.at(0.0), middle - thick / 2.0), x.at(row.value) - x.at(0.0), thick);
        svg.text("value", (x.at(row.value) + 8.0, middle + 4.0), &row.text);
        if !row.aside.is_empty() {
            svg.text("tick end", (frame.right(), middle + 4.0), &row.aside);
        }
    }
}

/// Predicted against actual delay, for flights grouped by what was predicted.
pub(super) fn calibration(svg: &mut Svg, frame: Frame, evaluation: &Evaluation) {
    let note = format!("{} flights of days that it hasn't seen, in 20 groups", thousands(evaluation.flights));
    frame.heading(svg, "What the model says is what comes", &note);
    let plot = frame.plot();
    let most = evaluation.groups.iter().map(|group| group.actual.max(group.predicted)).fold(10.0, f32::max);
    let range = (-8.0, most * 1.06);
    let y = plot.upright(svg, range);
    let x = Scale::new(range, (plot.left, plot.right()));
    for number in x.ticks(6) {
        svg.text("tick middle", (x.at(number), plot.bottom() + 18.0), &tick(number));
    }
    svg.line("ideal", (x.at(range.0), y.at(range.0)), (x.at(range.1), y.at(range.1)));
    for group in &evaluation.groups {
        let (across, spread) = (x.at(group.predicted), 2.0 * group.error);
        svg.line("whisker", (across, y.at(group.actual - spread)), (across, y.at(group.actual + spread)));
        svg.dot("dot", (across, y.at(group.actual)));
    }
    svg.text("note", (plot.left + 8.0, plot.top + 10.0), "actual mean delay");
    svg.text("note end", (plot.right(), plot.bottom() - 8.0), "predicted mean delay");
}

/// Predicted and actual mean delay of each held-out day.
pub(super) fn days(svg: &mut Svg, frame: Frame, evaluation: &Evaluation) {
    let note = format!(
        "Mean delay of every fifth day of the year, which the model hasn't seen. A prediction is off by {:.0} minutes on \
         average, half of them by at most {:.0}; it explains {:.0} % of the variance.",
        evaluation.mean_error,
        evaluation.median_error,
        100.0 * evaluation.explained
    );
    frame.heading(svg, "Good days and bad days", &note);
    let plot = frame.plot();
    let most = evaluation.days.iter().map(|(_, day)| day.actual.max(day.predicted)).fold(10.0, f32::max);
    let y = plot.upright(svg, (-4.0, most * 1.06));
    let x = Scale::new((0.0, 365.0), (plot.left, plot.right()));
    for (name, first, length) in MONTHS {
        svg.line("base", (x.at(first), plot.bottom()), (x.at(first), plot.bottom() + 6.0));
        svg.text("tick middle", (x.at(first + length / 2.0), plot.bottom() + 20.0), name);
    }
    svg.path("predicted", evaluation.days.iter().map(|(day, it)| (x.at(f32::from(*day)), y.at(it.predicted))));
    svg.path("actual", evaluation.days.iter().map(|(day, it)| (x.at(f32::from(*day)), y.at(it.actual))));
    legend(svg, (frame.right(), frame.top + 9.0), &[("actual", "actual"), ("predicted", "predicted")]);
}

/// Name, first day and length of the months of 2013.
const MONTHS: [(&str, f32, f32); 12] = [
    ("Jan", 0.0, 31.0),
    ("Feb", 31.0, 28.0),
    ("Mar", 59.0, 31.0),
    ("Apr", 90.0, 30.0),
    ("May", 120.0, 31.0),
    ("Jun", 151.0, 30.0),
    ("Jul", 181.0, 31.0),
    ("Aug", 212.0, 31.0),
    ("Sep", 243.0, 30.0),
    ("Oct", 273.0, 31.0),
    ("Nov", 304.0, 30.0),
    ("Dec", 334.0, 31.0),
];

/// What a carrier's code stands for.
fn carrier(code: &str) -> &str {
    match code {
        "9E" => "Endeavor",
        "AA" => "American",
        "B6" => "JetBlue",
        "DL" => "Delta",
        "EV" => "ExpressJet",
        "FL" => "AirTran",
        "MQ" => "Envoy",
        "UA" => "United",
        "US" => "US Airways",
        "VX" => "Virgin America",
        "WN" => "Southwest",
        other => other,
    }
}
