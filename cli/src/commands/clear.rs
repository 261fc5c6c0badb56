//! `cargo rememo clear`

use std::io::Write;

use rememo::store::Clear;

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::units;
use crate::stored::{Stored, total};

/// Removes the entries of a function, or of all, and says how many there were.
///
/// # Errors
/// If the cache directory can't be used, or no function with entries has the name.
pub(crate) fn run(args: &args::Clear) -> Result<ExitCode, Error> {
    let mut out = anstream::stdout().lock();
    let Some(stored) = Stored::open(&args.place.store, args.place.manifest_path.as_deref())? else {
        writeln!(out, "nothing to remove: there is no cache directory yet")?;
        return Ok(ExitCode::Success);
    };
    let function = args.function.as_ref().map(|name| stored.find(name)).transpose()?;
    let meant = stored.functions.iter().filter(|(id, _)| function.is_none_or(|wanted| wanted == *id));
    let sums: Vec<_> = meant.map(|(_, entries)| total(entries)).collect();
    let (entries, bytes): (u64, u64) = (sums.iter().map(|s| s.entries).sum(), sums.iter().map(|s| s.bytes).sum());
    if !args.dry_run {
        stored.clear(&function.map_or(Clear::All, Clear::Function))?;
    }
    let verb = if args.dry_run { "would remove" } else { "removed" };
    let of = function.map(|id| format!(" of {id}")).unwrap_or_default();
    let entries = if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    writeln!(out, "{verb} {entries}{of}, {}, from {}", units::bytes(bytes), stored.dir().display())?;
    Ok(ExitCode::Success)
}
