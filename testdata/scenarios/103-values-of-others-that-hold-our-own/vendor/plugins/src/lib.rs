//! Stand-in: values that hold what their makers put into them, and values that don't.

use std::sync::Arc;

pub trait Object {
    fn render(&self) -> String;
}

pub struct Value {
    inside: Inside,
}

enum Inside {
    Number(u32),
    Object(Arc<dyn Object>),
}

impl Value {
    pub fn of(object: impl Object + 'static) -> Value {
        Value { inside: Inside::Object(Arc::new(object)) }
    }

    pub fn number(number: u32) -> Value {
        Value { inside: Inside::Number(number) }
    }

    pub fn render(&self) -> String {
        match &self.inside {
            Inside::Number(number) => number.to_string(),
            Inside::Object(object) => object.render(),
        }
    }
}

pub struct Callback {
    with: Box<dyn Fn(u32) -> u32>,
}

impl Callback {
    pub fn new(with: impl Fn(u32) -> u32 + 'static) -> Callback {
        Callback { with: Box::new(with) }
    }

    pub fn call(&self, n: u32) -> u32 {
        (self.with)(n)
    }
}

pub struct Date {
    days: u32,
}

impl Date {
    pub fn of(days: u32) -> Date {
        Date { days }
    }

    pub fn later(&self, days: u32) -> u32 {
        self.days + days
    }
}

pub trait Handle {
    fn handle(&self, n: u32) -> u32;
}

impl<F: Fn(u32) -> u32> Handle for F {
    fn handle(&self, n: u32) -> u32 {
        self(n)
    }
}

pub trait Run {
    fn run(&self) -> u32;
}

impl<H: Handle> Run for H {
    fn run(&self) -> u32 {
        self.handle(3)
    }
}

pub struct Task {
    inside: Box<dyn Run>,
}

impl Task {
    pub fn new(run: impl Run + 'static) -> Task {
        Task { inside: Box::new(run) }
    }

    pub fn run(&self) -> u32 {
        self.inside.run()
    }
}
