//! Functions and closures that the standard library calls.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

use rememo::cached;

struct Item {
    price: u32,
}

impl Item {
    fn cost(&self) -> u32 {
        self.price * 2
    }

    fn is_cheap(&self) -> bool {
        self.price < 10
    }
}

fn compare(left: &u32, right: &u32) -> std::cmp::Ordering {
    left.cmp(right)
}

fn work() -> u32 {
    1
}

fn on_thread() -> u32 {
    2
}

fn fallback() -> u32 {
    3
}

fn in_lock(value: &mut u32) {
    *value += 1;
}

#[cached]
pub fn sorted() -> Vec<u32> {
    let mut values = vec![2, 1];
    values.sort_by(compare);
    values
}

#[cached]
pub fn by_cost() -> u32 {
    let mut items = vec![Item { price: 2 }, Item { price: 1 }];
    items.sort_by_key(Item::cost);
    items[0].price
}

#[cached]
pub fn kept() -> usize {
    let mut items = vec![Item { price: 2 }];
    items.retain(|item| item.is_cheap());
    items.len()
}

#[cached]
pub fn spawned() -> u32 {
    let handle = thread::spawn(on_thread);
    handle.join().unwrap() + thread::scope(|scope| scope.spawn(|| work()).join().unwrap())
}

#[cached]
pub fn caught() -> u32 {
    std::panic::catch_unwind(|| work()).unwrap_or_else(|_| fallback())
}

#[cached]
pub fn locked() -> u32 {
    let shared = Mutex::new(1);
    in_lock(&mut shared.lock().unwrap());
    shared.into_inner().unwrap()
}

#[cached]
pub fn entry() -> u32 {
    let mut map: HashMap<u32, Item> = HashMap::new();
    map.entry(1).or_insert_with(|| Item { price: fallback() }).cost()
}
