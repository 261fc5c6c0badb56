//! The command line of the example.

use std::path::{Path, PathBuf};

use flights::model::Settings;

/// What the command line may hold.
pub(crate) const USAGE: &str = "usage: flights [--data FOLDER] [--out FILE] [--trees N]";

/// What the command line says.
#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    /// The folder that holds the three tables.
    pub(crate) data: PathBuf,
    /// The file to draw the chart into.
    pub(crate) out: PathBuf,
    /// How to fit the model.
    pub(crate) settings: Settings,
}

impl Options {
    /// Reads the arguments.
    ///
    /// # Errors
    /// Says which argument isn't understood.
    pub(crate) fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."));
        let mut options = Options {
            data: workspace.join("testdata/nycflights13"),
            out: workspace.join("target/flights/delays.svg"),
            settings: Settings::default(),
        };
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
            match name.as_str() {
                "--data" => options.data = value()?.into(),
                "--out" => options.out = value()?.into(),
                "--trees" => {
                    let text = value()?;
                    options.settings.trees =
                        text.parse().map_err(|_| format!("--trees can't be {text:?}: it is a number up to 65535"))?;
                }
                _ => return Err(format!("{name:?} isn't understood")),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, String> {
        Options::from_arguments(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn each_option_is_optional() {
        let options = read("").unwrap();
        assert!(options.data.ends_with("testdata/nycflights13"));
        assert_eq!(options.settings, Settings::default());
        assert_eq!(read("--trees 7 --out a.svg").unwrap().settings.trees, 7);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(read("--trees many").unwrap_err().contains("\"many\""));
        assert!(read("--data").unwrap_err().contains("--data needs"));
        assert!(read("--fast").unwrap_err().contains("--fast"));
    }
}
