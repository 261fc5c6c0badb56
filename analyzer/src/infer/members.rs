//! What a name stands for behind a type or a trait: `Type::name`, `<T as Trait>::name`.

use super::bodies::Body;
use super::paths::Target;
use super::types::{Bound, Ty, TyId};
use super::{TraitOf, Vertex};
use crate::ir::{DeclKind, GenericArg, Path, Sym};
use crate::program::NodeId;
use crate::report::ItemKind;
use std::rc::Rc;

impl Body<'_, '_, '_, '_> {
    /// Members of which one is meant, for the type that they are members of.
    fn members(&mut self, found: Vec<NodeId>, of: TyId, turbofish: &[GenericArg]) -> (Target, TyId) {
        match found[..] {
            [member] if self.infer.program.node(member).kind == ItemKind::Fn => {
                (Target::Function, self.function(member, Some(of), turbofish))
            }
            [member] => {
                self.facts.mention(Vertex::Node(member));
                (Target::Value, self.member_type(member, of))
            }
            _ if found.iter().all(|member| self.infer.program.node(*member).kind == ItemKind::Fn) => {
                (Target::Several(found, of), TyId::UNKNOWN)
            }
            _ => {
                found.iter().for_each(|member| self.facts.mention(Vertex::Node(*member)));
                let types: Vec<TyId> = found.iter().map(|member| self.member_type(*member, of)).collect();
                match self.infer.merged(&types) {
                    TyId::UNKNOWN => (Target::Value, self.lost()),
                    common => (Target::Value, self.opened(common)),
                }
            }
        }
    }

    /// Members of which each may be meant.
    pub(super) fn each_counts(&mut self, found: Vec<NodeId>, of: TyId) {
        let (functions, others): (Vec<NodeId>, Vec<NodeId>) =
            found.into_iter().partition(|member| self.infer.program.node(*member).kind == ItemKind::Fn);
        others.into_iter().for_each(|member| self.facts.mention(Vertex::Node(member)));
        self.mention_all(&functions, of);
    }

    /// `<T as Trait>::name` and `<T>::name`.
    pub(super) fn qualified(&mut self, path: &Path, of: &crate::ir::Type, position: usize) -> (Target, TyId) {
        let of = self.ty(of);
        let last = &path.segments[path.segments.len() - 1];
        let (name, turbofish) = (last.name, last.args.clone());
        if position == 0 {
            return self.type_member(of, name, &turbofish);
        }
        let trait_ =
            Path { global: path.global, segments: path.segments[..position].to_vec(), qself: None, ..path.clone() };
        let bound = self.bound(&trait_);
        if path.segments.len() > position + 1 {
            // `<T as Trait>::Assoc::name`.
            let assoc = path.segments[position].name;
            let args: Rc<[TyId]> = match &bound {
                Bound::Trait(_, args, _) | Bound::Std(_, args, _) => args.clone(),
                _ => Rc::default(),
            };
            if let Bound::Trait(node, ..) = bound {
                self.demand(TraitOf::Local(node), assoc, args.clone(), of);
            } else {
                self.method_of_anything(assoc);
            }
            let mut of = self.infer.project(of, assoc, &args);
            if path.segments.len() > position + 2 {
                of = self.through_types(of, path, position + 1);
            }
            return self.type_member(of, name, &turbofish);
        }
        let at = self.shape(of);
        let at = self.infer.types.peel(at);
        match bound {
            Bound::Trait(node, args, _) => {
                let args: Rc<[TyId]> = args.iter().map(|ty| self.opened(*ty)).collect();
                self.trait_member_of(node, &args, name, at, &turbofish)
            }
            Bound::Std(std, args, _) => {
                let mut found = match self.infer.types.get(at).clone() {
                    Ty::Adt(ty, _) => self.infer.candidates(ty, name),
                    Ty::Unknown | Ty::Var(_) | Ty::Param(..) | Ty::Assoc(..) | Ty::Bounded(_) => Vec::new(),
                    _ => self.infer.index.loose.get(&name).cloned().unwrap_or_default(),
                };
                found.retain(|member| {
                    let Some(owner) = self.infer.program.node(*member).owner else { return false };
                    let is_it = self.infer.index.impls.get(&owner).is_some_and(|info| info.of == TraitOf::Std(std));
                    is_it && self.infer.answers(owner, at, &args, 0).is_some()
                });
                if !found.is_empty() {
                    return self.members(found, at, &turbofish);
                }
                self.trigger(std, of);
                let text = self.infer.program.text(std);
                let (of_text, name_text) = (text.as_str(), self.infer.program.text(name));
                if !matches!(of_text, "Default" | "From" | "Clone")
                    && let Some((_, ty)) = self.standard_member(name, at, |_, of| of == of_text || name_text == "fmt")
                {
                    return (Target::StdMember, ty);
                }
                let result = match (of_text, name_text.as_str()) {
                    ("Default", _) => self.infer.types.intern(Ty::Fn(Rc::default(), at)),
                    ("From", _) => {
                        let from = args.first().copied().unwrap_or(TyId::UNKNOWN);
                        self.infer.types.intern(Ty::Fn(Rc::new([from]), at))
                    }
                    ("Clone", "clone") => self.infer.types.intern(Ty::Fn(Rc::new([at]), at)),
                    _ => TyId::UNKNOWN,
                };
                (Target::StdMember, result)
            }
            Bound::External(package) => {
                self.demand(TraitOf::External(package), name, Rc::default(), of);
                let made = self.lost();
                self.escape(made);
                (Target::External, made)
            }
            _ => {
                self.escape(of);
                self.facts.mention(Vertex::AllForeign);
                (Target::External, TyId::UNKNOWN)
            }
        }
    }

