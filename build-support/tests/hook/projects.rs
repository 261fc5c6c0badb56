//! From manifests to a project: packages, targets, names, features.

use rememo_analyzer::project::{Package, PackageRef, Project};
use rememo_analyzer::source::{LoadError, Loader};
use rememo_build::{Features, ProjectError, Subject, TargetCfg, Workspace, cargo};

use crate::fixture::{Trees, package};

/// `name -> package` for each name that a package's code may use.
fn names(project: &Project, of: &Package) -> Vec<String> {
    let target = |d: &PackageRef| match d {
        PackageRef::Source(id) => format!("{} in {}", project.packages[id.0].name, project.packages[id.0].dir),
        PackageRef::External(id) => format!("{} {}", project.externals[id.0].name, project.externals[id.0].version),
    };
    of.dependencies
        .iter()
        .map(|d| format!("{}{} -> {}", if d.dev { "dev " } else { "" }, d.extern_name, target(&d.package)))
        .collect()
}

#[test]
fn the_subject_comes_first_and_members_that_nobody_needs_stay_out() {
    let project = Trees::new().project("shop/app");
    // What this machine's cargo has unpacked is nobody's member.
    let own = project.packages.iter().filter(|p| p.external.is_none());
    let packages: Vec<_> = own.map(|p| format!("{} in {}", p.name, p.dir)).collect();
    // `reports` depends on the subject: its types may be arguments of the subject's generic functions.
    assert_eq!(
        packages,
        [
            "shop-app in app",
            "engine in engine",
            "price-list in ../prices",
            "reports in reports",
            "rounding in ../prices/rounding"
        ]
    );
    assert_eq!(project.subjects.len(), 1);
    assert_eq!(project.packages[project.subjects[0].0].name, "shop-app");
}

#[test]
fn only_the_subject_is_answered_by_the_compiler() {
    let project = Trees::new().project("shop/app");
    let answered: Vec<_> =
        project.packages.iter().filter(|p| p.answered_by_compiler).map(|p| p.name.as_str()).collect();
    assert_eq!(answered, ["shop-app"]);
}

#[test]
fn names_follow_renames_library_names_and_shortened_packages() {
    let project = Trees::new().project("shop/app");
    assert_eq!(
        names(&project, package(&project, "shop-app")),
        [
            "engine -> engine in engine",
            "dev insta -> insta 1.39.0",
            "md5 -> md-5 0.10.6",
            "md_5 -> md-5 0.10.6",
            "regex -> regex 1.10.5",
            "serde -> serde 1.0.200",
            "tariff -> price-list in ../prices",
            "twin_one -> twin 1.3.0",
            "twin_two -> twin 2.0.7",
            "winapi -> winapi 0.3.9",
        ]
    );
    assert_eq!(names(&project, package(&project, "reports")), ["shop_app -> shop-app in app"]);
}

#[test]
fn a_name_of_the_standard_library_is_a_packages_only_where_a_package_brings_something_else() {
    let trees = Trees::new();
    trees.remove("shop/Cargo.lock");
    let own = |features: &[&str]| {
        let project = trees.project_with("shop/app", features);
        let standard = |name: &String| ["std", "core", "alloc"].iter().any(|of| name.starts_with(of));
        names(&project, package(&project, "shop-app")).into_iter().filter(standard).collect::<Vec<_>>()
    };
    // As packages have them of which the standard library is made.
    let of_std = "core = { package = \"rustc-std-workspace-core\", version = \"1\", optional = true }\n\
                  alloc = { package = \"rustc-std-workspace-alloc\", version = \"1\" }\n\
                  std = { package = \"like-std\", version = \"3\", optional = true }\n";
    trees.edit("shop/app/Cargo.toml", "md-5 =", &format!("{of_std}md-5 ="));
    trees.edit("shop/app/Cargo.toml", "color = []", "color = [\"dep:core\"]\nsmall = [\"dep:std\"]");
    assert_eq!(own(&[]), [""; 0]);
    assert_eq!(own(&["small"]), ["std -> like-std ^3"]);
}

