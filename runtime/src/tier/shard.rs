//! One shard of a tier: a table into a list of slots, and a hand that goes round the list to evict.
//!
//! Eviction is second chance: the hand passes over an entry that was used since it came by last. A use writes only if
//! that isn't noted yet, so that readers of a hot entry don't take its cache line from each other.

use std::sync::atomic::{AtomicBool, Ordering};

use hashbrown::HashTable;

use crate::Key;

#[derive(Debug)]
pub(super) struct Shard<E> {
    table: HashTable<u32>,
    slots: Vec<Option<Slot<E>>>,
    free: Vec<u32>,
    hand: usize,
}

#[derive(Debug)]
struct Slot<E> {
    key: Key,
    hash: u64,
    entry: E,
    bytes: u64,
    used: AtomicBool,
}

impl<E> Default for Shard<E> {
    fn default() -> Self {
        Shard { table: HashTable::new(), slots: Vec::new(), free: Vec::new(), hand: 0 }
    }
}

impl<E> Shard<E> {
    #[inline]
    pub(super) fn get(&self, hash: u64, key: &Key) -> Option<&E> {
        let index = self.find(hash, key)?;
        let slot = self.slots[index].as_ref()?;
        if !slot.used.load(Ordering::Relaxed) {
            slot.used.store(true, Ordering::Relaxed);
        }
        Some(&slot.entry)
    }

    #[inline]
    fn find(&self, hash: u64, key: &Key) -> Option<usize> {
        self.table.find(hash, |&index| self.holds(index, key)).map(|&index| index as usize)
    }

    #[inline]
    fn holds(&self, index: u32, key: &Key) -> bool {
        self.slots.get(index as usize).and_then(Option::as_ref).is_some_and(|slot| slot.key == *key)
    }

    /// Keeps an entry; returns the one it replaces, and its weight.
    pub(super) fn insert(&mut self, hash: u64, key: Key, entry: E, bytes: u64) -> Option<(E, u64)> {
        let replaced = self.remove(hash, &key);
        let slot = Some(Slot { key, hash, entry, bytes, used: AtomicBool::new(false) });
        let index = match self.free.pop() {
            Some(index) => {
                self.slots[index as usize] = slot;
                index
            }
            None => {
                self.slots.push(slot);
                (self.slots.len() - 1) as u32
            }
        };
        let slots = &self.slots;
        self.table.insert_unique(hash, index, |&index| slots[index as usize].as_ref().map_or(0, |slot| slot.hash));
        replaced
    }

    /// Drops an entry; returns it and its weight.
    pub(super) fn remove(&mut self, hash: u64, key: &Key) -> Option<(E, u64)> {
        let index = self.find(hash, key)?;
        self.take(index)
    }

    fn take(&mut self, index: usize) -> Option<(E, u64)> {
        let slot = self.slots[index].take()?;
        if let Ok(found) = self.table.find_entry(slot.hash, |&i| i as usize == index) {
            found.remove();
        }
        self.free.push(index as u32);
        Some((slot.entry, slot.bytes))
    }

    /// Drops the first entry from the hand on that wasn't used since the hand came by; `None` if there is none at all.
    pub(super) fn evict(&mut self) -> Option<(E, u64)> {
        // Twice around: the first time may only take notes of use away.
        for _ in 0..2 * self.slots.len() {
            let index = self.hand;
            self.hand = (self.hand + 1) % self.slots.len();
            if let Some(slot) = &mut self.slots[index]
                && !std::mem::take(slot.used.get_mut())
            {
                return self.take(index);
            }
        }
        None
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn weight(&self) -> (u64, u64) {
        self.slots.iter().flatten().fold((0, 0), |(entries, bytes), slot| (entries + 1, bytes + slot.bytes))
    }
}
