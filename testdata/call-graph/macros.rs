//! Calls in macros, and items that macros make.

pub trait Sow {
    fn sow(&self) -> u32;
}

pub struct Bean(u32);

pub struct Pea;

impl Sow for Bean {
    fn sow(&self) -> u32 {
        self.0
    }
}

impl Sow for Pea {
    fn sow(&self) -> u32 {
        2
    }
}

macro_rules! sown {
    ( $( $seed:expr ),* ) => {{
        let mut results = Vec::new();
        $(
            let result = Sow::sow($seed);
            results.push(result);
        )*
        results
    }};
}

macro_rules! harvest {
    ($name:ident, $by:ident) => {
        pub struct $name;

        impl $name {
            pub fn reap(&self) -> u32 {
                $by()
            }
        }
    };
}

fn by_hand() -> u32 {
    1
}

fn by_scythe() -> u32 {
    2
}

harvest!(Garden, by_hand);
harvest!(Field, by_scythe);

/// A derive calls what its fields have.
#[derive(Clone)]
pub struct Row {
    first: Seed,
}

pub struct Seed(u32);

impl Clone for Seed {
    fn clone(&self) -> Self {
        Seed(self.0 + 1)
    }
}

// reaches: <Bean as Sow>::sow
pub fn a_call_in_a_macro() -> u32 {
    sown![&Bean(1)].iter().sum()
}

// reaches: <Bean as Sow>::sow, <Pea as Sow>::sow
pub fn calls_for_two_types() -> u32 {
    sown![&Bean(1), &Pea].iter().sum()
}

// reaches: Garden::reap, by_hand
pub fn a_method_that_a_macro_made() -> u32 {
    Garden.reap()
}

// reaches: Field::reap, by_scythe
pub fn the_other_one() -> u32 {
    Field.reap()
}

// reaches: <Seed as Clone>::clone
pub fn a_method_that_a_derive_made(row: &Row) -> u32 {
    row.clone().first.0
}

// reaches: by_hand
pub fn in_a_standard_macro() -> String {
    format!("{}", by_hand())
}
