//! What a mangled name (Rust's v0 scheme, RFC 2603) says of a function: the crate that defines it, and its path as people
//! write it.

use std::fmt;

/// A crate as symbols name it: two builds of one crate differ in the second part.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CrateRoot {
    /// Its name in code.
    pub name: String,
    /// The compiler's hash for this build of it.
    pub disambiguator: String,
}

impl fmt::Display for CrateRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The crate that defines the function: for a method, the crate of its impl.
///
/// `None` for a trait's default method, whose symbol begins with the type that it was instantiated for, and for a symbol
/// that isn't Rust's.
pub fn defining_crate(symbol: &str) -> Option<CrateRoot> {
    let mut rest = symbol.strip_prefix("_R")?;
    loop {
        let mut chars = rest.chars();
        match chars.next()? {
            'I' => rest = chars.as_str(),
            'N' => {
                chars.next()?;
                rest = chars.as_str();
            }
            'M' | 'X' => rest = disambiguator(chars.as_str())?.1,
            'C' => {
                let (disambiguator, rest) = disambiguator(chars.as_str())?;
                let digits = rest.find(|c: char| !c.is_ascii_digit())?;
                let length: usize = rest[..digits].parse().ok()?;
                let name = rest[digits..].strip_prefix('_').unwrap_or(&rest[digits..]);
                let name = name.get(..length)?.to_owned();
                return Some(CrateRoot { name, disambiguator: disambiguator.to_owned() });
            }
            _ => return None,
        }
    }
}

/// Whether the symbol is a trait's default method, instantiated for a type.
pub fn is_provided_method(symbol: &str) -> bool {
    let path = symbol.trim_start_matches("_R").trim_start_matches('I');
    path.strip_prefix("Nv").is_some_and(|path| path.starts_with('Y'))
}

/// Whether a function or a closure is around it, as far as the symbol tells: a module may have the path of one.
pub fn is_inside_function(symbol: &str) -> bool {
    let Some(mut rest) = symbol.strip_prefix("_R") else { return true };
    let mut is_itself = true;
    loop {
        rest = rest.trim_start_matches('I');
        let mut chars = rest.chars();
        match (chars.next(), chars.clone().next()) {
            (Some('N'), Some('v' | 'C')) if !is_itself => return true,
            (Some('N'), Some(_)) => rest = &rest[2..],
            (Some('M' | 'X'), _) => match disambiguator(chars.as_str()) {
                Some((_, path)) => rest = path,
                None => return true,
            },
            (Some('C'), _) => return false,
            _ => return true,
        }
        is_itself = false;
    }
}

fn disambiguator(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('s') {
        Some(rest) => rest.split_once('_'),
        None => Some(("", text)),
    }
}

/// The path of a symbol in the short form of [`short`].
pub fn path(symbol: &str) -> String {
    let path = format!("{:#}", rustc_demangle::demangle(symbol));
    let segments = segments_of(&path);
    // The compiler writes a type's own brackets first, and those of a turbofish anywhere else.
    let plain = segments.iter().enumerate().filter(|(at, segment)| *at == 0 || !segment.starts_with('<'));
    short(&plain.map(|(_, segment)| *segment).collect::<Vec<_>>().join("::"))
}

/// A path with what analysis and compiler write alike: `Type::method`, `<Type as Trait<Arg>>::method`, `module::function`.
/// Modules, lifetimes and spaces are left out.
pub fn short(path: &str) -> String {
    let mut segments: Vec<String> = Vec::new();
    for segment in segments_of(path) {
        if segment.starts_with('{') {
            continue;
        }
        match segment.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')) {
            Some(inner) => {
                segments.clear();
                let of_trait = split_as(inner);
                segments.push(match of_trait {
                    Some((ty, of)) => {
                        let (ty, of) = (names(ty), names(of));
                        // The compiler leaves out an argument that is the trait's default, which is `Self` where there is one.
                        let of = of.strip_suffix(&format!("<{ty}>")).unwrap_or(&of).to_owned();
                        format!("<{ty} as {of}>")
                    }
                    None => head(&names(inner)).to_owned(),
                });
            }
            None => {
                // The analysis tells two crates of one name apart: `name(test)`.
                let segment = head(segment);
                let bare =
                    if segment.starts_with('(') { segment } else { segment.split('(').next().unwrap_or(segment) };
                segments.push(bare.to_owned());
            }
        }
    }
    let from = segments.len().saturating_sub(2);
    let from = segments.iter().rposition(|segment| segment.starts_with('<')).unwrap_or(from);
    segments[from..].join("::")
}

/// The type of `<Type>::method` as the compiler writes it, its arguments included.
pub fn own_type(path: &str) -> Option<String> {
    let inner = segments_of(path).first()?.strip_prefix('<')?.strip_suffix('>')?;
    split_as(inner).is_none().then(|| names(inner))
}

