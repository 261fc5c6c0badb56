//! What the compiler that runs this macro was asked to do: its own arguments, which a macro's process can see.
//!
//! No variable tells about overflow checks, a dependency's file or the kind of target. The arguments do, but nobody
//! promises them: where they don't read as expected, the answer is "unknown", and whoever asks takes the safe side.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Length of the hash in a file name.
pub(crate) const HASH: usize = 16;

/// The arguments that matter here.
#[derive(Debug, Default)]
pub(crate) struct Compiler {
    /// Whether these are a compiler's arguments at all; an editor's macro server has others.
    known: bool,
    /// `--test`.
    test: bool,
    /// `--crate-type`.
    crate_type: Option<String>,
    /// `--out-dir`.
    out_dir: Option<PathBuf>,
    /// `-C overflow-checks`, the last one.
    overflow_checks: Option<bool>,
    /// Names and files of `--extern name=file`.
    externs: Vec<(String, PathBuf)>,
    /// Folders after `-L dependency=`.
    dependencies: Vec<PathBuf>,
}

impl Compiler {
    /// This process's own.
    pub(crate) fn this() -> &'static Compiler {
        static THIS: OnceLock<Compiler> = OnceLock::new();
        THIS.get_or_init(|| Compiler::read(expanded(std::env::args_os().skip(1))))
    }

    fn read(arguments: Vec<String>) -> Compiler {
        let mut compiler = Compiler::default();
        let mut arguments = arguments.into_iter().peekable();
        while let Some(argument) = arguments.next() {
            // Each option may carry its value behind `=`, glued on (`-Cname`), or as the next argument.
            let mut value = |option: &str| -> Option<String> {
                let rest = argument.strip_prefix(option)?;
                if rest.is_empty() {
                    return arguments.next_if(|_| true);
                }
                match rest.strip_prefix('=') {
                    Some(value) => Some(value.to_owned()),
                    None => (!option.starts_with("--")).then(|| rest.to_owned()),
                }
            };
            if argument == "--test" {
                compiler.test = true;
            } else if let Some(name) = value("--crate-name") {
                compiler.known = !name.is_empty();
            } else if let Some(kind) = value("--crate-type") {
                compiler.crate_type = Some(kind);
            } else if let Some(dir) = value("--out-dir") {
                compiler.out_dir = Some(dir.into());
            } else if let Some(option) = value("--codegen").or_else(|| value("-C")) {
                compiler.codegen(&option);
            } else if let Some(option) = value("--extern") {
                // `--extern options:name=path`, or without a path.
                if let Some((name, path)) = option.split_once('=') {
                    let name = name.rsplit_once(':').map_or(name, |(_, name)| name);
                    compiler.externs.push((name.to_owned(), path.into()));
                }
            } else if let Some(option) = value("-L") {
                let dir = match option.split_once('=') {
                    Some(("dependency" | "crate" | "all", dir)) => Some(dir),
                    Some(_) => None,
                    None => Some(option.as_str()),
                };
                compiler.dependencies.extend(dir.map(PathBuf::from));
            }
        }
        compiler
    }

    fn codegen(&mut self, option: &str) {
        let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
        if name.replace('_', "-") == "overflow-checks" {
            self.overflow_checks = match value {
                None | Some("y" | "yes" | "on" | "true") => Some(true),
                Some(_) => Some(false),
            };
        }
    }

    /// Whether overflow panics, if the arguments say so; without them it is as `debug_assertions` is.
    pub(crate) fn overflow_checks(&self) -> Option<bool> {
        self.overflow_checks
    }

    /// The labels of the targets that this may be; see `rememo_table::select`.
    pub(crate) fn targets(&self, bin_name: Option<&str>) -> Vec<String> {
        if !self.known {
            return vec![String::new()];
        }
        // Cargo puts examples into a folder of that name, whatever is made of them.
        let example = self.out_dir.as_deref().and_then(Path::file_name).is_some_and(|name| name == "examples");
        // Cargo doesn't spell out the crate type where the harness is off.
        let bin = !self.test && self.crate_type.as_deref().is_none_or(|kind| kind == "bin");
        match (bin_name, example) {
            (Some(name), true) => vec![format!("example:{name}")],
            (Some(name), false) => vec![format!("bin:{name}")],
            (None, true) => vec!["example:".to_owned()],
            // A test or bench without the harness.
            (None, false) if bin => vec!["test:".to_owned(), "bench:".to_owned()],
            (None, false) if self.test => vec!["lib".to_owned(), "test:".to_owned(), "bench:".to_owned()],
            (None, false) => vec!["lib".to_owned()],
        }
    }

    /// When cargo started to compile the library `crate_name` that this compilation links: before that moment none of its
    /// files had been read. `None` if it can't be told.
    pub(crate) fn started(&self, crate_name: &str) -> Option<std::time::SystemTime> {
        let mut libraries: Vec<PathBuf> =
            self.direct().filter(|path| is_library_of(path, crate_name)).map(Path::to_owned).collect();
        if libraries.is_empty() {
            libraries = self.indirect(crate_name);
        }
        if libraries.is_empty() && !self.dependencies.is_empty() {
            // A development dependency in an ordinary build: it isn't linked, so none of its files can have been read too early.
            return Some(std::time::SystemTime::now());
        }
        // Of several that it may be, the one that was compiled first is the safe one.
        libraries.iter().map(|library| started(library)).collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// The libraries that code may name, all that `--extern` says.
    pub(crate) fn direct(&self) -> impl Iterator<Item = &Path> {
        self.externs.iter().map(|(_, path)| path.as_path())
    }

    /// The library that code knows by one of these names.
    pub(crate) fn named(&self, names: &[&str]) -> Vec<&Path> {
        self.externs.iter().filter(|(name, _)| names.contains(&name.as_str())).map(|(_, path)| path.as_path()).collect()
    }

    /// The folders in which cargo keeps notes of what it compiled, beside those of the libraries.
    pub(crate) fn notes(&self) -> Vec<PathBuf> {
        let libraries = self.direct().filter_map(Path::parent).chain(self.dependencies.iter().map(PathBuf::as_path));
        let mut notes: Vec<PathBuf> = libraries.filter_map(|dir| Some(dir.parent()?.join(".fingerprint"))).collect();
        notes.sort_unstable();
        notes.dedup();
        notes
    }

    /// Whether the library whose file name ends in `-hash` is one of those that are linked, directly or not.
    pub(crate) fn links(&self, hash: &str) -> bool {
        static LINKED: OnceLock<BTreeSet<String>> = OnceLock::new();
        LINKED.get_or_init(|| self.direct().flat_map(hashes_in).collect()).contains(hash)
    }

    /// The files of a library that only our dependencies name.
    fn indirect(&self, crate_name: &str) -> Vec<PathBuf> {
        let mut candidates = Vec::new();
        for dir in &self.dependencies {
            let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
            candidates.extend(entries.map(|entry| entry.path()).filter(|path| is_library_of(path, crate_name)));
        }
        let hashes: BTreeSet<_> = candidates.iter().filter_map(|path| hash(path)).collect();
        if hashes.len() > 1 {
            // The folder also keeps what other features and compilers left.
            let named = |path: &PathBuf| hash(path).is_some_and(|hash| self.links(&hash));
            let linked: Vec<PathBuf> = candidates.iter().filter(|path| named(path)).cloned().collect();
            if !linked.is_empty() {
                return linked;
            }
        }
        candidates
    }
}

