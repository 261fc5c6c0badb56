//! Macro calls in bodies whose `macro_rules!` an external package declares, where cargo has its sources.
//!
//! Its definition counts by the package's version, so all that matters is what the call makes of it. Expansion knows no hygiene:
//! where a name of the input might meet one that the macro binds, the call stays one of a macro that nobody sees.

use proc_macro2::{TokenStream, TokenTree};
use rustc_hash::FxHashSet as HashSet;

use super::bodies::Body;
use super::types::TyId;
use crate::ir::{Attr, DeclKind, MacroCall, Sym};
use crate::program::Def;

impl Body<'_, '_, '_, '_> {
    /// Expands a call of another package's macro and reads what it makes; `None` if that isn't known for sure.
    pub(super) fn expand_foreign(&mut self, call: &MacroCall) -> Option<TyId> {
        let program = self.infer.program;
        let names: Vec<Sym> = call.path.segments.iter().map(|segment| segment.name).collect();
        let defs = program.resolve_plain(self.module, call.path.global, &names);
        let [Def::Foreign(id)] = defs[..] else { return None };
        let node = program.external_macro(id)?;
        let Some(DeclKind::MacroRules(definition, _)) = program.decl(node) else { return None };
        let decl = program.node(node).decl.as_ref()?;
        let means_others = decl.attrs.iter().any(|attr| matches!(attr, Attr::InnerMacros));
        let input: TokenStream = call.tokens.parse().ok()?;
        if means_others || !stay_apart(input.clone(), definition.parse().ok()?) {
            return None;
        }
        // Macros that log say where they stand, as panics do: of another package's own words that doesn't count. What its
        // input asks for does.
        let silent = !asks(input);
        self.silent += u32::from(silent);
        let made = self.expand(call, &[node]);
        self.silent -= u32::from(silent);
        made
    }
}

/// Whether tokens call a macro, which may be `line!`.
fn asks(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == '!',
        TokenTree::Group(group) => asks(group.stream()),
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    })
}

/// Whether no name of a macro's input can be one that its definition binds.
fn stay_apart(input: TokenStream, definition: TokenStream) -> bool {
    let (mut given, mut bound) = (HashSet::default(), HashSet::default());
    named(input, &mut given);
    bindable(definition, &mut bound);
    given.is_disjoint(&bound)
}

/// All names in tokens, those that format strings capture among them.
fn named(tokens: TokenStream, out: &mut HashSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => {
                out.insert(ident.to_string());
            }
            TokenTree::Group(group) => named(group.stream(), out),
            TokenTree::Literal(literal) => {
                for part in literal.to_string().split(['{', '$']) {
                    let end = |c: char| !c.is_alphanumeric() && c != '_';
                    out.extend(part.split(['}', ':']).map(|name| name.split(end).next().unwrap_or(name).to_owned()));
                    // `{:width$}` captures a width.
                    out.extend(part.rsplit(end).take(1).map(str::to_owned));
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// The names in a definition that may be those of locals: what is no keyword, no variable of the macro, and called like one.
fn bindable(tokens: TokenStream, out: &mut HashSet<String>) {
    let mut last = ' ';
    for tree in tokens {
        let mut this = ' ';
        match tree {
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                let is_keyword = syn::parse_str::<syn::Ident>(&name).is_err();
                if last != '$' && !is_keyword && !name.starts_with(char::is_uppercase) {
                    out.insert(name);
                }
            }
            TokenTree::Group(group) => bindable(group.stream(), out),
            TokenTree::Punct(punct) => this = punct.as_char(),
            TokenTree::Literal(_) => {}
        }
        last = this;
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    #[test]
    fn a_name_that_the_macro_binds_may_not_be_given_to_it() {
        let read = |text: &str| text.parse::<TokenStream>().expect("tokens");
        let stay_apart = |input, definition| super::stay_apart(read(input), read(definition));
        let definition = "($($arg:tt)*) => {{ let mut stream = $crate::stderr(); write!(stream, $($arg)*) }}";
        assert!(stay_apart(r#""{text} {:depth$}", name.len()"#, definition));
        assert!(!stay_apart(r#""{}", stream"#, definition));
        assert!(!stay_apart(r#""{stream}""#, definition));
        assert!(!stay_apart(r#""{:stream$}""#, definition));
        assert!(!stay_apart(r#""{:>1$stream$}", 1"#, definition));
    }
}
