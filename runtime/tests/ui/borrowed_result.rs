use std::borrow::Cow;

use rememo::cached;

#[cached]
fn first(words: &[String]) -> &str {
    &words[0]
}

#[cached]
fn trimmed(text: &str) -> Cow<'_, str> {
    text.trim().into()
}

#[cached]
fn both(a: &str) -> Option<(u32, &str)> {
    Some((1, a))
}

#[cached]
fn hidden(text: &str) -> std::str::Chars {
    text.chars()
}

fn main() {}
