//! Tables that fit the terminal: cells wrap where there is one, and stay on a line each where the output is a file or a pipe.

use comfy_table::{Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, presets};

use crate::output::style;

/// An empty table with these headings. One that ends in `#` stands over numbers and loses the mark; so does one that ends in
/// `=`: its cells never wrap.
pub(crate) fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    // The stream would drop styles by itself, but blanks hide behind them from `trim_end`.
    match anstream::AutoStream::choice(&std::io::stdout()) {
        anstream::ColorChoice::Never => table.force_no_tty(),
        _ => table.enforce_styling(),
    };
    let heading = |text: &&str| Cell::new(text.trim_end_matches(['#', '='])).add_attribute(Attribute::Bold);
    table.set_header(Row::from(headings.iter().map(heading).collect::<Vec<_>>()));
    match style::width() {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    for (column, text) in table.column_iter_mut().zip(headings) {
        column.set_padding((0, 2));
        if text.ends_with('#') {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if text.ends_with(['#', '=']) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

/// Prints a table without the blanks that fill up its last column.
pub(crate) fn print(out: &mut dyn std::io::Write, table: &Table) -> std::io::Result<()> {
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
