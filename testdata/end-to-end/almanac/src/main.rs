use rememo::cached;

include!(concat!(env!("OUT_DIR"), "/seasons.rs"));

/// Reads a file outside `src`.
#[cached]
fn words() -> usize {
    println!("words: computed");
    include_str!("../data/words.txt").split_whitespace().count()
}

/// Reads what the build script made.
#[cached]
fn seasons() -> String {
    println!("seasons: computed");
    SEASONS.join("+")
}

/// Reads a variable that the build script sets.
#[cached]
fn edition() -> String {
    println!("edition: computed");
    env!("ALMANAC_EDITION").to_owned()
}

/// Reads a variable that may be set when it is compiled.
#[cached]
fn title() -> String {
    println!("title: computed");
    option_env!("ALMANAC_TITLE").unwrap_or("untitled").to_owned()
}

/// Reads nothing.
#[cached]
fn pages() -> u32 {
    println!("pages: computed");
    12
}

fn main() {
    println!("words = {}", words());
    println!("seasons = {}", seasons());
    println!("edition = {}", edition());
    println!("title = {}", title());
    println!("pages = {}", pages());
}
