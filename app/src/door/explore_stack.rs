//! Stacked series: each line stands on the ones before it.

use charts::OverlayLine;
use common::past::PastAggregate;

use super::explore_values::{ExploreValues, PACES};

/// The lines of series that stand on each other, the first below, each with the band that it adds. All have the same steps.
pub(super) fn stacked(
    members: &[(usize, &ExploreValues)],
    (step, aggregate): (u64, PastAggregate),
) -> Vec<OverlayLine> {
    let mut below: Vec<f64> = Vec::new();
    let line = |(number, values): &(usize, &ExploreValues)| {
        let held = held(values.drawn(aggregate), values.pace(step));
        below.resize(held.len().max(below.len()), 0.0);
        let at = |index: usize| (values.start + index as u64 * step) as f64;
        let mut edges = [Vec::new(), Vec::new()];
        for (index, value) in held.into_iter().enumerate() {
            let top = value.map(|value| below[index] + value);
            edges[0].push((at(index), top.map(|_| below[index])));
            edges[1].push((at(index), top));
            // A value that is not known adds nothing, and the others stand lower.
            below[index] = top.unwrap_or(below[index]);
        }
        let points = edges[1].clone();
        OverlayLine { points, band: edges, number: *number, is_faint: false, gap_ms: PACES * step as f64 }
    };
    members.iter().map(line).collect()
}

/// The values with each held until the next, where that is not too far away: of series that are measured less often than a step is long,
/// every step has a part in the sum.
fn held(values: &[Option<f64>], pace: f64) -> Vec<Option<f64>> {
    let longest = if pace > 1.0 { (pace * PACES) as usize } else { 0 };
    let mut last: Option<(usize, f64)> = None;
    let hold = |(index, value): (usize, &Option<f64>)| {
        if let Some(value) = value {
            last = Some((index, *value));
        }
        last.filter(|(at, _)| index - at <= longest).map(|(_, value)| value)
    };
    values.iter().enumerate().map(hold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(average: &[Option<f64>]) -> ExploreValues {
        ExploreValues { average: average.to_vec(), ..ExploreValues::default() }
    }

    #[test]
    fn each_series_stands_on_those_before_it_and_a_gap_adds_nothing() {
        let (one, other) =
            (values(&[Some(1.0), None, Some(3.0)]), values(&[Some(10.0), Some(20.0), Some(30.0)]));
        let lines = stacked(&[(4, &one), (7, &other)], (10, PastAggregate::Average));
        let told = |points: &[(f64, Option<f64>)]| points.iter().map(|point| point.1).collect::<Vec<_>>();
        assert_eq!(told(&lines[0].points), [Some(1.0), None, Some(3.0)]);
        assert_eq!(told(&lines[1].points), [Some(11.0), Some(20.0), Some(33.0)]);
        assert_eq!(told(&lines[1].band[0]), [Some(1.0), Some(0.0), Some(3.0)]);
        assert_eq!((lines[0].number, lines[1].number), (4, 7));
    }

    #[test]
    fn a_slow_series_has_a_part_in_every_step() {
        let slow: Vec<_> = (0..40).map(|index: usize| index.is_multiple_of(5).then_some(2.0)).collect();
        assert!(held(&slow, 5.0).iter().all(|value| *value == Some(2.0)));
        assert_eq!(held(&[Some(1.0), None], 1.0), [Some(1.0), None]);
    }
}
