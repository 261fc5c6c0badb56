//! Calls whose target is written in the call: associated functions and methods of a type's own impl.

pub struct Kettle;

pub struct Pot {
    litres: u32,
}

impl Kettle {
    // reaches: nothing
    pub fn boil() -> u32 {
        100
    }

    // reaches: nothing
    pub fn pour(&mut self) -> u32 {
        1
    }

    // reaches: Kettle::pour, Kettle::rinse
    pub fn serve(&mut self) -> u32 {
        self.rinse();
        self.pour()
    }

    // reaches: nothing
    fn rinse(&self) {}
}

impl Pot {
    // reaches: nothing
    pub fn new(litres: u32) -> Self {
        Pot { litres }
    }

    // reaches: nothing
    pub fn boil(&self) -> u32 {
        self.litres
    }

    // reaches: nothing
    pub fn pour(&mut self) -> u32 {
        self.litres -= 1;
        self.litres
    }
}

// reaches: Kettle::boil
pub fn an_associated_function() -> u32 {
    Kettle::boil()
}

// reaches: Kettle::pour
pub fn a_method_of_a_local() -> u32 {
    let mut kettle = Kettle;
    kettle.pour()
}

// reaches: Kettle::pour
pub fn a_method_of_a_new_value() -> u32 {
    Kettle.pour()
}

// reaches: Pot::boil, Pot::new
pub fn a_method_of_what_a_constructor_returns() -> u32 {
    let pot = Pot::new(2);
    pot.boil()
}

// reaches: Kettle::boil, Pot::new, Pot::pour
pub fn methods_of_one_name_on_two_types() -> u32 {
    let mut pot = Pot::new(3);
    Kettle::boil() + pot.pour()
}

// reaches: Pot::boil
pub fn a_method_by_its_path(pot: &Pot) -> u32 {
    Pot::boil(pot)
}

// reaches: Kettle::pour, Kettle::rinse, Kettle::serve
pub fn a_method_that_calls_methods() -> u32 {
    Kettle.serve()
}

// reaches: nothing
pub fn nothing_of_this_file() -> u32 {
    let mut numbers = vec![3, 1, 2];
    numbers.sort();
    numbers.iter().map(|number| number * 2).sum()
}
