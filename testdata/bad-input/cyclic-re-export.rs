//! Names that lead to one another for ever.

pub use first::thing;
pub use first::*;

mod first {
    pub use super::second::thing;
    pub use super::second::*;
    pub use self::first_again as first_again;
}

mod second {
    pub use super::first::thing;
    pub use super::first::*;
    pub use super::*;
}

type Loop = Back;
type Back = Loop;

const ONE: u32 = TWO;
const TWO: u32 = ONE;

trait Up: Down {}
trait Down: Up {}

struct Endless(Box<Endless>);

impl std::ops::Deref for Endless {
    type Target = Endless;

    fn deref(&self) -> &Endless {
        self
    }
}

#[rememo::cached]
pub fn lost(endless: Endless) -> u32 {
    endless.nowhere();
    thing() + ONE
}

pub fn typed(value: Loop) -> Back {
    value
}
