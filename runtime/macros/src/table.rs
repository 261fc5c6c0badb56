//! The build hook's table, as far as the attribute looks into it.
//!
//! Only whether it is there, and which packages must be looked for; its entries are for the compiler, which includes them.

use std::path::{Path, PathBuf};

use rememo_table::{DIRECTORY, TABLE_VERSION};

/// The table of the crate that is compiled.
pub(crate) struct Table {
    directory: PathBuf,
}

/// Why there is no table.
pub(crate) enum NoTable {
    /// The package has no build script, or one that doesn't call the hook.
    NoHook,
    /// The hook is of another release.
    OtherVersion,
}

impl NoTable {
    /// What to do about it.
    pub(crate) fn message(&self) -> &'static str {
        match self {
            NoTable::NoHook => {
                "#[cached] needs rememo's build hook: put `rememo-build` into [build-dependencies] \
                 and this into build.rs:\n\n    fn main() {\n        rememo_build::fingerprint();\n    }\n\n\
                 (if there is a build.rs already, make the call its last line)"
            }
            NoTable::OtherVersion => {
                "the build hook is of another release than the attribute: give `rememo` and `rememo-build` the same version"
            }
        }
    }
}

impl Table {
    /// Finds the table where cargo says that the build script wrote.
    pub(crate) fn find() -> Result<Table, NoTable> {
        let directory =
            std::env::var_os("OUT_DIR").map(|dir| Path::new(&dir).join(DIRECTORY)).ok_or(NoTable::NoHook)?;
        let hook = std::fs::read_to_string(directory.join("hook")).map_err(|_| NoTable::NoHook)?;
        if hook.trim_end() != format!("rememo table {TABLE_VERSION}") {
            return Err(NoTable::OtherVersion);
        }
        Ok(Table { directory })
    }

    /// The table's folder.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Which packages cached functions reach, a line for each pair.
    pub(crate) fn packages(&self) -> String {
        std::fs::read_to_string(self.directory.join("packages")).unwrap_or_default()
    }

    /// Whether it has entries for a function of this name. A doctest's functions, say, it has not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.directory.join("fn").join(format!("{name}.rs")).is_file()
    }
}
