//! What a run of the hook found on the disk besides sources, and whether it would find the same now.
//!
//! Every fact is looked at the same way twice, and compared whole. What may have changed while the run that found it was
//! under way is no fact.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

use crate::lock::Locked;
use crate::registry::Registry;
use crate::workspace::{Workspace, cargo_home};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Look {
    /// What a file holds, if there is one.
    Content = b'c',
    /// The same of what nobody else may read: cargo's configuration may hold a registry's token.
    Digest = b'd',
    /// What is in a folder, and what of it makes targets and packages.
    Folder = b'f',
    /// Whether there is a file, a folder or nothing.
    Kind = b'k',
    /// When a file was last changed.
    Stamp = b's',
}

impl Look {
    /// The look of a byte.
    pub(crate) fn of(byte: u8) -> Option<Look> {
        [Look::Content, Look::Digest, Look::Folder, Look::Kind, Look::Stamp]
            .into_iter()
            .find(|look| *look as u8 == byte)
    }

    /// What is there now.
    pub(crate) fn at(self, path: &Path) -> Vec<u8> {
        match self {
            Look::Content => fs::read(path).map_or_else(
                |_| Vec::new(),
                |mut content| {
                    content.push(b'.');
                    content
                },
            ),
            Look::Digest => fs::read(path).map_or_else(|_| Vec::new(), |content| Sha256::digest(content).to_vec()),
            Look::Folder => folder(path),
            Look::Kind => vec![kind(path) as u8],
            Look::Stamp => Stamp::of(path).map_or_else(Vec::new, |stamp| stamp.0.to_vec()),
        }
    }
}

/// What there is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Nothing = b'-',
    File = b'f',
    Folder = b'd',
}

/// What there is at a path.
pub(crate) fn kind(path: &Path) -> Kind {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Kind::Folder,
        Ok(_) => Kind::File,
        Err(_) => Kind::Nothing,
    }
}

fn folder(path: &Path) -> Vec<u8> {
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let mut names: Vec<Vec<u8>> = Vec::new();
    for entry in entries.flatten() {
        let mut name = entry.file_name().into_encoded_bytes();
        // Cargo finds a program in a folder, and a package by its manifest.
        if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            for inside in ["main.rs", "Cargo.toml", "CACHEDIR.TAG"] {
                name.extend([b'/', kind(&entry.path().join(inside)) as u8]);
            }
        }
        names.push(name);
    }
    names.sort_unstable();
    let mut all = names.join(&0);
    all.push(b'.');
    all
}

/// When and how a file was last changed, as its file system has it: while this is the same, so is what the file holds.
///
/// The system sets the time of the last change by itself, whatever a program says of a file's modification, so that this
/// asks for more than cargo, which trusts modification times alone. And whoever trusts it in vain is found out: the
/// attribute hashes the files again when it expands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp(pub(crate) [u8; Stamp::LEN]);

impl Stamp {
    /// Device, number, length, then seconds and nanoseconds of two times.
    pub(crate) const LEN: usize = 56;

    /// The stamp of a file that is there.
    pub(crate) fn of(path: &Path) -> Option<Stamp> {
        Stamp::from(&fs::metadata(path).ok()?)
    }

    /// The stamp of what is not a folder; nothing on systems that don't tell when a file was changed.
    #[cfg(unix)]
    pub(crate) fn from(metadata: &fs::Metadata) -> Option<Stamp> {
        use std::os::unix::fs::MetadataExt;
        let mut stamp = [0; Stamp::LEN];
        let parts = [
            metadata.dev(),
            metadata.ino(),
            metadata.size(),
            metadata.mtime() as u64,
            metadata.mtime_nsec() as u64,
            metadata.ctime() as u64,
            metadata.ctime_nsec() as u64,
        ];
        for (part, into) in parts.into_iter().zip(stamp.as_chunks_mut::<8>().0) {
            *into = part.to_le_bytes();
        }
        (!metadata.is_dir()).then_some(Stamp(stamp))
    }

