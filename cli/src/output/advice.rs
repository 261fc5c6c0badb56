//! What to do about a place where a fingerprint is widened.

use rememo_analyzer::report::{Widened, WidenedKind};

/// Words of the reason, and the way out.
const ADVICE: &[(&str, &str)] = &[
    (
        "takes closures or function pointers",
        "pass data, or a type with a trait, instead; or cache the functions that call it",
    ),
    (
        "is generic and public in a library",
        "cache a function without type parameters that calls it, or make it pub(crate)",
    ),
    ("could not be expanded", "write the call as the macro's own documentation does, or write out what it makes"),
    ("every package that may define it counts", "import the macro by its path: `use package::name;`"),
    ("whatever may define it counts", "import the name by its path, not by a glob; or write out what the macro makes"),
    (
        "of a path that can't be known",
        "write the path as a literal, or begin it with env!(\"CARGO_MANIFEST_DIR\") or OUT_DIR",
    ),
    ("of a name that can't be read", "write the name as a literal"),
    ("code that isn't Rust", "give what it depends on as an argument or an etag; then accept(foreign)"),
    (
        "whose configuration can't be seen",
        "ask in the package of the cached function, and pass the answer on as an argument",
    ),
    (
        "whose environment can't be seen",
        "read the variable in the package of the cached function, and pass it on as an argument",
    ),
    ("reads where code stands", "leave `Location::caller` and `#[track_caller]` out of what it reaches"),
];

/// The way out.
pub(crate) fn way_out(widened: &Widened) -> &'static str {
    let known = ADVICE.iter().find(|(words, _)| widened.why.contains(words));
    known.map_or_else(
        || match widened.kind {
            WidenedKind::Source => "none is needed: at worst it is computed too often",
            WidenedKind::Opaque => "cache a function that doesn't reach this place",
        },
        |(_, advice)| advice,
    )
}
