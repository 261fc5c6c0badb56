use rememo::cached;
use std::fmt;

pub struct Short(String);

impl TryFrom<&str> for Short {
    type Error = ();

    fn try_from(text: &str) -> Result<Short, ()> {
        Ok(Short(text.trim().to_owned()))
    }
}

impl TryFrom<fmt::Arguments<'_>> for Short {
    type Error = ();

    fn try_from(text: fmt::Arguments<'_>) -> Result<Short, ()> {
        Ok(Short(format!("<{text}>")))
    }
}

pub struct Name(u32);

pub struct Value(u32);

impl TryFrom<&str> for Value {
    type Error = ();

    fn try_from(text: &str) -> Result<Value, ()> {
        text.parse().map(Value).map_err(drop)
    }
}

impl From<Name> for Value {
    fn from(name: Name) -> Value {
        Value(name.0 + 10)
    }
}

#[cached]
pub fn formatted(number: u32) -> usize {
    Short::try_from(format_args!("{number}")).map_or(0, |short| short.0.len())
}

#[cached]
pub fn plain(text: String) -> usize {
    Short::try_from(text.as_str()).map_or(0, |short| short.0.len())
}

#[cached]
pub fn named(number: u32) -> u32 {
    Value::try_from(Name(number)).map_or(0, |value| value.0)
}

#[cached]
pub fn parsed(text: String) -> u32 {
    Value::try_from(text.as_str()).map_or(0, |value| value.0)
}
