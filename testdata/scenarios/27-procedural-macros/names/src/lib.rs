//! `#[derive(Name)]`, in the workspace.

extern crate proc_macro;
use proc_macro::TokenStream;

#[proc_macro_derive(Name)]
pub fn name(item: TokenStream) -> TokenStream {
    let text = item.to_string();
    let kind = text.split_whitespace().skip_while(|word| *word != "struct").nth(1);
    let kind = kind.unwrap_or("").trim_end_matches(';');
    format!("impl Name for {kind} {{ fn name(&self) -> String {{ \"{kind}\".to_string() }} }}").parse().unwrap()
}
