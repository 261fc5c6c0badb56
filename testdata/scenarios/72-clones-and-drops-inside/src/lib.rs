//! Clone and Drop called by vectors, options, boxes and closures.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use rememo::cached;

pub struct Handle(u32);

impl Clone for Handle {
    fn clone(&self) -> Handle {
        Handle(self.0 + 1)
    }
}

pub struct Noisy;

impl Drop for Noisy {
    fn drop(&mut self) {
        println!("noise {}", volume());
    }
}

fn volume() -> u32 {
    11
}

trait Task {
    fn run(&self) -> u32;
}

struct Quiet;

impl Task for Quiet {
    fn run(&self) -> u32 {
        1
    }
}

struct Loud {
    _noise: Noisy,
}

impl Task for Loud {
    fn run(&self) -> u32 {
        2
    }
}

fn tasks() -> Vec<Box<dyn Task>> {
    vec![Box::new(Quiet), Box::new(Loud { _noise: Noisy })]
}

#[derive(Clone)]
struct Group {
    members: Vec<Handle>,
}

#[cached]
pub fn repeated() -> u32 {
    let handles = vec![Handle(1); 3];
    handles[1].0
}

#[cached]
pub fn cloned_iterator() -> u32 {
    [Handle(1)].iter().cloned().map(|handle| handle.0).sum()
}

#[cached]
pub fn derived_clone() -> u32 {
    let group = Group { members: vec![Handle(1)] };
    group.clone().members[0].0
}

#[cached]
pub fn copied_slice() -> u32 {
    let handles = [Handle(1)];
    handles.to_vec()[0].0
}

#[cached]
pub fn cow() -> u32 {
    let handles: Cow<'_, [Handle]> = Cow::Borrowed(&[Handle(1)]);
    handles.into_owned()[0].0
}

#[cached]
pub fn shared() -> u32 {
    let handle = Rc::new(Handle(1));
    let other = Rc::clone(&handle);
    other.0
}

#[cached]
pub fn dropped_in_map() -> usize {
    let map = HashMap::from([(1, Some(Noisy))]);
    map.len()
}

#[cached]
pub fn dropped_object() -> u32 {
    tasks().iter().map(|task| task.run()).sum()
}

#[cached]
pub fn captured() -> u32 {
    let noisy = Noisy;
    let closure = move || {
        let _keep = &noisy;
        1
    };
    closure()
}
