//! What a cached function is to one cache: its identity, its fingerprint, its memory tier and its counters.

use std::any::{Any, TypeId};
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash as _, Hasher};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rememo_table::{Entry, FEATURES_OF, manifest_items, reach_decode};
use sha2::{Digest as _, Sha256};

use crate::fingerprint;
use crate::key::{Key, function_seed};
use crate::reason::SETTING;
use crate::record::{Digest, Input};
use crate::site::Site;
use crate::stats::Counters;
use crate::tier::{Budget, Tier};

/// A result in memory, with what it takes to believe it.
pub(crate) struct Kept<V: ?Sized> {
    /// `None` if the result is good as long as the process runs: nearly always.
    pub(crate) conditions: Option<Box<Conditions>>,
    pub(crate) compute_ns: u64,
    pub(crate) value: V,
}

/// A result of any type.
pub(crate) type AnyKept = Arc<Kept<dyn Any + Send + Sync>>;

/// What must hold for a stored result to count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Conditions {
    pub(crate) created: u64,
    pub(crate) expires: Option<u64>,
    pub(crate) etag: Option<Vec<u8>>,
    /// Own and inherited ones.
    pub(crate) inputs: Vec<Input>,
}

/// A cached function, as one cache sees it.
pub(crate) struct Function {
    /// The cache.
    pub(crate) cache: u64,
    pub(crate) site: &'static Site,
    /// Package, target and path: what its records are stored under.
    pub(crate) name: String,
    /// For people.
    pub(crate) path: String,
    pub(crate) standing: Standing,
    by_type: OnceLock<bool>,
    pub(crate) tier: Tier<AnyKept>,
    pub(crate) counters: Counters,
    /// The first value has been decoded again for a check.
    pub(crate) round_trip_checked: AtomicBool,
    manifest_stored: AtomicBool,
    warned: AtomicBool,
    warned_of_cost: AtomicBool,
    callees: OnceLock<Option<HashSet<String>>>,
}

/// Whether a function can be cached.
pub(crate) enum Standing {
    Ready { fingerprint: Digest, seed: Digest },
    PassThrough(String),
}

impl Function {
    pub(crate) fn new(site: &'static Site, cache: u64, budget: Budget) -> Self {
        let entries = site.entries();
        let path = site.path();
        let standing = standing(site, &entries);
        let name = name(site, &entries);
        let standing = match standing {
            Ok(fingerprint) => Standing::Ready { fingerprint, seed: function_seed(&name, &fingerprint) },
            Err(why) => Standing::PassThrough(why),
        };
        Function {
            cache,
            site,
            name,
            path,
            standing,
            by_type: OnceLock::new(),
            tier: Tier::new(budget),
            counters: Counters::default(),
            round_trip_checked: AtomicBool::new(false),
            manifest_stored: AtomicBool::new(false),
            warned: AtomicBool::new(false),
            warned_of_cost: AtomicBool::new(false),
            callees: OnceLock::new(),
        }
    }

    /// Whether the types it is called with are part of the key. `type_name` is the name of what [`Types`] holds.
    #[inline]
    pub(crate) fn is_by_type(&self, type_name: &str) -> bool {
        *self.by_type.get_or_init(|| match *self.site.entries() {
            [entry] => !is_one_type(type_name, entry),
            _ => true,
        })
    }

