//! One cached function in the table, and how a call site finds its entry.

/// What the build hook knows of one cached function. Built only by the code that the hook generates.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Name of the package.
    pub package: &'static str,
    /// Kind and name of the target: `lib`, `bin:name`, `example:name`, `test:name`, `bench:name`.
    pub target: &'static str,
    /// Path of the function, unique in its target: `name::module::Type::method`.
    pub path: &'static str,
    /// What `module_path!()` says where the function stands.
    pub module: &'static str,
    /// The file that holds the function, relative to the workspace root.
    pub file: &'static str,
    /// Line of the function's name, from 1; 0 if a macro made the function.
    pub line: u32,
    /// Column of the function's name, from 1 and in characters; 0 if a macro made the function.
    pub column: u32,
    /// Fingerprint of the function's own code and of all it reaches.
    pub source: [u8; 32],
    /// The part of the configuration that the hook could read, sorted by name.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Predicates that reachable code asks for, answered by the compiler: `("test", cfg!(test))`.
    pub cfgs: &'static [(&'static str, bool)],
    /// Variables that reachable code reads at compile time: `("HOME", option_env!("HOME"))`.
    pub envs: &'static [(&'static str, Option<&'static str>)],
    /// Why no source hash can pin this function; empty if one does. Then the running executable's content counts.
    pub opaque: &'static [&'static str],
    /// The manifest that this entry's `reaches` points into.
    pub manifest: &'static [u8],
    /// Which items of the manifest the function reaches, packed by `reach_encode`.
    pub reaches: &'static [u8],
}

/// The entries that may be a call site's.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    /// All entries of that bare name.
    pub entries: &'static [Entry],
    /// Bit i is set if entry i may be the call site's; entries from 64 on always may.
    pub mask: u64,
}

impl Selection {
    /// How many entries may be the call site's.
    pub const fn count(&self) -> usize {
        let beyond = if self.entries.len() > 64 { self.entries.len() - 64 } else { 0 };
        self.mask.count_ones() as usize + beyond
    }

    /// The entries that may be the call site's.
    pub fn iter(&self) -> impl Iterator<Item = &'static Entry> + use<> {
        let mask = self.mask;
        self.entries.iter().enumerate().filter(move |(i, _)| *i >= 64 || mask & (1 << i) != 0).map(|(_, e)| e)
    }
}

/// Picks a call site's entries among those of its bare name.
///
/// `target` and `module` must match. Where the table knows line and column (no macro made the function), they must match
/// too, unless the call site itself doesn't know them (0).
pub const fn select(entries: &'static [Entry], target: &str, module: &str, line: u32, column: u32) -> Selection {
    let (mut exact, mut made, mut all) = (0u64, 0u64, 0u64);
    let mut i = 0;
    while i < entries.len() && i < 64 {
        let e = &entries[i];
        if same(e.target, target) && same(e.module, module) {
            all |= 1 << i;
            if e.line == line && e.column == column {
                exact |= 1 << i;
            }
            if e.line == 0 {
                made |= 1 << i;
            }
        }
        i += 1;
    }
    let mask = if line == 0 {
        all
    } else if exact != 0 {
        exact
    } else {
        made
    };
    Selection { entries, mask }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
