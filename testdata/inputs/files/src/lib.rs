use std::fs;
use std::path::{Path, PathBuf};

struct Source {
    path: PathBuf,
}

impl Source {
    fn text(&self) -> String {
        fs::read_to_string(&self.path).unwrap_or_default()
    }
}

// reads: files
#[rememo::cached]
fn by_a_method(path: PathBuf) -> usize {
    Source { path }.text().len()
}

// reads: files
#[rememo::cached]
fn exists(path: PathBuf) -> bool {
    path.exists()
}

// reads: files
#[rememo::cached]
fn as_a_value(paths: Vec<PathBuf>) -> Vec<String> {
    paths.iter().filter_map(|path| Some(path)).map(fs::read_to_string).map(Result::unwrap_or_default).collect()
}

// reads: files
#[rememo::cached]
fn a_folder(path: String) -> usize {
    walkdir::WalkDir::new(path).into_iter().count()
}

// reads: files (files)
#[rememo::cached(files(path))]
fn declared(path: PathBuf) -> usize {
    Source { path }.text().len()
}

// reads: nothing
#[rememo::cached]
fn paths_are_values(path: PathBuf) -> PathBuf {
    path.join("a").with_extension("txt").parent().map(Path::to_owned).unwrap_or_default()
}

// reads: nothing
#[rememo::cached]
fn writing_is_not_reading(n: u32) -> u32 {
    println!("{n}");
    let _ = fs::write("out.txt", n.to_string());
    n
}
