//! How long the analysis took, beside the least that any analysis must do: parse the same files.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use rememo_analyzer::source::Loader;

/// What `--timings` prints.
#[derive(Debug)]
pub(crate) struct Timings {
    files: Vec<File>,
    /// Of external packages.
    declarations: Vec<File>,
    analysis: Duration,
}

#[derive(Debug)]
struct File {
    lines: usize,
    bytes: usize,
    parse: Duration,
}

/// Nested code needs stack; this is as much as an analysis takes for it.
const STACK: usize = 256 << 20;

impl Timings {
    /// The figures of an analysis that took this long and read these files, and these of external packages: each is parsed
    /// once with `syn::parse_file`, and the time to read it doesn't count. What isn't Rust (included data) is left out.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(crate) fn new(
        analysis: Duration,
        files: &BTreeSet<&str>,
        declarations: &BTreeSet<&str>,
        loader: &dyn Loader,
    ) -> io::Result<Timings> {
        let (files, declarations) = (measured(files, loader)?, measured(declarations, loader)?);
        Ok(Timings { files, declarations, analysis })
    }

    /// Prints the figures.
    ///
    /// # Errors
    /// If `out` can't be written.
    pub(crate) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let sum = |files: &[File]| files.iter().map(|f| f.parse).sum::<Duration>();
        let (own, parse) = (sum(&self.files), sum(&self.files) + sum(&self.declarations));
        let count = |files: &[File]| {
            let lines: usize = files.iter().map(|f| f.lines).sum();
            let bytes: usize = files.iter().map(|f| f.bytes).sum();
            format!("{} ({lines} lines, {bytes} bytes)", files.len())
        };
        let ms = |d: Duration| d.as_secs_f64() * 1e3;
        writeln!(out, "files     {}", count(&self.files))?;
        if !self.declarations.is_empty() {
            writeln!(out, "packages  {} of other packages, for what they declare", count(&self.declarations))?;
            writeln!(out, "own       {:.1} ms (syn::parse_file over the files alone)", ms(own))?;
        }
        writeln!(out, "parse     {:.1} ms (syn::parse_file over the same files)", ms(parse))?;
        writeln!(out, "analysis  {:.1} ms (all functions; without cargo's time and the printing)", ms(self.analysis))?;
        writeln!(out, "ratio     {:.2}", self.analysis.as_secs_f64() / parse.as_secs_f64().max(1e-9))
    }
}

fn measured(paths: &BTreeSet<&str>, loader: &dyn Loader) -> io::Result<Vec<File>> {
    let sources = paths.iter().filter(|path| path.ends_with(".rs"));
    let texts: Vec<String> = sources.filter_map(|path| String::from_utf8(loader.load(path).ok()?).ok()).collect();
    std::thread::scope(|scope| {
        let work = || texts.iter().map(|text| File::measured(text)).collect();
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        thread.join().map_err(|_| io::Error::other("syn panicked"))
    })
}

impl File {
    fn measured(text: &str) -> File {
        let start = Instant::now();
        let parsed = syn::parse_file(text);
        let parse = start.elapsed();
        // Freed outside of the time: an analysis may keep the tree.
        drop(parsed);
        File { lines: text.lines().count(), bytes: text.len(), parse }
    }
}
