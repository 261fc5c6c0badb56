use rememo::cached;

#[cached(size = 10)]
fn unknown(n: u32) -> u32 {
    n
}

#[cached(ttl = "1 hour")]
fn no_unit(n: u32) -> u32 {
    n
}

#[cached(ttl = 60)]
fn no_text(n: u32) -> u32 {
    n
}

#[cached(all, all)]
fn twice(n: u32) -> u32 {
    n
}

#[cached(ignore(m))]
fn no_argument(n: u32) -> u32 {
    n
}

#[cached(key(n = n / 2), ignore(n))]
fn both(n: u32) -> u32 {
    n
}

#[cached(accept(clock, weather))]
fn no_kind(n: u32) -> u32 {
    n
}

fn main() {
    // The functions stand all the same.
    unknown(1) + no_unit(1) + no_text(1) + twice(1) + no_argument(1) + both(1) + no_kind(1);
}
