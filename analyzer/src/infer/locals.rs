//! Locals in scope, and which of them a name means: what a macro's definition writes is another name than what its caller does.

use super::types::TyId;
use crate::ir::Sym;
use crate::written::{LOST, OUTER};

/// Who wrote a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Author {
    /// The body itself.
    Body,
    /// A macro's definition, in one of its expansions.
    Expansion(usize),
    /// A macro's definition, in one of the expansions that made the item.
    Outer(u32),
    Lost,
}

/// The expansion of a macro call.
#[derive(Debug, Clone, Copy)]
struct Expansion {
    /// The name of a definition in this body: it sees the locals that are in scope where it stands.
    inner: Option<Sym>,
}

#[derive(Debug, Clone, Copy)]
enum Entry {
    Local(Sym, Author, TyId),
    /// Here stands the definition of a macro of that name.
    Definition(Sym),
}

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    Local(TyId),
    /// A local or an item, and who wrote the name doesn't tell; the type, if all locals of that name have one.
    Either(TyId),
    /// No local.
    Item,
}

/// The locals of a body.
#[derive(Debug, Default)]
pub(super) struct Locals {
    entries: Vec<Entry>,
    /// Where those begin that what is being read sees.
    first: usize,
    expansions: Vec<Expansion>,
    /// Of the macro calls around what is being read, their expansions.
    around: Vec<usize>,
}

impl Locals {
    /// How many there are, for [`Locals::truncate`].
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.entries.truncate(len);
    }

    /// Nobody knows the types of those from there on.
    pub(super) fn forget_types(&mut self, from: usize) {
        for entry in self.entries.iter_mut().skip(from) {
            if let Entry::Local(_, _, ty) = entry {
                *ty = TyId::UNKNOWN;
            }
        }
    }

    /// Hides all of them from an item within the body, and answers what [`Locals::show`] takes.
    pub(super) fn hide(&mut self) -> usize {
        std::mem::replace(&mut self.first, self.entries.len())
    }

    pub(super) fn show(&mut self, first: usize) {
        self.first = first;
    }

    /// Those that what is being read sees.
    fn seen(&self) -> &[Entry] {
        self.entries.get(self.first..).unwrap_or_default()
    }

    /// Binds a name that was written at a level of [`Levels`](crate::written::Levels).
    pub(super) fn bind(&mut self, name: Sym, level: u32, ty: TyId) {
        let author = self.author(level);
        self.entries.push(Entry::Local(name, author, ty));
    }

    pub(super) fn define_macro(&mut self, name: Sym) {
        self.entries.push(Entry::Definition(name));
    }

    /// The level of what the definition of the next macro call writes.
    pub(super) fn next_level(&self) -> u32 {
        self.around.len() as u32 + 1
    }

    /// What follows is what a macro call makes.
    pub(super) fn enter(&mut self, inner: Option<Sym>) {
        self.around.push(self.expansions.len());
        self.expansions.push(Expansion { inner });
    }

    pub(super) fn leave(&mut self) {
        self.around.pop();
    }

    fn author(&self, level: u32) -> Author {
        match level {
            0 => Author::Body,
            LOST => Author::Lost,
            level if level >= OUTER => Author::Outer(level),
            level => self.around.get(level as usize - 1).map_or(Author::Lost, |at| Author::Expansion(*at)),
        }
    }

    /// What a name means that was written at that level.
    pub(super) fn find(&self, name: Sym, level: u32) -> Meant {
        let mut author = self.author(level);
        if author == Author::Lost {
            return self.any(name);
        }
        for entry in self.seen().iter().rev() {
            match *entry {
                Entry::Local(local, by, ty) if local == name => {
                    if by == author {
                        return Meant::Local(ty);
                    }
                    if by == Author::Lost {
                        return self.any(name);
                    }
                }
                Entry::Definition(name) => {
                    if let Author::Expansion(at) = author
                        && self.expansions[at].inner == Some(name)
                    {
                        author = Author::Body;
                    }
                }
                Entry::Local(..) => {}
            }
        }
        Meant::Item
    }

    /// Any local of that name.
    fn any(&self, name: Sym) -> Meant {
        let mut found = None;
        for entry in self.seen() {
            match *entry {
                Entry::Local(local, _, ty) if local == name => {
                    found = match found {
                        Some(other) if other != ty => Some(TyId::UNKNOWN),
                        _ => Some(ty),
                    };
                }
                _ => {}
            }
        }
        found.map_or(Meant::Item, Meant::Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Sym = Sym(1);
    const MACRO: Sym = Sym(2);
    const LEFT: TyId = TyId::UNIT;
    const RIGHT: TyId = TyId::NEVER;

    #[test]
    fn what_a_definition_writes_and_what_its_caller_writes_are_two_names() {
        let mut locals = Locals::default();
        locals.bind(NAME, 0, RIGHT);
        locals.enter(None);
        assert_eq!(locals.find(NAME, 1), Meant::Item);
        locals.bind(NAME, 1, LEFT);
        assert_eq!(locals.find(NAME, 0), Meant::Local(RIGHT));
        assert_eq!(locals.find(NAME, 1), Meant::Local(LEFT));
        locals.leave();
        assert_eq!(locals.find(NAME, 0), Meant::Local(RIGHT));
    }

    #[test]
    fn two_expansions_of_one_definition_do_not_see_each_other() {
        let mut locals = Locals::default();
        locals.enter(None);
        locals.bind(NAME, 1, LEFT);
        locals.enter(None);
        assert_eq!(locals.find(NAME, 2), Meant::Item);
        assert_eq!(locals.find(NAME, 1), Meant::Local(LEFT));
        locals.leave();
        locals.leave();
        locals.enter(None);
        assert_eq!(locals.find(NAME, 1), Meant::Item);
    }

    #[test]
    fn a_definition_in_a_body_sees_the_locals_before_it() {
        let mut locals = Locals::default();
        locals.bind(NAME, 0, LEFT);
        locals.define_macro(MACRO);
        locals.bind(NAME, 0, RIGHT);
        locals.enter(Some(MACRO));
        assert_eq!(locals.find(NAME, 1), Meant::Local(LEFT));
        assert_eq!(locals.find(NAME, 0), Meant::Local(RIGHT));
    }

    #[test]
    fn an_item_within_a_body_sees_no_locals() {
        let mut locals = Locals::default();
        locals.bind(NAME, 0, LEFT);
        let first = locals.hide();
        assert_eq!(locals.find(NAME, 0), Meant::Item);
        locals.show(first);
        assert_eq!(locals.find(NAME, 0), Meant::Local(LEFT));
    }

    #[test]
    fn a_name_whose_author_got_lost_may_mean_any_local_or_an_item() {
        let mut locals = Locals::default();
        locals.bind(NAME, 0, LEFT);
        assert_eq!(locals.find(NAME, LOST), Meant::Either(LEFT));
        locals.bind(NAME, LOST, RIGHT);
        assert_eq!(locals.find(NAME, LOST), Meant::Either(TyId::UNKNOWN));
        assert_eq!(locals.find(NAME, 0), Meant::Either(TyId::UNKNOWN));
    }

    #[test]
    fn what_made_the_item_is_an_author_too() {
        let mut locals = Locals::default();
        locals.bind(NAME, 0, LEFT);
        locals.bind(NAME, OUTER + 1, RIGHT);
        assert_eq!(locals.find(NAME, 0), Meant::Local(LEFT));
        assert_eq!(locals.find(NAME, OUTER + 1), Meant::Local(RIGHT));
        assert_eq!(locals.find(NAME, OUTER + 2), Meant::Item);
    }
}
