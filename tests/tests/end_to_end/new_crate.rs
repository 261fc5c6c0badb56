//! Adding rememo to a crate that `cargo new` made.

use std::fs;

use crate::project::{Project, cargo, repository, succeeds};

#[test]
fn a_new_crate_takes_two_manifest_lines_one_build_script_line_and_one_attribute() {
    let project = Project::empty();
    fs::remove_dir(project.root()).expect("an empty folder");
    let mut new = cargo();
    new.args(["new", "--quiet", "--vcs", "none", "--name", "meadow"]).arg(project.root());
    succeeds(&mut new);
    fs::copy(repository().join("Cargo.lock"), project.path("Cargo.lock")).expect("a lock file");
    let manifest = fs::read_to_string(project.path("Cargo.toml")).expect("the manifest that cargo wrote");
    project.write("Cargo.toml", &project.filled(&manifest));
    project.write(
        "src/main.rs",
        "fn bees(flowers: u32) -> u32 {\n    println!(\"bees: computed\");\n    3 * flowers\n}\n\n\
         fn main() {\n    println!(\"bees = {}\", bees(5));\n}\n",
    );
    assert_eq!(project.run(), ["bees = 15 (computed)"]);
    assert_eq!(project.run(), ["bees = 15 (computed)"], "nothing is cached yet");

    // The two lines; the second one's section isn't in a manifest that `cargo new` writes.
    let at = |dir: &str| format!("{{ path = {:?} }}", repository().join(dir));
    project.edit("Cargo.toml", "[dependencies]\n", &format!("[dependencies]\nrememo = {}\n", at("runtime")));
    let manifest = fs::read_to_string(project.path("Cargo.toml")).expect("the manifest");
    let hook = format!("rememo-build = {}", at("build-support"));
    project.write("Cargo.toml", &format!("{manifest}\n[build-dependencies]\n{hook}\n"));
    project.write("build.rs", "fn main() { rememo_build::fingerprint(); }\n");
    project.edit("src/main.rs", "fn bees", "#[rememo::cached]\nfn bees");

    assert_eq!(project.run(), ["bees = 15 (computed)"]);
    assert_eq!(project.run(), ["bees = 15 (hit)"]);
    project.edit("src/main.rs", "3 * flowers", "4 * flowers");
    assert_eq!(project.run(), ["bees = 20 (computed)"]);
    project.edit("src/main.rs", "4 * flowers", "3 * flowers // as before");
    assert_eq!(project.run(), ["bees = 15 (hit)"], "results of code that comes back are still there");
}
