//! The function under the attribute, and what can't be cached about one.
//!
//! Each refusal points at the user's own token, gives the reason and the way out. The body stays a token tree: looking
//! into it would slow editors down and could only lose its spans.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident};
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, FnArg, GenericParam, Ident, Pat, ReceiverKind, Result, ReturnType, Signature, Token, Type,
    Visibility,
};

use crate::options::Options;

/// A function with its body unread.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenTree,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        if !(input.peek(Token![fn])
            || input.peek(Token![async])
            || input.peek(Token![const])
            || input.peek(Token![unsafe])
            || input.peek(Token![extern]))
        {
            return Err(input.error("`#[cached]` goes on a function"));
        }
        let signature: Signature = input.parse()?;
        let body: TokenTree = input.parse()?;
        match &body {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {}
            other => {
                let message = "a method without a body can't be cached; put `#[cached]` on the method in each impl";
                return Err(Error::new(other.span(), message));
            }
        }
        Ok(Function { attributes, visibility, signature, body })
    }
}

/// One argument, as the generated code sees it.
pub(crate) struct Argument {
    /// What it is called in the new signature.
    pub(crate) name: Ident,
    /// What has to be bound before the body: the user's own pattern.
    pub(crate) pattern: Option<Pat>,
    /// Its type as written; `None` for `self` without one.
    pub(crate) ty: Option<Type>,
}

/// Refuses what can't be cached and takes the patterns out of the arguments. The signature is changed so that each argument
/// has a plain name.
pub(crate) fn check(function: &mut Function, options: &Options) -> Result<Vec<Argument>> {
    let mut errors = Errors(None);
    let signature = &function.signature;
    if let Some(token) = &signature.constness {
        errors.add(
            token.span,
            "a const fn can't be cached: it may run at compile time, where there is no cache; drop `const`, or cache a function that calls this one",
        );
    }
    if let Some(abi) = &signature.abi
        && abi.name.as_ref().is_none_or(|name| name.value() != "Rust")
    {
        errors.add(
            abi.extern_token.span,
            "an extern function can't be cached: its arguments come from code that rememo can't see; cache an ordinary function and call it from this one",
        );
    }
    if let Some(variadic) = &signature.variadic {
        errors.add(variadic.dots.spans[0], "a variadic function can't be cached: its arguments can't be part of a key");
    }
    output(&signature.output, &mut errors);
    let arguments = arguments(&mut function.signature, options, &mut errors);
    named_arguments_exist(&arguments, options, &mut errors);
    errors.finish().map(|()| arguments)
}

/// Whether the signature itself has type or const parameters, hidden ones included.
pub(crate) fn is_generic(signature: &Signature) -> bool {
    signature.generics.params.iter().any(|p| !matches!(p, GenericParam::Lifetime(_)))
        || signature
            .inputs
            .iter()
            .any(|input| matches!(input, FnArg::Typed(arg) if has_word(arg.ty.to_token_stream(), "impl")))
}

fn output(output: &ReturnType, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = output else { return };
    match &**ty {
        Type::Never(never) => {
            return errors.add(never.bang_token.span, "a function that never returns has no result to store");
        }
        Type::Reference(reference) => {
            return errors.add(
                reference.and_token.span,
                "a borrowed result can't be cached: there is nothing to borrow from once it is read back; return an owned value, or an `Arc` to keep hits cheap",
            );
        }
        _ => {}
    }
    walk(ty.to_token_stream(), &mut |token, next| {
        if let TokenTree::Ident(word) = token
            && word == "impl"
        {
            errors.add(
                word.span(),
                "an `impl Trait` result can't be cached: reading it back needs to know its type; name the type",
            );
        }
        if let TokenTree::Punct(tick) = token
            && tick.as_char() == '\''
            && let Some(TokenTree::Ident(name)) = next
            && name != "static"
        {
            errors.add(
                tick.span(),
                "a result that borrows can't be cached: there is nothing to borrow from once it is read back; return an owned value",
            );
        }
        if let TokenTree::Punct(and) = token
            && and.as_char() == '&'
            && !matches!(next, Some(TokenTree::Punct(tick)) if tick.as_char() == '\'')
        {
            errors.add(
                and.span(),
                "a result that borrows can't be cached: there is nothing to borrow from once it is read back; return an owned value",
            );
        }
    });
}

