//! From a workspace to what the analyzer looks at: the subject, the packages that its code can meet, and pins for the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rememo_analyzer::project::{Dependency, External, ExternalId, Package, PackageId, PackageRef, Project, Target};

use crate::cfg::{Features, TargetCfg};
use crate::error::ProjectError;
use crate::loader::OUT_DIR;
use crate::metadata::{Manifest, ManifestDependency};
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
        let ids: BTreeMap<usize, PackageId> = needed.iter().enumerate().map(|(id, &i)| (i, PackageId(id))).collect();

        let mut project = Project::default();
        let mut externals: BTreeMap<Pinned, ExternalId> = BTreeMap::new();
        for &i in &needed {
            let manifest = &self.manifests[i];
            let mut dependencies = Vec::new();
            for dependency in resolver.wanted(i) {
                for found in resolver.resolve(i, dependency) {
                    let package = match &found {
                        Resolved::Local(at) => match ids.get(at) {
                            Some(id) => PackageRef::Source(*id),
                            None => continue,
                        },
                        Resolved::Pinned(pinned) => {
                            PackageRef::External(*externals.entry(pinned.clone()).or_insert_with(|| {
                                project.externals.push(resolver.external(pinned, &asks));
                                ExternalId(project.externals.len() - 1)
                            }))
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
                    subject.cfg.without_features()
                },
                env: manifest.env.clone(),
                out_dir: (is_subject && subject.out_dir).then(|| OUT_DIR.to_owned()),
                proc_macro: manifest.proc_macro,
                answered_by_compiler: is_subject,
            });
        }
        project.subjects.extend(ids.get(&index));
        Ok(project)
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
    let mut seen = BTreeSet::new();
    names.retain(|n| seen.insert(n.clone()));
    names
}

/// Takes out guessed names that another dependency has by right.
fn drop_shadowed(dependencies: &mut Vec<Dependency>, manifest: &Manifest) {
    let regular = |d: &ManifestDependency| d.rename.as_deref().unwrap_or(&d.name).replace('-', "_");
    let by_right: BTreeSet<String> = manifest.dependencies.iter().map(regular).chain(manifest.lib()).collect();
    let source: BTreeSet<String> = dependencies
        .iter()
        .filter(|d| matches!(d.package, PackageRef::Source(_)))
        .map(|d| d.extern_name.clone())
        .collect();
    let mut first: BTreeMap<PackageRef, String> = BTreeMap::new();
    dependencies.retain(|d| {
        let own = first.entry(d.package).or_insert_with(|| d.extern_name.clone());
        *own == d.extern_name || !(by_right.contains(&d.extern_name) || source.contains(&d.extern_name))
    });
    dependencies.sort_by(|a, b| (&a.extern_name, a.package, a.dev).cmp(&(&b.extern_name, b.package, b.dev)));
    dependencies.dedup_by(|a, b| a.extern_name == b.extern_name && a.package == b.package && a.dev == b.dev);
}

/// A package that counts by version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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
type Asks = BTreeMap<Pinned, BTreeSet<String>>;

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
            locked = lock.dependencies(entry);
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
        let on_disk = match workspace.overrides.get(&(locked.name.clone(), locked.version.clone())) {
            Some(dir) => workspace.in_dir(dir),
            None if locked.source.is_none() => {
                workspace.manifests.iter().position(|m| m.name == locked.name && m.version == locked.version)
            }
            None => None,
        };
        on_disk.map_or(Resolved::Pinned(Pinned::Locked(entry)), Resolved::Local)
    }

    fn local_dependencies(&self, package: usize) -> BTreeSet<usize> {
        let resolved = self.wanted(package).flat_map(|d| self.resolve(package, d));
        resolved.filter_map(|r| if let Resolved::Local(i) = r { Some(i) } else { None }).collect()
    }

    /// The packages that count at source level, the subject first, then by name.
    fn needed(&self) -> Vec<usize> {
        let all: Vec<BTreeSet<usize>> =
            (0..self.workspace.manifests.len()).map(|i| self.local_dependencies(i)).collect();
        let mut needed = BTreeSet::from([self.subject]);
        // Members that depend on the subject, directly or not.
        loop {
            let before = needed.len();
            for (i, on) in all.iter().enumerate().take(self.workspace.members) {
                if !on.is_disjoint(&needed) {
                    needed.insert(i);
                }
            }
            if needed.len() == before {
                break;
            }
        }
        let mut open: Vec<usize> = needed.iter().copied().collect();
        while let Some(next) = open.pop() {
            open.extend(all[next].iter().copied().filter(|&i| needed.insert(i)));
        }
        let mut order: Vec<usize> = needed.into_iter().collect();
        let key = |i: usize| {
            let m = &self.workspace.manifests[i];
            (i != self.subject, m.name.clone(), m.version.clone(), relative(&self.workspace.root, &m.path))
        };
        order.sort_by_cached_key(|&i| key(i));
        order
    }

    /// Features that the manifests ask of packages that count by version: cargo unites them.
    fn asks(&self) -> Asks {
        let mut asks = Asks::new();
        for (i, manifest) in self.workspace.manifests.iter().enumerate() {
            for dependency in self.wanted(i) {
                let mut asked: BTreeSet<String> = dependency.features.iter().cloned().collect();
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
                        asks.entry(pinned).or_default().extend(asked.iter().cloned());
                    }
                }
            }
        }
        asks
    }

    fn external(&self, pinned: &Pinned, asks: &Asks) -> External {
        let lock = self.workspace.lock.as_ref();
        match (pinned, lock) {
            (Pinned::Locked(entry), Some(lock)) => {
                let line = |i: usize| {
                    let p = &lock.packages[i];
                    // A checksum is of the content, wherever it came from.
                    let content = p.checksum.as_deref().or(p.source.as_deref()).unwrap_or("on disk");
                    let asked = asks.get(&Pinned::Locked(i)).map(list).unwrap_or_default();
                    format!("{} {} {content} [{asked}]", p.name, p.version)
                };
                let mut rest: Vec<String> = lock.closure(*entry).into_iter().filter(|i| i != entry).map(line).collect();
                rest.sort();
                let locked = &lock.packages[*entry];
                let pin = std::iter::once(line(*entry)).chain(rest).collect::<Vec<_>>().join("\n");
                External { name: locked.name.clone(), version: locked.version.clone(), pin }
            }
            (Pinned::Required(name, requirement), _) => External {
                name: name.clone(),
                version: requirement.clone(),
                pin: format!("{name} {requirement} [{}]", asks.get(pinned).map(list).unwrap_or_default()),
            },
            (Pinned::Locked(_), None) => External { name: String::new(), version: String::new(), pin: String::new() },
        }
    }
}

fn list(features: &BTreeSet<String>) -> String {
    features.iter().cloned().collect::<Vec<_>>().join(" ")
}