    fn is_of_analyzed_trait(&self, member: NodeId) -> bool {
        let owner = self.infer.program.node(member).owner;
        let info = owner.and_then(|owner| self.infer.index.impls.get(&owner));
        info.is_none_or(|info| matches!(info.of, TraitOf::Local(_)))
    }

    fn is_of_trait(&self, member: NodeId, of: NodeId) -> bool {
        let Some(owner) = self.infer.program.node(member).owner else { return false };
        owner == of || self.infer.index.impls.get(&owner).is_some_and(|info| info.of == TraitOf::Local(of))
    }

    /// The type of a constant member, for the type that it is a member of.
    fn member_type(&mut self, member: NodeId, of: TyId) -> TyId {
        if self.infer.program.node(member).kind != ItemKind::Const {
            return self.lost();
        }
        let declared = self.infer.constant(member);
        let declared = self.infer.applied(member, of, declared);
        let mut given = super::types::Given::default();
        if let Some(owner) = self.infer.program.node(member).owner {
            given.learn(owner, self.infer.program.words.self_type, of);
        }
        let ty = self.infer.types.substitute(declared, &given);
        let ty = self.infer.normal(ty);
        self.opened(ty)
    }

    /// `Trait::name`, for a type that the call tells.
    pub(super) fn trait_member(&mut self, node: NodeId, name: Sym, turbofish: &[GenericArg]) -> (Target, TyId) {
        let of = self.fresh();
        self.trait_member_of(node, &[], name, of, turbofish)
    }

