use rememo::cached;

pub struct Error;

pub trait ArgType<'a> {
    type Output;

    fn from_value_owned(_value: u32) -> Result<Self::Output, Error> {
        Err(Error)
    }

    fn twice(value: u32) -> Result<Self::Output, Error> {
        Self::from_value_owned(value * 2)
    }
}

impl<'a> ArgType<'a> for String {
    type Output = Self;

    fn from_value_owned(value: u32) -> Result<Self, Error> {
        Ok(value.to_string())
    }
}

impl<'a, T: ArgType<'a>> ArgType<'a> for Option<T> {
    type Output = Option<T::Output>;

    fn from_value_owned(value: u32) -> Result<Self::Output, Error> {
        T::from_value_owned(value + 7).map(Some)
    }
}

impl<'a, T: ArgType<'a, Output = T>> ArgType<'a> for Vec<T> {
    type Output = Vec<T>;

    fn from_value_owned(value: u32) -> Result<Self, Error> {
        Ok(vec![T::from_value_owned(value + 8)?])
    }
}

#[cached]
pub fn text(value: u32) -> bool {
    let result = String::from_value_owned(value);
    result.is_ok()
}

#[cached]
pub fn option(value: u32) -> bool {
    Option::<String>::from_value_owned(value).is_ok()
}

#[cached]
pub fn list(value: u32) -> bool {
    <Vec<String>>::from_value_owned(value).is_ok()
}

#[cached]
pub fn twice(value: u32) -> bool {
    String::twice(value).is_ok()
}

/// An operator on types that hold the impl's own parameters, each twice.
#[derive(Clone)]
pub struct Pair<A, B>(pub A, pub A, pub B);

impl<A: Clone + std::ops::Add<A, Output = A>, B: Clone> std::ops::Add<Pair<A, B>> for Pair<A, B> {
    type Output = Pair<A, B>;

    fn add(self, other: Pair<A, B>) -> Pair<A, B> {
        Pair(self.0 + other.0, self.1 + other.1, self.2)
    }
}

impl<A: Clone + std::ops::Add<A, Output = A>, B: Clone> std::ops::AddAssign<&Pair<A, B>> for Pair<A, B> {
    fn add_assign(&mut self, other: &Pair<A, B>) {
        let sum = self.clone() + other.clone();
        *self = sum;
    }
}

#[cached]
pub fn sum(value: u32) -> u32 {
    let mut pair = Pair(value, 2, 'a');
    pair += &Pair(3, 4, 'b');
    pair.0
}
