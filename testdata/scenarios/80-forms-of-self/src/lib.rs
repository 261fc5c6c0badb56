//! `self: Rc<Self>`, aliases before `::`, methods as values, `<[T]>::f`, constructors by Self.

use std::pin::Pin;
use std::rc::Rc;

use rememo::cached;
use Engine as Motor;

#[derive(Clone)]
pub struct Engine(u32);

type Alias = Engine;

impl Engine {
    fn new(power: u32) -> Self {
        Self(power).tuned()
    }

    fn tuned(self) -> Self {
        Self(self.0 + tuning())
    }

    fn shared(self: Rc<Self>) -> u32 {
        self.0 * 2
    }

    fn boxed(self: Box<Self>) -> u32 {
        self.0 * 3
    }

    fn pinned(self: Pin<&mut Self>) -> u32 {
        self.0 * 4
    }

    fn function(this: &Self) -> u32 {
        this.0 * 5
    }

    fn power(&self) -> u32 {
        self.0
    }
}

fn tuning() -> u32 {
    1
}

pub trait Describe {
    fn describe(&self) -> u32;

    fn twice(&self) -> u32
    where
        Self: Sized,
    {
        self.describe() * 2
    }
}

impl Describe for Engine {
    fn describe(&self) -> u32 {
        self.0 + 60
    }
}

impl Describe for [Engine] {
    fn describe(&self) -> u32 {
        self.len() as u32 + 70
    }
}

impl dyn Describe {
    fn loud(&self) -> u32 {
        self.describe() + 80
    }
}

fn raw(power: u32) -> Engine {
    Engine(power)
}

#[cached]
pub fn shared() -> u32 {
    Rc::new(raw(1)).shared()
}

#[cached]
pub fn boxed() -> u32 {
    Box::new(raw(1)).boxed()
}

#[cached]
pub fn pinned() -> u32 {
    let mut engine = raw(1);
    Pin::new(&mut engine).pinned()
}

#[cached]
pub fn function() -> u32 {
    Engine::function(&raw(1))
}

#[cached]
pub fn by_alias() -> u32 {
    Alias::new(1).0
}

#[cached]
pub fn by_rename() -> u32 {
    Motor::new(1).0
}

#[cached]
pub fn as_value() -> u32 {
    [raw(1)].iter().map(Engine::power).sum()
}

#[cached]
pub fn sized_default() -> u32 {
    raw(1).twice()
}

#[cached]
pub fn slice() -> u32 {
    <[Engine]>::describe(&[raw(1)])
}

#[cached]
pub fn inherent_of_object() -> u32 {
    let object: &dyn Describe = &raw(1);
    object.loud()
}
