//! Patterns: what they bind, and what they name.

use std::rc::Rc;

use super::bodies::Body;
use super::types::{Ty, TyId};
use super::{Vertex, declared::mention_def};
use crate::ir::{Pat, Sym};
use crate::program::Def;
use crate::report::ItemKind;

impl Body<'_, '_, '_, '_> {
    /// Binds the names of a pattern for a value of that type.
    pub(super) fn bind(&mut self, pat: &Pat, ty: TyId) {
        let ty = if matches!(pat, Pat::Wild | Pat::Ident(..)) { ty } else { self.shape(ty) };
        // Behind a reference, what is taken apart is bound by reference.
        let by_ref = matches!(self.infer.types.get(ty), Ty::Ref(_));
        match pat {
            Pat::Wild | Pat::Rest => {}
            Pat::Ident(name, level, as_ref, sub) => {
                if let Some(sub) = sub {
                    self.bind(sub, ty);
                }
                if sub.is_none() && self.names_constant(*name) {
                    return;
                }
                let ty = self.seen_through(ty, *as_ref);
                self.locals.bind(*name, *level, ty);
            }
            Pat::Path(path) => {
                let (_, found) = self.value_path(path);
                if !matches!(self.infer.types.get(found), Ty::Fn(..)) {
                    self.agree(found, ty);
                }
            }
            Pat::TupleStruct(path, parts) => {
                let fields = self.pattern_fields(path, ty);
                let rest = parts.iter().position(|part| matches!(part, Pat::Rest));
                for (position, part) in parts.iter().enumerate() {
                    let from_end = rest.is_some_and(|rest| position > rest);
                    let field = if from_end {
                        fields.len().checked_sub(parts.len() - position).and_then(|at| fields.get(at))
                    } else {
                        fields.get(position)
                    };
                    let field = field.map_or(TyId::UNKNOWN, |(_, ty)| *ty);
                    let field = self.seen_through(field, by_ref);
                    self.bind(part, field);
                }
            }
            Pat::Struct(path, parts) => {
                let fields = self.pattern_fields(path, ty);
                for (name, part) in parts {
                    let field = fields.iter().find(|(field, _)| field == name);
                    let field = field.map_or(TyId::UNKNOWN, |(_, ty)| *ty);
                    let field = self.seen_through(field, by_ref);
                    self.bind(part, field);
                }
            }
            Pat::Tuple(parts) => {
                let mut types = match self.infer.types.get(self.infer.types.peel(ty)).clone() {
                    Ty::Tuple(types) => types,
                    _ => Rc::default(),
                };
                let at = self.infer.types.peel(ty);
                if self.infer.types.open(at).is_some() && !parts.iter().any(|part| matches!(part, Pat::Rest)) {
                    types = parts.iter().map(|_| self.fresh()).collect();
                    let tuple = self.infer.types.intern(Ty::Tuple(types.clone()));
                    self.infer.types.same(at, tuple);
                }
                let rest = parts.iter().position(|part| matches!(part, Pat::Rest));
                for (position, part) in parts.iter().enumerate() {
                    let from_end = rest.is_some_and(|rest| position > rest);
                    let of = if from_end {
                        types.len().checked_sub(parts.len() - position).and_then(|at| types.get(at))
                    } else {
                        types.get(position)
                    };
                    let of = self.seen_through(of.copied().unwrap_or(TyId::UNKNOWN), by_ref);
                    self.bind(part, of);
                }
            }
            Pat::Slice(parts) => {
                let of = match self.infer.types.get(self.infer.types.peel(ty)).clone() {
                    Ty::Slice(of) => of,
                    Ty::Std(_, args) if args.len() == 1 => args[0],
                    _ => TyId::UNKNOWN,
                };
                for part in parts {
                    match part {
                        // `rest @ ..` binds a slice.
                        Pat::Ident(name, level, _, Some(sub)) if matches!(**sub, Pat::Rest) => {
                            self.locals.bind(*name, *level, ty);
                        }
                        part => {
                            let of = self.seen_through(of, by_ref);
                            self.bind(part, of);
                        }
                    }
                }
            }
            Pat::Ref(of) => {
                let inner = match self.infer.types.get(ty) {
                    Ty::Ref(of) => *of,
                    _ => ty,
                };
                self.bind(of, inner);
            }
            Pat::Or(cases) => {
                // Every case binds the same names: those of the first stay, the others are only read.
                for (position, case) in cases.iter().enumerate() {
                    let locals = self.locals.len();
                    self.bind(case, ty);
                    if position > 0 {
                        self.locals.truncate(locals);
                    }
                }
            }
            Pat::Value(value) => {
                let found = self.expr(value);
                self.agree(found, ty);
            }
            Pat::Range(from, to) => {
                for value in from.iter().chain(to) {
                    let found = self.expr(value);
                    self.agree(found, ty);
                }
            }
            Pat::Typed(pat, declared) => {
                let declared = self.ty(declared);
                self.agree(ty, declared);
                self.bind(pat, declared);
            }
            Pat::Guard(pat, guard) => {
                self.bind(pat, ty);
                self.expr(guard);
            }
            Pat::Macro(call) => {
                self.macro_pattern(call, ty);
            }
            Pat::Tokens(text) => self.bag(text),
        }
    }

