//! A sample, and samples in their order.

/// A number at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Milliseconds since 1970, UTC.
    pub at: i64,
    /// The number, in the unit of its series.
    pub value: f64,
}

/// Brings samples into the order of their times. Of several at one time the first stays. Returns the number of those that went.
pub(crate) fn settle(samples: &mut Vec<Sample>) -> usize {
    if samples.is_sorted_by(|a, b| a.at < b.at) {
        return 0;
    }
    let before = samples.len();
    samples.sort_by_key(|sample| sample.at);
    samples.dedup_by_key(|sample| sample.at);
    before - samples.len()
}
