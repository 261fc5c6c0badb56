//! Traits that come into scope by a glob.

use rememo::cached;

mod prelude {
    pub use crate::metric::Size;
    pub use crate::things::*;
}

mod things {
    pub struct Thing(pub u32);

    pub fn make() -> Thing {
        Thing(2)
    }
}

mod metric {
    pub trait Size {
        fn size(&self) -> u32;
    }

    impl Size for crate::things::Thing {
        fn size(&self) -> u32 {
            self.0 * 10
        }
    }

    impl Size for u32 {
        fn size(&self) -> u32 {
            *self
        }
    }
}

mod imperial {
    pub trait Size {
        fn size(&self) -> u32;
    }

    impl Size for crate::things::Thing {
        fn size(&self) -> u32 {
            self.0 * 12
        }
    }

    impl Size for u32 {
        fn size(&self) -> u32 {
            *self + 1
        }
    }
}

mod app {
    use rememo::cached;

    use crate::prelude::*;

    #[cached]
    pub fn sized() -> u32 {
        make().size()
    }

    #[cached]
    pub fn primitive() -> u32 {
        3.size()
    }

    #[cached]
    pub fn made() -> u32 {
        make().0
    }
}

pub use app::*;

mod local {
    use rememo::cached;

    #[cached]
    pub fn in_block() -> u32 {
        use crate::imperial::Size as _;
        crate::things::make().size()
    }
}

pub use local::in_block;

#[cached]
pub fn nothing() -> u32 {
    0
}
