//! Crates: each is entered once, its dependencies first, and what its code may call other packages.

use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

use super::{Collector, Place};
use crate::ir::Sym;
use crate::load::{digest, folder};
use crate::program::{Crate, CrateId, Def, Module, ModuleId, Node, NodeId, Owner};
use crate::project::{PackageId, PackageRef, Project, TargetKind};
use crate::report::ItemKind;

impl Collector<'_, '_> {
    /// Enters a crate once, its dependencies first.
    pub(super) fn krate(
        &mut self,
        package: PackageId,
        target: usize,
        around: &mut Vec<(PackageId, usize)>,
    ) -> Option<CrateId> {
        if let Some(&id) = self.crates.get(&(package, target)) {
            return Some(id);
        }
        if around.contains(&(package, target)) {
            return None;
        }
        around.push((package, target));
        let project = self.project;
        let of = &project.packages[package.0];
        let info = &of.targets[target];
        let mut externs = HashMap::default();
        for name in ["std", "core", "alloc", "proc_macro", "test"] {
            let name = self.sym(name);
            let def = self.program.intern_foreign(Owner::Std, Vec::new());
            externs.insert(name, def);
        }
        for dependency in &of.dependencies {
            let name = self.sym(&dependency.extern_name);
            let def = match dependency.package {
                PackageRef::External(id) => {
                    if of.external.is_none() {
                        self.external(id);
                    }
                    self.program.intern_foreign(Owner::External(id), Vec::new())
                }
                PackageRef::Source(id) => match self.library(id, around) {
                    Some(def) => def,
                    None => continue,
                },
            };
            externs.insert(name, def);
        }
        if info.kind != TargetKind::Lib
            && let Some(lib) = of.targets.iter().position(|target| target.kind == TargetKind::Lib)
        {
            let name = self.sym(&of.targets[lib].crate_name());
            if let Some(def) = self.own_library(package, lib, around) {
                externs.entry(name).or_insert(def);
            }
        }
        around.pop();
        Some(self.enter_crate(package, target, externs))
    }

    /// What a dependency on an analyzed package stands for.
    fn library(&mut self, package: PackageId, around: &mut Vec<(PackageId, usize)>) -> Option<Def> {
        let of = &self.project.packages[package.0];
        let lib = of.targets.iter().position(|target| target.kind == TargetKind::Lib)?;
        self.own_library(package, lib, around)
    }

    fn own_library(&mut self, package: PackageId, lib: usize, around: &mut Vec<(PackageId, usize)>) -> Option<Def> {
        let krate = self.krate(package, lib, around)?;
        if self.project.packages[package.0].proc_macro {
            return Some(Def::Whole(self.whole(package, krate)));
        }
        Some(Def::Module(self.program.krate(krate).root))
    }

    /// The node that stands for all source of a procedural-macro package and of what it depends on.
    fn whole(&mut self, package: PackageId, krate: CrateId) -> NodeId {
        if let Some(&node) = self.wholes.get(&package) {
            return node;
        }
        let root = self.program.krate(krate).root;
        let name = self.project.packages[package.0].name.clone();
        let mut whole = vec![krate];
        let mut packages = vec![package];
        let mut seen = vec![package];
        let mut externals = Vec::new();
        while let Some(package) = packages.pop() {
            for dependency in &self.project.packages[package.0].dependencies {
                match dependency.package {
                    PackageRef::External(id) => externals.push(self.external(id)),
                    PackageRef::Source(id) if !seen.contains(&id) => {
                        seen.push(id);
                        packages.push(id);
                        whole.extend(self.crates.range((id, 0)..=(id, usize::MAX)).map(|(_, krate)| *krate));
                    }
                    PackageRef::Source(_) => {}
                }
            }
        }
        let node = self.add(Node {
            kind: ItemKind::Crate,
            krate: Some(krate),
            module: root,
            owner: None,
            decl: None,
            file: None,
            line: 0,
            end_line: 0,
            hash: digest(&[b"crate", name.as_bytes()]),
            path: format!("crate {name}"),
            identity: format!("crate {name}"),
            cfg: Rc::default(),
            scopes: Vec::new(),
            wrapper: None,
            external: None,
            whole,
        });
        self.program.members.insert(node, externals);
        self.wholes.insert(package, node);
        node
    }

