//! Reads the compiler's LLVM IR as text: functions, globals, what each names, and the debug information of functions.
//!
//! An edge is every symbol that a definition names: a call, a function pointer, a vtable, a static. It never decides what
//! counts as the crate's own; that is `join`'s.

use std::path::{Path, PathBuf};

use memchr::memchr_iter;
use rustc_hash::FxHashMap as HashMap;

/// A compiled crate.
#[derive(Debug, Default)]
pub struct Module {
    /// Definitions, in the order of the file.
    pub definitions: Vec<Definition>,
    /// Debug information of functions, by number.
    subprograms: HashMap<u32, Subprogram>,
    scopes: HashMap<u32, Scope>,
    files: HashMap<u32, PathBuf>,
    empty: Vec<u32>,
}

/// A function or a global with its initial value.
#[derive(Debug)]
pub struct Definition {
    /// The linker's name.
    pub symbol: String,
    /// Symbols that it names, sorted.
    pub names: Vec<String>,
    /// Whether it is a function.
    pub is_function: bool,
    subprogram: Option<u32>,
}

/// Where the source of a function stands.
#[derive(Debug, Clone)]
struct Subprogram {
    name: String,
    scope: Option<u32>,
    file: Option<u32>,
    line: u32,
    parameters: Option<u32>,
}

#[derive(Debug)]
struct Scope {
    name: String,
    parent: Option<u32>,
    is_namespace: bool,
}

/// What debug information says of a function.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Its name, without generic arguments.
    pub name: String,
    /// Its file, absolute.
    pub file: PathBuf,
    /// The line of its head, from 1.
    pub line: u32,
    /// The crate, the modules, the function or impl around it.
    pub scope: Vec<String>,
    /// Whether it was instantiated with types.
    pub is_generic: bool,
}

impl Module {
    /// Reads the text of a module.
    pub fn parse(text: &[u8]) -> Module {
        let mut module = Module::default();
        let mut body: Option<Definition> = None;
        let mut start = 0;
        for end in memchr_iter(b'\n', text).chain([text.len()]) {
            let line = &text[start..end];
            start = (end + 1).min(text.len());
            if let Some(mut open) = body.take() {
                if line == b"}" {
                    module.close(open);
                } else {
                    symbols(line, &mut open.names);
                    body = Some(open);
                }
            } else if let Some(head) = line.strip_prefix(b"define ") {
                let mut names = Vec::new();
                symbols(head, &mut names);
                if names.is_empty() {
                    continue;
                }
                // The first is the function's own; then come its personality and the like.
                let symbol = names.remove(0);
                body = Some(Definition { symbol, names, is_function: true, subprogram: reference(head, b"!dbg !") });
            } else if line.first() == Some(&b'@') {
                let mut names = Vec::new();
                symbols(line, &mut names);
                let symbol = names.remove(0);
                module.close(Definition { symbol, names, is_function: false, subprogram: None });
            } else if line.first() == Some(&b'!') {
                module.metadata(line);
            }
        }
        module
    }

    fn close(&mut self, mut definition: Definition) {
        definition.names.sort_unstable();
        definition.names.dedup();
        self.definitions.push(definition);
    }

    fn metadata(&mut self, line: &[u8]) {
        let Ok(text) = std::str::from_utf8(line) else { return };
        let Some((number, rest)) = text[1..].split_once(" = ") else { return };
        let Ok(number) = number.parse::<u32>() else { return };
        let rest = rest.strip_prefix("distinct ").unwrap_or(rest);
        if rest == "!{}" {
            self.empty.push(number);
        } else if rest.starts_with("!DISubprogram(") {
            let subprogram = Subprogram {
                name: quoted(rest, "name: ").unwrap_or_default(),
                scope: number_of(rest, "scope: !"),
                file: number_of(rest, "file: !"),
                line: number_of(rest, " line: ").unwrap_or(0),
                parameters: number_of(rest, "templateParams: !"),
            };
            self.subprograms.insert(number, subprogram);
        } else if rest.starts_with("!DINamespace(") || rest.starts_with("!DICompositeType(") {
            let scope = Scope {
                name: quoted(rest, "name: ").unwrap_or_default(),
                parent: number_of(rest, "scope: !"),
                is_namespace: rest.starts_with("!DINamespace("),
            };
            self.scopes.insert(number, scope);
        } else if rest.starts_with("!DIFile(") {
            let name = quoted(rest, "filename: ").unwrap_or_default();
            let directory = quoted(rest, "directory: ").unwrap_or_default();
            self.files.insert(number, Path::new(&directory).join(name));
        }
    }

