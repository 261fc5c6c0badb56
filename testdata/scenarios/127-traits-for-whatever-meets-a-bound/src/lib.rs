use rememo::cached;

pub trait Point: Copy + PartialEq {
    fn filled(with: i64) -> Self;
    fn sum(self) -> i64;
}

impl Point for (i64, i64) {
    fn filled(with: i64) -> (i64, i64) {
        (with, with)
    }

    fn sum(self) -> i64 {
        self.0 + self.1
    }
}

pub trait PointExt: Point {
    const CORNERS: i64 = 4;

    fn of_value(value: i64) -> Self {
        Self::filled(value)
    }

    fn origin() -> Self {
        Self::of_value(0)
    }

    fn doubled(self) -> i64 {
        self.sum() * 2
    }
}

impl<P: Point> PointExt for P {}

pub struct Area<P> {
    lower: P,
    upper: P,
}

impl<P: Point> Area<P> {
    fn new_empty() -> Area<P> {
        Area { lower: P::of_value(9), upper: P::of_value(-9) }
    }

    fn corners() -> i64 {
        P::CORNERS
    }
}

fn made<P: Point>() -> P {
    let make = P::origin;
    make()
}

#[cached]
pub fn empty() -> i64 {
    let area = Area::<(i64, i64)>::new_empty();
    area.lower.sum() + area.upper.sum()
}

#[cached]
pub fn as_value() -> i64 {
    made::<(i64, i64)>().sum()
}

#[cached]
pub fn constant() -> i64 {
    Area::<(i64, i64)>::corners()
}

#[cached]
pub fn by_method(x: i64) -> i64 {
    (x, x).doubled()
}
