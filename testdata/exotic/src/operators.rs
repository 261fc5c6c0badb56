//! Calls without a call.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::{Add, AddAssign, Bound, Deref, DerefMut, Index, IndexMut, Mul, Neg, Not, RangeBounds, Sub};
use std::rc::Rc;

macro_rules! leaves {
    ($($name:ident)*) => { $(fn $name() -> usize { $crate::leaf(stringify!($name).len()) })* };
}
leaves!(add sub mul neg not add_assign index index_mut deref deref_mut drop_it eq cmp hash clone_it default_it from_it);
leaves!(display debug hex parse_it sum_it collect_it extend_it bounds iter_next iter_back size_hint builder borrow_it own_it error_text);
leaves!(write_it read_it as_ref_it into_it key_it partial product_it try_from_it);

pub struct Money(pub u64);

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        add();
        Money(self.0 + other.0)
    }
}
impl Sub<u64> for &Money {
    type Output = u64;
    fn sub(self, other: u64) -> u64 {
        sub();
        self.0 - other
    }
}
impl Mul<Money> for u64 {
    type Output = Money;
    fn mul(self, other: Money) -> Money {
        mul();
        Money(self * other.0)
    }
}
impl Neg for Money {
    type Output = i64;
    fn neg(self) -> i64 {
        neg();
        -(self.0 as i64)
    }
}
impl Not for Money {
    type Output = bool;
    fn not(self) -> bool {
        not();
        self.0 == 0
    }
}
impl AddAssign<u64> for Money {
    fn add_assign(&mut self, other: u64) {
        add_assign();
        self.0 += other;
    }
}
impl Drop for Money {
    fn drop(&mut self) {
        drop_it();
    }
}
impl PartialEq for Money {
    fn eq(&self, other: &Money) -> bool {
        eq();
        self.0 == other.0
    }
}
impl Eq for Money {}
impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Money) -> Option<std::cmp::Ordering> {
        partial();
        Some(self.cmp(other))
    }
}
impl Ord for Money {
    fn cmp(&self, other: &Money) -> std::cmp::Ordering {
        cmp();
        self.0.cmp(&other.0)
    }
}
impl Hash for Money {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash();
        self.0.hash(state);
    }
}
impl Clone for Money {
    fn clone(&self) -> Money {
        clone_it();
        Money(self.0)
    }
}
impl Default for Money {
    fn default() -> Money {
        default_it();
        Money(0)
    }
}
impl From<u64> for Money {
    fn from(x: u64) -> Money {
        from_it();
        Money(x)
    }
}
impl TryFrom<i64> for Money {
    type Error = std::num::TryFromIntError;
    fn try_from(x: i64) -> Result<Money, Self::Error> {
        try_from_it();
        Ok(Money(u64::try_from(x)?))
    }
}
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display();
        self.0.fmt(f)
    }
}
impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug();
        write!(f, "{}", self.0)
    }
}
impl fmt::LowerHex for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex();
        fmt::LowerHex::fmt(&self.0, f)
    }
}
impl std::str::FromStr for Money {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Money, Self::Err> {
        parse_it();
        Ok(Money(text.parse()?))
    }
}
impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(all: I) -> Money {
        sum_it();
        Money(all.map(|one| one.0).sum())
    }
}
impl<'a> std::iter::Product<&'a Money> for Money {
    fn product<I: Iterator<Item = &'a Money>>(all: I) -> Money {
        product_it();
        Money(all.map(|one| one.0).product())
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Purse {
    pub inside: Vec<Money>,
    pub one: Option<Box<Money>>,
}

#[derive(Default)]
pub struct Bag(Vec<u64>);

impl FromIterator<u64> for Bag {
    fn from_iter<I: IntoIterator<Item = u64>>(all: I) -> Bag {
        collect_it();
        Bag(all.into_iter().collect())
    }
}
impl Extend<u64> for Bag {
    fn extend<I: IntoIterator<Item = u64>>(&mut self, all: I) {
        extend_it();
        self.0.extend(all);
    }
}
impl Index<&str> for Bag {
    type Output = u64;
    fn index(&self, at: &str) -> &u64 {
        index();
        &self.0[at.len()]
    }
}
impl IndexMut<&str> for Bag {
    fn index_mut(&mut self, at: &str) -> &mut u64 {
        index_mut();
        &mut self.0[at.len()]
    }
}
impl<'a> IntoIterator for &'a Bag {
    type Item = u64;
    type IntoIter = Walk<'a>;
    fn into_iter(self) -> Walk<'a> {
        into_it();
        Walk(&self.0)
    }
}
pub struct Walk<'a>(&'a [u64]);
impl Iterator for Walk<'_> {
    type Item = u64;
    fn next(&mut self) -> Option<u64> {
        iter_next();
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        size_hint();
        (self.0.len(), Some(self.0.len()))
    }
}
impl DoubleEndedIterator for Walk<'_> {
    fn next_back(&mut self) -> Option<u64> {
        iter_back();
        let (last, rest) = self.0.split_last()?;
        self.0 = rest;
        Some(*last)
    }
}
impl ExactSizeIterator for Walk<'_> {}

