//! The part of the corpus that is small enough for every run. The whole of it: `cargo run --release -p rememo-oracle`.

use std::path::Path;
use std::process::Command;

#[test]
fn no_compiled_function_is_missed_and_each_has_its_item() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracle");
    let output = Command::new(env!("CARGO_BIN_EXE_rememo-oracle"))
        .arg("--quick")
        .arg("--dir")
        .arg(dir)
        .output()
        .expect("the program starts");
    let (table, words) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{table}");
    assert!(output.status.success(), "{table}\n{words}");
    let compared = table.lines().skip(1).filter(|line| !line.trim().is_empty()).count();
    assert!(compared > 0, "something was compared:\n{table}\n{words}");
}
