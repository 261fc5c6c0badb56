//! A trait for every function, for references, tuples and arrays, as web frameworks and parsers have it.

use rememo::cached;

pub trait Handler {
    fn handle(&self, request: u32) -> u32;
}

impl<F: Fn(u32) -> u32> Handler for F {
    fn handle(&self, request: u32) -> u32 {
        logged(self(request))
    }
}

fn logged(value: u32) -> u32 {
    value
}

struct Router {
    routes: Vec<Box<dyn Handler>>,
}

impl Router {
    fn new() -> Self {
        Router { routes: Vec::new() }
    }

    fn route(mut self, handler: impl Handler + 'static) -> Self {
        self.routes.push(Box::new(handler));
        self
    }

    fn run(&self, request: u32) -> u32 {
        self.routes.iter().map(|route| route.handle(request)).sum()
    }
}

fn index(request: u32) -> u32 {
    request + 1
}

fn about(request: u32) -> u32 {
    request + 2
}

pub fn unrouted(request: u32) -> u32 {
    request + 3
}

pub trait Parse {
    fn parse(&self, input: &str) -> usize;
}

pub struct Digit;
pub struct Letter;
pub struct Space;

impl Parse for Digit {
    fn parse(&self, input: &str) -> usize {
        input.chars().take_while(|c| c.is_ascii_digit()).count()
    }
}

impl Parse for Letter {
    fn parse(&self, input: &str) -> usize {
        input.chars().take_while(|c| c.is_alphabetic()).count()
    }
}

impl Parse for Space {
    fn parse(&self, input: &str) -> usize {
        input.chars().take_while(|c| c.is_whitespace()).count()
    }
}

impl<A: Parse, B: Parse> Parse for (A, B) {
    fn parse(&self, input: &str) -> usize {
        let first = self.0.parse(input);
        first + self.1.parse(&input[first..])
    }
}

impl<P: Parse, const N: usize> Parse for [P; N] {
    fn parse(&self, input: &str) -> usize {
        self.iter().map(|parser| parser.parse(input)).max().unwrap_or(0)
    }
}

impl<P: Parse> Parse for &P {
    fn parse(&self, input: &str) -> usize {
        (**self).parse(input)
    }
}

fn many(parser: impl Parse) -> impl Fn(&str) -> usize {
    move |input| parser.parse(input)
}

#[cached]
pub fn served(request: u32) -> u32 {
    Router::new().route(index).route(|request| about(request) * 2).run(request)
}

#[cached]
pub fn tuple(input: String) -> usize {
    (Digit, Letter).parse(&input)
}

#[cached]
pub fn array(input: String) -> usize {
    [&Space, &Space].parse(&input)
}

#[cached]
pub fn returned(input: String) -> usize {
    many((Letter, Space))(&input)
}