fn arguments(signature: &mut Signature, options: &Options, errors: &mut Errors) -> Vec<Argument> {
    let mut arguments = Vec::new();
    // A companion calls the function, which an argument of the same name would hide. Options may mean the argument.
    let called = (!options.may_name_arguments()).then(|| signature.ident.clone());
    for (number, input) in signature.inputs.iter_mut().enumerate() {
        match input {
            FnArg::Receiver(receiver) => {
                let name = Ident::new("self", receiver.self_token.span);
                let mutable = match &receiver.kind {
                    ReceiverKind::Reference(_, _, mutable) => mutable.map(|token| token.span),
                    ReceiverKind::Typed(_, ty) => mutable_reference(ty.to_token_stream()),
                    _ => None,
                };
                if let Some(span) = mutable {
                    errors.add(
                        span,
                        "a method that takes `&mut self` can't be cached: a hit would not change `self`; take `&self` and return what changes",
                    );
                }
                if let Some(token) = receiver.mutability {
                    errors.add(
                        token.span,
                        "`mut self` can't be cached as it is written; take `self` and begin the body with `let mut this = self;`",
                    );
                }
                let ty = match &receiver.kind {
                    ReceiverKind::Typed(_, ty) => Some((**ty).clone()),
                    _ => None,
                };
                arguments.push(Argument { name, pattern: None, ty });
            }
            FnArg::Typed(arg) => {
                for attribute in &arg.attrs {
                    if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
                        errors.add_spanned(
                            attribute,
                            "an argument under `cfg` can't be cached; write the function twice",
                        );
                    }
                }
                let (name, pattern) = match &mut *arg.pat {
                    Pat::Ident(plain)
                        if plain.by_ref.is_none()
                            && plain.subpat.is_none()
                            && Some(&plain.ident) != called.as_ref() =>
                    {
                        let pattern = plain.mutability.is_some().then(|| Pat::Ident(plain.clone()));
                        plain.mutability = None;
                        (plain.ident.clone(), pattern)
                    }
                    other => {
                        let name = format_ident!("__argument_{}", number, span = Span::mixed_site());
                        let ident = syn::parse_quote!(#name);
                        (name, Some(std::mem::replace(other, ident)))
                    }
                };
                argument_type(&arg.ty, &name, options, errors);
                arguments.push(Argument { name, pattern, ty: Some((*arg.ty).clone()) });
            }
        }
    }
    arguments
}

fn argument_type(ty: &Type, name: &Ident, options: &Options, errors: &mut Errors) {
    if let Some(span) = mutable_reference(ty.to_token_stream()) {
        errors.add(
            span,
            "a `&mut` argument can't be cached: a hit would not change what it points to; take the value and return the changed one",
        );
        return;
    }
    if options.keys.iter().any(|(keyed, _)| keyed == name) || options.ignored.iter().any(|ignored| ignored == name) {
        return;
    }
    let what = match ty {
        Type::ImplTrait(_) => "an `impl Trait`",
        Type::FnPtr(_) => "a function pointer",
        _ if has_word(ty.to_token_stream(), "dyn") => "a trait object",
        _ => return,
    };
    let shown = if name.to_string().starts_with("__argument") { "argument".to_owned() } else { name.to_string() };
    errors.add_spanned(
        ty,
        &format!(
            "{what} has no content that could be part of a key; say what tells its values apart: `#[cached(key({shown} = ...))]`, or `ignore({shown})` if it makes no difference"
        ),
    );
}

fn named_arguments_exist(arguments: &[Argument], options: &Options, errors: &mut Errors) {
    let keyed: Vec<&Ident> = options.keys.iter().map(|(name, _)| name).collect();
    for (i, name) in keyed.iter().copied().chain(&options.ignored).enumerate() {
        if !arguments.iter().any(|argument| argument.name == *name) {
            errors.add_spanned(name, &format!("there is no argument `{name}`"));
        }
        if keyed.iter().copied().chain(&options.ignored).take(i).any(|earlier| earlier == name) {
            errors.add_spanned(name, &format!("`{name}` is named twice"));
        }
    }
}

/// The `mut` of the first `&mut` or `&'a mut`.
fn mutable_reference(tokens: TokenStream) -> Option<Span> {
    let mut found = None;
    let mut behind_and = false;
    walk(tokens, &mut |token, _| match token {
        TokenTree::Punct(p) if p.as_char() == '&' => behind_and = true,
        TokenTree::Punct(p) if p.as_char() == '\'' => {}
        TokenTree::Ident(word) if word == "mut" => {
            if behind_and && found.is_none() {
                found = Some(word.span());
            }
            behind_and = false;
        }
        // A lifetime's name may stand between the two; its tick came right before.
        TokenTree::Ident(_) => {}
        _ => behind_and = false,
    });
    found
}

pub(crate) fn has_word(tokens: TokenStream, wanted: &str) -> bool {
    let mut found = false;
    walk(tokens, &mut |token, _| found |= matches!(token, TokenTree::Ident(word) if word == wanted));
    found
}

/// Shows every token with the one behind it, groups opened.
fn walk(tokens: TokenStream, see: &mut impl FnMut(&TokenTree, Option<&TokenTree>)) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        see(&token, tokens.peek());
        if let TokenTree::Group(group) = token {
            walk(group.stream(), see);
        }
    }
}

/// Collects every refusal, so that one build shows them all.
struct Errors(Option<Error>);

impl Errors {
    fn add(&mut self, span: Span, message: &str) {
        self.push(Error::new(span, message));
    }

    fn add_spanned(&mut self, tokens: impl quote::ToTokens, message: &str) {
        self.push(Error::new_spanned(tokens, message));
    }

    fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    fn finish(self) -> Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
