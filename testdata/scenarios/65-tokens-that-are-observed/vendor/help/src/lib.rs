extern crate proc_macro;
use proc_macro::TokenStream;

#[proc_macro_derive(Help, attributes(help))]
pub fn help(item: TokenStream) -> TokenStream {
    let text = format!("{:?}", item.to_string());
    format!("impl Help for Options {{ fn help(&self) -> String {{ {text}.to_string() }} }}").parse().unwrap()
}