#[test]
fn a_package_outside_the_workspace_brings_its_path_dependencies_and_no_dev_dependencies() {
    let project = Trees::new().project("shop/app");
    assert_eq!(names(&project, package(&project, "price-list")), ["rounding -> rounding in ../prices/rounding"]);
    assert!(package(&project, "rounding").proc_macro);
    assert!(!package(&project, "price-list").proc_macro);
}

#[test]
fn every_target_is_there_with_its_root_and_the_library_comes_first() {
    let project = Trees::new().project("shop/app");
    let app = package(&project, "shop-app");
    let targets: Vec<_> = app.targets.iter().map(|t| format!("{} {} {}", t.label(), t.crate_name(), t.root)).collect();
    assert_eq!(
        targets,
        [
            "lib shop_app app/src/lib.rs",
            "bin:shop-cli shop_cli app/src/cli/main.rs",
            "example:tour tour app/examples/tour.rs",
            "test:buy buy app/tests/buy.rs",
        ]
    );
}

#[test]
fn inherited_fields_are_filled_in() {
    let project = Trees::new().project("shop/app");
    let app = package(&project, "shop-app");
    assert_eq!((app.edition, app.version.as_str()), (2021, "1.4.2-beta.1"));
    assert_eq!(package(&project, "engine").edition, 2018);
    for (name, value) in [
        ("CARGO_PKG_AUTHORS", "Ada:Grace"),
        ("CARGO_PKG_DESCRIPTION", "Sells things"),
        ("CARGO_PKG_VERSION_MINOR", "4"),
        ("CARGO_PKG_VERSION_PATCH", "2"),
        ("CARGO_PKG_VERSION_PRE", "beta.1"),
        ("CARGO_PKG_LICENSE", ""),
    ] {
        assert_eq!(app.env.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(app.env.get("CARGO_MANIFEST_DIR"), None);
}

#[test]
fn the_subjects_features_are_closed_and_those_of_others_are_unknown() {
    let trees = Trees::new();
    let on = |features: &[&str]| {
        let project = trees.project_with("shop/app", features);
        assert_eq!(package(&project, "engine").cfg.values.get("feature"), None);
        assert_eq!(package(&project, "engine").cfg.values["target_os"], ["linux"]);
        package(&project, "shop-app").cfg.values["feature"].clone()
    };
    assert_eq!(on(&[]), ["color", "default"]);
    assert_eq!(on(&["loud-er", "persist"]), ["color", "default", "loud-er", "persist"]);
}

#[test]
fn a_patched_package_is_read_as_source_and_its_neighbour_is_pinned() {
    let project = Trees::new().project("patched");
    assert_eq!(names(&project, &project.packages[0]), ["left -> left in vendor/left", "right -> right 2.0.0"]);
}

#[test]
fn a_path_override_of_cargos_configuration_is_read_as_source() {
    let trees = Trees::new();
    trees.write("patched/.cargo/config.toml", "paths = [\"vendor/right\"]\n");
    let project = trees.project("patched");
    assert_eq!(
        names(&project, &project.packages[0]),
        ["left -> left in vendor/left", "right -> right in vendor/right"]
    );
}

#[test]
fn a_packaged_manifest_without_paths_has_pinned_dependencies() {
    let trees = Trees::new();
    trees.edit("shop/engine/Cargo.toml", "[dependencies]", "[dependencies]\nprice-list = \"0.5\"");
    trees.remove("shop/Cargo.lock");
    let project = trees.project("shop/engine");
    let engine = package(&project, "engine");
    assert!(names(&project, engine).contains(&"price_list -> price-list ^0.5".to_owned()));
}

#[test]
fn nothing_is_written_into_the_workspace() {
    let trees = Trees::new();
    trees.remove("shop/Cargo.lock");
    let _ = trees.project("shop/app");
    assert!(!trees.path("shop/Cargo.lock").exists());
    assert!(!trees.path("shop/target").exists());
}

#[test]
fn a_broken_manifest_is_an_error_in_cargos_words() {
    let trees = Trees::new();
    trees.edit("patched/Cargo.toml", "edition = \"2024\"", "edition = \"1066\"");
    let error = Workspace::load(&cargo(), &trees.path("patched/Cargo.toml")).expect_err("an edition that isn't one");
    assert!(matches!(&error, ProjectError::Cargo { message, .. } if message.contains("1066")), "{error}");
}

#[test]
fn a_broken_manifest_of_a_path_dependency_is_an_error_that_names_it() {
    let trees = Trees::new();
    trees.edit("prices/Cargo.toml", "edition", "edit ion");
    let error = Workspace::load(&cargo(), &trees.path("shop/app/Cargo.toml")).expect_err("a broken path dependency");
    assert!(error.to_string().contains("prices/Cargo.toml:4"), "{error}");
}

#[test]
fn a_path_override_that_does_not_read_is_a_note_and_the_rest_is_loaded() {
    let trees = Trees::new();
    trees.write("patched/.cargo/config.toml", "paths = [\"vendor/right\", \"nowhere\"]\n");
    trees.edit("patched/vendor/right/Cargo.toml", "edition", "edit ion");
    let workspace = trees.workspace("patched");
    assert_eq!(workspace.notes().len(), 1, "{:?}", workspace.notes());
    let project = trees.project("patched");
    assert_eq!(names(&project, &project.packages[0]), ["left -> left in vendor/left", "right -> right 2.0.0"]);
}

#[test]
fn a_workspace_without_a_package_is_no_subject() {
    let trees = Trees::new();
    let manifest = trees.path("shop/Cargo.toml");
    let (cfg, features) = (TargetCfg::default(), Features::from_env([]));
    let subject = Subject { manifest: &manifest, cfg: &cfg, features: &features, out_dir: false };
    let error = trees.workspace("shop").project(&subject).expect_err("a virtual manifest");
    assert!(matches!(error, ProjectError::NoPackage { .. }));
}

#[test]
fn a_change_of_overflow_checks_for_one_package_is_noted_and_its_opt_level_is_not() {
    let workspace = Trees::new().workspace("shop/app");
    assert_eq!(workspace.profile_overrides(), ["profile.release.package.engine.overflow-checks=true"]);
}

#[test]
fn the_loader_reads_below_and_beside_the_root() {
    let trees = Trees::new();
    let loader = trees.loader("shop");
    assert!(loader.load("app/src/lib.rs").is_ok());
    assert!(loader.load("../prices/src/lib.rs").is_ok());
    assert_eq!(loader.load("app/src/none.rs"), Err(LoadError::NotFound));
    assert_eq!(loader.load("app/src"), Err(LoadError::NotFound));
    assert_eq!(loader.load("app/src/lib.rs/none.rs"), Err(LoadError::NotFound));
}

#[test]
fn the_target_is_told_alike_by_the_compiler_and_by_cargo() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let told = TargetCfg::from_rustc(&rustc, None, &[]).expect("a compiler");
    // What cargo would set in a build script, from the same lines.
    let output = std::process::Command::new(&rustc).args(["--print", "cfg"]).output().expect("a compiler");
    let text = String::from_utf8(output.stdout).expect("text");
    let lookup = |name: &str| {
        let name = name.strip_prefix("CARGO_CFG_")?.to_lowercase();
        let values: Vec<_> = text
            .lines()
            .filter_map(|line| match line.split_once('=') {
                Some((key, value)) if key == name => Some(value.trim_matches('"')),
                None if line == name => Some(""),
                _ => None,
            })
            .collect();
        (!values.is_empty()).then(|| values.join(","))
    };
    assert_eq!(format!("{told:?}"), format!("{:?}", TargetCfg::from_env(lookup)));
}
