//! What macro calls made in an earlier analysis: kept for each file by its content, like its summary. It must never give
//! anything but what expanding the call anew would give, so all that this depends on is compared.

use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

use crate::expand::Budget;
use crate::ir::{Decl, Expr, Nested, Raw, Reader, Symbols, Wire, Writer, wire};
use crate::load::{FileId, Files};
use crate::lower::{Made, Position};
use crate::source::Digest;

wire! {
    /// All that was kept of one file.
    pub(crate) struct Kept {
        pub entries: Vec<Entry>,
    }

    /// One call.
    pub(crate) struct Entry {
        pub position: u32,
        pub line: u32,
        pub rules: Digest,
        pub krate: String,
        pub input: String,
        pub levels: Vec<(u32, u32)>,
        pub level: u32,
        /// Tokens that the expansion took of its budget.
        pub used: u32,
        /// `Code` with names of its own: not all calls of a file are asked for.
        pub code: Raw,
    }

    /// What a call made.
    pub(crate) struct Code {
        pub items: Vec<Rc<Decl>>,
        pub expr: Option<Expr>,
        pub nested: Vec<Nested>,
    }
}

/// A call, as far as its expansion depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'c> {
    pub(crate) file: FileId,
    pub(crate) position: Position,
    pub(crate) line: u32,
    /// The macro's definition.
    pub(crate) rules: Digest,
    /// What `$crate` stands for.
    pub(crate) krate: &'c str,
    pub(crate) input: &'c str,
    /// Who wrote the input, and the level of what the definition writes.
    pub(crate) levels: &'c [(u32, u32)],
    pub(crate) level: u32,
}

impl Call<'_> {
    fn is_at(&self, entry: &Entry) -> bool {
        entry.line == self.line
            && entry.position == self.position as u32
            && entry.krate == self.krate
            && entry.input == self.input
            && entry.levels == self.levels
            && entry.level == self.level
    }
}

/// What is kept of the files that this analysis asked for.
#[derive(Default)]
pub(crate) struct Expansions {
    files: HashMap<FileId, (Kept, bool)>,
}

impl Files<'_> {
    /// What the call made, if that is known; takes from the budget what expanding it would have taken.
    pub(crate) fn made(&mut self, call: &Call<'_>, budget: &mut Budget, symbols: &mut Symbols) -> Option<Made> {
        if !self.keeps_made(call.file) {
            return None;
        }
        if !self.made.files.contains_key(&call.file) {
            let read = |body: Vec<u8>| Reader::read::<Kept>(&body, symbols);
            let kept = self.kept(b"made", call.file).and_then(read).unwrap_or(Kept { entries: Vec::new() });
            self.made.files.insert(call.file, (kept, false));
        }
        let (kept, _) = self.made.files.get(&call.file)?;
        let entry = kept.entries.iter().find(|entry| call.is_at(entry) && entry.rules == call.rules)?;
        let left = budget.tokens.checked_sub(entry.used as usize)?;
        let code: Code = Reader::lately(&entry.code.0, symbols)?;
        budget.tokens = left;
        Some(match code.expr {
            Some(expr) => Made::Expr(expr, code.nested),
            None => Made::Items(code.items),
        })
    }

    /// Keeps what the call made.
    pub(crate) fn keep_made(&mut self, call: &Call<'_>, used: usize, made: Made, symbols: &Symbols) -> Made {
        let (Some((kept, is_new)), Ok(used)) = (self.made.files.get_mut(&call.file), u32::try_from(used)) else {
            return made;
        };
        let code = match made {
            Made::Items(items) => Code { items, expr: None, nested: Vec::new() },
            Made::Expr(expr, nested) => Code { items: Vec::new(), expr: Some(expr), nested },
        };
        // An older definition's.
        kept.entries.retain(|entry| !call.is_at(entry));
        kept.entries.push(Entry {
            position: call.position as u32,
            line: call.line,
            rules: call.rules,
            krate: call.krate.to_owned(),
            input: call.input.to_owned(),
            levels: call.levels.to_owned(),
            level: call.level,
            used,
            code: Raw(Writer::bytes(&code, symbols)),
        });
        *is_new = true;
        match code.expr {
            Some(expr) => Made::Expr(expr, code.nested),
            None => Made::Items(code.items),
        }
    }

    /// Hands what is new to the summaries.
    pub(crate) fn write_made(&mut self, symbols: &Symbols) {
        let files = std::mem::take(&mut self.made.files);
        for (file, (kept, is_new)) in files {
            if is_new {
                self.keep(b"made", file, &Writer::bytes(&kept, symbols));
            }
        }
    }
}
