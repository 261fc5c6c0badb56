//! Functions of every kind, switches, a renamed dependency, documentation.

use crate::project::{Project, prints, succeeds, text};

const KINDS: [&str; 6] = ["fetch = 8", "read = 3", "square = 9", "circle = 3", "twice = 50", "twice = 150"];

/// The results of the fixture `kinds`: those at these places computed, the others hits.
fn kinds(computed: &[usize]) -> Vec<String> {
    let how = |at| if computed.contains(&at) { "computed" } else { "hit" };
    KINDS.iter().enumerate().map(|(at, result)| format!("{result} ({})", how(at))).collect()
}

#[test]
fn async_functions_methods_trait_methods_and_generic_functions_are_kept_and_recomputed() {
    let project = Project::new("kinds");
    assert_eq!(project.run(), kinds(&[0, 1, 2, 3, 4, 5]));
    assert_eq!(project.run(), kinds(&[]));
    project.edit("src/main.rs", "    2\n", "    1 + 1\n");
    assert_eq!(project.run(), kinds(&[0, 1]));
    project.edit("src/shapes.rs", "3 * self.0 * self.0", "self.0 * self.0 * 3");
    // Every impl may be meant by a generic function.
    assert_eq!(project.run(), kinds(&[3, 4, 5]));
    project.edit("src/main.rs", "struct Reader;", "/// Reads.\nstruct Reader;\n");
    assert_eq!(project.run(), kinds(&[]));
}

#[test]
fn the_switch_in_the_environment_rules() {
    let project = Project::new("warehouse");
    let run = |mode: &str| project.run_with(&[], &[("REMEMO", mode)]);
    let all = |how: &str| ["quote = 60", "pallets = 3", "label = W-7"].map(|result| format!("{result} ({how})"));
    assert_eq!(run("off"), all("computed"));
    assert!(!project.cache().exists(), "nothing is written");
    let missing = project.cargo(["run", "--quiet"]).env("REMEMO", "only").output().expect("a cargo that starts");
    assert!(!missing.status.success() && text(&missing.stderr).contains("quote"), "{}", text(&missing.stderr));
    assert_eq!(run("refresh"), all("computed"));
    assert_eq!(run("only"), all("hit"));
    assert_eq!(run("refresh"), all("computed"));
    assert_eq!(run("on"), all("hit"));
    assert_eq!(run("verify"), all("computed"), "a hit is computed again and compared");
    assert_eq!(run("off"), all("computed"));
}

#[test]
fn a_result_that_depends_on_what_nobody_declared_is_reported_by_verify() {
    let project = Project::new("renamed");
    project.edit("src/main.rs", "    n\n", "    n * std::env::var(\"WEIGHT\").map_or(1, |w| w.parse().unwrap())\n");
    assert_eq!(project.run_with(&[], &[("WEIGHT", "1")]), ["sum = 10 (computed)"]);
    let verified = succeeds(project.cargo(["run", "--quiet"]).env("WEIGHT", "2").env("REMEMO", "verify"));
    assert_eq!(prints(&verified), ["sum = 20 (computed)"]);
    assert!(text(&verified.stderr).contains("differs"), "{}", text(&verified.stderr));
}

#[test]
fn the_crate_may_have_another_name() {
    let project = Project::new("renamed");
    assert_eq!(project.run(), ["sum = 10 (computed)"]);
    assert_eq!(project.run(), ["sum = 10 (hit)"]);
    project.edit("src/main.rs", "    n\n", "    2 * n\n");
    assert_eq!(project.run(), ["sum = 20 (computed)"]);
}

#[test]
fn documentation_is_built_and_its_examples_run() {
    let project = Project::new("manual");
    succeeds(&mut project.cargo(["doc", "--no-deps"]));
    succeeds(project.cargo(["doc", "--no-deps"]).env("DOCS_RS", "1"));
    let tested = succeeds(&mut project.cargo(["test", "--doc"]));
    assert!(text(&tested.stdout).contains("2 passed"), "{}", text(&tested.stdout));
}
