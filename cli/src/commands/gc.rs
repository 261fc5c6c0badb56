//! `cargo rememo gc`

use std::io::Write;

use rememo::store::{Code, Gc, gc};
use rememo_analyzer::Roots;

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::known::Known;
use crate::output::progress::Progress;
use crate::output::units;
use crate::stored::Stored;
use crate::survey::Survey;

/// Removes entries of code that is gone, after a grace.
///
/// # Errors
/// If the cache directory can't be used, or the package can't be read.
pub(crate) fn run(args: &args::Gc) -> Result<ExitCode, Error> {
    let mut out = anstream::stdout().lock();
    let Some(stored) = Stored::open(&args.store, args.project.manifest_path.as_deref())? else {
        writeln!(out, "nothing to remove: there is no cache directory yet")?;
        return Ok(ExitCode::Success);
    };
    let known = match Survey::new(&args.project, &Roots::Cached, &["dev", "release"]) {
        Ok(survey) => Some(Known::new(&survey, &stored)?),
        // Where the directory is named, versions and days alone decide.
        Err(Error::Manifest { .. }) if args.project.manifest_path.is_none() && args.store.dir.is_some() => None,
        Err(error) => return Err(error),
    };
    let code = |function: &str, fingerprint: &[u8; 32]| {
        known.as_ref().map_or(Code::Unknown, |known| known.code(function, fingerprint))
    };
    let how = Gc::default().versions(args.keep_versions).grace(args.grace).dry_run(args.dry_run);
    let progress = Progress::start("collecting".to_owned());
    let removed = gc(stored.store(), &how, &code, units::now(), &mut |done, of| progress.at(done, of));
    let removed = stored.checked(removed)?;
    drop(progress);
    stored.report(&mut out, &removed, args.dry_run)?;
    stored.note_hidden()?;
    Ok(ExitCode::Success)
}
