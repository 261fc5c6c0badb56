//! Patterns. An identifier introduces a local; the same name in another alternative is the same local.

use quote::ToTokens as _;
use syn::Pat;

use super::tag::Tag;
use super::writer::Writer;

impl Writer {
    pub(super) fn pattern(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Const(p) => {
                self.tag(Tag::PatConst);
                self.attributes(&p.attrs);
                self.modifiers(p.modifiers.require_empty(), p);
                self.without_locals(|w| w.block(&p.block));
            }
            Pat::Guard(p) => {
                self.tag(Tag::PatGuard);
                self.attributes(&p.attrs);
                self.pattern(&p.pat);
                self.expr(&p.guard);
            }
            Pat::Ident(p) => {
                self.tag(Tag::PatIdent);
                self.attributes(&p.attrs);
                self.flag(p.by_ref.is_some());
                self.flag(p.mutability.is_some());
                self.binding(&p.ident);
                self.option(p.subpat.as_ref(), |w, (_, pattern)| w.pattern(pattern));
            }
            Pat::Lit(p) => {
                self.tag(Tag::PatLit);
                self.attributes(&p.attrs);
                self.literal(&p.lit);
            }
            Pat::Macro(p) => {
                self.tag(Tag::PatMacro);
                self.attributes(&p.attrs);
                self.macro_call(&p.mac);
            }
            Pat::Or(p) => match p.cases.first() {
                // A leading bar alone.
                Some(only) if p.cases.len() == 1 && !self.any_attribute_counts(&p.attrs) => self.pattern(only),
                _ => {
                    self.tag(Tag::PatOr);
                    self.attributes(&p.attrs);
                    self.list(&p.cases, Self::pattern);
                }
            },
            Pat::Paren(p) => self.parenthesized(&p.attrs, |w| w.pattern(&p.pat)),
            Pat::Path(p) => {
                self.tag(Tag::PatPath);
                self.attributes(&p.attrs);
                self.qualified_path(p.qself.as_ref(), &p.path);
            }
            Pat::Range(p) => {
                self.tag(Tag::PatRange);
                self.attributes(&p.attrs);
                self.flag(matches!(p.limits, syn::RangeLimits::Closed(_)));
                self.option(p.start.as_deref(), |w, start| w.without_locals(|w| w.expr(start)));
                self.option(p.end.as_deref(), |w, end| w.without_locals(|w| w.expr(end)));
            }
            Pat::Reference(p) => {
                self.tag(Tag::PatReference);
                self.attributes(&p.attrs);
                self.flag(p.mutability.is_some());
                self.pattern(&p.pat);
            }
            Pat::Rest(p) => {
                self.tag(Tag::PatRest);
                self.attributes(&p.attrs);
            }
            Pat::Slice(p) => {
                self.tag(Tag::PatSlice);
                self.attributes(&p.attrs);
                self.list(&p.elems, Self::pattern);
            }
            Pat::Struct(p) => {
                self.tag(Tag::PatStruct);
                self.attributes(&p.attrs);
                self.qualified_path(p.qself.as_ref(), &p.path);
                // `x` and `x: x` are the same: the parser gives both a member and a pattern.
                self.list(&p.fields, |w, field| {
                    w.attributes(&field.attrs);
                    w.member(&field.member);
                    w.pattern(&field.pat);
                });
                self.option(p.rest.as_ref(), |w, rest| w.attributes(&rest.attrs));
            }
            Pat::Tuple(p) => {
                self.tag(Tag::PatTuple);
                self.attributes(&p.attrs);
                self.list(&p.elems, Self::pattern);
            }
            Pat::TupleStruct(p) => {
                self.tag(Tag::PatTupleStruct);
                self.attributes(&p.attrs);
                self.qualified_path(p.qself.as_ref(), &p.path);
                self.list(&p.elems, Self::pattern);
            }
            Pat::Type(p) => {
                self.tag(Tag::PatType);
                self.attributes(&p.attrs);
                self.pattern(&p.pat);
                self.ty(&p.ty);
            }
            Pat::Wild(p) => {
                self.tag(Tag::PatWild);
                self.attributes(&p.attrs);
            }
            other => {
                // It may introduce names that aren't seen here: they must not be taken for outer locals.
                self.tag(Tag::Verbatim);
                self.macro_tokens(&other.to_token_stream());
            }
        }
    }
}
