//! From a workspace to what the analyzer looks at: the subject, the packages that its code can meet, and pins for the rest.

use std::collections::BTreeSet;
use std::path::Path;

use rememo_analyzer::project::{
    Cfg, Dependency, External, ExternalId, Package, PackageId, PackageRef, Project, Target, TargetKind,
};

use crate::cfg::{Features, TargetCfg};
use crate::error::ProjectError;
use crate::features::{Featured, Line, certain};
use crate::loader::OUT_DIR;
use crate::lock::Locked;
use crate::metadata::{Manifest, ManifestDependency};
use crate::order::sort_by_text;
use crate::registry::{REGISTRY, Registry, Unpacked, must_hold};
use crate::requirement::satisfies;
use crate::workspace::{Workspace, relative};

/// What is known of the package that is compiled.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// Its manifest.
    pub manifest: &'a Path,
    /// Its target.
    pub cfg: &'a TargetCfg,
    /// Its features.
    pub features: &'a Features,
    /// Whether its `OUT_DIR` can be read.
    pub out_dir: bool,
}

impl Workspace {
    /// The project in which `subject` is the only subject.
    ///
    /// It holds the subject, every member that depends on it (their types are arguments of its generic functions), and
    /// the path dependencies of all these. The hook and `cargo rememo` both come here, so that they see the same.
    ///
    /// # Errors
    /// [`ProjectError::NoPackage`], if the manifest has none.
    pub fn project(&self, subject: &Subject<'_>) -> Result<Project, ProjectError> {
        let Some(index) = self.find(subject.manifest) else {
            return Err(ProjectError::NoPackage { manifest: subject.manifest.to_owned() });
        };
        let active = subject.features.active(&self.manifests[index]);
        let resolver = Resolver { workspace: self, subject: index, active: active.as_ref() };
        let needed = resolver.needed();
        let asks = resolver.asks();
        let lines = resolver.lines(&asks);
        let id = |manifest: usize| needed.iter().position(|&i| i == manifest).map(PackageId);

        let mut project = Project::default();
        let mut externals: Vec<Pinned> = Vec::new();
        for &i in &needed {
            let manifest = &self.manifests[i];
            let mut dependencies = Vec::new();
            for dependency in resolver.wanted(i) {
                if is_standard(&dependency.name) || resolver.leaves_to_standard(i, dependency) {
                    continue;
                }
                for found in resolver.resolve(i, dependency) {
                    let package = match &found {
                        Resolved::Local(at) => match id(*at) {
                            Some(id) => PackageRef::Source(id),
                            None => continue,
                        },
                        Resolved::Pinned(pinned) => {
                            let at = externals.iter().position(|known| known == pinned).unwrap_or_else(|| {
                                externals.push(pinned.clone());
                                project.externals.push(resolver.external(pinned, &asks, &lines));
                                externals.len() - 1
                            });
                            PackageRef::External(ExternalId(at))
                        }
                    };
                    let names = match (&dependency.rename, &found) {
                        (Some(rename), _) => vec![rename.replace('-', "_")],
                        // A package without a library gives code no name.
                        (None, Resolved::Local(at)) => self.manifests[*at].lib().into_iter().collect(),
                        (None, Resolved::Pinned(_)) => crate_names(&dependency.name),
                    };
                    let dev = dependency.dev;
                    dependencies.extend(names.into_iter().map(|extern_name| Dependency { extern_name, package, dev }));
                }
            }
            drop_shadowed(&mut dependencies, manifest);
            let is_subject = i == index;
            project.packages.push(Package {
                name: manifest.name.clone(),
                version: manifest.version.clone(),
                edition: manifest.edition,
                dir: relative(&self.root, manifest.dir()),
                targets: manifest.targets.iter().map(|t| target(&self.root, manifest, t)).collect(),
                dependencies,
                cfg: if is_subject {
                    subject.cfg.with_features(active.as_ref())
                } else {
                    // Cargo compiles unit tests of what it was asked for alone.
                    let mut cfg = subject.cfg.without_features();
                    cfg.names.insert("test".to_owned(), false);
                    cfg
                },
                env: manifest.env.clone(),
                out_dir: (is_subject && subject.out_dir).then(|| OUT_DIR.to_owned()),
                proc_macro: manifest.proc_macro,
                answered_by_compiler: is_subject,
                external: None,
                checksum: None,
            });
        }
        resolver.read_sources(&mut project, &mut externals, subject.cfg);
        project.subjects.extend(id(index));
        answer_test(&mut project);
        Ok(project)
    }
}

