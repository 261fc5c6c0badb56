//! `cargo rememo prune`

use std::io::Write;

use rememo::store::{Limits, Prune, prune};

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::progress::Progress;
use crate::output::units;
use crate::stored::Stored;

/// Removes what saves least until the rest fits, and what wasn't used for long.
///
/// # Errors
/// If the cache directory can't be used.
pub(crate) fn run(args: &args::Prune) -> Result<ExitCode, Error> {
    let mut out = anstream::stdout().lock();
    let Some(stored) = Stored::open(&args.place.store, args.place.manifest_path.as_deref())? else {
        writeln!(out, "nothing to remove: there is no cache directory yet")?;
        return Ok(ExitCode::Success);
    };
    let limits = Limits { bytes: args.max_bytes.unwrap_or(0), entries: args.max_entries.unwrap_or(0) };
    let mut how = Prune::to(limits).dry_run(args.dry_run);
    if let Some(time) = args.unused_for {
        how = how.unused_for(time);
    }
    let progress = Progress::start("pruning".to_owned());
    let removed = prune(stored.store(), &how, units::now(), &mut |done, of| progress.at(done, of));
    let removed = stored.checked(removed)?;
    drop(progress);
    stored.report(&mut out, &removed, args.dry_run)?;
    stored.note_hidden()?;
    Ok(ExitCode::Success)
}
