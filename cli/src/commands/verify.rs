//! `cargo rememo verify`

use std::io::Write;

use rememo::store::verify;

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::progress::Progress;
use crate::output::units;
use crate::stored::Stored;

/// Reads every entry and checks it. Damaged ones are dropped.
///
/// # Errors
/// If the cache directory can't be used.
pub(crate) fn run(args: &args::Verify) -> Result<ExitCode, Error> {
    let mut out = anstream::stdout().lock();
    let Some(stored) = Stored::open(&args.place.store, args.place.manifest_path.as_deref())? else {
        writeln!(out, "nothing to verify: there is no cache directory yet")?;
        return Ok(ExitCode::Success);
    };
    let progress = Progress::start("verifying".to_owned());
    let found = verify(stored.store(), &mut |done, of| progress.at(done, of));
    let found = stored.checked(found)?;
    drop(progress);
    let damaged = found.unreadable.max(stored.store().lost());
    writeln!(out, "{} entries are whole, {}, in {}", found.whole, units::bytes(found.bytes), stored.dir().display())?;
    stored.note_hidden()?;
    if damaged == 0 {
        return Ok(ExitCode::Success);
    }
    writeln!(out, "{damaged} were damaged or lost; they are dropped and will be computed again")?;
    Ok(ExitCode::Damaged)
}
