//! `cargo rememo size`

use std::io::Write;

use crate::args;
use crate::error::Error;
use crate::exit_code::ExitCode;
use crate::output::{table, units};
use crate::stored::{Stored, total};

/// Says what the cache directory takes, and for what.
///
/// # Errors
/// If the cache directory can't be used.
pub(crate) fn run(args: &args::Size) -> Result<ExitCode, Error> {
    let mut out = anstream::stdout().lock();
    let Some(stored) = Stored::open(&args.place.store, args.place.manifest_path.as_deref())? else {
        writeln!(out, "nothing is stored: there is no cache directory yet")?;
        return Ok(ExitCode::Success);
    };
    let (mut entries, mut bytes, mut compute_ns) = (0, 0, 0u64);
    for sum in stored.functions.values().map(total) {
        entries += sum.entries;
        bytes += sum.bytes;
        compute_ns = compute_ns.saturating_add(sum.compute_ns);
    }
    let disk = stored.store().disk_usage();
    let mut table = table::table(&["On disk", "#", ""]);
    let rows = [
        ("index", disk.index, "small results, and where the large ones are"),
        ("spool", disk.spool, "results that are not in the index yet"),
        ("large results", disk.large, "a file each"),
        ("other", disk.other, "what functions reached, damaged files, files under way"),
    ];
    for (what, bytes, note) in rows {
        table.add_row(vec![what.to_owned(), units::bytes(bytes), note.to_owned()]);
    }
    table.add_row(vec!["all".to_owned(), units::bytes(disk.all()), stored.dir().display().to_string()]);
    table::print(&mut out, &table)?;
    let functions = stored.functions.len();
    writeln!(
        out,
        "{entries} entries of {functions} functions, {} of values that took {} to compute",
        units::bytes(bytes),
        units::nanoseconds(compute_ns)
    )?;
    stored.note_hidden()?;
    Ok(ExitCode::Success)
}
