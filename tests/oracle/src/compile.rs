//! Builds an entry of the corpus with the ordinary compiler and keeps the IR of its members.
//!
//! Cargo runs this program in the compiler's place for members of the workspace (`RUSTC_WORKSPACE_WRAPPER`); it adds the
//! flags and notes what was compiled. Method: `research/callgraph.md`, section 6.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde::{Deserialize, Serialize};

use crate::corpus::{Entry, Laid, cargo, run};
use crate::error::OracleError;

/// The folder of IR and notes within a workspace of the corpus.
const NOTES_FOLDER: &str = "compiled";

/// Tells the wrapper where that folder is.
const NOTES: &str = "REMEMO_ORACLE_NOTES";

/// What a note holds; another number for other fields.
const FORM: u32 = 1;

/// Bodies as they are written, one module per crate, names and lines for all of them. Without `no-prepopulate-passes`,
/// functions that must be inlined lose their definitions; without `link-dead-code`, `#[inline]` ones that nobody calls.
const FLAGS: [&str; 7] = [
    "-Copt-level=0",
    "-Ccodegen-units=1",
    "-Cno-prepopulate-passes",
    "-Csymbol-mangling-version=v0",
    "-Clink-dead-code",
    "-Cdebuginfo=2",
    "--cap-lints=allow",
];

/// One crate that the compiler compiled.
#[derive(Debug, Serialize, Deserialize)]
pub struct Unit {
    /// Its name in code.
    pub crate_name: String,
    /// Its root file.
    pub root: PathBuf,
    /// Whether with `cfg(test)`.
    pub test: bool,
    /// The features of its package.
    pub features: Vec<String>,
    /// What its package's build script made.
    #[serde(default)]
    pub out_dir: Option<PathBuf>,
    /// Its IR.
    pub ir: PathBuf,
}

/// Builds libraries, binaries and tests of an entry.
///
/// # Errors
/// [`OracleError::Cargo`] with the compiler's words.
pub fn build(entry: &Entry, laid: &Laid, target: &Path, wrapper: &Path) -> Result<(), OracleError> {
    let notes = laid.root.join(NOTES_FOLDER);
    fs::create_dir_all(&notes).map_err(OracleError::file(&notes))?;
    forget(entry, laid, target, wrapper, &notes)?;
    let tests = entry.tests.clone().unwrap_or_else(|| ["--lib", "--bins", "--tests"].map(str::to_owned).to_vec());
    let plain: Vec<String> = tests.iter().filter(|it| ["--lib", "--bins"].contains(&it.as_str())).cloned().collect();
    for (verb, targets) in [(&["build"][..], &plain), (&["test", "--no-run"], &tests)] {
        let mut command = cargo();
        command
            .args(verb)
            .args(["--workspace", "--locked"])
            .args(targets)
            .args(&entry.arguments)
            .current_dir(&laid.root)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_PROFILE_TEST_DEBUG", "0")
            .env("RUSTC_WORKSPACE_WRAPPER", wrapper)
            .env(NOTES, &notes)
            .env_remove("RUSTFLAGS");
        run(&mut command)?;
    }
    Ok(())
}

/// Removes what was compiled otherwise: cargo knows which program compiles, not how, and keeps what others compiled.
fn forget(entry: &Entry, laid: &Laid, target: &Path, wrapper: &Path, notes: &Path) -> Result<(), OracleError> {
    let how = (FORM, FLAGS, &entry.arguments, &entry.tests);
    let stamp = format!("{} {how:?}", wrapper.display());
    let path = notes.join("by");
    if fs::read_to_string(&path).is_ok_and(|known| known == stamp) {
        return Ok(());
    }
    let mut clean = cargo();
    clean.arg("clean");
    for (package, manifest) in entry.packages.iter().zip(&laid.members) {
        // A package may use an older version of itself: the folder's name has this one's.
        let folder = manifest.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let version = folder.strip_prefix(package.as_str()).unwrap_or_default().replacen('-', "@", 1);
        clean.args(["-p", &format!("{package}{version}")]);
    }
    run(clean.current_dir(&laid.root).env("CARGO_TARGET_DIR", target))?;
    fs::remove_dir_all(notes).map_err(OracleError::file(notes))?;
    fs::create_dir_all(notes).map_err(OracleError::file(notes))?;
    fs::write(&path, stamp).map_err(OracleError::file(path))
}

