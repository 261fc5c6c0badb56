//! Functions as values: what is passed is reached where it is passed.

pub trait Ring {
    fn ring(&self) -> u32;
}

pub trait Chime {
    fn ring(&self) -> u32;
}

pub struct Bell(u32);

impl Bell {
    fn strike(&self) -> u32 {
        self.0
    }
}

impl Ring for Bell {
    fn ring(&self) -> u32 {
        1
    }
}

impl Chime for Bell {
    fn ring(&self) -> u32 {
        2
    }
}

type OnBell = fn(&Bell) -> u32;
type OnRing = fn(&dyn Ring) -> u32;
type On<T> = fn(&T) -> u32;

fn apply(bell: &Bell, action: OnBell) -> u32 {
    action(bell)
}

fn apply_generic<T: Ring>(of: &T, action: On<T>) -> u32 {
    action(of)
}

fn apply_to_object(of: &dyn Ring, action: OnRing) -> u32 {
    action(of)
}

fn apply_closure(bell: &Bell, action: &dyn Fn(&Bell) -> u32) -> u32 {
    action(bell)
}

fn twice(action: impl Fn(u32) -> u32, value: u32) -> u32 {
    action(action(value))
}

mod steps {
    use super::Ring;

    /// Has the type of the next one, and is never passed.
    #[allow(dead_code)]
    pub fn unused(of: &dyn Ring) -> u32 {
        of.ring()
    }

    pub fn used(of: &dyn Ring) -> u32 {
        of.ring() + 1
    }

    pub fn add(value: u32) -> u32 {
        value + 1
    }
}

// reaches: Bell::strike, apply
pub fn its_own_method() -> u32 {
    apply(&Bell(1), Bell::strike)
}

// reaches: <Bell as Ring>::ring, apply
pub fn a_traits_method() -> u32 {
    apply(&Bell(1), Ring::ring)
}

// reaches: <Bell as Chime>::ring, apply
pub fn a_traits_method_of_a_type() -> u32 {
    apply(&Bell(1), <Bell as Chime>::ring)
}

// reaches: Bell::strike, apply_generic
pub fn a_generic_pointer() -> u32 {
    apply_generic(&Bell(1), Bell::strike)
}

// reaches: <Bell as Ring>::ring, apply_to_object, steps::used
pub fn a_function_of_trait_objects() -> u32 {
    apply_to_object(&Bell(1), steps::used)
}

// reaches: Bell::strike, apply_closure
pub fn a_trait_object_of_a_function() -> u32 {
    apply_closure(&Bell(1), &Bell::strike)
}

// reaches: steps::add, twice
pub fn a_function_for_a_closure() -> u32 {
    twice(steps::add, 1)
}

// reaches: Bell::strike, twice
pub fn a_closure_that_calls() -> u32 {
    let bell = Bell(1);
    twice(|value| value + bell.strike(), 1)
}

// reaches: steps::add
pub fn a_table_of_functions() -> u32 {
    let table: [fn(u32) -> u32; 2] = [steps::add, steps::add];
    table.iter().fold(0, |value, step| step(value))
}
