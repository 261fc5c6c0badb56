//! What macros must expand to. An undelimited group, which keeps a fragment together, is written `«..»` here.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

use super::{Budget, ExpandError, MacroRules};
use crate::source::Digest;

mod shapes;

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn try_expand(definition: &str, input: &str) -> Result<TokenStream, ExpandError> {
    let krate = Ident::new("the_crate", Span::call_site());
    MacroRules::parse(tokens(definition))?.expand(tokens(input), &krate, &mut Budget { tokens: 100_000 })
}

/// The expansion, with undelimited groups made visible.
fn shape(tokens: TokenStream) -> String {
    fn visible(tokens: TokenStream) -> TokenStream {
        let mut out = Vec::new();
        for tree in tokens {
            match tree {
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    out.push(TokenTree::Ident(Ident::new("OPEN", Span::call_site())));
                    out.extend(visible(group.stream()));
                    out.push(TokenTree::Ident(Ident::new("CLOSE", Span::call_site())));
                }
                TokenTree::Group(group) => {
                    out.push(proc_macro2::Group::new(group.delimiter(), visible(group.stream())).into());
                }
                tree => out.push(tree),
            }
        }
        out.into_iter().collect()
    }
    visible(tokens).to_string()
}

fn expand(definition: &str, input: &str) -> String {
    match try_expand(definition, input) {
        Ok(tokens) => shape(tokens),
        Err(error) => panic!("{error}\ndefinition: {definition}\ninput: {input}"),
    }
}

/// Checks an expansion; `expected` is written with `«` and `»` around opaque fragments.
#[track_caller]
fn check(definition: &str, input: &str, expected: &str) {
    let expected = expected.replace('«', " OPEN ").replace('»', " CLOSE ");
    assert_eq!(expand(definition, input), tokens(&expected).to_string(), "{definition} on {input}");
}

#[track_caller]
fn no_match(definition: &str, input: &str) {
    let result = try_expand(definition, input);
    assert!(matches!(result, Err(ExpandError::NoMatch)), "{definition} on {input}: {result:?}");
}

#[track_caller]
fn malformed(definition: &str) {
    let result = MacroRules::parse(tokens(definition));
    assert!(matches!(result, Err(ExpandError::Malformed { .. })), "{definition}: {result:?}");
}

#[test]
fn tokens_match_themselves_and_the_first_arm_wins() {
    let definition = "(a) => { 1 }; (a b) => { 2 }; (a $x:ident) => { 3 }; ($($t:tt)*) => { 4 };";
    check(definition, "a", "1");
    check(definition, "a b", "2");
    check(definition, "a c", "3");
    check(definition, "c", "4");
    check(definition, "", "4");
}

#[test]
fn each_fragment_specifier_takes_what_rustc_takes() {
    check("($x:ident) => [$x]", "r#type", "r#type");
    check("($x:ident) => [$x]", "fn", "fn");
    no_match("($x:ident) => [$x]", "_");
    no_match("($x:ident) => [$x]", "'a");
    check("($x:lifetime) => [$x]", "'a", "'a");
    check("($x:literal) => [$x]", "\"s\"", "«\"s\"»");
    check("($x:literal) => [$x]", "-1.5", "«-1.5»");
    check("($x:literal) => [$x]", "true", "«true»");
    no_match("($x:literal) => [$x]", "- x");
    check("($x:expr) => [$x]", "a + b * f(c)", "«a + b * f(c)»");
    check("($x:expr) => [$x]", "if a { b } else { c }", "«if a { b } else { c }»");
    check("($x:expr, $y:expr) => [$y, $x]", "|a, b| a, f::<A, B>()", "«f::<A, B>()», «|a, b| a»");
    check("($x:ty) => [$x]", "Vec<Vec<u8>>", "«Vec<Vec<u8>>»");
    check("($x:ty) => [$x]", "&'a mut dyn Fn(u8) -> u8", "«&'a mut dyn Fn(u8) -> u8»");
    check("($x:pat) => [$x]", "Some(1 | 2) | None", "«Some(1 | 2) | None»");
    check("($x:pat_param) => [$x]", "Some(..)", "«Some(..)»");
    no_match("($x:pat_param) => [$x]", "A | B");
    check("($x:path) => [$x]", "::a::b::C<D>", "«::a::b::C<D>»");
    check("($x:stmt) => [$x]", "let a: u8 = 1", "let a: u8 = 1");
    check(
        "($x:stmt; $y:stmt) => [$x; $y]",
        "let Some(a) = b else { return }; f(a)",
        "let Some(a) = b else { return }; «f(a)»",
    );
    check("($x:stmt) => [$x]", "use a::b;", "«use a::b;»");
    check("($x:block) => [$x]", "{ a; b }", "{ a; b }");
    check("($($x:item)*) => [$($x)*]", "pub fn f() {} struct S;", "«pub fn f() {}» «struct S;»");
    check("($x:meta) => [$x]", "derive(Debug, Clone)", "«derive(Debug, Clone)»");
    check("($x:meta) => [$x]", "a::b = 1 + 2", "«a::b = 1 + 2»");
    check("($x:meta) => [$x]", "unsafe(no_mangle)", "«unsafe(no_mangle)»");
    check("($x:tt) => [$x]", "(a b)", "(a b)");
    check("($x:tt) => [$x]", "..=", "..=");
    check("($x:tt) => [$x]", "'a", "'a");
    check("($($x:tt)*) => [$($x;)*]", "a::b => 'c", "a; :: ; b; => ; 'c;");
}

