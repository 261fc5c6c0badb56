//! Functions that travel as values, objects and types.

use std::any::Any;
use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

macro_rules! leaves {
    ($($name:ident)*) => { $(fn $name() -> usize { $crate::leaf(stringify!($name).len()) })* };
}
leaves!(one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen);
leaves!(nineteen twenty twentyone twentytwo twentythree twentyfour twentyfive twentysix twentyseven twentyeight twentynine);

const CHOSEN: fn() -> usize = one;
static TABLE: [fn() -> usize; 2] = [two, three];
static LAZY: LazyLock<usize> = LazyLock::new(|| four());
static ONCE: OnceLock<usize> = OnceLock::new();
static NAMED: &[(&str, fn() -> usize)] = &[("five", five), ("six", || six())];
thread_local! {
    static LOCAL: Cell<usize> = Cell::new(seven());
}
static HOOK: Mutex<Option<Box<dyn Fn() -> usize + Send>>> = Mutex::new(None);

pub struct Steps {
    run: fn() -> usize,
    then: Box<dyn Fn(usize) -> usize>,
}

impl Steps {
    pub fn new() -> Steps {
        Steps { run: eight, then: Box::new(|x| x + nine()) }
    }
    pub fn go(&self) -> usize {
        (self.then)((self.run)())
    }
}

pub fn of_constant() -> usize {
    CHOSEN()
}
pub fn of_table(at: usize) -> usize {
    TABLE[at]()
}
pub fn of_lazy() -> usize {
    *LAZY
}
pub fn of_once() -> usize {
    *ONCE.get_or_init(ten)
}
pub fn of_named(name: &str) -> usize {
    NAMED.iter().find(|(known, _)| *known == name).map_or(0, |(_, run)| run())
}
pub fn of_local() -> usize {
    LOCAL.with(Cell::get)
}
pub fn sets_hook() {
    *HOOK.lock().unwrap() = Some(Box::new(|| eleven()));
}
pub fn runs_hook() -> usize {
    HOOK.lock().unwrap().as_ref().map_or(0, |hook| hook())
}
pub fn of_steps() -> usize {
    Steps::new().go()
}
pub fn goes(steps: &Steps) -> usize {
    steps.go()
}
pub fn returns_closure() -> impl Fn() -> usize {
    || twelve()
}
pub fn runs_returned() -> usize {
    returns_closure()()
}
pub fn composes() -> usize {
    fn twice<F: Fn(usize) -> usize>(f: F) -> impl Fn(usize) -> usize {
        move |x| f(f(x))
    }
    twice(|x| x + thirteen())(1)
}
pub fn threads() -> usize {
    std::thread::spawn(fourteen).join().unwrap_or(0)
}
pub fn scoped() -> usize {
    std::thread::scope(|scope| scope.spawn(|| fifteen()).join().unwrap_or(0))
}
pub fn catches() -> usize {
    std::panic::catch_unwind(sixteen).unwrap_or(0)
}
pub fn cell() -> usize {
    let cell = OnceCell::new();
    *cell.get_or_init(|| seventeen())
}

pub trait Animal {
    fn name(&self) -> usize;
    fn legs(&self) -> usize {
        eighteen()
    }
}
pub trait Pet: Animal {
    fn owner(&self) -> usize;
}
pub struct Cat;
pub struct Dog;
impl Animal for Cat {
    fn name(&self) -> usize {
        nineteen()
    }
}
impl Animal for Dog {
    fn name(&self) -> usize {
        twenty()
    }
    fn legs(&self) -> usize {
        twentyone()
    }
}
impl Pet for Dog {
    fn owner(&self) -> usize {
        twentytwo()
    }
}
impl<F: Fn() -> usize> Animal for F {
    fn name(&self) -> usize {
        self()
    }
}
pub fn makes(kind: u8) -> Box<dyn Animal> {
    match kind {
        0 => Box::new(Cat),
        1 => Box::new(Dog),
        _ => Box::new(|| twentythree()),
    }
}
pub fn asks(animal: &dyn Animal) -> usize {
    animal.name() + animal.legs()
}
pub fn asks_made() -> usize {
    asks(&*makes(0))
}
pub fn upcasts(pet: &dyn Pet) -> usize {
    let animal: &dyn Animal = pet;
    animal.name()
}
pub fn upcasts_dog() -> usize {
    upcasts(&Dog)
}
pub fn erases<A: Animal + 'static>(animal: A) -> Box<dyn Any> {
    Box::new(animal)
}
pub fn downcasts(any: &dyn Any) -> usize {
    any.downcast_ref::<Cat>().map_or(0, Animal::name)
}
pub fn shares() -> usize {
    let all: Vec<Arc<dyn Animal>> = vec![Arc::new(Cat), Arc::new(Dog)];
    all.iter().map(|animal| animal.legs()).sum()
}
pub fn registers() -> usize {
    let mut all: HashMap<&str, Box<dyn Fn(usize) -> usize>> = HashMap::new();
    all.insert("a", Box::new(|x| x + twentyfour()));
    all["a"](1)
}

pub trait Shape {
    type Made: Default + Animal;
    const SIZE: usize;
    fn made(&self) -> Self::Made {
        Self::Made::default()
    }
}
pub struct Square;
#[derive(Clone, Copy)]
pub struct Out;
impl Default for Out {
    fn default() -> Out {
        twentyfive();
        Out
    }
}
impl Animal for Out {
    fn name(&self) -> usize {
        twentysix()
    }
}
const fn size() -> usize {
    4
}
impl Shape for Square {
    type Made = Out;
    const SIZE: usize = size();
}
pub fn sizes<S: Shape>(shape: &S) -> usize {
    S::SIZE + shape.made().name() + <S::Made as Default>::default().legs()
}
pub fn sizes_square() -> usize {
    sizes(&Square)
}
pub fn arrays() -> [u8; size()] {
    [0; const { size() }]
}

pub trait Visit {
    fn visit(&self, visitor: &mut impl Visitor);
}
pub trait Visitor {
    fn number(&mut self, x: usize);
    fn list<V: Visit>(&mut self, all: &[V])
    where
        Self: Sized,
    {
        all.iter().for_each(|one| one.visit(self));
    }
}
pub struct Total(usize);
impl Visitor for Total {
    fn number(&mut self, x: usize) {
        self.0 += x + twentyseven();
    }
    fn list<V: Visit>(&mut self, all: &[V]) {
        for one in all {
            one.visit(self);
        }
    }
}
impl Visit for usize {
    fn visit(&self, visitor: &mut impl Visitor) {
        visitor.number(*self);
    }
}
impl<V: Visit> Visit for Vec<V> {
    fn visit(&self, visitor: &mut impl Visitor) {
        visitor.list(self);
    }
}
pub fn totals(x: &Vec<Vec<usize>>) -> usize {
    let mut total = Total(0);
    x.visit(&mut total);
    total.0
}

pub struct Ready;
impl Future for Ready {
    type Output = usize;
    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<usize> {
        std::task::Poll::Ready(twentyeight())
    }
}
pub async fn waits() -> usize {
    inner().await + Ready.await
}
async fn inner() -> usize {
    twentynine()
}
pub fn blocks() -> usize {
    let mut future = Box::pin(async { waits().await });
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(x) => x,
        std::task::Poll::Pending => 0,
    }
}