impl Workspace {
    /// The folder that stands in for something that a package uses, by the name of its package: no version tells its edits,
    /// so the hook makes whatever reaches the package opaque.
    pub fn folder_below(&self, external: &External) -> Option<&str> {
        let lock = self.lock.as_ref()?;
        let is_it = |p: &Locked| p.name == external.name && p.version == external.version && p.source.is_some();
        let entry = lock.packages.iter().position(is_it)?;
        let on_disk = |p: &Locked| {
            let replaced = |i: &usize| self.manifests[*i].name == p.name && self.manifests[*i].version == p.version;
            p.source.is_none() || self.overrides.iter().any(replaced)
        };
        let mut below = lock.packages.iter().zip(lock.closure(entry)).filter(|(p, reached)| *reached && on_disk(p));
        below.next().map(|(p, _)| p.name.as_str())
    }
}

/// What is compiled as somebody's dependency is compiled without `cfg(test)`. Only a package that depends on the subject may
/// be tested while the subject is linked.
fn answer_test(project: &mut Project) {
    let mut open: Vec<bool> = (0..project.packages.len()).map(|i| project.subjects.contains(&PackageId(i))).collect();
    let depends = |package: &Package, open: &[bool]| {
        package.dependencies.iter().any(|d| matches!(d.package, PackageRef::Source(id) if open[id.0]))
    };
    while let Some(next) = (0..open.len()).find(|&i| !open[i] && depends(&project.packages[i], &open)) {
        open[next] = true;
    }
    for (package, _) in project.packages.iter_mut().zip(open).filter(|(_, open)| !open) {
        package.cfg.names.insert("test".to_owned(), false);
    }
}

fn target(root: &Path, manifest: &Manifest, target: &crate::metadata::ManifestTarget) -> Target {
    Target {
        kind: target.kind,
        name: target.name.clone(),
        root: relative(root, &target.root),
        edition: (target.edition != manifest.edition).then_some(target.edition),
    }
}

