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

pub struct Third;

impl Third {
    fn number(&self) -> u32 {
        3
    }
}

macro_rules! own {
    ($one:expr) => {{
        let it = Left;
        let _ = $one;
        it.number()
    }};
}

// The macro's own local is what its definition names.
#[cached]
pub fn of_the_macro(value: u32) -> u32 {
    let it = Right;
    value + own!(&it)
}

macro_rules! given {
    ($one:expr) => {{
        let it = Left;
        let _ = it;
        $one.number()
    }};
}

// The caller's local is what its input names.
#[cached]
pub fn of_the_caller(value: u32) -> u32 {
    let it = Right;
    value + given!(it)
}

macro_rules! through {
    ($one:expr) => {{
        let it = Third;
        given!(it) + given!($one)
    }};
}

// A macro that gives another both its own local and the caller's.
#[cached]
pub fn nested(value: u32) -> u32 {
    let it = Right;
    value + through!(it)
}

macro_rules! bind {
    ($name:ident, $value:expr) => {
        let it = Left;
        let _ = it;
        let $name = $value;
    };
}

// What a macro binds by a name of its caller's holds behind the call; what it binds by its own doesn't.
#[cached]
pub fn bound(value: u32) -> u32 {
    let it = Right;
    bind!(other, Third);
    value + it.number() + other.number()
}

// The definition sees what is in scope where it stands.
#[cached]
pub fn local_macro(value: u32) -> u32 {
    let it = Left;
    macro_rules! seen {
        () => {
            it.number()
        };
    }
    let it = Right;
    let _ = it;
    value + seen!()
}

fn helper() -> u32 {
    7
}

macro_rules! calls {
    ($helper:ident) => {
        $helper() + helper()
    };
}

// One is the closure, the other the function.
#[cached]
pub fn called(value: u32) -> u32 {
    let helper = || Right.number();
    value + calls!(helper)
}

impl std::fmt::Display for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "left")
    }
}

impl std::fmt::Display for Right {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "right")
    }
}

macro_rules! shown {
    ($text:literal) => {{
        let it = Left;
        let _ = it;
        format!($text)
    }};
}

// What a text captures is what its author sees.
#[cached]
pub fn captured(value: u32) -> String {
    let it = Right;
    format!("{value}{}", shown!("{it}"))
}
