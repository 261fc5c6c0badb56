//! Writes the constants table into `OUT_DIR`, in the form that `rememo_table` describes.
//!
//! It says what the analysis found and nothing of its own. A file whose content stays is left alone.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rememo_analyzer::project::{External, ExternalId, Package, PackageId, PackageRef, Project, TargetKind};
use rememo_analyzer::report::{Analysis, Function, WidenedKind};
use rememo_table::{PackageLine, TABLE_VERSION, reach_encode};

use crate::cfg::set;
use crate::configuration::{Build, asked_cfgs, edition};
use crate::loader::DiskLoader;
use crate::workspace::slashes;

/// How many reasons an entry carries; the rest is counted.
const REASONS: usize = 5;

/// The file of the table that lists the sources.
pub(crate) const SOURCES: &str = "sources";

/// The table of one package.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Content of `fn/NAME.rs` by NAME.
    functions: BTreeMap<String, String>,
    manifest: String,
    packages: String,
    sources: String,
}

impl Table {
    /// The table of the cached functions. `reasons` gives further causes for which a function is opaque.
    pub(crate) fn new(
        project: &Project,
        analysis: &Analysis,
        build: &Build,
        loader: &DiskLoader,
        reasons: &dyn Fn(&Function) -> Option<String>,
    ) -> Table {
        let mut reached = vec![false; analysis.items.len()];
        for function in analysis.functions.iter().filter(|f| f.cached) {
            function.reaches.iter().for_each(|id| reached[id.0] = true);
        }
        let mut count = 0;
        let numbers: Vec<Option<u32>> = reached
            .into_iter()
            .map(|yes| {
                count += u32::from(yes);
                yes.then(|| count - 1)
            })
            .collect();
        let mut table = Table::default();
        // A refused function has no entry: its calls compute, and say so.
        for function in analysis.functions.iter().filter(|f| f.cached && f.refused.is_empty()) {
            let fixed = build.fixed(edition(project, function));
            let text = entry(project, analysis, function, &fixed, &numbers, reasons(function));
            let name = function.name.trim_start_matches("r#");
            function
                .external
                .iter()
                .for_each(|id| table.packages.push_str(&package_line(project, function, name, *id)));
            table.functions.entry(name.to_owned()).or_default().push_str(&text);
        }
        table.functions.values_mut().for_each(|entries| *entries = expression(entries));
        table.manifest = manifest(analysis, &numbers);
        table.sources = sources(project, analysis, &numbers, loader);
        table
    }

    /// Brings the folder up to date; `hook` comes last, as the sign that all the rest is there.
    pub(crate) fn write(&self, dir: &Path) -> io::Result<()> {
        let functions = dir.join("fn");
        fs::create_dir_all(&functions)?;
        for old in fs::read_dir(&functions)? {
            let old = old?.path();
            let name = old.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".rs"));
            if !name.is_some_and(|name| self.functions.contains_key(name)) {
                fs::remove_file(old)?;
            }
        }
        for (name, text) in &self.functions {
            write_changed(&functions.join(format!("{name}.rs")), text)?;
        }
        write_changed(&dir.join("manifest"), &self.manifest)?;
        write_changed(&dir.join("packages"), &self.packages)?;
        write_changed(&dir.join(SOURCES), &self.sources)?;
        sign(dir)
    }

    /// Its list of sources.
    pub(crate) fn sources(&self) -> &str {
        &self.sources
    }

    /// What [`Table::write`] has written, but for the list of sources.
    pub(crate) fn written(&self, dir: &Path) -> Vec<PathBuf> {
        let mut written: Vec<PathBuf> =
            self.functions.keys().map(|name| dir.join("fn").join(format!("{name}.rs"))).collect();
        written.extend(["manifest", "packages"].map(|name| dir.join(name)));
        written
    }
}

/// Says that the table is whole. On every run: the time tells the attribute up to when a saved file can have been read.
pub(crate) fn sign(dir: &Path) -> io::Result<()> {
    fs::write(dir.join("hook"), format!("rememo table {TABLE_VERSION}\n"))
}

/// Leaves a file alone that has its content already: the compiler looks at modification times.
pub(crate) fn write_changed(path: &Path, text: &str) -> io::Result<()> {
    if fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    fs::write(path, text)
}

