//! A package as it is published: built from its tarball.

use std::fs;
use std::process::Command;

use crate::project::{Project, alone, prints, succeeds, target_dir};

#[test]
fn a_package_built_from_its_packaged_tarball_is_cached_like_any_other() {
    let author = Project::new("parcel");
    let user = Project::empty();
    {
        let _alone = alone();
        succeeds(&mut author.cargo(["package", "--quiet", "--no-verify", "--allow-dirty"]));
    }
    let name = format!("parcel-{}", author.version());
    let tarball = target_dir().join("package").join(format!("{name}.crate"));
    succeeds(Command::new("tar").arg("-xzf").arg(&tarball).current_dir(user.root()));
    assert!(user.path(&name).join("Cargo.toml.orig").exists(), "it is a package");

    // What stands in for the registry does so for the user too.
    fs::create_dir(user.path(".cargo")).expect("a new folder");
    fs::copy(author.path(".cargo/config.toml"), user.path(".cargo/config.toml")).expect("a configuration");
    let run = || {
        let _alone = alone();
        let mut cargo = user.cargo(["run", "--quiet"]);
        prints(&succeeds(cargo.current_dir(user.path(&name))))
    };
    assert_eq!(run(), ["wrap = 15 (computed)"]);
    assert_eq!(run(), ["wrap = 15 (hit)"]);
    user.edit(&format!("{name}/src/inner.rs"), "    3\n", "    4\n");
    assert_eq!(run(), ["wrap = 20 (computed)"]);
    assert_eq!(run(), ["wrap = 20 (hit)"]);
}
