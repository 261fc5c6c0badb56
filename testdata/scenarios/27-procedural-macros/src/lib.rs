//! Derives and attributes from packages, by path and from a registry.

use rememo::cached;

#[derive(names::Name)]
pub struct User;

#[derive(labels::Label)]
pub struct Robot;

pub struct Nobody;

pub trait Name {
    fn name(&self) -> String;
}

pub trait Label {
    fn label(&self) -> String;
}

#[cached]
pub fn user() -> String {
    User.name()
}

#[cached]
pub fn robot() -> String {
    Robot.label()
}

#[cached]
pub fn nobody() -> u32 {
    let _nobody = Nobody;
    0
}
