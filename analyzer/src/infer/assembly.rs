//! The operands of inline assembly, as expressions.
//!
//! Assembly calls nothing by itself: what its operands read, write and name is all that it leads to. It must give up on
//! what it can't tell apart, so that all tokens count.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

/// What assembly works on.
#[derive(Debug)]
pub(super) struct Operands {
    /// What its operands read, write and name, as a list of expressions.
    pub(super) values: TokenStream,
    /// The macros that make text of its templates, with their input, without their marks.
    pub(super) macros: Vec<String>,
}

/// Takes assembly apart.
pub(super) fn operands(input: TokenStream) -> Option<Operands> {
    let mut macros = Vec::new();
    let comma = || TokenTree::Punct(Punct::new(',', Spacing::Alone));
    let (mut out, mut operand): (Vec<TokenTree>, Vec<TokenTree>) = (Vec::new(), Vec::new());
    for tree in input.into_iter().chain([comma()]) {
        if !is(&tree, ',') {
            operand.push(tree);
            continue;
        }
        let operand = std::mem::take(&mut operand);
        // Whatever makes a template makes a literal: it calls nothing.
        if let [path @ .., mark, TokenTree::Group(input)] = operand.as_slice()
            && is(mark, '!')
        {
            macros.push(path.iter().cloned().collect::<TokenStream>().to_string());
            macros.push(input.stream().to_string());
            continue;
        }
        for value in values(&operand) {
            out.extend(value.iter().cloned().chain([comma()]));
        }
    }
    let values = TokenTree::Group(Group::new(Delimiter::Bracket, out.into_iter().collect())).into();
    Some(Operands { values, macros })
}

/// What one operand reads and writes: `name = inout(reg) from => to` has two.
fn values(operand: &[TokenTree]) -> Vec<&[TokenTree]> {
    let is_at = |at: usize, c| operand.get(at).is_some_and(|tree| is(tree, c));
    let is_named = matches!(operand.first(), Some(TokenTree::Ident(_))) && is_at(1, '=') && !is_at(2, '=');
    let operand = operand.get(if is_named { 2 } else { 0 }..).unwrap_or_default();
    let value = match operand {
        [TokenTree::Ident(word), rest @ ..] => match (word.to_string().as_str(), rest) {
            ("in" | "out" | "inout" | "lateout" | "inlateout", [TokenTree::Group(_), rest @ ..]) => rest,
            ("const" | "sym" | "label", rest) => rest,
            ("options" | "clobber_abi", [TokenTree::Group(_)]) => return Vec::new(),
            _ => operand,
        },
        operand => operand,
    };
    let arrow = value.windows(2).position(|two| is(&two[0], '=') && is(&two[1], '>'));
    let parts = match arrow {
        Some(at) => vec![&value[..at], &value[at + 2..]],
        None => vec![value],
    };
    // What nobody reads is written to `_`.
    parts.into_iter().filter(|part| !part.is_empty() && !matches!(part, [one] if is_unused(one))).collect()
}

fn is(tree: &TokenTree, c: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == c)
}

fn is_unused(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Ident(word) if word == "_")
}
