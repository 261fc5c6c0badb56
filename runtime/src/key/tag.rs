//! The first byte of everything in a key. A tag is never given a second meaning: keys live longer than releases.

pub(super) const END: u8 = 0x00;
pub(super) const GROUP: u8 = 0x01;

pub(super) const FALSE: u8 = 0x02;
pub(super) const TRUE: u8 = 0x03;
pub(super) const UNIT: u8 = 0x04;
pub(super) const NONE: u8 = 0x05;
pub(super) const SOME: u8 = 0x06;

pub(super) const U8: u8 = 0x10;
pub(super) const U16: u8 = 0x11;
pub(super) const U32: u8 = 0x12;
pub(super) const U64: u8 = 0x13;
pub(super) const U128: u8 = 0x14;
pub(super) const I8: u8 = 0x18;
pub(super) const I16: u8 = 0x19;
pub(super) const I32: u8 = 0x1a;
pub(super) const I64: u8 = 0x1b;
pub(super) const I128: u8 = 0x1c;
pub(super) const F32: u8 = 0x20;
pub(super) const F64: u8 = 0x21;
pub(super) const CHAR: u8 = 0x22;

pub(super) const TEXT: u8 = 0x30;
pub(super) const BYTES: u8 = 0x31;

pub(super) const SEQUENCE: u8 = 0x40;
pub(super) const TUPLE: u8 = 0x41;
pub(super) const MAP: u8 = 0x42;
pub(super) const SET: u8 = 0x43;

pub(super) const UNIT_STRUCT: u8 = 0x50;
pub(super) const NEWTYPE_STRUCT: u8 = 0x51;
pub(super) const TUPLE_STRUCT: u8 = 0x52;
pub(super) const STRUCT: u8 = 0x53;
pub(super) const FIELD: u8 = 0x54;

pub(super) const UNIT_VARIANT: u8 = 0x58;
pub(super) const NEWTYPE_VARIANT: u8 = 0x59;
pub(super) const TUPLE_VARIANT: u8 = 0x5a;
pub(super) const STRUCT_VARIANT: u8 = 0x5b;

/// A path or an OS string that isn't UTF-8.
pub(super) const OS_TEXT: u8 = 0x60;
