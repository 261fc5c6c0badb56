//! Runs the pipeline.

use rememo::cached;

#[cached]
fn plot(rows: u32) -> String {
    format!("total {}", app::total(rows))
}

fn main() {
    println!("{}", plot(10));
}
