//! Care of the space: what goes when there is too much, and what goes because its code is gone.
//!
//! Works on any store, by listing and removing, so also while other processes use it. What is decided here is only ever which
//! results are to be computed again.

use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::time::Duration;

use super::{Store, StoreError};
use crate::record::{Digest, Metadata};

/// What a record weighs besides its value.
const OVERHEAD: u64 = 256;

/// A record younger than this goes only when nothing else is left.
const NEW: u64 = 60 * 60 * 1000;

/// How much may be kept. Zero is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the values, and some for each record.
    pub bytes: u64,
    /// Records.
    pub entries: u64,
}

impl Limits {
    /// Whether there is one.
    pub fn is_some(&self) -> bool {
        self.bytes > 0 || self.entries > 0
    }

    fn allow(&self, bytes: u64, entries: u64) -> bool {
        (self.bytes == 0 || bytes <= self.bytes) && (self.entries == 0 || entries <= self.entries)
    }

    /// A tenth below, so that not every record that comes makes another go.
    pub(super) fn with_room(&self) -> Self {
        Limits { bytes: self.bytes - self.bytes / 10, entries: self.entries - self.entries / 10 }
    }
}

/// What was removed, or would be, and what stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Removed {
    /// Records removed.
    pub entries: u64,
    /// Bytes of their values.
    pub bytes: u64,
    /// What they took to compute, in nanoseconds.
    pub compute_ns: u64,
    /// Records that stay.
    pub kept: u64,
    /// Bytes of their values.
    pub kept_bytes: u64,
}

/// What is known of a record when it is decided whether it stays.
#[derive(Debug, Clone)]
struct Candidate {
    key: Digest,
    bytes: u64,
    created: u64,
    accessed: u64,
    compute_ns: u64,
    expires: Option<u64>,
    /// Index of its function and fingerprint.
    version: usize,
}

impl Candidate {
    /// A clock that was set back must not make a record look old.
    fn unused_for(&self, now: u64) -> u64 {
        now.saturating_sub(self.accessed.max(self.created))
    }

    fn is_new(&self, now: u64) -> bool {
        self.created.saturating_add(NEW) > now
    }

    /// What keeping it is worth: what a byte of it saves, halved for each week that it wasn't used.
    fn worth(&self, now: u64) -> f64 {
        const WEEK: f64 = 7.0 * 24.0 * 3600.0 * 1000.0;
        let saves = self.compute_ns as f64 / (self.bytes + OVERHEAD) as f64;
        saves * (-(self.unused_for(now) as f64) / WEEK).exp2()
    }
}

type Versions = Vec<(String, Digest)>;

fn candidates(store: &dyn Store) -> Result<(Vec<Candidate>, Versions), StoreError> {
    let (mut found, mut versions, mut known) = (Vec::new(), Vec::new(), HashMap::new());
    store.entries(&mut |entry| {
        let Metadata { function, fingerprint, key, created, accessed, compute_ns, expires, .. } = entry.about;
        let version = *known.entry((function.clone(), fingerprint)).or_insert_with(|| {
            versions.push((function, fingerprint));
            versions.len() - 1
        });
        found.push(Candidate { key, bytes: entry.value_bytes, created, accessed, compute_ns, expires, version });
    })?;
    Ok((found, versions))
}

/// How to [`prune`].
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Prune {
    /// What may stay.
    pub limits: Limits,
    /// What wasn't used for so long goes, whatever the limits say.
    pub unused_for: Option<Duration>,
    /// Remove nothing, only count.
    pub dry_run: bool,
}

impl Prune {
    /// Down to these limits.
    pub fn to(limits: Limits) -> Self {
        Prune { limits, ..Prune::default() }
    }

    /// Also what wasn't used for so long.
    #[must_use]
    pub fn unused_for(mut self, time: Duration) -> Self {
        self.unused_for = Some(time);
        self
    }

    /// Only count.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }
}

/// Removes records until the rest fits: first what has expired, then what saves least for the bytes it takes and the time since
/// it was used; what was stored within the hour last, and the newest record never.
///
/// `now` is in Unix milliseconds. `progress` is shown how many of how many are removed.
///
/// ```
/// use rememo::record::{Metadata, Record};
/// use rememo::store::{Limits, MemoryStore, Prune, Store, prune};
///
/// let store = MemoryStore::new();
/// for n in 0..10 {
///     let mut about = Metadata::default();
///     (about.key, about.compute_ns) = ([n; 32], 1000 * u64::from(n));
///     store.put(&Record { about, value: vec![0; 100] })?;
/// }
/// let removed = prune(&store, &Prune::to(Limits { entries: 4, bytes: 0 }), 0, &mut |_, _| ())?;
/// assert_eq!((removed.entries, removed.kept), (6, 4));
/// assert!(store.get(&[9; 32])?.is_some(), "what took longest to compute stays");
/// # Ok::<(), rememo::store::StoreError>(())
/// ```
///
/// # Errors
/// If the store can't be read or written.
pub fn prune(
    store: &dyn Store,
    how: &Prune,
    now: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Removed, StoreError> {
    let (mut all, _) = candidates(store)?;
    let newest = all.iter().map(|c| c.created).max();
    let order = |c: &Candidate| (c.expires.is_none_or(|at| at > now), Some(c.created) == newest, c.is_new(now));
    let by_worth = |a: &Candidate, b: &Candidate| a.worth(now).partial_cmp(&b.worth(now)).unwrap_or(Ordering::Equal);
    all.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| by_worth(a, b)).then(a.created.cmp(&b.created)));
    let mut bytes: u64 = all.iter().map(|c| c.bytes + OVERHEAD).sum();
    let mut entries = all.len() as u64;
    let unused = how.unused_for.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    let mut going = Vec::new();
    let mut staying = Vec::new();
    for candidate in all {
        let is_newest = Some(candidate.created) == newest && entries == 1;
        let too_much = how.limits.is_some() && !how.limits.allow(bytes, entries) && !is_newest;
        let too_old = unused.is_some_and(|limit| candidate.unused_for(now) >= limit);
        if too_much || too_old {
            bytes -= candidate.bytes + OVERHEAD;
            entries -= 1;
            going.push(candidate);
        } else {
            staying.push(candidate);
        }
    }
    remove(store, &going, &staying, how.dry_run, progress)
}