    /// Warns of something about this function, once.
    pub(crate) fn warn_once(&self, why: &str) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            crate::event::warn(&format!("{} is not cached: {why}", self.path));
        }
    }

    /// Tells once that it is better not cached, if so.
    pub(crate) fn weigh(&self) {
        if !self.counters.may_not_be_worth_it() {
            return;
        }
        let stats = self.counters.read();
        if stats.is_not_worth_it() && !self.warned_of_cost.swap(true, Ordering::Relaxed) {
            let each = |time: Duration| crate::stats::Human(time / stats.store_hits.max(1) as u32);
            let (hit, compute) = (each(stats.reading), each(stats.saved_by_reading));
            tracing::warn!(target: "rememo", function = self.path, "a hit takes {hit}, computing takes {compute}");
        }
    }

    /// True the first time.
    pub(crate) fn first_store(&self) -> bool {
        !self.manifest_stored.swap(true, Ordering::Relaxed)
    }

    /// What it reaches and what it was compiled under, as manifest lines.
    pub(crate) fn manifest(&self) -> String {
        let mut lines = String::new();
        for entry in self.site.entries() {
            let all = String::from_utf8_lossy(entry.manifest);
            let all: Vec<&str> = all.lines().collect();
            for index in reach_decode(entry.reaches) {
                if let Some(line) = all.get(index as usize) {
                    lines += line;
                    lines.push('\n');
                }
            }
            let build = &self.site.build;
            let switches = [("debug_assertions", build.debug_assertions), ("overflow_checks", build.overflow_checks)];
            for (setting, value) in entry.cfgs.iter().chain(&switches) {
                add_setting(&mut lines, setting, Some(&value.to_string()));
            }
            for (setting, value) in entry.fixed {
                add_setting(&mut lines, setting, Some(value));
            }
            for (package, features) in fingerprint::packages(entry, build) {
                // The digest itself: a reader of the manifest can complete the fingerprint with it.
                lines += &format!("{features}\t{SETTING}\t{FEATURES_OF}{package}\t\t0\n");
            }
            for (setting, value) in entry.envs {
                add_setting(&mut lines, setting, *value);
            }
        }
        if fingerprint::is_opaque(&self.site.entries(), &self.site.build) {
            let executable = fingerprint::executable().map(|digest| hex(&digest));
            add_setting(&mut lines, "the executable's content", executable.as_deref());
        }
        lines
    }

    /// Whether a computation of this function may call `callee`, on whatever thread. True unless it can't.
    pub(crate) fn may_call(&self, callee: &Function) -> bool {
        if self.site.build.open || fingerprint::is_opaque(&self.site.entries(), &self.site.build) {
            return true;
        }
        // By bare name, so that nothing depends on how a path is spelled in another package's table.
        let callees = self.callees.get_or_init(|| {
            let manifest = self.manifest();
            let mut names = HashSet::new();
            for item in manifest_items(&manifest) {
                let item = item?;
                if !["fn", SETTING, "const", "static", "type", "trait", "impl", "macro", "file", "external"]
                    .contains(&item.kind)
                {
                    return None;
                }
                names.insert(item.path.rsplit("::").next().unwrap_or(item.path).to_owned());
            }
            names.contains(self.site.name).then_some(names)
        });
        callees.as_ref().is_none_or(|names| names.contains(callee.site.name))
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("name", &self.name).finish_non_exhaustive()
    }
}

fn add_setting(lines: &mut String, name: &str, value: Option<&str>) {
    let mut hash = Sha256::new();
    hash.update([u8::from(value.is_some())]);
    hash.update(value.unwrap_or(""));
    let digest: Digest = hash.finalize().into();
    let name = name.replace(['\t', '\n', '\r'], " ");
    *lines += &format!("{}\t{SETTING}\t{name}\t\t0\n", hex(&digest));
}