/// What was compiled of an entry, sorted.
///
/// # Errors
/// [`OracleError::File`], [`OracleError::Unit`], [`OracleError::Nothing`] if nothing was.
pub fn units(laid: &Laid) -> Result<Vec<Unit>, OracleError> {
    let notes = laid.root.join(NOTES_FOLDER);
    let mut units = Vec::new();
    for file in fs::read_dir(&notes).map_err(OracleError::file(&notes))? {
        let path = file.map_err(OracleError::file(&notes))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read(&path).map_err(OracleError::file(&path))?;
            units.push(serde_json::from_slice(&text).map_err(|source| OracleError::Unit { path, source })?);
        }
    }
    if units.is_empty() {
        return Err(OracleError::Nothing { path: notes });
    }
    units.sort_by(|a: &Unit, b: &Unit| (&a.root, a.test, &a.ir).cmp(&(&b.root, b.test, &b.ir)));
    Ok(units)
}

/// Does the compiler's part, if cargo runs this program in its place.
pub fn in_place_of_compiler() -> Option<ExitCode> {
    let notes = PathBuf::from(std::env::var_os(NOTES)?);
    let mut arguments = std::env::args_os().skip(1);
    let compiler = arguments.next()?;
    let arguments: Vec<OsString> = arguments.collect();
    Some(match compile(&notes, &compiler, &arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    })
}

fn compile(notes: &Path, compiler: &OsString, arguments: &[OsString]) -> Result<ExitCode, OracleError> {
    let words: Vec<String> = arguments.iter().map(|it| it.to_string_lossy().into_owned()).collect();
    let after = |key: &str| words.iter().position(|word| word == key).and_then(|at| words.get(at + 1)).cloned();
    let mut command = Command::new(compiler);
    command.args(arguments);
    let name = after("--crate-name").filter(|name| name != "___" && !name.starts_with("build_script_"));
    let mut compiled = None;
    let is_proc_macro = words.iter().any(|word| word == "proc-macro");
    if let Some(crate_name) = name.filter(|_| !is_proc_macro) {
        let suffix = words.iter().find_map(|word| word.strip_prefix("extra-filename=")).unwrap_or_default();
        let ir = notes.join(format!("{crate_name}{suffix}.ll"));
        let root = words.iter().find(|word| word.ends_with(".rs")).map(PathBuf::from).unwrap_or_default();
        let root = std::env::current_dir().map_err(OracleError::file("."))?.join(root);
        let feature = |word: &String| Some(word.strip_prefix("feature=\"")?.strip_suffix('"')?.to_owned());
        let features = words.iter().filter_map(feature).collect();
        let out_dir = std::env::var_os("OUT_DIR").map(PathBuf::from);
        let test = words.iter().any(|word| word == "--test");
        let unit = Unit { crate_name, root, test, features, out_dir, ir };
        command.args(FLAGS).arg(format!("--emit=llvm-ir={}", unit.ir.display()));
        compiled = Some(unit);
    }
    let status = command.status().map_err(OracleError::file(compiler))?;
    if !status.success() {
        return Ok(ExitCode::FAILURE);
    }
    if let Some(unit) = compiled {
        let path = unit.ir.with_extension("json");
        let text = serde_json::to_vec(&unit).map_err(|source| OracleError::Unit { path: path.clone(), source })?;
        fs::write(&path, text).map_err(OracleError::file(path))?;
    }
    Ok(ExitCode::SUCCESS)
}
