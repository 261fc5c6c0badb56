//! From numbers to places on the page.

/// Maps a range of numbers to a range of places, evenly.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    numbers: (f32, f32),
    places: (f32, f32),
}

impl Scale {
    pub(super) fn new(numbers: (f32, f32), places: (f32, f32)) -> Scale {
        Scale { numbers, places }
    }

    /// The place of a number.
    pub(super) fn at(&self, number: f32) -> f32 {
        let share = (number - self.numbers.0) / (self.numbers.1 - self.numbers.0);
        self.places.0 + share * (self.places.1 - self.places.0)
    }

    /// Some `count` round numbers of the range.
    pub(super) fn ticks(&self, count: usize) -> Vec<f32> {
        let (low, high) = self.numbers;
        let rough = (high - low) / count as f32;
        let power = 10f32.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|&step| step >= rough * 0.99);
        let step = step.unwrap_or(10.0 * power);
        let first = (low / step).ceil() as i32;
        let last = (high / step).floor() as i32;
        (first..=last).map(|i| i as f32 * step).collect()
    }
}

/// A number as a tick says it, with a proper minus sign.
pub(super) fn tick(number: f32) -> String {
    format!("{number:.0}").replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_of_the_range() {
        let scale = Scale::new((-11.0, 92.0), (0.0, 1.0));
        assert_eq!(scale.ticks(5), [0.0, 50.0].to_vec());
        assert_eq!(scale.ticks(6), [0.0, 20.0, 40.0, 60.0, 80.0].to_vec());
    }

    #[test]
    fn a_scale_may_run_downwards() {
        let scale = Scale::new((0.0, 10.0), (100.0, 0.0));
        assert_eq!(scale.at(2.5), 75.0);
    }
}