/// `Trait<Arg>` of the short path `<Type as Trait<Arg>>::method`.
pub fn trait_of(short: &str) -> Option<&str> {
    let (inner, _) = short.strip_prefix('<')?.rsplit_once(">::")?;
    Some(split_as(inner)?.1)
}

/// The type of `<impl<T> Type<T> where ..>::method`, as the analysis tells impls of one type apart.
pub fn header(path: &str) -> Option<String> {
    let found = segments_of(path).into_iter().find_map(|segment| segment.strip_prefix("<impl")?.strip_suffix('>'))?;
    let ty = match found.starts_with('<') {
        true => found.get(closed(found)? + 1..)?,
        false => found,
    };
    let ty = ty.split(" where ").next()?.trim();
    split_as(ty).is_none().then(|| names(ty))
}

/// Where the bracket closes that a text begins with.
fn closed(text: &str) -> Option<usize> {
    let mut depth = 0_i32;
    text.char_indices()
        .map(|(at, c)| {
            match c {
                '<' | '(' | '[' => depth += 1,
                '>' if text[..at].ends_with('-') => {}
                '>' | ')' | ']' => depth -= 1,
                _ => {}
            }
            (at, depth)
        })
        .find(|(_, depth)| *depth == 0)
        .map(|(at, _)| at)
}

/// The same with all generic arguments left out: `<Type as Trait>::method`.
pub fn heads(short: &str) -> String {
    match short.strip_prefix('<').and_then(|rest| rest.rsplit_once(">::")) {
        Some((inner, name)) => match split_as(inner) {
            Some((ty, of)) => format!("<{} as {}>::{name}", head(ty), head(of)),
            None => format!("<{}>::{name}", head(inner)),
        },
        None => short.to_owned(),
    }
}

/// Whether `instance` may come from the impl whose header is `generic`: a name that isn't the instance's stands for any type if
/// `is_parameter` says so. Both are short paths.
pub fn may_be(generic: &str, instance: &str, is_parameter: &dyn Fn(&str) -> bool) -> bool {
    let (generic, instance) = (tokens(generic), tokens(instance));
    fits(&generic, &instance, is_parameter)
}

/// How much of a short path is the same in every instance: of several that fit, the one with most is meant.
pub fn concrete(generic: &str, is_parameter: &dyn Fn(&str) -> bool) -> usize {
    tokens(generic).into_iter().filter(|token| !is_parameter(token)).count()
}

fn fits(generic: &[&str], instance: &[&str], is_parameter: &dyn Fn(&str) -> bool) -> bool {
    let Some((first, rest)) = generic.split_first() else { return instance.is_empty() };
    // The source leaves out arguments that are the parameters' defaults, the compiler writes them.
    if let (">", Some(&",")) = (*first, instance.first()) {
        return closing(instance).is_some_and(|end| fits(generic, &instance[end..], is_parameter));
    }
    let same = instance.first() == Some(first) && fits(rest, &instance[1..], is_parameter);
    // A macro that makes a type stands for any as well.
    let rest = match rest {
        ["!", "(", rest @ ..] if !same => {
            rest.iter().position(|token| *token == ")").map_or(rest, |end| &rest[end + 1..])
        }
        _ if same || !is_parameter(first) => return same,
        _ => rest,
    };
    let mut depth = 0_i32;
    for (at, token) in instance.iter().enumerate() {
        match *token {
            "<" | "(" | "[" => depth += 1,
            ">" | ")" | "]" => depth -= 1,
            // A type goes as far as its list lets it.
            "," if depth == 0 => return false,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
        if depth == 0 && fits(rest, &instance[at + 1..], is_parameter) {
            return true;
        }
    }
    false
}

/// Where the list ends in whose midst these tokens begin.
fn closing(tokens: &[&str]) -> Option<usize> {
    let mut depth = 0_i32;
    tokens.iter().position(|token| {
        match *token {
            "<" | "(" | "[" => depth += 1,
            ">" | ")" | "]" => depth -= 1,
            _ => {}
        }
        depth < 0
    })
}

fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            '-' if rest.starts_with("->") => 2,
            _ => first.len_utf8(),
        };
        if first != ' ' {
            out.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    out
}

fn head(text: &str) -> &str {
    match text.find('<') {
        Some(at) if at > 0 => &text[..at],
        _ => text,
    }
}

/// Splits at `::` outside of brackets.
fn segments_of(path: &str) -> Vec<&str> {
    let (mut depth, mut start, mut segments) = (0_i32, 0, Vec::new());
    let bytes = path.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'<' | b'(' | b'[' | b'{' => depth += 1,
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' | b')' | b']' | b'}' => depth -= 1,
            b':' if depth == 0 && bytes.get(at + 1) == Some(&b':') => {
                segments.push(&path[start..at]);
                at += 1;
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    segments.push(&path[start..]);
    segments.retain(|segment| !segment.is_empty());
    segments
}

