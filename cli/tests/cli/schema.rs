//! Checks that a dump is schema 1, the whole of it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// Every way in which `json` is not a dump of the workspace at `root`; empty if it is one.
pub(crate) fn faults(json: &str, root: &Path) -> Vec<String> {
    let dump: Value = match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => return vec![format!("not JSON: {error}")],
    };
    let mut faults = Vec::new();
    let mut want = |holds: bool, what: String| {
        if !holds {
            faults.push(what);
        }
    };
    want(dump["schema"] == 1, "schema is 1".to_owned());
    want(dump["package"].is_string(), "package is a string".to_owned());

    let mut kinds: BTreeMap<u64, &str> = BTreeMap::new();
    for item in dump["items"].as_array().into_iter().flatten() {
        let (Some(id), Some(path), Some(kind), Some(_), Some(hash)) = (
            item["id"].as_u64(),
            item["path"].as_str(),
            item["kind"].as_str(),
            item["package"].as_str(),
            item["hash"].as_str(),
        ) else {
            want(false, format!("an item has id, path, kind, package and hash: {item}"));
            continue;
        };
        want(kinds.insert(id, kind).is_none(), format!("an item's id stands once: {id}"));
        want(is_hex(hash, 16), format!("a hash is hex: {path}"));
        if let Some(file) = item["file"].as_str() {
            let is_there = !Path::new(file).is_absolute() && root.join(file).exists();
            want(is_there, format!("a file is relative to the workspace root and exists: {file}"));
            let (line, end) = (item["line"].as_u64().unwrap_or(0), item["end_line"].as_u64().unwrap_or(0));
            want(1 <= line && line <= end, format!("1 <= line <= end_line: {path} {line}..{end}"));
        }
    }

    let mut last: Option<&str> = None;
    for function in dump["functions"].as_array().into_iter().flatten() {
        let (Some(path), Some(item), Some(_), Some(fingerprint), Some(reaches), Some(external), Some(widened)) = (
            function["path"].as_str(),
            function["item"].as_u64(),
            function["cached"].as_bool(),
            function["fingerprint"].as_str(),
            function["reaches"].as_array(),
            function["external"].as_array(),
            function["widened"].as_array(),
        ) else {
            want(false, format!("a function has all its keys: {function}"));
            continue;
        };
        want(kinds.get(&item) == Some(&"fn"), format!("a function's item is of kind fn: {path}"));
        let ids: Vec<u64> = reaches.iter().filter_map(Value::as_u64).collect();
        want(ids.len() == reaches.len() && ids.iter().all(|id| kinds.contains_key(id)), format!("known ids: {path}"));
        want(ids.contains(&item), format!("a function reaches itself: {path}"));
        want(ids.is_sorted_by(|a, b| a < b), format!("reaches is sorted, each once: {path}"));
        want(is_hex(fingerprint, 32), format!("a fingerprint is hex: {path}"));
        want(external.iter().all(Value::is_string), format!("external packages are strings: {path}"));
        for place in widened {
            let is_said = ["at", "why"].iter().all(|key| place[key].as_str().is_some_and(|text| !text.is_empty()));
            let kind = place["kind"].as_str();
            want(is_said && matches!(kind, Some("source" | "opaque")), format!("widened says at, kind, why: {place}"));
        }
        want(last.is_none_or(|last| last < path), format!("functions are sorted, each path stands once: {path}"));
        last = Some(path);
    }
    faults
}

fn is_hex(text: &str, least: usize) -> bool {
    text.len() >= least && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
