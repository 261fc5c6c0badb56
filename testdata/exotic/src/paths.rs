//! Ways to name a function.

use std::collections as maps;
use std::string::String as Text;

pub trait Shout {
    fn shout(self) -> usize;
    fn quiet() -> usize
    where
        Self: Sized,
    {
        fallback()
    }
}

fn fallback() -> usize {
    40
}

impl Shout for String {
    fn shout(self) -> usize {
        of_string()
    }
    fn quiet() -> usize {
        quiet_string()
    }
}
impl Shout for &str {
    fn shout(self) -> usize {
        of_str()
    }
}
impl Shout for i32 {
    fn shout(self) -> usize {
        of_int()
    }
}
impl Shout for (u8, u8) {
    fn shout(self) -> usize {
        of_pair()
    }
}
impl<const N: usize> Shout for [u8; N] {
    fn shout(self) -> usize {
        of_array()
    }
}
impl<T> Shout for Vec<T> {
    fn shout(self) -> usize {
        of_vec()
    }
}
impl<T> Shout for Option<T> {
    fn shout(self) -> usize {
        of_option()
    }
}
impl<T, E> Shout for Result<T, E> {
    fn shout(self) -> usize {
        of_result()
    }
}
impl<K, V> Shout for maps::BTreeMap<K, V> {
    fn shout(self) -> usize {
        of_map()
    }
}
impl Shout for std::io::Error {
    fn shout(self) -> usize {
        of_error()
    }
}
impl Shout for Box<dyn Fn() -> usize> {
    fn shout(self) -> usize {
        of_box()
    }
}
impl Shout for fn(u8) -> u8 {
    fn shout(self) -> usize {
        of_pointer()
    }
}
impl Shout for *const u8 {
    fn shout(self) -> usize {
        of_raw()
    }
}
impl Shout for std::cmp::Reverse<u8> {
    fn shout(self) -> usize {
        of_reverse()
    }
}
impl Shout for std::time::Duration {
    fn shout(self) -> usize {
        of_duration()
    }
}

macro_rules! leaves {
    ($($name:ident)*) => { $(fn $name() -> usize { $crate::leaf(stringify!($name).len()) })* };
}
leaves!(of_string quiet_string of_str of_int of_pair of_array of_vec of_option of_result of_map of_error of_box of_pointer of_raw);
leaves!(of_reverse of_duration);

type Alias = String;
type Generic<T> = Vec<T>;

pub fn by_std_name(x: String) -> usize {
    String::shout(x)
}
pub fn by_alias(x: String) -> usize {
    Alias::shout(x)
}
pub fn by_generic_alias(x: Vec<u8>) -> usize {
    Generic::<u8>::shout(x)
}
pub fn by_renamed_import(x: String) -> usize {
    Text::shout(x)
}
pub fn by_module_alias(x: maps::BTreeMap<u8, u8>) -> usize {
    maps::BTreeMap::<u8, u8>::shout(x)
}
pub fn by_primitive() -> usize {
    i32::shout(5)
}
pub fn by_core_primitive() -> usize {
    core::primitive::i32::shout(5)
}
pub fn by_literal() -> usize {
    5.shout()
}
pub fn by_reference() -> usize {
    <&str>::shout("a") + "b".shout()
}
pub fn by_tuple() -> usize {
    <(u8, u8)>::shout((1, 2)) + (3, 4).shout()
}
pub fn by_array() -> usize {
    <[u8; 3]>::shout([1, 2, 3]) + [1_u8].shout()
}
pub fn by_option(x: Option<u8>) -> usize {
    Option::shout(x)
}
pub fn by_variant() -> usize {
    Some(1).shout() + None::<u8>.shout()
}
pub fn by_result() -> usize {
    Result::<u8, u8>::shout(Ok(1))
}
pub fn by_error() -> usize {
    std::io::Error::shout(std::io::Error::last_os_error())
}
pub fn by_error_kind() -> usize {
    std::io::Error::from(std::io::ErrorKind::Other).shout()
}
pub fn by_boxed_closure() -> usize {
    let x: Box<dyn Fn() -> usize> = Box::new(|| 1);
    x.shout()
}
pub fn by_function_pointer() -> usize {
    fn id(x: u8) -> u8 {
        x
    }
    (id as fn(u8) -> u8).shout()
}
pub fn by_raw_pointer() -> usize {
    let x = 1_u8;
    (&raw const x).shout() + <*const u8 as Shout>::shout(&x)
}
pub fn by_wrapped() -> usize {
    std::cmp::Reverse(1_u8).shout()
}
pub fn by_qualified() -> usize {
    <String as Shout>::quiet() + <Vec<u8> as Shout>::quiet() + <Alias>::quiet()
}
pub fn as_value(x: Vec<String>) -> usize {
    x.into_iter().map(String::shout).sum()
}
pub fn as_trait_value(x: Vec<i32>) -> usize {
    x.into_iter().map(Shout::shout).sum()
}
pub fn as_inferred_value(x: Vec<i32>) -> usize {
    x.into_iter().map(<_>::shout).sum()
}
pub fn by_result_of_method(x: &str) -> usize {
    x.to_owned().shout() + x.trim().shout() + x.chars().collect::<Vec<_>>().shout() + x.bytes().next().shout()
}
pub fn by_constant() -> usize {
    std::time::Duration::MAX.shout() + std::time::Duration::from_secs(1).shout()
}
pub fn by_parameter<T: Shout>(x: T) -> usize {
    T::shout(x) + T::quiet()
}
pub fn gives_parameter() -> usize {
    by_parameter(1) + by_parameter::<String>(String::new())
}

pub trait Distance {
    fn distance(self, other: Self) -> usize;
    fn sub(self, other: Self) -> usize;
}
impl<T> Distance for *const T {
    fn distance(self, other: Self) -> usize {
        of_const(self as usize, other as usize)
    }
    fn sub(self, other: Self) -> usize {
        of_const(self as usize, other as usize)
    }
}
impl<T> Distance for *mut T {
    fn distance(self, other: Self) -> usize {
        of_mut(self as usize, other as usize)
    }
    fn sub(self, other: Self) -> usize {
        self.cast_const().distance(other.cast_const())
    }
}
fn of_const(a: usize, b: usize) -> usize {
    crate::leaf(a - b)
}
fn of_mut(a: usize, b: usize) -> usize {
    crate::leaf(b - a)
}
pub fn by_parameter_that_is_a_pointer(start: *const u8, end: *const u8) -> usize {
    end.distance(start)
}
pub fn by_mutable_pointer(start: *mut u32, end: *mut u32) -> usize {
    end.distance(start)
}
pub fn by_pointer_of_a_slice(all: &[u8]) -> usize {
    let range = all.as_ptr_range();
    range.end.distance(range.start) + all.as_ptr().distance(all.as_ptr())
}
pub fn by_trait_of_a_pointer(start: *mut u32) -> usize {
    Distance::sub(start, start)
}
pub struct Span {
    start: *const u8,
    end: *const u8,
}
pub fn by_field_that_is_a_pointer(span: &Span) -> usize {
    span.end.distance(span.start)
}

#[cfg(target_arch = "x86_64")]
pub mod vectors {
    use core::arch::x86_64::__m128i;

    pub trait Load: Sized {
        fn load(from: u128) -> Self;
    }
    impl Load for __m128i {
        fn load(from: u128) -> Self {
            crate::leaf(1);
            unsafe { core::mem::transmute::<u128, __m128i>(from) }
        }
    }
    pub fn by_type_in_lower_case() -> __m128i {
        __m128i::load(1)
    }
}
