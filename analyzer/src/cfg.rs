//! Configuration predicates: parsing, and an answer that may be "unknown".
//!
//! Nothing here may guess: a predicate without a known answer stays unknown, and both branches count.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token, parenthesized};

use crate::ir::{Reader, Wire, Writer};
use crate::project::Cfg;

use crate::ir::wire;

wire! {
    /// What stands in `cfg(..)`.
    pub(crate) enum Predicate {
        /// `unix`, `test`.
        Name(name: String),
        /// `feature = "x"`.
        Value(key: String, value: String),
        All(parts: Vec<Predicate>),
        Any(parts: Vec<Predicate>),
        Not(part: Box<Predicate>),
        /// `true` or `false`.
        Always(answer: bool),
        /// Something that isn't understood.
        Strange(text: String),
    }
}

impl Parse for Predicate {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if let Ok(lit) = input.parse::<syn::LitBool>() {
            return Ok(Predicate::Always(lit.value));
        }
        let path = syn::Path::parse_mod_style(input)?;
        let name = crate::lower::plain_path(&path);
        if input.peek(syn::token::Paren) {
            let inner;
            parenthesized!(inner in input);
            let mut parts = Vec::new();
            while !inner.is_empty() {
                parts.push(inner.parse()?);
                if inner.is_empty() {
                    break;
                }
                inner.parse::<Token![,]>()?;
            }
            return Ok(match name.as_str() {
                "all" => Predicate::All(parts),
                "any" => Predicate::Any(parts),
                "not" if parts.len() == 1 => Predicate::Not(Box::new(parts.remove(0))),
                _ => Predicate::Strange(name),
            });
        }
        if input.parse::<Option<Token![=]>>()?.is_some() {
            let value: LitStr = input.parse()?;
            return Ok(Predicate::Value(name, value.value()));
        }
        Ok(Predicate::Name(name))
    }
}

impl Predicate {
    /// Reads the inside of `cfg(..)`; what doesn't read is kept as text and stays unknown.
    pub(crate) fn from_tokens(tokens: TokenStream) -> Predicate {
        let text = tokens.to_string();
        let parser = |input: ParseStream<'_>| {
            let predicate: Predicate = input.parse()?;
            input.parse::<Option<Token![,]>>()?;
            if input.is_empty() { Ok(predicate) } else { Err(input.error("more than one predicate")) }
        };
        syn::parse::Parser::parse2(parser, tokens).unwrap_or(Predicate::Strange(text))
    }

    /// The answer, if it is known.
    pub(crate) fn eval(&self, cfg: &Cfg) -> Option<bool> {
        match self {
            Predicate::Name(name) => cfg.names.get(name).copied(),
            Predicate::Value(key, value) => {
                let is_set = |all: &Vec<String>| all.contains(value);
                cfg.values.get(key).map(is_set).or_else(|| cfg.among.get(key).map(is_set).filter(|is_set| *is_set))
            }
            Predicate::Always(answer) => Some(*answer),
            Predicate::Strange(_) => None,
            Predicate::Not(part) => part.eval(cfg).map(|answer| !answer),
            Predicate::All(parts) => fold(parts, cfg, false),
            Predicate::Any(parts) => fold(parts, cfg, true),
        }
    }

    /// The single predicates that it is made of, as the source would write them.
    pub(crate) fn leaves(&self, out: &mut Vec<(String, Predicate)>) {
        match self {
            Predicate::Name(name) => out.push((name.clone(), self.clone())),
            Predicate::Value(key, value) => out.push((format!("{key} = {value:?}"), self.clone())),
            Predicate::Always(_) => {}
            Predicate::Strange(text) => out.push((text.clone(), self.clone())),
            Predicate::Not(part) => part.leaves(out),
            Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| part.leaves(out)),
        }
    }
}

/// `decides` decides alone: false for `all`, true for `any`.
fn fold(parts: &[Predicate], cfg: &Cfg, decides: bool) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match part.eval(cfg) {
            Some(answer) if answer == decides => return Some(decides),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(!decides) }
}

/// Whether all predicates hold; unknown counts as possible.
pub(crate) fn possible(when: &[Predicate], cfg: &Cfg) -> bool {
    when.iter().all(|predicate| predicate.eval(cfg) != Some(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Option<bool> {
        let mut cfg = Cfg::default();
        cfg.names.insert("unix".into(), true);
        cfg.values.insert("feature".into(), vec!["fast".into()]);
        cfg.among.insert("other".into(), vec!["on".into()]);
        Predicate::from_tokens(text.parse().unwrap()).eval(&cfg)
    }

    #[test]
    fn known_predicates_are_answered_and_others_stay_unknown() {
        assert_eq!(answer("unix"), Some(true));
        assert_eq!(answer("test"), None);
        assert_eq!(answer("feature = \"fast\""), Some(true));
        assert_eq!(answer("feature = \"slow\""), Some(false));
        assert_eq!(answer("not(feature = \"slow\")"), Some(true));
        assert_eq!(answer("other = \"on\""), Some(true));
        assert_eq!(answer("not(other = \"else\")"), None);
        assert_eq!(answer("any(test, unix)"), Some(true));
        assert_eq!(answer("all(test, unix)"), None);
        assert_eq!(answer("all(test, feature = \"slow\")"), Some(false));
        assert_eq!(answer("something(odd)"), None);
    }
}