/// One expression, as `include!` wants it. A cfg that nobody declared would raise a lint in the user's crate.
fn expression(entries: &str) -> String {
    format!("{{\n#[allow(unexpected_cfgs)]\nconst ENTRIES: &[Entry] = &[\n{entries}];\nENTRIES\n}}\n")
}

fn entry(
    project: &Project,
    analysis: &Analysis,
    function: &Function,
    fixed: &[(String, String)],
    numbers: &[Option<u32>],
    reason: Option<String>,
) -> String {
    let package = &project.packages[function.package.0];
    let file = analysis.items.get(function.item.0).and_then(|item| item.file.as_deref()).unwrap_or_default();
    let reaches: Vec<u32> = function.reaches.iter().filter_map(|id| numbers[id.0]).collect();
    let mut out = String::new();
    // Writing to a String can't fail.
    let _ = write!(
        out,
        "Entry {{\n    package: {:?},\n    target: {:?},\n    path: {:?},\n    module: {:?},\n    file: {file:?},\n    \
         line: {},\n    column: {},\n    source: *{},\n",
        package.name,
        function.target,
        function.path,
        function.module,
        function.line,
        function.column,
        bytes(&function.source.0),
    );
    let _ =
        writeln!(out, "    fixed: &[{}],", fixed.iter().map(|(n, v)| format!("({n:?}, {v:?}), ")).collect::<String>());
    let cfgs = asked_cfgs(function).into_iter().map(|p| format!("({p:?}, ::core::cfg!({p})), "));
    let _ = writeln!(out, "    cfgs: &[{}],", cfgs.collect::<String>());
    let envs = set(function.envs.iter().map(|(name, _)| name.clone()));
    let envs = envs.into_iter().map(|name| format!("({name:?}, ::core::option_env!({name:?})), "));
    let _ = writeln!(out, "    envs: &[{}],", envs.collect::<String>());
    let packages = function.external.iter().map(|id| label(&project.externals[id.0]));
    let _ = writeln!(out, "    packages: &{:?},", packages.collect::<Vec<_>>());
    let _ = writeln!(out, "    opaque: &{:?},", opaque_reasons(function, reason));
    let _ = writeln!(out, "    manifest: ::core::include_bytes!(\"../manifest\"),");
    let _ = writeln!(out, "    reaches: {},\n}},", bytes(&reach_encode(&reaches)));
    out
}

/// What an entry and the attribute call a package.
fn label(external: &External) -> String {
    format!("{} {}", external.name, external.version)
}

/// Where the attribute finds a package that a function reaches.
fn package_line(project: &Project, function: &Function, name: &str, id: ExternalId) -> String {
    let External { name: package, version, .. } = &project.externals[id.0];
    let known = project.packages[function.package.0].dependencies.iter();
    let known = known.filter(|d| d.package == PackageRef::External(id)).map(|d| d.extern_name.as_str());
    PackageLine { function: name, package, version, names: known.collect() }.to_string()
}

/// Why no source hash pins a function; empty if one does.
pub(crate) fn opaque_reasons(function: &Function, reason: Option<String>) -> Vec<String> {
    let widened = function.widened.iter().filter(|w| w.kind == WidenedKind::Opaque);
    let mut reasons: Vec<String> = Vec::new();
    let mut more = 0;
    // A function that reaches much may have thousands; they are sorted, and each is there once.
    for w in widened {
        if reasons.len() < REASONS {
            reasons.push(format!("{}: {}", w.at, w.why));
        } else {
            more += 1;
        }
    }
    match reason {
        Some(reason) if reasons.len() < REASONS => reasons.push(reason),
        reason => more += usize::from(reason.is_some()),
    }
    if more > 0 {
        reasons.push(format!("and {more} more"));
    }
    reasons
}

/// A byte string literal: one token, however long.
fn bytes(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len() * 4 + 3);
    out.extend_from_slice(b"b\"");
    for byte in bytes {
        let [first, second] = DIGITS[usize::from(*byte)];
        out.extend_from_slice(&[b'\\', b'x', first, second]);
    }
    out.push(b'"');
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the digits of bytes, 32 at most. Nothing is optimized here: a call for each of some hundred thousand would be felt.
fn push_hex(out: &mut String, bytes: &[u8]) {
    let mut digits = [0; 64];
    let mut len = 0;
    for byte in bytes.iter().take(32) {
        let [first, second] = DIGITS[usize::from(*byte)];
        digits[len] = first;
        digits[len + 1] = second;
        len += 2;
    }
    out.push_str(std::str::from_utf8(&digits[..len]).unwrap_or_default());
}

