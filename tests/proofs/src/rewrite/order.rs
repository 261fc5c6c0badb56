//! Items of a module and members of an impl or a trait, in another order.

use std::ops::Range;

use syn::Item;
use syn::spanned::Spanned;

use super::Rewritten;
use crate::attribute::has_macro;
use crate::source::{Source, range};
use crate::walk::{Why, item_attributes, item_is_hidden};

pub(super) fn reorder(source: &Source) -> Rewritten {
    let mut out = Rewritten::default();
    // What moves is text, and what moves within it too: changes of inner lists are made first.
    if let Some(text) = items(source, &source.syntax.items, &mut out) {
        let (start, end) = (span(&source.syntax.items).start, span(&source.syntax.items).end);
        out.edits.replace(start..end, text);
    }
    out
}

fn span<T: Spanned>(list: &[T]) -> Range<usize> {
    let start = list.first().map_or(0, |first| range(first).start);
    start..list.last().map_or(start, |last| range(last).end)
}

/// The text of a list of items from the first to the last, reordered; `None` for none.
fn items(source: &Source, list: &[Item], out: &mut Rewritten) -> Option<String> {
    let mut entries = Vec::new();
    let mut segment = 0;
    for item in list {
        let text = item_text(source, item, out);
        // A macro that is defined counts from there on: nothing moves across it, nor across what may define one.
        let defines = match item {
            Item::Macro(_) | Item::Verbatim(_) => true,
            Item::Mod(_) | Item::ExternCrate(_) => {
                item_attributes(item).iter().any(|attribute| attribute.path().is_ident("macro_use"))
            }
            _ => has_macro(item_attributes(item)),
        };
        if defines {
            out.skip(Why::MacroScope, 1);
            segment += 2;
            entries.push((segment - 1, range(item), text));
        } else {
            out.sites += 1;
            entries.push((segment, range(item), text));
        }
    }
    permuted(source, entries)
}

/// The parts with those of each segment turned around; what stands between the places stays.
fn permuted(source: &Source, entries: Vec<(usize, Range<usize>, String)>) -> Option<String> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    // Stable: segments stay in their order, and each is reversed.
    order.sort_by_key(|at| (entries[*at].0, usize::MAX - at));
    let start = entries.first()?.1.start;
    let mut text = String::new();
    let mut done = start;
    for (place, from) in entries.iter().zip(order) {
        text.push_str(&source.text[done..place.1.start]);
        text.push_str(&entries[from].2);
        done = place.1.end;
    }
    Some(text)
}

/// An item's text, with its own lists reordered.
fn item_text(source: &Source, item: &Item, out: &mut Rewritten) -> String {
    let whole = range(item);
    let inner = match item {
        _ if item_is_hidden(item).is_some() => None,
        Item::Mod(module) => {
            module.content.as_ref().and_then(|(_, list)| Some((span(list), items(source, list, out)?)))
        }
        Item::Impl(block) => members(source, &block.items, out),
        Item::Trait(block) => members(source, &block.items, out),
        _ => None,
    };
    match inner {
        Some((place, text)) => {
            format!("{}{text}{}", &source.text[whole.start..place.start], &source.text[place.end..whole.end])
        }
        None => source.text[whole].to_owned(),
    }
}

/// Members see each other wherever they stand, also those that a macro makes.
fn members<T: Spanned>(source: &Source, list: &[T], out: &mut Rewritten) -> Option<(Range<usize>, String)> {
    out.sites += list.len();
    let entries = list.iter().map(|member| (0, range(member), source.of(member).to_owned())).collect();
    Some((span(list), permuted(source, entries)?))
}
