//! Libraries, programs, examples, tests and benches of one package.

use crate::project::Project;

#[test]
fn a_library_and_a_program_may_have_functions_of_the_same_path() {
    let project = Project::new("atlas");
    assert_eq!(project.run(), ["area = 9 (computed)", "area = 12 (computed)"]);
    assert_eq!(project.run(), ["area = 9 (hit)", "area = 12 (hit)"]);
    project.edit("src/main.rs", "side * side", "side * side * side");
    assert_eq!(project.run(), ["area = 27 (computed)", "area = 12 (hit)"]);
    project.edit("src/lib.rs", "    4\n", "    5\n");
    assert_eq!(project.run(), ["area = 27 (hit)", "area = 15 (computed)"]);
}

#[test]
fn tests_examples_and_benches_share_the_librarys_results() {
    let project = Project::new("atlas");
    let example = || project.run_with(&["--example", "tour"], &[]);
    let test = || project.cargo_prints(&["test", "--quiet", "--test", "checks"], &[]);
    let bench = || project.cargo_prints(&["test", "--quiet", "--bench", "pace"], &[]);
    let unit = || project.cargo_prints(&["test", "--quiet", "--lib", "--", "--nocapture"], &[]);
    assert_eq!(project.run(), ["area = 9 (computed)", "area = 12 (computed)"]);
    assert_eq!(example(), ["area = 12 (hit)", "walk = 6 (computed)"]);
    assert_eq!(test(), ["area = 12 (hit)", "proof = 7 (computed)"]);
    assert_eq!(bench(), ["area = 12 (hit)", "lap = 8 (computed)"]);
    assert_eq!(unit(), ["area = 12 (hit)"]);

    project.edit("src/lib.rs", "    4\n", "    5\n");
    assert_eq!(unit(), ["area = 15 (computed)"]);
    assert_eq!(example(), ["area = 15 (hit)", "walk = 6 (hit)"]);
    assert_eq!(test(), ["area = 15 (hit)", "proof = 7 (hit)"]);
    assert_eq!(bench(), ["area = 15 (hit)", "lap = 8 (hit)"]);
    project.edit("tests/checks.rs", "side + 6", "side + 60");
    assert_eq!(test(), ["area = 15 (hit)", "proof = 61 (computed)"]);
}

#[test]
fn code_that_asks_whether_it_is_tested_is_told_apart() {
    let project = Project::new("atlas");
    let unit = || project.cargo_prints(&["test", "--quiet", "--lib", "--", "--nocapture"], &[]);
    project.edit("src/lib.rs", "    4\n", "    if cfg!(test) { 40 } else { 4 }\n");
    assert_eq!(project.run(), ["area = 9 (computed)", "area = 12 (computed)"]);
    assert_eq!(unit(), ["area = 120 (computed)"]);
    assert_eq!(project.run(), ["area = 9 (hit)", "area = 12 (hit)"]);
    assert_eq!(unit(), ["area = 120 (hit)"]);
}

#[test]
fn a_target_that_is_new_is_cached_from_its_first_build() {
    let project = Project::new("atlas");
    project.run();
    let program = "#[rememo::cached]\nfn way(n: u32) -> u32 {\n    println!(\"way: computed\");\n    n + 1\n}\n\n\
                   fn main() {\n    println!(\"area = {}\", atlas::area(3));\n    println!(\"way = {}\", way(1));\n}\n";
    for (file, arguments) in [("examples/road.rs", ["--example", "road"]), ("src/bin/path.rs", ["--bin", "path"])] {
        project.write(file, program);
        let run = || project.run_with(&arguments, &[]);
        assert_eq!(run(), ["area = 12 (hit)", "way = 2 (computed)"], "{file}");
        assert_eq!(run(), ["area = 12 (hit)", "way = 2 (hit)"], "{file}");
        project.edit(file, "n + 1", "n + 2");
        assert_eq!(run(), ["area = 12 (hit)", "way = 3 (computed)"], "{file}");
    }
}
