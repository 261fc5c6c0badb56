//! Sorting and collections call back.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use rememo::cached;

#[derive(PartialEq, Eq)]
pub struct Rank(u32);

impl Ord for Rank {
    fn cmp(&self, other: &Rank) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Rank) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Eq)]
pub struct Folded(String);

impl PartialEq for Folded {
    fn eq(&self, other: &Folded) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Hash for Folded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

fn weight(word: &str) -> usize {
    word.len()
}

#[cached]
pub fn sorted() -> Vec<u32> {
    let mut ranks = vec![Rank(2), Rank(1)];
    ranks.sort();
    ranks.into_iter().map(|rank| rank.0).collect()
}

#[cached]
pub fn heaped() -> Option<u32> {
    let mut heap = BinaryHeap::new();
    heap.push(Reverse(Rank(4)));
    heap.pop().map(|rank| rank.0.0)
}

#[cached]
pub fn mapped() -> Option<u32> {
    let map: BTreeMap<Rank, u32> = [(Rank(1), 1), (Rank(2), 2)].into_iter().collect();
    map.values().next().copied()
}

#[cached]
pub fn distinct(words: Vec<String>) -> usize {
    words.into_iter().map(Folded).collect::<HashSet<_>>().len()
}

#[cached]
pub fn counted(words: Vec<String>) -> usize {
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(Folded(word)).or_insert(0) += 1;
    }
    counts.len()
}

#[cached]
pub fn by_weight(mut words: Vec<String>) -> Vec<String> {
    words.sort_by_key(|word| weight(word));
    words
}

#[cached]
pub fn largest() -> u32 {
    std::cmp::max(Rank(1), Rank(2)).0
}
