//! Macros as they are written in the wild.

use super::*;

/// Expands calls of `name` in the output until there are none left.
fn to_the_end(name: &str, definition: &str, input: &str) -> TokenStream {
    fn all(name: &str, rules: &MacroRules, tokens: TokenStream, budget: &mut Budget) -> TokenStream {
        let krate = Ident::new("the_crate", Span::call_site());
        let mut out: Vec<TokenTree> = Vec::new();
        for tree in tokens {
            let TokenTree::Group(group) = tree else {
                out.push(tree);
                continue;
            };
            let is_call = match out.as_slice() {
                [.., TokenTree::Ident(ident), TokenTree::Punct(bang)] => ident == name && bang.as_char() == '!',
                _ => false,
            };
            if is_call {
                out.truncate(out.len() - 2);
                let output = rules.expand(group.stream(), &krate, budget).unwrap_or_else(|e| panic!("{e}: {group}"));
                out.extend(all(name, rules, output, budget));
            } else {
                let inside = all(name, rules, group.stream(), budget);
                out.push(proc_macro2::Group::new(group.delimiter(), inside).into());
            }
        }
        out.into_iter().collect()
    }
    let rules = MacroRules::parse(tokens(definition)).unwrap();
    all(name, &rules, tokens(&format!("{name}! {{ {input} }}")), &mut Budget { tokens: 100_000 })
}

#[track_caller]
fn parses_as_items(tokens: TokenStream) -> Vec<syn::Item> {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => file.items,
        Err(error) => panic!("{error}: {}", shape(tokens)),
    }
}

#[test]
fn vec_like() {
    let definition = "() => { Vec::new() };
        ($elem:expr; $n:expr) => { from_elem($elem, $n) };
        ($($x:expr),+ $(,)?) => { <[_]>::into_vec(Box::new([$($x),+])) };";
    check(definition, "", "Vec::new()");
    check(definition, "0u8; 4 + 4", "from_elem(«0u8», «4 + 4»)");
    check(definition, "a.b(), c?,", "<[_]>::into_vec(Box::new([«a.b()», «c?»]))");
}

