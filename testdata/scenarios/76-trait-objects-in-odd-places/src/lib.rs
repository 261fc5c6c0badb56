//! Objects in statics, fields, slices; traits implemented for boxes of themselves; `dyn Fn`.

use std::rc::Rc;

use rememo::cached;

pub trait Rule {
    fn apply(&self, value: u32) -> u32;
}

pub struct Plus;
pub struct Times;
pub struct Minus;

impl Rule for Plus {
    fn apply(&self, value: u32) -> u32 {
        value + 1
    }
}

impl Rule for Times {
    fn apply(&self, value: u32) -> u32 {
        value * 2
    }
}

impl Rule for Minus {
    fn apply(&self, value: u32) -> u32 {
        value - 3
    }
}

impl<R: Rule + ?Sized> Rule for Box<R> {
    fn apply(&self, value: u32) -> u32 {
        outer(self.as_ref().apply(value))
    }
}

fn outer(value: u32) -> u32 {
    value
}

static RULES: &[&(dyn Rule + Sync)] = &[&Plus, &Times];

fn generic<R: Rule>(rule: R) -> u32 {
    rule.apply(1)
}

struct Machine<'a> {
    rule: &'a dyn Rule,
    finish: Rc<dyn Fn(u32) -> u32>,
}

fn pick(name: &str) -> Option<Box<dyn Rule>> {
    match name {
        "minus" => Some(Box::new(Minus)),
        _ => None,
    }
}

fn finish(value: u32) -> u32 {
    value / 5
}

#[cached]
pub fn from_static() -> u32 {
    RULES.iter().fold(1, |value, rule| rule.apply(value))
}

#[cached]
pub fn boxed_as_generic() -> u32 {
    generic(Box::new(Times) as Box<dyn Rule>)
}

#[cached]
pub fn in_fields() -> u32 {
    let machine = Machine { rule: &Times, finish: Rc::new(finish) };
    (machine.finish)(machine.rule.apply(10))
}

#[cached]
pub fn picked(name: String) -> u32 {
    pick(&name).map(|rule| rule.apply(9)).unwrap_or_default()
}

#[cached]
pub fn mutable() -> u32 {
    let mut total = 0;
    each(&mut |value| total += outer(value));
    total
}

fn each(visit: &mut dyn FnMut(u32)) {
    visit(1);
}
