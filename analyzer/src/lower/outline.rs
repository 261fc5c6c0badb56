//! Cuts the bodies of functions and the values of constants out of a text, so that what a file declares is read without
//! reading what it does.
//!
//! It knows strings, comments, groups and macro calls, and no more syntax than it takes to find where a signature ends. What
//! it isn't sure of it leaves as it stands: a text that can't be cut is read whole.

/// What the number of a body ends with: no literal of the language does.
pub(super) const SUFFIX: &str = "body";

/// What stands for the value of a constant.
const VALUE: &str = "0_value";

/// A value that is shorter stays.
const SHORT: usize = 64;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A text without the bodies of its functions and without the values of its constants.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outline<'t> {
    /// Each body is a block that holds its number, each value that isn't short is a number. There are no comments.
    pub(super) text: String,
    pub(super) bodies: Vec<&'t str>,
}

/// Cuts a text; `None` if its groups don't match.
pub(super) fn outline(text: &str) -> Option<Outline<'_>> {
    let mut cutter =
        Cutter { text, bytes: text.as_bytes(), at: 0, copied: 0, last: 0, out: String::new(), bodies: Vec::new() };
    cutter.out.reserve(text.len() / 2);
    while cutter.at < cutter.bytes.len() {
        cutter.token()?;
    }
    cutter.copy_to(text.len());
    Some(Outline { text: cutter.out, bodies: cutter.bodies })
}

/// Cuts what a macro made; its bodies are lost.
pub(super) fn cut(tokens: TokenStream) -> TokenStream {
    let (mut out, mut signature) = (Vec::new(), Signature::None);
    for tree in tokens {
        out.push(match tree {
            TokenTree::Group(group) if signature == Signature::Open(0) && is_block(&group) => {
                signature = Signature::None;
                TokenTree::Group(Group::new(Delimiter::Brace, number(0)))
            }
            TokenTree::Group(group) if matches!(group.delimiter(), Delimiter::Brace | Delimiter::None) => {
                TokenTree::Group(Group::new(group.delimiter(), cut(group.stream())))
            }
            tree => {
                signature = signature.after(&tree);
                tree
            }
        });
    }
    out.into_iter().collect()
}

fn number(of: usize) -> TokenStream {
    format!("{of}_{SUFFIX}").parse().unwrap_or_default()
}

/// A block, also one that a macro was given as a fragment.
fn is_block(group: &Group) -> bool {
    match group.delimiter() {
        Delimiter::Brace => true,
        Delimiter::None => {
            let mut inside = group.stream().into_iter();
            matches!((inside.next(), inside.next()), (Some(TokenTree::Group(group)), None) if is_block(&group))
        }
        _ => false,
    }
}

/// Where in the signature of a function a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signature {
    None,
    /// After `fn`.
    Begun,
    /// After its name, so deep in `<..>`.
    Open(u32),
    /// The same, and after half an arrow.
    Arrow(u32),
}

