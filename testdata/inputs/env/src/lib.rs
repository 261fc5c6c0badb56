use std::env::{self, temp_dir};

// reads: env
#[rememo::cached]
fn a_variable(name: String) -> Option<String> {
    env::var(name).ok()
}

// reads: env
#[rememo::cached]
fn a_folder(name: String) -> std::path::PathBuf {
    temp_dir().join(name)
}

// reads: env (etag)
#[rememo::cached(etag = std::env::var("LANG").ok())]
fn declared(n: u32) -> String {
    format!("{n} {:?}", env::var("LANG"))
}

// reads: nothing
#[rememo::cached]
fn constants_and_compile_time(n: u32) -> String {
    format!("{n} {} {}", env::consts::OS, env!("CARGO_PKG_NAME"))
}
