//! Generic functions and types: each use is compiled for its types.

pub trait Weigh {
    fn weigh(&self) -> i32;
}

pub trait Split<T> {
    fn split(&self) -> T;
}

pub struct Apple;

pub struct Melon;

pub struct Grape;

impl Weigh for Apple {
    fn weigh(&self) -> i32 {
        1
    }
}

impl Weigh for Melon {
    fn weigh(&self) -> i32 {
        2
    }
}

impl Weigh for Grape {
    fn weigh(&self) -> i32 {
        3
    }
}

impl Split<i32> for Melon {
    fn split(&self) -> i32 {
        4
    }
}

pub struct Crate<T> {
    fruit: T,
}

impl<T: Weigh> Crate<T> {
    fn new(fruit: T) -> Crate<T> {
        Crate { fruit }
    }

    fn total(&self) -> i32 {
        self.fruit.weigh()
    }
}

fn on_scales<T: Weigh>(fruit: T) -> i32 {
    fruit.weigh()
}

fn on_any_scales(fruit: impl Weigh) -> i32 {
    fruit.weigh()
}

fn halves<T: Split<i32>>(fruit: T) -> i32 {
    fruit.split()
}

fn parts<T, P>(fruit: T) -> P
where
    T: Split<P>,
{
    fruit.split()
}

/// Any type with the trait may come in from a caller.
// reaches: <Apple as Weigh>::weigh, <Grape as Weigh>::weigh, <Melon as Weigh>::weigh
pub fn any<T: Weigh>(fruit: T) -> i32 {
    fruit.weigh()
}

// reaches: <Apple as Weigh>::weigh, on_scales
pub fn by_the_argument() -> i32 {
    on_scales(Apple)
}

// reaches: <Melon as Weigh>::weigh, on_scales
pub fn by_a_turbofish() -> i32 {
    on_scales::<Melon>(Melon)
}

// reaches: <Apple as Weigh>::weigh, <Melon as Weigh>::weigh, on_scales
pub fn for_two_types() -> i32 {
    on_scales(Apple) + on_scales(Melon)
}

// reaches: <Apple as Weigh>::weigh, on_any_scales
pub fn an_impl_trait() -> i32 {
    on_any_scales(Apple)
}

// reaches: <Melon as Split<i32>>::split, halves
pub fn a_bound_with_an_argument() -> i32 {
    halves(Melon)
}

// reaches: <Melon as Split<i32>>::split, parts
pub fn a_bound_with_a_parameter() -> i32 {
    parts(Melon)
}

// reaches: <Apple as Weigh>::weigh, Crate::new, Crate::total
pub fn a_generic_type() -> i32 {
    let full = Crate::<Apple>::new(Apple);
    full.total()
}