impl Signature {
    fn after(self, tree: &TokenTree) -> Signature {
        let byte = match tree {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match (self, byte) {
            (_, ';') => Signature::None,
            (Signature::None | Signature::Begun, _) => match (self, tree) {
                (_, TokenTree::Ident(ident)) if ident == "fn" => Signature::Begun,
                (Signature::Begun, TokenTree::Ident(_)) => Signature::Open(0),
                // `fn $name`, where the name is a fragment.
                (Signature::Begun, TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
                    Signature::Open(0)
                }
                _ => Signature::None,
            },
            (Signature::Open(depth), '-' | '=') => Signature::Arrow(depth),
            (Signature::Open(depth), '>') => Signature::Open(depth.saturating_sub(1)),
            (Signature::Open(depth) | Signature::Arrow(depth), '<') => Signature::Open(depth + 1),
            (Signature::Open(depth) | Signature::Arrow(depth), _) => Signature::Open(depth),
        }
    }
}

struct Cutter<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Up to here the text is copied, or left out.
    copied: usize,
    /// What the last token began with.
    last: u8,
    out: String,
    bodies: Vec<&'t str>,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl<'t> Cutter<'t> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn copy_to(&mut self, end: usize) {
        self.out.push_str(&self.text[self.copied..end]);
        self.copied = end;
    }

    /// Goes past one token at the level of items.
    fn token(&mut self) -> Option<()> {
        let byte = self.byte(self.at);
        if byte == b'#' && (self.byte(self.at + 1) == b'[' || self.bytes[self.at + 1..].starts_with(b"![")) {
            // The input of an attribute may hold anything.
            self.at += if self.byte(self.at + 1) == b'[' { 1 } else { 2 };
            return self.group();
        }
        // `*const T` and `<const N: usize>` declare nothing.
        let is_within = matches!(self.last, b'<' | b',' | b'*' | b'(' | b'&');
        let start = self.at;
        let word = self.word()?;
        if !byte.is_ascii_whitespace() && self.copied <= start {
            self.last = byte;
        }
        if word == "fn" {
            self.function()
        } else if matches!(word, "const" | "static") && !is_within {
            self.constant()
        } else if !word.is_empty() && self.next_is_bang() {
            self.macro_call()
        } else {
            Some(())
        }
    }

    /// Goes past one token, and answers it if it is a word.
    fn word(&mut self) -> Option<&'t str> {
        let start = self.at;
        match self.byte(start) {
            b'/' if self.byte(start + 1) == b'/' => {
                self.copy_to(start);
                self.at = self.text[start..].find('\n').map_or(self.text.len(), |len| start + len);
                self.copied = self.at;
            }
            b'/' if self.byte(start + 1) == b'*' => {
                self.copy_to(start);
                self.at = self.end_of_comment(start)?;
                self.out.push(' ');
                self.copied = self.at;
            }
            b'"' => self.at = self.end_of_string(start)?,
            b'\'' => self.at = self.end_of_quote(start)?,
            byte if is_word(byte) => {
                let len = self.bytes[start..].iter().take_while(|byte| is_word(**byte)).count();
                self.at = start + len;
                let word = &self.text[start..self.at];
                match (word, self.byte(self.at)) {
                    ("b" | "c", b'"') => self.at = self.end_of_string(self.at)?,
                    ("b", b'\'') => self.at = self.end_of_quote(self.at)?,
                    ("r" | "br" | "cr", b'"' | b'#') => self.raw()?,
                    _ => return Some(word),
                }
            }
            _ => self.at += 1,
        }
        Some("")
    }

    fn end_of_comment(&self, start: usize) -> Option<usize> {
        let (mut at, mut depth) = (start + 2, 1u32);
        while depth > 0 {
            let rest = self.bytes.get(at..)?;
            if rest.starts_with(b"/*") {
                (at, depth) = (at + 2, depth + 1);
            } else if rest.starts_with(b"*/") {
                (at, depth) = (at + 2, depth - 1);
            } else {
                at += 1;
                self.bytes.get(at)?;
            }
        }
        Some(at)
    }

    fn end_of_string(&self, start: usize) -> Option<usize> {
        let mut at = start + 1;
        loop {
            match self.bytes.get(at)? {
                b'"' => return Some(at + 1),
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
    }

    /// A character or a lifetime.
    fn end_of_quote(&self, start: usize) -> Option<usize> {
        let next = self.text.get(start + 1..)?.chars().next()?;
        if next == '\\' {
            let mut at = start + 3;
            while *self.bytes.get(at)? != b'\'' {
                at += 1;
            }
            return Some(at + 1);
        }
        let after = start + 1 + next.len_utf8();
        if self.byte(after) == b'\'' {
            return Some(after + 1);
        }
        // `'static` is no `static`.
        Some(start + 1 + self.bytes[start + 1..].iter().take_while(|byte| is_word(**byte)).count())
    }

    /// A raw string, or a raw identifier.
    fn raw(&mut self) -> Option<()> {
        let hashes = self.bytes[self.at..].iter().take_while(|byte| **byte == b'#').count();
        let open = self.at + hashes;
        if self.byte(open) != b'"' {
            // `r#fn` is a name like others.
            self.at = open + self.bytes[open..].iter().take_while(|byte| is_word(**byte)).count();
            return Some(());
        }
        let end = format!("\"{}", "#".repeat(hashes));
        self.at = open + 1 + self.text[open + 1..].find(&end)? + end.len();
        Some(())
    }

    fn next_is_bang(&self) -> bool {
        let rest = self.text[self.at..].trim_start();
        rest.starts_with('!') && !rest.starts_with("!=")
    }

    /// Goes past white space and comments.
    fn space(&mut self) -> Option<()> {
        while self.byte(self.at).is_ascii_whitespace() || matches!(&self.bytes[self.at..], [b'/', b'/' | b'*', ..]) {
            self.word()?;
        }
        Some(())
    }

    /// `name!{ .. }`, `macro_rules! name { .. }`: all of it stays.
    fn macro_call(&mut self) -> Option<()> {
        self.space()?;
        self.at += 1;
        self.space()?;
        if is_word(self.byte(self.at)) {
            self.word()?;
            self.space()?;
        }
        match self.byte(self.at) {
            b'(' | b'[' | b'{' => self.group(),
            _ => Some(()),
        }
    }

    /// Goes to the first such byte outside of groups and of `<..>`, or to where the item ends.
    fn to(&mut self, wanted: u8) -> Option<()> {
        let mut angles = 0i32;
        loop {
            let byte = *self.bytes.get(self.at)?;
            match byte {
                byte if byte == wanted && angles <= 0 => return Some(()),
                b'(' | b'[' | b'{' => self.group()?,
                b';' | b'}' | b')' => return Some(()),
                byte => {
                    let is_arrow = byte == b'>' && matches!(self.byte(self.at - 1), b'-' | b'=');
                    angles += i32::from(byte == b'<') - i32::from(byte == b'>' && !is_arrow);
                    self.word()?;
                }
            }
        }
    }

    /// Goes past a group that begins here.
    fn group(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            let byte = *self.bytes.get(self.at)?;
            match byte {
                b'(' => open.push(b')'),
                b'[' => open.push(b']'),
                b'{' => open.push(b'}'),
                b')' | b']' | b'}' if open.pop() != Some(byte) => return None,
                _ => {}
            }
            self.word()?;
            if open.is_empty() {
                return Some(());
            }
        }
    }

    /// From after `const` or `static` to the end of its value.
    fn constant(&mut self) -> Option<()> {
        self.space()?;
        let mut name = self.word()?;
        if name == "mut" {
            self.space()?;
            name = self.word()?;
        }
        self.space()?;
        if name.is_empty() || self.byte(self.at) != b':' {
            // `const fn`, whose name comes yet, or a constant block.
            self.at -= name.len();
            return Some(());
        }
        self.to(b'=')?;
        if self.byte(self.at) != b'=' {
            return Some(());
        }
        self.at += 1;
        let value = self.at;
        self.copy_to(value);
        let kept = self.out.len();
        while *self.bytes.get(self.at)? != b';' {
            self.tree()?;
        }
        if self.at - value > SHORT {
            self.out.truncate(kept);
            self.out.push_str(VALUE);
            self.copied = self.at;
        }
        Some(())
    }

    /// Goes past a group or one token.
    fn tree(&mut self) -> Option<()> {
        match *self.bytes.get(self.at)? {
            b'(' | b'[' | b'{' => self.group(),
            b')' | b']' | b'}' => None,
            _ => self.word().map(|_| ()),
        }
    }

    /// From after `fn` to the end of the function.
    fn function(&mut self) -> Option<()> {
        self.space()?;
        if !is_word(self.byte(self.at)) {
            // The type of a function pointer.
            return Some(());
        }
        self.to(b'{')?;
        if self.byte(self.at) != b'{' {
            return Some(());
        }
        let open = self.at;
        self.copy_to(open);
        // Comments in it stay in the body, and are nowhere else.
        let kept = self.out.len();
        self.group()?;
        self.out.truncate(kept);
        self.out.push_str(&format!("{{ {}_{SUFFIX} }}", self.bodies.len()));
        self.bodies.push(&self.text[open..self.at]);
        self.copied = self.at;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlined(text: &str) -> (String, Vec<&str>) {
        let Outline { text, bodies } = outline(text).expect("its groups match");
        (text.split_whitespace().collect::<Vec<_>>().join(" "), bodies)
    }

    #[test]
    fn bodies_are_cut_out_of_functions_wherever_they_stand() {
        let (text, bodies) =
            outlined("fn a(x: u8) -> u8 { x } impl T for X { fn b(&self) {} fn c(); } mod m { fn d() { {} } }");
        assert_eq!(
            text,
            "fn a(x: u8) -> u8 { 0_body } impl T for X { fn b(&self) { 1_body } fn c(); } mod m { fn d() { 2_body } }"
        );
        assert_eq!(bodies, ["{ x }", "{}", "{ {} }"]);
    }

    #[test]
    fn what_looks_like_a_body_and_is_none_stays() {
        for text in [
            "macro_rules! m { () => { fn a() { b } } }",
            "m! { fn a() { b } }",
            "#[m(fn a() { b })] struct A;",
            "const A: &str = \"fn a() { b }\";",
            "const A: &str = r#\"fn a() { \" b }\"#;",
            "type A = fn(u8) -> B;",
            "const A: char = '{'; struct B<'a>(&'a u8);",
            "struct r#fn { a: u8 }",
            "impl A for B where &'static str: C { fn a(); } type D = (E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E, E);",
        ] {
            assert_eq!(outlined(text), (text.to_owned(), vec![]));
        }
    }

    #[test]
    fn braces_in_a_signature_are_no_body() {
        let (text, bodies) = outlined("fn a<F: Fn() -> u8>(x: [u8; { 1 }]) -> A<{ N }> where F: Copy, { x }");
        assert_eq!(text, "fn a<F: Fn() -> u8>(x: [u8; { 1 }]) -> A<{ N }> where F: Copy, { 0_body }");
        assert_eq!(bodies, ["{ x }"]);
    }

    #[test]
    fn long_values_of_constants_are_cut_out() {
        let long = "1, ".repeat(40);
        for (before, after) in [
            ("pub const A: &[u8] =", "; fn"),
            ("impl A { const A: B<{ 1 }, C = D> =", "; }"),
            ("static mut A: [u8; 2] =", ";"),
        ] {
            let (text, _) = outlined(&format!("{before} &[{long}]{after}"));
            assert_eq!(text, format!("{before}0_value{after}"));
        }
        for text in [
            "fn a(b: *const C) {",
            "struct A<const N: usize = 1>; struct B {",
            "const fn a() {",
            "const A: u8 = 1; mod a {",
        ] {
            let text = format!("{text} {long} }}");
            assert!(!outlined(&text).0.contains("value"), "{text}");
        }
    }

    #[test]
    fn what_a_macro_made_is_cut_too() {
        for (before, after) in [
            ("impl A for B { fn a() -> u8 { x } fn b(); }", "impl A for B { fn a() -> u8 { 0_body } fn b(); }"),
            (
                "mod m { fn a<F: Fn() -> u8>() -> A<{ N }> { x } }",
                "mod m { fn a<F: Fn() -> u8>() -> A<{ N }> { 0_body } }",
            ),
            ("struct A { a: fn(u8) } enum B { C { d: u8 } }", "struct A { a: fn(u8) } enum B { C { d: u8 } }"),
        ] {
            let tokens = |text: &str| text.parse::<TokenStream>().expect("tokens").to_string();
            assert_eq!(cut(before.parse().expect("tokens")).to_string(), tokens(after));
        }
    }

    #[test]
    fn quotes_and_comments_in_a_body_hide_its_braces() {
        let (text, bodies) = outlined("fn a<'a>() { '}'; b'}'; '\\''; \"}\\\"\"; /* } /* } */ */ // }\n } fn b() {}");
        assert_eq!(text, "fn a<'a>() { 0_body } fn b() { 1_body }");
        assert_eq!(bodies.len(), 2);
    }

    #[test]
    fn comments_are_left_out_and_part_what_they_stood_between() {
        let (text, _) = outlined("/// One.\nstruct A; struct/**/B; fn /* a */ c( // d\n) {}");
        assert_eq!(text, "struct A; struct B; fn c( ) { 0_body }");
    }

    #[test]
    fn a_text_whose_groups_do_not_match_is_not_cut() {
        for text in ["fn a() {", "fn a() { ( }", "fn a() { \" }", "#[a"] {
            assert_eq!(outline(text), None, "{text}");
        }
    }
}
