//! One state of a scenario's crate: its files and everything that cargo would know about it.
//!
//! Knows how to become an analyzer [`Project`]; never judges an analysis.

use std::collections::{BTreeMap, BTreeSet};

use rememo_analyzer::project::{
    Cfg, Dependency, External, ExternalId, Package, PackageId, PackageRef, Project, Target, TargetKind,
};
use rememo_analyzer::source::{LoadError, Loader};

/// Name of the package that stands in a fixture's own folder.
pub const ROOT: &str = "app";

/// Where stand-ins for registry packages live. The compiler sees them, the analyzer only those that are unpacked.
pub const VENDOR: &str = "vendor";

/// Where a dependency comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A folder of the fixture, analyzed at source level.
    Path(String),
    /// A registry package of this version, pinned.
    Registry(String),
}

/// A line of a manifest's `[dependencies]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depends {
    /// The package's own name.
    pub package: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether it is a procedural-macro package.
    pub proc_macro: bool,
    /// Whether the analyzer finds its sources, as it does if cargo has unpacked them.
    pub unpacked: bool,
}

/// Files and settings of a fixture at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Content by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Edition of the root package; the others use it too.
    pub edition: u16,
    /// Features by package and name, with whether they are on.
    pub features: BTreeMap<(String, String), bool>,
    /// Cfgs of the root package that only its build script knows.
    pub cfgs: BTreeMap<String, bool>,
    /// Variables by package and name that cargo sets, so that everybody knows them.
    pub env: BTreeMap<(String, String), String>,
    /// Variables by package and name that only the compiler sees.
    pub build_env: BTreeMap<(String, String), String>,
    /// Where `OUT_DIR` of the root package leads.
    pub out_dir: Option<String>,
    /// Dependencies by package and the name in code.
    pub depends: BTreeMap<String, BTreeMap<String, Depends>>,
}

impl Loader for State {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if let Some(inside) = path.strip_prefix(VENDOR) {
            let package = inside.split('/').nth(1).unwrap_or_default();
            let all = self.depends.values().flat_map(BTreeMap::values);
            if !all.into_iter().any(|depends| depends.unpacked && depends.package == package) {
                return Err(LoadError::NotFound);
            }
        }
        self.files.get(path).cloned().ok_or(LoadError::NotFound)
    }
}

