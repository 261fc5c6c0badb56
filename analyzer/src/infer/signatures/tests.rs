//! The table must read, and say what the standard library does.

use std::collections::HashSet;

use super::*;

fn named(name: &'static str, args: &[SigTy]) -> SigTy {
    SigTy::Named(name, args.to_vec())
}

#[test]
fn every_line_reads() {
    let table = table();
    let rows = table.methods.values().chain(table.functions.values()).flat_map(HashMap::values);
    let unread: Vec<_> =
        rows.filter(|row| parse(row.recv, row.line).is_none()).map(|row| (row.recv, row.line)).collect();
    assert!(unread.is_empty(), "{unread:?}");
}

#[test]
fn no_entry_hides_another() {
    let (mut head, mut seen, mut hidden) = ("", HashSet::new(), Vec::new());
    for line in include_str!("../signatures.txt").lines() {
        match line.strip_prefix("  ") {
            Some(entry) => {
                let name = entry.strip_prefix("::").map_or(name_of(entry), name_of);
                if !seen.insert((head, entry.starts_with("::"), name)) {
                    hidden.push((head, entry));
                }
            }
            None => head = head_of(line),
        }
    }
    assert!(hidden.is_empty(), "{hidden:?}");
}

#[test]
fn returned_parameters_are_bound_by_something_or_inferred() {
    // A letter that occurs once in a line can't be anybody's but the compiler's: it is a slip of the pen.
    let table = table();
    for row in table.methods.values().flat_map(HashMap::values) {
        let Some(signature) = parse(row.recv, row.line) else { continue };
        let mut bound = HashSet::new();
        letters(&signature.recv, &mut bound);
        signature.args.iter().for_each(|arg| letters(arg, &mut bound));
        bound.extend(&signature.generics);
        let mut used = HashSet::new();
        letters(&signature.ret, &mut used);
        assert!(used.is_subset(&bound), "{}.{}", row.recv, row.line);
        for (ty, name) in &signature.calls {
            let mut used = HashSet::new();
            letters(ty, &mut used);
            assert!(used.is_subset(&bound) || row.recv == "_", "{}.{} calls {name}", row.recv, row.line);
        }
    }
}

fn letters(ty: &SigTy, out: &mut HashSet<char>) {
    match ty {
        SigTy::Var(letter) => drop(out.insert(*letter)),
        SigTy::Ref(ty)
        | SigTy::Ptr(ty)
        | SigTy::Slice(ty)
        | SigTy::Item(ty)
        | SigTy::Target(ty)
        | SigTy::Owned(ty)
        | SigTy::Joined(ty) => letters(ty, out),
        SigTy::Named(_, types) | SigTy::Tuple(types) => types.iter().for_each(|ty| letters(ty, out)),
        SigTy::Fn(types, ret) => {
            types.iter().for_each(|ty| letters(ty, out));
            letters(ret, out);
        }
        SigTy::Indexed(ty, index) => {
            letters(ty, out);
            letters(index, out);
        }
        SigTy::SelfTy | SigTy::Any => {}
    }
}

#[test]
fn methods_are_found_by_the_bare_name_of_the_receiver() {
    let (t, e) = (SigTy::Var('T'), SigTy::Var('E'));
    let unwrap = table().method("Result", "unwrap").unwrap();
    assert_eq!(unwrap.recv, named("Result", &[t.clone(), e.clone()]));
    assert_eq!(unwrap.ret, t);
    assert_eq!(unwrap.calls, [(e, "Debug")]);
    let map = table().method("Iterator", "map").unwrap();
    assert_eq!(map.args, [SigTy::Fn(vec![SigTy::Var('I')], Box::new(SigTy::Var('R')))]);
    assert_eq!(map.ret, named("Iterator", &[SigTy::Var('R')]));
    let called: Vec<&str> = map.calls.iter().map(|(_, name)| *name).collect();
    assert_eq!(called, ["Iterator", "DoubleEndedIterator", "ExactSizeIterator", "Clone"]);
    let sort = table().method("[]", "sort").unwrap();
    assert_eq!(
        (&sort.ret, sort.calls.as_slice()),
        (&SigTy::Tuple(vec![]), [(t.clone(), "Ord"), (t, "PartialOrd")].as_slice())
    );
    let parse = table().method("str", "parse").unwrap();
    assert_eq!(
        (parse.generics.as_slice(), parse.calls.as_slice()),
        (['F'].as_slice(), [(SigTy::Var('F'), "FromStr")].as_slice())
    );
    assert!(table().method("Vec", "sort").is_none());
}

#[test]
fn numbers_share_their_methods() {
    assert_eq!(table().method("u64", "pow").unwrap().ret, SigTy::SelfTy);
    assert_eq!(table().method("f32", "sqrt").unwrap().ret, SigTy::SelfTy);
    assert!(table().method("f32", "ilog2").is_none());
    assert!(table().function("u8::from_str_radix").is_some());
}

#[test]
fn functions_are_found_by_their_last_two_segments() {
    let new = table().function("Vec::new").unwrap();
    assert_eq!((&new.recv, &new.ret), (&named("Vec", &[SigTy::Var('T')]), &named("Vec", &[SigTy::Var('T')])));
    assert_eq!(table().function("std::mem::take"), table().function("mem::take"));
    assert_eq!(table().function("mem::take").unwrap().recv, SigTy::Any);
    assert!(table().function("take").is_none());
}

#[test]
fn dereferences_loops_and_indexing_have_their_own_answers() {
    let t = SigTy::Var('T');
    assert_eq!(table().deref("Vec").unwrap().ret, SigTy::Slice(Box::new(t.clone())));
    assert_eq!(table().deref("Range").unwrap().ret, named("Iterator", std::slice::from_ref(&t)));
    assert!(table().deref("Option").is_none());
    assert_eq!(table().loop_item("Vec", false).unwrap().ret, t);
    assert_eq!(table().loop_item("Vec", true).unwrap().ret, SigTy::Ref(Box::new(t.clone())));
    assert_eq!(table().loop_item("[]", true).unwrap().ret, SigTy::Ref(Box::new(t.clone())));
    assert_eq!(table().index("HashMap").unwrap().ret, SigTy::Var('V'));
    assert_eq!(table().field("Range", "start").unwrap().ret, t);
}

#[test]
fn what_any_type_may_have_is_asked_for_by_itself() {
    assert!(table().method("Vec", "to_string").is_none());
    let to_string = table().universal("to_string").unwrap();
    assert_eq!(to_string.calls, [(SigTy::SelfTy, "Display"), (SigTy::SelfTy, "ToString")]);
}
