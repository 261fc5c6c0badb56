//! What cargo says of a workspace's manifests: `cargo metadata --no-deps --offline`, which resolves nothing, needs no
//! network and writes no lock file.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rememo_analyzer::project::TargetKind;
use tinyjson::JsonValue;

use crate::error::ProjectError;
use crate::order::sort_by_text;

/// A workspace as cargo prints it.
pub(crate) struct Metadata {
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds; two folders, if a build directory is configured.
    pub(crate) output: Vec<PathBuf>,
    pub(crate) packages: Vec<Manifest>,
}

/// A package's manifest.
#[derive(Clone, Default)]
pub(crate) struct Manifest {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) edition: u16,
    pub(crate) targets: Vec<ManifestTarget>,
    pub(crate) proc_macro: bool,
    /// The build script's root file.
    pub(crate) build_script: Option<PathBuf>,
    pub(crate) dependencies: Vec<ManifestDependency>,
    /// Features by name, those that optional dependencies imply included.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// The `CARGO_PKG_*` variables that cargo derives from the manifest.
    pub(crate) env: BTreeMap<String, String>,
    /// `undeclared` in `[package.metadata.rememo]`, else in the workspace's.
    pub(crate) undeclared: Option<String>,
}

/// A target that code can be in.
#[derive(Clone)]
pub(crate) struct ManifestTarget {
    pub(crate) kind: TargetKind,
    pub(crate) name: String,
    pub(crate) root: PathBuf,
    pub(crate) edition: u16,
}

/// A line of a `[dependencies]` or `[dev-dependencies]` table, of whatever target.
#[derive(Clone)]
pub(crate) struct ManifestDependency {
    pub(crate) name: String,
    pub(crate) requirement: String,
    pub(crate) rename: Option<String>,
    pub(crate) dev: bool,
    pub(crate) optional: bool,
    /// The targets that it is for, if not all: `cfg(..)` or a name.
    pub(crate) target: Option<String>,
    /// Features asked for, `default` among them.
    pub(crate) features: Vec<String>,
    /// Folder of the package, for a path dependency.
    pub(crate) path: Option<PathBuf>,
}

impl Manifest {
    /// Folder of the manifest.
    pub(crate) fn dir(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// Name of the library crate, if there is one.
    pub(crate) fn lib(&self) -> Option<String> {
        let lib = self.targets.iter().find(|t| t.kind == TargetKind::Lib)?;
        Some(lib.name.replace('-', "_"))
    }
}

/// What programs said, by what they were asked: to be believed again while all that they look at is the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers {
    pub(crate) list: Vec<(String, Vec<u8>)>,
}

impl Answers {
    /// What was said to a question.
    pub(crate) fn get(&self, question: &str) -> Option<&[u8]> {
        self.list.iter().find(|(asked, _)| asked == question).map(|(_, said)| said.as_slice())
    }

    /// Keeps what was said.
    pub(crate) fn keep(&mut self, question: &str, said: &[u8]) {
        if self.get(question).is_none() {
            self.list.push((question.to_owned(), said.to_owned()));
        }
    }
}

/// A question to cargo that is answered, or at which cargo is at work.
pub(crate) struct Asked {
    manifest: PathBuf,
    said: Said,
}

enum Said {
    Before(Vec<u8>),
    Soon(io::Result<Child>),
}

/// Asks about a manifest what isn't answered yet; several cargos may work at once.
pub(crate) fn ask(cargo: &OsStr, manifest: &Path, answers: &Answers) -> Asked {
    let start = || {
        Command::new(cargo)
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"])
            .arg(manifest)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    };
    let before = manifest.to_str().and_then(|question| answers.get(question));
    let said = before.map_or_else(|| Said::Soon(start()), |said| Said::Before(said.to_owned()));
    Asked { manifest: manifest.to_owned(), said }
}

impl Asked {
    /// Waits for the answer, and keeps it.
    ///
    /// # Errors
    /// [`ProjectError::Start`], [`ProjectError::Cargo`] with cargo's own words, [`ProjectError::Answer`].
    pub(crate) fn answer(self, answers: &mut Answers) -> Result<Metadata, ProjectError> {
        let manifest = self.manifest;
        let said = match self.said {
            Said::Before(said) => said,
            Said::Soon(child) => match child.and_then(Child::wait_with_output) {
                Err(error) => return Err(ProjectError::Start { manifest, error }),
                Ok(output) if !output.status.success() => {
                    let message = String::from_utf8_lossy(&output.stderr);
                    let message = message.trim_start_matches("error: ").trim_end().to_owned();
                    return Err(ProjectError::Cargo { manifest, message });
                }
                Ok(output) => output.stdout,
            },
        };
        let read = std::str::from_utf8(&said).ok().and_then(|text| text.parse::<JsonValue>().ok());
        let metadata = read.as_ref().and_then(metadata);
        if let (Some(question), Some(_)) = (manifest.to_str(), &metadata) {
            answers.keep(question, &said);
        }
        metadata.ok_or(ProjectError::Answer { manifest })
    }
}