/// Names under which code may know a package that isn't on disk. The name of its library stands in its own manifest,
/// which need not be here, so the usual shortenings come after the regular name: `md-5` is `md5`, `rust-crypto` is `crypto`.
fn crate_names(package: &str) -> Vec<String> {
    let name = package.replace('-', "_");
    let mut names = vec![name.clone()];
    let short = [package.strip_prefix("rust-"), package.strip_suffix("-rs"), package.strip_prefix("lib")];
    names.extend(short.into_iter().flatten().map(|s| s.replace('-', "_")));
    names.push(package.replace('-', ""));
    names.retain(|n| n.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

/// Whether a package only hands on one of the standard library's crates, to those of which that library is made itself: under
/// its name code finds the same with it and without.
fn is_standard(package: &str) -> bool {
    package.strip_prefix("rustc-std-workspace-").is_some_and(|of| ["std", "core", "alloc"].contains(&of))
}

/// Takes out guessed names that another dependency has by right.
fn drop_shadowed(dependencies: &mut Vec<Dependency>, manifest: &Manifest) {
    let regular = |d: &ManifestDependency| d.rename.as_deref().unwrap_or(&d.name).replace('-', "_");
    let mut by_right: Vec<String> = manifest.dependencies.iter().map(regular).chain(manifest.lib()).collect();
    by_right.extend(
        dependencies.iter().filter(|d| matches!(d.package, PackageRef::Source(_))).map(|d| d.extern_name.clone()),
    );
    // The regular name of a package comes before its guessed ones.
    let mut named: Vec<(PackageRef, String)> = Vec::new();
    dependencies.retain(|d| {
        if !named.iter().any(|(package, _)| *package == d.package) {
            named.push((d.package, d.extern_name.clone()));
        }
        named.iter().any(|(package, name)| *package == d.package && *name == d.extern_name)
            || !by_right.contains(&d.extern_name)
    });
    sort_by_text(dependencies, |d| format!("{} {:?} {}", d.extern_name, d.package, d.dev));
    dependencies.dedup_by(|a, b| a.extern_name == b.extern_name && a.package == b.package && a.dev == b.dev);
}

/// A package that counts by version.
#[derive(Clone, PartialEq, Eq)]
enum Pinned {
    /// An entry of the lock file.
    Locked(usize),
    /// Not in a lock file: name and requirement.
    Required(String, String),
}

enum Resolved {
    /// Index into the workspace's manifests.
    Local(usize),
    Pinned(Pinned),
}

/// What is asked of a package by all manifests: features.
type Asks = Vec<(Pinned, BTreeSet<String>)>;

/// The features asked of one package, a space between them.
fn asked(asks: &Asks, of: &Pinned) -> String {
    let features = asks.iter().find(|(pinned, _)| pinned == of).map(|(_, features)| features);
    features.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

struct Resolver<'a> {
    workspace: &'a Workspace,
    subject: usize,
    active: Option<&'a BTreeSet<String>>,
}

impl Resolver<'_> {
    /// Dependencies that a package's code may use: a package outside the workspace isn't tested from here.
    fn wanted(&self, package: usize) -> impl Iterator<Item = &ManifestDependency> {
        let member = package < self.workspace.members;
        self.workspace.manifests[package].dependencies.iter().filter(move |d| member || !d.dev)
    }

    /// Whether the name is that of one of the standard library's crates and, without the feature that brings another, it is
    /// one.
    fn leaves_to_standard(&self, package: usize, dependency: &ManifestDependency) -> bool {
        let key = dependency.rename.as_deref().unwrap_or(&dependency.name);
        let Some(active) = self.active.filter(|_| package == self.subject && dependency.optional) else { return false };
        let features = &self.workspace.manifests[package].features;
        let mut implied = active.iter().filter_map(|feature| features.get(feature)).flatten();
        let is_on = implied.any(|text| {
            text.strip_prefix("dep:") == Some(key) || text.split_once('/').is_some_and(|(of, _)| of == key)
        });
        ["std", "core", "alloc", "proc_macro", "test"].contains(&key) && !is_on
    }

    fn resolve(&self, package: usize, dependency: &ManifestDependency) -> Vec<Resolved> {
        let workspace = self.workspace;
        if let Some(found) = dependency.path.as_ref().and_then(|dir| workspace.in_dir(dir)) {
            return vec![Resolved::Local(found)];
        }
        let manifest = &workspace.manifests[package];
        let mut locked: Vec<usize> = Vec::new();
        if let Some(lock) = &workspace.lock
            && let Some(entry) = lock.local(&manifest.name, &manifest.version)
        {
            locked = lock.dependencies[entry].clone();
            locked.retain(|&i| lock.packages[i].name == dependency.name);
            if locked.len() > 1 {
                let matching: Vec<usize> = locked
                    .iter()
                    .copied()
                    .filter(|&i| satisfies(&lock.packages[i].version, &dependency.requirement))
                    .collect();
                if !matching.is_empty() {
                    locked = matching;
                }
            }
        }
        if locked.is_empty() {
            return vec![Resolved::Pinned(Pinned::Required(dependency.name.clone(), dependency.requirement.clone()))];
        }
        locked.into_iter().map(|i| self.locked(i)).collect()
    }

    /// An entry of the lock file: on disk after all, where `[patch]` or `paths` says so.
    fn locked(&self, entry: usize) -> Resolved {
        let workspace = self.workspace;
        let Some(locked) = workspace.lock.as_ref().map(|lock| &lock.packages[entry]) else {
            return Resolved::Pinned(Pinned::Locked(entry));
        };
        let is_it = |i: &usize| {
            workspace.manifests[*i].name == locked.name && workspace.manifests[*i].version == locked.version
        };
        let on_disk = match workspace.overrides.iter().copied().find(is_it) {
            None if locked.source.is_none() => (0..workspace.manifests.len()).find(is_it),
            found => found,
        };
        on_disk.map_or(Resolved::Pinned(Pinned::Locked(entry)), Resolved::Local)
    }

    fn local_dependencies(&self, package: usize) -> Vec<usize> {
        let resolved = self.wanted(package).flat_map(|d| self.resolve(package, d));
        resolved.filter_map(|r| if let Resolved::Local(i) = r { Some(i) } else { None }).collect()
    }

    /// The packages that count at source level, the subject first, then by name.
    fn needed(&self) -> Vec<usize> {
        let all: Vec<Vec<usize>> = (0..self.workspace.manifests.len()).map(|i| self.local_dependencies(i)).collect();
        let mut needed = vec![self.subject];
        // Members that depend on the subject, directly or not.
        loop {
            let before = needed.len();
            for (i, on) in all.iter().enumerate().take(self.workspace.members) {
                if !needed.contains(&i) && on.iter().any(|i| needed.contains(i)) {
                    needed.push(i);
                }
            }
            if needed.len() == before {
                break;
            }
        }
        let mut done = 0;
        while done < needed.len() {
            for &i in &all[needed[done]] {
                if !needed.contains(&i) {
                    needed.push(i);
                }
            }
            done += 1;
        }
        sort_by_text(&mut needed, |&i| {
            let m = &self.workspace.manifests[i];
            let last = if i == self.subject { "" } else { "~" };
            format!("{last}{} {} {}", m.name, m.version, relative(&self.workspace.root, &m.path))
        });
        needed
    }

    /// Features that the manifests ask of packages that count by version: cargo unites them.
    fn asks(&self) -> Asks {
        let mut asks = Asks::new();
        for (i, manifest) in self.workspace.manifests.iter().enumerate() {
            for dependency in self.wanted(i) {
                let mut asked: Vec<String> = dependency.features.clone();
                let name = dependency.rename.as_deref().unwrap_or(&dependency.name);
                for (feature, implied) in &manifest.features {
                    // The subject's features are known; another package's may be on or off.
                    if i == self.subject && self.active.is_some_and(|active| !active.contains(feature)) {
                        continue;
                    }
                    asked.extend(implied.iter().filter_map(|text| {
                        let (dep, feature) = text.split_once('/')?;
                        (dep.trim_end_matches('?') == name).then(|| feature.to_owned())
                    }));
                }
                for found in self.resolve(i, dependency) {
                    if let Resolved::Pinned(pinned) = found {
                        let at = asks.iter().position(|(known, _)| *known == pinned).unwrap_or_else(|| {
                            asks.push((pinned, BTreeSet::new()));
                            asks.len() - 1
                        });
                        asks[at].1.extend(asked.iter().cloned());
                    }
                }
            }
        }
        asks
    }

    /// What pins each package of the lock file, without its dependencies.
    fn lines(&self, asks: &Asks) -> Vec<String> {
        let packages = self.workspace.lock.iter().flat_map(|lock| &lock.packages).enumerate();
        let line = |(i, p): (usize, &Locked)| {
            // A checksum is of the content, wherever it came from.
            let content = p.checksum.as_deref().or(p.source.as_deref()).unwrap_or("on disk");
            format!("{} {} {content} [{}]\n", p.name, p.version, asked(asks, &Pinned::Locked(i)))
        };
        packages.map(line).collect()
    }

    /// Adds what cargo has unpacked of the external packages, and of those that they depend on.
    fn read_sources(&self, project: &mut Project, externals: &mut Vec<Pinned>, cfg: &TargetCfg) {
        let Some(lock) = &self.workspace.lock else { return };
        let registry = Registry::of_user();
        let target = cfg.without_features();
        let mut read: Vec<(ExternalId, Unpacked)> = Vec::new();
        let mut at = 0;
        while at < externals.len() {
            let id = ExternalId(at);
            at += 1;
            let Pinned::Locked(entry) = externals[id.0] else { continue };
            let locked = &lock.packages[entry];
            let from_registry = locked.source.as_deref().is_some_and(|source| !source.starts_with("git+"));
            if !from_registry
                || self.workspace.overrides.iter().any(|i| self.workspace.manifests[*i].name == locked.name)
            {
                continue;
            }
            let Some(unpacked) = registry.read(&locked.name, &locked.version, &target) else { continue };
            let mut dependencies = Vec::new();
            for &next in &lock.dependencies[entry] {
                let other = &lock.packages[next];
                let names = unpacked.names_for(&other.name, &other.version);
                if names.is_empty() || is_standard(&other.name) || other.source.is_none() {
                    continue;
                }
                let pinned = Pinned::Locked(next);
                let found = externals.iter().position(|known| *known == pinned).unwrap_or_else(|| {
                    // Whoever reaches it names a package whose pin holds this one's.
                    let (name, version) = (other.name.clone(), other.version.clone());
                    project.externals.push(External { name, version, pin: String::new(), sources: None });
                    externals.push(pinned);
                    externals.len() - 1
                });
                let package = PackageRef::External(ExternalId(found));
                dependencies.extend(names.into_iter().map(|extern_name| Dependency {
                    extern_name,
                    package,
                    dev: false,
                }));
            }
            let mut cfg = target.clone();
            for name in ["test", "doc", "docsrs"] {
                cfg.names.insert(name.to_owned(), false);
            }
            let dir = format!("{REGISTRY}/{}-{}", locked.name, locked.version);
            let root = format!("{dir}/{}", unpacked.root);
            project.externals[id.0].sources = Some(PackageId(project.packages.len()));
            project.packages.push(Package {
                name: locked.name.clone(),
                version: locked.version.clone(),
                edition: unpacked.edition,
                dir,
                targets: vec![Target { kind: TargetKind::Lib, name: unpacked.lib.clone(), root, edition: None }],
                dependencies,
                cfg,
                external: Some(id),
                checksum: locked.source.as_ref().zip(locked.checksum.as_ref()).map(|(at, sum)| format!("{at} {sum}")),
                ..Package::default()
            });
            read.push((id, unpacked));
        }
        self.answer_features(project, externals, &read, &target);
    }

    /// The features of external packages that are on in every build of the subject.
    fn answer_features(&self, project: &mut Project, externals: &[Pinned], read: &[(ExternalId, Unpacked)], cfg: &Cfg) {
        let (Some(lock), Some(active)) = (&self.workspace.lock, self.active) else { return };
        let manifests = &self.workspace.manifests;
        let at_external = |id: usize| manifests.len() + id;
        let of_pinned = |pinned: &Pinned| externals.iter().position(|known| known == pinned).map(at_external);
        let mut packages: Vec<Featured> = Vec::new();
        for (i, manifest) in manifests.iter().enumerate() {
            let lines = manifest.dependencies.iter().map(|dependency| {
                let to = match self.resolve(i, dependency).as_slice() {
                    [Resolved::Local(at)] => Some(*at),
                    [Resolved::Pinned(pinned)] => of_pinned(pinned),
                    _ => None,
                };
                Line {
                    key: dependency.rename.clone().unwrap_or_else(|| dependency.name.clone()),
                    to,
                    optional: dependency.optional,
                    dev: dependency.dev,
                    certain: dependency.target.as_deref().is_none_or(|when| must_hold(when, cfg)),
                    features: dependency.features.clone(),
                }
            });
            packages.push(Featured { features: manifest.features.clone(), lines: lines.collect() });
        }
        packages.extend(externals.iter().map(|_| Featured::default()));
        for (id, unpacked) in read {
            let Pinned::Locked(entry) = externals[id.0] else { continue };
            let to = |is_it: &dyn Fn(&str, &str) -> bool| {
                let is_it = |next: &&usize| is_it(&lock.packages[**next].name, &lock.packages[**next].version);
                let mut found = lock.dependencies[entry].iter().filter(is_it);
                let one = *found.next()?;
                if found.next().is_some() {
                    return None;
                }
                match self.locked(one) {
                    Resolved::Local(at) => Some(at),
                    Resolved::Pinned(pinned) => of_pinned(&pinned),
                }
            };
            let lines = unpacked.lines(to);
            packages[at_external(id.0)] = Featured { features: unpacked.features.clone(), lines };
        }
        let certain = certain(&packages, self.subject, active);
        for (id, _) in read {
            let features = certain.get(at_external(id.0)).cloned().flatten();
            if let (Some(sources), Some(features)) = (project.externals[id.0].sources, features) {
                let among = &mut project.packages[sources.0].cfg.among;
                among.insert("feature".to_owned(), features.into_iter().collect());
            }
        }
    }

    fn external(&self, pinned: &Pinned, asks: &Asks, lines: &[String]) -> External {
        let lock = self.workspace.lock.as_ref();
        match (pinned, lock) {
            (Pinned::Locked(entry), Some(lock)) => {
                let mut pin = lines[*entry].clone();
                let closure = lock.closure(*entry);
                lines.iter().zip(closure).filter(|(_, reached)| *reached).for_each(|(line, _)| pin.push_str(line));
                let locked = &lock.packages[*entry];
                External { name: locked.name.clone(), version: locked.version.clone(), pin, sources: None }
            }
            (Pinned::Required(name, requirement), _) => External {
                name: name.clone(),
                version: requirement.clone(),
                pin: format!("{name} {requirement} [{}]", asked(asks, pinned)),
                sources: None,
            },
            (Pinned::Locked(_), None) => External::default(),
        }
    }
}