pub struct Wrap(String);
impl Deref for Wrap {
    type Target = String;
    fn deref(&self) -> &String {
        deref();
        &self.0
    }
}
impl DerefMut for Wrap {
    fn deref_mut(&mut self) -> &mut String {
        deref_mut();
        &mut self.0
    }
}

pub struct Own;
impl RangeBounds<u64> for Own {
    fn start_bound(&self) -> Bound<&u64> {
        bounds();
        Bound::Unbounded
    }
    fn end_bound(&self) -> Bound<&u64> {
        Bound::Unbounded
    }
}
#[derive(Clone, Default)]
pub struct Builder;
impl BuildHasher for Builder {
    type Hasher = Slow;
    fn build_hasher(&self) -> Slow {
        builder();
        Slow(0)
    }
}
pub struct Slow(u64);
impl Hasher for Slow {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        key_it();
        self.0 += bytes.len() as u64;
    }
}
#[derive(PartialEq, Eq, Hash)]
pub struct Key(String);
impl std::borrow::Borrow<str> for Key {
    fn borrow(&self) -> &str {
        borrow_it();
        &self.0
    }
}
pub struct Slice([u8]);
impl ToOwned for Slice {
    type Owned = Held;
    fn to_owned(&self) -> Held {
        own_it();
        Held
    }
}
pub struct Held;
impl std::borrow::Borrow<Slice> for Held {
    fn borrow(&self) -> &Slice {
        unsafe { &*(std::ptr::from_ref::<[u8]>(&[]) as *const Slice) }
    }
}
#[derive(Debug)]
pub struct Failure;
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        error_text();
        f.write_str("failed")
    }
}
impl std::error::Error for Failure {}
pub struct Sink;
impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        write_it();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
pub struct Source;
impl std::io::Read for Source {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        read_it();
        Ok(0)
    }
}
pub struct Place;
impl AsRef<std::path::Path> for Place {
    fn as_ref(&self) -> &std::path::Path {
        as_ref_it();
        std::path::Path::new("none")
    }
}

