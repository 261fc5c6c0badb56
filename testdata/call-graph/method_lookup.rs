//! Which of several methods of one name is called: a type's own, a trait's, a default.

pub trait Heat {
    fn warm(&self) -> u32;
}

pub trait Cool {
    fn warm(&self) -> u32;
    fn chill(&self) -> u32;
    fn store(&self) -> u32;
}

pub trait Freeze {
    fn chill(&self) -> u32;
}

pub trait Label {
    fn label(&self) -> u32 {
        1
    }

    fn blank() -> u32
    where
        Self: Sized,
    {
        2
    }
}

pub mod kitchen {
    use super::{Cool, Freeze, Heat, Label};

    pub struct Stove(pub u32);

    pub struct Shelf;

    impl Stove {
        pub fn warm(&self) -> u32 {
            self.0
        }

        pub fn blank() -> u32 {
            3
        }
    }

    impl Heat for Stove {
        fn warm(&self) -> u32 {
            4
        }
    }

    impl Cool for Stove {
        fn warm(&self) -> u32 {
            5
        }

        fn chill(&self) -> u32 {
            6
        }

        fn store(&self) -> u32 {
            7
        }
    }

    impl Freeze for Stove {
        fn chill(&self) -> u32 {
            8
        }
    }

    impl Label for Stove {
        fn blank() -> u32 {
            9
        }
    }

    impl Label for Shelf {}
}

use kitchen::{Shelf, Stove};

// reaches: kitchen::Stove::warm
pub fn its_own_method_wins_over_a_traits() -> u32 {
    Stove(1).warm()
}

// reaches: kitchen::<Stove as Heat>::warm
pub fn the_trait_is_named() -> u32 {
    Heat::warm(&Stove(1))
}

// reaches: kitchen::<Stove as Cool>::warm
pub fn type_and_trait_are_named() -> u32 {
    <Stove as Cool>::warm(&Stove(1))
}

// reaches: kitchen::<Stove as Cool>::store
pub fn a_method_of_one_trait_alone() -> u32 {
    Stove(1).store()
}

pub mod in_scope {
    use crate::Freeze;
    use crate::kitchen::Stove;

    // reaches: kitchen::<Stove as Freeze>::chill
    pub fn the_trait_in_scope_decides() -> u32 {
        Stove(1).chill()
    }
}

// reaches: kitchen::Stove::blank
pub fn its_own_function_wins_over_a_traits() -> u32 {
    Stove::blank()
}

// reaches: kitchen::<Stove as Label>::blank
pub fn the_traits_function_is_overridden() -> u32 {
    <Stove as Label>::blank()
}

// reaches: Label::blank
pub fn the_traits_function_is_the_default() -> u32 {
    Shelf::blank()
}

// reaches: Label::label
pub fn a_default_method() -> u32 {
    Shelf.label()
}
