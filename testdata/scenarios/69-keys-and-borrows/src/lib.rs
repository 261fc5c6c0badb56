//! Maps with keys, hashers and borrowed forms of one's own.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hash, Hasher};

use rememo::cached;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[derive(Default)]
pub struct Sum(u64);

impl Hasher for Sum {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 += u64::from(*byte);
        }
    }
}

type Map<V> = HashMap<u32, V, BuildHasherDefault<Sum>>;

#[derive(Clone)]
pub struct Plain(u32);

pub struct Path(String);

impl AsRef<std::path::Path> for Path {
    fn as_ref(&self) -> &std::path::Path {
        std::path::Path::new(&self.0)
    }
}

impl ToOwned for Name {
    type Owned = Owned;

    fn to_owned(&self) -> Owned {
        Owned(Name(self.0.clone()))
    }
}

pub struct Owned(Name);

impl Borrow<Name> for Owned {
    fn borrow(&self) -> &Name {
        &self.0
    }
}

#[cached]
pub fn borrowed() -> u32 {
    let map = HashMap::from([(Name(String::from("a")), 1)]);
    map.get("a").copied().unwrap_or(0)
}

#[cached]
pub fn hashed() -> u32 {
    let mut map: Map<Plain> = Map::default();
    map.insert(1, Plain(2));
    map[&1].0
}

#[cached]
pub fn file_name() -> bool {
    std::fs::exists(Path(String::from("x"))).unwrap_or(false)
}

#[cached]
pub fn ordered() -> usize {
    BTreeSet::from([Name(String::from("a")), Name(String::from("b"))]).len()
}

#[cached]
pub fn owned() -> usize {
    let name = Name(String::from("ab"));
    Cow::Borrowed(&name).into_owned().0.0.len()
}
