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
    fn a_broken_line_of_a_manifest_is_none_and_the_others_stay() {
        let items: Vec<_> = manifest_items("ab\tfn\tp::f\tsrc/a.rs\t3\nbroken\n").collect();
        assert_eq!(items[0].map(|i| (i.path, i.line)), Some(("p::f", 3)));
        assert_eq!(items[1], None);
    }
}
