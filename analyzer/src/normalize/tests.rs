mod kinds;
mod mutation;

use super::*;

fn hash_item(source: &str) -> Digest {
    item(&syn::parse_str(source).unwrap_or_else(|error| panic!("{error} in {source}")))
}

fn hash_body(body: &str) -> Digest {
    hash_item(&format!("fn f(a: u8, b: u8) {{ {body} }}"))
}

#[track_caller]
fn same_items(pairs: &[(&str, &str)]) {
    for (one, other) in pairs {
        assert_eq!(hash_item(one), hash_item(other), "\n{one}\n{other}");
    }
}

#[track_caller]
fn same_bodies(pairs: &[(&str, &str)]) {
    for (one, other) in pairs {
        assert_eq!(hash_body(one), hash_body(other), "\n{one}\n{other}");
    }
}

/// Each of these is different code.
#[track_caller]
fn all_differ(hash: fn(&str) -> Digest, sources: &[&str]) {
    for (at, one) in sources.iter().enumerate() {
        for other in &sources[at + 1..] {
            assert_ne!(hash(one), hash(other), "\n{one}\n{other}");
        }
    }
}

#[test]
fn comments_layout_hints_and_visibility_say_nothing() {
    same_items(&[
        ("fn f() -> u8 { 1 + 2 }", "/* c */ fn f( ) -> u8 {\n // why\n 1\n+ 2 }"),
        ("fn f() {}", "/// Docs.\n#[doc = \"more\"] #[doc(hidden)] fn f() {}"),
        ("fn f() {}", "pub(crate) fn f() {}"),
        ("fn f() {}", "#[allow(dead_code)] #[inline(always)] #[must_use] #[expect(clippy::x)] fn f() {}"),
        ("fn f() {}", "#[deprecated(note = \"x\")] #[rustfmt::skip] #[clippy::cognitive_complexity = \"1\"] fn f() {}"),
        ("fn f() {}", "#[cached] fn f() {}"),
        ("fn f() {}", "#[rememo::cached(ttl = \"1h\")] fn f() {}"),
        ("fn f() {}", "#[cfg_attr(docsrs, doc(cfg(x)), allow(unused))] fn f() {}"),
        ("struct S { x: u8 }", "/// A.\npub struct S {\n /// B.\n pub x: u8, }"),
        ("#[derive(Clone)] #[derive(Debug)] struct S;", "#[derive(Clone, Debug,)] struct S;"),
        ("#[derive(Clone)] struct S { x: u8 }", "#[derive(Clone)] pub struct S { /** x */ pub(super) x: u8 }"),
        ("extern fn f() {}", "extern \"C\" fn f() {}"),
        ("fn f() {}", "fn f() -> () {}"),
        ("#[cfg(any(a, b))] fn f() {}", "#[cfg(any(a, b,))] fn f() {}"),
        ("fn f<T: Clone>(t: T,) {}", "fn f<T: Clone,>(t: T) {}"),
        ("type A = (u8);", "type A = u8;"),
        ("fn f(g: fn(x: u8) -> u8) {}", "fn f(g: fn(u8) -> (u8)) {}"),
    ]);
    same_bodies(&[
        ("g((a + b) * 2,)", "g((((a) + b) * (2)))"),
        ("let x = 1_000; let y = 0xFF_u8;", "let x = 1000; let y = 0xffu8;"),
        ("let x = 1.0; let y = 1.0e5;", "let x = 1.; let y = 1e5;"),
        ("g(|x| x + 1)", "g(|x| { x + 1 })"),
        ("match a { 1 => g(), _ => { h() } }", "match a { | 1 => { g() } _ => h(), }"),
        ("match a { 1 => panic!(\"x\"), _ => return }", "match a { 1 => { panic!(\"x\") } _ => { return; } }"),
        ("if a > b { return 1 } 2", "if a > b { return 1; } 2"),
        ("loop { break }", "loop { break; }"),
        ("S { a: a, b }", "S { a, b: b }"),
        ("let S { a: x, b } = s; x + b", "let S { a: x, b: b } = s; x + b"),
        ("a();; b()", "a(); b()"),
        ("a(); use m::g; fn h() {} g()", "a(); g()"),
        ("let x = vec![a, b,];", "let x = vec!(a, b);"),
        ("assert!(a+b > 1,);", "assert!(a + b > 1);"),
        ("let x: Vec<(u8)> = g::<u8,>();", "let x: Vec<u8> = g::<u8>();"),
        ("g(r#\"a\"#)", "g(\"a\")"),
        ("let r#x = 1; x", "let x = 1; x"),
        ("g(\"a\nb\", r\"c\nd\"); m!(\"e\nf\");", "g(\"a\r\nb\", r\"c\r\nd\");\r\n m!(\"e\r\nf\");"),
    ]);
}

