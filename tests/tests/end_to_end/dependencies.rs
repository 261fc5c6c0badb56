//! Packages in other folders: their code, their features, their build scripts.

use crate::project::{Project, alone, prints, succeeds};

#[test]
fn an_edit_of_a_path_dependency_recomputes_what_reaches_it() {
    let project = Project::new("warehouse");
    assert_eq!(project.run(), ["quote = 60 (computed)", "pallets = 3 (computed)", "label = W-7 (computed)"]);
    assert_eq!(project.run(), ["quote = 60 (hit)", "pallets = 3 (hit)", "label = W-7 (hit)"]);
    project.edit("freight/src/weight.rs", "div_ceil(40)", "div_ceil(20)");
    assert_eq!(project.run(), ["quote = 60 (hit)", "pallets = 5 (computed)", "label = W-7 (hit)"]);
    assert_eq!(project.run(), ["quote = 60 (hit)", "pallets = 5 (hit)", "label = W-7 (hit)"]);
    project.edit("freight/src/lib.rs", "2 * kilos", "3 * kilos");
    assert_eq!(project.run(), ["quote = 90 (computed)", "pallets = 5 (hit)", "label = W-7 (hit)"]);
}

#[test]
fn a_comment_or_a_function_that_nothing_reaches_in_a_path_dependency_recomputes_nothing() {
    let project = Project::new("warehouse");
    project.run();
    let kept = ["quote = 60 (hit)", "pallets = 3 (hit)", "label = W-7 (hit)"];
    project.edit("freight/src/lib.rs", "value / 50", "value / 40");
    assert_eq!(project.run(), kept);
    project.edit("freight/src/lib.rs", "/// Price of a load.", "// The price\n// of a load.\n");
    assert_eq!(project.run(), kept);
    project.edit(
        "freight/src/weight.rs",
        "kilos.div_ceil(40)",
        "kilos\n        // A pallet bears 40.\n        .div_ceil(40)",
    );
    assert_eq!(project.run(), kept);
}

#[test]
fn a_feature_of_a_path_dependency_that_is_switched_on_is_noticed() {
    let project = Project::new("couriers");
    let run = || project.run_with(&["-p", "rider"], &[]);
    assert_eq!(run(), ["minutes = 60 (computed)", "stops = 3 (computed)"]);
    assert_eq!(run(), ["minutes = 60 (hit)", "stops = 3 (hit)"]);
    let (without, with) = ("path = \"../routes\" }", "path = \"../routes\", features = [\"motorway\"] }");
    project.edit("rider/Cargo.toml", without, with);
    assert_eq!(run(), ["minutes = 12 (computed)", "stops = 3 (hit)"]);
    project.edit("rider/Cargo.toml", with, without);
    assert_eq!(run()[0].split(" (").next(), Some("minutes = 60"));
}

#[test]
fn a_feature_that_another_member_switches_on_is_noticed_although_no_build_script_can_see_it() {
    let project = Project::new("couriers");
    let alone_built = || project.run_with(&["-p", "rider"], &[]);
    let with_all_built = || {
        let _alone = alone();
        succeeds(&mut project.cargo(["build", "--quiet", "--workspace"]));
        prints(&succeeds(&mut project.program("rider")))
    };
    assert_eq!(alone_built(), ["minutes = 60 (computed)", "stops = 3 (computed)"]);
    assert_eq!(with_all_built(), ["minutes = 12 (computed)", "stops = 3 (hit)"]);
    assert_eq!(with_all_built(), ["minutes = 12 (hit)", "stops = 3 (hit)"]);
    assert_eq!(alone_built(), ["minutes = 60 (hit)", "stops = 3 (hit)"], "the same program as at first");
}

#[test]
fn members_of_a_workspace_share_a_cache_directory_and_no_results() {
    let project = Project::new("couriers");
    let (rider, office) = (|| project.run_with(&["-p", "rider"], &[]), || project.run_with(&["-p", "office"], &[]));
    assert_eq!(rider(), ["minutes = 60 (computed)", "stops = 3 (computed)"]);
    assert_eq!(office(), ["stops = 103 (computed)"]);
    assert_eq!(rider(), ["minutes = 60 (hit)", "stops = 3 (hit)"]);
    assert_eq!(office(), ["stops = 103 (hit)"]);
    project.edit("routes/src/lib.rs", "km / 4", "km / 3");
    assert_eq!(office(), ["stops = 104 (computed)"]);
    assert_eq!(rider()[1], "stops = 4 (computed)");
}

#[test]
fn what_the_build_script_of_a_path_dependency_reads_counts_for_what_reaches_its_output() {
    let project = Project::new("orbit");
    assert_eq!(project.run(), ["period = 225 (computed)", "month = 27 (computed)", "count = 8 (computed)"]);
    assert_eq!(project.run(), ["period = 225 (hit)", "month = 27 (hit)", "count = 8 (hit)"]);
    // No build script can see what another one makes: the executable's content counts for what reaches it.
    project.edit("tables/days.txt", "225", "224");
    assert_eq!(project.run(), ["period = 224 (computed)", "month = 27 (computed)", "count = 8 (hit)"]);
    assert_eq!(project.run(), ["period = 224 (hit)", "month = 27 (hit)", "count = 8 (hit)"]);
    project.edit("tables/month.txt", "27", "29");
    assert_eq!(project.run(), ["period = 224 (computed)", "month = 29 (computed)", "count = 8 (hit)"]);
}
