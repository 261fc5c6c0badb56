pub trait Array {
    type Item;
}

impl<T, const N: usize> Array for [T; N] {
    type Item = T;
}

pub struct SmallVec<A: Array>(Vec<A::Item>);

impl<A: Array> SmallVec<A> {
    pub fn new() -> Self {
        SmallVec(Vec::new())
    }

    pub fn push(&mut self, item: A::Item) {
        self.0.push(item);
    }
}

impl<A: Array> std::ops::Deref for SmallVec<A> {
    type Target = [A::Item];

    fn deref(&self) -> &[A::Item] {
        &self.0
    }
}

pub trait Describe {
    fn describe(&self) -> String;
}

pub fn print<D: Describe>(value: &D) -> String {
    value.describe()
}

pub struct Boxed<D>(D);

impl<D: Describe> Boxed<D> {
    pub fn new(value: D) -> Self {
        Boxed(value)
    }

    pub fn print(&self) -> String {
        self.0.describe()
    }
}

pub fn retry<T>(times: u32, mut attempt: impl FnMut() -> Option<T>) -> T {
    for _ in 0..times {
        if let Some(value) = attempt() {
            return value;
        }
    }
    panic!("no luck")
}
