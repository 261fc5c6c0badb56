extern crate proc_macro;
use proc_macro::TokenStream;

#[proc_macro_derive(Label)]
pub fn label(item: TokenStream) -> TokenStream {
    let text = item.to_string();
    let kind = text.split_whitespace().skip_while(|word| *word != "struct").nth(1);
    let kind = kind.unwrap_or("").trim_end_matches(';');
    format!("impl Label for {kind} {{ fn label(&self) -> String {{ String::new() }} }}").parse().unwrap()
}
