//! What a program reads while it is compiled: files, variables, what its build script made.

use crate::project::Project;

/// What the program did, but for `changed`, which is `Some((position, result))`.
fn kept_but(changed: &[(usize, &str)]) -> Vec<String> {
    let names = ["words = 2", "seasons = spring+autumn", "edition = 1st", "title = untitled", "pages = 12"];
    let mut all: Vec<String> = names.iter().map(|result| format!("{result} (hit)")).collect();
    changed.iter().for_each(|(at, result)| all[*at] = format!("{result} (computed)"));
    all
}

fn warm() -> Project {
    let project = Project::new("almanac");
    assert!(project.run().iter().all(|result| result.ends_with("(computed)")));
    assert_eq!(project.run(), kept_but(&[]));
    project
}

#[test]
fn an_included_file_outside_the_source_folder_counts() {
    let project = warm();
    project.write("data/words.txt", "sun moon stars\n");
    assert_eq!(project.run(), kept_but(&[(0, "words = 3")]));
    project.write("data/words.txt", "sun moon\n");
    assert_eq!(project.run(), kept_but(&[]));
}

#[test]
fn what_the_build_script_makes_counts_by_what_it_is() {
    let project = warm();
    project.write("seasons.txt", "spring\nautumn\nwinter\n");
    assert_eq!(project.run(), kept_but(&[(1, "seasons = spring+autumn+winter")]));
    // Written again, and the same.
    project.write("seasons.txt", "spring\nautumn\n");
    assert_eq!(project.run(), kept_but(&[]));
}

#[test]
fn a_variable_that_the_build_script_sets_counts() {
    let project = warm();
    project.write("edition.txt", "2nd\n");
    assert_eq!(project.run(), kept_but(&[(2, "edition = 2nd")]));
    project.write("edition.txt", "1st\n");
    assert_eq!(project.run(), kept_but(&[]));
}

#[test]
fn a_variable_of_the_environment_counts_set_changed_or_gone() {
    let project = warm();
    let titled = |title: &str| project.run_with(&[], &[("ALMANAC_TITLE", title)]);
    assert_eq!(titled("Stars"), kept_but(&[(3, "title = Stars")]));
    assert_eq!(titled("Tides"), kept_but(&[(3, "title = Tides")]));
    assert_eq!(titled("Tides")[3], "title = Tides (hit)");
    assert_eq!(project.run(), kept_but(&[]));
}
