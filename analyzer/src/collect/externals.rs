//! Enters what external packages declare, after everything that is analyzed: their types, traits, impls and signatures.
//!
//! A package counts by its version, so none of this is ever an item of a set; what can't be read is left out, and whoever
//! asks for it widens.

use super::Collector;
use crate::program::{Analyzed, CrateId, Def, Import, Owner};
use crate::project::{ExternalId, PackageRef};

impl Collector<'_, '_> {
    /// Enters the libraries of the external packages that the code names, and of those that these re-export from. What
    /// else they use behind their signatures stays unknown: there is far more of it than of what is analyzed.
    pub(super) fn external_libraries(&mut self) {
        let project = self.project;
        self.program.analyzed = Analyzed {
            nodes: self.program.nodes.len(),
            impls: self.program.impls.len(),
            crates: self.program.crates.len(),
        };
        let mut wanted: Vec<ExternalId> = Vec::new();
        for user in project.packages.iter().filter(|package| package.external.is_none()) {
            for dependency in &user.dependencies {
                if let PackageRef::External(id) = dependency.package
                    && !wanted.contains(&id)
                    && self.is_named(&dependency.extern_name)
                {
                    wanted.push(id);
                }
            }
        }
        self.files.quiet = true;
        let mut at = 0;
        while let Some(id) = wanted.get(at).copied() {
            at += 1;
            let Some(sources) = project.externals[id.0].sources else { continue };
            self.files.foresee(sources);
            if let Some(krate) = self.krate(sources, 0, &mut Vec::new()) {
                self.program.libraries.insert(id, self.program.krate(krate).root);
                for id in self.re_exported(krate) {
                    if !wanted.contains(&id) {
                        wanted.push(id);
                    }
                }
            }
        }
        self.files.quiet = false;
    }

    /// The external packages that a crate re-exports from.
    fn re_exported(&self, krate: CrateId) -> Vec<ExternalId> {
        let program = &self.program;
        let externs = &program.krate(krate).externs;
        let imports = program.imports.iter().filter(|import| program.module(import.module).krate == krate);
        let of = |import: &Import| match externs.get(import.path.first()?)? {
            Def::Foreign(id) => match program.foreign(*id).owner {
                Owner::External(package) => Some(package),
                _ => None,
            },
            _ => None,
        };
        imports.filter(|import| import.public).filter_map(of).collect()
    }

    /// Whether a path begins with a package's name, outside the input of macros.
    fn is_named(&self, name: &str) -> bool {
        let sym = self.program.symbols.borrow().find(name);
        name.starts_with(char::is_uppercase) || sym.is_some_and(|sym| self.heads.contains(&sym))
    }
}
