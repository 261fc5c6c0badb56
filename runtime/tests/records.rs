//! A record that was changed in any way is no record, and nothing that isn't one makes the reader panic.

use proptest::prelude::*;
use rememo::codec::{Codec, CodecError, Comparison, MessagePack, encode_checked};
use rememo::record::{InheritedEtag, Input, Metadata, Record, RecordError};
use serde::{Deserialize, Serialize};

fn records() -> impl Strategy<Value = Record> {
    let digest = any::<[u8; 32]>;
    let inputs = prop::collection::vec((".{0,8}", ".{0,20}", prop::option::of(digest())), 0..4);
    let inherited = prop::collection::vec((".{0,8}", digest(), any::<Vec<u8>>()), 0..3);
    let times = (any::<u64>(), any::<u64>(), prop::option::of(1..u64::MAX), any::<u64>());
    (".{0,40}", digest(), digest(), times, any::<Option<Vec<u8>>>(), inputs, inherited, ".{0,10}", any::<Vec<u8>>())
        .prop_map(
            |(
                function,
                fingerprint,
                key,
                (created, accessed, expires, compute_ns),
                etag,
                inputs,
                inherited,
                codec,
                value,
            )| {
                let mut about = Metadata::default();
                about.function = function;
                about.fingerprint = fingerprint;
                about.key = key;
                about.created = created;
                about.accessed = accessed;
                about.expires = expires;
                about.compute_ns = compute_ns;
                about.etag = etag;
                about.inputs = inputs.into_iter().map(|(kind, name, hash)| Input::new(kind, name, hash)).collect();
                about.inherited =
                    inherited.into_iter().map(|(f, key, etag)| InheritedEtag::new(f, key, etag)).collect();
                about.codec = codec;
                Record { about, value }
            },
        )
}

proptest! {
    #[test]
    fn a_record_comes_back_as_it_was(record in records()) {
        let bytes = record.encode();
        prop_assert_eq!(Record::decode(&bytes), Ok(record.clone()));
        prop_assert_eq!(Record::decode_owned(bytes), Ok(record));
    }

    #[test]
    fn a_record_with_any_byte_changed_is_refused(record in records(), change in 1..=255u8) {
        let bytes = record.encode();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            prop_assert!(Record::decode(&changed).is_err(), "byte {} of {}", at, bytes.len());
            prop_assert!(Record::decode_owned(changed).is_err());
        }
    }

    #[test]
    fn a_record_cut_off_or_with_bytes_added_is_refused(record in records(), more in prop::collection::vec(any::<u8>(), 1..40)) {
        let mut bytes = record.encode();
        for len in 0..bytes.len() {
            prop_assert!(Record::decode(&bytes[..len]).is_err());
        }
        bytes.extend(more);
        prop_assert!(Record::decode(&bytes).is_err());
    }

    #[test]
    fn bytes_that_are_no_record_are_refused(bytes in any::<Vec<u8>>()) {
        prop_assert!(Record::decode(&bytes).is_err());
        let mut started = b"rememo\r\n\x01\x00".to_vec();
        started.extend(bytes);
        prop_assert!(Record::decode(&started).is_err());
    }
}

#[test]
fn a_record_of_an_unknown_version_says_so() {
    let mut bytes = Record { about: Metadata::default(), value: vec![1] }.encode();
    bytes[8] = 2;
    assert_eq!(Record::decode(&bytes), Err(RecordError::UnknownVersion(2)));
}

#[test]
fn a_length_that_lies_allocates_nothing() {
    // Head and value lengths near the largest numbers there are, before any checksum was looked at.
    let mut bytes = Record { about: Metadata::default(), value: vec![1] }.encode();
    bytes[14..22].copy_from_slice(&u64::MAX.to_le_bytes());
    assert_eq!(Record::decode(&bytes), Err(RecordError::WrongLength));
    bytes[10..14].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(Record::decode(&bytes), Err(RecordError::WrongLength));
}

#[test]
fn records_written_by_this_release_are_those_of_the_first() {
    let mut about = Metadata::default();
    about.function = "f".into();
    about.codec = "c".into();
    let bytes = Record { about, value: b"value".to_vec() }.encode();
    assert_eq!(bytes.len(), 23 + 32 + 32 + 32 + 5 + 5 + 1 + 4 + 4 + 16 + 5 + 16);
    assert_eq!(&bytes[..10], b"rememo\r\n\x01\x00");
    assert_eq!(&bytes[bytes.len() - 21..bytes.len() - 16], b"value");
}

