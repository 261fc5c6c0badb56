//! A module's file moved: from `a.rs` to `a/mod.rs`, or back.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::Item;

use super::Outcome;
use crate::subject::Subject;
use crate::walk::Why;

pub(super) fn apply(subject: &Subject) -> Outcome {
    let mut outcome = Outcome::default();
    let mut seen = BTreeSet::new();
    for target in subject.project.packages.iter().flat_map(|package| &package.targets) {
        let folder = target.root.rsplit_once('/').map_or("", |(folder, _)| folder);
        file(subject, &target.root, folder, &mut seen, &mut outcome);
    }
    outcome
}

/// Moves the files of the modules that `path` declares; `folder` is where they lie.
fn file(subject: &Subject, path: &str, folder: &str, seen: &mut BTreeSet<String>, out: &mut Outcome) {
    if let Some(source) = subject.sources.iter().find(|source| source.path == path)
        && seen.insert(path.to_owned())
    {
        items(subject, &source.syntax.items, folder, seen, out);
    }
}

fn items(subject: &Subject, list: &[Item], folder: &str, seen: &mut BTreeSet<String>, out: &mut Outcome) {
    for item in list {
        let Item::Mod(module) = item else { continue };
        if module.attrs.iter().any(|attribute| attribute.path().is_ident("path")) {
            continue;
        }
        let name = module.ident.to_string();
        let below = format!("{folder}/{}", name.trim_start_matches("r#")).trim_start_matches('/').to_owned();
        if let Some((_, list)) = &module.content {
            items(subject, list, &below, seen, out);
            continue;
        }
        let (flat, nested) = (format!("{below}.rs"), format!("{below}/mod.rs"));
        let (from, to) = match (subject.files.get(&flat), subject.files.get(&nested)) {
            (Some(_), None) => (flat, nested),
            (None, Some(_)) => (nested, flat),
            _ => continue,
        };
        file(subject, &from, &below, seen, out);
        let bytes = &subject.files[&from];
        if is_bound_to_its_place(bytes) {
            *out.skipped.entry(Why::RelativePath).or_default() += 1;
        } else if out.changes.insert(from, None).is_none() {
            out.sites += 1;
            out.changes.insert(to, Some(bytes.clone()));
        }
    }
}

/// Whether something in a file is found relative to it, or says where it is.
fn is_bound_to_its_place(bytes: &[u8]) -> bool {
    let Some(syntax) = std::str::from_utf8(bytes).ok().and_then(|text| syn::parse_file(text).ok()) else { return true };
    // Tokens, so that neither comments nor strings count.
    let text = syntax.to_token_stream().to_string();
    ["include !", "include_str !", "include_bytes !", "file !", "# [path ="].iter().any(|word| text.contains(word))
}
