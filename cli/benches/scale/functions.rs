//! The cached functions: small ones, as people write them around a library.

/// How many functions are cached in each workspace.
pub(crate) const CACHED: usize = 20;

/// What a cached function does with each crate; `NUMBER` tells those of one crate apart.
const BODIES: [(&str, &str); 11] = [
    (
        "csv",
        "(text: String) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().skip(NUMBER).filter_map(Result::ok);
    rows.map(|row| row.iter().map(crate::helpers::trimmed).collect()).collect()
}",
    ),
    (
        "itertools",
        "(numbers: Vec<u32>) -> Vec<String> {
    use itertools::Itertools;
    let pairs = numbers.iter().combinations(2).take(NUMBER + 10);
    pairs.map(|pair| pair.into_iter().join(\"-\")).sorted().dedup().collect()
}",
    ),
    (
        "petgraph",
        "(edges: Vec<(u32, u32)>) -> Vec<(usize, usize)> {
    let graph = petgraph::graph::UnGraph::<(), ()>::from_edges(&edges);
    let from = petgraph::graph::NodeIndex::new(NUMBER);
    let costs = petgraph::algo::dijkstra(&graph, from, None, |_| 1_usize);
    let mut costs: Vec<(usize, usize)> = costs.into_iter().map(|(node, cost)| (node.index(), cost)).collect();
    costs.sort();
    costs
}",
    ),
    (
        "serde_json",
        "(text: String) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    serde_json::to_string_pretty(value.get(NUMBER)?).ok()
}",
    ),
    (
        "minijinja",
        "(template: String, name: String) -> Option<String> {
    let environment = minijinja::Environment::new();
    environment.render_str(&template, minijinja::context! { name, number => NUMBER }).ok()
}",
    ),
    (
        "clap_builder",
        "(words: Vec<String>) -> Option<String> {
    let name = clap_builder::Arg::new(\"name\").long(\"name\").num_args(NUMBER + 1);
    let found = clap_builder::Command::new(\"app\").arg(name).try_get_matches_from(words).ok()?;
    found.get_one::<String>(\"name\").cloned()
}",
    ),
    (
        "chrono",
        "(text: String) -> Option<String> {
    let date = chrono::NaiveDate::parse_from_str(crate::helpers::trimmed(&text).as_str(), \"%Y-%m-%d\").ok()?;
    Some(date.checked_add_days(chrono::Days::new(NUMBER))?.format(\"%A\").to_string())
}",
    ),
    (
        "winnow",
        "(text: String) -> Vec<u32> {
    use winnow::Parser;
    let number = winnow::ascii::dec_uint::<_, u32, winnow::error::EmptyError>;
    let mut list = winnow::combinator::separated(NUMBER.., number, ',');
    list.parse(text.as_str()).unwrap_or_default()
}",
    ),
    (
        "taffy",
        "(width: f32) -> Option<f32> {
    let mut tree: taffy::TaffyTree<()> = taffy::TaffyTree::new();
    let leaf = tree.new_leaf(taffy::Style::default()).ok()?;
    let root = tree.new_with_children(taffy::Style::default(), &[leaf]).ok()?;
    tree.compute_layout(root, taffy::prelude::max_content()).ok()?;
    Some(tree.layout(leaf).ok()?.size.width + width + NUMBER as f32)
}",
    ),
    (
        "num-bigint",
        "(up_to: u32) -> String {
    (1..=up_to).fold(num_bigint::BigUint::from(NUMBER + 1_u32), |product, factor| product * factor).to_string()
}",
    ),
    (
        "regex-syntax",
        "(pattern: String) -> Option<usize> {
    Some(regex_syntax::Parser::new().parse(&pattern).ok()?.properties().minimum_len()? + NUMBER)
}",
    ),
];

/// A library of that many functions, crate by crate and around again, each with `attribute`.
pub(crate) fn library(crates: &[&str], attribute: &str) -> String {
    let mut text = String::from("//! Small functions around large libraries.\n\nmod helpers;\n");
    for (number, name) in crates.iter().cycle().take(CACHED).enumerate() {
        let body = BODIES.iter().find(|(of, _)| of == name).map(|(_, body)| *body).expect("each crate has a body");
        let body = body.replace("NUMBER", &(number / crates.len()).to_string());
        let name = name.replace('-', "_");
        text.push_str(&format!("\n/// Number {number}.\n{attribute}pub fn {name}_{number}{body}\n"));
    }
    text
}

/// What several of them use.
pub(crate) const HELPERS: &str = "//! What several functions use.

/// Without what is around it.
pub(crate) fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}
";
