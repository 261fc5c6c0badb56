//! Names that mean something else than they seem to.

macro_rules! leaves {
    ($($name:ident)*) => { $(pub fn $name() -> usize { $crate::leaf(stringify!($name).len()) })* };
}

pub mod shadows {
    leaves!(one two three four five six);
    #[derive(Clone)]
    pub struct Vec;
    impl Vec {
        pub fn new() -> Vec {
            one();
            Vec
        }
        pub fn len(&self) -> usize {
            two()
        }
    }
    #[allow(non_snake_case)]
    pub fn Some(x: usize) -> usize {
        x + three()
    }
    pub fn drop(_: usize) -> usize {
        four()
    }
    macro_rules! vec {
        ($x:expr) => {
            five() + $x
        };
    }
    macro_rules! format {
        ($($x:tt)*) => {
            six()
        };
    }
    pub fn makes() -> usize {
        Vec::new().len() + Some(1)
    }
    pub fn drops() -> usize {
        drop(1)
    }
    pub fn lists() -> usize {
        vec![1] + format!("{}", 1)
    }
}

pub mod globs {
    pub mod a {
        leaves!(same only_a);
    }
    pub mod b {
        leaves!(only_b);
        pub fn same() -> usize {
            only_b() + 1
        }
    }
    pub use a::*;
    pub mod c {
        pub use super::a::only_a as renamed;
        pub use super::b as again;
        pub use super::super::globs as up;
    }
    pub fn of_glob() -> usize {
        same()
    }
    pub fn shadowed() -> usize {
        use b::same;
        same()
    }
    pub fn inner_item() -> usize {
        fn same() -> usize {
            b::only_b()
        }
        same() + self::same()
    }
    pub fn renamed() -> usize {
        c::renamed() + c::again::same() + c::up::b::only_b()
    }
}

pub mod methods {
    leaves!(inherent by_value by_ref by_mut of_target of_str of_slice blanket);
    pub struct Thing;
    impl Thing {
        pub fn both(&self) -> usize {
            inherent()
        }
    }
    pub trait Both {
        fn both(self) -> usize;
        fn each(self) -> usize;
    }
    impl Both for Thing {
        fn both(self) -> usize {
            by_value()
        }
        fn each(self) -> usize {
            by_value() + 1
        }
    }
    impl Both for &Thing {
        fn both(self) -> usize {
            by_ref()
        }
        fn each(self) -> usize {
            by_ref() + 1
        }
    }
    impl Both for &mut Thing {
        fn both(self) -> usize {
            by_mut()
        }
        fn each(self) -> usize {
            by_mut() + 1
        }
    }
    pub fn value() -> usize {
        Thing.both() + Thing.each()
    }
    pub fn reference(x: &Thing) -> usize {
        x.both() + x.each()
    }
    pub fn mutable(x: &mut Thing) -> usize {
        x.each()
    }
    pub fn generic<T>(x: T) -> usize
    where
        for<'a> &'a T: Both,
    {
        (&x).each()
    }
    pub fn gives() -> usize {
        generic(Thing)
    }
    pub struct Outer(Thing);
    impl std::ops::Deref for Outer {
        type Target = Thing;
        fn deref(&self) -> &Thing {
            of_target();
            &self.0
        }
    }
    pub fn through(x: &Outer) -> usize {
        (&**x).both()
    }
    pub trait Words {
        fn words(&self) -> usize;
    }
    impl Words for str {
        fn words(&self) -> usize {
            of_str()
        }
    }
    impl<T> Words for [T] {
        fn words(&self) -> usize {
            of_slice()
        }
    }
    pub fn strings(a: String, b: Box<str>, c: std::rc::Rc<str>, d: std::borrow::Cow<'_, str>) -> usize {
        a.words() + b.words() + c.words() + d.words()
    }
    pub fn slices(a: Vec<u8>, b: [u8; 2], c: Box<[u8]>) -> usize {
        a.words() + b.words() + c.words()
    }
    pub trait Ext: std::fmt::Display {
        fn ext(&self) -> usize {
            blanket()
        }
    }
    impl<T: std::fmt::Display + ?Sized> Ext for T {}
    pub fn extended() -> usize {
        1_u8.ext() + "a".ext() + String::new().ext()
    }
    pub fn trait_of_type_named_lower() -> usize {
        mod own {
            #[allow(non_camel_case_types)]
            pub struct handle;
        }
        impl Words for own::handle {
            fn words(&self) -> usize {
                super::shadows::one()
            }
        }
        own::handle::words(&own::handle)
    }
}

