//! Finds functions by what people write: a path or the end of one.

use crate::error::Error;

/// How many near names an error lists.
const NEAREST: usize = 5;
/// How many candidates an error lists.
const CANDIDATES: usize = 20;

/// The index of the one path that `wanted` names.
///
/// A whole path names itself. Otherwise `wanted` names the paths that end with it at a `::`; and if there are none, the
/// trait methods that it names when the trait is left out: `Type::method` for `<Type as Trait>::method`.
///
/// `describe` gives the line that an error shows of a candidate.
///
/// # Errors
/// [`Error::UnknownFunction`] with the nearest names, [`Error::AmbiguousFunction`] with the candidates.
pub(crate) fn one<'a>(
    wanted: &str,
    what: &'static str,
    paths: impl Iterator<Item = &'a str> + Clone,
    describe: impl Fn(usize) -> String,
) -> Result<usize, Error> {
    let wanted = wanted.trim();
    let find = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        paths.clone().enumerate().filter(|(_, path)| fits(path)).map(|(index, _)| index).collect()
    };
    let mut found = find(&|path| path == wanted);
    if found.is_empty() {
        found = find(&|path| ends_with(path, wanted));
    }
    if found.is_empty() {
        found = find(&|path| without_trait(path).is_some_and(|short| ends_with(&short, wanted)));
    }
    match found[..] {
        [index] => Ok(index),
        [] => Err(Error::UnknownFunction { what, wanted: wanted.to_owned(), nearest: nearest(wanted, paths) }),
        _ => {
            let mut candidates: Vec<String> = found.iter().take(CANDIDATES).map(|&index| describe(index)).collect();
            if found.len() > CANDIDATES {
                candidates.push(format!("and {} more", found.len() - CANDIDATES));
            }
            Err(Error::AmbiguousFunction { wanted: wanted.to_owned(), candidates })
        }
    }
}

/// Whether `path` is `wanted`, or ends with it behind a `::`.
fn ends_with(path: &str, wanted: &str) -> bool {
    !wanted.is_empty() && path.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}

/// `a::<T as Trait>::m` as `a::T::m`; `None` for a path without a trait.
fn without_trait(path: &str) -> Option<String> {
    let open = path.find('<')?;
    let (mut depth, mut cut) = (0usize, None);
    for (at, c) in path[open..].char_indices() {
        let at = open + at;
        match c {
            '<' => depth += 1,
            // The arrow of a function type closes nothing.
            '>' if path[..at].ends_with('-') => {}
            '>' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let cut = cut?;
                    return Some(format!("{}{}{}", &path[..open], &path[open + 1..cut], &path[at + 1..]));
                }
            }
            ' ' if depth == 1 && cut.is_none() && path[at..].starts_with(" as ") => cut = Some(at),
            _ => {}
        }
    }
    None
}

/// The paths whose last part looks most like the last part of `wanted`.
fn nearest<'a>(wanted: &str, paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let last = |path: &str| path.rsplit("::").next().unwrap_or(path).to_lowercase();
    let name = last(wanted);
    let mut scored: Vec<(u32, &str)> = paths
        .map(|path| (strsim::jaro_winkler(&last(path), &name), path))
        .filter(|(score, _)| *score > 0.75)
        .map(|(score, path)| (((1.0 - score) * 1e6) as u32, path))
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().take(NEAREST).map(|(_, path)| path.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: [&str; 5] = [
        "demo::load",
        "demo::io::load",
        "demo::io::reload",
        "demo::io::<Row as Parse<Fn(u8) -> u8>>::parse",
        "demo::Row::new",
    ];

    fn find(wanted: &str) -> Result<usize, Error> {
        one(wanted, "function", PATHS.into_iter(), |i| PATHS[i].to_owned())
    }

    #[test]
    fn the_end_of_a_path_names_a_function_if_it_is_the_only_one() {
        assert_eq!(find("reload").ok(), Some(2));
        assert_eq!(find("io::load").ok(), Some(1));
    }

    #[test]
    fn a_whole_path_wins_over_longer_ones_that_end_with_it() {
        assert_eq!(find("demo::load").ok(), Some(0));
    }

    #[test]
    fn a_part_of_a_name_names_nothing() {
        assert!(matches!(find("oad"), Err(Error::UnknownFunction { .. })));
    }

    #[test]
    fn a_trait_method_is_found_with_and_without_its_trait() {
        assert_eq!(find("Row::parse").ok(), Some(3));
        assert_eq!(find("<Row as Parse<Fn(u8) -> u8>>::parse").ok(), Some(3));
    }

    #[test]
    fn an_ambiguous_name_lists_its_candidates() {
        match find("load") {
            Err(Error::AmbiguousFunction { candidates, .. }) => {
                assert_eq!(candidates, ["demo::load", "demo::io::load"])
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_unknown_name_lists_the_nearest() {
        match find("laod") {
            Err(Error::UnknownFunction { nearest, .. }) => assert_eq!(nearest, ["demo::io::load", "demo::load"]),
            other => panic!("{other:?}"),
        }
    }
}
