//! Reads scenarios: a folder with a small crate and an `edits.txt`.
//!
//! ```text
//! # Free text about the family.
//! feature: fast off
//!
//! ## the constant that f reads changes
//! src/lib.rs
//! - const K: i32 = 3;
//! + const K: i32 = 4;
//! recompute: f
//! keep: g
//! ```
//!
//! Lines with `-` are whole lines of the file named above them, compared without their indentation, and must stand there
//! exactly once; lines with `+` take their place. Lines with `+` alone are appended, or make a new file. `delete: a`,
//! `rename: a -> b` and the settings of [`State::set`] are edits too. Every cached function is named in every edit.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::state::State;

/// A small crate and the edits to it.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Name of its folder.
    pub name: String,
    /// The crate before any edit.
    pub before: State,
    /// Each starts from `before`.
    pub edits: Vec<Edit>,
}

/// An edit with its one right answer.
#[derive(Debug, Clone)]
pub struct Edit {
    /// What is done.
    pub title: String,
    /// The crate after it.
    pub after: State,
    /// Cached functions whose results must not be reused.
    pub recompute: BTreeSet<String>,
    /// Cached functions whose results must be kept.
    pub keep: BTreeSet<String>,
}

/// Why a scenario could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ScenarioError {
    /// A file or folder could not be read.
    Unreadable(PathBuf, io::Error),
    /// A line of `edits.txt` makes no sense.
    Line(PathBuf, usize, String),
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScenarioError::Unreadable(path, error) => write!(f, "{}: {error}", path.display()),
            ScenarioError::Line(path, line, what) => write!(f, "{}:{line}: {what}", path.display()),
        }
    }
}

impl std::error::Error for ScenarioError {}

/// The folder that holds all scenarios.
pub fn scenarios_dir() -> PathBuf {
    testdata().join("scenarios")
}

/// The workspace's `testdata` folder.
pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata")
}

