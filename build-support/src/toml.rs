//! A reader for the few places where the hook must look into TOML itself: `[patch]`, `[profile]`, cargo's configuration.
//!
//! Cargo has accepted every file that comes here, so this reads correct TOML and gives up silently on anything else. It
//! must never be used to decide what cargo decides: packages and targets come from `cargo metadata`.

/// A value; numbers, dates and booleans stay text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// A string, unescaped.
    Text(String),
    /// Anything that isn't a string, a list or a table, as written.
    Plain(String),
    /// A list. Its tables come as [`Value::Table`].
    List(Vec<Value>),
    /// A table in a list; elsewhere tables are flattened into longer keys.
    Table(Vec<Setting>),
}

/// A key with all its parts, and its value.
pub(crate) type Setting = (Vec<String>, Value);

/// All settings of a document, in order. What follows a mistake is left out.
pub(crate) fn read(text: &str) -> Vec<Setting> {
    let mut reader = Reader { rest: text, settings: Vec::new() };
    let _ = reader.document();
    reader.settings
}

impl Value {
    /// The string, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The strings of a list.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Value::List(list) => list.iter().filter_map(Value::text).collect(),
            _ => Vec::new(),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    settings: Vec<Setting>,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        let mut section: Vec<String> = Vec::new();
        loop {
            self.blank();
            if self.rest.is_empty() {
                return Some(());
            }
            if self.eat("[") {
                let list = self.eat("[");
                section = self.key()?;
                self.expect("]")?;
                if list {
                    self.expect("]")?;
                    // The entries of an array of tables are numbered, so that their keys stay apart.
                    let n = self.settings.iter().filter(|(key, _)| key.starts_with(&section));
                    let n = n.filter_map(|(key, _)| key.get(section.len())?.parse::<usize>().ok()).max();
                    section.push(n.map_or(0, |n| n + 1).to_string());
                }
            } else {
                let mut key = section.clone();
                key.extend(self.key()?);
                self.expect("=")?;
                self.value(key)?;
            }
        }
    }

    /// A dotted key.
    fn key(&mut self) -> Option<Vec<String>> {
        let mut parts = Vec::new();
        loop {
            self.space();
            parts.push(match self.rest.as_bytes().first()? {
                b'"' | b'\'' => self.string()?,
                _ => {
                    let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
                    let (part, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
                    self.rest = rest;
                    (!part.is_empty()).then(|| part.to_owned())?
                }
            });
            self.space();
            if !self.eat(".") {
                return Some(parts);
            }
        }
    }

    /// A value under `key`; an inline table becomes settings of its own.
    fn value(&mut self, key: Vec<String>) -> Option<()> {
        self.blank();
        if self.eat("{") {
            loop {
                self.blank();
                if self.eat("}") {
                    return Some(());
                }
                let mut inner = key.clone();
                inner.extend(self.key()?);
                self.expect("=")?;
                self.value(inner)?;
                self.blank();
                self.eat(",");
            }
        }
        let value = if self.eat("[") {
            let mut list = Vec::new();
            loop {
                self.blank();
                if self.eat("]") {
                    break Value::List(list);
                }
                let outside = std::mem::take(&mut self.settings);
                let read = self.value(Vec::new());
                let mut inside = std::mem::replace(&mut self.settings, outside);
                read?;
                list.push(match inside.pop() {
                    Some((key, value)) if key.is_empty() => value,
                    last => {
                        inside.extend(last);
                        Value::Table(inside)
                    }
                });
                self.blank();
                self.eat(",");
            }
        } else if self.rest.starts_with(['"', '\'']) {
            Value::Text(self.string()?)
        } else {
            let end = self.rest.find([',', ']', '}', '#', '\n', '\r']).unwrap_or(self.rest.len());
            let (plain, rest) = self.rest.split_at(end);
            self.rest = rest;
            Value::Plain(plain.trim().to_owned())
        };
        self.settings.push((key, value));
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        for quote in ["\"\"\"", "'''"] {
            if self.eat(quote) {
                if !self.eat("\n") {
                    self.eat("\r\n");
                }
                return if quote == "'''" { self.until(quote) } else { self.escaped(quote) };
            }
        }
        if self.eat("'") { self.until("'") } else { self.expect("\"").and_then(|()| self.escaped("\"")) }
    }

    fn until(&mut self, quote: &str) -> Option<String> {
        let (text, rest) = self.rest.split_once(quote)?;
        self.rest = rest;
        Some(text.to_owned())
    }

    fn escaped(&mut self, quote: &str) -> Option<String> {
        let mut out = String::new();
        loop {
            if self.eat(quote) {
                return Some(out);
            }
            let mut chars = self.rest.chars();
            let c = chars.next()?;
            self.rest = chars.as_str();
            if c != '\\' {
                out.push(c);
                continue;
            }
            let escape = chars.next()?;
            self.rest = chars.as_str();
            match escape {
                'b' => out.push('\u{8}'),
                't' => out.push('\t'),
                'n' => out.push('\n'),
                'f' => out.push('\u{c}'),
                'r' => out.push('\r'),
                'e' => out.push('\u{1b}'),
                'x' | 'u' | 'U' => {
                    let digits = match escape {
                        'x' => 2,
                        'u' => 4,
                        _ => 8,
                    };
                    let (hex, rest) = (self.rest.get(..digits)?, self.rest.get(digits..)?);
                    out.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
                    self.rest = rest;
                }
                '\n' | '\r' | ' ' => self.rest = self.rest.trim_start(),
                other => out.push(other),
            }
        }
    }

    /// Skips spaces, line ends and comments.
    fn blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']);
            if !self.rest.starts_with('#') {
                return;
            }
            self.rest = self.rest.find('\n').map_or("", |end| &self.rest[end..]);
        }
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Option<()> {
        self.space();
        self.eat(token).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(text: &str) -> Vec<String> {
        read(text).into_iter().map(|(key, value)| format!("{} = {value:?}", key.join("/"))).collect()
    }

    #[test]
    fn tables_inline_tables_and_dotted_keys_read_alike() {
        let expected = [r#"patch/crates-io/foo/path = Text("../foo")"#];
        assert_eq!(flat("[patch.crates-io]\nfoo = { path = \"../foo\" }"), expected);
        assert_eq!(flat("[patch.crates-io.foo] # why\npath = '../foo'"), expected);
        assert_eq!(flat("patch.crates-io.foo.path=\"\"\"\n../foo\"\"\""), expected);
        assert_eq!(flat("[ patch . \"crates-io\" ]\r\nfoo . path = \"..\\u002ffoo\"\r\n"), expected);
    }

    #[test]
    fn lists_span_lines_and_entries_of_arrays_of_tables_are_numbered() {
        assert_eq!(
            flat("a = [\n  'x', # one\n  \"y\",\n]\nb = [{c = 1}, 2]"),
            [r#"a = List([Text("x"), Text("y")])"#, r#"b = List([Table([(["c"], Plain("1"))]), Plain("2")])"#]
        );
        assert_eq!(
            flat("[[bin]]\nname='a'\n[[bin]]\nname='b'\n[x]\ny=2026-11-21 # z"),
            [r#"bin/0/name = Text("a")"#, r#"bin/1/name = Text("b")"#, r#"x/y = Plain("2026-11-21")"#]
        );
    }

    #[test]
    fn a_broken_document_keeps_what_came_before() {
        assert_eq!(flat("a = 1\nb = \"open\nc = [[[["), [r#"a = Plain("1")"#]);
        assert_eq!(flat("= = ="), [""; 0]);
        assert_eq!(flat("a = {b = 1"), [r#"a/b = Plain("1")"#]);
    }
}
