//! What must share a key and what must not.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::OsString;
use std::net::IpAddr;
use std::num::NonZero;
use std::ops::{Bound, Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use rememo::key::probe::{Probe, ViaCacheKey, ViaSerialize, ViaSortedSet};
use rememo::key::{encode_serde, function_seed};
use rememo::{CacheKey, Key, KeyEncoder, KeyError};
use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

fn by_trait<T: CacheKey + ?Sized>(value: &T) -> Key {
    let mut to = KeyEncoder::new();
    value.encode(&mut to).unwrap();
    to.finish()
}

fn by_serde<T: Serialize + ?Sized>(value: &T) -> Key {
    let mut to = KeyEncoder::new();
    encode_serde(value, &mut to).unwrap();
    to.finish()
}

macro_rules! probed {
    ($value:expr) => {{
        let mut to = KeyEncoder::new();
        (&&&&Probe(&$value)).encode(&mut to).unwrap();
        to.finish()
    }};
}

// ---- injective: a model of everything that serde can show, with names and values from tiny pools ----

const NAMES: [&str; 4] = ["", "a", "b", "ab"];

#[derive(Debug, Clone, PartialEq)]
enum Model {
    Bool(bool),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    U128(u128),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    I128(i128),
    F32(u32),
    F64(u64),
    Char(char),
    Text(String),
    Bytes(Vec<u8>),
    None,
    Some(Box<Model>),
    Unit,
    UnitStruct(usize),
    UnitVariant(usize, usize),
    NewtypeStruct(usize, Box<Model>),
    NewtypeVariant(usize, usize, Box<Model>),
    Sequence(Vec<Model>),
    Tuple(Vec<Model>),
    TupleStruct(usize, Vec<Model>),
    TupleVariant(usize, usize, Vec<Model>),
    Map(Vec<(Model, Model)>),
    Struct(usize, Vec<(usize, Model)>),
    StructVariant(usize, usize, Vec<(usize, Model)>),
}

impl Serialize for Model {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Model::Bool(v) => s.serialize_bool(*v),
            Model::U8(v) => s.serialize_u8(*v),
            Model::U16(v) => s.serialize_u16(*v),
            Model::U32(v) => s.serialize_u32(*v),
            Model::U64(v) => s.serialize_u64(*v),
            Model::U128(v) => s.serialize_u128(*v),
            Model::I8(v) => s.serialize_i8(*v),
            Model::I16(v) => s.serialize_i16(*v),
            Model::I32(v) => s.serialize_i32(*v),
            Model::I64(v) => s.serialize_i64(*v),
            Model::I128(v) => s.serialize_i128(*v),
            Model::F32(v) => s.serialize_f32(f32::from_bits(*v)),
            Model::F64(v) => s.serialize_f64(f64::from_bits(*v)),
            Model::Char(v) => s.serialize_char(*v),
            Model::Text(v) => s.serialize_str(v),
            Model::Bytes(v) => s.serialize_bytes(v),
            Model::None => s.serialize_none(),
            Model::Some(v) => s.serialize_some(&**v),
            Model::Unit => s.serialize_unit(),
            Model::UnitStruct(n) => s.serialize_unit_struct(NAMES[*n]),
            Model::UnitVariant(n, v) => s.serialize_unit_variant(NAMES[*n], 0, NAMES[*v]),
            Model::NewtypeStruct(n, v) => s.serialize_newtype_struct(NAMES[*n], &**v),
            Model::NewtypeVariant(n, v, m) => s.serialize_newtype_variant(NAMES[*n], 0, NAMES[*v], &**m),
            Model::Sequence(v) => {
                let mut s = s.serialize_seq(None)?;
                v.iter().try_for_each(|m| s.serialize_element(m))?;
                s.end()
            }
            Model::Tuple(v) => {
                let mut s = s.serialize_tuple(v.len())?;
                v.iter().try_for_each(|m| s.serialize_element(m))?;
                s.end()
            }
            Model::TupleStruct(n, v) => {
                let mut s = s.serialize_tuple_struct(NAMES[*n], v.len())?;
                v.iter().try_for_each(|m| s.serialize_field(m))?;
                s.end()
            }
            Model::TupleVariant(n, variant, v) => {
                let mut s = s.serialize_tuple_variant(NAMES[*n], 0, NAMES[*variant], v.len())?;
                v.iter().try_for_each(|m| s.serialize_field(m))?;
                s.end()
            }
            Model::Map(v) => {
                let mut s = s.serialize_map(None)?;
                v.iter().try_for_each(|(k, v)| s.serialize_entry(k, v))?;
                s.end()
            }
            Model::Struct(n, v) => {
                let mut s = s.serialize_struct(NAMES[*n], v.len())?;
                v.iter().try_for_each(|(f, m)| s.serialize_field(NAMES[*f], m))?;
                s.end()
            }
            Model::StructVariant(n, variant, v) => {
                let mut s = s.serialize_struct_variant(NAMES[*n], 0, NAMES[*variant], v.len())?;
                v.iter().try_for_each(|(f, m)| s.serialize_field(NAMES[*f], m))?;
                s.end()
            }
        }
    }
}

