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
    /// The packages from registries and git that the function reaches: `serde 1.0.229`. Which features they are compiled
    /// with only the compiler's process can see.
    pub packages: &'static [&'static str],
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
/// A target and `module` must match. Where the table knows line and column (no macro made the function), they must match
/// too, unless the call site itself doesn't know them (0).
///
/// The attribute can't always tell which target it is compiled for, so it names all that it may be: each of `targets` is a
/// label (`bin:name`), a kind with its colon (`test:`) that stands for every target of that kind, or empty for any target.
/// The module begins with the crate's name, which settles nearly all of the rest.
pub const fn select(entries: &'static [Entry], targets: &[&str], module: &str, line: u32, column: u32) -> Selection {
    let (mut exact, mut made, mut all) = (0u64, 0u64, 0u64);
    let mut i = 0;
    while i < entries.len() && i < 64 {
        let e = &entries[i];
        if one_of(e.target, targets) && same(e.module, module) {
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

const fn one_of(label: &str, targets: &[&str]) -> bool {
    let mut i = 0;
    while i < targets.len() {
        let target = targets[i].as_bytes();
        let is_kind = target.is_empty() || target[target.len() - 1] == b':';
        if (is_kind || target.len() == label.len()) && starts_with(label.as_bytes(), target) {
            return true;
        }
        i += 1;
    }
    false
}

const fn starts_with(text: &[u8], start: &[u8]) -> bool {
    if text.len() < start.len() {
        return false;
    }
    let mut i = 0;
    while i < start.len() {
        if text[i] != start[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && starts_with(a.as_bytes(), b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn entry(target: &'static str, line: u32, column: u32) -> Entry {
        Entry {
            package: "p",
            target,
            path: "p::f",
            module: "p",
            file: "src/lib.rs",
            line,
            column,
            source: [0; 32],
            fixed: &[],
            cfgs: &[],
            envs: &[],
            packages: &[],
            opaque: &[],
            manifest: &[],
            reaches: &[],
        }
    }

    const ENTRIES: &[Entry] =
        &[entry("lib", 3, 4), entry("bin:p", 3, 4), entry("test:p", 3, 4), entry("lib", 9, 4), entry("lib", 0, 0)];

    fn picked(targets: &[&str], line: u32, column: u32) -> u64 {
        select(ENTRIES, targets, "p", line, column).mask
    }

    #[test]
    fn a_label_picks_its_target_alone() {
        assert_eq!(picked(&["lib"], 3, 4), 0b1);
        assert_eq!(picked(&["bin:p"], 3, 4), 0b10);
        assert_eq!(picked(&["bin:pq"], 3, 4), 0);
    }

    #[test]
    fn a_kind_stands_for_all_its_targets_and_nothing_for_any() {
        assert_eq!(picked(&["lib", "test:", "bench:"], 3, 4), 0b101);
        assert_eq!(picked(&[""], 3, 4), 0b111);
    }

    #[test]
    fn a_place_that_the_table_does_not_know_is_of_a_function_that_a_macro_made() {
        assert_eq!(picked(&["lib"], 5, 1), 0b10000);
        assert_eq!(picked(&["lib"], 0, 0), 0b11001);
    }
}
