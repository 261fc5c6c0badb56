//! What rememo-build adds to a user's cold build, in CPU seconds, beside an empty build script and beside serde with derive.
//!
//! `cargo bench -p rememo-build`. Needs a POSIX shell, and the packages in cargo's own cache: it works offline.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

const ROUNDS: usize = 3;

/// A project to build: what it is called, its manifest's dependencies, its build script.
struct Case {
    name: &'static str,
    dependencies: String,
    script: &'static str,
}

fn main() -> Result<(), Box<dyn Error>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let hook = format!("[build-dependencies]\nrememo-build = {{ path = {:?} }}", repository.join("build-support"));
    let serde = "[dependencies]\nserde = { version = \"1\", features = [\"derive\"] }".to_owned();
    let empty = "fn main() {}\n";
    let call = "fn main() {\n    rememo_build::fingerprint();\n}\n";
    let cases = [
        Case { name: "empty build script", dependencies: String::new(), script: empty },
        Case { name: "rememo-build", dependencies: hook.clone(), script: call },
        Case { name: "serde with derive", dependencies: serde.clone(), script: empty },
        Case { name: "serde with derive and rememo-build", dependencies: format!("{serde}\n{hook}"), script: call },
    ];
    let mut seconds = Vec::new();
    for case in &cases {
        let mut rounds = (0..ROUNDS).map(|_| measure(case, &repository)).collect::<Result<Vec<_>, _>>()?;
        rounds.sort_by(f64::total_cmp);
        seconds.push(rounds[ROUNDS / 2]);
        println!(
            "{:<36} {:6.2} CPU s  (of {ROUNDS}: {:.2} to {:.2})",
            case.name,
            rounds[ROUNDS / 2],
            rounds[0],
            rounds[ROUNDS - 1]
        );
    }
    let (base, hook, serde, both) = (seconds[0], seconds[1], seconds[2], seconds[3]);
    println!(
        "rememo-build adds {:.2} CPU s, serde with derive {:.2}: {:.2} times",
        hook - base,
        serde - base,
        (hook - base) / (serde - base)
    );
    println!("on top of serde with derive, rememo-build adds {:.2} CPU s", both - serde);
    Ok(())
}

/// User and system time of one `cargo build` into a new folder.
fn measure(case: &Case, repository: &Path) -> Result<f64, Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let root = dir.path();
    fs::create_dir(root.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"cold\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{}\n\n[workspace]\n",
        case.dependencies
    );
    fs::write(root.join("Cargo.toml"), manifest)?;
    fs::write(root.join("build.rs"), case.script)?;
    fs::write(root.join("src/main.rs"), "fn main() {}\n")?;
    // The versions that this repository uses.
    fs::copy(repository.join("Cargo.lock"), root.join("Cargo.lock"))?;
    let output = Command::new("sh")
        .args(["-c", "\"$CARGO\" build --offline --quiet && times"])
        .env("CARGO", env!("CARGO"))
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env_remove("RUSTFLAGS")
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(format!("{}: {}", case.name, String::from_utf8_lossy(&output.stderr)).into());
    }
    // The second line is the shell's children: `0m1.230s 0m0.450s`.
    let text = String::from_utf8(output.stdout)?;
    let times = text.lines().nth(1).ok_or("`times` prints two lines")?;
    let mut sum = 0.0;
    for time in times.split_whitespace() {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').ok_or("a time of `times`")?;
        sum += minutes.parse::<f64>()? * 60.0 + seconds.replace(',', ".").parse::<f64>()?;
    }
    Ok(sum)
}
