//! The table of a run.

use comfy_table::{CellAlignment, Table, presets};

use crate::compare::Comparison;

/// One line per member: soundness left, precision right, and what simpler fingerprints would cost.
pub fn table(rows: &[(String, Comparison)]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "crate",
        "functions",
        "pairs",
        "missed",
        "opaque",
        "no item",
        "foreign macro",
        "harness",
        "generic pairs",
        "missed",
        "opaque",
        "ours/compiler",
        "generic",
        "needed %",
        "wasted %",
        "crate %",
        "module %",
        "name %",
    ]);
    for (name, it) in rows {
        let over = it.functions as f64 * it.plain as f64 / 100.0;
        let share = |sum: u64| format!("{:.1}", sum as f64 / over.max(1e-9));
        table.add_row([
            name.clone(),
            it.functions.to_string(),
            it.pairs.to_string(),
            it.missed.len().to_string(),
            it.opaque.len().to_string(),
            it.unplaced.len().to_string(),
            it.made_by_foreign_macros.to_string(),
            it.made_by_compiler.to_string(),
            it.generic_pairs.to_string(),
            it.generic_missed.len().to_string(),
            it.generic_opaque.to_string(),
            ratio(it.ours, it.compiler),
            ratio(it.generic_ours, it.generic_compiler),
            share(it.compiler),
            share(it.ours.saturating_sub(it.compiler)),
            share(it.whole.saturating_sub(it.compiler)),
            share(it.module.saturating_sub(it.compiler)),
            share(it.name.saturating_sub(it.compiler)),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

fn ratio(ours: u64, compiler: u64) -> String {
    if compiler == 0 { "-".to_owned() } else { format!("{:.2}", ours as f64 / compiler as f64) }
}
