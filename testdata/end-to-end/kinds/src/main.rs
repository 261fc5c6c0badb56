mod shapes;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use rememo::cached;
use shapes::{Area, Circle, Square};

fn factor() -> u32 {
    2
}

#[cached]
async fn fetch(n: u32) -> u32 {
    println!("fetch: computed");
    std::future::ready(factor() * n).await
}

struct Reader;

impl Reader {
    #[cached]
    fn read(n: u32) -> u32 {
        println!("read: computed");
        factor() + n
    }
}

#[cached(key(shape = shape.size()))]
fn twice<T: Area>(shape: &T) -> u32 {
    println!("twice: computed");
    2 * shape.area()
}

fn main() {
    let mut future = pin!(fetch(4));
    let Poll::Ready(fetched) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!("pending") };
    println!("fetch = {fetched}");
    println!("read = {}", Reader::read(1));
    println!("square = {}", Square(3).area());
    println!("circle = {}", Circle(1).area());
    println!("twice = {}", twice(&Square(5)));
    println!("twice = {}", twice(&Circle(5)));
}