fn split_as(inner: &str) -> Option<(&str, &str)> {
    let mut depth = 0_i32;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'<' | b'(' | b'[' => depth += 1,
            b'>' if inner.as_bytes()[at - 1] == b'-' => {}
            b'>' | b')' | b']' => depth -= 1,
            b' ' if depth == 0 && inner[at..].starts_with(" as ") => return Some((&inner[..at], &inner[at + 4..])),
            _ => {}
        }
    }
    None
}

/// Every path cut to its last name; lifetimes and spaces left out.
fn names(text: &str) -> String {
    let mut out = String::new();
    let mut word = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' {
            while chars.peek().is_some_and(|c| c.is_alphanumeric() || *c == '_') {
                chars.next();
            }
            if chars.peek() == Some(&',') {
                chars.next();
            }
        } else if c == ':' && chars.peek() == Some(&':') {
            chars.next();
            // `Type::<T>` is `Type<T>`.
            if chars.peek() != Some(&'<') {
                out.truncate(word);
            }
        } else if c.is_alphanumeric() || c == '_' {
            out.push(c);
        } else {
            if c != ' ' {
                out.push(c);
            } else if out.ends_with("mut") || out.ends_with("dyn") || out.ends_with("const") {
                out.push(' ');
            }
            word = out.len();
        }
    }
    out.replace("<>", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defining_crate_of_a_method_is_that_of_its_impl() {
        let of = |symbol| defining_crate(symbol).map(|root| root.name);
        let inherent = "_RINvMNtCs5OYHjkZc4fP_10handlebars7contextNtB3_7Context5wrapsNtNtB3_4test6PersonEB5_";
        assert_eq!(of(inherent).as_deref(), Some("handlebars"));
        let foreign = "_RNvXsZ_NtCsjrHSEGnQ3l9_3std7processuNtB5_11Termination6reportCs5OYHjkZc4fP_10handlebars";
        assert_eq!(of(foreign).as_deref(), Some("std"));
        assert_eq!(of("_RNvYNtCs1_1a1TNtCs2_1b1U1m"), None);
        assert_eq!(of("main"), None);
    }

    #[test]
    fn what_stands_in_a_module_is_told_from_what_stands_in_a_function_of_that_path() {
        assert!(is_inside_function("_RNCNvNtCs1_1a4load5parse0"));
        assert!(is_inside_function("_RNvNvNtCs1_1a4load5parse5inner"));
        assert!(is_inside_function("_RNCNCINvNtCs1_1a4load5parsemE00"));
        assert!(is_inside_function("_RNCINvNtCs1_1a4load5parsemE0"));
        assert!(!is_inside_function("_RNvNtNtCs1_1a4load5parse5inner"));
        assert!(!is_inside_function("_RINvNtNtCs1_1a4load5parse5innermE"));
        assert!(!is_inside_function("_RNvMs_NtNtCs1_1a4load5parseNtB2_6Parser4path"));
        assert!(is_inside_function("_RNvMs_NvNtCs1_1a4load5parseNtB2_6Parser4path"));
    }

    #[test]
    fn analysis_and_compiler_come_to_the_same_short_path() {
        for (left, right) in [
            ("num::big::<&'a Big as Add<u8>>::add", "<&num::big::Big as core::ops::arith::Add<u8>>::add"),
            ("num::Big::new", "<num::Big>::new"),
            ("num::Stack<T>::push", "<num::Stack<u8>>::push::{closure#0}"),
            ("num::<Stack::<u8> as Drop>::drop", "<num::Stack<u8> as core::ops::drop::Drop>::drop"),
        ] {
            assert_eq!(short(left), short(right), "{left}");
        }
        assert!(may_be("<&G as Visit>::at", "<&&Graph<u8, (u8, u8)> as Visit>::at", &|name| name == "G"));
        assert!(may_be("<Base<O<A>> as From<A>>::from", "<Base<O<u8>,Dim<u8>> as From<u8>>::from", &|name| name == "A"));
        assert!(!may_be("<&G as Visit>::at", "<Graph<u8> as Visit>::at", &|name| name == "G"));
        let several = "nd::zip::<impl<D, P: Into<D>> Zip<(P, D), D> where D: Dim>::and";
        assert_eq!(header(several).as_deref(), Some("Zip<(P,D),D>"));
        assert_eq!(own_type("<nd::Zip<(u8, u16), u16>>::and::<u8>").as_deref(), Some("Zip<(u8,u16),u16>"));
        assert_eq!(trait_of("<Map<K,V> as Index<(Bound<u8>,u8)>>::index"), Some("Index<(Bound<u8>,u8)>"));
        assert_eq!(heads("<&Big as Add<u8>>::add"), "<&Big as Add>::add");
    }
}
