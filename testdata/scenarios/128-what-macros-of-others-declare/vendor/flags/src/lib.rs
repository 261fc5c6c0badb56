//! Stand-in: macros whose definitions nobody reads.

#[macro_export]
macro_rules! flags {
    (struct $name:ident { $($flag:ident = $value:expr,)* }) => {
        #[derive(Clone, Copy, PartialEq)]
        pub struct $name(pub u32);

        #[allow(dead_code)]
        impl $name {
            $(pub const $flag: $name = $name($value);)*
        }
    };
}

#[macro_export]
macro_rules! kernel {
    ($($item:item)*) => { $($item)* };
}