fn name() -> std::ops::Range<usize> {
    0..NAMES.len()
}

fn models() -> impl Strategy<Value = Model> {
    // Numbers whose bytes look like tags, lengths and ends of others.
    let byte = prop::sample::select(vec![0u8, 1, 0x10, 0x30, 0x40, 0x61, 255]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Model::Bool),
        byte.clone().prop_map(Model::U8),
        byte.clone().prop_map(|v| Model::U16(v.into())),
        byte.clone().prop_map(|v| Model::U32(v.into())),
        byte.clone().prop_map(|v| Model::U64(v.into())),
        byte.clone().prop_map(|v| Model::U128(v.into())),
        byte.clone().prop_map(|v| Model::I8(v as i8)),
        byte.clone().prop_map(|v| Model::I16(v.into())),
        byte.clone().prop_map(|v| Model::I32(v.into())),
        byte.clone().prop_map(|v| Model::I64(v.into())),
        byte.clone().prop_map(|v| Model::I128(v.into())),
        byte.clone().prop_map(|v| Model::F32(u32::from(v) << 24)),
        byte.clone().prop_map(|v| Model::F64(u64::from(v) << 56)),
        byte.clone().prop_map(|v| Model::Char(v.into())),
        prop::sample::select(vec!["", "a", "ab", "\0", "\u{30}\u{1}a"]).prop_map(|v| Model::Text(v.into())),
        prop::collection::vec(byte, 0..3).prop_map(Model::Bytes),
        Just(Model::None),
        Just(Model::Unit),
        name().prop_map(Model::UnitStruct),
        (name(), name()).prop_map(|(n, v)| Model::UnitVariant(n, v)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3);
        let fields = prop::collection::vec((name(), inner.clone()), 0..3);
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(Model::Some),
            (name(), boxed.clone()).prop_map(|(n, m)| Model::NewtypeStruct(n, m)),
            (name(), name(), boxed).prop_map(|(n, v, m)| Model::NewtypeVariant(n, v, m)),
            list.clone().prop_map(Model::Sequence),
            list.clone().prop_map(Model::Tuple),
            (name(), list.clone()).prop_map(|(n, l)| Model::TupleStruct(n, l)),
            (name(), name(), list).prop_map(|(n, v, l)| Model::TupleVariant(n, v, l)),
            prop::collection::vec((inner.clone(), inner), 0..3).prop_map(Model::Map),
            (name(), fields.clone()).prop_map(|(n, f)| Model::Struct(n, f)),
            (name(), name(), fields).prop_map(|(n, v, f)| Model::StructVariant(n, v, f)),
        ]
    })
}

