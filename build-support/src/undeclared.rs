//! What the build says of inputs that no cached function declares: `[package.metadata.rememo] undeclared` in the manifest.

use rememo_analyzer::report::{Analysis, Function, Input, InputKind};

/// What is done about an undeclared input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undeclared {
    /// Nothing; they aren't looked for.
    Allow,
    /// The build says so.
    Warn,
    /// The build fails.
    Deny,
}

impl Undeclared {
    /// Reads the manifest's word. Without one the build warns: a result that goes stale unnoticed is what this is all
    /// against, and each warning has a way out in the attribute.
    ///
    /// # Errors
    /// The sentence that the user is told if there is no such word.
    pub(crate) fn named(word: Option<&str>) -> Result<Undeclared, String> {
        match word {
            Some("allow") => Ok(Undeclared::Allow),
            None | Some("warn") => Ok(Undeclared::Warn),
            Some("deny") => Ok(Undeclared::Deny),
            Some(word) => Err(format!(
                "[package.metadata.rememo] undeclared = {word:?} in Cargo.toml: there are \"allow\", \"warn\" and \"deny\""
            )),
        }
    }
}

/// A line for each cached function and kind. What is only a guess, and the order of hash maps, is for `cargo rememo check`.
pub(crate) fn lines(analysis: &Analysis) -> Vec<String> {
    let mut lines = Vec::new();
    for function in analysis.functions.iter().filter(|function| function.cached) {
        let mut last = None;
        for input in &function.inputs {
            let sure = !input.guessed && input.declared.is_none() && input.kind != InputKind::Order;
            if sure && last != Some(input.kind) {
                last = Some(input.kind);
                lines.push(line(analysis, function, input));
            }
        }
    }
    lines
}

fn line(analysis: &Analysis, function: &Function, input: &Input) -> String {
    let way: Vec<String> = input.path[1..]
        .iter()
        .filter_map(|step| Some(format!("{} ({})", analysis.items.get(step.item.0)?.path, step.at)))
        .collect();
    let way = if way.is_empty() { String::new() } else { format!(", by way of {}", way.join(", ")) };
    let at = input.path.first().map_or("", |step| &step.at);
    let kind = input.kind.as_str();
    let (on, declare) = match input.kind {
        InputKind::Clock => ("the clock", ", declare it (ttl, etag)"),
        InputKind::Env => ("the environment", ", declare it (etag)"),
        InputKind::Files => ("files", ", declare them (files, etag)"),
        InputKind::Network => ("the network", ", declare it (ttl, etag)"),
        InputKind::Random => ("random numbers", ""),
        InputKind::Process => ("other processes", ", declare it (etag)"),
        InputKind::Threads => ("its thread", ""),
        InputKind::State => ("a static that changes", ", declare it (etag)"),
        InputKind::Foreign => ("code that isn't Rust", ""),
        _ => (kind, ""),
    };
    format!(
        "{at}: {} is cached and depends on {on}, undeclared: {} ({}){way}; pass an argument instead{declare}, or accept it: \
         #[cached(accept({kind}))]",
        function.path, input.what, input.at
    )
}
