//! Stand-in: declares a module for each file of a folder.

#[macro_export]
macro_rules! dir {
    ($folder:literal) => {
        pub mod one;
    };
}
