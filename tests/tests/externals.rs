//! Packages from registries whose sources are on disk: what a call into them leads back to.

use std::collections::{BTreeMap, BTreeSet};

use rememo_analyzer::project::{
    Dependency, External, ExternalId, Package, PackageId, PackageRef, Project, Target, TargetKind,
};
use rememo_analyzer::source::NoSummaries;
use rememo_analyzer::{Roots, analyze};

const SHAPES: &str = r#"
pub trait Shape {
    type Unit: std::fmt::Display;
    fn area(&self) -> f64;
    fn unit(&self) -> Self::Unit;
    fn name(&self) -> String { String::new() }
    fn twice(&self) -> f64 { self.area() * 2.0 }
}
pub fn total<S: Shape>(all: &[S]) -> f64 { let mut sum = 0.0; for one in all { sum += one.area(); } sum }
pub fn shown<T: std::fmt::Display>(t: &T) -> String { other::shown!(t) }
pub fn described<S: Shape>(s: &S) -> String { other::described!(s) }
pub struct Pair<T>(pub T, pub T);
impl<T: Ord> Pair<T> {
    pub fn larger(self) -> T { if self.0 > self.1 { self.0 } else { self.1 } }
}
pub struct Kept<S: Shape>(S);
impl<S: Shape> Kept<S> { pub fn new(s: S) -> Self { Kept(s) } }
impl<S: Shape> Drop for Kept<S> { fn drop(&mut self) { self.0.name(); } }
pub struct Holder<S: Shape> { kept: Vec<Kept<S>> }
impl<S: Shape> Holder<S> { pub fn empty() -> Self { Holder { kept: Vec::new() } } }
#[cfg(feature = "std")]
pub struct Inner<S: Shape>(S);
#[cfg(not(feature = "std"))]
pub struct Inner<S: Shape>(S, u8);
pub struct Outer<S: Shape> { inner: Inner<S> }
mod lib {
    mod core {
        #[cfg(not(feature = "std"))]
        pub use core::*;
        #[cfg(feature = "std")]
        pub use std::*;
    }
    pub use self::core::marker::PhantomData;
}
pub struct Marked<S: Shape> { of: lib::PhantomData<S> }
macro_rules! modules { () => { pub mod large; } }
modules!();
impl Shape for ! {
    type Unit = u8;
    fn area(&self) -> f64 { *self }
    fn unit(&self) -> u8 { *self }
}
pub fn number() -> u32 { 1 }
pub fn seen<S>(s: &S) -> &S { s }
#[macro_export]
macro_rules! measure { ($one:expr) => {{ let it = $crate::seen($one); $crate::Shape::area(it) }}; }
#[macro_export]
macro_rules! measure_twice { ($one:expr) => { $crate::measure!($one) * 2.0 }; }
#[macro_export]
macro_rules! part { ($one:expr) => { 1.0 }; }
#[macro_export(local_inner_macros)]
macro_rules! parts { ($one:expr) => { part!($one) }; }
#[cfg(feature = "std")]
pub fn either() -> u32 { 1 }
#[cfg(not(feature = "std"))]
pub fn either<T>() -> u64 { 2 }
"#;

/// A module that a macro declares, whose own macros make more than one call of a macro may.
fn large(values: usize) -> String {
    let mut text =
        String::from("macro_rules! table { ($name:ident: $($t:tt)*) => { pub const $name: &[u8] = &[$($t)*]; } }\n");
    for name in ["A", "B", "C", "D", "E"] {
        text.push_str(&format!("table!({name}: {});\n", "1, ".repeat(values)));
    }
    text.push_str("macro_rules! declare { ($name:ident) => { pub trait $name { fn tag(&self) -> u8; } } }\n");
    text.push_str("declare!(Tagged);\n");
    text.push_str("pub fn tagged<T: Tagged>(of: &T) -> u8 { of.tag() }\n");
    text
}

const MINE: &str = r#"
use shapes::{Pair, Shape};
#[derive(Clone)]
pub struct Square(f64);
pub struct Metres;
impl std::fmt::Display for Metres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("m2") }
}
impl Shape for Square {
    type Unit = Metres;
    fn area(&self) -> f64 { self.0 * self.0 }
    fn unit(&self) -> Metres { Metres }
    fn name(&self) -> String { "square".to_owned() }
}
impl std::fmt::Display for Square {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("square") }
}
impl PartialEq for Square { fn eq(&self, other: &Square) -> bool { self.0 == other.0 } }
impl Eq for Square {}
impl PartialOrd for Square {
    fn partial_cmp(&self, other: &Square) -> Option<std::cmp::Ordering> { Some(self.cmp(other)) }
}
impl Ord for Square { fn cmp(&self, other: &Square) -> std::cmp::Ordering { self.0.total_cmp(&other.0) } }

