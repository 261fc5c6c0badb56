//! What the attribute leaves in the binary for each cached function: a static, made of constants.
//!
//! Nothing here depends on a cache; what a function is to one cache is `function`'s business.

use std::sync::Arc;
use std::sync::OnceLock;

use rememo_table::{Entry, Selection};

use crate::codec::Compression;
use crate::function::Function;

/// What only the compiler's process could see of the build.
#[derive(Debug, Clone, Copy)]
pub struct Build {
    /// The files had changed since the build hook read them, or that couldn't be told.
    pub stale: bool,
    /// Overflow panics.
    pub overflow_checks: bool,
    /// `cfg!(debug_assertions)` of the user's crate.
    pub debug_assertions: bool,
    /// What the packages are compiled with that the function reaches. One that isn't here couldn't be seen.
    pub packages: &'static [(&'static str, &'static str)],
    /// The function has a ttl, an etag or files.
    pub declares: bool,
    /// Code of a caller may run in it, so that its reachable set doesn't tell all that it may call.
    pub open: bool,
    /// How results are compressed, if the function says so.
    pub compress: Option<Option<Compression>>,
}

/// A cached function.
#[derive(Debug)]
pub struct Site {
    pub(crate) name: &'static str,
    pub(crate) module: &'static str,
    pub(crate) selection: Selection,
    pub(crate) id: Option<&'static str>,
    pub(crate) build: Build,
    /// What the function is to the first cache that it was called with: nearly always the only one.
    pub(crate) first: OnceLock<Arc<Function>>,
}

impl Site {
    /// For the attribute alone.
    pub const fn new(
        name: &'static str,
        module: &'static str,
        selection: Selection,
        id: Option<&'static str>,
        build: Build,
    ) -> Self {
        Site { name, module, selection, id, build, first: OnceLock::new() }
    }

    /// The entries that may be this function's.
    pub(crate) fn entries(&self) -> Vec<&'static Entry> {
        self.selection.iter().collect()
    }

    /// Its path, for people.
    pub(crate) fn path(&self) -> String {
        match self.selection.iter().next() {
            Some(entry) => entry.path.to_owned(),
            None => format!("{}::{}", self.module, self.name),
        }
    }
}

/// Makes a function's static. For the attribute alone.
#[doc(hidden)]
#[macro_export]
macro_rules! __site {
    (
        $name:literal, $entries:expr, [$($target:literal),*], $line:literal, $column:literal, $id:expr,
        stale: $stale:literal, overflow_checks: $overflow_checks:expr, packages: [$($package:expr),*],
        declares: $declares:literal, open: $open:literal, compress: $compress:expr
    ) => {{
        // The table's file says `Entry`.
        use $crate::__private::Entry;
        const ENTRIES: &[Entry] = $entries;
        const SELECTION: $crate::__private::Selection =
            $crate::__private::select(ENTRIES, &[$($target),*], module_path!(), $line, $column);
        const ID: Option<&str> = $id;
        const _: () = assert!(
            SELECTION.count() <= 1 || ID.is_some(),
            "rememo can't tell this function from another of its name; give each an id: #[cached(id = \"...\")]"
        );
        static SITE: $crate::__private::Site = $crate::__private::Site::new(
            $name,
            module_path!(),
            SELECTION,
            ID,
            $crate::__private::Build {
                stale: $stale,
                overflow_checks: $overflow_checks,
                debug_assertions: cfg!(debug_assertions),
                packages: &[$($package),*],
                declares: $declares,
                open: $open,
                compress: $compress,
            },
        );
        &SITE
    }};
}

/// How a function compresses that says `compress`. For the attribute alone.
#[cfg(feature = "lz4")]
#[doc(hidden)]
#[macro_export]
macro_rules! __compress {
    (true) => {
        ::core::option::Option::Some(::core::option::Option::Some($crate::codec::Compression::Lz4))
    };
    (false) => {
        ::core::option::Option::Some(::core::option::Option::None)
    };
}

/// How a function compresses that says `compress`. For the attribute alone.
#[cfg(not(feature = "lz4"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __compress {
    (true) => {
        ::core::compile_error!("`compress` needs a feature: rememo = { version = \"...\", features = [\"lz4\"] }")
    };
    (false) => {
        ::core::option::Option::Some(::core::option::Option::None)
    };
}
