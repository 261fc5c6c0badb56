//! `env!` and `option_env!`.

use rememo::cached;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const COMMIT: Option<&str> = option_env!("COMMIT");

#[cached]
pub fn version() -> String {
    VERSION.to_owned()
}

#[cached]
pub fn commit() -> String {
    COMMIT.unwrap_or("unknown").to_owned()
}

#[cached]
pub fn greeting() -> String {
    describe()
}

fn describe() -> String {
    format!("hello from {}", env!("GREETING_NAME"))
}

#[cached]
pub fn joined() -> String {
    concat!("name: ", env!("CARGO_PKG_NAME"), "!").to_owned()
}

#[cached]
pub fn quiet() -> u32 {
    1
}
