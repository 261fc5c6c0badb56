macro_rules! side {
    () => {
        super::side()
    };
}

fn side() -> u32 {
    60
}

mod inner {
    use rememo::cached;

    #[cached]
    pub fn of_the_right(value: u32) -> u32 {
        value + side!()
    }
}