    fn seen_through(&mut self, ty: TyId, by_ref: bool) -> TyId {
        if by_ref && ty != TyId::UNKNOWN { self.infer.types.intern(Ty::Ref(ty)) } else { ty }
    }

    /// A constant, a static or a unit struct or variant: it is mentioned, and nothing is bound.
    fn names_constant(&mut self, name: Sym) -> bool {
        let program = self.infer.program;
        let mut found = false;
        for def in program.resolve_plain(self.module, false, &[name]) {
            let constant = match def {
                Def::Node(node) => match program.node(node).kind {
                    ItemKind::Const | ItemKind::Static => true,
                    ItemKind::Type => {
                        matches!(program.decl(node), Some(crate::ir::DeclKind::Struct(_, fields)) if fields.names.is_empty())
                    }
                    _ => false,
                },
                Def::Variant(..) => true,
                Def::Foreign(_) => program.text(name).starts_with(char::is_uppercase),
                _ => false,
            };
            if constant {
                mention_def(program, def, &mut self.facts);
                found = true;
            }
        }
        found
    }

    /// Fields of the struct or variant that a pattern takes apart.
    fn pattern_fields(&mut self, path: &crate::ir::Path, value: TyId) -> Vec<(Sym, TyId)> {
        let words = self.infer.program.words;
        let (found, variant) = self.struct_path(path);
        let value = self.infer.types.peel(value);
        let last = path.segments.last().map_or(Sym::NONE, |segment| segment.name);
        if self.infer.types.open(value).is_some() {
            // The pattern tells what it takes apart.
            let is_std = |name: Sym| [words.some, words.ok, words.err].contains(&name);
            if let Ty::Adt(..) = self.infer.types.get(found) {
                self.infer.types.same(value, found);
            } else if path.segments.len() == 1 && is_std(last) {
                let (a, b) = (self.fresh(), self.fresh());
                let ty = match last == words.some {
                    true => Ty::Std(words.option, Rc::new([a])),
                    false => Ty::Std(words.result, Rc::new([a, b])),
                };
                let ty = self.infer.types.intern(ty);
                self.infer.types.same(value, ty);
            }
        }
        match (self.infer.types.get(found).clone(), self.infer.types.get(value).clone()) {
            (Ty::Adt(node, _), of) => {
                let of = match of {
                    Ty::Adt(other, _) if other == node => value,
                    _ => found,
                };
                let fields = self.infer.fields(node, variant);
                fields.iter().map(|(name, ty)| (*name, self.field_type(of, *ty))).collect()
            }
            (_, Ty::Std(head, args)) => {
                let of = match (self.infer.program.text(head).as_str(), self.infer.program.text(last).as_str()) {
                    ("Option", "Some") | ("Result", "Ok") | ("ControlFlow", "Break") => args.first().copied(),
                    ("Poll", "Ready") | ("Bound", "Included" | "Excluded") | ("Cow", "Borrowed") => {
                        args.first().copied()
                    }
                    ("Reverse", "Reverse") | ("Wrapping", "Wrapping") | ("Saturating", "Saturating") => {
                        args.first().copied()
                    }
                    ("Result", "Err") | ("ControlFlow", "Continue") => args.get(1).copied(),
                    ("Cow", "Owned") => args.first().map(|borrowed| self.owned(*borrowed)),
                    _ => None,
                };
                of.map(|ty| vec![(Sym::NONE, ty)]).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// What `ToOwned` makes of a borrowed type.
    fn owned(&mut self, borrowed: TyId) -> TyId {
        let words = self.infer.program.words;
        let borrowed = self.infer.types.peel(borrowed);
        match self.infer.types.get(borrowed).clone() {
            Ty::Slice(of) => self.infer.types.intern(Ty::Std(words.vec, Rc::new([of]))),
            Ty::Std(head, _) => match self.infer.program.text(head).as_str() {
                "str" => self.infer.types.intern(Ty::Std(words.string, Rc::default())),
                "Path" => self.std_type("PathBuf"),
                "OsStr" => self.std_type("OsString"),
                "CStr" => self.std_type("CString"),
                _ => borrowed,
            },
            _ => borrowed,
        }
    }

    /// The type that a struct literal or pattern names, and its variant.
    pub(super) fn struct_path(&mut self, path: &crate::ir::Path) -> (TyId, Sym) {
        let program = self.infer.program;
        for segment in &path.segments {
            self.written_args(&segment.args);
        }
        let resolved = if path.qself.is_some() { Vec::new() } else { program.resolve(self.module, path) };
        for resolved in &resolved {
            if let Def::Variant(node, variant) = resolved.def {
                mention_def(program, resolved.def, &mut self.facts);
                let unknown = self.adt_unknown(node);
                return (unknown, variant);
            }
        }
        let as_type = crate::ir::Type::Path(path.clone());
        let ty = self.ty(&as_type);
        if let Ty::Adt(node, _) = *self.infer.types.get(ty) {
            // `Self::Variant` is read as a type too: as that of the variant.
            let last = path.segments.last().map_or(Sym::NONE, |segment| segment.name);
            let is_variant = path.segments.len() > 1
                && matches!(program.decl(node), Some(crate::ir::DeclKind::Enum(_, variants))
                    if variants.iter().any(|variant| variant.name == last));
            return (ty, if is_variant { last } else { Sym::NONE });
        }
        // `Self::Variant { .. }` and `Alias::Variant { .. }`.
        if path.segments.len() > 1 && path.qself.is_none() {
            let mut front = path.clone();
            let last = front.segments.pop().map_or(Sym::NONE, |segment| segment.name);
            let of = self.ty(&crate::ir::Type::Path(front));
            if let Ty::Adt(node, _) = self.infer.types.get(of).clone()
                && let Some(crate::ir::DeclKind::Enum(_, variants)) = program.decl(node)
                && variants.iter().any(|variant| variant.name == last)
            {
                self.facts.mention(Vertex::Node(node));
                return (of, last);
            }
        }
        (ty, Sym::NONE)
    }

    /// A type with all its arguments unknown.
    pub(super) fn adt_unknown(&mut self, node: crate::program::NodeId) -> TyId {
        let count = self
            .infer
            .program
            .decl(node)
            .and_then(super::declared::generics)
            .map_or(0, |generics| generics.params.iter().filter(|param| param.constant.is_none()).count());
        let args = (0..count).map(|_| self.fresh()).collect();
        self.infer.types.intern(Ty::Adt(node, args))
    }
}
