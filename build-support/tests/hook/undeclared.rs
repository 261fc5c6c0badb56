//! What a build says of undeclared inputs, with a real cargo.

use crate::builds::Package;

const STEP: &str = "use rememo::cached;\n\n#[cached]\npub fn total() -> usize {\n    stamp()\n}\n\nfn stamp() -> usize {\n    \
                    std::time::SystemTime::now().elapsed().map_or(0, |d| d.as_secs() as usize)\n}\n";

const LINE: &str = "rememo: src/steps.rs:3: hooked::steps::total is cached and depends on the clock, undeclared: \
                    SystemTime::elapsed (src/steps.rs:9), by way of hooked::steps::stamp (src/steps.rs:5); pass an argument \
                    instead, declare it (ttl, etag), or accept it: #[cached(accept(clock))]";

fn with(setting: &str) -> Package {
    let package = Package::new();
    package.write("src/steps.rs", STEP);
    package.edit("Cargo.toml", "[workspace]", &format!("[workspace]\n\n{setting}"));
    package
}

#[test]
fn without_a_setting_the_build_warns_once_for_each_function_and_kind() {
    let run = with("").build();
    assert_eq!(run.warnings().len(), 1, "{}", run.said);
    assert!(run.warnings()[0].starts_with("warning: ") && run.warnings()[0].ends_with(LINE), "{}", run.said);
}

#[test]
fn deny_fails_the_build_and_warn_and_allow_do_not() {
    for level in ["package", "workspace"] {
        let package = with(&format!("[{level}.metadata.rememo]\nundeclared = \"deny\"\n"));
        let said = package.fails();
        assert!(said.contains("error: hooked@") && said.contains(LINE), "{said}");

        package.edit("Cargo.toml", "\"deny\"", "\"warn\"");
        assert_eq!(package.build().warnings().len(), 1);

        package.edit("Cargo.toml", "\"warn\"", "\"allow\"");
        assert_eq!(package.build().warnings(), [""; 0]);
    }
}

#[test]
fn what_the_attribute_declares_or_accepts_is_not_denied() {
    let package = with("[package.metadata.rememo]\nundeclared = \"deny\"\n");
    package.edit("src/steps.rs", "#[cached]", "#[cached(accept(clock))]");
    assert_eq!(package.build().warnings(), [""; 0]);
    package.edit("src/steps.rs", "accept(clock)", "ttl = \"1h\"");
    assert_eq!(package.build().warnings(), [""; 0]);
}

#[test]
fn an_unknown_setting_is_answered_with_the_known_ones() {
    let run = with("[package.metadata.rememo]\nundeclared = \"forbid\"\n").build();
    assert!(run.said.contains("there are \"allow\", \"warn\" and \"deny\""), "{}", run.said);
    assert_eq!(run.warnings().len(), 2, "and it warns: {}", run.said);
}

#[test]
fn the_attribute_takes_the_words_that_the_analyzer_reports() {
    let words = rememo_analyzer::report::InputKind::ALL.map(rememo_analyzer::report::InputKind::as_str);
    assert_eq!(words, rememo_table::INPUT_KINDS);
}
