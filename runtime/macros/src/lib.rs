//! The `#[cached]` attribute of [rememo](https://docs.rs/rememo), which re-exports and documents it.
//!
//! Thin: it checks the signature, finds the function's entry in the build hook's table and emits the function with a call
//! into the runtime. It never reads a body, and it always leaves the function defined, errors or not.

mod compiler;
mod expand;
mod features;
mod options;
mod packages;
mod signature;
mod staleness;
mod surroundings;
mod table;

use proc_macro::TokenStream;

/// Stores what a function returns, and returns what is stored as long as nothing that the result depends on has changed.
/// See the crate `rememo` for all there is to say.
#[proc_macro_attribute]
pub fn cached(options: TokenStream, item: TokenStream) -> TokenStream {
    let original = proc_macro2::TokenStream::from(item.clone());
    let expanded = syn::parse::<signature::Function>(item).and_then(|function| {
        let options = syn::parse::<options::Options>(options)?;
        let table = table::Table::find()
            .map_err(|missing| syn::Error::new(proc_macro2::Span::call_site(), missing.message()))?;
        expand::expand(function, &options, &table)
    });
    // With an error, the function stands as it was written, so that nothing else fails for want of it.
    expanded
        .unwrap_or_else(|error| {
            let error = error.to_compile_error();
            quote::quote!(#original #error)
        })
        .into()
}
