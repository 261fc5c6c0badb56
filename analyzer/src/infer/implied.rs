//! Which traits of the standard library lead to which others, and which of their impls look into what a type holds.

use crate::ir::Sym;
use crate::program::Program;

/// Calling the first may call the others.
const IMPLIED: &[(&str, &[&str])] = &[
    ("Ord", &["PartialOrd", "Eq", "PartialEq"]),
    ("PartialOrd", &["PartialEq"]),
    ("Eq", &["PartialEq"]),
    ("Hash", &["Hasher"]),
    ("BuildHasher", &["Hasher", "Default"]),
    ("Into", &["From"]),
    ("TryInto", &["TryFrom", "From", "Into"]),
    ("ToString", &["Display"]),
    ("ToOwned", &["Clone", "Borrow"]),
    ("Error", &["Display", "Debug"]),
    ("Iterator", &["IntoIterator", "DoubleEndedIterator", "ExactSizeIterator", "FusedIterator"]),
    ("IntoIterator", &["Iterator", "DoubleEndedIterator", "ExactSizeIterator"]),
    ("DoubleEndedIterator", &["Iterator"]),
    ("ExactSizeIterator", &["Iterator"]),
    ("DerefMut", &["Deref"]),
    ("IndexMut", &["Index"]),
    ("BorrowMut", &["Borrow"]),
    ("Clone", &["Copy"]),
    ("BufRead", &["Read"]),
    ("IntoFuture", &["Future"]),
    ("Sum", &["Add"]),
    ("Product", &["Mul"]),
    ("FromIterator", &["Extend", "Default"]),
];

/// Traits with a type argument: a foreign type may implement them for an analyzed one.
pub(super) const WITH_ARGUMENT: &[&str] = &[
    "From",
    "TryFrom",
    "Into",
    "TryInto",
    "AsRef",
    "AsMut",
    "Borrow",
    "BorrowMut",
    "Extend",
    "FromIterator",
    "Sum",
    "Product",
    "Index",
    "IndexMut",
];

/// Traits whose argument is the type itself if none is written.
const BY_ITSELF: &[&str] = &[
    "PartialEq",
    "PartialOrd",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Rem",
    "BitAnd",
    "BitOr",
    "BitXor",
    "Shl",
    "Shr",
    "AddAssign",
    "SubAssign",
    "MulAssign",
    "DivAssign",
    "RemAssign",
    "BitAndAssign",
    "BitOrAssign",
    "BitXorAssign",
    "ShlAssign",
    "ShrAssign",
];

pub(super) fn by_itself(of: &str) -> bool {
    BY_ITSELF.contains(&of)
}

/// A standard trait, and those that whoever calls it may call.
pub(super) fn implied(program: &Program, of: Sym) -> Vec<Sym> {
    let mut all = vec![of];
    let mut at = 0;
    while at < all.len() {
        let text = program.text(all[at]);
        if let Some((_, others)) = IMPLIED.iter().find(|(name, _)| *name == text) {
            for other in *others {
                let other = program.sym(other);
                if !all.contains(&other) {
                    all.push(other);
                }
            }
        }
        at += 1;
    }
    all
}

/// Traits that the standard library implements for no collection, whatever it holds; of those without a name, slices and
/// tuples.
pub(super) fn is_never(head: &str, of: &str) -> bool {
    // They show nothing of what was locked.
    if matches!(head, "PoisonError" | "TryLockError") {
        return matches!(of, "Debug" | "Display" | "ToString" | "Error");
    }
    let is_collection = matches!(
        head,
        "" | "Vec"
            | "VecDeque"
            | "LinkedList"
            | "HashMap"
            | "HashSet"
            | "BTreeMap"
            | "BTreeSet"
            | "BinaryHeap"
            | "Option"
            | "Result"
            | "Range"
    );
    is_collection
        && matches!(
            of,
            "Display"
                | "ToString"
                | "LowerHex"
                | "UpperHex"
                | "Octal"
                | "Binary"
                | "LowerExp"
                | "UpperExp"
                | "Pointer"
                | "Error"
        )
}

/// Traits whose impls for the standard library's own types use no impl of the same trait for what is in them.
pub(super) fn is_outermost(of: &str) -> bool {
    matches!(
        of,
        "From" | "Into" | "TryFrom" | "TryInto" | "AsRef" | "AsMut" | "Borrow" | "BorrowMut" | "Index" | "IndexMut"
    )
}

/// What points to a value that its copies share.
pub(super) fn is_shared(head: &str) -> bool {
    matches!(head, "Rc" | "Arc" | "PhantomData")
}

/// The standard library's collections use other traits of their keys than the one that they are used by: maps are compared
/// key by key, each of which is looked up in the other.
pub(super) fn keys_by(head: &str, of: &str) -> &'static [&'static str] {
    match (head, of) {
        ("HashMap" | "HashSet", "PartialEq" | "Eq" | "Extend" | "FromIterator" | "From" | "Index") => &["Hash", "Eq"],
        ("HashSet", "BitAnd" | "BitOr" | "BitXor" | "Sub") => &["Hash", "Eq", "Clone"],
        ("BTreeMap" | "BTreeSet" | "BinaryHeap", "Extend" | "FromIterator" | "From" | "Index") => &["Ord"],
        ("BTreeSet", "BitAnd" | "BitOr" | "BitXor" | "Sub") => &["Ord", "Clone"],
        _ => &[],
    }
}

/// Some impls hand out values that the caller, who isn't analyzed, uses by another trait.
pub(crate) fn handed_out(alias: &str) -> Option<&'static str> {
    match alias {
        "IntoIter" => Some("Iterator"),
        "IntoFuture" => Some("Future"),
        "Hasher" => Some("Hasher"),
        "Owned" => Some("Borrow"),
        _ => None,
    }
}
