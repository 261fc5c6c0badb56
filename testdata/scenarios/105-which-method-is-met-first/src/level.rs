/// In play everywhere, and turned into nothing.
pub struct Level(pub u32);

impl Level {
    pub fn doubled(&self) -> u32 {
        self.0 * 2
    }

    pub fn halved(&self) -> Level {
        Level(self.0 / 2)
    }
}

impl std::str::FromStr for Level {
    type Err = ();

    fn from_str(text: &str) -> Result<Level, ()> {
        Ok(Level(text.len() as u32))
    }
}

impl From<Level> for std::fmt::Error {
    fn from(level: Level) -> std::fmt::Error {
        assert!(level.0 > 1);
        std::fmt::Error
    }
}

impl From<Level> for String {
    fn from(level: Level) -> String {
        level.0.to_string()
    }
}

impl std::ops::Index<usize> for Level {
    type Output = u32;

    fn index(&self, at: usize) -> &u32 {
        assert!(at > 0);
        &self.0
    }
}
