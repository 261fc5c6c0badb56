use rememo::cached;

#[cached]
fn sort(values: &mut Vec<u32>) -> usize {
    values.sort();
    values.len()
}

#[cached]
fn nested(pair: (u32, Option<&mut String>)) -> u32 {
    pair.0
}

fn main() {}
