//! Runs the pipeline and says of each step whether it was a hit or had to be computed.
//!
//! ```text
//! cargo run --release -p flights -- [--data FOLDER] [--out FILE] [--trees N]
//! ```

mod options;

use std::error::Error;
use std::process::ExitCode;

use flights::{aggregate, chart, clean, evaluate, join, load, model};

use options::Options;

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
    load::flights(&data.join("flights.csv.gz"))?;
    load::weather(&data.join("weather.csv.gz"))?;
    load::planes(&data.join("planes.csv.gz"))?;
    clean::departures(data)?;
    join::conditions(data)?;
    aggregate::by_hour(data)?;
    aggregate::by_carrier(data)?;
    aggregate::by_weather(data)?;
    model::fit(data, settings)?;
    evaluate::on_held_out_days(data, settings)?;
    let svg = chart::draw(data, settings)?;

    if let Some(folder) = out.parent() {
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    std::fs::write(out, svg).map_err(|e| format!("{}: {e}", out.display()))?;
    println!("\nThe chart is in {}", out.display());
    Ok(())
}