/// Arguments with `@file` replaced by the file's lines.
fn expanded(arguments: impl Iterator<Item = OsString>) -> Vec<String> {
    let mut out = Vec::new();
    for argument in arguments {
        let argument = argument.to_string_lossy().into_owned();
        match argument.strip_prefix('@').map(std::fs::read_to_string) {
            Some(Ok(lines)) => out.extend(lines.lines().map(str::to_owned)),
            _ => out.push(argument),
        }
    }
    out
}

fn is_library_of(path: &Path, crate_name: &str) -> bool {
    let library = matches!(path.extension().and_then(|e| e.to_str()), Some("rmeta" | "rlib" | "so" | "dylib" | "dll"));
    let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { return false };
    let stem = stem.strip_prefix("lib").unwrap_or(stem);
    library && stem.strip_prefix(crate_name).is_some_and(|rest| rest.starts_with('-'))
}

/// What cargo appends to the file names of a library and of all that it was compiled with: its metadata spells those out.
fn hashes_in(library: &Path) -> Vec<String> {
    let Ok(bytes) = std::fs::read(library) else { return Vec::new() };
    let mut hashes: Vec<String> = hash(library).into_iter().collect();
    let (mut rest, mut skipped) = (bytes.as_slice(), Vec::new());
    // The standard library's search is compiled with optimizations, a loop in here nearly always without.
    while rest.read_until(b'-', &mut skipped).is_ok_and(|n| n > 0) {
        skipped.clear();
        if let Some(hash) = rest.get(..HASH).filter(|hash| hash.iter().all(u8::is_ascii_hexdigit)) {
            hashes.push(String::from_utf8_lossy(hash).into_owned());
        }
    }
    hashes
}