/// The same value with its maps in one order; what the order of a map's equal keys says stays.
fn sorted(model: &Model) -> Model {
    let list = |v: &[Model]| v.iter().map(sorted).collect();
    let fields = |v: &[(usize, Model)]| v.iter().map(|(f, m)| (*f, sorted(m))).collect();
    match model {
        Model::Some(m) => Model::Some(Box::new(sorted(m))),
        Model::NewtypeStruct(n, m) => Model::NewtypeStruct(*n, Box::new(sorted(m))),
        Model::NewtypeVariant(n, v, m) => Model::NewtypeVariant(*n, *v, Box::new(sorted(m))),
        Model::Sequence(v) => Model::Sequence(list(v)),
        Model::Tuple(v) => Model::Tuple(list(v)),
        Model::TupleStruct(n, v) => Model::TupleStruct(*n, list(v)),
        Model::TupleVariant(n, variant, v) => Model::TupleVariant(*n, *variant, list(v)),
        Model::Map(v) => {
            let mut entries: Vec<_> = v.iter().map(|(k, v)| (sorted(k), sorted(v))).collect();
            entries.sort_by_key(|(key, _)| format!("{key:?}"));
            Model::Map(entries)
        }
        Model::Struct(n, v) => Model::Struct(*n, fields(v)),
        Model::StructVariant(n, variant, v) => Model::StructVariant(*n, *variant, fields(v)),
        leaf => leaf.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn two_values_share_a_key_exactly_if_they_are_equal(values in prop::collection::vec(models(), 60)) {
        let keyed: Vec<_> = values.iter().map(|value| (by_serde(value), sorted(value))).collect();
        for (i, (key, value)) in keyed.iter().enumerate() {
            for (other_key, other) in &keyed[..i] {
                prop_assert_eq!(key == other_key, value == other, "{:?} and {:?}", value, other);
            }
        }
    }

    #[test]
    fn two_lists_of_arguments_share_a_key_exactly_if_they_are_equal(
        a in prop::collection::vec(models(), 0..4),
        b in prop::collection::vec(models(), 0..4),
    ) {
        let key = |arguments: &[Model]| {
            let mut to = KeyEncoder::new();
            arguments.iter().for_each(|argument| encode_serde(argument, &mut to).unwrap());
            to.finish()
        };
        let list = |v: &[Model]| v.iter().map(sorted).collect::<Vec<_>>();
        prop_assert_eq!(key(&a) == key(&b), list(&a) == list(&b));
    }
}

// ---- the two routes agree ----

macro_rules! routes_agree {
    ($($name:ident: $type:ty),* $(,)?) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
            $(
                #[test]
                fn $name(value: $type) {
                    prop_assert_eq!(by_trait(&value), by_serde(&value));
                    prop_assert_eq!(by_trait(&Some(Box::new(value.clone()))), by_serde(&Some(value)));
                }
            )*
        }
    };
}

mod the_trait_and_serde_give_one_key_to {
    use super::*;

    routes_agree! {
        booleans: bool,
        unsigned_integers: (u8, u16, u32, u64, u128, usize),
        signed_integers: (i8, i16, i32, i64, i128, isize),
        floats: (f32, f64),
        characters: (char, char),
        texts: (String, String),
        units: (),
        options: (Option<u8>, Option<Option<String>>),
        results: Result<u32, String>,
        vectors: (Vec<u8>, Vec<f64>, Vec<String>, Vec<(u8, u16)>),
        long_vectors_of_bytes: Vec<[u8; 32]>,
        arrays: ([u8; 0], [u16; 3], [String; 2]),
        queues: VecDeque<i16>,
        sorted_sets: BTreeSet<String>,
        sorted_maps: BTreeMap<String, Vec<u8>>,
        hash_maps: HashMap<String, HashMap<u8, bool>>,
        boxes: (Box<str>, Box<u8>),
        durations: Duration,
        addresses: (IpAddr, std::net::SocketAddr),
        ranges: (Range<u8>, RangeInclusive<u64>),
        bounds: Bound<u32>,
        paths: PathBuf,
        system_strings: OsString,
        nonzero_numbers: (NonZero<u8>, NonZero<i64>),
        wide_tuples: (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8),
    }
}

