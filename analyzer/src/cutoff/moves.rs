//! What became of one file's lines and hashes, if that is all that changed in it.

use std::collections::HashMap;
use std::hash::Hash;

use super::record::ItemRecord;
use crate::ir::Shape;
use crate::report::ItemId;
use crate::source::Digest;

/// Where things of one file stand now. What was in one place and is in several now can't be told: `None`.
#[derive(Debug, Default)]
pub(super) struct Moves {
    lines: HashMap<u32, Option<u32>>,
    names: HashMap<(u32, u32), Option<(u32, u32)>>,
    ends: HashMap<(u32, u32), Option<(u32, u32)>>,
    /// Items whose own code hashes to something else, and what else their digest is made of.
    pub(super) hashes: Vec<(ItemId, Digest, Digest)>,
}

impl Moves {
    /// What moved, if nothing else happened that anybody looked at.
    pub(super) fn between(items: &[ItemRecord], before: &Shape, after: &Shape) -> Option<Moves> {
        let counts = [before.items.len(), after.items.len()];
        if before.frame != after.frame || counts != [items.len(); 2] {
            return None;
        }
        let mut moves = Moves::default();
        moves.lines(&before.lines, &after.lines)?;
        for (at, (was, is)) in before.items.iter().zip(&after.items).enumerate() {
            let item = &items[at];
            let [(line, end, name), (now, new_end, new_name)] =
                [was, is].map(|of| (of.stands[0], of.stands[1], of.stands[2]));
            enter(&mut moves.ends, (line, end), (now, new_end));
            enter(&mut moves.names, (name, was.column), (new_name, is.column));
            if !item.read {
                continue;
            }
            if was.body != is.body {
                return None;
            }
            moves.lines(&was.body_lines, &is.body_lines)?;
            if was.hash != is.hash {
                moves.hashes.extend(item.reported.iter().map(|(id, rest)| (*id, *rest, is.hash)));
            }
        }
        Some(moves)
    }

    fn lines(&mut self, before: &[u32], after: &[u32]) -> Option<()> {
        for (line, now) in before.iter().zip(after) {
            enter(&mut self.lines, *line, *now);
        }
        (before.len() == after.len()).then_some(())
    }

    /// Where a line is now that some item or expression begins or ends in.
    pub(super) fn line(&self, line: u32) -> Option<u32> {
        *self.lines.get(&line)?
    }

    /// The first and last line of an item.
    pub(super) fn span(&self, line: u32, end_line: u32) -> Option<(u32, u32)> {
        match self.ends.get(&(line, end_line)) {
            Some(span) => *span,
            // What a macro made stands where the macro is called.
            None => Some((self.line(line)?, self.line(end_line)?)),
        }
    }

    /// Line and column of a name.
    pub(super) fn name(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        *self.names.get(&(line, column))?
    }
}

fn enter<T: Copy + Eq + Hash>(map: &mut HashMap<T, Option<T>>, from: T, to: T) {
    map.entry(from).and_modify(|known| *known = known.filter(|known| *known == to)).or_insert(Some(to));
}
