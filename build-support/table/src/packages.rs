//! Which packages the attribute must look for among what the compiler links.

use std::fmt;

/// A cached function reaches a package from a registry or from git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageLine<'a> {
    /// Bare name of the function.
    pub function: &'a str,
    /// Name of the package.
    pub package: &'a str,
    /// Version of the package.
    pub version: &'a str,
    /// Names by which the function's package may know it; none, if only packages on disk use it.
    pub names: Vec<&'a str>,
}

impl fmt::Display for PackageLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\t{}\t{}\t{}", self.function, self.package, self.version, self.names.join(" "))
    }
}

/// Reads what [`PackageLine`] prints. A line that doesn't read is `None`.
pub fn package_lines(text: &str) -> impl Iterator<Item = Option<PackageLine<'_>>> {
    text.lines().map(|line| {
        let mut parts = line.split('\t');
        let (function, package, version) = (parts.next()?, parts.next()?, parts.next()?);
        let names = parts.next()?.split_terminator(' ').collect();
        parts.next().is_none().then_some(PackageLine { function, package, version, names })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_printed_read_back() {
        for names in [vec![], vec!["md_5", "md5"]] {
            let line = PackageLine { function: "f", package: "md-5", version: "0.10.6", names };
            assert_eq!(package_lines(&line.to_string()).collect::<Vec<_>>(), [Some(line.clone())]);
        }
        assert_eq!(package_lines("f\tmd-5\n").next(), Some(None));
    }
}
