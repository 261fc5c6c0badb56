//! Whether what the build hook read is what the compiler compiles.
//!
//! A file may be saved after the hook read it and before the compiler did, or a dependency's after it was compiled and
//! before the hook read it. Then the table's fingerprints belong to other code than the binary, and a stored result would
//! be found under the wrong one, for good: both were reproduced, and people whose editor builds on every save do this all
//! day. So the files are hashed again here, while the compiler runs. Any doubt makes all functions of the crate opaque.

use std::path::Path;
use std::sync::Mutex;
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use crate::compiler::Compiler;

/// Whether the table of `directory` can't be trusted to describe what is compiled. Asked for each function, found out once.
pub(crate) fn is_stale(directory: &Path) -> bool {
    static KNOWN: Mutex<Vec<(std::path::PathBuf, bool)>> = Mutex::new(Vec::new());
    // An editor's macro server serves many crates from one process, so the answer is kept by folder.
    let mut known = KNOWN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some((_, answer)) = known.iter().find(|(path, _)| path == directory) {
        return *answer;
    }
    let answer = !is_current(directory, |crate_name| Compiler::this().started(crate_name)).unwrap_or(false);
    known.push((directory.to_owned(), answer));
    answer
}

/// `None` if it can't be told.
fn is_current(directory: &Path, started: impl Fn(&str) -> Option<SystemTime>) -> Option<bool> {
    let written = read_until(directory)?;
    let sources = std::fs::read_to_string(directory.join("sources")).ok()?;
    let mut dependency: Option<(&str, Option<SystemTime>)> = None;
    for line in sources.lines() {
        let mut parts = line.splitn(3, '\t');
        let (hash, owner, path) = (parts.next()?, parts.next()?, Path::new(parts.next()?));
        // A file may also be saved, read by the compiler and saved back before this looks: its time tells.
        let changed = modified(path)?;
        let unread_until = if owner == "-" {
            Some(written)
        } else {
            if dependency.is_none_or(|(name, _)| name != owner) {
                dependency = Some((owner, started(owner)));
            }
            dependency.and_then(|(_, time)| time)
        };
        if changed > unread_until? || !has_content(path, hash) {
            return Some(false);
        }
    }
    Some(true)
}

/// When the hook last ran. It may leave its files alone if nothing in them changes; cargo's note beside `OUT_DIR`, where it
/// keeps one, tells of every run.
fn read_until(directory: &Path) -> Option<SystemTime> {
    let own = modified(&directory.join("hook"))?;
    let note = directory.parent().and_then(Path::parent).and_then(|dir| modified(&dir.join("invoked.timestamp")));
    Some(note.map_or(own, |note| note.max(own)))
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

fn has_content(path: &Path, hash: &str) -> bool {
    let Ok(content) = std::fs::read(path) else { return false };
    let digest = Sha256::digest(content);
    hash.len() == 64
        && digest.iter().enumerate().all(|(i, byte)| hash.get(2 * i..2 * i + 2) == Some(&format!("{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;

    /// A table over one file of ours and one of the dependency `dep`, and the moment when it was written.
    fn table(name: &str) -> (PathBuf, SystemTime) {
        let dir = std::env::temp_dir().join(format!("rememo-staleness-{}-{name}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let mut sources = String::new();
        for (owner, file) in [("-", "ours.rs"), ("dep", "theirs.rs")] {
            let path = dir.join(file);
            fs::write(&path, owner).unwrap();
            let hash: String = Sha256::digest(owner).iter().map(|b| format!("{b:02x}")).collect();
            sources += &format!("{hash}\t{owner}\t{}\n", path.display());
        }
        fs::write(dir.join("sources"), sources).unwrap();
        fs::write(dir.join("hook"), "").unwrap();
        let now = modified(&dir.join("hook")).unwrap();
        (dir, now)
    }

    fn save(path: &Path, content: &str, time: SystemTime) {
        fs::write(path, content).unwrap();
        fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    }

    #[test]
    fn a_table_over_unchanged_files_is_current() {
        let (dir, now) = table("same");
        assert_eq!(is_current(&dir, |_| Some(now)), Some(true));
    }

    #[test]
    fn a_file_saved_after_the_hook_read_it_is_noticed_even_when_it_is_saved_back() {
        let (dir, now) = table("saved");
        save(&dir.join("ours.rs"), "new", now - Duration::from_secs(5));
        assert_eq!(is_current(&dir, |_| Some(now)), Some(false));
        save(&dir.join("ours.rs"), "-", now + Duration::from_secs(5));
        assert_eq!(is_current(&dir, |_| Some(now)), Some(false));
        save(&dir.join("ours.rs"), "-", now);
        assert_eq!(is_current(&dir, |_| Some(now)), Some(true));
    }

    #[test]
    fn a_dependency_saved_after_it_was_compiled_is_noticed() {
        let (dir, now) = table("dependency");
        assert_eq!(is_current(&dir, |_| Some(now - Duration::from_secs(60))), Some(false));
        assert_eq!(is_current(&dir, |_| None), None, "unknown is not current");
    }

    #[test]
    fn a_missing_file_is_not_current() {
        let (dir, now) = table("missing");
        fs::remove_file(dir.join("theirs.rs")).unwrap();
        assert_ne!(is_current(&dir, |_| Some(now)), Some(true));
    }
}