#[test]
fn a_visibility_may_be_empty() {
    let definition = "($v:vis struct $n:ident) => { $v struct $n; }";
    check(definition, "struct A", "struct A;");
    check(definition, "pub struct A", "«pub» struct A;");
    check(definition, "pub(crate) struct A", "«pub(crate)» struct A;");
    check(definition, "pub(in a::b) struct A", "«pub(in a::b)» struct A;");
    check("($v:vis $t:ty) => { $v $t }", "pub (A, B)", "«pub» «(A, B)»");
    check("($v:vis $t:ty) => { $v $t }", "(A, B)", "«(A, B)»");
    check("($($v:vis $n:ident),* $(,)?) => { $($v $n)* }", "a, pub b,", "a «pub» b");
}

#[test]
fn underscore_and_const_are_expressions_since_2024() {
    let definition = "($x:expr) => { expr }; ($($t:tt)*) => { other };";
    for (edition, expected) in [(2021, "other"), (2024, "expr")] {
        for input in ["_", "const { 1 }"] {
            let rules = MacroRules::parse_in(tokens(definition), edition, false, Digest::default()).unwrap();
            let krate = Ident::new("krate", Span::call_site());
            let output = rules.expand(tokens(input), &krate, &mut Budget { tokens: 9 }).unwrap();
            assert_eq!(output.to_string(), expected, "{input} in {edition}");
        }
    }
    check("($x:expr_2021) => { expr }; (_) => { other };", "_", "other");
}

#[test]
fn a_pat_is_all_alternatives_unless_the_macro_is_older_or_takes_the_bars_itself() {
    check("($($p:pat)|+ => $e:expr) => { [$($p),+] $e }", "A | B => 1", "[«A», «B»] «1»");
    check("($p:pat => $e:expr) => { $p $e }", "A | B => 1", "«A | B» «1»");
    let rules = MacroRules::parse_in(tokens("($p:pat) => { $p }"), 2018, false, Digest::default()).unwrap();
    let krate = Ident::new("krate", Span::call_site());
    assert!(rules.expand(tokens("A | B"), &krate, &mut Budget { tokens: 9 }).is_err());
}

#[test]
fn repetitions_take_separators_of_any_length() {
    check("($($a:ident),*) => { $($a)* }", "a, b, c", "a b c");
    no_match("($($a:ident),*) => { $($a)* }", "a, b,");
    check("($($a:ident),* $(,)?) => { $($a)* }", "a, b,", "a b");
    check("($($a:ident)=>*) => { $($a)-* }", "a => b => c", "a - b - c");
    no_match("($($a:ident)=>*) => { $($a)* }", "a = > b");
    check("($($a:ident);+ $(;)*) => { $($a),+ }", "a; b;;;", "a, b");
    check("($($a:ident)&&+) => { $($a)||+ }", "a && b", "a || b");
    no_match("($($a:ident)+) => { $($a)* }", "");
    check("($($a:ident)?) => { [$($a)?] }", "", "[]");
    check("($($a:ident)? b) => { [$($a)?] }", "a b", "[a]");
    check("($($a:ident)then*) => { $($a)and* }", "a then b", "a and b");
    check("($($a:lifetime)+*) => { $($a),* }", "'a *", "'a");
}

