use rememo::cached;

pub struct Steps {
    at: usize,
}

impl Iterator for Steps {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let found = step(self.at);
        self.at += 1;
        found
    }
}

fn step(at: usize) -> Option<usize> {
    (at < 3).then_some(at)
}

pub struct Each<T>(Option<T>);

impl<T: Clone> Iterator for Each<T> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let found = self.0.clone().map(|_| 2);
        self.0 = None;
        found
    }
}

pub struct Words(Vec<usize>);

impl Iterator for Words {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        self.0.pop()?;
        step(self.0.len())
    }
}

fn steps(at: usize) -> impl Iterator<Item = usize> {
    Steps { at }
}

fn perhaps(at: usize) -> Option<impl Iterator<Item = usize>> {
    if at > 10 { None } else { Some(Steps { at }) }
}

fn handed_on(at: usize) -> impl Iterator<Item = usize> {
    steps(at)
}

fn doubled(at: usize) -> impl Iterator<Item = usize> {
    steps(at).map(|x| x * 2)
}

fn list(values: &[usize]) -> impl Iterator<Item = &usize> {
    values.iter()
}

fn any_of<T: Clone>(value: T) -> impl Iterator<Item = usize> {
    Each(Some(value))
}

fn object(values: Vec<usize>) -> Box<dyn Iterator<Item = usize>> {
    Box::new(Words(values))
}

struct Holder {
    inner: Box<dyn Iterator<Item = usize>>,
}

#[cached]
pub fn counted(at: usize) -> usize {
    steps(at).count()
}

#[cached]
pub fn looped(at: usize) -> usize {
    let mut sum = 0;
    for x in steps(at) {
        sum += x;
    }
    sum
}

#[cached]
pub fn optional(at: usize) -> usize {
    perhaps(at).map_or(0, |mut found| found.next().unwrap_or(0))
}

#[cached]
pub fn passed_on(at: usize) -> usize {
    handed_on(at).last().unwrap_or(0)
}

#[cached]
pub fn adapted(at: usize) -> Vec<usize> {
    doubled(at).collect()
}

#[cached]
pub fn of_list(values: Vec<usize>) -> usize {
    list(&values).sum()
}

#[cached]
pub fn of_any(at: usize) -> usize {
    any_of(at).count() + any_of(steps(at).count()).count()
}

#[cached]
pub fn made(at: usize) -> usize {
    let _unused = steps(at);
    at
}

#[cached]
pub fn boxed(values: Vec<usize>) -> usize {
    object(values).count()
}

#[cached]
pub fn held(values: Vec<usize>) -> usize {
    let mut holder = Holder { inner: object(values) };
    holder.inner.next().unwrap_or(0)
}
