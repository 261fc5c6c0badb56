pub struct Knot<X = Knot>(X);
pub struct One<X = Two>(X);
pub struct Two<X = One>(X);
pub fn f(knot: Knot, one: One) {}