pub mod macros {
    leaves!(inside outside by_crate by_local by_nested by_ident by_method from_tokens);

    #[macro_export]
    macro_rules! exotic_call {
        () => {
            $crate::names::macros::by_crate()
        };
    }
    macro_rules! local {
        ($f:ident) => {{
            let x = $f();
            x + by_local()
        }};
    }
    macro_rules! nested {
        ($($inner:tt)*) => {
            local!($($inner)*) + by_nested()
        };
    }
    macro_rules! method {
        ($self:ident, $name:ident, $body:expr) => {
            pub fn $name(&$self) -> usize {
                $body
            }
        };
    }
    macro_rules! defines {
        ($name:ident => $body:block) => {
            macro_rules! $name {
                () => {
                    $body
                };
            }
        };
    }
    defines!(defined => { from_tokens() });
    pub struct Holder;
    impl Holder {
        method!(self, held, by_method() + self.other());
        fn other(&self) -> usize {
            inside()
        }
    }
    pub fn calls() -> usize {
        crate::exotic_call!() + exotic_call!()
    }
    pub fn calls_local() -> usize {
        local!(by_ident)
    }
    pub fn calls_nested() -> usize {
        nested!(outside)
    }
    pub fn calls_held(x: &Holder) -> usize {
        x.held()
    }
    pub fn calls_defined() -> usize {
        defined!()
    }
    pub fn asserts(x: usize) {
        assert!(x == by_ident(), "{}", by_method());
        debug_assert_ne!(x, inside());
        if matches!(x, y if y == outside()) {
            unreachable!("{}", by_local());
        }
    }
}

pub mod linked {
    leaves!(behind exported);
    mod there {
        #[unsafe(no_mangle)]
        pub extern "C" fn exotic_linked(x: usize) -> usize {
            x + super::behind()
        }
        #[unsafe(export_name = "exotic_renamed")]
        pub extern "C" fn another(x: usize) -> usize {
            x + super::exported()
        }
    }
    unsafe extern "C" {
        fn exotic_linked(x: usize) -> usize;
        #[link_name = "exotic_renamed"]
        safe fn whatever(x: usize) -> usize;
    }
    pub fn calls() -> usize {
        unsafe { exotic_linked(1) }
    }
    pub fn calls_renamed() -> usize {
        whatever(1)
    }
}

pub mod derefs {
    leaves!(of_outer of_inner of_pointee of_arc of_boxed of_two);
    use std::ops::Deref;
    use std::sync::Arc;

    pub struct Inner;
    impl Inner {
        pub fn go(&self) -> usize {
            of_inner()
        }
        pub fn size(&self) -> usize {
            of_pointee()
        }
        pub fn read(&self) -> usize {
            of_two()
        }
    }
    pub struct Outer(Inner);
    impl Deref for Outer {
        type Target = Inner;
        fn deref(&self) -> &Inner {
            &self.0
        }
    }
    impl std::io::Read for Outer {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Ok(of_outer())
        }
    }
    pub mod elsewhere {
        use super::*;
        pub trait Go {
            fn go(&self) -> usize;
        }
        impl Go for Outer {
            fn go(&self) -> usize {
                of_outer()
            }
        }
        pub trait Size {
            fn size(&self) -> usize;
        }
        impl Size for Arc<dyn Fn() -> usize> {
            fn size(&self) -> usize {
                of_arc()
            }
        }
        impl<'a, S: Size + ?Sized> Size for &'a S {
            fn size(&self) -> usize {
                (**self).size()
            }
        }
        impl Size for Box<Inner> {
            fn size(&self) -> usize {
                of_boxed()
            }
        }
    }
    pub fn without_the_trait(outer: &Outer) -> usize {
        outer.go()
    }
    pub fn with_the_trait(outer: &Outer) -> usize {
        use elsewhere::Go;
        outer.go()
    }
    pub fn through_arc(inner: Arc<Inner>) -> usize {
        inner.size()
    }
    pub fn through_arc_with_the_trait(inner: Arc<Inner>) -> usize {
        use elsewhere::Size;
        inner.size()
    }
    pub fn through_box(inner: Box<Inner>) -> usize {
        inner.size()
    }
    pub fn through_box_with_the_trait(inner: Box<Inner>) -> usize {
        use elsewhere::Size;
        inner.size()
    }
    pub fn without_the_standard_trait(outer: &Outer) -> usize {
        outer.read()
    }
}
