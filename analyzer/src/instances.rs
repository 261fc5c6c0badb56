//! Generic functions for the types that they are called with, as the compiler instantiates them.
//!
//! Each instance is a vertex of its own: what it asks of its parameters is asked of the types that they stand for. The number
//! of instances is bounded; beyond it, and where types aren't known, a function stands for any.

use rustc_hash::FxHashMap as HashMap;

use crate::infer::{Given, Infer, TyId};
use crate::ir::{DeclKind, Sym};
use crate::program::NodeId;

/// Types that nest deeper aren't told apart.
const MAX_DEPTH: u32 = 8;

/// A function with more instances stands for any further ones.
const MAX_INSTANCES: usize = 256;

/// The instances that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Instances {
    list: Vec<(NodeId, Given)>,
    index: HashMap<(NodeId, std::rc::Rc<[TyId]>), u32>,
    count: HashMap<NodeId, usize>,
    params: HashMap<NodeId, Box<[(NodeId, Sym)]>>,
}

impl Instances {
    pub(crate) fn get(&self, at: u32) -> Option<&(NodeId, Given)> {
        self.list.get(at as usize)
    }

    pub(crate) fn callee(&self, at: u32) -> Option<NodeId> {
        self.get(at).map(|(callee, _)| *callee)
    }

    /// The place of an instance; `None` if nothing is known of what the parameters stand for, or it would be one too many.
    pub(crate) fn find(&mut self, infer: &mut Infer<'_, '_, '_>, callee: NodeId, given: &Given) -> Option<u32> {
        let params = self.params(infer, callee);
        let mut args = Vec::with_capacity(params.len());
        for (owner, name) in params.iter() {
            let ty = given.find(*owner, *name).unwrap_or(TyId::UNKNOWN);
            let ty = infer.types.settled(ty);
            // References don't tell impls apart here, so they don't tell instances apart.
            let ty = infer.bare(ty);
            let known = !infer.types.has_params(ty) && infer.types.depth(ty) <= MAX_DEPTH;
            args.push(if known { ty } else { TyId::UNKNOWN });
        }
        if args.iter().all(|ty| *ty == TyId::UNKNOWN) {
            return None;
        }
        let key = (callee, std::rc::Rc::from(args));
        if let Some(at) = self.index.get(&key) {
            return Some(*at);
        }
        let count = self.count.entry(callee).or_default();
        if *count >= MAX_INSTANCES {
            return None;
        }
        *count += 1;
        let mut given = Given::default();
        for ((owner, name), ty) in params.iter().zip(key.1.iter()) {
            given.learn(*owner, *name, *ty);
        }
        let at = self.list.len() as u32;
        self.list.push((callee, given));
        self.index.insert(key, at);
        Some(at)
    }

    /// A function's own parameters, and those of what is around it.
    fn params(&mut self, infer: &mut Infer<'_, '_, '_>, callee: NodeId) -> Box<[(NodeId, Sym)]> {
        if let Some(found) = self.params.get(&callee) {
            return found.clone();
        }
        let scope = infer.scope(callee);
        let mut params: Vec<(NodeId, Sym)> = scope.params.iter().map(|(name, owner)| (*owner, *name)).collect();
        if let Some(owner) = infer.program.node(callee).owner
            && let Some(DeclKind::Trait(..)) = infer.program.decl(owner)
        {
            params.push((owner, infer.program.words.self_type));
        }
        let params: Box<[(NodeId, Sym)]> = params.into();
        self.params.insert(callee, params.clone());
        params
    }
}