    /// A trait's member for a type.
    fn trait_member_of(
        &mut self,
        node: NodeId,
        args: &[TyId],
        name: Sym,
        of: TyId,
        turbofish: &[GenericArg],
    ) -> (Target, TyId) {
        let program = self.infer.program;
        if let Ty::Adt(ty, _) = self.infer.types.get(of).clone() {
            let mut found: Vec<NodeId> = self.infer.candidates(ty, name);
            found.retain(|member| {
                let owner = self.infer.program.node(*member).owner;
                self.is_of_trait(*member, node)
                    && owner.is_none_or(|owner| owner == node || self.infer.answers(owner, of, args, 0).is_some())
            });
            if !found.is_empty() {
                return self.members(found, of, turbofish);
            }
        }
        let (mut traits, mut std) = (Vec::new(), Vec::new());
        self.infer.supertraits(node, &mut traits, &mut std);
        let declared: Vec<NodeId> = traits
            .iter()
            .flat_map(|id| program.members(*id))
            .filter(|member| program.node(**member).decl.as_ref().is_some_and(|decl| decl.name == name))
            .copied()
            .collect();
        match declared[..] {
            [member] => {
                let of_trait = if program.node(member).owner == Some(node) { args } else { &[] };
                let ty = self.bounded_function(member, of_trait, of, turbofish);
                match program.node(member).kind {
                    ItemKind::Fn => (Target::Function, ty),
                    _ => (Target::Value, ty),
                }
            }
            [] => {
                self.method_of_anything(name);
                self.escape(of);
                (Target::Unknown, TyId::UNKNOWN)
            }
            _ => {
                for member in declared {
                    if let Some(owner) = program.node(member).owner {
                        self.demand(TraitOf::Local(owner), name, Rc::default(), of);
                    }
                }
                (Target::Unknown, TyId::UNKNOWN)
            }
        }
    }

