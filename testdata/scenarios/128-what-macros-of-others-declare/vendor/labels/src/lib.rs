extern crate proc_macro;
use proc_macro::TokenStream;

#[proc_macro_derive(Label, attributes(label))]
pub fn label(item: TokenStream) -> TokenStream {
    let text = item.to_string();
    let kind = text.split_whitespace().skip_while(|word| *word != "struct").nth(1).unwrap_or("");
    let called = text.split('"').nth(1).unwrap_or("");
    format!("impl {kind} {{ pub fn label(&self) -> u32 {{ {called}::number(self.weight) }} }}").parse().unwrap()
}
