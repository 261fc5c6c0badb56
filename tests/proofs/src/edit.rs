//! Changes of a text by byte ranges.

use std::ops::Range;

/// Changes that don't overlap. What is inserted twice at one place stands in the order of the calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edits {
    list: Vec<(Range<usize>, String)>,
}

impl Edits {
    pub(crate) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    pub(crate) fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    pub(crate) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.list.push((range, text.into()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The changed text.
    ///
    /// # Panics
    /// If two changes overlap: what comes out would prove nothing.
    pub(crate) fn apply(mut self, text: &str) -> String {
        // What is inserted where something is replaced stands before it.
        self.list.sort_by_key(|(range, _)| (range.start, !range.is_empty()));
        let mut out = String::with_capacity(text.len() + self.list.len() * 4);
        let mut done = 0;
        for (range, with) in self.list {
            assert!(done <= range.start, "changes overlap: {:?} before {:?}", &text[range.start..done], &text[range]);
            out.push_str(&text[done..range.start]);
            out.push_str(&with);
            done = range.end;
        }
        out.push_str(&text[done..]);
        out
    }
}
