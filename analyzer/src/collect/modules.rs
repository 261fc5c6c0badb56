//! Where the file of a module is.

use rustc_hash::FxHashMap as HashMap;
use std::rc::Rc;

use super::{Collector, Place};
use crate::cfg::possible;
use crate::ir::{Attr, Decl};
use crate::load::{folder, join};
use crate::program::{Def, Module, ModuleId};

impl Collector<'_, '_> {
    /// Enters a module: its items stand here, or in a file.
    pub(super) fn module(&mut self, decl: &Rc<Decl>, inline: Option<&[Rc<Decl>]>, parent: ModuleId, place: &Place) {
        let name = self.program.text(decl.name);
        let id = ModuleId(self.program.modules.len() as u32);
        let around = self.program.module(parent);
        let mut cfg = around.cfg.clone();
        if !decl.cfg.is_empty() || !decl.asks.is_empty() {
            let mut all = (*cfg).clone();
            all.extend(decl.cfg.iter().cloned());
            cfg = Rc::new(all);
        }
        let path = format!("{}::{name}", around.path);
        self.program.modules.push(Module {
            krate: self.krate,
            parent: Some(parent),
            block: false,
            path,
            names: HashMap::default(),
            globs: Vec::new(),
            unnamed: Vec::new(),
            cfg,
        });
        self.bind(parent, decl.name, Def::Module(id));
        let macros = self.textual.len();
        let mut at = self.explicit_files(decl);
        match inline {
            Some(items) => {
                let dir = at.first().map_or_else(|| join(&place.dir, &name), |path| join(&place.path_dir, path));
                let inner = Place { dir: dir.clone(), path_dir: dir, ..place.clone() };
                self.items(items, id, &inner, None);
            }
            None if !at.is_empty() => {
                // Several only if `cfg_attr` can't be answered: then all of them count.
                for path in at.drain(..) {
                    let path = join(&place.path_dir, &path);
                    self.module_file(&path, folder(&path).to_owned(), id, place, (&*name, decl.line));
                }
            }
            None => {
                let (flat, nested) =
                    (join(&place.dir, &format!("{name}.rs")), join(&place.dir, &format!("{name}/mod.rs")));
                let dir = join(&place.dir, &name);
                if self.files.exists(&flat, self.package) || !self.files.exists(&nested, self.package) {
                    self.module_file(&flat, dir, id, place, (&*name, decl.line));
                } else {
                    self.module_file(&nested, dir, id, place, (&*name, decl.line));
                }
            }
        }
        let exports = decl.attrs.iter().any(|attr| matches!(attr, Attr::MacroUse));
        if !exports {
            self.textual.truncate(macros);
        }
        if crate::program::has_unknown_attr(decl, &self.project.packages[self.package.0].cfg) {
            // An attribute macro on a module may put anything into it: at least what stands around is in its sight.
            let import = crate::program::ImportId(self.program.imports.len() as u32);
            let super_ = self.program.words.super_;
            self.program.imports.push(crate::program::Import {
                module: id,
                global: false,
                path: vec![super_],
                public: false,
                uncertain: true,
            });
            self.program.modules[id.at()].globs.push(import);
            let node = self.node(decl, crate::report::ItemKind::Module, parent, place, None);
            self.program.crates[self.krate.at()].generators.push(node);
        }
    }

    fn explicit_files(&self, decl: &Decl) -> Vec<String> {
        let known = &self.project.packages[self.package.0].cfg;
        let mut found = Vec::new();
        for attr in &decl.attrs {
            if let Attr::FilePath(path, when) = attr
                && possible(when, known)
            {
                found.push(path.clone());
            }
        }
        found
    }

    fn module_file(&mut self, path: &str, dir: String, module: ModuleId, place: &Place, declared: (&str, u32)) {
        let (name, line) = declared;
        let file = self.files.raw(path, self.package);
        if self.files.path(place.file) == path {
            return;
        }
        let from = self.files.path(place.file).to_owned();
        // What stands in a file is nobody's output, also if a macro made the `mod`: its calls have a budget of their own.
        let inner = Place { file, path_dir: folder(path).to_owned(), dir, depth: place.depth + 1, calls: 0 };
        if inner.depth > 128 {
            self.files.problem(path, 0, crate::report::ProblemKind::Recursion, "modules include each other".to_owned());
            return;
        }
        let budget = self.budget;
        self.file_items(module, &inner, (&from, line), |path| {
            format!("the file of module `{name}` is missing: {path}")
        });
        self.budget = budget;
    }
}
