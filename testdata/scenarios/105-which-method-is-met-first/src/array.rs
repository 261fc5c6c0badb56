pub struct Array(Vec<u32>);

impl Array {
    pub fn of(value: u32) -> Array {
        let mut made = Array(vec![value, 2]);
        made.fmt();
        made
    }

    pub fn fmt(&mut self) {
        self.0.sort();
    }
}

impl std::fmt::Display for Array {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in ["array", " "] {
            part.fmt(f)?;
        }
        write!(f, "{}", self.0[0])
    }
}