/// Names of all scenarios, sorted.
///
/// # Errors
/// If the folder can't be read.
pub fn names() -> Result<Vec<String>, ScenarioError> {
    let dir = scenarios_dir();
    let unreadable = |error| ScenarioError::Unreadable(dir.clone(), error);
    let mut names = Vec::new();
    for entry in fs::read_dir(&dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Reads all scenarios, sorted by name.
///
/// # Errors
/// Of the first scenario that can't be read.
pub fn all() -> Result<Vec<Scenario>, ScenarioError> {
    names()?.iter().map(|name| Scenario::read(name)).collect()
}

impl Scenario {
    /// Reads one scenario by its folder's name.
    ///
    /// # Errors
    /// If a file can't be read or an edit can't be applied.
    pub fn read(name: &str) -> Result<Scenario, ScenarioError> {
        let dir = scenarios_dir().join(name);
        let mut before = State { edition: 2021, ..State::default() };
        collect_files(&dir, "", &mut before)?;
        let script = before.files.remove("edits.txt").unwrap_or_default();
        let script = String::from_utf8_lossy(&script).into_owned();

        let file = dir.join("edits.txt");
        let mut lines = script.lines().enumerate().peekable();
        while let Some((number, line)) = lines.next_if(|(_, line)| !line.starts_with("## ")) {
            if !line.is_empty() && !line.starts_with('#') {
                let set = setting(line).and_then(|(key, value)| before.set(key, value));
                set.map_err(|what| ScenarioError::Line(file.clone(), number + 1, what))?;
            }
        }
        let mut edits = Vec::new();
        while let Some((number, line)) = lines.next() {
            let mut body = vec![(number, "")];
            while let Some(next) = lines.next_if(|(_, line)| !line.starts_with("## ")) {
                body.push(next);
            }
            let title = line.trim_start_matches("## ").trim().to_owned();
            let edit = Edit::parse(title, &body, &before)
                .map_err(|(number, what)| ScenarioError::Line(file.clone(), number + 1, what))?;
            edits.push(edit);
        }
        Ok(Scenario { name: name.to_owned(), before, edits })
    }
}

impl Edit {
    fn parse(title: String, body: &[(usize, &str)], before: &State) -> Result<Edit, (usize, String)> {
        let mut edit = Edit { title, after: before.clone(), recompute: BTreeSet::new(), keep: BTreeSet::new() };
        let mut hunk = Hunk::default();
        for &(number, line) in body {
            let at = |what: String| (number, what);
            if let Some(old) = line.strip_prefix('-') {
                if !hunk.new.is_empty() {
                    hunk.apply(&mut edit.after).map_err(at)?;
                }
                hunk.old.push(old.strip_prefix(' ').unwrap_or(old).to_owned());
            } else if let Some(new) = line.strip_prefix('+') {
                hunk.new.push(new.strip_prefix(' ').unwrap_or(new).to_owned());
            } else {
                hunk.apply(&mut edit.after).map_err(at)?;
                edit.line(line, &mut hunk).map_err(at)?;
            }
        }
        let last = body.last().map_or(0, |(number, _)| *number);
        hunk.apply(&mut edit.after).map_err(|what| (last, what))?;
        if edit.after == *before {
            return Err((last, format!("`{}` changes nothing", edit.title)));
        }
        if edit.recompute.is_empty() && edit.keep.is_empty() {
            return Err((last, format!("`{}` has no answer", edit.title)));
        }
        Ok(edit)
    }

    /// A line that is no part of a hunk.
    fn line(&mut self, line: &str, hunk: &mut Hunk) -> Result<(), String> {
        if line.is_empty() {
            return Ok(());
        }
        if !line.contains(' ') {
            line.clone_into(&mut hunk.file);
            return Ok(());
        }
        let (key, value) = setting(line)?;
        let names = || value.split(", ").map(|name| name.trim().to_owned());
        let missing = |path: &str| format!("there is no {path}");
        match key {
            "recompute" => self.recompute.extend(names()),
            "keep" => self.keep.extend(names()),
            "delete" => drop(self.after.files.remove(value).ok_or_else(|| missing(value))?),
            "rename" => {
                let (from, to) = value.split_once(" -> ").ok_or("expected `from -> to`")?;
                let content = self.after.files.remove(from).ok_or_else(|| missing(from))?;
                self.after.files.insert(to.to_owned(), content);
            }
            _ => self.after.set(key, value)?,
        }
        Ok(())
    }
}

/// Old lines of a file and what takes their place.
#[derive(Debug, Default)]
struct Hunk {
    file: String,
    old: Vec<String>,
    new: Vec<String>,
}

impl Hunk {
    /// Applies what has been gathered, if anything, and keeps the file for the next hunk.
    fn apply(&mut self, state: &mut State) -> Result<(), String> {
        let (old, new) = (std::mem::take(&mut self.old), std::mem::take(&mut self.new));
        if old.is_empty() && new.is_empty() {
            return Ok(());
        }
        if self.file.is_empty() {
            return Err("no file is named".to_owned());
        }
        let content = state.files.get(&self.file).cloned().unwrap_or_default();
        let content = String::from_utf8(content).map_err(|_| format!("{} is not text", self.file))?;
        let mut lines: Vec<&str> = content.lines().collect();
        let at = if old.is_empty() {
            lines.len()
        } else {
            let same = |window: &[&str]| window.iter().zip(&old).all(|(have, want)| have.trim() == want.trim());
            let found: Vec<usize> =
                lines.windows(old.len()).enumerate().filter(|(_, window)| same(window)).map(|(at, _)| at).collect();
            match found[..] {
                [at] => at,
                _ => return Err(format!("{}: `{}` stands there {} times", self.file, old.join("\n"), found.len())),
            }
        };
        lines.splice(at..at + old.len(), new.iter().map(String::as_str));
        state.files.insert(self.file.clone(), (lines.join("\n") + "\n").into_bytes());
        Ok(())
    }
}

fn setting(line: &str) -> Result<(&str, &str), String> {
    let (key, value) = line.split_once(": ").ok_or_else(|| format!("expected `key: value`, found `{line}`"))?;
    Ok((key.trim(), value.trim()))
}

fn collect_files(dir: &Path, prefix: &str, state: &mut State) -> Result<(), ScenarioError> {
    let unreadable = |error| ScenarioError::Unreadable(dir.to_owned(), error);
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect_files(&entry.path(), &format!("{name}/"), state)?;
        } else {
            state.files.insert(name, fs::read(entry.path()).map_err(unreadable)?);
        }
    }
    Ok(())
}
