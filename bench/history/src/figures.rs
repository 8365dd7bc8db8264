//! The figures of a store.

use crate::{question::Question, usage};

/// The figures of a store.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) name: &'static str,
    /// The samples that it was given.
    pub(crate) samples: f64,
    /// CPU seconds until all were taken and written, of each round.
    pub(crate) cpu: Vec<f64>,
    /// Bytes of the samples at full resolution alone, and of everything.
    pub(crate) full: f64,
    pub(crate) all: f64,
    /// MiB.
    pub(crate) resident: f64,
    /// Figures that only it has, each with its name.
    pub(crate) other: Vec<(String, String)>,
    pub(crate) answers: Vec<Answers>,
}

/// Milliseconds of a question.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) question: Question,
    /// The first time after a start, from files that were not in memory.
    pub(crate) cold: f64,
    /// The median of the times after that.
    pub(crate) warm: f64,
    pub(crate) points: u64,
    /// The sum of all points: of every store it is about the same.
    pub(crate) sum: f64,
}

impl Figures {
    /// The median of its CPU seconds.
    pub(crate) fn cpu(&self) -> f64 {
        usage::median(&self.cpu)
    }

    /// Samples a second of CPU.
    pub(crate) fn speed(&self) -> f64 {
        self.samples / self.cpu()
    }

    pub(crate) fn answer(&self, question: Question) -> Option<&Answers> {
        self.answers.iter().find(|answer| answer.question == question)
    }
}
