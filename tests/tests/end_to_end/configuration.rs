//! Features of the package and profiles.

use crate::project::Project;

#[test]
fn a_feature_counts_for_what_asks_for_it() {
    let project = Project::new("forecast");
    let (off, on) = (|| project.run(), || project.run_with(&["--features", "wind"], &[]));
    assert_eq!(off(), ["gusts = 10 (computed)", "checked = 1 checked (computed)", "rain = 12 (computed)"]);
    assert_eq!(on(), ["gusts = 20 (computed)", "checked = 1 checked (hit)", "rain = 12 (hit)"]);
    assert_eq!(off(), ["gusts = 10 (hit)", "checked = 1 checked (hit)", "rain = 12 (hit)"]);
    assert_eq!(on(), ["gusts = 20 (hit)", "checked = 1 checked (hit)", "rain = 12 (hit)"]);
}

#[test]
fn dev_and_release_have_results_of_their_own_unless_they_are_told_to_share() {
    let project = Project::new("forecast");
    let (dev, release) = (|| project.run(), || project.run_with(&["--release"], &[]));
    let (checked, unchecked) = ("checked = 1 checked", "checked = 1 unchecked");
    let computed = |result: &str| format!("{result} (computed)");
    let hit = |result: &str| format!("{result} (hit)");
    assert_eq!(dev(), ["gusts = 10", checked, "rain = 12"].map(computed));
    assert_eq!(release(), ["gusts = 10", unchecked, "rain = 12"].map(computed));
    assert_eq!(dev(), ["gusts = 10", checked, "rain = 12"].map(hit));
    assert_eq!(release(), ["gusts = 10", unchecked, "rain = 12"].map(hit));

    project.edit("build.rs", "fingerprint()", "Hook::new().share_profiles(true).run()");
    assert_eq!(dev(), ["gusts = 10", checked, "rain = 12"].map(computed), "another configuration");
    assert_eq!(release(), [hit("gusts = 10"), computed(unchecked), hit("rain = 12")]);
    assert_eq!(dev(), ["gusts = 10", checked, "rain = 12"].map(hit));
}
