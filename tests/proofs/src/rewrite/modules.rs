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
    // Roots of targets stay, and files that a `#[path]` names.
    let mut named: Vec<String> =
        subject.bench.project.packages.iter().flat_map(|it| &it.targets).map(|target| target.root.clone()).collect();
    for source in &subject.sources {
        for (at, _) in source.text.match_indices("#[path = \"") {
            let path = source.text[at..].split('"').nth(1).unwrap_or_default();
            named.push(format!("/{}", path.trim_start_matches("../").trim_start_matches("./")));
        }
    }
    for target in subject.bench.project.packages.iter().flat_map(|package| &package.targets) {
        let folder = target.root.rsplit_once('/').map_or("", |(folder, _)| folder);
        file(subject, &target.root, folder, &named, &mut seen, &mut outcome);
    }
    outcome
}

/// Moves the files of the modules that `path` declares; `folder` is where they lie.
fn file(subject: &Subject, path: &str, folder: &str, named: &[String], seen: &mut BTreeSet<String>, out: &mut Outcome) {
    if let Some(source) = subject.sources.iter().find(|source| source.path == path)
        && seen.insert(path.to_owned())
    {
        items(subject, &source.syntax.items, folder, named, seen, out);
    }
}

fn items(
    subject: &Subject,
    list: &[Item],
    folder: &str,
    named: &[String],
    seen: &mut BTreeSet<String>,
    out: &mut Outcome,
) {
    for item in list {
        let Item::Mod(module) = item else { continue };
        if module.attrs.iter().any(|attribute| attribute.path().is_ident("path")) {
            continue;
        }
        let name = module.ident.to_string();
        let below = format!("{folder}/{}", name.trim_start_matches("r#")).trim_start_matches('/').to_owned();
        if let Some((_, list)) = &module.content {
            items(subject, list, &below, named, seen, out);
            continue;
        }
        let (flat, nested) = (format!("{below}.rs"), format!("{below}/mod.rs"));
        let (from, to) = match (subject.bench.files.get(&flat), subject.bench.files.get(&nested)) {
            (Some(_), None) => (flat, nested),
            (None, Some(_)) => (nested, flat),
            _ => continue,
        };
        file(subject, &from, &below, named, seen, out);
        let bytes = &subject.bench.files[&from];
        if is_bound_to_its_place(bytes) || named.iter().any(|name| from.ends_with(name)) {
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
    // An attribute of a macro may name a file too: `#[grammar = "grammar.pest"]`.
    let is_file = |literal: &str| literal.contains('.') && !literal.contains(['{', ' ', '\\']);
    let names_file = |attribute: &str| {
        let attribute = attribute.split(']').next().unwrap_or_default();
        !attribute.starts_with("doc") && attribute.split('"').skip(1).step_by(2).any(is_file)
    };
    if text.split("# [").skip(1).any(names_file) {
        return true;
    }
    ["include !", "include_str !", "include_bytes !", "file !", "# [path ="].iter().any(|word| text.contains(word))
}