#[test]
fn the_two_routes_agree_on_what_proptest_does_not_make() {
    fn agree<T: CacheKey + Serialize + ?Sized>(value: &T) {
        assert_eq!(by_trait(value), by_serde(value));
    }
    agree("text");
    agree(&[1u8, 2][..]);
    agree(&&&7u8);
    agree(Path::new("a/b"));
    agree(&Cow::Borrowed("a"));
    agree(&std::num::Wrapping(3u8));
    agree(&std::cmp::Reverse(3u8));
    agree(&(1u8..));
    agree(&(..1u8));
    agree(&std::marker::PhantomData::<u8>);
    agree(&SystemTime::UNIX_EPOCH);
    agree(c"text");
    agree(&f64::NAN);
    agree(&[0.0, -0.0, f64::INFINITY]);
    agree(&vec![7.5f64; 100_000]);
    agree(&vec![String::from("long enough to leave the stack"); 1000]);
}

// ---- one key for one value ----

#[test]
fn a_value_has_one_key_whatever_holds_it() {
    let text = by_trait("a");
    assert_eq!(text, by_trait(&String::from("a")));
    assert_eq!(text, by_trait(&&&"a"));
    assert_eq!(text, by_trait(&Box::<str>::from("a")));
    assert_eq!(text, by_trait(&Cow::Borrowed("a")));
    assert_eq!(text, by_trait(&Arc::<str>::from("a")));
    assert_eq!(by_trait(&[1u8, 2][..]), by_trait(&vec![1u8, 2]));
    assert_eq!(by_trait(&vec![1u8, 2]), by_trait(&VecDeque::from([1u8, 2])));
    assert_eq!(by_trait(Path::new("a")), by_trait(&PathBuf::from("a")));
}

#[test]
fn the_order_of_a_hash_map_or_hash_set_does_not_count() {
    let forward: HashMap<u32, String> = (0..100).map(|n| (n, n.to_string())).collect();
    let backward: HashMap<u32, String> = (0..100).rev().map(|n| (n, n.to_string())).collect();
    assert_eq!(by_trait(&forward), by_trait(&backward));
    assert_eq!(by_serde(&forward), by_serde(&backward));
    let forward: HashSet<u32> = (0..100).collect();
    let backward: HashSet<u32> = (0..100).rev().collect();
    assert_eq!(by_trait(&forward), by_trait(&backward));
    let sets = |set: &HashSet<u32>| HashMap::from([("a", vec![set.clone()]), ("b", vec![])]);
    assert_eq!(by_trait(&sets(&forward)), by_trait(&sets(&backward)));
}

// ---- the collisions that ordinary codecs have ----

#[test]
fn a_text_and_its_bytes_differ() {
    assert_ne!(by_trait("a"), by_trait(&vec![97u8]));
    assert_ne!(by_trait("a"), by_trait(&'a'));
    assert_ne!(by_trait("a"), by_trait(c"a"));
}

#[test]
fn integers_of_different_widths_differ() {
    assert_ne!(by_trait(&1u32), by_trait(&1u64));
    assert_ne!(by_trait(&1u32), by_trait(&1i32));
    assert_ne!(by_trait(&1u8), by_trait(&true));
    assert_ne!(by_trait(&1.0f64), by_trait(&1u64));
    assert_ne!(by_trait(&1.0f64), by_trait(&1.0f32));
}

#[test]
fn floats_count_by_their_bits() {
    assert_ne!(by_trait(&0.0f64), by_trait(&-0.0f64));
    assert_eq!(by_trait(&f64::NAN), by_trait(&f64::NAN));
    assert_ne!(by_trait(&f64::NAN), by_trait(&f64::from_bits(f64::NAN.to_bits() ^ 1)));
}

