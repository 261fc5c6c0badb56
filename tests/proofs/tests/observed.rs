//! What can be observed counts: each of these edits looks like a rewriting that nobody sees, and is none.

use std::collections::BTreeMap;

use rememo_analyzer::project::{
    Dependency, External, ExternalId, Package, PackageId, PackageRef, Project, Target, TargetKind,
};
use rememo_analyzer::source::NoSummaries;
use rememo_analyzer::{Roots, analyze};

/// The fingerprint of `f` in a library of one file.
fn fingerprint(files: &[(&str, &str)]) -> String {
    let target = Target { kind: TargetKind::Lib, name: "demo".into(), root: "src/lib.rs".into(), edition: None };
    let externals = ["alpha", "beta"].map(|name| External {
        name: name.into(),
        version: "1.0.0".into(),
        pin: format!("{name} 1.0.0"),
        sources: None,
    });
    let dependencies = ["alpha", "beta"].iter().enumerate().map(|(at, name)| Dependency {
        extern_name: (*name).into(),
        package: PackageRef::External(ExternalId(at)),
        dev: false,
    });
    let package = Package {
        dependencies: dependencies.collect(),
        name: "demo".into(),
        version: "1.0.0".into(),
        edition: 2024,
        targets: vec![target],
        answered_by_compiler: true,
        external: None,
        ..Package::default()
    };
    let project = Project { packages: vec![package], externals: externals.into(), subjects: vec![PackageId(0)] };
    let files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let analysis = analyze(&project, &files, &Roots::All, &NoSummaries);
    assert!(analysis.problems.is_empty(), "{:?}", analysis.problems);
    let function = analysis.functions.iter().find(|function| function.name == "f" || function.name == "next");
    function.expect("the library has `f`").source.to_string()
}

#[track_caller]
fn differ(pairs: &[(&str, &str)]) {
    for (one, other) in pairs {
        assert_ne!(fingerprint(&[("src/lib.rs", one)]), fingerprint(&[("src/lib.rs", other)]), "\n{one}\n{other}");
    }
}

#[test]
fn what_stringify_shows_counts() {
    differ(&[
        ("fn f() -> &'static str { stringify!(a + 1_000) }", "fn f() -> &'static str { stringify!(a + 1000) }"),
        ("fn f() -> &'static str { stringify!(a + b) }", "fn f() -> &'static str { stringify!(a+b) }"),
        ("fn f() -> &'static str { stringify!((a)) }", "fn f() -> &'static str { stringify!(a) }"),
        ("fn f() -> &'static str { stringify!([a, b]) }", "fn f() -> &'static str { stringify!([a, b,]) }"),
        ("fn f() -> u8 { let a = 1; dbg!(a) }", "fn f() -> u8 { let b = 1; dbg!(b) }"),
    ]);
}

#[test]
fn what_a_macro_of_ones_own_shows_counts() {
    let show = "macro_rules! show { ($($t:tt)*) => { stringify!($($t)*) } }\n";
    let pairs = [
        ("fn f() -> &'static str { show!(1_000) }", "fn f() -> &'static str { show!(1000) }"),
        ("fn f() -> &'static str { let a = 1; show!(a) }", "fn f() -> &'static str { let b = 1; show!(b) }"),
        ("fn f() -> &'static str { show!(/** docs */ a) }", "fn f() -> &'static str { show!(/** other */ a) }"),
    ];
    for (one, other) in pairs {
        differ(&[(&format!("{show}{one}"), &format!("{show}{other}"))]);
    }
}

#[test]
fn a_macro_of_ones_own_may_have_a_standard_macros_name() {
    for name in ["vec", "assert", "format", "matches", "println"] {
        let own = format!("macro_rules! {name} {{ ($($t:tt)*) => {{ stringify!($($t)*) }} }}\n");
        differ(&[
            (
                &format!("{own}fn f() -> &'static str {{ {name}!(1_000, 2) }}"),
                &format!("{own}fn f() -> &'static str {{ {name}!(1000, 2) }}"),
            ),
            (
                &format!("{own}fn f() -> &'static str {{ let a = 1; {name}!(a, b) }}"),
                &format!("{own}fn f() -> &'static str {{ let c = 1; {name}!(c, b) }}"),
            ),
        ]);
    }
}

#[test]
fn where_code_stands_counts_if_it_asks() {
    differ(&[
        ("fn f() -> u32 { line!() }", "\nfn f() -> u32 { line!() }"),
        ("fn f() -> u32 { column!() }", "fn f()  -> u32 { column!() }"),
        (
            "fn f() -> u32 { std::panic::Location::caller().line() }",
            "\nfn f() -> u32 { std::panic::Location::caller().line() }",
        ),
    ]);
}