/// What cargo appends to a unit's file names.
pub(crate) fn hash(library: &Path) -> Option<String> {
    Some(library.file_stem()?.to_str()?.rsplit_once('-')?.1.to_owned())
}

/// Reads the time of cargo's own note, which it writes right before it starts the compiler: `.fingerprint/NAME-HASH/invoked.timestamp`
/// beside the folder of the library. The library's own time would not do: a file saved while it was compiled is older.
fn started(library: &Path) -> Option<std::time::SystemTime> {
    let hash = hash(library)?;
    let notes = library.parent()?.parent()?.join(".fingerprint");
    let suffix = format!("-{hash}");
    let mut times = Vec::new();
    for entry in std::fs::read_dir(notes).ok()?.flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.ends_with(&suffix)) {
            times.push(std::fs::metadata(entry.path().join("invoked.timestamp")).ok()?.modified().ok()?);
        }
    }
    times.into_iter().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiler(line: &str) -> Compiler {
        Compiler::read(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn the_last_overflow_setting_wins_in_every_spelling() {
        assert_eq!(compiler("--crate-name a src/lib.rs").overflow_checks(), None);
        assert_eq!(compiler("-C overflow-checks=off -Coverflow-checks=on").overflow_checks(), Some(true));
        assert_eq!(compiler("-C overflow-checks --codegen overflow_checks=no").overflow_checks(), Some(false));
        assert_eq!(compiler("--codegen=overflow-checks=y").overflow_checks(), Some(true));
    }

    #[test]
    fn targets_are_told_apart_as_far_as_the_arguments_do() {
        let lib = compiler("--crate-name a src/lib.rs --crate-type lib --out-dir target/debug/deps");
        assert_eq!(lib.targets(None), ["lib"]);
        let bin = compiler("--crate-name a src/main.rs --crate-type bin --out-dir target/debug/deps");
        assert_eq!(bin.targets(Some("a")), ["bin:a"]);
        let example = compiler("--crate-name e examples/e.rs --crate-type bin --out-dir target/debug/examples");
        assert_eq!(example.targets(Some("e")), ["example:e"]);
        let test = compiler("--crate-name a src/lib.rs --test --out-dir target/debug/deps");
        assert_eq!(test.targets(None), ["lib", "test:", "bench:"]);
        let bench = compiler("--crate-name b benches/b.rs --cfg test --out-dir target/release/deps");
        assert_eq!(bench.targets(None), ["test:", "bench:"], "a bench without the harness");
        assert_eq!(compiler("").targets(None), [""]);
    }

    #[test]
    fn libraries_have_the_name_that_code_knows_them_by() {
        let compiler =
            compiler("--extern a=deps/libb-01.rlib --extern=priv,noprelude:c=deps/libc-02.rmeta --extern std");
        assert_eq!(compiler.named(&["a", "b"]), [Path::new("deps/libb-01.rlib")]);
        assert_eq!(compiler.named(&["c"]), [Path::new("deps/libc-02.rmeta")]);
        assert_eq!(compiler.direct().count(), 2);
    }

    #[test]
    fn a_librarys_metadata_names_all_that_it_was_compiled_with() {
        let path = std::env::temp_dir().join(format!("librememo_{}-0123456789abcdef.rmeta", std::process::id()));
        std::fs::write(&path, b"\0--fedcba9876543210\xff a-b -00112233445566778899 -0011").unwrap();
        assert_eq!(hashes_in(&path), ["0123456789abcdef", "fedcba9876543210", "0011223344556677"]);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_library_is_found_by_its_crate_name() {
        assert!(is_library_of(Path::new("deps/libab_c-0123.rmeta"), "ab_c"));
        assert!(!is_library_of(Path::new("deps/libab_c-0123.rmeta"), "ab"));
        assert!(!is_library_of(Path::new("deps/libab_c-0123.d"), "ab_c"));
    }
}
