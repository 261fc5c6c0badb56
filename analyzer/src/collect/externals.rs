//! Enters what external packages declare, after everything that is analyzed: their types, traits, impls and signatures.
//!
//! A package counts by its version, so none of this is ever an item of a set; what can't be read is left out, and whoever
//! asks for it widens.

use super::Collector;
use crate::program::Analyzed;
use crate::project::{ExternalId, Package, PackageRef};

impl Collector<'_, '_> {
    /// Enters the libraries of the external packages that the code names, and of those that these name.
    pub(super) fn external_libraries(&mut self) {
        let project = self.project;
        self.program.analyzed = Analyzed {
            nodes: self.program.nodes.len(),
            impls: self.program.impls.len(),
            crates: self.program.crates.len(),
        };
        self.files.quiet = true;
        let mut done: Vec<ExternalId> = Vec::new();
        let mut users: Vec<&Package> = project.packages.iter().filter(|package| package.external.is_none()).collect();
        let mut at = 0;
        while let Some(user) = users.get(at).copied() {
            at += 1;
            for dependency in &user.dependencies {
                let PackageRef::External(id) = dependency.package else { continue };
                let Some(sources) = project.externals[id.0].sources else { continue };
                if done.contains(&id) || !self.is_named(&dependency.extern_name) {
                    continue;
                }
                done.push(id);
                let package = &project.packages[sources.0];
                self.files.foresee(sources);
                if let Some(krate) = self.krate(sources, 0, &mut Vec::new()) {
                    self.program.libraries.insert(id, self.program.krate(krate).root);
                    users.push(package);
                }
            }
        }
        self.files.quiet = false;
    }

    fn is_named(&self, name: &str) -> bool {
        self.program.symbols.borrow().is_in_files(name)
    }
}
