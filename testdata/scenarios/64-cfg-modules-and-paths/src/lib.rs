//! Alternate modules and alternate files.

use rememo::cached;

#[cfg(feature = "native")]
mod backend {
    pub fn run() -> u32 {
        1
    }
}

#[cfg(not(feature = "native"))]
mod backend {
    pub fn run() -> u32 {
        2
    }
}

#[cfg_attr(unix, path = "on_unix.rs")]
#[cfg_attr(windows, path = "on_windows.rs")]
mod system;

#[cfg_attr(feature = "native", path = "native.rs")]
mod portable;

#[cfg(any(test, debug_assertions))]
mod checks;

#[cfg(not(any(test, debug_assertions)))]
mod checks {
    pub fn check(_: u32) {}
}

#[cached]
pub fn run() -> u32 {
    backend::run()
}

#[cached]
pub fn system() -> u32 {
    system::value()
}

#[cached]
pub fn portable() -> u32 {
    portable::value()
}

#[cached]
pub fn checked(value: u32) -> u32 {
    checks::check(value);
    value
}
