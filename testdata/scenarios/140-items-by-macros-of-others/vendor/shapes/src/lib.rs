//! Stand-in: macros that write impls, one of them by another of its own crate.

pub trait Shape {
    fn sides(&self) -> u32;
    fn area(&self) -> u32;
}

#[macro_export(local_inner_macros)]
macro_rules! shape {
    ($name:ident $(with $tokens:tt)?, $area:expr) => {
        pub struct $name(pub u32);

        impl $name {
            member! { pub fn grown(&self) -> u32 { (grow)(self.0) } }
        }

        impl $crate::Shape for $name {
            member! { fn sides(&self) -> u32 { 4 } }
            member! { fn area(&self) -> u32 { ($area)(self.0) } }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! member {
    ($($tokens:tt)*) => { $($tokens)* };
}

#[macro_export]
macro_rules! all_members {
    ($name:ident: $($member:item)*) => {
        impl $name { $($member)* }
    };
}
