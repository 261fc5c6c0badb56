//- edition 2024
pub trait Help {}

Help! { anything }

documented!();

pub fn silent() -> u32 {
    apple()
}
