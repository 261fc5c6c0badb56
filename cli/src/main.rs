//! `cargo rememo`: see what a function depends on, what is cached, and why it recomputes.

mod args;
mod catalog;
mod changes;
mod commands;
mod configuration;
mod error;
mod exit_code;
mod known;
mod output;
mod profile;
mod quantity;
mod select;
mod stored;
mod survey;
mod workspace;

use std::ffi::OsString;
use std::io::Write;

use clap::Parser;

use crate::args::{CargoCli, Command};
use crate::exit_code::ExitCode;
use crate::output::style::BAD;

fn main() -> ExitCode {
    let CargoCli::Rememo(rememo) = match CargoCli::try_parse_from(arguments()) {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version come this way too; nothing can be said where even the output is gone.
            let _ = message.print();
            return if message.use_stderr() { ExitCode::Usage } else { ExitCode::Success };
        }
    };
    let outcome = match &rememo.command {
        Command::Check(args) => commands::check::run(args),
        Command::Dump(args) => commands::dump::run(args),
        Command::Tree(args) => commands::tree::run(args),
        Command::Why(args) => commands::why::run(args),
        Command::Ls(args) => commands::ls::run(args),
        Command::Clear(args) => commands::clear::run(args),
        Command::Size(args) => commands::size::run(args),
        Command::Prune(args) => commands::prune::run(args),
        Command::Gc(args) => commands::gc::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Export(args) => commands::export::run(args),
        Command::Import(args) => commands::import::run(args),
    };
    outcome.unwrap_or_else(|error| {
        if !error.is_silent() {
            // Nothing can be said where even stderr is gone.
            let _ = writeln!(anstream::stderr(), "{BAD}error{BAD:#}: {error}");
        }
        error.exit_code()
    })
}

/// The arguments as cargo hands them over; `rememo` is put in for those who start `cargo-rememo` themselves.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_none_or(|first| first != "rememo") {
        arguments.insert(1.min(arguments.len()), "rememo".into());
    }
    arguments
}
