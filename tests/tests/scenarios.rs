//! Every edit that must recompute does, and nearly every edit that must not doesn't.
//!
//! One test per folder of `testdata/scenarios`; its `edits.txt` says what is right. Edits that recompute for nothing are
//! listed in `known-waste.txt` with their cause, and a listed one that has become right fails too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rememo_tests::scenario::{self, Scenario, scenarios_dir};
use rememo_tests::verdict::{Outcome, Verdict, judge};

/// What `known-waste.txt` lists: `scenario | edit | function`, then `: cause`.
fn known_waste() -> BTreeMap<String, String> {
    let text = fs::read_to_string(scenarios_dir().join("known-waste.txt")).expect("known-waste.txt is there");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (edit, rest) = line.rsplit_once(" | ").expect("known-waste.txt: `scenario | edit | function: cause`");
            let (function, cause) = rest.split_once(": ").expect("known-waste.txt: a cause after the function");
            (format!("{edit} | {function}"), cause.to_owned())
        })
        .collect()
}

/// Runs on a stack of fixed size, so that the outcome doesn't depend on the test runner's threads.
fn verdicts(scenario: Scenario) -> Vec<Verdict> {
    let run = std::thread::Builder::new().stack_size(8 << 20).spawn(move || judge(&scenario));
    run.expect("a thread").join().expect("the analyzer doesn't panic")
}

fn check(name: &str) {
    let scenario = Scenario::read(name).unwrap_or_else(|error| panic!("{error}"));
    let known = known_waste();
    let mut failures = Vec::new();
    for verdict in verdicts(scenario) {
        let listed = known.contains_key(&verdict.key());
        match verdict.outcome {
            Outcome::Right if listed => failures.push(format!("no longer wasted, take it off the list: {verdict}")),
            Outcome::Wasted if listed => {}
            Outcome::Right => {}
            _ => failures.push(verdict.to_string()),
        }
    }
    assert!(failures.is_empty(), "{} wrong answers:\n    {}", failures.len(), failures.join("\n    "));
}

macro_rules! families {
    ($($test:ident: $folder:literal,)*) => {
        const FAMILIES: &[&str] = &[$($folder),*];

        $(#[test]
        fn $test() {
            check($folder);
        })*
    };
}

