use super::*;

fn heads(text: &str) -> Vec<String> {
    let mut symbols = Symbols::new();
    let file = file(text, &mut symbols).unwrap_or_else(|error| panic!("{error:?} in {text}"));
    file.heads.iter().map(|head| symbols.text(*head).to_owned()).collect()
}

#[test]
fn a_package_is_named_where_a_path_begins() {
    for text in [
        "fn f() { log::info(1) }",
        "fn f() { println!(\"{}\", log::level()) }",
        "fn f(x: log::Level) {}",
        "fn f() { ::log::flush() }",
        "fn f<T: log::Log>() {}",
        "impl log::Log for u8 {}",
        "type A = <u8 as log::Log>::Level;",
        "#[derive(log::Log)] struct S;",
        "#[log::logged] fn f() {}",
        "log::declare!();",
        "use log;",
        "use {log as l, std::fmt};",
        "use log::{self, Log};",
        "use log::*;",
        "extern crate log;",
        "fn f() { use log::Log; }",
        "mod m { fn f(x: Option<log::Level>) {} }",
    ] {
        assert_eq!(heads(text), ["log"], "{text}");
    }
}

#[test]
fn what_only_has_the_name_of_a_package_names_none() {
    for text in [
        "fn f() { let log = 1; g(log) }",
        "fn f(log: u8) -> u8 { log }",
        "fn log() {}",
        "fn f(s: S) { s.log.log() }",
        "mod log;",
        "fn f() { log!(1) }",
        "fn f() { std::mem::swap(Log::a(), crate::log()) }",
        "use crate::log;",
        "use self::log::x;",
    ] {
        assert_eq!(heads(text), [""; 0], "{text}");
    }
}
