//! A short run of the fuzzer, and every source that once broke the analysis. The whole run:
//! `cargo run --release -p rememo-proofs -- fuzz --minutes 10`.

use std::path::Path;
use std::process::Command;

#[test]
fn arbitrary_and_mutated_sources_break_nothing() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    let output = Command::new(env!("CARGO_BIN_EXE_rememo-proofs"))
        .args(["fuzz", "--minutes", "0.2", "--seconds", "60", "--dir"])
        .arg(dir)
        .output()
        .expect("the program starts");
    let (text, words) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{text}");
    assert!(output.status.success(), "{text}\n{words}");
    let cases: usize = text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    assert!(cases > 20, "{text}");
}

#[test]
fn every_source_that_once_broke_the_analysis_is_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/fuzz");
    let mut replayed = 0;
    for entry in std::fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the folder can be listed").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let output = Command::new(env!("CARGO_BIN_EXE_rememo-proofs"))
                .args(["fuzz", "--replay"])
                .arg(&path)
                .output()
                .expect("the program starts");
            assert!(output.status.success(), "{}\n{}", path.display(), String::from_utf8_lossy(&output.stderr));
            replayed += 1;
        }
    }
    assert!(replayed > 0);
}
