//! The part of the normalization proof that fits in every run: one crate, all rewritings. The whole corpus:
//! `cargo run --release -p rememo-proofs -- normalization`.

use std::path::Path;

use rememo_proofs::corpus::Selection;
use rememo_proofs::normalization;
use rememo_proofs::rewrite::Rewriting;

#[test]
fn what_nobody_can_observe_changes_no_fingerprint() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("normalization");
    let selection = Selection { quick: true, dir: Some(dir), ..Selection::default() };
    let mut rows = Vec::new();
    let complete = selection.each(&mut |_, _, subjects| {
        for subject in &subjects {
            for rewriting in Rewriting::ALL {
                rows.push(normalization::check(subject, rewriting)?);
            }
        }
        Ok(())
    });
    assert!(complete.expect("the corpus can be brought"), "every entry could be looked at");
    let table = normalization::table(&rows);
    println!("{table}");
    for row in &rows {
        assert!(row.sites > 0 && row.functions > 100, "{} did nothing:\n{table}", row.rewriting);
        assert!(row.changed.is_empty(), "{}: {:#?}\n{:#?}\n{table}", row.rewriting, row.changed, row.causes);
    }
    assert!(rows.len() >= Rewriting::ALL.len(), "{table}");
}
