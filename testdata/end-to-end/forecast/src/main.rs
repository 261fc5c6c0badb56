use rememo::cached;

/// Asks for a feature.
#[cached]
fn gusts(speed: u32) -> u32 {
    println!("gusts: computed");
    if cfg!(feature = "wind") { 2 * speed } else { speed }
}

/// Asks for debug assertions.
#[cached]
fn checked(n: u32) -> String {
    println!("checked: computed");
    format!("{n} {}", check())
}

#[cfg(debug_assertions)]
fn check() -> &'static str {
    "checked"
}

#[cfg(not(debug_assertions))]
fn check() -> &'static str {
    "unchecked"
}

/// Asks for nothing.
#[cached]
fn rain(hours: u32) -> u32 {
    println!("rain: computed");
    3 * hours
}

fn main() {
    println!("gusts = {}", gusts(10));
    println!("checked = {}", checked(1));
    println!("rain = {}", rain(4));
    for handle in [gusts_handle(), checked_handle(), rain_handle()] {
        println!("fingerprint {} {:?}", handle.path(), handle.fingerprint());
    }
}