#[test]
fn names_of_locals_say_nothing() {
    same_bodies(&[
        ("let x = 1; x + a", "let y = 1; y + a"),
        ("let x = 1; let x = x + 1; x", "let y = 1; let z = y + 1; z"),
        ("g(|x, y| x - y)", "g(|p, q| p - q)"),
        ("for i in 0..9 { g(i) }", "for n in 0..9 { g(n) }"),
        ("if let Some(x) = g() && x > 1 { h(x) } else { k() }", "if let Some(v) = g() && v > 1 { h(v) } else { k() }"),
        ("while let Some(x) = g() { h(x) }", "while let Some(y) = g() { h(y) }"),
        ("match g() { A(x, y) | B(y, x) => x - y, _ => 0 }", "match g() { A(p, q) | B(q, p) => p - q, _ => 0 }"),
        ("match g() { x if x > 1 => x, _ => 0 }", "match g() { y if y > 1 => y, _ => 0 }"),
        ("let Some(x) = g() else { return }; x", "let Some(y) = g() else { return }; y"),
        ("'a: loop { loop { break 'a } }", "'b: loop { loop { break 'b } }"),
        ("let x = 1; println!(\"{x:?} {}\", x)", "let y = 1; println!(\"{y:?} {}\", y)"),
        ("let (w, p) = g(); format!(\"{:0w$.p$}\", 1.5)", "let (x, y) = g(); format!(\"{:0x$.y$}\", 1.5)"),
        ("let x = 1; assert_eq!(x, 1, \"got {x}\")", "let y = 1; assert_eq!(y, 1, \"got {y}\")"),
        ("let x = 1; matches!(g(), Some(y) if y == x)", "let p = 1; matches!(g(), Some(q) if q == p)"),
        ("let n = 2; vec![n; n]", "let k = 2; vec![k; k]"),
        ("let x = 1; S { x }", "let y = 1; S { x: y }"),
        ("let x = 1; async move { x }", "let y = 1; async move { y }"),
        ("let x = 1; write!(o, \"{0}{x}\", 2)", "let y = 1; write!(o, \"{0}{y}\", 2)"),
    ]);
    same_items(&[
        ("fn f(x: u8, y: u8) -> u8 { x - y }", "fn f(p: u8, q: u8) -> u8 { p - q }"),
        ("trait T { fn f(&self, x: u8); }", "trait T { fn f(&self, y: u8); }"),
        ("const C: fn(u8) -> u8 = |x| x;", "const C: fn(u8) -> u8 = |y| y;"),
    ]);
}