    /// `Type::name`.
    pub(super) fn type_member(&mut self, of: TyId, name: Sym, turbofish: &[GenericArg]) -> (Target, TyId) {
        let program = self.infer.program;
        let at = self.shape(of);
        let at = self.infer.types.peel(at);
        match self.infer.types.get(at).clone() {
            Ty::Adt(node, _) => {
                if let Some(DeclKind::Enum(_, variants)) = program.decl(node)
                    && variants.iter().any(|variant| variant.name == name)
                {
                    self.facts.mention(Vertex::Node(node));
                    return (Target::Constructor(node, name), self.constructor(node, name, at));
                }
                self.facts.mention(Vertex::Node(node));
                let mut found = self.infer.candidates(node, name);
                if program.is_external(node) {
                    self.note_member(at, name);
                    found.extend(self.loose_members_of(at, name));
                    found.sort_unstable();
                    found.dedup();
                }
                self.retain_in_scope(&mut found);
                found.retain(|member| {
                    let Some(owner) = program.node(*member).owner else { return true };
                    match self.infer.index.impls.contains_key(&owner) {
                        true => self.infer.answers(owner, at, &[], 0).is_some(),
                        false => self.is_provided(owner, name, at),
                    }
                });
                if !found.is_empty() {
                    let inherent: Vec<NodeId> = found
                        .iter()
                        .copied()
                        .filter(|member| {
                            let owner = program.node(*member).owner;
                            let info = owner.and_then(|id| self.infer.index.impls.get(&id));
                            info.is_some_and(|info| info.of == TraitOf::Inherent)
                        })
                        .collect();
                    if inherent.is_empty() && program.text(name) == "try_from" {
                        // What converts without failing may be tried as well.
                        self.conversion("from", at);
                    }
                    // By its type's name, an inherent function wins over a trait's.
                    return self.members(if inherent.is_empty() { found } else { inherent }, at, turbofish);
                }
                // Derived, or of a foreign trait with a default.
                let known = match program.text(name).as_str() {
                    "default" => Some(("Default", self.infer.types.intern(Ty::Fn(Rc::default(), at)))),
                    "clone" => Some(("Clone", self.infer.types.intern(Ty::Fn(Rc::new([at]), at)))),
                    "from" => {
                        // `impl<T> From<T> for T`, or `Into` the other way round.
                        let from = self.fresh();
                        Some(("From", self.infer.types.intern(Ty::Fn(Rc::new([from]), at))))
                    }
                    "fmt" => {
                        let result = self.fmt_result();
                        Some(("Debug", self.infer.types.intern(Ty::Fn(Rc::new([at, TyId::UNKNOWN]), result))))
                    }
                    "eq" | "ne" => {
                        let bool = self.primitive("bool");
                        Some(("PartialEq", self.infer.types.intern(Ty::Fn(Rc::new([at, at]), bool))))
                    }
                    "cmp" => {
                        let ordering = self.std_type("Ordering");
                        Some(("Ord", self.infer.types.intern(Ty::Fn(Rc::new([at, at]), ordering))))
                    }
                    _ => None,
                };
                if let Some((of, ty)) = known {
                    self.trigger_named(of, at);
                    return (Target::StdMember, ty);
                }
                self.escape(at);
                (Target::StdMember, TyId::UNKNOWN)
            }
            Ty::Param(..) | Ty::Bounded(_) | Ty::Assoc(..) => {
                let bounds = self.infer.bounds_of(at);
                let mut targets: Vec<(NodeId, Rc<[TyId]>)> = Vec::new();
                let mut foreign: Vec<TraitOf> = Vec::new();
                for bound in bounds.iter() {
                    match bound {
                        Bound::Trait(node, args, _) => {
                            self.members_by_bound(&bounds, (*node, args), name, &mut targets, &mut foreign);
                        }
                        Bound::Std(std, ..) => foreign.push(TraitOf::Std(*std)),
                        Bound::External(package) => foreign.push(TraitOf::External(*package)),
                        _ => foreign.push(TraitOf::Unknown),
                    }
                }
                if let [(member, args)] = targets.as_slice() {
                    let ty = self.bounded_function(*member, args, at, turbofish);
                    return match program.node(*member).kind {
                        ItemKind::Fn => (Target::Function, ty),
                        _ => (Target::Value, ty),
                    };
                }
                for (member, _) in &targets {
                    if let Some(owner) = program.node(*member).owner {
                        self.demand(TraitOf::Local(owner), name, Rc::default(), at);
                    }
                }
                if !targets.is_empty() {
                    return (Target::Unknown, TyId::UNKNOWN);
                }
                // A trait that is for whatever meets these bounds; the standard library's are asked below.
                let mut loose = self.loose_members_of(at, name);
                loose.retain(|member| self.is_of_analyzed_trait(*member));
                if !loose.is_empty() {
                    if self.none_but(&loose, &foreign, name) {
                        return self.members(loose, at, turbofish);
                    }
                    self.each_counts(loose, at);
                }
                // Of two traits with such a function the path would have to say which.
                if let Some((of, ty)) = self.standard_member(name, at, |body, of| body.has_standard(&foreign, of)) {
                    self.trigger_named(of, at);
                    return (Target::StdMember, ty);
                }
                let text = program.text(name);
                let meant = self.meant_by(&text, &foreign);
                if !meant.is_empty() && matches!(text.as_str(), "from" | "try_from") {
                    return (Target::StdMember, self.conversion(&text, at));
                }
                meant.iter().for_each(|of| self.trigger(*of, at));
                let mut known = !meant.is_empty();
                for of in &foreign {
                    match of {
                        TraitOf::Std(_) if !meant.is_empty() => {}
                        TraitOf::Std(std) => {
                            self.trigger(*std, at);
                            known = true;
                        }
                        TraitOf::External(_) => {
                            self.demand(*of, name, Rc::default(), at);
                            known = true;
                        }
                        _ => {}
                    }
                }
                if !known {
                    self.method_of_anything(name);
                    self.facts.mention(Vertex::AllForeign);
                }
                let made = match program.text(name).as_str() {
                    "default" => self.infer.types.intern(Ty::Fn(Rc::default(), at)),
                    _ => TyId::UNKNOWN,
                };
                (if known { Target::StdMember } else { Target::Unknown }, made)
            }
            Ty::Std(head, _) => {
                self.note_member(at, name);
                let text = format!("{}::{}", program.text(head), program.text(name));
                let loose = self.loose_members_of(at, name);
                if !loose.is_empty() {
                    let listed = super::signatures::table().function(&text).is_some();
                    if !listed {
                        return self.members(loose, at, turbofish);
                    }
                    loose.iter().for_each(|member| self.facts.mention(Vertex::Node(*member)));
                }
                (Target::Std(vec![head, name], at), TyId::UNKNOWN)
            }
            Ty::Primitive(head) => {
                let loose = self.loose_members_of(at, name);
                let constant = matches!(
                    program.text(name).as_str(),
                    "MAX" | "MIN" | "EPSILON" | "INFINITY" | "NEG_INFINITY" | "NAN" | "MIN_POSITIVE"
                );
                if !loose.is_empty() {
                    let text = format!("{}::{}", program.text(head), program.text(name));
                    if !constant && super::signatures::table().function(&text).is_none() {
                        return self.members(loose, at, turbofish);
                    }
                    loose.iter().for_each(|member| self.facts.mention(Vertex::Node(*member)));
                }
                if program.text(name) == "BITS" {
                    let ty = self.primitive("u32");
                    return (Target::Value, ty);
                }
                (Target::Std(vec![head, name], at), if constant { at } else { TyId::UNKNOWN })
            }
            Ty::External(..) | Ty::Theirs => {
                self.note_member(at, name);
                self.loose_members_of(at, name).iter().for_each(|member| self.facts.mention(Vertex::Node(*member)));
                (Target::External, TyId::UNKNOWN)
            }
            Ty::Slice(_) | Ty::Tuple(_) | Ty::Fn(..) | Ty::Never | Ty::Ref(_) | Ty::Ptr(_) => {
                let loose = self.loose_members_of(at, name);
                if !loose.is_empty() {
                    return self.members(loose, at, turbofish);
                }
                self.escape(at);
                (Target::StdMember, TyId::UNKNOWN)
            }
            // `<_>::default()`: only a trait in scope can be meant, and these two are everywhere.
            Ty::Var(_) if matches!(program.text(name).as_str(), "default" | "from") && !self.is_in_scope(name) => {
                let known = self.standard_member(name, at, |_, _| true);
                let Some((of, ty)) = known else { return (Target::Unknown, TyId::UNKNOWN) };
                self.trigger_named(of, at);
                (Target::StdMember, ty)
            }
            // `<_>::fmt`: of a trait in scope, or one that a parameter is bound by.
            Ty::Var(_)
                if program.text(name) == "fmt" && !self.is_in_scope(name) && !self.formats_in_sight().is_empty() =>
            {
                for of in self.formats_in_sight() {
                    self.trigger(of, at);
                }
                let ty = self.standard_member(name, at, |_, _| true).map_or(TyId::UNKNOWN, |(_, ty)| ty);
                (Target::StdMember, ty)
            }
            Ty::Unknown | Ty::Var(_) => {
                self.method_of_anything(name);
                for member in self.infer.index.loose.get(&name).cloned().unwrap_or_default() {
                    self.facts.mention(Vertex::Node(member));
                }
                self.facts.mention(Vertex::AllForeign);
                (Target::Unknown, TyId::UNKNOWN)
            }
        }
    }

