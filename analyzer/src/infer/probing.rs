//! Which of several methods the compiler's search meets first. What is dropped here can't be meant; what isn't sure stays.

use super::TraitOf;
use super::bodies::Body;
use super::types::{Ty, TyId};
use crate::ir::{DeclKind, Generics, Sym};
use crate::names::is_in_prelude;
use crate::program::NodeId;

/// Methods of every iterator that take it by value.
const ADAPTORS: &[&str] = &[
    "chain",
    "cloned",
    "collect",
    "copied",
    "count",
    "cycle",
    "enumerate",
    "filter",
    "filter_map",
    "flat_map",
    "flatten",
    "fold",
    "for_each",
    "fuse",
    "inspect",
    "last",
    "map",
    "map_while",
    "max",
    "max_by",
    "max_by_key",
    "min",
    "min_by",
    "min_by_key",
    "partition",
    "peekable",
    "product",
    "rev",
    "scan",
    "skip",
    "skip_while",
    "step_by",
    "sum",
    "take",
    "take_while",
    "unzip",
    "zip",
];

/// Whether a method that the table lists for a number, a `char` or a `bool` is its own and takes it by value: the search meets
/// it before any trait's.
pub(super) fn is_inherent_by_value(name: &str) -> bool {
    let of_traits = [
        "clamp",
        "clone",
        "clone_from",
        "cmp",
        "eq",
        "fmt",
        "ge",
        "gt",
        "hash",
        "into",
        "le",
        "lt",
        "max",
        "min",
        "ne",
        "partial_cmp",
        "to_owned",
        "to_string",
        "try_into",
    ];
    // What is listed of ASCII borrows, and so does what escapes.
    !of_traits.contains(&name) && !name.contains("ascii") && !name.starts_with("escape")
}