#[test]
fn a_separator_and_an_optional_end_may_look_alike() {
    check("(A $(, $a:tt $(,)?)*) => { [$($a)*] }", "A, b, c,", "[b c]");
    check("(A $(, $a:tt $(,)?)*) => { [$($a)*] }", "A, b,, c", "[b c]");
    check("($($a:expr),* $(,)?) => { [$($a),*] }", "1, 2,", "[«1», «2»]");
    check("($($k:expr => $v:expr),* $(,)?) => { $(($k, $v))* }", "1 => 2, 3 => 4,", "(«1», «2») («3», «4»)");
    check("($first:expr $(, $rest:expr)* $(,)?) => { $first $(; $rest)* }", "a, b, c,", "«a»; «b»; «c»");
    check("($($a:ident $(= $e:expr)?),* ; $b:ident) => { $($a $($e)?)* $b }", "a, b = 1; c", "a b «1» c");
    check("($(#[$m:meta])* $a:ident) => { $(#[$m])* $a }", "#[x] #[y(z)] a", "#[«x»] #[«y(z)»] a");
}

#[test]
fn repetitions_nest_and_turn_in_lockstep() {
    let definition = "($($n:ident { $($f:ident : $t:ty),* $(,)? })*) => { $(struct $n { $($f: $t,)* } [$($n $f)*])* }";
    check(
        definition,
        "A { x: u8, y: Vec<u8>, } B { } C { z: i8 }",
        "struct A { x: «u8», y: «Vec<u8>», } [A x A y] struct B {} [] struct C { z: «i8», } [C z]",
    );
    check("($($a:ident)* ; $($b:ident)*) => { $($a $b),* }", "a b ; c d", "a c, b d");
    check("($x:ident ; $($b:ident)*) => { $($x $b),* }", "x ; c d", "x c, x d");
    check("($($($($a:ident)*);*),*) => { $([$({$($a)*})*])* }", "a b; c, d", "[{a b} {c}] [{d}]");
    check("($( ($($a:tt)*) )*) => { $($($a)*)* }", "(a b) () (c)", "a b c");
}

#[test]
fn variables_that_disagree_are_an_error() {
    let result = try_expand("($($a:ident)* ; $($b:ident)*) => { $($a $b),* }", "a b ; c");
    assert!(matches!(result, Err(ExpandError::Repetition { .. })), "{result:?}");
    let result = try_expand("($($a:ident)*) => { $a }", "a b");
    assert!(matches!(result, Err(ExpandError::Repetition { .. })), "{result:?}");
    let result = try_expand("($a:ident) => { $($a)* }", "a");
    assert!(matches!(result, Err(ExpandError::Repetition { .. })), "{result:?}");
}

#[test]
fn fragments_stay_whole_when_they_are_handed_on() {
    let twice = |first: &str, second: &str, input: &str| -> Result<String, ExpandError> {
        let krate = Ident::new("krate", Span::call_site());
        let mut budget = Budget { tokens: 1000 };
        let inner = MacroRules::parse(tokens(first))?.expand(tokens(input), &krate, &mut budget)?;
        Ok(shape(MacroRules::parse(tokens(second))?.expand(inner, &krate, &mut budget)?))
    };
    // Opaque: none of the tokens inside can be matched by themselves.
    let arms = "(1 + 2) => { tokens }; ($a:literal + $b:literal) => { literals }; ($t:tt) => { tree };";
    assert_eq!(twice("($e:expr) => { $e }", arms, "1 + 2").unwrap(), "tree");
    assert_eq!(twice("($e:tt) => { $e }", "(a) => { yes }; ($e:expr) => { no };", "a").unwrap(), "yes");
    assert_eq!(twice("($e:expr) => { $e }", "(a) => { no }; ($e:expr) => { yes };", "a").unwrap(), "yes");
    // And they fit where the same fragment is asked for, with no second wrapping.
    for (kind, input) in [
        ("expr", "1 + 2"),
        ("ty", "Vec<u8>"),
        ("pat", "A | B"),
        ("path", "a::B<C>"),
        ("stmt", "f(x)"),
        ("block", "{ x }"),
        ("item", "fn f() {}"),
        ("meta", "cfg(test)"),
        ("vis", "pub(crate)"),
        ("literal", "-1"),
        ("tt", "(x)"),
    ] {
        let definition = format!("($x:{kind} $(;)?) => {{ $x ; }}");
        let (once, again) =
            (expand(&definition, &format!("{input} ;")), twice(&definition, &definition, &format!("{input} ;")));
        assert_eq!(again.unwrap(), once, "{kind}");
    }
    let product = twice("($e:expr) => { $e * 3 }", "($e:expr) => { $e }", "1 + 2").unwrap();
    assert_eq!(product, tokens("OPEN OPEN 1 + 2 CLOSE * 3 CLOSE").to_string());
    assert_eq!(twice("($e:expr) => { $e }", "($l:literal) => { yes }", "-1").unwrap(), "yes");
    assert!(twice("($e:expr) => { $e }", "($l:literal) => { yes }", "1 + 1").is_err());
    assert!(twice("($e:expr) => { $e }", "($b:block) => { yes }", "1 + 1").is_err());
}

