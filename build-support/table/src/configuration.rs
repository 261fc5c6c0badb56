//! The configuration field of a fingerprint, as canonical bytes.

/// The pair in [`Configuration::fixed`] that says: profiles share their results, so `debug_assertions` and
/// `overflow_checks` don't count by themselves.
pub const SHARED_PROFILES: (&str, &str) = ("profiles", "shared");

/// Everything besides its source that a cached result depends on at compile time.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Configuration<'a> {
    /// What the hook could read: target, edition, panic strategy, RUSTFLAGS, compiler. Sorted by name.
    pub fixed: Vec<(&'a str, &'a str)>,
    /// Answers of the compiler to the predicates that reachable code asks for. Sorted by predicate.
    pub cfgs: Vec<(&'a str, bool)>,
    /// Variables read at compile time. Sorted by name.
    pub envs: Vec<(&'a str, Option<&'a str>)>,
    /// What packages from registries and git are compiled with, as the attribute saw it. Sorted by package.
    pub packages: Vec<(&'a str, &'a str)>,
    /// `cfg!(debug_assertions)` of the crate.
    pub debug_assertions: bool,
    /// Whether arithmetic overflow panics in the crate.
    pub overflow_checks: bool,
}

impl<'a> Configuration<'a> {
    /// A configuration; the lists are put in order. With [`SHARED_PROFILES`] in `fixed` the two flags are left out.
    pub fn new(
        fixed: impl IntoIterator<Item = (&'a str, &'a str)>,
        cfgs: impl IntoIterator<Item = (&'a str, bool)>,
        envs: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
        debug_assertions: bool,
        overflow_checks: bool,
    ) -> Self {
        let mut c = Configuration {
            fixed: fixed.into_iter().collect(),
            cfgs: cfgs.into_iter().collect(),
            envs: envs.into_iter().collect(),
            packages: Vec::new(),
            debug_assertions,
            overflow_checks,
        };
        c.fixed.sort_unstable();
        c.fixed.dedup();
        if c.fixed.contains(&SHARED_PROFILES) {
            (c.debug_assertions, c.overflow_checks) = (false, false);
        }
        c.cfgs.sort_unstable();
        c.cfgs.dedup();
        c.envs.sort_unstable();
        c.envs.dedup();
        c
    }

    /// The same with what reachable packages are compiled with.
    pub fn with_packages(mut self, packages: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.packages.extend(packages);
        self.packages.sort_unstable();
        self.packages.dedup();
        self
    }

    /// The bytes that a fingerprint hashes: SHA-256 over `source` (32 bytes) and then these.
    ///
    /// Every string is preceded by its length, every list by its count, so that no two configurations share bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"rememo configuration 1\n".to_vec();
        count(&mut out, self.fixed.len());
        for (name, value) in &self.fixed {
            text(&mut out, name);
            text(&mut out, value);
        }
        count(&mut out, self.cfgs.len());
        for (predicate, answer) in &self.cfgs {
            text(&mut out, predicate);
            out.push(*answer as u8);
        }
        count(&mut out, self.envs.len());
        for (name, value) in &self.envs {
            text(&mut out, name);
            out.push(value.is_some() as u8);
            text(&mut out, value.unwrap_or(""));
        }
        out.push(self.debug_assertions as u8);
        out.push(self.overflow_checks as u8);
        // Left out where there are none: such functions have one fingerprint with and without a build.
        if !self.packages.is_empty() {
            count(&mut out, self.packages.len());
            for (package, features) in &self.packages {
                text(&mut out, package);
                text(&mut out, features);
            }
        }
        out
    }
}

fn count(out: &mut Vec<u8>, n: usize) {
    out.extend_from_slice(&(n as u64).to_le_bytes());
}

fn text(out: &mut Vec<u8>, s: &str) {
    count(out, s.len());
    out.extend_from_slice(s.as_bytes());
}