impl State {
    /// Applies one `key: value` line of a scenario.
    ///
    /// # Errors
    /// What is wrong with the line, in words.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let (package, key) = key.rsplit_once(' ').unwrap_or((ROOT, key));
        let of_package = |name: &str| (package.to_owned(), name.to_owned());
        match key {
            "edition" => self.edition = value.parse().map_err(|_| format!("not an edition: {value}"))?,
            "feature" => {
                let (name, on) = switch(value)?;
                self.features.insert(of_package(name), on);
            }
            "cfg" => {
                let (name, on) = switch(value)?;
                self.cfgs.insert(name.to_owned(), on);
            }
            "env" | "build-env" => {
                let (name, value) = value.split_once('=').ok_or("expected NAME=value")?;
                let variables = if key == "env" { &mut self.env } else { &mut self.build_env };
                variables.insert(of_package(name), value.to_owned());
            }
            "out-dir" => self.out_dir = Some(value.to_owned()),
            "depends" => {
                let (name, depends) = depends(value)?;
                self.depends.entry(package.to_owned()).or_default().insert(name, depends);
            }
            "lock" => self.lock(value)?,
            _ => return Err(format!("unknown setting `{key}`")),
        }
        Ok(())
    }

    /// `regex 1.10.0 -> 1.11.0`: what a changed Cargo.lock says.
    fn lock(&mut self, value: &str) -> Result<(), String> {
        let wanted = "expected `name old -> new`";
        let (name, versions) = value.split_once(' ').ok_or(wanted)?;
        let (old, new) = versions.split_once(" -> ").ok_or(wanted)?;
        let mut bumped = false;
        for depends in self.depends.values_mut().flat_map(BTreeMap::values_mut) {
            if depends.package == name && depends.origin == Origin::Registry(old.to_owned()) {
                depends.origin = Origin::Registry(new.to_owned());
                bumped = true;
            }
        }
        if bumped { Ok(()) } else { Err(format!("nothing depends on {name} {old}")) }
    }

    /// The answer that the compiler gives the root package to a single predicate: `test`, `feature = "x"`.
    pub fn answer(&self, predicate: &str) -> bool {
        let cfg = self.cfg(ROOT);
        match predicate.split_once('=') {
            Some((key, value)) => {
                let value = value.trim().trim_matches('"');
                cfg.values.get(key.trim()).is_some_and(|values| values.iter().any(|known| known == value))
            }
            None if predicate == "debug_assertions" => true,
            None => cfg.names.get(predicate).or_else(|| self.cfgs.get(predicate)).copied().unwrap_or(false),
        }
    }

    /// The value that the compiler gives the root package for a variable.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let key = (ROOT.to_owned(), name.to_owned());
        self.env.get(&key).or_else(|| self.build_env.get(&key)).map(String::as_str)
    }

    /// What the analyzer is told. Features and variables of path dependencies are kept from it, as cargo keeps them.
    pub fn project(&self) -> Project {
        let mut project = Project { subjects: vec![PackageId(0)], ..Project::default() };
        let mut externals = BTreeMap::new();
        // The attribute's own package: every fixture depends on it.
        externals.insert("rememo".to_owned(), ExternalId(0));
        project.externals.push(External {
            name: "rememo".to_owned(),
            version: "0.1.0".to_owned(),
            pin: "rememo 0.1.0".to_owned(),
            sources: None,
        });

        let names = self.source_packages();
        for (name, dir) in &names {
            let mut dependencies = vec![Dependency {
                extern_name: "rememo".to_owned(),
                package: PackageRef::External(ExternalId(0)),
                dev: false,
            }];
            for (extern_name, depends) in self.depends.get(name).into_iter().flatten() {
                let package = match &depends.origin {
                    Origin::Path(_) => {
                        let index = names.iter().position(|(name, _)| *name == depends.package);
                        PackageRef::Source(PackageId(index.unwrap_or(0)))
                    }
                    Origin::Registry(version) => {
                        let pin = self.pin(&depends.package, version);
                        let id = *externals.entry(pin.clone()).or_insert_with(|| {
                            let (name, version) = (depends.package.clone(), version.clone());
                            project.externals.push(External { name, version, pin, sources: None });
                            ExternalId(project.externals.len() - 1)
                        });
                        PackageRef::External(id)
                    }
                };
                dependencies.push(Dependency { extern_name: extern_name.clone(), package, dev: false });
            }
            project.packages.push(self.package(name, dir, dependencies));
        }
        for depends in self.depends.values().flat_map(BTreeMap::values).filter(|depends| depends.unpacked) {
            let Origin::Registry(version) = &depends.origin else { continue };
            let Some(id) = externals.get(&self.pin(&depends.package, version)) else { continue };
            let dir = format!("{VENDOR}/{}", depends.package);
            let package = Package { external: Some(*id), ..self.package(&depends.package, &dir, Vec::new()) };
            project.externals[id.0].sources = Some(PackageId(project.packages.len()));
            project.packages.push(package);
        }
        project
    }

    fn package(&self, name: &str, dir: &str, dependencies: Vec<Dependency>) -> Package {
        let subject = name == ROOT;
        let in_package = |((package, variable), value): (&(String, String), &String)| {
            (package == name).then(|| (variable.clone(), value.clone()))
        };
        Package {
            name: name.to_owned(),
            version: "0.1.0".to_owned(),
            edition: self.edition,
            dir: dir.to_owned(),
            targets: self.targets(name, dir),
            dependencies,
            cfg: self.cfg(name),
            env: if subject { self.env.iter().filter_map(in_package).collect() } else { BTreeMap::new() },
            out_dir: if subject { self.out_dir.clone() } else { None },
            proc_macro: self.is_proc_macro(name),
            answered_by_compiler: subject,
            external: None,
            checksum: None,
        }
    }

    /// Targets of a package, found as cargo finds them.
    pub fn targets(&self, name: &str, dir: &str) -> Vec<Target> {
        let file = |path: &str| if dir.is_empty() { path.to_owned() } else { format!("{dir}/{path}") };
        [(TargetKind::Lib, file("src/lib.rs")), (TargetKind::Bin, file("src/main.rs"))]
            .into_iter()
            .filter(|(_, root)| self.files.contains_key(root))
            .map(|(kind, root)| Target { kind, name: name.to_owned(), root, edition: None })
            .collect()
    }

    /// Packages with their folders that count by source, the root first.
    pub fn source_packages(&self) -> Vec<(String, String)> {
        let mut found = vec![(ROOT.to_owned(), String::new())];
        for depends in self.depends.values().flat_map(BTreeMap::values) {
            if let Origin::Path(dir) = &depends.origin {
                let entry = (depends.package.clone(), dir.clone());
                if !found.contains(&entry) {
                    found.push(entry);
                }
            }
        }
        found
    }

    /// Whether anybody depends on the package as a procedural macro.
    pub fn is_proc_macro(&self, name: &str) -> bool {
        self.depends.values().flat_map(BTreeMap::values).any(|depends| depends.package == name && depends.proc_macro)
    }

    /// Everything that pins a registry package: its version and that of all it depends on.
    fn pin(&self, name: &str, version: &str) -> String {
        let mut pins = BTreeSet::from([format!("{name} {version}")]);
        for depends in self.depends.get(name).into_iter().flat_map(BTreeMap::values) {
            if let Origin::Registry(version) = &depends.origin {
                pins.insert(self.pin(&depends.package, version));
            }
        }
        Vec::from_iter(pins).join(", ")
    }

    fn cfg(&self, package: &str) -> Cfg {
        let mut cfg = Cfg::default();
        cfg.names.insert("unix".to_owned(), true);
        cfg.names.insert("windows".to_owned(), false);
        for (key, value) in [
            ("target_os", "linux"),
            ("target_arch", "x86_64"),
            ("target_family", "unix"),
            ("target_pointer_width", "64"),
            ("target_endian", "little"),
        ] {
            cfg.values.insert(key.to_owned(), vec![value.to_owned()]);
        }
        if package == ROOT {
            let on = self.features.iter().filter(|((package, _), on)| package == ROOT && **on);
            cfg.values.insert("feature".to_owned(), on.map(|((_, name), _)| name.clone()).collect());
        }
        cfg
    }
}

