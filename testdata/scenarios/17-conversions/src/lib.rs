//! `?` converts errors, `.into()` and `.parse()` pick impls by type.

use std::num::ParseIntError;
use std::str::FromStr;

use rememo::cached;

#[derive(Debug, Clone, PartialEq)]
pub struct Failure(String);

impl From<ParseIntError> for Failure {
    fn from(error: ParseIntError) -> Self {
        Failure(error.to_string())
    }
}

impl From<std::fmt::Error> for Failure {
    fn from(_: std::fmt::Error) -> Self {
        Failure(String::from("format"))
    }
}

pub struct Celsius(f64);
pub struct Fahrenheit(f64);

impl From<Celsius> for Fahrenheit {
    fn from(celsius: Celsius) -> Self {
        Fahrenheit(celsius.0 * 1.8 + 32.0)
    }
}

impl TryFrom<u32> for Celsius {
    type Error = Failure;

    fn try_from(value: u32) -> Result<Self, Failure> {
        Ok(Celsius(f64::from(value)))
    }
}

pub struct Version {
    major: u32,
}

impl FromStr for Version {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(Version { major: text.parse()? })
    }
}

#[cached]
pub fn number(text: String) -> Result<u32, Failure> {
    let number: u32 = text.parse()?;
    Ok(number)
}

#[cached]
pub fn fahrenheit() -> f64 {
    let converted: Fahrenheit = Celsius(20.0).into();
    converted.0
}

#[cached]
pub fn tried() -> Result<f64, Failure> {
    let celsius: Celsius = 5u32.try_into()?;
    Ok(celsius.0)
}

#[cached]
pub fn major(text: String) -> Option<u32> {
    text.parse::<Version>().ok().map(|version| version.major)
}
