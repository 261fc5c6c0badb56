//! The features that a package and all that it uses are compiled with, from the notes that cargo keeps of each compilation.
//!
//! `.fingerprint/NAME-HASH/lib-NAME.json` holds the features and what else was linked, `lib-NAME` the number by which
//! others refer to it. Nobody promises the form of these notes. Where they don't read as expected, the answer is "unknown",
//! and the hash in the file name has to do: it covers the same and more, as the level of optimization.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use crate::compiler::{Compiler, HASH};
use crate::packages::hex;

/// How long a compilation that is still under way is waited for. A library is compiled while the last of its dependencies
/// are still turned into machine code, and only then cargo writes its notes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A note that was begun longer ago is of a build that was interrupted.
const INTERRUPTED: Duration = Duration::from_secs(600);

/// The longest time between the two parts of a note.
const WRITING: Duration = Duration::from_secs(5);

/// The notes of the target folders that a compilation uses.
pub(crate) struct Notes {
    folders: Vec<PathBuf>,
    /// When waiting ends, for all packages together.
    until: Mutex<Option<Instant>>,
}

/// Why there are no features.
#[derive(Debug, PartialEq, Eq)]
enum Missing {
    /// The compilation may be under way.
    Yet,
    /// The notes don't read.
    Unreadable,
}

/// What one note says.
#[derive(Debug, PartialEq, Eq)]
struct Note {
    features: String,
    /// Name, and number of its own note, of each direct dependency.
    dependencies: Vec<(String, String)>,
}

impl Notes {
    /// The notes of what this compiler links; `None` if nothing tells what that is.
    pub(crate) fn of(compiler: &Compiler) -> Option<&'static Notes> {
        static NOTES: OnceLock<Notes> = OnceLock::new();
        compiler.direct().next()?;
        Some(NOTES.get_or_init(|| Notes { folders: compiler.notes(), until: Mutex::new(None) }))
    }

    /// Hashes of all libraries that were ever compiled of a package.
    pub(crate) fn units_of(&self, package: &str) -> Vec<String> {
        let all = self.units().into_iter().filter(|unit| unit.package == package);
        let mut libraries: Vec<String> = all
            .filter(|unit| unit.numbers().iter().any(|(file, _)| file.starts_with("lib-")))
            .map(|u| u.hash)
            .collect();
        libraries.sort_unstable();
        libraries.dedup();
        libraries
    }

    /// A digest of the features of the library of this hash and of all that it uses, and of what uses what.
    pub(crate) fn features(&self, hash: &str) -> Option<String> {
        loop {
            let units = self.units();
            let reader = Reader { units: &units, known: RefCell::default() };
            match reader.library(hash) {
                Ok(features) => return Some(features),
                Err(Missing::Unreadable) => return None,
                Err(Missing::Yet) => {}
            }
            let mut until = self.until.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if *until.get_or_insert_with(|| Instant::now() + PATIENCE) < Instant::now() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn units(&self) -> Vec<Unit> {
        let entries = self.folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
        let unit = |entry: std::fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let (package, hash) = name.rsplit_once('-').filter(|(_, hash)| hash.len() == HASH)?;
            Some(Unit {
                package: package.to_owned(),
                hash: hash.to_owned(),
                folder: entry.path(),
                numbers: OnceLock::new(),
            })
        };
        entries.filter_map(unit).collect()
    }
}

/// What cargo compiled at once: a package's library, its build script, a run of that.
struct Unit {
    package: String,
    hash: String,
    folder: PathBuf,
    /// Files without an ending, and what they hold.
    numbers: OnceLock<Vec<(String, String)>>,
}

impl Unit {
    /// The kinds of the notes, and their numbers; empty while the compilation is under way.
    fn numbers(&self) -> &[(String, String)] {
        self.numbers.get_or_init(|| {
            let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            // Whatever the unit is, its note has a JSON file beside it.
            let notes = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned));
            let number = |name: &String| std::fs::read_to_string(self.folder.join(name)).unwrap_or_default();
            notes.map(|name| (number(&name), name)).map(|(number, name)| (name, number.trim().to_owned())).collect()
        })
    }

    fn is_under_way(&self) -> bool {
        let started = std::fs::metadata(self.folder.join("invoked.timestamp")).and_then(|data| data.modified());
        let age = started.ok().and_then(|time| time.elapsed().ok());
        let open = self.numbers().is_empty() || self.numbers().iter().any(|(_, number)| number.is_empty());
        open && age.is_some_and(|age| age < INTERRUPTED)
    }

    fn note(&self, file: &str) -> Result<Note, Missing> {
        let path = self.folder.join(format!("{file}.json"));
        let time = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
        let numbered = time(&self.folder.join(file));
        // Cargo writes the number first, so a note that is older may be the one before.
        let is_written = time(&path) >= numbered;
        match Note::read(&path) {
            Some(note) if is_written => Ok(note),
            note => match numbered.and_then(|time| time.elapsed().ok()) {
                Some(age) if age > WRITING => note.ok_or(Missing::Unreadable),
                _ => Err(Missing::Yet),
            },
        }
    }

    fn missing(&self) -> Missing {
        if self.is_under_way() { Missing::Yet } else { Missing::Unreadable }
    }
}