#[test]
fn which_local_is_meant_says_something() {
    all_differ(
        hash_body,
        &[
            "a - b",
            "b - a",
            "a - a",
            "a - c",
            "let x = 1; { let x = 2; } x",
            "let x = 1; { x = 2; } x",
            "let x = 1; { let y = 2; } y",
            "let x = 1; let y = 2; x",
            "let x = 1; let y = 2; y",
            "let x = 1; let x = x; x",
            "let x = 1; g(|x| x)",
            "let x = 1; g(|y| x)",
            "match g() { A(x, y) | B(y, x) => x, _ => 0 }",
            "match g() { A(x, y) | B(x, y) => x, _ => 0 }",
            "match g() { A(x, y) | B(x, y) => y, _ => 0 }",
            "'a: loop { 'b: loop { break 'a } }",
            "'a: loop { 'b: loop { break 'b } }",
            "'a: loop { 'b: loop { break } }",
            "let x = 1; println!(\"{x} {a}\")",
            "let x = 1; println!(\"{a} {x}\")",
            "let x = 1; println!(\"{x} {x}\")",
            "let x = 1; println!(\"{x} {{a}}\")",
            "let x = 1; println!(\"{x} {y}\")",
            "let x = 1; println!(\"{x} {y}\", y = a)",
            "let x = 1; println!(\"{x} {y}\", y = b)",
            "let x = 1; println!(\"{x:a$}\")",
            "let x = 1; println!(\"{x:b$}\")",
            "let x = 1; println!(\"{x:1$}\", a, b)",
            "if let Some(x) = g() { x } else { x }",
            "if let Some(x) = g() { x } else { y }",
            "let Some(x) = x else { return x };",
            "let Some(x) = y else { return x };",
            "let x = [0; x]; x",
            "let x = [0; y]; x",
        ],
    );
}

#[test]
fn a_name_that_leaves_the_scope_is_no_local() {
    all_differ(hash_body, &["{ let x = 1; } x", "{ let y = 1; } y", "{ let x = 1; x }"]);
    all_differ(hash_body, &["if let Some(x) = g() {} x", "if let Some(y) = g() {} y"]);
    all_differ(hash_body, &["for x in x {}", "for y in y {}"]);
    all_differ(hash_body, &["let x = x;", "let y = y;"]);
    all_differ(hash_body, &["let z = match g() { x => 1 } + x;", "let z = match g() { y => 1 } + y;"]);
    all_differ(hash_item, &["fn f(n: u8) -> [u8; n] { g }", "fn f(m: u8) -> [u8; m] { g }"]);
}

#[test]
fn names_that_a_macro_may_read_are_kept() {
    all_differ(hash_body, &["let x = 1; m!(x)", "let y = 1; m!(x)", "let y = 1; m!(y)"]);
    all_differ(hash_body, &["let x = 1; info!(\"{x}\")", "let y = 1; info!(\"{x}\")", "let y = 1; info!(\"{y}\")"]);
    all_differ(hash_body, &["let x = 1; info!(\"{:x$}\", 1)", "let y = 1; info!(\"{:x$}\", 1)"]);
    all_differ(hash_body, &["'x: loop { m!(break 'x) }", "'y: loop { m!(break 'x) }"]);
    all_differ(
        hash_body,
        &["let x = 1; macro_rules! m { () => { x } } m!()", "let y = 1; macro_rules! m { () => { x } } m!()"],
    );
    same_bodies(&[("let x = 1; m!(z); x", "let y = 1; m!(z); y")]);
    // Known macros inside of unknown ones are unknown too, and the other way round.
    all_differ(hash_body, &["let x = 1; vec![m!(x)]", "let y = 1; vec![m!(x)]"]);
}

#[test]
fn names_that_an_item_of_a_block_shadows_are_kept() {
    all_differ(hash_body, &["let x = 1; { fn x() {} x }", "let y = 1; { fn x() {} x }", "let y = 1; { fn x() {} y }"]);
    all_differ(hash_body, &["let x = 1; { use m::x; x }", "let y = 1; { use m::x; x }"]);
    all_differ(hash_body, &["let x = 1; { use m::z as x; x }", "let y = 1; { use m::z as x; y }"]);
    all_differ(hash_body, &["let x = 1; { use m::*; x }", "let y = 1; { use m::*; y }"]);
}

#[test]
fn capitalized_patterns_count_by_name() {
    all_differ(
        hash_body,
        &["match a { None => 1, _ => 2 }", "match a { Nil => 1, _ => 2 }", "match a { x => 1, _ => 2 }"],
    );
    all_differ(hash_body, &["match a { _X => 1 }", "match a { _Y => 1 }"]);
}

