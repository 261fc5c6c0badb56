use rememo::cached;

pub struct Left;

impl Left {
    fn number(&self) -> u32 {
        1
    }
}

pub struct Right;

impl Right {
    fn number(&self) -> u32 {
        2
    }
}

fn helper() -> u32 {
    7
}

macro_rules! make {
    ($name:ident, $arg:ident, $value:expr) => {
        fn $name($arg: u32) -> u32 {
            let helper = 3;
            let it = Left;
            let _ = it;
            $arg + helper + $value
        }
    };
}

make!(of_a_function, value, helper());
make!(of_its_own, value, {
    let it = Right;
    it.number()
});

// Not the definition's local: the function.
#[cached]
pub fn not_a_local(value: u32) -> u32 {
    of_a_function(value)
}

// The input's own local.
#[cached]
pub fn own(value: u32) -> u32 {
    of_its_own(value)
}

macro_rules! two {
    ($name:ident, $local:ident, $value:expr) => {
        fn $name(value: u32) -> u32 {
            let $local = Right;
            let it = Left;
            let _ = it;
            value + $value
        }
    };
}

two!(of_the_input, it, it.number());

// The local that the definition binds by the input's name, not the one behind it.
#[cached]
pub fn between(value: u32) -> u32 {
    of_the_input(value)
}

macro_rules! added {
    ($one:expr, $other:expr) => {{
        let it = Left;
        let _ = it;
        $one + $other
    }};
}

macro_rules! mixed {
    ($name:ident, $local:ident, $value:expr) => {
        fn $name(value: u32) -> u32 {
            let $local = Right;
            let it = Left;
            value + added!(it.number(), $value)
        }
    };
}

mixed!(of_both, it, it.number());

// A call in the body whose input comes from both.
#[cached]
pub fn both(value: u32) -> u32 {
    of_both(value)
}

macro_rules! outer {
    ($inner:ident, $value:expr) => {
        macro_rules! $inner {
            ($name:ident) => {
                fn $name(value: u32) -> u32 {
                    let helper = 4;
                    value + helper + $value
                }
            };
        }
    };
}

outer!(inner, helper());
inner!(of_an_inner);

// A definition that a macro made holds words of both.
#[cached]
pub fn of_two_definitions(value: u32) -> u32 {
    of_an_inner(value)
}