/// One look at the notes.
struct Reader<'a> {
    units: &'a [Unit],
    /// Digests by the number of the note.
    known: RefCell<HashMap<String, String>>,
}

impl Reader<'_> {
    fn library(&self, hash: &str) -> Result<String, Missing> {
        let unit = self.units.iter().find(|unit| unit.hash == hash).ok_or(Missing::Unreadable)?;
        let mut libraries = unit.numbers().iter().filter(|(file, _)| file.starts_with("lib-"));
        match (libraries.next(), libraries.next()) {
            (Some((file, number)), None) if !number.is_empty() => self.digest(unit, file),
            (_, Some(_)) => Err(Missing::Unreadable),
            _ => Err(unit.missing()),
        }
    }

    fn digest(&self, unit: &Unit, file: &str) -> Result<String, Missing> {
        let note = unit.note(file)?;
        let mut parts = vec![unit.package.clone(), file.to_owned(), note.features];
        let mut dependencies = Vec::new();
        for (name, number) in note.dependencies {
            let known = self.known.borrow().get(&number).cloned();
            let digest = match known {
                Some(digest) => digest,
                None => {
                    let (unit, file) = self.find(&name, &number)?;
                    let digest = self.digest(unit, file)?;
                    self.known.borrow_mut().insert(number, digest.clone());
                    digest
                }
            };
            dependencies.push(format!("{name} {digest}"));
        }
        // By name: the versions are the lock file's business, and what uses what is kept.
        dependencies.sort_unstable();
        parts.extend(dependencies);
        Ok(hex(&Sha256::digest(parts.join("\n"))))
    }

    /// The note of this number. Its package nearly always has the name by which others know it.
    fn find(&self, name: &str, number: &str) -> Result<(&Unit, &str), Missing> {
        let is_named = |unit: &&Unit| unit.package.replace('-', "_") == name;
        let (named, others) = (self.units.iter().filter(is_named), self.units.iter().filter(|unit| !is_named(unit)));
        for unit in named.chain(others) {
            if let Some((file, _)) = unit.numbers().iter().find(|(_, known)| known == number) {
                return Ok((unit, file));
            }
        }
        // This compilation is under way itself, so that counts only of those that it may be.
        let named: Vec<&Unit> = self.units.iter().filter(is_named).collect();
        let under_way = if named.is_empty() {
            self.units.iter().any(Unit::is_under_way)
        } else {
            named.iter().any(|unit| unit.is_under_way())
        };
        Err(if under_way { Missing::Yet } else { Missing::Unreadable })
    }
}

impl Note {
    fn read(path: &Path) -> Option<Note> {
        Note::parse(&std::fs::read_to_string(path).ok()?)
    }

