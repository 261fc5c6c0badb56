//! Calls through `&dyn Trait`: any impl may be the one.

use rememo::cached;

mod plugins;

pub trait Plugin {
    fn run(&self, input: u32) -> u32;
    fn describe(&self) -> String {
        String::from("a plugin")
    }
}

pub struct Twice;

impl Plugin for Twice {
    fn run(&self, input: u32) -> u32 {
        input * 2
    }
}

pub struct NeverBuilt;

impl Plugin for NeverBuilt {
    fn run(&self, input: u32) -> u32 {
        input
    }
}

fn make(kind: u32) -> Box<dyn Plugin> {
    if kind == 0 { Box::new(Twice) } else { plugins::build() }
}

fn apply(plugin: &dyn Plugin, input: u32) -> u32 {
    plugin.run(input)
}

#[cached]
pub fn factory(kind: u32) -> u32 {
    make(kind).run(1)
}

#[cached]
pub fn twice() -> u32 {
    apply(&Twice, 2)
}

#[cached]
pub fn all() -> u32 {
    let plugins: Vec<Box<dyn Plugin>> = vec![Box::new(Twice), plugins::build()];
    plugins.iter().map(|plugin| plugin.run(1)).sum()
}

pub fn descriptions() -> String {
    make(1).describe()
}