fn hex(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn standing(site: &Site, entries: &[&Entry]) -> Result<Digest, String> {
    if entries.is_empty() {
        return Err("the build's table doesn't hold it (a doctest, or code that the build hook couldn't see)".into());
    }
    if entries.len() > 1 && site.id.is_none() {
        return Err("the build's table can't tell it from another of its name; give each an `id`".into());
    }
    fingerprint::fingerprint(entries, &site.build)
        .ok_or_else(|| "its fingerprint needs the running executable's content, which can't be read".into())
}

fn name(site: &Site, entries: &[&Entry]) -> String {
    match (site.id, entries) {
        (Some(id), [entry, ..]) => format!("{} #{id}", entry.package),
        (None, [entry, ..]) => format!("{} {} {}", entry.package, entry.target, entry.path),
        (_, []) => site.path(),
    }
}

/// A type that differs wherever two instances of a generic function differ: a tuple of its parameters, `Self`, or the type
/// of a closure in its body.
#[derive(Debug)]
pub struct Types<T: ?Sized>(PhantomData<fn(&T)>);

impl<T: ?Sized> Types<T> {
    /// The type itself.
    #[allow(clippy::new_without_default, reason = "only the attribute makes one")]
    pub const fn new() -> Self {
        Types(PhantomData)
    }

    /// The type of this value.
    pub const fn of(_: &T) -> Self {
        Types(PhantomData)
    }
}

/// Hash of the type of a value.
pub fn type_hash_of<T: ?Sized>(_: &T) -> u64 {
    type_hash::<T>()
}

/// Whether all calls of a function are of the same types, told by what the compiler calls `Self` or a closure in the
/// body: `p::Type`, `p::Type::f::{{closure}}`, `p::f<u32>::{{closure}}`.
///
/// Where in doubt, no: then the types are part of the key, at worst for nothing. They can't always be, since what tells
/// types apart (`TypeId`) changes with any feature and any dependency of their crate.
fn is_one_type(type_name: &str, entry: &Entry) -> bool {
    match type_name.strip_prefix('<').and_then(|rest| rest.split_once(">::")) {
        // A method of a trait. In the trait itself, `Self` is any type, and the table names no type.
        Some((header, rest)) => {
            entry.path.contains(" as ") && header.contains(" as ") && !header.contains('<') && !rest.contains('<')
        }
        None => !type_name.contains('<'),
    }
}

/// What tells one instance of a generic function from another, if anything does.
#[inline]
pub(crate) fn type_hash<T: ?Sized>() -> u64 {
    of(typeid::of::<T>())
}

fn of(id: TypeId) -> u64 {
    /// Hands back what a `TypeId` writes, which is 64 bits of a hash already.
    struct Bits(u64);

    impl Hasher for Bits {
        fn finish(&self) -> u64 {
            self.0
        }

        fn write(&mut self, bytes: &[u8]) {
            for byte in bytes {
                self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }

        fn write_u64(&mut self, bits: u64) {
            self.0 ^= bits;
        }
    }

    let mut bits = Bits(0xcbf2_9ce4_8422_2325);
    id.hash(&mut bits);
    bits.finish()
}

/// The record's name for a key.
pub(crate) fn digest(seed: &Digest, key: &Key) -> Digest {
    key.digest(seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &'static str) -> Entry {
        Entry {
            package: "p",
            target: "lib",
            path,
            module: "p",
            file: "",
            line: 0,
            column: 0,
            source: [0; 32],
            fixed: &[],
            cfgs: &[],
            envs: &[],
            packages: &[],
            opaque: &[],
            manifest: &[],
            reaches: &[],
        }
    }

    #[test]
    fn types_count_only_where_there_may_be_several() {
        assert!(is_one_type("p::m::f::{{closure}}", &entry("p::m::f")));
        assert!(is_one_type("p::Bar::f::{{closure}}", &entry("p::Bar::f")));
        assert!(is_one_type("<p::Bar as p::Tr>::f::{{closure}}", &entry("p::<Bar as Tr>::f")));
        assert!(!is_one_type("<p::Bar as p::Tr>::f::{{closure}}", &entry("p::Tr::f")));
        assert!(!is_one_type("p::f<u8, 3>::{{closure}}", &entry("p::f")));
        assert!(!is_one_type("p::Foo<u8>::f::{{closure}}", &entry("p::Foo::f")));
        assert!(!is_one_type("<p::Foo<u8> as p::Tr>::f::{{closure}}", &entry("p::<Foo as Tr>::f")));
    }

    #[test]
    fn two_closures_are_two_types() {
        fn hash_of<K>(_: K) -> u64 {
            type_hash::<K>()
        }
        assert_ne!(hash_of(|| 1), hash_of(|| 1));
        assert_eq!(type_hash::<u32>(), type_hash::<u32>());
    }
}
