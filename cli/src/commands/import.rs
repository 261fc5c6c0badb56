//! `cargo rememo import`

use std::fs::File;
use std::io::{BufReader, Write};

use rememo::store::{Existing, import};

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::progress::Progress;
use crate::output::units;
use crate::stored::Stored;

/// Reads an archive into the cache directory. The whole archive is checked before anything is written.
///
/// # Errors
/// If the archive can't be read or is damaged, if it holds other results than the directory and nothing says which count, or
/// if the directory can't be used.
pub(crate) fn run(args: &args::Import) -> Result<ExitCode, Error> {
    let mut out = anstream::stdout().lock();
    let stored = Stored::open_or_new(&args.place.store, args.place.manifest_path.as_deref())?;
    let failed = |message: String| Error::Archive { path: args.file.clone(), message };
    let read = |existing, title: &str| {
        let progress = Progress::start(title.to_owned());
        let mut file = BufReader::new(File::open(&args.file).map_err(|e| failed(e.to_string()))?);
        let mut seen = |done: &rememo::store::Archived| progress.at(done.records + done.same + done.different, 0);
        import(&mut file, stored.store(), existing, &mut seen).map_err(|e| failed(e.to_string()))
    };
    let would = read(Existing::Compare, "checking")?;
    if would.different > 0 && !args.keep && !args.replace {
        let message = format!(
            "{} of its entries are in {} with another result; give --keep to keep those, or --replace to replace them",
            would.different,
            stored.dir().display()
        );
        return Err(failed(message));
    }
    let existing = if args.replace { Existing::Replace } else { Existing::Keep };
    let (verb, done) = if args.dry_run { ("would import", would) } else { ("imported", read(existing, "importing")?) };
    let replaced = if args.dry_run && args.replace { would.different } else { 0 };
    if !args.dry_run {
        stored.sync()?;
    }
    writeln!(
        out,
        "{verb} {} entries, {}, into {}",
        done.records + replaced,
        units::bytes(done.bytes),
        stored.dir().display()
    )?;
    if done.same > 0 {
        writeln!(out, "{} were there already", done.same)?;
    }
    if done.different > replaced {
        writeln!(out, "{} are there with another result and stay", done.different - replaced)?;
    }
    Ok(ExitCode::Success)
}
