//! What comes into a generic function is known by its bounds, and with it comes what it holds: the types that an impl is
//! generic over, the objects and closures in fields.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::mpsc::SendError;

use rememo::cached;

trait Shape {
    fn area(&self) -> u32;
}

struct Circle(u32);

impl Shape for Circle {
    fn area(&self) -> u32 {
        self.0 * 3
    }
}

struct Square(u32);

impl Shape for Square {
    fn area(&self) -> u32 {
        self.0 * self.0
    }
}

struct Cube(u32);

impl Shape for Cube {
    fn area(&self) -> u32 {
        self.0 * self.0 * 6
    }
}

/// Generic over what it draws.
struct Drawing<S>(S);

impl<S: Shape> fmt::Display for Drawing<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.area())
    }
}

struct Text(String);

impl<S: Shape> From<Drawing<S>> for Text {
    fn from(drawing: Drawing<S>) -> Text {
        Text(format!("<{}>", drawing.0.area()))
    }
}

#[derive(Clone)]
struct Number(u32);

impl<S: Shape> TryFrom<Drawing<S>> for Number {
    type Error = u8;

    fn try_from(drawing: Drawing<S>) -> Result<Number, u8> {
        Ok(Number(drawing.0.area()))
    }
}

/// Holds whatever its maker likes.
struct Frame {
    inside: Box<dyn Shape>,
}

impl AsRef<str> for Frame {
    fn as_ref(&self) -> &str {
        if self.inside.area() > 9 { "large" } else { "small" }
    }
}

trait Count {
    fn count(&self) -> u32;
}

struct Counter {
    with: Box<dyn Fn() -> u32>,
}

impl Count for Counter {
    fn count(&self) -> u32 {
        (self.with)()
    }
}

trait Name {
    fn name(&self) -> u32;
}

struct Named {
    by: Box<dyn Shape>,
}

impl Name for Named {
    fn name(&self) -> u32 {
        self.by.area()
    }
}

/// Runs its maker's code when it goes.
struct Guard {
    last: Box<dyn Fn() -> u32>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        println!("{}", (self.last)());
    }
}

#[cached]
fn hashed<T: Hash>(thing: T) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}

#[cached]
fn shown<T: fmt::Display>(thing: T) -> usize {
    format!("{thing}").len()
}

#[cached]
fn spelled<T: ToString>(thing: T) -> usize {
    thing.to_string().len()
}

#[cached]
fn text(thing: impl Into<Text>) -> usize {
    thing.into().0.len()
}

#[cached]
fn number(thing: impl TryInto<Number>) -> u32 {
    thing.try_into().map_or(0, |number| number.0)
}

#[cached]
fn length<T: AsRef<str>>(thing: T) -> usize {
    thing.as_ref().len()
}

#[cached]
fn counted(thing: &dyn Count) -> u32 {
    thing.count()
}

#[cached]
fn named<T: Name>(thing: &T) -> u32 {
    thing.name()
}

#[cached]
fn plain(n: u32) -> u32 {
    n + 1
}

fn main() {
    let printed = shown(Drawing(Circle(1))) + spelled(Drawing(Circle(2)));
    let made = text(Drawing(Circle(3))) as u32 + number(Drawing(Square(4)));
    let guard = Guard {
        last: Box::new(|| 5),
    };
    println!("{} {}", shown(SendError(guard)), hashed("a"));
    let framed = length(Frame { inside: Box::new(Cube(5)) });
    let counter = Counter {
        with: Box::new(|| 7),
    };
    let counted = counted(&counter);
    println!("{printed} {made} {framed} {counted} {} {}", named(&Named { by: Box::new(Cube(1)) }), plain(1));
}
