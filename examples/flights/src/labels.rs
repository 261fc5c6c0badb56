//! Columns of text that repeats itself: carriers, airports, registrations, hours.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// Each distinct text once, and a code per row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Labels {
    /// The distinct texts, in order of appearance.
    pub names: Vec<String>,
    /// For each row, the index of its text.
    pub codes: Vec<u32>,
}

impl Labels {
    /// The index of a row's text.
    pub fn code(&self, row: usize) -> usize {
        self.codes[row] as usize
    }

    /// The text of a row.
    pub fn name(&self, row: usize) -> &str {
        &self.names[self.code(row)]
    }

    /// Only the rows for which `keep` is true.
    pub fn filter(&self, keep: &[bool]) -> Labels {
        Labels { names: self.names.clone(), codes: filter(&self.codes, keep) }
    }
}

/// Those values whose `keep` is true.
pub fn filter<T: Copy>(values: &[T], keep: &[bool]) -> Vec<T> {
    values.iter().zip(keep).filter(|&(_, &keep)| keep).map(|(&value, _)| value).collect()
}

/// Builds [`Labels`] row by row.
#[derive(Debug, Default)]
pub struct Labeler {
    labels: Labels,
    known: HashMap<String, u32>,
}

impl Labeler {
    /// Adds a row.
    pub fn push(&mut self, text: &str) {
        let code = match self.known.get(text) {
            Some(&code) => code,
            None => {
                let code = self.labels.names.len() as u32;
                self.labels.names.push(text.to_owned());
                self.known.insert(text.to_owned(), code);
                code
            }
        };
        self.labels.codes.push(code);
    }

    /// The column.
    pub fn finish(self) -> Labels {
        self.labels
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_kept_once() {
        let mut labeler = Labeler::default();
        for airport in ["JFK", "LGA", "JFK", "EWR"] {
            labeler.push(airport);
        }
        let labels = labeler.finish();
        assert_eq!(labels.names, ["JFK", "LGA", "EWR"]);
        assert_eq!(labels.filter(&[false, true, true, false]).codes, [1, 0]);
        assert_eq!(labels.name(3), "EWR");
    }
}