    /// A function of a standard trait that a type `has`: the trait, and the function's type.
    fn standard_member(
        &mut self,
        name: Sym,
        at: TyId,
        has: impl Fn(&Self, &str) -> bool,
    ) -> Option<(&'static str, TyId)> {
        let words = self.infer.program.words;
        let text = self.infer.program.text(name);
        let of = match text.as_str() {
            "default" => "Default",
            "from" => "From",
            "clone" => "Clone",
            "eq" | "ne" => "PartialEq",
            "lt" | "le" | "gt" | "ge" | "partial_cmp" => "PartialOrd",
            "cmp" | "max" | "min" => "Ord",
            "hash" => "Hash",
            "from_str" => "FromStr",
            "fmt" => "Debug",
            _ => return None,
        };
        if !has(self, of) {
            return None;
        }
        let (inputs, output): (Rc<[TyId]>, TyId) = match text.as_str() {
            "default" => (Rc::default(), at),
            "from" => (Rc::new([self.fresh()]), at),
            "clone" => (Rc::new([at]), at),
            "max" | "min" => (Rc::new([at, at]), at),
            "cmp" => (Rc::new([at, at]), self.std_type("Ordering")),
            "partial_cmp" => {
                let ordering = self.std_type("Ordering");
                let output = self.infer.types.intern(Ty::Std(words.option, Rc::new([ordering])));
                (Rc::new([at, self.fresh()]), output)
            }
            "fmt" => {
                let formatter = self.std_type("Formatter");
                (Rc::new([at, formatter]), self.fmt_result())
            }
            "hash" => {
                let hasher = self.fresh();
                self.trigger_named("Hasher", hasher);
                (Rc::new([at, hasher]), TyId::UNIT)
            }
            "from_str" => {
                let (text, error) = (self.infer.types.intern(Ty::Std(words.str, Rc::default())), self.fresh());
                (Rc::new([text]), self.infer.types.intern(Ty::Std(words.result, Rc::new([at, error]))))
            }
            _ => (Rc::new([at, self.fresh()]), self.primitive("bool")),
        };
        Some((of, self.infer.types.intern(Ty::Fn(inputs, output))))
    }