/// The two digits of each byte.
static DIGITS: [[u8; 2]; 256] = {
    let (digits, mut pairs, mut byte) = (b"0123456789abcdef", [[0; 2]; 256], 0);
    while byte < 256 {
        pairs[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    pairs
};

fn manifest(analysis: &Analysis, numbers: &[Option<u32>]) -> String {
    let mut out = String::with_capacity(analysis.items.len() * 192);
    for (item, _) in analysis.items.iter().zip(numbers).filter(|(_, number)| number.is_some()) {
        // Half of the hash: this is compared for people, fingerprints are compared in full.
        push_hex(&mut out, &item.digest.0[..16]);
        let path = item.path.as_bytes();
        let path = if path.contains(&b'\t') || path.contains(&b'\n') || path.contains(&b'\r') {
            item.path.replace(['\t', '\n', '\r'], " ").into()
        } else {
            Cow::Borrowed(item.path.as_str())
        };
        let line = item.line.to_string();
        // There are thousands of lines.
        for part in
            ["\t", item.kind.as_str(), "\t", &path, "\t", item.file.as_deref().unwrap_or_default(), "\t", &line, "\n"]
        {
            out.push_str(part);
        }
    }
    out
}

/// The files that the attribute checks again: all of the package's own, and those of each other package in which a cached
/// function reaches something.
fn sources(project: &Project, analysis: &Analysis, numbers: &[Option<u32>], loader: &DiskLoader) -> String {
    let linked = linked(project);
    let mut reached: Vec<&str> = Vec::new();
    for (item, _) in analysis.items.iter().zip(numbers).filter(|(_, number)| number.is_some()) {
        // Neighbours are mostly of one package.
        if reached.last() != Some(&item.package.as_str()) {
            reached.retain(|known| *known != item.package);
            reached.push(&item.package);
        }
    }
    // Of each package, by what name the compiler is asked for it; those of which nobody reaches anything have none.
    let owner = |(id, package): (usize, &Package)| {
        if !linked[id] || project.subjects.contains(&PackageId(id)) {
            // What depends on us is compiled after us: like our own files, its files must be as the hook read them.
            return Some("-".to_owned());
        }
        let lib = package.targets.iter().find(|t| t.kind == TargetKind::Lib);
        let name = || lib.map_or_else(|| package.name.replace('-', "_"), |t| t.crate_name());
        reached.contains(&package.name.as_str()).then(name)
    };
    let owner_of: Vec<Option<String>> = project.packages.iter().enumerate().map(owner).collect();
    let mut out = String::new();
    for read in &analysis.files {
        let Some(hash) = read.hash else { continue };
        let mut owners: Vec<&str> = Vec::new();
        for id in &read.packages {
            match &owner_of[id.0] {
                Some(owner) if !owners.contains(&owner.as_str()) => owners.push(owner),
                _ => {}
            }
        }
        if read.packages.is_empty() {
            owners.push("-");
        }
        if owners.is_empty() {
            continue;
        }
        let path = slashes(&loader.resolve(&read.path));
        for owner in owners {
            push_hex(&mut out, &hash.0);
            for part in ["\t", owner, "\t", &path, "\n"] {
                out.push_str(part);
            }
        }
    }
    out
}

/// Which packages the subjects can be linked with: all that they depend on, directly or not.
fn linked(project: &Project) -> Vec<bool> {
    let mut linked = vec![false; project.packages.len()];
    let mut open: Vec<usize> = project.subjects.iter().map(|id| id.0).collect();
    while let Some(next) = open.pop() {
        if std::mem::replace(&mut linked[next], true) {
            continue;
        }
        open.extend(project.packages[next].dependencies.iter().filter_map(|d| match d.package {
            PackageRef::Source(id) => Some(id.0),
            PackageRef::External(_) => None,
        }));
    }
    linked
}
