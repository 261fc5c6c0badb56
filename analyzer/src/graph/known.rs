//! Facts by item: most items of a large workspace are never read, and take no room.

use std::ops::{Index, IndexMut};

use crate::infer::Facts;

/// The facts of each item, by its number.
#[derive(Debug, Default)]
pub(crate) struct KnownFacts {
    list: Vec<Option<Box<Facts>>>,
    /// Those of an item that wasn't read.
    none: Facts,
}

impl KnownFacts {
    pub(super) fn new(count: usize) -> KnownFacts {
        let mut facts = KnownFacts::default();
        facts.list.resize_with(count, || None);
        facts
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// `None` for what isn't analyzed.
    pub(crate) fn get(&self, at: usize) -> Option<&Facts> {
        self.list.get(at).map(|facts| facts.as_deref().unwrap_or(&self.none))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Facts> {
        self.list.iter().flatten().map(|facts| &**facts)
    }
}

impl Index<usize> for KnownFacts {
    type Output = Facts;

    fn index(&self, at: usize) -> &Facts {
        self.list[at].as_deref().unwrap_or(&self.none)
    }
}

impl IndexMut<usize> for KnownFacts {
    fn index_mut(&mut self, at: usize) -> &mut Facts {
        self.list[at].get_or_insert_default()
    }
}
