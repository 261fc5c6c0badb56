//! What type aliases stand for: the compiler never writes an alias, the analysis writes a header as it is in the source.
//!
//! Only plain `type` items of the crates that are looked at, and the standard library's for integers that aren't zero. An
//! alias that several crates or modules define unlike, or whose name another type has as well, stands for nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use quote::ToTokens;
use rememo_analyzer::report::{Item, ItemKind};

/// How many aliases one header may hold, one within another included.
const MOST: usize = 64;

/// Aliases by name.
#[derive(Debug, Default)]
pub struct Aliases {
    known: BTreeMap<String, Option<Alias>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Alias {
    parameters: Vec<String>,
    meaning: String,
}

impl Aliases {
    /// Reads the aliases among the items; `root` is the folder that their files are relative to.
    pub fn read(items: &[Item], root: &Path) -> Aliases {
        let mut aliases = Aliases::default();
        for primitive in ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"] {
            let (first, rest) = primitive.split_at(1);
            let name = format!("NonZero{}{rest}", first.to_uppercase());
            let meaning = format!("NonZero<{primitive}>");
            aliases.known.insert(name, Some(Alias { parameters: Vec::new(), meaning }));
        }
        for item in items.iter().filter(|item| matches!(item.kind, ItemKind::Type | ItemKind::Trait)) {
            let (around, name) = item.path.rsplit_once("::").unwrap_or(("", &item.path));
            // An impl's own types are no names.
            let Some(file) = item.file.as_ref().filter(|_| !around.contains(['<', ' '])) else { continue };
            let text = crate::calls::lines(&root.join(file), item.line, item.end_line);
            if !aliases.define(&text) {
                aliases.known.insert(name.to_owned(), None);
            }
        }
        aliases
    }

    /// Whether the text is an alias.
    fn define(&mut self, text: &str) -> bool {
        let Ok(item) = syn::parse_str::<syn::ItemType>(text) else { return false };
        let parameters = item.generics.params.iter().filter_map(|parameter| match parameter {
            syn::GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
            syn::GenericParam::Const(parameter) => Some(parameter.ident.to_string()),
            syn::GenericParam::Lifetime(_) => None,
        });
        let meaning = item.ty.to_token_stream().to_string().replace(" :: ", "::").replace("& '", "&'");
        let alias = Alias { parameters: parameters.collect(), meaning };
        match self.known.entry(item.ident.to_string()) {
            Entry::Vacant(free) => drop(free.insert(Some(alias))),
            Entry::Occupied(mut known) if *known.get() != Some(alias) => drop(known.insert(None)),
            Entry::Occupied(_) => {}
        }
        true
    }

    /// A header or a path with all aliases seen through that stand between `<` and `>`; `is_parameter` names what is none.
    pub fn seen_through(&self, path: &str, is_parameter: &dyn Fn(&str) -> bool) -> String {
        let mut path = path.to_owned();
        let mut from = path.find('<').unwrap_or(path.len());
        for _ in 0..MOST {
            let Some((at, name, alias)) = self.first(&path, from, is_parameter) else { break };
            let (arguments, end) = arguments(&path, at + name);
            let mut meaning = alias.meaning.clone();
            for (parameter, argument) in alias.parameters.iter().zip(arguments) {
                meaning = replaced(&meaning, parameter, argument);
            }
            path.replace_range(at..end, &meaning);
            from = at;
        }
        path
    }

    /// The first alias from there on: where it stands, and how long its name is.
    fn first(&self, path: &str, from: usize, is_parameter: &dyn Fn(&str) -> bool) -> Option<(usize, usize, &Alias)> {
        words(path).filter(|(at, _)| *at >= from).find_map(|(at, word)| {
            let alias = self.known.get(word)?.as_ref()?;
            let rest = &path[at + word.len()..];
            let is_module = rest.starts_with("::") && !rest.starts_with("::<");
            let is_type = !is_module && !rest.starts_with('!') && !path[..at].ends_with([':', '\'']);
            (is_type && !is_parameter(word) && alias.meaning != word).then_some((at, word.len(), alias))
        })
    }
}

/// The arguments behind a name that ends there, without lifetimes, and where they end.
fn arguments(path: &str, at: usize) -> (Vec<&str>, usize) {
    let open = if path[at..].starts_with("::<") { at + 2 } else { at };
    if !path[open..].starts_with('<') {
        return (Vec::new(), at);
    }
    let (mut depth, mut start, mut found) = (0_i32, open + 1, Vec::new());
    for (here, c) in path.char_indices().skip_while(|(here, _)| *here < open) {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' if path[..here].ends_with('-') => {}
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 1 => {
                found.push(path[start..here].trim());
                start = here + 1;
            }
            _ => {}
        }
        if depth == 0 {
            found.push(path[start..here].trim());
            found.retain(|argument| !argument.starts_with('\''));
            return (found, here + 1);
        }
    }
    (Vec::new(), at)
}

fn replaced(text: &str, parameter: &str, argument: &str) -> String {
    let mut out = String::new();
    let mut end = 0;
    for (at, word) in words(text).filter(|(_, word)| *word == parameter) {
        out.push_str(&text[end..at]);
        out.push_str(argument);
        end = at + word.len();
    }
    out + &text[end..]
}

/// Names of a text, and where they stand.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(is_word).filter_map(move |(at, _)| {
        let is_first = !text[..at].ends_with(is_word);
        let length = text[at..].find(|c| !is_word(c)).unwrap_or(text.len() - at);
        is_first.then(|| (at, &text[at..at + length]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbol;

    #[test]
    fn an_alias_stands_for_its_type_with_its_arguments() {
        let mut aliases = Aliases::default();
        aliases.define("pub type Ix1 = Dim<[Ix; 1]>;");
        aliases.define("/// Doc.\npub type Ix = usize;");
        aliases.define("type WA<S> = (u32, std::sync::Arc<S>);");
        aliases.define("type Twice = u8;");
        aliases.define("type Twice = u16;");
        let seen = |path: &str| symbol::short(&aliases.seen_through(path, &|name| name == "T"));
        let is = |path: &str, expected: &str| assert_eq!(seen(path), symbol::short(expected), "{path}");
        is("nd::<Slice<Ix1> as Arg<Ix>>::of", "nd::<Slice<Dim<[usize; 1]>> as Arg<usize>>::of");
        is(
            "p::<Union<(WA<A>, WA::<WA<B>>)> as S>::m",
            "p::<Union<((u32, Arc<A>), (u32, Arc<(u32, Arc<B>)>))> as S>::m",
        );
        is("p::<Twice as S>::m", "p::<Twice as S>::m");
        is("p::<other::Ix as S<T>>::Ix", "p::<other::Ix as S<T>>::Ix");
    }
}