    #[cfg(not(unix))]
    pub(crate) fn from(_: &fs::Metadata) -> Option<Stamp> {
        None
    }

    /// Whether the file was as it is well before a moment. A change in the same tick of the clock leaves no trace; a time
    /// without a fraction may be that of a file system that counts seconds, at most two of them at once.
    pub(crate) fn is_before(self, moment: SystemTime) -> bool {
        let part = |at: usize| self.0.as_chunks::<8>().0.get(at).map_or(0, |part| u64::from_le_bytes(*part));
        is_before(Duration::new(part(5), part(6) as u32), moment)
            && is_before(Duration::new(part(3), part(4) as u32), moment)
    }
}

fn is_before(time: Duration, moment: SystemTime) -> bool {
    let tick = if time.subsec_nanos() == 0 { Duration::from_secs(2) } else { Duration::from_millis(50) };
    let moment = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    time.checked_add(tick).is_some_and(|end| end < moment)
}

/// Whether a path was as it is well before a moment; a path where nothing is, as well.
#[cfg(unix)]
fn is_settled(path: &Path, moment: SystemTime) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).map_or(true, |metadata| {
        is_before(Duration::new(metadata.ctime() as u64, metadata.ctime_nsec() as u32), moment)
    })
}

#[cfg(not(unix))]
fn is_settled(_: &Path, _: SystemTime) -> bool {
    false
}

/// What was looked at, and what was there.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) list: Vec<(Look, PathBuf, Vec<u8>)>,
}

impl Facts {
    /// What says which packages there are, what they are called, and what is compiled of them.
    pub(crate) fn of(workspace: &Workspace, manifest: &Path, programs: &[PathBuf]) -> Facts {
        let mut facts = Facts::default();
        let dir = manifest.parent().unwrap_or(Path::new(""));
        for program in programs.iter().filter(|program| program.is_absolute()) {
            facts.add(Look::Stamp, program.clone());
        }
        for path in workspace.files() {
            facts.add(Look::Content, path.to_owned());
        }
        facts.add(Look::Content, workspace.root().join("Cargo.lock"));
        if let Some(script) = workspace.build_script(manifest) {
            facts.add(Look::Content, script.to_owned());
        }
        // Cargo was started in some folder, and configured for it.
        let mut configured: Vec<PathBuf> =
            dir.ancestors().chain(workspace.root().ancestors()).map(|a| a.join(".cargo")).collect();
        configured.extend(cargo_home());
        for name in ["config", "config.toml"] {
            configured.iter().for_each(|folder| facts.add(Look::Digest, folder.join(name)));
        }
        for package in workspace.manifests.iter().map(|manifest| manifest.dir()) {
            for folder in ["src/bin", "examples", "tests", "benches"] {
                facts.add(Look::Folder, package.join(folder));
            }
            for file in ["src/lib.rs", "src/main.rs", "build.rs", "README.md", "README.txt", "README"] {
                facts.add(Look::Kind, package.join(file));
            }
            // A manifest above may become the workspace's.
            package.ancestors().for_each(|above| facts.add(Look::Kind, above.join("Cargo.toml")));
        }
        for above in dir.ancestors() {
            facts.add(Look::Kind, above.join(".cargo-ok"));
            facts.add(Look::Kind, above.join(".cargo-checksum.json"));
        }
        facts.unpacked(workspace);
        facts.list.sort_unstable();
        facts.list.dedup();
        facts.list.iter_mut().for_each(|(look, path, found)| *found = look.at(path));
        facts
    }

    fn add(&mut self, look: Look, path: PathBuf) {
        self.list.push((look, path, Vec::new()));
    }

    fn look(&mut self, look: Look, path: &Path) {
        self.list.push((look, path.to_owned(), look.at(path)));
    }

