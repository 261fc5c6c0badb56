//! A file in a form in which two versions of it are compared: what other items see of each item, what its body does, where it
//! stands and what it hashes to, each apart from the others.
//!
//! It is for comparing only: nothing is read back from it, and equal shapes must mean equal input for all of the analysis but
//! hashes and lines.

use super::wire::{Reader, Wire, Writer};
use super::{Decl, DeclKind, File, FnBody, Late, Nested, Symbols};
use crate::source::Digest;

/// A file, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// Everything but what functions do: without lines, columns and hashes.
    pub(crate) frame: Vec<u8>,
    /// The lines in it, in order.
    pub(crate) lines: Vec<u32>,
    /// Its items, members and items of blocks, in the order of [`each`].
    pub(crate) items: Vec<ItemShape>,
    /// Lines of the body that is being written, if one is.
    aside: Option<Vec<u32>>,
}

/// What is told apart of an item.
#[derive(Debug, Default)]
pub(crate) struct ItemShape {
    pub(crate) hash: Digest,
    /// First line, last line, line of the name; then the column of the name.
    pub(crate) stands: [u32; 3],
    pub(crate) column: u32,
    /// What a function does: nobody sees it who doesn't read the body.
    pub(crate) body: Vec<u8>,
    pub(crate) body_lines: Vec<u32>,
}

impl Shape {
    pub(crate) fn of(file: &File, symbols: &Symbols) -> Shape {
        let mut writer = Writer::new(symbols, Some(Shape::default()));
        file.write(&mut writer);
        let frame = writer.out;
        let shape = writer.shape.unwrap_or_default();
        let mut items = shape.items;
        let mut at = 0;
        each(&file.items, &mut |decl| {
            if let Some(item) = items.get_mut(at) {
                item.stands = [decl.line, decl.end_line, decl.name_line];
                item.column = decl.name_column;
            }
            at += 1;
        });
        Shape { frame, items, ..shape }
    }
}

/// Visits items, their members and the items of their blocks.
pub(crate) fn each<'d>(items: &'d [std::rc::Rc<Decl>], visit: &mut dyn FnMut(&'d std::rc::Rc<Decl>)) {
    for decl in items {
        visit(decl);
        match &decl.kind {
            DeclKind::Module(Some(items)) | DeclKind::Foreign(items) | DeclKind::Trait(_, _, items) => {
                each(items, visit)
            }
            DeclKind::Impl(of) => each(&of.members, visit),
            _ => {}
        }
        for Nested { items, .. } in &decl.nested {
            each(items, visit);
        }
    }
}

/// A line, as a field is written.
pub(crate) enum Line {}

impl Line {
    pub(crate) fn write(line: &u32, to: &mut Writer<'_>) {
        match &mut to.shape {
            Some(Shape { aside: Some(lines), .. }) => lines.push(*line),
            Some(shape) => shape.lines.push(*line),
            None => line.write(to),
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<u32> {
        u32::read(from)
    }
}

/// A column, as a field is written.
pub(crate) enum Column {}

impl Column {
    pub(crate) fn write(column: &u32, to: &mut Writer<'_>) {
        if to.shape.is_none() {
            column.write(to);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<u32> {
        u32::read(from)
    }
}

/// The hash of an item, as a field is written: the first of them, so that an item begins here.
pub(crate) enum Hash {}

impl Hash {
    pub(crate) fn write(hash: &Digest, to: &mut Writer<'_>) {
        match &mut to.shape {
            Some(shape) => shape.items.push(ItemShape { hash: *hash, ..ItemShape::default() }),
            None => hash.write(to),
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<Digest> {
        Digest::read(from)
    }
}

/// Where what a macro made was written: only there if lines are all that anybody wants.
pub(crate) enum Placed {}

impl Placed {
    pub(crate) fn write(written: &Vec<u32>, to: &mut Writer<'_>) {
        if to.shape.is_none() {
            written.write(to);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<Vec<u32>> {
        Vec::read(from)
    }
}

/// What a function does, as a field is written: nobody looks at it who doesn't read the function.
pub(crate) enum Aside {}

impl Aside {
    pub(crate) fn write(body: &Option<Late<FnBody>>, to: &mut Writer<'_>) {
        if to.shape.is_none() {
            return body.write(to);
        }
        // That there is one is for everybody to see.
        body.is_some().write(to);
        let Some(shape) = &mut to.shape else { return };
        // No body holds an item: those of its blocks stand beside it, and come after it.
        let of = shape.items.len().saturating_sub(1);
        shape.aside = Some(Vec::new());
        let frame = std::mem::take(&mut to.out);
        if let Some(body) = body.as_ref().and_then(Late::read) {
            body.write(to);
        }
        let body = std::mem::replace(&mut to.out, frame);
        if let Some(shape) = &mut to.shape
            && let (Some(lines), Some(item)) = (shape.aside.take(), shape.items.get_mut(of))
        {
            (item.body, item.body_lines) = (body, lines);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Option<Option<Late<FnBody>>> {
        Option::read(from)
    }
}