/// `name on` or `name off`.
fn switch(value: &str) -> Result<(&str, bool), String> {
    match value.split_once(' ') {
        Some((name, "on")) => Ok((name, true)),
        Some((name, "off")) => Ok((name, false)),
        _ => Err(format!("expected `name on` or `name off`, found `{value}`")),
    }
}

/// `[name =] package [proc-macro] path|registry|unpacked where`.
fn depends(value: &str) -> Result<(String, Depends), String> {
    let (renamed, rest) = match value.split_once(" = ") {
        Some((name, rest)) => (Some(name), rest),
        None => (None, value),
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (package, proc_macro, kind, place) = match words[..] {
        [package, "proc-macro", kind, place] => (package, true, kind, place),
        [package, kind, place] => (package, false, kind, place),
        _ => {
            return Err(format!(
                "expected `name path folder`, `name registry version` or `name unpacked version`, found `{value}`"
            ));
        }
    };
    let origin = match kind {
        "path" => Origin::Path(place.to_owned()),
        "registry" | "unpacked" => Origin::Registry(place.to_owned()),
        _ => return Err(format!("expected `path`, `registry` or `unpacked`, found `{kind}`")),
    };
    let name = renamed.unwrap_or(package).replace('-', "_");
    Ok((name, Depends { package: package.to_owned(), origin, proc_macro, unpacked: kind == "unpacked" }))
}
