use std::collections::hash_map::RandomState;

// reads: random
#[rememo::cached]
fn dice(n: u32) -> u32 {
    rand::random::<u32>() % n
}

// reads: random
#[rememo::cached]
fn a_hasher(n: u32) -> bool {
    let state = RandomState::new();
    format!("{state:?}").len() > n as usize
}

// reads: random (accept)
#[rememo::cached(accept(random))]
fn sampled(n: u32) -> u32 {
    rand::random::<u32>() % n
}

// reads: nothing
#[rememo::cached]
fn seeded(seed: u64) -> u64 {
    let rng = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(seed);
    rng.clone().next()
}