pub fn sum(all: &[Square]) -> f64 { shapes::total(all) }
pub fn measured(one: &Square) -> f64 { shapes::measure!(one) }
pub fn measured_twice(one: &Square) -> f64 { shapes::measure_twice!(one) }
const IT: f64 = 2.0;
pub fn measured_by_its_name(it: &Square) -> f64 { shapes::measure!(&Square(it.0)) }
macro_rules! part { ($one:expr) => { IT } }
pub fn in_parts(one: &Square) -> f64 { shapes::parts!(one) + part!(one) }
pub fn text(one: &Square) -> String { shapes::shown(one) }
pub fn words(one: &Square) -> String { shapes::described(one) }
pub fn double(one: &Square) -> f64 { one.twice() }
pub fn best(a: Square, b: Square) -> Square { Pair(a, b).larger() }
pub fn best_area(a: Square, b: Square) -> f64 { Pair(a, b).larger().area() }
pub fn keep(one: Square) { let _kept = shapes::Kept::new(one); }
pub fn hold() { let _held = shapes::Holder::<Square>::empty(); }
pub fn take(_held: shapes::Holder<Square>) {}
pub fn take_hidden(_outer: shapes::Outer<Square>) {}
impl shapes::large::Tagged for Square { fn tag(&self) -> u8 { 4 } }
#[derive(shapes::Shape)]
pub struct Board(Square);
pub fn derived(board: &Board) -> f64 { shapes::Shape::area(board) }
pub fn tag(square: &Square) -> u8 { shapes::large::tagged(square) }
pub fn take_marked(marked: shapes::Marked<Square>) {}
pub struct Mine { _held: Option<shapes::Holder<Square>> }
pub fn nothing() { let _mine = Mine { _held: None }; }
pub fn plain() -> u32 { shapes::number() + 1 }
pub fn one_of_two(one: &Square) -> String { let n = shapes::either(); format!("{n}{}", one.0) }
"#;

/// What of `Square` and `Metres` a function reaches: methods by `trait::name`.
fn reached(function: &str, with_sources: bool) -> BTreeSet<String> {
    let target =
        |name: &str, root: &str| Target { kind: TargetKind::Lib, name: name.into(), root: root.into(), edition: None };
    let package = PackageRef::External(ExternalId(0));
    let mine = Package {
        name: "mine".into(),
        edition: 2024,
        targets: vec![target("mine", "src/lib.rs")],
        dependencies: vec![Dependency { extern_name: "shapes".into(), package, dev: false }],
        answered_by_compiler: true,
        ..Package::default()
    };
    let shapes = Package {
        name: "shapes".into(),
        version: "1.0.0".into(),
        edition: 2021,
        dir: "shapes".into(),
        targets: vec![target("shapes", "shapes/src/lib.rs")],
        external: Some(ExternalId(0)),
        ..Package::default()
    };
    let project = Project {
        packages: vec![mine, shapes],
        externals: vec![External {
            name: "shapes".into(),
            version: "1.0.0".into(),
            pin: "shapes 1.0.0".into(),
            sources: with_sources.then_some(PackageId(1)),
        }],
        subjects: vec![PackageId(0)],
    };
    let values = if function == "tag" { 20_000 } else { 1 };
    let files: BTreeMap<String, String> =
        [("src/lib.rs", MINE), ("shapes/src/lib.rs", SHAPES), ("shapes/src/large.rs", &large(values))]
            .map(|(at, text)| (at.into(), text.into()))
            .into();
    let analysis = analyze(&project, &files, &Roots::All, &NoSummaries);
    assert!(analysis.problems.is_empty(), "{:?}", analysis.problems);
    assert!(analysis.files.iter().all(|file| file.path == "src/lib.rs"), "an external file is nobody's to watch");
    assert!(analysis.items.iter().all(|item| item.file.as_deref().is_none_or(|file| file == "src/lib.rs")));
    let found = analysis.functions.iter().find(|found| found.path == format!("mine::{function}"));
    let found = found.unwrap_or_else(|| panic!("{function} is analyzed"));
    let packages: Vec<&str> = found.external.iter().map(|id| project.externals[id.0].name.as_str()).collect();
    assert_eq!(packages, ["shapes"], "{function} counts the package by its version");
    let methods = found.reaches.iter().filter_map(|id| analysis.items[id.0].path.strip_prefix("mine::<"));
    methods
        .filter_map(|path| path.split_once(" as "))
        .map(|(ty, rest)| format!("{ty} {}", rest.replace('>', "")))
        .collect()
}

fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_generic_function_calls_back_what_its_body_calls() {
    assert_eq!(reached("sum", true), names(&["Square Shape::area"]));
}

#[test]
fn where_a_body_is_not_understood_the_bounds_tell_what_it_may_call() {
    assert_eq!(reached("text", true), names(&["Square std::fmt::Display::fmt"]));
    let all = ["Metres std::fmt::Display::fmt", "Square Shape::area", "Square Shape::name", "Square Shape::unit"];
    let found = reached("words", true);
    assert!(names(&all).is_subset(&found), "{found:?}");
    assert!(!found.iter().any(|name| name.contains("Square std::") || name.contains("Ord")), "{found:?}");
}

#[test]
fn a_method_that_a_trait_provides_calls_what_it_is_written_to_call() {
    assert_eq!(reached("double", true), names(&["Square Shape::area"]));
}

#[test]
fn what_comes_out_of_a_type_of_another_package_is_known() {
    let compared = reached("best", true);
    assert!(
        compared.contains("Square PartialOrd::partial_cmp") && compared.contains("Square Ord::cmp"),
        "{compared:?}"
    );
    assert!(!compared.iter().any(|name| name.contains("Shape")), "{compared:?}");
    let measured = reached("best_area", true);
    assert!(measured.contains("Square Shape::area") && !measured.contains("Square Shape::name"), "{measured:?}");
}

#[test]
fn destructors_of_types_of_other_packages_run_wherever_their_values_end() {
    for function in ["keep", "hold", "take", "nothing"] {
        let found = reached(function, true);
        assert!(found.contains("Square Shape::name") && !found.contains("Square Shape::area"), "{function}: {found:?}");
    }
}

#[test]
fn a_field_whose_type_nobody_knows_may_have_any_destructor() {
    let found = reached("take_hidden", true);
    assert!(found.contains("Square Shape::name") && found.contains("Square Shape::area"), "{found:?}");
}

#[test]
fn a_name_that_comes_from_core_or_from_std_is_one_name() {
    assert_eq!(reached("take_marked", true), names(&[]));
}

#[test]
fn what_a_derive_wrote_may_use_all_impls_of_the_fields() {
    // Nor is it hidden by an impl for another type, `!` least of all.
    let found = reached("derived", true);
    assert!(found.contains("Square Shape::area") && found.contains("Square Shape::name"), "{found:?}");
}

#[test]
fn a_module_that_a_macro_declares_has_macros_of_its_own() {
    assert_eq!(reached("tag", true), names(&["Square shapes::large::Tagged::tag"]));
}

#[test]
fn a_call_without_types_of_ours_leads_nowhere() {
    assert_eq!(reached("plain", true), names(&[]));
}

#[test]
fn what_a_predicate_leaves_open_is_not_believed() {
    // Either of two functions may be meant, so nobody knows what is formatted: all that is in play counts.
    assert!(reached("one_of_two", true).contains("Square std::fmt::Display::fmt"));
}

#[test]
fn without_sources_all_impls_of_foreign_traits_count() {
    let found = reached("sum", false);
    for name in ["Square Shape::area", "Square Shape::name", "Square std::fmt::Display::fmt", "Square Ord::cmp"] {
        assert!(found.contains(name), "{name} in {found:?}");
    }
}

#[test]
fn a_macro_of_another_package_is_read_where_its_definition_is_at_hand() {
    assert_eq!(reached("measured", true), names(&["Square Shape::area"]));
    assert_eq!(reached("measured_twice", true), names(&["Square Shape::area"]));
    assert!(reached("measured", false).contains("Square Ord::cmp"));
}

#[test]
fn a_name_that_another_packages_macro_binds_is_not_the_callers() {
    assert_eq!(reached("measured_by_its_name", true), names(&["Square Shape::area"]));
}

#[test]
fn a_macro_that_calls_its_own_packages_macros_calls_those() {
    // `part!` is not the one that has that name here.
    assert_eq!(reached("in_parts", true), names(&[]));
    assert!(reached("in_parts", false).contains("Square Ord::cmp"));
}