    /// Whether one of these traits is that of the standard library, or has it for a supertrait.
    fn has_standard(&self, traits: &[TraitOf], want: &str) -> bool {
        let is_it = |have: &str| match want {
            "PartialEq" => matches!(have, "PartialEq" | "Eq" | "PartialOrd" | "Ord"),
            "PartialOrd" => matches!(have, "PartialOrd" | "Ord"),
            "Clone" => matches!(have, "Clone" | "Copy"),
            want => have == want,
        };
        traits.iter().any(|of| matches!(of, TraitOf::Std(name) if is_it(&self.infer.program.text(*name))))
    }

    /// The standard library's formatting traits that may be in scope here, imported or by a parameter's bound.
    fn formats_in_sight(&mut self) -> Vec<Sym> {
        const FORMATS: [&str; 9] =
            ["Binary", "Debug", "Display", "LowerExp", "LowerHex", "Octal", "Pointer", "UpperExp", "UpperHex"];
        let program = self.infer.program;
        let params = self.scope.params.clone();
        let bounds: Vec<Bound> =
            params.iter().flat_map(|(name, owner)| self.infer.bounds_of_given(*owner, *name)).collect();
        let (mut traits, mut above) = (Vec::new(), Vec::new());
        for bound in &bounds {
            match bound {
                Bound::Trait(node, ..) => self.infer.supertraits(*node, &mut traits, &mut above),
                Bound::Std(name, ..) => above.push(TraitOf::Std(*name)),
                _ => {}
            }
        }
        let formats = FORMATS.iter().map(|of| program.sym(of));
        formats
            .filter(|of| {
                above.contains(&TraitOf::Std(*of)) || !program.resolve_plain(self.module, false, &[*of]).is_empty()
            })
            .collect()
    }

    /// Whether a trait that declares such a member is in scope here.
    fn is_in_scope(&self, name: Sym) -> bool {
        let program = self.infer.program;
        let declared = self.infer.index.of_traits.get(&name).map_or(&[][..], Vec::as_slice);
        let (own, external) = (program.traits_in_scope(self.module), program.external_traits_in_scope(self.module));
        declared
            .iter()
            .filter_map(|member| program.node(*member).owner)
            .any(|owner| own.binary_search(&owner).is_ok() || external.binary_search(&owner).is_ok())
    }

    /// `T::from` and `T::try_from` as functions: what they take, their use tells.
    pub(super) fn conversion(&mut self, name: &str, at: TyId) -> TyId {
        let from = self.fresh();
        let result = match name {
            "try_from" => self.tried(from, at),
            _ => {
                let std = |body: &Self, of: &str| TraitOf::Std(body.infer.program.sym(of));
                self.demand(std(self, "From"), Sym::NONE, Rc::new([from]), at);
                self.demand(std(self, "Into"), Sym::NONE, Rc::new([at]), from);
                at
            }
        };
        self.infer.types.intern(Ty::Fn(Rc::new([from]), result))
    }

    /// Members of that name of impls that aren't for one analyzed type but may be for this one.
    pub(super) fn loose_members_of(&mut self, at: TyId, name: Sym) -> Vec<NodeId> {
        let mut found = self.loose_fitting(at, name);
        for member in self.infer.index.loose.get(&name).cloned().unwrap_or_default() {
            let Some(owner) = self.infer.program.node(member).owner else { continue };
            if !found.contains(&member) && self.infer.answers(owner, at, &[], 0).is_some() {
                found.push(member);
            }
        }
        self.retain_in_scope(&mut found);
        found
    }
}
