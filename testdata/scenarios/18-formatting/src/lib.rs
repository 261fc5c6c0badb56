//! Format strings call Display, Debug and friends.

use std::fmt::{self, Display, Write};

use rememo::cached;

#[derive(Debug)]
pub struct Id(u32);

pub struct Name(&'static str);

impl Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::LowerHex for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:x}", self.0)
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

const WIDTH: usize = 8;

pub struct Shouting(String);

impl Write for Shouting {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(&text.to_uppercase());
        Ok(())
    }
}

#[cached]
pub fn captured() -> String {
    let id = Id(1);
    format!("{id}")
}

#[cached]
pub fn debugged() -> String {
    format!("{:?}", Id(1))
}

#[cached]
pub fn hexadecimal() -> String {
    let id = Id(16);
    format!("{id:x}")
}

#[cached]
pub fn to_text() -> String {
    Name("ann").to_string()
}

#[cached]
pub fn padded() -> String {
    format!("[{:WIDTH$}]", 5)
}

#[cached]
pub fn written() -> String {
    let mut out = Shouting(String::new());
    write!(out, "quiet {}", 1).unwrap();
    out.0
}

#[cached]
pub fn panicking(value: u32) -> u32 {
    assert!(value < 10, "too large: {}", Name("value"));
    value
}
