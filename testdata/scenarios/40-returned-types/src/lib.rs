//! The shape of what is stored.

use rememo::cached;

pub struct Summary {
    pub count: u32,
    pub mean: Mean,
}

pub struct Mean(pub f32);

pub enum Verdict {
    Good,
    Bad { why: String },
}

pub struct Unrelated {
    pub value: u32,
}

#[cached]
pub fn summary() -> Summary {
    build()
}

fn build() -> Summary {
    let mut summary: Summary = Fields::default().into();
    summary.count += 1;
    summary
}

#[derive(Default)]
struct Fields {
    count: u32,
}

impl From<Fields> for Summary {
    fn from(fields: Fields) -> Summary {
        Summary { count: fields.count, mean: Mean(0.0) }
    }
}

#[cached]
pub fn verdict(good: bool) -> Option<Verdict> {
    if good { Some(Verdict::Good) } else { None }
}
