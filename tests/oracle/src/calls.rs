//! The macro call that wrote a function, where the macro is another package's: no line of the function's own tells.
//!
//! The analysis keeps such a call as an item, which counts by its tokens. Of the calls in the function's module the one is
//! meant that names it, or its type, or that is the only one. A function that no call names is counted, never left out in
//! silence.

use std::collections::HashSet;
use std::path::Path;

use rememo_analyzer::report::ItemKind;

use crate::ir::Origin;
use crate::join::{around, crate_name, words};
use crate::subject::Analyzed;
use crate::symbol;

/// Macro calls that the analysis could not expand.
#[derive(Debug)]
pub struct Calls {
    list: Vec<Call>,
}

#[derive(Debug)]
struct Call {
    item: usize,
    krate: String,
    module: String,
    words: HashSet<String>,
    /// Names behind `fn`, `struct` and the like.
    defined: HashSet<String>,
}

impl Calls {
    /// Reads the text of all calls.
    pub fn new(analyzed: &Analyzed) -> Calls {
        let mut list = Vec::new();
        for (item, call) in analyzed.analysis.items.iter().enumerate() {
            let Some(file) = call.file.as_ref().filter(|_| call.kind == ItemKind::Macro) else { continue };
            let text = lines(&analyzed.root.join(file), call.line, call.end_line);
            if is_definition(&text) {
                continue;
            }
            let all: Vec<&str> = words(&text).collect();
            let defines = |pair: &&[&str]| matches!(pair[0], "fn" | "struct" | "enum" | "union" | "trait" | "mod");
            list.push(Call {
                item,
                krate: crate_name(&call.path).to_owned(),
                module: around(&call.path).to_owned(),
                defined: all.windows(2).filter(defines).map(|pair| pair[1].to_owned()).collect(),
                words: all.into_iter().map(str::to_owned).collect(),
            });
        }
        Calls { list }
    }

    /// The call that names the function, if there is one that names it best.
    pub fn find(&self, mangled: &str, origin: &Origin) -> Option<usize> {
        let path = symbol::path(mangled);
        let named: Vec<&str> = words(&path).collect();
        let scope: Vec<&str> = origin.scope.iter().map(String::as_str).collect();
        let krate = scope.first()?;
        for end in (1..=scope.len()).rev() {
            let module = scope[1..end].join("::");
            let here = self.list.iter().filter(|call| call.krate == *krate && call.module == module);
            let count = |known: &HashSet<String>| named.iter().filter(|word| known.contains(**word)).count();
            let known = |call: &Call| (count(&call.defined), count(&call.words));
            let scored: Vec<((usize, usize), usize)> = here.map(|call| (known(call), call.item)).collect();
            let most = scored.iter().map(|(count, _)| *count).max().unwrap_or_default();
            let mut best = scored.iter().filter(|(count, _)| *count == most && (most.1 > 0 || scored.len() == 1));
            if let (Some((_, item)), None) = (best.next(), best.next()) {
                return Some(*item);
            }
        }
        None
    }
}

/// Whether the lines of an item define a macro: what is made in a module comes from a call there.
fn is_definition(text: &str) -> bool {
    let lines = text.lines().map(str::trim_start);
    let first = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("//"));
    first.is_some_and(|line| line.starts_with("macro_rules"))
}

pub(crate) fn lines(path: &Path, first: u32, last: u32) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let (first, last) = (first.saturating_sub(1) as usize, last as usize);
    text.lines().take(last).skip(first).collect::<Vec<_>>().join("\n")
}