#[test]
fn headers_leave_members_to_their_own_hashes() {
    same_items(&[
        ("impl S { fn f() {} }", "impl S { fn f() { 1; } fn g() {} }"),
        ("trait S { fn f(); }", "trait S {}"),
        ("mod s { fn f() {} }", "mod s;"),
        ("extern \"C\" { fn f(); }", "extern \"C\" {}"),
    ]);
}

#[test]
fn a_macro_that_reads_an_item_reads_its_documentation_and_visibility() {
    all_differ(
        hash_item,
        &[
            "#[derive(Parser)] struct S { a: u8 }",
            "#[derive(Parser)] pub struct S { a: u8 }",
            "#[derive(Parser)] struct S { pub a: u8 }",
            "/// Help.\n#[derive(Parser)] struct S { a: u8 }",
            "#[derive(Parser)] struct S { /** Help. */ a: u8 }",
            "#[derive(Parser)] struct S { #[arg(long)] a: u8 }",
            "#[derive(Parser)] struct S { #[arg(short)] a: u8 }",
            "#[cfg_attr(a, derive(Parser))] struct S { a: u8 }",
            "#[cfg_attr(a, derive(Parser))] struct S { /** Help. */ a: u8 }",
        ],
    );
    all_differ(
        hash_item,
        &[
            "#[tokio::main] fn f() { let x = 1; }",
            "#[tokio::main] fn f() { let y = 1; }",
            "#[tokio::main] pub fn f() { let x = 1; }",
            "#[tokio::main] fn f() { fn g() {} let x = 1; }",
            "/// Docs.\n#[tokio::main] fn f() { let x = 1; }",
            "#[cfg_attr(a, tokio::main)] fn f() { let x = 1; }",
            "#[cfg_attr(a, tokio::main)] fn f() { let y = 1; }",
        ],
    );
    all_differ(hash_item, &["#[async_trait] impl S { fn f() {} }", "#[async_trait] impl S { fn f() { 1 } }"]);
    all_differ(hash_item, &["#[m] mod s { fn f() {} }", "#[m] mod s { fn g() {} }"]);
    same_items(&[("#[tokio::main] fn f() {}", "#[cached] #[tokio::main] fn f() {}")]);
}

#[test]
fn headers_and_types_have_one_text_each() {
    let header = |source: &str| impl_header_text(&syn::parse_str(source).unwrap());
    assert_eq!(header("impl <T:Clone,> Shape for  Foo < T > { }"), "impl<T: Clone> Shape for Foo<T>");
    assert_eq!(header("unsafe impl !Send for [u8;4] {}"), "unsafe impl !Send for [u8; 4]");
    assert_eq!(
        header("impl<'a, const N: usize, T> A<'a> for &'a mut B<T, N> where T: C<D = u8> + 'a, {}"),
        "impl<'a, const N: usize, T> A<'a> for &'a mut B<T, N> where T: C<D = u8> + 'a"
    );
    let ty = |source: &str| type_text(&syn::parse_str(source).unwrap());
    assert_eq!(ty("Vec < ( A , ) >"), "Vec<(A,)>");
    assert_eq!(ty("[u8; 1_000_usize]"), "[u8; 1000usize]");
    assert_eq!(ty("Box<dyn for<'a> Fn(&'a str,)->Vec<u8>+Send>"), "Box<dyn for<'a> Fn(&'a str) -> Vec<u8> + Send>");
    assert_eq!(ty("<T as Iterator>::Item"), "<T as Iterator>::Item");
    assert_eq!(ty("*const fn(u8)->!"), "*const fn(u8) -> !");
    assert_eq!(ty("(HashMap<A, B>,)"), "(HashMap<A, B>,)");
    assert_eq!(path_text(&syn::parse_str("std :: fmt::Display").unwrap()), "std::fmt::Display");
}
