//! What is kept of an analysis: what it said, the files it saw, and what it looked at in them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::ir::{Raw, Reader, Symbols, Wire, Writer, wire, wire_plain};
use crate::project::{ExternalId, PackageId};
use crate::report::{
    Analysis, FileRead, Function, Input, InputKind, Item, ItemId, ItemKind, Lines, Problem, ProblemKind, Refusal, Step,
    Way, Widened, WidenedKind,
};
use crate::source::Digest;

wire! {
    /// An analysis, and what tells whether it still holds.
    pub(crate) struct Record {
        pub files: Vec<FileRecord>,
        /// What it said; the sets of its functions are beside it.
        pub analysis: Analysis,
        /// Every place where it could not be exact, once.
        pub widened: Vec<Widened>,
        /// By function.
        pub sets: Vec<SetsRecord>,
    }

    /// What a function reaches, as bits: decoded unoptimized, a number would take longer than all that is done with it.
    pub(crate) struct SetsRecord {
        /// By item.
        pub reaches: Raw,
        /// By place in [`Record::widened`].
        pub widened: Raw,
    }

    /// A file that it read or looked for.
    pub(crate) struct FileRecord {
        pub path: String,
        /// Of a file that was there.
        pub content: Option<Content>,
        /// It is code, and nothing but its items counts: another version of it can be compared with it.
        pub compares: bool,
        /// Its items, in the order of [`each`](crate::ir::each), as bytes: only those of edited files are looked at.
        pub items: Raw,
    }

    /// What is in a file.
    pub(crate) struct Content {
        pub digest: Digest,
        /// Where its bytes begin and end among all contents, unless they are many.
        pub kept: Option<(u32, u32)>,
    }

    /// An item of a file.
    pub(crate) struct ItemRecord {
        /// Whether what it does was looked at.
        pub read: bool,
        /// What it is in the report, and what its digest is made of besides its hash.
        pub reported: Vec<(ItemId, Digest)>,
    }
}

/// The bytes of a file's items.
pub(crate) fn write_items(items: &Vec<ItemRecord>) -> Raw {
    Raw(Writer::bytes(items, &Symbols::new()))
}

/// A file's items; `None` for bytes that nobody wrote.
pub(super) fn read_items(items: &Raw) -> Option<Vec<ItemRecord>> {
    Reader::read(&items.0, &mut Symbols::new())
}

impl Record {
    pub(crate) fn new(files: Vec<FileRecord>, mut analysis: Analysis) -> Record {
        let (mut widened, mut places) = (Vec::new(), HashMap::new());
        let mut sets = Vec::with_capacity(analysis.functions.len());
        for function in &mut analysis.functions {
            let reaches = bits(std::mem::take(&mut function.reaches).into_iter().map(|id| id.0));
            let of = std::mem::take(&mut function.widened).into_iter().map(|one| {
                *places.entry(Arc::as_ptr(&one)).or_insert_with(|| {
                    widened.push(one);
                    widened.len() - 1
                })
            });
            let of = bits(of);
            sets.push(SetsRecord { reaches, widened: of });
        }
        let widened = widened.iter().map(|one| Widened::clone(one)).collect();
        Record { files, analysis, widened, sets }
    }

    /// What the analysis said, whole; `None` if the sets aren't those of its functions.
    pub(crate) fn into_analysis(self) -> Option<Analysis> {
        let Record { mut analysis, widened, sets, .. } = self;
        let mut order: Vec<usize> = (0..widened.len()).collect();
        order.sort_unstable_by(|a, b| widened[*a].cmp(&widened[*b]));
        let widened: Vec<Arc<Widened>> = widened.into_iter().map(Arc::new).collect();
        if sets.len() != analysis.functions.len() {
            return None;
        }
        for (function, sets) in analysis.functions.iter_mut().zip(sets) {
            function.reaches = set_bits(&sets.reaches).into_iter().map(ItemId).collect();
            let mut is_there = vec![false; widened.len()];
            for at in set_bits(&sets.widened) {
                *is_there.get_mut(at)? = true;
            }
            function.widened = order.iter().filter(|at| is_there[**at]).map(|at| widened[*at].clone()).collect();
            // What stood in two lines may stand in one.
            function.widened.dedup();
        }
        Some(analysis)
    }
}

