//! Which arguments of a cached function can't be told apart by a key that serde writes.
//!
//! A field that serde skips, or writes by a function of the user's, may differ while the key stays the same: then a hit would
//! be wrong. Only types that are analyzed can be looked into; an argument with its own key isn't asked.

use rustc_hash::FxHashSet as HashSet;

use proc_macro2::{TokenStream, TokenTree};

use crate::infer::{Infer, TraitOf, Ty, TyId};
use crate::ir::{Attr, DeclKind, Pat, Sym};
use crate::program::NodeId;
use crate::report::Refusal;

/// Types of the standard library whose content may change behind a shared reference.
const INTERIOR: &[&str] = &["Cell", "RefCell", "UnsafeCell", "Mutex", "RwLock", "OnceCell", "OnceLock"];

/// Why a cached function can't be: a sentence for each argument, with the place of what is in the way.
pub(crate) fn refusals(infer: &mut Infer<'_, '_, '_>, id: NodeId) -> Vec<Refusal> {
    let program = infer.program;
    let Some(decl) = &program.node(id).decl else { return Vec::new() };
    let DeclKind::Fn(function) = &decl.kind else { return Vec::new() };
    let own_key = decl.attrs.iter().find_map(|attr| match attr {
        Attr::Cached(options) => Some(keyed(options)),
        _ => None,
    });
    let Some(own_key) = own_key else { return Vec::new() };
    let Some(signature) = infer.signature(id) else { return Vec::new() };
    let mut out = Vec::new();
    let mut arguments: Vec<(String, TyId)> = Vec::new();
    if let Some(ty) = signature.receiver {
        arguments.push(("self".to_owned(), ty));
    }
    for ((pat, _), ty) in function.params.iter().zip(&signature.params) {
        let name = match pat {
            Pat::Ident(name, ..) => program.text(*name),
            _ => "_".to_owned(),
        };
        arguments.push((name, *ty));
    }
    for (name, ty) in arguments {
        if own_key.contains(&name) {
            continue;
        }
        let mut seen = HashSet::default();
        if let Some((at, what)) = lost(infer, ty, &mut seen) {
            let why = format!(
                "argument `{name}` of `{}` can't be a key: {what}; give it one: #[cached(key({name} = ..))], or implement \
                 rememo::CacheKey for its type",
                program.text(decl.name)
            );
            out.push(Refusal { at, why });
        }
    }
    out
}

/// Names of arguments in `key(a = ..)` and `ignore(b)`.
fn keyed(options: &str) -> HashSet<String> {
    let mut names = HashSet::default();
    let mut trees = options.parse::<TokenStream>().unwrap_or_default().into_iter().peekable();
    while let Some(tree) = trees.next() {
        let TokenTree::Ident(option) = tree else { continue };
        if option != "key" && option != "ignore" {
            continue;
        }
        let Some(TokenTree::Group(group)) = trees.peek() else { continue };
        // The first identifier of each part, up to its comma.
        let mut first = true;
        for tree in group.stream() {
            match tree {
                TokenTree::Ident(name) if first => {
                    names.insert(name.to_string());
                    first = false;
                }
                TokenTree::Punct(punct) if punct.as_char() == ',' => first = true,
                _ => first = false,
            }
        }
    }
    names
}

/// Where and how a type loses something on its way into a key.
fn lost(infer: &mut Infer<'_, '_, '_>, ty: TyId, seen: &mut HashSet<TyId>) -> Option<(String, String)> {
    if !seen.insert(ty) {
        return None;
    }
    match infer.types.get(ty).clone() {
        Ty::Ref(of) | Ty::Slice(of) => lost(infer, of, seen),
        Ty::Tuple(parts) => parts.iter().find_map(|part| lost(infer, *part, seen)),
        Ty::Std(head, args) => {
            let name = infer.program.text(head);
            if INTERIOR.contains(&name.as_str()) || name.starts_with("Atomic") {
                return Some((String::new(), format!("{name} may change while the function runs")));
            }
            args.iter().find_map(|arg| lost(infer, *arg, seen))
        }
        Ty::Adt(node, _) if infer.program.is_external(node) => None,
        Ty::Adt(node, args) => {
            let program = infer.program;
            let cache_key = program.sym("CacheKey");
            let own = infer.index.impls_of.get(&node).map_or(&[][..], Vec::as_slice).iter().any(|id| {
                let named = match program.decl(*id) {
                    Some(DeclKind::Impl(of)) => of
                        .trait_
                        .as_ref()
                        .and_then(|path| path.segments.last())
                        .is_some_and(|last| last.name == cache_key),
                    _ => false,
                };
                named && !matches!(infer.index.impls[id].of, TraitOf::Inherent)
            });
            if own {
                return None;
            }
            let decl = program.node(node).decl.as_ref()?;
            let derives = crate::program::derives(decl, infer.cfg_of(node))
                .any(|path| path.segments.last().is_some_and(|last| program.text(last.name) == "Serialize"));
            let place = format!(
                "{}:{}",
                program.node(node).file.map_or_else(String::new, |file| infer.files.path(file).to_owned()),
                program.node(node).line
            );
            let name = program.text(decl.name);
            if derives {
                let converted = decl.attrs.iter().any(|attr| match attr {
                    Attr::Unknown(path, tokens, _) => {
                        path.segments.last().is_some_and(|last| program.text(last.name) == "serde")
                            && tokens
                                .parse::<TokenStream>()
                                .unwrap_or_default()
                                .into_iter()
                                .any(|tree| matches!(tree, TokenTree::Ident(ident) if ident == "into"))
                    }
                    _ => false,
                });
                if converted {
                    return Some((place, format!("{name} is written by #[serde(into)], which may lose something")));
                }
                let (variants, fields) = match &decl.kind {
                    DeclKind::Enum(_, variants) => (variants.iter().map(|v| (v.name, &v.fields)).collect(), None),
                    DeclKind::Struct(_, fields) | DeclKind::Union(_, fields) => (Vec::new(), Some(fields)),
                    _ => (Vec::new(), None),
                };
                for fields in variants.iter().map(|(_, fields)| *fields).chain(fields) {
                    if let Some((field, attr)) = fields.lossy.first() {
                        let field = program.text(*field);
                        return Some((
                            place,
                            format!("field `{field}` of {name} has {attr}, so two values may write the same"),
                        ));
                    }
                }
            }
            let variants: Vec<Sym> = match &decl.kind {
                DeclKind::Enum(_, variants) => variants.iter().map(|variant| variant.name).collect(),
                _ => vec![Sym::NONE],
            };
            for arg in args.iter() {
                if let Some(found) = lost(infer, *arg, seen) {
                    return Some(found);
                }
            }
            // A hand-written `Serialize` says what counts.
            if !derives {
                return None;
            }
            for variant in variants {
                let fields = infer.fields(node, variant);
                for (field, ty) in fields.iter() {
                    if let Some((at, what)) = lost(infer, *ty, seen) {
                        let at = if at.is_empty() { place.clone() } else { at };
                        return Some((at, format!("{what} (in field `{}` of {name})", program.text(*field))));
                    }
                }
            }
            None
        }
        _ => None,
    }
}
