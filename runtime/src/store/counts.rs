//! How many records the index has, noted when it is written out, so that a loss is noticed later.
//!
//! By the first byte of the keys, for counting all of a large index takes seconds: each owner counts some parts of it when it
//! begins, and believes the note of the others. A change is always counted on the side of too few: no loss is reported
//! that isn't one.

use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use xxhash_rust::xxh3::xxh3_128;

use super::directory;
use crate::record::Digest;

/// First bytes of keys, which are evenly spread.
pub(super) const PARTS: usize = 256;

/// After so many records an owner has counted enough.
const ENOUGH: u64 = 20_000;

/// How many records there are in each part; `None` where nobody knows.
pub(super) type Noted = [Option<u64>; PARTS];

pub(super) fn part_of(key: &Digest) -> usize {
    usize::from(key[0])
}

#[derive(Debug)]
pub(super) struct Counts {
    parts: Vec<Part>,
    /// What was noted of all parts together, by a release that knew no parts.
    total: Option<u64>,
    /// Records taken out since the counts were last noted.
    removed: AtomicU64,
}

#[derive(Debug, Default)]
struct Part {
    /// What the last owner noted.
    noted: Option<u64>,
    /// The note doesn't count: it may have been taken before something was removed.
    is_old: OnceLock<()>,
    /// How many there were before the changes below.
    counted: OnceLock<u64>,
    /// Insertions begun, records they added, and records taken out.
    begun: AtomicU64,
    added: AtomicU64,
    removed: AtomicU64,
}

impl Part {
    fn now(&self) -> Option<u64> {
        let believed = self.noted.filter(|_| self.is_old.get().is_none());
        let base = self.counted.get().copied().or(believed)?;
        let now = base + self.added.load(Ordering::Relaxed);
        Some(now.saturating_sub(self.removed.load(Ordering::Relaxed)))
    }
}

impl Counts {
    /// What is known of an index before it is looked at. A new one is empty.
    pub(super) fn new(file: &Path, is_fresh: bool) -> Self {
        let (noted, total) = match directory::read(file).ok().flatten().as_deref().and_then(read) {
            Some(Note::Parts(noted)) => (*noted, None),
            Some(Note::Total(total)) => ([None; PARTS], Some(total)),
            None => ([None; PARTS], None),
        };
        let part = |noted| {
            let part = Part { noted, ..Part::default() };
            if is_fresh && noted.unwrap_or(0) == 0 && total.is_none() {
                let _ = part.counted.set(0);
            }
            part
        };
        Counts { parts: noted.into_iter().map(part).collect(), total, removed: AtomicU64::new(0) }
    }

