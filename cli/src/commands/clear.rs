//! `cargo rememo clear`
use crate::args::Clear;
use crate::error::Error;
use crate::exit_code::ExitCode;
pub(crate) fn run(_args: &Clear) -> Result<ExitCode, Error> {
    Ok(ExitCode::Success)
}