impl Body<'_, '_, '_, '_> {
    /// When the search for a method meets one of the type that is there: with the value, a reference, or a mutable one. `None` if the
    /// receiver's written type tells.
    pub(super) fn step_of(&self, member: NodeId) -> Option<u8> {
        let Some(DeclKind::Fn(decl)) = self.infer.program.decl(member) else { return None };
        let receiver = decl.receiver.as_ref().filter(|receiver| receiver.ty.is_none())?;
        Some(match (receiver.by_ref, receiver.mutable) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 2,
        })
    }

    /// Drops methods of the standard library's traits that take another number of arguments, unless all do.
    pub(super) fn drop_other_arities(&mut self, found: &mut Vec<NodeId>, count: usize) {
        let mut kept = found.clone();
        kept.retain(|member| {
            let owner = self.infer.program.node(*member).owner;
            let of = owner.and_then(|owner| self.infer.index.impls.get(&owner)).map(|info| info.of);
            let is_std = matches!(of, Some(TraitOf::Std(_)));
            !is_std || self.infer.signature(*member).is_none_or(|signature| signature.params.len() == count)
        });
        if !kept.is_empty() {
            *found = kept;
        }
    }

    /// Whether the search surely ends with one of these: an inherent method, or one of a trait that is in scope. Otherwise a
    /// method that is met later, through `Deref`, may be meant.
    pub(super) fn is_surely_met(&self, found: &[NodeId], at: TyId) -> bool {
        let program = self.infer.program;
        let around = self.scope.owner.and_then(|owner| self.infer.index.impls.get(&owner)).map(|info| info.of);
        !self.infer.types.has_unknown(at)
            && found.iter().any(|member| {
                let Some(owner) = program.node(*member).owner else { return false };
                let is_certain = !program.is_uncertain(owner) && !program.is_uncertain(*member);
                let in_scope =
                    |of: NodeId| around == Some(TraitOf::Local(of)) || program.is_surely_in_scope(self.module, of);
                is_certain
                    && match self.infer.index.impls.get(&owner).map(|info| info.of) {
                        Some(TraitOf::Inherent) => true,
                        Some(TraitOf::Local(of)) => in_scope(of),
                        Some(TraitOf::Std(of)) => is_in_prelude(&program.text(of)),
                        Some(TraitOf::External(_) | TraitOf::Unknown) => false,
                        None => in_scope(owner),
                    }
            })
    }

    /// Drops methods of traits that aren't in scope where another trait's method is surely meant: were both in scope, and both
    /// found in the same step of the search, the compiler would refuse the call.
    pub(super) fn drop_unimported(&self, found: &mut Vec<NodeId>, at: TyId) {
        let program = self.infer.program;
        if !matches!(self.infer.types.get(at), Ty::Adt(_, args) if args.is_empty()) {
            return;
        }
        let in_scope = program.traits_in_scope(self.module);
        let around = self.scope.owner.and_then(|owner| self.infer.index.impls.get(&owner)).map(|info| info.of);
        let is_around = |of: NodeId| around == Some(TraitOf::Local(of));
        let is_plain = |generics: &Generics| generics.params.is_empty() && generics.wheres.is_empty();
        // The trait of a method in an impl for this very type, the receiver's form, and whether nothing else decides if it fits.
        let told = |member: NodeId| {
            let owner = program.node(member).owner?;
            let info = self.infer.index.impls.get(&owner).filter(|info| info.self_ty == at)?;
            let TraitOf::Local(of) = info.of else { return None };
            let (Some(DeclKind::Impl(of_impl)), Some(DeclKind::Fn(decl))) = (program.decl(owner), program.decl(member))
            else {
                return None;
            };
            let receiver = decl.receiver.as_ref().filter(|receiver| receiver.ty.is_none())?;
            let is_certain = !program.is_uncertain(owner) && !program.is_uncertain(member);
            let is_sure = is_certain && is_plain(&of_impl.generics) && is_plain(&decl.generics);
            Some((of, (receiver.by_ref, receiver.mutable), is_sure))
        };
        let meant: Vec<(bool, bool)> = found
            .iter()
            .filter_map(|member| told(*member))
            .filter(|(of, _, is_sure)| *is_sure && (is_around(*of) || program.is_surely_in_scope(self.module, *of)))
            .map(|(_, form, _)| form)
            .collect();
        found.retain(|member| match told(*member) {
            Some((of, form, _)) => {
                program.is_external(of)
                    || in_scope.binary_search(&of).is_ok()
                    || is_around(of)
                    || !meant.contains(&form)
            }
            None => true,
        });
    }

    /// Drops methods of traits that aren't in scope where an iterator's own method takes it by value: the search meets that one
    /// first.
    pub(super) fn drop_for_iterator(&self, found: &mut Vec<NodeId>, name: Sym) {
        let program = self.infer.program;
        if found.is_empty() || !ADAPTORS.contains(&program.text(name).as_str()) {
            return;
        }
        let in_scope = program.traits_in_scope(self.module);
        let around = self.scope.owner.and_then(|owner| self.infer.index.impls.get(&owner)).map(|info| info.of);
        found.retain(|member| {
            let owner = program.node(*member).owner;
            let of = match owner.map(|owner| (owner, self.infer.index.impls.get(&owner).map(|info| info.of))) {
                Some((_, Some(TraitOf::Local(of)))) | Some((of, None)) => of,
                _ => return true,
            };
            let is_here = self.scope.owner == Some(of) || around == Some(TraitOf::Local(of));
            program.is_external(of) || is_here || in_scope.binary_search(&of).is_ok()
        });
    }

    /// Of methods of an external package's type, drops those of impls for references to it where one of an impl for the type
    /// itself takes the value that is there: `map.into_iter()`. The search meets that one first.
    pub(super) fn drop_borrowing(&self, found: &mut Vec<NodeId>, node: NodeId) {
        let program = self.infer.program;
        if !found.iter().all(|member| program.is_external(*member)) {
            return;
        }
        let of_impl = |member: NodeId| {
            let owner = program.node(member).owner?;
            let info = self.infer.index.impls.get(&owner)?;
            let (Some(DeclKind::Impl(decl)), Some(DeclKind::Fn(function))) =
                (program.decl(owner), program.decl(member))
            else {
                return None;
            };
            Some((info, decl, function, !program.is_uncertain(owner) && !program.is_uncertain(member)))
        };
        let into = program.sym("IntoIterator");
        let is_met = found.iter().any(|member| {
            of_impl(*member).is_some_and(|(info, decl, function, is_certain)| {
                let takes_value = function.receiver.as_ref().is_some_and(|of| !of.by_ref && of.ty.is_none());
                let is_free = decl.generics.wheres.is_empty()
                    && decl.generics.params.iter().all(|param| param.bounds.is_empty() && param.constant.is_none());
                // This trait is in every scope.
                let is_it = info.of == TraitOf::Std(into)
                    && matches!(self.infer.types.get(info.self_ty), Ty::Adt(of, _) if *of == node);
                is_certain && takes_value && is_free && is_it
            })
        });
        if is_met {
            found.retain(|member| {
                of_impl(*member).is_none_or(|(info, ..)| !matches!(self.infer.types.get(info.self_ty), Ty::Ref(_)))
            });
        }
    }

    /// Whether a method is surely one of `members`: their traits are in scope, and the bounds have none of that name.
    pub(super) fn none_but(&self, members: &[NodeId], bounds: &[TraitOf], name: Sym) -> bool {
        let program = self.infer.program;
        let text = program.text(name);
        let lacks = |of: &TraitOf| match of {
            TraitOf::Std(of) => methods_of(&program.text(*of)).is_some_and(|all| !all.contains(&text.as_str())),
            _ => false,
        };
        let is_seen = |member: &NodeId| {
            let owner = program.node(*member).owner;
            let of = match owner.map(|owner| (owner, self.infer.index.impls.get(&owner).map(|info| info.of))) {
                Some((_, Some(TraitOf::Local(of)))) | Some((of, None)) => of,
                _ => return false,
            };
            !program.is_external(of) && program.is_surely_in_scope(self.module, of)
        };
        bounds.iter().all(lacks) && members.iter().all(is_seen)
    }
}

