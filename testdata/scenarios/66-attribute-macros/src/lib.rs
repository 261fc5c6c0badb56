//! What attribute and derive macros add is nowhere in the crate's own text.

use rememo::cached;

mod hooks;

#[trace::traced]
fn work(value: u32) -> u32 {
    value + 1
}

#[derive(trace::Report)]
pub struct Job;

trace::make_constant!(ANSWER);

fn untraced(value: u32) -> u32 {
    value + 2
}

#[cached]
pub fn worked(value: u32) -> u32 {
    work(value)
}

#[cached]
pub fn reported() -> String {
    Job.report()
}

#[cached]
pub fn answered() -> u32 {
    ANSWER
}

#[cached]
pub fn plain(value: u32) -> u32 {
    untraced(value)
}
