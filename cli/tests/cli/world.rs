//! A folder of its own for each test, with packages in it, and `cargo rememo` to run on them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A temporary folder that holds packages.
pub(crate) struct World {
    dir: tempfile::TempDir,
}

/// What a run said.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    /// With nothing in it.
    pub(crate) fn empty() -> World {
        World { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    /// With a copy of `testdata/cli/<fixture>` in a folder of the same name.
    pub(crate) fn with(fixture: &str) -> World {
        let world = World::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/cli").join(fixture);
        copy(&from, &world.path(fixture));
        world
    }

    /// With a package `bare` whose only source is this text.
    pub(crate) fn with_lib(source: impl AsRef<[u8]>) -> World {
        let world = World::empty();
        world.write("bare/Cargo.toml", "[package]\nname = \"bare\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        world.write("bare/src/lib.rs", source);
        world
    }

    /// A path in it.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.dir.path().join(relative)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, relative: &str, content: impl AsRef<[u8]>) {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().expect("a file in the world")).expect("folders can be made");
        std::fs::write(path, content).expect("files can be written");
    }

    /// Replaces `old`, which must be there, in a file.
    pub(crate) fn edit(&self, relative: &str, old: &str, new: &str) {
        let text = std::fs::read_to_string(self.path(relative)).expect("a file of the fixture");
        assert!(text.contains(old), "{relative} does not hold {old:?}");
        self.write(relative, text.replace(old, new));
    }

    /// `cargo rememo` with these arguments, started in the folder `at`.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, at: &str, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-rememo"));
        command.arg("rememo").args(arguments).current_dir(self.path(at));
        // What the tests are started with isn't what they are about.
        for (name, _) in std::env::vars() {
            if [
                "CARGO_PROFILE_",
                "CARGO_ENCODED",
                "CARGO_MANIFEST_DIR",
                "RUSTFLAGS",
                "REMEMO",
                "NO_COLOR",
                "CLICOLOR",
                "COLUMNS",
            ]
            .iter()
            .any(|prefix| name.starts_with(prefix))
            {
                command.env_remove(name);
            }
        }
        command
    }

    /// Runs `cargo rememo`.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, at: &str, arguments: impl IntoIterator<Item = S>) -> Outcome {
        outcome(&mut self.command(at, arguments))
    }

    /// Every file below, with its content, sorted: to see that nothing was written.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.dir.path(), &mut files);
        files.sort();
        files
    }
}

/// Runs a command to its end.
pub(crate) fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().expect("the command starts");
    Outcome {
        code: output.status.code().expect("the command exits by itself"),
        stdout: String::from_utf8(output.stdout).expect("text on stdout"),
        stderr: String::from_utf8(output.stderr).expect("text on stderr"),
    }
}

impl Outcome {
    /// Everything that was said, without what differs between machines: fingerprints and the world's own folder.
    pub(crate) fn shown(&self, world: &World) -> String {
        let dir = world.dir.path().canonicalize().expect("the world is there");
        let mut text = format!("exit code {}\n{}", self.code, plain_digests(&self.stdout));
        if !self.stderr.is_empty() {
            text.push_str("--- stderr\n");
            text.push_str(&self.stderr);
        }
        text.replace(&dir.display().to_string(), "[world]").replace(&world.dir.path().display().to_string(), "[world]")
    }
}

/// Replaces what looks like a digest by as many `#`.
fn plain_digests(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let digits = word.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')).count();
        let rest = &word[digits..];
        if digits >= 12 && !rest.starts_with(|c: char| c.is_alphanumeric()) {
            out.push_str(&"#".repeat(digits));
            out.push_str(rest);
        } else {
            out.push_str(word);
        }
    }
    out
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folders can be made");
    for entry in std::fs::read_dir(from).expect("a folder to copy") {
        let entry = entry.expect("an entry of the folder");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("files can be copied");
        }
    }
}

fn collect(dir: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(dir).expect("a folder to look into") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push((path.clone(), std::fs::read(&path).expect("files can be read")));
        }
    }
}
