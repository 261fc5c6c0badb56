//! Where a function stands: free, in an inherent impl, or in a trait or its impl.
//!
//! An attribute sees its item alone, but only where a sibling function is allowed may it add companions (E0407 else). So
//! the file is read from its start to the function's name, braces counted. Where that doesn't work (a function that a
//! macro made, an editor that hides the path), the answer is "unknown", and there are no companions unless asked for.

use proc_macro2::Span;

/// What a function is directly inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surroundings {
    /// A module or a block.
    Free,
    /// An impl without a trait.
    Inherent,
    /// A trait, or an impl of one.
    Trait,
    Unknown,
}

impl Surroundings {
    /// Of the function whose name has this span.
    pub(crate) fn of(name: &syn::Ident) -> Surroundings {
        Self::look(name.span(), &name.to_string()).unwrap_or(Surroundings::Unknown)
    }

    fn look(span: Span, name: &str) -> Option<Surroundings> {
        let span = span.unwrap();
        let text = std::fs::read_to_string(span.local_file()?).ok()?;
        let line = text.split_inclusive('\n').take(span.line().checked_sub(1)?).map(str::len).sum::<usize>();
        let rest = text.get(line..)?;
        let column = rest.char_indices().nth(span.column().checked_sub(1)?)?.0;
        // Not there: the file was saved meanwhile, or a macro made the name.
        rest.get(column..)?.starts_with(name).then(|| before(&text[..line + column]))
    }
}

/// Reads Rust up to a function's name.
fn before(text: &str) -> Surroundings {
    // What stands before each open bracket, from the last `;`, `{` or `}` on.
    let mut open: Vec<(char, String)> = Vec::new();
    let mut header = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = skip(rest);
        if skipped > 0 {
            header.push(' ');
            rest = rest.get(skipped..).unwrap_or("");
            continue;
        }
        match c {
            '{' | '(' | '[' => open.push((c, std::mem::take(&mut header))),
            '}' | ')' | ']' => match open.pop() {
                Some(('{', _)) => header.clear(),
                // Of `(..)` and `[..]` only what stands around them belongs to the header.
                Some((_, around)) => header = around + " ",
                None => return Surroundings::Unknown,
            },
            ';' => header.clear(),
            _ => header.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    if open.iter().any(|(_, header)| header.contains('!')) {
        return Surroundings::Unknown;
    }
    match open.last() {
        None => Surroundings::Free,
        Some(('{', header)) => classify(header),
        Some(_) => Surroundings::Unknown,
    }
}

fn classify(header: &str) -> Surroundings {
    let spaced = header.replace('<', " < ").replace('>', " > ").replace('#', " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let Some(keyword) = words.iter().position(|word| ["impl", "trait", "fn", "mod"].contains(word)) else {
        return Surroundings::Free;
    };
    match words[keyword] {
        "trait" => Surroundings::Trait,
        "impl" => {
            let of_trait = words.windows(2).any(|pair| pair[0] == "for" && pair[1] != "<");
            if of_trait { Surroundings::Trait } else { Surroundings::Inherent }
        }
        _ => Surroundings::Free,
    }
}

/// How many bytes of comment or literal `text` starts with.
fn skip(text: &str) -> usize {
    let bytes = text.as_bytes();
    let until = |end: &str, from: usize| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        return until("\n", 2);
    }
    if text.starts_with("/*") {
        let (mut depth, mut at) = (1, 2);
        while depth > 0 && at < bytes.len() {
            let step = match &bytes[at..] {
                [b'/', b'*', ..] => {
                    depth += 1;
                    2
                }
                [b'*', b'/', ..] => {
                    depth -= 1;
                    2
                }
                _ => 1,
            };
            at += step;
        }
        return at;
    }
    for prefix in ["r", "br", "cr"] {
        if let Some(raw) = text.strip_prefix(prefix) {
            let hashes = raw.bytes().take_while(|b| *b == b'#').count();
            if raw[hashes..].starts_with('"') {
                return until(&format!("\"{}", "#".repeat(hashes)), prefix.len() + hashes + 1);
            }
        }
    }
    match bytes[0] {
        b'"' => quoted(bytes, b'"'),
        // A lifetime has no closing tick: what follows is a character and no tick.
        b'\'' => {
            let mut chars = text[1..].chars();
            match chars.next() {
                Some('\\') => quoted(bytes, b'\''),
                Some(c) if chars.next() == Some('\'') => 2 + c.len_utf8(),
                _ => 0,
            }
        }
        _ => 0,
    }
}

fn quoted(bytes: &[u8], end: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != end {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::Surroundings::{Free, Inherent, Trait, Unknown};
    use super::*;

    #[test]
    fn a_function_knows_where_it_stands() {
        for (text, expected) in [
            ("fn ", Free),
            ("mod m { pub fn ", Free),
            ("fn outer() { if x { loop { fn ", Free),
            ("impl<'a, T: Fn(u32) -> u8> Foo<T> where T: for<'x> Bar<'x> { pub fn ", Inherent),
            ("#[derive(Debug)] struct Foo; impl Foo { #[doc = \"}\"] fn a() { \"{\" } fn ", Inherent),
            ("unsafe impl<T> Bar for Foo<T> { fn ", Trait),
            ("pub(crate) trait Bar: Sized { fn a(); fn ", Trait),
            ("macro_rules! m { () => { impl Foo { fn ", Unknown),
            ("/* impl X { /* */ */ // trait X {\n const C: char = '{'; const S: &'static str = r#\"{\"{\"#; fn ", Free),
            ("impl Foo { const A: [u8; 2] = [b'{', b'\\'']; fn ", Inherent),
        ] {
            assert_eq!(before(text), expected, "{text}");
        }
    }
}
