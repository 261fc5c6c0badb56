//! Supertraits of trait objects, downcasts, trait objects in fields and behind pointers.

use std::any::Any;
use std::fmt::Debug;
use std::rc::Rc;

use rememo::cached;

pub trait Node: Debug {
    fn value(&self) -> u32;
    fn as_any(&self) -> &dyn Any;
}

pub trait Branch: Node {
    fn children(&self) -> Vec<Rc<dyn Node>>;
}

#[derive(Debug)]
pub struct Leaf(u32);

pub struct Fork(Rc<dyn Node>);

impl Debug for Fork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("fork")
    }
}

impl Leaf {
    fn exact(&self) -> u32 {
        self.0
    }
}

impl Node for Leaf {
    fn value(&self) -> u32 {
        self.0 + 1
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Node for Fork {
    fn value(&self) -> u32 {
        self.0.value() * 2
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Branch for Fork {
    fn children(&self) -> Vec<Rc<dyn Node>> {
        vec![self.0.clone()]
    }
}

struct Tree {
    root: Box<dyn Branch>,
}

fn upcast(branch: &dyn Branch) -> &dyn Node {
    branch
}

#[cached]
pub fn upcasted() -> u32 {
    let fork = Fork(Rc::new(Leaf(1)));
    upcast(&fork).value()
}

#[cached]
pub fn downcasted() -> u32 {
    let node: Rc<dyn Node> = Rc::new(Leaf(1));
    node.as_any().downcast_ref::<Leaf>().map_or(0, |leaf| leaf.exact())
}

#[cached]
pub fn printed() -> String {
    let tree = Tree { root: Box::new(Fork(Rc::new(Leaf(1)))) };
    format!("{:?}", tree.root)
}

#[cached]
pub fn walked() -> u32 {
    let tree = Tree { root: Box::new(Fork(Rc::new(Leaf(1)))) };
    tree.root.children().iter().map(|child| child.value()).sum()
}
