//! The part of the sensitivity proof that fits in every run. The whole corpus, beside what the oracle compiled:
//! `cargo run --release -p rememo-proofs -- sensitivity`.

use std::path::Path;

use rememo_proofs::corpus::Selection;
use rememo_proofs::sensitivity::{self, Options};

#[test]
fn every_mutant_is_noticed_by_all_that_reach_it() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sensitivity");
    let selection = Selection { quick: true, dir: Some(dir), ..Selection::default() };
    let options = Options { mutants: 60, threads: 2, seed: 0x5eed, ..Options::default() };
    let mut rows = Vec::new();
    let complete = selection.each(&mut |_, _, subjects| {
        rows.extend(subjects.iter().map(|subject| sensitivity::check(subject, &options)));
        Ok(())
    });
    assert!(complete.expect("the corpus can be brought"), "every entry could be looked at");
    let table = sensitivity::table(&rows);
    println!("{table}");
    assert!(rows.len() > 1, "{table}");
    for row in &rows {
        // Functions of the oracle's own crate reach little each, those of a published one much.
        let least = if row.package == "exotic" { 120 } else { 600 };
        assert!(row.mutants.values().sum::<usize>() == 60 && row.reported > least, "{table}");
        assert!(row.stale.is_empty(), "{:#?}\n{table}", row.stale);
    }
}
