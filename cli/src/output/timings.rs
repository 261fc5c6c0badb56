//! How long the analysis took, beside the least that any analysis must do: parse the same files.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use rememo_analyzer::source::Loader;

/// What `--timings` prints.
#[derive(Debug)]
pub(crate) struct Timings {
    files: BTreeMap<String, File>,
    analysis: Duration,
}

#[derive(Debug)]
struct File {
    lines: usize,
    bytes: usize,
    parse: Duration,
}

impl Timings {
    /// The figures of an analysis that took this long, still without its files.
    pub(crate) fn new(analysis: Duration) -> Timings {
        Timings { files: BTreeMap::new(), analysis }
    }

    /// Parses a file that the analysis read, with `syn::parse_file` and nothing else. Each file counts once, and the time
    /// to read it doesn't count. What isn't Rust (included data) is left out.
    pub(crate) fn add_file(&mut self, path: &str, loader: &dyn Loader) {
        if !path.ends_with(".rs") || self.files.contains_key(path) {
            return;
        }
        let Some(text) = loader.load(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()) else { return };
        let start = Instant::now();
        let parsed = syn::parse_file(&text);
        let parse = start.elapsed();
        // Freed outside of the time: an analysis may keep the tree.
        drop(parsed);
        self.files.insert(path.to_owned(), File { lines: text.lines().count(), bytes: text.len(), parse });
    }

    /// Prints the figures.
    ///
    /// # Errors
    /// If `out` can't be written.
    pub(crate) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let parse: Duration = self.files.values().map(|f| f.parse).sum();
        let lines: usize = self.files.values().map(|f| f.lines).sum();
        let bytes: usize = self.files.values().map(|f| f.bytes).sum();
        let ms = |d: Duration| d.as_secs_f64() * 1e3;
        writeln!(out, "files     {} ({lines} lines, {bytes} bytes)", self.files.len())?;
        writeln!(out, "parse     {:.1} ms (syn::parse_file over the same files)", ms(parse))?;
        writeln!(out, "analysis  {:.1} ms (all functions; without cargo's time and the printing)", ms(self.analysis))?;
        writeln!(out, "ratio     {:.2}", self.analysis.as_secs_f64() / parse.as_secs_f64().max(1e-9))
    }
}
