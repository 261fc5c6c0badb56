//! Macros that call functions of the crate that uses them.

extern crate proc_macro;
use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn traced(_: TokenStream, item: TokenStream) -> TokenStream {
    item.to_string().replacen('{', "{ crate::hooks::on_enter();", 1).parse().unwrap()
}

#[proc_macro_derive(Report)]
pub fn report(_: TokenStream) -> TokenStream {
    "impl Job { fn report(&self) -> String { crate::hooks::format_report(\"job\") } }".parse().unwrap()
}

#[proc_macro]
pub fn make_constant(name: TokenStream) -> TokenStream {
    format!("const {name}: u32 = crate::hooks::BASE + 2;").parse().unwrap()
}
