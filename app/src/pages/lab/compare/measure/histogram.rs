//! A histogram in bounded space: buckets, each a twentieth wider than the one below, so that a quantile is within 2.5
//! % of the truth.

use super::shape::Shape;

/// Milliseconds: all that is less counts as this much, and all that is more as the end of the last bucket, a minute.
const LEAST: f64 = 0.05;
const GROWTH: f64 = 1.05;
const BUCKETS: usize = 288;

#[derive(Debug, Clone)]
pub(super) struct Histogram {
    counts: [u32; BUCKETS],
    total: u32,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: [0; BUCKETS], total: 0 }
    }
}

impl Histogram {
    pub(super) fn add(&mut self, ms: f64) {
        let bucket = (ms.max(LEAST) / LEAST).log10() / GROWTH.log10();
        let count = &mut self.counts[(bucket as usize).min(BUCKETS - 1)];
        *count = count.saturating_add(1);
        self.total = self.total.saturating_add(1);
    }
}

/// Returns the distribution of both histograms' values.
pub(super) fn shape(both: [&Histogram; 2]) -> Shape {
    let count = |bucket: usize| u64::from(both[0].counts[bucket]) + u64::from(both[1].counts[bucket]);
    Shape::of((0..BUCKETS).map(|bucket| (middle(bucket), count(bucket))))
}

/// As far from the one end of the bucket as from the other.
fn middle(bucket: usize) -> f64 {
    LEAST * GROWTH.powi(bucket as i32) * GROWTH.sqrt()
}

/// The value below which `share` (0 to 1) of all values are that both hold; none where there are none.
pub(super) fn quantile(both: [&Histogram; 2], share: f64) -> Option<f64> {
    let total = u64::from(both[0].total) + u64::from(both[1].total);
    if total == 0 {
        return None;
    }
    let wanted = (share * total as f64).ceil().max(1.0) as u64;
    let mut seen = 0;
    for bucket in 0..BUCKETS {
        seen += u64::from(both[0].counts[bucket]) + u64::from(both[1].counts[bucket]);
        if seen >= wanted {
            return Some(middle(bucket));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = f64>) -> Histogram {
        let mut all = Histogram::default();
        values.into_iter().for_each(|value| all.add(value));
        all
    }

    #[test]
    fn quantiles_are_within_a_fortieth_of_the_truth() {
        let empty = Histogram::default();
        for scale in [0.1, 1.0, 40.0] {
            let all = of((1..=1000).map(|n| f64::from(n) * scale));
            for (share, truth) in [(0.5, 500.0), (0.99, 990.0), (0.001, 1.0), (1.0, 1000.0)] {
                let told = quantile([&all, &empty], share).expect("there are values");
                let truth = truth * scale;
                assert!((told / truth - 1.0).abs() < 0.026, "{share} of {scale}: {told}, not {truth}");
            }
        }
    }

    #[test]
    fn two_are_read_as_one_and_none_is_none() {
        let (low, high) = (of([1.0; 90]), of([100.0; 10]));
        let is_high = |share| quantile([&low, &high], share).expect("there are values") > 90.0;
        assert_eq!([0.5, 0.9, 0.91, 0.99].map(is_high), [false, false, true, true]);
        assert_eq!(quantile([&Histogram::default(), &Histogram::default()], 0.5), None);
    }

    #[test]
    fn what_is_outside_stands_at_the_ends() {
        let empty = Histogram::default();
        let told = |value| quantile([&of([value]), &empty], 0.5).expect("a value");
        assert!(told(-7.0) < 0.06 && told(0.0) < 0.06);
        assert!((50_000.0..70_000.0).contains(&told(f64::INFINITY)) && told(1e9) == told(f64::INFINITY));
    }
}