type Object = HashMap<String, JsonValue>;

fn metadata(json: &JsonValue) -> Option<Metadata> {
    let object = json.get::<Object>()?;
    let mut output = vec![PathBuf::from(text(object, "target_directory")?)];
    output.extend(text(object, "build_directory").map(PathBuf::from));
    let mut packages: Vec<Manifest> =
        list(object, "packages").iter().map(|p| manifest(p.get()?)).collect::<Option<_>>()?;
    let shared = undeclared(object);
    packages.iter_mut().filter(|p| p.undeclared.is_none()).for_each(|p| p.undeclared.clone_from(&shared));
    Some(Metadata { root: text(object, "workspace_root")?.into(), output, packages })
}

fn manifest(object: &Object) -> Option<Manifest> {
    let mut manifest = Manifest {
        path: text(object, "manifest_path")?.into(),
        name: text(object, "name")?.to_owned(),
        version: text(object, "version")?.to_owned(),
        edition: text(object, "edition")?.parse().ok()?,
        ..Manifest::default()
    };
    for target in list(object, "targets") {
        let target = target.get::<Object>()?;
        let root = PathBuf::from(text(target, "src_path")?);
        let kinds = texts(target, "kind");
        let kind = match kinds.first()?.as_str() {
            "custom-build" => {
                manifest.build_script = Some(root);
                continue;
            }
            "bin" => TargetKind::Bin,
            "example" => TargetKind::Example,
            "test" => TargetKind::Test,
            "bench" => TargetKind::Bench,
            // lib, rlib, dylib, cdylib, staticlib, proc-macro.
            _ => TargetKind::Lib,
        };
        manifest.proc_macro |= kinds.iter().any(|k| k == "proc-macro");
        let name = text(target, "name")?.to_owned();
        manifest.targets.push(ManifestTarget { kind, name, root, edition: text(target, "edition")?.parse().ok()? });
    }
    sort_by_text(&mut manifest.targets, |t| format!("{} {}", t.kind as u8, t.name));
    for dependency in list(object, "dependencies") {
        let dependency = dependency.get::<Object>()?;
        let kind = text(dependency, "kind");
        // What a build script links is seen through what it generates, nothing else.
        if kind == Some("build") {
            continue;
        }
        let mut features = texts(dependency, "features");
        if dependency.get("uses_default_features").and_then(|d| d.get::<bool>()) == Some(&true) {
            features.push("default".to_owned());
        }
        manifest.dependencies.push(ManifestDependency {
            name: text(dependency, "name")?.to_owned(),
            requirement: text(dependency, "req")?.to_owned(),
            rename: text(dependency, "rename").map(str::to_owned),
            dev: kind == Some("dev"),
            optional: dependency.get("optional").and_then(|o| o.get::<bool>()) == Some(&true),
            target: text(dependency, "target").map(str::to_owned),
            features,
            path: text(dependency, "path").map(PathBuf::from),
        });
    }
    if let Some(features) = object.get("features").and_then(|f| f.get::<Object>()) {
        for name in features.keys() {
            manifest.features.insert(name.clone(), texts(features, name));
        }
    }
    manifest.env = env(object, &manifest);
    manifest.undeclared = undeclared(object);
    Some(manifest)
}

fn undeclared(object: &Object) -> Option<String> {
    let settings = object.get("metadata")?.get::<Object>()?.get("rememo")?.get::<Object>()?;
    text(settings, "undeclared").map(str::to_owned)
}

fn env(object: &Object, manifest: &Manifest) -> BTreeMap<String, String> {
    let (numbers, pre) = match manifest.version.split_once('+').map_or(&*manifest.version, |(v, _)| v).split_once('-') {
        Some((numbers, pre)) => (numbers, pre),
        None => (manifest.version.split('+').next().unwrap_or_default(), ""),
    };
    let mut numbers = numbers.split('.');
    let mut env = BTreeMap::new();
    let mut set = |name: &str, value: &str| env.insert(format!("CARGO_PKG_{name}"), value.to_owned());
    set("NAME", &manifest.name);
    set("VERSION", &manifest.version);
    for part in ["VERSION_MAJOR", "VERSION_MINOR", "VERSION_PATCH"] {
        set(part, numbers.next().unwrap_or_default());
    }
    set("VERSION_PRE", pre);
    set("AUTHORS", &texts(object, "authors").join(":"));
    for field in ["description", "homepage", "repository", "license", "license_file", "rust_version", "readme"] {
        set(&field.to_uppercase(), text(object, field).unwrap_or_default());
    }
    env
}

fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key)?.get::<String>().map(String::as_str)
}

fn list<'a>(object: &'a Object, key: &str) -> &'a [JsonValue] {
    object.get(key).and_then(|v| v.get::<Vec<JsonValue>>()).map_or(&[], Vec::as_slice)
}

fn texts(object: &Object, key: &str) -> Vec<String> {
    list(object, key).iter().filter_map(|v| v.get::<String>().cloned()).collect()
}