families! {
    a_constant_counts_for_the_function_that_names_it: "01-const-in-the-body",
    a_constant_counts_with_all_that_it_is_computed_from: "02-const-from-consts",
    a_constant_counts_through_a_callee_in_another_module: "03-const-of-a-callee",
    a_static_counts_with_its_initialiser_lazy_or_not: "04-static-initialisers",
    an_associated_constant_counts_where_it_is_chosen: "05-associated-consts",
    a_method_counts_only_on_the_type_of_its_receiver: "06-method-on-a-local",
    a_call_that_names_its_trait_or_self_is_exact: "07-qualified-and-self-calls",
    a_trait_object_reaches_every_impl_that_is_built: "08-trait-objects",
    a_generic_function_reaches_the_impl_of_its_argument: "09-generics-over-a-bound",
    a_default_method_counts_until_it_is_overridden: "10-default-methods",
    supertraits_and_blanket_impls_count: "11-supertraits-and-blanket-impls",
    an_inherent_method_that_outranks_the_traits_is_noticed: "12-inherent-outranks-trait",
    operators_are_calls: "13-operators",
    methods_are_found_through_deref: "14-methods-through-deref",
    drop_counts_in_every_nested_field: "15-drop",
    iterators_are_called_by_loops_and_adapters: "16-iterators",
    conversions_are_picked_by_type: "17-conversions",
    format_strings_call_the_traits_of_their_arguments: "18-formatting",
    sorting_and_collections_call_back: "19-ordering-and-hashing",
    defaults_are_picked_by_the_type_that_is_wanted: "20-struct-update",
    derived_code_follows_fields_and_variants: "21-derives",
    a_function_that_is_passed_stored_or_returned_is_reached: "22-functions-as-values",
    a_table_of_functions_reaches_its_entries: "23-function-tables",
    closures_and_nested_items_are_looked_into: "24-closures-and-nested-functions",
    calls_count_wherever_they_stand: "25-calls-in-odd-places",
    macros_by_example_are_expanded: "26-macro-rules",
    procedural_macros_count_by_their_package: "27-procedural-macros",
    a_rename_changes_what_a_body_means: "28-renamed-imports",
    globs_and_shadowing_decide_what_a_name_means: "29-globs-and-shadowing",
    modules_are_found_where_their_files_stand: "30-module-files",
    a_local_item_hides_one_of_the_standard_library: "31-local-name-of-a-std-item",
    configuration_counts_where_it_is_asked_for: "32-cfg-and-features",
    included_files_count_like_source: "33-included-files",
    variables_read_at_compile_time_count: "34-environment-at-compile-time",
    path_dependencies_count_function_by_function: "35-path-dependencies",
    registry_packages_count_by_version: "36-lock-file",
    awaited_code_is_reached: "37-async",
    recursion_ends_and_every_member_counts: "38-recursion",
    a_cached_function_counts_as_a_callee: "39-cached-calls-cached",
    the_shape_of_a_result_counts: "40-returned-types",
    aliases_lengths_and_discriminants_count: "41-aliases-and-lengths",
    an_impl_counts_wherever_it_stands: "42-impls-elsewhere",
    the_types_of_arguments_count: "43-argument-types",
    looks_do_not_count: "44-comments-and-formatting",
    unrelated_items_do_not_count: "45-unrelated-items",
    a_local_that_hides_an_item_does_not_reach_it: "46-locals-hide-items",
    the_layout_of_module_files_does_not_count: "47-module-file-layout",
    same_names_elsewhere_do_not_count: "48-same-names-elsewhere",
    code_around_what_cannot_be_seen_counts: "49-beyond-the-source",
    what_depends_on_a_path_dependencys_features_is_never_kept_by_mistake: "50-features-of-path-dependencies",
    a_function_and_a_module_may_share_a_name: "51-function-and-module-of-one-name",
    chains_of_super_and_circles_of_globs_are_followed: "52-chains-of-super",
    local_traits_on_standard_types_are_found: "53-local-traits-on-std-types",
    foreign_containers_and_functions_call_back: "54-containers-from-registries",
    a_trait_counts_under_any_name: "55-renamed-traits",
    trait_objects_are_upcast_and_downcast: "56-trait-objects-upcast-and-any",
    macros_make_items_in_textual_order_with_hygiene: "57-macros-that-make-items",
    associated_types_lead_to_their_impls: "58-associated-types-and-gats",
    names_in_patterns_count: "59-patterns",
    the_standard_library_calls_what_it_is_given: "60-callbacks-through-std",
    hidden_result_types_are_seen_through: "61-impl-trait-results",
    receivers_are_known_when_they_come_out_of_containers: "62-receivers-through-containers",
    a_wrong_guess_of_a_type_is_never_made: "63-receivers-that-change-type",
    alternate_modules_and_files_follow_the_configuration: "64-cfg-modules-and-paths",
    text_places_and_docs_count_where_they_are_observed: "65-tokens-that-are-observed",
    names_that_only_a_macros_package_holds_are_reached: "66-attribute-macros",
    impls_are_chosen_by_type_arguments: "67-impls-chosen-by-type-arguments",
    code_that_runs_in_the_compiler_counts: "68-compile-time-evaluation",
    keys_hashers_and_borrowed_forms_count: "69-keys-and-borrows",
    methods_and_generic_functions_can_be_cached: "70-cached-methods-and-generics",
    comparisons_indices_and_coercions_are_calls: "71-more-operators",
    clones_and_drops_happen_inside_other_types: "72-clones-and-drops-inside",
    traits_of_the_standard_library_are_called_by_its_functions: "73-more-std-traits",
    older_editions_resolve_names_their_own_way: "74-older-editions",
    variants_builders_and_type_level_choices_are_followed: "75-enums-and-generic-structs",
    trait_objects_are_followed_into_statics_fields_and_boxes: "76-trait-objects-in-odd-places",
    traits_for_functions_tuples_and_references_are_found: "77-traits-for-functions-and-tuples",
    bounds_of_the_standard_library_lead_to_local_impls: "78-bounds-of-the-standard-library",
    a_closures_parameter_has_the_type_that_its_callee_says: "79-types-of-closure-parameters",
    every_form_of_self_is_understood: "80-forms-of-self",
    an_impl_counts_even_inside_a_body: "81-impls-inside-bodies",
    macros_are_expanded_in_every_position: "82-macros-in-every-position",
    a_prelude_decides_which_traits_are_in_scope: "83-preludes",
    formatting_is_followed_into_fields_and_failures: "84-debug-in-failures-and-formats",
    boxed_and_wrapped_iterators_are_followed: "85-boxed-and-wrapped-iterators",
    macros_and_globs_cross_packages: "86-workspace-macros-and-globs",
    a_path_may_go_through_an_associated_type: "87-paths-through-associated-types",
    a_turbofish_may_be_all_that_names_a_type: "88-types-that-only-a-turbofish-names",
    a_reference_is_coerced_without_a_word: "89-deref-by-coercion",
    who_may_use_a_trait_may_use_its_supertraits: "90-supertraits-of-the-standard-library",
    types_of_other_crates_come_through_public_functions: "91-types-from-other-crates",
    iterators_and_futures_hold_code_of_their_callers: "92-closures-inside-arguments",
    a_macro_may_declare_modules: "93-modules-that-a-macro-makes",
    an_import_decides_between_methods_of_two_traits: "94-which-trait-is-imported",
    what_a_variant_named_by_self_holds_is_known: "95-variants-named-by-self",
    a_parameter_without_a_name_is_known_by_its_call: "96-anonymous-parameters",
    bounds_tell_results_and_the_arguments_of_traits: "97-what-bounds-name",
    who_is_called_back_unseen_counts: "98-who-is-called-back",
    no_string_is_an_iterator: "99-strings-are-no-iterators",
    bodies_tell_what_signatures_leave_open: "100-what-bodies-tell",
    a_trait_for_types_of_others_is_found_by_their_names: "101-impls-for-types-of-others",
    with_an_argument_comes_what_it_holds: "102-what-comes-with-an-argument",
    a_value_of_another_package_may_hold_our_own_code: "103-values-of-others-that-hold-our-own",
    comments_in_a_macro_name_nothing: "104-comments-in-macros",
    what_the_search_for_a_method_meets_first_is_meant: "105-which-method-is-met-first",
    a_name_may_be_a_macros_own_local_or_the_callers: "106-locals-that-macros-bind",
    the_place_of_another_packages_macro_doesnt_count: "107-where-macros-stand",
    who_wrote_a_local_tells_which_is_meant: "110-who-wrote-a-local",
    each_macro_of_a_name_that_may_be_meant_counts: "111-macros-of-one-name",
    a_function_that_a_macro_makes_has_locals_of_two_authors: "112-locals-of-functions-that-macros-make",
    an_impl_may_be_for_a_type_that_a_macro_makes: "113-impls-for-types-that-macros-make",
    what_a_cfg_attr_switches_off_counts_for_nothing: "120-attributes-behind-cfg-attr",
    a_raw_pointer_leads_to_what_it_points_to: "121-raw-pointers",
    a_function_of_a_trait_is_found_by_its_type: "122-functions-by-their-type",
    what_an_error_shows_counts_where_it_is_shown: "123-what-errors-show",
    a_type_that_a_macro_makes_is_read: "124-types-that-macros-make",
    what_is_behind_a_result_of_impl_iterator_runs: "125-results-of-impl-iterator",
    the_call_its_arguments_and_its_bounds_tell_which_trait_is_meant: "126-which-trait-of-a-bound-is-meant",
    a_trait_for_whatever_meets_a_bound_is_found_by_the_parameters_name: "127-traits-for-whatever-meets-a-bound",
    what_macros_of_others_declare_is_looked_for_among_all_that_has_the_name: "128-what-macros-of-others-declare",
    an_impl_that_a_macro_makes_in_a_body_is_everybodys: "129-impls-made-inside-bodies",
    what_is_tried_is_told_by_the_argument: "130-conversions-that-are-tried",
    what_macros_of_others_write_among_items_is_read: "140-items-by-macros-of-others",
    a_macro_that_a_macro_makes_in_a_body_is_expanded: "141-macros-made-in-bodies",
    what_others_pick_for_a_parameter_was_asked_where_they_got_it: "142-parameters-that-others-pick",
}