    pub(super) fn inserting(&self, key: &Digest) {
        self.parts[part_of(key)].begun.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn inserted(&self, key: &Digest) {
        self.parts[part_of(key)].added.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn removing(&self, key: &Digest) {
        self.parts[part_of(key)].removed.fetch_add(1, Ordering::Relaxed);
        self.removed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn was_not_there(&self, key: &Digest) {
        self.parts[part_of(key)].removed.fetch_sub(1, Ordering::Relaxed);
    }

    /// Counts parts until that is enough, beginning with any; tells how many records are lost of those that were noted.
    ///
    /// `removals` are those that were taken out and may be noted still.
    pub(super) fn check<E>(&self, removals: &[u64; PARTS], count: impl Fn(u8) -> Result<u64, E>) -> Result<u64, E> {
        for (part, removals) in self.parts.iter().zip(removals) {
            if *removals > 0 {
                let _ = part.is_old.set(());
            }
        }
        let first = RandomState::new().hash_one(0) as usize;
        let (mut looked_at, mut lost, mut all, mut explained) = (0, 0, 0, 0);
        for number in (0..PARTS).map(|n| (first + n) % PARTS) {
            if looked_at >= ENOUGH {
                return Ok(lost);
            }
            let part = &self.parts[number];
            let there = count(number as u8)?;
            let gone = removals[number] + part.removed.load(Ordering::Relaxed);
            lost += part.noted.unwrap_or(0).saturating_sub(gone).saturating_sub(there);
            part.set(there);
            looked_at += there;
            all += there;
            explained += gone;
        }
        Ok(lost + self.total.unwrap_or(0).saturating_sub(explained).saturating_sub(all))
    }

    /// Counts some of the parts of which nothing is known.
    pub(super) fn learn<E>(&self, count: impl Fn(u8) -> Result<u64, E>) -> Result<(), E> {
        let mut looked_at = 0;
        for (number, part) in self.parts.iter().enumerate() {
            if looked_at < ENOUGH && part.now().is_none() {
                let there = count(number as u8)?;
                part.set(there);
                looked_at += there;
            }
        }
        Ok(())
    }

    /// Nothing that was noted counts any more.
    pub(super) fn forget(&self) {
        self.parts.iter().for_each(|part| {
            let _ = part.is_old.set(());
        });
    }

    /// How many records there are at least.
    pub(super) fn now(&self) -> Noted {
        std::array::from_fn(|number| self.parts[number].now())
    }

    /// Whether records were taken out since the counts were noted: else they would count as lost one day.
    pub(super) fn are_old(&self) -> bool {
        self.removed.load(Ordering::Relaxed) > 0
    }

    pub(super) fn are_noted(&self) {
        self.removed.store(0, Ordering::Relaxed);
    }
}

impl Part {
    /// What changes while it is counted is only ever counted too low.
    fn set(&self, there: u64) {
        let before = there.saturating_sub(self.begun.load(Ordering::Relaxed));
        let _ = self.counted.set(before);
    }
}

/// The note, as a file has it: a number for each part, and the checksum of what stands before it.
pub(super) fn text(counts: &Noted) -> String {
    let numbers: Vec<_> = counts.iter().map(|count| count.map_or("?".to_owned(), |count| count.to_string())).collect();
    let numbers = numbers.join(" ");
    format!("{numbers} {:032x}\n", xxh3_128(numbers.as_bytes()))
}

enum Note {
    Parts(Box<Noted>),
    Total(u64),
}

fn read(bytes: &[u8]) -> Option<Note> {
    let text = std::str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
    // The first release wrote one number, and at first no checksum.
    if let Ok(total) = text.parse() {
        return Some(Note::Total(total));
    }
    let (numbers, checksum) = text.rsplit_once(' ')?;
    if checksum != format!("{:032x}", xxh3_128(numbers.as_bytes())) {
        return None;
    }
    if let Ok(total) = numbers.parse() {
        return Some(Note::Total(total));
    }
    let mut parts = Box::new([None; PARTS]);
    let mut words = numbers.split(' ');
    for part in parts.iter_mut() {
        let word = words.next()?;
        *part = if word == "?" { None } else { Some(word.parse().ok()?) };
    }
    words.next().is_none().then_some(Note::Parts(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(note: &str) -> Counts {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), note).unwrap();
        Counts::new(file.path(), false)
    }

    fn lost(counts: &Counts, there: u64) -> u64 {
        counts.check(&[0; PARTS], |_| Ok::<_, ()>(there)).unwrap()
    }

    #[test]
    fn what_is_missing_in_any_part_is_lost() {
        assert_eq!(lost(&counts(&text(&[Some(5); PARTS])), 5), 0);
        assert_eq!(lost(&counts(&text(&[Some(5); PARTS])), 4), 256);
        assert_eq!(lost(&counts(&text(&[None; PARTS])), 4), 0);
        // As the first release noted it.
        assert_eq!(lost(&counts("1290\n"), 5), 10);
        let mut removals = [0; PARTS];
        removals[7] = 1;
        let all = counts(&text(&[Some(5); PARTS]));
        assert_eq!(all.check(&removals, |part| Ok::<_, ()>(5 - u64::from(part == 7))).unwrap(), 0);
    }

    #[test]
    fn a_large_index_is_counted_in_parts_and_the_rest_is_believed() {
        let noted = [Some(10_001); PARTS];
        let counts = counts(&text(&noted));
        assert_eq!(lost(&counts, 10_000), 2);
        let now = counts.now();
        assert_eq!(now.iter().filter(|count| **count == Some(10_000)).count(), 2);
        assert_eq!(now.iter().filter(|count| **count == Some(10_001)).count(), 254);
    }

    #[test]
    fn a_note_that_was_taken_before_a_removal_is_not_believed() {
        let counts = counts(&text(&[Some(1_000_000); PARTS]));
        assert_eq!(counts.check(&[1; PARTS], |_| Ok::<_, ()>(999_999)).unwrap(), 0);
        assert_eq!(counts.now().iter().flatten().count(), 1);
        counts.learn(|_| Ok::<_, ()>(999_999)).unwrap();
        assert_eq!(counts.now().iter().flatten().count(), 2);
    }

    #[test]
    fn a_note_that_does_not_check_says_nothing() {
        for note in ["", "x", "1 2\n", &text(&[Some(5); PARTS]).replace('5', "6"), "-1\n"] {
            assert!(counts(note).now().iter().all(Option::is_none), "{note}");
        }
    }
}
