//! `cargo rememo why`
use crate::args::Why;
use crate::error::Error;
use crate::exit_code::ExitCode;
pub(crate) fn run(_args: &Why) -> Result<ExitCode, Error> {
    Ok(ExitCode::Success)
}
