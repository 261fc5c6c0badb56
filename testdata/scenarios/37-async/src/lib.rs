//! Awaited functions, async blocks, hand-written futures.

use std::future::{Future, IntoFuture, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use rememo::cached;

async fn fetch(id: u32) -> u32 {
    decode(id).await
}

async fn decode(id: u32) -> u32 {
    id ^ 1
}

struct Delay(u32);

impl Future for Delay {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(self.0)
    }
}

struct Request(u32);

impl IntoFuture for Request {
    type Output = u32;
    type IntoFuture = Ready<u32>;

    fn into_future(self) -> Ready<u32> {
        ready(self.0)
    }
}

fn helper() -> u32 {
    5
}

fn boxed() -> Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async { helper() })
}

#[cached]
pub async fn awaited(id: u32) -> u32 {
    fetch(id).await
}

#[cached]
pub async fn delayed() -> u32 {
    Delay(3).await
}

#[cached]
pub async fn requested() -> u32 {
    Request(3).await
}

#[cached]
pub async fn from_block() -> u32 {
    boxed().await
}
