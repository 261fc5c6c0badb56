//! Interned names.

use rustc_hash::FxHashMap as HashMap;

/// A name. The empty name is `Sym::NONE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Sym(pub(crate) u32);

impl Sym {
    /// The empty name.
    pub(crate) const NONE: Sym = Sym(0);
}

/// Every name of one analysis, each once.
#[derive(Debug)]
pub(crate) struct Symbols {
    names: Vec<Box<str>>,
    index: HashMap<Box<str>, Sym>,
    /// Which of them a file holds.
    in_files: Vec<bool>,
}

impl Symbols {
    pub(crate) fn new() -> Self {
        let mut symbols = Symbols { names: Vec::new(), index: HashMap::default(), in_files: Vec::new() };
        symbols.intern("");
        symbols
    }

    pub(crate) fn intern(&mut self, name: &str) -> Sym {
        let name = name.strip_prefix("r#").unwrap_or(name);
        if let Some(&sym) = self.index.get(name) {
            return sym;
        }
        let sym = Sym(self.names.len() as u32);
        self.names.push(name.into());
        self.index.insert(name.into(), sym);
        sym
    }

    /// A name that a file holds.
    pub(super) fn intern_in_file(&mut self, name: &str) -> Sym {
        let sym = self.intern(name);
        if self.in_files.len() < self.names.len() {
            self.in_files.resize(self.names.len(), false);
        }
        self.in_files[sym.0 as usize] = true;
        sym
    }

    /// Whether a file that was read holds a name, outside the input of macros.
    pub(crate) fn is_in_files(&self, name: &str) -> bool {
        let at = self.index.get(name).map(|sym| sym.0 as usize);
        at.and_then(|at| self.in_files.get(at)).copied().unwrap_or(false)
    }

    pub(crate) fn text(&self, sym: Sym) -> &str {
        &self.names[sym.0 as usize]
    }
}
