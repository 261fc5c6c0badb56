//! `1_000` and `1000`, `0xFF` and `0xff`, `"a"` and `r"a"`.

use proc_macro2::{TokenStream, TokenTree};
use syn::Lit;

use super::Rewritten;
use crate::source::{Source, each, range};
use crate::subject::Subject;
use crate::walk::{Node, Visitor, Why, walk};

pub(super) fn rewrite(source: &Source, subject: &Subject) -> Rewritten {
    let mut literals = Literals { source, out: Rewritten::default() };
    walk(&source.syntax, subject.shadowed(source), &mut literals);
    literals.out
}

struct Literals<'s> {
    source: &'s Source,
    out: Rewritten,
}

impl Visitor for Literals<'_> {
    fn node(&mut self, node: Node<'_>) {
        if let Node::Lit(literal) = node
            && let Some(text) = other_text(literal, self.source.of(literal))
        {
            self.out.sites += 1;
            self.out.edits.replace(range(literal), text);
        }
    }

    fn hidden(&mut self, tokens: TokenStream, why: Why) {
        let mut sites = 0;
        each(&tokens, &mut |token| {
            if let TokenTree::Literal(literal) = token {
                let text = literal.to_string();
                sites += usize::from(other_text(&Lit::new(literal.clone()), &text).is_some());
            }
        });
        self.out.skip(why, sites);
    }
}

/// The same literal in another spelling.
fn other_text(literal: &Lit, text: &str) -> Option<String> {
    // In a pattern the sign is part of it.
    if let Some(text) = text.strip_prefix('-') {
        return Some(format!("-{}", other_text(literal, text.trim_start())?));
    }
    match literal {
        Lit::Int(number) => {
            let (digits, suffix) = text.split_at(text.len() - number.suffix().len());
            let (prefix, digits) = match digits.get(..2) {
                Some("0x" | "0o" | "0b") => digits.split_at(2),
                _ => ("", digits),
            };
            let digits = regrouped(digits);
            let digits = match prefix {
                "0x" if digits.contains(char::is_uppercase) => digits.to_lowercase(),
                "0x" => digits.to_uppercase(),
                _ => digits,
            };
            Some(format!("{prefix}{digits}{suffix}"))
        }
        Lit::Float(number) => {
            let (digits, suffix) = text.split_at(text.len() - number.suffix().len());
            if digits.contains('_') {
                return Some(format!("{}{suffix}", digits.replace('_', "")));
            }
            digits.ends_with(|c: char| c.is_ascii_digit()).then(|| format!("{digits}_{suffix}"))
        }
        Lit::Str(_) | Lit::ByteStr(_) => {
            let (prefix, quoted) = text.split_at(text.find(['"', '#'])?);
            if let Some(prefix) = prefix.strip_suffix('r') {
                let inner = quoted.trim_matches('#').strip_prefix('"')?.strip_suffix('"')?;
                return (!inner.contains(['\\', '"', '\r'])).then(|| format!("{prefix}\"{inner}\""));
            }
            let plain = quoted.ends_with('"') && !quoted.contains(['\\', '\r']);
            plain.then(|| format!("{prefix}r#{quoted}#"))
        }
        _ => None,
    }
}

fn regrouped(digits: &str) -> String {
    if digits.contains('_') {
        return digits.replace('_', "");
    }
    let (first, rest) = digits.split_at(1);
    format!("{first}_{rest}")
}