    /// Where a function comes from; `None` for one without debug information, such as the C entry point.
    pub fn origin(&self, definition: &Definition) -> Option<Origin> {
        let subprogram = self.subprograms.get(&definition.subprogram?)?;
        let mut scope = Vec::new();
        let mut next = subprogram.scope;
        while let Some(at) = next.and_then(|at| self.scopes.get(&at)) {
            // A type's name carries its arguments; a namespace's is plain.
            let name = if at.is_namespace { at.name.clone() } else { head(&at.name).to_owned() };
            scope.push(name);
            next = at.parent;
        }
        scope.reverse();
        Some(Origin {
            name: head(&subprogram.name).to_owned(),
            file: self.files.get(&subprogram.file?)?.clone(),
            line: subprogram.line,
            scope,
            is_generic: subprogram.parameters.is_some_and(|at| !self.empty.contains(&at)),
        })
    }
}

/// The name before its generic arguments.
fn head(name: &str) -> &str {
    match name.find('<') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    }
}

/// Adds every `@symbol` of a line. Strings are skipped: they may hold anything.
fn symbols(line: &[u8], into: &mut Vec<String>) {
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'@', b'"', &line[at..]) {
        at += found;
        if line[at] == b'"' {
            // Escapes are hexadecimal, so the next quote ends the string.
            at += 1 + memchr::memchr(b'"', &line[at + 1..]).map_or(line.len() - at - 1, |end| end + 1);
            continue;
        }
        at += 1;
        let (from, to, next) = match line.get(at) {
            Some(b'"') => {
                let length = memchr::memchr(b'"', &line[at + 1..]).unwrap_or(line.len() - at - 1);
                (at + 1, at + 1 + length, (at + length + 2).min(line.len()))
            }
            _ => {
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b'-');
                let length = line[at..].iter().take_while(|byte| is_part(byte)).count();
                (at, at + length, at + length)
            }
        };
        let symbol = &line[from..to];
        if !symbol.is_empty() && !symbol.starts_with(b"llvm.") {
            into.push(String::from_utf8_lossy(symbol).into_owned());
        }
        at = next;
    }
}

/// The number behind the last `key` of a line.
fn reference(line: &[u8], key: &[u8]) -> Option<u32> {
    let at = memchr::memmem::rfind(line, key)? + key.len();
    let digits = line[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&line[at..at + digits]).ok()?.parse().ok()
}

fn number_of(text: &str, key: &str) -> Option<u32> {
    let rest = &text[text.find(key)? + key.len()..];
    rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}

fn quoted(text: &str, key: &str) -> Option<String> {
    let rest = text[text.find(key)? + key.len()..].strip_prefix('"')?;
    Some(rest[..rest.find('"')?].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
@vtable.0 = private constant <{ ptr, [16 x i8], ptr }> <{ ptr @drop, [16 x i8] c"a@b\22", ptr @"odd name" }>, align 8
define internal void @own(ptr %a) unnamed_addr #1 personality ptr @rust_eh_personality !dbg !7 {
  call void @llvm.memcpy(ptr %a), !dbg !8
  %x = invoke i8 @callee(ptr @vtable.0) to label %bb1 unwind label %bb2, !dbg !9
}
!1 = !DIFile(filename: "src/lib.rs", directory: "/crate")
!2 = !{}
!3 = !DINamespace(name: "module", scope: !4)
!4 = !DINamespace(name: "krate", scope: null)
!7 = distinct !DISubprogram(name: "own<u8>", linkageName: "own", scope: !3, file: !1, line: 12, templateParams: !6)
"#;

    #[test]
    fn every_symbol_that_a_definition_names_is_an_edge() {
        let module = Module::parse(TEXT.as_bytes());
        let edges: Vec<_> = module.definitions.iter().map(|it| (it.symbol.as_str(), it.names.join(" "))).collect();
        assert_eq!(
            edges,
            [("vtable.0", "drop odd name".to_owned()), ("own", "callee rust_eh_personality vtable.0".to_owned())]
        );
    }

    #[test]
    fn a_function_comes_with_its_file_its_line_and_what_is_around_it() {
        let module = Module::parse(TEXT.as_bytes());
        let origin = module.origin(&module.definitions[1]).expect("debug information");
        assert_eq!((origin.name.as_str(), origin.line), ("own", 12));
        assert_eq!(origin.file, Path::new("/crate/src/lib.rs"));
        assert_eq!(origin.scope, ["krate", "module"]);
        assert!(origin.is_generic);
    }
}