#[test]
fn every_folder_has_its_test() {
    let folders: BTreeSet<String> = scenario::names().expect("the folders can be read").into_iter().collect();
    let tested: BTreeSet<String> = FAMILIES.iter().map(|&folder| folder.to_owned()).collect();
    assert_eq!(folders, tested);
}

#[test]
fn nothing_is_ever_stale_and_95_percent_of_what_can_be_kept_is_kept() {
    let scenarios = scenario::all().unwrap_or_else(|error| panic!("{error}"));
    let edits: usize = scenarios.iter().map(|scenario| scenario.edits.len()).sum();
    let verdicts: Vec<Verdict> = scenarios.into_iter().flat_map(verdicts).collect();
    let count = |must_recompute, outcome| {
        verdicts.iter().filter(|v| v.must_recompute == must_recompute && v.outcome == outcome).count()
    };
    let (recomputed, stale) = (count(true, Outcome::Right), count(true, Outcome::Stale));
    let (kept, wasted) = (count(false, Outcome::Right), count(false, Outcome::Wasted));
    let unknown = verdicts.iter().filter(|v| v.outcome == Outcome::Unknown).count();
    let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    println!("{} scenarios, {edits} edits, {} answers", FAMILIES.len(), verdicts.len());
    println!("must recompute: {:4}  did:  {recomputed:4}  stale:  {stale:4}", recomputed + stale);
    println!("must be kept:   {:4}  were: {kept:4}  wasted: {wasted:4}", kept + wasted);
    println!("kept of what can be kept: {:.1} %", share(kept, kept + wasted));
    for verdict in verdicts.iter().filter(|verdict| verdict.outcome != Outcome::Right) {
        println!("{verdict}");
    }

    let keys: BTreeSet<String> = verdicts.iter().map(Verdict::key).collect();
    let orphans: Vec<String> = known_waste().into_keys().filter(|key| !keys.contains(key)).collect();
    assert!(orphans.is_empty(), "known-waste.txt lists what no scenario has: {orphans:#?}");
    assert_eq!(unknown, 0, "functions that were not found");
    assert_eq!(stale, 0, "stale results");
    assert!(share(kept, kept + wasted) >= 95.0, "too much is recomputed for nothing");
}
