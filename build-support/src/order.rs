//! Sorting, compiled once. Every user compiles this crate unoptimized, and each further element type that the standard
//! library sorts, or keeps in a tree, costs as much to compile as a page of code.

/// The order of `keys`: indices, first the smallest key's.
fn order(keys: Vec<String>) -> Vec<usize> {
    let mut numbered: Vec<(String, usize)> = keys.into_iter().enumerate().map(|(i, key)| (key, i)).collect();
    numbered.sort_unstable();
    numbered.into_iter().map(|(_, i)| i).collect()
}

/// Sorts by a key; what has the same key stays in order.
pub(crate) fn sort_by_text<T>(list: &mut Vec<T>, key: impl Fn(&T) -> String) {
    let order = order(list.iter().map(key).collect());
    let mut taken: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(order.into_iter().filter_map(|i| taken[i].take()));
}