    pub(crate) fn external(&mut self, id: crate::project::ExternalId) -> NodeId {
        if let Some(&node) = self.program.externals.get(&id) {
            return node;
        }
        let external = &self.project.externals[id.0];
        let node = self.add(Node {
            kind: ItemKind::External,
            krate: None,
            module: ModuleId(0),
            owner: None,
            decl: None,
            file: None,
            line: 0,
            end_line: 0,
            hash: digest(&[
                b"external",
                external.name.as_bytes(),
                b"\0",
                external.version.as_bytes(),
                b"\0",
                external.pin.as_bytes(),
            ]),
            path: format!("{} {}", external.name, external.version),
            // The version is in the hash: an update shows as a change of one item, not as two items.
            identity: format!("external {} {}", external.name, major(&external.version)),
            cfg: Rc::default(),
            scopes: Vec::new(),
            wrapper: None,
            external: Some(id),
            whole: Vec::new(),
        });
        self.program.externals.insert(id, node);
        node
    }

    fn enter_crate(&mut self, package: PackageId, target: usize, externs: HashMap<Sym, Def>) -> CrateId {
        let project = self.project;
        let of = &project.packages[package.0];
        let info = &of.targets[target];
        let id = CrateId(self.program.crates.len() as u32);
        let root = ModuleId(self.program.modules.len() as u32);
        let label = info.label();
        let name = crate_display_name(project, package, target);
        self.program.modules.push(Module {
            krate: id,
            parent: None,
            block: false,
            path: name,
            names: HashMap::default(),
            globs: Vec::new(),
            unnamed: Vec::new(),
            cfg: Rc::default(),
        });
        self.program.crates.push(Crate {
            package,
            target,
            label: label.clone(),
            root,
            edition: info.edition.unwrap_or(of.edition),
            externs,
            macros: HashMap::default(),
            borrows_macros: false,
            generators: Vec::new(),
        });
        let version = if of.external.is_some() { of.version.as_str() } else { "" };
        let ident: String = format!("__rememo_crate_{}{version}_{label}", of.name)
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '_' })
            .collect();
        let ident = self.sym(&ident);
        self.program.crate_idents.insert(ident, id);
        self.crates.insert((package, target), id);

        let outer = (self.krate, self.package, std::mem::take(&mut self.textual));
        (self.krate, self.package) = (id, package);
        self.first_import = self.program.imports.len();
        self.macro_use_prelude();
        let file = self.files.raw(&info.root, package);
        let dir = folder(&info.root).to_owned();
        let place = Place { file, path_dir: dir.clone(), dir, depth: 0, calls: 0 };
        let missing = |_: &str| format!("the root file of {label} of package {} is missing", of.name);
        self.file_items(root, &place, (&info.root, 0), missing);
        self.deferred_calls();
        self.program.settle(self.first_import);
        (self.krate, self.package, self.textual) = outer;
        id
    }

    /// Macros of the crates that `#[macro_use] extern crate` would bring: all exported ones of analyzed crates, tried last.
    fn macro_use_prelude(&mut self) {
        let mut found = Vec::new();
        for def in self.program.krate(self.krate).externs.values() {
            if let Def::Module(module) = def {
                let krate = self.program.module(*module).krate;
                for (name, nodes) in &self.program.krate(krate).macros {
                    found.extend(nodes.iter().map(|node| (*name, *node)));
                }
            }
        }
        found.sort_unstable_by_key(|(_, node)| *node);
        self.textual = found;
    }
}

/// The part of a version that may not change within one API.
fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

/// The name that paths of a target begin with; a target that isn't the library says its kind where a name is shared.
fn crate_display_name(project: &Project, package: PackageId, target: usize) -> String {
    let of = &project.packages[package.0];
    let info = &of.targets[target];
    let name = info.crate_name();
    let shared = of.targets.iter().enumerate().any(|(other, info)| other != target && info.crate_name() == name);
    if shared && info.kind != TargetKind::Lib { format!("{name}({})", info.kind.as_str()) } else { name }
}
