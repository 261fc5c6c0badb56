//! Runs the pipeline and says of each step whether it was a hit or had to be computed.
//!
//! ```text
//! cargo run --release -p flights -- [--data FOLDER] [--out FILE] [--trees N]
//! ```

mod options;
mod report;

use std::error::Error;
use std::process::ExitCode;

use flights::{aggregate, chart, clean, evaluate, join, load, model};

use options::Options;
use report::Report;

fn main() -> ExitCode {
    let options = match Options::from_arguments(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Calls the steps in their order.
///
/// `chart::draw` alone would do: it asks for all it needs. Called one by one, each step gets a line of its own, and the
/// later ones find the earlier ones in memory.
fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let Options { data, out, settings } = options;
    let mut report = Report::start();
    report.step(|| load::flights(&data.join("flights.csv.gz")))?;
    report.step(|| load::weather(&data.join("weather.csv.gz")))?;
    report.step(|| load::planes(&data.join("planes.csv.gz")))?;
    report.step(|| clean::departures(data))?;
    report.step(|| join::conditions(data))?;
    report.step(|| aggregate::by_hour(data))?;
    report.step(|| aggregate::by_carrier(data))?;
    report.step(|| aggregate::by_weather(data))?;
    report.step(|| model::fit(data, settings))?;
    report.step(|| evaluate::on_held_out_days(data, settings))?;
    let svg = report.step(|| chart::draw(data, settings))?;
    report.finish();

    if let Some(folder) = out.parent() {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    std::fs::write(out, svg).map_err(|e| format!("{}: {e}", out.display()))?;
    let here = std::env::current_dir().unwrap_or_default();
    println!("The chart is in {}", out.strip_prefix(here).unwrap_or(out).display());
    Ok(())
}
