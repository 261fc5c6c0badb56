//! A little statistics. [`crate::aggregate`], [`crate::model`] and [`crate::evaluate`] share this file, but not each function
//! of it: an edit of [`quantile`] leaves the fitted model alone, since [`crate::model::fit`] doesn't reach it.

/// The value below which the share `q` of `sorted` lies, interpolated between the two nearest.
///
/// # Panics
/// If `sorted` is empty.
pub fn quantile(sorted: &[f32], q: f32) -> f32 {
    let rank = q.clamp(0.0, 1.0) * (sorted.len() - 1) as f32;
    let below = sorted[rank.floor() as usize];
    let above = sorted[rank.ceil() as usize];
    below + (above - below) * rank.fract()
}

/// Count, mean and spread of numbers that are added one by one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    count: u32,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Adds a number (Welford's method: no cancellation however many there are).
    pub fn add(&mut self, x: f32) {
        self.count += 1;
        let before = f64::from(x) - self.mean;
        self.mean += before / f64::from(self.count);
        self.squares += before * (f64::from(x) - self.mean);
    }

    /// How many numbers were added.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Their mean; 0 of none.
    pub fn mean(&self) -> f32 {
        self.mean as f32
    }

    /// Their mean, pulled towards `prior` as if `weight` more numbers of that value had been added.
    pub fn mean_towards(&self, prior: f32, weight: f64) -> f32 {
        let count = f64::from(self.count);
        ((self.mean * count + f64::from(prior) * weight) / (count + weight)) as f32
    }

    /// The sum of their squared distances from the mean.
    pub fn squares(&self) -> f64 {
        self.squares
    }

    /// How far their mean may be from that of all such numbers (one standard error).
    pub fn standard_error(&self) -> f32 {
        if self.count < 2 {
            return 0.0;
        }
        let count = f64::from(self.count);
        (self.squares / (count - 1.0) / count).sqrt() as f32
    }
}

impl FromIterator<f32> for Moments {
    fn from_iter<I: IntoIterator<Item = f32>>(numbers: I) -> Moments {
        let mut moments = Moments::default();
        for x in numbers {
            moments.add(x);
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        let sorted = [1.0, 2.0, 3.0, 10.0];
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert_eq!(quantile(&sorted, 0.5), 2.5);
        assert_eq!(quantile(&sorted, 1.0), 10.0);
    }

    #[test]
    fn moments_agree_with_the_textbook() {
        let moments: Moments = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter().collect();
        assert_eq!((moments.count(), moments.mean(), moments.squares()), (8, 5.0, 32.0));
        assert!((moments.standard_error() - (32.0f32 / 7.0 / 8.0).sqrt()).abs() < 1e-6);
    }
}