#[test]
fn some_value_and_a_pair_differ_and_so_do_nested_options() {
    assert_ne!(by_trait(&Some(1u8)), by_trait(&(1u8, 1u8)));
    assert_ne!(by_trait(&None::<Option<u8>>), by_trait(&Some(None::<u8>)));
    assert_ne!(by_trait(&Some(1u8)), by_trait(&1u8));
}

#[test]
fn neighbours_never_run_into_each_other() {
    assert_ne!(by_trait(&("ab", "c")), by_trait(&("a", "bc")));
    assert_ne!(by_trait(&(vec![1u8], vec![2u8, 3])), by_trait(&(vec![1u8, 2], vec![3u8])));
    assert_ne!(by_trait(&vec![vec![1u8], vec![]]), by_trait(&vec![vec![], vec![1u8]]));
    assert_ne!(by_trait(&((1u8, 2u8), 3u8)), by_trait(&(1u8, (2u8, 3u8))));
    assert_ne!(by_trait(&"\0"), by_trait(&""));
}

#[test]
fn a_sequence_a_tuple_and_a_set_differ() {
    assert_ne!(by_trait(&vec![1u8, 2]), by_trait(&(1u8, 2u8)));
    assert_ne!(by_trait(&vec![1u8]), by_trait(&HashSet::from([1u8])));
}

#[test]
fn skipped_fields_do_not_make_two_values_one() {
    #[derive(Serialize)]
    struct Sparse {
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<u8>,
        #[serde(skip_serializing_if = "Option::is_none")]
        b: Option<u8>,
    }
    let (a, b) = (Sparse { a: Some(1), b: None }, Sparse { a: None, b: Some(1) });
    assert_ne!(by_serde(&a), by_serde(&b));
}

#[test]
fn untagged_flattened_and_renamed_shapes_have_keys_of_their_own() {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Untagged {
        Number(u32),
        Text(String),
        Pair { a: u32, b: u32 },
    }
    #[derive(Serialize)]
    struct Inner {
        x: u32,
        y: u32,
    }
    #[derive(Serialize)]
    struct Outer {
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        more: HashMap<String, u32>,
    }
    let outer = |x, y, z| Outer { inner: Inner { x, y }, more: HashMap::from([("z".into(), z), ("w".into(), 1)]) };
    assert_eq!(by_serde(&outer(1, 2, 3)), by_serde(&outer(1, 2, 3)));
    assert_ne!(by_serde(&outer(1, 2, 3)), by_serde(&outer(2, 1, 3)));
    assert_ne!(by_serde(&Untagged::Number(1)), by_serde(&Untagged::Text("1".into())));
    assert_ne!(by_serde(&Untagged::Pair { a: 1, b: 2 }), by_serde(&Untagged::Pair { a: 2, b: 1 }));
}

#[test]
fn short_keys_and_long_ones_differ_at_every_length() {
    let keys: HashSet<Key> = (0..200).map(|len| by_trait(&"x".repeat(len))).collect();
    assert_eq!(keys.len(), 200);
    let zeros: HashSet<Key> = (0..10_000).step_by(7).map(|len| by_trait(&vec![0u8; len])).collect();
    assert_eq!(zeros.len(), 10_000usize.div_ceil(7));
}

#[cfg(unix)]
#[test]
fn a_path_that_is_not_utf8_has_a_key_of_its_own() {
    use std::os::unix::ffi::OsStrExt;
    let odd = |byte| PathBuf::from(std::ffi::OsStr::from_bytes(&[b'a', byte]));
    assert_ne!(by_trait(&odd(0xff)), by_trait(&odd(0xfe)));
    assert_ne!(by_trait(&odd(0xff)), by_trait(Path::new("a\u{fffd}")));
}

// ---- types of one's own ----

#[derive(Serialize, PartialEq, Eq, Hash)]
struct OnlySerde(u32);

struct OnlyTrait(u32);

impl CacheKey for OnlyTrait {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        self.0.encode(to)
    }
}

