//! What is kept of an analysis: what it said, the files it saw, and what it looked at in them.

use std::collections::BTreeSet;

use crate::ir::{Reader, Wire, Writer, wire, wire_plain};
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
        pub analysis: Analysis,
    }

    /// A file that it read or looked for.
    pub(crate) struct FileRecord {
        pub path: String,
        /// Of a file that was there.
        pub content: Option<Content>,
        /// It is code, and nothing but its items counts: another version of it can be compared with it.
        pub compares: bool,
        /// Its items, in the order of [`each`](crate::ir::each).
        pub items: Vec<ItemRecord>,
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
