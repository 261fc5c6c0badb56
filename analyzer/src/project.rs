//! What is analyzed: packages, their targets and what each name in the extern prelude stands for.
//!
//! Plain data. Whoever knows cargo fills it in; nothing here may ask cargo, the environment or the disk.

use std::collections::BTreeMap;

/// Index into [`Project::packages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub usize);

/// Index into [`Project::externals`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId(pub usize);

/// Everything that one analysis looks at.
#[derive(Debug, Clone, Default, Hash)]
pub struct Project {
    /// Packages whose sources are read: the subject, workspace members, path dependencies, and those of external packages.
    pub packages: Vec<Package>,
    /// Packages that count by version: from a registry or from git.
    pub externals: Vec<External>,
    /// The packages whose functions are fingerprinted. Usually one.
    pub subjects: Vec<PackageId>,
}

/// A package that is analyzed at source level.
#[derive(Debug, Clone, Default, Hash)]
pub struct Package {
    /// Name in the manifest.
    pub name: String,
    /// Version in the manifest.
    pub version: String,
    /// Edition of targets that don't set their own: 2015, 2018, 2021, 2024.
    pub edition: u16,
    /// Folder of the manifest, relative to the workspace root, `/` between parts; empty for the root itself, may begin with `../`.
    pub dir: String,
    /// Targets, the library first if there is one.
    pub targets: Vec<Target>,
    /// What its manifest calls other packages.
    pub dependencies: Vec<Dependency>,
    /// Answers to cfg predicates. What isn't here is unknown.
    pub cfg: Cfg,
    /// Variables that `env!` may read and whose values are known. What isn't here is unknown.
    pub env: BTreeMap<String, String>,
    /// Where `env!("OUT_DIR")` leads, as a path for the loader; `None` if unknown.
    pub out_dir: Option<String>,
    /// Whether it is a procedural-macro package: then it counts by all its source.
    pub proc_macro: bool,
    /// Whether the compiler that compiles the table also answers this package's questions (its cfg, its `env!`).
    ///
    /// True for a subject, false for a path dependency, whose features and variables nobody can see: what is unknown there
    /// makes reachable code opaque.
    pub answered_by_compiler: bool,
    /// The package that counts by version whose sources these are: only what they declare is read, for its types.
    pub external: Option<ExternalId>,
    /// What tells that its files are still the same, if anything does without reading them: registry and checksum.
    pub checksum: Option<String>,
}

/// One crate of a package.
#[derive(Debug, Clone, Hash)]
pub struct Target {
    /// Which kind of target.
    pub kind: TargetKind,
    /// Name of the target as cargo prints it.
    pub name: String,
    /// Root file, a path for the loader (relative to the workspace root).
    pub root: String,
    /// Edition, if the target sets its own.
    pub edition: Option<u16>,
}

/// Kind of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is cargo's own word")]
pub enum TargetKind {
    Lib,
    Bin,
    Example,
    Test,
    Bench,
}

impl TargetKind {
    /// Cargo's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetKind::Lib => "lib",
            TargetKind::Bin => "bin",
            TargetKind::Example => "example",
            TargetKind::Test => "test",
            TargetKind::Bench => "bench",
        }
    }
}

impl Target {
    /// `lib`, or kind and name: `bin:name`. Identifies a target within its package.
    pub fn label(&self) -> String {
        match self.kind {
            TargetKind::Lib => "lib".to_owned(),
            kind => format!("{}:{}", kind.as_str(), self.name),
        }
    }

    /// Name of the crate: dashes become underscores.
    pub fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// A name that a package's code may use for another package.
#[derive(Debug, Clone, Hash)]
pub struct Dependency {
    /// The name in code (renames applied, dashes turned into underscores).
    pub extern_name: String,
    /// What it stands for. Several, if `[target.'cfg(..)']` tables disagree.
    pub package: PackageRef,
    /// Only for tests, examples and benches.
    pub dev: bool,
}

/// A package that is analyzed, or one that counts by version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackageRef {
    /// Analyzed at source level.
    Source(PackageId),
    /// Pinned.
    External(ExternalId),
}

/// A package that counts by version.
#[derive(Debug, Clone, Default, Hash)]
pub struct External {
    /// Name of the package.
    pub name: String,
    /// Version in Cargo.lock; the requirement, if there is no lock file.
    pub version: String,
    /// Everything that pins it: source, checksum, asked features, and the same of all that it depends on.
    pub pin: String,
    /// Its sources, where they are at hand: they tell what its functions take, give and call back.
    pub sources: Option<PackageId>,
}

/// Known answers to configuration predicates.
///
/// A name in `closed` has all its values listed: what isn't listed is false. Every other predicate that isn't listed is unknown.
#[derive(Debug, Clone, Default, Hash)]
pub struct Cfg {
    /// Names that are set: `unix`, `test`, with `true` or `false`.
    pub names: BTreeMap<String, bool>,
    /// Values by key: `target_os` to `["linux"]`, `feature` to the features that are on. A key that is here has no other values.
    pub values: BTreeMap<String, Vec<String>>,
    /// Values that are set, of keys that may have others: the features of an external package that are on for sure.
    pub among: BTreeMap<String, Vec<String>>,
}