#[derive(Serialize)]
struct Both {
    kept: u32,
    #[allow(dead_code)]
    dropped: u32,
}

impl CacheKey for Both {
    fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
        self.kept.encode(to)
    }
}

#[test]
fn a_type_with_either_trait_can_be_an_argument_and_cache_key_goes_first() {
    assert_eq!(probed!(OnlySerde(1)), by_serde(&OnlySerde(1)));
    assert_eq!(probed!(&OnlySerde(1)), by_serde(&OnlySerde(1)));
    assert_eq!(probed!(vec![OnlySerde(1)]), by_serde(&vec![OnlySerde(1)]));
    assert_eq!(probed!(OnlyTrait(1)), by_trait(&1u32));
    assert_eq!(probed!(&&OnlyTrait(1)), by_trait(&1u32));
    assert_eq!(probed!(vec![OnlyTrait(1)]), by_trait(&vec![1u32]));
    assert_eq!(probed!(Both { kept: 1, dropped: 2 }), by_trait(&1u32));
    assert_eq!(probed!(*"unsized"), by_trait("unsized"));
    assert_eq!(probed!([1u8, 2][..]), by_trait(&vec![1u8, 2]));
    fn generic<T: Serialize>(value: T) -> Key {
        probed!(value)
    }
    assert_eq!(generic("text"), by_trait("text"));
}

#[test]
fn a_hash_set_of_serializable_values_is_sorted_as_an_argument() {
    let forward: HashSet<OnlySerde> = (0..50).map(OnlySerde).collect();
    let backward: HashSet<OnlySerde> = (0..50).rev().map(OnlySerde).collect();
    assert_eq!(probed!(forward), probed!(&backward));
}

#[test]
fn a_group_keeps_a_varying_number_of_values_together() {
    struct Pieces(Vec<u8>);
    impl CacheKey for Pieces {
        fn encode(&self, to: &mut KeyEncoder) -> Result<(), KeyError> {
            to.group(|to| self.0.iter().try_for_each(|piece| piece.encode(to)))
        }
    }
    let pieces = |lists: &[&[u8]]| by_trait(&lists.iter().map(|list| Pieces(list.to_vec())).collect::<Vec<_>>());
    assert_ne!(pieces(&[&[1], &[2, 3]]), pieces(&[&[1, 2], &[3]]));
    assert_ne!(pieces(&[&[], &[1]]), pieces(&[&[1], &[]]));
}

#[test]
fn what_refuses_to_be_serialized_is_an_error_with_its_reason() {
    struct Refuses;
    impl Serialize for Refuses {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no handle to a socket"))
        }
    }
    let error = encode_serde(&vec![Refuses], &mut KeyEncoder::new()).unwrap_err();
    assert!(error.to_string().contains("no handle to a socket"), "{error}");
}

#[test]
fn the_name_of_a_record_depends_on_function_fingerprint_and_key() {
    let (a, b) = (by_trait(&1u8), by_trait(&2u8));
    let seeds = [function_seed("f", &[1; 32]), function_seed("g", &[1; 32]), function_seed("f", &[2; 32])];
    let names: HashSet<_> = seeds.iter().flat_map(|seed| [a.digest(seed), b.digest(seed)]).collect();
    assert_eq!(names.len(), 6);
}

#[test]
fn keys_written_by_this_release_are_those_of_the_first() {
    // Stored records are found by these: a change here is a change of the format. The digest was computed apart from this code.
    let bytes = by_trait(&(7u64, "a", Some(-1i8))).to_bytes();
    assert_eq!(bytes[..20], [0x41, 0x13, 7, 0, 0, 0, 0, 0, 0, 0, 0x30, 1, b'a', 0x06, 0x18, 0xff, 0x00, 0, 0, 0]);
    let hex: String = by_trait(&vec![1u32; 1000]).digest(&[7; 32]).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hex, "27616938c01d86b1259fc4e5d7a19bedab7cea47271515b105ad54c85201ee56");
}
