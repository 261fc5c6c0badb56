//! The last step of a fingerprint, at run time: the table's source hash, the configuration and, where no source hash can
//! pin a function, the content of the running executable.
//!
//! It may only ever add: two fingerprints that differ in the table never become the same.

use std::io::Read as _;
use std::sync::OnceLock;

use rememo_table::{Configuration, Entry};
use sha2::{Digest as _, Sha256};

use crate::record::Digest;
use crate::site::Build;

/// The fingerprint of a function that these entries may describe: one entry, or all that can't be told apart.
///
/// `None` if it needs the executable's content and that can't be read.
pub(crate) fn fingerprint(entries: &[&Entry], build: &Build) -> Option<Digest> {
    let mut hash = Sha256::new();
    if let [entry] = entries {
        hash.update(entry.source);
        hash.update(configuration(entry, build).bytes());
        if !is_opaque(entries, build) {
            return Some(hash.finalize().into());
        }
    } else {
        let mut each: Vec<Digest> = entries
            .iter()
            .map(|entry| {
                let mut hash = Sha256::new();
                hash.update(entry.source);
                hash.update(configuration(entry, build).bytes());
                hash.finalize().into()
            })
            .collect();
        each.sort_unstable();
        hash.update(b"rememo union 1\n");
        each.iter().for_each(|digest| hash.update(digest));
    }
    if is_opaque(entries, build) {
        hash.update(b"rememo executable 1\n");
        hash.update(executable()?);
    }
    Some(hash.finalize().into())
}

/// Whether no source hash can pin the function.
pub(crate) fn is_opaque(entries: &[&Entry], build: &Build) -> bool {
    let unseen = |entry: &Entry| packages(entry, build).count() < entry.packages.len();
    build.stale || entries.iter().any(|entry| !entry.opaque.is_empty() || unseen(entry))
}

/// What the packages are compiled with that an entry reaches, as far as the attribute could see it.
pub(crate) fn packages(entry: &Entry, build: &Build) -> impl Iterator<Item = (&'static str, &'static str)> {
    let (reached, seen) = (entry.packages, build.packages);
    reached.iter().filter_map(|package| seen.iter().find(|(seen, _)| seen == package).copied())
}

/// The configuration that an entry was compiled under.
pub(crate) fn configuration<'a>(entry: &Entry, build: &Build) -> Configuration<'a> {
    Configuration::new(
        entry.fixed.iter().copied(),
        entry.cfgs.iter().copied(),
        entry.envs.iter().copied(),
        build.debug_assertions,
        build.overflow_checks,
    )
    .with_packages(packages(entry, build))
}

/// SHA-256 of the running executable, read once.
pub(crate) fn executable() -> Option<Digest> {
    static DIGEST: OnceLock<Option<Digest>> = OnceLock::new();
    *DIGEST.get_or_init(|| {
        // Linux keeps the file that runs within reach even when a build has replaced it at its path.
        let mut file = match std::fs::File::open("/proc/self/exe") {
            Ok(file) => file,
            Err(_) => std::fs::File::open(std::env::current_exe().ok()?).ok()?,
        };
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer).ok()? {
                0 => return Some(hash.finalize().into()),
                n => hash.update(&buffer[..n]),
            }
        }
    })
}
