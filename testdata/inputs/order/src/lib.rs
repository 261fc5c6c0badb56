use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, RandomState};

fn counts(words: &[String]) -> HashMap<String, u32> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    for word in words {
        *counts.entry(word.clone()).or_default() += 1;
    }
    counts
}

// reads: order
#[rememo::cached]
fn by_a_loop(words: Vec<String>) -> String {
    let mut out = String::new();
    for (word, count) in &counts(&words) {
        out.push_str(&format!("{word} {count}\n"));
    }
    out
}

// reads: order
#[rememo::cached]
fn by_a_chain(words: Vec<String>) -> Vec<String> {
    counts(&words).into_keys().collect()
}

// reads: order
#[rememo::cached]
fn a_sum_of_floats(words: Vec<String>) -> f64 {
    counts(&words).values().map(|count| f64::from(*count) / 3.0).sum::<f64>()
}

// reads: order (accept)
#[rememo::cached(accept(order))]
fn accepted(words: Vec<String>) -> Vec<String> {
    counts(&words).into_keys().collect()
}

// reads: nothing
#[rememo::cached]
fn sorted_afterwards(words: Vec<String>) -> Vec<String> {
    let mut list: Vec<String> = counts(&words).into_keys().collect();
    list.sort();
    list
}

// reads: nothing
#[rememo::cached]
fn counted(words: Vec<String>) -> usize {
    counts(&words).values().filter(|count| **count > 1).count()
}

// reads: nothing
#[rememo::cached]
fn a_sum_of_integers(words: Vec<String>) -> u32 {
    counts(&words).values().sum::<u32>()
}

// reads: nothing
#[rememo::cached]
fn into_another_map(words: Vec<String>) -> u32 {
    let ordered: BTreeMap<String, u32> = counts(&words).into_iter().collect();
    ordered.values().fold(0, |all, count| all * 2 + count)
}

// reads: nothing
#[rememo::cached]
fn a_hasher_without_chance(words: Vec<String>) -> Vec<String> {
    let set: HashSet<String, BuildHasherDefault<DefaultHasher>> = words.into_iter().collect();
    set.into_iter().collect()
}

// reads: nothing
#[rememo::cached]
fn only_asked(words: Vec<String>) -> bool {
    counts(&words).contains_key("a")
}

// reads: order
#[rememo::cached]
fn the_standard_hasher_by_name(words: Vec<String>) -> Vec<String> {
    let set: HashSet<String, RandomState> = words.into_iter().collect();
    set.into_iter().collect()
}
