//! Version requirements, as far as they tell two locked versions of one package apart.

/// Whether a locked version satisfies a requirement. What doesn't read satisfies: then both versions count.
pub(crate) fn satisfies(version: &str, requirement: &str) -> bool {
    let Some(version) = parts(version) else { return true };
    requirement.split(',').all(|comparator| one(&version, comparator.trim()).unwrap_or(true))
}

/// Major, minor, patch.
fn parts(version: &str) -> Option<[u64; 3]> {
    let numbers = version.split(['-', '+']).next()?;
    let mut parts = numbers.split('.').map(|p| p.parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}

fn one(version: &[u64; 3], comparator: &str) -> Option<bool> {
    let number = comparator.find(|c: char| c.is_ascii_digit() || c == '*')?;
    let (operator, wanted) = comparator.split_at(number);
    let wanted: Vec<u64> = wanted
        .split(['-', '+'])
        .next()?
        .split('.')
        .take_while(|p| *p != "*")
        .map(|p| p.parse().ok())
        .collect::<Option<_>>()?;
    let n = wanted.len().min(3);
    let low = [0, 1, 2].map(|i| wanted.get(i).copied().unwrap_or(0));
    Some(match operator.trim() {
        // `1.*` is printed without an operator or with `=`.
        "=" => version[..n] == low[..n],
        ">" => version[..n] > low[..n],
        ">=" => *version >= low,
        "<" => *version < low,
        "<=" => version[..n] <= low[..n],
        "~" => version[..n.min(2)] == low[..n.min(2)] && *version >= low,
        "^" | "" => {
            // Equal up to the first part that isn't zero, or up to what is given.
            let fixed = low.iter().position(|p| *p != 0).map_or(n, |i| (i + 1).min(n));
            version[..fixed] == low[..fixed] && *version >= low
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::satisfies;

    #[test]
    fn requirements_hold_as_cargo_reads_them() {
        for (requirement, yes, no) in [
            ("^1.2", "1.9.0", "1.1.9"),
            ("^1.2", "1.2.0", "2.0.0"),
            ("^0.2.3", "0.2.9", "0.3.0"),
            ("^0.0.3", "0.0.3", "0.0.4"),
            ("^0.0", "0.0.7", "0.1.0"),
            ("^0", "0.9.0", "1.0.0"),
            ("~1.2.3", "1.2.9", "1.3.0"),
            ("~1", "1.9.0", "2.0.0"),
            ("=1.2.3", "1.2.3", "1.2.4"),
            ("1.*", "1.7.0", "2.0.0"),
            (">=1.2, <1.5", "1.4.9", "1.5.0"),
            (">1.2", "1.3.0", "1.2.9"),
            ("*", "7.0.0-alpha.1", "none"),
        ] {
            assert!(satisfies(yes, requirement), "{yes} {requirement}");
            assert!(no == "none" || !satisfies(no, requirement), "{no} {requirement}");
        }
    }
}