pub fn adds() -> u64 {
    (Money(1) + Money(2)).0
}
pub fn subtracts(x: &Money) -> u64 {
    x - 1
}
pub fn multiplies() -> Money {
    2 * Money(2)
}
pub fn negates() -> i64 {
    -Money(1)
}
pub fn inverts() -> bool {
    !Money(1)
}
pub fn increases(x: &mut Money) {
    *x += 1;
}
pub fn drops() {
    let _x = Money(1);
}
pub fn drops_in_a_list(x: Vec<Money>) -> usize {
    x.len()
}
pub fn drops_what_was_there(x: &mut Option<Money>) {
    *x = None;
}
pub fn drops_by_name(x: Rc<RefCell<Money>>) {
    drop(x);
}
pub fn compares(a: &Purse, b: &Purse) -> bool {
    a == b
}
pub fn orders(a: &Purse, b: &Purse) -> bool {
    a < b
}
pub fn finds(all: &[Money], x: &Money) -> bool {
    all.contains(x)
}
pub fn compares_lists(a: &[Money], b: &Vec<Money>) -> bool {
    a == b.as_slice()
}
pub fn compares_options(a: Option<Money>) -> bool {
    a == Some(Money(1))
}
pub fn compares_tuples(a: (u8, Money), b: (u8, Money)) -> bool {
    a >= b
}
pub fn sorts(mut all: Vec<Money>) -> Vec<Money> {
    all.sort();
    all
}
pub fn sorts_by_key(mut all: Vec<Purse>) -> Vec<Purse> {
    all.sort_by_key(|one| one.one.clone());
    all
}
pub fn takes_the_largest(all: Vec<Money>) -> Option<Money> {
    all.into_iter().max()
}
pub fn takes_the_smaller(a: Money, b: Money) -> Money {
    std::cmp::min(a, b)
}
pub fn heaps(x: Money) -> Option<Money> {
    let mut heap = BinaryHeap::new();
    heap.push(x);
    heap.pop()
}
pub fn keys(x: Money) -> usize {
    BTreeMap::from([(x, 1)]).len()
}
pub fn sets(x: Money) -> usize {
    let mut set = BTreeSet::new();
    set.insert(x);
    set.len()
}
pub fn hashes(x: Purse) -> usize {
    let mut map = HashMap::new();
    map.insert(x, 1);
    map.len()
}
pub fn unites(a: &HashSet<Money>, b: &HashSet<Money>) -> HashSet<Money> {
    a | b
}
pub fn hashes_by_own() -> Option<u8> {
    let map: HashMap<u8, u8, Builder> = HashMap::default();
    map.get(&1).copied()
}
pub fn looks_up(map: &HashMap<Key, u8>) -> Option<&u8> {
    map.get("a")
}
pub fn clones(x: &Purse) -> Purse {
    x.clone()
}
pub fn repeats(x: Money) -> Vec<Money> {
    vec![x; 3]
}
pub fn repeats_lazily(x: Money) -> usize {
    std::iter::repeat(x).take(3).count()
}
pub fn copies(x: &[Money]) -> Vec<Money> {
    x.to_vec()
}
pub fn copies_each(x: &[Money]) -> Vec<Money> {
    x.iter().cloned().collect()
}
pub fn defaults() -> Purse {
    Purse { inside: Vec::new(), ..Default::default() }
}
pub fn takes(x: &mut Money) -> Money {
    std::mem::take(x)
}
pub fn unwraps(x: Option<Money>) -> Money {
    x.unwrap_or_default()
}
pub fn fills(map: &mut BTreeMap<u8, Money>) -> u64 {
    map.entry(1).or_default().0
}
pub fn converts() -> Money {
    5.into()
}
pub fn converts_each(x: Vec<u64>) -> Vec<Money> {
    x.into_iter().map(Into::into).collect()
}
pub fn converts_named(x: Vec<u64>) -> Vec<Money> {
    x.into_iter().map(Money::from).collect()
}
pub fn tries() -> Option<Money> {
    5_i64.try_into().ok()
}
pub fn raises(text: &str) -> Result<Money, Box<dyn std::error::Error>> {
    if text.is_empty() {
        return Err(Failure.into());
    }
    Err(Failure)?
}
pub fn parses(text: &str) -> Option<Money> {
    text.parse().ok()
}
pub fn parses_each(text: &str) -> Result<Vec<Money>, std::num::ParseIntError> {
    text.split(',').map(str::parse).collect()
}
pub fn sums(all: Vec<Money>) -> Money {
    all.into_iter().sum()
}
pub fn products(all: &[Money]) -> u64 {
    all.iter().product::<Money>().0
}
pub fn collects(all: Vec<u64>) -> Bag {
    all.into_iter().collect()
}
pub fn collects_in_result(all: Vec<Result<u64, u8>>) -> Result<Bag, u8> {
    all.into_iter().collect()
}
pub fn unzips(all: Vec<(u64, u64)>) -> (Bag, Bag) {
    all.into_iter().unzip()
}
pub fn extends(bag: &mut Bag) {
    bag.extend([1, 2]);
}
pub fn indexes(bag: &Bag) -> u64 {
    bag["a"]
}
pub fn indexes_mutably(bag: &mut Bag) {
    bag["a"] += 1;
}
pub fn loops(bag: &Bag) -> u64 {
    let mut all = 0;
    for x in bag {
        all += x;
    }
    all
}
pub fn walks_back(bag: &Bag) -> Option<u64> {
    bag.into_iter().rev().map(|x| x + 1).last()
}
pub fn counts(bag: &Bag) -> usize {
    bag.into_iter().len()
}
pub fn zips(bag: &Bag) -> usize {
    [1, 2].iter().zip(bag).count()
}
pub fn coerces(x: &Wrap) -> usize {
    fn length(x: &str) -> usize {
        x.len()
    }
    length(x)
}
pub fn derefs(x: &Wrap) -> bool {
    x.is_empty()
}
pub fn derefs_mutably(x: &mut Wrap) {
    x.push('a');
}
pub fn ranges(map: &BTreeMap<u64, u8>) -> usize {
    map.range(Own).count()
}
pub fn owns(x: Cow<'_, Slice>) -> Held {
    x.into_owned()
}
pub fn prints(x: &Money) -> String {
    format!("{x}")
}
pub fn prints_debug(x: &Purse) -> String {
    format!("{x:?} {0:x}", x.inside[0])
}
pub fn prints_to_string(x: &Money) -> String {
    x.to_string()
}
pub fn prints_padded(x: &Money, width: usize) -> String {
    format!("{x:>width$}")
}
pub fn asserts(x: Money) {
    assert_eq!(x, Money(1), "{}", 1);
}
pub fn expects(x: Result<u8, Failure>) -> u8 {
    x.expect("fine")
}
pub fn writes() -> std::io::Result<()> {
    use std::io::Write;
    write!(Sink, "{}", 1)
}
pub fn writes_buffered() -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::BufWriter::new(Sink);
    out.write_all(b"a")
}
pub fn reads() -> usize {
    use std::io::BufRead;
    std::io::BufReader::new(Source).lines().count()
}
pub fn copies_all() -> Option<u64> {
    std::io::copy(&mut Source, &mut Sink).ok()
}
pub fn opens() -> bool {
    std::fs::read(Place).is_ok()
}
pub fn dedups(mut all: Vec<Money>) -> usize {
    all.dedup();
    all.len()
}