#[test]
fn a_type_in_front_of_a_path_reads_as_an_expression_too() {
    let expansion = try_expand("($t:ty) => { $t::new() }", "Vec<Option<u8>>").unwrap();
    let call: syn::ExprCall = syn::parse2(expansion).unwrap();
    let path = match *call.func {
        syn::Expr::Path(path) => path.path,
        _ => panic!("not a path"),
    };
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    assert_eq!(names, ["Vec", "new"]);
    assert!(syn::parse2::<syn::Type>(try_expand("($t:ty) => { $t::Item }", "Vec<Option<u8>>").unwrap()).is_ok());
    assert!(syn::parse2::<syn::Expr>(try_expand("($t:ty) => { <$t>::new() }", "[u8; 4]").unwrap()).is_ok());
}

#[test]
fn dollar_crate_is_what_the_caller_says() {
    check("() => { $crate::f() }", "", "the_crate::f()");
    check("($($a:ident)*) => { $($crate::$a;)* }", "a b", "the_crate::a; the_crate::b;");
    check(
        "($x:ident) => { macro_rules! m { () => { $crate::$x } } }",
        "a",
        "macro_rules! m { () => { the_crate::a } }",
    );
}

#[test]
fn names_that_the_macro_does_not_know_are_left_alone() {
    check(
        "($name:ident) => { macro_rules! $name { ($x:expr) => { $x + 1 }; } }",
        "inner",
        "macro_rules! inner { ($x:expr) => { $x + 1 }; }",
    );
    check(
        "($d:tt $n:ident) => { macro_rules! $n { ($d($d x:expr),*) => { $d($d x)* } } }",
        "$ inner",
        "macro_rules! inner { ($($x:expr),*) => { $($x)* } }",
    );
    check("() => { $($x),* }", "", "$($x),*");
    check("() => { $$x }", "", "$x");
}

#[test]
fn metavariable_expressions_count_and_skip() {
    check("($($a:ident)*) => { ${count($a)} }", "a b c", "3");
    check("($($($a:ident)*),*) => { ${count($a)} ${count($a, 0)} }", "a b, c", "3 2");
    check("($($a:ident)*) => { $(${ignore($a)} x)* }", "a b", "x x");
    check("($($a:ident)*) => { $($a = ${index()} / ${len()};)* }", "a b", "a = 0 / 2; b = 1 / 2;");
    check("($a:ident) => { fn ${concat(get_, $a)}() {} }", "x", "fn get_x() {}");
}

#[test]
fn a_dollar_sign_at_the_end_of_a_group_is_a_token() {
    check("[$] => { dollar }; [$t:tt] => { $t };", "$", "dollar");
    check("[$] => { dollar }; [$t:tt] => { $t };", "#", "#");
}

#[test]
fn malformed_definitions_are_refused() {
    for definition in [
        "",
        "x",
        "() =>",
        "() -> {}",
        "() => {} () => {}",
        "($x) => {}",
        "($x:) => {}",
        "($x:thing) => {}",
        "($ + 1) => {}",
        "($(a)) => {}",
        "($(a),) => {}",
        "($()*) => {}",
        "($($(a)*)*) => {}",
        "($($v:vis)*) => {}",
    ] {
        malformed(definition);
    }
}

#[test]
fn doc_comments_in_patterns_are_ignored() {
    check("(/** what it takes */ $x:ident) => { $x }", "a", "a");
}

#[test]
fn both_forms_of_a_declarative_macro_2_are_read() {
    check("($x:expr) { f($x) }", "1", "f(«1»)");
    check("($x:ident) => { a }, ($x:expr) => { b }", "1 + 1", "b");
}

