use rememo::cached;
use rememo::codec::{Codec, CodecError};

struct Words;

impl Codec<String> for Words {
    const ID: &'static str = "words 1";

    fn encode(value: &String) -> Result<Vec<u8>, CodecError> {
        Ok(value.clone().into_bytes())
    }

    fn decode(bytes: &[u8]) -> Result<String, CodecError> {
        String::from_utf8(bytes.to_vec()).map_err(|e| CodecError::decode(e.to_string()))
    }
}

#[cached(codec = Words)]
fn count(text: &str) -> u64 {
    text.len() as u64
}

#[cached(codec = Words)]
fn first(text: &str) -> Option<String> {
    text.split(' ').next().map(str::to_owned)
}

fn main() {
    count("a");
    first("a");
}
