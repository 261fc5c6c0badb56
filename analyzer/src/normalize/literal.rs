//! Literals: by value where the spelling can't be told apart at run time, else by text.

use syn::Lit;

use super::tag::Tag;
use super::writer::Writer;

impl Writer {
    pub(super) fn literal(&mut self, literal: &Lit) {
        match literal {
            Lit::Str(string) => {
                self.tag(Tag::LitStr);
                let value = string.value();
                // The compiler reads a line's end the same on every system; an escape is something else.
                let raw = value.contains("\r\n") && string.token().to_string().starts_with('r');
                self.text(&if raw { value.replace("\r\n", "\n") } else { value });
                self.text(string.suffix());
            }
            Lit::ByteStr(bytes) => {
                self.tag(Tag::LitByteStr);
                self.bytes(&bytes.value());
                self.text(bytes.suffix());
            }
            Lit::CStr(string) => {
                self.tag(Tag::LitCStr);
                self.bytes(string.value().as_bytes());
                self.text(string.suffix());
            }
            Lit::Byte(byte) => {
                self.tag(Tag::LitByte);
                self.number(byte.value().into());
                self.text(byte.suffix());
            }
            Lit::Char(char) => {
                self.tag(Tag::LitChar);
                self.number(char.value() as usize);
                self.text(char.suffix());
            }
            Lit::Int(int) => {
                let text = int.token().to_string();
                let radix = match text.trim_start_matches('-').as_bytes() {
                    [b'0', radix @ (b'x' | b'o' | b'b'), ..] => *radix,
                    _ => b'd',
                };
                // `1f32` is a float without a fraction.
                self.tag(if radix == b'd' && int.suffix().starts_with('f') { Tag::LitFloat } else { Tag::LitInt });
                self.number(radix.into());
                self.text(int.base10_digits());
                self.text(int.suffix());
            }
            Lit::Float(float) => {
                self.tag(Tag::LitFloat);
                self.number(b'd'.into());
                self.text(&without_empty_fraction(float.base10_digits()));
                self.text(float.suffix());
            }
            Lit::Bool(bool) => {
                self.tag(Tag::LitBool);
                self.flag(bool.value());
            }
            other => {
                self.tag(Tag::LitOther);
                self.display(&quote::ToTokens::to_token_stream(other));
            }
        }
    }
}

/// `1.`, `1.0` and `1.00` are one number, `1.0e5` and `1e5` too.
fn without_empty_fraction(digits: &str) -> String {
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => digits.split_at(at),
        None => (digits, ""),
    };
    match mantissa.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => format!("{whole}{exponent}"),
        _ => digits.to_owned(),
    }
}
