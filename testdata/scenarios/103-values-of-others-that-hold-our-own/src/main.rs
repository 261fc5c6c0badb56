//! A value of another package's type may hold an object or a closure of our own, whoever put it there.

use plugins::{Callback, Date, Object, Task, Value};
use rememo::cached;

struct Mine(u32);

impl Object for Mine {
    fn render(&self) -> String {
        format!("<{}>", self.0 * 3)
    }
}

#[cached]
fn rendered(value: &Value) -> String {
    value.render()
}

#[cached]
fn all_rendered(values: Vec<Value>) -> String {
    values.iter().map(|value| value.render()).collect()
}

#[cached]
fn called(callback: &Callback) -> u32 {
    callback.call(1)
}

#[cached]
fn ran(task: &Task) -> u32 {
    task.run()
}

#[cached]
fn later(date: &Date) -> u32 {
    date.later(7)
}

#[cached]
fn plain(n: u32) -> u32 {
    n + 1
}

fn main() {
    let callback = Callback::new(
        |n| n * 5,
    );
    println!("{} {}", rendered(&Value::of(Mine(1))), all_rendered(vec![Value::number(2)]));
    let task = Task::new(
        |n: u32| n + 8,
    );
    println!("{}", ran(&task));
    println!("{} {} {}", called(&callback), later(&Date::of(3)), plain(4));
}