/// The methods of some of the standard library's traits, all of them.
fn methods_of(of: &str) -> Option<&'static [&'static str]> {
    Some(match of {
        // There are two.
        "Write" => &[
            "write",
            "write_all",
            "write_all_vectored",
            "write_char",
            "write_fmt",
            "write_str",
            "write_vectored",
            "is_write_vectored",
            "by_ref",
            "flush",
        ],
        "Display" | "Debug" | "LowerHex" | "UpperHex" | "Octal" | "Binary" | "LowerExp" | "UpperExp" | "Pointer" => {
            &["fmt"]
        }
        "Clone" | "Copy" => &["clone", "clone_from"],
        "PartialEq" | "Eq" => &["eq", "ne", "assert_receiver_is_total_eq", "assert_fields_are_eq"],
        "PartialOrd" => &["eq", "ne", "lt", "le", "gt", "ge", "partial_cmp"],
        "Ord" => &["eq", "ne", "lt", "le", "gt", "ge", "partial_cmp", "cmp", "max", "min", "clamp"],
        "Hash" => &["hash", "hash_slice"],
        "Default" | "From" | "TryFrom" | "FromStr" => &[],
        "Index" => &["index"],
        "IndexMut" => &["index", "index_mut"],
        "Add" => &["add"],
        "AddAssign" => &["add_assign"],
        "Sub" => &["sub"],
        "SubAssign" => &["sub_assign"],
        "Mul" => &["mul"],
        "MulAssign" => &["mul_assign"],
        "Div" => &["div"],
        "DivAssign" => &["div_assign"],
        "Rem" => &["rem"],
        "RemAssign" => &["rem_assign"],
        "Neg" => &["neg"],
        "Not" => &["not"],
        "Error" => &["cause", "description", "provide", "source", "type_id"],
        "Send" | "Sync" | "Sized" | "Unpin" => &[],
        _ => return None,
    })
}
