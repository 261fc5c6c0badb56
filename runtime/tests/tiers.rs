//! The memory tier keeps within its budget, and keeps what is used.

use std::sync::Arc;
use std::thread;

use rememo::tier::{Budget, Tier};
use rememo::{CacheKey, Key, KeyEncoder};

fn key(n: u64) -> Key {
    let mut to = KeyEncoder::new();
    n.encode(&mut to).unwrap();
    to.finish()
}

#[test]
fn an_entry_is_there_until_it_is_removed_or_replaced() {
    let tier = Tier::new(Budget::new(100, 1 << 20));
    assert_eq!(tier.get(&key(1)), None);
    tier.insert(key(1), "one", 3);
    tier.insert(key(2), "two", 3);
    tier.insert(key(1), "another", 7);
    assert_eq!((tier.get(&key(1)), tier.get(&key(2)), tier.len()), (Some("another"), Some("two"), 2));
    assert!(tier.remove(&key(1)));
    assert!(!tier.remove(&key(1)));
    assert_eq!((tier.get(&key(1)), tier.len()), (None, 1));
    tier.clear();
    assert!(tier.is_empty());
}

#[test]
fn all_tiers_of_a_budget_together_hold_no_more_entries_than_it_allows() {
    let budget = Budget::new(100, 1 << 30);
    let (a, b) = (Tier::new(budget.clone()), Tier::new(budget.clone()));
    for n in 0..1000 {
        a.insert(key(n), n, 8);
    }
    assert_eq!((a.len(), budget.entries()), (100, 100));
    // The one that comes late gets its share: room is made where most is held.
    for n in 0..40 {
        b.insert(key(n), n, 8);
    }
    assert_eq!((a.len(), b.len(), budget.entries()), (60, 40, 100));
    drop(a);
    assert_eq!(budget.entries(), 40, "a dropped tier gives its share back");
}

#[test]
fn all_tiers_of_a_budget_together_hold_no_more_bytes_than_it_allows() {
    let budget = Budget::new(u64::MAX, 1_000_000);
    let tier = Tier::new(budget.clone());
    for n in 0..1000 {
        tier.insert(key(n), n, 10_000);
        assert!(budget.bytes() <= 1_000_000);
    }
    assert!(tier.len() >= 95, "{}", tier.len());
    tier.insert(key(5000), 0, 2_000_000);
    assert_eq!(tier.get(&key(5000)), None, "an entry over the whole budget isn't kept");
    assert!(tier.len() >= 95, "and pushes nothing out");
}

#[test]
fn entries_that_are_used_outlive_those_that_are_not() {
    let keys: Vec<Key> = (0..10_000).map(key).collect();
    // Where a key lies in a tier is random: what holds must hold in each.
    for _ in 0..10 {
        let tier = Tier::new(Budget::new(1000, 1 << 30));
        for (n, &new) in keys.iter().enumerate() {
            tier.insert(new, n, 8);
            // A hundred of the first stay in use.
            assert_eq!(keys[..100.min(n)].iter().filter(|&hot| tier.get(hot).is_none()).count(), 0, "at {n}");
        }
    }
}

#[test]
fn threads_that_insert_read_and_remove_at_once_leave_the_count_right() {
    let budget = Budget::new(500, 60_000);
    let tier = Tier::new(budget.clone());
    thread::scope(|scope| {
        for thread in 0..4u64 {
            let tier = &tier;
            scope.spawn(move || {
                for n in 0..20_000u64 {
                    let n = (n * 7 + thread * 13) % 2000;
                    match n % 5 {
                        0 => drop(tier.remove(&key(n))),
                        1 => tier.insert(key(n), Arc::new(n), n),
                        _ => assert!(tier.get(&key(n)).is_none_or(|found| *found == n)),
                    }
                }
            });
        }
    });
    let there = (0..2000).filter(|n| tier.get(&key(*n)).is_some()).count() as u64;
    assert_eq!((tier.len(), budget.entries()), (there, there));
    assert!(there <= 500 && budget.bytes() <= 60_000);
    tier.clear();
    assert_eq!((budget.entries(), budget.bytes()), (0, 0));
}
