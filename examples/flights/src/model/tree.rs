//! One regression tree, grown level by level from histograms.

use serde::{Deserialize, Serialize};

/// Bins of a feature. Bin 0 is for what isn't known.
const BINS: usize = 64;

/// A leaf must hold this many flights, or it learns noise.
const SMALLEST_LEAF: u32 = 200;

/// Where each feature is cut into bins of about equally many flights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Binning {
    cuts: Vec<Vec<f32>>,
}

impl Binning {
    /// Finds the cuts from every 16th flight, which is plenty.
    pub(super) fn learn(columns: &[Vec<f32>]) -> Binning {
        let cuts = columns.iter().map(|column| {
            let mut sample: Vec<f32> = column.iter().step_by(16).copied().filter(|x| !x.is_nan()).collect();
            sample.sort_unstable_by(f32::total_cmp);
            let bins = BINS - 1;
            let mut cuts: Vec<f32> = (1..bins).filter_map(|i| sample.get(i * sample.len() / bins).copied()).collect();
            cuts.dedup();
            cuts
        });
        Binning { cuts: cuts.collect() }
    }

    /// The bin of each flight in each column.
    pub(super) fn apply(&self, columns: &[Vec<f32>]) -> Vec<Vec<u8>> {
        let bin = |cuts: &[f32], x: f32| if x.is_nan() { 0 } else { 1 + cuts.partition_point(|&cut| cut < x) as u8 };
        self.cuts.iter().zip(columns).map(|(cuts, column)| column.iter().map(|&x| bin(cuts, x)).collect()).collect()
    }
}

/// A question: is the flight's bin of this feature at most this one?
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Question {
    feature: u8,
    bin: u8,
}

/// A complete binary tree. Node `i` has the children `2 i + 1` (yes) and `2 i + 2` (no).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tree {
    questions: Vec<Question>,
    leaves: Vec<f32>,
}

/// Sum and number of the errors in a bin.
#[derive(Clone, Copy, Default)]
struct Cell {
    sum: f64,
    count: u32,
}

impl Cell {
    fn plus(self, other: Cell) -> Cell {
        Cell { sum: self.sum + other.sum, count: self.count + other.count }
    }

    fn minus(self, other: Cell) -> Cell {
        Cell { sum: self.sum - other.sum, count: self.count - other.count }
    }

    /// By how much the squared error falls if these flights get their own mean.
    fn gain(self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum * self.sum / f64::from(self.count) }
    }
}

impl Tree {
    /// Grows a tree that corrects `errors`, and adds what each feature gained to `gains`.
    pub(super) fn grow(binned: &[Vec<u8>], errors: &[f32], depth: u8, rate: f32, gains: &mut [f64]) -> Tree {
        let mut questions = vec![];
        // Each flight's node, counted from the level's first.
        let mut nodes = vec![0u8; errors.len()];
        for level in 0..depth {
            let asked = best_questions(binned, errors, &nodes, 1 << level, gains);
            for (row, node) in nodes.iter_mut().enumerate() {
                let Question { feature, bin } = asked[usize::from(*node)];
                *node = *node * 2 + u8::from(binned[usize::from(feature)][row] > bin);
            }
            questions.extend(asked);
        }
        let mut leaves = vec![Cell::default(); 1 << depth];
        for (&node, &error) in nodes.iter().zip(errors) {
            let leaf = &mut leaves[usize::from(node)];
            *leaf = leaf.plus(Cell { sum: f64::from(error), count: 1 });
        }
        let leaves = leaves.iter().map(|leaf| rate * (leaf.sum / f64::from(leaf.count.max(1))) as f32).collect();
        Tree { questions, leaves }
    }

    /// Takes what the tree says of each flight from the flight's number.
    pub(super) fn subtract(&self, binned: &[Vec<u8>], numbers: &mut [f32]) {
        for (row, number) in numbers.iter_mut().enumerate() {
            let mut node = 0;
            while let Some(question) = self.questions.get(node) {
                node = node * 2 + 1 + usize::from(binned[usize::from(question.feature)][row] > question.bin);
            }
            *number -= self.leaves[node - self.questions.len()];
        }
    }
}

/// For each node of a level, the question that gains most.
fn best_questions(binned: &[Vec<u8>], errors: &[f32], nodes: &[u8], count: usize, gains: &mut [f64]) -> Vec<Question> {
    // Without any gain, every flight answers yes.
    let mut best = vec![(0.0, Question { feature: 0, bin: u8::MAX }); count];
    for (feature, bins) in binned.iter().enumerate() {
        let mut histogram = vec![Cell::default(); count * BINS];
        for ((&bin, &node), &error) in bins.iter().zip(nodes).zip(errors) {
            let cell = &mut histogram[usize::from(node) * BINS + usize::from(bin)];
            cell.sum += f64::from(error);
            cell.count += 1;
        }
        for (cells, best) in histogram.chunks(BINS).zip(&mut best) {
            let all = cells.iter().fold(Cell::default(), |sum, &cell| sum.plus(cell));
            let mut yes = Cell::default();
            for (bin, &cell) in cells.iter().enumerate() {
                yes = yes.plus(cell);
                let no = all.minus(yes);
                if yes.count < SMALLEST_LEAF || no.count < SMALLEST_LEAF {
                    continue;
                }
                let gain = yes.gain() + no.gain() - all.gain();
                if gain > best.0 {
                    *best = (gain, Question { feature: feature as u8, bin: bin as u8 });
                }
            }
        }
    }
    for (gain, question) in &best {
        gains[usize::from(question.feature)] += gain;
    }
    best.into_iter().map(|(_, question)| question).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_finds_the_step_in_a_step_function() {
        let column: Vec<f32> = (0..2000).map(|i| i as f32).collect();
        let mut errors: Vec<f32> = column.iter().map(|&x| if x < 700.0 { -1.0 } else { 3.0 }).collect();
        let binned = Binning::learn(std::slice::from_ref(&column)).apply(&[column]);
        let mut gains = [0.0];
        for _ in 0..20 {
            Tree::grow(&binned, &errors, 3, 0.5, &mut gains).subtract(&binned, &mut errors);
        }
        let wrong = errors.iter().filter(|error| error.abs() > 0.5).count();
        assert!(wrong < 40, "{wrong} of 2,000 are still off by more than 0.5");
        assert!(gains[0] > 0.0);
    }

    #[test]
    fn what_is_not_known_has_a_bin_of_its_own() {
        let column: Vec<f32> = (0..64).map(|i| if i % 2 == 0 { f32::NAN } else { i as f32 }).collect();
        let binned = Binning::learn(std::slice::from_ref(&column)).apply(&[column]);
        assert!(binned[0].iter().enumerate().all(|(i, &bin)| (bin == 0) == (i % 2 == 0)));
    }
}
