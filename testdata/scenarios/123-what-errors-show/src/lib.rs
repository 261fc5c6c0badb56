use rememo::cached;
use std::error::Error;
use std::fmt;
use std::sync::Mutex;

#[derive(Debug)]
pub struct Inner(u32);

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "inner {}", self.0)
    }
}

impl Error for Inner {}

#[derive(Debug)]
pub struct Outer {
    code: u32,
    source: Option<Box<dyn Error>>,
}

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "outer {}", self.code)
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref()
    }
}

pub struct Plain(u32);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no error {}", self.0)
    }
}

pub struct Locked(u32);

impl fmt::Debug for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "locked {}", self.0)
    }
}

fn fails(value: u32) -> Result<u32, Outer> {
    if value > 100 { Err(Outer { code: 1, source: None }) } else { Ok(value) }
}

fn inner(value: u32) -> Result<u32, Inner> {
    if value > 10 { Err(Inner(value)) } else { Ok(value) }
}

fn question(value: u32) -> Result<u32, Box<dyn Error>> {
    Ok(inner(value)? + 1)
}

#[cached]
pub fn named(value: u32) -> u32 {
    let plain = Plain(value);
    fails(plain.0).unwrap_or(Inner(3).0)
}

#[cached]
pub fn shown(value: u32) -> String {
    let outer = Outer { code: value, source: Some(Box::new(Inner(value))) };
    let plain = Plain(value);
    match &outer.source {
        Some(source) => format!("{source} {}", plain.0),
        None => String::new(),
    }
}

#[cached]
pub fn chained(value: u32) -> String {
    let outer = Outer { code: value, source: Some(Box::new(Inner(value))) };
    Error::source(&outer).map(|source| source.to_string()).unwrap_or_default()
}

#[cached]
pub fn converted(value: u32) -> String {
    question(value).map_or_else(|error| error.to_string(), |value| value.to_string())
}

#[cached]
pub fn locked(value: u32) -> u32 {
    let locked = Mutex::new(Locked(value));
    let found = locked.lock().unwrap().0;
    found
}

#[cached]
pub fn parsed(value: String) -> u32 {
    let locked = Locked(1);
    let value: u32 = value.parse().unwrap();
    value + locked.0
}

#[cached]
pub fn other(value: u32) -> String {
    Plain(value).to_string()
}
