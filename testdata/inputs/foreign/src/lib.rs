unsafe extern "C" {
    fn cbrt(x: f64) -> f64;
    static environ: *const u8;
}

fn root(x: f64) -> f64 {
    unsafe { cbrt(x) }
}

// reads: foreign
#[rememo::cached]
fn by_a_wrapper(x: f64) -> f64 {
    root(x)
}

// reads: foreign
#[rememo::cached]
fn a_foreign_static(n: usize) -> usize {
    unsafe { environ as usize + n }
}

// reads: foreign
#[rememo::cached]
fn assembly(n: u64) -> u64 {
    let out: u64;
    unsafe { std::arch::asm!("mov {0}, {1}", out(reg) out, in(reg) n) };
    out
}

// reads: foreign (accept)
#[rememo::cached(accept(foreign))]
fn pure_in_fact(x: f64) -> f64 {
    root(x)
}

// reads: nothing
#[rememo::cached]
fn defined_here(n: u32) -> u32 {
    exported(n)
}

#[unsafe(no_mangle)]
extern "C" fn exported(n: u32) -> u32 {
    n
}
