//! Operators are calls that nobody writes.

use std::ops::{Add, AddAssign, Index, Mul, Neg};

use rememo::cached;

#[derive(Clone, Copy)]
pub struct Point {
    x: i32,
    y: i32,
}

pub struct Grid {
    cells: Vec<i32>,
}

pub struct Row(usize);

impl Add for Point {
    type Output = Point;

    fn add(self, other: Point) -> Point {
        Point { x: self.x + other.x, y: self.y + other.y }
    }
}

impl Add<&Point> for &Point {
    type Output = Point;

    fn add(self, other: &Point) -> Point {
        Point { x: self.x + other.x, y: self.y }
    }
}

impl AddAssign<i32> for Point {
    fn add_assign(&mut self, by: i32) {
        self.x += by;
    }
}

impl Mul<Point> for i32 {
    type Output = Point;

    fn mul(self, point: Point) -> Point {
        Point { x: self * point.x, y: self * point.y }
    }
}

impl Neg for Point {
    type Output = Point;

    fn neg(self) -> Point {
        Point { x: -self.x, y: -self.y }
    }
}

impl PartialEq for Point {
    fn eq(&self, other: &Point) -> bool {
        self.x == other.x
    }
}

impl Index<Row> for Grid {
    type Output = i32;

    fn index(&self, row: Row) -> &i32 {
        &self.cells[row.0]
    }
}

const fn origin() -> Point {
    Point { x: 0, y: 0 }
}

#[cached]
pub fn sum() -> i32 {
    (origin() + origin()).x
}

#[cached]
pub fn reference_sum() -> i32 {
    let (left, right) = (origin(), origin());
    (&left + &right).x
}

#[cached]
pub fn moved() -> i32 {
    let mut point = origin();
    point += 3;
    point.x
}

#[cached]
pub fn scaled() -> i32 {
    (2 * origin()).y
}

#[cached]
pub fn negated() -> i32 {
    let point = origin();
    (-point).x
}

#[cached]
pub fn same() -> bool {
    origin() == origin()
}

#[cached]
pub fn indexed() -> i32 {
    let grid = Grid { cells: vec![1, 2, 3] };
    grid[Row(1)]
}
