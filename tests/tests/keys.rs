//! What serde would leave out of a key: such a function is refused, for a hit could be another argument's result.

use std::collections::BTreeMap;

use rememo_analyzer::Roots;
use rememo_analyzer::project::{
    Dependency, External, ExternalId, Package, PackageId, PackageRef, Project, Target, TargetKind,
};
use rememo_analyzer::report::Function;
use rememo_analyzer::source::NoSummaries;

/// The cached functions of a library that depends on serde.
fn functions(source: &str) -> Vec<Function> {
    let files = BTreeMap::from([("src/lib.rs".to_owned(), source.to_owned())]);
    let serde =
        External { name: "serde".into(), version: "1.0.0".into(), pin: "serde 1.0.0".into(), ..External::default() };
    let root = Target { kind: TargetKind::Lib, name: "app".into(), root: "src/lib.rs".into(), edition: None };
    let package = Package {
        name: "app".into(),
        version: "0.1.0".into(),
        edition: 2021,
        targets: vec![root],
        dependencies: vec![Dependency {
            extern_name: "serde".into(),
            package: PackageRef::External(ExternalId(0)),
            dev: false,
        }],
        answered_by_compiler: true,
        external: None,
        ..Package::default()
    };
    let project = Project { packages: vec![package], externals: vec![serde], subjects: vec![PackageId(0)] };
    rememo_analyzer::analyze(&project, &files, &Roots::Cached, &NoSummaries).functions
}

fn refused(source: &str) -> Vec<String> {
    functions(source).iter().flat_map(|function| &function.refused).map(|refusal| refusal.why.clone()).collect()
}

const SKIPPED: &str = "
#[derive(serde::Serialize)]
pub struct Query { pub text: String, #[serde(skip)] pub limit: u32 }
";

#[test]
fn an_argument_with_a_skipped_field_is_refused_by_name() {
    let why = refused(&format!("{SKIPPED}\n#[cached] pub fn find(query: &Query) -> u32 {{ query.limit }}"));
    assert_eq!(why.len(), 1);
    assert!(why[0].contains("`query`") && why[0].contains("`limit`") && why[0].contains("key(query"), "{}", why[0]);
}

#[test]
fn a_skipped_field_is_found_inside_containers_and_other_types() {
    let outer = "#[derive(serde::Serialize)] pub struct Batch { queries: Vec<Query> }";
    let source = format!("{SKIPPED}\n{outer}\n#[cached] pub fn all(batch: Option<Batch>) -> u32 {{ 0 }}");
    assert_eq!(refused(&source).len(), 1);
}

#[test]
fn an_argument_with_its_own_key_is_not_asked() {
    for options in ["key(query = query.limit)", "ignore(query)", "ttl = \"1h\", key(query = (query.limit, 1))"] {
        let source = format!("{SKIPPED}\n#[cached({options})] pub fn find(query: &Query) -> u32 {{ query.limit }}");
        assert_eq!(refused(&source), Vec::<String>::new(), "{options}");
    }
}

#[test]
fn a_type_with_its_own_key_is_not_asked() {
    let own = "impl rememo::CacheKey for Query { fn encode(&self) {} }";
    let source = format!("{SKIPPED}\n{own}\n#[cached] pub fn find(query: &Query) -> u32 {{ query.limit }}");
    assert_eq!(refused(&source), Vec::<String>::new());
}

#[test]
fn what_may_change_behind_a_reference_is_refused() {
    let source = "#[cached] pub fn peek(cell: &std::cell::Cell<u32>) -> u32 { cell.get() }";
    assert_eq!(refused(source).len(), 1);
}

#[test]
fn fields_that_are_only_renamed_or_left_out_when_empty_are_fine() {
    let source = "
        #[derive(serde::Serialize)]
        pub struct Query { #[serde(rename = \"t\")] text: String, #[serde(skip_serializing_if = \"Option::is_none\")] limit: Option<u32> }
        #[cached] pub fn find(query: Query) -> u32 { 0 }";
    assert_eq!(refused(source), Vec::<String>::new());
}

#[test]
fn a_function_that_a_derive_names_in_a_string_is_reached() {
    let source = |body: &str| {
        format!(
            "mod hex {{ pub fn serialize() -> u32 {{ {body} }} pub fn deserialize() -> u32 {{ 2 }} }}
             fn level() -> u32 {{ 3 }}
             #[derive(serde::Deserialize)]
             pub struct Settings {{ #[serde(with = \"hex\")] id: u32, #[serde(default = \"level\")] level: u32 }}
             #[cached] pub fn read() -> u32 {{ let settings: Option<Settings> = None; settings.map_or(0, |s| s.id) }}"
        )
    };
    let fingerprint = |body: &str| functions(&source(body))[0].source;
    assert_ne!(fingerprint("1"), fingerprint("10"));
    let shifted = functions(&source("1").replace("u32 { 3 }", "u32 { 4 }"))[0].source;
    assert_ne!(fingerprint("1"), shifted);
}
