//! Has rustc confirm that a state of a scenario is valid Rust.
//!
//! Metadata only, no cargo: a state costs about a tenth of a second. `#[cached]` is a stand-in that changes nothing.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use rememo_analyzer::project::TargetKind;

use crate::state::{Origin, ROOT, State, VENDOR};

const STAND_IN: &str = "
    extern crate proc_macro;
    #[proc_macro_attribute]
    pub fn cached(_: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream { item }
";

/// A compiler with the stand-in for rememo at hand.
#[derive(Debug)]
pub struct Compiler {
    rememo: PathBuf,
}

impl Compiler {
    /// Builds the stand-in in `dir`.
    ///
    /// # Errors
    /// The compiler's words.
    pub fn new(dir: &Path) -> Result<Compiler, String> {
        let source = dir.join("rememo.rs");
        fs::write(&source, STAND_IN).map_err(|error| error.to_string())?;
        let rememo = dir.join("librememo.so");
        let mut rustc = rustc();
        rustc.args(["--edition", "2021", "--crate-name", "rememo", "--crate-type", "proc-macro"]);
        run(rustc.arg("-o").arg(&rememo).arg(&source))?;
        Ok(Compiler { rememo })
    }

    /// Compiles the state's packages and targets below `dir`, which it fills.
    ///
    /// # Errors
    /// The compiler's words.
    pub fn check(&self, state: &State, dir: &Path) -> Result<(), String> {
        write_files(state, dir).map_err(|error| error.to_string())?;
        let mut build = Build { compiler: self, state, dir, done: Vec::new() };
        build.package(ROOT, "").map(drop)
    }
}

struct Build<'a> {
    compiler: &'a Compiler,
    state: &'a State,
    dir: &'a Path,
    done: Vec<(String, PathBuf)>,
}

impl Build<'_> {
    /// Compiles a package after those that it depends on; gives its library.
    fn package(&mut self, name: &str, folder: &str) -> Result<Option<PathBuf>, String> {
        let mut externs: Vec<OsString> = vec![with_name("rememo", &self.compiler.rememo)];
        for (extern_name, depends) in self.state.depends.get(name).into_iter().flatten() {
            let folder = match &depends.origin {
                Origin::Path(folder) => folder.clone(),
                Origin::Registry(_) => format!("{VENDOR}/{}", depends.package),
            };
            let known = self.done.iter().find(|(done, _)| *done == folder).map(|(_, library)| library.clone());
            let library = match known {
                Some(library) => Some(library),
                None => self.package(&depends.package, &folder)?,
            };
            let library = library.ok_or_else(|| format!("{folder} has no library"))?;
            self.done.push((folder, library.clone()));
            externs.push(with_name(extern_name, &library));
        }
        let mut library = None;
        for target in self.state.targets(name, folder) {
            let crate_name = target.crate_name();
            let proc_macro = self.state.is_proc_macro(name);
            let (crate_type, artifact) = match target.kind {
                TargetKind::Lib if proc_macro => ("proc-macro", format!("lib{crate_name}.so")),
                TargetKind::Lib => ("lib", format!("lib{crate_name}.rmeta")),
                _ => ("bin", format!("{crate_name}.bin.rmeta")),
            };
            let artifact = self.dir.join(artifact);
            let mut rustc = rustc();
            rustc.current_dir(self.dir).args(["--crate-name", &crate_name, "--crate-type", crate_type]);
            rustc.args(["--edition", &self.state.edition.to_string(), "--cap-lints", "allow"]);
            if !proc_macro {
                rustc.arg("--emit=metadata");
            }
            for ((_, feature), _) in self.state.features.iter().filter(|((package, _), on)| package == name && **on) {
                rustc.args(["--cfg", &format!("feature=\"{feature}\"")]);
            }
            if name == ROOT {
                for (cfg, _) in self.state.cfgs.iter().filter(|(_, on)| **on) {
                    rustc.args(["--cfg", cfg]);
                }
                if let Some(out_dir) = &self.state.out_dir {
                    rustc.env("OUT_DIR", self.dir.join(out_dir));
                }
            }
            let variables = self.state.env.iter().chain(&self.state.build_env);
            rustc.envs(variables.filter(|((package, _), _)| package == name).map(|((_, name), value)| (name, value)));
            for dependency in &externs {
                rustc.arg("--extern").arg(dependency);
            }
            rustc.arg("-L").arg(self.dir).arg("-o").arg(&artifact).arg(&target.root);
            run(&mut rustc)?;
            if target.kind == TargetKind::Lib {
                externs.push(with_name(&crate_name, &artifact));
                library = Some(artifact);
            }
        }
        Ok(library)
    }
}

fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

fn with_name(name: &str, library: &Path) -> OsString {
    let mut argument = OsString::from(format!("{name}="));
    argument.push(library);
    argument
}

fn run(rustc: &mut Command) -> Result<(), String> {
    let output = rustc.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn write_files(state: &State, dir: &Path) -> io::Result<()> {
    for (path, content) in &state.files {
        let path = dir.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
    }
    Ok(())
}
