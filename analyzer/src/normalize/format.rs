//! Format strings: a name in braces is a use of a local.

use super::tag::Tag;
use super::writer::Writer;

impl Writer {
    /// A format string, of which `named` are the arguments that the call names itself.
    pub(super) fn format_string(&mut self, text: &str, named: &[String]) {
        match pieces(text) {
            Some(pieces) => {
                self.tag(Tag::FormatString);
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => {
                            self.tag(Tag::FormatText);
                            self.text(text);
                        }
                        Piece::Open => self.tag(Tag::FormatOpen),
                        Piece::Close => self.tag(Tag::FormatClose),
                        Piece::Name(name) if named.iter().any(|other| other == name) => {
                            self.tag(Tag::FormatNamed);
                            self.text(name);
                        }
                        Piece::Name(name) => {
                            self.tag(Tag::FormatName);
                            self.value_name_text(name);
                        }
                    }
                }
                self.tag(Tag::End);
            }
            None => {
                // Not a format string that we understand: any word in it may be a local.
                self.tag(Tag::LitStr);
                self.text(text);
                self.keep_words(text);
            }
        }
    }
}

/// A part of a format string.
enum Piece<'a> {
    /// Exact text, inside of braces or outside.
    Text(&'a str),
    /// `{`
    Open,
    /// `}`
    Close,
    /// A name that stands for an argument.
    Name(&'a str),
}

/// Cuts a format string; `None` if its grammar isn't the one we know.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        if let Some(tail) = after.strip_prefix("{{").or_else(|| after.strip_prefix("}}")) {
            pieces.push(Piece::Text(&rest[..at + 2]));
            rest = tail;
            continue;
        }
        pieces.push(Piece::Text(before));
        rest = placeholder(after.strip_prefix('{')?, &mut pieces)?;
    }
    pieces.push(Piece::Text(rest));
    Some(pieces)
}

/// Cuts a placeholder behind its brace, and gives what follows it.
fn placeholder<'a>(text: &'a str, pieces: &mut Vec<Piece<'a>>) -> Option<&'a str> {
    pieces.push(Piece::Open);
    let end = text.find([':', '}'])?;
    let argument = text[..end].trim();
    if is_name(argument) {
        pieces.push(Piece::Name(argument));
    } else if argument.bytes().all(|byte| byte.is_ascii_digit()) {
        pieces.push(Piece::Text(argument));
    } else {
        return None;
    }
    let mut rest = &text[end..];
    if let Some(specification) = rest.strip_prefix(':') {
        rest = specification;
        let mut chars = rest.char_indices();
        let (first, second) = (chars.next(), chars.next());
        // A fill may be any character, even a brace; it shows by the alignment behind it.
        let mut from = match (first, second) {
            (Some(_), Some((at, '<' | '^' | '>'))) => at + 1,
            _ => 0,
        };
        pieces.push(Piece::Text(":"));
        pieces.push(Piece::Text(&rest[..from]));
        let end = from + rest[from..].find('}')?;
        if rest[from..end].contains('{') {
            return None;
        }
        // Names of widths and precisions end in `$`.
        while let Some(dollar) = rest[from..end].find('$').map(|at| from + at) {
            let start = rest[from..dollar]
                .char_indices()
                .rev()
                .take_while(|(_, c)| *c == '_' || c.is_alphanumeric())
                .last()
                .map_or(dollar, |(at, _)| from + at);
            // `0` in front of a name is a flag.
            let word = &rest[start..dollar];
            let name = word.trim_start_matches('0');
            if is_name(name) {
                pieces.push(Piece::Text(&rest[from..dollar - name.len()]));
                pieces.push(Piece::Name(name));
            } else if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
                pieces.push(Piece::Text(&rest[from..dollar]));
            } else {
                return None;
            }
            pieces.push(Piece::Text("$"));
            from = dollar + 1;
        }
        pieces.push(Piece::Text(rest[from..end].trim_end()));
        rest = &rest[end..];
    }
    pieces.push(Piece::Close);
    rest.strip_prefix('}')
}

fn is_name(text: &str) -> bool {
    let text = text.strip_prefix("r#").unwrap_or(text);
    text.starts_with(|c: char| c == '_' || c.is_alphabetic()) && text.chars().all(|c| c == '_' || c.is_alphanumeric())
}