// ---- codecs ----

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(u32),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Shapes {
    untagged: Vec<Untagged>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    skipped: Option<u8>,
    #[serde(flatten)]
    flattened: std::collections::HashMap<String, u32>,
    nested: Option<Option<u8>>,
    unit: (),
    floats: Vec<f64>,
}

#[test]
fn the_default_codec_brings_back_every_shape_that_derive_makes() {
    let value = Shapes {
        untagged: vec![Untagged::Number(1), Untagged::Text("a".into())],
        skipped: None,
        flattened: (0..50).map(|n| (n.to_string(), n)).collect(),
        nested: Some(Some(3)),
        unit: (),
        floats: vec![0.1, -0.0, f64::INFINITY, f64::MIN_POSITIVE],
    };
    let bytes = encode_checked::<_, MessagePack>(&value).unwrap();
    assert_eq!(<MessagePack as Codec<Shapes>>::decode(&bytes).unwrap(), value);
}

#[test]
fn a_value_that_loses_a_field_does_not_survive() {
    #[derive(Serialize, Deserialize)]
    struct Lossy {
        kept: u32,
        #[serde(skip_serializing, default)]
        lost: u32,
        #[serde(serialize_with = "rounded")]
        rounded: f64,
    }
    fn rounded<S: serde::Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64((value + 1.0).round())
    }
    // What serde never shows can't be compared; what it shows wrong is.
    let error = encode_checked::<_, MessagePack>(&Lossy { kept: 1, lost: 2, rounded: 0.3 }).unwrap_err();
    assert!(matches!(error, CodecError::NoRoundTrip(_)), "{error}");
    let Lossy { kept, lost, rounded } =
        MessagePack::decode(&MessagePack::encode(&Lossy { kept: 1, lost: 2, rounded: 0.0 }).unwrap()).unwrap();
    assert_eq!((kept, lost, rounded), (1, 0, 1.0));
}

/// The codec's claim, without the round trip that only debug builds make.
fn comes_back<T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: T) {
    match MessagePack::encode(&value) {
        Ok(bytes) => assert_eq!(<MessagePack as Codec<T>>::decode(&bytes).unwrap(), value),
        Err(error) => panic!("{value:?}: {error}"),
    }
}

fn is_refused<T: Serialize + serde::de::DeserializeOwned>(value: T) {
    assert!(matches!(MessagePack::encode(&value), Err(CodecError::NoRoundTrip(_))));
}

#[test]
fn an_option_around_nothing_is_refused_wherever_it_is() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Newtype<T>(T);
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Nothing;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Choice {
        Holds(Option<u8>),
        Nothing,
    }
    // MessagePack has one nil for all of these.
    is_refused(Some(None::<u8>));
    is_refused(Some(()));
    is_refused(vec![Some(Some(1u8)), Some(None)]);
    is_refused(std::collections::BTreeMap::from([("a", Some(Newtype(None::<u8>)))]).into_values().collect::<Vec<_>>());
    is_refused((1u8, Some(Newtype(Newtype(())))));

    comes_back(Some(Some(1u8)));
    comes_back(None::<Option<u8>>);
    comes_back(vec![Some(1u8), None]);
    comes_back(());
    comes_back(Some(Nothing));
    comes_back(Some(Choice::Nothing));
    comes_back(Some(Choice::Holds(None)));
    comes_back(Some((None::<u8>,)));
    comes_back(Some(Vec::<u8>::new()));
    comes_back((i128::MIN, u128::MAX, f32::MIN_POSITIVE, 'x', u64::MAX, i64::MIN));
}

#[test]
fn a_set_in_another_order_is_the_same_value_reordered() {
    use std::collections::HashSet;
    let forward: HashSet<u32> = (0..100).collect();
    let backward: HashSet<u32> = (0..100).rev().collect();
    let compared = MessagePack::compare(&forward, &backward).unwrap();
    assert_ne!(compared, Comparison::Different);
    encode_checked::<_, MessagePack>(&forward).unwrap();
    assert_eq!(MessagePack::compare(&vec![1, 2], &vec![2, 1]).unwrap(), Comparison::Reordered);
    assert_eq!(MessagePack::compare(&vec![1, 2], &vec![1, 3]).unwrap(), Comparison::Different);
}

proptest! {
    #[test]
    fn decoding_a_value_from_any_bytes_never_panics(bytes in any::<Vec<u8>>()) {
        let _ = <MessagePack as Codec<Shapes>>::decode(&bytes);
        let _ = <MessagePack as Codec<Vec<Vec<String>>>>::decode(&bytes);
    }
}
