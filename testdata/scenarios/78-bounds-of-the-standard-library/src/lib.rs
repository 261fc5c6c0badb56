//! Generic functions that reach a local impl through a bound that the standard library names.

use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, Mul};
use std::str::FromStr;

use rememo::cached;

#[derive(Clone, Copy, Debug)]
pub struct Money(i64);

impl Add for Money {
    type Output = Money;

    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Mul<i64> for Money {
    type Output = Money;

    fn mul(self, by: i64) -> Money {
        Money(self.0 * by)
    }
}

impl Default for Money {
    fn default() -> Money {
        Money(100)
    }
}

impl FromStr for Money {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Money, Self::Err> {
        text.parse().map(Money)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(values: I) -> Money {
        values.fold(Money(0), |total, value| Money(total.0 + value.0))
    }
}

impl Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cents", self.0)
    }
}

impl AsRef<i64> for Money {
    fn as_ref(&self) -> &i64 {
        &self.0
    }
}

impl From<Money> for f64 {
    fn from(money: Money) -> f64 {
        money.0 as f64 / 100.0
    }
}

fn twice<T: Add<Output = T> + Copy>(value: T) -> T {
    value + value
}

fn power<T>(value: T) -> T
where
    T: Mul<i64, Output = T>,
{
    value * 3
}

fn fresh<T: Default>() -> T {
    T::default()
}

fn read<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn total<T: Sum + Copy>(values: &[T]) -> T {
    values.iter().copied().sum()
}

fn show<T: Display>(value: T) -> String {
    format!("<{value}>")
}

fn real(value: impl Into<f64>) -> f64 {
    value.into()
}

fn number<T: AsRef<i64>>(value: &T) -> i64 {
    *value.as_ref()
}

pub fn debug<T: Debug>(value: T) -> String {
    format!("{value:?}")
}

#[cached]
pub fn doubled() -> i64 {
    twice(Money(2)).0
}

#[cached]
pub fn raised() -> i64 {
    power(Money(2)).0
}

#[cached]
pub fn defaulted() -> i64 {
    fresh::<Money>().0
}

#[cached]
pub fn parsed(text: String) -> i64 {
    let money: Option<Money> = read(&text);
    money.map_or(0, |money| money.0)
}

#[cached]
pub fn summed() -> i64 {
    total(&[Money(1), Money(2)]).0
}

#[cached]
pub fn shown() -> String {
    show(Money(3))
}

#[cached]
pub fn converted() -> f64 {
    real(Money(4))
}

#[cached]
pub fn referenced() -> i64 {
    number(&Money(5))
}