#[test]
fn the_path_of_a_module_counts_if_code_asks_for_it() {
    differ(&[(
        "mod a { pub fn f() -> &'static str { module_path!() } }",
        "mod b { pub fn f() -> &'static str { module_path!() } }",
    )]);
    let flat = [("src/lib.rs", "mod a;"), ("src/a.rs", "fn f() -> &'static str { file!() }")];
    let nested = [("src/lib.rs", "mod a;"), ("src/a/mod.rs", "fn f() -> &'static str { file!() }")];
    assert_ne!(fingerprint(&flat), fingerprint(&nested), "file!() says which file it is");
}

#[test]
fn names_of_fields_count_where_a_derive_shows_them() {
    let shown = |field: &str| {
        format!("#[derive(Debug)] struct S {{ {field}: u8 }}\nfn f(s: &S) -> String {{ format!(\"{{s:?}}\") }}")
    };
    differ(&[(&shown("a"), &shown("b"))]);
    differ(&[(
        "#[derive(serde::Serialize)] pub struct S { pub a: u8 } fn f(s: &S) -> u8 { s.a }",
        "/// Help.\n#[derive(serde::Serialize)] pub struct S { pub a: u8 } fn f(s: &S) -> u8 { s.a }",
    )]);
}

#[test]
fn names_that_a_format_string_captures_count_in_macros_that_nobody_knows() {
    differ(&[
        ("fn f() { let a = 1; log::info!(\"{a}\") }", "fn f() { let b = 1; log::info!(\"{b}\") }"),
        ("fn f() { let (a, b) = (1, 2); print!(\"{a}\") }", "fn f() { let (a, b) = (1, 2); print!(\"{b}\") }"),
    ]);
}

#[test]
fn an_attribute_macro_sees_what_nobody_else_does() {
    differ(&[
        ("#[tracing::instrument] fn f(a: u8) {}", "#[tracing::instrument] fn f(b: u8) {}"),
        ("#[tracing::instrument] fn f(a: u8) {}", "#[tracing::instrument] pub fn f(a: u8) {}"),
        ("#[tracing::instrument] fn f() -> u16 { 1_000 }", "#[tracing::instrument] fn f() -> u16 { 1000 }"),
    ]);
}

#[test]
fn the_order_of_fields_counts() {
    let ordered = |fields: &str| {
        format!("#[derive(PartialEq, PartialOrd)] struct S {{ {fields} }}\nfn f(a: &S, b: &S) -> bool {{ a < b }}")
    };
    differ(&[(&ordered("a: u8, b: u8"), &ordered("b: u8, a: u8"))]);
}

#[test]
fn what_a_name_is_imported_from_counts_also_from_the_standard_library() {
    let body = "pub fn f(a: u8, b: u8) -> u8 { pick(a, b) }";
    differ(&[
        (&format!("use std::cmp::min as pick;\n{body}"), &format!("use std::cmp::max as pick;\n{body}")),
        (
            "use std::u8::MAX as LIMIT; pub fn f() -> u8 { LIMIT }",
            "use std::u8::MIN as LIMIT; pub fn f() -> u8 { LIMIT }",
        ),
        (
            "use std::collections::HashMap as Map; pub fn f() -> usize { Map::<u8, u8>::new().len() }",
            "use std::collections::BTreeMap as Map; pub fn f() -> usize { Map::<u8, u8>::new().len() }",
        ),
        ("use std::println as say; pub fn f() { say!(\"x\") }", "use std::eprintln as say; pub fn f() { say!(\"x\") }"),
        (
            "use std::fmt::{Binary as B, LowerHex as H}; pub fn f<T: B>(t: T) -> String { format!(\"{t:b}\") }",
            "use std::fmt::{Octal as B, LowerHex as H}; pub fn f<T: B>(t: T) -> String { format!(\"{t:b}\") }",
        ),
    ]);
}

#[test]
fn which_package_a_trait_comes_from_counts_for_the_methods_that_are_called() {
    let body = "pub fn f(x: f64) -> f64 { x.twist() }";
    differ(&[
        (&format!("use alpha::Ext; {body}"), &format!("use beta::Ext; {body}")),
        (&format!("use alpha::one::Ext; {body}"), &format!("use alpha::other::Ext; {body}")),
        (&format!("use alpha::one::*; {body}"), &format!("use alpha::other::*; {body}")),
    ]);
}

#[test]
fn a_constant_in_lowercase_that_a_pattern_names_counts() {
    let body = "pub fn f(a: u8) -> u8 { match a { x => 1, #[allow(unreachable_patterns)] _ => 2 } }";
    differ(&[
        (&format!("#[allow(non_upper_case_globals)] const x: u8 = 3; {body}"), &format!("const y: u8 = 3; {body}")),
        (&format!("const x: u8 = 3; {body}"), &format!("const x: u8 = 4; {body}")),
    ]);
}
