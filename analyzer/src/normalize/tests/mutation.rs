//! One token changed must change the hash, one name changed throughout must not.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens as _;

use super::hash_item;
use crate::normalize::impl_item;

/// Our own sources, as code that nobody wrote for this test.
const SOURCES: [&str; 8] = [
    include_str!("../writer.rs"),
    include_str!("../token.rs"),
    include_str!("../text.rs"),
    include_str!("../attribute.rs"),
    include_str!("../format.rs"),
    include_str!("../literal.rs"),
    include_str!("../block.rs"),
    include_str!("../standard_macro.rs"),
];

fn functions(source: &str) -> Vec<syn::ImplItemFn> {
    let mut functions = Vec::new();
    for item in syn::parse_file(source).unwrap().items {
        match item {
            syn::Item::Fn(f) => {
                functions.push(syn::ImplItemFn {
                    attrs: f.attrs,
                    vis: f.vis,
                    modifiers: f.modifiers,
                    sig: f.sig,
                    block: *f.block,
                });
            }
            syn::Item::Impl(block) => functions.extend(block.items.into_iter().filter_map(|item| match item {
                syn::ImplItem::Fn(f) => Some(f),
                _ => None,
            })),
            _ => {}
        }
    }
    functions
}

/// What another token may stand in this one's place, if any.
fn other_token(token: &TokenTree) -> Option<TokenTree> {
    Some(match token {
        TokenTree::Ident(ident) => match ident.to_string().as_str() {
            "true" => Ident::new("false", Span::call_site()).into(),
            "false" => Ident::new("true", Span::call_site()).into(),
            "break" => Ident::new("continue", Span::call_site()).into(),
            name => Ident::new(&format!("{name}_other"), Span::call_site()).into(),
        },
        TokenTree::Literal(literal) => match syn::Lit::new(literal.clone()) {
            syn::Lit::Str(string) => Literal::string(&format!("{}!", string.value())).into(),
            syn::Lit::Char(_) => Literal::character('\u{1}').into(),
            syn::Lit::ByteStr(_) => Literal::byte_string(b"\x01").into(),
            _ => Literal::usize_unsuffixed(77_777).into(),
        },
        TokenTree::Punct(punct) if punct.spacing() == Spacing::Alone => {
            let other = match punct.as_char() {
                '+' => '-',
                '-' => '+',
                '*' => '/',
                '<' => '>',
                '>' => '<',
                '&' => '*',
                '!' => '-',
                _ => return None,
            };
            Punct::new(other, Spacing::Alone).into()
        }
        _ => return None,
    })
}

/// Calls `see` with each stream in which one token is another.
fn mutations(tokens: &TokenStream, see: &mut dyn FnMut(&TokenTree, TokenStream)) {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let with = |tree: TokenTree| -> TokenStream {
            trees[..at].iter().cloned().chain([tree]).chain(trees[at + 1..].iter().cloned()).collect()
        };
        if let TokenTree::Group(group) = tree {
            mutations(&group.stream(), &mut |token, inner| {
                see(token, with(Group::new(group.delimiter(), inner).into()));
            });
            if group.delimiter() == Delimiter::Brace && !group.stream().is_empty() {
                see(tree, with(Group::new(Delimiter::Brace, TokenStream::new()).into()));
            }
        } else if let Some(other) = other_token(tree) {
            see(tree, with(other));
        }
    }
}

#[test]
fn changing_any_one_token_of_a_real_function_changes_its_hash() {
    let mut tried = 0;
    for source in SOURCES {
        for mut function in functions(source) {
            // Documentation and visibility say nothing, and the test is about what does.
            function.attrs.clear();
            function.vis = syn::Visibility::Inherited;
            let before = impl_item(&syn::ImplItem::Fn(function.clone()));
            mutations(&function.to_token_stream(), &mut |token, mutated| {
                if let Ok(mutant) = syn::parse2::<syn::ImplItem>(mutated.clone()) {
                    tried += 1;
                    assert_ne!(before, impl_item(&mutant), "{token} in {mutated}");
                }
            });
        }
    }
    assert!(tried > 3000, "only {tried} mutants parsed");
}

#[test]
fn renaming_any_one_local_of_a_real_function_throughout_keeps_its_hash() {
    fn rename(tokens: TokenStream, from: &str, to: &str) -> TokenStream {
        tokens
            .into_iter()
            .map(|token| match token {
                TokenTree::Ident(ident) if ident == from => Ident::new(to, ident.span()).into(),
                TokenTree::Group(group) => Group::new(group.delimiter(), rename(group.stream(), from, to)).into(),
                token => token,
            })
            .collect()
    }
    let source = "fn f(first: &[u8], rest: usize) -> usize {
        let mut sum = 0;
        for (index, byte) in first.iter().enumerate() {
            let Some(next) = first.get(index + 1) else { continue };
            sum += match byte { 0 => rest, 1 | 2 if *next > 3 => index, value @ 4..=9 => *value as usize, _ => 1 };
        }
        let add = |left: usize, right| left.wrapping_add(right);
        while let Some(last) = first.last() && sum < 10 { sum = add(sum, *last as usize); }
        sum
    }";
    let before = hash_item(source);
    for local in ["first", "rest", "sum", "index", "byte", "next", "value", "add", "left", "right"] {
        let renamed = if local == "first" {
            source.replace("first", "zzz")
        } else {
            rename(source.parse().unwrap(), local, "zzz").to_string()
        };
        assert_eq!(before, hash_item(&renamed), "{local}");
    }
}
