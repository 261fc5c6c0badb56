//! Macros used by the rest of the crate.

macro_rules! module_of {
    ($module:ident => $($name:ident: $value:expr),* $(,)?) => {
        pub mod $module {
            $(pub fn $name() -> u32 { $value })*
        }
    };
}

macro_rules! define_macro {
    ($name:ident, $function:ident) => {
        macro_rules! $name {
            () => {
                $function() * 2
            };
        }
    };
}

macro_rules! count {
    () => { 0 };
    ($head:tt $($tail:tt)*) => { 1 + count!($($tail)*) };
}

macro_rules! shadow {
    ($name:ident) => {{
        let temporary = $name;
        temporary + 1
    }};
}

macro_rules! call_global {
    () => {
        unhygienic()
    };
}

macro_rules! sum_all {
    ($($value:expr),+ $(, $(@$rest:ident)?)?) => { 0 $(+ $value)+ };
}

macro_rules! never_used {
    () => { 99 };
}