#[test]
fn bitflags_like() {
    let definition = "(
            $(#[$outer:meta])*
            $vis:vis struct $Name:ident: $T:ty {
                $(
                    $(#[$inner:ident $($args:tt)*])*
                    const $Flag:tt = $value:expr;
                )*
            }

            $($t:tt)*
        ) => {
            $(#[$outer])*
            $vis struct $Name { bits: $T }
            impl $Name {
                $(
                    $(#[$inner $($args)*])*
                    $vis const $Flag: Self = Self { bits: $value };
                )*
                $vis const fn bits(&self) -> $T { self.bits }
            }
            bitflags! { $($t)* }
        };
        () => {};";
    let output = to_the_end(
        "bitflags",
        definition,
        "/// The flags.
        #[derive(Clone, Copy)]
        pub struct Flags: u32 {
            /// One.
            const A = 1 << 0;
            #[cfg(unix)]
            const B = Self::A.bits | 0b10;
        }
        struct More: u8 { }",
    );
    let items = parses_as_items(output);
    assert_eq!(items.len(), 4);
    match &items[0] {
        syn::Item::Struct(item) => {
            assert_eq!(item.attrs.len(), 2);
            assert!(item.attrs[0].path().is_ident("doc"));
            assert!(matches!(item.vis, syn::Visibility::Public(_)));
        }
        _ => panic!("not a struct"),
    }
    match &items[1] {
        syn::Item::Impl(item) => assert_eq!(item.items.len(), 3),
        _ => panic!("not an impl"),
    }
}

#[test]
fn lazy_static_like() {
    let definition = "($(#[$attr:meta])* static ref $N:ident : $T:ty = $e:expr; $($t:tt)*) => {
            lazy_static!(@MAKE TY, $(#[$attr])*, (), $N);
            impl Deref for $N { type Target = $T; fn deref(&self) -> &$T { fn init() -> $T { $e } LAZY.get(init) } }
            lazy_static!($($t)*);
        };
        ($(#[$attr:meta])* pub static ref $N:ident : $T:ty = $e:expr; $($t:tt)*) => {
            lazy_static!(@MAKE TY, $(#[$attr])*, (pub), $N);
            lazy_static!($($t)*);
        };
        (@MAKE TY, $(#[$attr:meta])*, ($($vis:tt)*), $N:ident) => {
            $(#[$attr])* $($vis)* struct $N { __private_field: () }
        };
        () => ()";
    let output = to_the_end(
        "lazy_static",
        definition,
        "/// Docs.
        static ref MAP: HashMap<u32, &'static str> = { let mut m = HashMap::new(); m.insert(0, \"a\"); m };
        pub static ref COUNT: usize = MAP.len() + 1;",
    );
    let text = output.to_string().replace(' ', "");
    assert!(text.contains("structMAP{__private_field:()}"), "{text}");
    assert!(text.contains("pubstructCOUNT"), "{text}");
}

#[test]
fn thread_local_like() {
    let definition = "() => {};
        ($(#[$attr:meta])* $vis:vis static $name:ident: $t:ty = const $init:block; $($rest:tt)*) => (
            $(#[$attr])* $vis const $name: LocalKey<$t> = inner(const $init); thread_local!($($rest)*);
        );
        ($(#[$attr:meta])* $vis:vis static $name:ident: $t:ty = $init:expr; $($rest:tt)*) => (
            $(#[$attr])* $vis const $name: LocalKey<$t> = { fn init() -> $t { $init } inner(init) }; thread_local!($($rest)*);
        );
        ($(#[$attr:meta])* $vis:vis static $name:ident: $t:ty = $init:expr) => (
            $(#[$attr])* $vis const $name: LocalKey<$t> = { fn init() -> $t { $init } inner(init) };
        );";
    let output = to_the_end(
        "thread_local",
        definition,
        "static A: Cell<u32> = const { Cell::new(0) }; pub(crate) static B: RefCell<Vec<u8>> = RefCell::new(vec![1, 2])",
    );
    let text = output.to_string().replace(' ', "");
    assert!(text.contains("constA:LocalKey<Cell<u32>>=inner(const{Cell::new(0)})"), "{text}");
    assert!(text.contains("pub(crate)constB:LocalKey<RefCell<Vec<u8>>>"), "{text}");
}

#[test]
fn token_munchers_and_accumulators() {
    let reverse = "([] $($out:tt)*) => { [$($out)*] };
        ([$head:tt $($tail:tt)*] $($out:tt)*) => { reverse!([$($tail)*] $head $($out)*) };";
    assert_eq!(to_the_end("reverse", reverse, "[a 'b ::c (d)]").to_string(), tokens("[(d) c :: 'b a]").to_string());
    let count = "() => { 0usize }; ($head:tt $($tail:tt)*) => { 1usize + count!($($tail)*) };";
    assert_eq!(
        to_the_end("count", count, "a b c").to_string(),
        tokens("1usize + 1usize + 1usize + 0usize").to_string()
    );
    let internal = "(@step $idx:expr, [$($done:tt)*],) => { $($done)* };
        (@step $idx:expr, [$($done:tt)*], $head:ident, $($tail:ident,)*) => {
            number!(@step $idx + 1, [$($done)* const $head: usize = $idx;], $($tail,)*)
        };
        ($($n:ident),* $(,)?) => { number!(@step 0, [], $($n,)*) };";
    let items = parses_as_items(to_the_end("number", internal, "A, B, C"));
    assert_eq!(items.len(), 3);
}

#[test]
fn callbacks() {
    let definition = "($callback:ident ! ( $($args:tt)* ) with $($x:tt)*) => { $callback!($($args)* $($x)*) }";
    check(definition, "print!(a, b,) with c", "print!(a, b, c)");
    let definition = "($name:path, $($arg:expr),*) => { $name!($($arg),*) }";
    let output = try_expand(definition, "std::println, \"{}\", 1").unwrap();
    assert!(syn::parse2::<syn::Expr>(output).is_ok());
}

#[test]
fn matches_like() {
    let definition = "($expression:expr, $pattern:pat $(if $guard:expr)? $(,)?) => {
        match $expression { $pattern $(if $guard)? => true, _ => false }
    }";
    let output = try_expand(definition, "x.kind(), Kind::A { .. } | Kind::B(1..=3) if y > 1,").unwrap();
    match syn::parse2::<syn::Expr>(output).unwrap() {
        syn::Expr::Match(expr) => assert!(matches!(expr.arms[0].pat, syn::Pat::Or(_) | syn::Pat::Guard(_))),
        _ => panic!("not a match"),
    }
}

#[test]
fn hash_map_like_with_typed_entries() {
    let definition = "(@single $($x:tt)*) => (()); 
        (@count $($rest:expr),*) => (<[()]>::len(&[$(hashmap!(@single $rest)),*]));
        ($($key:expr => $value:expr,)+) => { hashmap!($($key => $value),+) };
        ($($key:expr => $value:expr),*) => {{
            let _cap = hashmap!(@count $($key),*);
            let mut _map = HashMap::with_capacity(_cap);
            $(let _ = _map.insert($key, $value);)*
            _map
        }};";
    let output = to_the_end("hashmap", definition, "\"a\" => 1, f(2) => -2,");
    match syn::parse2::<syn::Expr>(output).unwrap() {
        syn::Expr::Block(block) => assert_eq!(block.block.stmts.len(), 5),
        _ => panic!("not a block"),
    }
}

#[test]
fn impls_for_many_types() {
    let definition = "($($t:ty),+ => $tr:path) => { $(impl $tr for $t { const MAX: $t = <$t>::MAX; fn f(self) -> $t { self as $t } })+ }";
    let items = parses_as_items(try_expand(definition, "u8, Vec<u8>, &'static [u8], (A, B) => a::Trait<u8>").unwrap());
    assert_eq!(items.len(), 4);
    for item in &items {
        match item {
            syn::Item::Impl(item) => {
                let (path, _) = item.trait_.as_ref().unwrap();
                assert_eq!(path.segments.last().unwrap().ident, "Trait");
            }
            _ => panic!("not an impl"),
        }
    }
}

#[test]
fn every_fragment_parses_where_the_language_allows_it() {
    let definition = "($vis:vis $name:ident, $t:ty, $e:expr, $p:pat, $path:path, $b:block, $l:literal, $lt:lifetime, $m:meta, $s:stmt, $let:stmt, $i:item) => {
        #[$m] #[doc = $l] $vis struct $name<$lt, T: $path> where T: $path + Copy { $vis field: &$lt $t, $vis other: [$t; $e] }
        $vis enum E { A = $e, B($t), C { x: $t } }
        $i
        #[$m] $i
        impl<$lt> $path for $t { $vis const X: $t = $e; type Y = $t; $i #[$m] $vis fn g() {} }
        $vis use $path;
        $vis fn f<T: Into<$t>>(x: $t, $p: $t) -> $t $b
        fn h() {
            $s;
            $let;
            $i
            $b
            let $p = $e else { return };
            let y: $t = $e as $t;
            let z = -$l + $e * $e.method($e)[$e]?;
            match $e { $p if $e => $e, $l => $b, $path => (), $path(..) => {}, $path { .. } => {} }
            if let $p = $e $b else $b
            for $p in $e $b
            while $e $b
            unsafe $b;
            async move $b;
            $lt: loop { break $lt; }
            $path!($e);
            let s = $path { field: $e, ..$e };
            let v = $path($e);
            let f = |x: $t| -> $t $b;
            f::<$t>(&mut $e, &$e, !$e, $e..$e, ($e, $e), [$e; $l], $t::MAX, <$t as $path>::X);
            if $e { $e } else { $e }
            return $e
        }
    }";
    let input = "pub(crate) Name, Vec<u8>, 1 + 2, Some(x), a::Path, { let q = 1; q }, 7, 'a, derive(Debug), call(1), let w = 1, fn item() {}";
    let items = parses_as_items(try_expand(definition, input).unwrap());
    assert_eq!(items.len(), 8);
}
