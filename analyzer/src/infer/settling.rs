//! What a body asks of types, answered once all of it is read. What its own parameters stand for is asked by whoever calls it.

use super::bodies::Body;
use super::demands::{Ask, Demand, Reached};
use super::implied::{WITH_ARGUMENT, by_itself, implied};
use super::types::{Bound, Given, Ty, TyId};
use super::{Call, Infer, TraitOf, Vertex};
use crate::ir::Sym;
use crate::program::NodeId;
use std::rc::Rc;

impl Body<'_, '_, '_, '_> {
    /// A standard trait may be used on values of that type, and on what is in them.
    pub(super) fn trigger(&mut self, of: Sym, ty: TyId) {
        for name in implied(self.infer.program, of) {
            let args: Rc<[TyId]> = match by_itself(&self.infer.program.text(name)) && name != of {
                true => Rc::new([ty]),
                false => Rc::default(),
            };
            self.demand(TraitOf::Std(name), Sym::NONE, args, ty);
        }
    }

    /// A trait is used on a type.
    pub(super) fn demand(&mut self, of: TraitOf, member: Sym, args: Rc<[TyId]>, ty: TyId) {
        self.facts.ask(Ask::Trait { of, member, args, own: Rc::default() }, ty);
    }

    pub(super) fn trigger_named(&mut self, of: &str, ty: TyId) {
        let of = self.infer.program.sym(of);
        self.trigger(of, ty);
    }

    /// A standard trait may be used on any type that is reached.
    pub(super) fn trigger_all(&mut self, of: &str) {
        let of = self.infer.program.sym(of);
        for name in implied(self.infer.program, of) {
            self.facts.mention(Vertex::Trigger(name));
            if self.infer.index.std_loose.contains_key(&name)
                && WITH_ARGUMENT.contains(&self.infer.program.text(name).as_str())
            {
                self.facts.mention(Vertex::Loose(name));
            }
        }
    }

    /// A value goes into code that isn't analyzed and that nobody describes.
    pub(super) fn escape(&mut self, ty: TyId) {
        self.facts.ask(Ask::Escape, ty);
    }

    /// Like `escape`, where the callee's own callbacks are triggered anyway.
    pub(super) fn escape_known(&mut self, ty: TyId) {
        self.facts.ask(Ask::EscapeKnown, ty);
    }

    /// A method is called by name on something that nobody knows.
    pub(super) fn method_of_anything(&mut self, name: Sym) {
        if self.infer.index.named.contains_key(&name) {
            self.facts.mention(Vertex::Method(name));
        }
    }

    /// The body was read: what its variables stand for is known now, as far as it ever will be.
    pub(super) fn settle(&mut self) {
        self.progress();
        self.learn_of_several();
        self.literals_by_default();
        for waiting in std::mem::take(&mut self.waiting) {
            // Nobody told what is made: it may hash or compare.
            if let super::waiting::Waiting::Collected(_, item) = waiting {
                for of in ["Hash", "Eq", "Ord"] {
                    self.trigger_named(of, item);
                }
            }
            if let super::waiting::Waiting::Binary(op, left, right, _) = waiting {
                self.operator_used(op, left, right);
            }
        }
        self.tables();
        let mut asked = std::mem::take(&mut self.facts.asked);
        let mut at = 0;
        while let Some((demand, line)) = asked.get(at).cloned() {
            at += 1;
            let demand = self.settled(demand);
            self.facts.line = line;
            if self.infer.is_open(&demand) {
                // Who it will be isn't decided here: that it is asked is.
                self.facts.trace.extend(in_general(&demand.ask));
                if !self.facts.demands.iter().any(|(known, _)| *known == demand) {
                    self.facts.demands.push((demand, line));
                }
                continue;
            }
            let mut answers = self.infer.answer(&demand);
            let program = self.infer.program;
            // Members of an impl come in the order of the text, which is nobody's business.
            if answers.len() > 1 {
                answers.sort_by_cached_key(|reached| match reached {
                    Reached::Call(node, _) | Reached::Vertex(Vertex::Node(node)) => {
                        program.node(*node).identity.clone()
                    }
                    Reached::Vertex(vertex) => vertex.describe(program),
                    Reached::Demand(_) => String::new(),
                });
            }
            for reached in answers {
                match reached {
                    Reached::Vertex(vertex) => self.facts.mention(vertex),
                    Reached::Demand(demand) => {
                        if !asked.iter().any(|(known, _)| *known == demand) {
                            asked.push((demand, line));
                        }
                    }
                    Reached::Call(callee, given) => {
                        self.facts.trace.push(Vertex::Node(callee));
                        self.facts.call(Call { callee, given, line });
                    }
                }
            }
        }
        for (callee, mut given, line) in std::mem::take(&mut self.called) {
            self.settle_given(&mut given);
            self.facts.call(Call { callee, given, line });
        }
    }

    fn settle_given(&mut self, given: &mut Given) {
        for (_, _, ty) in given.iter_mut() {
            let settled = self.infer.types.settled(*ty);
            *ty = self.infer.normal(settled);
        }
    }

    fn settled(&mut self, demand: Demand) -> Demand {
        let infer = &mut *self.infer;
        demand.map(&mut |ty| {
            let settled = infer.types.settled(ty);
            infer.normal(settled)
        })
    }
}

impl Infer<'_, '_, '_> {
    /// Whether an answer depends on what a parameter stands for.
    pub(crate) fn is_open(&self, demand: &Demand) -> bool {
        let (args, own): (&[TyId], &[TyId]) = match &demand.ask {
            Ask::Trait { args, own, .. } => (args, own),
            _ => (&[], &[]),
        };
        args.iter().chain(own).chain([&demand.ty]).any(|ty| self.types.has_params(*ty))
    }

    /// A demand for what the parameters stand for.
    pub(crate) fn substituted(&mut self, demand: &Demand, given: &Given) -> Demand {
        demand.map(&mut |ty| {
            let ty = self.types.substitute(ty, given);
            self.normal(ty)
        })
    }

    /// The bounds that give a type's parameters away: `I: IntoIterator<Item = T>`.
    pub(super) fn bounds_of_given(&mut self, owner: NodeId, name: Sym) -> Vec<Bound> {
        let param = self.types.intern(Ty::Param(owner, name));
        self.bounds_of(param).to_vec()
    }
}

/// What stands in a trace for a use of a trait that no item answers yet.
fn in_general(ask: &Ask) -> Option<Vertex> {
    match ask {
        Ask::Trait { of: TraitOf::Local(node), member, .. } => Some(Vertex::Member(*node, *member)),
        Ask::Trait { of: TraitOf::Std(name), .. } => Some(Vertex::Trigger(*name)),
        _ => Some(Vertex::AllForeign),
    }
}
