//! Cargo.lock: which version of which package a build uses. Written by cargo in one form only, so it is read line by line.

use crate::order::sort_by_text;

/// The packages of a lock file.
#[derive(Default)]
pub(crate) struct Lock {
    /// Sorted by name, as cargo writes them.
    pub(crate) packages: Vec<Locked>,
    /// What each depends on, of all kinds and for all targets: the lock doesn't tell them apart.
    pub(crate) dependencies: Vec<Vec<usize>>,
}

/// One `[[package]]`.
#[derive(Default)]
pub(crate) struct Locked {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Registry or git address; `None` for a package on disk.
    pub(crate) source: Option<String>,
    pub(crate) checksum: Option<String>,
    /// As written: `name`, `name version` or `name version (source)`, as much as tells them apart.
    dependencies: Vec<String>,
}

impl Lock {
    /// Reads a lock file. Lines that aren't cargo's are passed over.
    pub(crate) fn read(text: &str) -> Lock {
        let mut lock = Lock::default();
        let mut open: Option<Locked> = None;
        for line in text.lines().map(str::trim) {
            if line.starts_with('[') && line != "[" {
                lock.packages.extend(open.take());
                open = (line == "[[package]]").then(Locked::default);
            }
            let Some(package) = &mut open else { continue };
            if let Some((key, value)) = line.split_once(" = ") {
                let value = value.trim_matches('"');
                match key {
                    "name" => package.name = value.to_owned(),
                    "version" => package.version = value.to_owned(),
                    "source" => package.source = Some(value.to_owned()),
                    "checksum" => package.checksum = Some(value.to_owned()),
                    // One dependency may stand on the key's own line.
                    "dependencies" => package.dependencies.extend(quoted(value)),
                    _ => {}
                }
            } else if line.starts_with('"') {
                package.dependencies.extend(quoted(line));
            }
        }
        lock.packages.extend(open);
        if !lock.packages.is_sorted_by(|a, b| a.name <= b.name) {
            // Somebody merged it by hand.
            sort_by_text(&mut lock.packages, |p| p.name.clone());
        }
        lock.dependencies = lock.packages.iter().map(|p| lock.resolve(p)).collect();
        lock
    }

    /// The package on disk of this name and version.
    pub(crate) fn local(&self, name: &str, version: &str) -> Option<usize> {
        self.named(name).find(|&i| self.packages[i].version == version && self.packages[i].source.is_none())
    }

    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + use<'a> {
        let start = self.packages.partition_point(|p| p.name.as_str() < name);
        (start..self.packages.len()).take_while(move |&i| self.packages[i].name == name)
    }

    fn resolve(&self, package: &Locked) -> Vec<usize> {
        let mut found = Vec::new();
        for text in &package.dependencies {
            let mut parts = text.splitn(3, ' ');
            let (name, version) = (parts.next().unwrap_or_default(), parts.next());
            let source = parts.next().map(|s| s.trim_matches(['(', ')']));
            found.extend(self.named(name).filter(|&i| {
                let other = &self.packages[i];
                version.is_none_or(|v| v == other.version)
                    // Git sources carry `#commit` in their own entry and may lack it here.
                    && source.is_none_or(|s| other.source.as_deref().is_some_and(|o| o == s || o.starts_with(&format!("{s}#"))))
            }));
        }
        found
    }

    /// Which packages a package depends on, itself included.
    pub(crate) fn closure(&self, package: usize) -> Vec<bool> {
        let mut seen = vec![false; self.packages.len()];
        let mut open = vec![package];
        while let Some(next) = open.pop() {
            if !std::mem::replace(&mut seen[next], true) {
                open.extend(&self.dependencies[next]);
            }
        }
        seen
    }
}

fn quoted(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('"').skip(1).step_by(2).map(str::to_owned).filter(|s| !s.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"# comment
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "left",
 "twin 1.0.0",
]

[[package]]
name = "left"
version = "2.0.0"
source = "registry+https://example.org/index"
checksum = "aa"
dependencies = [
 "twin 2.0.0 (git+https://example.org/twin?rev=1)",
]

[[package]]
name = "twin"
version = "1.0.0"
source = "registry+https://example.org/index"
checksum = "bb"

[[package]]
name = "twin"
version = "2.0.0"
source = "git+https://example.org/twin?rev=1#0123"

[[patch.unused]]
name = "spare"
version = "9.0.0"
"#;

    #[test]
    fn packages_their_sources_and_checksums_are_read() {
        let lock = Lock::read(LOCK);
        let names: Vec<_> = lock.packages.iter().map(|p| format!("{} {}", p.name, p.version)).collect();
        assert_eq!(names, ["app 0.1.0", "left 2.0.0", "twin 1.0.0", "twin 2.0.0"]);
        assert_eq!(lock.packages[1].checksum.as_deref(), Some("aa"));
        assert_eq!(lock.local("app", "0.1.0"), Some(0));
        assert_eq!(lock.local("left", "2.0.0"), None);
    }

    #[test]
    fn two_versions_of_a_name_are_told_apart_by_what_the_lock_says() {
        let lock = Lock::read(LOCK);
        assert_eq!(lock.dependencies[0], [1, 2]);
        assert_eq!(lock.dependencies[1], [3]);
        assert_eq!(lock.closure(0), [true; 4]);
        assert_eq!(lock.closure(1), [false, true, false, true]);
    }

    #[test]
    fn line_ends_of_windows_and_a_list_on_one_line_read_alike() {
        let lock = Lock::read(&LOCK.replace('\n', "\r\n"));
        assert_eq!(lock.closure(0), [true; 4]);
        let lock = Lock::read(
            "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"b\", \"c\"]\n[[package]]\nname = \"c\"\n[[package]]\nname = \"b\"\n",
        );
        assert_eq!(lock.dependencies[0], [1, 2]);
    }
}
