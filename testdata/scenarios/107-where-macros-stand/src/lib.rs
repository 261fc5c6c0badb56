//! Another package's macro that logs says where it stands: that counts no more than the place of a panic.

use rememo::cached;

// Something above.

fn shown(n: u32) -> String {
    format!("<{n}>")
}

macro_rules! here {
    () => {
        line!()
    };
}

#[cached]
pub fn noted(n: u32) -> u32 {
    logging::note!("{} of {}", shown(n), n);
    n + 1
}

#[cached]
pub fn placed(n: u32) -> u32 {
    logging::note!("{} of {}", line!(), n);
    n + 1
}

#[cached]
pub fn placed_by_own(n: u32) -> u32 {
    logging::note!("{} of {}", here!(), n);
    n + 1
}
