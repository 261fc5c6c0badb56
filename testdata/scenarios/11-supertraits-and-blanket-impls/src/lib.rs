//! Methods that come from a supertrait or from an impl for every T.

use rememo::cached;

pub trait Base {
    fn id(&self) -> u32;
}

pub trait Labelled: Base {
    fn label(&self) -> String {
        format!("#{}", self.id())
    }
}

pub trait Shout {
    fn shout(&self) -> String;
}

impl<T: Labelled> Shout for T {
    fn shout(&self) -> String {
        self.label().to_uppercase()
    }
}

pub struct User;
pub struct Robot;

impl Base for User {
    fn id(&self) -> u32 {
        7
    }
}

impl Labelled for User {}

impl Base for Robot {
    fn id(&self) -> u32 {
        8
    }
}

impl Labelled for Robot {
    fn label(&self) -> String {
        String::from("robot")
    }
}

fn object(labelled: &dyn Labelled) -> u32 {
    labelled.id()
}

#[cached]
pub fn user() -> String {
    User.shout()
}

#[cached]
pub fn robot() -> String {
    Robot.shout()
}

#[cached]
pub fn robot_object() -> u32 {
    object(&Robot)
}
