//! What differs between the items that a function reached when a result was computed and those that it reaches now.

use std::collections::{BTreeMap, BTreeSet};

/// An item on one side of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reached {
    /// `fn`, `const`, `type`, ...
    pub(crate) kind: String,
    /// Its path.
    pub(crate) path: String,
    /// Hash of it and of what its names resolve to, in hex.
    pub(crate) hash: String,
    /// `src/a.rs:3`; empty for a package from outside.
    pub(crate) place: String,
}

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// It is another one than it was, or its names mean something else.
    Changed,
    /// It is reached now and wasn't.
    New,
    /// It was reached and isn't any more.
    Gone,
}

impl What {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            What::Changed => "changed",
            What::New => "new",
            What::Gone => "gone",
        }
    }
}

/// One difference. The place is today's, except for what is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    /// What happened.
    pub(crate) what: What,
    /// Kind of the item.
    pub(crate) kind: String,
    /// Path of the item.
    pub(crate) path: String,
    /// Where it stands.
    pub(crate) place: String,
}

/// The differences: what changed, what is new, what is gone, each sorted by path.
pub(crate) fn between(then: &[Reached], now: &[Reached]) -> Vec<Change> {
    let (then, now) = (by_name(then), by_name(now));
    let names: BTreeSet<_> = then.keys().chain(now.keys()).copied().collect();
    let mut changes = Vec::new();
    for name in names {
        let none = Vec::new();
        let (old, new) = (then.get(&name).unwrap_or(&none), now.get(&name).unwrap_or(&none));
        // Several items may bear one name (the impls of a macro, say): those that both sides have cancel out.
        let mut left: Vec<&&Reached> = old.iter().collect();
        let mut added = Vec::new();
        for item in new {
            match left.iter().position(|other| other.hash == item.hash) {
                Some(same) => _ = left.remove(same),
                None => added.push(item),
            }
        }
        let changed = left.len().min(added.len());
        let change = |what, item: &Reached| Change {
            what,
            kind: item.kind.clone(),
            path: item.path.clone(),
            place: item.place.clone(),
        };
        changes.extend(added[..changed].iter().map(|item| change(What::Changed, item)));
        changes.extend(added[changed..].iter().map(|item| change(What::New, item)));
        changes.extend(left[changed..].iter().map(|item| change(What::Gone, item)));
    }
    changes.sort();
    changes.dedup();
    changes
}

fn by_name(items: &[Reached]) -> BTreeMap<(&str, &str), Vec<&Reached>> {
    let mut named: BTreeMap<(&str, &str), Vec<&Reached>> = BTreeMap::new();
    items.iter().for_each(|item| named.entry((&item.path, &item.kind)).or_default().push(item));
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(path: &str, hash: &str, place: &str) -> Reached {
        Reached { kind: "fn".to_owned(), path: path.to_owned(), hash: hash.to_owned(), place: place.to_owned() }
    }

    fn said(then: &[Reached], now: &[Reached]) -> Vec<String> {
        between(then, now).iter().map(|c| format!("{} {} {}", c.what.as_str(), c.path, c.place)).collect()
    }

    #[test]
    fn items_are_changed_new_or_gone() {
        let then = [item("a::f", "1", "a.rs:1"), item("a::g", "2", "a.rs:5"), item("a::h", "3", "a.rs:9")];
        let now = [item("a::f", "1", "a.rs:2"), item("a::g", "9", "a.rs:6"), item("a::k", "4", "a.rs:10")];
        assert_eq!(said(&then, &now), ["changed a::g a.rs:6", "new a::k a.rs:10", "gone a::h a.rs:9"]);
    }

    #[test]
    fn a_moved_item_is_no_change() {
        assert!(said(&[item("a::f", "1", "a.rs:1")], &[item("a::f", "1", "b.rs:7")]).is_empty());
    }

    #[test]
    fn of_two_items_with_one_name_only_the_one_that_differs_is_told() {
        let then = [item("a::impl", "1", "a.rs:1"), item("a::impl", "2", "a.rs:5")];
        let now = [item("a::impl", "2", "a.rs:5"), item("a::impl", "3", "a.rs:1")];
        assert_eq!(said(&then, &now), ["changed a::impl a.rs:1"]);
    }
}
