//! What `#[cached]` puts in a function's place: the function, its body in a closure, and calls into `rememo::__private`.
//!
//! As little as possible: what can be ordinary code is ordinary code of the runtime. The user's tokens keep their spans,
//! everything else has the macro's.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, GenericParam, Path, Result, ReturnType, Safety, parse_quote};

use crate::compiler::Compiler;
use crate::options::{Options, Ttl};
use crate::packages;
use crate::signature::{self, Argument, Function};
use crate::staleness;
use crate::surroundings::Surroundings;
use crate::table::Table;

/// The whole expansion.
pub(crate) fn expand(mut function: Function, options: &Options, table: &Table) -> Result<TokenStream> {
    let arguments = signature::check(&mut function, options)?;
    let krate: Path = options.krate.clone().unwrap_or_else(|| parse_quote!(::rememo));
    let surroundings = match (options.companions, Surroundings::of(&function.signature.ident)) {
        (Some(false), _) => Surroundings::Unknown,
        (Some(true), Surroundings::Unknown | Surroundings::Trait) if function.signature.receiver().is_some() => {
            Surroundings::Inherent
        }
        (Some(true), Surroundings::Unknown | Surroundings::Trait) => Surroundings::Free,
        (_, found) => found,
    };
    let call = Call { function: &function, options, krate: &krate, arguments: &arguments, surroundings };
    let site = call.site(table);
    let owner = match surroundings {
        Surroundings::Free => quote!(),
        Surroundings::Inherent => quote!(Self::),
        Surroundings::Trait | Surroundings::Unknown => return Ok(call.cached(&call.handle(&site))),
    };
    let handle_name = call.handle_name();
    let handle = quote!(#owner #handle_name());
    let (cached, handle_fn, call_fn) = (call.cached(&handle), call.handle_fn(&site), call.call_fn(&owner, &handle));
    Ok(quote!(#cached #handle_fn #call_fn))
}

struct Call<'a> {
    function: &'a Function,
    options: &'a Options,
    krate: &'a Path,
    arguments: &'a [Argument],
    surroundings: Surroundings,
}

impl Call<'_> {
    /// The function itself.
    fn cached(&self, handle: &TokenStream) -> TokenStream {
        let Function { attributes, visibility, signature, body } = self.function;
        let krate = self.krate;
        let output = self.output();
        let enter = if signature.asyncness.is_some() {
            let entering = self.enter(&quote!(enter_async), handle);
            quote!(#entering.await)
        } else {
            self.enter(&quote!(enter), handle)
        };
        let bindings: TokenStream = self
            .arguments
            .iter()
            .filter_map(|argument| {
                let (name, pattern) = (&argument.name, argument.pattern.as_ref()?);
                Some(quote!(let #pattern = #name;))
            })
            .collect();
        let computed = if signature.asyncness.is_some() {
            // The dead `return` tells the block its type, so that `?` and `return` in the body find it.
            quote! {
                __pending.future(async move {
                    if let ::core::option::Option::Some(__output) = ::core::option::Option::None::<#output> {
                        #[allow(unreachable_code)]
                        return __output;
                    }
                    #bindings
                    let __output: #output = #body;
                    #[allow(unreachable_code)]
                    __output
                }).await
            }
        } else if bindings.is_empty() {
            quote!(__pending.compute(move || -> #output #body))
        } else {
            quote!(__pending.compute(move || -> #output { #bindings #body }))
        };
        quote! {
            #(#attributes)* #visibility #signature {
                let __pending = match #enter {
                    #krate::__private::Entered::Hit(__value) => return __value,
                    #krate::__private::Entered::Miss(__pending) => __pending,
                };
                #computed
            }
        }
    }

    /// `NAME_handle()`.
    fn handle_fn(&self, site: &TokenStream) -> TokenStream {
        let (krate, visibility, cfgs, name) = (self.krate, &self.function.visibility, self.cfgs(), self.handle_name());
        let doc = format!("All that is cached of [`{0}`]({0}).", self.function.signature.ident.unraw());
        let handle = self.handle(site);
        quote! {
            #(#cfgs)*
            #[doc = #doc]
            #[allow(dead_code)]
            #visibility fn #name() -> #krate::Handle {
                #handle
            }
        }
    }

    /// `NAME_cache(arguments)`.
    fn call_fn(&self, owner: &TokenStream, handle: &TokenStream) -> TokenStream {
        let Function { visibility, signature, .. } = self.function;
        let (krate, cfgs, name) = (self.krate, self.cfgs(), &signature.ident);
        let output = self.output();
        let mut companion = signature.clone();
        companion.ident = format_ident!("{}_cache", name.unraw(), span = name.span());
        companion.asyncness = None;
        // With spans of this crate, whose edition captures the lifetimes of all arguments, whatever the user's does.
        companion.output = if signature.asyncness.is_some() {
            parse_quote!(-> #krate::Call<#output, impl ::core::future::Future<Output = #output>>)
        } else {
            parse_quote!(-> #krate::Call<#output, impl #krate::__private::Run<#output>>)
        };
        let parameters: Vec<&Ident> = self.parameters().map(|(name, _)| name).collect();
        let turbofish = (!parameters.is_empty()).then(|| quote!(::<#(#parameters),*>));
        let passed = self.arguments.iter().map(|argument| &argument.name);
        let owner = if signature.receiver().is_some() { &quote!(Self::) } else { owner };
        let mut run = quote!(#owner #name #turbofish(#(#passed),*));
        if matches!(signature.safety, Safety::Unsafe(_)) {
            run = quote!(unsafe { #run });
        }
        if signature.asyncness.is_none() {
            run = quote!(move || #run);
        }
        let doc = format!("What is cached for one call of [`{0}`]({0}); computes nothing by itself.", name.unraw());
        let start = self.enter(&quote!(start), handle);
        quote! {
            #(#cfgs)*
            #[doc = #doc]
            #[allow(dead_code)]
            #visibility #companion {
                let __started = #start;
                __started.call(#run)
            }
        }
    }

    fn handle_name(&self) -> Ident {
        let name = &self.function.signature.ident;
        format_ident!("{}_handle", name.unraw(), span = name.span())
    }

    fn cfgs(&self) -> Vec<&Attribute> {
        self.function.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect()
    }

    /// What a call returns.
    fn output(&self) -> TokenStream {
        match &self.function.signature.output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => ty.to_token_stream(),
        }
    }

    /// An expression of type `Handle`, with the function's static in it.
    fn handle(&self, site: &TokenStream) -> TokenStream {
        let krate = self.krate;
        let cache = match &self.options.cache {
            Some(cache) => quote!(::core::option::Option::Some(#cache)),
            None => quote!(::core::option::Option::None),
        };
        quote!(#krate::__private::handle(#site, #cache))
    }

    /// The function's static: which entry of the table is its own, and what only the compiler's process could see.
    fn site(&self, table: &Table) -> TokenStream {
        let krate = self.krate;
        let name = self.function.signature.ident.unraw().to_string();
        let entries = if table.has(&name) {
            let path = format!("/{}/fn/{name}.rs", rememo_table::DIRECTORY);
            quote!(include!(concat!(env!("OUT_DIR"), #path)))
        } else {
            quote!(&[])
        };
        let targets = Compiler::this().targets(std::env::var("CARGO_BIN_NAME").ok().as_deref());
        let span = self.function.signature.ident.span().unwrap();
        let (line, column) = (span.line() as u32, span.column() as u32);
        let id = match &self.options.id {
            Some(id) => quote!(::core::option::Option::Some(#id)),
            None => quote!(::core::option::Option::None),
        };
        let stale = staleness::is_stale(table.directory());
        let overflow_checks = match Compiler::this().overflow_checks() {
            Some(answer) => quote!(#answer),
            None => quote!(cfg!(debug_assertions)),
        };
        let packages = packages::reached_by(table, &name);
        let packages = packages.iter().map(|(package, features)| quote!((#package, #features)));
        let declares = self.declares();
        // Code of an unseen caller may run in it: a generic's, or a closure's that has a key.
        let open = signature::is_generic(&self.function.signature)
            || !self.options.keys.is_empty()
            || !self.options.ignored.is_empty();
        let compress = match self.options.compress {
            Some(compress) => quote!(#krate::__private::compress!(#compress)),
            None => quote!(::core::option::Option::None),
        };
        quote! {
            #krate::__private::site!(
                #name, #entries, [#(#targets),*], #line, #column, #id,
                stale: #stale, overflow_checks: #overflow_checks, packages: [#(#packages),*],
                declares: #declares, open: #open, compress: #compress
            )
        }
    }

    fn declares(&self) -> bool {
        self.options.ttl.is_some() || self.options.etag.is_some() || !self.options.files.is_empty()
    }

    /// The type and const parameters, and whether each is a type.
    fn parameters(&self) -> impl Iterator<Item = (&Ident, bool)> {
        self.function.signature.generics.params.iter().filter_map(|parameter| match parameter {
            GenericParam::Type(ty) => Some((&ty.ident, true)),
            GenericParam::Const(constant) => Some((&constant.ident, false)),
            GenericParam::Lifetime(_) => None,
        })
    }

    /// What tells one instance of a generic function from another: a type, and what else goes into the key.
    fn types(&self) -> (TokenStream, TokenStream) {
        let krate = self.krate;
        let own: Vec<&Ident> = self.parameters().filter(|(_, is_type)| *is_type).map(|(name, _)| name).collect();
        let own = quote!(#(::core::marker::PhantomData<#own>,)*);
        let ty = match self.surroundings {
            Surroundings::Free => quote!((#own)),
            Surroundings::Inherent if own.is_empty() => quote!(Self),
            Surroundings::Inherent => quote!((::core::marker::PhantomData<Self>, #own)),
            // `Self` may have no meaning here. The type of a closure holds all parameters, those of the impl included.
            Surroundings::Trait | Surroundings::Unknown => {
                return (quote!(#krate::__private::Types::of(&__key)), quote!());
            }
        };
        let constants = self.parameters().filter(|(_, is_type)| !*is_type).map(|(name, _)| name);
        let mut values: TokenStream = constants.map(|name| self.encode(name.span(), &quote!(&#name))).collect();
        for argument in self.arguments {
            if argument.ty.as_ref().is_some_and(|ty| signature::has_word(ty.to_token_stream(), "impl")) {
                let name = &argument.name;
                values.extend(self.encode(name.span(), &quote!(&#krate::__private::type_hash_of(&#name))));
            }
        }
        (quote!(#krate::__private::Types::<#ty>::new()), values)
    }

    /// The look-up: by a function of `__private` that takes the handle, the way results are kept, the types, the key's
    /// parts and the declared inputs.
    fn enter(&self, function: &TokenStream, handle: &TokenStream) -> TokenStream {
        let krate = self.krate;
        let results = self.results();
        let key_parts = self.arguments.iter().map(|argument| self.key_part(argument));
        let declared = self.declared();
        let (types, type_parts) = self.types();
        quote! {{
            let __key = |__to: &mut #krate::KeyEncoder| -> ::core::result::Result<(), #krate::KeyError> {
                #(#key_parts)*
                #type_parts
                ::core::result::Result::Ok(())
            };
            let __types = #types;
            let __declare = |__declared: &mut #krate::__private::Declared| { #declared };
            #krate::__private::#function(#handle, #results, __types, __key, __declare)
        }}
    }

    /// How results are kept, decided by the type that the result has, not by what it is called.
    fn results(&self) -> TokenStream {
        let krate = self.krate;
        let output = self.output();
        let span = match &self.function.signature.output {
            ReturnType::Default => Span::call_site(),
            ReturnType::Type(_, ty) => Span::call_site().located_at(ty.span()),
        };
        let results = match &self.options.codec {
            // Named outside of the block that imports, lest an import hide it.
            Some(codec) => {
                quote_spanned!(span=> #krate::__private::results::Results::<#output, #krate::__private::results::By<#codec>>::new())
            }
            None => quote_spanned!(span=> #krate::__private::results::Results::<#output>::new()),
        };
        let way = match self.options.all {
            true => quote_spanned!(span=> (&&&__results).whole()),
            false => quote_spanned!(span=> (&&&&__results).kept()),
        };
        quote_spanned! {span=> {
            let __results = #results;
            use #krate::__private::results::*;
            #way
        }}
    }

    fn key_part(&self, argument: &Argument) -> Option<TokenStream> {
        let name = &argument.name;
        if self.options.ignored.iter().any(|ignored| ignored == name) {
            return None;
        }
        Some(match self.options.keys.iter().find(|(keyed, _)| keyed == name) {
            Some((_, expression)) => {
                let part = self.encode(expression.span(), &quote!(__value));
                // Outside of the block that imports, lest an import hide a name that the expression means.
                quote!(match &(#expression) { __value => #part })
            }
            None => {
                let span = argument.ty.as_ref().map_or(name.span(), |ty| ty.span());
                // `self: Arc<Self>` and its like count by what they point to.
                let pointer =
                    name == "self" && argument.ty.as_ref().is_some_and(|ty| ty.to_token_stream().to_string() != "Self");
                let reference = if pointer { quote!(&*#name) } else { quote!(&#name) };
                self.encode(span, &reference)
            }
        })
    }

    fn encode(&self, span: Span, reference: &TokenStream) -> TokenStream {
        let krate = self.krate;
        quote_spanned! {Span::call_site().located_at(span)=> {
            use #krate::__private::probe::*;
            (&&&&Probe(#reference)).encode(__to)?;
        }}
    }

    fn declared(&self) -> TokenStream {
        let krate = self.krate;
        let ttl = self.options.ttl.as_ref().map(|ttl| match ttl {
            Ttl::Fixed(duration) => {
                let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
                quote!(__declared.ttl(::core::time::Duration::new(#seconds, #nanos));)
            }
            Ttl::Computed(expression) => quote!(__declared.ttl(#expression);),
        });
        let etag = self.options.etag.as_ref().map(|expression| {
            let part = self.encode(expression.span(), &quote!(__value));
            quote! {
                match &(#expression) {
                    __value => __declared.etag(
                        |__to: &mut #krate::KeyEncoder| -> ::core::result::Result<(), #krate::KeyError> {
                            #part
                            ::core::result::Result::Ok(())
                        },
                    ),
                }
            }
        });
        let files = self.options.files.iter().map(|expression| quote!(__declared.files(&(#expression));));
        quote!(#ttl #etag #(#files)*)
    }
}
