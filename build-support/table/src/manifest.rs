//! The manifest: what cached functions reach, in a form that `why` and the printed reasons can compare.

/// One item that a cached function reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManifestItem<'a> {
    /// Hash of the item and of what its names resolve to, in hex.
    pub hash: &'a str,
    /// `fn`, `const`, `static`, `type`, `trait`, `impl`, `macro`, `file`, `external`, ...
    pub kind: &'a str,
    /// Path of the item.
    pub path: &'a str,
    /// File, relative to the workspace root; empty for an external package.
    pub file: &'a str,
    /// First line; 0 for an external package.
    pub line: u32,
}

/// Reads a manifest: a line an item, `hash\tkind\tpath\tfile\tline`. A line that doesn't read is `None`.
pub fn manifest_items(manifest: &str) -> impl Iterator<Item = Option<ManifestItem<'_>>> {
    manifest.lines().map(|line| {
        let mut parts = line.split('\t');
        let item = ManifestItem {
            hash: parts.next()?,
            kind: parts.next()?,
            path: parts.next()?,
            file: parts.next()?,
            line: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(item)
    })
}

/// What the path of a line begins with that tells, as its hash, what a package is compiled with.
pub const FEATURES_OF: &str = "features of ";

/// What reachable packages were compiled with, as a stored manifest says: for [`Configuration::with_packages`].
///
/// [`Configuration::with_packages`]: crate::Configuration::with_packages
pub fn manifest_packages(manifest: &str) -> impl Iterator<Item = (&str, &str)> {
    manifest_items(manifest).flatten().filter_map(|item| Some((item.path.strip_prefix(FEATURES_OF)?, item.hash)))
}

/// Packs ascending indices: differences as LEB128.
pub fn reach_encode(indices: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last = 0u32;
    for &i in indices {
        let mut d = i - last;
        last = i;
        loop {
            let byte = (d & 0x7f) as u8;
            d >>= 7;
            out.push(if d == 0 { byte } else { byte | 0x80 });
            if d == 0 {
                break;
            }
        }
    }
    out
}

/// Unpacks what [`reach_encode`] packed; stops at bytes that don't read.
pub fn reach_decode(bytes: &[u8]) -> Vec<u32> {
    let (mut out, mut last, mut d, mut shift) = (Vec::new(), 0u32, 0u64, 0u32);
    for &byte in bytes {
        d |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let Some(next) = u32::try_from(d).ok().and_then(|d| last.checked_add(d)) else {
                break;
            };
            out.push(next);
            (last, d, shift) = (next, 0, 0);
        } else {
            shift += 7;
            if shift > 28 {
                break;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_indices_come_back() {
        for list in [vec![], vec![0], vec![0, 1, 2], vec![5, 200, 70_000, u32::MAX]] {
            assert_eq!(reach_decode(&reach_encode(&list)), list);
        }
    }

    #[test]
    fn what_packages_are_compiled_with_is_read_from_a_manifest() {
        let manifest = "ab\tfn\tp::f\tsrc/a.rs\t3\n0f\tsetting\tfeatures of serde 1.0.229\t\t0\n";
        assert_eq!(manifest_packages(manifest).collect::<Vec<_>>(), [("serde 1.0.229", "0f")]);
    }

    #[test]
    fn a_broken_line_of_a_manifest_is_none_and_the_others_stay() {
        let items: Vec<_> = manifest_items("ab\tfn\tp::f\tsrc/a.rs\t3\nbroken\n").collect();
        assert_eq!(items[0].map(|i| (i.path, i.line)), Some(("p::f", 3)));
        assert_eq!(items[1], None);
    }
}