fn bits(of: impl Iterator<Item = usize>) -> Raw {
    let mut bytes = Vec::new();
    for at in of {
        if bytes.len() <= at / 8 {
            bytes.resize(at / 8 + 1, 0);
        }
        bytes[at / 8] |= 1 << (at % 8);
    }
    Raw(bytes)
}

/// The places of the bits that are set. A plain loop: there are many thousands, and nothing is optimized in a build script.
fn set_bits(bits: &Raw) -> Vec<usize> {
    let mut set = Vec::with_capacity(bits.0.len() * 8);
    let mut first = 0;
    for byte in &bits.0 {
        let mut left = *byte;
        while left != 0 {
            set.push(first + left.trailing_zeros() as usize);
            left &= left - 1;
        }
        first += 8;
    }
    set
}

/// Gives bytes to structs of the report.
macro_rules! wire_report {
    ($($name:ident { $($field:ident)* })*) => {$(
        impl Wire for $name {
            fn write(&self, to: &mut Writer<'_>) {
                $(self.$field.write(to);)*
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                Some($name { $($field: Wire::read(from)?,)* })
            }
        }
    )*};
}

wire_report! {
    Analysis { items functions files declarations problems steps }
    Item { path kind package file line end_line hash digest mentions written parameters }
    Function {
        path item package target name module line column cached source reaches external widened cfgs envs refused inputs unseen
        ways
    }
    FileRead { path packages hash }
    Problem { file line kind message }
    Refusal { at why }
    Widened { at kind why }
    Step { item at }
    Way { item from by }
    Lines { file line end_line }
}

wire_plain! {
    ItemKind: Fn Const Static Type Trait Impl Macro File External Module Crate;
    ProblemKind: Syntax Encoding Missing Include TooLarge Recursion;
    WidenedKind: Source Opaque;
    InputKind: Clock Env Files Network Random Process Threads State Foreign Order;
}

impl Wire for Input {
    fn write(&self, to: &mut Writer<'_>) {
        self.kind.write(to);
        self.what.write(to);
        self.at.write(to);
        self.path.write(to);
        self.others.write(to);
        self.guessed.write(to);
        self.declared.map(str::to_owned).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Input {
            kind: Wire::read(from)?,
            what: Wire::read(from)?,
            at: Wire::read(from)?,
            path: Wire::read(from)?,
            others: Wire::read(from)?,
            guessed: Wire::read(from)?,
            declared: match Option::<String>::read(from)? {
                Some(word) => Some(*crate::inputs::DECLARING.iter().find(|known| **known == word)?),
                None => None,
            },
        })
    }
}

/// Gives bytes to indices.
macro_rules! wire_index {
    ($($name:ident)*) => {$(
        impl Wire for $name {
            fn write(&self, to: &mut Writer<'_>) {
                (self.0 as u32).write(to);
            }

            fn read(from: &mut Reader<'_>) -> Option<Self> {
                u32::read(from).map(|at| $name(at as usize))
            }
        }
    )*};
}

wire_index! { ItemId PackageId ExternalId }

impl Wire for Arc<Widened> {
    fn write(&self, to: &mut Writer<'_>) {
        (**self).write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Widened::read(from).map(Arc::new)
    }
}

impl<T: Wire + Ord> Wire for BTreeSet<T> {
    fn write(&self, to: &mut Writer<'_>) {
        (self.len() as u32).write(to);
        for value in self {
            value.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Vec::read(from).map(BTreeSet::from_iter)
    }
}
