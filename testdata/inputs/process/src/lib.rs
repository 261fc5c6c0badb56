use std::process::{Command, ExitCode};

// reads: process
#[rememo::cached]
fn runs_another(name: String) -> bool {
    Command::new(name).status().is_ok_and(|status| status.success())
}

// reads: process (etag)
#[rememo::cached(etag = 7)]
fn declared(name: String) -> bool {
    Command::new(name).status().is_ok()
}

// reads: nothing
#[rememo::cached]
fn a_code_is_a_value(n: u8) -> bool {
    ExitCode::from(n) == ExitCode::SUCCESS
}
