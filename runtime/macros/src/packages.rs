//! What the packages from registries and git that a function reaches are compiled with.
//!
//! Cargo unites the features that all asked for what it builds just now, tests included, and no build script is told.
//! But each `--extern` of the compiler's arguments names a file that cargo compiled for one set of features, of the
//! package and of all that it uses. What that set is, `features` reads; where it can't, the file's own hash stands for it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use rememo_table::{PackageLine, package_lines};
use sha2::{Digest as _, Sha256};

use crate::compiler::{Compiler, hash};
use crate::features::Notes;
use crate::table::Table;

/// For each package that cached functions of this name reach: what the table calls it, and a digest. A package that can't
/// be found among what is linked is left out; the functions that reach it are opaque then.
pub(crate) fn reached_by(table: &Table, function: &str) -> Vec<(String, String)> {
    let text = table.packages();
    let mut packages: BTreeMap<String, Vec<PackageLine<'_>>> = BTreeMap::new();
    for line in package_lines(&text).flatten().filter(|line| line.function == function) {
        packages.entry(format!("{} {}", line.package, line.version)).or_default().push(line);
    }
    packages.into_iter().filter_map(|(label, lines)| Some((label, known(&lines)?))).collect()
}

/// The digest of the package that these lines tell of, found out once.
fn known(lines: &[PackageLine<'_>]) -> Option<String> {
    static KNOWN: Mutex<BTreeMap<String, Option<String>>> = Mutex::new(BTreeMap::new());
    let compiler = Compiler::this();
    let notes = Notes::of(compiler)?;
    let mut known = KNOWN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let key: String =
        lines.iter().map(|line| format!("{} {} {:?}\n", line.package, line.version, line.names)).collect();
    known.entry(key).or_insert_with(|| digest(compiler, notes, lines)).clone()
}

fn digest(compiler: &Compiler, notes: &Notes, lines: &[PackageLine<'_>]) -> Option<String> {
    let mut units: Vec<String> = Vec::new();
    for line in lines {
        let direct: Vec<String> = compiler.named(&line.names).into_iter().filter_map(hash).collect();
        if direct.is_empty() {
            // Only another dependency uses it. Of what cargo once compiled of it, what is linked counts.
            let mut compiled = notes.units_of(line.package);
            if compiled.len() > 1 {
                compiled.retain(|unit| compiler.links(unit));
            }
            units.extend(compiled);
        } else {
            units.extend(direct);
        }
    }
    units.sort_unstable();
    units.dedup();
    if let [unit] = &*units
        && let Some(features) = notes.features(unit)
    {
        return Some(features);
    }
    if units.is_empty() {
        // It has another name in here, or isn't linked: all that is linked stands for it.
        units = compiler.direct().map(Path::to_owned).filter_map(|path| hash(&path)).collect();
        units.sort_unstable();
    }
    (!units.is_empty()).then(|| hex(&Sha256::digest(format!("rememo units 1\n{}", units.join("\n")))))
}

/// Half of a hash: it only tells sets of features apart.
pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