/// How to [`gc`]. A version of a function is a fingerprint that there are records of.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Gc {
    /// So many versions of each function stay, those that were used last: switching between them stays warm.
    pub versions: usize,
    /// And those that were used within so long.
    pub grace: Duration,
    /// Remove nothing, only count.
    pub dry_run: bool,
}

impl Default for Gc {
    /// Three versions, thirty days.
    fn default() -> Self {
        Gc { versions: 3, grace: Duration::from_secs(30 * 24 * 3600), dry_run: false }
    }
}

impl Gc {
    /// So many versions of each function stay.
    #[must_use]
    pub fn versions(mut self, versions: usize) -> Self {
        self.versions = versions;
        self
    }

    /// Versions that were used within so long stay.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Only count.
    #[must_use]
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }
}

/// What the code says of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// It is the code as it is: its records stay.
    Current,
    /// It may be an older one, or another branch's.
    Unknown,
    /// The function is gone: the grace alone keeps its records.
    Gone,
}

/// Removes the records of code that is gone: of each function, the versions beyond those that were used last, if they weren't
/// used within the grace either.
///
/// `code` says of a function and a fingerprint what is known of them. `now` is in Unix milliseconds.
///
/// # Errors
/// If the store can't be read or written.
pub fn gc(
    store: &dyn Store,
    how: &Gc,
    code: &dyn Fn(&str, &Digest) -> Code,
    now: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Removed, StoreError> {
    let (all, versions) = candidates(store)?;
    // When each version was last used, or first computed.
    let mut used = vec![0; versions.len()];
    for candidate in &all {
        let used = &mut used[candidate.version];
        *used = (*used).max(candidate.accessed).max(candidate.created);
    }
    let mut of_function: HashMap<&str, Vec<usize>> = HashMap::new();
    for (version, (function, _)) in versions.iter().enumerate() {
        of_function.entry(function).or_default().push(version);
    }
    let grace = u64::try_from(how.grace.as_millis()).unwrap_or(u64::MAX);
    let mut stays = vec![true; versions.len()];
    for list in of_function.values_mut() {
        list.sort_by_key(|version| Reverse(used[*version]));
        for (rank, &version) in list.iter().enumerate() {
            let (function, fingerprint) = &versions[version];
            let within_grace = now.saturating_sub(used[version]) < grace;
            stays[version] = within_grace
                || match code(function, fingerprint) {
                    Code::Current => true,
                    Code::Unknown => rank < how.versions,
                    Code::Gone => false,
                };
        }
    }
    let (staying, going): (Vec<_>, Vec<_>) = all.into_iter().partition(|candidate| stays[candidate.version]);
    remove(store, &going, &staying, how.dry_run, progress)
}

fn remove(
    store: &dyn Store,
    going: &[Candidate],
    staying: &[Candidate],
    dry_run: bool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Removed, StoreError> {
    let mut removed =
        Removed { kept: staying.len() as u64, kept_bytes: staying.iter().map(|c| c.bytes).sum(), ..Removed::default() };
    for candidate in going {
        if !dry_run {
            store.remove(&candidate.key)?;
        }
        removed.entries += 1;
        removed.bytes += candidate.bytes;
        removed.compute_ns = removed.compute_ns.saturating_add(candidate.compute_ns);
        progress(removed.entries, going.len() as u64);
    }
    Ok(removed)
}

/// What [`verify`] found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Records that were read and check.
    pub whole: u64,
    /// Bytes of their values.
    pub bytes: u64,
    /// Records that are listed and can't be read: damaged, or removed meanwhile. A damaged one is dropped.
    pub unreadable: u64,
}

/// Reads every record and checks it.
///
/// # Errors
/// If the store can't be read.
pub fn verify(store: &dyn Store, progress: &mut dyn FnMut(u64, u64)) -> Result<Verified, StoreError> {
    let mut keys = Vec::new();
    store.entries(&mut |entry| keys.push(entry.about.key))?;
    let mut found = Verified::default();
    for (done, key) in keys.iter().enumerate() {
        match store.get(key)? {
            Some(record) => {
                found.whole += 1;
                found.bytes += record.value.len() as u64;
            }
            None => found.unreadable += 1,
        }
        progress(done as u64 + 1, keys.len() as u64);
    }
    Ok(found)
}
