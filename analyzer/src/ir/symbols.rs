//! Interned names.

use std::rc::Rc;

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
    names: Vec<Rc<str>>,
    index: HashMap<Rc<str>, Sym>,
}

impl Symbols {
    pub(crate) fn new() -> Self {
        let mut symbols = Symbols { names: Vec::new(), index: HashMap::default() };
        symbols.intern("");
        symbols
    }

    pub(crate) fn intern(&mut self, name: &str) -> Sym {
        let name = name.strip_prefix("r#").unwrap_or(name);
        if let Some(&sym) = self.index.get(name) {
            return sym;
        }
        let sym = Sym(self.names.len() as u32);
        let name: Rc<str> = name.into();
        self.names.push(name.clone());
        self.index.insert(name, sym);
        sym
    }

    /// A name, if it was met.
    pub(crate) fn find(&self, name: &str) -> Option<Sym> {
        self.index.get(name).copied()
    }

    pub(crate) fn text(&self, sym: Sym) -> &str {
        &self.names[sym.0 as usize]
    }
}