    /// The packages that cargo has unpacked, or not yet.
    fn unpacked(&mut self, workspace: &Workspace) {
        let registry = Registry::of_user();
        for root in registry.roots() {
            // What is in it are packages: whether those are there that matter.
            self.add(Look::Kind, root.to_owned());
            let locked = workspace.lock.iter().flat_map(|lock| &lock.packages);
            for Locked { name, version, .. } in locked.filter(|package| package.source.is_some()) {
                self.add(Look::Kind, root.join(format!("{name}-{version}")));
            }
        }
        if let Some(home) = cargo_home() {
            self.add(Look::Folder, home.join("registry").join("src"));
        }
    }

    /// A missing file, and what there is on the way to it.
    pub(crate) fn add_missing(&mut self, path: &Path) {
        self.look(Look::Kind, path);
        for above in path.ancestors().skip(1) {
            self.look(Look::Kind, above);
            if above.is_dir() {
                break;
            }
        }
    }

    /// All that is in a folder.
    pub(crate) fn add_folder(&mut self, path: &Path) {
        self.look(Look::Folder, path);
    }

    /// What was written, and must stay as it is.
    pub(crate) fn add_written(&mut self, path: &Path) {
        self.look(Look::Stamp, path);
    }

    /// Whether what the facts say held all the while since `started`.
    pub(crate) fn are_settled(&self, started: SystemTime) -> bool {
        let changes =
            |(look, ..): &&(Look, PathBuf, Vec<u8>)| matches!(look, Look::Content | Look::Digest | Look::Folder);
        let registry = Registry::of_user();
        self.list.iter().filter(changes).all(|(_, path, _)| is_settled(path, started))
            && registry.roots().iter().all(|root| is_settled(root, started))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_another_after_any_change_whatever_the_file_says_of_its_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.rs");
        fs::write(&path, "1").unwrap();
        let (before, modified) = (Stamp::of(&path), fs::metadata(&path).unwrap().modified().unwrap());
        assert!(before.is_some() && Stamp::of(&path) == before);
        std::thread::sleep(Duration::from_millis(50));
        fs::write(&path, "2").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified);
        assert_ne!(Stamp::of(&path), before);
        assert_eq!(Stamp::of(dir.path()), None, "a folder has none");
    }

    #[test]
    fn what_changed_in_the_tick_of_a_moment_is_not_before_it() {
        let moment = UNIX_EPOCH + Duration::from_secs(1_000);
        for (time, before) in [
            (Duration::new(999, 900_000_000), true),
            (Duration::new(999, 990_000_000), false),
            (Duration::new(1_000, 1), false),
            (Duration::from_secs(999), false),
            (Duration::from_secs(998), false),
            (Duration::from_secs(997), true),
        ] {
            assert_eq!(is_before(time, moment), before, "{time:?}");
        }
    }

    #[test]
    fn every_look_sees_what_it_is_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let seen = || {
            let looks = [
                (Look::Content, "a"),
                (Look::Kind, "a"),
                (Look::Folder, ""),
                (Look::Folder, "none"),
                (Look::Digest, "a"),
            ];
            looks.map(|(look, name)| look.at(&path(name)))
        };
        let nothing = seen();
        fs::write(path("a"), "").unwrap();
        let empty = seen();
        assert_ne!((&nothing[0], &nothing[1], &nothing[2]), (&empty[0], &empty[1], &empty[2]), "an empty file is one");
        assert_ne!(nothing[4], empty[4], "an empty file is one");
        fs::write(path("a"), "token = \"secret\"").unwrap();
        let secret = seen();
        assert!(
            secret[4] != empty[4] && !secret[4].windows(6).any(|word| word == b"secret"),
            "nobody can read it there"
        );
        fs::create_dir(path("more")).unwrap();
        let more = seen();
        fs::write(path("more/main.rs"), "").unwrap();
        let program = seen();
        assert!(empty[2] != more[2] && more[2] != program[2], "a folder with a program in it is one");
        assert_ne!(more[2], more[3], "a folder that isn't there");
        assert_eq!(Look::of(Look::Folder as u8), Some(Look::Folder));
    }
}