    /// Reads `"features":"[\"a\"]"` and `"deps":[[id,"name",false,number],..]`.
    fn parse(text: &str) -> Option<Note> {
        let (_, rest) = text.split_once("\"features\":\"[")?;
        let (features, _) = rest.split_once("]\"")?;
        let (_, rest) = text.split_once("\"deps\":[")?;
        let (deps, _) = if rest.starts_with(']') { ("", rest) } else { rest.split_once("]]")? };
        let dependencies = deps.split_terminator("],[").map(|dependency| {
            let mut fields = dependency.trim_start_matches('[').split(',');
            let name = fields.nth(1)?.strip_prefix('"')?.strip_suffix('"')?;
            let number: u64 = fields.nth(1)?.parse().ok()?;
            // The number as cargo writes it into the note's own file.
            let number = number.to_le_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            fields.next().is_none().then(|| (name.to_owned(), number))
        });
        Some(Note { features: features.to_owned(), dependencies: dependencies.collect::<Option<_>>()? })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Unit, number, features, dependencies.
    type Written<'a> = (&'a str, u64, &'a str, &'a [(&'a str, u64)]);

    /// A folder of notes, as cargo writes them.
    fn notes(name: &str, units: &[Written<'_>]) -> Notes {
        let folder = std::env::temp_dir().join(format!("rememo-features-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        for (unit, number, features, dependencies) in units {
            let dir = folder.join(unit);
            fs::create_dir_all(&dir).unwrap();
            let file = format!("lib-{}", unit.rsplit_once('-').unwrap().0);
            let deps: Vec<String> = dependencies.iter().map(|(name, n)| format!("[7,\"{name}\",false,{n}]")).collect();
            let json =
                format!("{{\"rustc\":1,\"features\":\"[{features}]\",\"deps\":[{}],\"local\":[]}}", deps.join(","));
            fs::write(dir.join(&file), number.to_le_bytes().map(|byte| format!("{byte:02x}")).concat()).unwrap();
            fs::write(dir.join(format!("{file}.json")), json).unwrap();
        }
        Notes { folders: vec![folder], until: Mutex::new(None) }
    }

    const A: &str = "00000000000000aa";

    #[test]
    fn a_note_is_read_as_cargo_writes_it() {
        let note = Note::parse(
            "{\"rustc\":1,\"features\":\"[\\\"lx\\\", \\\"y\\\"]\",\"declared_features\":\"[]\",\"deps\":[[1,\"leaf\",false,11184059499310231257],\
             [2,\"build_script_build\",false,1]],\"local\":[{\"x\":[[1]]}]}",
        );
        let dependencies = [("leaf", "d92e38e3dbc2359b"), ("build_script_build", "0100000000000000")];
        let dependencies = dependencies.map(|(name, number)| (name.to_owned(), number.to_owned())).to_vec();
        assert_eq!(note, Some(Note { features: "\\\"lx\\\", \\\"y\\\"".to_owned(), dependencies }));
        assert_eq!(Note::parse("{\"features\":\"[]\",\"deps\":[]}").unwrap().dependencies, []);
        assert_eq!(Note::parse("{\"features\":\"[]\",\"deps\":[{\"name\":\"leaf\"}]}"), None);
        assert_eq!(Note::parse("{\"features\":[],\"deps\":[]}"), None);
    }

    #[test]
    fn only_features_count_and_who_has_them() {
        let of = |name: &str, own: &str, left: &str, right: &str, numbers: u64| {
            let (left_number, right_number) = (numbers + 1, numbers + 2);
            let dependencies = [("left", left_number), ("right", right_number)];
            let units: [Written<'_>; 3] = [
                ("a-00000000000000aa", numbers, own, &dependencies),
                ("twin-00000000000000bb", left_number, left, &[]),
                ("twin-00000000000000cc", right_number, right, &[]),
            ];
            notes(name, &units).features(A).expect("notes that read")
        };
        let first = of("first", "x", "y", "", 1);
        assert_eq!(of("numbers", "x", "y", "", 10), first);
        assert_ne!(of("own", "", "y", "", 1), first);
        assert_ne!(of("deep", "x", "", "", 1), first);
        assert_ne!(of("swapped", "x", "", "y", 1), first);
    }

    #[test]
    fn notes_that_do_not_lead_on_tell_nothing() {
        assert_eq!(notes("none", &[]).features(A), None);
        assert_eq!(notes("gap", &[("a-00000000000000aa", 1, "", &[("b", 2)])]).features(A), None);
        let broken = notes("broken", &[("a-00000000000000aa", 1, "", &[])]);
        let dir = broken.folders[0].join("a-00000000000000aa");
        fs::write(dir.join("lib-a.json"), "{}").unwrap();
        let long_ago = std::time::SystemTime::now() - 2 * WRITING;
        fs::File::options().write(true).open(dir.join("lib-a")).unwrap().set_modified(long_ago).unwrap();
        assert_eq!(broken.features(A), None);
    }

    #[test]
    fn a_compilation_under_way_is_waited_for() {
        let notes = notes("wait", &[("a-00000000000000aa", 1, "x", &[])]);
        let dir = notes.folders[0].join("a-00000000000000aa");
        let expected = notes.features(A);
        let [number, note] = ["lib-a", "lib-a.json"].map(|file| fs::read_to_string(dir.join(file)).unwrap());
        fs::write(dir.join("lib-a"), "").unwrap();
        assert_eq!(notes.features(A), None, "nothing says that it is under way");
        fs::write(dir.join("invoked.timestamp"), "").unwrap();
        let found = std::thread::scope(|scope| {
            let found = scope.spawn(|| notes.features(A));
            std::thread::sleep(Duration::from_millis(50));
            fs::write(dir.join("lib-a"), number).unwrap();
            std::thread::sleep(Duration::from_millis(50));
            fs::write(dir.join("lib-a.json"), note).unwrap();
            found.join().unwrap()
        });
        assert_eq!(found, expected);
        assert!(found.is_some());
    }
}
