//! A closure's parameter has the type that the called function's bound says.

use std::collections::HashMap;

use rememo::cached;

pub struct Context {
    depth: u32,
}

impl Context {
    fn level(&self) -> u32 {
        self.depth + 1
    }

    fn child(&self) -> Context {
        Context { depth: self.depth + 1 }
    }
}

pub struct Other;

impl Other {
    pub fn level(&self) -> u32 {
        0
    }
}

fn with<R>(run: impl FnOnce(&Context) -> R) -> R {
    run(&Context { depth: 1 })
}

fn with_where<F>(run: F) -> u32
where
    F: Fn(Context) -> u32,
{
    run(Context { depth: 2 })
}

fn with_object(run: &dyn Fn(&Context) -> u32) -> u32 {
    run(&Context { depth: 3 })
}

struct Registry {
    hooks: HashMap<String, Box<dyn Fn(&Context) -> u32>>,
}

impl Registry {
    fn on(&mut self, name: &str, hook: impl Fn(&Context) -> u32 + 'static) {
        self.hooks.insert(name.to_owned(), Box::new(hook));
    }

    fn fire(&self) -> u32 {
        self.hooks.values().map(|hook| hook(&Context { depth: 4 })).sum()
    }
}

trait Visitor {
    fn visit(&mut self, context: &Context);
}

struct Sum(u32);

impl Visitor for Sum {
    fn visit(&mut self, context: &Context) {
        self.0 += context.level() * weight();
    }
}

fn weight() -> u32 {
    2
}

fn walk(visitor: &mut impl Visitor) {
    visitor.visit(&Context { depth: 5 });
}

#[cached]
pub fn by_impl() -> u32 {
    with(|context| context.level())
}

#[cached]
pub fn by_where() -> u32 {
    with_where(|context| context.child().level())
}

#[cached]
pub fn by_object() -> u32 {
    with_object(&|context| context.level())
}

#[cached]
pub fn by_registry() -> u32 {
    let mut registry = Registry { hooks: HashMap::new() };
    registry.on("start", |context| context.level());
    registry.fire()
}

#[cached]
pub fn by_visitor() -> u32 {
    let mut sum = Sum(0);
    walk(&mut sum);
    sum.0
}

#[cached]
pub fn result() -> u32 {
    with(Context::child).depth
}