#[test]
fn tokens_keep_the_places_that_they_were_written_at() {
    let output = try_expand("($x:ident) =>\n { own $x }", "\n\n  given").unwrap();
    let lines: Vec<usize> = output.into_iter().map(|tree| tree.span().start().line).collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn growth_ends_with_the_budget() {
    let rules = MacroRules::parse(tokens("($($t:tt)*) => { m! { $($t)* $($t)* } }")).unwrap();
    let krate = Ident::new("krate", Span::call_site());
    let mut budget = Budget { tokens: 10_000 };
    let mut input = tokens("x");
    let error = loop {
        match rules.expand(input, &krate, &mut budget) {
            Ok(output) => match output.into_iter().last() {
                Some(TokenTree::Group(group)) => input = group.stream(),
                other => panic!("{other:?}"),
            },
            Err(error) => break error,
        }
    };
    assert!(matches!(error, ExpandError::TooLarge), "{error}");
    assert_eq!(budget.tokens, 0);
}

#[test]
fn empty_turns_are_paid_for_too() {
    let rules = MacroRules::parse(tokens("($($a:tt)* ; $($b:tt)*) => { $(${ignore($a)})* }")).unwrap();
    let krate = Ident::new("krate", Span::call_site());
    let input = tokens(&format!("{};", "a ".repeat(100)));
    assert!(matches!(rules.expand(input, &krate, &mut Budget { tokens: 50 }), Err(ExpandError::TooLarge)));
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    let deep = format!("{}x{}", "(".repeat(5000), ")".repeat(5000));
    assert!(matches!(try_expand("($x:expr) => { $x }", &deep), Err(ExpandError::TooDeep)));
    let hostile = || {
        for (chain, close) in [
            ("!", ""),
            ("&", ""),
            ("- ", ""),
            ("return ", ""),
            ("a = ", ""),
            ("|x| ", ""),
            ("Box<", ""),
            ("a + ", ""),
            ("*const ", ""),
            ("..", ""),
            ("'a: ", ""),
            ("a.b().", ""),
            ("a::<", ">"),
            ("if a {} else ", ""),
            ("(!", ")"),
            ("[&", "]"),
            ("{-", "}"),
            ("f(|| ", ")"),
            ("fn f() { ", "}"),
            ("fn(", ")"),
        ] {
            for kind in ["expr", "ty", "pat", "stmt", "item", "path"] {
                for count in [70, 100, 150, 5000] {
                    let input = format!("{}x{}", chain.repeat(count), close.repeat(count));
                    let _ = try_expand(&format!("($x:{kind}) => {{ $x }}"), &input);
                }
            }
        }
    };
    // What a process's main thread has, less what its callers need.
    let thread = std::thread::Builder::new().stack_size(6 << 20).spawn(hostile);
    assert!(thread.unwrap().join().is_ok());
    let wrap = MacroRules::parse(tokens("($($t:tt)*) => { [$($t)*] }")).unwrap();
    let krate = Ident::new("krate", Span::call_site());
    let mut input = tokens("x");
    for _ in 0..500 {
        match wrap.expand(input, &krate, &mut Budget { tokens: 10_000 }) {
            Ok(output) => input = output,
            Err(error) => return assert!(matches!(error, ExpandError::TooDeep), "{error}"),
        }
    }
    panic!("nesting had no end");
}

#[test]
fn a_pattern_of_many_options_does_not_explode() {
    let options = "$(a)? ".repeat(200);
    check(&format!("({options}) => {{ yes }}"), &"a ".repeat(100), "yes");
    no_match(&format!("({options}) => {{ yes }}"), &"a ".repeat(201));
}

#[test]
fn long_input_takes_time_in_proportion() {
    let started = std::time::Instant::now();
    let list = (0..20_000).map(|i| format!("{i} + {i},")).collect::<String>();
    let krate = Ident::new("krate", Span::call_site());
    let rules = MacroRules::parse(tokens("($($x:expr),* $(,)?) => { [$($x),*] }")).unwrap();
    let output = rules.expand(tokens(&list), &krate, &mut Budget { tokens: 1_000_000 }).unwrap();
    assert_eq!(output.into_iter().count(), 1);
    // Unoptimized it is well under a second; quadratic, it would be minutes.
    assert!(started.elapsed().as_secs() < 20);
}

#[test]
fn macros_that_a_definition_with_inner_ones_calls_are_of_its_crate() {
    let definition =
        "($($x:tt)*) => { inner! { $($x)* } a::other!(1) if a != (b) { return !(c) } macro_rules! d { () => {} } }";
    let rules = MacroRules::parse_in(tokens(definition), 2021, true, Digest::default()).unwrap();
    let krate = proc_macro2::Ident::new("krate", proc_macro2::Span::call_site());
    let made = rules.expand(tokens("mine!(2)"), &krate, &mut Budget { tokens: 1000 }).unwrap();
    let expected = "krate::inner! { mine!(2) } a::other!(1) if a != (b) { return !(c) } macro_rules! d { () => {} }";
    assert_eq!(made.to_string(), tokens(expected).to_string());
}
