use rememo::cached;

fn loud() -> u32 {
    1
}

fn soft() -> u32 {
    2
}

pub struct Tile;
pub struct Wall;

pub trait Say {
    fn say(&self) -> u32;
}

macro_rules! voiced {
    ($kind:ident) => {
        impl $kind {
            pub fn shout(&self) -> u32 {
                loud()
            }
        }

        impl Say for $kind {
            fn say(&self) -> u32 {
                soft()
            }
        }
    };
}

const _: () = {
    voiced!(Tile);
};

pub fn walls() {
    voiced!(Wall);
}

fn any(of: &dyn Say) -> u32 {
    of.say()
}

#[cached]
pub fn tile() -> u32 {
    Tile.shout()
}

#[cached]
pub fn wall() -> u32 {
    Wall.shout()
}

#[cached]
pub fn object() -> u32 {
    any(&Tile)
}

#[cached]
pub fn generic() -> u32 {
    fn said<S: Say>(of: S) -> u32 {
        of.say()
    }
    said(Wall)
}

#[cached]
pub fn local() -> u32 {
    struct Door;
    voiced!(Door);
    Door.shout()
}
