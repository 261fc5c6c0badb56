//! `cargo rememo export`

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use rememo::store::export;

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::progress::Progress;
use crate::output::units;
use crate::stored::Stored;

/// Writes entries into an archive.
///
/// # Errors
/// If the cache directory can't be used, the file is there already or can't be written, or a function isn't found.
pub(crate) fn run(args: &args::Export) -> Result<ExitCode, Error> {
    let mut out = anstream::stdout().lock();
    let Some(stored) = Stored::open(&args.place.store, args.place.manifest_path.as_deref())? else {
        writeln!(out, "nothing to export: there is no cache directory yet")?;
        return Ok(ExitCode::Success);
    };
    let only = args.function.iter().map(|name| stored.find(name)).collect::<Result<BTreeSet<&str>, Error>>()?;
    let wanted = |function: &str| only.is_empty() || only.contains(function);
    let failed = |message: String| Error::Archive { path: args.file.clone(), message };
    if args.file.exists() && !args.force {
        return Err(failed("it is there already; give --force to write over it".into()));
    }
    if args.dry_run {
        let sums =
            stored.functions.iter().filter(|(id, _)| wanted(id)).map(|(_, entries)| crate::stored::total(entries));
        let (entries, bytes) = sums.fold((0, 0), |(n, b), sum| (n + sum.entries, b + sum.bytes));
        writeln!(out, "would export {entries} entries, {}, to {}", units::bytes(bytes), args.file.display())?;
        return Ok(ExitCode::Success);
    }
    // Under another name until it is whole: a half archive never stands where a whole one is expected.
    let mut part = args.file.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let progress = Progress::start("exporting".to_owned());
    let all = stored.functions.values().map(|entries| crate::stored::total(entries).entries).sum();
    let write = || {
        let mut file = BufWriter::new(File::create(&part).map_err(|e| e.to_string())?);
        let done = export(stored.store(), &wanted, &mut file, &mut |done| progress.at(done.records, all))
            .map_err(|e| e.to_string())?;
        let file = file.into_inner().map_err(|e| e.to_string())?;
        file.sync_all().and_then(|()| fs::rename(&part, &args.file)).map_err(|e| e.to_string())?;
        Ok(done)
    };
    let done = write().map_err(|message| {
        let _ = fs::remove_file(&part);
        failed(message)
    })?;
    drop(progress);
    writeln!(out, "exported {} entries, {}, to {}", done.records, units::bytes(done.bytes), args.file.display())?;
    stored.note_hidden()?;
    Ok(ExitCode::Success)
}
