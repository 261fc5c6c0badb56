//! Why a call was computed: what is stored of the function, compared with what the function is now.
//!
//! Only for people: nothing here decides anything, and nothing is read unless somebody listens.

use std::collections::BTreeMap;
use std::fmt;

use rememo_table::{ManifestItem, manifest_items};

use crate::mode::Mode;

/// Why there was no hit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing is stored of this function.
    FirstCall,
    /// Something is stored, but not for these arguments.
    NewArguments,
    /// The function, or what it reaches, has changed since it was last computed for these arguments.
    CodeChanged(Vec<Change>),
    /// All code is the same, but it was compiled differently: target, compiler, features, flags.
    ConfigurationChanged(Vec<String>),
    /// Its ttl, or that of a cached function it called, has passed.
    Expired,
    /// A file that it depends on has changed.
    InputChanged(String),
    /// Its etag is another.
    EtagChanged,
    /// What was stored doesn't decode.
    Undecodable(String),
    /// The mode asks for it.
    Mode(Mode),
    /// The call can't be cached.
    Uncached(String),
    /// Nobody asked when it was computed.
    Unknown,
}

/// One item that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Added, removed or changed.
    pub how: How,
    /// `fn`, `const`, `type`, ...
    pub kind: String,
    /// Path of the item.
    pub path: String,
    /// Its file, relative to the workspace root; empty for an external package.
    pub file: String,
    /// Its line; 0 for an external package.
    pub line: u32,
}

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is another.
    Changed,
    /// It wasn't reached before.
    Added,
    /// It isn't reached any more.
    Removed,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::Changed => "changed",
            How::Added => "was added",
            How::Removed => "was removed",
        };
        write!(f, "{} {} {how}", self.kind, self.path)?;
        if self.line > 0 {
            write!(f, " ({}:{})", self.file, self.line)?;
        }
        Ok(())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::FirstCall => f.write_str("it has not been computed before"),
            Reason::NewArguments => f.write_str("its arguments are new"),
            Reason::CodeChanged(changes) => {
                let shown: Vec<String> = changes.iter().take(3).map(Change::to_string).collect();
                f.write_str(&shown.join(", "))?;
                match changes.len().checked_sub(shown.len()) {
                    Some(more) if more > 0 => write!(f, " and {more} more"),
                    _ => Ok(()),
                }
            }
            Reason::ConfigurationChanged(names) if names.is_empty() => f.write_str("it was compiled differently"),
            Reason::ConfigurationChanged(names) => write!(f, "it was compiled differently: {}", names.join(", ")),
            Reason::Expired => f.write_str("what was stored has expired"),
            Reason::InputChanged(name) => write!(f, "its input {name} changed"),
            Reason::EtagChanged => f.write_str("its etag changed"),
            Reason::Undecodable(why) => write!(f, "what was stored doesn't read: {why}"),
            Reason::Mode(mode) => write!(f, "the mode is {mode}"),
            Reason::Uncached(why) => write!(f, "it isn't cached: {why}"),
            Reason::Unknown => f.write_str("there was no result to use"),
        }
    }
}

/// Kind of the manifest lines that stand for a setting instead of an item.
pub(crate) const SETTING: &str = "setting";

/// Compares two manifests.
pub(crate) fn compare(before: &str, now: &str) -> Reason {
    let items = |text| -> BTreeMap<(&str, &str), ManifestItem<'_>> {
        manifest_items(text).flatten().map(|item| ((item.kind, item.path), item)).collect()
    };
    let (before, now) = (items(before), items(now));
    let change = |how, item: &ManifestItem<'_>| Change {
        how,
        kind: item.kind.to_owned(),
        path: item.path.to_owned(),
        file: item.file.to_owned(),
        line: item.line,
    };
    let mut changes: Vec<Change> = now
        .iter()
        .filter_map(|(key, item)| match before.get(key) {
            None => Some(change(How::Added, item)),
            Some(old) => (old.hash != item.hash).then(|| change(How::Changed, item)),
        })
        .chain(before.iter().filter(|(key, _)| !now.contains_key(*key)).map(|(_, item)| change(How::Removed, item)))
        .collect();
    let settings = changes.iter().filter(|change| change.kind == SETTING).map(|change| change.path.clone()).collect();
    changes.retain(|change| change.kind != SETTING);
    if changes.is_empty() {
        return Reason::ConfigurationChanged(settings);
    }
    // What is another explains more than what comes and goes with it.
    changes.sort_by(|a, b| (a.how, &a.path).cmp(&(b.how, &b.path)));
    Reason::CodeChanged(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changed_item_is_named_with_its_place() {
        let before = "a1\tfn\tp::f\tsrc/a.rs\t1\nb1\tfn\tp::g\tsrc/a.rs\t9\nc1\texternal\tcsv 1.3.0\t\t0\n";
        let now = "a1\tfn\tp::f\tsrc/a.rs\t1\nb2\tfn\tp::g\tsrc/a.rs\t12\nc2\texternal\tcsv 1.4.0\t\t0\n";
        let expected = "fn p::g changed (src/a.rs:12), external csv 1.4.0 was added, external csv 1.3.0 was removed";
        assert_eq!(compare(before, now).to_string(), expected);
    }

    #[test]
    fn the_same_items_compiled_otherwise_name_the_setting() {
        let before = "a1\tfn\tp::f\tsrc/a.rs\t1\nx\tsetting\ttarget\t\t0\n";
        let now = "a1\tfn\tp::f\tsrc/a.rs\t1\ny\tsetting\ttarget\t\t0\n";
        assert_eq!(compare(before, now), Reason::ConfigurationChanged(vec!["target".into()]));
    }
}
