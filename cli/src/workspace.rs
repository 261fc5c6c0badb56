//! Which packages a command is about. Asks cargo, and nothing but cargo, what the manifest means; writes nothing.

use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

use crate::args::ProjectArgs;
use crate::error::Error;

/// The packages that were selected.
#[derive(Debug)]
pub(crate) struct Selection {
    /// The workspace's root manifest.
    pub(crate) root_manifest: PathBuf,
    /// What the output calls the whole: the root package's name, else the names of the selected packages.
    pub(crate) name: String,
    /// The selected members, sorted by name.
    pub(crate) members: Vec<Member>,
}

/// One selected package.
#[derive(Debug)]
pub(crate) struct Member {
    /// Its name.
    pub(crate) name: String,
    /// Its manifest.
    pub(crate) manifest: PathBuf,
}

impl Selection {
    /// Selects packages as the command line says: a member's manifest stands for the member, a workspace's root manifest
    /// for all members, `--package` for the named ones.
    ///
    /// # Errors
    /// [`Error::Manifest`] with cargo's own words; [`Error::UnknownPackage`].
    pub(crate) fn new(args: &ProjectArgs) -> Result<Selection, Error> {
        let metadata = metadata(args.manifest_path.as_deref())?;
        let root_manifest = PathBuf::from(&metadata.workspace_root).join("Cargo.toml");
        let asked = args.manifest_path.as_deref().map(Path::to_owned).or_else(nearest_manifest);
        let asked = asked.and_then(|path| path.canonicalize().ok());

        let mut packages = metadata.workspace_packages();
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        let names = || packages.iter().map(|p| p.name.to_string()).collect::<Vec<_>>();
        for wanted in &args.package {
            if !packages.iter().any(|p| p.name.as_str() == wanted) {
                let (manifest, wanted) = (root_manifest, wanted.clone());
                return Err(Error::UnknownPackage { manifest, wanted, members: names() });
            }
        }
        let is_asked = |manifest: &Path| manifest.canonicalize().ok() == asked;
        let whole = is_asked(&root_manifest);
        packages.retain(|package| {
            if args.package.is_empty() {
                whole || is_asked(package.manifest_path.as_std_path())
            } else {
                args.package.iter().any(|wanted| package.name.as_str() == wanted)
            }
        });
        if packages.is_empty() {
            let message = "this manifest has no package; add one to it, or members to its workspace".to_owned();
            return Err(Error::Manifest { manifest: Some(root_manifest), message });
        }
        let root_package = packages.iter().find(|p| p.manifest_path.as_std_path() == root_manifest);
        let name = match root_package {
            Some(package) => package.name.to_string(),
            // Not the folder's name: copies of one tree in two folders print the same.
            None => packages.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join("+"),
        };
        let members = packages
            .iter()
            .map(|p| Member { name: p.name.to_string(), manifest: p.manifest_path.clone().into_std_path_buf() })
            .collect();
        Ok(Selection { root_manifest, name, members })
    }
}

/// Folder of the workspace that a manifest belongs to.
///
/// # Errors
/// [`Error::Manifest`] with cargo's own words.
pub(crate) fn root(manifest: &Path) -> Result<PathBuf, Error> {
    Ok(metadata(Some(manifest))?.workspace_root.into_std_path_buf())
}

/// `cargo metadata --no-deps --offline`: resolves nothing, so it needs no network and creates no Cargo.lock.
fn metadata(manifest: Option<&Path>) -> Result<Metadata, Error> {
    let mut command = MetadataCommand::new();
    command.no_deps().other_options(["--offline".to_owned()]);
    if let Some(path) = manifest {
        command.manifest_path(path);
    }
    command.exec().map_err(|error| {
        let message = match &error {
            cargo_metadata::Error::CargoMetadata { stderr } => {
                format!("cargo can't read the manifest\n{}", stderr.trim_start_matches("error: ").trim_end())
            }
            other => format!("`cargo metadata` failed: {other}"),
        };
        Error::Manifest { manifest: manifest.map(Path::to_owned), message }
    })
}

/// The manifest that cargo finds from the working directory upwards.
fn nearest_manifest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|dir| dir.join("Cargo.toml")).find(|path| path.is_file())
}
